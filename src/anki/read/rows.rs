//! The rows of notes and cards.

use std::collections::HashMap;

use rusqlite::Connection;

use super::{PackedCard, PackedNote};

/// Returns the notes with their cards, in the order of their ids.
pub(super) fn notes(database: &Connection) -> rusqlite::Result<Vec<PackedNote>> {
    let mut cards = cards(database)?;
    let mut statement = database.prepare("SELECT id, guid, mod, mid, tags, flds FROM notes ORDER BY id")?;
    let rows = statement.query_map([], |row| {
        let id = row.get(0)?;
        let tags = row.get_ref(4)?.as_str()?;
        let fields = row.get_ref(5)?.as_str()?;
        Ok(PackedNote {
            guid: row.get(1)?,
            id,
            modified: row.get(2)?,
            note_type: row.get(3)?,
            tags: tags.split_whitespace().map(str::to_owned).collect(),
            fields: fields.split('\u{1f}').map(str::to_owned).collect(),
            cards: cards.remove(&id).unwrap_or_default(),
        })
    })?;
    rows.collect()
}

/// Returns the cards by note.
fn cards(database: &Connection) -> rusqlite::Result<HashMap<i64, Vec<PackedCard>>> {
    let mut cards: HashMap<i64, Vec<PackedCard>> = HashMap::new();
    // Of a card in a filtered deck, its home counts.
    let mut statement = database
        .prepare("SELECT nid, ord, CASE odid WHEN 0 THEN did ELSE odid END FROM cards ORDER BY nid, ord")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let card = PackedCard { ord: row.get(1)?, deck: row.get(2)? };
        cards.entry(row.get(0)?).or_default().push(card);
    }
    Ok(cards)
}
