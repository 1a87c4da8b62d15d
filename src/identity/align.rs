//! Pairs the notes in the sources with the lines of the ledger.
//!
//! Three rules, in this order: an explicit id; the same prompt; the edited prompt, by evidence of prompt, answer and
//! place together. What is not sure is not guessed.

mod edited;
mod equal;
mod evidence;
mod order;
mod place;
#[cfg(test)]
mod tests;

pub use evidence::{AnswerEvidence, Evidence, PlaceEvidence};

use super::prompt::{Kind, PromptHash};
use super::sketch::Sketch;
use order::Sheets;

/// What is known about a note, in the sources or in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The source file; the same number on both sides if and only if the path is the same.
    pub file: usize,
    /// The kind of the note. Only the explicit id may lead to a line of the other kind.
    pub kind: Kind,
    /// The id that the author wrote.
    pub id: Option<String>,
    /// The key of the prompt.
    pub prompt_hash: PromptHash,
    /// The prompt as [`shorten`](super::sketch::shorten) leaves it.
    pub prompt: String,
    /// What the ledger keeps of the answer.
    pub sketch: Sketch,
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Old {
    /// The note as the last build saw it.
    pub trace: Trace,
    /// The note had left the sources before; only its id or its very prompt brings it back.
    pub retired: bool,
}

/// What a note turned out to be. `old` and `candidates` are indices into the ledger lines given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The same id or the same prompt.
    Same {
        /// The line of the note.
        old: usize,
    },
    /// The prompt was edited.
    Edited {
        /// The line of the note.
        old: usize,
        /// What it was recognised by.
        why: Evidence,
    },
    /// No line belongs to it.
    New,
    /// Some line may belong to it, but which one (or whether to this note) is not sure. It counts as new.
    Ambiguous {
        /// The lines, ascending, never empty.
        candidates: Vec<usize>,
    },
}

/// Finds the ledger line of each note; returns one outcome for each of `new`, in order.
///
/// Both sides come grouped by file, in source order; retired lines may stand anywhere. Each line is used at most
/// once. The outcome does not depend on the order of the files, nor on the numbers they have.
///
/// An id on two notes is an error that `pass::identity` reports; here the note that resembles the line more has it, so that the outcome
/// is defined.
#[must_use]
pub fn align(old: &[Old], new: &[Trace]) -> Vec<Outcome> {
    let sheets = Sheets::new(old, new);
    let mut pairs = Pairs::new(&sheets);
    equal::by_id(&sheets, &mut pairs);
    equal::by_prompt(&sheets, &mut pairs);
    equal::revive(&sheets, &mut pairs, equal::Rivals::Yield);
    let edited = edited::by_evidence(&sheets, &mut pairs);
    equal::revive(&sheets, &mut pairs, equal::Rivals::Ignore);
    let mut outcomes = vec![Outcome::New; new.len()];
    for (at, line) in pairs.of_new.iter().enumerate() {
        outcomes[sheets.new.origin[at]] = match *line {
            Line::Active(old) => {
                let line = sheets.old.origin[old];
                match edited.why[at] {
                    Some(why) => Outcome::Edited { old: line, why },
                    None => Outcome::Same { old: line },
                }
            }
            Line::Retired(old) => Outcome::Same { old: sheets.retired.origin[old] },
            Line::Open | Line::Refused => {
                let mut candidates: Vec<usize> =
                    edited.candidates[at].iter().map(|&old| sheets.old.origin[old]).collect();
                candidates.sort_unstable();
                if candidates.is_empty() { Outcome::New } else { Outcome::Ambiguous { candidates } }
            }
        };
    }
    outcomes
}

/// What is decided about a note.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Open,
    /// Its id belongs to another note: it is new, whatever it resembles.
    Refused,
    Active(usize),
    Retired(usize),
}

/// The decisions so far; indices are those of the [`Sheets`].
struct Pairs {
    of_new: Vec<Line>,
    of_old: Vec<Option<usize>>,
    revived: Vec<bool>,
}

impl Pairs {
    fn new(sheets: &Sheets) -> Self {
        Self {
            of_new: vec![Line::Open; sheets.new.notes.len()],
            of_old: vec![None; sheets.old.notes.len()],
            revived: vec![false; sheets.retired.notes.len()],
        }
    }

    fn join(&mut self, old: usize, new: usize) {
        self.of_old[old] = Some(new);
        self.of_new[new] = Line::Active(old);
    }

    fn revive(&mut self, retired: usize, new: usize) {
        self.revived[retired] = true;
        self.of_new[new] = Line::Retired(retired);
    }

    fn is_open(&self, new: usize) -> bool {
        self.of_new[new] == Line::Open
    }

    fn is_free(&self, old: usize) -> bool {
        self.of_old[old].is_none()
    }
}

/// Tells whether ids allow two notes to be one: an author who gives two ids means two notes.
fn ids_agree(old: &Trace, new: &Trace) -> bool {
    match (&old.id, &new.id) {
        (Some(old), Some(new)) => old == new,
        (None, _) | (_, None) => true,
    }
}
