//! A build replaces all of its outputs and the ledger, or none: whatever fails, and whenever it is killed.

mod killed;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::support::process::{FORMATS, Scratch, differences, ended};

const BUILD: [&str; 6] = ["build", "notes", "--format", FORMATS, "--out", "out/"];

/// Returns a project that was built once, and edited since.
fn edited() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("notes/a.md", "## One?\n\nEins\n\n## Two?\n\nZwei\n");
    scratch.write("notes/b.txt", "Q: Three?\nA: Drei\n");
    scratch.deckc(&BUILD).exits(0);
    scratch.write("notes/a.md", "## One?\n\nUno\n\n## Two?\n\nDos\n");
    scratch
}

fn unchanged(before: &BTreeMap<String, Vec<u8>>, scratch: &Scratch) {
    assert_eq!(differences(before, &scratch.files()), Vec::<String>::new());
}

/// Checks that a build of an edited project fails like this and changes no file, and that no other is left.
#[track_caller]
fn check(prepare: impl Fn(&Scratch), arguments: &[&str], code: i32, message: &str) {
    let scratch = edited();
    prepare(&scratch);
    let before = scratch.files();
    scratch.deckc(arguments).exits(code).says(message);
    unchanged(&before, &scratch);
}

#[test]
fn an_error_in_a_source_changes_nothing() {
    let conflict = "<<<<<<< ours\n## a\n=======\n## b\n>>>>>>> theirs\n";
    check(|scratch| scratch.write("notes/c.md", conflict), &BUILD, 1, "nothing was written: 1 error");
}

#[test]
fn a_warning_under_strict_changes_nothing() {
    let arguments: Vec<&str> = BUILD.into_iter().chain(["--strict"]).collect();
    check(|scratch| scratch.write("notes/c.md", "Q: Four?\n"), &arguments, 1, "nothing was written");
}

#[test]
fn a_ledger_that_would_change_under_locked_changes_nothing() {
    let arguments: Vec<&str> = BUILD.into_iter().chain(["--locked"]).collect();
    check(|_| {}, &arguments, 1, "the ledger would change");
}

#[test]
fn an_output_folder_below_a_file_changes_nothing() {
    let arguments = ["build", "notes", "--format", FORMATS, "--out", "notes/a.md/out/"];
    check(|_| {}, &arguments, 3, "notes/a.md/out/");
}

#[test]
fn a_folder_at_one_of_the_targets_changes_nothing() {
    let folder = |scratch: &Scratch| {
        let csv = scratch.join("out/notes.csv");
        fs::remove_file(&csv).expect("the old output is removed");
        fs::create_dir(&csv).expect("a folder takes its place");
    };
    check(folder, &BUILD, 3, "cannot write `out/notes.csv`: is a folder");
}

#[test]
fn a_folder_at_the_ledgers_place_changes_nothing() {
    let folder = |scratch: &Scratch| {
        fs::remove_file(scratch.join("notes/deckc.lock")).expect("the ledger is removed");
        fs::create_dir(scratch.join("notes/deckc.lock")).expect("a folder takes its place");
    };
    check(folder, &BUILD, 1, "the ledger is not a regular file");
}

#[test]
fn a_failing_program_among_several_formats_changes_nothing() {
    let config = "formats = [\"csv\", \"broken\", \"json\"]\n[backend.broken]\ncommand = [\"false\"]\n";
    let scratch = Scratch::new();
    scratch.write("deckc.toml", "formats = [\"csv\", \"json\"]\n");
    scratch.write("notes/a.md", "## One?\n\nEins\n");
    scratch.deckc(&["build", "notes"]).exits(0);
    scratch.write("deckc.toml", config);
    scratch.write("notes/a.md", "## One?\n\nUno\n");
    let before = scratch.files();
    scratch.deckc(&["build", "notes"]).exits(1).says("broken");
    unchanged(&before, &scratch);
}

#[cfg(unix)]
#[test]
fn a_link_at_a_target_is_not_written_through() {
    let link = |scratch: &Scratch| {
        fs::rename(scratch.join("out/notes.csv"), scratch.join("real.csv")).expect("the old output moves");
        std::os::unix::fs::symlink("../real.csv", scratch.join("out/notes.csv"))
            .expect("a link takes its place");
    };
    check(link, &BUILD, 3, "cannot write `out/notes.csv`: is not a regular file");
}

#[cfg(unix)]
#[test]
fn a_folder_that_nobody_may_write_changes_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = edited();
    let out = scratch.join("out");
    let allow = |mode| fs::set_permissions(&out, fs::Permissions::from_mode(mode)).expect("the mode is set");
    allow(0o555);
    // A superuser may write there all the same; then there is nothing to see.
    let refused = fs::File::create(out.join("probe")).is_err();
    let before = scratch.files();
    if refused {
        scratch.deckc(&BUILD).exits(3).says("out/");
        unchanged(&before, &scratch);
    }
    allow(0o755);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_a_failure_of_the_machine() {
    // As a folder and as a file of a file system that takes none, and as standard output.
    check(|_| {}, &["build", "notes", "--out", "/dev/full"], 3, "/dev/full");
    check(|_| {}, &["build", "notes", "--out", "/proc/deckc/"], 3, "/proc/deckc/");
    check(|_| {}, &["build", "notes", "--out", "/proc/deckc.apkg"], 3, "/proc/deckc.apkg");
    let scratch = edited();
    let before = scratch.files();
    for format in ["apkg", "json"] {
        let arguments = ["build", "notes", "--format", format, "--out", "-"];
        ended(&mut scratch.shell("exec \"$0\" \"$@\" > /dev/full", &arguments))
            .exits(3)
            .says("cannot write to standard output");
        unchanged(&before, &scratch);
    }
}

#[test]
#[cfg(unix)]
fn a_build_waits_for_another_one_and_never_writes_over_its_ledger() {
    let scratch = edited();
    let folder = fs::File::open(scratch.join("notes")).expect("the folder of the ledger");
    // The other build is about to rename.
    folder.lock().expect("folders can be locked");
    let mut build = scratch.command(&BUILD);
    let run = build.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the program starts");
    let staged = || {
        let names = fs::read_dir(scratch.join("out")).expect("the folder of outputs");
        names.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with(".deckc-"))
    };
    while !staged() {
        std::thread::yield_now();
    }
    let ledger = [scratch.read("notes/deckc.lock"), b"# of the other build\n".to_vec()].concat();
    scratch.write("notes/deckc.lock", &ledger);
    let before = scratch.files().remove("out/notes.csv");
    folder.unlock().expect("it was locked");
    let ended = run.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(3), "{said}");
    assert!(said.contains("changed while this build ran; build again"), "{said}");
    assert_eq!(scratch.read("notes/deckc.lock"), ledger);
    assert_eq!(scratch.files().remove("out/notes.csv"), before);
}

#[test]
fn help_that_cannot_be_printed_is_a_failure_of_the_machine() {
    let scratch = Scratch::new();
    for arguments in [&["--help"][..], &["build", "--help"], &["--version"], &["formats"]] {
        ended(&mut scratch.shell("exec \"$0\" \"$@\" > /dev/full", arguments))
            .exits(3)
            .says("cannot write to standard output");
        ended(&mut scratch.shell("\"$0\" \"$@\" | true", arguments)).exits(0);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure_and_moves_no_ledger() {
    let scratch = Scratch::new();
    // Far more than a pipe holds.
    let cards: String = (0..800).map(|n| format!("## Number {n}?\n\nThat is {n}\n\n")).collect();
    scratch.write("notes/a.md", cards);
    let before = scratch.files();
    let mut command = scratch.command(&["build", "notes", "--format", "json", "--out", "-"]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut first).expect("a line is read");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    unchanged(&before, &scratch);
}

#[test]
fn warnings_that_nobody_reads_do_not_stop_a_build() {
    let scratch = Scratch::new();
    let cards: String = (0..3000).map(|n| format!("Q: Number {n}?\n\n")).collect();
    scratch.write("notes/a.md", format!("Q: One?\nA: Eins\n\n{cards}"));
    let mut command = scratch.command(&BUILD);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut first = String::new();
    BufReader::new(child.stderr.take().expect("it is piped")).read_line(&mut first).expect("a line is read");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
    assert!(scratch.join("out/notes.apkg").is_file());
}

#[cfg(unix)]
#[test]
fn findings_that_nobody_reads_on_standard_output_stop_no_build() {
    let scratch = Scratch::new();
    scratch.write("notes/a.md", "Q: One?\nA: Eins\n\nQ: open\n");
    let run = |arguments: &[&str]| {
        // A reader that is gone before the first byte.
        let mut command = Command::new("python3");
        let code = "import os, subprocess, sys\nr, w = os.pipe()\nos.close(r)\nsys.exit(subprocess.call(sys.argv[1:], stdout=w))";
        command.args(["-c", code, env!("CARGO_BIN_EXE_deckc")]).args(arguments).current_dir(scratch.path());
        ended(&mut command)
    };
    run(&["build", "--message-format", "json"]).exits(0);
    assert!(scratch.join("build-output/notes.apkg").is_file());
    scratch.write("notes/b.md", "<<<<<<< ours\n## a\n=======\n## b\n>>>>>>> theirs\n");
    run(&["build", "--message-format", "json"]).exits(1);
    run(&["check"]).exits(1);
}

#[cfg(unix)]
#[test]
fn a_ledger_that_changes_while_a_build_runs_is_kept() {
    let scratch = Scratch::new();
    let answer = r#"{"protocol": 1, "files": [{"name": "x.list", "text": "x"}]}"#;
    scratch.write("pull.sh", format!("cat > /dev/null; echo '# pulled' > deckc.lock; echo '{answer}'\n"));
    scratch.write("deckc.toml", "formats = [\"pull\"]\n[backend.pull]\ncommand = [\"sh\", \"pull.sh\"]\n");
    scratch.write("notes/a.md", "## One?\n\nEins\n");
    scratch.deckc(&["build"]).exits(3).says("changed while this build ran; build again");
    assert_eq!(scratch.read("deckc.lock"), b"# pulled\n");
    assert!(!scratch.join("build-output/x.list").exists());
}

#[test]
fn a_baseline_beside_a_ledger_is_not_read_and_the_run_says_so() {
    let scratch = edited();
    let arguments: Vec<&str> = BUILD.into_iter().chain(["--baseline", "old.apkg"]).collect();
    scratch.deckc(&arguments).exits(0).says("the baseline `old.apkg` is not read");
}

#[cfg(unix)]
#[test]
fn a_current_folder_that_is_gone_is_a_clear_error() {
    let scratch = edited();
    let notes = scratch.join("notes").to_string_lossy().into_owned();
    fs::create_dir(scratch.join("gone")).expect("the folder is made");
    let script = "cd gone && rmdir ../gone && exec \"$0\" \"$@\"";
    ended(&mut scratch.shell(script, &["build"])).exits(2).says("`notes` is not there");
    fs::create_dir(scratch.join("gone")).expect("the folder is made");
    let before = scratch.files();
    ended(&mut scratch.shell(script, &["build", &notes])).exits(3).says("cannot write");
    unchanged(&before, &scratch);
}

#[test]
fn two_builds_at_once_both_succeed_with_the_same_bytes() {
    let alone = edited();
    alone.deckc(&BUILD).exits(0);
    let expected = alone.files();
    for _ in 0..6 {
        let scratch = edited();
        let start = |_| {
            let mut command: Command = scratch.command(&BUILD);
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts")
        };
        let runs: Vec<_> = (0..4).map(start).collect();
        for run in runs {
            let output = run.wait_with_output().expect("it ends");
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        }
        unchanged(&expected, &scratch);
    }
}
