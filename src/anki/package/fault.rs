//! What can go wrong, and the promises that a package must keep so that Anki takes it whole.

use std::collections::HashSet;
use std::hash::Hash;
use std::io;

use foldhash::fast::RandomState;
use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};
use thiserror::Error;

use super::{NoteRow, Package};
use crate::anki::cloze::LAST_NUMBER;
use crate::anki::media_name::normalize;
use crate::model::note_type::NoteTypeKind;

/// The largest integer that every reader of packages, JavaScript included, holds exactly.
const LARGEST_ID: i64 = (1 << 53) - 1;

/// Why a package was not written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The rows are not what Anki takes; nothing was written.
    #[error(transparent)]
    Package(#[from] PackageFault),
    /// A medium cannot be read.
    #[error("cannot read medium `{name}`")]
    Medium {
        /// The name in the package.
        name: String,
        /// The reason.
        source: io::Error,
    },
    /// A medium no longer has the size or the SHA-1 that it was announced with.
    #[error("medium `{name}` changed while the package was written")]
    MediumChanged {
        /// The name in the package.
        name: String,
    },
    /// The output cannot be written.
    #[error("cannot write the package")]
    Output(#[from] io::Error),
    /// `SQLite` failed, which for a database in memory means that memory ran out or a row is above its limit
    /// of 1 GB.
    #[error("cannot build the collection")]
    Database(#[from] rusqlite::Error),
}

impl From<zip::result::ZipError> for WriteError {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Output(error.into())
    }
}

/// A promise that the rows of a package break.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PackageFault {
    /// A note's id is zero, negative or above 2⁵³.
    #[error("note `{guid}` has the impossible id {id}")]
    NoteId {
        /// The note.
        guid: String,
        /// Its id.
        id: i64,
    },
    /// Two notes share an id.
    #[error("two notes have the id {id}")]
    SameNoteId {
        /// The id.
        id: i64,
    },
    /// A guid is empty.
    #[error("note {id} has no guid")]
    NoGuid {
        /// The note's id.
        id: i64,
    },
    /// Two notes share a guid: Anki would add both.
    #[error("two notes have the guid `{guid}`")]
    SameGuid {
        /// The guid.
        guid: String,
    },
    /// A note names a note type or a deck that the package does not list.
    #[error("note `{guid}` refers to something that the package does not hold")]
    UnknownReference {
        /// The note.
        guid: String,
    },
    /// A note has more or fewer fields than its note type.
    #[error("note `{guid}` has {found} fields, and its note type {expected}")]
    FieldCount {
        /// The note.
        guid: String,
        /// How many fields the note has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// A note has no cards, twice the same, or one that its note type does not make.
    #[error("the cards of note `{guid}` are not those of its note type")]
    Cards {
        /// The note.
        guid: String,
    },
    /// Two note types share an id.
    #[error("two note types have the id {id}")]
    SameNoteTypeId {
        /// The id.
        id: i64,
    },
    /// Two decks have names that Anki takes for one.
    #[error("two decks are called `{name}`")]
    SameDeck {
        /// The later name.
        name: String,
    },
    /// A medium has a name that Anki would change, or cannot have.
    #[error("`{name}` is not a name for a medium")]
    MediumName {
        /// The name.
        name: String,
    },
    /// Two media share a name, capitals aside.
    #[error("two media are called `{name}`")]
    SameMedium {
        /// The later name.
        name: String,
    },
    /// A medium of 4 GiB or more, whose size the package cannot state.
    #[error("medium `{name}` is too large")]
    MediumSize {
        /// The name.
        name: String,
    },
}

pub(super) fn check(package: &Package<'_>) -> Result<(), PackageFault> {
    let mut ids = HashSet::new();
    for note_type in package.note_types {
        if !ids.insert(note_type.id) {
            return Err(PackageFault::SameNoteTypeId { id: note_type.id });
        }
    }
    let mut names = HashSet::new();
    for deck in package.decks {
        if !names.insert(deck.name.folded()) {
            return Err(PackageFault::SameDeck { name: deck.name.to_string() });
        }
    }
    check_notes(package)?;
    check_media(package)
}

fn check_notes(package: &Package<'_>) -> Result<(), PackageFault> {
    let single = || package.notes.par_iter().find_map_first(|note| check_note(note, package));
    let (single, (ids, guids)) = rayon::join(single, || {
        rayon::join(|| first_twin(package, |note| note.id), || first_twin(package, |note| note.guid))
    });
    let same_id = ids.map(|note| PackageFault::SameNoteId { id: note.id });
    let same_guid = guids.map(|note| PackageFault::SameGuid { guid: note.guid.to_owned() });
    single.or(same_id).or(same_guid).map_or(Ok(()), Err)
}

/// Returns the first note that shares a key with one before it.
fn first_twin<'p, K: Eq + Hash>(
    package: &Package<'p>,
    key: impl Fn(&NoteRow<'p>) -> K,
) -> Option<&'p NoteRow<'p>> {
    let mut keys = HashSet::with_capacity_and_hasher(package.notes.len(), RandomState::default());
    package.notes.iter().find(|note| !keys.insert(key(note)))
}

/// Returns what is wrong with a note by itself.
fn check_note(note: &NoteRow<'_>, package: &Package<'_>) -> Option<PackageFault> {
    let guid = || note.guid.to_owned();
    if !(1..=LARGEST_ID).contains(&note.id) {
        return Some(PackageFault::NoteId { guid: guid(), id: note.id });
    }
    if note.guid.is_empty() {
        return Some(PackageFault::NoGuid { id: note.id });
    }
    let Some(note_type) = package.note_types.get(note.note_type) else {
        return Some(PackageFault::UnknownReference { guid: guid() });
    };
    if note.cards.iter().any(|card| card.deck >= package.decks.len()) {
        return Some(PackageFault::UnknownReference { guid: guid() });
    }
    let (found, expected) = (note.fields.len(), note_type.fields.len());
    if found != expected {
        return Some(PackageFault::FieldCount { guid: guid(), found, expected });
    }
    let limit = match note_type.kind {
        NoteTypeKind::Normal => note_type.templates.len(),
        NoteTypeKind::Cloze => usize::from(LAST_NUMBER),
    };
    let ascending = note.cards.windows(2).all(|pair| pair[0].ord < pair[1].ord);
    let last = note.cards.last().is_some_and(|card| usize::from(card.ord) < limit);
    (!ascending || !last).then(|| PackageFault::Cards { guid: guid() })
}

fn check_media(package: &Package<'_>) -> Result<(), PackageFault> {
    let mut names = HashSet::new();
    for entry in package.media {
        let name = || entry.name.clone();
        if entry.name.is_empty() || normalize(&entry.name) != entry.name {
            return Err(PackageFault::MediumName { name: name() });
        }
        if !names.insert(entry.name.to_lowercase()) {
            return Err(PackageFault::SameMedium { name: name() });
        }
        if u32::try_from(entry.size).is_err() {
            return Err(PackageFault::MediumSize { name: name() });
        }
    }
    Ok(())
}
