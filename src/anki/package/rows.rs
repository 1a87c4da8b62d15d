//! The rows that both schemas share, and the database in memory that holds them.

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use rusqlite::serialize::{Data, OwnedData};
use rusqlite::{Connection, MAIN_DB};

use super::ids::{CardId, DeckRow, Decks, cards, decks, order};
use super::{NoteRow, Package, WriteError};
use crate::anki::checksum::{checksum_of, sort_text};
use crate::anki::note_types::MODIFIED;
use crate::anki::{tag, text};

/// How many notes are prepared while the notes before them are inserted.
const BATCH: usize = 2048;

/// The largest place among new cards that Anki's database check accepts.
const LARGEST_DUE: u32 = 999_999;

/// Tables and columns as in Anki; `sfld` is an integer on purpose, so that numbers sort as numbers.
///
/// Anki's indexes are left out. The importer reads whole tables and rebuilds the database when it upgrades
/// the schema: without them 100,000 notes import no slower on 2.1.66 and 26.9, the file is an eighth smaller,
/// and it is written a tenth faster.
const TABLES: &str = "
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL, ver integer NOT NULL, dty integer NOT NULL,
  usn integer NOT NULL, ls integer NOT NULL, conf text NOT NULL, models text NOT NULL, decks text NOT NULL, dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL, tags text NOT NULL,
  flds text NOT NULL, sfld integer NOT NULL, csum integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL,
  type integer NOT NULL, queue integer NOT NULL, due integer NOT NULL, ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL,
  lapses integer NOT NULL, left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL, ivl integer NOT NULL,
  lastIvl integer NOT NULL, factor integer NOT NULL, time integer NOT NULL, type integer NOT NULL);";

/// A collection that is being built, in one transaction without a journal: on any error it is dropped.
pub(super) struct Builder<'p> {
    pub(super) connection: Connection,
    pub(super) decks: Decks<'p>,
}

impl<'p> Builder<'p> {
    /// Creates the tables and writes notes and cards.
    pub(super) fn new(package: &'p Package<'p>, more_tables: &str) -> Result<Self, WriteError> {
        let mut connection = Connection::open_in_memory()?;
        // Anki takes any page size. Larger pages than the usual 4096 bytes waste less on notes, so that there
        // is less to write and to compress: a twelfth on notes of 800 bytes.
        connection.execute_batch(
            "PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536;",
        )?;
        connection.execute_batch("BEGIN")?;
        connection.execute_batch(TABLES)?;
        connection.execute_batch(more_tables)?;
        let decks = decks(package.decks);
        let order = order(package.notes);
        insert_notes(&mut connection, package, &order)?;
        insert_cards(&connection, package, &cards(package.notes, &order), &decks.ids)?;
        Ok(Self { connection, decks })
    }

    /// Returns the bytes of the database file.
    pub(super) fn finish(mut self) -> Result<Database, WriteError> {
        self.connection.execute_batch("COMMIT")?;
        let database = match self.connection.serialize(MAIN_DB)? {
            Data::Owned(bytes) => Database::Owned(bytes),
            Data::Shared(bytes) => Database::Copied(bytes.to_vec()),
        };
        Ok(database)
    }
}

/// The bytes of a database file.
pub(super) enum Database {
    /// As `SQLite` handed them over.
    Owned(OwnedData),
    /// A copy, where `SQLite` would only lend them.
    Copied(Vec<u8>),
}

impl std::ops::Deref for Database {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            Self::Copied(bytes) => bytes,
        }
    }
}

/// Returns when the collection began, in seconds: with its first note.
pub(super) fn created(package: &Package<'_>) -> i64 {
    package.notes.iter().map(|note| note.id / 1000).min().unwrap_or(MODIFIED)
}

/// Returns all tags of the package, sorted, each once.
pub(super) fn tags<'p>(package: &Package<'p>) -> std::collections::BTreeSet<&'p str> {
    package.notes.iter().flat_map(|note| note.tags).map(String::as_str).collect()
}

/// Returns a deck's description and whether it is Markdown.
pub(super) fn description<'d>(deck: &DeckRow<'d>) -> (&'d str, bool) {
    match deck.description {
        super::Description::None => ("", false),
        super::Description::Html(html) => (html, false),
        super::Description::Markdown(markdown) => (markdown, true),
    }
}

struct Prepared {
    fields: String,
    sort_text: String,
    checksum: u32,
    tags: String,
}

fn insert_notes(
    connection: &mut Connection,
    package: &Package<'_>,
    order: &[usize],
) -> Result<(), WriteError> {
    let mut batches = order.chunks(BATCH);
    let mut current = batches.next().map(|batch| (batch, prepare_all(package, batch)));
    while let Some((batch, rows)) = current {
        let next = batches.next();
        let (inserted, prepared) = rayon::join(
            || insert_batch(connection, package, batch, &rows),
            || next.map(|batch| (batch, prepare_all(package, batch))),
        );
        inserted?;
        current = prepared;
    }
    Ok(())
}

fn prepare_all(package: &Package<'_>, batch: &[usize]) -> Vec<Prepared> {
    batch.par_iter().map(|&note| prepare(package, &package.notes[note])).collect()
}

fn prepare(package: &Package<'_>, note: &NoteRow<'_>) -> Prepared {
    let mut fields = String::with_capacity(note.fields.iter().map(|field| field.len() + 1).sum());
    for (index, html) in note.fields.iter().enumerate() {
        if index > 0 {
            fields.push('\u{1f}');
        }
        fields.push_str(&text::field(html));
    }
    let field = |index| fields.split('\u{1f}').nth(index).unwrap_or_default();
    let first = sort_text(field(0));
    let checksum = checksum_of(&first);
    let sort_text = match package.note_types[note.note_type].sort_field {
        0 => first,
        index => sort_text(field(index)),
    };
    Prepared { checksum, sort_text: sort_text.into_owned(), tags: tag::column(note.tags), fields }
}

fn insert_batch(
    connection: &mut Connection,
    package: &Package<'_>,
    batch: &[usize],
    rows: &[Prepared],
) -> Result<(), rusqlite::Error> {
    let mut insert = connection.prepare("INSERT INTO notes VALUES (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')")?;
    for (&note, row) in batch.iter().zip(rows) {
        let note = &package.notes[note];
        let note_type = package.note_types[note.note_type].id;
        insert.execute((
            note.id,
            note.guid,
            note_type,
            note.modified,
            &row.tags,
            &row.fields,
            &row.sort_text,
            row.checksum,
        ))?;
    }
    Ok(())
}

fn insert_cards(
    connection: &Connection,
    package: &Package<'_>,
    cards: &[CardId],
    deck_ids: &[i64],
) -> Result<(), rusqlite::Error> {
    let mut insert = connection
        .prepare("INSERT INTO cards VALUES (?, ?, ?, ?, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')")?;
    for CardId { id, note, card } in cards {
        let note = &package.notes[*note];
        let card = &note.cards[*card];
        let due = card.due.clamp(1, LARGEST_DUE);
        // Anki stores a card's `mod` and compares it with nothing; the note's birth never changes.
        insert.execute((id, note.id, deck_ids[card.deck], card.ord, note.id / 1000, due))?;
    }
    Ok(())
}
