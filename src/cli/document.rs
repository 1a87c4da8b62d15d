//! The document that the findings of a run become where their format is one, whatever way the run ends.

use std::cell::Cell;
use std::rc::Rc;

use super::Exit;
use super::failure::Failure;
use super::printer::Stream;
use crate::report::sarif::{End, Log};

/// Is what a run gathers for its document. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    log: Log,
    /// Where it goes, once a verb has begun one.
    to: Rc<Cell<Option<Stream>>>,
}

impl Document {
    /// Begins the document; from here on the run has one, whatever happens.
    pub(super) fn open(&self, to: Stream) {
        self.to.set(Some(to));
    }

    /// Returns where the findings go.
    pub(super) fn log(&self) -> Log {
        self.log.clone()
    }

    /// Returns whether standard error holds the document and nothing else.
    pub(super) fn takes_stderr(&self) -> bool {
        self.to.get() == Some(Stream::Err)
    }

    /// Writes the document, where there is one, and returns how the run ended.
    pub(super) fn close(&self, outcome: Result<Exit, Failure>) -> Result<Exit, Failure> {
        let Some(to) = self.to.get() else { return outcome };
        let (exit, failure) = match &outcome {
            Ok(exit) => (*exit, None),
            Err(failure) if failure.is_closed_pipe() => (Exit::Done, None),
            // What is wrong was found and stands in the document.
            Err(failure @ (Failure::Sources | Failure::Reported)) => (failure.exit(), None),
            Err(
                failure @ (Failure::Usage(_)
                | Failure::Machine(..)
                | Failure::Defect(_)
                | Failure::Changed(_)),
            ) => (failure.exit(), Some(failure.to_string())),
        };
        let end = End { code: exit.code(), failure: failure.as_deref() };
        to.write(self.log.document(end).as_bytes())?;
        outcome
    }
}
