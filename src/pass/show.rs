//! Makes what Anki will see of each note: its fields as HTML, and its cards.
//!
//! One walk for each note, because a tree that was just read is near: walks of their own for HTML, hash and cards cost more than what
//! they do.

use rayon::prelude::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use crate::cards::Finder;
use crate::html;
use crate::model::{Draft, Medium, OwnedType};
use crate::pass::identity::Identified;
use crate::pass::seal::content_hash;

/// Is what Anki will see of a note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Its fields as HTML.
    pub fields: Vec<String>,
    /// The ordinals of its cards, sorted: the template's place, or the cloze number less one.
    pub cards: Vec<u16>,
    /// The hash of all that Anki sees; see [`content_hash`].
    pub content: String,
}

/// Returns for each note of the draft what Anki will see of it.
#[must_use]
pub fn show(
    draft: &Draft,
    identified: &Identified<'_>,
    media: &[Medium],
    note_types: &[OwnedType],
) -> Vec<Shown> {
    let finder = Finder::new(note_types);
    let notes = draft.notes.par_iter().zip(&identified.notes);
    notes
        .map(|(note, assigned)| {
            let fields = html::fields(note.note_type, &note.fields, media);
            let content = content_hash(note.note_type, assigned.owner, &note.tags, &fields);
            let cards = finder.ords(note.note_type, assigned.owner, &fields, &note.tags);
            Shown { fields, cards, content }
        })
        .collect()
}
