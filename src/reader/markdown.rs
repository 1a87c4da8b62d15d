//! The native Markdown dialect: prose-safe forms of cards that read well in any Markdown viewer.
//!
//! A file is read in stages. `lines` cuts it at labels; `pieces` parses each chunk once, with `walker`, `inline` and `words`;
//! `sections` walks the pieces and decides what is a card, with `items` and `table`; `card` makes notes; `regions` accounts
//! for every line. Offsets are into the untouched file throughout.

mod card;
mod cloze;
mod context;
mod deletions;
mod directives;
mod embeds;
mod fence;
mod footnotes;
mod foreign;
mod html;
mod inline;
mod items;
mod labels;
mod lines;
mod math;
mod nested;
mod outline;
mod pieces;
mod plain;
mod regions;
mod said;
mod sections;
mod sides;
mod table;
#[cfg(test)]
mod tests;
mod walker;
mod words;

pub(crate) use directives::{tags, unknown_type};

use self::context::{Context, Definitions};
use self::sections::Sections;
use super::{Detected, Reader, Settings, front_matter};
use crate::diagnostic::Diagnostics;
use crate::model::{Draft, RegionKind};
use crate::source::SourceFile;

/// Reads the native dialect, `deckc`.
#[derive(Clone, Copy, Debug)]
pub struct Markdown;

impl Reader for Markdown {
    fn name(&self) -> &'static str {
        "deckc"
    }

    fn summary(&self) -> &'static str {
        "Markdown with headings, `Q:`/`A:`, clozes, definition lists, `card` fences and tables as cards"
    }

    fn detect(&self, file: &SourceFile) -> Option<Detected> {
        if !matches!(file.extension().as_str(), "md" | "markdown") {
            return None;
        }
        let marks = [
            ("```card", "a `card` fence"),
            ("<!-- cards", "`<!-- cards -->`"),
            ("<!-- split", "`<!-- split -->`"),
            ("{{c", "cloze deletions `{{c…}}`"),
            ("\nQA:", "`QA:`"),
        ];
        let found: Vec<&str> =
            marks.iter().filter(|(mark, _)| file.text.contains(mark)).map(|(_, name)| *name).collect();
        let score = 50 + u8::try_from(found.len() * 8).unwrap_or(40);
        let reason = if found.is_empty() {
            "Markdown file".to_owned()
        } else {
            format!("Markdown with {}", found.join(", "))
        };
        Some(Detected { score, reason })
    }

    fn read(&self, file: &SourceFile, settings: &Settings, diagnostics: &mut Diagnostics) -> Draft {
        let start = settings.body.max(file.start()).min(file.text.len());
        let start = if file.text.is_char_boundary(start) { start } else { file.start() };
        // The Markdown parser knows a bare CR only in places; the copy has the same offsets.
        let copy = front_matter::bare_returns(&file.text);
        let text = copy.as_deref().unwrap_or(&file.text);
        let mut ctx = Context::new(file, text, settings, diagnostics);
        let (chunks, foreign) = lines::chunks(&mut ctx, start);
        let body = &text[start..];
        if body.contains("]:") {
            if chunks.len() > 1 {
                ctx.definitions = Definitions::collect(body);
            }
            ctx.footnote_labels = footnotes::labels(body);
            ctx.footnotes = !ctx.footnote_labels.is_empty();
        }
        let definitions = std::mem::take(&mut ctx.definitions);
        let mut pieces = Vec::new();
        let mut footnotes = Vec::new();
        for chunk in &chunks {
            pieces::parse(&mut ctx, &definitions, chunk, &mut pieces, &mut footnotes);
        }
        let has_footnotes = ctx.footnotes;
        let links = std::mem::take(&mut ctx.definition_ranges);
        let Sections { mut notes, mut marks, title, .. } = Sections::read(&mut ctx, pieces);
        if start > file.start() {
            marks.push((0..start, RegionKind::Metadata));
        }
        marks.extend(links.into_iter().map(|range| (range, RegionKind::Metadata)));
        if has_footnotes {
            footnotes::attach(&mut ctx, &mut notes, &footnotes);
            marks.extend(footnotes.into_iter().map(|note| (note.range, RegionKind::Metadata)));
        }
        let regions = regions::regions(file, marks);
        foreign.report(&mut ctx, &regions);
        let descriptions = settings.describe(title.map(|(_, title)| title));
        Draft { notes, descriptions, regions, ..Draft::default() }
    }
}
