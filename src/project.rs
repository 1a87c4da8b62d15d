//! What a run is about: inputs, root, configuration, name, ledger.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use crate::config::{self, Config, Fault, Search};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{EntryKind, Files};
use crate::ledger;
use crate::source::SourceMap;

/// Names that say nothing about a project.
const COMMON_NAMES: &[&str] = &[
    "anki",
    "card",
    "cards",
    "deck",
    "decks",
    "docs",
    "flash-cards",
    "flashcard",
    "flashcards",
    "lernkarten",
    "md",
    "my-notes",
    "note",
    "notes",
    "notizen",
    "obsidian",
    "questions",
    "src",
    "test",
    "vault",
    "zettel",
];

/// Is what a run is about.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder that paths are relative to and that no medium may lie outside of; canonical. It is the configuration's
    /// folder, else the nearest one above whose ledger knows the input, else the input folder, else the folder of a single input
    /// file.
    pub root: PathBuf,
    /// The inputs, canonical, in the order given, each once.
    pub inputs: Vec<Input>,
    /// The configuration.
    pub config: Config,
    /// The configuration's path, where there is one.
    pub config_path: Option<PathBuf>,
    /// A configuration above that belongs to another user, and was left alone.
    pub foreign: Option<PathBuf>,
    /// The name that note types carry and the project's id may follow from. It is the configuration's, else of the folder that
    /// the configuration stands in, so that it does not depend on what is built; without a configuration, of the input.
    pub name: String,
    /// What outputs are called: the configured name, else a single input file's, else the project's.
    pub stem: String,
    /// Where the ledger stands, or will.
    pub ledger: PathBuf,
}

/// Is a path that a user named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The path.
    pub path: PathBuf,
    /// A file or a folder.
    pub kind: InputKind,
}

/// Says what an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// A file, read whatever its name.
    File,
    /// A folder, walked.
    Folder,
}

/// Says why a project cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// An input is not there.
    #[error("`{}` is not there", .0.display())]
    Missing(PathBuf),
    /// An input is a device or a pipe.
    #[error("`{}` is neither a file nor a folder", .0.display())]
    NotAFile(PathBuf),
    /// The machine failed.
    #[error("cannot read `{}`: {source}", path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The configuration is wrong.
    #[error("the configuration cannot be read")]
    Config(Box<Fault>),
}

impl Project {
    /// Finds out what a run over `paths` is about.
    ///
    /// # Errors
    /// When an input or the configuration cannot be read.
    pub fn open(files: &dyn Files, paths: &[PathBuf], ledger: Option<&Path>) -> Result<Project, OpenError> {
        let mut inputs: Vec<Input> = Vec::new();
        for path in paths {
            let input = input(files, path)?;
            if !inputs.contains(&input) {
                inputs.push(input);
            }
        }
        let common = common_folder(&inputs);
        let Search { governing: config_path, foreign } = config::find(files, &common);
        let config = match &config_path {
            Some(path) => read_config(files, path)?,
            None => Config::default(),
        };
        let configured = config_path.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        let above = match (&configured, ledger) {
            (None, None) => ledger_above(files, &inputs, &common),
            (Some(_), _) | (None, Some(_)) => None,
        };
        let stem = config.name.clone().unwrap_or_else(|| match &configured {
            Some(root) => input_name(&inputs, root),
            None => input_name(&inputs, &common),
        });
        let name = match (&config.name, configured.as_ref().or(above.as_ref())) {
            (Some(name), _) => name.clone(),
            (None, Some(root)) => folder_name(root),
            (None, None) => input_name(&inputs, &common),
        };
        let root = configured.or(above).unwrap_or(common);
        let ledger = ledger.map_or_else(|| root.join(ledger::FILE_NAME), Path::to_path_buf);
        Ok(Project { root, inputs, config, config_path, foreign, name, stem, ledger })
    }
}

impl Project {
    /// Returns the name that the project's id is made from, where that is one which many projects have: the name of a folder that is called
    /// after what is in it.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        let named = self.config.id.is_some() || self.config.name.is_some();
        let common = COMMON_NAMES.iter().any(|name| self.name.eq_ignore_ascii_case(name));
        (common && !named).then_some(self.name.as_str())
    }
}

/// Returns the nearest folder above `common`, within the checkout, whose ledger knows a file of every input: a part of a project is
/// built, and must not begin a ledger of its own.
fn ledger_above(files: &dyn Files, inputs: &[Input], common: &Path) -> Option<PathBuf> {
    for folder in common.ancestors() {
        if let Ok(bytes) = files.read(&folder.join(ledger::FILE_NAME)) {
            let text = String::from_utf8_lossy(&bytes);
            let knows = |input: &Input| {
                input.path.strip_prefix(folder).is_ok_and(|path| {
                    let known = text.lines().filter_map(|line| line.strip_prefix("file "));
                    known.map(Path::new).any(|file| file.starts_with(path))
                })
            };
            // A nearer ledger is the input's own, whatever it knows.
            let ours = config::may_govern(files, common, folder, ledger::FILE_NAME);
            return (ours && inputs.iter().all(knows))
                .then(|| folder.to_path_buf())
                .filter(|found| found != common);
        }
        if files.entry(&folder.join(".git")).is_ok() {
            return None;
        }
    }
    None
}

fn input(files: &dyn Files, path: &Path) -> Result<Input, OpenError> {
    let fail = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => OpenError::Missing(path.to_path_buf()),
        _ => OpenError::Io { path: path.to_path_buf(), source },
    };
    let kind = match files.entry(path).map_err(fail)?.kind {
        EntryKind::File => InputKind::File,
        EntryKind::Folder => InputKind::Folder,
        EntryKind::Other => return Err(OpenError::NotAFile(path.to_path_buf())),
    };
    Ok(Input { path: files.canonical(path).map_err(fail)?, kind })
}

fn common_folder(inputs: &[Input]) -> PathBuf {
    let folder = |input: &Input| match input.kind {
        InputKind::Folder => input.path.clone(),
        InputKind::File => input.path.parent().map_or_else(PathBuf::new, Path::to_path_buf),
    };
    let mut common = inputs.first().map_or_else(PathBuf::new, folder);
    for input in inputs {
        let folder = folder(input);
        while !folder.starts_with(&common) {
            if !common.pop() {
                break;
            }
        }
    }
    common
}

fn read_config(files: &dyn Files, path: &Path) -> Result<Config, OpenError> {
    let fail = |source| OpenError::Io { path: path.to_path_buf(), source };
    let bytes = files.read(path).map_err(fail)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let message = format!("byte {} is not UTF-8", before.len());
        let diagnostic = Diagnostic::in_file(Code::ConfigInvalid, shown(path), Some(line), message);
        let diagnostic = diagnostic.help("save the file as UTF-8");
        OpenError::Config(Box::new(Fault { diagnostic, sources: SourceMap::default() }))
    })?;
    Config::parse(&text, &shown(path)).map_err(OpenError::Config)
}

fn input_name(inputs: &[Input], root: &Path) -> String {
    match inputs {
        [Input { path, kind: InputKind::File }] => named(path.file_stem()),
        _ => folder_name(root),
    }
}

fn folder_name(folder: &Path) -> String {
    named(folder.file_name())
}

fn named(name: Option<&OsStr>) -> String {
    name.map_or_else(|| "deck".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Returns a path as people can open it: relative to the current folder where it lies below it.
#[must_use]
pub fn shown(path: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let relative = here.ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    let path = relative.unwrap_or_else(|| path.to_path_buf());
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}
