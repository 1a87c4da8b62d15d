//! Notes that come, go, are cut and joined.

use super::{Note, Session};
use crate::identity::deck::{BARE_HEADING, Fact};
use crate::identity::reword::{Reach, reword};
use crate::identity::tally::Label;

impl Session {
    /// Adds, removes, replaces, cuts, joins or brings back notes.
    pub fn restructure(&mut self) {
        match self.rng.below(12) {
            0..3 => self.insert(),
            3..5 => self.delete(),
            5..8 => self.replace(),
            8 => self.split(),
            9 => self.merge(),
            10 => self.bring_back(),
            _ => self.swap_prompts(),
        }
    }

    fn insert(&mut self) {
        if let Some(note) = self.fresh(Label::Inserted) {
            let file = self.rng.below(self.files.len());
            let at = self.rng.below(self.files[file].notes.len() + 1);
            self.files[file].notes.insert(at, note);
        }
    }

    fn delete(&mut self) {
        if let Some((file, at)) = self.untouched() {
            self.files[file].notes.remove(at);
        }
    }

    /// Puts an unrelated note where another was; often from the same template, or about the same things.
    fn replace(&mut self) {
        let Some((file, at)) = self.untouched() else { return };
        let note = if self.rng.one_in(2) {
            let old = self.files[file].notes[at].fact.clone();
            self.relative(&old)
        } else {
            self.fresh(Label::Replaced)
        };
        if let Some(note) = note {
            self.files[file].notes[at] = note;
        }
    }

    /// Makes two notes of one; either may have the history.
    fn split(&mut self) {
        let Some((file, at)) = self.untouched() else { return };
        let old = self.files[file].notes[at].clone();
        let words: Vec<&str> = old.fact.answer.split(' ').collect();
        if words.len() < 6 {
            return;
        }
        let (first, second) = words.split_at(words.len() / 2);
        let mut halves = Vec::new();
        for answer in [first, second] {
            let mut fact = reword(&old.fact, Reach::Word, &mut self.rng);
            fact.answer = answer.join(" ");
            if self.is_asked(&fact) || halves.iter().any(|half: &Note| half.fact.prompt == fact.prompt) {
                return;
            }
            let uid = self.new_uid();
            halves.push(Note { uid, fact, label: Label::Split, heir_of: vec![old.uid], moved: false });
        }
        self.files[file].notes.splice(at..=at, halves);
    }

    /// Makes one note of two neighbours; it may have the history of either.
    fn merge(&mut self) {
        let Some((file, at)) = self.untouched() else { return };
        let notes = &self.files[file].notes;
        let Some(next) = notes.get(at + 1).filter(|next| next.label == Label::Untouched) else { return };
        let (one, two) = (&notes[at], next);
        if one.fact.kind != two.fact.kind {
            return;
        }
        let fact = Fact {
            prompt: format!("{} And {}", one.fact.prompt, two.fact.prompt),
            answer: format!("{}; {}", one.fact.answer, two.fact.answer),
            otherwise: format!("{} And {}", one.fact.otherwise, two.fact.otherwise),
            kind: one.fact.kind,
            subject: format!("{} {}", one.fact.subject, two.fact.subject),
            origin: format!("{} {}", one.fact.origin, two.fact.origin),
        };
        let heir_of = vec![one.uid, two.uid];
        if self.is_asked(&fact) {
            return;
        }
        let uid = self.new_uid();
        let merged = Note { uid, fact, label: Label::Merged, heir_of, moved: false };
        self.files[file].notes.splice(at..=at + 1, [merged]);
    }

    /// Writes a note again, word for word, that left the sources in an earlier release.
    fn bring_back(&mut self) {
        let here: Vec<usize> = self.files.iter().flat_map(|file| &file.notes).map(|note| note.uid).collect();
        let gone: Vec<usize> = (0..self.ledger.len())
            .filter(|&at| self.ledger[at].old.retired && !here.contains(&self.ledger[at].uid))
            .collect();
        if gone.is_empty() {
            return;
        }
        let line = &self.ledger[*self.rng.pick(&gone)];
        let twins = self.ledger.iter().filter(|other| other.fact.prompt == line.fact.prompt).count();
        let note = Note {
            uid: line.uid,
            fact: line.fact.clone(),
            label: Label::BroughtBack,
            heir_of: Vec::new(),
            moved: true,
        };
        // Several notes may have had this prompt (an edit undone, say): nobody knows which one it is now.
        if twins == 1
            && !self.files.iter().flat_map(|file| &file.notes).any(|n| n.fact.prompt == note.fact.prompt)
        {
            let file = self.rng.below(self.files.len());
            let at = self.rng.below(self.files[file].notes.len() + 1);
            self.files[file].notes.insert(at, note);
        }
    }

    /// Exchanges the answers of two neighbours; by the rules the note goes with the prompt.
    fn swap_prompts(&mut self) {
        let Some((file, at)) = self.untouched() else { return };
        let notes = &mut self.files[file].notes;
        if at + 1 < notes.len()
            && notes[at + 1].label == Label::Untouched
            && notes[at].fact.prompt != BARE_HEADING
        {
            let answer = notes[at].fact.answer.clone();
            notes[at].fact.answer = std::mem::replace(&mut notes[at + 1].fact.answer, answer);
            notes.swap(at, at + 1);
            for note in &mut notes[at..=at + 1] {
                note.label =
                    if note.fact.prompt == BARE_HEADING { Label::BareAnswer } else { Label::AnswerOnly };
                note.moved = true;
            }
        }
    }
}
