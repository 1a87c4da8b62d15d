//! A deckc project in a temporary folder, built by the `deckc` binary as an author builds it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::script::Container;

/// A folder `NAME/` with `deckc.toml` and `notes/` in it, and beside it the builds.
pub struct Project {
    home: TempDir,
    name: String,
    builds: usize,
}

/// What one build made.
pub struct Build {
    /// The one package it wrote.
    pub package: PathBuf,
    /// Everything it said, standard output first.
    pub report: String,
}

impl Build {
    /// Returns the bytes of the package.
    pub fn bytes(&self) -> Vec<u8> {
        fs::read(&self.package).expect("the build's package is readable")
    }
}

impl Project {
    /// Makes an empty project folder of this name.
    pub fn new(name: &str) -> Self {
        let home = tempfile::tempdir().expect("the temporary folder is writable");
        fs::create_dir_all(home.path().join(name).join("notes")).expect("the temporary folder is writable");
        let project = Project { home, name: name.to_owned(), builds: 0 };
        project.configure("");
        project
    }

    /// Writes `deckc.toml`: the project's name, then these lines.
    pub fn configure(&self, more: &str) {
        self.write("deckc.toml", format!("name = \"{}\"\n{more}", self.name));
    }

    /// Writes a file of the project, and the folders that it needs.
    pub fn write(&self, path: &str, contents: impl AsRef<[u8]>) {
        let file = self.path(path);
        let folder = file.parent().expect("a file of the project is inside the project");
        fs::create_dir_all(folder).expect("the temporary folder is writable");
        fs::write(file, contents).expect("the temporary folder is writable");
    }

    /// Reads a text file of the project.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("the file to read is there, and text")
    }

    /// Renames or moves a file of the project.
    pub fn rename(&self, from: &str, to: &str) {
        let target = self.path(to);
        fs::create_dir_all(target.parent().expect("a file of the project is inside it"))
            .expect("folders can be made");
        fs::rename(self.path(from), target).expect("the file to rename is there");
    }

    /// Removes a file of the project.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).expect("the file to remove is there");
    }

    /// Builds a package at a time (Unix seconds); panics with what the compiler said if it fails.
    pub fn build(&mut self, at: u64, container: Container) -> Build {
        self.run_build(at, &["--format", "apkg", "--container", container.name()], "apkg")
    }

    /// Builds Anki's own text format at a time (Unix seconds); the file takes the place of the package.
    pub fn build_text(&mut self, at: u64) -> Build {
        self.run_build(at, &["--format", "anki-text"], "txt")
    }

    fn run_build(&mut self, at: u64, arguments: &[&str], extension: &str) -> Build {
        self.builds += 1;
        let out = self.home.path().join(format!("build-{}", self.builds));
        let mut command = self.deckc(at);
        command.args(["build", "notes/"]).args(arguments).arg("--out").arg(&out);
        let output = command.output().expect("the deckc binary starts");
        let [said, complained] =
            [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
        let report = said + &complained;
        assert!(output.status.success(), "the build fails ({}):\n{report}", output.status);
        let files = files_in(&out, extension);
        let expected = out.join(format!("{}.{extension}", self.name));
        assert_eq!(files, [expected], "the build makes one file, named after the project:\n{report}");
        Build { package: files[0].clone(), report }
    }

    /// Gives the folder away, with the builds in it.
    pub fn into_home(self) -> TempDir {
        self.home
    }

    /// The compiler in the project's folder, knowing nothing of this machine but the given time.
    pub fn deckc(&self, at: u64) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deckc"));
        command.current_dir(self.path("")).env_clear();
        command.envs([("TZ", "UTC"), ("LANG", "C.UTF-8"), ("NO_COLOR", "1")]);
        command.env("HOME", self.home.path()).env("SOURCE_DATE_EPOCH", at.to_string());
        command.envs(std::env::var_os("SYSTEMROOT").map(|root| ("SYSTEMROOT", root)));
        command
    }

    fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(&self.name).join(path)
    }
}

fn files_in(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files.sort();
    files
}
