//! Plays the life of a deck: an author changes the sources and builds, a learner imports every build and studies.
//!
//! The cases are in [`super::identity_cases`]; here is what holds for all of them. After each import the learner has the
//! same notes under the same guids, every card that was studied has its review log, scheduling, suspension, colour and
//! deck, exactly the notes that the author changed are reported as updated, Check Database finds nothing, and every card
//! renders. Building unchanged sources again, later, gives the same bytes.

use std::path::PathBuf;

use super::compare::{Soundness, assert_guids_kept, assert_history_kept, assert_imported};
use super::dump::{Dump, ImportLog, Rendered};
use super::project::Project;
use super::script::{Container, Grade, Import, Outcome, Step, Which};
use super::{Anki, for_each_version, on_newest, sha256};

/// When the first release is built, in Unix seconds. The others follow a day apart: all before any run of the tests, since
/// a package from the future is a story of its own.
pub const START: u64 = 1_700_000_000;
/// From one release to the next.
pub const DAY: u64 = 86_400;
/// From a release to its import.
pub const HOUR: u64 = 3_600;

/// A change to the sources; paths are inside `notes/`.
pub enum Change {
    /// Writes a file.
    Write(&'static str, &'static str),
    /// Writes a file that is not text.
    Bytes(&'static str, &'static [u8]),
    /// Puts a new text in the place of one that occurs once in the file.
    Replace(&'static str, &'static str, &'static str),
    /// Renames or moves a file.
    Rename(&'static str, &'static str),
    /// Removes a file.
    Remove(&'static str),
}

impl Change {
    fn make(&self, project: &Project) {
        let inside = |path: &str| format!("notes/{path}");
        match *self {
            Change::Write(path, text) => project.write(&inside(path), text),
            Change::Bytes(path, bytes) => project.write(&inside(path), bytes),
            Change::Replace(path, old, new) => {
                let text = project.read(&inside(path));
                assert_eq!(text.matches(old).count(), 1, "`{old}` should occur once in {path}:\n{text}");
                project.write(&inside(path), text.replace(old, new));
            }
            Change::Rename(from, to) => project.rename(&inside(from), &inside(to)),
            Change::Remove(path) => project.remove(&inside(path)),
        }
    }
}

/// One release, and what it means at the learner. Notes are named by a text that is in their fields after the import.
pub struct Release {
    /// What the author changes before building.
    pub changes: &'static [Change],
    /// The notes that arrive for the first time.
    pub new: &'static [&'static str],
    /// The notes whose content arrives anew.
    pub updated: &'static [&'static str],
    /// How many cards are added to notes that were there before.
    pub more_cards: usize,
    /// Cards that ask for a text: the note, the cloze number less one, and what the question hides and the answer shows.
    pub hidden: &'static [(&'static str, u32, &'static str)],
    /// Media that a note names: the note, and the bytes of a file.
    pub media: &'static [(&'static str, &'static [u8])],
    /// Tags that a note has.
    pub tags: &'static [(&'static str, &'static str)],
    /// Texts that the compiler's report of the first build contains.
    pub report: &'static [&'static str],
}

/// A release in which nothing changes and of which nothing is expected.
pub const NOTHING: Release = Release {
    changes: &[],
    new: &[],
    updated: &[],
    more_cards: 0,
    hidden: &[],
    media: &[],
    tags: &[],
    report: &[],
};

/// Builds the releases one after another, and lets a learner of each version import and study them all.
///
/// Both containers are built; the newest version imports the one that is not the default as well.
pub fn check(releases: &[Release]) {
    let mut project = Project::new("world");
    let mut packages = Container::ALL.map(|container| (container, Vec::new()));
    for (at, release) in times().zip(releases) {
        for change in release.changes {
            change.make(&project);
        }
        for (container, packages) in &mut packages {
            let build = project.build(at, *container);
            // Only the first build of a release sees the change: for all later ones the ledger knows it.
            let report = if *container == Container::ALL[0] { release.report } else { &[] };
            for text in report {
                assert!(build.report.contains(text), "the report should say `{text}`:\n{}", build.report);
            }
            let again = project.build(at + 2 * HOUR, *container);
            assert!(
                build.bytes() == again.bytes(),
                "the unchanged sources, built later, give another package"
            );
            packages.push(build.package);
        }
    }
    let [(_, legacy), (_, latest)] = packages;
    for_each_version(|anki| study(anki, releases, &legacy));
    on_newest(|anki| study(anki, releases, &latest));
}

/// The times of the releases.
pub fn times() -> impl Iterator<Item = u64> {
    (0..).map(|day| START + day * DAY)
}

/// What was seen around one import.
struct Round {
    log: Step<ImportLog>,
    after: Step<Dump>,
    sound: Soundness,
    studied: Step<Dump>,
}

fn study(anki: &Anki, releases: &[Release], packages: &[PathBuf]) {
    let mut script = anki.script();
    script.open("learner");
    let mut rounds = Vec::new();
    for (at, package) in times().zip(packages) {
        let log = script.import(&Import::of(package).at(at + HOUR));
        let after = script.dump();
        let sound = Soundness::of(&mut script);
        script.answer(Which::all(), &[Grade::Easy, Grade::Good]);
        if rounds.is_empty() {
            let first = releases[0].new[0];
            script.answer(Which::text(first), &[Grade::Again]);
            script.flag(Which::text(first), 3);
            script.move_to(Which::text(first), "My own deck");
            let last = releases[0].new.last().expect("the first release brings notes");
            script.suspend(Which::text(last));
        }
        rounds.push(Round { log, after, sound, studied: script.dump() });
    }
    let outcome = script.run();
    let mut before: Option<Dump> = None;
    for (number, (release, round)) in releases.iter().zip(&rounds).enumerate() {
        println!("on Anki {}, release {}:", anki.version().name(), number + 1);
        let after = outcome.get(&round.after);
        check_round(release, round, &outcome, before.as_ref(), &after);
        before = Some(outcome.get(&round.studied));
    }
}

fn check_round(release: &Release, round: &Round, outcome: &Outcome, before: Option<&Dump>, after: &Dump) {
    assert_imported(&outcome.get(&round.log), after, release.new, release.updated);
    if let Some(before) = before {
        assert_guids_kept(before, after, release.new.len());
        assert_history_kept(before, after);
        let known = |guid: &str| before.note_with_guid(guid).is_some();
        let cards = after.cards.iter().filter(|card| known(&card.guid)).count();
        assert_eq!(
            cards - before.cards.len(),
            release.more_cards,
            "cards are added to known notes: {:#?}",
            after.cards
        );
    }
    let rendered = round.sound.assert(outcome);
    for (note, ord, text) in release.hidden {
        let card = card(&rendered, &after.note(note).guid, *ord);
        // Newer versions keep the hidden text in an attribute of the question.
        let (question, answer) = (visible(&card.question), visible(&card.answer));
        assert!(!question.contains(text) && answer.contains(text), "it should ask for `{text}`: {card:#?}");
    }
    for (note, bytes) in release.media {
        let hash = sha256(bytes);
        let note = after.note(note);
        let named = after.media.iter().any(|(name, stored)| *stored == hash && note.holds(name));
        assert!(named, "{note:#?} should name a file with the SHA-256 {hash}: {:#?}", after.media);
    }
    for (note, tag) in release.tags {
        assert!(
            after.note(note).tags.iter().any(|has| has == tag),
            "{:#?} should have the tag {tag}",
            after.note(note)
        );
    }
}

/// Returns the text of a rendered side, without tags.
fn visible(html: &str) -> String {
    html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect()
}

/// Returns one rendered card; panics if there is none.
pub fn card<'a>(rendered: &'a [Rendered], guid: &str, ord: u32) -> &'a Rendered {
    let found = rendered.iter().find(|card| card.guid == guid && card.ord == ord);
    found.unwrap_or_else(|| panic!("no card {ord} of the note {guid}: {rendered:#?}"))
}
