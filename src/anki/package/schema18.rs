//! Schema 18, the collection of the latest container: note types, decks and settings have tables of their
//! own.
//!
//! Anki compares the names in these tables by a collation of its own. It is left out here: the importer does
//! without it (tried on 2.1.66 to 26.9), and with it no other program could query the tables.

use rusqlite::Connection;

use super::btree::Pack;
use super::ids::DeckRow;
use super::rows::{self, created, description, tags};
use super::{Package, WriteError};
use crate::anki::protobuf;

const TABLES: &str = "
CREATE TABLE deck_config (id integer PRIMARY KEY NOT NULL, name text NOT NULL, mtime_secs integer NOT NULL, usn integer NOT NULL, config blob NOT NULL);
CREATE TABLE config (KEY text NOT NULL PRIMARY KEY, usn integer NOT NULL, mtime_secs integer NOT NULL, val blob NOT NULL) WITHOUT ROWID;
CREATE TABLE fields (ntid integer NOT NULL, ord integer NOT NULL, name text NOT NULL, config blob NOT NULL, PRIMARY KEY (ntid, ord)) WITHOUT ROWID;
CREATE TABLE templates (ntid integer NOT NULL, ord integer NOT NULL, name text NOT NULL, mtime_secs integer NOT NULL, usn integer NOT NULL,
  config blob NOT NULL, PRIMARY KEY (ntid, ord)) WITHOUT ROWID;
CREATE TABLE notetypes (id integer NOT NULL PRIMARY KEY, name text NOT NULL, mtime_secs integer NOT NULL, usn integer NOT NULL, config blob NOT NULL);
CREATE TABLE decks (id integer PRIMARY KEY NOT NULL, name text NOT NULL, mtime_secs integer NOT NULL, usn integer NOT NULL, common blob NOT NULL, kind blob NOT NULL);
CREATE TABLE tags (tag text NOT NULL PRIMARY KEY, usn integer NOT NULL, collapsed boolean NOT NULL, config blob NULL) WITHOUT ROWID;
CREATE TABLE graves (oid integer NOT NULL, type integer NOT NULL, usn integer NOT NULL, PRIMARY KEY (oid, type)) WITHOUT ROWID;";

/// The settings of a fresh collection, as JSON; the importer looks at none of them.
const SETTINGS: [(&str, &str); 14] = [
    ("activeDecks", "[1]"),
    ("addToCur", "true"),
    ("collapseTime", "1200"),
    ("creationOffset", "0"),
    ("curDeck", "1"),
    ("dayLearnFirst", "false"),
    ("dueCounts", "true"),
    ("estTimes", "true"),
    ("newSpread", "0"),
    ("nextPos", "1"),
    ("sched2021", "true"),
    ("schedVer", "2"),
    ("sortBackwards", "false"),
    ("sortType", "\"noteFld\""),
];

/// Builds the collection.
pub(super) fn database<P: Send>(package: &Package<'_>, pack: Pack<'_, P>) -> Result<Vec<P>, WriteError> {
    rows::database(package, pack, TABLES, |connection, decks| fill(package, connection, decks))
}

fn fill(package: &Package<'_>, connection: &Connection, decks: &[DeckRow<'_>]) -> Result<(), WriteError> {
    let created = created(package);
    connection.execute(
        "INSERT INTO col VALUES (1, ?, ?, ?, 18, 0, 0, 0, '', '', '', '', '')",
        (created, created * 1000, created * 1000),
    )?;
    for (key, value) in SETTINGS {
        connection.execute("INSERT INTO config VALUES (?, 0, 0, ?)", (key, value.as_bytes()))?;
    }
    connection.execute("INSERT INTO deck_config VALUES (1, 'Default', 0, 0, ?)", (protobuf::preset(),))?;
    for deck in decks {
        let (text, markdown) = description(deck);
        connection.execute(
            "INSERT INTO decks VALUES (?, ?, 0, -1, ?, ?)",
            (
                deck.id,
                deck.name.as_str().replace("::", "\u{1f}"),
                protobuf::deck_common(),
                protobuf::deck_kind(text, markdown),
            ),
        )?;
    }
    for note_type in package.note_types {
        connection.execute(
            "INSERT INTO notetypes VALUES (?, ?, ?, -1, ?)",
            (note_type.id, &note_type.name, note_type.modified, protobuf::note_type(note_type)),
        )?;
        for (ord, field) in (0_u32..).zip(&note_type.fields) {
            connection.execute(
                "INSERT INTO fields VALUES (?, ?, ?, ?)",
                (note_type.id, ord, &field.name, protobuf::field(field)),
            )?;
        }
        for (ord, template) in (0_u32..).zip(&note_type.templates) {
            connection.execute(
                "INSERT INTO templates VALUES (?, ?, ?, ?, -1, ?)",
                (note_type.id, ord, &template.name, note_type.modified, protobuf::template(template)),
            )?;
        }
    }
    for tag in tags(package) {
        connection.execute("INSERT INTO tags VALUES (?, -1, 0, NULL)", (tag,))?;
    }
    Ok(())
}
