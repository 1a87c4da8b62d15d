//! Packages, read back from the file that the program wrote.

use std::io::{Cursor, Read as _};

use rusqlite::Connection;

use crate::support::process::Scratch;

/// Returns the database of a legacy package.
fn database(scratch: &Scratch, package: &str) -> Connection {
    let mut archive = zip::ZipArchive::new(Cursor::new(scratch.read(package))).expect("it is an archive");
    let mut bytes = Vec::new();
    let mut member = archive.by_name("collection.anki21").expect("it holds a collection");
    member.read_to_end(&mut bytes).expect("the member is read");
    scratch.write("collection.db", bytes);
    Connection::open(scratch.join("collection.db")).expect("it is a database")
}

#[test]
fn the_description_of_a_front_matter_is_the_decks_in_the_package() {
    let scratch = Scratch::new();
    scratch.write(
        "notes/geo.md",
        "---\ndeck: Geo\ndescription: |\n  Rivers & *capitals*.\n\n  By \"us\".\n---\nQ: a\nA: b\n",
    );
    scratch.write("notes/other.md", "Q: c\nA: d\n");
    scratch.deckc(&["build", "--format", "apkg", "--container", "legacy"]).exits(0);
    let connection = database(&scratch, "build-output/notes.apkg");
    let decks = "SELECT value->>'name', value->>'desc' FROM col, json_each(col.decks) ORDER BY 1";
    let mut statement = connection.prepare(decks).expect("a query");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    let found: Vec<(String, String)> = rows.map(|row| row.expect("a row")).collect();
    let expected = [("Default", ""), ("Geo", "Rivers & *capitals*.\n\nBy \"us\"."), ("other", "")];
    assert_eq!(found, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
}
