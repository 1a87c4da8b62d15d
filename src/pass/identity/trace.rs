//! What identity looks at in a note.

use std::borrow::Cow;

use crate::anki::checksum::sort_text;
use crate::anki::cloze::deletions;
use crate::html;
use crate::identity::align::Trace;
use crate::identity::hash::hash_text;
use crate::identity::prompt::{Kind, PromptHash, normalise};
use crate::identity::sketch::{Sketch, shorten};
use crate::ledger::Entry;
use crate::model::text::{Block, Inline, each_inline};
use crate::model::{ExplicitId, Note, SourceId};

/// Returns what identity looks at in a note of the sources, in which the number of its file is still missing, and a hash of its answer as
/// it is written.
#[must_use]
pub fn see(note: &Note<SourceId>) -> (Trace, u64) {
    let kind = if note.note_type.is_cloze() { Kind::Cloze } else { Kind::Basic };
    let prompt = normalise(note.fields.first().map_or("", |field| &field.source));
    let written = answer(note);
    let id = note.identity.as_ref().and_then(|id| match &id.value {
        ExplicitId::Key(key) => Some(key.clone()),
        ExplicitId::Guid(_) => None,
    });
    let trace = Trace {
        file: usize::MAX,
        kind,
        id,
        prompt_hash: PromptHash::new(kind, &prompt),
        sketch: Sketch::new(&prompt, &normalise(&written)),
        prompt: shorten(&prompt),
    };
    (trace, hash_text(&written))
}

/// Returns the same from what a learner reads of the note, to compare with the notes of a package.
pub(super) fn of_rendered(note: &Note<SourceId>, file: usize) -> Trace {
    let kind = if note.note_type.is_cloze() { Kind::Cloze } else { Kind::Basic };
    let html = html::fields(note.note_type, &note.fields, &[]);
    let text = |place: usize| html.get(place).map_or_else(String::new, |html| normalise(&sort_text(html)));
    let prompt = text(0);
    let answer = if note.note_type.is_cloze() { normalise(&answer(note)) } else { text(1) };
    Trace {
        file,
        kind,
        id: None,
        prompt_hash: PromptHash::new(kind, &prompt),
        sketch: Sketch::new(&prompt, &answer),
        prompt: shorten(&prompt),
    }
}

/// Returns what identity looks at in a line of the ledger.
pub(super) fn of_entry(entry: &Entry, file: usize) -> Trace {
    Trace {
        file,
        kind: if entry.note_type.is_cloze() { Kind::Cloze } else { Kind::Basic },
        id: entry.key.clone(),
        prompt_hash: entry.prompt_hash,
        prompt: entry.prompt.clone(),
        sketch: entry.sketch,
    }
}

/// Returns the answer's source text; for a cloze note what its cards ask for.
fn answer(note: &Note<SourceId>) -> Cow<'_, str> {
    if !note.note_type.is_cloze() {
        return Cow::Borrowed(note.fields.get(1).map_or("", |field| &field.source));
    }
    let mut texts: Vec<String> = Vec::new();
    if let Some(field) = note.fields.first() {
        each_inline(&field.blocks, &mut |inline| {
            if let Inline::Cloze(cloze) = inline {
                texts.push(crate::pass::cloze::text(&cloze.content));
            }
        });
        for block in &field.blocks {
            if let Block::Html { html } = block {
                texts.extend(
                    deletions(html).iter().map(|deletion| sort_text(&deletion.text(html)).into_owned()),
                );
            }
        }
    }
    Cow::Owned(texts.join(" "))
}
