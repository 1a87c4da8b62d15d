//! Gives cloze deletions their numbers: those that the learner's cards have already.
//!
//! Anki keeps history by number. So a deletion that the ledger knows keeps its number, even where the author inserted one
//! before it and renumbered the rest.

use rayon::prelude::{IndexedParallelIterator as _, IntoParallelRefMutIterator as _, ParallelIterator as _};

use crate::anki::cloze::LAST_NUMBER;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::identity::cloze::{Group, Remembered, assign, remember};
use crate::identity::prompt::normalise;
use crate::model::text::{Inline, each_inline_list};
use crate::model::{Draft, Note, SourceId};
use crate::pass::identity::Identified;

/// Numbers all deletions. Returns for each note what the ledger keeps of its numbers; empty for other notes.
pub fn number(
    draft: &mut Draft,
    identified: &Identified<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Vec<Remembered>> {
    let notes = draft.notes.par_iter_mut().zip(&identified.notes);
    let numbered: Vec<(Vec<Remembered>, Diagnostics)> = notes
        .map(|(note, assigned)| {
            let mut found = Diagnostics::default();
            if !note.note_type.is_cloze() {
                return (Vec::new(), found);
            }
            let kept = assigned.previous.map_or(&[][..], |entry| &entry.clozes);
            (renumber(note, kept, &mut found), found)
        })
        .collect();
    let numbered = numbered.into_iter().map(|(kept, found)| {
        diagnostics.append(found);
        kept
    });
    numbered.collect()
}

fn renumber(
    note: &mut Note<SourceId>,
    kept: &[Remembered],
    diagnostics: &mut Diagnostics,
) -> Vec<Remembered> {
    let groups = groups(note);
    let numbers = assign(kept, &groups);
    let moved: Vec<String> = groups
        .iter()
        .zip(&numbers)
        .filter_map(|(group, number)| {
            group.written.filter(|written| written != number).map(|from| (from, number))
        })
        .map(|(from, to)| format!("c{from} stays c{to}"))
        .collect();
    if !moved.is_empty() {
        let message = format!("cloze numbers keep the learner's history: {} in Anki", moved.join(", "));
        diagnostics.push(Diagnostic::at(Code::ClozeRenumbered, note.span, message));
    }
    if numbers.contains(&0) {
        let message = format!("the note has had more than {LAST_NUMBER} different cloze deletions");
        diagnostics.push(Diagnostic::at(Code::ClozeNumber, note.span, message).help("split the note"));
    }
    let mut unnumbered = 0;
    if let Some(field) = note.fields.first_mut() {
        each_inline_list(&mut field.blocks, &mut |list| {
            for inline in list {
                if let Inline::Cloze { numbers: written, .. } = inline {
                    let mut place = |wanted: Option<u16>| match wanted {
                        Some(_) => groups.iter().position(|group| group.written == wanted),
                        None => {
                            unnumbered += 1;
                            let open = groups.iter().enumerate().filter(|(_, group)| group.written.is_none());
                            open.map(|(index, _)| index).nth(unnumbered - 1)
                        }
                    };
                    let places: Vec<usize> = if written.is_empty() {
                        place(None).into_iter().collect()
                    } else {
                        written.iter().filter_map(|number| place(Some(*number))).collect()
                    };
                    *written = places.into_iter().map(|place| numbers[place]).collect();
                }
            }
        });
    }
    remember(kept, &groups, &numbers)
}

/// Returns the deletions by number, in the order in which the numbers first appear; each unnumbered one by itself.
fn groups(note: &mut Note<SourceId>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let Some(field) = note.fields.first_mut() else { return groups };
    // The same walk as the one that writes the numbers, so that both count unnumbered deletions alike.
    each_inline_list(&mut field.blocks, &mut |list| {
        for inline in list {
            let Inline::Cloze { numbers, content, .. } = inline else { continue };
            let text = normalise(&text(content));
            if numbers.is_empty() {
                groups.push(Group { written: None, texts: vec![text.clone()] });
            }
            for number in numbers {
                match groups.iter_mut().find(|group| group.written == Some(*number)) {
                    Some(group) => group.texts.push(text.clone()),
                    None => groups.push(Group { written: Some(*number), texts: vec![text.clone()] }),
                }
            }
        }
    });
    groups
}

/// Returns the words of inlines, for comparing and not for reading.
#[must_use]
pub fn text(content: &[Inline]) -> String {
    let mut text = String::new();
    collect(content, &mut text);
    text
}

fn collect(content: &[Inline], into: &mut String) {
    for inline in content {
        match inline {
            Inline::Text { text } | Inline::Code { text } | Inline::Math { tex: text, .. } => {
                into.push_str(text);
            }
            Inline::Html { html } => into.push_str(html),
            Inline::Emphasis { content }
            | Inline::Strong { content }
            | Inline::Strikethrough { content }
            | Inline::Link { content, .. }
            | Inline::Cloze { content, .. } => collect(content, into),
            Inline::Media { alt, .. } => into.push_str(alt),
            Inline::SoftBreak | Inline::HardBreak => into.push(' '),
            Inline::FootnoteReference { label } => into.push_str(label),
        }
    }
}
