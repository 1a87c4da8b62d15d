//! Cards as other tools mark them, which this dialect takes for text: a word on how to write them here.

use std::ops::Range;

use super::context::Context;
use crate::bytes;
use crate::diagnostic::Code;
use crate::model::{Region, RegionKind};
use crate::reader::gather::gathered;
use crate::source::Span;

/// The longest sides, in bytes, that a card on one line has. What is longer is a sentence.
const LONGEST: [usize; 2] = [80, 200];

/// The longest line, in bytes, in which highlights and comments are looked for. Nobody writes longer ones.
const LONGEST_LINE: usize = 1 << 16;

/// Holds the marks of other tools found so far, outside code and comments.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    /// Whether the file holds `==` or `%%` at all, so that most files are never scanned for them line by line.
    marked: bool,
    /// `START` and `END`, of Obsidian_to_Anki; of a pair only the first.
    blocks: Vec<Span>,
    /// Whether a `START` waits for its `END`.
    open: bool,
    /// `?` and `??`, of the Spaced Repetition plugin of Obsidian.
    turns: Vec<Span>,
    /// `question::answer`, of the same plugin.
    one_line: Vec<Span>,
    /// `==text==`, Obsidian's highlight.
    highlights: Vec<Span>,
    /// `%%text%%`, Obsidian's comment.
    comments: Vec<Span>,
    /// Whether a comment over several lines is open.
    in_comment: bool,
    /// Queries of Dataview.
    queries: Vec<Span>,
}

impl Foreign {
    /// Returns a holder for what is found in `text`.
    pub(super) fn new(text: &str) -> Foreign {
        Foreign { marked: text.contains("==") || text.contains("%%"), ..Foreign::default() }
    }

    /// Looks at a line of text.
    pub(super) fn line(&mut self, ctx: &Context<'_>, text: &str, line: &Range<usize>) {
        let text = text.trim_end();
        let span = || ctx.span(line.start..line.start + text.len());
        match text {
            "START" => {
                self.blocks.push(span());
                self.open = true;
            }
            "END" => {
                let opened = std::mem::take(&mut self.open);
                self.blocks.extend((!opened).then(span));
            }
            "?" | "??" if is_touched(ctx.text, line) => self.turns.push(span()),
            "```dataview" | "```dataviewjs" | "~~~dataview" => self.queries.push(span()),
            _ if text.starts_with("STARTI ") && text.ends_with(" ENDI") => self.blocks.push(span()),
            _ if is_one_line(text) && is_paragraph(ctx.text, line) => self.one_line.push(span()),
            _ => {}
        }
        self.within(ctx, text, line.start);
    }

    /// Looks for marks within a line that begins at `start`.
    pub(super) fn within(&mut self, ctx: &Context<'_>, text: &str, start: usize) {
        if !self.marked || text.len() > LONGEST_LINE || !has_pair(text, b'=') && !has_pair(text, b'%') {
            return;
        }
        let bare = without_code(text);
        let mut comment = bare.find("%%");
        while let Some(at) = comment {
            let next = bare[at + 2..].find("%%").map(|next| at + 2 + next);
            if self.in_comment {
                // What ends here was reported where it began.
                self.in_comment = false;
                comment = next;
            } else if let Some(next) = next {
                self.comments.push(ctx.span(start + at..start + next + 2));
                comment = bare[next + 2..].find("%%").map(|after| next + 2 + after);
            } else {
                if bare[..at].trim().is_empty() {
                    self.comments.push(ctx.span(start + at..start + at + 2));
                    self.in_comment = true;
                }
                comment = None;
            }
        }
        let mut from = 0;
        while let Some(mark) = highlight(&bare, from) {
            from = mark.end;
            self.highlights.push(ctx.span(start + mark.start..start + mark.end));
        }
    }

    /// Reports what was found. What shows on a card matters in cards, and what was meant as one in prose.
    pub(super) fn report(self, ctx: &mut Context<'_>, regions: &[Region]) {
        let kept = |places: Vec<Span>, wanted: RegionKind| -> Vec<Span> {
            let is_wanted = |place: &Span| {
                let at = regions.partition_point(|region| region.span.start <= place.start);
                at > 0 && regions[at - 1].kind == wanted
            };
            places.into_iter().filter(is_wanted).collect()
        };
        let kinds = [
            (
                Code::NearMissLabel,
                self.blocks,
                "`START` and `END` mark cards of Obsidian_to_Anki; here they are text",
                "write the card as `Q: …` and `A: …`, or with `front:` and `back:` in a ```` ```card ```` fence",
            ),
            (
                Code::NearMissLabel,
                self.turns,
                "`?` on a line of its own parts the cards of Obsidian's Spaced Repetition; here it is text",
                "write `Q:` before the question and `A:` before the answer (`QA:` for `??`)",
            ),
            (
                Code::NearMissLabel,
                kept(self.one_line, RegionKind::Prose),
                "`::` parts the sides of a card of Obsidian's Spaced Repetition; here it is text",
                "write the term on one line and `: definition` on the next (`QA:` and `A:` for `:::`)",
            ),
            (
                Code::NearMissLabel,
                kept(self.comments, RegionKind::Card),
                "`%%` begins a comment of Obsidian; here it is text, and shows on the card",
                "write a comment as `<!-- … -->`",
            ),
            (
                Code::NearMissLabel,
                kept(self.queries, RegionKind::Card),
                "a query of Dataview shows on the card as it is written, not what it finds",
                "move it out of the card, for example above the first one",
            ),
            (
                Code::ForeignMark,
                kept(self.highlights, RegionKind::Card),
                "`==` marks a highlight of Obsidian; here it is text",
                "write `{{c1::…}}` for a deletion, `**…**` for emphasis or `<mark>…</mark>` for a highlight",
            ),
        ];
        for (code, places, message, help) in kinds {
            if let Some(finding) = gathered(code, &places, message, "here too") {
                ctx.diagnostics.push(finding.help(help));
            }
        }
    }
}

/// Returns whether `byte`, which is ASCII, stands in `text` twice on end.
fn has_pair(text: &str, byte: u8) -> bool {
    let mut rest = text.as_bytes();
    while let Some(at) = bytes::find(rest, [byte]) {
        rest = &rest[at + 1..];
        if rest.first() == Some(&byte) {
            return true;
        }
    }
    false
}

/// Returns whether the line has the form `term::definition`, and is neither code nor an address nor a field of Dataview with a link.
fn is_one_line(text: &str) -> bool {
    if !has_pair(text, b':') {
        return false;
    }
    let Some((term, rest)) = text.split_once("::") else { return false };
    let definition = rest.strip_prefix(':').unwrap_or(rest);
    let code = ['`', '<', '>', '|', ';', '$', '{', '\\'];
    let is_code = text.contains(code) || (!text.contains(' ') && text.contains(['(', ')', '_', '.', '/']));
    let marked = text.starts_with([' ', '\t', '#', '>', '-', '*', '+', '[', '!', ':']);
    let sides = [term.trim(), definition.trim()];
    sides.iter().zip(LONGEST).all(|(side, most)| !side.is_empty() && side.len() <= most)
        && !definition.contains("::")
        && !definition.trim_start().starts_with("[[")
        && !is_code
        && !marked
        && !text.contains("://")
}

/// Returns whether the line is a paragraph, alone or with others of its form.
fn is_paragraph(text: &str, line: &Range<usize>) -> bool {
    let (above, below) = (line_above(text, line), line_below(text, line));
    [above, below].iter().all(|line| line.trim().is_empty() || is_one_line(line.trim_end()))
}

/// Returns the line with the code and the formulas in it blanked out.
fn without_code(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['`', '$']) {
        let mark = &rest[at..];
        let byte = mark.as_bytes()[0];
        let length = mark.bytes().take_while(|next| *next == byte).count();
        let Some(end) = mark[length..].find(&mark[..length]) else {
            bare.push_str(&rest[..at + length]);
            rest = &mark[length..];
            continue;
        };
        bare.push_str(&rest[..at]);
        bare.extend(std::iter::repeat_n('.', end + 2 * length));
        rest = &mark[end + 2 * length..];
    }
    bare.push_str(rest);
    bare
}

/// Returns the first `==text==` in `text` from `from` on.
fn highlight(text: &str, mut from: usize) -> Option<Range<usize>> {
    let free = |c: char| !c.is_alphanumeric() && !matches!(c, '=' | '/' | '?' | '&' | '%');
    while let Some(at) = text[from..].find("==") {
        let start = from + at;
        let inner = &text[start + 2..];
        let opens = text[..start].chars().next_back().is_none_or(free)
            && inner.starts_with(|c: char| !c.is_whitespace() && c != '=');
        let end = inner.find("==").filter(|_| opens);
        if let Some(end) = end
            && !inner[..end].ends_with(char::is_whitespace)
            && inner[end + 2..].chars().next().is_none_or(free)
        {
            return Some(start..start + 2 + end + 2);
        }
        from = start + 2;
    }
    None
}

/// Returns whether text stands on the lines right above and below.
fn is_touched(text: &str, line: &Range<usize>) -> bool {
    !line_above(text, line).trim().is_empty() && !line_below(text, line).trim().is_empty()
}

fn line_above<'t>(text: &'t str, line: &Range<usize>) -> &'t str {
    let above = &text[..line.start];
    let above = above.strip_suffix("\r\n").or_else(|| above.strip_suffix(['\n', '\r'])).unwrap_or("");
    above.rsplit(['\n', '\r']).next().unwrap_or("")
}

fn line_below<'t>(text: &'t str, line: &Range<usize>) -> &'t str {
    let below = &text[line.end..];
    let below = below.strip_prefix("\r\n").or_else(|| below.strip_prefix(['\n', '\r'])).unwrap_or("");
    below.split(['\n', '\r']).next().unwrap_or("")
}
