//! Comparing what a learner had before an import with what they have after it.

use super::dump::{Card, CardName, DatabaseCheck, Dump, ImportLog, MediaCheck, Rendered};
use super::script::{Outcome, Script, Step};

/// Asserts that every card that was there is still there, with its place, its scheduling and its review log.
pub fn assert_history_kept(before: &Dump, after: &Dump) {
    let lost: Vec<String> = before
        .cards
        .iter()
        .filter_map(|old| {
            let now = after.cards.iter().find(|card| card.guid == old.guid && card.ord == old.ord);
            let same = now.is_some_and(|now| now == old);
            (!same).then(|| {
                format!("card {} of {}\n  before {old:?}\n  after  {now:?}", old.ord, title(before, old))
            })
        })
        .collect();
    assert!(lost.is_empty(), "the history of {} cards is not kept:\n{}", lost.len(), lost.join("\n"));
}

/// Asserts that every note that was there is there once, beside as many new ones.
pub fn assert_guids_kept(before: &Dump, after: &Dump, new: usize) {
    let (old, now) = (before.guids(), after.guids());
    let kept: Vec<&str> = now.iter().copied().filter(|guid| old.contains(guid)).collect();
    assert_eq!(old, kept, "notes are lost or doubled: {:#?}", after.notes);
    assert_eq!(
        now.len(),
        old.len() + new,
        "the import adds other notes than the new ones: {:#?}",
        after.notes
    );
}

/// Asserts that an import added exactly the notes that hold these texts, updated exactly those, and found all others
/// unchanged. Each text must be in one note of its list and no other.
pub fn assert_imported(log: &ImportLog, after: &Dump, new: &[&str], updated: &[&str]) {
    assert!(log.conflicting.is_empty(), "conflicting notes: {:#?}", log.conflicting);
    for (list, logged, texts) in [("new", &log.new, new), ("updated", &log.updated, updated)] {
        let notes: Vec<_> = logged
            .iter()
            .map(|note| {
                let guid = note.guid.as_deref().expect("a note that was imported is in the collection");
                after.note_with_guid(guid).expect("the driver found the guid in the collection")
            })
            .collect();
        let fields: Vec<_> = notes.iter().map(|note| &note.fields).collect();
        for text in texts {
            let holding = notes.iter().filter(|note| note.holds(text)).count();
            assert_eq!(holding, 1, "one {list} note should hold `{text}`, of these: {fields:#?}");
        }
        assert_eq!(notes.len(), texts.len(), "the {list} notes should be {texts:?}, but are {fields:#?}");
    }
    let expected = log.found_notes - new.len() - updated.len();
    assert_eq!(log.duplicate.len(), expected, "all other notes should be unchanged");
}

/// The steps that look for anything wrong in a collection.
pub struct Soundness {
    database: Step<DatabaseCheck>,
    media: Step<MediaCheck>,
    empty: Step<Vec<CardName>>,
    rendered: Step<Vec<Rendered>>,
}

impl Soundness {
    /// Adds the steps to a script.
    pub fn of(script: &mut Script) -> Self {
        Soundness {
            database: script.check_database(),
            media: script.check_media(),
            empty: script.empty_cards(),
            rendered: script.render(),
        }
    }

    /// Asserts that nothing is wrong; returns the rendered cards.
    pub fn assert(&self, outcome: &Outcome) -> Vec<Rendered> {
        let faults = self.faults(outcome);
        assert!(faults.is_empty(), "the collection is not sound:\n{}", faults.join("\n"));
        outcome.get(&self.rendered)
    }

    /// Returns what Check Database finds or changes, missing media files, empty cards, and cards that do not render.
    pub fn faults(&self, outcome: &Outcome) -> Vec<String> {
        let DatabaseCheck { problems, silent_changes } = outcome.get(&self.database);
        let missing = outcome.get(&self.media).missing;
        let mut faults: Vec<String> =
            problems.into_iter().map(|text| format!("Check Database: {text}")).collect();
        faults.extend(silent_changes.into_iter().map(|row| format!("Check Database silently: {row}")));
        faults.extend(missing.into_iter().map(|name| format!("media file missing: {name}")));
        faults.extend(outcome.get(&self.empty).into_iter().map(|card| format!("empty card: {card:?}")));
        faults.extend(outcome.get(&self.rendered).into_iter().flat_map(|card| card.errors));
        faults
    }
}

fn title<'a>(dump: &'a Dump, card: &'a Card) -> &'a str {
    dump.note_with_guid(&card.guid).and_then(|note| note.fields.first()).map_or(&card.guid, |field| field)
}
