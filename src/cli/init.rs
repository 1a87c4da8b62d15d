//! `deckc init`: a project that builds at once.

use std::io::Write as _;
use std::path::Path;

use super::Exit;
use super::args::Init;
use super::failure::{Failure, to_stdout};
use crate::files::Transaction;
use crate::pass::identity::random_project_id;

const SAMPLE: &str = include_str!("sample.md");
const IGNORE: &str = "build-output/\n";

/// Makes `deckc.toml`, `notes/` with a first file, and `.gitignore`; what is there already stays as it is.
pub(super) fn run(arguments: &Init) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    let config = folder.join(crate::config::FILE_NAME);
    if config.symlink_metadata().is_ok() {
        return Err(Failure::Usage(format!(
            "`{}` is there already; `deckc build` builds the project",
            config.display()
        )));
    }
    std::fs::create_dir_all(folder).map_err(|error| machine("make", folder, error))?;
    let name = arguments.name.clone().unwrap_or_else(|| {
        let full = folder.canonicalize().ok();
        let name = full.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        name.unwrap_or_else(|| "deck".to_owned())
    });
    let id = random_project_id()
        .map_err(|error| Failure::Machine("the system has no randomness".into(), error))?;
    let mut files = vec![(config, settings(&id, &name))];
    let notes = folder.join("notes");
    if notes.symlink_metadata().is_err() {
        files.push((notes.join("first.md"), SAMPLE.to_owned()));
    }
    let ignore = folder.join(".gitignore");
    match std::fs::read_to_string(&ignore) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => files.push((ignore, IGNORE.to_owned())),
        Ok(old) if !old.lines().any(|line| line.trim().trim_matches('/') == "build-output") => {
            let end = if old.is_empty() || old.ends_with('\n') { "" } else { "\n" };
            files.push((ignore, format!("{old}{end}{IGNORE}")));
        }
        Ok(_) => {}
        Err(error) => return Err(machine("read", &ignore, error)),
    }
    let mut transaction = Transaction::default();
    for (path, text) in &files {
        let staged = transaction.stage(path).map_err(|error| machine("write", &error.path, error.source))?;
        staged.write_all(text.as_bytes()).map_err(|error| machine("write", path, error))?;
    }
    let written = transaction.commit().map_err(|error| machine("write", &error.path, error.source))?;
    let mut said: String = written.iter().map(|path| format!("{}\n", path.display())).collect();
    let here = folder == Path::new(".");
    let enter = if here { String::new() } else { format!("cd {} && ", folder.display()) };
    said.push_str("next: ");
    said.push_str(&enter);
    said.push_str("deckc build\n");
    to_stdout(said.as_bytes())
}

fn machine(verb: &str, path: &Path, error: std::io::Error) -> Failure {
    Failure::Machine(format!("cannot {verb} `{}`", path.display()), error)
}

fn settings(id: &str, name: &str) -> String {
    let name = toml::Value::String(name.to_owned());
    format!(
        "# The namespace of this project's note ids. Never change it once a deck is published.\n\
         id = \"{id}\"\n\
         name = {name}\n\
         formats = [\"apkg\"]\n"
    )
}
