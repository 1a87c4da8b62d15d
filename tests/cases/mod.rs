//! What the program says and writes, case by case: `README.md` beside this file tells how a case is made.

mod coverage;
mod find;
mod special;
mod steps;
mod transcript;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use find::{Case, Input};

/// Runs all cases of an area and reports all that differ.
fn area(name: &str) {
    let cases = find::cases(name);
    assert!(!cases.is_empty(), "there are cases in `{name}`");
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, usize::from).min(cases.len());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(difference) = run(case) {
                        failures.lock().expect("no worker panics with it").push(difference);
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().expect("no worker panics with it");
    failures.sort();
    assert!(
        failures.is_empty(),
        "{} of {} cases differ; `SNAPSHOTS=overwrite` takes what came out\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

fn run(case: &Case) -> Result<(), String> {
    let temporary = tempfile::tempdir().map_err(|error| error.to_string())?;
    // The folder's name is the project's where nothing else names one.
    let folder = temporary.path().join(&case.name);
    std::fs::create_dir(&folder).map_err(|error| error.to_string())?;
    match &case.input {
        Input::None => Ok(()),
        Input::File(path) => std::fs::copy(path, folder.join(find::file_name(path))).map(|_| ()),
        Input::Folder(path) => find::copy_folder(path, &folder),
    }
    .map_err(|error| format!("{}: {error}", case.name))?;
    let mut transcript = String::new();
    for step in &case.steps {
        let outcome =
            steps::run(step, &folder).map_err(|error| format!("{}: `{step}`: {error}", case.name))?;
        let _ = write!(transcript, "{}", transcript::render(step, &outcome, &folder));
    }
    compare(&case.name, &transcript, &case.expected)
}

/// Compares a transcript with the one on record, or records it where `SNAPSHOTS=overwrite` is set.
fn compare(name: &str, transcript: &str, expected: &Path) -> Result<(), String> {
    let format = snapbox::data::DataFormat::Text;
    let expected = snapbox::Data::read_from(expected, Some(format)).raw();
    let assert = snapbox::Assert::new().action_env("SNAPSHOTS");
    let actual = snapbox::Data::text(transcript).raw();
    assert.try_eq(Some(&name), actual, expected).map_err(|error| format!("{name}\n{error}"))
}

#[test]
fn the_text_of_files_is_read_as_people_meant_it() {
    area("text");
}

#[test]
fn every_byte_order_line_end_and_script_is_read() {
    area("languages");
}

#[test]
fn cards_are_found_and_what_is_almost_a_card_is_said() {
    area("cards");
}

#[test]
fn notes_written_for_other_tools_lose_nothing_in_silence() {
    area("foreign");
}

#[test]
fn media_are_found_checked_and_never_taken_from_outside() {
    area("media");
}

#[test]
fn configuration_and_front_matter_are_checked() {
    area("config");
}

#[test]
fn tables_are_read_row_by_row() {
    area("csv");
}

#[test]
fn notes_keep_their_identity() {
    area("identity");
}

#[test]
fn formats_are_written_and_their_losses_said() {
    area("formats");
}

#[test]
fn the_command_line_answers() {
    area("cli");
}

#[test]
fn a_release_is_compared_and_refused_as_recorded() {
    area("releases");
}
