//! Diagnostics for programs.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::Reporter;
use crate::diagnostic::Diagnostic;
use crate::source::{Position, SourceMap, Span};

#[derive(Serialize)]
struct Line<'a> {
    severity: &'a str,
    code: &'a str,
    message: &'a str,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    labels: Vec<Place<'a>>,
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<usize>,
}

#[derive(Serialize)]
struct Place<'a> {
    file: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    message: &'a str,
}

fn path(reporter: &Reporter, sources: &SourceMap, span: Span) -> String {
    format!("{}{}", reporter.prefix, sources.file(span.file).path)
}

fn ends(sources: &SourceMap, span: Span) -> (Position, Position) {
    (sources.position(span.file, span.start), sources.position(span.file, span.end))
}

/// Prints a diagnostic as one JSON object on a line.
pub(super) fn json(
    reporter: &Reporter,
    diagnostic: &Diagnostic,
    sources: &SourceMap,
    out: &mut dyn Write,
) -> io::Result<()> {
    let place = diagnostic.span.map(|span| (path(reporter, sources, span), ends(sources, span)));
    let (file, line) = match (&place, &diagnostic.place) {
        (Some((file, (start, _))), _) => (Some(file.clone()), Some(start.line)),
        (None, Some((file, line))) => (Some(file.clone()), *line),
        (None, None) => (None, None),
    };
    let labels = diagnostic.labels.iter().map(|label| {
        let (start, end) = ends(sources, label.span);
        Place {
            file: path(reporter, sources, label.span),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            message: &label.message,
        }
    });
    let line = Line {
        severity: reporter.severity(diagnostic).word(),
        code: diagnostic.code.id(),
        message: &diagnostic.message,
        file,
        line,
        column: place.as_ref().map(|(_, (start, _))| start.column),
        end_line: place.as_ref().map(|(_, (_, end))| end.line),
        end_column: place.as_ref().map(|(_, (_, end))| end.column),
        labels: labels.collect(),
        help: diagnostic.help.as_deref(),
        more: Some(diagnostic.more).filter(|more| *more > 0),
    };
    serde_json::to_writer(&mut *out, &line)?;
    writeln!(out)
}

/// Prints a diagnostic as a GitHub workflow command, which becomes an annotation on a pull request.
pub(super) fn github(
    reporter: &Reporter,
    diagnostic: &Diagnostic,
    sources: &SourceMap,
    out: &mut dyn Write,
) -> io::Result<()> {
    let word = match reporter.severity(diagnostic).word() {
        "note" => "notice",
        word => word,
    };
    let mut properties = String::new();
    if let Some(span) = diagnostic.span {
        let (start, end) = ends(sources, span);
        let file = property(&super::visible(&path(reporter, sources, span)));
        let _ = write!(
            properties,
            "file={file},line={},endLine={},col={},endColumn={},",
            start.line, end.line, start.column, end.column
        );
    } else if let Some((file, line)) = &diagnostic.place {
        let _ = write!(properties, "file={},line={},", property(&super::visible(file)), line.unwrap_or(1));
    }
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    writeln!(out, "::{word} {properties}title={}::{}", diagnostic.code.id(), data(&super::visible(&message)))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
