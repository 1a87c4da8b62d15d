//! The rows that both schemas share, and the database that holds them.

use std::borrow::Cow;

use rayon::prelude::ParallelIterator;
use rayon::slice::ParallelSlice;
use rusqlite::types::Value;
use rusqlite::{Connection, MAIN_DB};

use super::btree::{File, PAGE, Pack, Run};
use super::ids::{CardId, DeckRow, Decks, cards, decks, order};
use super::record::{Cell, encode};
use super::{Package, WriteError};
use crate::anki::checksum::{checksum_of, sort_text};
use crate::anki::note_types::MODIFIED;
use crate::anki::{tag, text};

/// How many notes are laid out, and compressed, by themselves: about 1 MiB.
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

/// Builds a collection: `fill` adds the rows of the small tables, `more_tables` among them, while the notes and cards are laid out.
/// Returns the database file, in parts that do not depend on the number of threads.
pub(super) fn database<P: Send>(
    package: &Package<'_>,
    pack: Pack<'_, P>,
    more_tables: &str,
    fill: impl FnOnce(&Connection, &[DeckRow<'_>]) -> Result<(), WriteError> + Send,
) -> Result<Vec<P>, WriteError> {
    let Decks { rows: deck_rows, ids: deck_ids } = decks(package.decks);
    let order = order(package.notes);
    let notes = || {
        let batches = order.par_chunks(BATCH);
        batches.map(|batch| Ok(notes(package, batch)?.end(pack))).collect::<Result<_, WriteError>>()
    };
    let cards = || {
        let cards = cards(package.notes, &order);
        let batches = cards.par_chunks(4 * BATCH);
        batches.map(|batch| card_rows(package, batch, &deck_ids).end(pack)).collect()
    };
    let head = || head(more_tables, |connection| fill(connection, &deck_rows));
    let ((head, cards), notes) = rayon::join(|| rayon::join(head, cards), notes);
    let Head { file, notes_root, cards_root } = head?;
    let mut file = File::new(file, pack);
    file.append(notes_root, notes?);
    file.append(cards_root, cards);
    Ok(file.finish())
}

/// Is a database whose large tables are empty.
struct Head {
    file: Vec<u8>,
    /// The root pages of the large tables.
    notes_root: usize,
    cards_root: usize,
}

/// Creates the tables and fills the small ones, in one transaction without a journal: on any error all is dropped.
fn head(
    more_tables: &str,
    fill: impl FnOnce(&Connection) -> Result<(), WriteError>,
) -> Result<Head, WriteError> {
    let mut connection = Connection::open_in_memory()?;
    // Anki takes any page size. Larger pages than the usual 4096 bytes waste less on notes, so that there
    // is less to write and to compress: a twelfth on notes of 800 bytes.
    connection.execute_batch(&format!(
        "PRAGMA page_size = {PAGE}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;"
    ))?;
    connection.execute_batch("BEGIN")?;
    connection.execute_batch(TABLES)?;
    connection.execute_batch(more_tables)?;
    fill(&connection)?;
    connection.execute_batch("COMMIT")?;
    let root = |table: &str| {
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?";
        connection.query_row(sql, (table,), |row| row.get::<_, u32>(0))
    };
    let (notes_root, cards_root) = (root("notes")? as usize, root("cards")? as usize);
    Ok(Head { file: connection.serialize(MAIN_DB)?.to_vec(), notes_root, cards_root })
}

/// Returns when the collection began, in seconds: with its first note.
pub(super) fn created(package: &Package<'_>) -> i64 {
    package.notes.iter().map(|note| note.id / 1000).min().unwrap_or(MODIFIED)
}

/// Returns all tags of the package, sorted, each once.
pub(super) fn tags<'p>(package: &Package<'p>) -> std::collections::BTreeSet<&'p str> {
    // Neighbours mostly have the same tags.
    let neighbours = package.notes.chunk_by(|a, b| a.tags == b.tags).filter_map(|notes| notes.first());
    neighbours.flat_map(|note| note.tags).map(String::as_str).collect()
}

/// Returns a deck's description and whether it is Markdown.
pub(super) fn description<'d>(deck: &DeckRow<'d>) -> (&'d str, bool) {
    match deck.description {
        super::Description::None => ("", false),
        super::Description::Html(html) => (html, false),
        super::Description::Markdown(markdown) => (markdown, true),
    }
}

/// Returns the rows of the notes with these indices.
fn notes(package: &Package<'_>, batch: &[usize]) -> Result<Run, rusqlite::Error> {
    let size =
        |note: &usize| 80 + package.notes[*note].fields.iter().map(|field| field.len() + 1).sum::<usize>();
    let mut run = Run::with_capacity(batch.iter().map(size).sum::<usize>() * 17 / 16 + PAGE);
    let (mut record, mut numbers) = (Vec::new(), Numbers(None));
    for note in batch.iter().map(|note| &package.notes[*note]) {
        let fields: Vec<Cow<'_, str>> = note.fields.iter().map(|html| text::field(html)).collect();
        let note_type = &package.note_types[note.note_type];
        let field = |index: usize| fields.get(index).map_or("", |field| &**field);
        let first = sort_text(field(0));
        let checksum = checksum_of(&first);
        let sort = match note_type.sort_field {
            0 => first,
            index => sort_text(field(index)),
        };
        let tags = tag::column(note.tags);
        let cells = [
            Cell::Null,
            Cell::Text(note.guid),
            Cell::Integer(note_type.id),
            Cell::Integer(note.modified),
            Cell::Integer(-1),
            Cell::Text(&tags),
            Cell::Joined(&fields),
            numbers.cell(&sort)?,
            Cell::Integer(i64::from(checksum)),
            Cell::Integer(0),
            Cell::Text(""),
        ];
        encode(&cells, &mut record);
        run.push(note.id, &record);
    }
    Ok(run)
}

/// Decides which texts are numbers in a column of integers, as `sfld` is: `SQLite` itself says so.
struct Numbers(Option<Connection>);

impl Numbers {
    fn cell<'t>(&mut self, text: &'t str) -> Result<Cell<'t>, rusqlite::Error> {
        let numeric = |byte: u8| byte.is_ascii_digit() || b"+-.eE \t\n\x0b\x0c\r".contains(&byte);
        // Hardly any question is made of such characters alone.
        if !text.bytes().all(numeric) {
            return Ok(Cell::Text(text));
        }
        let connection = match self.0.take() {
            Some(connection) => connection,
            None => {
                let connection = Connection::open_in_memory()?;
                connection.execute_batch("CREATE TABLE sample (value integer)")?;
                connection
            }
        };
        connection.execute("INSERT INTO sample VALUES (?)", (text,))?;
        let value = connection.query_row("DELETE FROM sample RETURNING value", (), |row| row.get(0))?;
        self.0 = Some(connection);
        Ok(match value {
            Value::Integer(number) => Cell::Integer(number),
            Value::Real(number) => Cell::Real(number),
            Value::Null | Value::Text(_) | Value::Blob(_) => Cell::Text(text),
        })
    }
}

/// Returns the rows of these cards.
fn card_rows(package: &Package<'_>, batch: &[CardId], deck_ids: &[i64]) -> Run {
    let mut run = Run::with_capacity(batch.len() * 56);
    let mut record = Vec::new();
    let zero = || Cell::Integer(0);
    for CardId { id, note, card } in batch {
        let note = &package.notes[*note];
        let card = &note.cards[*card];
        let due = card.due.clamp(1, LARGEST_DUE);
        let cells = [
            Cell::Null,
            Cell::Integer(note.id),
            Cell::Integer(deck_ids[card.deck]),
            Cell::Integer(i64::from(card.ord)),
            // Anki stores a card's `mod` and compares it with nothing; the note's birth never changes.
            Cell::Integer(note.id / 1000),
            Cell::Integer(-1),
            zero(),
            zero(),
            Cell::Integer(i64::from(due)),
            zero(),
            zero(),
            zero(),
            zero(),
            zero(),
            zero(),
            zero(),
            zero(),
            Cell::Text(""),
        ];
        encode(&cells, &mut record);
        run.push(*id, &record);
    }
    run
}
