//! Schema 11, the collection of the legacy container: note types, decks and settings are JSON in one row.

use rusqlite::Connection;
use serde_json::{Value, json};

use super::btree::Pack;
use super::ids::DeckRow;
use super::rows::{self, created, description, tags};
use super::{Package, WriteError};
use crate::anki::note_types::{EDITOR_FONT, EDITOR_FONT_SIZE, LATEX_HEAD, LATEX_TAIL};
use crate::model::note_type::{NoteType, NoteTypeKind};

const TABLES: &str =
    "CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);";

/// Builds the collection.
pub(super) fn database<P: Send>(package: &Package<'_>, pack: Pack<'_, P>) -> Result<Vec<P>, WriteError> {
    rows::database(package, pack, TABLES, |connection, decks| fill(package, connection, decks))
}

fn fill(package: &Package<'_>, connection: &Connection, decks: &[DeckRow<'_>]) -> Result<(), WriteError> {
    let created = created(package);
    connection.execute(
        "INSERT INTO col VALUES (1, ?, ?, ?, 11, 0, 0, 0, ?, ?, ?, ?, ?)",
        (
            created,
            created * 1000,
            created * 1000,
            configuration(package).to_string(),
            by_id(package.note_types.iter().map(|note_type| (note_type.id, note_type_json(note_type))))
                .to_string(),
            by_id(decks.iter().map(|deck| (deck.id, deck_json(deck)))).to_string(),
            json!({ "1": preset() }).to_string(),
            Value::Object(tags(package).into_iter().map(|tag| (tag.to_owned(), json!(-1))).collect())
                .to_string(),
        ),
    )?;
    Ok(())
}

fn by_id(values: impl Iterator<Item = (i64, Value)>) -> Value {
    Value::Object(values.map(|(id, value)| (id.to_string(), value)).collect())
}

fn note_type_json(note_type: &NoteType) -> Value {
    let fields: Vec<_> = (0..)
        .zip(&note_type.fields)
        .map(|(ord, field): (usize, _)| {
            json!({
                "name": field.name,
                "ord": ord,
                "sticky": false,
                "rtl": false,
                "font": EDITOR_FONT,
                "size": EDITOR_FONT_SIZE,
                "description": field.description,
                "plainText": false,
                "collapsed": field.collapsed,
                "excludeFromSearch": false,
                "id": field.id,
                "tag": null,
                "preventDeletion": false,
                "media": [],
            })
        })
        .collect();
    let templates: Vec<_> = (0..)
        .zip(&note_type.templates)
        .map(|(ord, template): (usize, _)| {
            json!({
                "name": template.name,
                "ord": ord,
                "qfmt": template.front,
                "afmt": template.back,
                "bqfmt": "",
                "bafmt": "",
                "did": null,
                "bfont": "",
                "bsize": 0,
                "id": template.id,
            })
        })
        .collect();
    json!({
        "id": note_type.id,
        "name": note_type.name,
        "type": match note_type.kind { NoteTypeKind::Normal => 0, NoteTypeKind::Cloze => 1 },
        "mod": note_type.modified,
        "usn": -1,
        "sortf": note_type.sort_field,
        "did": null,
        "tmpls": templates,
        "flds": fields,
        "css": note_type.css,
        "latexPre": LATEX_HEAD,
        "latexPost": LATEX_TAIL,
        "latexsvg": false,
        "req": [],
        "tags": [],
        "vers": [],
    })
}

fn deck_json(deck: &DeckRow<'_>) -> Value {
    let (text, markdown) = description(deck);
    json!({
        "id": deck.id,
        "mod": 0,
        "name": deck.name.as_str(),
        "usn": -1,
        "lrnToday": [0, 0],
        "revToday": [0, 0],
        "newToday": [0, 0],
        "timeToday": [0, 0],
        "collapsed": true,
        "browserCollapsed": true,
        "desc": text,
        "md": markdown,
        "dyn": 0,
        "conf": 1,
        "extendNew": 0,
        "extendRev": 0,
    })
}

/// Anki's own first preset: a learner's collection has one already, which stays.
fn preset() -> Value {
    json!({
        "id": 1,
        "mod": 0,
        "name": "Default",
        "usn": 0,
        "maxTaken": 60,
        "autoplay": true,
        "timer": 0,
        "replayq": true,
        "new": { "bury": false, "delays": [1.0, 10.0], "initialFactor": 2500, "ints": [1, 4, 0], "order": 1, "perDay": 20 },
        "rev": { "bury": false, "ease4": 1.3, "ivlFct": 1.0, "maxIvl": 36500, "perDay": 200, "hardFactor": 1.2 },
        "lapse": { "delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0 },
        "dyn": false,
    })
}

/// The settings of a fresh collection; the importer looks at none of them.
fn configuration(package: &Package<'_>) -> Value {
    json!({
        "activeDecks": [1],
        "curDeck": 1,
        "curModel": package.note_types.first().map(|note_type| note_type.id),
        "nextPos": 1,
        "newSpread": 0,
        "collapseTime": 1200,
        "timeLim": 0,
        "estTimes": true,
        "dueCounts": true,
        "sortType": "noteFld",
        "sortBackwards": false,
        "addToCur": true,
        "dayLearnFirst": false,
        "schedVer": 2,
        "sched2021": true,
    })
}
