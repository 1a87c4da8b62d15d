//! The action, the scripts that it calls, and the ledger strategies, played from release to release: in temporary repositories with
//! a local bare remote, and with a program in the place of GitHub's that keeps releases in a folder ([`world`]). The steps are
//! those of `action.yml` itself ([`action`]). What a hosted runner and GitHub do was never tried here.

#[cfg(unix)]
mod action;
#[cfg(unix)]
mod failures;
#[cfg(unix)]
mod install;
#[cfg(unix)]
mod interrupted;
#[cfg(unix)]
mod own_work;
#[cfg(unix)]
mod pull_request;
#[cfg(unix)]
pub mod three;
#[cfg(unix)]
pub mod world;

#[cfg(not(unix))]
#[test]
fn releases_are_not_played_on_this_system() {
    use std::io::Write as _;
    let line = b"SKIPPED: the scripts of the action are played on Unix only\n";
    std::io::stderr().write_all(line).expect("standard error is open");
}

/// Says whether there are git and bash to play with. Where there are not, a run with `CI` set fails and any other says so.
#[cfg(unix)]
pub fn can_play() -> bool {
    use std::io::Write as _;
    use std::process::Command;
    let missing: Vec<&str> = ["git", "bash"]
        .into_iter()
        .filter(|name| Command::new(name).arg("--version").output().is_err())
        .collect();
    if missing.is_empty() {
        return true;
    }
    let line = format!("SKIPPED: releases are not played without {}\n", missing.join(" and "));
    std::io::stderr().write_all(line.as_bytes()).expect("standard error is open");
    assert!(std::env::var_os("CI").is_none_or(|ci| ci.is_empty()), "{line}");
    false
}
