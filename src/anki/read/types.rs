//! Note types and decks: JSON columns up to schema 14, tables of protobuf messages from 15 on.

use std::collections::BTreeMap;

use prost::Message;
use rusqlite::Connection;
use serde::Deserialize;

use super::{PackedDeck, PackedField, PackedTemplate, PackedType};
use crate::anki::protobuf::{DeckKind, FieldConfig, NoteTypeConfig, TemplateConfig};
use crate::model::note_type::NoteTypeKind;

type Types = BTreeMap<i64, PackedType>;
type Decks = BTreeMap<i64, PackedDeck>;

/// Returns the note types and the decks by id.
pub(super) fn read(database: &Connection) -> rusqlite::Result<(Types, Decks)> {
    let version: i64 = database.query_row("SELECT ver FROM col", [], |row| row.get(0))?;
    if version >= 15 { tables(database) } else { columns(database) }
}

fn broken(error: impl std::fmt::Display) -> rusqlite::Error {
    rusqlite::Error::InvalidParameterName(error.to_string())
}

fn tables(database: &Connection) -> rusqlite::Result<(Types, Decks)> {
    let mut types = Types::new();
    let mut statement = database.prepare("SELECT id, name, mtime_secs, config FROM notetypes")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let config = NoteTypeConfig::decode(row.get_ref(3)?.as_blob()?).map_err(broken)?;
        let note_type = PackedType {
            name: row.get(1)?,
            kind: kind(config.kind),
            modified: row.get(2)?,
            css: config.css,
            sort_field: config.sort_field as usize,
            fields: Vec::new(),
            templates: Vec::new(),
        };
        types.insert(row.get(0)?, note_type);
    }
    let mut statement = database.prepare("SELECT ntid, name, config FROM fields ORDER BY ntid, ord")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let config = FieldConfig::decode(row.get_ref(2)?.as_blob()?).map_err(broken)?;
        if let Some(note_type) = types.get_mut(&row.get(0)?) {
            note_type.fields.push(PackedField { name: row.get(1)?, id: config.id });
        }
    }
    let mut statement = database.prepare("SELECT ntid, name, config FROM templates ORDER BY ntid, ord")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let TemplateConfig { front, back, id } =
            TemplateConfig::decode(row.get_ref(2)?.as_blob()?).map_err(broken)?;
        if let Some(note_type) = types.get_mut(&row.get(0)?) {
            note_type.templates.push(PackedTemplate { name: row.get(1)?, id, front, back });
        }
    }
    let mut decks = Decks::new();
    let mut statement = database.prepare("SELECT id, name, kind FROM decks")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let kind = DeckKind::decode(row.get_ref(2)?.as_blob()?).map_err(broken)?;
        // The parts of a deck's name are joined by U+001F here.
        let name = row.get_ref(1)?.as_str()?.replace('\u{1f}', "::");
        let description = kind.normal.map(|normal| normal.description).unwrap_or_default();
        decks.insert(row.get(0)?, PackedDeck { name, description });
    }
    Ok((types, decks))
}

/// 0 normal, 1 cloze, in both schemas.
fn kind(number: u32) -> NoteTypeKind {
    if number == 1 { NoteTypeKind::Cloze } else { NoteTypeKind::Normal }
}

#[derive(Deserialize)]
struct Model {
    name: String,
    r#type: u32,
    #[serde(rename = "mod")]
    modified: i64,
    #[serde(default)]
    css: String,
    #[serde(default)]
    sortf: usize,
    flds: Vec<Named>,
    tmpls: Vec<Sides>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    id: Option<i64>,
}

#[derive(Deserialize)]
struct Sides {
    name: String,
    id: Option<i64>,
    qfmt: String,
    #[serde(default)]
    afmt: String,
}

#[derive(Deserialize)]
struct Described {
    name: String,
    #[serde(default)]
    desc: String,
}

fn columns(database: &Connection) -> rusqlite::Result<(Types, Decks)> {
    let (models, decks): (String, String) =
        database.query_row("SELECT models, decks FROM col", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let json = |error: serde_json::Error| broken(format!("its JSON is broken: {error}"));
    let models: BTreeMap<String, Model> = serde_json::from_str(&models).map_err(json)?;
    let decks: BTreeMap<String, Described> = serde_json::from_str(&decks).map_err(json)?;
    let types = models.into_iter().filter_map(|(id, model)| Some((id.parse().ok()?, packed(model))));
    let decks = decks.into_iter().filter_map(|(id, deck)| {
        Some((id.parse().ok()?, PackedDeck { name: deck.name, description: deck.desc }))
    });
    Ok((types.collect(), decks.collect()))
}

fn packed(model: Model) -> PackedType {
    let field = |field: Named| PackedField { name: field.name, id: field.id };
    let template =
        |sides: Sides| PackedTemplate { name: sides.name, id: sides.id, front: sides.qfmt, back: sides.afmt };
    PackedType {
        name: model.name,
        kind: kind(model.r#type),
        modified: model.modified,
        css: model.css,
        sort_field: model.sortf,
        fields: model.flds.into_iter().map(field).collect(),
        templates: model.tmpls.into_iter().map(template).collect(),
    }
}
