//! Three releases as an author makes them: the first, an edit, and one for which there is no reason. `tests/anki/releases.rs` imports
//! them.

use std::fs;
use std::path::PathBuf;

use super::can_play;
use super::world::{Forge, Ledger, World};

/// Is what learners got.
pub struct Published {
    /// The packages of the two releases.
    pub packages: [PathBuf; 2],
    /// Holds the files.
    _world: World,
}

/// Plays the three releases for a ledger strategy and a forge.
pub fn play(ledger: Ledger, forge: Forge) -> Published {
    let world = World::new(ledger, forge);
    let first = world.job().exits(0);
    assert_eq!((first.output("changed"), first.output("version"), first.output("tag")), ("true", "1", "v1"));
    assert_eq!(first.output("folder"), "build-output");
    let files = "[\"build-output/Géographie.apkg\",\"build-output/CHANGELOG.md\",\"build-output/SHA256SUMS\",\"build-output/manifest.json\"]";
    assert_eq!(first.output("files"), files);
    assert!(first.summary.starts_with("# 1\n\nFirst release.\n"), "{}", first.summary);
    assert_eq!(world.releases(), ["v1"]);
    assert_eq!(world.pushed_ledger().is_some(), ledger == Ledger::Commit);

    world.replace("The Seine.", "The Seine, from the plateau of Langres.");
    world.replace("## Mountains", "## Which sea lies in the east?\n\nThe Baltic.\n\n## Mountains");
    world.commit("edit");
    let second = world.job().exits(0);
    assert_eq!(
        (second.output("changed"), second.output("version"), second.output("tag")),
        ("true", "2", "v2")
    );
    assert!(second.summary.contains("| Geography | 4 | 5 | 1 | 1 | – |"), "{}", second.summary);
    assert_eq!(world.releases(), ["v1", "v2"]);

    let tip = world.git("remote.git", &["rev-parse", "main"]);
    for _ in 0..2 {
        let third =
            world.job_with("schedule", &[]).exits(0).says("nothing changed since the last release (2)");
        assert_eq!(
            (third.output("changed"), third.output("version"), third.output("tag")),
            ("false", "", "")
        );
        assert_eq!((third.output("files"), &*third.summary), ("[]", ""));
    }
    assert_eq!(world.releases(), ["v1", "v2"]);
    assert_eq!(
        world.git("remote.git", &["rev-parse", "main"]),
        tip,
        "nothing is committed where nothing changed"
    );

    let packages = ["v1", "v2"].map(|tag| {
        let folder = world.download(tag);
        let sums = fs::read_to_string(folder.join("SHA256SUMS")).expect("it is published");
        assert!(sums.contains("  Géographie.apkg\n"), "{sums}");
        // GitHub has only plain letters in the names of files.
        let name = if forge == Forge::GitHub { "G-ographie.apkg" } else { "Géographie.apkg" };
        folder.join(name)
    });
    Published { packages, _world: world }
}

#[test]
fn the_second_release_has_the_time_of_its_commit_and_the_same_bytes_again() {
    if !can_play() {
        return;
    }
    for ledger in Ledger::ALL {
        let world = World::new(ledger, Forge::GitHub);
        world.job().exits(0);
        world.replace("The Seine.", "La Seine.");
        world.commit("edit");
        let workspace = world.checkout();
        let built = world.job_in(&workspace, "push", &[("publish", "false")]).exits(0);
        assert_eq!((built.output("changed"), built.output("tag")), ("true", ""));
        assert_eq!(world.releases(), ["v1"]);
        let manifest = fs::read_to_string(workspace.join("build-output/manifest.json")).expect("it is built");
        assert!(manifest.contains("\"time\": 1700086400,"), "{manifest}");
        world.job().exits(0);
        let published =
            fs::read(world.release("v2").join("assets/G-ographie.apkg")).expect("it is published");
        let package = fs::read(workspace.join("build-output/Géographie.apkg")).expect("it is built");
        assert!(published == package, "another run gives another package");
    }
}

#[test]
fn cron_makes_the_same_releases_in_a_clone_that_stays() {
    if !can_play() {
        return;
    }
    for ledger in Ledger::ALL {
        let world = World::new(ledger, Forge::Git);
        assert!(world.cron().exits(0).stdout.ends_with("tag=v1\n"));
        assert!(world.cron().exits(0).stdout.starts_with("changed=false\n"));
        world.replace("The Seine.", "La Seine.");
        world.commit("edit");
        let ended = world.cron().exits(0).says("`main` has moved");
        assert!(ended.stdout.ends_with("tag=v2\n"), "{}", ended.stdout);
        assert!(world.cron().exits(0).stdout.starts_with("changed=false\n"));
        assert_eq!(world.releases(), ["v1", "v2"]);
        assert_eq!(world.git("cron", &["status", "--porcelain"]), "");
    }
}

#[test]
fn gitlab_makes_the_same_releases() {
    if !can_play() {
        return;
    }
    for ledger in Ledger::ALL {
        let world = World::new(ledger, Forge::Git);
        assert!(world.gitlab("release.sh").exits(0).stdout.ends_with("tag=v1\n"));
        world.replace("The Seine.", "La Seine.");
        world.commit("edit");
        world.gitlab("pull-request.sh").exits(0).says("~~The~~**La** Seine.");
        assert!(world.gitlab("release.sh").exits(0).stdout.ends_with("tag=v2\n"));
        assert!(world.gitlab("release.sh").exits(0).stdout.starts_with("changed=false\n"));
        assert_eq!(world.releases(), ["v1", "v2"]);
        assert_eq!(world.pushed_ledger().is_some(), ledger == Ledger::Commit);
    }
}

#[test]
fn a_renamed_file_brings_no_release_but_its_place_is_committed() {
    if !can_play() {
        return;
    }
    let world = World::new(Ledger::Commit, Forge::GitHub);
    world.job().exits(0);
    world.git("author", &["pull", "--quiet"]);
    world.git("author", &["mv", "notes/geo.md", "notes/geography.md"]);
    world.commit("rename");
    let done = world.job().exits(0).says("the ledger is pushed");
    assert_eq!(done.output("changed"), "false");
    assert_eq!(world.releases(), ["v1"]);
    assert!(world.pushed_ledger().expect("it is there").contains("notes/geography.md"));
}
