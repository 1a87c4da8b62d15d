//! Stretches of plain text → the blocks of a field.
//!
//! Plain text is not Markdown: a line stays a line, `*` and `_` are themselves. Lines that begin with a bullet or a number
//! become lists, an unfinished line joins up with the next.

use super::page::{Page, Stretch, goes_on, length, marker};
use crate::diagnostic::Diagnostics;
use crate::model::Field;
use crate::model::text::{Block, Inline, ListItem};
use crate::reader::plain_cloze::{self, Piece};

/// The deepest list that stays nested; deeper items join this level.
const DEEPEST: usize = 100;

/// Returns the field that `side` makes.
pub(super) fn field(page: &Page<'_>, side: &[Stretch], diagnostics: &mut Diagnostics) -> Field {
    let mut builder =
        Builder { page, diagnostics, blocks: Vec::new(), pieces: Vec::new(), items: Vec::new() };
    let mut source: Vec<&str> = Vec::with_capacity(side.len());
    // One line is a phrase whatever it begins with; "3. Oktober" is a list only where a "1." stands above it.
    let mut listing = false;
    let mut last = "";
    for stretch in side {
        let text = page.of(stretch);
        if text.is_empty() {
            builder.paragraph();
            last = "";
            continue;
        }
        let found = marker(text).filter(|(_, number)| listing || number.is_none_or(|number| number <= 1));
        match found {
            Some((width, number)) if side.len() > 1 => {
                builder.paragraph();
                let range = stretch.range.start + width..stretch.range.end;
                source.push(&page.file.text[range.clone()]);
                let indent = stretch.indent;
                builder.items.push(Item { indent, number, pieces: vec![Piece::Text(range)] });
                listing = true;
            }
            Some((width, None)) => {
                let range = stretch.range.start + width..stretch.range.end;
                source.push(&page.file.text[range.clone()]);
                builder.pieces.push(Piece::Text(range));
            }
            Some((_, Some(_))) | None => {
                builder.line(stretch, goes_on(last, text));
                source.push(text);
                listing = !builder.items.is_empty();
            }
        }
        last = text;
    }
    builder.paragraph();
    builder.list();
    let blocks = builder.blocks;
    Field { blocks, source: source.join("\n") }
}

/// Is an item of a list before nesting.
struct Item {
    indent: usize,
    number: Option<u64>,
    pieces: Vec<Piece>,
}

struct Builder<'a, 'b> {
    page: &'a Page<'a>,
    diagnostics: &'b mut Diagnostics,
    blocks: Vec<Block>,
    /// The paragraph being read.
    pieces: Vec<Piece>,
    /// The list being read.
    items: Vec<Item>,
}

impl Builder<'_, '_> {
    /// Adds a line without a marker, to the item above where it belongs there.
    fn line(&mut self, stretch: &Stretch, joins: bool) {
        let belongs = self.pieces.is_empty()
            && self.items.last().is_some_and(|item| joins || stretch.indent >= item.indent + 2);
        if !belongs {
            self.list();
        }
        let pieces = match self.items.last_mut() {
            Some(item) if belongs => &mut item.pieces,
            Some(_) | None => &mut self.pieces,
        };
        if !pieces.is_empty() {
            pieces.push(if joins { Piece::Soft } else { Piece::Hard });
        }
        pieces.push(Piece::Text(stretch.range.clone()));
    }

    /// Ends the paragraph being read.
    fn paragraph(&mut self) {
        if !self.pieces.is_empty() {
            self.list();
            let content = plain_cloze::inlines(self.page.file, &self.pieces, self.diagnostics);
            self.pieces.clear();
            self.blocks.push(Block::Paragraph { content });
        }
    }

    /// Ends the list being read.
    fn list(&mut self) {
        let items = std::mem::take(&mut self.items);
        let items: Vec<(usize, Option<u64>, Vec<Inline>)> = items
            .into_iter()
            .map(|item| {
                let content = plain_cloze::inlines(self.page.file, &item.pieces, self.diagnostics);
                (item.indent, item.number, content)
            })
            .collect();
        self.blocks.extend(nest(&items, 0));
    }
}

/// Returns the lists that the items make: deeper ones become lists inside the item above them.
fn nest(items: &[(usize, Option<u64>, Vec<Inline>)], depth: usize) -> Vec<Block> {
    let mut lists = Vec::new();
    let mut at = 0;
    while let Some((indent, number, content)) = items.get(at) {
        let inner = if depth < DEEPEST {
            items[at + 1..].iter().take_while(|(deeper, ..)| *deeper >= indent + 2).count()
        } else {
            0
        };
        let mut blocks = vec![Block::Paragraph { content: content.clone() }];
        blocks.extend(nest(&items[at + 1..at + 1 + inner], depth + 1));
        let item = ListItem { checked: None, content: blocks };
        match lists.last_mut() {
            Some(Block::List { start, items, .. }) if start.is_some() == number.is_some() => items.push(item),
            Some(_) | None => {
                lists.push(Block::List { start: *number, tight: true, items: vec![item] });
            }
        }
        at += 1 + inner;
    }
    lists
}

/// Returns the text of a title: short, and one line.
pub(super) fn is_title(text: &str) -> bool {
    length(text) <= 100 && !text.ends_with(['.', ',', ';', '?', '؟', '？', '。']) && !plain_cloze::holds(text)
}
