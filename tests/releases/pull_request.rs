//! Pull requests: what is wrong and what would change is shown, and nothing is written.

use std::fs;

use super::can_play;
use super::world::{Forge, Ledger, World};

#[test]
fn a_pull_request_shows_the_difference_and_publishes_nothing() {
    if !can_play() {
        return;
    }
    for ledger in Ledger::ALL {
        for forge in Forge::ALL {
            let world = World::new(ledger, forge);
            let first = world.job_with("pull_request", &[]).exits(0);
            assert!(first.summary.contains("There is no release yet"), "{}", first.summary);
            world.job().exits(0);
            world.replace("The Seine.", "La Seine.");
            world.commit("edit");
            let done = world.job_with("pull_request", &[("comment", "true")]).exits(0).says("in a comment");
            assert!(done.summary.contains("~~The~~**La** Seine."), "{}", done.summary);
            assert!(done.summary.contains("0 notes added, 1 updated, 2 left alone"), "{}", done.summary);
            assert_eq!(done.output("changed"), "");
            assert_eq!(world.releases(), ["v1"]);
            let comment = || fs::read_to_string(world.path("forge/comments/1")).expect("there is a comment");
            assert_eq!(comment(), done.summary);
            world.replace("La Seine.", "Seine.");
            world.commit("edit again");
            let again = world.job_with("pull_request", &[("comment", "true")]).exits(0);
            assert_eq!(comment(), again.summary, "the comment is brought up to date");
            assert_ne!(done.summary, again.summary);
            assert_eq!(fs::read_dir(world.path("forge/comments")).expect("it is there").count(), 1);
        }
    }
}

#[test]
fn a_token_that_may_not_comment_is_no_failure() {
    if !can_play() {
        return;
    }
    let world = World::new(Ledger::Commit, Forge::GitHub);
    world.order("fail", "post");
    world
        .job_with("pull_request", &[("comment", "true")])
        .exits(0)
        .says("::warning title=deckc::cannot comment");
}

#[test]
fn what_is_wrong_is_an_annotation_with_the_path_in_the_repository() {
    if !can_play() {
        return;
    }
    let world = World::new(Ledger::Commit, Forge::GitHub);
    world.write("decks/one/deckc.toml", "name = \"one\"\n");
    world.write("decks/one/notes/bad.md", "C: The capital is {{c1::Oslo\n");
    world.commit("bad");
    let with = [("working-directory", "decks/one"), ("strict", "true")];
    world.job_with("pull_request", &with).exits(1).says("::error file=decks/one/notes/bad.md,line=1,");
}

#[test]
fn programs_of_a_pull_request_see_no_token() {
    if !can_play() {
        return;
    }
    let world = World::new(Ledger::Commit, Forge::GitHub);
    world.job().exits(0);
    world.job_with("pull_request", &[]).exits(0);
    let log = fs::read_to_string(world.path("forge/deckc-log")).expect("it is written");
    for verb in ["release", "check", "diff"] {
        assert!(log.lines().any(|line| line.trim_end() == verb), "{verb}:\n{log}");
    }
    assert!(!log.contains("token"), "{log}");
}
