//! Findings and lines for people, each to its stream.

use std::io::{self, Write as _};
use std::path::Path;

use super::args::{Common, Messages, When};
use super::failure::Failure;
use crate::diagnostic::{Diagnostic, Diagnostics, Room, Severity, Strictness};
use crate::project::shown;
use crate::report::{Colour, MessageFormat, Reporter};
use crate::source::SourceMap;

/// Prints findings and counts them.
pub(super) struct Printer {
    pub reporter: Reporter,
    loudness: Loudness,
    /// Where machine-readable diagnostics go: standard output, unless that carries a file.
    machine_to: Stream,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
}

impl Stream {
    /// Writes what a run found.
    pub(super) fn write(self, text: &[u8]) -> Result<(), Failure> {
        let result = match self {
            Stream::Err => io::stderr().lock().write_all(text),
            Stream::Out => io::stdout().lock().write_all(text),
        };
        match result {
            // Nobody listens any more (`2>&1 | head`): the build itself goes on, and its exit code stays true.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(|error| Failure::Machine("cannot print".into(), error)),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Loudness {
    Quiet,
    Normal,
    Verbose,
}

impl Common {
    pub(super) fn loudness(&self) -> Loudness {
        match (self.quiet, self.verbose) {
            (true, _) => Loudness::Quiet,
            (false, true) => Loudness::Verbose,
            (false, false) => Loudness::Normal,
        }
    }

    /// Returns whether colour is wanted on a stream; `auto` means a terminal.
    pub(super) fn colour_on(&self, stream: &impl io::IsTerminal) -> Colour {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        match self.color {
            When::Always => Colour::Always,
            When::Auto if stream.is_terminal() && !plain => Colour::Always,
            When::Auto | When::Never => Colour::Never,
        }
    }
}

impl Printer {
    pub(super) fn new(common: &Common, strictness: Strictness, machine_to: Stream) -> Self {
        let format = match common.message_format {
            Messages::Human => MessageFormat::Human,
            Messages::Json => MessageFormat::Json,
            Messages::Github => MessageFormat::Github,
            Messages::Sarif => {
                common.document.open(machine_to);
                MessageFormat::Sarif
            }
        };
        let colour = common.colour_on(&io::stderr());
        let log = common.document.log();
        let reporter = Reporter { format, colour, strictness, prefix: String::new(), log };
        Printer { reporter, loudness: common.loudness(), machine_to }
    }

    pub(super) fn at(mut self, root: &Path) -> Self {
        let root = shown(root);
        self.reporter.prefix = if root.is_empty() { root } else { format!("{root}/") };
        self
    }

    pub(super) fn loudness(&self) -> Loudness {
        self.loudness
    }

    /// Prints findings, in reading order, and returns how many errors and warnings there are.
    pub(super) fn all(&self, diagnostics: Diagnostics, sources: &SourceMap) -> Result<Counts, Failure> {
        let mut counts = Counts::default();
        let mut text = Vec::new();
        for diagnostic in self.with_more(diagnostics, sources) {
            let severity = self.reporter.severity(&diagnostic);
            counts.count(severity, diagnostic.more.max(1));
            let wanted = match severity {
                Severity::Error => Loudness::Quiet,
                Severity::Warning => Loudness::Normal,
                Severity::Note => Loudness::Verbose,
            };
            if self.loudness >= wanted {
                self.reporter
                    .print(&diagnostic, sources, &mut text)
                    .map_err(|error| Failure::Machine("cannot print".into(), error))?;
            }
        }
        self.write(&text)?;
        Ok(counts)
    }

    /// Returns the findings in reading order. Behind the last of a kind of which there are more stands how many.
    fn with_more(&self, diagnostics: Diagnostics, sources: &SourceMap) -> Vec<Diagnostic> {
        let mut more = diagnostics.more();
        let sorted = diagnostics.sorted();
        if more.is_empty() {
            return sorted;
        }
        let mut all = Vec::with_capacity(sorted.len() + more.len());
        for diagnostic in sorted.into_iter().rev() {
            let room = Room::of(&diagnostic);
            let path = match &room {
                Room::Run => None,
                Room::Source(file) => Some(format!("{}{}", self.reporter.prefix, sources.file(*file).path)),
                Room::File(path) => Some(path.clone()),
            };
            if let Some(count) = more.remove(&(diagnostic.code, room)) {
                all.push(Diagnostic::more(diagnostic.code, path, count));
            }
            all.push(diagnostic);
        }
        all.reverse();
        all
    }

    /// Prints one finding about no source.
    pub(super) fn one(&self, diagnostic: Diagnostic) -> Result<(), Failure> {
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(diagnostic);
        self.all(diagnostics, &SourceMap::default()).map(|_| ())
    }

    fn write(&self, text: &[u8]) -> Result<(), Failure> {
        let human = self.reporter.format == MessageFormat::Human;
        let stream = if human { Stream::Err } else { self.machine_to };
        stream.write(text)
    }

    /// Prints a line for people, unless the run is quiet or standard error is to hold a document and nothing else.
    pub(super) fn say(&self, line: &str) {
        let document = self.reporter.format == MessageFormat::Sarif && self.machine_to == Stream::Err;
        if self.loudness >= Loudness::Normal && !document {
            // Standard error that is gone takes nothing away from the result.
            let _ = writeln!(io::stderr(), "{}", crate::report::visible(line));
        }
    }
}

/// Counts findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
}

impl Counts {
    fn count(&mut self, severity: Severity, findings: usize) {
        match severity {
            Severity::Error => self.errors += findings,
            Severity::Warning => self.warnings += findings,
            Severity::Note => self.notes += findings,
        }
    }

    /// Returns the counts in words, such as `2 errors, 1 warning`; nothing where there is none.
    pub(super) fn words(self) -> Option<String> {
        let of = |count: usize, word: &str| match count {
            0 => None,
            1 => Some(format!("1 {word}")),
            count => Some(format!("{count} {word}s")),
        };
        let parts: Vec<String> =
            [of(self.errors, "error"), of(self.warnings, "warning")].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}
