//! What is wrong with a deck, and where: codes, severities and diagnostics.
//!
//! A diagnostic says what *is*; its help says what to *do*. Only `report` prints them. This module does no I/O.

mod codes;

pub use codes::Code;

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
}

impl Diagnostic {
    /// Returns a finding of `code` at `span`.
    #[must_use]
    pub fn at(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span: Some(span), place: None, labels: Vec::new(), help: None }
    }

    /// Returns a finding of `code` about the whole run.
    #[must_use]
    pub fn general(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span: None, place: None, labels: Vec::new(), help: None }
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

/// Collects the findings of a stage.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all findings of `other`, in order.
    pub fn append(&mut self, mut other: Diagnostics) {
        self.list.append(&mut other.list);
    }

    /// Returns whether there is an error among them, or under `strict` a warning.
    #[must_use]
    pub fn fails(&self, strictness: Strictness) -> bool {
        self.list.iter().any(|diagnostic| match (diagnostic.severity(), strictness) {
            (Severity::Error, Strictness::Normal | Strictness::Strict)
            | (Severity::Warning, Strictness::Strict) => true,
            (Severity::Warning, Strictness::Normal)
            | (Severity::Note, Strictness::Normal | Strictness::Strict) => false,
        })
    }

    /// Returns the findings in reading order: those about the run first, then by file and place, then by code.
    #[must_use]
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|a, b| (a.span, &a.place, a.code).cmp(&(b.span, &b.place, b.code)));
        self.list.dedup();
        self.list
    }

    /// Returns the findings in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
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
