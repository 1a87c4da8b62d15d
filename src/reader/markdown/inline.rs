//! Inline events to inlines. Cloze markers are found here, in text events alone, so that code, math and link addresses are
//! inert by themselves.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::cloze::push_text;
use super::context::{MAX_DEPTH, line_feeds};
use super::math::{clean_tex, inert};
use super::walker::Walker;
use super::words::joined_code;
use crate::bytes;
use crate::model::text::{Inline, Link};

/// Is an inline container that is still open.
pub(super) struct Open {
    pub(super) kind: Kind,
    pub(super) content: Vec<Inline>,
    pub(super) range: Range<usize>,
}

pub(super) enum Kind {
    Root,
    Emphasis,
    Strong,
    Strikethrough,
    Link {
        url: String,
        title: Option<String>,
    },
    /// A wiki link, of which only the text stays.
    Wiki,
    Image {
        path: String,
        title: Option<String>,
        wiki: Option<Width>,
    },
    /// A deletion, with the length of its marker and the plain braces open in it.
    Cloze {
        numbers: Numbers,
        marker: usize,
        braces: usize,
    },
}

/// Are the numbers of a deletion.
pub(super) enum Numbers {
    Good(Vec<u16>),
    /// Numbers that were reported: what looks like a deletion is text.
    Bad,
}

/// Says whether `![[path|…]]` gives something behind the bar.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    Given,
    None,
}

/// Builds the inlines of one leaf block.
pub(super) struct Leaf {
    pub(super) stack: Vec<Open>,
    /// Containers that are only counted, because they nest too deep.
    pub(super) ignored: usize,
    /// Open deletions on the stack.
    pub(super) clozes: usize,
    pub(super) pending: String,
    pub(super) pending_start: usize,
    /// Events that begin before this are part of a formula that was read from the source.
    pub(super) skip_until: usize,
    pub(super) skipped: usize,
    /// Where the event before ended: a backslash between it and the next text is an escape.
    pub(super) previous_end: usize,
    /// The end of the leaf's text, and what attributes cut off.
    pub(super) end: usize,
    pub(super) limit: usize,
    /// Whether `\)` and `\]` are known to be missing in the rest of the leaf.
    pub(super) no_closer: [bool; 2],
    /// The closing tag to drop, of a media tag.
    pub(super) closing: Option<&'static str>,
    pub(super) levels: usize,
}

impl Leaf {
    fn new() -> Leaf {
        Leaf {
            stack: vec![Open { kind: Kind::Root, content: Vec::new(), range: 0..0 }],
            ignored: 0,
            clozes: 0,
            pending: String::new(),
            pending_start: 0,
            skip_until: 0,
            skipped: 0,
            previous_end: 0,
            end: 0,
            limit: 0,
            no_closer: [false; 2],
            closing: None,
            levels: 0,
        }
    }

    /// Makes the leaf ready for another block, with the room that it had for the last one.
    fn begin(&mut self, end: usize, limit: usize, depth: usize) {
        self.pending.clear();
        *self = Leaf {
            stack: std::mem::take(&mut self.stack),
            pending: std::mem::take(&mut self.pending),
            end,
            limit,
            levels: MAX_DEPTH.saturating_sub(depth).max(1),
            ignored: 0,
            clozes: 0,
            pending_start: 0,
            skip_until: 0,
            skipped: 0,
            previous_end: 0,
            no_closer: [false; 2],
            closing: None,
        };
    }

    pub(super) fn content(&mut self) -> &mut Vec<Inline> {
        let last = self.stack.len() - 1;
        &mut self.stack[last].content
    }

    pub(super) fn too_deep(&self) -> bool {
        self.stack.len() > self.levels
    }
}

impl<'a> Walker<'a, '_> {
    /// Reads inlines until a block begins or ends. `end` is where the leaf block ends, `limit` where its text is cut off,
    /// both in the file.
    pub(super) fn inlines(&mut self, end: usize, limit: usize, depth: usize) -> Vec<Inline> {
        let mut leaf = self.leaf.take().unwrap_or_else(|| Box::new(Leaf::new()));
        leaf.begin(end, limit, depth);
        while let Some((event, range)) = self.peek() {
            let at_block = match event {
                Event::Start(tag) => !is_inline(tag),
                Event::End(tag) => !is_inline_end(*tag),
                Event::Html(_) | Event::Rule => true,
                Event::Text(_)
                | Event::Code(_)
                | Event::InlineMath(_)
                | Event::DisplayMath(_)
                | Event::InlineHtml(_)
                | Event::FootnoteReference(_)
                | Event::SoftBreak
                | Event::HardBreak
                | Event::TaskListMarker(_) => false,
            };
            if at_block {
                break;
            }
            let range = range.clone();
            let Some((event, _)) = self.next() else { break };
            self.inline(&mut leaf, event, range);
        }
        let content = self.finish(&mut leaf);
        self.leaf = Some(leaf);
        content
    }

    fn inline(&mut self, leaf: &mut Leaf, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(leaf, tag, range),
            Event::End(_) => {
                leaf.previous_end = range.end;
                if leaf.skipped > 0 {
                    leaf.skipped -= 1;
                } else if leaf.ignored > 0 {
                    leaf.ignored -= 1;
                } else {
                    self.end(leaf, range.end);
                }
            }
            Event::Text(text) => {
                if range.start < leaf.limit {
                    self.text(leaf, &text, range);
                }
            }
            other => {
                leaf.previous_end = range.end;
                if range.start >= leaf.skip_until && range.start < leaf.limit {
                    self.atom(leaf, other, range);
                }
            }
        }
    }

    fn start(&mut self, leaf: &mut Leaf, tag: Tag<'a>, range: Range<usize>) {
        if range.start < leaf.skip_until {
            leaf.skipped += 1;
            return;
        }
        if leaf.ignored > 0 || leaf.too_deep() {
            leaf.ignored += 1;
            self.ctx.too_deep(range);
            return;
        }
        let kind = match tag {
            Tag::Strong => Kind::Strong,
            Tag::Strikethrough => Kind::Strikethrough,
            Tag::Link { link_type: LinkType::WikiLink { .. }, .. } => Kind::Wiki,
            Tag::Link { link_type, dest_url, title, .. } => {
                let url =
                    if link_type == LinkType::Email { format!("mailto:{dest_url}") } else { dest_url.into() };
                Kind::Link { url, title: given(&title) }
            }
            Tag::Image { link_type, dest_url, title, .. } => {
                let wiki = match link_type {
                    LinkType::WikiLink { has_pothole: true } => Some(Width::Given),
                    LinkType::WikiLink { has_pothole: false } => Some(Width::None),
                    _ => None,
                };
                Kind::Image { path: dest_url.into(), title: given(&title), wiki }
            }
            // Every other tag is a block; those never come here.
            _ => Kind::Emphasis,
        };
        self.flush(leaf);
        // Mostly one text is in it; a growing vector would begin with room for four.
        leaf.stack.push(Open { kind, content: Vec::with_capacity(1), range });
    }

    fn end(&mut self, leaf: &mut Leaf, end: usize) {
        self.flush(leaf);
        while leaf.stack.len() > 1 && matches!(leaf.stack[leaf.stack.len() - 1].kind, Kind::Cloze { .. }) {
            self.unclosed(leaf);
        }
        if leaf.stack.len() < 2 {
            return;
        }
        let Some(Open { kind, content, range }) = leaf.stack.pop() else { return };
        let inline = match kind {
            Kind::Emphasis => Inline::Emphasis { content },
            Kind::Strong => Inline::Strong { content },
            Kind::Strikethrough => Inline::Strikethrough { content },
            Kind::Link { url, title } => Inline::Link(Box::new(Link { url, title, content })),
            Kind::Wiki => {
                for inline in content {
                    add(leaf.content(), inline);
                }
                return;
            }
            Kind::Image { path, title, wiki } => self.image(path, title, wiki, &content, range.start..end),
            // Deletions were unwound above, and the root stays.
            Kind::Root | Kind::Cloze { .. } => return,
        };
        leaf.content().push(inline);
    }

    fn atom(&mut self, leaf: &mut Leaf, event: Event<'a>, range: Range<usize>) {
        let inline = match event {
            Event::Code(text) => {
                inert(self.ctx, &text, &range, "a code span");
                let source = &self.ctx.text[range.clone()];
                let text = if source.contains('\n') { joined_code(source) } else { text.into() };
                Inline::Code { text }
            }
            Event::InlineMath(tex) => {
                if self.rejected_math(leaf, &tex, &range) {
                    return;
                }
                Inline::Math { tex: clean_tex(&tex), display: false }
            }
            Event::DisplayMath(tex) => {
                if self.rejected_math(leaf, &tex, &range) {
                    return;
                }
                Inline::Math { tex: clean_tex(&tex), display: true }
            }
            Event::InlineHtml(html) => match self.html(leaf, &html, &range) {
                Some(inline) => inline,
                None => return,
            },
            Event::FootnoteReference(label) => Inline::FootnoteReference { label: label.into() },
            Event::SoftBreak => Inline::SoftBreak,
            Event::HardBreak => Inline::HardBreak,
            // Blocks end a leaf before they come here; task markers are read by the list.
            Event::Start(_)
            | Event::End(_)
            | Event::Text(_)
            | Event::Html(_)
            | Event::Rule
            | Event::TaskListMarker(_) => return,
        };
        self.flush(leaf);
        let content = leaf.content();
        let repeated = matches!(inline, Inline::SoftBreak)
            && matches!(content.last(), None | Some(Inline::SoftBreak | Inline::HardBreak));
        if !repeated {
            content.push(inline);
        }
    }

    pub(super) fn text(&mut self, leaf: &mut Leaf, text: &str, range: Range<usize>) {
        let mut text = text;
        let mut start = range.start;
        let verbatim = text.len() == range.len();
        let escaped = verbatim
            && start > leaf.previous_end
            && start > self.base
            && self.ctx.text.as_bytes()[start - 1] == b'\\';
        leaf.previous_end = range.end;
        if start < leaf.skip_until {
            if range.end <= leaf.skip_until || !verbatim {
                return;
            }
            text = text.get(leaf.skip_until - start..).unwrap_or("");
            start = leaf.skip_until;
        }
        if range.end > leaf.limit && verbatim {
            text = text.get(..leaf.limit - start).unwrap_or(text).trim_end();
        }
        if leaf.pending.is_empty() {
            leaf.pending_start = start;
        }
        // Most texts hold nothing that is to be looked at.
        if !escaped && bytes::find(text.as_bytes(), *b"\n\r{}").is_none() {
            leaf.pending.push_str(text);
            return;
        }
        if text.contains(['\n', '\r']) {
            // A wiki link over two lines comes as one text.
            leaf.pending.push_str(&line_feeds(text).replace('\n', " "));
            return;
        }
        if !verbatim {
            leaf.pending.push_str(text);
            return;
        }
        if escaped && start == range.start {
            if let Some(taken) = self.escaped_math(leaf, text, start) {
                if taken >= text.len() {
                    return;
                }
                text = &text[taken..];
                start += taken;
                leaf.pending_start = start;
            } else if let Some(first) = text.chars().next() {
                leaf.pending.push(first);
                text = &text[first.len_utf8()..];
                start += first.len_utf8();
            }
        }
        if self.ctx.clozes {
            self.scan(leaf, text, start);
        } else {
            leaf.pending.push_str(text);
        }
    }

    /// Moves the pending text into the open container.
    pub(super) fn flush(&mut self, leaf: &mut Leaf) {
        if leaf.pending.is_empty() {
            return;
        }
        // The text that was put together has room to spare; what is kept is as long as it has to be.
        let mut pending = std::mem::take(&mut leaf.pending);
        let start = leaf.pending_start;
        self.push_words(leaf.content(), &pending, start);
        pending.clear();
        leaf.pending = pending;
    }

    fn finish(&mut self, leaf: &mut Leaf) -> Vec<Inline> {
        self.flush(leaf);
        while leaf.stack.len() > 1 {
            if matches!(leaf.stack[leaf.stack.len() - 1].kind, Kind::Cloze { .. }) {
                self.unclosed(leaf);
            } else {
                let end = leaf.end;
                self.end(leaf, end);
            }
        }
        let content = leaf.content();
        // A comment or an attribute at the end leaves the space before it.
        loop {
            match content.last_mut() {
                Some(Inline::Text { text }) => {
                    text.truncate(text.trim_end().len());
                    if !text.is_empty() {
                        break;
                    }
                }
                Some(Inline::SoftBreak) => {}
                Some(_) | None => break,
            }
            content.pop();
        }
        // What is kept has no room to spare.
        let mut kept = Vec::with_capacity(content.len());
        kept.append(content);
        kept
    }
}

pub(super) fn add(content: &mut Vec<Inline>, inline: Inline) {
    if let Inline::Text { text } = &inline {
        push_text(content, text);
    } else {
        content.push(inline);
    }
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn is_inline(tag: &Tag<'_>) -> bool {
    is_inline_end(tag.to_end())
}

fn is_inline_end(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}
