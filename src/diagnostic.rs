//! What is wrong with a deck, and where: codes, severities and diagnostics.
//!
//! A diagnostic says what *is*; its help says what to *do*. Only `report` prints them. This module does no I/O.

mod codes;
mod collected;

pub use codes::Code;
pub use collected::{Diagnostics, MOST, More, Room};

use crate::source::Span;

/// Says how bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The build stops after all files have reported; no output is replaced.
    Error,
    /// The build goes on; an error under `--strict`.
    Warning,
    /// Something worth knowing; shown with `-v`.
    Note,
}

impl Severity {
    /// Returns the word that stands before the code.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// Is another place that explains a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What stands there.
    pub message: String,
}

/// Is one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of finding.
    pub code: Code,
    /// What is, in one line: lower case, backticks round the user's text, no final stop.
    pub message: String,
    /// The place, where it has one in a source file.
    pub span: Option<Span>,
    /// The file it is about where that is not a source file (a ledger, a configuration), with a line from 1.
    pub place: Option<(String, Option<usize>)>,
    /// Other places that explain it.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// How many findings it stands for that are not shown one by one; 0 where it is one itself.
    pub more: usize,
}

impl Diagnostic {
    /// Returns a finding of `code` at `span`.
    #[must_use]
    pub fn at(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            span: Some(span),
            place: None,
            labels: Vec::new(),
            help: None,
            more: 0,
        }
    }

    /// Returns a finding of `code` about the whole run.
    #[must_use]
    pub fn general(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            span: None,
            place: None,
            labels: Vec::new(),
            help: None,
            more: 0,
        }
    }

    /// Returns a finding of `code` about a file that is not a source: a path, and a line from 1 where there is one.
    #[must_use]
    pub fn in_file(
        code: Code,
        path: impl Into<String>,
        line: Option<usize>,
        message: impl Into<String>,
    ) -> Self {
        let mut diagnostic = Self::general(code, message);
        diagnostic.place = Some((path.into(), line));
        diagnostic
    }

    /// Returns what stands for `count` more findings of `code` in the file at `path`, or in the run.
    #[must_use]
    pub fn more(code: Code, path: Option<String>, count: usize) -> Self {
        let place = if path.is_some() { "in this file" } else { "in this run" };
        let mut diagnostic = Self::general(code, format!("… and {count} more of these {place}"));
        diagnostic.place = path.map(|path| (path, None));
        diagnostic.more = count;
        diagnostic
    }

    /// Adds another place.
    #[must_use]
    pub fn label(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns how bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Says whether warnings stop a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// Only errors do.
    Normal,
    /// Warnings do too (`--strict`).
    Strict,
}
