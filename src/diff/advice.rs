//! The forecast in sentences, with what to do.

use super::counted;
use super::forecast::{Forecast, Outcome};

impl Forecast {
    /// Returns what Anki will do, a sentence each. The first has the counts of Anki's own report.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = vec![format!(
            "{} added, {} updated, {} left alone{}",
            counted(self.added, "note"),
            self.updated,
            self.unchanged,
            if self.conflicting > 0 { format!(", {} refused", self.conflicting) } else { String::new() }
        )];
        let mut say = |count: usize, one: &str, many: &str| match count {
            0 => {}
            1 => sentences.push(format!("1 {one}")),
            count => sentences.push(format!("{count} {many}")),
        };
        say(self.cards_added, "card added to a known note", "cards added to known notes");
        say(
            self.cards_staying,
            "card stays in its old deck: Anki never moves cards that a learner has",
            "cards stay in their old deck: Anki never moves cards that a learner has",
        );
        say(
            self.cards_emptied,
            "card becomes empty: Tools > Empty Cards removes it",
            "cards become empty: Tools > Empty Cards removes them",
        );
        say(
            self.staying,
            "retired note stays at the learner: a package cannot delete",
            "retired notes stay at the learner: a package cannot delete",
        );
        say(
            self.undelivered.len(),
            "edited note does not arrive: its `mod` is not newer",
            "edited notes do not arrive: their `mod` is not newer",
        );
        say(
            self.doubled.len(),
            "note comes a second time: its text is known under another guid",
            "notes come a second time: their text is known under other guids",
        );
        for (outcome, one, many) in [
            (
                Outcome::NeedsMerge,
                "needs \"Merge note types\" in the import dialog; without it edits of its notes are refused",
                "need \"Merge note types\" in the import dialog; without it edits of their notes are refused",
            ),
            (Outcome::Replaced, "is restyled", "are restyled"),
            (
                Outcome::Kept,
                "stays as the learner has it: its `mod` is not newer",
                "stay as the learner has them: their `mod` is not newer",
            ),
            (Outcome::Added, "is added", "are added"),
        ] {
            let named: Vec<String> = self
                .note_types
                .iter()
                .filter(|forecast| forecast.outcome == outcome)
                .map(|forecast| format!("`{}`", forecast.name))
                .collect();
            match named.len() {
                0 => {}
                1 => sentences.push(format!("note type {} {one}", named[0])),
                count => sentences.push(format!("{count} note types ({}) {many}", named.join(", "))),
            }
        }
        sentences
    }
}
