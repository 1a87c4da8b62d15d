//! How a run ends that cannot go on, and what goes to standard output.

use std::io::{self, Write as _};

use super::Exit;

/// Says why a run cannot go on, beyond what diagnostics say.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The command line is wrong.
    #[error("{0}")]
    Usage(String),
    /// The machine failed.
    #[error("{0}: {1}")]
    Machine(String, io::Error),
    /// A defect of this program.
    #[error("deckc itself is wrong here, please report it: {0}")]
    Defect(#[from] crate::model::BrokenPromise),
    /// The ledger is no longer the one that was read.
    #[error("the ledger `{0}` changed while this build ran; build again: nothing was written")]
    Changed(String),
    /// Findings that are no part of a compilation; they were printed.
    #[error("the project cannot be built")]
    Sources,
    /// Findings that say by themselves why the run ends; they were printed.
    #[error("the findings above say why")]
    Reported,
}

impl Failure {
    pub(super) fn exit(&self) -> Exit {
        match self {
            Failure::Usage(_) => Exit::Usage,
            Failure::Machine(..) | Failure::Defect(_) | Failure::Changed(_) => Exit::Machine,
            Failure::Sources | Failure::Reported => Exit::Sources,
        }
    }

    pub(super) fn is_closed_pipe(&self) -> bool {
        matches!(self, Failure::Machine(_, error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// Writes to standard output.
pub(super) fn to_stdout(bytes: &[u8]) -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    written
        .map(|()| Exit::Done)
        .map_err(|error| Failure::Machine("cannot write to standard output".into(), error))
}
