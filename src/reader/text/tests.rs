use super::Text;
use crate::reader::testing::{assert_covered, shown};
use crate::reader::{Reader, Settings};

fn check(text: &str, expected: &str) {
    let found = shown(&Text, "a.txt", text, &Settings::default());
    assert_eq!(found.trim_end(), expected.trim(), "\n--- found\n{found}--- for\n{text}");
    let crlf = text.replace('\n', "\r\n");
    let marked = format!("\u{feff}{crlf}");
    let strip = |text: &str| text.replace("//", "/");
    assert_eq!(
        strip(&shown(&Text, "a.txt", &marked, &Settings::default())),
        strip(&found),
        "with a byte order mark and CRLF"
    );
}

fn reason(text: &str) -> String {
    let mut map = crate::source::SourceMap::default();
    let id = map.add("a.txt".into(), text.into());
    Text.detect(map.file(id)).map_or_else(String::new, |found| format!("{} {}", found.score, found.reason))
}

#[test]
fn probe() {
    let Ok(path) = std::env::var("DECKC_PROBE") else { return };
    let mut paths: Vec<_> = std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        println!("== {}\n{}\n{}", path.display(), reason(&text), shown(&Text, "a.txt", &text, &Settings::default()));
    }
}

#[test]
fn labels_mark_questions_and_answers_over_many_lines() {
    check(
        "Q: What is it?\nA: This.\n\nSecond paragraph.\n\nQ: And\nthat?\nA:\n- one\n- two\n",
        "basic: What is it? | This.¶Second paragraph.\nbasic: And_that? | (• one • two)",
    );
}
