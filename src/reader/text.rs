//! The plain-text dialect `text`: cards without any markup, in whatever habit the page has.
//!
//! `choose` finds the habit, a module for each reads it, and this one makes notes of what they found. Plain text is not
//! Markdown: `*`, `_` and `#` inside a card are themselves.

mod blocks;
mod choose;
mod content;
mod labels;
mod page;
mod page_cards;
mod parts;
pub mod pasted;
mod separated;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use choose::{Choice, Mode, choose};
use page::{Page, heading};
use parts::{Card, Kind, Parts};

use super::id::{check_id, refused_id};
use super::{Detected, Reader, Settings, front_matter, plain_cloze};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::text::Block;
use crate::model::{BuiltIn, Draft, ExplicitId, Field, Note, Region, RegionKind};
use crate::source::{SourceFile, Spanned};

/// Reads plain text.
pub struct Text;

impl Reader for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn summary(&self) -> &'static str {
        "plain text: `Q:`/`A:`, tabs or another separator, blocks, or a page pasted as it is"
    }

    fn detect(&self, file: &SourceFile) -> Option<Detected> {
        let extension = file.extension();
        if !matches!(extension.as_str(), "" | "txt" | "text") {
            return None;
        }
        let choice = choose(&Page::new(file, front_matter::body(file)));
        Some(Detected { score: choice.score, reason: format!("plain text: {}", choice.evidence) })
    }

    fn read(&self, file: &SourceFile, settings: &Settings, diagnostics: &mut Diagnostics) -> Draft {
        let page = Page::new(file, settings.body);
        let choice = choose(&page);
        let Choice { mode, evidence, title, lines, mixture, .. } = choice;
        if let Some(mixture) = mixture {
            diagnostics.push(mixture);
        }
        let mut parts = match mode {
            Mode::Labels => labels::read(&page, lines, diagnostics),
            Mode::Separated(separator) => separated::read(&page, lines, separator, diagnostics),
            Mode::Blocks => blocks::read(&page, lines, blocks::Sides::Cards, diagnostics),
            Mode::Divided => blocks::read_divided(&page, lines, diagnostics),
            Mode::Clozes => blocks::read(&page, lines, blocks::Sides::Prose, diagnostics),
            Mode::Pasted => page_cards::read(&page, lines, diagnostics),
            Mode::Prose => Parts { metadata: blocks::metadata(&page, lines), ..Parts::default() },
        };
        parts.title = title.or(parts.title);
        let draft = Making { page: &page, settings, diagnostics }.draft(parts);
        let begin = page.lines.iter().find(|line| !line.whole.is_empty());
        if let Some(begin) = begin.filter(|_| draft.notes.is_empty()) {
            diagnostics.push(
                Diagnostic::at(
                    Code::NothingFound,
                    file.span(begin.whole.clone()),
                    format!("no cards found: {evidence}"),
                )
                .help("begin questions with `Q:` and answers with `A:`, or put a tab between term and definition"),
            );
        }
        draft
    }
}

/// Makes notes of what a mode found.
struct Making<'a, 'b> {
    page: &'a Page<'a>,
    settings: &'a Settings,
    diagnostics: &'b mut Diagnostics,
}

impl Making<'_, '_> {
    fn draft(mut self, mut parts: Parts) -> Draft {
        let title = parts.title.map(|line| {
            let text = self.page.text(line);
            heading(text).unwrap_or(text).to_owned()
        });
        let title = title.filter(|title| !title.is_empty());
        let deck = Arc::from(self.settings.file_deck(title.clone()));
        self.place_ids(&mut parts);
        let mut marks: Vec<(Range<usize>, RegionKind)> = parts
            .metadata
            .iter()
            .chain(&parts.title)
            .map(|line| (*line..line + 1, RegionKind::Metadata))
            .collect();
        let mut draft = Draft { descriptions: self.settings.describe(title), ..Draft::default() };
        for card in parts.cards {
            marks.push((card.lines.clone(), RegionKind::Card));
            let note = self.note(card, Arc::clone(&deck));
            draft.notes.push(note);
        }
        marks.sort_by_key(|(lines, _)| lines.start);
        draft.regions = self.regions(&marks);
        draft
    }

    /// Gives a line that holds nothing but an id to the card above it, across blank lines.
    fn place_ids(&mut self, parts: &mut Parts) {
        let mut next = 0;
        for line in (0..self.page.lines.len()).filter(|line| self.page.is_directive(*line)) {
            while parts.cards.get(next + 1).is_some_and(|card| card.lines.start <= line) {
                next += 1;
            }
            let Some(card) = parts.cards.get_mut(next) else { continue };
            if card.lines.contains(&line) {
                continue;
            }
            let only_blank =
                card.lines.end <= line && (card.lines.end..line).all(|between| self.page.is_blank(between));
            if only_blank {
                card.lines.end = line + 1;
            } else if let Some(id) = &self.page.lines[line].id {
                self.diagnostics.push(
                    Diagnostic::at(
                        Code::UnknownDirective,
                        id.span,
                        format!("id `{}` belongs to no card", id.value),
                    )
                    .help("put it at the end of the card's first line, or on the line under the card"),
                );
            }
        }
    }

    fn note(&mut self, card: Card, deck: Arc<str>) -> Note<Option<Spanned<ExplicitId>>> {
        let identity = self.id(&card);
        let span = self.page.file.span(self.page.bytes(card.lines.clone()));
        let front = content::field(self.page, &card.front, self.diagnostics);
        let back = content::field(self.page, &card.back, self.diagnostics);
        let extra = content::field(self.page, &card.extra, self.diagnostics);
        let cloze = front.has_cloze() || back.has_cloze();
        if card.kind == Kind::Cloze && !cloze {
            self.diagnostics.push(
                Diagnostic::at(
                    Code::ClozeWithoutDeletion,
                    span,
                    "cloze note without a deletion that can be used",
                )
                .help("write `{{c1::hidden}}` round what is to be hidden"),
            );
        }
        let note_type = match self.settings.note_type {
            _ if cloze || card.kind == Kind::Cloze => BuiltIn::Cloze,
            _ if card.kind == Kind::Both => BuiltIn::Reversed,
            // Text without a deletion makes no cloze card, whatever the folder's note type is.
            None | Some(BuiltIn::Cloze) => BuiltIn::Basic,
            Some(other) => other,
        };
        let mut fields: Vec<Field> = note_type.fields().iter().map(|_| Field::default()).collect();
        let mut put = |name: &str, field: Field| {
            if let Some(place) = note_type.field(name) {
                fields[place] = joined(std::mem::take(&mut fields[place]), field);
            }
        };
        if note_type.is_cloze() {
            // A deletion in the answer hides a part of it, so that question and answer stand on the card together.
            let answer = if front.has_cloze() || back.is_empty() { "Extra" } else { "Text" };
            put("Text", front);
            put(answer, back);
        } else {
            put("Front", front);
            put("Back", back);
        }
        put("Extra", extra);
        if let Some(source) = &self.settings.source {
            put("Source", Field { blocks: vec![Block::text(source.clone())], source: source.clone() });
        }
        let mut tags = self.settings.tags.clone();
        tags.extend(card.tags.into_iter().map(|tag| tag.trim_start_matches('#').to_owned()));
        tags.retain(|tag| !tag.is_empty());
        tags.sort();
        tags.dedup();
        Note { identity, note_type, deck, tags: tags.into(), fields, span }
    }

    /// Returns the first id of the card's lines; reports others.
    fn id(&mut self, card: &Card) -> Option<Spanned<ExplicitId>> {
        let mut ids = self.page.lines[card.lines.clone()].iter().filter_map(|line| line.id.as_ref());
        let first = ids.next()?;
        for other in ids {
            self.diagnostics.push(
                Diagnostic::at(
                    Code::UnknownDirective,
                    other.span,
                    format!("a second id, `{}`, on one card", other.value),
                )
                .label(first.span, "the id that was taken")
                .help("delete one of them"),
            );
        }
        if let Err(why) = check_id(&first.value) {
            self.diagnostics.push(refused_id(first.span, why));
            return None;
        }
        Some(Spanned::new(ExplicitId::Key(first.value.clone()), first.span))
    }

    /// Returns the regions of the page: what no card and no mark takes is prose.
    fn regions(&mut self, marks: &[(Range<usize>, RegionKind)]) -> Vec<Region> {
        let page = self.page;
        let mut regions: Vec<Region> = Vec::new();
        let mut prose: Option<Range<usize>> = None;
        let mut marks = marks.iter().peekable();
        let mut line = 0;
        while line < page.lines.len() {
            if let Some((lines, kind)) = marks.next_if(|(lines, _)| lines.start <= line) {
                if lines.end > line {
                    regions.extend(prose.take().map(|prose| self.prose(prose)));
                    regions.push(Region { span: page.file.span(page.bytes(line..lines.end)), kind: *kind });
                    line = lines.end;
                }
                continue;
            }
            if page.is_directive(line) {
                regions.extend(prose.take().map(|prose| self.prose(prose)));
                let span = page.file.span(page.bytes(line..line + 1));
                regions.push(Region { span, kind: RegionKind::Metadata });
            } else if !page.is_blank(line) {
                prose = Some(prose.map_or(line, |prose| prose.start)..line + 1);
            }
            line += 1;
        }
        regions.extend(prose.take().map(|prose| self.prose(prose)));
        regions
    }

    /// Returns a stretch of prose; reports a deletion in it that is never closed.
    fn prose(&mut self, lines: Range<usize>) -> Region {
        let page = self.page;
        for line in lines.clone() {
            let range = page.lines[line].whole.clone();
            if plain_cloze::first_opening(&page.file.text[range.clone()]).is_some() {
                plain_cloze::inlines(page.file, &[plain_cloze::Piece::Text(range)], self.diagnostics);
            }
        }
        Region { span: page.file.span(page.bytes(lines)), kind: RegionKind::Prose }
    }
}

/// Returns the content of both, one under the other.
fn joined(mut field: Field, more: Field) -> Field {
    if field.source.is_empty() {
        return more;
    }
    field.blocks.extend(more.blocks);
    if !more.source.is_empty() {
        field.source.push('\n');
        field.source.push_str(&more.source);
    }
    field
}
