//! Rows → notes.

use std::borrow::Cow;
use std::ops::Range;

use super::columns::Column;
use super::found::Found;
use super::preamble::{Markup, Preamble};
use super::records::{Cell, Comments, Record, Row};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::text::Block;
use crate::model::{BuiltIn, Draft, ExplicitId, Field, Note, Region, RegionKind};
use crate::reader::Settings;
use crate::reader::id::check_id;
use crate::reader::plain_cloze::{self, Piece};
use crate::source::{SourceFile, Span, Spanned};

/// Says how rows are to be read.
pub(super) struct Plan {
    /// What each column holds.
    pub(super) columns: Vec<Column>,
    /// Who says so.
    pub(super) layout: Layout,
    /// What cells are written in.
    pub(super) markup: Markup,
    /// What becomes of a `'` before a formula.
    pub(super) guard: Guard,
    /// Rows of Anki's text files may have any length.
    pub(super) lengths: Comments,
}

/// Says where the columns are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// A header or a line at the top names them.
    Named,
    /// Nothing does: front, back and tags are a guess.
    Guessed,
}

/// Says what becomes of a `'` in front of what a spreadsheet would run as a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// deckc wrote it, and takes it off.
    Strip,
    /// Somebody wrote it.
    Keep,
}

/// Makes notes of rows.
pub(super) struct Rows<'a, 'b> {
    file: &'a SourceFile,
    settings: &'a Settings,
    preamble: &'a Preamble,
    plan: Plan,
    diagnostics: &'b mut Diagnostics,
    draft: Draft,
    default: Option<BuiltIn>,
    /// The note type of the whole file is unknown: its rows make no notes.
    refused: bool,
    found: Found,
}

impl<'a, 'b> Rows<'a, 'b> {
    /// Begins with nothing read.
    pub(super) fn new(
        file: &'a SourceFile,
        settings: &'a Settings,
        preamble: &'a Preamble,
        plan: Plan,
        diagnostics: &'b mut Diagnostics,
    ) -> Self {
        let mut rows = Self {
            file,
            settings,
            preamble,
            plan,
            diagnostics,
            draft: Draft::default(),
            default: settings.note_type,
            refused: false,
            found: Found::default(),
        };
        if let Some(name) = &preamble.note_type {
            rows.default = BuiltIn::parse(&name.value);
            if rows.default.is_none() {
                rows.refused = true;
                rows.found.unknown(&name.value, name.span);
            }
        }
        rows
    }

    /// Records what a stretch of the file is.
    pub(super) fn region(&mut self, range: Range<usize>, kind: RegionKind) {
        if !self.file.text[range.clone()].trim().is_empty() {
            self.draft.regions.push(Region { span: self.file.span(range), kind });
        }
    }

    /// Decides what cells are written in. Anki takes cells for HTML where they look like it; here the file has to say so,
    /// and a file that looks like HTML without saying it is reported.
    pub(super) fn set_markup(&mut self, said: Option<Markup>, rows: &[Row]) {
        self.plan.markup = said.unwrap_or(Markup::Plain);
        if said.is_some() {
            return;
        }
        let tagged = rows.iter().find_map(|row| match row {
            Row::Record(record) => {
                record.cells.iter().find(|cell| looks_like_html(&cell.value(&self.file.text)))
            }
            Row::Comment(_) | Row::Unclosed { .. } => None,
        });
        if let Some(cell) = tagged {
            self.diagnostics.push(
                Diagnostic::at(
                    Code::CsvHeader,
                    self.file.span(cell.range.clone()),
                    "cells look like HTML and were read as plain text, since nothing says what they are",
                )
                .help("write `#html:true` or `#html:false` on a line at the top of the file"),
            );
        }
    }

    /// Reports a quote that is never closed; what stands from its record on is not read.
    pub(super) fn unclosed(&mut self, quote: usize, start: usize) {
        self.diagnostics.push(
            Diagnostic::at(
                Code::CsvRow,
                self.file.span(quote..quote + 1),
                "a quote is never closed; the rows from here on cannot be read",
            )
            .help("close the cell with `\"`, and double each quote inside it"),
        );
        let end = self.file.text.trim_end().len();
        self.region(start..end.max(start), RegionKind::Prose);
    }

    /// Reads one record.
    pub(super) fn record(&mut self, record: &Record) {
        let text: &'a str = &self.file.text;
        let span = self.file.span(record.span.clone());
        if let Some(fault) = record.fault {
            let width = text[fault..].chars().next().map_or(0, char::len_utf8);
            self.found.faults.push(self.file.span(fault..fault + width));
        }
        self.lengths(record, span);
        let mut row = RowParts::default();
        for (cell, column) in record.cells.iter().zip(&self.plan.columns) {
            let value = cell.value(text);
            if value.trim().is_empty() {
                continue;
            }
            match column {
                Column::Guid => row.guid = Some((value, cell)),
                Column::Id => row.id = Some((value, cell)),
                Column::NoteType => row.note_type = Some((value, cell)),
                Column::Deck => row.deck = Some(self.bare(&value).trim().to_owned()),
                // Nobody said that the third column holds tags, so a sentence there is content.
                Column::Tags if self.plan.layout == Layout::Guessed && is_sentence(&value) => {
                    row.content.push((Column::Field("Extra"), cell.clone()));
                }
                Column::Tags => row.tags.extend(self.tags(self.bare(&value))),
                Column::Front | Column::Back | Column::Field(_) | Column::Nth(_) => {
                    row.content.push((column.clone(), cell.clone()));
                }
                Column::Unknown => {}
            }
        }
        let Some(front) = row
            .content
            .iter()
            .find(|(column, _)| matches!(column, Column::Front | Column::Nth(0)))
            .map(|(_, cell)| cell.clone())
        else {
            self.found.empty.push(span);
            self.region(record.span.clone(), RegionKind::Prose);
            return;
        };
        let Some(note_type) = self.note_type(row.note_type.as_ref(), &front) else {
            self.region(record.span.clone(), RegionKind::Prose);
            return;
        };
        let fields = self.fields(note_type, &row.content, span);
        let identity = match (row.guid, row.id) {
            (Some((guid, cell)), _) => Some((ExplicitId::Guid(guid.into_owned()), cell)),
            (None, Some((id, cell))) => Some((ExplicitId::Key(id.trim().to_owned()), cell)),
            (None, None) => None,
        };
        let identity = identity.and_then(|(id, cell)| self.identity(id, cell));
        let deck = row
            .deck
            .or_else(|| self.preamble.deck.clone())
            .or_else(|| self.settings.deck.clone())
            .unwrap_or_else(|| self.settings.path_deck.clone());
        let mut tags = row.tags;
        tags.extend(self.preamble.tags.iter().chain(&self.settings.tags).cloned());
        tags.sort();
        tags.dedup();
        self.region(record.span.clone(), RegionKind::Card);
        self.draft.notes.push(Note {
            identity,
            note_type,
            deck: deck.into(),
            tags: tags.into(),
            fields,
            span,
        });
    }

    /// Returns the id of a row; nothing, and remembers why, where it cannot be one.
    fn identity(&mut self, id: ExplicitId, cell: &Cell) -> Option<Spanned<ExplicitId>> {
        let span = self.file.span(cell.range.clone());
        let (ExplicitId::Key(text) | ExplicitId::Guid(text)) = &id;
        match check_id(text) {
            Ok(()) => Some(Spanned::new(id, span)),
            Err(why) => {
                self.found.refused(why, span);
                None
            }
        }
    }

    /// Returns the note type of a row; nothing, and remembers why, where its name is unknown.
    fn note_type(&mut self, named: Option<&(Cow<'a, str>, &Cell)>, front: &Cell) -> Option<BuiltIn> {
        if let Some((name, cell)) = named {
            let found = BuiltIn::parse(name);
            if found.is_none() {
                self.found.unknown(name.trim(), self.file.span(cell.range.clone()));
            }
            return found;
        }
        if self.refused {
            return None;
        }
        let cloze = || plain_cloze::holds(&front.value(&self.file.text));
        Some(self.default.unwrap_or_else(|| if cloze() { BuiltIn::Cloze } else { BuiltIn::Basic }))
    }

    /// Remembers a record that is longer or shorter than it should be.
    fn lengths(&mut self, record: &Record, span: Span) {
        let expected = self.plan.columns.len();
        if record.cells.len() < expected && self.plan.lengths == Comments::None {
            self.found.short.push(span);
        }
        let extra = record.cells.iter().skip(expected).find(|cell| !self.is_blank(cell));
        if let Some(cell) = extra {
            self.found.long.push(self.file.span(cell.range.clone()));
        }
    }

    fn is_blank(&self, cell: &Cell) -> bool {
        self.file.text[cell.range.clone()].trim().is_empty()
    }

    /// Returns the tags of a cell. Anki puts spaces between them; other tables put commas.
    fn tags(&self, cell: &str) -> Vec<String> {
        let splits = |c: char| match self.plan.lengths {
            Comments::Hash => c.is_whitespace(),
            Comments::None => c.is_whitespace() || matches!(c, ',' | ';'),
        };
        cell.split(splits)
            .map(|tag| tag.trim_start_matches('#'))
            .filter(|tag| !tag.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Returns a cell without the `'` that guards it.
    fn bare<'c>(&self, value: &'c str) -> &'c str {
        if self.plan.guard == Guard::Strip && is_guarded(value) { &value[1..] } else { value }
    }

    fn fields(&mut self, note_type: BuiltIn, content: &[(Column, Cell)], span: Span) -> Vec<Field> {
        let mut fields: Vec<Field> = note_type.fields().iter().map(|_| Field::default()).collect();
        for (column, cell) in content {
            let place = match column {
                Column::Front => Some(0),
                Column::Back if note_type.is_cloze() => note_type.field("Extra"),
                Column::Back => note_type.field("Back"),
                Column::Field(name) => note_type.field(name),
                Column::Nth(at) => Some(*at).filter(|at| *at < fields.len()),
                Column::Tags
                | Column::Deck
                | Column::NoteType
                | Column::Guid
                | Column::Id
                | Column::Unknown => None,
            };
            let Some(place) = place else {
                self.found.homeless.push(self.file.span(cell.range.clone()));
                continue;
            };
            let reads = if note_type.is_cloze() && place == 0 { Clozes::Read } else { Clozes::Literal };
            let field = self.field(cell, reads);
            let shared = *column == Column::Field("Extra") && !fields[place].is_empty();
            if shared {
                fields[place].blocks.extend(field.blocks);
                fields[place].source = format!("{}\n{}", fields[place].source, field.source);
            } else {
                fields[place] = field;
            }
        }
        if let Some(place) = note_type.field("Source")
            && fields[place].is_empty()
            && let Some(source) = &self.settings.source
        {
            fields[place] = Field { blocks: vec![Block::text(source.clone())], source: source.clone() };
        }
        if note_type.is_cloze() && !has_cloze(&fields[0]) {
            self.diagnostics.push(
                Diagnostic::at(Code::ClozeWithoutDeletion, span, "cloze note without a deletion")
                    .help("write `{{c1::hidden}}` round what is to be hidden"),
            );
        }
        fields
    }

    fn field(&mut self, cell: &Cell, clozes: Clozes) -> Field {
        let text: &'a str = &self.file.text;
        let value = cell.value(text);
        let line_end = match self.plan.markup {
            Markup::Html if needs_html(&value) => {
                let html = self.bare(&value).to_owned();
                return Field { blocks: vec![Block::Html { html: html.clone() }], source: html };
            }
            // Line ends in HTML are spaces.
            Markup::Html => Piece::Soft,
            Markup::Plain => Piece::Hard,
        };
        let mut cell: Cow<'_, Cell> = Cow::Borrowed(cell);
        if self.plan.guard == Guard::Strip && is_guarded(&value) {
            cell.to_mut().range.start += 1;
        }
        let pieces = cell.pieces(text, &line_end);
        let content = match clozes {
            Clozes::Read => plain_cloze::inlines(self.file, &pieces, self.diagnostics),
            Clozes::Literal => plain_cloze::literal(self.file, &pieces),
        };
        let source = cell.value(text).trim().to_owned();
        Field { blocks: vec![Block::Paragraph { content }], source }
    }

    /// Reports what was gathered and returns the draft.
    pub(super) fn finish(mut self) -> Draft {
        let silent = self.found.report(self.plan.columns.len(), self.diagnostics);
        if self.draft.notes.is_empty()
            && silent
            && let Some(first) = self.draft.regions.first()
        {
            self.diagnostics.push(
                Diagnostic::at(Code::NothingFound, first.span, "no cards found: the table has no rows")
                    .help("write a row for each card"),
            );
        }
        self.draft.regions.sort_by_key(|region| region.span);
        self.draft.descriptions = self.settings.describe(self.preamble.deck.clone());
        self.draft
    }
}

/// Returns whether a cell reads as a sentence rather than as a list of tags.
fn is_sentence(cell: &str) -> bool {
    let cell = cell.trim();
    let words = cell.split_whitespace().count();
    let tagged = cell.split_whitespace().all(|word| word.starts_with('#'));
    let ends = cell.ends_with(['.', '?', '!', '…', '。', '？', '！']);
    !tagged && (words > 5 || (words > 1 && ends))
}

/// Holds a row's cells by what they are.
#[derive(Default)]
struct RowParts<'t, 'c> {
    guid: Option<(Cow<'t, str>, &'c Cell)>,
    id: Option<(Cow<'t, str>, &'c Cell)>,
    note_type: Option<(Cow<'t, str>, &'c Cell)>,
    deck: Option<String>,
    tags: Vec<String>,
    content: Vec<(Column, Cell)>,
}

/// Says whether cloze markers mean anything in a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clozes {
    Read,
    Literal,
}

/// Returns whether an HTML cell is more than plain text: tags, entities, and what Anki reads inside text.
fn needs_html(value: &str) -> bool {
    ["<", "&", "[sound:", "\\(", "\\[", "[$", "[latex]"].iter().any(|mark| value.contains(mark))
}

/// Returns whether a cell holds one of the tags that flashcards are written with.
fn looks_like_html(value: &str) -> bool {
    const TAGS: [&str; 18] = [
        "b", "i", "u", "br", "div", "p", "img", "span", "ul", "ol", "li", "sub", "sup", "a", "table",
        "strong", "em", "code",
    ];
    value.split('<').skip(1).any(|rest| {
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        rest.contains('>') && TAGS.iter().any(|tag| rest[..end].eq_ignore_ascii_case(tag))
    })
}

/// Returns whether `--guard-formulas` put the `'` in front of the cell.
fn is_guarded(value: &str) -> bool {
    value.strip_prefix('\'').is_some_and(|rest| rest.starts_with(['=', '+', '-', '@', '\t']))
}

fn has_cloze(field: &Field) -> bool {
    field.has_cloze()
        || field.blocks.iter().any(|block| match block {
            Block::Html { html } => plain_cloze::holds(html),
            Block::Paragraph { .. }
            | Block::Heading { .. }
            | Block::Code { .. }
            | Block::List { .. }
            | Block::DefinitionList { .. }
            | Block::Table { .. }
            | Block::Quote { .. }
            | Block::Math { .. }
            | Block::Rule
            | Block::Footnote { .. } => false,
        })
}
