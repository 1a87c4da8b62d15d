//! Reads packages: what is in them, so that a release can stand in for a lost ledger, and be compared with another.
//!
//! A package is foreign input. Sizes are counted while unpacking, since headers lie; the database is opened
//! from a private copy, read-only, checked, without extensions, and with small limits.

mod database;
mod media;
mod rows;
#[cfg(test)]
mod tests;
mod types;
mod unpack;

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use zip::ZipArchive;

use crate::model::note_type::NoteTypeKind;

/// Is what a package holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The notes, in the order of their ids.
    pub notes: Vec<PackedNote>,
    /// The note types by id.
    pub note_types: BTreeMap<i64, PackedType>,
    /// The decks by id.
    pub decks: BTreeMap<i64, PackedDeck>,
    /// The SHA-1 of each medium by name.
    pub media: BTreeMap<String, [u8; 20]>,
}

impl Contents {
    /// Returns the name of the deck of a note's first card; an empty one where it has none.
    #[must_use]
    pub fn deck_of(&self, note: &PackedNote) -> &str {
        let deck = note.cards.first().and_then(|card| self.decks.get(&card.deck));
        deck.map_or("", |deck| &deck.name)
    }
}

/// Is a note as a package holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedNote {
    /// What Anki matches by.
    pub guid: String,
    /// Creation time in ms since 1970.
    pub id: i64,
    /// When it last changed, in s since 1970.
    pub modified: i64,
    /// The id of its note type.
    pub note_type: i64,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its fields, as HTML.
    pub fields: Vec<String>,
    /// Its cards, by ordinal.
    pub cards: Vec<PackedCard>,
}

/// Is a card as a package holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackedCard {
    /// The template's place, or the cloze number less one.
    pub ord: u32,
    /// The id of its deck.
    pub deck: i64,
}

/// Is a note type as a package holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedType {
    /// The name.
    pub name: String,
    /// Where its cards come from.
    pub kind: NoteTypeKind,
    /// When it last changed, in s since 1970.
    pub modified: i64,
    /// The style sheet.
    pub css: String,
    /// Index of the field that the browser sorts by.
    pub sort_field: usize,
    /// The fields in order.
    pub fields: Vec<PackedField>,
    /// The templates in order.
    pub templates: Vec<PackedTemplate>,
}

/// Is a field of a note type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedField {
    /// The name.
    pub name: String,
    /// What Anki recognises it by, where the package says it.
    pub id: Option<i64>,
}

/// Is a template of a note type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedTemplate {
    /// The name.
    pub name: String,
    /// What Anki recognises it by, where the package says it.
    pub id: Option<i64>,
    /// The question side.
    pub front: String,
    /// The answer side.
    pub back: String,
}

/// Is a deck as a package holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedDeck {
    /// The full name, parts joined by `::`.
    pub name: String,
    /// What the overview shows; may be empty.
    pub description: String,
}

/// Says why a file is no package that can be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// It is no package, or a damaged one.
    #[error("{0}")]
    Damaged(String),
    /// It is larger than what is taken.
    #[error("{0}")]
    TooLarge(String),
}

/// Returns what a package holds, without its media.
///
/// # Errors
/// When it is no package, is damaged, or is over the limits.
pub fn collection<R: Read + Seek>(package: R) -> Result<Contents, ReadError> {
    let mut archive = unpack::archive(package)?;
    opened(&mut archive)
}

/// Returns what a package holds, with a checksum of each medium.
///
/// # Errors
/// When it is no package, is damaged, or is over the limits.
pub fn contents<R: Read + Seek>(package: R) -> Result<Contents, ReadError> {
    let mut archive = unpack::archive(package)?;
    let mut contents = opened(&mut archive)?;
    check(&contents)?;
    contents.media = media::sums(&mut archive)?;
    Ok(contents)
}

/// Refuses what makes Anki refuse the whole package.
fn check(contents: &Contents) -> Result<(), ReadError> {
    for note in &contents.notes {
        let Some(note_type) = contents.note_types.get(&note.note_type) else {
            return Err(ReadError::Damaged(format!(
                "the note `{}` has a note type that it lacks",
                note.guid
            )));
        };
        let (found, expected) = (note.fields.len(), note_type.fields.len());
        if found != expected {
            let message =
                format!("the note `{}` has {found} fields, and its note type has {expected}", note.guid);
            return Err(ReadError::Damaged(message));
        }
        if note.cards.iter().any(|card| card.ord > u32::from(u16::MAX)) {
            return Err(ReadError::Damaged(format!(
                "a card of the note `{}` has no possible place",
                note.guid
            )));
        }
    }
    Ok(())
}

fn opened<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Contents, ReadError> {
    let folder = tempfile::Builder::new().prefix("deckc-read-").tempdir()?;
    let path = folder.path().join("collection.anki2");
    unpack::collection(archive, &path)?;
    let database = database::open(&path).map_err(damaged)?;
    let (note_types, decks) = types::read(&database).map_err(damaged)?;
    let notes = rows::notes(&database).map_err(damaged)?;
    drop(database);
    Ok(Contents { notes, note_types, decks, media: BTreeMap::new() })
}

#[expect(clippy::needless_pass_by_value, reason = "its callers pass it to `map_err`")]
fn damaged(error: rusqlite::Error) -> ReadError {
    ReadError::Damaged(format!("its collection cannot be read: {error}"))
}
