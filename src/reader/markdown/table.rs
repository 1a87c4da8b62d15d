//! Tables whose rows are notes.

use std::ops::Range;

use super::card::{Card, Form, place, take_anchor};
use super::context::Context;
use super::directives::{id, keyed};
use super::fence::{Side, closest, is_metadata, side};
use super::pieces::PieceKind;
use super::plain::plain;
use super::said::Said;
use super::sections::Sections;
use super::walker::RowInfo;
use crate::diagnostic::Code;
use crate::model::text::{Block, Inline, Table};
use crate::model::{ExplicitId, Field};

/// Says what a column holds.
enum Column {
    Side(Side),
    Metadata(String),
    Unknown,
}

impl Sections<'_, '_> {
    /// Makes a note of each row.
    pub(super) fn table(&mut self, at: usize, said: Said) {
        let mut shared = said;
        let directives = std::mem::take(&mut self.pieces[at].directives);
        let PieceKind::Table { block: Block::Table(table), rows: infos, .. } =
            std::mem::replace(&mut self.pieces[at].kind, PieceKind::Taken)
        else {
            return;
        };
        let Table { header, rows, .. } = *table;
        let Some((head, bodies)) = infos.split_first() else { return };
        let header_end = bodies.first().map_or(self.pieces[at].range.end, |row| row.range.start);
        self.marks.push((head.range.start..header_end, crate::model::RegionKind::Metadata));
        let columns = self.columns(&header, head);
        for (cells, info) in rows.into_iter().zip(bodies) {
            let mut said = shared.clone();
            shared.id = None;
            self.said_in(&directives, &info.range, &mut said);
            self.row(&columns, cells, info, said, header.len());
        }
    }

    fn columns(&mut self, header: &[Vec<Inline>], info: &RowInfo) -> Vec<Column> {
        let names: Vec<String> = header.iter().map(|cell| plain(cell).trim().to_owned()).collect();
        let known = names.iter().any(|name| side(name).is_some());
        let mut columns = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let column = if is_metadata(name) && !name.eq_ignore_ascii_case("source") {
                Column::Metadata(name.to_lowercase())
            } else if let Some(side) = side(name).filter(|_| known) {
                Column::Side(side)
            } else if !known && index == 0 {
                Column::Side(Side::Front)
            } else if !known && index == 1 {
                Column::Side(Side::Back)
            } else {
                Column::Unknown
            };
            if matches!(column, Column::Unknown) {
                let range =
                    info.cells.get(index).map_or(info.range.clone(), |cell| self.trimmed(cell.clone()));
                let help = match closest(name) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => {
                        "name the columns after fields, such as `front`, `back`, `extra`, `tags`".to_owned()
                    }
                };
                let message = format!("no field is called `{name}`");
                self.ctx.report(Code::UnknownField, range, message, &help);
            }
            columns.push(column);
        }
        columns
    }

    fn row(&mut self, columns: &[Column], cells: Vec<Vec<Inline>>, info: &RowInfo, said: Said, width: usize) {
        let range = self.trimmed(info.range.clone());
        let count = count_cells(&self.ctx.text[range.clone()]);
        if count != width {
            report_shape(self.ctx, range.clone(), count, width);
        }
        let mut card = Card { head: range.clone(), range, said, form: Form::Sides, ..Card::default() };
        for ((cell, column), place_of) in cells.into_iter().zip(columns).zip(&info.cells) {
            let at = self.trimmed(place_of.clone());
            let source = self.ctx.source(at.clone()).replace("\\|", "|");
            match column {
                Column::Unknown => {}
                Column::Metadata(name) => self.metadata(&mut card, name, &source, at),
                Column::Side(_) if cell.is_empty() => {}
                Column::Side(side) => {
                    let mut field = Field { blocks: vec![Block::Paragraph { content: cell }], source };
                    take_anchor(self.ctx, &mut field, at.clone(), &mut card.said);
                    if place(&mut card, *side, field).is_err() {
                        self.ctx.report(
                            Code::DuplicateField,
                            at,
                            "two columns for one field",
                            "rename one of the columns",
                        );
                    }
                }
            }
        }
        self.emit(card);
    }

    fn metadata(&mut self, card: &mut Card, name: &str, value: &str, at: Range<usize>) {
        if value.is_empty() {
            return;
        }
        if name == "id" {
            id(self.ctx, value, at, ExplicitId::Key);
        } else {
            keyed(self.ctx, name, name, value, at);
        }
        let directives = std::mem::take(&mut self.ctx.directives);
        card.said.absorb(self.ctx, directives);
    }
}

fn report_shape(ctx: &mut Context<'_>, range: Range<usize>, count: usize, width: usize) {
    let message = format!("row has {count} cells, its header {width}");
    let help = "write `\\|` for a bar inside a cell, and give every row a cell for each column";
    ctx.report(Code::TableShape, range, message, help);
}

/// Reports rows of a table inside a card whose last cells Markdown drops (GFM).
pub(super) fn lost_cells(ctx: &mut Context<'_>, rows: &[RowInfo]) {
    let Some((head, bodies)) = rows.split_first() else { return };
    for row in bodies {
        let text = ctx.text[row.range.clone()].trim_end();
        let count = count_cells(text.trim_start());
        if count > head.cells.len() {
            report_shape(ctx, row.range.start..row.range.start + text.len(), count, head.cells.len());
        }
    }
}

/// Returns how many cells a table row has: bars split it, even in code, unless a backslash stands before them (GFM).
fn count_cells(row: &str) -> usize {
    let inner = row.strip_prefix('|').unwrap_or(row);
    let bytes = inner.as_bytes();
    let mut bars = 0;
    let mut escaped = false;
    let mut last = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'|' && !escaped {
            bars += 1;
            last = at + 1;
        }
        escaped = *byte == b'\\' && !escaped;
    }
    if last == bytes.len() && bars > 0 { bars } else { bars + 1 }
}
