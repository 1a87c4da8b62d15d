//! `install.sh`: the released binary, its checksum, and what stands in for it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::can_play;
use crate::support::process::{Ended, Scratch, ended};

/// Is a machine, and a place that binaries are downloaded from.
struct Machine {
    scratch: Scratch,
}

impl Machine {
    fn new() -> Self {
        let machine = Self { scratch: Scratch::new() };
        machine.release("9.9.9", "deckc-9.9.9-x86_64-unknown-linux-musl", "tgz");
        machine.release("9.9.9", "deckc-9.9.9-aarch64-apple-darwin", "tgz");
        machine
    }

    /// Puts an archive with a program into the place of downloads.
    fn release(&self, version: &str, name: &str, archive: &str) {
        self.scratch.write(format!("{name}/deckc"), format!("#!/bin/sh\necho {name}\n"));
        self.scratch.write(format!("from/v{version}/SHA256SUMS"), "");
        let script = format!(
            "chmod +x {name}/deckc && tar -czf from/v{version}/{name}.{archive} {name} && cd from/v{version} && \
             (sha256sum -- *.{archive} || shasum -a 256 -- *.{archive}) >SHA256SUMS"
        );
        let mut command = Command::new("sh");
        assert_eq!(ended(command.args(["-c", &script]).current_dir(self.scratch.path())).code, Some(0));
    }

    fn install(&self, version: &str, system: [&str; 2], arguments: &[&str]) -> Ended {
        let mut command = self.script(Path::new(env!("CARGO_MANIFEST_DIR")), system, arguments);
        command.env("DECKC_DOWNLOADS", format!("file://{}", self.scratch.join("from").display()));
        ended(command.env("DECKC_VERSION", version))
    }

    /// Returns the script of an action that stands in a folder.
    fn script(&self, action: &Path, system: [&str; 2], arguments: &[&str]) -> Command {
        let mut command = Command::new(action.join(".ci/action/install.sh"));
        command.args(arguments).env_clear().current_dir(self.scratch.path());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", self.scratch.path());
        command.env("RUNNER_OS", system[0]).env("RUNNER_ARCH", system[1]);
        command.env("GITHUB_PATH", self.scratch.join("path"));
        command
    }
}

#[test]
fn the_binary_for_the_machine_is_downloaded_and_put_on_the_path() {
    if !can_play() {
        return;
    }
    let machine = Machine::new();
    for (system, target) in
        [(["Linux", "X64"], "x86_64-unknown-linux-musl"), (["macOS", "ARM64"], "aarch64-apple-darwin")]
    {
        let planned = machine.install("v9.9.9", system, &["plan"]).exits(0).stdout;
        let installed =
            machine.install("v9.9.9", system, &[]).exits(0).says(&format!("deckc-9.9.9-{target}"));
        let folder = format!("{}/.cache/deckc/9.9.9-{target}\n", machine.scratch.path().display());
        assert_eq!(installed.stdout, folder);
        assert!(
            planned.starts_with(&format!("folder={folder}key=deckc-released-9.9.9-{target}-")),
            "{planned}"
        );
        let path = fs::read_to_string(machine.scratch.join("path")).expect("it is written");
        assert!(path.ends_with(&folder), "{path}");
    }
    // What a cache brought back is not downloaded again.
    fs::remove_dir_all(machine.scratch.join("from")).expect("it is ours");
    machine.install("9.9.9", ["Linux", "X64"], &[]).exits(0);
}

#[test]
fn a_binary_with_another_checksum_is_never_installed() {
    if !can_play() {
        return;
    }
    let machine = Machine::new();
    let name = "from/v9.9.9/deckc-9.9.9-x86_64-unknown-linux-musl.tgz";
    machine.scratch.write(name, "something else");
    machine.install("9.9.9", ["Linux", "X64"], &[]).exits(1).says("is not as SHA256SUMS lists it");
    assert!(!machine.scratch.join(".cache/deckc/9.9.9-x86_64-unknown-linux-musl/deckc").exists());
    machine.scratch.write("from/v9.9.9/SHA256SUMS", "");
    machine.install("9.9.9", ["Linux", "X64"], &[]).exits(1).says("is not as SHA256SUMS lists it");
}

#[test]
fn a_version_that_is_not_there_is_not_replaced_by_another() {
    if !can_play() {
        return;
    }
    let machine = Machine::new();
    machine.install("9.9.8", ["Linux", "X64"], &[]).exits(1).says("no release of deckc 9.9.8");
    machine.install("9.9.9", ["Linux", "riscv64"], &[]).exits(1).says("no release of deckc 9.9.9");
    machine.install("../evil", ["Linux", "X64"], &[]).exits(1).says("is no version of deckc");
}

/// Makes an action that a runner has at a ref, of version 9.9.9, whose repository has the downloads. Returns its folder.
fn action(machine: &Machine, reference: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let action = machine.scratch.join("_actions/owner/cards").join(reference);
    fs::create_dir_all(action.join(".ci/action")).expect("the scratch folder is writable");
    for name in ["install.sh", "lib.sh"] {
        let name = format!(".ci/action/{name}");
        fs::copy(root.join(&name), action.join(&name)).expect("the scratch folder is writable");
    }
    fs::create_dir(action.join("src")).expect("the scratch folder is writable");
    for name in ["Cargo.lock", "src/main.rs"] {
        fs::write(action.join(name), reference).expect("it is ours");
    }
    fs::write(action.join("Cargo.toml"), "[package]\nname = \"deckc\"\nversion = \"9.9.9\"\n")
        .expect("it is ours");
    let place = machine.scratch.join("owner/cards/releases/download");
    fs::create_dir_all(place.parent().expect("it has one")).expect("the scratch folder is writable");
    if !place.exists() {
        fs::rename(machine.scratch.join("from"), place).expect("it is ours");
    }
    action
}

/// Installs as a step of the action does, with a stand-in for cargo that builds what says so.
fn installed(machine: &Machine, action: &Path, version: Option<&str>) -> Ended {
    let cargo = "#!/bin/sh\nwhile [ \"$1\" != --target-dir ]; do shift; done\nmkdir -p \"$2/release\"\n\
                 printf '#!/bin/sh\\necho built here\\n' >\"$2/release/deckc\"\nchmod +x \"$2/release/deckc\"\n";
    machine.scratch.write("bin/cargo", cargo);
    let all = fs::Permissions::from_mode(0o755);
    fs::set_permissions(machine.scratch.join("bin/cargo"), all).expect("the file is ours");
    let mut command = machine.script(action, ["Linux", "X64"], &[]);
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", machine.scratch.join("bin").display()));
    command.env("GITHUB_SERVER_URL", format!("file://{}", machine.scratch.path().display()));
    ended(command.envs(version.map(|version| ("DECKC_VERSION", version))))
}

#[test]
fn the_version_is_that_of_the_action_and_comes_from_its_repository() {
    if !can_play() {
        return;
    }
    let machine = Machine::new();
    let action = action(&machine, "v9.9.9");
    installed(&machine, &action, None).exits(0).says("deckc-9.9.9-x86_64-unknown-linux-musl");
}

#[test]
fn an_action_that_is_no_release_runs_its_own_code() {
    if !can_play() {
        return;
    }
    for reference in ["0123456789012345678901234567890123456789", "v9", "feature/x", "feature/v9.9.9"] {
        let machine = Machine::new();
        let release = action(&machine, "v9.9.9");
        let action = action(&machine, reference);
        // A runner that stays has the binary of the release.
        installed(&machine, &release, None).exits(0).says("deckc-9.9.9-x86_64-unknown-linux-musl");
        installed(&machine, &action, None).exits(0).says("built here");
        // A version that is asked for is downloaded, from the repository that the ref is of.
        fs::remove_dir_all(machine.scratch.join(".cache")).expect("it is ours");
        installed(&machine, &action, Some("9.9.9")).exits(0).says("deckc-9.9.9-x86_64-unknown-linux-musl");
    }
}
