//! Every code has a case and a page.

use std::collections::BTreeSet;
use std::path::Path;

use deckc::diagnostic::Code;

use super::find::{entries, root};

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
