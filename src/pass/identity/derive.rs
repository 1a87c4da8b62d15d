//! New guids, note ids and project ids.

use std::borrow::Cow;
use std::collections::HashSet;

use foldhash::fast::RandomState;

use crate::digest::Parts;
use crate::identity::align::Trace;
use crate::identity::hash::FastMap;
use crate::identity::prompt::PromptHash;
use crate::ledger::Ledger;
use crate::model::{Note, SourceId};

/// Letters and digits only, so that a guid is never taken for a formula, a comment or an option.
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Returns a project id for a project that has none: the same for every project of that name.
#[must_use]
pub fn project_id(name: &str) -> String {
    text(&Parts::new("deckc project 1").with(name).finish(), 16)
}

/// Returns a new project id for `deckc init`. It shows neither machine nor moment.
///
/// # Errors
/// When the system has no randomness to give.
pub fn random_project_id() -> std::io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(text(&bytes, 16))
}

/// Makes the guids of new notes, each different from all others.
pub(super) struct Guids<'a> {
    project: &'a str,
    taken: HashSet<Cow<'a, str>, RandomState>,
    /// The first salt that was not tried yet, for those whose first guid was taken: of many equal prompts each tries one.
    salts: FastMap<Seed<'a>, u32>,
}

/// Is what a guid is derived from: the author's id or else the prompt.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Seed<'a> {
    Id(&'a str),
    Prompt(PromptHash),
}

impl<'a> Seed<'a> {
    fn new(key: Option<&'a str>, trace: &Trace) -> Self {
        key.map_or(Seed::Prompt(trace.prompt_hash), Seed::Id)
    }

    /// Returns the guid that it gives with a salt.
    fn guid(self, project: &str, salt: u32) -> String {
        let parts = Parts::new("deckc guid 1").with(project);
        let parts = match self {
            Seed::Id(id) => parts.with("id").with(id),
            Seed::Prompt(hash) => parts.with("prompt").with(&hash.to_string()),
        };
        text(&parts.with(&salt.to_string()).finish(), 12)
    }
}

/// Returns the first guid that a note may have; all threads can work on these.
pub(super) fn first_guid(project: &str, key: Option<&str>, trace: &Trace) -> String {
    Seed::new(key, trace).guid(project, 0)
}

impl<'a> Guids<'a> {
    /// Begins with the guids that exist.
    pub(super) fn new(project: &'a str, taken: HashSet<Cow<'a, str>, RandomState>) -> Self {
        Guids { project, taken, salts: FastMap::default() }
    }

    /// Returns the guid for a new note where it is another than `first`, which [`first_guid`] gave for the note and which may be
    /// taken.
    pub(super) fn other_than(
        &mut self,
        first: &'a str,
        key: Option<&'a str>,
        trace: &Trace,
    ) -> Option<String> {
        if self.taken.insert(Cow::Borrowed(first)) {
            return None;
        }
        let seed = Seed::new(key, trace);
        let salt = self.salts.entry(seed).or_insert(1);
        loop {
            let guid = seed.guid(self.project, *salt);
            *salt += 1;
            if self.taken.insert(Cow::Owned(guid.clone())) {
                return Some(guid);
            }
        }
    }
}

/// Returns for each note the guid of a known note that is certainly it: the author's, or the one that follows from its
/// unedited text. For a package in the place of a ledger.
///
/// Of equal prompts the order decided which guid each has, and the order may be another today: they are left to the comparison of
/// answers.
pub(super) fn guids<'n>(
    notes: &[&'n Note<SourceId>],
    traces: &[Trace],
    ledger: &Ledger,
    explicit: fn(&Note<SourceId>) -> Option<&str>,
) -> Vec<Option<Cow<'n, str>>> {
    let known: HashSet<&str> = ledger.entries().map(|entry| entry.guid.as_str()).collect();
    let seeds: Vec<Seed<'_>> = traces.iter().map(|trace| Seed::new(trace.id.as_deref(), trace)).collect();
    let mut uses: FastMap<&Seed<'_>, usize> = FastMap::default();
    seeds.iter().for_each(|seed| *uses.entry(seed).or_default() += 1);
    let notes = notes.iter().zip(&seeds);
    notes
        .map(|(&note, seed)| {
            if let Some(guid) = explicit(note) {
                return Some(Cow::Borrowed(guid));
            }
            let alone = uses[seed] == 1 && !known.contains(seed.guid(&ledger.project, 1).as_str());
            let derived = seed.guid(&ledger.project, 0);
            (alone && known.contains(derived.as_str())).then_some(Cow::Owned(derived))
        })
        .collect()
}

/// Returns note ids for `count` new notes: ms since 1970, rising in source order, unused, and the latest that are in the past of
/// this build; ids after it only where the past has too few.
pub(super) fn note_ids(now: i64, count: usize, used: &HashSet<i64>) -> impl Iterator<Item = i64> {
    let end = now.saturating_mul(1000);
    let is_free = |id: &i64| !used.contains(id);
    let mut ids: Vec<i64> = (1..end).rev().filter(is_free).take(count).collect();
    ids.reverse();
    let missing = count - ids.len();
    ids.extend((end.max(1)..).filter(is_free).take(missing));
    ids.into_iter()
}

/// Returns `length` letters and digits for the number that the bytes are.
fn text(bytes: &[u8; 32], length: usize) -> String {
    // Long division in base 2³²: each remainder is five letters, of which it is the number.
    let mut digits = [0_u64; 8];
    for (digit, bytes) in digits.iter_mut().zip(bytes.chunks_exact(4)) {
        *digit = bytes.iter().fold(0, |digit, byte| digit << 8 | u64::from(*byte));
    }
    let mut text = String::with_capacity(length);
    while text.len() < length {
        let mut rest = 0;
        for digit in &mut digits {
            let value = rest << 32 | *digit;
            *digit = value / 62_u64.pow(5);
            rest = value % 62_u64.pow(5);
        }
        for _ in 0..5.min(length - text.len()) {
            text.push(char::from(ALPHABET[usize::try_from(rest % 62).expect("it is below 62")]));
            rest /= 62;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{note_ids, project_id};

    #[test]
    fn a_project_id_depends_on_the_name_alone() {
        assert_eq!(project_id("geo"), project_id("geo"));
        assert_ne!(project_id("geo"), project_id("bio"));
        assert_eq!(
            project_id("geo"),
            "CWngD8jMbKrRC0BP",
            "the digits of a number of 256 bits, the lowest first, for ever"
        );
    }

    #[test]
    fn note_ids_are_unused_and_past() {
        let used = HashSet::from([9_998, 9_999]);
        let ids: Vec<_> = note_ids(10, 3, &used).collect();
        assert_eq!(ids, [9_995, 9_996, 9_997]);
    }

    #[test]
    fn a_gap_too_small_for_all_new_notes_is_filled_and_left() {
        let used = HashSet::from([9_991, 9_992, 9_993, 9_999]);
        let ids: Vec<_> = note_ids(10, 7, &used).collect();
        assert_eq!(ids, [9_989, 9_990, 9_994, 9_995, 9_996, 9_997, 9_998]);
    }

    #[test]
    fn at_the_epoch_note_ids_begin_at_one() {
        assert_eq!(note_ids(0, 3, &HashSet::from([2])).collect::<Vec<_>>(), [1, 3, 4]);
    }
}
