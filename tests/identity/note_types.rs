//! A note whose note type changes: Anki takes no such update.

use crate::support::process::Scratch;

fn build(scratch: &Scratch, notes: &str) -> String {
    scratch.write("notes/a.md", notes);
    let ended = scratch.deckc(&["build"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    ended.stderr
}

fn guid_of(scratch: &Scratch, text: &str) -> String {
    let ended = scratch.deckc(&["build", "--format", "csv", "--out", "-"]);
    let line = ended.stdout.lines().find(|line| line.contains(text)).expect("the note is there");
    line.split(',').next().unwrap_or_default().to_owned()
}

#[test]
fn a_retired_note_of_that_type_comes_back_only_with_its_answer_or_a_prompt_of_its_own() {
    let scratch = Scratch::new();
    let two =
        "## Definition? {type=reversed}\n\na rule for a limit\n\n## Definition?\n\na set with an order\n";
    build(&scratch, two);
    let retired = guid_of(&scratch, "a rule for a limit");
    build(&scratch, "## Definition?\n\na set with an order\n");
    let said = build(&scratch, "## Definition? {type=reversed}\n\na set with an order\n");
    assert!(said.contains("new 0") || said.contains("new 1"), "{said}");
    assert_ne!(guid_of(&scratch, "a set with an order"), retired, "{said}");
}

#[test]
fn a_note_that_changes_its_type_and_back_is_the_note_it_was() {
    let scratch = Scratch::new();
    build(&scratch, "## Capital of Norway?\n\nOslo\n");
    let first = guid_of(&scratch, "Oslo");
    build(&scratch, "## Capital of Norway? {type=reversed}\n\nOslo\n");
    assert_ne!(guid_of(&scratch, "Oslo"), first);
    build(&scratch, "## Capital of Norway?\n\nOslo, on a fjord\n");
    assert_eq!(guid_of(&scratch, "Oslo"), first);
}

#[test]
fn a_changed_type_under_a_guid_is_said_at_every_build() {
    let scratch = Scratch::new();
    build(&scratch, "## Capital of Norway?\n<!-- guid: abc -->\n\nOslo\n");
    let changed = "## Capital of Norway? {type=reversed}\n<!-- guid: abc -->\n\nOslo\n";
    for _ in 0..2 {
        let said = build(&scratch, changed);
        assert!(said.contains("Anki will not take the update"), "{said}");
    }
}
