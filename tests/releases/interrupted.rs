//! Jobs that are killed: nothing is half published, and the next run brings what the killed one should have.

use std::fs;

use super::can_play;
use super::world::{DAY, Forge, Ledger, NOTES, START, World};
use crate::support::process::{Scratch, ended};

/// Kills the job at its push to the branch that a test orders, once.
const KILL: &str = "[ -e \"$FORGE/push\" ] || exit 0\nread -r _ _ ref\n\
    case $ref in *\"$(cat \"$FORGE/push\")\") rm \"$FORGE/push\"; kill -9 0 ;; esac";

/// Kills a job of a project with an edit, and expects that the next one makes the second release.
fn check(ledger: Ledger, forge: Forge, kill: impl Fn(&World)) {
    let world = World::new(ledger, forge);
    world.job().exits(0);
    world.replace("The Seine.", "La Seine.");
    world.commit("edit");
    kill(&world);
    let before = world.releases();
    world.job().dies();
    let after = world.releases();
    assert_eq!(before, ["v1"]);
    let next = world.job().exits(0);
    assert_eq!(next.output("changed") == "true", after.len() == 1, "{}", next.log);
    assert_eq!(world.releases(), ["v1", "v2"]);
    if forge == Forge::GitHub {
        assert_eq!(world.drafts_and_releases().len(), 2, "no draft is left");
        assert!(world.release("v2").join("assets/G-ographie.apkg").exists());
    }
    assert_eq!(world.pushed_ledger().is_some(), ledger == Ledger::Commit);
    let last = world.job().exits(0);
    assert_eq!(last.output("changed"), "false", "{}", last.log);
}

#[test]
fn a_job_killed_between_two_steps_at_github() {
    if !can_play() {
        return;
    }
    let steps = [
        (Ledger::Commit, &["list", "download", "create", "upload", "view", "edit"][..]),
        (Ledger::Release, &["upload", "edit"]),
    ];
    for (ledger, operations) in steps {
        for operation in operations {
            println!("{ledger:?}, after {operation}:");
            check(ledger, Forge::GitHub, |world| world.order("die", operation));
        }
    }
}

#[test]
fn a_job_killed_before_and_after_its_pushes() {
    if !can_play() {
        return;
    }
    for (ledger, branch) in
        [(Ledger::Commit, "main"), (Ledger::Commit, "releases"), (Ledger::Release, "releases")]
    {
        for hook in ["pre-receive", "post-receive"] {
            println!("{ledger:?}, {branch}, {hook}:");
            check(ledger, Forge::Git, |world| {
                world.at_push(hook, KILL);
                world.order("push", branch);
            });
        }
    }
}

#[test]
fn a_deckc_that_is_killed_in_a_clone_that_stays() {
    if !can_play() {
        return;
    }
    for ledger in Ledger::ALL {
        let world = World::new(ledger, Forge::Git);
        for round in 0..12 {
            world.replace("Oslo", &format!("Oslo{round}"));
            world.commit("edit");
            // The moment of the death is this test's input: it is a loop, for there is nothing to wait for.
            world.order(
                "before-deckc",
                &format!("\"$deckc\" \"$@\" & for ((i = 0; i < {}; i++)); do :; done; kill -9 $! || :; kill -9 0\n", round * 2000),
            );
            assert_eq!(world.cron().code, None);
            assert_eq!(world.releases().len(), round);
            world.cron().exits(0);
            let expected: Vec<String> = (1..=round + 1).map(|number| format!("v{number}")).collect();
            assert_eq!(world.releases(), expected);
        }
    }
}

#[test]
fn files_of_two_releases_are_no_release() {
    if !can_play() {
        return;
    }
    // As a run renames them, behind the ledger. One that is killed between two leaves the others as they were.
    let files = ["Géographie.apkg", "CHANGELOG.md", "SHA256SUMS", "manifest.json"];
    for (ledger, renamed) in
        Ledger::ALL.into_iter().flat_map(|ledger| (0..files.len()).map(move |n| (ledger, n)))
    {
        println!("{ledger:?}, after {renamed}:");
        let world = World::new(ledger, Forge::Git);
        let read = |name: &str| fs::read(world.path("cron/build-output").join(name)).expect("it is built");
        world.cron().exits(0);
        let old = files.map(read);
        world.replace("The Seine.", "La Seine.");
        world.commit("edit");
        world.order("before-deckc", "\"$deckc\" \"$@\"; kill -9 0\n");
        assert_eq!(world.cron().code, None);
        let new = files.map(read);
        for (name, old) in files.iter().zip(&old).skip(renamed) {
            assert!(read(name) != *old, "{name} is the same in both");
            fs::write(world.path("cron/build-output").join(name), old).expect("it is ours");
        }
        assert_eq!(world.releases(), ["v1"]);
        world.cron().exits(0);
        assert_eq!(world.releases(), ["v1", "v2"]);
        let published = world.download("v2");
        for (name, new) in files.iter().zip(&new) {
            assert!(fs::read(published.join(name)).expect("it is published") == *new, "{name}");
        }
        assert!(world.cron().exits(0).stdout.starts_with("changed=false\n"));
    }
}

/// The same without the scripts: the folder is its own last release.
#[test]
fn a_folder_with_files_of_two_releases_is_released_again() {
    let files = ["decks.apkg", "CHANGELOG.md", "SHA256SUMS", "manifest.json"];
    for renamed in 1..files.len() {
        println!("after {renamed}:");
        let scratch = Scratch::new();
        scratch.write("deckc.toml", "name = \"decks\"\n[release]\nversion = \"counter\"\n");
        let release = |notes: &str, time: u64| {
            scratch.write("notes/geo.md", notes);
            let mut command = scratch.command(&["release", "notes", "--out", "out"]);
            ended(command.env("SOURCE_DATE_EPOCH", time.to_string())).exits(0)
        };
        let read = |name: &str| scratch.read(format!("out/{name}"));
        release(NOTES, START);
        let old = files.map(read);
        let edited = NOTES.replace("The Seine.", "La Seine.");
        release(&edited, START + DAY);
        let package = read("decks.apkg");
        for (name, old) in files.iter().zip(&old).skip(renamed) {
            scratch.write(format!("out/{name}"), old);
        }
        let next = release(&edited, START + DAY).says("was not finished: it is made again");
        assert!(next.stdout.starts_with("changed=true\nversion=2\n"), "{}", next.stdout);
        assert!(read("decks.apkg") == package, "the package is another");
        let manifest = String::from_utf8(read("manifest.json")).expect("it is text");
        assert!(manifest.contains("\"version\": \"2\""), "{manifest}");
        let last = release(&edited, START + 2 * DAY).stdout;
        assert!(last.starts_with("changed=false\n"), "{last}");
    }
}

#[test]
fn what_a_killed_first_run_built_is_no_last_release() {
    if !can_play() {
        return;
    }
    for ledger in Ledger::ALL {
        let world = World::new(ledger, Forge::Git);
        world.order("before-deckc", "\"$deckc\" \"$@\"; kill -9 0\n");
        assert_eq!(world.cron().code, None);
        assert!(world.path("cron/build-output/manifest.json").exists());
        world.cron().exits(0);
        assert_eq!(world.releases(), ["v1"]);
    }
}

#[test]
fn a_disk_that_is_full_publishes_nothing() {
    if !can_play() {
        return;
    }
    for ledger in Ledger::ALL {
        let world = World::new(ledger, Forge::GitHub);
        // The system refuses to let a file grow, as it does on a full disk.
        world.order("before-deckc", "trap '' XFSZ; ulimit -f 1\n");
        world.job().exits(3).says("nothing was published");
        assert_eq!(world.drafts_and_releases().len(), 0);
        assert_eq!(world.pushed_ledger(), None);
        world.job().exits(0);
        assert_eq!(world.releases(), ["v1"]);
        let sums =
            fs::read_to_string(world.release("v1").join("assets/SHA256SUMS")).expect("it is published");
        assert_eq!(sums.lines().count(), 2, "{sums}");
    }
}
