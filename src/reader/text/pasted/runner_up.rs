//! The best other reading of a card, and why somebody might prefer it.

use std::ops::Range;

use super::RunnerUp;
use super::chain::{STATES, Scores, Worths, best, role};
use super::clues::{CLUE_WEIGHTS, Clues, Role};
use super::forms::PROMPT_RUN;
use super::line::Line;

/// Finds the best reading in which the card does not begin, turn to its answer, or end where it does.
pub(super) fn find(
    lines: &[Line],
    scores: &Scores,
    worths: &Worths,
    front: &Range<usize>,
    back: &Range<usize>,
) -> Option<RunnerUp> {
    // Where the card's boundaries lie, and the state that each has in the reading chosen.
    let boundaries = [(front.start, 0), (back.start, PROMPT_RUN), (back.end, 0)];
    let (line, chosen, state, worth) = boundaries
        .into_iter()
        .filter(|(line, _)| *line < lines.len())
        .map(|(line, chosen)| {
            let other = best((0..STATES).filter(|state| *state != chosen), |state| worths.with(line, *state));
            (line, chosen, other, worths.with(line, other))
        })
        .reduce(|best, next| if next.3 > best.3 { next } else { best })?;
    if worth == f64::NEG_INFINITY {
        return None;
    }
    let (front, back) = card_around(scores, worths, line, state);
    Some(RunnerUp { front, back, line, reason: reason(lines, line, role(chosen), role(state)) })
}

/// Follows the best reading with the line in this state, back to where its card begins and on to where it ends.
fn card_around(scores: &Scores, worths: &Worths, line: usize, state: usize) -> (Range<usize>, Range<usize>) {
    let (mut start, mut at) = (line, state);
    let mut answer = (state >= PROMPT_RUN).then_some(line);
    while at != 0 {
        at = worths.before(scores, start, at);
        start -= 1;
        if at >= PROMPT_RUN {
            answer = Some(start);
        }
    }
    let (mut end, mut at) = (line + 1, state);
    while end < scores.lines() {
        at = worths.next(scores, end - 1, at);
        if at == 0 {
            break;
        }
        if at >= PROMPT_RUN && answer.is_none() {
            answer = Some(end);
        }
        end += 1;
    }
    let answer = answer.unwrap_or(end);
    (start..answer, answer..end)
}

fn reason(lines: &[Line], line: usize, chosen: Role, other: Role) -> String {
    let part = match other {
        Role::Prompt => "may begin a new card",
        Role::PromptMore => "may go on with the prompt",
        Role::Answer => "may begin the answer",
        Role::AnswerMore => "may go on with the answer before it",
    };
    let mut strongest: Option<(f64, &str)> = None;
    for clue in Clues::of(lines, line).iter() {
        let weights = CLUE_WEIGHTS[clue as usize];
        let speaks = weights[other as usize] - weights[chosen as usize];
        if speaks > strongest.map_or(0.0, |(most, _)| most) {
            strongest = Some((speaks, clue.words()));
        }
    }
    match strongest {
        Some((_, sign)) => format!("{part}: it {sign}"),
        None => part.to_owned(),
    }
}
