//! What somebody did in the clone that a release is made from: it is neither published nor lost.

use std::fs;

use super::can_play;
use super::world::{Forge, Ledger, World};

const MINE: &str = "## Mine?\n\nYes.\n";

/// A clone of cron's with one release.
fn released() -> World {
    let world = World::new(Ledger::Commit, Forge::Git);
    world.cron().exits(0);
    world
}

fn write(world: &World, name: &str) {
    fs::write(world.path("cron").join(name), MINE).expect("it is ours");
}

fn read(world: &World, name: &str) -> String {
    fs::read_to_string(world.path("cron").join(name)).expect("it is there")
}

fn edit(world: &World) {
    world.replace("The Seine.", "La Seine.");
    world.commit("edit");
}

#[test]
fn changes_that_are_not_committed_are_neither_published_nor_lost() {
    if !can_play() {
        return;
    }
    let world = released();
    write(&world, "notes/geo.md");
    // Whether the branch has moved makes no difference.
    world.cron().exits(1).says("files here are changed");
    edit(&world);
    world.cron().exits(1).says("files here are changed");
    assert_eq!(read(&world, "notes/geo.md"), MINE);
    assert_eq!(world.releases(), ["v1"]);
    world.git("cron", &["checkout", "--quiet", "notes"]);
    world.cron().exits(0);
    assert_eq!(world.releases(), ["v1", "v2"]);
    let workspace = world.checkout();
    fs::write(workspace.join("notes/geo.md"), MINE).expect("it is ours");
    world.job_in(&workspace, "push", &[]).exits(1).says("files here are changed");
    world.job_in(&workspace, "push", &[("publish", "false")]).exits(0);
}

#[test]
fn commits_that_are_not_pushed_are_neither_published_nor_lost() {
    if !can_play() {
        return;
    }
    let world = released();
    write(&world, "notes/geo.md");
    world.commit_in("cron");
    let mine = world.git("cron", &["rev-parse", "HEAD"]);
    world.cron().exits(1).says("has commits that `main` at the remote lacks");
    // The branch has moved as well.
    edit(&world);
    world.cron().exits(1).says("has commits that `main` at the remote lacks");
    assert_eq!(world.git("cron", &["rev-parse", "HEAD"]), mine);
    assert_eq!(read(&world, "notes/geo.md"), MINE);
    assert_eq!(world.releases(), ["v1"]);
}

#[test]
fn a_commit_that_a_job_made_in_its_shallow_checkout_is_no_commit_of_the_branch() {
    if !can_play() {
        return;
    }
    let world = World::new(Ledger::Release, Forge::GitHub);
    let workspace = world.checkout();
    fs::write(workspace.join("notes/geo.md"), MINE).expect("it is ours");
    world.commit_in("job-1");
    edit(&world);
    world.job_in(&workspace, "push", &[]).exits(1).says("has commits that `main` at the remote lacks");
    assert_eq!(world.releases().len(), 0);
}

#[test]
fn files_in_the_way_of_new_ones_are_kept() {
    if !can_play() {
        return;
    }
    let world = released();
    for name in ["notes/new.md", "build-output/new.md"] {
        write(&world, name);
    }
    world.write("notes/new.md", "## New?\n\nYes.\n");
    edit(&world);
    world.cron().exits(1).says("files here are in the way");
    assert_eq!(read(&world, "notes/new.md"), MINE);
    fs::remove_file(world.path("cron/notes/new.md")).expect("it is ours");
    // One that git ignores is kept, too.
    world.write("build-output/new.md", "committed all the same\n");
    world.git("author", &["add", "--force", "build-output/new.md"]);
    world.commit("ignored");
    world.cron().exits(1).says("files here are in the way");
    assert_eq!(read(&world, "build-output/new.md"), MINE);
    assert_eq!(world.releases(), ["v1"]);
    fs::remove_file(world.path("cron/build-output/new.md")).expect("it is ours");
    world.cron().exits(0);
    assert_eq!(world.releases(), ["v1", "v2"]);
}

#[test]
fn a_ledger_that_an_interrupted_run_left_gives_way() {
    if !can_play() {
        return;
    }
    let world = World::new(Ledger::Commit, Forge::Git);
    world.order("before-deckc", "\"$deckc\" \"$@\"; kill -9 0\n");
    assert_eq!(world.cron().code, None);
    assert!(world.path("cron/deckc.lock").exists());
    // Somebody else's run publishes, and brings a ledger where this clone has one that git does not know.
    world.job().exits(0);
    world.cron().exits(0);
    edit(&world);
    world.order("before-deckc", "\"$deckc\" \"$@\"; kill -9 0\n");
    assert_eq!(world.cron().code, None);
    world.job().exits(0);
    world.cron().exits(0);
    assert_eq!(world.releases(), ["v1", "v2"]);
    assert_eq!(world.git("cron", &["status", "--porcelain"]), "");
}
