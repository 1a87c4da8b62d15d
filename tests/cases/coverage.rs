//! Every code has a case and a page.

use std::collections::BTreeSet;
use std::path::Path;

use deckc::diagnostic::Code;

use super::find::{entries, root};
use super::steps::{self, Outcome};

fn expectations(folder: &Path, into: &mut String) {
    for path in entries(folder).expect("the cases are readable") {
        if path.extension().is_some_and(|extension| extension == "expected") {
            into.push_str(&std::fs::read_to_string(&path).expect("an expectation is text"));
        } else if path.is_dir() {
            expectations(&path, into);
        }
    }
}

#[test]
fn every_code_stands_in_a_case() {
    let mut all = String::new();
    expectations(&root(), &mut all);
    let missing: BTreeSet<&str> = Code::ALL
        .iter()
        .filter(|code| {
            let shown = format!("{}[{}]: ", code.severity().word(), code.id());
            !all.contains(&shown)
        })
        .map(|code| code.id())
        .collect();
    assert!(missing.is_empty(), "codes that no case shows: {missing:?}");
}

#[test]
fn every_code_has_a_page_in_the_common_form() {
    for code in Code::ALL {
        let page = code.page();
        let heading = format!("# {}: {}\n", code.id(), code.title());
        assert!(page.starts_with(&heading), "{}: the page begins with its code and title", code.id());
        for part in ["\n## Example\n", "\n## What deckc does\n", "\n## How to mend it\n"] {
            assert!(page.contains(part), "{}: the page has a part `{}`", code.id(), part.trim());
        }
        let lines = page.lines().count();
        assert!((10..=40).contains(&lines), "{}: the page has {lines} lines", code.id());
        assert!(page.lines().all(|line| line.chars().count() <= 100), "{}: a line is too long", code.id());
        assert!(page.ends_with('\n') && !page.contains("\n\n\n"), "{}: the page is tidy", code.id());
    }
}

/// Returns the language and the text of a page's example.
fn example(page: &str) -> (&str, &str) {
    let (_, rest) = page.split_once("\n## Example\n\n").expect("the page has an example");
    let ticks = rest.len() - rest.trim_start_matches('`').len();
    let (language, rest) = rest[ticks..].split_once('\n').expect("the example is a fence");
    let (text, _) = rest.split_once(&format!("\n{}\n", &"````"[..ticks])).expect("the fence is closed");
    (language, text)
}

#[test]
fn the_examples_of_pages_show_their_codes() {
    for code in Code::ALL {
        let (language, text) = example(code.page());
        let temporary = tempfile::tempdir().expect("there is room for a temporary folder");
        let write = |name: &str, text: &str| {
            let path = temporary.path().join(name);
            std::fs::write(path, format!("{text}\n")).expect("the folder takes files");
        };
        let step = match language {
            "markdown" => {
                write("a.md", text);
                "deckc check -v ."
            }
            "csv" => {
                write("a.csv", text);
                "deckc check -v ."
            }
            "toml" => {
                write("a.md", "Q: What is the capital of Norway?\nA: Oslo");
                write("deckc.toml", text);
                if text.contains("[backend.own]") { "deckc build --format own ." } else { "deckc build ." }
            }
            // What no single file shows is told in words.
            other => {
                assert_eq!(other, "text", "{}: the example is in a known language", code.id());
                continue;
            }
        };
        let Ok(Outcome::Ran(ran)) = steps::run(step, temporary.path()) else { panic!("the program runs") };
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(said.contains(&format!("[{}]", code.id())), "{}: the example gives\n{said}", code.id());
    }
}

#[test]
fn no_page_is_left_over() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/explain");
    let known: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{}.md", code.id())).collect();
    let found: BTreeSet<String> = entries(&folder)
        .expect("the pages are there")
        .iter()
        .map(|path| super::find::file_name(path))
        .collect();
    assert_eq!(found, known);
}
