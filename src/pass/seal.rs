//! Decides when each note last changed, from what Anki will see of it, and writes the next ledger.

use std::collections::{BTreeMap, HashSet};
use std::mem::take;

use foldhash::fast::RandomState;
use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};

use super::identity::{Assigned, Identified};
use super::show::Shown;
use crate::digest::Parts;
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
    mut identified: Identified<'_>,
    shown: &mut [Shown],
    styles: BTreeMap<BuiltIn, StyleEntry>,
    known: &super::identity::Known<'_>,
) -> Sealed {
    let mut next = Ledger { project: known.ledger.project.clone(), styles, ..Ledger::default() };
    keep_others(&mut next, &identified, known);
    let mut files = Vec::new();
    let (mut notes, mut assigned, mut shown) = (&draft.notes[..], &mut identified.notes[..], shown);
    while let Some(first) = notes.first() {
        let count = notes.iter().take_while(|note| note.span.file == first.span.file).count();
        let path = &sources.file(first.span.file).path;
        let (file, assigned_here, shown_here);
        (file, notes) = notes.split_at(count);
        (assigned_here, assigned) = assigned.split_at_mut(count);
        (shown_here, shown) = shown.split_at_mut(count);
        files.push((path, file, assigned_here, shown_here));
    }
    let files: Vec<(&String, File)> = files
        .into_par_iter()
        .map(|(path, notes, assigned, shown)| (path, file(notes, assigned, shown, known.now)))
        .collect();
    let mut summary = Summary { retired: identified.just_retired, ..Summary::default() };
    let (mut moved, mut identities) = (Vec::new(), Vec::with_capacity(draft.notes.len()));
    for (path, file) in files {
        summary.new += file.summary.new;
        summary.edited += file.summary.edited;
        summary.unchanged += file.summary.unchanged;
        moved.extend(file.moved.into_iter().map(|(place, deck)| (identities.len() + place, deck)));
        identities.extend(file.identities);
        match next.files.get_mut(path) {
            Some(known) => known.extend(file.entries),
            None => {
                next.files.insert(path.clone(), file.entries);
            }
        }
    }
    next.retired = identified.retired.iter().map(|entry| (*entry).clone()).collect();
    next.retired.sort_by(|a, b| a.guid.cmp(&b.guid));
    Sealed { identities, summary, ledger: next, moved }
}

/// Keeps the lines of files that are not built, but for notes that this build has.
fn keep_others(next: &mut Ledger, identified: &Identified<'_>, known: &super::identity::Known<'_>) {
    let is_other = |path: &str| match known.scope.standing(path) {
        Standing::Here => false,
        Standing::Witness | Standing::Elsewhere => true,
    };
    let mut others = known.ledger.files.iter().filter(|(path, _)| is_other(path)).peekable();
    if others.peek().is_none() {
        return;
    }
    let taken: HashSet<&str, RandomState> = identified.notes.iter().map(|note| note.guid.as_str()).collect();
    for (path, entries) in others {
        let kept = entries.iter().filter(|entry| !taken.contains(entry.guid.as_str()));
        next.files.insert(path.clone(), kept.cloned().collect());
    }
}

/// Is what sealing the notes of a file gives.
#[derive(Default)]
struct File {
    entries: Vec<Entry>,
    identities: Vec<Identity>,
    summary: Summary,
    /// The places of notes whose deck changed, with the deck they were in.
    moved: Vec<(usize, String)>,
}

/// Compares the notes of a file with their lines.
fn file(notes: &[Note<SourceId>], assigned: &mut [Assigned<'_>], shown: &mut [Shown], now: i64) -> File {
    let mut file = File::default();
    file.entries.reserve_exact(notes.len());
    file.identities.reserve_exact(notes.len());
    for (place, ((note, assigned), shown)) in notes.iter().zip(assigned).zip(shown).enumerate() {
        let modified = match assigned.previous {
            None => {
                file.summary.new += 1;
                later(now, None)
            }
            Some(line) if line.content == shown.content => {
                file.summary.unchanged += 1;
                line.modified
            }
            Some(line) => {
                file.summary.edited += 1;
                later(now, Some(line.modified))
            }
        };
        if let Some(line) = assigned.previous
            && *line.deck != *note.deck
        {
            file.moved.push((place, line.deck.clone()));
        }
        let entry = line(note, assigned, shown, modified);
        file.identities.push(Identity {
            guid: entry.guid.clone(),
            id: entry.id,
            modified,
            owner: entry.owner,
        });
        file.entries.push(entry);
    }
    file
}

/// Returns the line of a note. What it keeps is taken from where it was put together.
fn line(note: &Note<SourceId>, assigned: &mut Assigned<'_>, shown: &mut Shown, modified: i64) -> Entry {
    Entry {
        guid: take(&mut assigned.guid),
        id: assigned.id,
        modified,
        prompt_hash: assigned.trace.prompt_hash,
        content: take(&mut shown.content),
        // What a learner has stays the old type, so the next build says again that Anki takes no update.
        note_type: assigned.previous.map_or(note.note_type, |entry| entry.note_type),
        owner: assigned.owner,
        clozes: take(&mut shown.clozes),
        key: assigned.key.take(),
        deck: note.deck.to_string(),
        sketch: assigned.trace.sketch,
        prompt: take(&mut assigned.trace.prompt),
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
