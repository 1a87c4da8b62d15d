//! External backends: programs in `tests/plugins`, which know nothing of deckc but its protocol.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use deckc::backend::{Backend, Command, EmitError, External, Feature, Limits, Options, external, on_path};
use deckc::diagnostic::Diagnostics;
use deckc::model::Collection;
use serde_json::json;

use super::rich;
use crate::support::deck::{Builder, Memory, emit, losses, try_emit};

fn python(program: &str, arguments: &[&str]) -> Vec<String> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plugins").join(program);
    let mut command = vec!["python3".to_owned(), program.to_string_lossy().into_owned()];
    command.extend(arguments.iter().map(ToString::to_string));
    command
}

fn plugin(program: &str, arguments: &[&str]) -> Command {
    external("test", python(program, arguments), Limits::default())
}

fn two_notes() -> Collection {
    Builder::new().basic("Norway", "Oslo").basic("Japan", "Tokyo").build()
}

fn lines(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics.iter().map(|found| format!("{}: {}", found.code.id(), found.message)).collect()
}

/// Checks that a backend refuses, with this one diagnostic.
fn check_refused(backend: &dyn Backend, expected: &str) {
    let mut files = Memory::default();
    match try_emit(backend, &two_notes(), &Options::default()) {
        Err(EmitError::Reported(diagnostics)) => assert_eq!(lines(&diagnostics), [expected]),
        Err(EmitError::Io(error)) => panic!("the machine failed: {error}"),
        Ok((written, _)) => {
            files = written;
            panic!("it was not refused: {files:?}")
        }
    }
    assert!(files.files.is_empty());
}

fn check_answer(answer: &str, expected: &str) {
    check_refused(&plugin("answering.py", &[answer]), expected);
}

#[test]
fn a_program_writes_files_losses_and_findings() {
    let settings = json!({"width": 40});
    let said =
        External { options: settings.as_object().expect("it is an object").clone(), ..External::default() };
    let backend = plugin("good.py", &[]).configured(said).root(Path::new("/project"));
    assert_eq!((backend.name(), backend.carries()), ("test", &[][..]));
    let (memory, emitted) = emit(&backend, &two_notes(), &Options::default());
    assert_eq!(memory.text("geo.list"), "Norway\nJapan\n");
    assert_eq!(memory.files["bin/zero.dat"], [0, 255]);
    assert_eq!(memory.text("seen.txt"), "test {'width': 40} /project");
    assert_eq!(losses(&emitted), "1 styling: bold written as plain text\n");
    assert_eq!(lines(&emitted.diagnostics), ["D613: format `test`: front is long"]);
    let span = emitted.diagnostics.iter().next().and_then(|found| found.span);
    assert_eq!(span, Some(two_notes().notes()[1].span));
    assert_eq!(emitted.advice, ["format `test`: 2 fronts", "format `test`: open it with care"]);
}

#[test]
fn what_a_declared_format_does_not_carry_is_reported_unless_the_program_does() {
    let carries = vec![Feature::Media, Feature::Cloze, Feature::Ids, Feature::Decks, Feature::NoteTypes];
    let said = External { carries: Some(carries.clone()), ..External::default() };
    let backend = plugin("good.py", &[]).configured(said);
    assert_eq!(backend.carries(), carries);
    let (_, emitted) = emit(&backend, &rich::collection(), &Options::default());
    let detail = "the format does not carry it";
    assert_eq!(
        losses(&emitted),
        format!(
            "0 math: {detail}\n0 tags: {detail}\n1 styling: bold written as plain text\n1 reversed cards: {detail}\n\
             2 reversed cards: {detail}\n3 typed answers: {detail}\n4 tags: {detail}\n4 extra fields: {detail}\n"
        )
    );
    let said = External { carries: Some(Feature::ALL[..7].to_vec()), ..External::default() };
    let backend = external("test", python("answering.py", &[r#"{"files": []}"#]), Limits::default());
    let (_, emitted) = emit(&backend.configured(said), &two_notes(), &Options::default());
    assert_eq!(losses(&emitted), format!("decks: {detail}\nids: {detail}\nnote types: {detail}\n"));
}

#[test]
fn a_program_runs_in_the_projects_root() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plugins/good.py");
    std::fs::create_dir(folder.path().join("tools")).expect("the folder can be written to");
    std::fs::copy(program, folder.path().join("tools/good.py")).expect("the folder can be written to");
    let command = vec!["python3".to_owned(), "tools/good.py".to_owned()];
    let backend = external("test", command, Limits::default()).root(folder.path());
    let (memory, _) = emit(&backend, &two_notes(), &Options::default());
    assert_eq!(memory.text("geo.list"), "Norway\nJapan\n");
}

#[cfg(unix)]
#[test]
fn a_program_with_a_folder_in_its_name_is_looked_for_in_the_projects_root() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = folder.path().join("tools/run");
    std::fs::create_dir(folder.path().join("tools")).expect("the folder can be written to");
    std::fs::write(&program, "#!/bin/sh\necho '{\"files\": [{\"name\": \"a\", \"text\": \"b\"}]}'\n")
        .expect("it can be written");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let backend = external("test", vec!["tools/run".to_owned()], Limits::default()).root(folder.path());
    let (memory, _) = emit(&backend, &two_notes(), &Options::default());
    assert_eq!(memory.text("a"), "b");
}

#[test]
fn a_time_beyond_all_measure_is_a_day() {
    let limits = Limits { time: Duration::MAX, ..Limits::default() };
    let backend = external("test", python("answering.py", &[r#"{"files": []}"#]), limits);
    assert!(emit(&backend, &two_notes(), &Options::default()).0.files.is_empty());
}

#[test]
fn the_example_writes_a_markdown_table() {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/deckc-backend-mdtable");
    let backend = external(
        "mdtable",
        vec!["python3".into(), program.to_string_lossy().into_owned()],
        Limits::default(),
    );
    let (memory, emitted) = emit(&backend, &rich::collection(), &Options::default());
    let table = memory.text("geo.md");
    assert!(
        table.starts_with(
            "# geo\n\n## Geo\n\n| Front | Back | Tags |\n| --- | --- | --- |\n| Everything? | a bcd<br>"
        ),
        "{table}"
    );
    assert!(
        table.ends_with(
            "## Geo::Asia\n\n| Front | Back | Tags |\n| --- | --- | --- |\n| Tokyo | Japan |  |\n"
        ),
        "{table}"
    );
    assert!(losses(&emitted).starts_with("0 media: "), "{}", losses(&emitted));
}

#[test]
fn a_program_that_fails_is_quoted_without_control_characters() {
    check_refused(
        &plugin("failing.py", &[]),
        &format!(
            "D610: format `test`: `{}` ended with exit status: 3: reading / \u{fffd}[31mno template\u{fffd}[0m found",
            python("failing.py", &[]).join(" ")
        ),
    );
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let missing = external("test", vec!["/nowhere/deckc-backend-test".into()], Limits::default());
    check_refused(
        &missing,
        "D610: format `test`: `/nowhere/deckc-backend-test` cannot be started: No such file or directory (os error 2)",
    );
    check_refused(
        &external("test", vec![], Limits::default()),
        "D610: format `test`: `` cannot be started: the command is empty",
    );
}

#[test]
fn a_program_that_hangs_is_stopped_with_all_it_has_started() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pid_file = folder.path().join("pid");
    let command = python("hanging.py", &[&pid_file.to_string_lossy()]);
    let shown = command.join(" ");
    let limits = Limits { time: Duration::from_millis(700), ..Limits::default() };
    let begun = Instant::now();
    check_refused(
        &external("test", command, limits),
        &format!("D612: format `test`: `{shown}` was stopped after 0.7 s"),
    );
    assert!(begun.elapsed() < Duration::from_secs(10), "it took {:?}", begun.elapsed());
    if cfg!(target_os = "linux")
        && let Ok(pid) = std::fs::read_to_string(&pid_file)
    {
        // The kernel takes a moment to end a process; stopped is a zombie or no process at all.
        let stopped = || {
            let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            state.is_empty() || state.contains(") Z") || state.contains(") X")
        };
        while !stopped() {
            assert!(begun.elapsed() < Duration::from_mins(1), "process {pid} lives on");
            std::thread::yield_now();
        }
    }
}

#[test]
fn an_answer_that_never_ends_is_cut_off() {
    let command = python("flooding.py", &[]);
    let shown = command.join(" ");
    let limits = Limits { answer: 1 << 20, ..Limits::default() };
    check_refused(
        &external("test", command, limits),
        &format!("D611: format `test`: `{shown}` answered more than 1048576 bytes"),
    );
}

#[test]
fn a_program_that_says_much_on_standard_error_does_not_get_stuck() {
    let (memory, _) = emit(&plugin("noisy.py", &[]), &two_notes(), &Options::default());
    assert_eq!(memory.text("a.txt").len(), 300_000);
}

#[test]
fn nonsense_is_refused() {
    check_answer(
        "",
        "D611: format `test`: its answer cannot be read: EOF while parsing a value at line 1 column 0",
    );
    check_answer(
        "| a |",
        "D611: format `test`: its answer cannot be read: expected value at line 1 column 1",
    );
    check_answer(
        r#"{"files": [], "notes": 1}"#,
        "D611: format `test`: its answer cannot be read: unknown field `notes`, expected one of `protocol`, `files`, `losses`, \
         `diagnostics`, `advice` at line 1 column 21",
    );
    check_answer(
        r#"{"protocol": 2, "files": []}"#,
        "D611: format `test`: it speaks protocol 2, deckc speaks 1",
    );
    check_answer(
        r#"{"files": [{"name": "a"}]}"#,
        "D611: format `test`: its file `a` must have either `text` or `base64`",
    );
    check_answer(
        r#"{"files": [{"name": "a", "base64": "?"}]}"#,
        "D611: format `test`: the base64 of its file `a` cannot be read: invalid length at 0",
    );
    check_answer(
        r#"{"files": [{"name": "a", "text": ""}, {"name": "A", "text": ""}]}"#,
        "D611: format `test`: it answered the file `A` twice",
    );
    check_answer(
        r#"{"files": [{"name": "a", "text": ""}, {"name": "a/b", "text": ""}]}"#,
        "D611: format `test`: its file `a` is the folder of another one",
    );
    check_answer(
        r#"{"files": [], "losses": [{"feature": "sparkle", "note": 0}]}"#,
        "D611: format `test`: it reports the loss of `sparkle`, which is no feature",
    );
    check_answer(
        r#"{"files": [], "losses": [{"feature": "math", "note": 2}]}"#,
        "D611: format `test`: it speaks of note 2, there are 2 from 0",
    );
    check_answer(
        r#"{"files": [{"name": "a", "text": ""}], "diagnostics": [{"severity": "error", "message": "no\u0000"}]}"#,
        "D610: format `test`: no\u{fffd}",
    );
}

#[test]
fn too_many_files_are_refused() {
    let limits = Limits { files: 1, ..Limits::default() };
    let answer = r#"{"files": [{"name": "a", "text": ""}, {"name": "b", "text": ""}]}"#;
    check_refused(
        &external("test", python("answering.py", &[answer]), limits),
        "D611: format `test`: it answered 2 files, more than 1",
    );
}

#[test]
fn no_file_leaves_the_output_folder() {
    let check = |name: &str, why: &str| {
        let answer = json!({"files": [{"name": "good.txt", "text": ""}, {"name": name, "text": ""}]});
        let shown: String = name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        check_answer(&answer.to_string(), &format!("D611: format `test`: its file name `{shown}` {why}"));
    };
    check("../evil", "leads outside the output folder");
    check("a/../../evil", "leads outside the output folder");
    check("/etc/passwd", "is absolute");
    check("C:evil", "has a character that is not allowed");
    check("..\\evil", "has a character that is not allowed");
    check("a\0b", "has a character that is not allowed");
    check("nul.txt", "is a device on Windows");
    check("", "is empty");
}

#[test]
fn programs_are_found_on_the_path_by_their_plain_name() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = folder.path().join(format!("deckc-backend-md{}", std::env::consts::EXE_SUFFIX));
    std::fs::write(&program, "").expect("the folder can be written to");
    let path = std::env::join_paths([PathBuf::from("relative"), folder.path().to_owned()])
        .expect("it can be joined");
    assert_eq!(on_path("md", &path), Some(program));
    assert_eq!(on_path("other", &path), None);
    assert_eq!(on_path("../md", &path), None);
}
