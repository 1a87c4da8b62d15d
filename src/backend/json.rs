//! The collection as one JSON document, described by `docs/schema/deckc-1.schema.json`.
//!
//! Written note by note, one on each line, so that memory does not grow with the deck and a difference reads well.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::{Backend, Choice, Context, EmitError, Emitted, Feature, Output};
use crate::model::note_type::Template;
use crate::model::text::Block;
use crate::model::{BuiltIn, Collection, Identity, Note, OwnedType, Owner};
use crate::plain::{self, Clozes, Links, Style};
use crate::source::{Position, SourceMap, Span};

/// The version of the document. It grows when a reader of the old document would misread a new one.
pub const VERSION: u32 = 1;

/// Writes JSON.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json;

impl Backend for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn summary(&self) -> &'static str {
        "everything deckc knows of the notes, for other programs"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("json")
    }

    fn carries(&self) -> &[Feature] {
        &Feature::ALL
    }

    fn emit(
        &self,
        collection: &Collection,
        context: &Context<'_>,
        out: &mut dyn Output,
    ) -> Result<Emitted, EmitError> {
        let mut file = BufWriter::new(out.create(&format!("{}.json", context.stem))?);
        let sources = match context.options.spans {
            Choice::On => Some(context.sources),
            Choice::Off => None,
        };
        write_document(&mut file, collection, sources)?;
        file.flush()?;
        Ok(Emitted::default())
    }
}

/// Writes the document; with `sources` each note says where it stands.
pub(super) fn write_document(
    out: &mut impl Write,
    collection: &Collection,
    sources: Option<&SourceMap>,
) -> io::Result<()> {
    writeln!(out, "{{\n\"version\": {VERSION},")?;
    writeln!(out, "\"generator\": \"deckc {}\",", env!("CARGO_PKG_VERSION"))?;
    write!(out, "\"project\": ")?;
    serde_json::to_writer(&mut *out, collection.name())?;
    write_list(out, "decks", collection.decks().iter())?;
    write_list(out, "note_types", collection.note_types().iter().map(note_type))?;
    let notes = collection.rendered().zip(collection.cards()).map(|((note, rendered), cards)| {
        let source = sources.map(|sources| Place::of(note.span, sources));
        JsonNote::new(note, rendered, cards, source, collection)
    });
    write_list(out, "notes", notes)?;
    write_list(out, "media", collection.media().iter())?;
    writeln!(out, "\n}}")
}

fn write_list<T: Serialize>(
    out: &mut impl Write,
    name: &str,
    items: impl Iterator<Item = T>,
) -> io::Result<()> {
    write!(out, ",\n\"{name}\": [")?;
    let mut empty = true;
    for item in items {
        out.write_all(if empty { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &item)?;
        empty = false;
    }
    out.write_all(if empty { b"]" } else { b"\n]" })
}

/// Key and owner together name a note type: those of a note are its note type's.
#[derive(Serialize)]
struct JsonNoteType<'a> {
    key: BuiltIn,
    owner: Owner,
    id: i64,
    name: &'a str,
    cloze: bool,
    fields: &'static [&'static str],
    templates: Vec<JsonTemplate<'a>>,
    css: &'a str,
}

#[derive(Serialize)]
struct JsonTemplate<'a> {
    name: &'a str,
    front: &'a str,
    back: &'a str,
}

impl<'a> JsonTemplate<'a> {
    fn new(template: &'a Template) -> Self {
        Self { name: &template.name, front: &template.front, back: &template.back }
    }
}

fn note_type(owned: &OwnedType) -> JsonNoteType<'_> {
    let OwnedType { built_in, owner, note_type } = owned;
    JsonNoteType {
        key: *built_in,
        owner: *owner,
        id: note_type.id,
        name: &note_type.name,
        cloze: built_in.is_cloze(),
        fields: built_in.fields(),
        templates: note_type.templates.iter().map(JsonTemplate::new).collect(),
        css: &note_type.css,
    }
}

#[derive(Serialize)]
struct JsonNote<'a> {
    guid: &'a str,
    id: i64,
    modified: i64,
    note_type: BuiltIn,
    owner: Owner,
    deck: &'a str,
    tags: &'a [String],
    cards: &'a [u16],
    fields: Vec<JsonField<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Place<'a>>,
}

#[derive(Serialize)]
struct JsonField<'a> {
    name: &'static str,
    html: &'a str,
    text: String,
    blocks: &'a [Block],
}

impl<'a> JsonNote<'a> {
    fn new(
        note: &'a Note<Identity>,
        rendered: &'a [String],
        cards: &'a [u16],
        source: Option<Place<'a>>,
        collection: &Collection,
    ) -> Self {
        let contents = note.fields.iter().zip(note.note_type.fields()).zip(rendered);
        let fields = contents.enumerate().map(|(place, ((field, name), html))| {
            let clozes = if place == 0 && note.note_type.is_cloze() { Clozes::Marked } else { Clozes::Shown };
            let style = Style { clozes, links: Links::Address };
            let text = plain::field(&field.blocks, collection.media(), style);
            JsonField { name, html, text, blocks: &field.blocks }
        });
        JsonNote {
            guid: &note.identity.guid,
            id: note.identity.id,
            modified: note.identity.modified,
            note_type: note.note_type,
            owner: note.identity.owner,
            deck: &note.deck,
            tags: &note.tags,
            cards,
            fields: fields.collect(),
            source,
        }
    }
}

/// Is where a note stands in its source.
#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    start: u32,
    end: u32,
}

impl<'a> Place<'a> {
    fn of(span: Span, sources: &'a SourceMap) -> Self {
        let Position { line, column } = sources.position(span.file, span.start);
        Place { file: &sources.file(span.file).path, line, column, start: span.start, end: span.end }
    }
}
