//! `action.yml`, played as a runner plays it: step by step, each with the environment that its `env:` gives it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::support::process::{Ended, ended};

#[derive(Deserialize)]
pub struct Action {
    pub inputs: BTreeMap<String, Input>,
    pub outputs: BTreeMap<String, OutputOf>,
    pub runs: Runs,
}

#[derive(Deserialize)]
pub struct Input {
    pub default: String,
}

#[derive(Deserialize)]
pub struct OutputOf {
    pub value: String,
}

#[derive(Deserialize)]
pub struct Runs {
    pub steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Step {
    pub name: String,
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub r#if: String,
    pub uses: Option<String>,
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    pub shell: Option<String>,
    #[serde(default)]
    pub working_directory: String,
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    pub run: Option<String>,
}

/// Is what a workflow says about a run of the action, and what the runner knows.
pub struct Job<'a> {
    /// The checkout.
    pub workspace: &'a Path,
    /// Where the runner keeps its own files.
    pub runner: &'a Path,
    pub event: &'a str,
    /// What the workflow says below `with:`.
    pub with: Vec<(&'a str, &'a str)>,
    /// The environment of every step.
    pub env: Vec<(String, String)>,
    /// Called in the place of actions/cache, with the folder to restore.
    pub restore: &'a dyn Fn(&Path),
}

/// Is what came of a job.
#[derive(Debug)]
pub struct Done {
    /// The exit code of the last step; nothing where it was killed.
    pub code: Option<i32>,
    /// What the steps said, on both streams.
    pub log: String,
    /// The outputs of the action.
    pub outputs: BTreeMap<String, String>,
    /// The summary of the run.
    pub summary: String,
}

impl Done {
    /// Checks the exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.log);
        self
    }

    /// Checks that the job said a text.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.log.contains(text), "`{text}` is not in:\n{}", self.log);
        self
    }

    /// Checks that the job was killed.
    #[track_caller]
    pub fn dies(self) -> Self {
        assert_eq!(self.code, None, "{}", self.log);
        self
    }

    pub fn output(&self, name: &str) -> &str {
        self.outputs.get(name).map_or("", String::as_str)
    }
}

/// Reads the action of this repository.
pub fn read() -> Action {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml");
    let text = fs::read_to_string(path).expect("the action is there");
    serde_saphyr::from_str(&text).expect("it is an action")
}

impl Action {
    /// Runs the steps up to the first that fails.
    pub fn run(&self, job: &Job<'_>) -> Done {
        let mut context: BTreeMap<String, String> = BTreeMap::new();
        context.insert("github.event_name".into(), job.event.into());
        context.insert("github.token".into(), "token".into());
        context.insert("github.event.number".into(), "7".into());
        for (name, input) in &self.inputs {
            let given = job.with.iter().rfind(|(given, _)| given == name);
            let value = given.map_or_else(|| filled(&input.default, &context), |(_, value)| (*value).into());
            context.insert(format!("inputs.{name}"), value);
        }
        for (name, _) in &job.with {
            assert!(self.inputs.contains_key(*name), "the action has no input `{name}`");
        }
        let file = |name: &str| job.runner.join(name);
        fs::write(file("path"), "").expect("the folder is writable");
        fs::write(file("summary"), "").expect("the folder is writable");
        let mut done =
            Done { code: Some(0), log: String::new(), outputs: BTreeMap::new(), summary: String::new() };
        for step in &self.runs.steps {
            if !holds(&step.r#if, &context) {
                continue;
            }
            if let Some(action) = &step.uses {
                assert!(action.starts_with("actions/cache@"), "{action}");
                (job.restore)(Path::new(&filled(&step.with["path"], &context)));
                continue;
            }
            assert_eq!(step.shell.as_deref(), Some("bash"), "{}", step.name);
            fs::write(file("output"), "").expect("the folder is writable");
            let ended = play(step, job, &context);
            done.code = ended.code;
            done.log.extend(["## ", &step.name, "\n", &ended.stdout, &ended.stderr]);
            if ended.code != Some(0) {
                break;
            }
            for line in read_text(&file("output")).lines() {
                let (name, value) = line.split_once('=').expect("an output is name=value");
                context.insert(format!("steps.{}.outputs.{name}", step.id), value.into());
            }
        }
        let value = |output: &OutputOf| filled(&output.value, &context);
        done.outputs = self.outputs.iter().map(|(name, output)| (name.clone(), value(output))).collect();
        done.summary = read_text(&file("summary"));
        done
    }
}

fn play(step: &Step, job: &Job<'_>, context: &BTreeMap<String, String>) -> Ended {
    let run = step.run.as_ref().expect("a step runs something or uses an action");
    assert!(!run.contains("${{"), "{}: what the workflow says is put into the script", step.name);
    let script = job.runner.join("script.sh");
    fs::write(&script, run).expect("the folder is writable");
    // As the runner calls it.
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-e", "-o", "pipefail"]).arg(&script);
    command.current_dir(job.workspace.join(filled(&step.working_directory, context)));
    command.env_clear().stdin(Stdio::null()).envs(job.env.iter().map(|(name, value)| (name, value)));
    let before = job.env.iter().find(|(name, _)| name == "PATH").map_or("", |(_, path)| path);
    let added: String = read_text(&job.runner.join("path")).lines().map(|line| format!("{line}:")).collect();
    command.env("PATH", format!("{added}{before}"));
    command.env("GITHUB_ACTIONS", "true").env("CI", "true").env("GITHUB_EVENT_NAME", job.event);
    command.env("GITHUB_WORKSPACE", job.workspace).env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"));
    for (variable, name) in
        [("GITHUB_OUTPUT", "output"), ("GITHUB_PATH", "path"), ("GITHUB_STEP_SUMMARY", "summary")]
    {
        command.env(variable, job.runner.join(name));
    }
    command.env("RUNNER_TOOL_CACHE", job.runner.join("tools"));
    for (name, value) in &step.env {
        command.env(name, filled(value, context));
    }
    // What kills a job kills all of it, and not the test.
    command.process_group(0);
    ended(&mut command)
}

fn read_text(path: &Path) -> String {
    fs::read_to_string(path).expect("the runner's file is there")
}

/// Puts values in the places of `${{ … }}`.
fn filled(text: &str, context: &BTreeMap<String, String>) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let (name, after) = after.split_once("}}").expect("an expression is closed");
        result.push_str(before);
        let known = |start: &str| ["steps.", "github."].iter().any(|known| start.starts_with(known));
        match context.get(name.trim()) {
            Some(value) => result.push_str(value),
            // An output of a step that did not run is empty.
            None => assert!(known(name.trim()), "unknown: {name}"),
        }
        rest = after;
    }
    result + rest
}

/// Says whether a step runs: there is one condition, as it is or negated.
fn holds(condition: &str, context: &BTreeMap<String, String>) -> bool {
    let bare = condition.trim().trim_start_matches("${{").trim_end_matches("}}").trim();
    let pull_request = context["github.event_name"].starts_with("pull_request");
    match bare {
        "" => true,
        "startsWith(github.event_name, 'pull_request')" => pull_request,
        "!startsWith(github.event_name, 'pull_request')" => !pull_request,
        other => panic!("unknown condition: {other}"),
    }
}
