//! Counts of the simulation.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use deckc::identity::align::Outcome;

use super::reword::Reach;

/// What was done to a note since the last build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// Nothing, but it may have moved.
    Untouched,
    /// The answer was edited.
    AnswerOnly,
    /// The answer was edited under a prompt that other notes have too, so that it is all there is to know the note by.
    BareAnswer,
    /// The prompt was edited.
    Reworded(Reach),
    /// The prompt was edited and the answer touched up.
    RewordedBoth(Reach),
    /// The prompt is wholly new, the answer is long and kept.
    Rewritten,
    /// The prompt is wholly new, the answer is long and touched up.
    RewrittenBoth,
    /// The prompt is wholly new, the answer is short: a human would often hesitate.
    RewrittenShort,
    /// The same question in other words; the answer is kept, is short, and no other note has it.
    RephrasedShort,
    /// The same with a longer answer.
    Rephrased,
    /// The same with an answer that other notes have too.
    RephrasedShared,
    /// The same question in other words, and so the answer.
    RephrasedBoth,
    /// Prompt and answer are wholly new: a human could not know.
    Undecidable,
    /// It is new.
    Inserted,
    /// It is new and stands where another was.
    Replaced,
    /// It is new, stands where another was, and is about some of the same things.
    Related,
    /// It is one half of an old note.
    Split,
    /// It is made of two old notes.
    Merged,
    /// It was gone in the last build.
    BroughtBack,
}

#[derive(Clone, Copy, Default)]
struct Row {
    notes: u32,
    right: u32,
    ambiguous: u32,
    wrong: u32,
    arguable: u32,
}

/// All counts.
#[derive(Default)]
pub struct Tally {
    rows: BTreeMap<(Label, &'static str), Row>,
    /// Edited prompts: over 0.9 similar to the old wording, from 0.6 to 0.9, below 0.6.
    similar: [u32; 3],
    /// The first wrong matches, described.
    pub wrong: Vec<String>,
    /// The beginning of the label whose unrecognised notes are to be described.
    missed_label: Option<String>,
    /// The first unrecognised notes of that label, described.
    pub missed: Vec<String>,
}

impl Tally {
    /// Starts with nothing counted; `missed_label` begins the name of the label whose unrecognised notes are to be described.
    pub fn describing(missed_label: Option<String>) -> Self {
        Self { missed_label, ..Self::default() }
    }

    /// Counts one note; `right` is `None` where it was matched with nothing.
    pub fn count(
        &mut self,
        label: Label,
        moved: bool,
        right: Option<bool>,
        arguable: bool,
        outcome: &Outcome,
        describe: impl Fn() -> String,
    ) {
        let row = self.rows.entry((label, if moved { "moved" } else { "" })).or_default();
        row.notes += 1;
        match right {
            Some(true) => row.right += 1,
            Some(false) if arguable => row.arguable += 1,
            Some(false) => {
                row.wrong += 1;
                if self.wrong.len() < 20 {
                    self.wrong.push(format!("{label:?} {}", describe()));
                }
            }
            None => {
                row.ambiguous += u32::from(matches!(outcome, Outcome::Ambiguous { .. }));
                let wanted =
                    self.missed_label.as_ref().is_some_and(|wanted| format!("{label:?}").starts_with(wanted));
                if wanted && self.missed.len() < 200 {
                    self.missed.push(format!("{label:?} {moved} {}", describe()));
                }
            }
        }
    }

    /// Counts how similar an edited prompt is to its old wording, by edit distance.
    pub fn prompt_edited(&mut self, old: &str, new: &str) {
        let similarity = strsim::normalized_levenshtein(old, new);
        self.similar[usize::from(similarity <= 0.9) + usize::from(similarity < 0.6)] += 1;
    }

    /// Returns the number of matches that move a history to another card.
    pub fn wrong(&self) -> u32 {
        self.rows.values().map(|row| row.wrong).sum()
    }

    /// Returns how many notes were changed or are new, and how many of them took the history of a note that says the same.
    ///
    /// Those are not wrong: the line asks the same about the same subject and has the same answer (or a part of it), or has
    /// the very prompt, and the note has no line of its own, so that no reader of both could say that it is another card.
    pub fn arguable(&self) -> (u32, u32) {
        let kept = |label: &Label| matches!(label, Label::Untouched | Label::AnswerOnly);
        let rows = self.rows.iter().filter(|((label, _), _)| !kept(label)).map(|(_, row)| row);
        rows.fold((0, 0), |(notes, arguable), row| (notes + row.notes, arguable + row.arguable))
    }

    /// Returns how many prompts were changed while the note stayed, in any way, and how many of them were recognised.
    pub fn changed(&self) -> (u32, u32) {
        self.sum(|label| match label {
            Label::Reworded(_)
            | Label::RewordedBoth(_)
            | Label::Rewritten
            | Label::RewrittenBoth
            | Label::RewrittenShort
            | Label::RephrasedShort
            | Label::Rephrased
            | Label::RephrasedShared
            | Label::RephrasedBoth
            | Label::Undecidable => true,
            Label::Untouched
            | Label::AnswerOnly
            | Label::BareAnswer
            | Label::Inserted
            | Label::Replaced
            | Label::Related
            | Label::Split
            | Label::Merged
            | Label::BroughtBack => false,
        })
    }

    /// Returns how many notes were reworded, and how many of them were recognised.
    pub fn reworded(&self) -> (u32, u32) {
        self.sum(|label| matches!(label, Label::Reworded(_) | Label::RewordedBoth(_)))
    }

    /// Returns how many notes were left with the same prompt, and how many of them were recognised.
    pub fn kept(&self) -> (u32, u32) {
        self.sum(|label| matches!(label, Label::Untouched | Label::AnswerOnly))
    }

    fn sum(&self, wanted: impl Fn(Label) -> bool) -> (u32, u32) {
        let rows = self.rows.iter().filter(|((label, _), _)| wanted(*label)).map(|(_, row)| row);
        rows.fold((0, 0), |(notes, right), row| (notes + row.notes, right + row.right))
    }

    /// Returns the figures as a table.
    pub fn table(&self) -> String {
        let mut table =
            String::from("what was done                 notes    recognised  ambiguous  arguable  wrong\n");
        for ((label, moved), row) in &self.rows {
            let share = f64::from(row.right) * 100.0 / f64::from(row.notes.max(1));
            let name = format!("{label:?} {moved}");
            writeln!(
                table,
                "{name:<28} {:>8} {:>9} {share:>5.1} % {:>6} {:>8} {:>6}",
                row.notes, row.right, row.ambiguous, row.arguable, row.wrong
            )
            .expect("a string takes any text");
        }
        let edited = f64::from(self.similar.iter().sum::<u32>().max(1)) / 100.0;
        let [over, between, below] = self.similar.map(|count| f64::from(count) / edited);
        writeln!(
            table,
            "edited prompts: {over:.0} % over 0.9 similar, {between:.0} % from 0.6, {below:.0} % below 0.6"
        )
        .expect("a string takes any text");
        let share = |(notes, some): (u32, u32)| f64::from(some) * 100.0 / f64::from(notes.max(1));
        let (notes, right) = self.changed();
        writeln!(
            table,
            "changed prompts in all: {right} of {notes} recognised = {:.2} %",
            share((notes, right))
        )
        .expect("a string takes any text");
        let (notes, arguable) = self.arguable();
        writeln!(
            table,
            "arguable: {arguable} of {notes} notes changed or new = {:.3} %",
            share((notes, arguable))
        )
        .expect("a string takes any text");
        let (notes, right) = self.reworded();
        writeln!(
            table,
            "reworded in all: {right} of {notes} recognised = {:.2} %; wrong matches: {}",
            share((notes, right)),
            self.wrong()
        )
        .expect("a string takes any text");
        table
    }
}
