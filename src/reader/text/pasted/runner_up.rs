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
    let (line, state, worth) = boundaries
        .into_iter()
        .filter(|(line, _)| *line < lines.len())
        .map(|(line, chosen)| {
            let other = best((0..STATES).filter(|state| *state != chosen), |state| worths.with(line, *state));
            (line, other, worths.with(line, other))
        })
        .reduce(|best, next| if next.2 > best.2 { next } else { best })?;
    if worth == f64::NEG_INFINITY {
        return None;
    }
    let (front, back) = card_around(scores, worths, line, state);
    Some(RunnerUp { front, back, line, reason: reason(lines, line, role(state)) })
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

fn reason(lines: &[Line], line: usize, role: Role) -> String {
    let part = match role {
        Role::Prompt => "may begin a new card",
        Role::PromptMore => "may go on with the prompt",
        Role::Answer => "may begin the answer",
        Role::AnswerMore => "may go on with the answer before it",
    };
    // A sign speaks for a role by what it weighs more there than for the other roles on average.
    let speaks = |weights: [f64; 4]| weights[role as usize] - weights.iter().sum::<f64>() / 4.0;
    let mut strongest: Option<(f64, &str)> = None;
    for clue in Clues::of(lines, line).iter() {
        let weight = speaks(CLUE_WEIGHTS[clue as usize]);
        if weight > strongest.map_or(0.0, |(most, _)| most) {
            strongest = Some((weight, clue.words()));
        }
    }
    match strongest {
        Some((_, sign)) => format!("{part}: it {sign}"),
        None => part.to_owned(),
    }
}
