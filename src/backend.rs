//! Backends: from a checked collection to files of some format.
//!
//! A backend knows nothing of readers, folders or other backends. What it cannot carry it reports note by note as a
//! [`Loss`]. A new format is one file and one line in the registry.

mod anki_text;
mod apkg;
mod command;
mod csv;
mod json;
mod losses;
pub mod quizlet;

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, Write};
use std::num::NonZeroUsize;
use std::path::Path;

use crate::diagnostic::Diagnostics;
use crate::model::{BuiltIn, Collection, Medium, Trees};
use crate::source::SourceMap;
pub use anki_text::AnkiText;
pub use apkg::Apkg;
pub use command::{Command, External, Limits, external, on_path};
pub use csv::{Column, Csv, UnknownColumn};
pub use json::Json;
pub use quizlet::Quizlet;

/// All backends, in the order they are shown. A new format is one file and one line.
pub const BACKENDS: &[&dyn Backend] = &[&Apkg, &Csv, &AnkiText, &Quizlet, &Json];

/// Returns the backend for `name`: one of [`BACKENDS`], else the command that `configured` gives it, else the program
/// `deckc-backend-NAME` on the PATH. `root` is the project's root.
///
/// # Errors
/// Says that there is none, with a suggestion.
pub fn find(
    name: &str,
    configured: &BTreeMap<String, External>,
    root: &Path,
) -> Result<Box<dyn Backend>, FindError> {
    if let Some(backend) = BACKENDS.iter().find(|backend| backend.name() == name) {
        return Ok(Box::new(*backend));
    }
    let said = configured.get(name).cloned().unwrap_or_default();
    let installed = || {
        let program = std::env::var_os("PATH").and_then(|path| on_path(name, &path))?;
        Some(vec![program.to_string_lossy().into_owned()])
    };
    if let Some(command) = said.command.clone().or_else(installed) {
        return Ok(Box::new(external(name, command, Limits::default()).root(root).configured(said)));
    }
    let others = configured.keys().map(String::as_str).filter(|other| *other != name);
    let names = BACKENDS.iter().map(Backend::name).chain(others);
    let help = match crate::suggest::nearest(name, names) {
        Some(near) => format!("did you mean `{near}`? `deckc formats` lists all"),
        None => format!(
            "`deckc formats` lists all, and a program `deckc-backend-{name}` on the PATH would be one"
        ),
    };
    Err(FindError { message: format!("unknown format `{name}`"), help })
}

/// Says why there is no backend of a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}; {help}")]
pub struct FindError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Writes a format.
pub trait Backend: Sync {
    /// Returns the format's name, as `--format` takes it.
    fn name(&self) -> &str;

    /// Returns what the format is, in a few words.
    fn summary(&self) -> &str;

    /// Returns what the names of its files end in, where that is known beforehand.
    fn extension(&self) -> Option<&'static str>;

    /// Returns what the format carries; what is missing here is reported as a loss where a note has it.
    fn carries(&self) -> &[Feature];

    /// Returns whether it reads the trees of fields, and not only their HTML.
    fn trees(&self) -> Trees {
        Trees::Kept
    }

    /// Writes the collection.
    ///
    /// # Errors
    /// When the machine fails, or an external program does. What is wrong with the deck is a diagnostic instead.
    fn emit(
        &self,
        collection: &Collection,
        context: &Context<'_>,
        out: &mut dyn Output,
    ) -> Result<Emitted, EmitError>;
}

impl Backend for &dyn Backend {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn summary(&self) -> &str {
        (**self).summary()
    }

    fn extension(&self) -> Option<&'static str> {
        (**self).extension()
    }

    fn carries(&self) -> &[Feature] {
        (**self).carries()
    }

    fn trees(&self) -> Trees {
        (**self).trees()
    }

    fn emit(
        &self,
        collection: &Collection,
        context: &Context<'_>,
        out: &mut dyn Output,
    ) -> Result<Emitted, EmitError> {
        (**self).emit(collection, context, out)
    }
}

/// Is something that a note may have and a format may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// Images, sounds and videos.
    Media,
    /// Emphasis, lists, tables, links, highlighting: anything beyond plain text.
    Styling,
    /// Formulas that are typeset.
    Math,
    /// Cloze deletions as such.
    Cloze,
    /// Cards in both directions.
    Reversed,
    /// Typed answers.
    TypeIn,
    /// Tags.
    Tags,
    /// Decks inside one file.
    Decks,
    /// Stable ids, so that the receiver can update.
    Ids,
    /// Note types with their templates and style.
    NoteTypes,
    /// Fields beyond the two sides: `Extra`, `Hint`, `Context`, `Source`.
    ExtraFields,
}

impl Feature {
    /// All features, in the order they are shown.
    pub const ALL: [Feature; 11] = [
        Feature::Media,
        Feature::Styling,
        Feature::Math,
        Feature::Cloze,
        Feature::Reversed,
        Feature::TypeIn,
        Feature::Tags,
        Feature::Decks,
        Feature::Ids,
        Feature::NoteTypes,
        Feature::ExtraFields,
    ];

    /// Returns the feature in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Feature::Media => "media",
            Feature::Styling => "styling",
            Feature::Math => "math",
            Feature::Cloze => "clozes",
            Feature::Reversed => "reversed cards",
            Feature::TypeIn => "typed answers",
            Feature::Tags => "tags",
            Feature::Decks => "decks",
            Feature::Ids => "ids",
            Feature::NoteTypes => "note types",
            Feature::ExtraFields => "extra fields",
        }
    }

    /// Returns the name that configuration and external programs use, such as `type-in`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Feature::Media => "media",
            Feature::Styling => "styling",
            Feature::Math => "math",
            Feature::Cloze => "cloze",
            Feature::Reversed => "reversed",
            Feature::TypeIn => "type-in",
            Feature::Tags => "tags",
            Feature::Decks => "decks",
            Feature::Ids => "ids",
            Feature::NoteTypes => "note-types",
            Feature::ExtraFields => "extra-fields",
        }
    }

    /// Returns the feature of that [`key`](Feature::key).
    #[must_use]
    pub fn parse(key: &str) -> Option<Feature> {
        Feature::ALL.into_iter().find(|feature| feature.key() == key)
    }
}

/// Is one thing of one note that a format cannot carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// What kind.
    pub feature: Feature,
    /// The note, by its place in the collection.
    pub note: usize,
    /// What became of it, such as "image `map.png` written as `[map]`".
    pub detail: String,
}

/// Is what a format cannot carry of any note, said once and not for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// What kind.
    pub feature: Feature,
    /// What became of it, such as "a set has none".
    pub detail: String,
}

/// Is what a backend has to say after writing.
#[derive(Clone, Debug, Default)]
pub struct Emitted {
    /// What was lost of single notes, in note order.
    pub losses: Vec<Loss>,
    /// What was lost of all notes.
    pub lacks: Vec<Lack>,
    /// Findings, for example of an external program.
    pub diagnostics: Diagnostics,
    /// Lines for the person who will use the files, such as which separators to choose on the site.
    pub advice: Vec<String>,
}

/// Is what a backend may look at beside the collection.
pub struct Context<'a> {
    /// The stem of output names: the project's name, safe for any file system.
    pub stem: &'a str,
    /// The sources, for formats that can say where a note stands; spans are written only when [`Options::spans`] asks.
    pub sources: &'a SourceMap,
    /// Opens a medium for reading, from its first byte.
    pub open_media: &'a (dyn Fn(&Medium) -> io::Result<Box<dyn Read>> + Sync),
    /// The formats' settings.
    pub options: &'a Options,
}

/// Holds the settings of all formats, from `deckc.toml` and the command line.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Options {
    /// For `apkg`: which container.
    pub container: crate::backend::ContainerChoice,
    /// For `json`: whether notes say where they stand.
    pub spans: Choice,
    /// For `csv`.
    pub csv: CsvOptions,
    /// For `quizlet`.
    pub quizlet: QuizletOptions,
    /// For `anki-text`: what note types are called at the receiver; as in packages where none is given.
    pub anki_text_note_types: BTreeMap<BuiltIn, String>,
}

/// Says which of Anki's package containers to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ContainerChoice {
    /// What every client reads.
    #[default]
    Legacy,
    /// What Anki itself writes since 23.10.
    Latest,
}

/// Says yes or no to an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Choice {
    /// No.
    #[default]
    Off,
    /// Yes.
    On,
}

/// Holds the settings of `csv`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CsvOptions {
    /// The columns to write, in order; the default ones where empty.
    pub columns: Vec<Column>,
    /// Whether fields are HTML; plain text otherwise.
    pub html: Choice,
    /// Whether the file begins with a byte order mark, for Excel.
    pub bom: Choice,
    /// Whether lines end with CRLF.
    pub crlf: Choice,
    /// Whether cells that a spreadsheet would run as a formula get a `'` in front.
    pub guard_formulas: Choice,
}

/// Holds the settings of `quizlet`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuizletOptions {
    /// Between term and definition; solved for where none is given.
    pub term_separator: Option<String>,
    /// Between rows; solved for where none is given.
    pub row_separator: Option<String>,
    /// The most rows of one file.
    pub max_rows: NonZeroUsize,
}

impl Default for QuizletOptions {
    fn default() -> Self {
        // The site's limit is some 2,000.
        let max_rows = NonZeroUsize::new(1000).expect("is not 0");
        Self { term_separator: None, row_separator: None, max_rows }
    }
}

/// Receives the files of a backend. Nothing is visible at its place until the whole run has succeeded.
pub trait Output {
    /// Begins a file. The name is relative to the output folder, with `/` between parts.
    ///
    /// # Errors
    /// When the name leads outside the output folder, or the machine fails.
    fn create(&mut self, name: &str) -> io::Result<Box<dyn WriteSeek + '_>>;
}

/// Is a file to write that can be sought in.
pub trait WriteSeek: Write + Seek {}

impl<T: Write + Seek> WriteSeek for T {}

/// Says why a backend did not write.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// The machine failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The backend refuses or failed; its diagnostics say why.
    #[error("the backend reported errors")]
    Reported(Diagnostics),
}
