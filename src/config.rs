//! `deckc.toml`: what a project says about itself.
//!
//! Every key is optional; an unknown one is an error with a suggestion. The search goes from the input folder upwards and ends
//! at a folder that holds `.git`; what another user left above has no say.

mod fault;
mod find;
mod glob;
mod read;
#[cfg(test)]
mod tests;
mod written;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::anki::deck_name::MAX_LEVELS;
use crate::backend::{External, Options};
use crate::model::BuiltIn;
use crate::reader::{Settings, Tables};
use crate::version::Scheme;

pub use fault::Fault;
pub use find::{Search, find, may_govern};
pub use glob::Glob;

/// The file's name.
pub const FILE_NAME: &str = "deckc.toml";

/// Is a project's configuration.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The namespace of guids; never changes once decks are published.
    pub id: Option<String>,
    /// The project's name: output names, and the names of its own note types.
    pub name: Option<String>,
    /// Formats to build where the command line names none.
    pub formats: Vec<String>,
    /// The output folder, relative to the configuration.
    pub out: Option<PathBuf>,
    /// A style sheet of the project's own, relative to the configuration.
    pub style: Option<PathBuf>,
    /// What holds for all files, then rules by glob, later ones over earlier ones.
    rules: Vec<Rule>,
    /// The formats' settings.
    pub options: Options,
    /// External backends by name.
    pub backends: BTreeMap<String, External>,
    /// How releases are called.
    pub versions: Scheme,
}

/// Is what holds for files: all of them, or those that a pattern matches.
#[derive(Clone, Debug, Default)]
struct Rule {
    glob: Option<Glob>,
    deck: Option<String>,
    tags: Vec<String>,
    note_type: Option<BuiltIn>,
    dialect: Option<String>,
    card_level: Option<u8>,
    tables: Option<Tables>,
    source: Option<String>,
}

impl Config {
    /// Reads a configuration from its text; `path` is for messages.
    ///
    /// # Errors
    /// Points at a key that is unknown, a value of the wrong kind, or what is no TOML at all.
    pub fn parse(text: &str, path: &str) -> Result<Config, Box<Fault>> {
        read::read(text, path)
    }

    /// Reads all files in the dialect of that name, whatever the rules say. Front matter still wins.
    pub fn force_dialect(&mut self, name: String) {
        self.rules.push(Rule { dialect: Some(name), ..Rule::default() });
    }

    /// Returns what the configuration says about the file at `path` (relative to the project, with `/`). `deck_path` is the
    /// path that makes the deck where nothing names one.
    #[must_use]
    pub fn settings(&self, path: &str, deck_path: &str) -> Settings {
        let mut settings = Settings { path_deck: path_deck(deck_path), ..Settings::default() };
        for rule in self.rules_for(path) {
            let Rule { glob: _, deck, tags, note_type, dialect: _, card_level, tables, source } = rule;
            if let Some(deck) = deck {
                settings.deck = Some(deck.clone());
            }
            settings.tags.extend(tags.iter().cloned());
            settings.note_type = note_type.or(settings.note_type);
            settings.card_level = card_level.unwrap_or(settings.card_level);
            settings.tables = tables.unwrap_or(settings.tables);
            if let Some(source) = source {
                settings.source = Some(source.clone());
            }
        }
        settings
    }

    /// Returns the dialect that the configuration names for the file at `path`.
    #[must_use]
    pub fn dialect(&self, path: &str) -> Option<&str> {
        self.rules_for(path).filter_map(|rule| rule.dialect.as_deref()).last()
    }

    fn rules_for<'a>(&'a self, path: &str) -> impl Iterator<Item = &'a Rule> + use<'a> {
        let matching =
            self.rules.iter().filter(|rule| rule.glob.as_ref().is_none_or(|glob| glob.matches(path)));
        matching.collect::<Vec<_>>().into_iter()
    }
}

/// Returns the deck that a file's path makes: folders and stem, joined with `::`. Anki takes eleven levels; of a deeper path
/// the inner folders are left out.
fn path_deck(path: &str) -> String {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let mut parts: Vec<&str> = stem.split('/').filter(|part| !part.is_empty()).collect();
    if parts.len() > MAX_LEVELS {
        parts.drain(MAX_LEVELS - 1..parts.len() - 1);
    }
    parts.join("::")
}
