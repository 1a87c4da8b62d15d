//! What readers produce.

use super::{Note, SourceId};
use crate::source::{Span, Spanned};

/// Holds what was read from one file, or from many in order.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The notes in source order.
    pub notes: Vec<Note<SourceId>>,
    /// Descriptions of decks, where a source gave one.
    pub descriptions: Vec<DeckDescription>,
    /// Tags that a file gives all its notes, where the file says them.
    pub file_tags: Vec<Spanned<String>>,
    /// What became of the text: sorted, without overlap; every non-blank line lies in one of them.
    pub regions: Vec<Region>,
}

/// Is what a source says about a deck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeckDescription {
    /// The deck's full name, as written.
    pub deck: String,
    /// What Anki shows under the deck's name.
    pub text: Spanned<String>,
}

/// Is a stretch of a source and what it was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The stretch.
    pub span: Span,
    /// What it is.
    pub kind: RegionKind,
}

/// Says what a stretch of a source was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegionKind {
    /// Part of a card.
    Card,
    /// Front matter, directives, header lines, section headings, separators.
    Metadata,
    /// Text that makes no card; counted and said.
    Prose,
}
