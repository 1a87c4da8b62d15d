//! Cloze deletions `{{c1::text::hint}}` in plain text.
//!
//! Used where a dialect has no markup of its own: text files and cells. The reading of hints and nesting is Anki's
//! (rslib `cloze.rs`): the first `::` of a stretch of text begins the hint, `}}` closes the innermost deletion.

use std::ops::Range;

use crate::anki::cloze::LAST_NUMBER;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::text::{Cloze, Inline};
use crate::source::{SourceFile, Span};

/// The deepest nesting that is read; deeper markers stay text.
const DEEPEST: usize = 100;

/// Is a stretch of one paragraph of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text, as bytes of the file. Neighbours join: a cell leaves out the second of two doubled quotes that way.
    Text(Range<usize>),
    /// A line end that is shown as a space.
    Soft,
    /// A line end that is shown as one.
    Hard,
}

/// Returns whether `text` holds a deletion: an opening marker and a `}}` behind it.
#[must_use]
pub fn holds(text: &str) -> bool {
    first_opening(text).is_some_and(|opening| text[opening.end..].contains("}}"))
}

/// Returns the place of the first opening marker in `text`.
#[must_use]
pub fn first_opening(text: &str) -> Option<Range<usize>> {
    let mut at = 0;
    while let Some(found) = text[at..].find("{{c") {
        let start = at + found;
        if let Some(opening) = Opening::at(&text[start..]) {
            return Some(start..start + opening.length);
        }
        at = start + 1;
    }
    None
}

/// Returns the inlines of one paragraph, with its deletions as nodes; reports what is wrong with them.
///
/// A deletion that is never closed stays text (D001), and so does one whose number Anki makes no card for (D006).
pub fn inlines(file: &SourceFile, pieces: &[Piece], diagnostics: &mut Diagnostics) -> Vec<Inline> {
    let mut scan = Scan { file, stack: vec![Frame::default()], skipped: 0, diagnostics };
    for piece in pieces {
        match piece {
            Piece::Text(range) => scan.text(range.clone()),
            Piece::Soft => scan.line_end(Inline::SoftBreak),
            Piece::Hard => scan.line_end(Inline::HardBreak),
        }
    }
    scan.finish()
}

/// Returns the inlines of one paragraph in which cloze markers mean nothing.
#[must_use]
pub fn literal(file: &SourceFile, pieces: &[Piece]) -> Vec<Inline> {
    let mut content = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(range) => push_text(&mut content, &file.text[range.clone()]),
            Piece::Soft => content.push(Inline::SoftBreak),
            Piece::Hard => content.push(Inline::HardBreak),
        }
    }
    content
}

/// Tells whether a deletion of this content has nothing to hide.
#[must_use]
pub fn hides_nothing(content: &[Inline]) -> bool {
    let blank = |inline: &Inline| matches!(inline, Inline::Text { text } if text.trim().is_empty());
    content.iter().all(|inline| blank(inline) || matches!(inline, Inline::SoftBreak | Inline::HardBreak))
}

/// Returns the finding about a deletion with nothing in it.
#[must_use]
pub fn nothing_hidden(span: Span) -> Diagnostic {
    Diagnostic::at(Code::EmptySide, span, "cloze deletion that hides nothing")
        .help("write what the learner has to recall between `::` and `}}`: `{{c1::Oslo}}`, with a hint `{{c1::Oslo::city}}`")
}

/// Is an opening marker, such as `{{c1,2::`.
struct Opening {
    numbers: Vec<u32>,
    length: usize,
}

impl Opening {
    /// Reads a marker at the start of `text`.
    fn at(text: &str) -> Option<Opening> {
        let inner = text.strip_prefix("{{c")?;
        let end = inner.bytes().position(|byte| !byte.is_ascii_digit() && byte != b',')?;
        if !inner[end..].starts_with("::") {
            return None;
        }
        let mut numbers = Vec::new();
        if end > 0 {
            for digits in inner[..end].split(',') {
                if digits.is_empty() {
                    return None;
                }
                numbers.push(digits.parse().unwrap_or(u32::MAX));
            }
        }
        Some(Opening { numbers, length: 3 + end + 2 })
    }

    /// Returns the numbers that Anki makes cards for.
    fn valid(&self) -> impl Iterator<Item = u16> + '_ {
        self.numbers
            .iter()
            .filter(|number| makes_card(**number))
            .filter_map(|number| u16::try_from(*number).ok())
    }
}

fn makes_card(number: u32) -> bool {
    (1..=u32::from(LAST_NUMBER)).contains(&number)
}

/// Is a deletion that is open, or the paragraph itself.
#[derive(Default)]
struct Frame {
    marker: Range<usize>,
    numbers: Vec<u16>,
    content: Vec<Inline>,
    hint: Option<String>,
    /// Whether text goes to the hint until the next marker.
    hinting: bool,
}

struct Scan<'a> {
    file: &'a SourceFile,
    stack: Vec<Frame>,
    /// Openings that stayed text, whose closing has to stay text too.
    skipped: usize,
    diagnostics: &'a mut Diagnostics,
}

impl Scan<'_> {
    fn text(&mut self, range: Range<usize>) {
        let text = &self.file.text[range.clone()];
        let mut plain = 0;
        let mut at = 0;
        while let Some(found) = text[at..].find(['{', '}']) {
            let place = at + found;
            let rest = &text[place..];
            if let Some(opening) = Opening::at(rest) {
                let marker = range.start + place..range.start + place + opening.length;
                if self.opens(&opening, marker.clone()) {
                    self.plain(&text[plain..place]);
                    self.stack.push(Frame { marker, numbers: opening.valid().collect(), ..Frame::default() });
                    plain = place + opening.length;
                }
                at = place + opening.length;
            } else if rest.starts_with("}}") && self.skipped > 0 {
                self.skipped -= 1;
                at = place + 2;
            } else if rest.starts_with("}}") && self.stack.len() > 1 {
                self.plain(&text[plain..place]);
                self.close(range.start + place + 2);
                at = place + 2;
                plain = at;
            } else {
                at = place + 1;
            }
        }
        self.plain(&text[plain..]);
    }

    /// Returns whether the marker opens a deletion; reports why where it does not.
    fn opens(&mut self, opening: &Opening, marker: Range<usize>) -> bool {
        if let Some(number) = opening.numbers.iter().find(|number| !makes_card(**number)) {
            let shown = if *number == u32::MAX { "that".into() } else { number.to_string() };
            self.diagnostics.push(
                Diagnostic::at(
                    Code::ClozeNumber,
                    self.file.span(marker),
                    format!("Anki makes no card for cloze number {shown}"),
                )
                .help(format!("use a number from 1 to {LAST_NUMBER}")),
            );
            if opening.valid().next().is_none() {
                self.skipped += 1;
                return false;
            }
        } else if self.stack.len() > DEEPEST {
            if self.skipped == 0 {
                self.diagnostics.push(
                    Diagnostic::at(
                        Code::NestedTooDeep,
                        self.file.span(marker),
                        format!("cloze deletions nested deeper than {DEEPEST} levels stay text"),
                    )
                    .help("nest fewer deletions"),
                );
            }
            self.skipped += 1;
            return false;
        }
        true
    }

    fn plain(&mut self, text: &str) {
        let deletion = self.stack.len() > 1;
        let frame = self.top();
        if frame.hinting {
            frame.hint.get_or_insert_default().push_str(text);
        } else if deletion && let Some((shown, hint)) = text.split_once("::") {
            push_text(&mut frame.content, shown);
            frame.hint = Some(hint.to_owned());
            frame.hinting = true;
        } else {
            push_text(&mut frame.content, text);
        }
    }

    fn line_end(&mut self, line_end: Inline) {
        let frame = self.top();
        if frame.hinting {
            frame.hint.get_or_insert_default().push(' ');
        } else {
            frame.content.push(line_end);
        }
    }

    fn close(&mut self, end: usize) {
        if let Some(frame) = self.stack.pop() {
            let span = self.file.span(frame.marker.start..end);
            let hint = frame.hint.filter(|hint| !hint.trim().is_empty());
            if hides_nothing(&frame.content) {
                self.diagnostics.push(nothing_hidden(span));
            }
            let cloze = Cloze { numbers: frame.numbers, content: frame.content, hint, span };
            let parent = self.top();
            parent.hinting = false;
            parent.content.push(Inline::Cloze(Box::new(cloze)));
        }
    }

    fn top(&mut self) -> &mut Frame {
        self.stack.last_mut().expect("the paragraph's own frame is never popped")
    }

    fn finish(mut self) -> Vec<Inline> {
        while self.stack.len() > 1 {
            let Some(frame) = self.stack.pop() else { break };
            self.diagnostics.push(
                Diagnostic::at(
                    Code::UnclosedCloze,
                    self.file.span(frame.marker.clone()),
                    "cloze deletion is never closed",
                )
                .help("close it with `}}` before the end of the paragraph"),
            );
            let marker = self.file.text[frame.marker].to_owned();
            let parent = self.top();
            parent.hinting = false;
            push_text(&mut parent.content, &marker);
            for inline in frame.content {
                match inline {
                    Inline::Text { text } => push_text(&mut parent.content, &text),
                    other => parent.content.push(other),
                }
            }
            if let Some(hint) = frame.hint {
                push_text(&mut parent.content, &format!("::{hint}"));
            }
        }
        self.stack.pop().map_or_else(Vec::new, |frame| frame.content)
    }
}

/// Appends text, joined to text before it.
fn push_text(content: &mut Vec<Inline>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Inline::Text { text: last }) = content.last_mut() {
        last.push_str(text);
    } else {
        content.push(Inline::Text { text: text.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, holds, inlines};
    use crate::diagnostic::Diagnostics;
    use crate::reader::testing::{add, inlines as shown};
    use crate::source::SourceMap;

    /// Each line of `source` is a line of one paragraph.
    fn check(source: &str, expected: &str) {
        let mut map = SourceMap::default();
        let id = map.add("a.txt".into(), source.into());
        let mut pieces = Vec::new();
        for line in map.file(id).lines() {
            pieces.push(Piece::Text(line));
            pieces.push(Piece::Hard);
        }
        pieces.pop();
        let mut diagnostics = Diagnostics::default();
        let mut out = shown(&inlines(map.file(id), &pieces, &mut diagnostics));
        for finding in diagnostics.iter() {
            let span = finding.span.expect("every finding of the scanner has a place");
            add(&mut out, format_args!(" <{} {}>", finding.code.id(), &source[span.range()]));
        }
        assert_eq!(out, expected, "{source}");
    }

    #[test]
    fn deletions_have_numbers_content_and_hint() {
        check("{{c1::Oslo}}", "[1:Oslo]");
        check("a {{c2::b::c}} d", "a [2:b|c] d");
        check("{{c1,3::b}}", "[1,3:b]");
        check("{{c::b}}", "[:b]");
        check("{{c1::}}", "[1:] <D008 {{c1::}}>");
        check("{{c1::a::}}", "[1:a]");
        check("{{c1::a::b::c}}", "[1:a|b::c]");
        check("{{c1::東京::首都}}", "[1:東京|首都]");
    }

    #[test]
    fn deletions_nest_and_run_over_lines() {
        check("{{c1::a {{c2::b}} c}}", "[1:a [2:b] c]");
        check("{{c1::a {{c2::b::h}} c::g}}", "[1:a [2:b|h] c|g]");
        check("{{c1::a\nb::h\ni}}", "[1:a/b|h i]");
        check("{{c1::a::h {{c2::b}} c}}", "[1:a[2:b] c|h ]");
    }

    #[test]
    fn what_is_no_marker_stays_text() {
        check(
            "}} {c1::a} {{C1::a}} {{c1:a}} {{cx::a}} {{c1,::a}}",
            "}} {c1::a} {{C1::a}} {{c1:a}} {{cx::a}} {{c1,::a}}",
        );
        check("{{c1::a}}}", "[1:a]}");
    }

    #[test]
    fn an_unclosed_deletion_stays_text_and_is_reported() {
        check("is {{c1::Oslo", "is {{c1::Oslo <D001 {{c1::>");
        check("{{c1::a {{c2::b}} c::h", "{{c1::a [2:b] c::h <D001 {{c1::>");
        check("{{c1::a {{c2::b}}", "{{c1::a [2:b] <D001 {{c1::>");
    }

    #[test]
    fn a_number_without_a_card_is_reported() {
        check("{{c0::a}} b", "{{c0::a}} b <D006 {{c0::>");
        check("{{c501::a}} {{c1::b}}", "{{c501::a}} [1:b] <D006 {{c501::>");
        check("{{c1,501::a}}", "[1:a] <D006 {{c1,501::>");
        check("{{c99999999999::a}}", "{{c99999999999::a}} <D006 {{c99999999999::>");
    }

    #[test]
    fn deep_nesting_is_cut_and_reported_once() {
        let source = format!("{}x{}", "{{c1::".repeat(5000), "}}".repeat(5000));
        let mut map = SourceMap::default();
        let id = map.add("a.txt".into(), source.clone());
        let mut diagnostics = Diagnostics::default();
        let content = inlines(map.file(id), &[Piece::Text(0..source.len())], &mut diagnostics);
        assert_eq!(content.len(), 1);
        assert_eq!(diagnostics.iter().count(), 1);
    }

    #[test]
    fn a_deletion_has_an_opening_and_a_closing_behind_it() {
        assert!(holds("<i>{{c1::a}}</i>") && !holds("{{c1::a") && !holds("}} {{c1::a"));
    }
}
