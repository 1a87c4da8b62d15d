//! Cards of a pasted page: the reading of `pasted`, with its doubts said.

use std::ops::Range;

use super::page::Page;
use super::parts::{Card, Parts};
use super::pasted::{self, UNSURE};
use super::separated::is_metadata;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Reads the cards that nothing but their wording separates.
pub(super) fn read(page: &Page<'_>, lines: Range<usize>, diagnostics: &mut Diagnostics) -> Parts {
    let metadata = lines.clone().filter(|line| is_metadata(page.text(*line))).collect();
    let shown: Vec<usize> = lines
        .filter(|line| {
            !page.lines[*line].text.range.is_empty()
                && !page.is_directive(*line)
                && !is_metadata(page.text(*line))
        })
        .collect();
    let texts: Vec<&str> = shown.iter().map(|line| page.text(*line)).collect();
    let reading = pasted::read(&texts);
    let mut parts = Parts { title: reading.title.map(|line| shown[line]), metadata, ..Parts::default() };
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
        if card.confidence < UNSURE {
            doubt(page, &shown, &card, diagnostics);
        }
        parts.cards.push(Card {
            lines: *first..last + 1,
            front: side(card.front),
            back: side(card.back),
            ..Card::default()
        });
    }
    parts
}

/// Reports a card that might be another one, with the other reading.
fn doubt(page: &Page<'_>, shown: &[usize], card: &pasted::Card, diagnostics: &mut Diagnostics) {
    let place = |line: usize| page.file.span(page.lines[line].whole.clone());
    let percent = card.confidence * 100.0;
    let front = shown[card.front.start];
    let message = format!("a card was taken to begin here, with {percent:.0} % confidence");
    let mut finding = Diagnostic::at(Code::UncertainBoundary, place(front), message);
    finding = finding.label(place(shown[card.back.start]), "its answer begins here");
    if let Some(other) = &card.runner_up
        && let Some(line) = shown.get(other.line)
    {
        finding = finding.label(place(*line), format!("the other reading: this line {}", other.reason));
    }
    diagnostics.push(finding.help(
        "if it is right, say so: write `Q:` and `A:` before the sides, or put a blank line between all cards of the page",
    ));
}
