//! Reads packages: whose notes are in them, so that a release can stand in for a lost ledger.
//!
//! A package is foreign input. Sizes are counted while unpacking, since headers lie; the database is opened
//! from a private copy, read-only, checked, without extensions, and with small limits.

mod unpack;

use std::collections::HashMap;
use std::io::{Read, Seek};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

/// Is a note as a package holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedNote {
    /// What Anki matches by.
    pub guid: String,
    /// Creation time in ms since 1970.
    pub id: i64,
    /// When it last changed, in s since 1970.
    pub modified: i64,
    /// The name of its note type.
    pub note_type: String,
    /// The id of its note type.
    pub note_type_id: i64,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its fields, as HTML.
    pub fields: Vec<String>,
    /// The deck of its first card; empty where it has no card.
    pub deck: String,
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

/// How long reading the database may take.
const TIME: Duration = Duration::from_mins(1);

/// Returns the notes of a package, in the order of their ids.
///
/// # Errors
/// When it is no package, is damaged, or is over the limits.
pub fn notes<R: Read + Seek>(package: R) -> Result<Vec<PackedNote>, ReadError> {
    let folder = tempfile::Builder::new().prefix("deckc-read-").tempdir()?;
    let path = folder.path().join("collection.anki2");
    unpack::collection(package, &path)?;
    let database = open(&path).map_err(damaged)?;
    let notes = read(&database).map_err(damaged)?;
    drop(database);
    Ok(notes)
}

#[expect(clippy::needless_pass_by_value, reason = "its callers pass it to `map_err`")]
fn damaged(error: rusqlite::Error) -> ReadError {
    ReadError::Damaged(format!("its collection cannot be read: {error}"))
}

/// Opens a database that came from outside (after SQLite's own advice on untrusted files).
fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut database = Connection::open_with_flags(path, flags)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    database.set_limit(Limit::SQLITE_LIMIT_LENGTH, 32 << 20)?;
    database.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000)?;
    database.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    database.set_limit(Limit::SQLITE_LIMIT_EXPR_DEPTH, 100)?;
    database.execute_batch("PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;")?;
    // The newest container declares this collation on text columns.
    database.create_collation("unicase", |a, b| a.to_lowercase().cmp(&b.to_lowercase()))?;
    let deadline = Deadline::new(TIME);
    database.progress_handler(10_000, Some(move || deadline.is_over()))?;
    let check: String = database.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if check != "ok" {
        return Err(rusqlite::Error::InvalidParameterName(check));
    }
    Ok(database)
}

/// Stops a hostile query. Never part of any output.
struct Deadline(std::time::Instant, Duration);

impl Deadline {
    fn new(limit: Duration) -> Self {
        Deadline(std::time::Instant::now(), limit)
    }

    fn is_over(&self) -> bool {
        self.0.elapsed() > self.1
    }
}

fn read(database: &Connection) -> rusqlite::Result<Vec<PackedNote>> {
    for table in ["col", "notes", "cards"] {
        let kind: String =
            database
                .query_row("SELECT type FROM sqlite_master WHERE name = ?1", [table], |row| row.get(0))?;
        if kind != "table" {
            return Err(rusqlite::Error::InvalidParameterName(format!("`{table}` is a {kind}")));
        }
    }
    let version: i64 = database.query_row("SELECT ver FROM col", [], |row| row.get(0))?;
    let (types, decks) = if version >= 15 { named_tables(database)? } else { named_json(database)? };
    let mut decks_of: HashMap<i64, i64> = HashMap::new();
    let mut statement = database.prepare("SELECT nid, did FROM cards ORDER BY nid, ord")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        decks_of.entry(row.get(0)?).or_insert(row.get(1)?);
    }
    let mut statement = database.prepare("SELECT id, guid, mod, mid, tags, flds FROM notes ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut notes = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, note_type_id): (i64, i64) = (row.get(0)?, row.get(3)?);
        let tags: String = row.get(4)?;
        let fields: String = row.get(5)?;
        let deck = decks_of.get(&id).and_then(|deck| decks.get(deck)).cloned().unwrap_or_default();
        notes.push(PackedNote {
            guid: row.get(1)?,
            id,
            modified: row.get(2)?,
            note_type: types.get(&note_type_id).cloned().unwrap_or_default(),
            note_type_id,
            tags: tags.split_whitespace().map(str::to_owned).collect(),
            fields: fields.split('\u{1f}').map(str::to_owned).collect(),
            deck,
        });
    }
    Ok(notes)
}

type Names = HashMap<i64, String>;

/// Schema 18: names in tables of their own, the parts of a deck name joined by U+001F.
fn named_tables(database: &Connection) -> rusqlite::Result<(Names, Names)> {
    let names = |sql: &str| -> rusqlite::Result<Names> {
        let mut statement = database.prepare(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| row.map(|(id, name)| (id, name.replace('\u{1f}', "::")))).collect()
    };
    Ok((names("SELECT id, name FROM notetypes")?, names("SELECT id, name FROM decks")?))
}

/// Schema 11: names in JSON columns, keyed by id.
fn named_json(database: &Connection) -> rusqlite::Result<(Names, Names)> {
    let (models, decks): (String, String) =
        database.query_row("SELECT models, decks FROM col", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let names = |json: &str| -> rusqlite::Result<Names> {
        let value: serde_json::Value = serde_json::from_str(json)
            .map_err(|error| rusqlite::Error::InvalidParameterName(format!("its JSON is broken: {error}")))?;
        let entries = value.as_object().into_iter().flatten();
        let named = entries
            .filter_map(|(id, entry)| Some((id.parse().ok()?, entry.get("name")?.as_str()?.to_owned())));
        Ok(named.collect())
    };
    Ok((names(&models)?, names(&decks)?))
}
