//! Readers: from one source file in some dialect to draft notes.
//!
//! One dialect per file, named or detected, never a silent union. Readers know nothing of backends, files on disk, or each
//! other.

pub mod front_matter;
pub mod markdown;

use crate::diagnostic::Diagnostics;
use crate::model::{BuiltIn, Draft};
use crate::source::SourceFile;

/// Reads a dialect.
pub trait Reader: Sync {
    /// Returns the dialect's name, as `dialect:` and `deckc.toml` write it.
    fn name(&self) -> &'static str;

    /// Returns what the dialect is, in a few words.
    fn summary(&self) -> &'static str;

    /// Returns why the file is probably of this dialect, and how sure that is; nothing where it is not.
    fn detect(&self, file: &SourceFile) -> Option<Detected>;

    /// Reads the file. Total: whatever is wrong becomes a diagnostic, and every non-blank line lies in a region of the
    /// result.
    fn read(&self, file: &SourceFile, settings: &Settings, diagnostics: &mut Diagnostics) -> Draft;
}

/// Says how sure a reader is of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// 0 to 100; the highest wins.
    pub score: u8,
    /// Why, in a few words, for `deckc check -v`.
    pub reason: String,
}

/// Holds what configuration says about a file: `deckc.toml`, then the file's front matter over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The deck that configuration or front matter names.
    pub deck: Option<String>,
    /// The deck where nothing names one: made from the file's path.
    pub path_deck: String,
    /// Tags for every note.
    pub tags: Vec<String>,
    /// The note type where a card says none.
    pub note_type: Option<BuiltIn>,
    /// The level of headings that are cards, 1 to 6.
    pub card_level: u8,
    /// Whether pipe tables are cards without a `<!-- cards -->` above them.
    pub tables: Tables,
    /// What the `Source` field of every note says.
    pub source: Option<String>,
    /// The offset where the body begins, behind front matter and byte order mark.
    pub body: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            deck: None,
            path_deck: "Default".into(),
            tags: Vec::new(),
            note_type: None,
            card_level: 2,
            tables: Tables::Content,
            source: None,
            body: 0,
        }
    }
}

/// Says what a pipe table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// Content, unless `<!-- cards -->` stands above it.
    Content,
    /// One note a row.
    Cards,
}
