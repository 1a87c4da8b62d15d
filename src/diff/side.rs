//! What is compared: a release as Anki sees it, or a ledger.

use std::collections::{BTreeMap, HashMap};

use super::{Kind, NoteAt, Summary, words};
use crate::anki::checksum::sort_text;
use crate::anki::note_types;
use crate::anki::read::{
    Contents, PackedCard, PackedDeck, PackedField, PackedNote, PackedTemplate, PackedType,
};
use crate::anki::text;
use crate::baseline::known_types;
use crate::ledger::{Entry, Ledger};
use crate::model::note_type::NoteType;
use crate::model::{BuiltIn, Collection, Owner};
use crate::pass::seal::content_hash;

/// How many bytes of a field are looked at for its prompt.
const PROMPT: usize = 16 << 10;
/// How many characters of a prompt are shown.
const SHOWN: usize = 72;

/// Is one of two things that are compared.
#[derive(Debug)]
pub struct Side {
    /// What it was called.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What it holds.
    pub(super) content: Content,
}

/// Is what a side holds.
#[derive(Debug)]
pub(super) enum Content {
    /// Everything that Anki sees.
    Full(Contents),
    /// Who the notes are.
    Ledger(Ledger),
}

/// Is a note of a side.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoteOf<'a> {
    pub guid: &'a str,
    pub modified: i64,
    pub note_type: i64,
    pub deck: &'a str,
    pub known: Known<'a>,
}

/// Is what is known of a note.
#[derive(Clone, Copy, Debug)]
pub(super) enum Known<'a> {
    /// Everything.
    Full(&'a PackedNote),
    /// A line of a ledger.
    Line(&'a Entry),
}

impl Side {
    /// Returns the side that a package is.
    #[must_use]
    pub fn package(name: String, contents: Contents) -> Side {
        Side { name, kind: Kind::Package, content: Content::Full(contents) }
    }

    /// Returns the side that compiled sources are.
    #[must_use]
    pub fn sources(name: String, collection: &Collection) -> Side {
        Side { name, kind: Kind::Sources, content: Content::Full(contents_of(collection)) }
    }

    /// Returns the side that a ledger is.
    #[must_use]
    pub fn ledger(name: String, ledger: Ledger) -> Side {
        Side { name, kind: Kind::Ledger, content: Content::Ledger(ledger) }
    }

    /// Returns what Anki sees, where it is known.
    #[must_use]
    pub fn full(&self) -> Option<&Contents> {
        match &self.content {
            Content::Full(contents) => Some(contents),
            Content::Ledger(_) => None,
        }
    }

    /// Returns the notes in order; of a ledger those that are not retired.
    pub(super) fn notes(&self) -> Vec<NoteOf<'_>> {
        match &self.content {
            Content::Full(contents) => {
                let notes = contents.notes.iter().map(|note| NoteOf {
                    guid: &note.guid,
                    modified: note.modified,
                    note_type: note.note_type,
                    deck: contents.deck_of(note),
                    known: Known::Full(note),
                });
                notes.collect()
            }
            Content::Ledger(ledger) => {
                let ids: HashMap<(BuiltIn, Owner), i64> =
                    known_types(&ledger.project).into_iter().map(|(id, key)| (key, id)).collect();
                let lines = ledger.files.values().flatten().map(|entry| NoteOf {
                    guid: &entry.guid,
                    modified: entry.modified,
                    note_type: ids[&(entry.note_type, entry.owner)],
                    deck: &entry.deck,
                    known: Known::Line(entry),
                });
                lines.collect()
            }
        }
    }

    /// Returns the name of a note type, where it is known.
    pub(super) fn type_name(&self, id: i64) -> String {
        let known = self.full().and_then(|contents| contents.note_types.get(&id));
        let built_in = || BuiltIn::ALL.into_iter().find(|built_in| note_types::shared(*built_in).id == id);
        match known {
            Some(note_type) => note_type.name.clone(),
            None => built_in()
                .map_or_else(|| "another one".to_owned(), |found| note_types::name(found).to_owned()),
        }
    }

    pub(super) fn summary(&self, notes: &[NoteOf<'_>]) -> Summary {
        let cards = self.full().map(|contents| contents.notes.iter().map(|note| note.cards.len()).sum());
        Summary { name: self.name.clone(), kind: self.kind, notes: notes.len(), cards }
    }

    /// Returns the built-in note types by id, for hashes that a ledger can be compared with.
    pub(super) fn built_ins(&self) -> Option<BTreeMap<i64, (BuiltIn, Owner)>> {
        match &self.content {
            Content::Full(_) => None,
            Content::Ledger(ledger) => Some(known_types(&ledger.project)),
        }
    }
}

impl NoteOf<'_> {
    pub(super) fn at(&self) -> NoteAt {
        let prompt = match self.known {
            Known::Full(note) => {
                let html = start(note.fields.first().map_or("", String::as_str));
                let text = words::text(html);
                // Of a picture alone the name is left.
                if text.trim().is_empty() { shortened(&sort_text(html)) } else { shortened(&text) }
            }
            Known::Line(entry) => entry.prompt.clone(),
        };
        NoteAt { guid: self.guid.to_owned(), deck: self.deck.to_owned(), prompt }
    }

    /// Returns the hash that a ledger keeps of what Anki sees; nothing for a note type that is not deckc's.
    pub(super) fn hash(&self, types: &BTreeMap<i64, (BuiltIn, Owner)>) -> Option<String> {
        match self.known {
            Known::Line(entry) => Some(entry.content.clone()),
            Known::Full(note) => {
                let (built_in, owner) = types.get(&note.note_type)?;
                Some(content_hash(*built_in, *owner, &note.tags, &note.fields))
            }
        }
    }
}

/// Returns as much of a field as a prompt may need.
fn start(html: &str) -> &str {
    &html[..html.floor_char_boundary(PROMPT)]
}

fn shortened(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= SHOWN {
        return words;
    }
    let kept: String = words.chars().take(SHOWN - 1).collect();
    format!("{}…", kept.trim_end())
}

/// Returns what a package of the collection holds.
#[must_use]
pub fn contents_of(collection: &Collection) -> Contents {
    let decks: BTreeMap<i64, PackedDeck> = (1..)
        .zip(collection.decks())
        .map(|(id, deck)| (id, PackedDeck { name: deck.name.clone(), description: deck.description.clone() }))
        .collect();
    let deck_ids: HashMap<&str, i64> =
        (1..).zip(collection.decks()).map(|(id, deck)| (deck.name.as_str(), id)).collect();
    let owned = collection.note_types();
    let notes = collection.rendered().zip(collection.cards()).map(|((note, fields), ords)| {
        let note_type = owned.iter().find(|owned| owned.is_of(note));
        let deck = deck_ids[&*note.deck];
        PackedNote {
            guid: note.identity.guid.clone(),
            id: note.identity.id,
            modified: note.identity.modified,
            note_type: note_type.expect("a collection lists the note types of its notes").note_type.id,
            tags: note.tags.to_vec(),
            fields: fields.iter().map(|html| text::field(html).into_owned()).collect(),
            cards: ords.iter().map(|ord| PackedCard { ord: u32::from(*ord), deck }).collect(),
        }
    });
    Contents {
        notes: notes.collect(),
        note_types: owned.iter().map(|owned| (owned.note_type.id, packed(&owned.note_type))).collect(),
        decks,
        media: collection.media().iter().map(|medium| (medium.name.clone(), medium.sha1)).collect(),
    }
}

fn packed(note_type: &NoteType) -> PackedType {
    let fields = note_type.fields.iter();
    let templates = note_type.templates.iter().map(|template| PackedTemplate {
        name: template.name.clone(),
        id: Some(template.id),
        front: template.front.clone(),
        back: template.back.clone(),
    });
    PackedType {
        name: note_type.name.clone(),
        kind: note_type.kind,
        modified: note_type.modified,
        css: note_type.css.clone(),
        sort_field: note_type.sort_field,
        fields: fields.map(|field| PackedField { name: field.name.clone(), id: Some(field.id) }).collect(),
        templates: templates.collect(),
    }
}
