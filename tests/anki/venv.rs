//! Virtual environments with one Anki each, under `target/anki-venvs/<version>`.
//!
//! An environment is made once, by whichever test comes first, behind a file lock that other threads and processes wait
//! for. A file written last, holding the hash of the pins, marks it complete: without it, or with another hash, the
//! environment is made anew.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use super::{Version, sha256};

/// The interpreter to use instead of looking for one.
const PYTHON_VARIABLE: &str = "DECKC_TEST_PYTHON";

/// The newest Python, as its minor version, that the pins were tried on.
const NEWEST_PYTHON: u32 = 13;

/// Written last into an environment.
const MARKER: &str = "complete";

/// What became of each version in this process: a registry that is away is asked once, not once for each test.
static READY: Mutex<BTreeMap<Version, Result<PathBuf, String>>> = Mutex::new(BTreeMap::new());

/// Returns the Python interpreter of the environment of a version, which is made if it is not there.
///
/// The error says in one line why it cannot be: no Python, no venv module, no registry.
pub fn python(version: Version) -> Result<PathBuf, String> {
    // A panic while the lock is held leaves the map whole: entries are only ever added.
    let mut ready = READY.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    ready.entry(version).or_insert_with(|| install(&environments(), version, &candidates(version))).clone()
}

fn environments() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().unwrap_or(temporary).join("anki-venvs")
}

/// Makes the environment of a version under `root`, with the first of the interpreters that will do, unless it is there
/// and complete.
pub fn install(root: &Path, version: Version, interpreters: &[String]) -> Result<PathBuf, String> {
    let text = |error: std::io::Error| format!("{}: {error}", root.display());
    fs::create_dir_all(root).map_err(text)?;
    let lock = File::create(root.join(format!("{}.lock", version.name()))).map_err(text)?;
    lock.lock().map_err(text)?;

    let folder = root.join(version.name());
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let pins = sha256(version.requirements().as_bytes());
    let complete = fs::read_to_string(folder.join(MARKER)).is_ok_and(|marker| marker == pins);
    // The interpreter is a link to one outside, which may have gone since.
    if complete && python.exists() {
        return Ok(python);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(text)?;
    }
    let base = find_python(version, interpreters)?;
    run(Command::new(&base).args(["-m", "venv"]).arg(&folder))?;
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, version.requirements()).map_err(text)?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
        .args(["--only-binary", ":all:", "--requirement"])
        .arg(&requirements))?;
    fs::write(folder.join(MARKER), pins).map_err(text)?;
    Ok(python)
}

/// Returns the names under which an interpreter may be found.
pub fn candidates(version: Version) -> Vec<String> {
    if let Ok(named) = std::env::var(PYTHON_VARIABLE) {
        return vec![named];
    }
    let versioned = (version.oldest_python()..=NEWEST_PYTHON).rev().map(|minor| format!("python3.{minor}"));
    std::iter::once("python3".to_owned())
        .chain(versioned)
        .chain(std::iter::once("python".to_owned()))
        .collect()
}

/// Returns the first interpreter that starts, has the venv module and a version that the pins were tried on.
fn find_python(version: Version, interpreters: &[String]) -> Result<PathBuf, String> {
    let range = version.oldest_python()..=NEWEST_PYTHON;
    let question = "import sys, venv, ensurepip; print(sys.version_info[0], sys.version_info[1])";
    for interpreter in interpreters {
        // A version manager's stand-in may be on the path and yet refuse to start: only an answer counts.
        let Ok(output) = Command::new(interpreter).args(["-c", question]).output() else { continue };
        let answer = String::from_utf8_lossy(&output.stdout).into_owned();
        if range.clone().any(|minor| answer.trim() == format!("3 {minor}")) {
            return Ok(PathBuf::from(interpreter));
        }
    }
    Err(format!(
        "it needs Python 3.{} to 3.{} with the venv module, and none of {} is that",
        range.start(),
        range.end(),
        interpreters.join(", ")
    ))
}

/// Runs a command to its end; the error is its last line on standard error.
fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let streams = [output.stderr, output.stdout].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let last = streams.iter().flat_map(|text| text.lines().rev()).find(|line| !line.trim().is_empty());
    Err(format!("{name} failed ({}): {}", output.status, last.unwrap_or("it said nothing")))
}
