//! Cards of one line: term and definition with a tab or another separator between them.

use std::ops::Range;

use super::page::{Page, Stretch, heading, is_quizlet_count, is_rule, length, marker, trimmed};
use super::parts::{Card, Kind, Parts};
use crate::diagnostic::{Code, Diagnostics};
use crate::reader::gather::gathered;
use crate::reader::plain_cloze;
use crate::source::Span;

/// The separators that are looked for, strongest first.
pub(super) const SEPARATORS: [&str; 9] = ["\t", "::", " - ", " – ", " — ", " = ", " | ", ": ", "："];

/// The longest term in characters.
const LONGEST_TERM: usize = 200;

/// Returns the term and the definition of a line, as bytes of the file, where `separator` stands between two texts.
pub(super) fn split(page: &Page<'_>, line: usize, separator: &str) -> Option<(Range<usize>, Range<usize>)> {
    let range = page.lines[line].text.range.clone();
    let text = page.text(line);
    let skipped = if separator == "\t" { 0 } else { marker(text).map_or(0, |(width, _)| width) };
    let at = skipped + text[skipped..].find(separator)?;
    let behind = &text[at + separator.len()..];
    // `:::` is another dialect's sign for cards in both directions; `|` at the start is a table of Markdown.
    if (separator == "::" && behind.starts_with(':')) || (separator == " | " && text.starts_with('|')) {
        return None;
    }
    let source = &page.file.text;
    let term = trimmed(source, range.start + skipped..range.start + at);
    let definition = trimmed(source, range.start + at + separator.len()..range.end);
    let fits = !term.is_empty() && !definition.is_empty() && length(&source[term.clone()]) <= LONGEST_TERM;
    fits.then_some((term, definition))
}

/// Returns whether the line belongs to the one above: it is indented deeper than the page's other lines.
pub(super) fn is_continuation(page: &Page<'_>, line: usize, base: usize) -> bool {
    page.lines[line].text.indent >= base + 2
}

/// Returns whether the line is neither card nor prose.
pub(super) fn is_metadata(text: &str) -> bool {
    heading(text).is_some() || is_rule(text) || is_quizlet_count(text)
}

/// Returns the smallest indent of the page's lines.
pub(super) fn base_indent(page: &Page<'_>, lines: Range<usize>) -> usize {
    lines
        .filter(|line| !page.is_blank(*line) && !is_metadata(page.text(*line)))
        .map(|line| page.lines[line].text.indent)
        .min()
        .unwrap_or(0)
}

/// Reads one card from each line of `lines`.
pub(super) fn read(
    page: &Page<'_>,
    lines: Range<usize>,
    separator: &str,
    diagnostics: &mut Diagnostics,
) -> Parts {
    let base = base_indent(page, lines.clone());
    let mut parts = Parts::default();
    let mut misfits: Vec<Span> = Vec::new();
    let mut tags = Tags::default();
    // Bullets under a term belong to it, where the terms themselves have none.
    let bulleted = lines
        .clone()
        .filter(|line| split(page, *line, separator).is_some() && marker(page.text(*line)).is_some())
        .count();
    let all = lines.clone().filter(|line| split(page, *line, separator).is_some()).count();
    for line in lines {
        let text = page.text(line);
        let touches =
            parts.cards.last().is_some_and(|card| card.lines.end == line && card.kind == Kind::Sides);
        if page.is_blank(line) || page.is_directive(line) {
            continue;
        }
        if touches && is_continuation(page, line, base) {
            continue_card(&mut parts, page, line);
        } else if separator != "\t" && plain_cloze::holds(text) {
            parts.cards.push(Card {
                lines: line..line + 1,
                front: vec![page.stretch(line)],
                kind: Kind::Cloze,
                ..Card::default()
            });
        } else if let Some((term, definition)) = split(page, line, separator) {
            let mut card = Card { lines: line..line + 1, front: vec![stretch(term)], ..Card::default() };
            if separator == "\t" {
                columns(page, &mut card, definition, &mut tags, parts.cards.len());
            } else {
                card.back.push(stretch(definition));
            }
            parts.cards.push(card);
        } else if plain_cloze::holds(text) {
            let front = vec![page.stretch(line)];
            parts.cards.push(Card { lines: line..line + 1, front, kind: Kind::Cloze, ..Card::default() });
        } else if is_metadata(text) {
            parts.metadata.push(line);
        } else if touches && marker(text).is_some() && bulleted * 2 < all {
            continue_card(&mut parts, page, line);
        } else {
            misfits.push(page.file.span(page.lines[line].whole.clone()));
        }
    }
    tags.settle(page, &mut parts);
    let name = name(separator);
    let message = format!("line without {name} between a term and a definition; it makes no card");
    if let Some(finding) = gathered(Code::MixedText, &misfits, message, "nor does this one") {
        diagnostics.push(finding.help(format!(
            "put {name} between the two sides, or indent the line to add it to the card above"
        )));
    }
    parts
}

/// Returns what to call a separator.
pub(super) fn name(separator: &str) -> String {
    if separator == "\t" { "a tab".into() } else { format!("`{separator}`") }
}

fn stretch(range: Range<usize>) -> Stretch {
    Stretch { range, indent: 0 }
}

fn continue_card(parts: &mut Parts, page: &Page<'_>, line: usize) {
    if let Some(card) = parts.cards.last_mut() {
        card.back.push(page.stretch(line));
        card.lines.end = line + 1;
    }
}

/// Holds the third columns until it is known whether all of them look like tags.
#[derive(Default)]
struct Tags {
    thirds: Vec<(usize, Range<usize>)>,
    prose: bool,
}

impl Tags {
    /// Makes the third columns tags where none of them reads like a sentence, and content otherwise.
    fn settle(self, page: &Page<'_>, parts: &mut Parts) {
        for (card, range) in self.thirds {
            let text = &page.file.text[range.clone()];
            if self.prose {
                let extra = &mut parts.cards[card].extra;
                extra.insert(0, stretch(range.end..range.end));
                extra.insert(0, stretch(range));
            } else {
                parts.cards[card].tags = text.split_whitespace().map(str::to_owned).collect();
            }
        }
    }
}

/// Splits what stands behind the first tab.
fn columns(page: &Page<'_>, card: &mut Card, rest: Range<usize>, tags: &mut Tags, index: usize) {
    let source = &page.file.text;
    let mut at = rest.start;
    for (column, text) in source[rest].split('\t').enumerate() {
        let range = trimmed(source, at..at + text.len());
        at += text.len() + 1;
        match column {
            _ if range.is_empty() => {}
            0 => card.back.push(stretch(range)),
            1 => {
                let third = &source[range.clone()];
                tags.prose |= third.ends_with(['.', '?', '!', ',', '。'])
                    || third.split_whitespace().count() > 6
                    || plain_cloze::holds(third);
                tags.thirds.push((index, range));
            }
            // Columns behind the third are paragraphs of their own.
            _ => card.extra.extend([stretch(range.clone()), stretch(range.end..range.end)]),
        }
    }
}
