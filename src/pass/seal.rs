//! Decides when each note last changed, from what Anki will see of it, and writes the next ledger.

use std::collections::{BTreeMap, HashSet};

use foldhash::fast::RandomState;
use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};

use super::identity::{Assigned, Identified};
use super::show::Shown;
use crate::digest::Parts;
use crate::identity::cloze::Remembered;
use crate::ledger::{Entry, LATEST, Ledger, StyleEntry};
use crate::model::{BuiltIn, Draft, Identity, Note, Owner, SourceId};
use crate::scope::Standing;
use crate::source::SourceMap;

/// Counts what a build did to the notes of its sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Notes with a new guid.
    pub new: usize,
    /// Known notes of which Anki will see something else.
    pub edited: usize,
    /// Known notes of which it will not.
    pub unchanged: usize,
    /// Notes that left the sources with this build.
    pub retired: usize,
}

/// Returns the hash of what Anki sees of a note. Media count by their names, which hold a hash of their bytes.
#[must_use]
pub fn content_hash(note_type: BuiltIn, owner: Owner, tags: &[String], fields: &[String]) -> String {
    let owner = match owner {
        Owner::Shared => "shared",
        Owner::Project => "project",
    };
    let mut parts = Parts::new("deckc content 1").with(note_type.key()).with(owner);
    tags.iter().for_each(|tag| parts.add(tag));
    parts.add("");
    fields.iter().for_each(|field| parts.add(field));
    parts.short()
}

/// Returns the time a thing gets that changed now: this build's, but always later than before and never 0 (Anki delivers an
/// edit only with a newer time, and up to 24.11 compares with the time of the learner's last import).
#[must_use]
pub fn later(now: i64, before: Option<i64>) -> i64 {
    now.max(before.map_or(1, |before| before + 1)).clamp(1, LATEST)
}

/// Is what sealing gives.
pub struct Sealed {
    /// One for each note of the draft.
    pub identities: Vec<Identity>,
    /// What happened.
    pub summary: Summary,
    /// The ledger of this build.
    pub ledger: Ledger,
    /// The places in the draft of known notes whose deck changed, with the deck they were in.
    pub moved: Vec<(usize, String)>,
}

/// Compares each note with its line, and makes the ledger of this build from the old one.
#[must_use]
pub fn seal(
    draft: &Draft,
    sources: &SourceMap,
    identified: Identified<'_>,
    shown: &mut [Shown],
    styles: BTreeMap<BuiltIn, StyleEntry>,
    known: &super::identity::Known<'_>,
) -> Sealed {
    let mut next = Ledger { project: known.ledger.project.clone(), styles, ..Ledger::default() };
    let taken: HashSet<&str, RandomState> = identified.notes.iter().map(|note| note.guid.as_str()).collect();
    for (path, entries) in &known.ledger.files {
        match known.scope.standing(path) {
            Standing::Here => {}
            Standing::Witness | Standing::Elsewhere => {
                let kept = entries.iter().filter(|entry| !taken.contains(entry.guid.as_str()));
                next.files.insert(path.clone(), kept.cloned().collect());
            }
        }
    }
    let mut summary = Summary { retired: identified.just_retired, ..Summary::default() };
    let mut moved = Vec::new();
    let notes = (&draft.notes, identified.notes, shown).into_par_iter();
    let now = known.now;
    let lines: Vec<(Entry, Option<&Entry>)> = notes
        .map(|(note, assigned, shown)| {
            let previous = assigned.previous;
            let content = std::mem::take(&mut shown.content);
            let modified = match previous {
                Some(entry) if entry.content == content => entry.modified,
                before => later(now, before.map(|entry| entry.modified)),
            };
            (line(note, assigned, content, modified, std::mem::take(&mut shown.clozes)), previous)
        })
        .collect();
    for (index, (note, (entry, previous))) in draft.notes.iter().zip(&lines).enumerate() {
        match previous {
            None => summary.new += 1,
            Some(previous) if previous.content == entry.content => summary.unchanged += 1,
            Some(_) => summary.edited += 1,
        }
        if let Some(previous) = previous
            && *previous.deck != *note.deck
        {
            moved.push((index, previous.deck.clone()));
        }
    }
    let identity = |(entry, _): &(Entry, _)| Identity {
        guid: entry.guid.clone(),
        id: entry.id,
        modified: entry.modified,
        owner: entry.owner,
    };
    let identities = lines.iter().map(identity).collect();
    let mut lines = lines.into_iter().map(|(entry, _)| entry);
    for notes in draft.notes.chunk_by(|a, b| a.span.file == b.span.file) {
        let path = &sources.file(notes[0].span.file).path;
        let entries = lines.by_ref().take(notes.len());
        match next.files.get_mut(path) {
            Some(known) => known.extend(entries),
            None => {
                next.files.insert(path.clone(), entries.collect());
            }
        }
    }
    next.retired = identified.retired.iter().map(|entry| (*entry).clone()).collect();
    next.retired.sort_by(|a, b| a.guid.cmp(&b.guid));
    Sealed { identities, summary, ledger: next, moved }
}

fn line(
    note: &Note<SourceId>,
    assigned: Assigned<'_>,
    content: String,
    modified: i64,
    clozes: Vec<Remembered>,
) -> Entry {
    Entry {
        guid: assigned.guid,
        id: assigned.id,
        modified,
        prompt_hash: assigned.trace.prompt_hash,
        content,
        // What a learner has stays the old type, so the next build says again that Anki takes no update.
        note_type: assigned.previous.map_or(note.note_type, |entry| entry.note_type),
        owner: assigned.owner,
        clozes,
        key: assigned.key,
        deck: note.deck.to_string(),
        sketch: assigned.trace.sketch,
        prompt: assigned.trace.prompt,
    }
}

#[cfg(test)]
mod tests {
    use super::{content_hash, later};
    use crate::ledger::LATEST;
    use crate::model::{BuiltIn, Owner};

    #[test]
    fn a_time_never_goes_back_and_is_never_zero() {
        assert_eq!(later(100, None), 100);
        assert_eq!(later(100, Some(50)), 100);
        assert_eq!(later(100, Some(100)), 101);
        assert_eq!(later(0, None), 1);
        assert_eq!(later(LATEST, Some(LATEST)), LATEST, "or the next build could not read its ledger");
    }

    #[test]
    fn content_hashes_tell_tags_from_fields() {
        let hash = |tags: &[&str], fields: &[&str]| {
            let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
            content_hash(BuiltIn::Basic, Owner::Shared, &owned(tags), &owned(fields))
        };
        assert_ne!(hash(&["a"], &["b"]), hash(&[], &["a", "b"]));
        assert_eq!(hash(&["a"], &["b"]), hash(&["a"], &["b"]));
    }
}
