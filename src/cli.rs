//! The command line: arguments in, exit code out. Each verb is a file of its own.

mod args;
mod build;
mod changes;
mod check;
mod diff;
mod document;
mod emit;
mod explain;
mod failure;
mod init;
mod ledger;
mod lists;
mod losses;
mod output;
mod printer;
mod problem;
mod progress;
mod release;
mod released;
mod run;
mod time;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use args::{Arguments, Verb};
use document::Document;
use failure::Failure;

/// Says how a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// The sources have errors.
    Sources,
    /// The command line is wrong.
    Usage,
    /// The machine failed.
    Machine,
}

impl Exit {
    /// Returns the number that the process ends with.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Sources => 1,
            Exit::Usage => 2,
            Exit::Machine => 3,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// Runs the program with the arguments of this process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap's own exit: 0 for help and version, 2 for wrong usage.
            let printed = error.print().and_then(|()| std::io::stdout().flush());
            return match printed {
                _ if error.use_stderr() => Exit::Usage.into(),
                Ok(()) => Exit::Done.into(),
                Err(error) => end(
                    &Failure::Machine("cannot write to standard output".into(), error),
                    &Document::default(),
                ),
            };
        }
    };
    let outcome = match &arguments.verb {
        Verb::Build(build) => build::run(build, &arguments.common),
        Verb::Check(check) => check::run(check, &arguments.common),
        Verb::Diff(diff) => diff::run(diff, &arguments.common),
        Verb::Release(release) => release::run(release, &arguments.common),
        Verb::Formats => lists::formats(&arguments.common),
        Verb::Dialects => lists::dialects(),
        Verb::Explain { code } => explain::run(code.as_deref()),
        Verb::Init(init) => init::run(init),
        Verb::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "deckc", &mut text);
            failure::to_stdout(&text)
        }
    };
    let document = &arguments.common.document;
    match document.close(outcome) {
        Ok(exit) => exit.into(),
        Err(failure) => end(&failure, document),
    }
}

/// Says why a run could not go on, and returns the exit code.
fn end(failure: &Failure, document: &Document) -> ExitCode {
    // A reader that went away (`| head`) is no failure.
    if failure.is_closed_pipe() {
        return Exit::Done.into();
    }
    if !matches!(failure, Failure::Reported) && !document.takes_stderr() {
        let _ = writeln!(std::io::stderr(), "error: {failure}");
    }
    failure.exit().into()
}
