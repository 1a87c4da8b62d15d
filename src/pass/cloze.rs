//! Gives cloze deletions their numbers: those that the learner's cards have already.
//!
//! Anki keeps history by number. So a deletion that the ledger knows keeps its number, even where the author inserted one
//! before it and renumbered the rest.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::anki::checksum::sort_text;
use crate::anki::cloze::{Deletion, LAST_NUMBER, deletions};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::identity::cloze::{Group, Remembered, assign, remember};
use crate::identity::prompt::normalise;
use crate::ledger::Entry;
use crate::model::text::{Block, Cloze, Inline};
use crate::model::{Note, SourceId};

/// Numbers all deletions of a note, whose line is `previous`. Returns what the ledger keeps of the numbers; nothing of other notes.
pub fn number(
    note: &mut Note<SourceId>,
    previous: Option<&Entry>,
    diagnostics: &mut Diagnostics,
) -> Vec<Remembered> {
    if !note.note_type.is_cloze() {
        return Vec::new();
    }
    renumber(note, previous.map_or(&[][..], |entry| &entry.clozes), diagnostics)
}

fn renumber(
    note: &mut Note<SourceId>,
    kept: &[Remembered],
    diagnostics: &mut Diagnostics,
) -> Vec<Remembered> {
    let Some(field) = note.fields.first_mut() else { return Vec::new() };
    let Groups { list: groups, by_number, unnumbered } = groups(&mut field.blocks);
    // More groups than numbers are an error, whatever the first of them get; millions need not be compared for that.
    let numberable = &groups[..groups.len().min(LAST_NUMBER.into())];
    let mut numbers = assign(kept, numberable);
    let remembered = remember(kept, numberable, &numbers);
    numbers.resize(groups.len(), 0);
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
    let new_number = |written: u16| by_number.get(&written).map(|place| numbers[*place]);
    let mut unnumbered = unnumbered.into_iter();
    each_place(&mut field.blocks, &mut |place| match place {
        Place::Tree { numbers: written, .. } if written.is_empty() => {
            written.extend(unnumbered.next().map(|place| numbers[place]));
        }
        Place::Tree { numbers: written, .. } => {
            *written = written.iter().filter_map(|number| new_number(*number)).collect();
        }
        Place::Html(html) => rewrite(html, new_number),
    });
    remembered
}

/// Is the deletions of a note.
#[derive(Default)]
struct Groups {
    /// By number, in the order in which the numbers first appear; each unnumbered deletion by itself.
    list: Vec<Group>,
    /// The place of each written number in the list.
    by_number: HashMap<u16, usize>,
    /// The places of the unnumbered ones.
    unnumbered: Vec<usize>,
}

impl Groups {
    fn add(&mut self, written: Option<u16>, text: String) {
        let next = self.list.len();
        let place = match written {
            Some(number) => *self.by_number.entry(number).or_insert(next),
            None => next,
        };
        if let Some(group) = self.list.get_mut(place) {
            group.texts.push(text);
            return;
        }
        if written.is_none() {
            self.unnumbered.push(next);
        }
        self.list.push(Group { written, texts: vec![text] });
    }
}

fn groups(blocks: &mut [Block]) -> Groups {
    let mut groups = Groups::default();
    // The same walk as the one that writes the numbers, so that both count unnumbered deletions alike.
    each_place(blocks, &mut |place| match place {
        Place::Tree { numbers, content } => {
            let text = normalise(&text(content));
            for number in numbers.iter() {
                groups.add(Some(*number), text.clone());
            }
            if numbers.is_empty() {
                groups.add(None, text);
            }
        }
        Place::Html(html) => {
            for deletion in deletions(html).into_iter().filter(Deletion::has_card) {
                groups.add(Some(deletion.number), normalise(&sort_text(&deletion.text(html))));
            }
        }
    });
    groups
}

/// Gives the deletions of raw HTML, which is the author's but for these digits, their numbers.
fn rewrite(html: &mut String, new_number: impl Fn(u16) -> Option<u16>) {
    let mut out = String::new();
    let mut copied = 0;
    for deletion in deletions(html).into_iter().filter(Deletion::has_card) {
        if let Some(number) = new_number(deletion.number).filter(|number| *number != deletion.number) {
            out.push_str(&html[copied..deletion.whole.start]);
            let _ = write!(out, "{{{{c{number}::");
            copied = deletion.content.start;
        }
    }
    if copied > 0 {
        out.push_str(&html[copied..]);
        *html = out;
    }
}

/// Is where a field holds deletions.
enum Place<'a> {
    /// A deletion of the tree.
    Tree { numbers: &'a mut Vec<u16>, content: &'a [Inline] },
    /// Raw HTML, in which there may be some.
    Html(&'a mut String),
}

/// Calls `visit` with each place in the order of the text, outer ones first.
fn each_place(blocks: &mut [Block], visit: &mut impl FnMut(Place<'_>)) {
    for block in blocks {
        match block {
            Block::Paragraph { content } | Block::Heading { content, .. } => each_place_in(content, visit),
            Block::List { items, .. } => {
                items.iter_mut().for_each(|item| each_place(&mut item.content, visit));
            }
            Block::DefinitionList { items } => {
                for item in items {
                    each_place_in(&mut item.term, visit);
                    item.definitions.iter_mut().for_each(|definition| each_place(definition, visit));
                }
            }
            Block::Table(table) => {
                let cells = table.header.iter_mut().chain(table.rows.iter_mut().flatten());
                cells.for_each(|cell| each_place_in(cell, visit));
            }
            Block::Quote { content, .. } | Block::Footnote { content, .. } => each_place(content, visit),
            Block::Html { html } => visit(Place::Html(html)),
            Block::Code { .. } | Block::Math { .. } | Block::Rule => {}
        }
    }
}

fn each_place_in(content: &mut [Inline], visit: &mut impl FnMut(Place<'_>)) {
    for inline in content {
        match inline {
            Inline::Cloze(cloze) => {
                let Cloze { numbers, content, .. } = &mut **cloze;
                visit(Place::Tree { numbers, content });
                each_place_in(content, visit);
            }
            Inline::Emphasis { content } | Inline::Strong { content } | Inline::Strikethrough { content } => {
                each_place_in(content, visit);
            }
            Inline::Link(link) => each_place_in(&mut link.content, visit),
            Inline::Html { html } => visit(Place::Html(html)),
            Inline::Text { .. }
            | Inline::Code { .. }
            | Inline::Math { .. }
            | Inline::Media(_)
            | Inline::SoftBreak
            | Inline::HardBreak
            | Inline::FootnoteReference { .. } => {}
        }
    }
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
            Inline::Emphasis { .. }
            | Inline::Strong { .. }
            | Inline::Strikethrough { .. }
            | Inline::Link(_)
            | Inline::Cloze(_) => collect(inline.content(), into),
            Inline::Media(embed) => into.push_str(&embed.alt),
            Inline::SoftBreak | Inline::HardBreak => into.push(' '),
            Inline::FootnoteReference { label } => into.push_str(label),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::renumber;
    use crate::diagnostic::Diagnostics;
    use crate::identity::cloze::Remembered;
    use crate::model::text::{Block, Cloze, Inline};
    use crate::model::{BuiltIn, Field, Note, SourceId};
    use crate::source::{FileId, Span};

    const SPAN: Span = Span { file: FileId(0), start: 0, end: 0 };

    fn html(html: &str) -> Block {
        Block::Html { html: html.to_owned() }
    }

    fn cloze(numbers: &[u16], text: &str) -> Inline {
        let content = vec![Inline::Text { text: text.to_owned() }];
        Inline::Cloze(Box::new(Cloze { numbers: numbers.to_vec(), content, hint: None, span: SPAN }))
    }

    /// Returns the blocks with their numbers, and what the ledger is to keep.
    fn number(blocks: Vec<Block>, kept: &[Remembered]) -> (Vec<Block>, Vec<Remembered>) {
        let mut note: Note<SourceId> = Note {
            identity: None,
            note_type: BuiltIn::Cloze,
            deck: "".into(),
            tags: [].into(),
            fields: vec![Field { blocks, ..Field::default() }],
            span: SPAN,
        };
        let kept = renumber(&mut note, kept, &mut Diagnostics::default());
        (note.fields.remove(0).blocks, kept)
    }

    #[test]
    fn deletions_in_html_keep_their_numbers() {
        let (_, kept) = number(vec![html("{{c1::Oslo}} is in <b>{{c2::Norway}}</b>")], &[]);
        let (blocks, _) = number(vec![html("{{c1::fjord}} {{c2::Oslo}} <b>{{c3::Norway}}</b>")], &kept);
        assert_eq!(blocks, [html("{{c3::fjord}} {{c1::Oslo}} <b>{{c2::Norway}}</b>")]);
    }

    #[test]
    fn deletions_in_html_and_in_the_tree_share_their_numbers() {
        let tree = |numbers: &[u16], text| Block::Paragraph { content: vec![cloze(numbers, text)] };
        let (_, kept) = number(vec![html("<p>{{c1::Oslo}}</p>"), tree(&[2], "Norway")], &[]);
        let (blocks, _) = number(vec![tree(&[1], "Norway"), html("<p>{{c2::<b>Oslo</b>}}</p>")], &kept);
        assert_eq!(blocks, [tree(&[2], "Norway"), html("<p>{{c1::<b>Oslo</b>}}</p>")]);
    }

    #[test]
    fn deletions_without_numbers_are_numbered_as_they_are_read() {
        let strong = |inline| Inline::Strong { content: vec![inline] };
        let paragraph = |first: &[u16], second: &[u16], third: &[u16]| Block::Paragraph {
            content: vec![cloze(first, "a"), strong(cloze(second, "b")), cloze(third, "c")],
        };
        let (blocks, _) = number(vec![paragraph(&[], &[], &[])], &[]);
        assert_eq!(blocks, [paragraph(&[1], &[2], &[3])]);
    }

    #[test]
    fn what_has_no_card_stays_as_written() {
        let written = "{{c0::a}} {{c501::b}} {{c1,2::c}} {{c01::d}}";
        assert_eq!(number(vec![html(written)], &[]).0, [html(written)]);
    }

    #[test]
    fn many_deletions_take_no_time() {
        let content: Vec<Inline> = (0..200_000).map(|_| cloze(&[], "a")).collect();
        let (blocks, kept) = number(vec![Block::Paragraph { content }], &[]);
        assert_eq!(kept.len(), 500);
        let content: Vec<Inline> = (0..200_000).map(|_| cloze(&[], "a")).collect();
        assert_eq!(number(vec![Block::Paragraph { content }], &kept).0, blocks);
    }
}
