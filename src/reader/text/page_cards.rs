//! Cards of a pasted page: the reading of `pasted`, with its doubts said.

use std::ops::Range;

use super::page::{Page, is_quizlet_count};
use super::parts::{Card, Parts};
use super::pasted::{self, UNSURE};
use super::separated::is_metadata;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::reader::gather::gathered;
use crate::source::Span;

/// Reads the cards that nothing but their wording separates.
pub(super) fn read(page: &Page<'_>, lines: Range<usize>, diagnostics: &mut Diagnostics) -> Parts {
    let metadata = lines.clone().filter(|line| is_metadata(page.text(*line))).collect();
    let count = lines.clone().find(|line| is_quizlet_count(page.text(*line)));
    let mut shown: Vec<usize> = lines
        .filter(|line| {
            !page.lines[*line].text.range.is_empty()
                && !page.is_directive(*line)
                && !is_metadata(page.text(*line))
        })
        .collect();
    // One line above the count is the name of the set.
    let above = count.map_or(0, |count| shown.iter().filter(|line| **line < count).count());
    let name = (above == 1).then(|| shown.remove(0));
    let texts: Vec<&str> = shown.iter().map(|line| page.text(*line)).collect();
    let reading = pasted::read(&texts);
    let mut parts =
        Parts { title: name.or(reading.title.map(|line| shown[line])), metadata, ..Parts::default() };
    let mut doubtful = Vec::new();
    for card in reading.cards {
        let whole = card.front.start..card.back.end.max(card.front.end);
        let (Some(first), Some(last)) = (shown.get(whole.start), shown.get(whole.end - 1)) else { continue };
        let side =
            |range: Range<usize>| shown[range].iter().map(|line| page.stretch(*line)).collect::<Vec<_>>();
        if card.back.is_empty() {
            diagnostics.push(
                Diagnostic::at(
                    Code::EmptySide,
                    page.file.span(page.lines[*first].whole.clone()),
                    "a line without an answer; it makes no card",
                )
                .help("write the answer under it, or `Q:` and `A:` before the sides"),
            );
            continue;
        }
        parts.cards.push(Card {
            lines: *first..last + 1,
            front: side(card.front.clone()),
            back: side(card.back.clone()),
            ..Card::default()
        });
        if card.confidence < UNSURE {
            doubtful.push(card);
        }
    }
    for finding in doubts(page, &shown, &doubtful, parts.cards.len()) {
        diagnostics.push(finding);
    }
    parts
}

/// From so many doubtful cards on, a page on which most are doubtful is summed up in one finding.
const TOO_MANY: usize = 5;

/// Reports the cards that might be others: two that differ from the other reading at the same line together, and all of a page
/// at once where most of it is a guess, as prose is.
fn doubts(page: &Page<'_>, shown: &[usize], doubtful: &[pasted::Card], cards: usize) -> Vec<Diagnostic> {
    let place = |line: usize| page.file.span(page.lines[shown[line]].whole.clone());
    if doubtful.len() >= TOO_MANY && doubtful.len() * 2 > cards {
        let places: Vec<Span> = doubtful.iter().map(|card| place(card.front.start)).collect();
        let message = format!(
            "where cards begin is a guess for {} of {cards}; the text reads like prose rather than cards",
            doubtful.len()
        );
        let finding = gathered(Code::UncertainBoundary, &places, message, "a guess, too");
        let help = "if it is prose, call the file `.md`, where it makes no cards; if it holds cards, write `Q:` and `A:` before the sides, or put a blank line between all cards";
        return finding.into_iter().map(|finding| finding.help(help)).collect();
    }
    let at = |card: &pasted::Card| card.runner_up.as_ref().map(|other| other.line);
    let alike = |a: &pasted::Card, b: &pasted::Card| at(a).is_some() && at(a) == at(b);
    let mut findings = Vec::new();
    for group in doubtful.chunk_by(alike) {
        let Some((first, rest)) = group.split_first() else { continue };
        let percents: Vec<String> =
            group.iter().map(|card| format!("{:.0} %", card.confidence * 100.0)).collect();
        let what = if rest.is_empty() { "a card was" } else { "cards were" };
        let message = format!("{what} taken to begin here, with {} confidence", percents.join(" and "));
        let mut finding = Diagnostic::at(Code::UncertainBoundary, place(first.front.start), message);
        for card in rest {
            finding = finding.label(place(card.front.start), "the next card begins here");
        }
        for card in group {
            finding = finding.label(place(card.back.start), "its answer begins here");
        }
        if let Some(other) = &first.runner_up
            && other.line < shown.len()
        {
            finding =
                finding.label(place(other.line), format!("the other reading: this line {}", other.reason));
        }
        findings.push(finding.help(
            "if it is right, say so: write `Q:` and `A:` before the sides, or put a blank line between all cards of the page",
        ));
    }
    findings
}
