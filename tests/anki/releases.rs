//! What the action published ([`crate::releases::three`]), at a learner: for each ledger strategy and each place of releases.

use super::compare::{Soundness, assert_guids_kept, assert_history_kept, assert_imported};
use super::forecast::difference;
use super::identity::{DAY, HOUR, START};
use super::script::{Grade, Import, Which};
use super::{Version, for_versions};
use crate::releases::can_play;
use crate::releases::three::{Published, play};
use crate::releases::world::{Forge, Ledger};

fn check(ledger: Ledger, forge: Forge) {
    if !can_play() {
        return;
    }
    let Published { packages: [first, second], .. } = &play(ledger, forge);
    let foreseen = difference(first, second);
    let foreseen = |key: &str| foreseen["forecast"][key].as_u64().expect("it is a count");
    for_versions(&[Version::V24_11, Version::V26_9_3], |anki| {
        let mut script = anki.script();
        script.open("learner");
        let begun = script.import(&Import::of(first).at(START + HOUR));
        script.answer(Which::all(), &[Grade::Easy, Grade::Good]);
        script.suspend(Which::text("Oslo"));
        script.move_to(Which::text("The Seine"), "My own deck");
        let before = script.dump();
        let log = script.import(&Import::of(second).at(START + DAY + HOUR));
        let after = script.dump();
        let sound = Soundness::of(&mut script);
        let again = script.import(&Import::of(second).at(START + 2 * DAY + HOUR));
        let outcome = script.run();
        assert_eq!(outcome.get(&begun).counts(), (3, 0, 0, 0));
        let (before, after) = (outcome.get(&before), outcome.get(&after));
        assert_imported(&outcome.get(&log), &after, &["The Baltic"], &["plateau of Langres"]);
        assert_guids_kept(&before, &after, 1);
        assert_history_kept(&before, &after);
        sound.assert(&outcome);
        let told = outcome.get(&log).counts();
        let counts = ["added", "updated", "unchanged", "conflicting"].map(foreseen);
        assert_eq!(
            counts.map(|count| usize::try_from(count).expect("is small")),
            [told.0, told.1, told.2, told.3]
        );
        assert_eq!(outcome.get(&again).counts(), (0, 0, 4, 0));
    });
}

#[test]
fn releases_of_a_committed_ledger_at_github_keep_the_history() {
    check(Ledger::Commit, Forge::GitHub);
}

#[test]
fn releases_of_a_committed_ledger_on_a_branch_keep_the_history() {
    check(Ledger::Commit, Forge::Git);
}

#[test]
fn releases_after_the_last_package_at_github_keep_the_history() {
    check(Ledger::Release, Forge::GitHub);
}

#[test]
fn releases_after_the_last_package_on_a_branch_keep_the_history() {
    check(Ledger::Release, Forge::Git);
}
