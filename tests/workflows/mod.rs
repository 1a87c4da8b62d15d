//! What runs on other machines is checked here as far as that goes: workflows and the action against the schemas of their systems,
//! the examples in the documents with them, and the scripts that they call by a linter. The tools come from a registry
//! (see [`crate::support::venv`]); no hosted runner takes part.

mod pins;
// The runner that publishes is one of Linux.
#[cfg(target_os = "linux")]
mod scripts;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::process::{Ended, Scratch, ended};
use crate::support::venv::{self, Environment, Skipped};

const TOOLS: Environment =
    Environment { name: "workflows", requirements: include_str!("requirements.txt"), oldest_python: 11 };

/// Is a kind of file that a schema is known for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Workflow,
    Action,
    GitLab,
}

impl Kind {
    /// Returns what the linter calls the schema.
    fn schema(self) -> &'static str {
        match self {
            Kind::Workflow => "vendor.github-workflows",
            Kind::Action => "vendor.github-actions",
            Kind::GitLab => "vendor.gitlab-ci",
        }
    }

    /// Returns the kind of a file that is at such a path in a repository.
    fn of(path: &str) -> Option<Kind> {
        let yaml =
            Path::new(path).extension().is_some_and(|extension| extension == "yml" || extension == "yaml");
        let name = path.rsplit('/').next().unwrap_or(path);
        match (path.starts_with(".github/workflows/") && yaml, name) {
            (true, _) => Some(Kind::Workflow),
            (false, "action.yml" | "action.yaml") => Some(Kind::Action),
            (false, ".gitlab-ci.yml") => Some(Kind::GitLab),
            (false, _) => None,
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the Python that the tools are installed for; nothing where they cannot be and the test is to pass without.
fn tools() -> Option<PathBuf> {
    match venv::python("test-venvs", TOOLS) {
        Ok(python) => Some(python),
        Err(reason) => {
            assert!(venv::skip("what runs on other machines", &reason) == Skipped::Passing, "{reason}");
            None
        }
    }
}

/// Checks a file against the schema of its kind.
fn check(python: &Path, kind: Kind, path: &Path) -> Ended {
    let mut command = Command::new(python);
    command.args(["-m", "check_jsonschema", "--builtin-schema", kind.schema()]).arg(path);
    ended(&mut command)
}

/// Returns the files below a folder of this repository, if it is there.
fn below(folder: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root().join(folder)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder is read").path()).collect();
    paths.sort();
    paths
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the workflows and the like that a page shows: fences of YAML whose first line is a comment with a path.
fn examples(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("```yaml\n") {
        let (block, after) = after.split_once("\n```").expect("the fence is closed");
        let first = block.lines().next().unwrap_or_default();
        if let Some(path) = first.strip_prefix("# ").filter(|path| Kind::of(path).is_some()) {
            found.push((path.to_owned(), format!("{block}\n")));
        }
        rest = after;
    }
    found
}

#[test]
fn workflows_are_valid() {
    let Some(python) = tools() else { return };
    for path in below(".github/workflows").into_iter().chain([root().join("action.yml")]) {
        let name =
            path.strip_prefix(root()).expect("it is in the repository").to_string_lossy().replace('\\', "/");
        let kind = Kind::of(&name).unwrap_or_else(|| panic!("{name} is no workflow"));
        let checked = check(&python, kind, &path);
        assert_eq!(checked.code, Some(0), "{name}:\n{}{}", checked.stdout, checked.stderr);
    }
}

#[test]
fn examples_in_documents_are_valid() {
    let Some(python) = tools() else { return };
    let scratch = Scratch::new();
    for page in below("docs").into_iter().filter(|path| path.extension().is_some_and(|end| end == "md")) {
        for (number, (name, example)) in examples(&text(&page)).into_iter().enumerate() {
            let path = format!("{number}/example.yml");
            scratch.write(&path, &example);
            let kind = Kind::of(&name).expect("only such are examples");
            let checked = check(&python, kind, &scratch.join(&path));
            let page = page.display();
            assert_eq!(checked.code, Some(0), "{name} in {page}:\n{}{}", checked.stdout, checked.stderr);
        }
    }
}

#[test]
fn what_is_checked_is_there() {
    let names =
        below(".github/workflows").into_iter().filter_map(|path| path.file_name().map(ToOwned::to_owned));
    assert_eq!(names.collect::<Vec<_>>(), ["ci.yml", "release.yml"]);
    assert!(root().join("action.yml").is_file());
    let shown: Vec<String> =
        examples(&text(&root().join("docs/ci.md"))).into_iter().map(|(name, _)| name).collect();
    assert_eq!(shown, [".github/workflows/deck.yml", ".gitlab-ci.yml"]);
}

#[test]
fn examples_are_found_in_a_page() {
    let page = "\
Text.\n\n```yaml\n# .github/workflows/a.yml\non: push\n```\n\n```yaml\n# some settings\na: 1\n```\n\n\
```yaml\n# .gitlab-ci.yml\nbuild: {}\n```\n\n```yaml\n# action.yml\nname: a\n```\n";
    let found: Vec<_> = examples(page).into_iter().map(|(path, text)| (Kind::of(&path), text)).collect();
    let expected = [
        (Some(Kind::Workflow), "# .github/workflows/a.yml\non: push\n".to_owned()),
        (Some(Kind::GitLab), "# .gitlab-ci.yml\nbuild: {}\n".to_owned()),
        (Some(Kind::Action), "# action.yml\nname: a\n".to_owned()),
    ];
    assert_eq!(found, expected);
}

#[test]
fn what_is_wrong_is_found() {
    let Some(python) = tools() else { return };
    let scratch = Scratch::new();
    let cases = [
        (
            Kind::Workflow,
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - runs: make\n",
        ),
        (Kind::Workflow, "on: pushed\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make\n"),
        (Kind::Action, "name: a\ndescription: b\nruns:\n  using: composite\n  steps:\n    - ran: make\n"),
        (Kind::GitLab, "build:\n  script: make\n  artifacts: all\n"),
        (Kind::GitLab, "build:\n  script: [make\n"),
    ];
    for (kind, text) in cases {
        scratch.write("wrong.yml", text);
        let checked = check(&python, kind, &scratch.join("wrong.yml"));
        assert_eq!(checked.code, Some(1), "{text}:\n{}{}", checked.stdout, checked.stderr);
    }
}

/// Runs the linter of shell scripts, which a package of the environment brings.
fn shellcheck(python: &Path, path: &Path) -> Ended {
    let name = if cfg!(windows) { "shellcheck.exe" } else { "shellcheck" };
    ended(Command::new(python.with_file_name(name)).arg(path))
}

#[test]
fn scripts_are_clean() {
    let Some(python) = tools() else { return };
    let mut seen = 0;
    let stand_ins = ["tests/workflows/gh", "tests/releases/gh"].map(|path| root().join(path));
    let scripts = below(".ci").into_iter().chain(below(".ci/action")).filter(|path| path.is_file());
    for path in scripts.chain(stand_ins) {
        let first = text(&path).lines().next().unwrap_or_default().to_owned();
        if first.ends_with("python3") {
            continue;
        }
        let checked = shellcheck(&python, &path);
        assert_eq!(checked.code, Some(0), "{}:\n{}{}", path.display(), checked.stdout, checked.stderr);
        seen += 1;
    }
    assert!(seen > 4, "only {seen} scripts are seen");
    let scratch = Scratch::new();
    scratch.write("wrong", "#!/bin/sh\nrm $1\n");
    assert_eq!(shellcheck(&python, &scratch.join("wrong")).code, Some(1));
}
