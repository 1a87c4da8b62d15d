//! Lists, definition lists and tables, with what the reader needs to know of their parts.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::walker::{ItemInfo, RowInfo, TermInfo, Walker};
use crate::model::text::{Alignment, Block, Definition, Inline, ListItem, Table};

impl Walker<'_, '_> {
    /// Reads the items of a list.
    pub(super) fn list_items(&mut self, start: Option<u64>, depth: usize) -> Block {
        let mut items = Vec::new();
        let mut tight = true;
        while let Some((event, range)) = self.next() {
            match event {
                Event::Start(Tag::Item) => items.push(self.item(range, depth, &mut tight)),
                Event::End(_) => break,
                _ => {}
            }
        }
        Block::List { start, tight, items }
    }

    fn item(&mut self, range: Range<usize>, depth: usize, tight: &mut bool) -> ListItem {
        let index = self.items.len();
        self.items.push(ItemInfo { range: range.clone(), cloze: false });
        let mut checked = None;
        let mut content = Vec::new();
        loop {
            let list = match self.peek() {
                None => break,
                Some((Event::End(_), _)) => {
                    self.next();
                    break;
                }
                Some((Event::TaskListMarker(ticked), _)) => {
                    checked = Some(*ticked);
                    self.next();
                    continue;
                }
                Some((Event::Start(Tag::Paragraph), _)) => {
                    *tight = false;
                    // The marker of a loose task stands inside its paragraph.
                    let (_, inner) = self.next().unwrap_or((Event::Rule, range.clone()));
                    if let Some((Event::TaskListMarker(ticked), _)) = self.peek() {
                        checked = Some(*ticked);
                        self.next();
                    }
                    let before = self.ctx.cloze_count;
                    self.block(&mut content, Tag::Paragraph, inner, depth + 1);
                    self.items[index].cloze |= self.ctx.cloze_count > before;
                    continue;
                }
                Some((Event::Start(tag), _)) => matches!(tag, Tag::List(_)),
                Some(_) => false,
            };
            let before = self.ctx.cloze_count;
            self.push_block(&mut content, &range, depth + 1);
            self.items[index].cloze |= !list && self.ctx.cloze_count > before;
        }
        ListItem { checked, content }
    }

    /// Reads the terms of a definition list.
    pub(super) fn definition_list(&mut self, depth: usize) -> Block {
        let mut items: Vec<Definition> = Vec::new();
        while let Some((event, range)) = self.next() {
            match event {
                Event::Start(Tag::DefinitionListTitle) => {
                    let term = self.inlines(range.end, usize::MAX, depth + 1);
                    self.next();
                    items.push(Definition { term, definitions: Vec::new() });
                    self.terms.push(TermInfo { term: range, definitions: Vec::new() });
                }
                Event::Start(_) => {
                    let content = self.blocks(&range, depth + 1);
                    if let (Some(item), Some(info)) = (items.last_mut(), self.terms.last_mut()) {
                        item.definitions.push(content);
                        info.definitions.push(range);
                    }
                }
                Event::End(_) => break,
                _ => {}
            }
        }
        Block::DefinitionList { items }
    }

    /// Reads the rows of a table.
    pub(super) fn table_rows(&mut self, alignments: &[pulldown_cmark::Alignment], depth: usize) -> Block {
        let alignments: Vec<Alignment> = alignments
            .iter()
            .map(|alignment| match alignment {
                pulldown_cmark::Alignment::None => Alignment::None,
                pulldown_cmark::Alignment::Left => Alignment::Left,
                pulldown_cmark::Alignment::Center => Alignment::Center,
                pulldown_cmark::Alignment::Right => Alignment::Right,
            })
            .collect();
        let mut header = Vec::new();
        let mut rows = Vec::new();
        while let Some((event, range)) = self.next() {
            match event {
                Event::Start(Tag::TableHead) => header = self.cells(range, depth),
                Event::Start(Tag::TableRow) => {
                    let mut cells = self.cells(range, depth);
                    cells.resize_with(alignments.len(), Vec::new);
                    rows.push(cells);
                }
                Event::End(_) => break,
                _ => {}
            }
        }
        Block::Table(Box::new(Table { alignments, header, rows }))
    }

    fn cells(&mut self, row: Range<usize>, depth: usize) -> Vec<Vec<Inline>> {
        let mut info = RowInfo { range: row, cells: Vec::new() };
        let mut cells = Vec::new();
        while let Some((event, range)) = self.next() {
            match event {
                Event::Start(_) => {
                    cells.push(self.inlines(range.end, usize::MAX, depth));
                    info.cells.push(range);
                    self.next();
                }
                Event::End(_) => break,
                _ => {}
            }
        }
        self.rows.push(info);
        cells
    }
}
