//! Compares two releases: what changed, and what Anki will do with it where the older one was imported.
//!
//! A release is what Anki sees of it ([`Side`]): a package, anybody's; sources, compiled; or a ledger, which knows that a note
//! changed and not how. [`compare`] makes a [`Difference`], which [`human`], [`markdown`] and serde write. This module does no I/O.

mod advice;
mod compare;
mod forecast;
mod human;
mod markdown;
mod side;
#[cfg(test)]
mod tests;
mod words;

use serde::Serialize;

pub use compare::compare;
pub use forecast::{Doubled, Forecast, Outcome, TypeForecast};
pub use human::{Detail, human};
pub use markdown::{escaped, markdown};
pub use side::{Side, contents_of};
pub use words::Hunk;

use crate::report::Colour;

/// The version of the JSON document.
pub const VERSION: u32 = 1;

/// Is what changed between two releases. Lists are in the order of the newer one's notes; what left it, in the older one's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The version of this document.
    pub version: u32,
    /// The older release.
    pub old: Summary,
    /// The newer release.
    pub new: Summary,
    /// Notes whose guid the older one does not have.
    pub added: Vec<NoteAt>,
    /// Notes of which Anki will see something else.
    pub edited: Vec<Edited>,
    /// Notes with cards in another deck.
    pub moved: Vec<Moved>,
    /// Notes that the newer one does not have.
    pub retired: Vec<NoteAt>,
    /// Note types that notes use and that changed, came or went.
    pub note_types: Vec<TypeChange>,
    /// Decks that hold cards and came or went, or have another description.
    pub decks: Vec<DeckChange>,
    /// Media that came, went or have other bytes.
    pub media: Vec<MediaChange>,
    /// What Anki will do.
    pub forecast: Forecast,
}

impl Difference {
    /// Returns whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let notes = self.added.is_empty() && self.edited.is_empty() && self.moved.is_empty();
        let rest = self.note_types.is_empty() && self.decks.is_empty() && self.media.is_empty();
        notes && rest && self.retired.is_empty()
    }
}

/// Says what a side is and how much it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// What it was called on the command line.
    pub name: String,
    /// What kind of thing it is.
    pub kind: Kind,
    /// How many notes it holds.
    pub notes: usize,
    /// How many cards; unknown of a ledger.
    pub cards: Option<usize>,
}

/// Says what a side is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An Anki package.
    #[default]
    Package,
    /// Sources, compiled.
    Sources,
    /// A ledger: no fields, tags, note types, descriptions or media are known.
    Ledger,
}

/// Names a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoteAt {
    /// What Anki matches by.
    pub guid: String,
    /// The deck of its first card.
    pub deck: String,
    /// The text of its first field, shortened.
    pub prompt: String,
}

/// Is a note of which Anki will see something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edited {
    /// The note as it is now.
    #[serde(flatten)]
    pub note: NoteAt,
    /// The fields that changed; none where a side is a ledger.
    pub fields: Vec<FieldChange>,
    /// Tags that came.
    pub tags_added: Vec<String>,
    /// Tags that went.
    pub tags_removed: Vec<String>,
    /// The names of its old and its new note type, where it has another one.
    pub note_type: Option<(String, String)>,
}

/// Is a field that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The field's name.
    pub field: String,
    /// The old HTML.
    pub old: String,
    /// The new HTML.
    pub new: String,
    /// The same as text, word by word; tags are shown only where they differ.
    pub words: Vec<Hunk>,
}

/// Is a note with cards in another deck.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// The note as it is now.
    #[serde(flatten)]
    pub note: NoteAt,
    /// The deck of its first card before.
    pub from: String,
    /// How many of its cards are in another deck.
    pub cards: usize,
}

/// Says what became of a note type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TypeChange {
    /// Its name.
    pub name: String,
    /// What is different.
    pub changes: Vec<TypePart>,
}

/// Is a part of a note type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TypePart {
    /// The whole: it was not there.
    Added,
    /// The whole: it is no longer there.
    Removed,
    /// The name.
    Name,
    /// The style sheet.
    Style,
    /// The text of templates, or their names.
    Templates,
    /// The list of templates.
    TemplateList,
    /// The list of fields.
    FieldList,
    /// The names of fields, whose ids are the same.
    FieldNames,
    /// The field that the browser sorts by.
    SortField,
    /// Normal or cloze.
    Kind,
}

/// Says what became of a deck.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeckChange {
    /// Its full name.
    pub name: String,
    /// What.
    pub change: Change,
}

/// Says what became of a medium.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MediaChange {
    /// Its name.
    pub name: String,
    /// What.
    pub change: Change,
}

/// Says what became of a thing that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It came.
    Added,
    /// It is another one under the same name.
    Changed,
    /// It went.
    Removed,
}

impl Change {
    /// Returns the sign that stands before it in reports.
    #[must_use]
    pub fn sign(self) -> char {
        match self {
            Change::Added => '+',
            Change::Changed => '~',
            Change::Removed => '-',
        }
    }
}

impl TypePart {
    /// Returns the part in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            TypePart::Added => "new",
            TypePart::Removed => "no longer used",
            TypePart::Name => "name",
            TypePart::Style => "style",
            TypePart::Templates => "templates",
            TypePart::TemplateList => "list of templates",
            TypePart::FieldList => "list of fields",
            TypePart::FieldNames => "names of fields",
            TypePart::SortField => "sort field",
            TypePart::Kind => "kind",
        }
    }
}

/// Returns `count` with its noun, in the plural where it needs one.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Is how a report is written.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether it has colours.
    pub colour: Colour,
    /// How much is shown.
    pub detail: Detail,
}
