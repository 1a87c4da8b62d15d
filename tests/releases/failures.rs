//! What may be wrong with the last release, the forge or the branch: a clear message, nothing published, and the next run right.

use std::fs;

use super::can_play;
use super::world::{DAY, Forge, Ledger, START, World};

/// A project with one release and an edit after it.
fn edited(ledger: Ledger, forge: Forge) -> World {
    let world = World::new(ledger, forge);
    world.job().exits(0);
    world.replace("The Seine.", "La Seine.");
    world.commit("edit");
    world
}

/// Spoils a file of the last release, expects the failure, and that a whole release is followed by the next one.
fn check_last(file: &str, spoil: impl Fn(&str) -> Vec<u8>, code: i32, message: &str) {
    if !can_play() {
        return;
    }
    for ledger in Ledger::ALL {
        let world = edited(ledger, Forge::GitHub);
        let path = world.release("v1").join("assets").join(file);
        let whole = fs::read(&path).expect("it is published");
        fs::write(&path, spoil(&String::from_utf8_lossy(&whole))).expect("it is ours");
        let tip = world.git("remote.git", &["rev-parse", "main"]);
        world.job().exits(code).says(message).says("nothing was published");
        assert_eq!(world.drafts_and_releases().len(), 1);
        assert_eq!(
            world.git("remote.git", &["rev-parse", "main"]),
            tip,
            "the ledger of a failed run is not pushed"
        );
        fs::write(&path, whole).expect("it is ours");
        world.job().exits(0);
        assert_eq!(world.releases(), ["v1", "v2"]);
    }
}

#[test]
fn a_last_release_that_is_damaged_stops_the_next() {
    check_last("G-ographie.apkg", |_| b"half".to_vec(), 1, "D416");
}

#[test]
fn a_last_release_whose_manifest_cannot_be_read_stops_the_next() {
    check_last("manifest.json", |_| b"{".to_vec(), 1, "D416");
}

#[test]
fn a_last_release_of_another_project_stops_the_next() {
    check_last("manifest.json", |text| text.replace("a-project-of-a-test", "another").into(), 1, "D417");
}

#[test]
fn a_last_release_from_the_future_stops_the_next() {
    let newer = format!("\"time\": {},", START + 200 * 365 * DAY);
    let spoil = |text: &str| text.replace(&format!("\"time\": {START},"), &newer).into();
    check_last("manifest.json", spoil, 1, "D415");
}

#[test]
fn a_forge_that_does_not_answer_is_no_first_release() {
    if !can_play() {
        return;
    }
    for ledger in Ledger::ALL {
        let world = edited(ledger, Forge::GitHub);
        world.order("down", "");
        world.job().exits(1).says("cannot ask GitHub for the last release");
        fs::remove_file(world.path("forge/down")).expect("it is ours");
        for operation in ["list", "download", "create", "upload", "view", "edit"] {
            world.order("fail", operation);
            let done = world.job();
            assert!(done.code.is_some_and(|code| code != 0), "{operation}:\n{}", done.log);
            assert_eq!(world.releases(), ["v1"], "{operation}");
        }
        fs::remove_file(world.path("forge/fail")).expect("it is ours");
        world.job().exits(0).says("a draft v2 of an interrupted run is removed");
        assert_eq!(world.releases(), ["v1", "v2"]);
        assert_eq!(world.drafts_and_releases().len(), 2, "no draft is left");
    }
}

#[test]
fn a_remote_that_does_not_answer_is_no_first_release() {
    if !can_play() {
        return;
    }
    for ledger in Ledger::ALL {
        let world = edited(ledger, Forge::Git);
        let workspace = world.checkout();
        fs::rename(world.path("remote.git"), world.path("away.git")).expect("it is ours");
        world.job_in(&workspace, "push", &[]).exits(1).says("cannot reach the remote");
        world.job_in(&workspace, "push", &[("publish", "false")]).exits(1).says("cannot reach the remote");
        fs::rename(world.path("away.git"), world.path("remote.git")).expect("it is ours");
        world.job_in(&workspace, "push", &[]).exits(0);
        assert_eq!(world.releases(), ["v1", "v2"]);
    }
}

#[test]
fn a_branch_that_moves_during_the_build_is_built_again() {
    if !can_play() {
        return;
    }
    let world = edited(Ledger::Commit, Forge::GitHub);
    world.order(
        "before-deckc",
        "git clone --quiet \"$REMOTE\" \"$HOME/other\"\n\
         sed -i.old 's/at the end of a fjord/by the sea/' \"$HOME/other/notes/geo.md\" && rm \"$HOME/other/notes/geo.md.old\"\n\
         git -C \"$HOME/other\" -c user.name=o -c user.email=o@localhost commit --quiet --all --message other\n\
         git -C \"$HOME/other\" push --quiet\n",
    );
    let done = world.job().exits(0).says("`main` moved meanwhile: the release is made again");
    assert!(done.summary.contains("| Geography | 3 | 4 | – | 2 | – |"), "{}", done.summary);
    assert_eq!(world.releases(), ["v1", "v2"]);
    let log = world.git("remote.git", &["log", "--format=%s", "main"]);
    let subjects: Vec<&str> = log.lines().collect();
    let ledger = |version: &str| format!("deckc.lock: as of {version} [skip ci]");
    assert_eq!(subjects, [&*ledger("2"), "other", "edit", &*ledger("1"), "begin"]);
}

#[test]
fn a_branch_that_takes_no_push_is_no_branch_that_moved() {
    if !can_play() {
        return;
    }
    let world = edited(Ledger::Commit, Forge::GitHub);
    world.at_push("pre-receive", "exit 1");
    world.job().exits(1).says("the remote does not take the ledger");
    assert_eq!(world.releases(), ["v1"]);
    world.at_push("pre-receive", "exit 0");
    world.job().exits(0);
    assert_eq!(world.releases(), ["v1", "v2"]);
}

#[test]
fn an_old_job_that_is_run_again_releases_the_newest_sources() {
    if !can_play() {
        return;
    }
    for ledger in Ledger::ALL {
        let world = World::new(ledger, Forge::GitHub);
        let old = world.checkout();
        world.job().exits(0);
        world.replace("The Seine.", "La Seine.");
        world.commit("edit");
        world.job().exits(0);
        let done = world.job_in(&old, "push", &[]).exits(0).says("`main` has moved");
        assert_eq!(done.output("changed"), "false");
        assert_eq!(world.releases(), ["v1", "v2"]);
    }
}

#[test]
fn commits_of_a_wrong_clock_do_not_stop_releases() {
    if !can_play() {
        return;
    }
    let world = edited(Ledger::Commit, Forge::GitHub);
    world.job().exits(0);
    // Each edits another note: one that is edited twice in a second gets a time that is ahead of the clock.
    // Older than the last release: it was rebased, or waited on another branch.
    world.replace("a fjord", "the fjord");
    world.commit_at("old", START - DAY);
    world.job().exits(0);
    // From the future.
    world.replace("The highest", "The very highest");
    world.commit_at("new", START + 200 * 365 * DAY);
    world.job().exits(0);
    world.replace("## Mountains", "## Which sea lies in the east?\n\nThe Baltic.\n\n## Mountains");
    world.commit_at("now", START + 3 * DAY);
    world.job().exits(0);
    assert_eq!(world.releases(), ["v1", "v2", "v3", "v4", "v5"]);
}

#[test]
fn notes_that_are_newer_than_their_release_do_not_stop_the_next() {
    if !can_play() {
        return;
    }
    let world = World::new(Ledger::Release, Forge::GitHub);
    world.replace("The Seine.", "La Seine.");
    world.commit_at("by a clock that runs ahead", START + 10 * DAY);
    world.job().exits(0);
    let path = world.release("v1").join("assets/manifest.json");
    let manifest = fs::read_to_string(&path).expect("it is published");
    let built = format!("\"time\": {},", START + 10 * DAY);
    assert!(manifest.contains(&built), "{manifest}");
    fs::write(&path, manifest.replace(&built, &format!("\"time\": {START},"))).expect("it is ours");
    world.replace("La Seine.", "The Seine.");
    world.commit("edit");
    world.job().exits(0);
    assert_eq!(world.releases(), ["v1", "v2"]);
}

#[test]
fn a_ledger_that_does_not_suit_the_strategy_is_told() {
    if !can_play() {
        return;
    }
    let world = World::new(Ledger::Commit, Forge::GitHub);
    world.write(".gitignore", "build-output/\ndeckc.lock\n");
    world.commit("ignore");
    world.job().exits(1).says("git ignores deckc.lock");
    world.write(".gitignore", "build-output/\n");
    world.commit("mend");
    world.job().exits(0);
    world
        .job_with("push", &[("ledger", "release")])
        .exits(1)
        .says("deckc.lock is committed, and would be used");
    let with = [("ledger", "release"), ("formats", "csv")];
    World::new(Ledger::Release, Forge::GitHub).job_with("push", &with).exits(1).says("add `apkg`");
    world.job_with("push", &[("ledger", "Commit")]).exits(1).says("it is one of: commit release");
    assert_eq!(world.releases(), ["v1"]);
}

#[test]
fn two_ledgers_that_git_merged_stop_the_release_until_they_are_built_again() {
    if !can_play() {
        return;
    }
    let world = edited(Ledger::Commit, Forge::GitHub);
    world.git("author", &["pull", "--quiet"]);
    let ledger = fs::read_to_string(world.path("author/deckc.lock")).expect("it is there");
    let half = ledger.lines().last().expect("it has lines");
    let merged = ledger.replace(half, &format!("<<<<<<< HEAD\n{half}\n=======\n{half}x\n>>>>>>> other"));
    world.write("deckc.lock", &merged);
    world.commit("merge");
    world.job().exits(1).says("deckc.lock").says("nothing was published");
    assert_eq!(world.releases(), ["v1"]);
    world.write("deckc.lock", &ledger);
    world.commit("mend");
    world.job().exits(0);
    assert_eq!(world.releases(), ["v1", "v2"]);
}

#[test]
fn of_two_ledgers_the_remote_one_is_taken_and_built_again() {
    if !can_play() {
        return;
    }
    let world = World::new(Ledger::Commit, Forge::GitHub);
    world.job().exits(0);
    // The author builds and commits a ledger without having seen the job's.
    world.replace("The Seine.", "La Seine.");
    world.build();
    world.git("author", &["add", "--all"]);
    world.git("author", &["commit", "--quiet", "--message", "edit"]);
    world.git("author", &["fetch", "--quiet"]);
    // As the page on releases says.
    world.git("author", &["merge", "--quiet", "--strategy", "ours", "--no-commit", "origin/main"]);
    world.git("author", &["checkout", "--quiet", "origin/main", "--", "deckc.lock"]);
    world.build();
    world.git("author", &["add", "--all"]);
    world.git("author", &["commit", "--quiet", "--message", "merge"]);
    world.git("author", &["push", "--quiet"]);
    let done = world.job().exits(0);
    assert!(done.summary.contains("| Geography | 3 | 4 | – | 1 | – |"), "{}", done.summary);
    assert_eq!(world.releases(), ["v1", "v2"]);
}

#[test]
fn tags_of_other_things_are_no_releases_of_the_deck() {
    if !can_play() {
        return;
    }
    let world = World::new(Ledger::Commit, Forge::GitHub);
    for (number, tag) in ["v-tools-7", "1", "version", "v3.x"].into_iter().enumerate() {
        let folder = format!("releases/9{number}");
        let files = [("tag", tag), ("draft", "false"), ("published", "2030-01-01T00:00:00Z"), ("body", "")];
        files.iter().for_each(|(name, text)| world.order(&format!("{folder}/{name}"), text));
    }
    // Somebody's draft is not ours to remove.
    for (name, text) in [("tag", "v1"), ("draft", "true"), ("body", "by hand")] {
        world.order(&format!("releases/80/{name}"), text);
    }
    world.job_with("push", &[("tag-prefix", "deck-")]).exits(0).says("this is the first");
    world.job_with("push", &[("tag-prefix", "deck-")]).exits(0).says("nothing changed");
    assert!(world.path("forge/releases/80").exists());
}

#[test]
fn a_tag_or_a_draft_that_somebody_made_is_left_alone() {
    if !can_play() {
        return;
    }
    // GitHub takes the tag as it is; on a branch the tag is the release, so that another one is in the way.
    for forge in Forge::ALL {
        let world = edited(Ledger::Commit, forge);
        let begin = world.git("remote.git", &["rev-parse", "main~1"]);
        world.git("remote.git", &["tag", "v2", begin.trim()]);
        match forge {
            Forge::GitHub => {
                for (name, text) in [("tag", "v2"), ("draft", "true"), ("body", "by hand")] {
                    world.order(&format!("releases/80/{name}"), text);
                }
                world.job().exits(1).says("a draft v2 that somebody made");
                fs::remove_dir_all(world.path("forge/releases/80")).expect("it is ours");
                world.job().exits(0);
                assert_eq!(world.git("remote.git", &["rev-parse", "v2"]), begin);
            }
            Forge::Git => {
                world.job().exits(1).says("the tag v2 is at the remote already");
                world.git("remote.git", &["tag", "--delete", "v2"]);
                world.job().exits(0);
            }
        }
        assert_eq!(world.releases(), ["v1", "v2"]);
    }
}

#[test]
fn a_draft_of_another_deck_is_left_alone() {
    if !can_play() {
        return;
    }
    let world = World::new(Ledger::Release, Forge::GitHub);
    for (name, text) in [("tag", "v2-2026.11.22"), ("draft", "true"), ("body", "<!-- deckc release -->")] {
        world.order(&format!("releases/80/{name}"), text);
    }
    world.job().exits(0);
    assert!(world.path("forge/releases/80").exists());
}
