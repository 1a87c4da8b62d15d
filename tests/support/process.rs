//! A scratch folder, and the real program run in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// All built-in formats, as `--format` takes them.
pub const FORMATS: &str = "apkg,csv,anki-text,quizlet,json";

/// Is a folder of a test's own, gone with it.
pub struct Scratch {
    folder: TempDir,
}

/// Says how the program ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code; nothing where a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Scratch {
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("deckc-test-").tempdir();
        Self { folder: folder.expect("the machine has a folder for temporary files") }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file and the folders it needs.
    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.join(name);
        fs::create_dir_all(path.parent().expect("it lies in the scratch folder"))
            .expect("the folder is made");
        fs::write(&path, content).expect("the file is written");
    }

    pub fn read(&self, name: impl AsRef<Path>) -> Vec<u8> {
        let path = self.join(name);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Returns the program, to be run in this folder at a fixed time, whatever the test's own environment says.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deckc"));
        command.args(arguments);
        self.at_home(&mut command);
        command
    }

    /// Returns a shell with the program as `$0` and its arguments as `$@`.
    pub fn shell(&self, script: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_deckc")]).args(arguments);
        self.at_home(&mut command);
        command
    }

    fn at_home(&self, command: &mut Command) {
        command.current_dir(self.path()).stdin(Stdio::null());
        for variable in ["TZ", "LANG", "LC_ALL", "NO_COLOR", "RAYON_NUM_THREADS"] {
            command.env_remove(variable);
        }
        command.env("SOURCE_DATE_EPOCH", "1700000000");
    }

    /// Runs the program to its end.
    pub fn deckc(&self, arguments: &[&str]) -> Ended {
        ended(&mut self.command(arguments))
    }

    /// Returns every file below the folder by path, with its bytes.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(self.path(), self.path(), &mut files);
        files
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("the folder is read") {
        let path = entry.expect("the folder is read").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("it lies below").to_string_lossy().into_owned();
            files.insert(name, fs::read(&path).expect("the file is read"));
        }
    }
}

/// Runs a command to its end.
pub fn ended(command: &mut Command) -> Ended {
    let Output { status, stdout, stderr } = command.output().expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ended { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

impl Ended {
    /// Checks the exit code, and that nothing panicked.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        self
    }

    /// Checks that standard error holds a text.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "`{text}` is not in:\n{}", self.stderr);
        self
    }
}

/// Says where two sets of files differ, by name; empty where they are the same.
pub fn differences(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let names = left.keys().chain(right.keys().filter(|name| !left.contains_key(*name)));
    let differs = |name: &&String| left.get(*name) != right.get(*name);
    names
        .filter(differs)
        .map(|name| match (left.get(name), right.get(name)) {
            (Some(_), Some(_)) => format!("{name} differs"),
            (Some(_), None) => format!("{name} is gone"),
            (None, _) => format!("{name} is more"),
        })
        .collect()
}
