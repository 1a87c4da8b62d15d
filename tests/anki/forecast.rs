//! What `deckc diff` foresees, against the report of the real Anki: for each pair of releases a learner imports the older
//! one, then the newer one.

mod made;
mod projects;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::dump::Dump;
use super::identity::{HOUR, START};
use super::script::{Container, Import};
use super::{Version, for_versions};

/// When the older releases were made, and the newer ones.
const OLD: u64 = START;
const NEW: u64 = START + 30 * 24 * HOUR;

/// Two releases, and what they are about.
struct Pair {
    name: &'static str,
    old: PathBuf,
    new: PathBuf,
    /// Holds the files.
    _folder: TempDir,
}

/// What an import did, or will do.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    added: u64,
    updated: u64,
    unchanged: u64,
    conflicting: u64,
    cards_added: u64,
    cards_staying: u64,
    cards_emptied: u64,
    staying: u64,
    types_needing_merge: u64,
    types_replaced: u64,
}

#[test]
fn the_forecast_is_what_anki_reports() {
    let pairs: Vec<Pair> = projects::pairs().into_iter().chain(made::pairs()).collect();
    assert!(pairs.len() >= 30, "there are {} pairs", pairs.len());
    // The importer of 2.1.66 treats note types otherwise; the forecast is about 23.10 and newer.
    for_versions(&[Version::V24_11, Version::V26_9_3], |anki| {
        let mut script = anki.script();
        let mut steps = Vec::new();
        for pair in &pairs {
            script.open(pair.name);
            script.import(&Import::of(&pair.old).at(OLD + HOUR));
            let (before, empty_before) = (script.dump(), script.empty_cards());
            let log = script.import(&Import::of(&pair.new).at(NEW + HOUR));
            steps.push((before, empty_before, log, script.dump(), script.empty_cards()));
        }
        let outcome = script.run();
        let mut wrong = Vec::new();
        for (pair, (before, empty_before, log, after, empty_after)) in pairs.iter().zip(&steps) {
            let foreseen = foreseen(&pair.old, &pair.new);
            let (before, after) = (outcome.get(before), outcome.get(after));
            let (new, updated, unchanged, conflicting) = outcome.get(log).counts();
            let emptied = outcome.get(empty_after).len() - outcome.get(empty_before).len();
            let told = Told {
                added: new as u64,
                updated: updated as u64,
                unchanged: unchanged as u64,
                conflicting: conflicting as u64,
                cards_emptied: emptied as u64,
                ..seen(&before, &after, &pair.new)
            };
            if foreseen != told {
                wrong.push(format!("{}:\n  foreseen {foreseen:?}\n  Anki     {told:?}", pair.name));
            }
        }
        assert!(wrong.is_empty(), "{} of {} pairs:\n{}", wrong.len(), pairs.len(), wrong.join("\n"));
    });
}

#[test]
fn what_anki_exports_of_a_release_is_that_release() {
    let Pair { old: package, _folder, .. } = projects::pairs().remove(0);
    for_versions(&Version::ALL, |anki| {
        let mut script = anki.script();
        script.open("learner");
        script.import(&Import::of(&package).at(OLD + HOUR));
        let exports = Container::ALL.map(|container| script.export(container.name(), container));
        // The exports lie in its folder.
        let outcome = script.run();
        for export in exports {
            let difference = difference(&package, &export);
            for list in ["added", "edited", "moved", "retired", "media"] {
                assert_eq!(difference[list], serde_json::json!([]), "{list} of {}", export.display());
            }
            assert_eq!(difference["forecast"]["unchanged"], difference["old"]["notes"]);
        }
        drop(outcome);
    });
}

/// What `deckc diff` foresees.
fn foreseen(old: &Path, new: &Path) -> Told {
    let forecast = &difference(old, new)["forecast"];
    let count = |key: &str| forecast[key].as_u64().expect("it is a count");
    let types = |outcome: &str| {
        let list = forecast["note_types"].as_array().expect("it is a list");
        list.iter().filter(|note_type| note_type["outcome"] == outcome).count() as u64
    };
    Told {
        added: count("added"),
        updated: count("updated"),
        unchanged: count("unchanged"),
        conflicting: count("conflicting"),
        cards_added: count("cards_added"),
        cards_staying: count("cards_staying"),
        cards_emptied: count("cards_emptied"),
        staying: count("staying"),
        types_needing_merge: types("needs-merge"),
        types_replaced: types("replaced"),
    }
}

pub(super) fn difference(old: &Path, new: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_deckc"))
        .args(["diff", "--format", "json"])
        .args([old, new])
        .output()
        .expect("deckc starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it is JSON")
}

/// What the learner's collections show, beyond the counts of the report.
fn seen(before: &Dump, after: &Dump, new: &Path) -> Told {
    let known = |guid: &str| before.note_with_guid(guid).is_some();
    let cards_added = after.cards.iter().filter(|card| {
        let had = before.cards.iter().any(|old| (&old.guid, old.ord) == (&card.guid, card.ord));
        known(&card.guid) && !had
    });
    // What the newer release holds, as a learner sees it who has nothing else.
    let contents = deckc::anki::read::collection(std::fs::File::open(new).expect("the package is there"))
        .expect("the package can be read");
    let deck_of = |guid: &str, ord: u32| {
        let note = contents.notes.iter().find(|note| note.guid == guid)?;
        let card = note.cards.iter().find(|card| card.ord == ord)?;
        contents.decks.get(&card.deck).map(|deck| deck.name.to_lowercase())
    };
    let cards_staying = after.cards.iter().filter(|card| {
        let had = before.cards.iter().any(|old| (&old.guid, old.ord) == (&card.guid, card.ord));
        let deck = card.deck.as_ref().map(|deck| deck.to_lowercase());
        had && deck_of(&card.guid, card.ord).is_some_and(|wanted| Some(wanted) != deck)
    });
    let staying =
        before.notes.iter().filter(|note| contents.notes.iter().all(|other| other.guid != note.guid));
    let former = |id: i64| before.notetypes.iter().find(|note_type| note_type.id == id);
    let replaced = after.notetypes.iter().filter(|note_type| {
        former(note_type.id).is_some_and(|former| former.modified != note_type.modified && former.notes > 0)
    });
    // Anki adds a note type of other lists a second time, with a sign in its name.
    let doubled = after
        .notetypes
        .iter()
        .filter(|note_type| former(note_type.id).is_none() && note_type.name.ends_with('+'));
    Told {
        added: 0,
        updated: 0,
        unchanged: 0,
        conflicting: 0,
        cards_added: cards_added.count() as u64,
        cards_staying: cards_staying.count() as u64,
        cards_emptied: 0,
        staying: staying.count() as u64,
        types_needing_merge: doubled.count() as u64,
        types_replaced: replaced.count() as u64,
    }
}
