//! What is done in a case: runs of the real binary, and edits between them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::find::entries;

/// The time at which all builds happen: 2023-11-14 22:13:20 UTC.
const EPOCH: &str = "1700000000";

/// Is what came of a step.
pub enum Outcome {
    /// A file was changed by hand.
    Edited,
    /// The program ran.
    Ran(Ran),
}

/// Is what a run of the program left.
pub struct Ran {
    pub exit: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// Paths that appeared or have another content, with it; nothing for paths that are gone.
    pub changed: BTreeMap<PathBuf, Option<Vec<u8>>>,
}

/// Does one step in `folder`.
pub fn run(step: &str, folder: &Path) -> io::Result<Outcome> {
    let words = split(step);
    let at = |index: usize| {
        let word = words.get(index).ok_or_else(|| io::Error::other("the step has too few words"))?;
        Ok::<PathBuf, io::Error>(folder.join(word))
    };
    let text = |index: usize| {
        words.get(index).map_or_else(String::new, |word| word.replace("\\r", "\r").replace("\\n", "\n"))
    };
    match words.first().map(String::as_str) {
        Some("put") => {
            let path = at(1)?;
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, text(2))?;
        }
        Some("replace") => {
            let old = std::fs::read_to_string(at(1)?)?;
            if !old.contains(&text(2)) {
                return Err(io::Error::other("the text to replace is not there"));
            }
            std::fs::write(at(1)?, old.replace(&text(2), &text(3)))?;
        }
        Some("cp") => {
            std::fs::copy(at(1)?, at(2)?)?;
        }
        Some("mv") => std::fs::rename(at(1)?, at(2)?)?,
        Some("rm") => std::fs::remove_file(at(1)?)?,
        Some("mkdir") => std::fs::create_dir_all(at(1)?)?,
        Some(_) | None => return program(&words, folder).map(Outcome::Ran),
    }
    Ok(Outcome::Edited)
}

/// Runs `[in FOLDER] [NAME=VALUE…] deckc ARGUMENT… [< FILE]`.
fn program(words: &[String], folder: &Path) -> io::Result<Ran> {
    let place = words.iter().position(|word| word == "deckc");
    let place = place.ok_or_else(|| io::Error::other("this is no step"))?;
    let mut arguments = &words[place + 1..];
    let mut command = Command::new(env!("CARGO_BIN_EXE_deckc"));
    command.stdin(Stdio::null());
    if let [rest @ .., sign, path] = arguments
        && sign == "<"
    {
        command.stdin(File::open(folder.join(path))?);
        arguments = rest;
    }
    let here = match words {
        [word, inner, ..] if word == "in" => folder.join(inner),
        _ => folder.to_path_buf(),
    };
    command.args(arguments).current_dir(here).env_clear();
    command.env("PATH", "/usr/bin:/bin").env("SOURCE_DATE_EPOCH", EPOCH).env("NO_COLOR", "1");
    for (name, value) in words[..place].iter().filter_map(|word| word.split_once('=')) {
        command.env(name, value);
    }
    let before = files(folder)?;
    let output = command.output()?;
    let mut after = files(folder)?;
    let mut changed = BTreeMap::new();
    for (path, content) in before {
        match after.remove(&path) {
            Some(new) if new == content => {}
            other => {
                changed.insert(path, other);
            }
        }
    }
    changed.extend(after.into_iter().map(|(path, content)| (path, Some(content))));
    Ok(Ran { exit: output.status.code(), stdout: output.stdout, stderr: output.stderr, changed })
}

/// Returns all regular files below `folder` by relative path.
fn files(folder: &Path) -> io::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for path in entries(&next)? {
            let kind = path.symlink_metadata()?;
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() && kind.len() < 1 << 24 {
                let inner = path.strip_prefix(folder).expect("it was found below the folder").to_path_buf();
                found.insert(inner, std::fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

/// Splits a line into words at spaces; single quotes keep spaces in a word.
fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
