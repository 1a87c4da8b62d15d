//! Virtual environments of Python with pinned packages, for tests that need a program of theirs.
//!
//! An environment is made once, by whichever test comes first, behind a file lock that other threads and processes wait
//! for. A file written last, holding the hash of the pins, marks it complete: without it, or with another hash, the
//! environment is made anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use sha2::{Digest as _, Sha256};

/// The interpreter to use instead of looking for one.
const PYTHON_VARIABLE: &str = "DECKC_TEST_PYTHON";

/// The newest Python, as its minor version, that the pins were tried on.
const NEWEST_PYTHON: u32 = 13;

/// Written last into an environment.
const MARKER: &str = "complete";

/// Is an environment, and what is installed in it.
#[derive(Clone, Copy, Debug)]
pub struct Environment {
    /// The folder's name.
    pub name: &'static str,
    /// Everything that is installed, pinned: a requirements file.
    pub requirements: &'static str,
    /// The oldest Python, as its minor version, for which there are wheels.
    pub oldest_python: u32,
}

/// What a test means that needs what this machine cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// It passes: a developer's machine may lack a Python or a network.
    Passing,
    /// It fails: a continuous-integration run must not pass without having tested.
    Failing,
}

/// Says that something is not tested here.
pub fn skip(what: &str, reason: &str) -> Skipped {
    let line = format!("SKIPPED: {what} is not tested: {reason}\n");
    // Written past the print macros, whose output the test harness keeps to itself when a test passes.
    std::io::stderr().write_all(line.as_bytes()).expect("standard error is open");
    if std::env::var_os("CI").is_none_or(|ci| ci.is_empty()) { Skipped::Passing } else { Skipped::Failing }
}

/// What became of each environment in this process: a registry that is away is asked once, not once for each test.
static READY: Mutex<BTreeMap<PathBuf, Result<PathBuf, String>>> = Mutex::new(BTreeMap::new());

/// Returns the Python interpreter of an environment in a folder under `target`, which is made if it is not there.
///
/// The error says in one line why it cannot be: no Python, no venv module, no registry.
pub fn python(folder: &str, environment: Environment) -> Result<PathBuf, String> {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let root = temporary.parent().unwrap_or(temporary).join(folder);
    // A panic while the lock is held leaves the map whole: entries are only ever added.
    let mut ready = READY.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    ready
        .entry(root.join(environment.name))
        .or_insert_with(|| install(&root, environment, &candidates(environment)))
        .clone()
}

/// Makes an environment under `root`, with the first of the interpreters that will do, unless it is there and complete.
pub fn install(root: &Path, environment: Environment, interpreters: &[String]) -> Result<PathBuf, String> {
    let text = |error: std::io::Error| format!("{}: {error}", root.display());
    fs::create_dir_all(root).map_err(text)?;
    let lock = File::create(root.join(format!("{}.lock", environment.name))).map_err(text)?;
    lock.lock().map_err(text)?;

    let folder = root.join(environment.name);
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let pins = sha256(environment.requirements.as_bytes());
    let complete = fs::read_to_string(folder.join(MARKER)).is_ok_and(|marker| marker == pins);
    // The interpreter is a link to one outside, which may have gone since.
    if complete && python.exists() {
        return Ok(python);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(text)?;
    }
    let base = find_python(environment, interpreters)?;
    run(Command::new(&base).args(["-m", "venv"]).arg(&folder))?;
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, environment.requirements).map_err(text)?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"])
        .args(["--only-binary", ":all:", "--requirement"])
        .arg(&requirements))?;
    fs::write(folder.join(MARKER), pins).map_err(text)?;
    Ok(python)
}

/// Returns the names under which an interpreter may be found.
pub fn candidates(environment: Environment) -> Vec<String> {
    if let Ok(named) = std::env::var(PYTHON_VARIABLE) {
        return vec![named];
    }
    let versioned = (environment.oldest_python..=NEWEST_PYTHON).rev().map(|minor| format!("python3.{minor}"));
    std::iter::once("python3".to_owned())
        .chain(versioned)
        .chain(std::iter::once("python".to_owned()))
        .collect()
}

/// Returns the first interpreter that starts, has the venv module and a version that the pins were tried on.
fn find_python(environment: Environment, interpreters: &[String]) -> Result<PathBuf, String> {
    let range = environment.oldest_python..=NEWEST_PYTHON;
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

fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
    }
    text
}
