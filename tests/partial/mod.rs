//! Builds of a part of a project: what the ledger knows from the other files stays, and a note that moved keeps its history.

use std::collections::BTreeMap;

use crate::support::process::Scratch;

/// Returns a project with the notes built once.
fn project(a: &str, b: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("deckc.toml", "name = \"p\"\n");
    scratch.write("notes/a.md", a);
    scratch.write("notes/b.md", b);
    assert_eq!(summary(&scratch, &["build"]), "new 3 · edited 0 · unchanged 0 · retired 0");
    scratch
}

/// Runs the program, which must succeed, and returns its summary line.
fn summary(scratch: &Scratch, arguments: &[&str]) -> String {
    let ended = scratch.deckc(arguments);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let line = ended.stderr.lines().find(|line| line.starts_with("new ")).expect("a summary");
    line.to_owned()
}

/// Returns the guids by prompt.
fn guids(scratch: &Scratch) -> BTreeMap<String, Vec<String>> {
    let ledger = String::from_utf8(scratch.read("deckc.lock")).expect("the ledger is text");
    let mut guids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in ledger.lines().filter(|line| line.contains('\t')) {
        let columns: Vec<&str> = line.split('\t').collect();
        guids.entry(columns[10].to_owned()).or_default().push(columns[0].to_owned());
    }
    guids
}

const A: &str = "# A\n\n## One?\n\n1\n";
const B: &str = "# B\n\n## Two?\n\n2\n\n## Three?\n\n3\n";

#[test]
fn a_note_that_moved_from_a_file_that_is_not_built_keeps_its_guid() {
    let scratch = project(A, B);
    let before = guids(&scratch);
    scratch.write("notes/a.md", format!("{A}\n## Two?\n\n2\n"));
    scratch.write("notes/b.md", "# B\n\n## Three?\n\n3\n");
    let line = summary(&scratch, &["build", "notes/a.md"]);
    assert!(line.starts_with("new 0 ") && line.ends_with("retired 0"), "{line}");
    assert_eq!(guids(&scratch), before);
    assert_eq!(
        summary(&scratch, &["build"]).split_once(' '),
        Some(("new", "0 · edited 0 · unchanged 3 · retired 0"))
    );
    assert_eq!(guids(&scratch), before);
}

#[test]
fn a_note_that_was_copied_is_another_note() {
    let scratch = project(A, B);
    let before = guids(&scratch);
    scratch.write("notes/a.md", format!("{A}\n## Two?\n\n2\n"));
    assert!(summary(&scratch, &["build", "notes/a.md"]).starts_with("new 1 "));
    let copied = guids(&scratch);
    assert_eq!(copied["Two?"].len(), 2);
    assert!(copied["Two?"].contains(&before["Two?"][0]));
    assert!(summary(&scratch, &["build"]).starts_with("new 0 · edited 0 · unchanged 4"));
    assert_eq!(guids(&scratch), copied);
}

#[test]
fn an_explicit_id_is_followed_from_file_to_file_whatever_its_text() {
    let scratch = project(A, "# B\n\n## Two? {#two}\n\n2\n\n## Three?\n\n3\n");
    let before = guids(&scratch);
    scratch.write("notes/a.md", format!("{A}\n## Something quite different {{#two}}\n\nreally\n"));
    scratch.write("notes/b.md", "# B\n\n## Three?\n\n3\n");
    let line = summary(&scratch, &["build", "notes/a.md"]);
    assert!(line.starts_with("new 0 · edited 1 "), "{line}");
    assert_eq!(guids(&scratch)["Something quite different"], before["Two?"]);
}

#[test]
fn an_explicit_id_that_stands_in_a_file_that_is_not_built_too_is_an_error() {
    let scratch = project(A, "# B\n\n## Two? {#two}\n\n2\n\n## Three?\n\n3\n");
    scratch.write("notes/a.md", format!("{A}\n## Two? {{#two}}\n\n2\n"));
    let ended = scratch.deckc(&["build", "notes/a.md"]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains("error[D401]"), "{}", ended.stderr);
    assert!(ended.stderr.contains("b.md:3:") && ended.stderr.contains("a.md:7:"), "{}", ended.stderr);
}

#[test]
fn lines_of_files_that_are_not_built_stay_as_they_are() {
    let scratch = project(A, B);
    let before = scratch.read("deckc.lock");
    scratch.write("notes/b.md", "# B\n\n## Two, edited?\n\n2\n");
    assert_eq!(summary(&scratch, &["build", "notes/a.md"]), "new 0 · edited 0 · unchanged 1 · retired 0");
    assert_eq!(scratch.read("deckc.lock"), before);
}

#[test]
fn the_name_of_a_configured_project_does_not_depend_on_what_is_built() {
    let scratch = Scratch::new();
    scratch.write("geo/deckc.toml", "style = \"my.css\"\n");
    scratch.write("geo/my.css", ".card { color: red }\n");
    scratch.write("geo/notes/a.md", A);
    assert!(summary(&scratch, &["build", "geo/notes/a.md"]).starts_with("new 1 "));
    let before = scratch.read("geo/deckc.lock");
    for input in ["geo", "geo/notes", "geo/notes/a.md"] {
        assert!(
            summary(&scratch, &["build", input]).starts_with("new 0 · edited 0 · unchanged 1"),
            "{input}"
        );
        assert_eq!(scratch.read("geo/deckc.lock"), before, "{input}");
    }
}

#[test]
fn a_note_whose_type_changed_takes_no_line_of_a_file_that_is_not_built() {
    let scratch = Scratch::new();
    scratch.write("deckc.toml", "name = \"p\"\n");
    scratch.write("notes/a.md", "## X?\n\nin a\n");
    scratch.write("notes/b.md", "## X? {type=reversed}\n\nin b\n");
    assert!(summary(&scratch, &["build"]).starts_with("new 2 "));
    let before = guids(&scratch)["X?"].clone();
    scratch.write("notes/a.md", "## X? {type=reversed}\n\nin a\n");
    assert!(summary(&scratch, &["build", "notes/a.md"]).starts_with("new 1 "));
    let after = &guids(&scratch)["X?"];
    assert!(before.iter().all(|guid| after.contains(guid)) && after.len() == 3, "{before:?} {after:?}");
    assert_eq!(summary(&scratch, &["build"]), "new 0 · edited 0 · unchanged 2 · retired 0");
}

#[test]
fn without_a_configuration_the_ledger_above_is_kept_and_decks_have_the_same_names() {
    let scratch = Scratch::new();
    scratch.write("samp/aws/tasks.md", A);
    scratch.write("samp/geo/norway.txt", "Q: Capital?\nA: Oslo\n");
    assert!(summary(&scratch, &["build", "samp"]).starts_with("new 2 "));
    let before = scratch.read("samp/deckc.lock");
    let parts: [&[&str]; 4] =
        [&["samp/aws/tasks.md"], &["samp/aws"], &["samp/geo/norway.txt", "samp/aws/tasks.md"], &["samp/geo"]];
    for part in parts {
        let arguments: Vec<&str> = ["build"].iter().chain(part).copied().collect();
        assert!(summary(&scratch, &arguments).starts_with("new 0 · edited 0 · unchanged"), "{part:?}");
        assert_eq!(scratch.read("samp/deckc.lock"), before, "{part:?}");
    }
    assert!(!scratch.join("samp/aws/deckc.lock").exists() && !scratch.join("samp/geo/deckc.lock").exists());
}

#[test]
fn a_ledger_above_that_does_not_know_the_input_is_no_ledger_of_it() {
    let scratch = Scratch::new();
    scratch.write("one.md", A);
    assert!(summary(&scratch, &["build", "one.md"]).starts_with("new 1 "));
    scratch.write("other/two.md", B);
    assert!(summary(&scratch, &["build", "other"]).starts_with("new 2 "));
    assert!(scratch.join("other/deckc.lock").exists());
}

#[test]
fn a_part_of_a_configured_project_has_the_decks_of_the_whole() {
    let scratch = Scratch::new();
    scratch.write("deckc.toml", "name = \"p\"\n");
    scratch.write("notes/aws/tasks.txt", "Q: Capital?\nA: Oslo\n");
    assert!(summary(&scratch, &["build", "notes/"]).starts_with("new 1 "));
    let before = scratch.read("deckc.lock");
    for input in ["notes/aws", "notes/aws/tasks.txt"] {
        assert!(
            summary(&scratch, &["build", input]).starts_with("new 0 · edited 0 · unchanged 1"),
            "{input}"
        );
        assert_eq!(scratch.read("deckc.lock"), before, "{input}");
    }
}
