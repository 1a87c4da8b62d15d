//! What all stages of reading one file share.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, Options, Parser};

use super::directives::Directive;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::reader::Settings;
use crate::source::{SourceFile, Span, Spanned};

/// The levels of nesting that are read; deeper content is flattened to text. The deepest of 22,130 real files has 21.
pub(super) const MAX_DEPTH: usize = 100;

/// Returns the Markdown that is read: `CommonMark` with GitHub's tables, strikethrough, task lists, footnotes and alerts, and
/// with math, definition lists and wiki links.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_WIKILINKS
}

/// Holds the file, where findings go, and what the parse of a chunk leaves behind beside blocks.
pub(super) struct Context<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) text: &'a str,
    pub(super) settings: &'a Settings,
    pub(super) diagnostics: &'a mut Diagnostics,
    /// Link reference definitions of the whole file.
    pub(super) definitions: Definitions<'a>,
    /// Whether the file holds anything like a cloze marker, so that most files are never scanned for one.
    pub(super) clozes: bool,
    /// Whether the file may define footnotes.
    pub(super) footnotes: bool,
    /// The labels of the footnotes that the file defines, in lower case.
    pub(super) footnote_labels: BTreeSet<String>,
    /// Deletions closed so far.
    pub(super) cloze_count: usize,
    /// Directives met and not yet taken.
    pub(super) directives: Vec<Spanned<Directive>>,
    /// Stretches that are no part of a field's source: comments, attributes, ids. In order.
    pub(super) cuts: Vec<Range<usize>>,
    /// Where link definitions stand, which leave no event.
    pub(super) definition_ranges: Vec<Range<usize>>,
    /// Whether too deep nesting was reported; once a file is enough.
    pub(super) depth_reported: bool,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        file: &'a SourceFile,
        text: &'a str,
        settings: &'a Settings,
        diagnostics: &'a mut Diagnostics,
    ) -> Context<'a> {
        Context {
            file,
            text,
            settings,
            diagnostics,
            definitions: Definitions::default(),
            clozes: text.contains("{{c") || text.contains("{{C"),
            footnotes: false,
            footnote_labels: BTreeSet::new(),
            cloze_count: 0,
            directives: Vec::new(),
            cuts: Vec::new(),
            definition_ranges: Vec::new(),
            depth_reported: false,
        }
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.file.span(range)
    }

    pub(super) fn report(&mut self, code: Code, range: Range<usize>, message: impl Into<String>, help: &str) {
        self.diagnostics.push(Diagnostic::at(code, self.span(range), message).help(help));
    }

    pub(super) fn too_deep(&mut self, range: Range<usize>) {
        if !self.depth_reported {
            self.depth_reported = true;
            // The opener is enough to point at: the whole may be megabytes.
            let start = range.start;
            let end = self.text[start..range.end].find(['\n', '\r']).map_or(range.end, |n| start + n);
            self.report(
                Code::NestedTooDeep,
                start..end,
                format!("nesting deeper than {MAX_DEPTH} levels is read as plain text"),
                "take lists, quotes and emphasis apart until they nest less deeply",
            );
        }
    }

    /// Returns the text of `range` with line ends as `\n` and without the cut stretches, trimmed.
    pub(super) fn source(&self, range: Range<usize>) -> String {
        let first = self.cuts.partition_point(|cut| cut.end <= range.start);
        let mut text = String::new();
        let mut at = range.start;
        for cut in self.cuts[first..].iter().take_while(|cut| cut.start < range.end) {
            if cut.start > at {
                text.push_str(&self.text[at..cut.start]);
            }
            at = at.max(cut.end.min(range.end));
        }
        let text = if at == range.start {
            self.text[range].trim().to_owned()
        } else {
            text.push_str(&self.text[at..range.end]);
            text.trim().to_owned()
        };
        if text.contains('\r') { line_feeds(&text) } else { text }
    }

    /// Adds a cut; they are kept in order because stages walk the file forwards more than once.
    pub(super) fn cut(&mut self, range: Range<usize>) {
        let at = self.cuts.partition_point(|cut| cut.start < range.start);
        self.cuts.insert(at, range);
    }
}

/// Returns `text` with CRLF and bare CR as LF, so that a checkout on another system reads the same.
pub(super) fn line_feeds(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

/// Holds the link reference definitions of a file whose chunks are parsed one by one.
#[derive(Default)]
pub(super) struct Definitions<'a> {
    links: HashMap<String, (CowStr<'a>, CowStr<'a>)>,
    /// How many bytes of addresses may still be copied: a long address with many references to it must not grow the file
    /// beyond a small multiple, as in `CommonMark` parsers.
    fuel: Cell<usize>,
}

impl<'a> Definitions<'a> {
    /// Collects the definitions of `body`.
    pub(super) fn collect(body: &'a str) -> Definitions<'a> {
        let parser = Parser::new_ext(body, options());
        let links = parser
            .reference_definitions()
            .iter()
            .map(|(label, link)| {
                let title = link.title.clone().unwrap_or(CowStr::Borrowed(""));
                (label.to_lowercase(), (owned(&link.dest), owned(&title)))
            })
            .collect();
        Definitions { links, fuel: Cell::new(body.len().max(100_000)) }
    }

    pub(super) fn resolve<'i>(&self, link: &BrokenLink<'i>) -> Option<(CowStr<'i>, CowStr<'i>)> {
        if self.links.is_empty() {
            return None;
        }
        let folded = link.reference.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let (url, title) = self.links.get(&folded)?;
        self.fuel.set(self.fuel.get().checked_sub(url.len() + title.len())?);
        Some((owned(url), owned(title)))
    }
}

fn owned<'o>(text: &CowStr<'_>) -> CowStr<'o> {
    CowStr::Boxed(text.as_ref().into())
}
