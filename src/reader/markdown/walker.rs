//! Block events to blocks, over one chunk of a file.

use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{
    BlockQuoteKind, BrokenLinkCallback, CodeBlockKind, CowStr, Event, HeadingLevel, OffsetIter, Parser, Tag,
};

use super::context::{Context, Definitions, MAX_DEPTH, line_feeds, options};
use super::directives::{find_attributes, read_attributes, read_comment};
use super::html::{comment, media_tag, media_tags};
use super::inline::Leaf;
use super::math::inert;
use crate::diagnostic::Code;
use crate::model::text::{Alert, Block, Inline};

/// Answers for link references that another chunk of the file defines.
struct Links<'d, 'a>(&'d Definitions<'a>);

impl<'i> BrokenLinkCallback<'i> for Links<'_, '_> {
    fn handle_broken_link(
        &mut self,
        link: pulldown_cmark::BrokenLink<'i>,
    ) -> Option<(CowStr<'i>, CowStr<'i>)> {
        self.0.resolve(&link)
    }
}

/// Walks the events of one chunk. All ranges it hands out are of the file.
pub(super) struct Walker<'a, 'c> {
    pub(super) ctx: &'c mut Context<'a>,
    pub(super) base: usize,
    events: Peekable<OffsetIter<'a, Links<'c, 'a>>>,
    /// The items of the top-level list that is being read, in the order they begin.
    pub(super) items: Vec<ItemInfo>,
    /// Each term of the top-level definition list that is being read, with its definitions.
    pub(super) terms: Vec<TermInfo>,
    /// The rows of the top-level table that is being read, the header first.
    pub(super) rows: Vec<RowInfo>,
    /// The leaf that was read last, whose room serves the next one.
    pub(super) leaf: Option<Box<Leaf>>,
}

/// Says where a list item stands and whether its own text, nested lists aside, holds a deletion.
#[derive(Clone, Debug)]
pub(super) struct ItemInfo {
    pub(super) range: Range<usize>,
    pub(super) cloze: bool,
}

/// Says where a term and its definitions stand.
#[derive(Clone, Debug)]
pub(super) struct TermInfo {
    pub(super) term: Range<usize>,
    pub(super) definitions: Vec<Range<usize>>,
}

/// Says where a table row and its cells stand.
#[derive(Clone, Debug)]
pub(super) struct RowInfo {
    pub(super) range: Range<usize>,
    pub(super) cells: Vec<Range<usize>>,
}

impl<'a, 'c> Walker<'a, 'c> {
    /// Walks `range` of the file. `definitions` are those of the context, lent apart from it.
    pub(super) fn new(
        ctx: &'c mut Context<'a>,
        definitions: &'c Definitions<'a>,
        range: Range<usize>,
    ) -> Walker<'a, 'c> {
        let text = ctx.text;
        let base = range.start;
        let parser = Parser::new_with_broken_link_callback(&text[range], options(), Some(Links(definitions)));
        let links = parser.reference_definitions().iter();
        ctx.definition_ranges.extend(links.map(|(_, link)| base + link.span.start..base + link.span.end));
        let events = parser.into_offset_iter().peekable();
        Walker { ctx, base, events, items: Vec::new(), terms: Vec::new(), rows: Vec::new(), leaf: None }
    }

    /// Returns the next event without taking it.
    pub(super) fn peek(&mut self) -> Option<(&Event<'a>, Range<usize>)> {
        let base = self.base;
        self.events.peek().map(|(event, range)| (event, range.start + base..range.end + base))
    }

    pub(super) fn next(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        let base = self.base;
        self.events.next().map(|(event, range)| (event, range.start + base..range.end + base))
    }

    /// Reads the blocks up to the end of their container, and takes that end.
    pub(super) fn blocks(&mut self, range: &Range<usize>, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::with_capacity(1);
        loop {
            match self.peek() {
                None => return blocks,
                Some((Event::End(_), _)) => {
                    self.next();
                    return blocks;
                }
                Some(_) => self.push_block(&mut blocks, range, depth),
            }
        }
    }

    /// Reads one block, or a run of inlines as a paragraph, which is how tight lists come. `outer` is the container's range.
    pub(super) fn push_block(&mut self, blocks: &mut Vec<Block>, outer: &Range<usize>, depth: usize) {
        match self.peek() {
            Some((Event::Start(tag), _)) if is_block(tag) => {
                if let Some((Event::Start(tag), range)) = self.next() {
                    self.block(blocks, tag, range, depth);
                }
            }
            Some((Event::Rule, _)) => {
                self.next();
                blocks.push(Block::Rule);
            }
            Some((Event::Html(_) | Event::TaskListMarker(_), _)) => {
                self.next();
            }
            Some(_) => {
                let content = self.inlines(outer.end, usize::MAX, depth);
                blocks.extend(paragraph(content));
            }
            None => {}
        }
    }

    pub(super) fn block(&mut self, blocks: &mut Vec<Block>, tag: Tag<'a>, range: Range<usize>, depth: usize) {
        if depth >= MAX_DEPTH && !matches!(tag, Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_)) {
            self.ctx.too_deep(range);
            let text = self.flat_text();
            if !text.is_empty() {
                blocks.push(Block::text(text));
            }
            return;
        }
        let block = match tag {
            Tag::Paragraph => {
                let content = self.inlines(range.end, usize::MAX, depth);
                self.next();
                match paragraph(content) {
                    Some(block) => block,
                    None => return,
                }
            }
            Tag::Heading { level, .. } => {
                let content = self.heading_text(&range, depth);
                Block::Heading { level: level_number(level), content }
            }
            Tag::BlockQuote(kind) => {
                let alert = kind.map(|kind| match kind {
                    BlockQuoteKind::Note => Alert::Note,
                    BlockQuoteKind::Tip => Alert::Tip,
                    BlockQuoteKind::Important => Alert::Important,
                    BlockQuoteKind::Warning => Alert::Warning,
                    BlockQuoteKind::Caution => Alert::Caution,
                });
                Block::Quote { alert, content: self.blocks(&range, depth + 1) }
            }
            Tag::CodeBlock(kind) => self.code(&kind, &range),
            Tag::HtmlBlock => {
                self.html_block(blocks, &range);
                return;
            }
            Tag::List(start) => self.list_items(start, depth),
            Tag::FootnoteDefinition(label) => {
                Block::Footnote { label: label.as_ref().into(), content: self.blocks(&range, depth + 1) }
            }
            Tag::DefinitionList => self.definition_list(depth),
            Tag::Table(alignments) => self.table_rows(&alignments, depth),
            // Inline tags come through `inlines`, parts of lists and tables through their owners.
            _ => {
                self.flat_text();
                return;
            }
        };
        blocks.push(block);
    }

    /// Reads the text of a heading and takes its end; attributes at its end become directives.
    pub(super) fn heading_text(&mut self, range: &Range<usize>, depth: usize) -> Vec<Inline> {
        let text = heading_range(self.ctx.text, range.clone());
        let mut limit = usize::MAX;
        if let Some(at) = find_attributes(&self.ctx.text[text.clone()]) {
            limit = text.start + at;
            read_attributes(self.ctx, limit..text.end);
        }
        let content = self.inlines(range.end, limit, depth);
        self.next();
        content
    }

    fn code(&mut self, kind: &CodeBlockKind<'a>, range: &Range<usize>) -> Block {
        let mut code = String::new();
        while let Some((event, _)) = self.next() {
            match event {
                Event::Text(text) => code.push_str(&text),
                Event::End(_) => break,
                _ => {}
            }
        }
        let language: Option<Box<str>> = match kind {
            CodeBlockKind::Indented => None,
            CodeBlockKind::Fenced(info) => {
                info.split([' ', '\t', ',', '{']).next().filter(|word| !word.is_empty()).map(Box::from)
            }
        };
        inert(self.ctx, &code, range, "a code block");
        if language.as_deref().is_some_and(|language| language.eq_ignore_ascii_case("card")) {
            let end = self.ctx.text[range.start..].find(['\n', '\r']).map_or(range.end, |n| range.start + n);
            self.ctx.report(
                Code::NearMissLabel,
                range.start..end,
                "`card` fence inside other content is read as code",
                "let it stand by itself, at the margin",
            );
        }
        let mut text = line_feeds(&code);
        if text.ends_with('\n') {
            text.pop();
        }
        Block::Code { language, text }
    }

    /// Reads a block of raw HTML: comments become directives, media tags media, the rest stays as written.
    fn html_block(&mut self, blocks: &mut Vec<Block>, range: &Range<usize>) {
        let mut html = String::new();
        while let Some((event, _)) = self.next() {
            match event {
                Event::Html(part) | Event::Text(part) => html.push_str(&part),
                Event::End(_) => break,
                _ => {}
            }
        }
        let source = &self.ctx.text[range.clone()];
        let mut at = source.len() - source.trim_start().len();
        while let Some((content, length)) = comment(&source[at..]) {
            let start = range.start + at + "<!--".len();
            read_comment(self.ctx, start..start + content.len());
            self.ctx.cut(range.start + at..range.start + at + length);
            at += length;
            at += source[at..].len() - source[at..].trim_start().len();
        }
        let start = range.start + at;
        let rest = if at == 0 { html.as_str() } else { &source[at..] };
        let rest = rest.trim();
        if rest.is_empty() {
            return;
        }
        let tags = media_tags(rest);
        if tags.is_empty() {
            blocks.push(Block::Html { html: line_feeds(rest) });
            return;
        }
        let mut content = Vec::new();
        let mut done = 0;
        for tag in tags {
            let Some(medium) = media_tag(&rest[tag.clone()]) else { continue };
            let closing = medium.closing;
            let before = rest[done..tag.start].trim();
            if !before.is_empty() {
                content.push(Inline::Html { html: line_feeds(before) });
            }
            content.push(self.media(medium, &rest[tag.clone()], start + tag.start));
            done = tag.end;
            if let Some(closing) = closing
                && rest.get(done..done + closing.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(closing))
            {
                done += closing.len();
            }
        }
        let after = rest[done..].trim();
        if !after.is_empty() {
            content.push(Inline::Html { html: line_feeds(after) });
        }
        blocks.push(Block::Paragraph { content });
    }

    /// Takes everything up to the end of the container that just began, and returns its text.
    pub(super) fn flat_text(&mut self) -> String {
        let mut open = 1_usize;
        let mut text = String::new();
        while let Some((event, _)) = self.next() {
            match event {
                Event::Start(_) => open += 1,
                Event::End(_) => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                Event::Text(part)
                | Event::Code(part)
                | Event::InlineMath(part)
                | Event::DisplayMath(part) => {
                    text.push_str(&part);
                }
                Event::SoftBreak | Event::HardBreak => text.push(' '),
                _ => {}
            }
        }
        text.trim().to_owned()
    }
}

/// Returns a paragraph of `content`, or a formula where a display formula stands alone; nothing where nothing is in it.
pub(super) fn paragraph(mut content: Vec<Inline>) -> Option<Block> {
    match content.as_mut_slice() {
        [] => None,
        [Inline::Math { tex, display: true }] => Some(Block::Math { tex: std::mem::take(tex) }),
        _ => Some(Block::Paragraph { content }),
    }
}

/// Returns where the text of a heading stands: without `#`s at both ends, or without the underline.
pub(super) fn heading_range(text: &str, range: Range<usize>) -> Range<usize> {
    let source = text[range.clone()].trim_end();
    let lead = source.len() - source.trim_start().len();
    let inner = &source[lead..];
    let start = range.start + lead;
    if inner.starts_with('#') {
        let hashes = inner.bytes().take_while(|b| *b == b'#').count();
        let content = &inner[hashes..];
        let trimmed = content.trim_end_matches('#');
        let closed = trimmed.len() < content.len() && (trimmed.is_empty() || trimmed.ends_with([' ', '\t']));
        let content = if closed { trimmed.trim_end() } else { content };
        let begin = start + hashes + (content.len() - content.trim_start().len());
        return begin..(start + hashes + content.len()).max(begin);
    }
    let end = inner.rfind(['\n', '\r']).unwrap_or(inner.len());
    start..start + inner[..end].trim_end().len()
}

pub(super) fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}
