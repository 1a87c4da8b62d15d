//! Findings as one SARIF 2.1.0 document, which GitHub's code scanning and editors read.
//!
//! The other formats print a finding when it is known; this one gathers the findings of a run in a [`Log`], which is one
//! document at its end. Equal findings give equal documents: there is no time and no id of the run in it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::{Reporter, visible};
use crate::diagnostic::{Code, Diagnostic};
use crate::digest::Parts;
use crate::source::{Position, SourceMap, Span};

/// The folder that paths lead from: where the program runs, which on GitHub is the top of the repository.
const ROOT: &str = "%SRCROOT%";

/// How many bytes of a line, on each side of a finding, tell it from others.
const AROUND: usize = 256;

/// Gathers the findings of one run. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Log {
    gathered: Rc<RefCell<Gathered>>,
}

#[derive(Debug, Default)]
struct Gathered {
    findings: Vec<Finding>,
    /// How many findings of each fingerprint there are.
    prints: BTreeMap<String, usize>,
    written: Vec<String>,
}

/// Is what a result says; there may be very many, so each is made into JSON when it is written.
#[derive(Debug)]
struct Finding {
    code: Code,
    level: &'static str,
    message: String,
    place: Place,
    related: Vec<(Place, String)>,
    fingerprint: String,
}

#[derive(Debug)]
struct Place {
    path: String,
    start: Position,
    /// Nothing where only a line is known.
    end: Option<Position>,
}

/// Says how a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End<'a> {
    /// The exit code.
    pub code: u8,
    /// Why the program could not do its work, where that is no finding.
    pub failure: Option<&'a str>,
}

impl Log {
    /// Adds a finding.
    pub fn add(&self, reporter: &Reporter, diagnostic: &Diagnostic, sources: &SourceMap) {
        let gathered = &mut *self.gathered.borrow_mut();
        let fingerprint = fingerprint(reporter, diagnostic, sources);
        let occurrence = gathered.prints.entry(fingerprint.clone()).or_default();
        *occurrence += 1;
        let labels = diagnostic.labels.iter();
        gathered.findings.push(Finding {
            code: diagnostic.code,
            level: reporter.severity(diagnostic).word(),
            message: message(diagnostic),
            place: place(reporter, diagnostic, sources),
            related: labels
                .map(|label| (within(reporter, sources, label.span), visible(&label.message)))
                .collect(),
            fingerprint: format!("{fingerprint}:{occurrence}"),
        });
    }

    /// Adds the paths of files that a build wrote.
    pub fn written(&self, paths: impl Iterator<Item = String>) {
        self.gathered.borrow_mut().written.extend(paths);
    }

    /// Returns the document.
    #[must_use]
    pub fn document(&self, end: End<'_>) -> String {
        let gathered = self.gathered.borrow();
        let rules: BTreeSet<Code> = gathered.findings.iter().map(|finding| finding.code).collect();
        let mut invocation = json!({ "executionSuccessful": end.failure.is_none(), "exitCode": end.code });
        if let Some(failure) = end.failure {
            invocation["toolExecutionNotifications"] =
                json!([{ "level": "error", "message": { "text": visible(failure) } }]);
        }
        if !gathered.written.is_empty() {
            invocation["properties"] = json!({ "written": gathered.written });
        }
        let driver = json!({
            "name": "deckc",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules.iter().copied().map(rule).collect::<Vec<_>>(),
        });
        let run = Run {
            tool: json!({ "driver": driver }),
            invocations: [invocation],
            original_uri_base_ids: json!({
                ROOT: { "description": { "text": "the folder that deckc ran in" } },
            }),
            column_kind: "unicodeCodePoints",
            newline_sequences: ["\r\n", "\n", "\r"],
            results: Results { findings: &gathered.findings, rules: &rules },
        };
        let document = Document {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            version: "2.1.0",
            runs: [run],
        };
        let mut text = serde_json::to_string_pretty(&document).expect("it is text, numbers and lists");
        text.push('\n');
        text
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    invocations: [Value; 1],
    original_uri_base_ids: Value,
    column_kind: &'static str,
    newline_sequences: [&'static str; 3],
    results: Results<'a>,
}

struct Results<'a> {
    findings: &'a [Finding],
    rules: &'a BTreeSet<Code>,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.findings.iter().map(|finding| result(finding, self.rules)))
    }
}

fn result(finding: &Finding, rules: &BTreeSet<Code>) -> Value {
    let mut result = json!({
        "ruleId": finding.code.id(),
        "ruleIndex": rules.range(..finding.code).count(),
        "level": finding.level,
        "message": { "text": finding.message },
        "locations": [{ "physicalLocation": physical(&finding.place) }],
    });
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(id, (place, message))| {
            json!({ "id": id, "physicalLocation": physical(place), "message": { "text": message } })
        });
        result["relatedLocations"] = related.collect();
    }
    result["partialFingerprints"] = json!({ "deckcFinding/v1": finding.fingerprint });
    result
}

fn physical(place: &Place) -> Value {
    let region = match place.end {
        Some(end) => json!({
            "startLine": place.start.line,
            "startColumn": place.start.column,
            "endLine": end.line,
            "endColumn": end.column,
        }),
        None => json!({ "startLine": place.start.line }),
    };
    json!({ "artifactLocation": artifact(&place.path), "region": region })
}

fn rule(code: Code) -> Value {
    let page = code.page();
    // A page is a heading, a paragraph, and parts with headings of their own.
    let paragraph = page.split("\n\n").nth(1).unwrap_or_else(|| code.title()).replace('\n', " ");
    json!({
        "id": code.id(),
        "name": format!("{code:?}"),
        "shortDescription": { "text": code.title() },
        "fullDescription": { "text": paragraph },
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": code.severity().word() },
    })
}

/// Returns what is, and what to do.
///
/// Braces stand as they are, although §3.11.5 would have them doubled as in a text with placeholders: there is none here,
/// the usual producers do not double them, and `close it with }}}}` would mislead wherever the text is shown as it is.
fn message(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    // A text of a deck that looks like a link is none (§3.11.6).
    visible(&text).replace("](", "\\](")
}

/// Returns the place of a finding. Code scanning refuses a document with a finding that has none, so what is about the
/// whole project stands at the top of its configuration, whether there is one or not.
fn place(reporter: &Reporter, diagnostic: &Diagnostic, sources: &SourceMap) -> Place {
    let line = |path: String, line| Place { path, start: Position { line, column: 1 }, end: None };
    match (diagnostic.span, &diagnostic.place) {
        (Some(span), _) => within(reporter, sources, span),
        (None, Some((path, number))) => line(path.clone(), number.unwrap_or(1)),
        (None, None) => line(format!("{}deckc.toml", reporter.prefix), 1),
    }
}

fn within(reporter: &Reporter, sources: &SourceMap, span: Span) -> Place {
    Place {
        path: path(reporter, sources, span),
        start: sources.position(span.file, span.start),
        end: Some(sources.position(span.file, span.end)),
    }
}

fn path(reporter: &Reporter, sources: &SourceMap, span: Span) -> String {
    format!("{}{}", reporter.prefix, sources.file(span.file).path)
}

/// Returns a path as a URI: relative to the root, or a `file:` one where it is absolute.
fn artifact(path: &str) -> Value {
    // What Windows makes of a path it was asked to look up begins so.
    let plain = path.strip_prefix("//?/").unwrap_or(path);
    match plain.as_bytes() {
        [b'/', ..] => json!({ "uri": format!("file://{}", encoded(plain)) }),
        [drive, b':', b'/', ..] if drive.is_ascii_alphabetic() => {
            json!({ "uri": format!("file:///{}:{}", char::from(*drive), encoded(&plain[2..])) })
        }
        _ => json!({ "uri": encoded(plain), "uriBaseId": ROOT }),
    }
}

/// Returns a path with all bytes percent-encoded that RFC 3986 does not let stand in one (§3.3), and colons, before which
/// a relative reference would name a scheme (§4.2).
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push('%');
            uri.push_str(&crate::hex::of(&[byte]).to_uppercase());
        }
    }
    uri
}

/// Returns what tells a finding from others and stays the same when lines above it come and go: its code, its file and the text
/// of its line. Findings that have these in common are numbered.
fn fingerprint(reporter: &Reporter, diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let parts = Parts::new("deckc finding 1").with(diagnostic.code.id());
    match (diagnostic.span, &diagnostic.place) {
        (Some(span), _) => parts.with(&path(reporter, sources, span)).with(line(sources, span)).short(),
        (None, Some((path, _))) => parts.with(path).short(),
        (None, None) => parts.short(),
    }
}

/// Returns the text of the line that a place begins in, without the spaces round it, and of a long line what is near.
fn line(sources: &SourceMap, span: Span) -> &str {
    let text = sources.file(span.file).text.as_str();
    let at = text.floor_char_boundary(span.range().start);
    let (before, behind) = text.split_at(at);
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(AROUND))..];
    let behind = &behind[..behind.floor_char_boundary(AROUND)];
    let ends = ['\n', '\r'];
    let start = at - before.len() + before.rfind(ends).map_or(0, |end| end + 1);
    let end = at + behind.find(ends).unwrap_or(behind.len());
    text[start..end].trim()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{End, Log, artifact};
    use crate::diagnostic::{Code, Diagnostic, Strictness};
    use crate::report::{Colour, MessageFormat, Reporter};
    use crate::source::{SourceMap, Span};

    /// Returns the results of findings at each `{{` of a text.
    fn results(text: &str) -> Vec<Value> {
        let mut sources = SourceMap::default();
        let file = sources.add("geo.md".into(), text.into());
        let log = Log::default();
        let reporter = Reporter {
            format: MessageFormat::Sarif,
            colour: Colour::Never,
            strictness: Strictness::Normal,
            prefix: "notes/".into(),
            log: log.clone(),
        };
        for (start, marker) in text.match_indices("{{") {
            let span = Span::new(file, start..start + marker.len());
            log.add(&reporter, &Diagnostic::at(Code::UnclosedCloze, span, "never closed"), &sources);
        }
        let document = log.document(End { code: 0, failure: None });
        let document: Value = serde_json::from_str(&document).expect("it is JSON");
        document["runs"][0]["results"].as_array().expect("it is a list").clone()
    }

    fn fingerprints(text: &str) -> Vec<String> {
        results(text).iter().map(|result| result["partialFingerprints"].to_string()).collect()
    }

    #[test]
    fn fingerprints_stay_when_lines_move_and_are_indented() {
        let before = fingerprints("Capital is {{c1::Oslo\n\nRiver is {{c1::Glomma\n");
        let after =
            fingerprints("# New\r\n\r\n  Capital is {{c1::Oslo\r\nMore.\r\n\r\nRiver is {{c1::Glomma");
        assert_eq!(before, after);
        assert_ne!(before[0], before[1]);
    }

    #[test]
    fn equal_lines_are_numbered() {
        let prints = fingerprints("{{a {{b\n{{a {{b\n");
        let (first, last) = (prints[0].replace(":1\"", ""), prints[3].replace(":4\"", ""));
        assert_eq!(first, last);
    }

    #[test]
    fn of_a_long_line_only_what_is_near_counts() {
        let long = "é".repeat(5000);
        assert_eq!(fingerprints(&format!("{long}{{{{{long}")), fingerprints(&format!("é{long}{{{{{long}é")));
    }

    #[test]
    fn columns_count_code_points() {
        let region = &results("\u{feff}🙂é {{c1")[0]["locations"][0]["physicalLocation"]["region"];
        assert_eq!(region.to_string(), r#"{"startLine":1,"startColumn":4,"endLine":1,"endColumn":6}"#);
    }

    fn uri(path: &str) -> String {
        artifact(path)["uri"].as_str().expect("it has a URI").to_owned()
    }

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("notes/geo.md"), "notes/geo.md");
        assert_eq!(uri("a b/50%/é#?.md"), "a%20b/50%25/%C3%A9%23%3F.md");
        assert_eq!(uri("d:e.md"), "d%3Ae.md");
        assert_eq!(uri("/home/a b.md"), "file:///home/a%20b.md");
        assert_eq!(uri("//?/C:/decks/a b.md"), "file:///C:/decks/a%20b.md");
        assert_eq!(artifact("a.md")["uriBaseId"], "%SRCROOT%");
        assert_eq!(artifact("/a.md")["uriBaseId"], Value::Null);
    }
}
