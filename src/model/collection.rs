//! What backends consume: notes that were checked.

use std::collections::{BTreeSet, HashSet};
use std::hash::Hash;

use foldhash::fast::RandomState;
use rayon::prelude::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};
use serde::Serialize;

use super::note_type::NoteType;
use super::text::{Inline, each_inline};
use super::{BuiltIn, Deck, Identity, MediaId, MediaRef, Medium, Note, Owner};

/// Holds everything that a format can carry. Its one constructor checks the invariants, so a backend cannot receive a note
/// without a guid, or a reference to a medium that is not there.
#[derive(Clone, Debug, Serialize)]
pub struct Collection {
    name: String,
    decks: Vec<Deck>,
    #[serde(skip)]
    note_types: Vec<OwnedType>,
    notes: Vec<Note<Identity>>,
    #[serde(skip)]
    rendered: Vec<Vec<String>>,
    #[serde(skip)]
    cards: Vec<Vec<u16>>,
    media: Vec<Medium>,
    #[serde(skip)]
    trees: Trees,
}

/// Says whether notes keep the trees of their fields. Formats that take HTML as it is for Anki need none, and in a large build they are
/// most of the memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trees {
    /// Every note has its fields.
    #[default]
    Kept,
    /// No note has fields; there is only their HTML.
    Dropped,
}

/// Is a note type of a collection: which built-in it is made of, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedType {
    /// The built-in with its fields and templates.
    pub built_in: BuiltIn,
    /// Shared by all projects, or the project's own.
    pub owner: Owner,
    /// What Anki gets.
    pub note_type: NoteType,
}

impl OwnedType {
    /// Returns whether the note has this note type.
    #[must_use]
    pub fn is_of(&self, note: &Note<Identity>) -> bool {
        self.built_in == note.note_type && self.owner == note.identity.owner
    }
}

/// Are the parts a [`Collection`] is made from.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// The project's name.
    pub name: String,
    /// Every deck that a note names, sorted by name.
    pub decks: Vec<Deck>,
    /// One for each pair of note type and owner that a note has.
    pub note_types: Vec<OwnedType>,
    /// The notes in source order.
    pub notes: Vec<Note<Identity>>,
    /// For each note its fields as HTML for Anki. Kept because `modified` depends on it and several formats want it.
    pub rendered: Vec<Vec<String>>,
    /// For each note the ordinals of its cards, sorted: the template's place, or the cloze number less one.
    pub cards: Vec<Vec<u16>>,
    /// The media, by [`MediaId`].
    pub media: Vec<Medium>,
    /// Whether the notes have fields.
    pub trees: Trees,
}

/// Says which promise an earlier stage broke. Never the author's mistake: those are diagnostics.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokenPromise {
    /// The rendered fields are not those of the notes.
    #[error("note {0} has {1} rendered fields, its note type has {2}")]
    FieldCount(usize, usize, usize),
    /// A note has no cards, or there are cards of no note.
    #[error("note {0} has no cards, or there is no such note")]
    Cards(usize),
    /// Two notes have one guid, or one has none.
    #[error("guid `{0}` is empty or stands on two notes")]
    Guid(String),
    /// Two notes have one note id.
    #[error("note id {0} stands on two notes")]
    NoteId(i64),
    /// A note names a deck that is not listed.
    #[error("deck `{0}` is not listed")]
    Deck(String),
    /// A note has a note type that is not listed.
    #[error("note type `{0}` is not listed")]
    NoteType(&'static str),
    /// A reference to a medium was not resolved.
    #[error("note {0} refers to a medium that was not resolved")]
    Media(usize),
}

impl Collection {
    /// Checks the parts and joins them.
    ///
    /// # Errors
    /// Names the promise that an earlier stage broke.
    pub fn new(parts: Parts) -> Result<Collection, BrokenPromise> {
        let Parts { name, decks, note_types, notes, rendered, cards, media, trees } = parts;
        let listed: BTreeSet<&str> = decks.iter().map(|deck| deck.name.as_str()).collect();
        if cards.len() != notes.len() {
            return Err(BrokenPromise::Cards(notes.len().min(cards.len())));
        }
        let broken = notes.par_iter().enumerate().find_map_first(|(index, note)| {
            let expected = note.note_type.fields().len();
            let found = rendered.get(index).map_or(0, Vec::len);
            let fields = match trees {
                Trees::Kept => expected,
                Trees::Dropped => 0,
            };
            if note.fields.len() != fields || found != expected {
                return Some(BrokenPromise::FieldCount(index, found, expected));
            }
            if cards[index].is_empty() {
                return Some(BrokenPromise::Cards(index));
            }
            if note.identity.guid.is_empty() {
                return Some(BrokenPromise::Guid(String::new()));
            }
            if !listed.contains(&*note.deck) {
                return Some(BrokenPromise::Deck(note.deck.to_string()));
            }
            if !note_types.iter().any(|owned| owned.is_of(note)) {
                return Some(BrokenPromise::NoteType(note.note_type.key()));
            }
            let mut resolved = true;
            for field in &note.fields {
                each_inline(&field.blocks, &mut |inline| {
                    if let Inline::Media(embed) = inline {
                        resolved &= match &embed.media {
                            MediaRef::Written(_) => false,
                            MediaRef::File(id) => (id.0 as usize) < media.len(),
                            MediaRef::Missing(_) | MediaRef::Address(_) => true,
                        };
                    }
                });
            }
            (!resolved).then_some(BrokenPromise::Media(index))
        });
        if let Some(broken) = broken {
            return Err(broken);
        }
        let guid = || twin(notes.iter().map(|note| note.identity.guid.as_str()));
        let id = || twin(notes.iter().map(|note| note.identity.id));
        let (guid, id) = rayon::join(guid, id);
        if let Some(guid) = guid {
            return Err(BrokenPromise::Guid(guid.to_owned()));
        }
        if let Some(id) = id {
            return Err(BrokenPromise::NoteId(id));
        }
        Ok(Collection { name, decks, note_types, notes, rendered, cards, media, trees })
    }

    /// Lists these decks, with a line at the end of the description of each top-level one, which is listed then even if only its subdecks
    /// hold notes. The decks are the collection's own, as they were before any stamp.
    pub fn stamp(&mut self, decks: Vec<Deck>, line: &str) {
        self.decks = decks;
        let top = |deck: &Deck| deck.name.split("::").next().unwrap_or_default().to_owned();
        let tops: BTreeSet<String> = self.decks.iter().map(top).collect();
        for name in tops {
            let place = match self.decks.binary_search_by(|deck| deck.name.cmp(&name)) {
                Ok(place) => place,
                Err(place) => {
                    self.decks.insert(place, Deck { name, description: String::new() });
                    place
                }
            };
            let description = &mut self.decks[place].description;
            if !description.is_empty() {
                description.push_str("\n\n");
            }
            description.push_str(line);
        }
    }

    /// Returns the project's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the decks that hold notes, sorted by name.
    #[must_use]
    pub fn decks(&self) -> &[Deck] {
        &self.decks
    }

    /// Returns the note types that the notes have, in the order of [`BuiltIn::ALL`], shared ones first.
    #[must_use]
    pub fn note_types(&self) -> &[OwnedType] {
        &self.note_types
    }

    /// Returns the notes in source order.
    #[must_use]
    pub fn notes(&self) -> &[Note<Identity>] {
        &self.notes
    }

    /// Returns whether the notes have the trees of their fields.
    #[must_use]
    pub fn trees(&self) -> Trees {
        self.trees
    }

    /// Returns the notes in source order, each with its fields as HTML for Anki.
    pub fn rendered(&self) -> impl Iterator<Item = (&Note<Identity>, &[String])> {
        self.notes.iter().zip(self.rendered.iter().map(Vec::as_slice))
    }

    /// Returns for each note the ordinals of its cards, sorted: the template's place, or the cloze number less one.
    #[must_use]
    pub fn cards(&self) -> &[Vec<u16>] {
        &self.cards
    }

    /// Returns the media, by [`MediaId`].
    #[must_use]
    pub fn media(&self) -> &[Medium] {
        &self.media
    }

    /// Returns a medium.
    ///
    /// # Panics
    /// If the id comes from another collection.
    #[must_use]
    pub fn medium(&self, id: MediaId) -> &Medium {
        &self.media[id.0 as usize]
    }
}

/// Returns the first that stands a second time.
fn twin<T: Copy + Eq + Hash>(mut all: impl ExactSizeIterator<Item = T>) -> Option<T> {
    let mut met = HashSet::with_capacity_and_hasher(all.len(), RandomState::default());
    all.find(|one| !met.insert(*one))
}
