//! `deckc.lock`: who each note is, from build to build.
//!
//! A text file that is committed with the sources: one line a note, grouped by source file in source order, retired notes
//! last. A note's place is implicit, so an insertion is a one-line diff and git merges the ledger as it merges the sources.
//! `docs/identity.md` describes the format. This module does no I/O.

mod read;
mod settle;
mod write;

use std::collections::BTreeMap;

use crate::identity::cloze::Remembered;
use crate::identity::prompt::PromptHash;
use crate::identity::sketch::Sketch;
use crate::model::{BuiltIn, Owner};

/// The file's name.
pub const FILE_NAME: &str = "deckc.lock";
/// The newest version of the format that this program reads and writes.
pub const VERSION: u32 = 1;
/// The latest time that is taken, in s since 1970: the year 5138. Note ids in ms stay far below 2^53.
pub const LATEST: i64 = 100_000_000_000;

/// Is a ledger in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// The namespace of guids.
    pub project: String,
    /// The project's own note types, by built-in key.
    pub styles: BTreeMap<BuiltIn, StyleEntry>,
    /// The active notes by source file, each in source order.
    pub files: BTreeMap<String, Vec<Entry>>,
    /// The notes that left the sources, by guid.
    pub retired: Vec<Entry>,
}

/// Is what the ledger keeps of one of the project's own note types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StyleEntry {
    /// When it last changed, in s since 1970.
    pub modified: i64,
    /// A hash of what Anki sees of it.
    pub hash: String,
}

/// Is a note's line.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What Anki matches by.
    pub guid: String,
    /// Creation time in ms since 1970; Anki's note id.
    pub id: i64,
    /// When what Anki sees last changed, in s since 1970.
    pub modified: i64,
    /// The key of the prompt.
    pub prompt_hash: PromptHash,
    /// A hash of what Anki sees: note type, fields, tags; media by the hash in their names.
    pub content: String,
    /// Its note type.
    pub note_type: BuiltIn,
    /// Whose note type.
    pub owner: Owner,
    /// The numbers of its cloze deletions; none for other notes.
    pub clozes: Vec<Remembered>,
    /// The id that the source gave, where it gave one.
    pub key: Option<String>,
    /// The deck that its cards were made in.
    pub deck: String,
    /// A sketch of the answer.
    pub sketch: Sketch,
    /// The prompt, shortened.
    pub prompt: String,
}

/// Is a guid that two lines claim for different prompts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rival {
    /// The guid.
    pub guid: String,
    /// Both lines, from 1.
    pub lines: [usize; 2],
}

/// Says why a text is no ledger, and at which lines (from 1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerError {
    /// A merge left its markers.
    Conflict {
        /// The lines that hold markers.
        lines: Vec<usize>,
    },
    /// It was written by a newer program.
    Newer {
        /// Its version.
        version: u32,
    },
    /// A line cannot be read.
    Line {
        /// The line.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl Ledger {
    /// Reads a ledger.
    ///
    /// # Errors
    /// Says which line is wrong and how.
    pub fn parse(text: &str) -> Result<Ledger, LedgerError> {
        read::ledger(text)
    }

    /// Returns the guids of `text`, which was read as this ledger, that two of its lines claim for different prompts. The first has it.
    #[must_use]
    pub fn rivals(&self, text: &str) -> Vec<Rival> {
        let lines = text.lines().filter(|line| line.contains('\t')).count();
        if lines == self.entries().count() { Vec::new() } else { read::rivals(text) }
    }

    /// Returns the ledger's text. The same ledger gives the same text.
    #[must_use]
    pub fn to_text(&self) -> String {
        write::ledger(self)
    }

    /// Returns the same text in parts, each made when it is asked for, so that nobody has to hold the whole.
    pub fn text_parts(&self) -> impl Iterator<Item = String> {
        write::parts(self)
    }

    /// Makes every guid and every note id stand once; see [`settle`].
    pub fn settle(&mut self) {
        settle::settle(self);
    }

    /// Returns all entries, active ones first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.files.values().flatten().chain(&self.retired)
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Ledger, LedgerError, StyleEntry};
    use crate::identity::prompt::{Kind, PromptHash};
    use crate::identity::sketch::Sketch;
    use crate::model::{BuiltIn, Owner};

    fn entry(guid: &str, id: i64) -> Entry {
        Entry {
            guid: guid.into(),
            id,
            modified: 7,
            prompt_hash: PromptHash::new(Kind::Basic, guid),
            content: "00ff".into(),
            note_type: BuiltIn::Basic,
            owner: Owner::Shared,
            clozes: Vec::new(),
            key: Some("a\tb\\".into()),
            deck: "A::B".into(),
            sketch: Sketch::new("q", "a"),
            prompt: format!("what is {guid}?"),
        }
    }

    fn sample() -> Ledger {
        let mut ledger = Ledger { project: "p1".into(), ..Ledger::default() };
        ledger.styles.insert(BuiltIn::Cloze, StyleEntry { modified: 5, hash: "ab".into() });
        ledger.files.insert("a b\n.md".into(), vec![entry("x", 1), entry("-y z", 2)]);
        ledger
            .files
            .insert("retired".into(), vec![Entry { owner: Owner::Project, key: None, ..entry("k", 4) }]);
        ledger.retired.push(entry("r", 3));
        ledger
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let ledger = sample();
        assert_eq!(Ledger::parse(&ledger.to_text()), Ok(ledger));
    }

    #[test]
    fn carriage_returns_of_a_windows_checkout_do_no_harm() {
        let ledger = sample();
        assert_eq!(Ledger::parse(&ledger.to_text().replace('\n', "\r\n")), Ok(ledger));
    }

    #[test]
    fn conflict_markers_are_named_by_line() {
        let text =
            sample().to_text().replacen("project", "<<<<<<< HEAD\nproject", 1) + "=======\n>>>>>>> other\n";
        let Err(LedgerError::Conflict { lines }) = Ledger::parse(&text) else { panic!("markers are found") };
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn a_newer_version_and_a_cut_line_are_refused() {
        assert_eq!(Ledger::parse("version 99\n"), Err(LedgerError::Newer { version: 99 }));
        let text = "version 1\nproject p\nfile a\nguid\t1\n";
        assert_eq!(
            Ledger::parse(text),
            Err(LedgerError::Line { line: 4, reason: "a note's line has 12 columns" })
        );
    }

    #[test]
    fn a_line_that_a_union_merge_doubled_counts_once_with_the_later_time() {
        let mut ledger = sample();
        let double = Entry { modified: 9, ..entry("x", 1) };
        ledger.files.get_mut("retired").expect("is there").push(double);
        let read = Ledger::parse(&ledger.to_text()).expect("reads");
        let all: Vec<_> =
            read.entries().filter(|entry| entry.guid == "x").map(|entry| entry.modified).collect();
        assert_eq!(all, [9]);
    }

    #[test]
    fn many_notes_with_one_id_get_each_their_own_at_once() {
        let mut ledger = sample();
        let twins = (0..20_000).map(|number| entry(&format!("twin{number}"), 1));
        ledger.retired.extend(twins);
        ledger.settle();
        let mut ids: Vec<i64> = ledger.entries().map(|entry| entry.id).collect();
        ids.sort_unstable();
        assert_eq!(ids, (1..=20_004).collect::<Vec<_>>());
    }

    #[test]
    fn a_time_out_of_range_and_foreign_cloze_numbers_are_refused() {
        let text = sample().to_text();
        let check = |from: &str, to: &str, reason: &str| {
            let Err(LedgerError::Line { reason: found, .. }) = Ledger::parse(&text.replacen(from, to, 1))
            else {
                panic!("{to} is refused")
            };
            assert_eq!(found, reason);
        };
        check("x\t1\t7", "x\t9223372036854775807\t7", "the note id is no time in ms since 1970");
        check("x\t1\t7", "x\t1\t9223372036854775807", "the time is no time in s since 1970");
        check("basic\t-", "basic\t1=x", "the cloze numbers cannot be read");
        check("cloze 5 ab", "cloze 9223372036854775807 ab", "a style has a note type, a time and a hash");
    }
}
