//! A lost ledger, and a package of an earlier release in its place.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const NOTES: &str = "# World\n\n## What is the *capital* of Norway?\n\nOslo.\n\n\
    ## Which river flows through Paris?\n\nThe Seine, from its source on the plateau of Langres.\n\n\
    ## What is the highest mountain of Japan?\n\nMount Fuji.\n\n\
    ## Mountains\n\nThe highest mountain of Africa is {{c1::Kilimanjaro}} in {{c2::Tanzania}}.\n";

fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("notes")).expect("a new folder");
    fs::write(folder.path().join("notes/world.md"), NOTES).expect("writable");
    folder
}

/// Runs deckc and returns the exit code with everything it said to people.
fn deckc(folder: &Path, at: u64, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_deckc"))
        .current_dir(folder)
        .env("SOURCE_DATE_EPOCH", at.to_string())
        .env("NO_COLOR", "1")
        .args(arguments)
        .output()
        .expect("deckc starts");
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn guids(folder: &Path) -> Vec<String> {
    let ledger = fs::read_to_string(folder.join("notes/deckc.lock")).expect("a ledger");
    let mut guids: Vec<String> =
        ledger.lines().filter_map(|line| line.split_once('\t')).map(|(guid, _)| guid.to_owned()).collect();
    guids.sort();
    guids
}

#[test]
fn a_lost_ledger_is_made_again_with_the_same_guids_and_a_warning() {
    let folder = project();
    assert_eq!(deckc(folder.path(), 1_700_000_000, &["build"]).0, 0);
    let before = guids(folder.path());
    fs::remove_file(folder.path().join("notes/deckc.lock")).expect("it is there");
    let (code, said) = deckc(folder.path(), 1_700_000_100, &["build"]);
    assert_eq!(code, 0);
    assert!(said.contains("warning[D407]"), "{said}");
    assert!(said.contains("--baseline build-output/notes.apkg"), "{said}");
    assert_eq!(guids(folder.path()), before);
}

#[test]
fn a_package_of_either_container_stands_in_for_the_ledger() {
    for container in ["legacy", "latest"] {
        let folder = project();
        let build = ["build", "--out", "old.apkg", "--container", container];
        assert_eq!(deckc(folder.path(), 1_700_000_000, &build).0, 0);
        let before = guids(folder.path());
        fs::remove_file(folder.path().join("notes/deckc.lock")).expect("it is there");
        let edited = NOTES
            .replace("Which river flows", "Which great river flows")
            .replace("Oslo.", "Oslo, on a fjord.")
            .replace("{{c1::Kilimanjaro}} in", "{{c1::Kilimanjaro}}, a volcano in");
        fs::write(folder.path().join("notes/world.md"), edited).expect("writable");
        let (code, said) = deckc(folder.path(), 1_700_000_100, &["build", "--baseline", "old.apkg"]);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("baseline `old.apkg`: 4 notes known"), "{said}");
        assert!(said.contains("new 0 · edited 3 · unchanged 1 · retired 0"), "{said}");
        assert_eq!(guids(folder.path()), before);
    }
}

#[test]
fn an_unchanged_build_on_a_baseline_is_the_same_package() {
    let folder = project();
    assert_eq!(deckc(folder.path(), 1_700_000_000, &["build", "--out", "old.apkg"]).0, 0);
    fs::remove_file(folder.path().join("notes/deckc.lock")).expect("it is there");
    let again = ["build", "--out", "new.apkg", "--baseline", "old.apkg"];
    assert_eq!(deckc(folder.path(), 1_750_000_000, &again).0, 0);
    let read = |name: &str| fs::read(folder.path().join(name)).expect("a package");
    assert_eq!(read("old.apkg"), read("new.apkg"));
}

#[test]
fn what_is_no_package_is_refused_and_nothing_is_written() {
    let folder = project();
    fs::write(folder.path().join("text.apkg"), "not a zip file").expect("writable");
    let (code, said) = deckc(folder.path(), 1_700_000_000, &["build", "--baseline", "text.apkg"]);
    assert_eq!(code, 1);
    assert!(said.contains("error[D413]: the package cannot be a baseline: it is no Anki package"), "{said}");
    assert!(!folder.path().join("build-output").exists());
    assert!(!folder.path().join("notes/deckc.lock").exists());
}

#[test]
fn of_equal_prompts_each_keeps_the_guid_of_its_answer() {
    let both = "## Definition?\n\nA rule that gives each number another one.\n\n\
        ## Definition?\n\nA set together with an order.\n";
    let folder = project();
    fs::write(folder.path().join("notes/world.md"), both).expect("writable");
    assert_eq!(deckc(folder.path(), 1_700_000_000, &["build", "--out", "old.apkg"]).0, 0);
    let csv = ["build", "--format", "csv", "--out", "a.csv"];
    assert_eq!(deckc(folder.path(), 1_700_000_000, &csv).0, 0);
    let line = |name: &str| {
        let text = fs::read_to_string(folder.path().join(name)).expect("a table");
        text.lines().find(|line| line.contains("with an order")).map(|line| line[..12].to_owned())
    };
    fs::remove_file(folder.path().join("notes/deckc.lock")).expect("it is there");
    let one = "## Definition?\n\nA set together with an order.\n";
    fs::write(folder.path().join("notes/world.md"), one).expect("writable");
    let again = ["build", "--baseline", "old.apkg", "--format", "csv", "--out", "b.csv"];
    let (code, said) = deckc(folder.path(), 1_700_000_100, &again);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("new 0 · edited 0 · unchanged 1 · retired 1"), "{said}");
    assert_eq!(line("a.csv"), line("b.csv"));
}
