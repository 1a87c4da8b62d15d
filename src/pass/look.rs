//! Does what concerns each note alone: its cloze numbers, what is odd in it, which media it names, and its HTML, where nothing else has
//! a say in it.
//!
//! All of it in one walk over the note, because a tree that was just read is near: the same in walks over all notes costs more than what
//! they do. Most notes are looked at as soon as their file is read, so that their trees need not wait for those of all others.

use crate::diagnostic::Diagnostics;
use crate::html;
use crate::identity::cloze::Remembered;
use crate::ledger::Entry;
use crate::model::{Note, SourceId};
use crate::pass::{cloze, lint, media};
use crate::source::{SourceMap, Spanned};

/// Is what was found in a note.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// What the ledger keeps of its cloze numbers.
    pub clozes: Vec<Remembered>,
    /// Its fields as HTML; nothing where it names media, whose names are made later.
    pub html: Option<Vec<String>>,
}

/// Looks at a note, whose line in the ledger is `previous`. Its references to media are added to `references`.
pub fn look(
    note: &mut Note<SourceId>,
    previous: Option<&Entry>,
    sources: &SourceMap,
    references: &mut Vec<Spanned<String>>,
    found: &mut Diagnostics,
) -> Looked {
    let clozes = cloze::number(note, previous, found);
    lint::check(note, sources, found);
    let before = references.len();
    media::find(note, references);
    let html = (references.len() == before).then(|| html::fields(note.note_type, &note.fields, &[]));
    Looked { clozes, html }
}
