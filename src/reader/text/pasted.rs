//! Finds the cards of a page copied from a flashcard site: a title, then prompts and answers on runs of lines with
//! nothing between them.
//!
//! All readings of the page are weighed at once: each line shows signs of the part it plays ([`clues`]), each card has
//! a shape ([`forms`]), the page has habits ([`habits`]), and a dynamic programme ([`chain`]) finds the reading that
//! they add up to, with the probability of each of its cards. `docs/pasted-text.md` explains it for authors.
//!
//! This module does no I/O and knows nothing of notes.

mod chain;
mod clues;
mod forms;
mod habits;
mod line;
mod pace;
mod runner_up;
mod words;

use std::ops::Range;

use chain::{All, Best, Expected, FITTED, Scores, Weights, Worths};
use forms::PROMPT_RUN;
use habits::Page;
use line::Line;

/// The confidence below which a card should be shown to the author together with its runner-up.
pub const UNSURE: f64 = 0.7;

/// Times that the page's habits are learnt and applied.
const ROUNDS: usize = 2;

/// A page as the reader understands it. All numbers are indices into the lines given.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The line that names the set, if the page begins with one.
    pub title: Option<usize>,
    /// The cards, in order; together they hold every line after the title.
    pub cards: Vec<Card>,
}

/// One card.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The lines of the prompt: at least one.
    pub front: Range<usize>,
    /// The lines of the answer: at least one, except on a page of a single line.
    pub back: Range<usize>,
    /// The probability that the card is exactly this, 0 to 1, as the reader sees it.
    pub confidence: f64,
    /// The best reading that does not have this card, at this place.
    pub runner_up: Option<RunnerUp>,
}

/// What else a card might be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunnerUp {
    /// The lines of the prompt in the other reading.
    pub front: Range<usize>,
    /// The lines of the answer in the other reading.
    pub back: Range<usize>,
    /// The line that the two readings take differently.
    pub line: usize,
    /// What the other reading takes that line for, and the sign that speaks most for it; to be said after "line 7".
    pub reason: String,
}

/// Finds the cards in the non-blank, trimmed lines of a file.
///
/// It is total: every line after the title is in exactly one card's front or back, in order. A page of one line is a
/// card without an answer, an empty page has none.
#[must_use]
pub fn read(lines: &[&str]) -> Reading {
    read_with(lines, &FITTED)
}

fn read_with(texts: &[&str], weights: &Weights) -> Reading {
    if texts.len() < 2 {
        let alone = Card { front: 0..1, back: 1..1, confidence: 0.0, runner_up: None };
        return Reading { title: None, cards: texts.iter().map(|_| alone.clone()).collect() };
    }
    let mut lines: Vec<Line> = texts.iter().map(|text| Line::new(text)).collect();
    let title = has_title(texts, &lines, weights).then_some(0);
    let offset = usize::from(title.is_some());
    lines.drain(..offset);
    let scores = settle(&lines, weights);
    let cards = cards(&lines, &scores).into_iter().map(|card| card.moved(offset)).collect();
    Reading { title, cards }
}

/// Compares the readings with and without a title.
fn has_title(texts: &[&str], lines: &[Line], weights: &Weights) -> bool {
    // A title needs at least one card, of two lines, after it.
    if lines.len() < 3 {
        return false;
    }
    let title: f64 = forms::of_title(&lines[0], texts[0]).map(|form| weights.forms[form as usize]).sum();
    let whole = |lines| Worths::new::<All>(&Scores::new(lines, weights)).whole;
    title + whole(&lines[1..]) > whole(lines)
}

/// Weighs the lines, and then again with the habits that the page shows.
fn settle(lines: &[Line], weights: &Weights) -> Scores {
    let plain = Scores::new(lines, weights);
    let page = Page::new(lines);
    let mut scores = plain.clone();
    for _ in 0..ROUNDS {
        let expected = Expected::new(&scores, &Worths::new::<All>(&scores));
        scores = page.with_habits(&plain, &expected, &weights.forms);
    }
    scores
}

fn cards(lines: &[Line], scores: &Scores) -> Vec<Card> {
    let all = Worths::new::<All>(scores);
    let best = Worths::new::<Best>(scores);
    let states = likeliest(&Expected::new(scores, &all).gains());
    ranges(&states)
        .into_iter()
        .map(|(front, back)| {
            let confidence = confidence(scores, &all, &states, front.start..back.end);
            let runner_up = runner_up::find(lines, scores, &best, &front, &back);
            Card { front, back, confidence, runner_up }
        })
        .collect()
}

/// Follows the best path from the first line to the last.
fn likeliest(gains: &Scores) -> Vec<usize> {
    let worths = Worths::new::<Best>(gains);
    let mut states = Vec::with_capacity(gains.lines());
    let mut state = 0;
    for line in 0..gains.lines() {
        if line > 0 {
            state = worths.next(gains, line - 1, state);
        }
        states.push(state);
    }
    states
}

/// Cuts a path into the fronts and backs of its cards.
fn ranges(states: &[usize]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut cards: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (line, state) in states.iter().enumerate() {
        match (cards.last_mut(), *state) {
            (None, _) | (Some(_), 0) => cards.push((line..line + 1, line + 1..line + 1)),
            (Some((front, back)), 1..PROMPT_RUN) => (front.end, *back) = (line + 1, line + 1..line + 1),
            (Some((_, back)), PROMPT_RUN..) => back.end = line + 1,
        }
    }
    cards
}

/// Returns the share of this card's readings, other lines being read in any way, in all readings.
fn confidence(scores: &Scores, all: &Worths, states: &[usize], card: Range<usize>) -> f64 {
    let Range { start, end } = card;
    let mut worth = all.until[start][0];
    for (line, state) in states.iter().enumerate().take(end).skip(start + 1) {
        worth += scores.at(line, *state);
    }
    worth += scores.closing[end][states[end - 1] - PROMPT_RUN];
    if end < states.len() {
        worth += all.after[end][0] + scores.at(end, 0);
    }
    (worth - all.whole).exp().clamp(0.0, 1.0)
}

impl Card {
    /// Counts the lines from a title on.
    fn moved(self, by: usize) -> Self {
        let moved = |range: Range<usize>| range.start + by..range.end + by;
        let runner_up = self.runner_up.map(|other| RunnerUp {
            front: moved(other.front),
            back: moved(other.back),
            line: other.line + by,
            reason: other.reason,
        });
        Self { front: moved(self.front), back: moved(self.back), confidence: self.confidence, runner_up }
    }
}
