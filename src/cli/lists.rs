//! `deckc formats` and `deckc dialects`.

use std::fmt::Write as _;

use super::Exit;
use super::args::Common;
use super::failure::{Failure, to_stdout};
use super::printer::Loudness;
use crate::backend::{self, Feature};
use crate::reader::READERS;

/// Prints the formats and what they carry.
pub(super) fn formats(common: &Common) -> Result<Exit, Failure> {
    let mut text = String::new();
    let mut list = |name: &str, summary: &str, carries: &[Feature]| {
        let words = |wanted: bool| -> String {
            let chosen = Feature::ALL.iter().filter(|feature| carries.contains(feature) == wanted);
            chosen.map(|feature| feature.words()).collect::<Vec<_>>().join(", ")
        };
        let _ = writeln!(text, "{name:<10} {summary}");
        let (carried, lost) = (words(true), words(false));
        let _ =
            writeln!(text, "{:<10}   carries: {}", "", if carried.is_empty() { "text" } else { &carried });
        if !lost.is_empty() {
            let _ = writeln!(text, "{:<10}   cannot carry: {lost}", "");
        }
    };
    for backend in backend::BACKENDS {
        list(backend.name(), backend.summary(), backend.carries());
    }
    if common.loudness() >= Loudness::Verbose {
        text.push_str(
            "\nA program `deckc-backend-NAME` on the PATH is the format NAME; see docs/plugins.md.\n",
        );
    }
    to_stdout(text.as_bytes())
}

/// Prints the dialects.
pub(super) fn dialects() -> Result<Exit, Failure> {
    let mut text = String::new();
    for reader in READERS {
        let _ = writeln!(text, "{:<10} {}", reader.name(), reader.summary());
    }
    to_stdout(text.as_bytes())
}
