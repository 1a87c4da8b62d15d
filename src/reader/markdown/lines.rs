//! Lines to chunks: where labels stand, before `CommonMark` sees the text.
//!
//! `CommonMark` would join `Q: …` and `A: …` into one paragraph, and take a label after a list for more of its last item. So the
//! file is cut at labels first, and each chunk is parsed alone. Labels are inert in fenced code, HTML comments, `<pre>` and the
//! like, and formulas on lines of their own.

use std::ops::Range;

use super::context::Context;
use super::foreign::Foreign;
use super::labels::{Label, Mark, head, hidden_label, near_label};
use crate::diagnostic::{Code, Diagnostic};
use crate::reader::gather::gathered;
use crate::reader::label::before_label;
use crate::source::{Span, lines};

/// Says what a chunk begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// Nothing of note: the top of the body, or what follows a break.
    Plain,
    /// A label.
    Label(Label),
    /// A thematic break that ends a labelled card; the chunk is that line.
    Break,
    /// A formula in `$$` of which a line looks like a list, a quote or a heading, so that `CommonMark` would break it up.
    Formula,
}

/// Is a stretch that is parsed by itself.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub(super) head: Head,
    /// Where it begins, label and all.
    pub(super) start: usize,
    /// Its text, behind the label.
    pub(super) content: Range<usize>,
    /// Whether a near miss of `A:` was reported in it, which explains a missing answer.
    pub(super) near_answer: bool,
}

/// Says inside what a line stands, as far as labels are concerned.
enum Inside {
    Text,
    Fence {
        byte: u8,
        length: usize,
        opener: Range<usize>,
        column: usize,
    },
    /// `cut` is where the formula begins, where it may become a chunk of its own; `broken` is whether it has to.
    Math {
        cut: Option<usize>,
        broken: Broken,
    },
}

/// Says whether `CommonMark` would see a block inside a formula.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Broken {
    No,
    Yes,
}

/// Cuts the body, from `start` on, into chunks. Returns them, and the marks of other tools that stand in the text.
pub(super) fn chunks(ctx: &mut Context<'_>, start: usize) -> (Vec<Chunk>, Foreign) {
    let mut scanner = Scanner {
        text: ctx.text,
        chunks: vec![plain(start)],
        inside: Inside::Text,
        in_card: false,
        awaiting: false,
        in_list: false,
        labels: 0,
        near_questions: Vec::new(),
        near_answers: false,
        foreign: Foreign::new(&ctx.text[start..]),
        rewind: None,
        skip_to: start,
    };
    scanner.lines(ctx, start);
    while let Inside::Fence { opener, .. } = std::mem::replace(&mut scanner.inside, Inside::Text) {
        // A `card` fence that is never closed must not swallow the cards below it.
        let next = if is_card_fence(ctx.text, &opener) {
            next_card(ctx.text, opener.end..ctx.text.len())
        } else {
            None
        };
        if let Some(next) = next {
            scanner.end_fence(ctx, opener, next.clone());
            scanner.lines(ctx, next.start);
            continue;
        }
        let message = if is_card_fence(ctx.text, &opener) {
            "`card` fence is never closed; all that follows is in its card"
        } else {
            "code fence is never closed; all that follows is code"
        };
        ctx.report(Code::UnclosedFence, opener, message, CLOSE_FENCE);
    }
    if let Some(last) = scanner.chunks.last_mut()
        && !matches!(last.head, Head::Break | Head::Formula)
    {
        last.content.end = ctx.text.len();
    }
    if scanner.labels > 0 || scanner.near_answers {
        near_questions(ctx, &scanner.near_questions);
    }
    (scanner.chunks, scanner.foreign)
}

const CLOSE_FENCE: &str = "close it with a line of the same fence characters";

/// Returns whether the line at `opener` opens a `card` fence.
fn is_card_fence(text: &str, opener: &Range<usize>) -> bool {
    let info = text[opener.clone()].trim_start_matches(['`', '~']);
    info.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("card"))
}

/// Returns the first line in `range`, behind the one where it begins, that begins a card or a section.
fn next_card(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    lines(&text[..range.end], range.start).skip(1).find(|line| {
        let text = &text[line.clone()];
        let labelled = matches!(head(text), Some((Mark::Label(label), _)) if label.begins_card());
        labelled || is_heading(text)
    })
}

fn plain(start: usize) -> Chunk {
    Chunk { head: Head::Plain, start, content: start..start, near_answer: false }
}

struct Scanner<'a> {
    text: &'a str,
    chunks: Vec<Chunk>,
    inside: Inside,
    /// Whether the line stands in a labelled card, which a thematic break ends.
    in_card: bool,
    /// Whether that card has a question and no answer yet.
    awaiting: bool,
    in_list: bool,
    /// Labels that begin a card, and answers: what makes a near miss of `Q:` worth a word.
    labels: usize,
    near_questions: Vec<(Range<usize>, &'static str)>,
    /// Whether a near miss of `A:` stands below one of `Q:`, which makes them worth a word too.
    near_answers: bool,
    foreign: Foreign,
    /// Where to read on, after the end of a fence was found to lie further up.
    rewind: Option<usize>,
    /// Lines that begin before this stand in an HTML comment or the like.
    skip_to: usize,
}

impl Scanner<'_> {
    fn lines(&mut self, ctx: &mut Context<'_>, start: usize) {
        let mut from = Some(start);
        while let Some(start) = from.take() {
            for line in lines(ctx.text, start) {
                if line.start >= self.skip_to {
                    self.line(ctx, line);
                }
                from = self.rewind.take();
                if from.is_some() {
                    break;
                }
            }
        }
    }

    /// Ends the `card` fence at `opener`, which is not closed, before the line `next`.
    fn end_fence(&mut self, ctx: &mut Context<'_>, opener: Range<usize>, next: Range<usize>) {
        let finding = Diagnostic::at(
            Code::UnclosedFence,
            ctx.span(opener),
            "`card` fence is never closed; it was taken to end before the next card",
        );
        let next_line = ctx.span(next.clone());
        ctx.diagnostics.push(finding.label(next_line, "taken to end above this line").help(CLOSE_FENCE));
        if let Some(last) = self.chunks.last_mut() {
            last.content.end = next.start.max(last.content.start);
        }
        self.chunks.push(plain(next.start));
        self.inside = Inside::Text;
    }

    fn line(&mut self, ctx: &mut Context<'_>, line: Range<usize>) {
        let text = &self.text[line.clone()];
        let bytes = text.as_bytes();
        let indent = bytes.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let blank = indent == bytes.len();
        match &self.inside {
            Inside::Text => {}
            Inside::Fence { byte, length, column, opener } => {
                let run = bytes[indent..].iter().take_while(|b| *b == byte).count();
                let again = run >= *length && is_card_fence(text, &(indent..text.len()));
                if again && is_card_fence(self.text, opener) {
                    let opener = opener.clone();
                    let next = next_card(self.text, opener.end..line.start);
                    let next = next.unwrap_or(line);
                    self.rewind = Some(next.start);
                    self.end_fence(ctx, opener, next);
                    return;
                }
                let closes = run >= *length && text[indent + run..].trim().is_empty();
                // A fence inside a list item ends with the item.
                let left = !blank && indent < *column;
                if closes || left {
                    self.inside = Inside::Text;
                }
                if closes || !left {
                    return;
                }
            }
            Inside::Math { cut, broken } => {
                let (cut, broken) = (*cut, *broken);
                if blank || text.contains("$$") {
                    self.inside = Inside::Text;
                    if let Some(start) =
                        cut.filter(|_| broken == Broken::Yes && text.trim_end().ends_with("$$"))
                    {
                        self.push(Head::Formula, start..line.end, start);
                        self.chunks.push(plain(line.end));
                    }
                } else if content_column(text).1
                    || text[indent..].starts_with(['>', '=', '-'])
                    || is_heading(&text[indent..])
                {
                    self.inside = Inside::Math { cut, broken: Broken::Yes };
                }
                return;
            }
        }
        if blank {
            return;
        }
        let head = if indent == 0 { head(text) } else { None };
        match head {
            Some((Mark::Break, _)) if self.in_card => {
                self.push(Head::Break, line.clone(), line.start);
                self.chunks.push(plain(line.end));
                self.in_card = false;
                self.awaiting = false;
                self.in_list = false;
                return;
            }
            Some((Mark::Label(label), length)) => {
                self.foreign.within(ctx, text, line.start);
                self.label(ctx, label, line.clone(), length);
                self.in_list = false;
                self.block_start(ctx, line.start + length..line.end, true);
                return;
            }
            Some((Mark::Break, _)) | None => {}
        }
        if let Some((label, hidden)) = hidden_label(text).filter(|_| indent == 0) {
            let seen = line.start + hidden..line.end;
            let length = label.word().len() + 1;
            if let Some(first) = text.chars().next() {
                let span = ctx.span(line.start..seen.start + length);
                ctx.diagnostics.push(before_label(span, first));
            }
            self.label(ctx, label, seen.clone(), length);
            if let [.., before, _] = self.chunks.as_mut_slice() {
                // What cannot be seen belongs to no card.
                before.content.end = line.start.max(before.content.start);
            }
            self.in_list = false;
            self.block_start(ctx, seen.start + length..seen.end, true);
            return;
        }
        self.near(ctx, text, &line);
        self.foreign.line(ctx, text, &line);
        if indent <= 3 && is_heading(&text[indent..]) {
            self.in_card = false;
            self.awaiting = false;
            self.in_list = false;
        }
        self.block_start(ctx, line.clone(), false);
    }

    fn push(&mut self, head: Head, line: Range<usize>, content: usize) {
        if let Some(last) = self.chunks.last_mut() {
            last.content.end = line.start.max(last.content.start);
        }
        self.chunks.push(Chunk {
            head,
            start: line.start,
            content: content..line.end.max(content),
            near_answer: false,
        });
    }

    fn label(&mut self, ctx: &mut Context<'_>, label: Label, line: Range<usize>, length: usize) {
        if label.begins_card() || label == Label::Answer {
            self.labels += 1;
        }
        if label.begins_card() {
            self.in_card = true;
        }
        self.awaiting = match label {
            Label::Question | Label::Both => true,
            Label::Answer | Label::Cloze => false,
            Label::Extra | Label::Hint | Label::Source => self.awaiting,
        };
        let rest = &ctx.text[line.start + length..line.end];
        let content = line.start + length + (rest.len() - rest.trim_start().len());
        self.push(Head::Label(label), line, content);
    }

    /// Looks for what makes later lines inert: fences, comments, `<pre>`, `$$`.
    fn block_start(&mut self, ctx: &mut Context<'_>, line: Range<usize>, behind_label: bool) {
        let text = &self.text[line.clone()];
        let (column, listed) = content_column(text);
        let rest = &text[column..];
        let nested = column > 0 && !behind_label;
        if listed {
            self.in_list = true;
        } else if column == 0 && self.in_list && !behind_label {
            self.in_list = !rest.is_empty() && !is_fence_or_html(rest);
        }
        match rest.as_bytes().first() {
            Some(byte @ (b'`' | b'~')) => {
                let length = rest.bytes().take_while(|b| b == byte).count();
                // An info string of a backtick fence holds no backtick (CommonMark §4.5).
                if length >= 3 && (*byte == b'~' || !rest[length..].contains('`')) {
                    let column = if nested && (listed || self.in_list) { column.min(2) } else { 0 };
                    if nested && column == 0 && text.len() - text.trim_start().len() > 3 {
                        return;
                    }
                    let opener = line.start + (text.len() - rest.len())..line.end;
                    self.inside = Inside::Fence { byte: *byte, length, opener, column };
                }
            }
            Some(b'<') => self.html(ctx, rest, line.end - rest.len()),
            Some(b'$') if rest.starts_with("$$") && !rest[2..].contains("$$") => {
                let inner = nested || self.in_list;
                let cut = (!inner).then_some(line.end - rest.len());
                self.inside = Inside::Math { cut, broken: Broken::No };
            }
            _ => {}
        }
    }

    fn html(&mut self, ctx: &mut Context<'_>, rest: &str, start: usize) {
        let lower = rest.get(..9).unwrap_or(rest).to_ascii_lowercase();
        let close = if rest.starts_with("<!--") {
            "-->"
        } else {
            let named = |name: &str| {
                lower
                    .strip_prefix('<')
                    .and_then(|rest| rest.strip_prefix(name))
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '>']))
            };
            match () {
                () if named("pre") => "</pre>",
                () if named("script") => "</script>",
                () if named("style") => "</style>",
                () if named("textarea") => "</textarea>",
                () => return,
            }
        };
        if rest.contains(close) {
            return;
        }
        if let Some(at) = self.text[start..].find(close) {
            self.skip_to = start + at + close.len();
        } else {
            self.skip_to = self.text.len();
            let end = start + rest.len().min(4);
            ctx.report(
                Code::UnclosedFence,
                start..end,
                format!("no `{close}` closes this; all that follows is raw HTML"),
                &format!("close it with `{close}`"),
            );
        }
    }

    /// Looks for a line that is almost a label.
    fn near(&mut self, ctx: &mut Context<'_>, text: &str, line: &Range<usize>) {
        let Some((word, length, what)) = near_label(text) else { return };
        let range = line.start..line.start + length;
        if word == "A" {
            if !self.awaiting {
                self.near_answers |= !self.near_questions.is_empty();
                return;
            }
            if let Some(chunk) = self.chunks.last_mut() {
                chunk.near_answer = true;
            }
            self.labels += 1;
        } else {
            self.near_questions.push((range, what));
            return;
        }
        near_miss(ctx, &[range], what, word);
    }
}

fn near_miss(ctx: &mut Context<'_>, places: &[Range<usize>], what: &str, word: &str) {
    let Some(first) = places.first() else { return };
    let message = format!("`{}` is almost the label `{word}:`: {what}", ctx.text[first.clone()].trim());
    let spans: Vec<Span> = places.iter().map(|place| ctx.span(place.clone())).collect();
    if let Some(finding) = gathered(Code::NearMissLabel, &spans, message, "here too") {
        let help = format!("did you mean `{word}:`, at the margin and with a space behind it?");
        ctx.diagnostics.push(finding.help(help));
    }
}

/// Reports the near misses of `Q:`, those with one fault together.
fn near_questions(ctx: &mut Context<'_>, found: &[(Range<usize>, &'static str)]) {
    let mut faults: Vec<(&str, Vec<Range<usize>>)> = Vec::new();
    for (range, what) in found {
        match faults.iter_mut().find(|(fault, _)| fault == what) {
            Some((_, places)) => places.push(range.clone()),
            None => faults.push((what, vec![range.clone()])),
        }
    }
    for (what, places) in faults {
        near_miss(ctx, &places, what, "Q");
    }
}

fn is_heading(text: &str) -> bool {
    let hashes = text.bytes().take_while(|b| *b == b'#').count();
    (1..=6).contains(&hashes) && matches!(text.as_bytes().get(hashes), None | Some(b' ' | b'\t'))
}

fn is_fence_or_html(rest: &str) -> bool {
    rest.starts_with("```") || rest.starts_with("~~~") || rest.starts_with('<')
}

/// Returns where a line's content begins behind spaces and list markers, and whether there was a marker.
fn content_column(text: &str) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut listed = false;
    loop {
        while matches!(bytes.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        let marker = match bytes.get(at) {
            Some(b'-' | b'+' | b'*') => 1,
            Some(b'0'..=b'9') => {
                let digits = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
                match bytes.get(at + digits) {
                    Some(b'.' | b')') if digits <= 9 => digits + 1,
                    _ => return (at, listed),
                }
            }
            _ => return (at, listed),
        };
        if !matches!(bytes.get(at + marker), Some(b' ' | b'\t')) {
            return (at, listed);
        }
        at += marker;
        listed = true;
    }
}
