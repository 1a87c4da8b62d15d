//! Leaves out cloze notes that hide nothing: Anki would show an error in the place of a card.
//!
//! One rule for all dialects, behind their own.

use crate::anki::cloze::{LAST_NUMBER, deletions};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::text::{Block, Inline, each_inline};
use crate::model::{Draft, Field, Note, RegionKind, SourceId};
use crate::source::Span;

/// Removes the cloze notes without a deletion; their lines count as prose.
pub(super) fn leave_out(draft: &mut Draft, diagnostics: &mut Diagnostics) {
    let hides_nothing =
        |note: &Note<SourceId>| note.note_type.is_cloze() && !note.fields.first().is_some_and(holds_deletion);
    let left_out: Vec<Span> =
        draft.notes.iter().filter(|note| hides_nothing(note)).map(|note| note.span).collect();
    if left_out.is_empty() {
        return;
    }
    draft.notes.retain(|note| !hides_nothing(note));
    for region in draft.regions.iter_mut().filter(|region| region.kind == RegionKind::Card) {
        // Both lists stand in the order of the file.
        let at = left_out.partition_point(|span| span.end <= region.span.start);
        if left_out.get(at).is_some_and(|span| span.start <= region.span.start && region.span.end <= span.end)
        {
            region.kind = RegionKind::Prose;
        }
    }
    let mut said: Vec<Span> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code == Code::ClozeWithoutDeletion)
        .filter_map(|diagnostic| diagnostic.span)
        .collect();
    said.sort_unstable();
    for span in left_out {
        let at = said.partition_point(|said| said.end <= span.start);
        if said.get(at).is_none_or(|said| said.start >= span.end) {
            diagnostics.push(
                Diagnostic::at(Code::ClozeWithoutDeletion, span, "cloze note without a deletion")
                    .help("write `{{c1::hidden}}` round what is to be hidden"),
            );
        }
    }
}

fn holds_deletion(field: &Field) -> bool {
    let in_html = |block: &Block| matches!(block, Block::Html { html } if !deletions(html).is_empty());
    let mut found = field.blocks.iter().any(in_html);
    each_inline(&field.blocks, &mut |inline| {
        if let Inline::Cloze(cloze) = inline {
            let numbers = &cloze.numbers;
            found |= numbers.is_empty() || numbers.iter().any(|number| (1..=LAST_NUMBER).contains(number));
        }
    });
    found
}
