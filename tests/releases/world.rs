//! An author with a clone, a bare repository that both push to, and a forge that keeps releases.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::action::{self, Done, Job};
use crate::support::process::{Ended, Scratch, ended};

/// The time of the author's first commit, in s since 1970; others follow a day apart.
pub const START: u64 = 1_700_000_000;
pub const DAY: u64 = 86_400;

/// The first state of the notes.
pub const NOTES: &str = "\
---
deck: Geography
---

## What is the capital of Norway?

Oslo, at the end of a fjord.

## Which river flows through Paris?

The Seine.

## Mountains

The highest mountain of {{c2::Africa}} is {{c1::Kilimanjaro}}.
";

/// Where the ledger is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ledger {
    Commit,
    Release,
}

impl Ledger {
    pub const ALL: [Ledger; 2] = [Ledger::Commit, Ledger::Release];

    pub fn name(self) -> &'static str {
        match self {
            Ledger::Commit => "commit",
            Ledger::Release => "release",
        }
    }
}

/// Where releases are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forge {
    GitHub,
    Git,
}

impl Forge {
    pub const ALL: [Forge; 2] = [Forge::GitHub, Forge::Git];

    pub fn name(self) -> &'static str {
        match self {
            Forge::GitHub => "github",
            Forge::Git => "git",
        }
    }
}

/// Is a project at a forge.
pub struct World {
    scratch: Scratch,
    pub ledger: Ledger,
    pub forge: Forge,
    commits: std::cell::Cell<u64>,
    jobs: std::cell::Cell<u64>,
}

impl World {
    /// Makes a project of three notes that nobody has released.
    pub fn new(ledger: Ledger, forge: Forge) -> Self {
        let world = World { scratch: Scratch::new(), ledger, forge, commits: 0.into(), jobs: 0.into() };
        for folder in ["forge/releases", "forge/comments", "home", "bin"] {
            fs::create_dir_all(world.path(folder)).expect("the scratch folder is writable");
        }
        world.scratch.write("forge/number", "0\n");
        let fake = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/releases/gh");
        std::os::unix::fs::symlink(fake, world.path("bin/gh")).expect("the scratch folder is writable");
        world.git(".", &["init", "--quiet", "--bare", "--initial-branch=main", "remote.git"]);
        world.git(".", &["clone", "--quiet", "remote.git", "author"]);
        world.git("author", &["checkout", "--quiet", "-B", "main"]);
        world.write(
            "deckc.toml",
            "id = \"a-project-of-a-test\"\nname = \"Géographie\"\n[release]\nversion = \"counter\"\n",
        );
        world.write(".gitignore", "build-output/\n");
        world.write("notes/geo.md", NOTES);
        world.commit("begin");
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.scratch.join(name)
    }

    /// Writes a file of the author's clone.
    pub fn write(&self, name: &str, text: &str) {
        self.scratch.write(Path::new("author").join(name), text);
    }

    /// Writes a text that the stand-ins look for.
    pub fn order(&self, name: &str, text: &str) {
        self.scratch.write(Path::new("forge").join(name), text);
    }

    /// Edits the notes in the author's clone.
    pub fn replace(&self, old: &str, new: &str) {
        let text = fs::read_to_string(self.path("author/notes/geo.md")).expect("the notes are there");
        assert!(text.contains(old), "{old}");
        self.write("notes/geo.md", &text.replacen(old, new, 1));
    }

    /// Commits all that the author has, a day after the last time, and pushes it.
    pub fn commit(&self, message: &str) {
        self.commit_at(message, START + self.commits.get() * DAY);
    }

    pub fn commit_at(&self, message: &str, time: u64) {
        self.commits.set(self.commits.get() + 1);
        // Before the commit, which would else get another time.
        if self.commits.get() > 1 {
            self.git("author", &["pull", "--quiet", "--ff-only"]);
        }
        self.git("author", &["add", "--all"]);
        let mut command = self.command("git", "author");
        command
            .args(["commit", "--quiet", "--message", message])
            .env("GIT_COMMITTER_DATE", format!("@{time} +0000"));
        succeeds(&mut command);
        self.git("author", &["push", "--quiet", "--set-upstream", "origin", "main"]);
    }

    /// Runs git, which must succeed, and returns what it prints.
    #[track_caller]
    pub fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let mut command = self.command("git", folder);
        succeeds(command.args(arguments)).stdout
    }

    /// Builds in the author's clone.
    pub fn build(&self) {
        let mut command = self.command(env!("CARGO_BIN_EXE_deckc"), "author");
        succeeds(command.arg("build").env("SOURCE_DATE_EPOCH", (START + DAY / 2).to_string()));
    }

    /// Plays the action in a new, shallow checkout, as a push or a schedule does.
    pub fn job(&self) -> Done {
        self.job_with("push", &[])
    }

    /// Plays the action in a new, shallow checkout.
    pub fn job_with(&self, event: &str, with: &[(&str, &str)]) -> Done {
        let workspace = self.checkout();
        self.job_in(&workspace, event, with)
    }

    /// Clones the branch as actions/checkout does, and returns the folder.
    pub fn checkout(&self) -> PathBuf {
        let number = self.jobs.get() + 1;
        self.jobs.set(number);
        let name = format!("job-{number}");
        let remote = format!("file://{}", self.path("remote.git").display());
        self.git(".", &["clone", "--quiet", "--depth", "1", &remote, &name]);
        assert_eq!(self.git(&name, &["rev-parse", "--is-shallow-repository"]).trim(), "true");
        self.path(&name)
    }

    pub fn job_in(&self, workspace: &Path, event: &str, with: &[(&str, &str)]) -> Done {
        let runner = workspace.with_extension("runner");
        fs::create_dir_all(&runner).expect("the scratch folder is writable");
        let mut all = vec![("ledger", self.ledger.name()), ("forge", self.forge.name())];
        all.extend(with);
        let mut env = self.environment();
        env.push(("GITHUB_REF".into(), "refs/heads/main".into()));
        env.push(("GITHUB_SHA".into(), self.commit_of(workspace)));
        let job = Job { workspace, runner: &runner, event, with: all, env, restore: &install };
        action::read().run(&job)
    }

    /// Runs the script as cron does, in a clone that stays.
    pub fn cron(&self) -> Ended {
        if !self.path("cron").exists() {
            self.git(".", &["clone", "--quiet", "remote.git", "cron"]);
        }
        self.script("release.sh", "cron", &[])
    }

    /// Runs a script as GitLab does: in a shallow clone of a commit that is on no branch, and with a remote that is an address.
    pub fn gitlab(&self, script: &str) -> Ended {
        let workspace = self.checkout();
        let name = workspace.file_name().and_then(|name| name.to_str()).expect("it has a name");
        self.git(name, &["checkout", "--quiet", "--detach"]);
        self.git(name, &["remote", "set-url", "origin", "nowhere"]);
        let remote = format!("file://{}", self.path("remote.git").display());
        let commit = self.commit_of(&workspace);
        let env = [("CI_COMMIT_BRANCH", "main"), ("CI_COMMIT_SHA", &*commit), ("DECKC_REMOTE", &*remote)];
        self.script(script, name, &env)
    }

    /// Returns the commit that a job was started for: the one that its checkout was cloned at.
    fn commit_of(&self, workspace: &Path) -> String {
        let folder = workspace.to_str().expect("the path is UTF-8");
        self.git(folder, &["rev-parse", "refs/remotes/origin/main"]).trim().to_owned()
    }

    /// Commits all changes in a clone, without a push.
    pub fn commit_in(&self, folder: &str) {
        self.git(folder, &["add", "--all"]);
        self.git(folder, &["commit", "--quiet", "--message", "mine"]);
    }

    fn script(&self, script: &str, folder: &str, env: &[(&str, &str)]) -> Ended {
        install(&self.path("bin"));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/action").join(script);
        let mut command = self.command(script.to_str().expect("the path is UTF-8"), folder);
        command.env("DECKC_LEDGER", self.ledger.name()).env("DECKC_FORGE", self.forge.name());
        command.envs(env.iter().copied()).process_group(0);
        ended(&mut command)
    }

    fn environment(&self) -> Vec<(String, String)> {
        let path = std::env::var("PATH").unwrap_or_default();
        let text = |name: &str| self.path(name).display().to_string();
        let variables = [
            ("PATH", format!("{}:{path}", text("bin"))),
            ("HOME", text("home")),
            ("TMPDIR", text("home")),
            ("FORGE", text("forge")),
            ("REMOTE", text("remote.git")),
            ("GIT_CONFIG_NOSYSTEM", "1".into()),
            ("LANG", "C.UTF-8".into()),
        ];
        variables.map(|(name, value)| (name.to_owned(), value)).into()
    }

    fn command(&self, program: &str, folder: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.path(folder)).env_clear().envs(self.environment()).stdin(Stdio::null());
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "Author")
                .env(format!("GIT_{role}_EMAIL"), "author@localhost");
        }
        command
    }

    /// Returns the tags of the public releases, oldest first.
    pub fn releases(&self) -> Vec<String> {
        match self.forge {
            Forge::GitHub => {
                let drafts = |folder: &PathBuf| text(&folder.join("draft")) == "true";
                let folders = self.drafts_and_releases();
                folders
                    .iter()
                    .filter(|folder| !drafts(folder))
                    .map(|folder| text(&folder.join("tag")))
                    .collect()
            }
            Forge::Git => {
                let found = self
                    .git("remote.git", &["for-each-ref", "--format=%(refname:short)", "refs/heads/releases"]);
                if found.is_empty() {
                    assert_eq!(self.git("remote.git", &["tag"]), "", "a tag comes with its branch");
                    return Vec::new();
                }
                let commits = self.git("remote.git", &["rev-list", "--reverse", "releases"]);
                let tag =
                    |commit: &str| self.git("remote.git", &["tag", "--points-at", commit]).trim().to_owned();
                commits.lines().map(tag).collect()
            }
        }
    }

    /// Returns the folders of the fake forge.
    pub fn drafts_and_releases(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path("forge/releases")).expect("it is there");
        let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("it is read").path()).collect();
        folders.sort();
        folders
    }

    /// Fetches the files of a release as a learner does, and returns the folder.
    pub fn download(&self, tag: &str) -> PathBuf {
        let folder = self.path(&format!("learner-{tag}"));
        fs::create_dir_all(&folder).expect("the scratch folder is writable");
        match self.forge {
            Forge::GitHub => {
                let release = self.release(tag);
                for entry in fs::read_dir(release.join("assets")).expect("it is there") {
                    let entry = entry.expect("it is read");
                    fs::copy(entry.path(), folder.join(entry.file_name()))
                        .expect("the scratch folder is writable");
                }
            }
            Forge::Git => {
                let name = folder.display().to_string();
                self.git(
                    ".",
                    &[
                        "--git-dir=remote.git",
                        &format!("--work-tree={name}"),
                        "checkout",
                        "--quiet",
                        tag,
                        "--",
                        ".",
                    ],
                );
            }
        }
        folder
    }

    /// Returns the folder of a public release at the fake GitHub.
    pub fn release(&self, tag: &str) -> PathBuf {
        let mut found = self.drafts_and_releases();
        found.retain(|folder| text(&folder.join("tag")) == tag && text(&folder.join("draft")) == "false");
        assert_eq!(found.len(), 1, "{tag}");
        found.remove(0)
    }

    /// Returns the ledger at the tip of the branch, where there is one.
    pub fn pushed_ledger(&self) -> Option<String> {
        let mut command = self.command("git", "remote.git");
        let shown = ended(command.args(["show", "main:deckc.lock"]));
        (shown.code == Some(0)).then_some(shown.stdout)
    }

    /// Makes the remote do something with the next push to a branch, before or after it is taken.
    pub fn at_push(&self, hook: &str, script: &str) {
        let path = format!("remote.git/hooks/{hook}");
        self.scratch.write(&path, format!("#!/usr/bin/env bash\nset -eu\n{script}\n"));
        let all = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.path(&path), all).expect("the file is ours");
    }
}

/// Puts deckc into a folder, behind a script that first does what a test orders in `before-deckc`, once.
fn install(folder: &Path) {
    let script = format!(
        "#!/usr/bin/env bash\nset -eu\norder=$FORGE/before-deckc\ndeckc={}\n\
         echo \"$1 ${{GH_TOKEN-}}${{GITHUB_TOKEN-}}${{DECKC_TOKEN-}}\" >>\"$FORGE/deckc-log\"\n\
         if [ \"$1\" = release ] && [ -e \"$order\" ]; then\n  mv \"$order\" \"$order.done\"\n  . \"$order.done\"\nfi\n\
         exec \"$deckc\" \"$@\"\n",
        env!("CARGO_BIN_EXE_deckc")
    );
    fs::create_dir_all(folder).expect("the scratch folder is writable");
    fs::write(folder.join("deckc"), script).expect("the scratch folder is writable");
    let all = fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder.join("deckc"), all).expect("the file is ours");
}

fn text(path: &Path) -> String {
    fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .trim_end()
        .to_owned()
}

#[track_caller]
fn succeeds(command: &mut Command) -> Ended {
    let ended = ended(command);
    assert_eq!(ended.code, Some(0), "{command:?}: {}", ended.stderr);
    ended
}
