//! The decks in `notes/`, which the README builds first.

use std::path::Path;
use std::process::Command;

#[test]
fn the_samples_build_without_a_warning_and_their_ledger_is_up_to_date() {
    let out = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(env!("CARGO_BIN_EXE_deckc"))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .args(["build", "notes/", "--format", "apkg", "--locked", "--strict", "--out"])
        .arg(out.path().join("out/"))
        .output()
        .expect("deckc starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("new 0 · edited 0 · unchanged 102 · retired 0"), "{said}");
    assert!(out.path().join("out/notes.apkg").is_file());
}
