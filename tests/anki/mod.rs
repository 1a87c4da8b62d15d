//! The real Anki, driven from Rust tests: what a learner's collection holds after our packages were imported.
//!
//! A test writes a [`Script`] (import, answer, dump, …), one Python process plays it on one version of Anki, and the
//! test reads the typed results:
//!
//! ```text
//! for_each_version(|anki| {
//!     let mut script = anki.script();
//!     script.open("learner");
//!     let log = script.import(&Import::of(&package));
//!     let after = script.dump();
//!     let outcome = script.run();
//!     assert_eq!(outcome.get(&log).new.len(), 3);
//!     assert_eq!(outcome.get(&after).cards.len(), 4);
//! });
//! ```
//!
//! The versions are installed into `target/anki-venvs` by the first test that needs them (see [`crate::support::venv`]). Where that is
//! impossible, a run with `CI` set fails, and any other run says on standard error what it skips.

mod clozes;
mod compare;
mod dump;
mod forecast;
mod harness;
mod identity;
mod identity_cases;
mod packages;
mod project;
#[cfg(unix)]
mod releases;
mod script;

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use crate::support::venv::{self, Environment, Skipped};
use script::Script;

/// An Anki release that the tests run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// The last release whose importer has no options and gives updated notes the time of the import.
    V2_1_66,
    /// An importer with options that still gives updated notes the time of the import.
    V24_11,
    /// The newest release known when deckc was written.
    V26_9_3,
}

impl Version {
    /// All of them, oldest first.
    pub const ALL: [Version; 3] = [Version::V2_1_66, Version::V24_11, Version::V26_9_3];

    /// Returns the version as the package registry writes it.
    pub fn name(self) -> &'static str {
        match self {
            Version::V2_1_66 => "2.1.66",
            Version::V24_11 => "24.11",
            Version::V26_9_3 => "26.9.3",
        }
    }

    /// Returns the environment it is installed in.
    fn environment(self) -> Environment {
        let (requirements, oldest_python) = match self {
            Version::V2_1_66 => (include_str!("requirements/2.1.66.txt"), 9),
            Version::V24_11 => (include_str!("requirements/24.11.txt"), 9),
            Version::V26_9_3 => (include_str!("requirements/26.9.3.txt"), 10),
        };
        Environment { name: self.name(), requirements, oldest_python }
    }
}

/// An installed Anki, ready to play scripts.
pub struct Anki {
    version: Version,
    python: PathBuf,
}

impl Anki {
    /// Returns the release it is.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Returns an empty script, with a folder of its own for collections and exported packages.
    pub fn script(&self) -> Script {
        Script::new(&self.python)
    }
}

/// Runs a test on every version, oldest first; all of them run even if one fails, and the failure names the version.
pub fn for_each_version(test: impl Fn(&Anki)) {
    for_versions(&Version::ALL, test);
}

/// Runs a test on the newest version only: for what does not depend on the importer.
pub fn on_newest(test: impl Fn(&Anki)) {
    for_versions(&[Version::V26_9_3], test);
}

fn for_versions(versions: &[Version], test: impl Fn(&Anki)) {
    let mut failed = Vec::new();
    for &version in versions {
        let anki = match venv::python("anki-venvs", version.environment()) {
            Ok(python) => Anki { version, python },
            Err(reason) => {
                if venv::skip(&format!("Anki {}", version.name()), &reason) == Skipped::Failing {
                    failed.push(version.name());
                }
                continue;
            }
        };
        if catch_unwind(AssertUnwindSafe(|| test(&anki))).is_err() {
            failed.push(version.name());
        }
    }
    assert!(failed.is_empty(), "fails on Anki {} (the messages are above)", failed.join(", "));
}

/// Returns the SHA-256 of bytes in hexadecimal, as the driver names media files.
fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
    }
    text
}
