//! Cards that are blocks of their own: paragraphs and list items with deletions, terms of definition lists, `card` fences.

use std::ops::Range;

use super::card::{Card, Form, place, take_anchor, take_field};
use super::directives::Directive;
use super::fence::{Entry, Side, closest, is_metadata, side};
use super::pieces::PieceKind;
use super::said::Said;
use super::sections::Sections;
use super::walker::ItemInfo;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::text::{Block, Definition, ListItem};
use crate::model::{BuiltIn, Field};
use crate::source::Spanned;

/// Holds what the items of one list share.
struct Items<'i> {
    infos: &'i [ItemInfo],
    next: usize,
    directives: Vec<Spanned<Directive>>,
    said: Said,
}

impl Sections<'_, '_> {
    /// Makes a cloze note of a paragraph, quote or table that holds a deletion.
    pub(super) fn cloze_block(&mut self, at: usize, said: Said) {
        let mut said = said;
        let range = self.trimmed(self.pieces[at].range.clone());
        let front = take_field(self.ctx, &mut self.pieces[at..=at], &mut said);
        self.emit(Card { head: range.clone(), range, front, said, form: Form::Cloze, ..Card::default() });
    }

    /// Makes a cloze note of each list item whose own text holds a deletion, with all that is nested in it.
    pub(super) fn list(&mut self, at: usize, said: Said) {
        let directives = std::mem::take(&mut self.pieces[at].directives);
        let PieceKind::List(block, infos) = std::mem::replace(&mut self.pieces[at].kind, PieceKind::Taken)
        else {
            return;
        };
        let mut items = Items { infos: &infos, next: 0, directives, said };
        self.list_blocks(vec![block], &mut items);
    }

    fn list_blocks(&mut self, blocks: Vec<Block>, items: &mut Items<'_>) {
        for block in blocks {
            match block {
                Block::List { items: list, .. } => {
                    for item in list {
                        self.list_item(item, items);
                    }
                }
                Block::Quote { content, .. } | Block::Footnote { content, .. } => {
                    self.list_blocks(content, items);
                }
                Block::DefinitionList { items: terms } => {
                    for term in terms {
                        for definition in term.definitions {
                            self.list_blocks(definition, items);
                        }
                    }
                }
                Block::Paragraph { .. }
                | Block::Heading { .. }
                | Block::Code { .. }
                | Block::Table { .. }
                | Block::Math { .. }
                | Block::Html { .. }
                | Block::Rule => {}
            }
        }
    }

    fn list_item(&mut self, item: ListItem, items: &mut Items<'_>) {
        let Some(info) = items.infos.get(items.next).cloned() else { return };
        items.next += 1;
        if !info.cloze {
            self.list_blocks(item.content, items);
            return;
        }
        while items.infos.get(items.next).is_some_and(|inner| inner.range.start < info.range.end) {
            items.next += 1;
        }
        // What is said of the whole list is said of each item; an id can name only the first.
        let mut said = items.said.clone();
        items.said.id = None;
        self.said_in(&items.directives, &info.range, &mut said);
        let range = self.trimmed(info.range);
        let text = &self.ctx.text[range.clone()];
        let start = range.start + marker_length(text);
        let mut front = Field { blocks: item.content, source: self.ctx.source(start..range.end) };
        take_anchor(self.ctx, &mut front, start..range.end, &mut said);
        self.emit(Card { head: range.clone(), range, front, said, form: Form::Cloze, ..Card::default() });
    }

    /// Makes a note of each term of a definition list.
    pub(super) fn terms(&mut self, at: usize, said: Said) {
        let mut shared = said;
        let directives = std::mem::take(&mut self.pieces[at].directives);
        let PieceKind::Terms(Block::DefinitionList { items }, infos) =
            std::mem::replace(&mut self.pieces[at].kind, PieceKind::Taken)
        else {
            return;
        };
        for (item, info) in items.into_iter().zip(infos) {
            let Definition { term, definitions } = item;
            let end = info.definitions.last().map_or(info.term.end, |range| range.end);
            let range = self.trimmed(info.term.start..end);
            let mut said = shared.clone();
            shared.id = None;
            self.said_in(&directives, &range, &mut said);
            let front = Field {
                blocks: vec![Block::Paragraph { content: term }],
                source: self.ctx.source(info.term.clone()),
            };
            let mut back = Field::default();
            for (mut blocks, place) in definitions.into_iter().zip(&info.definitions) {
                back.blocks.append(&mut blocks);
                let text = &self.ctx.text[place.clone()];
                let lead = text.len() - text.trim_start().trim_start_matches(':').len();
                if !back.source.is_empty() {
                    back.source.push_str("\n\n");
                }
                back.source.push_str(&self.ctx.source(place.start + lead..place.end));
            }
            take_anchor(self.ctx, &mut back, range.clone(), &mut said);
            let head = self.trimmed(info.term);
            self.emit(Card { range, head, front, back, said, ..Card::default() });
        }
    }

    /// Makes a note of a `card` fence.
    pub(super) fn fence(&mut self, at: usize, said: Said) {
        let range = self.trimmed(self.pieces[at].range.clone());
        let PieceKind::Fence(entries) = std::mem::replace(&mut self.pieces[at].kind, PieceKind::Taken) else {
            return;
        };
        let line = self.ctx.text[range.clone()].find(['\n', '\r']).unwrap_or(range.len());
        let head = range.start..range.start + line;
        let mut card = Card { range, head, said, ..Card::default() };
        for entry in entries {
            self.entry(&mut card, entry);
        }
        self.emit(card);
    }

    fn entry(&mut self, card: &mut Card, entry: Entry) {
        let Entry { key, place: key_place, mut pieces, directives, value } = entry;
        card.said.absorb(self.ctx, directives);
        if is_metadata(&key) && key != "source" {
            return;
        }
        let Some(side) = side(&key) else {
            let shown = self.ctx.text[key_place.clone()].to_owned();
            let help = match closest(&shown) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("use one of {}, or indent the line", BuiltIn::Basic.fields().join(", ")),
            };
            self.ctx.report(Code::UnknownField, key_place, format!("no field is called `{shown}`"), &help);
            return;
        };
        let mut field = take_field(self.ctx, &mut pieces, &mut card.said);
        if field.is_empty() {
            return;
        }
        if matches!(side, Side::Field("Add Reverse")) {
            // Any text switches the other card on; what it says is never shown.
            field.source = self.ctx.source(value);
        }
        if place(card, side, field).is_err() {
            let message = format!("field `{key}` is given twice");
            let diagnostic = Diagnostic::at(Code::DuplicateField, self.ctx.span(key_place), message);
            self.ctx.diagnostics.push(diagnostic.help("join the two"));
        }
    }

    /// Returns `range` without white space at its end.
    pub(super) fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let text = &self.ctx.text[range.clone()];
        let lead = text.len() - text.trim_start().len();
        let start = range.start + if lead == text.len() { 0 } else { lead };
        start..start.max(range.start + text.trim_end().len())
    }
}

/// Returns how long the marker of a list item is, with a task's box.
fn marker_length(text: &str) -> usize {
    let marker = text.find([' ', '\t', '\n', '\r']).unwrap_or(text.len());
    let rest = &text[marker..];
    let mut length = marker + (rest.len() - rest.trim_start().len());
    for tick in ["[ ]", "[x]", "[X]"] {
        if let Some(rest) = text[length..].strip_prefix(tick)
            && rest.starts_with([' ', '\t'])
        {
            length += tick.len() + (rest.len() - rest.trim_start().len());
            break;
        }
    }
    length
}
