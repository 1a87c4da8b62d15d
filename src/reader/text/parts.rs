//! What the modes find in a page, before it becomes notes.

use std::ops::Range;

use super::page::Stretch;

/// Is what a mode found.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The line that names the deck.
    pub(super) title: Option<usize>,
    /// The cards, in order.
    pub(super) cards: Vec<Card>,
    /// Lines that are neither card nor prose: headings and rules.
    pub(super) metadata: Vec<usize>,
}

/// Is a card as stretches of the page.
#[derive(Debug, Default)]
pub(super) struct Card {
    /// The lines that it takes.
    pub(super) lines: Range<usize>,
    /// The front, or the text of a cloze note.
    pub(super) front: Vec<Stretch>,
    /// The back.
    pub(super) back: Vec<Stretch>,
    /// More than two sides.
    pub(super) extra: Vec<Stretch>,
    /// Its tags.
    pub(super) tags: Vec<String>,
    /// Whether it is marked as a cloze note.
    pub(super) kind: Kind,
}

/// Says what a card is by its marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum Kind {
    /// Two sides; a cloze note where a deletion stands in one of them.
    #[default]
    Sides,
    /// Two sides, asked in both directions.
    Both,
    /// A cloze note.
    Cloze,
}
