//! A project over several releases: its files, its ledger, and the edits between two builds.

use deckc::identity::align::{Old, Outcome, Trace, align};
use deckc::identity::prompt::{PromptHash, normalise};
use deckc::identity::sketch::{Sketch, shorten};

use super::deck::{BARE_HEADING, Fact, Rng, Taste};
use super::reword::{Reach, reword, rework, rewrite, touch_up};
use super::tally::{Label, Tally};

/// A note in the sources; `uid` is the truth that the matcher does not see.
#[derive(Clone)]
struct Note {
    uid: usize,
    fact: Fact,
    label: Label,
    /// Other notes whose history it may take: the one it was split from, those it was merged from.
    heir_of: Vec<usize>,
    moved: bool,
}

struct File {
    path: usize,
    notes: Vec<Note>,
}

struct Line {
    uid: usize,
    fact: Fact,
    old: Old,
}

/// One project.
pub struct Session {
    rng: Rng,
    taste: Taste,
    files: Vec<File>,
    ledger: Vec<Line>,
    next_uid: usize,
    next_path: usize,
}

impl Session {
    /// Starts a project of 20 to 150 notes in one to six files and makes its first build.
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let taste = Taste::new(&mut rng);
        let mut session =
            Self { rng, taste, files: Vec::new(), ledger: Vec::new(), next_uid: 0, next_path: 0 };
        let files = session.rng.between(1, 6);
        for _ in 0..files {
            let path = session.new_path();
            session.files.push(File { path, notes: Vec::new() });
        }
        for _ in 0..session.rng.between(20, 150) {
            if let Some(note) = session.fresh(Label::Inserted) {
                let file = session.rng.below(files);
                session.files[file].notes.push(note);
            }
        }
        session.build(&mut Tally::default());
        session
    }

    /// Edits the sources as a commit would, builds, and counts what came out.
    pub fn release(&mut self, tally: &mut Tally) {
        for note in self.files.iter_mut().flat_map(|file| &mut file.notes) {
            note.label = Label::Untouched;
            note.heir_of.clear();
            note.moved = false;
        }
        // Moves first, so that the notes edited afterwards are also among those moved.
        if self.rng.one_in(4) {
            self.move_things();
        }
        for _ in 0..self.rng.between(1, 8) {
            self.edit_one();
        }
        // Half of the commits add or remove notes as well.
        if self.rng.one_in(2) {
            for _ in 0..self.rng.between(1, 4) {
                self.restructure();
            }
        }
        self.build(tally);
    }

    fn new_path(&mut self) -> usize {
        self.next_path += 1;
        self.next_path
    }

    fn new_uid(&mut self) -> usize {
        self.next_uid += 1;
        self.next_uid
    }

    /// Makes a note that is not in the ledger and never was; `None` if the templates are used up.
    fn fresh(&mut self, label: Label) -> Option<Note> {
        for _ in 0..20 {
            let fact = self.taste.fact(&mut self.rng);
            if !self.is_asked(&fact) && !self.is_coincidence(&fact) {
                let uid = self.new_uid();
                return Some(Note { uid, fact, label, heir_of: Vec::new(), moved: false });
            }
        }
        None
    }

    /// Tells whether the question stands in sources or ledger; a bare heading is asked only with the same answer.
    fn is_asked(&self, fact: &Fact) -> bool {
        let asked = self.ledger.iter().map(|line| &line.fact);
        let asks = self.files.iter().flat_map(|file| &file.notes).map(|note| &note.fact);
        asked.chain(asks).any(|other| {
            (normalise(&other.prompt) == normalise(&fact.prompt)
                || other.origin == fact.origin && fact.origin == fact.prompt)
                && (fact.prompt != BARE_HEADING || other.answer == fact.answer)
        })
    }

    /// Tells whether a long answer that one other note has would come a second time, for another subject.
    ///
    /// A note in whose place stands another with the very same long answer was rewritten, for all that anybody can
    /// see. Answers that several notes share are no such case, and do occur.
    fn is_coincidence(&self, fact: &Fact) -> bool {
        let known = self.ledger.iter().filter(|line| !line.old.retired).map(|line| &line.fact);
        let mut others = known.filter(|other| other.answer == fact.answer);
        fact.answer.len() >= 16
            && others.next().is_some_and(|other| other.subject != fact.subject)
            && others.next().is_none()
    }

    /// Picks a note that this release has not touched.
    fn untouched(&mut self) -> Option<(usize, usize)> {
        for _ in 0..20 {
            let file = self.rng.below(self.files.len());
            if self.files[file].notes.is_empty() {
                continue;
            }
            let at = self.rng.below(self.files[file].notes.len());
            if self.files[file].notes[at].label == Label::Untouched {
                return Some((file, at));
            }
        }
        None
    }

    fn set(&mut self, (file, at): (usize, usize), fact: Fact, label: Label) {
        if fact.prompt != self.files[file].notes[at].fact.prompt && self.is_asked(&fact) {
            return;
        }
        let note = &mut self.files[file].notes[at];
        note.fact = fact;
        note.label = label;
    }

    /// Rewords, rewrites or corrects one note, in the proportions that the histories of public decks show: two answers for each
    /// question; of the questions half barely changed, a fifth changed beyond recognition; half with the answer.
    fn edit_one(&mut self) {
        let Some(place) = self.untouched() else { return };
        let fact = self.files[place.0].notes[place.1].fact.clone();
        let rng = &mut self.rng;
        let (fact, label) = match rng.below(30) {
            0..15 => {
                let answer =
                    if rng.one_in(3) { rework(&fact.answer, rng) } else { touch_up(&fact.answer, rng) };
                let label = if fact.prompt == BARE_HEADING { Label::BareAnswer } else { Label::AnswerOnly };
                (Fact { answer, ..fact }, label)
            }
            15..26 => {
                let reach = *rng.pick(&[
                    Reach::Typo,
                    Reach::Typo,
                    Reach::Word,
                    Reach::Word,
                    Reach::Word,
                    Reach::Half,
                    Reach::Half,
                ]);
                let mut fact = reword(&fact, reach, rng);
                let both = rng.one_in(2);
                if both {
                    fact.answer = touch_up(&fact.answer, rng);
                }
                (fact, if both { Label::RewordedBoth(reach) } else { Label::Reworded(reach) })
            }
            26..28 => {
                let label = if fact.answer.len() >= 18 { Label::Rewritten } else { Label::RewrittenShort };
                (rewrite(&fact, rng), label)
            }
            28 => {
                let mut fact = rewrite(&fact, rng);
                let long = fact.answer.len() >= 40;
                fact.answer = touch_up(&fact.answer, rng);
                (fact, if long { Label::RewrittenBoth } else { Label::RewrittenShort })
            }
            _ => {
                // What nobody could tell from a deletion and an insertion.
                let mut fact = rewrite(&fact, rng);
                fact.answer = format!("{} {}", rng.below(10_000), super::reword::nonsense(rng));
                (fact, Label::Undecidable)
            }
        };
        self.set(place, fact, label);
    }

    fn restructure(&mut self) {
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

    /// Puts an unrelated note where another was; often from the same template.
    fn replace(&mut self) {
        if let Some((file, at)) = self.untouched()
            && let Some(note) = self.fresh(Label::Replaced)
        {
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
                note.label = Label::AnswerOnly;
                note.moved = true;
            }
        }
    }

    /// Moves notes or sections, shuffles or renames a file.
    fn move_things(&mut self) {
        match self.rng.below(5) {
            0 => {
                let file = self.rng.below(self.files.len());
                self.files[file].path = self.new_path();
            }
            1 => {
                let file = self.rng.below(self.files.len());
                for at in (1..self.files[file].notes.len()).rev() {
                    let other = self.rng.below(at + 1);
                    self.files[file].notes.swap(at, other);
                }
                self.files[file].notes.iter_mut().for_each(|note| note.moved = true);
            }
            2 => {
                let rng = &mut self.rng;
                let (from, to) = (rng.below(self.files.len()), rng.below(self.files.len()));
                let count = self.files[from].notes.len();
                let start = rng.below(count + 1);
                let end = (start + rng.between(1, 12)).min(count);
                let mut section: Vec<Note> = self.files[from].notes.drain(start..end).collect();
                section.iter_mut().for_each(|note| note.moved = true);
                let at = self.rng.below(self.files[to].notes.len() + 1);
                self.files[to].notes.splice(at..at, section);
            }
            _ => {
                for _ in 0..self.rng.between(1, 4) {
                    if let Some((from, at)) = self.untouched() {
                        let mut note = self.files[from].notes.remove(at);
                        note.moved = true;
                        let to = self.rng.below(self.files.len());
                        let at = self.rng.below(self.files[to].notes.len() + 1);
                        self.files[to].notes.insert(at, note);
                    }
                }
            }
        }
    }

    /// Matches sources and ledger, compares with the truth, and writes the next ledger.
    fn build(&mut self, tally: &mut Tally) {
        let notes: Vec<(&Note, Trace)> = self
            .files
            .iter()
            .flat_map(|file| file.notes.iter().map(move |note| (note, trace(&note.fact, file.path))))
            .collect();
        let old: Vec<Old> = self.ledger.iter().map(|line| line.old.clone()).collect();
        let new: Vec<Trace> = notes.iter().map(|(_, trace)| trace.clone()).collect();
        let mut ledger = Vec::new();
        let mut used = vec![false; old.len()];
        for ((note, trace), outcome) in notes.into_iter().zip(align(&old, &new)) {
            let line = match outcome {
                Outcome::Same { old } | Outcome::Edited { old, .. } => Some(old),
                Outcome::New | Outcome::Ambiguous { .. } => None,
            };
            if let Some(at) = line {
                assert!(!used[at], "a line is used twice");
                used[at] = true;
            }
            let line = line.map(|at| &self.ledger[at]);
            let right = line.map(|line| line.uid == note.uid || note.heir_of.contains(&line.uid));
            // The same question about the same thing with the same answer: no one could say it is another card.
            let arguable = line.is_some_and(|line| {
                (line.fact.answer == note.fact.answer && line.fact.subject == note.fact.subject
                    || line.fact.prompt == note.fact.prompt)
                    && !self.ledger.iter().any(|other| other.uid == note.uid && !other.old.retired)
            });
            tally.count(note.label, note.moved, right, arguable, &outcome, || {
                let was = self.ledger.iter().find(|line| line.uid == note.uid);
                format!(
                    "{:?}\n   taken from: {:?}\n   its own line: {:?}\n   {outcome:?}",
                    note.fact,
                    line.map(|line| &line.fact),
                    was.map(|line| &line.fact)
                )
            });
            ledger.push(Line { uid: note.uid, fact: note.fact.clone(), old: Old { trace, retired: false } });
        }
        for (line, used) in self.ledger.drain(..).zip(used) {
            if !used {
                ledger.push(Line { old: Old { retired: true, ..line.old }, ..line });
            }
        }
        self.ledger = ledger;
    }
}

fn trace(fact: &Fact, file: usize) -> Trace {
    let (prompt, answer) = (normalise(&fact.prompt), normalise(&fact.answer));
    Trace {
        file,
        kind: fact.kind,
        id: None,
        prompt_hash: PromptHash::new(fact.kind, &prompt),
        sketch: Sketch::new(&prompt, &answer),
        prompt: shorten(&prompt),
    }
}
