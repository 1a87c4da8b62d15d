//! Makes what Anki will see of each note: its fields as HTML, and its cards.

use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};

use crate::cards::Finder;
use crate::html;
use crate::identity::cloze::Remembered;
use crate::model::{Draft, Medium, OwnedType, Trees};
use crate::pass::identity::Identified;
use crate::pass::look::Looked;
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
    /// What the ledger keeps of its cloze numbers.
    pub clozes: Vec<Remembered>,
}

/// Returns for each note of the draft what Anki will see of it. Trees that nobody wants are given back.
#[must_use]
pub fn show(
    draft: &mut Draft,
    identified: &Identified<'_>,
    looked: Vec<Looked>,
    media: &[Medium],
    note_types: &[OwnedType],
    trees: Trees,
) -> Vec<Shown> {
    let finder = Finder::new(note_types);
    (&mut draft.notes, &identified.notes, looked)
        .into_par_iter()
        .map(|(note, assigned, Looked { clozes, html, said: _ })| {
            let fields = html.unwrap_or_else(|| html::fields(note.note_type, &note.fields, media));
            if trees == Trees::Dropped {
                note.fields = Vec::new();
            }
            let content = content_hash(note.note_type, assigned.owner, &note.tags, &fields);
            let cards = finder.ords(note.note_type, assigned.owner, &fields, &note.tags);
            Shown { fields, cards, content, clozes }
        })
        .collect()
}
