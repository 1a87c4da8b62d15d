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
#[derive(Clone, Debug)]
pub struct Looked {
    /// What the ledger keeps of its cloze numbers.
    pub clozes: Vec<Remembered>,
    /// Its fields as HTML; nothing where it names media, whose names are made later.
    pub html: Option<Vec<String>>,
    /// What is to be said about it; nothing about most notes.
    pub said: Option<Box<Said>>,
}

/// Is what is to be said about a note, which waits until it is its turn: of many findings of a kind the first are shown.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Its references to media, in source order.
    pub references: Vec<Spanned<String>>,
    /// The findings.
    pub found: Diagnostics,
}

/// Looks at a note, whose line in the ledger is `previous`.
#[must_use]
pub fn look(note: &mut Note<SourceId>, previous: Option<&Entry>, sources: &SourceMap) -> Looked {
    let mut said = Said::default();
    let clozes = cloze::number(note, previous, &mut said.found);
    lint::check(note, sources, &mut said.found);
    media::find(note, &mut said.references);
    let html = said.references.is_empty().then(|| html::fields(note.note_type, &note.fields, &[]));
    let silent = said.references.is_empty() && said.found.iter().next().is_none();
    Looked { clozes, html, said: if silent { None } else { Some(Box::new(said)) } }
}
