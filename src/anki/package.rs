//! Writes Anki packages (`.apkg`).
//!
//! The writer takes rows, not deckc's notes, and decides nothing about content: it derives what Anki wants
//! beside it (checksums, card and deck ids, tables of names) and lays the bytes out. Equal input gives equal
//! bytes: no clock, no random ids, no traces of the machine or of the number of threads.

mod btree;
mod container;
mod deflate;
mod dummy;
mod fault;
mod ids;
mod joined;
mod media;
mod record;
mod rows;
mod schema11;
mod schema18;

use std::io::{Read, Seek, Write};

pub use fault::{PackageFault, WriteError};

use super::deck_name::DeckName;
use crate::model::note_type::NoteType;

/// The two forms of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// `collection.anki21`: every client and add-on reads it.
    Legacy,
    /// `collection.anki21b`, compressed by Zstandard: Anki 23.10 and newer, `AnkiDroid` 2.17 and newer.
    Latest,
}

/// Everything a package holds.
#[derive(Debug, Clone, Copy)]
pub struct Package<'a> {
    /// The note types; one that no note uses is harmless.
    pub note_types: &'a [NoteType],
    /// The decks; parents that are not listed are added.
    pub decks: &'a [Deck],
    /// The notes, in any order.
    pub notes: &'a [NoteRow<'a>],
    /// The media files, in the order in which they will stand in the package.
    pub media: &'a [MediaEntry],
}

/// A deck of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deck {
    /// The full name.
    pub name: DeckName,
    /// What the overview shows; an empty one never clears what a learner has.
    pub description: Description,
}

/// The text on a deck's overview page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Description {
    /// Nothing.
    None,
    /// HTML.
    Html(String),
    /// Markdown, which Anki renders and cleans itself.
    Markdown(String),
}

/// A note, as one row.
#[derive(Debug, Clone, Copy)]
pub struct NoteRow<'a> {
    /// When the note came into being, in milliseconds since 1970; unique in the package.
    pub id: i64,
    /// What Anki recognises the note by; unique in the package.
    pub guid: &'a str,
    /// Index into the package's note types.
    pub note_type: usize,
    /// When the content last changed, in seconds since 1970.
    pub modified: i64,
    /// Tags as [`super::tag::normalize`] gives them.
    pub tags: &'a [String],
    /// HTML, one for every field of the note type.
    pub fields: &'a [String],
    /// Exactly the cards that Anki would make, see [`super::cards::CardRules`].
    pub cards: &'a [CardRow],
}

/// A card, which is always new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardRow {
    /// Index of the template, or cloze number less one.
    pub ord: u16,
    /// Index into the package's decks.
    pub deck: usize,
    /// The place among new cards, from 1; places above 999,999 share that one, because Anki takes no larger
    /// number.
    pub due: u32,
}

/// A media file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaEntry {
    /// The name that fields refer to, as [`super::media_name::normalize`] leaves it.
    pub name: String,
    /// Length in bytes.
    pub size: u64,
    /// SHA-1 of the content, which Anki stores and does not verify.
    pub sha1: [u8; 20],
}

/// Opens the content of the medium with that index; called once for each, in order.
pub type OpenMedia<'a> = &'a dyn Fn(usize) -> std::io::Result<Box<dyn Read>>;

/// Writes a package and returns the writer, flushed but not closed.
///
/// Media are streamed and compared with their declared size and SHA-1 on the way.
///
/// # Errors
/// What the package breaks (see [`PackageFault`]) before a byte is written; after that a medium that cannot
/// be read or changed meanwhile, or the writer's own error: then the output is not a package.
pub fn write<W: Write + Seek>(
    out: W,
    package: &Package<'_>,
    container: Container,
    open_media: OpenMedia<'_>,
) -> Result<W, WriteError> {
    fault::check(package)?;
    let mut out = match container {
        Container::Legacy => container::write_legacy(out, package, open_media)?,
        Container::Latest => container::write_latest(out, package, open_media)?,
    };
    out.flush()?;
    Ok(out)
}

/// Returns the collection that a package holds, as the bytes of an `SQLite` file.
///
/// # Errors
/// As [`write()`], before anything is written.
pub fn collection(package: &Package<'_>, container: Container) -> Result<Vec<u8>, WriteError> {
    fault::check(package)?;
    let plain = |pages: Vec<u8>| pages;
    let parts = match container {
        Container::Legacy => schema11::database(package, &plain)?,
        Container::Latest => schema18::database(package, &plain)?,
    };
    Ok(parts.concat())
}

#[cfg(test)]
mod tests;
