//! What is said in two places, or has to be said in full.

use super::{below, root, text};

fn workflows() -> Vec<(String, String)> {
    below(".github/workflows").iter().map(|path| (path.display().to_string(), text(path))).collect()
}

/// Returns what stands behind `key: ` or `- key: ` in lines of a workflow, without comments and quotes.
fn values<'a>(workflow: &'a str, key: &str) -> Vec<&'a str> {
    let lines = workflow.lines().map(|line| line.trim_start().trim_start_matches("- "));
    lines
        .filter_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
        .map(|value| value.split(" #").next().unwrap_or(value).trim().trim_matches('"'))
        .collect()
}

#[test]
fn actions_are_pinned_by_commit() {
    let action = ("action.yml".to_owned(), text(&root().join("action.yml")));
    for (name, workflow) in workflows().into_iter().chain([action]) {
        for action in values(&workflow, "uses") {
            let (_, commit) = action.split_once('@').unwrap_or_else(|| panic!("{name}: {action}"));
            let pinned = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(pinned, "{name}: {action} may change its code under the same name");
        }
    }
}

#[test]
fn the_rust_of_workflows_is_the_oldest_that_the_crate_allows() {
    let manifest = text(&root().join("Cargo.toml"));
    let oldest = manifest.lines().find_map(|line| line.strip_prefix("rust-version = "));
    let oldest = oldest.expect("it is there").trim_matches('"');
    for (name, workflow) in workflows() {
        assert_eq!(values(&workflow, "RUSTUP_TOOLCHAIN"), [oldest], "{name}");
    }
}

#[test]
fn nothing_is_built_beside_the_token_of_the_registry() {
    let release = text(&root().join(".github/workflows/release.yml"));
    let steps: Vec<&str> =
        release.split("\n      - ").filter(|step| step.contains("CARGO_REGISTRY_TOKEN")).collect();
    assert_eq!(steps.len(), 1, "{steps:?}");
    assert_eq!(values(steps[0], "run"), ["cargo publish --locked --no-verify"]);
    let verified = release.find("run: cargo package --locked\n");
    assert!(
        verified.is_some_and(|at| at < release.find(steps[0]).expect("it is a part")),
        "nothing builds the crate"
    );
}

#[test]
fn every_platform_is_built_and_waited_for() {
    let release = text(&root().join(".github/workflows/release.yml"));
    let mut built = values(&release, "target");
    built.sort_unstable();
    let list = text(&root().join(".ci/targets"));
    let waited_for: Vec<&str> = list.lines().filter(|line| line.matches('-').count() >= 2).collect();
    assert_eq!(built, waited_for);
}

#[test]
fn installers_find_the_archives() {
    let manifest = text(&root().join("Cargo.toml"));
    let manifest: toml::Table = manifest.parse().expect("it is TOML");
    let settings = &manifest["package"]["metadata"]["binstall"];
    for target in text(&root().join(".ci/targets")).lines().filter(|line| line.matches('-').count() >= 2) {
        let format = match settings["overrides"].get(target) {
            Some(own) => own["pkg-fmt"].as_str(),
            None => settings["pkg-fmt"].as_str(),
        };
        let expected = if target.contains("windows") { "zip" } else { "tgz" };
        assert_eq!(format, Some(expected), "{target}");
    }
}
