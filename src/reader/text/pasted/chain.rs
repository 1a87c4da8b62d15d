//! The dynamic programme: all readings of a page at once, in time and memory linear in its lines.
//!
//! A reading is a path through states, one a line: the first to the fourth line of a prompt, the first to the tenth
//! (and any later) line of an answer. Every path of a prompt and its answer is a card, so every line lies in one.

use super::clues::{CLUE_WEIGHTS, Clues, Role};
use super::forms::{self, ANSWER_RUN, FORM_WEIGHTS, Form, PROMPT_RUN};
use super::line::Line;
use super::pace;

/// States of a line: prompt lines first, answer lines after them.
pub(super) const STATES: usize = PROMPT_RUN + ANSWER_RUN;

/// The probability from which on a boundary is taken. A little under one half: a boundary too many cuts a card in two,
/// one too few hides a prompt in an answer, where nobody will look for it.
const LEAST: f64 = 0.4;

const NEVER: f64 = f64::NEG_INFINITY;

/// The weights of all signs and shapes.
pub(super) struct Weights {
    pub(super) clues: [[f64; 4]; CLUE_WEIGHTS.len()],
    pub(super) forms: [f64; Form::COUNT],
}

/// The weights as fitted.
pub(super) const FITTED: Weights = Weights { clues: CLUE_WEIGHTS, forms: FORM_WEIGHTS };

/// How well each line and each card would fit each part, before any choice is made.
#[derive(Clone)]
pub(super) struct Scores {
    /// Per line and role.
    pub(super) roles: Vec<[f64; 4]>,
    /// Per line and role, what the page's habits say (unweighted).
    pub(super) habits: Vec<[f64; 4]>,
    /// Per line and number of the answer line.
    pub(super) answers: Vec<[f64; ANSWER_RUN]>,
    /// Per end (line number after the last line of a card) and length of the answer.
    pub(super) closing: Vec<[f64; ANSWER_RUN]>,
}

impl Scores {
    /// Weighs the signs of every line.
    pub(super) fn new(lines: &[Line], weights: &Weights) -> Self {
        let mut scores = Self {
            roles: Vec::with_capacity(lines.len()),
            habits: vec![[0.0; 4]; lines.len()],
            answers: Vec::with_capacity(lines.len()),
            closing: Vec::with_capacity(lines.len() + 1),
        };
        let pairing = pace::pairing(lines);
        for at in 0..=lines.len() {
            let mut closing = [0.0; ANSWER_RUN];
            // An answer of ten lines and more has its prompt out of sight, so it is allowed wherever a shorter one is.
            for run in (1..=ANSWER_RUN).take_while(|run| run + usize::from(*run < ANSWER_RUN) <= at) {
                closing[run - 1] =
                    forms::of_card(lines, at, run).map(|form| weights.forms[form as usize]).sum();
            }
            closing[0] += at
                .checked_sub(1)
                .map_or(0.0, |last| weights.forms[Form::AnswerAtPace as usize] * pairing[last]);
            scores.closing.push(closing);
            if at == lines.len() {
                break;
            }
            let heard = 1.0 - weights.forms[Form::PaceDamps as usize] * pairing[at];
            let mut roles = [0.0; 4];
            roles[Role::PromptMore as usize] = weights.forms[Form::PromptGoesOn as usize];
            for clue in Clues::of(lines, at).iter() {
                for (sum, weight) in roles.iter_mut().zip(weights.clues[clue as usize]) {
                    *sum += weight * heard;
                }
            }
            scores.roles.push(roles);
            let mut answers = [0.0; ANSWER_RUN];
            for run in (1..=ANSWER_RUN).take_while(|run| *run <= at) {
                answers[run - 1] =
                    forms::of_answer_line(lines, at, run).map_or(0.0, |form| weights.forms[form as usize]);
            }
            scores.answers.push(answers);
        }
        scores
    }

    pub(super) fn lines(&self) -> usize {
        self.roles.len()
    }

    /// Returns how well the line fits the state by itself.
    pub(super) fn at(&self, line: usize, state: usize) -> f64 {
        let role = self.roles[line][role(state) as usize];
        if state < PROMPT_RUN { role } else { role + self.answers[line][state - PROMPT_RUN] }
    }
}

/// Returns the part that a line in this state plays.
pub(super) fn role(state: usize) -> Role {
    match state {
        0 => Role::Prompt,
        1..PROMPT_RUN => Role::PromptMore,
        PROMPT_RUN => Role::Answer,
        _ => Role::AnswerMore,
    }
}

/// Returns the states that may come before this one within a card.
fn within(state: usize) -> std::ops::Range<usize> {
    match state {
        0 => 0..0,
        1..PROMPT_RUN => state - 1..state,
        PROMPT_RUN => 0..PROMPT_RUN,
        // The last state counts every later line of the answer.
        _ if state == STATES - 1 => state - 1..STATES,
        _ => state - 1..state,
    }
}

/// How two ways to the same place are put together.
pub(super) trait Join {
    fn join(ways: &[f64]) -> f64;
}

/// Only the best way counts.
pub(super) struct Best;

/// All ways count, as probabilities do.
pub(super) struct All;

impl Join for Best {
    fn join(ways: &[f64]) -> f64 {
        ways.iter().copied().fold(NEVER, f64::max)
    }
}

impl Join for All {
    fn join(ways: &[f64]) -> f64 {
        let best = Best::join(ways);
        if best == NEVER { NEVER } else { best + ways.iter().map(|way| (way - best).exp()).sum::<f64>().ln() }
    }
}

/// The worth of everything before and after each line, for each state of it.
pub(super) struct Worths {
    /// Per line and state: of the lines up to and with this one.
    pub(super) until: Vec<[f64; STATES]>,
    /// Per line and state: of the lines after this one.
    pub(super) after: Vec<[f64; STATES]>,
    /// Of the whole.
    pub(super) whole: f64,
}

impl Worths {
    /// Goes through the lines once forward and once backward.
    pub(super) fn new<J: Join>(scores: &Scores) -> Self {
        let count = scores.lines();
        let mut until = vec![[NEVER; STATES]; count];
        let mut after = vec![[NEVER; STATES]; count];
        let mut ways = Vec::with_capacity(STATES);
        for line in 0..count {
            for state in 0..STATES {
                ways.clear();
                if line == 0 {
                    ways.extend((state == 0).then_some(0.0));
                } else if state == 0 {
                    ways.extend(
                        (0..ANSWER_RUN)
                            .map(|run| until[line - 1][PROMPT_RUN + run] + scores.closing[line][run]),
                    );
                } else {
                    ways.extend(within(state).map(|before| until[line - 1][before]));
                }
                until[line][state] = J::join(&ways) + scores.at(line, state);
            }
        }
        for line in (0..count).rev() {
            for state in 0..STATES {
                ways.clear();
                if let Some(run) = state.checked_sub(PROMPT_RUN) {
                    let next =
                        if line + 1 < count { after[line + 1][0] + scores.at(line + 1, 0) } else { 0.0 };
                    ways.push(scores.closing[line + 1][run] + next);
                }
                if line + 1 < count {
                    let next = (1..STATES).filter(|next| within(*next).contains(&state));
                    ways.extend(next.map(|next| after[line + 1][next] + scores.at(line + 1, next)));
                }
                after[line][state] = J::join(&ways);
            }
        }
        let whole = if count == 0 { 0.0 } else { until[0][0] + after[0][0] };
        Self { until, after, whole }
    }

    /// Returns the worth of the best (or of all) readings with the line in this state.
    pub(super) fn with(&self, line: usize, state: usize) -> f64 {
        self.until[line][state] + self.after[line][state]
    }
}

impl Worths {
    /// Returns the best state of the line before, given the line's own. For [`Best`] worths only.
    pub(super) fn before(&self, scores: &Scores, line: usize, state: usize) -> usize {
        let previous = &self.until[line - 1];
        if state == 0 {
            let worth = |run: &usize| previous[PROMPT_RUN + run] + scores.closing[line][*run];
            PROMPT_RUN + best(0..ANSWER_RUN, worth)
        } else {
            best(within(state), |before| previous[*before])
        }
    }

    /// Returns the best state of the line after, given the line's own. For [`Best`] worths only.
    pub(super) fn next(&self, scores: &Scores, line: usize, state: usize) -> usize {
        let worth = |next: &usize| self.after[line + 1][*next] + scores.at(line + 1, *next);
        let best_within = best((1..STATES).filter(|next| within(*next).contains(&state)), worth);
        match state.checked_sub(PROMPT_RUN) {
            Some(run) if scores.closing[line + 1][run] + worth(&0) >= worth(&best_within) => 0,
            Some(_) | None => best_within,
        }
    }
}

/// Returns the first item of the greatest worth; 0 of none.
pub(super) fn best(items: impl Iterator<Item = usize>, worth: impl Fn(&usize) -> f64) -> usize {
    let mut found: Option<(usize, f64)> = None;
    for item in items {
        let worth = worth(&item);
        if found.is_none_or(|(_, most)| worth > most) {
            found = Some((item, worth));
        }
    }
    found.map_or(0, |(item, _)| item)
}

/// What is to be expected of each line, over all readings.
pub(super) struct Expected {
    /// Per line: the probability of each role.
    pub(super) roles: Vec<[f64; 4]>,
    /// Per end: the probability that a card with an answer of so many lines ends there.
    pub(super) closed: Vec<[f64; ANSWER_RUN]>,
}

impl Expected {
    /// Reads the probabilities off the worths of [`All`] readings.
    pub(super) fn new(scores: &Scores, worths: &Worths) -> Self {
        let count = scores.lines();
        let roles = (0..count)
            .map(|line| {
                let mut roles = [0.0; 4];
                for state in 0..STATES {
                    roles[role(state) as usize] += (worths.with(line, state) - worths.whole).exp();
                }
                roles
            })
            .collect();
        let closed = (0..=count)
            .map(|end| {
                let mut closed = [0.0; ANSWER_RUN];
                let next = match end {
                    0 => NEVER,
                    _ if end == count => 0.0,
                    _ => worths.after[end][0] + scores.at(end, 0),
                };
                for (run, share) in closed.iter_mut().enumerate().filter(|_| end > 0) {
                    let until = worths.until[end - 1][PROMPT_RUN + run];
                    *share = (until + scores.closing[end][run] + next - worths.whole).exp();
                }
                closed
            })
            .collect();
        Self { roles, closed }
    }

    /// Returns the scores by which a boundary gains its probability and costs the least it should have: the path that
    /// is best for them has, in expectation, the boundaries most worth having.
    pub(super) fn gains(&self) -> Scores {
        let roles = self.roles.iter().map(|roles| {
            let gain = |role: Role| roles[role as usize] - LEAST;
            [gain(Role::Prompt), 0.0, gain(Role::Answer), 0.0]
        });
        Scores {
            roles: roles.collect(),
            habits: Vec::new(),
            answers: vec![[0.0; ANSWER_RUN]; self.roles.len()],
            closing: vec![[0.0; ANSWER_RUN]; self.roles.len() + 1],
        }
    }
}
