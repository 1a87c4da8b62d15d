//! Why a file cannot be part of the output although the machine would do it, in words.

use super::output::Problem;
use crate::diagnostic::{Code, Diagnostic};

/// Returns the finding about a problem that `format` met.
pub(super) fn describe(problem: &Problem, format: &str) -> Diagnostic {
    match problem {
        Problem::Clash(path) => {
            let message = format!("two files would be written to `{}`", path.display());
            Diagnostic::general(Code::OutputClash, message)
                .help("rename a deck, or build the formats one by one")
        }
        Problem::Many(name) => {
            let message =
                format!("{format} makes several files (`{name}` is the second), and `--out` names one");
            Diagnostic::general(Code::OutputClash, message).help("name a folder: `--out build-output/`")
        }
        Problem::Refused(path) => {
            let message = format!(
                "Anki takes `{}` for a whole collection, and would replace the learner's",
                path.display()
            );
            Diagnostic::general(Code::OutputName, message)
                .help("choose another name, for example with `--out my-deck.apkg`")
        }
        Problem::Source(path) => {
            let message = format!("the next build would read `{}` as a source", path.display());
            Diagnostic::general(Code::OutputName, message)
                .help("choose a folder of its own, for example with `--out build-output/`")
        }
        Problem::Read(path, what) => {
            let message = format!("`{}` is {what}, and would be replaced", path.display());
            Diagnostic::general(Code::OutputName, message)
                .help("choose another name or folder, for example with `--out build-output/`")
        }
        Problem::Outside(name) => {
            let message = format!("the file name `{name}` of {format} leads out of the output folder");
            Diagnostic::general(Code::OutputName, message).help("report it to the author of the backend")
        }
    }
}
