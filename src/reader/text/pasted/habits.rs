//! The habits of one page: what its prompts and answers look like, learnt from the page's own first reading.
//!
//! A page where answers begin with "to", or where every answer is one line, says so in its clear places; the unclear
//! places then follow. Each line is judged by all the *other* lines, so that it cannot confirm itself.

use std::collections::HashMap;

use super::chain::{Expected, Scores};
use super::clues::Role;
use super::forms::Form;
use super::line::{Line, hash};

/// Lines' worth of doubt that a look tells anything.
const DOUBT: f64 = 6.0;

/// The most that the looks of one line may say.
const LOUDEST: f64 = 4.0;

/// Kinds of looks.
const LOOKS: usize = 7;

/// The looks of a line, each one value of one kind.
type Looks = [u64; LOOKS];

/// The roles whose looks are compared; later lines of prompts are too few.
const COMPARED: [Role; 3] = [Role::Prompt, Role::Answer, Role::AnswerMore];

/// What the page's lines look like, whatever the reading.
pub(super) struct Page {
    looks: Vec<Looks>,
}

impl Page {
    pub(super) fn new(lines: &[Line]) -> Self {
        Self { looks: lines.iter().map(looks).collect() }
    }

    /// Returns `plain` with the habits that `expected` shows added.
    pub(super) fn with_habits(
        &self,
        plain: &Scores,
        expected: &Expected,
        forms: &[f64; Form::COUNT],
    ) -> Scores {
        let mut scores = plain.clone();
        self.add_looks(&mut scores, expected, forms[Form::HabitOfLooks as usize]);
        scores
    }

    fn add_looks(&self, scores: &mut Scores, expected: &Expected, weight: f64) {
        let total = count(self.looks.len());
        for kind in 0..LOOKS {
            let mut seen: HashMap<u64, [f64; 4]> = HashMap::new();
            let mut all = [0.0; 3];
            for (looks, roles) in self.looks.iter().zip(&expected.roles) {
                let entry = seen.entry(looks[kind]).or_default();
                entry[3] += 1.0;
                for (sum, role) in COMPARED.iter().enumerate() {
                    entry[sum] += roles[*role as usize];
                    all[sum] += roles[*role as usize];
                }
            }
            for ((looks, roles), line) in self.looks.iter().zip(&expected.roles).zip(&mut scores.habits) {
                let entry = seen[&looks[kind]];
                let share = entry[3] / total;
                for (sum, role) in COMPARED.iter().enumerate() {
                    let own = roles[*role as usize];
                    let here = (entry[sum] - own + DOUBT * share) / (all[sum] - own + DOUBT);
                    line[*role as usize] += (here / share).ln();
                }
            }
        }
        for (line, habit) in scores.roles.iter_mut().zip(&scores.habits) {
            for (score, habit) in line.iter_mut().zip(habit) {
                *score += weight * habit.clamp(-LOUDEST, LOUDEST);
            }
        }
    }
}

fn looks(line: &Line) -> Looks {
    let length = match line.length {
        1 => 1,
        2..=3 => 2,
        4..=6 => 3,
        7..=12 => 4,
        _ => 5,
    };
    let sign = u64::from(line.equates.is_yes()) + 2 * u64::from(line.labelled.is_yes());
    [
        line.ending as u64,
        line.case as u64,
        line.bullet as u64,
        length,
        hash(line.first.chars()),
        u64::from(line.script),
        sign,
    ]
}

/// Returns a count as a number to reckon with.
fn count(lines: usize) -> f64 {
    f64::from(u32::try_from(lines).unwrap_or(u32::MAX))
}
