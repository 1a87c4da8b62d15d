//! A project over several releases: its files, its ledger, and the edits between two builds.

mod edit;
mod rearrange;
mod restructure;

use deckc::identity::align::{Old, Outcome, Trace, align};
use deckc::identity::prompt::{PromptHash, normalise};
use deckc::identity::sketch::{Sketch, shorten};

use super::deck::{BARE_HEADING, Fact, Rng, Taste};
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

    /// Makes a note about things that another is about as well.
    fn relative(&mut self, of: &Fact) -> Option<Note> {
        let fact = self.taste.relative(of, &mut self.rng);
        if self.is_asked(&fact) || self.is_coincidence(&fact) {
            return None;
        }
        let uid = self.new_uid();
        Some(Note { uid, fact, label: Label::Related, heir_of: Vec::new(), moved: false })
    }

    /// Tells whether another note has the answer of a fact.
    fn answered_alike(&self, fact: &Fact) -> bool {
        let all = self.files.iter().flat_map(|file| &file.notes);
        all.filter(|note| note.fact.answer == fact.answer).count() > 1
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
            // Two notes that say the very same have one another's histories, for all that anybody can see.
            let twin = |line: &Line| {
                self.ledger.iter().any(|other| {
                    other.uid == note.uid
                        && (&other.fact.prompt, &other.fact.answer) == (&line.fact.prompt, &line.fact.answer)
                })
            };
            let right =
                line.map(|line| line.uid == note.uid || note.heir_of.contains(&line.uid) || twin(line));
            // The same question about the same thing with the same answer, or a part of it: no one could say it is another card.
            let arguable = line.is_some_and(|line| {
                (says_as_much(&line.fact.answer, &note.fact.answer) && line.fact.subject == note.fact.subject
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
            if let Some(was) = self.ledger.iter().find(|line| line.uid == note.uid && !line.old.retired)
                && was.fact.prompt != note.fact.prompt
            {
                tally.prompt_edited(&was.fact.prompt, &note.fact.prompt);
            }
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

/// Tells whether two answers are one but for a slip, or the longer holds the other.
fn says_as_much(one: &str, two: &str) -> bool {
    let (short, long) = if one.len() < two.len() { (one, two) } else { (two, one) };
    let alike = long.contains(short) || strsim::normalized_levenshtein(one, two) > 0.9;
    short == long || short.len() >= 16 && alike
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
