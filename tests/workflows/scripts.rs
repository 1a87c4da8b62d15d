//! The scripts of a release do what they say, with a stand-in for GitHub's program.

use std::fs;
use std::io::{Cursor, Read as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

use super::{below, root, text, tools};
use crate::support::process::{Ended, Scratch, ended};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Returns a folder with the scripts, a changelog that has this version, and the stand-in in `bin`.
///
/// The scripts are links: a program that was just written cannot be started while another thread starts one.
fn repository() -> Scratch {
    let scratch = Scratch::new();
    for name in ["Cargo.toml", "README.md", "LICENSE", "LICENSE-APACHE", "LICENSE-MIT"] {
        scratch.write(name, text(&root().join(name)));
    }
    let changes = format!(
        "# Changelog\n\n## Unreleased\n\n- later\n\n## {VERSION} (2026-01-02)\n\n### Added\n- this\n\n## 0.0.1\n\n- before\n"
    );
    scratch.write("CHANGELOG.md", changes);
    let scripts = below(".ci").into_iter().filter(|path| path.is_file());
    for (folder, path) in
        scripts.map(|path| (".ci", path)).chain([("bin", root().join("tests/workflows/gh"))])
    {
        let link = scratch.join(folder).join(path.file_name().expect("a file has a name"));
        fs::create_dir_all(scratch.join(folder)).expect("the folder is made");
        symlink(path, link).expect("the link is made");
    }
    scratch
}

fn run(scratch: &Scratch, script: &str, arguments: &[&str]) -> Ended {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new(scratch.join(script));
    command
        .args(arguments)
        .current_dir(scratch.path())
        .env("PATH", format!("{}:{path}", scratch.join("bin").display()))
        .env("LOG", scratch.join("log"))
        .env("STATE", scratch.join("state"));
    ended(&mut command)
}

fn archives(scratch: &Scratch) {
    for target in run(scratch, ".ci/targets", &[]).exits(0).stdout.lines() {
        let end = if target.contains("windows") { "zip" } else { "tgz" };
        scratch.write(format!("dist/deckc-{VERSION}-{target}.{end}"), target);
    }
}

fn asked(scratch: &Scratch) -> String {
    fs::read_to_string(scratch.join("log")).unwrap_or_default()
}

#[test]
fn a_tag_is_the_version() {
    let scratch = repository();
    assert_eq!(run(&scratch, ".ci/version", &[]).exits(0).stdout, format!("{VERSION}\n"));
    assert_eq!(
        run(&scratch, ".ci/version", &[&format!("v{VERSION}")]).exits(0).stdout,
        format!("{VERSION}\n")
    );
    run(&scratch, ".ci/version", &["v0.0.1"]).exits(1).says("the tag v0.0.1 is not v");
}

#[test]
fn the_notes_are_the_part_of_the_changelog() {
    let scratch = repository();
    assert_eq!(run(&scratch, ".ci/changes", &[VERSION]).exits(0).stdout, "### Added\n- this\n");
    assert_eq!(run(&scratch, ".ci/changes", &["0.0.1"]).exits(0).stdout, "- before\n");
    run(&scratch, ".ci/changes", &["0.0"]).exits(1).says("CHANGELOG.md has nothing under `## 0.0`");
}

#[test]
fn a_release_is_public_when_everything_is_uploaded() {
    let scratch = repository();
    archives(&scratch);
    run(&scratch, ".ci/publish", &["dist", &format!("v{VERSION}")]).exits(0);
    let log = asked(&scratch);
    let words = log.lines().filter_map(|line| line.strip_prefix("gh release ")?.split(' ').next());
    assert_eq!(words.collect::<Vec<_>>(), ["view", "create", "upload", "edit"]);
    assert!(log.contains("--draft --verify-tag"));
    let sums =
        ended(Command::new("sha256sum").args(["--check", "SHA256SUMS"]).current_dir(scratch.join("dist")));
    assert_eq!(sums.exits(0).stdout.lines().count(), 8);
}

#[test]
fn a_draft_of_an_interrupted_run_is_made_anew() {
    let scratch = repository();
    archives(&scratch);
    scratch.write("state", "true\n");
    run(&scratch, ".ci/publish", &["dist", &format!("v{VERSION}")]).exits(0);
    assert!(asked(&scratch).contains("gh release delete"));
}

#[test]
fn a_public_release_is_left_alone() {
    let scratch = repository();
    archives(&scratch);
    scratch.write("state", "false\n");
    run(&scratch, ".ci/publish", &["dist", &format!("v{VERSION}")]).exits(1).says("is public already");
    assert_eq!(asked(&scratch).lines().count(), 1);
}

#[test]
fn without_an_archive_nothing_is_published() {
    let scratch = repository();
    archives(&scratch);
    let missing = format!("deckc-{VERSION}-x86_64-unknown-linux-musl.tgz");
    fs::remove_file(scratch.join("dist").join(&missing)).expect("it is there");
    let ended = run(&scratch, ".ci/publish", &["dist", &format!("v{VERSION}")]).exits(1);
    ended.says(&format!("{missing} is missing; nothing is published"));
    assert_eq!(asked(&scratch), "");
}

/// Packs a stand-in for the binary, and returns the archive's name and bytes.
fn packed(python: &Path, scratch: &Scratch, target: &str, binary: &str) -> (String, Vec<u8>) {
    scratch.write(binary, "program");
    let mut command = Command::new(python);
    command.args([".ci/archive.py", target, binary, "dist"]).current_dir(scratch.path());
    let path = ended(command.env_remove("SOURCE_DATE_EPOCH")).exits(0).stdout.trim().to_owned();
    (path.clone(), scratch.read(path))
}

#[test]
fn an_archive_holds_the_binary_where_installers_look() {
    let Some(python) = tools() else { return };
    let scratch = repository();
    let (path, bytes) = packed(&python, &scratch, "x86_64-unknown-linux-musl", "target/deckc");
    assert_eq!(path, format!("dist/deckc-{VERSION}-x86_64-unknown-linux-musl.tgz"));
    let again = packed(&python, &repository(), "x86_64-unknown-linux-musl", "target/deckc");
    assert_eq!(again.1, bytes, "the bytes are the same");
    ended(Command::new("tar").args(["-xzf", &path]).current_dir(scratch.path())).exits(0);
    let binary = scratch.join(format!("deckc-{VERSION}-x86_64-unknown-linux-musl/deckc"));
    assert_eq!(fs::read(&binary).expect("it is unpacked"), b"program");
    let mode = fs::metadata(&binary).expect("it is unpacked").permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
    let folder = binary.parent().expect("it is in a folder");
    assert_eq!(fs::read_dir(folder).expect("the folder is read").count(), 6);
}

#[test]
fn an_archive_for_windows_is_a_zip() {
    let Some(python) = tools() else { return };
    let scratch = repository();
    let (path, bytes) = packed(&python, &scratch, "x86_64-pc-windows-msvc", "target/deckc.exe");
    assert_eq!(path, format!("dist/deckc-{VERSION}-x86_64-pc-windows-msvc.zip"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("it is a zip");
    let name = format!("deckc-{VERSION}-x86_64-pc-windows-msvc/deckc.exe");
    let mut content = String::new();
    archive.by_name(&name).expect("it is there").read_to_string(&mut content).expect("it is read");
    assert_eq!(content, "program");
}
