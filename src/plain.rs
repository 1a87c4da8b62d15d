//! Lowers the content of a field to plain text.
//!
//! Blocks are lines, without blank lines between them, so that a blank line stays free as a separator. Lists have `• `
//! or `1. `, task lists `☐ ` and `☑ `, tables ` | ` between cells, quotes `> `. Formulas are their TeX source, code is as it is, an image is `[alt]`, a sound
//! `[sound]`. Tags of raw HTML go, their text stays.
//!
//! This module does no I/O.

mod html;
mod lines;
mod raw;

pub use html::entity;

use std::collections::HashSet;

use crate::html::one_line;
use crate::model::text::{Block, Definition, Inline, ListItem, MediaKind, Table, each_inline};
use crate::model::{MediaRef, Medium};
use lines::Lines;

/// Says how deletions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clozes {
    /// As their content.
    Shown,
    /// As `{{c1::content::hint}}`, which deckc and Anki read again.
    Marked,
    /// As `____`, or `____ (hint)`.
    Blank,
    /// Those of one number as blanks, the others as their content.
    Only(u16),
}

/// Says whether links keep their address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// The text alone.
    Text,
    /// `text (address)`, where the text is not the address itself.
    Address,
}

/// Says how to lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Deletions.
    pub clozes: Clozes,
    /// Links.
    pub links: Links,
}

impl Default for Style {
    fn default() -> Self {
        Self { clozes: Clozes::Shown, links: Links::Text }
    }
}

/// Returns the text of a field, in lines.
#[must_use]
pub fn field(blocks: &[Block], media: &[Medium], style: Style) -> String {
    let mut writer = Writer { out: Lines::default(), media, style, hidden: 0 };
    writer.blocks(blocks);
    writer.out.finish()
}

/// Returns `text` on one line: its lines joined with ` / `, without indentation.
#[must_use]
pub fn folded(text: &str) -> String {
    let lines: Vec<&str> = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" / ")
}

/// Returns what the deletions of that number hide, in reading order, each once, joined with `; `.
#[must_use]
pub fn answer(blocks: &[Block], media: &[Medium], number: u16) -> String {
    let mut seen = HashSet::new();
    let mut answers: Vec<String> = Vec::new();
    let mut found = |answer: String| {
        if seen.insert(answer.clone()) {
            answers.push(answer);
        }
    };
    for block in blocks {
        if let Block::Html { html } = block {
            raw::each_answer(&html::text(html), number, &mut found);
            continue;
        }
        each_inline(std::slice::from_ref(block), &mut |inline| match inline {
            Inline::Cloze(cloze) if cloze.numbers.contains(&number) => {
                let mut writer = Writer { out: Lines::default(), media, style: Style::default(), hidden: 0 };
                writer.inlines(&cloze.content);
                found(writer.out.finish());
            }
            Inline::Html { html } => raw::each_answer(&html::text(html), number, &mut found),
            Inline::Cloze(_)
            | Inline::Text { .. }
            | Inline::Emphasis { .. }
            | Inline::Strong { .. }
            | Inline::Strikethrough { .. }
            | Inline::Code { .. }
            | Inline::Math { .. }
            | Inline::Media(_)
            | Inline::Link(_)
            | Inline::SoftBreak
            | Inline::HardBreak
            | Inline::FootnoteReference { .. } => {}
        });
    }
    answers.join("; ")
}

struct Writer<'a> {
    out: Lines,
    media: &'a [Medium],
    style: Style,
    /// How many marked deletions are open: their text must not close them.
    hidden: usize,
}

impl Writer<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        for (place, block) in blocks.iter().enumerate() {
            if place > 0 {
                self.out.line();
            }
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph { content } | Block::Heading { content, .. } => self.inlines(content),
            Block::Code { text, .. } => self.out.lines(text),
            Block::List { start, items, .. } => self.list(*start, items),
            Block::DefinitionList { items } => self.definitions(items),
            Block::Table(table) => {
                let Table { header, rows, .. } = &**table;
                let header = header.iter().any(|cell| !cell.is_empty()).then_some(header);
                for (place, row) in header.into_iter().chain(rows).enumerate() {
                    if place > 0 {
                        self.out.line();
                    }
                    self.row(row);
                }
            }
            Block::Quote { alert, content } => {
                self.out.push("> ");
                if let Some(alert) = alert {
                    self.out.push(crate::html::alert_word(*alert));
                    self.out.push(": ");
                }
                self.indented("> ", content);
            }
            Block::Math { tex } => self.text(&one_line(tex)),
            Block::Html { html } => self.raw(html),
            Block::Rule => self.out.push("---"),
            Block::Footnote { label, content } => {
                self.out.push("[");
                self.out.push(label);
                self.out.push("] ");
                self.indented("  ", content);
            }
        }
    }

    /// Writes blocks whose second and later lines begin with `prefix`.
    fn indented(&mut self, prefix: &str, blocks: &[Block]) {
        let before = self.out.enter(prefix);
        self.blocks(blocks);
        self.out.leave(before);
    }

    fn list(&mut self, start: Option<u64>, items: &[ListItem]) {
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                self.out.line();
            }
            match (item.checked, start) {
                (Some(true), _) => self.out.push("☑ "),
                (Some(false), _) => self.out.push("☐ "),
                (None, None) => self.out.push("• "),
                (None, Some(start)) => self.out.push(&format!("{}. ", start.saturating_add(place as u64))),
            }
            self.indented("  ", &item.content);
        }
    }

    fn definitions(&mut self, items: &[Definition]) {
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                self.out.line();
            }
            self.inlines(&item.term);
            for definition in &item.definitions {
                self.out.line();
                self.out.push("  ");
                self.indented("  ", definition);
            }
        }
    }

    fn row(&mut self, cells: &[Vec<Inline>]) {
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                self.out.push(" | ");
            }
            self.inlines(cell);
        }
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for (at, inline) in inlines.iter().enumerate() {
            match inline {
                Inline::Text { text } | Inline::Code { text } => self.text(text),
                Inline::Emphasis { content }
                | Inline::Strong { content }
                | Inline::Strikethrough { content } => {
                    self.inlines(content);
                }
                Inline::Math { tex, .. } => self.text(&one_line(tex)),
                Inline::Media(embed) => self.medium(&embed.media, embed.kind, &embed.alt),
                Inline::Link(link) => self.link(&link.url, &link.content),
                Inline::Cloze(cloze) => {
                    let hint = cloze.hint.as_deref().filter(|hint| !hint.is_empty());
                    self.cloze(&cloze.numbers, &cloze.content, hint);
                }
                Inline::SoftBreak => {
                    if !crate::html::soft_break_vanishes(inlines, at) {
                        self.out.push(" ");
                    }
                }
                Inline::HardBreak => self.out.line(),
                Inline::Html { html } => self.raw(html),
                Inline::FootnoteReference { label } => {
                    self.out.push("[");
                    self.out.push(label);
                    self.out.push("]");
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        // A marked deletion has no escapes: a space parts what would end it early.
        if self.hidden > 0 && (text.contains("}}") || text.contains("::") || text.ends_with(['}', ':'])) {
            let parted =
                text.replace("}}", "} }").replace("}}", "} }").replace("::", ": :").replace("::", ": :");
            self.out.lines(&parted);
            if parted.ends_with(['}', ':']) {
                self.out.push(" ");
            }
        } else {
            self.out.lines(text);
        }
    }

    fn raw(&mut self, html: &str) {
        self.out.lines(&raw::with_deletions(html::text(html), self.style.clozes));
    }

    fn medium(&mut self, media: &MediaRef, kind: MediaKind, alt: &str) {
        let place = match media {
            MediaRef::Missing(name) => name,
            MediaRef::Written(name) => &name.value,
            MediaRef::Address(address) if !address.starts_with("data:") => address,
            MediaRef::Address(_) => "",
            MediaRef::File(id) => self.media.get(id.0 as usize).map_or("", |medium| file_name(&medium.path)),
        };
        let name = match (kind, media) {
            (MediaKind::Image | MediaKind::Audio | MediaKind::Video, _) if !alt.is_empty() => alt,
            (MediaKind::Audio, MediaRef::File(_)) => "sound",
            (MediaKind::Video, MediaRef::File(_)) => "video",
            (MediaKind::Image | MediaKind::Audio | MediaKind::Video, _) if !place.is_empty() => place,
            (MediaKind::Image | MediaKind::Audio | MediaKind::Video, _) => "image",
        };
        self.out.push("[");
        self.out.lines(name);
        self.out.push("]");
    }

    fn link(&mut self, url: &str, content: &[Inline]) {
        let start = self.out.len();
        self.inlines(content);
        match self.style.links {
            Links::Text => {}
            Links::Address => {
                let shown = self.out.since(start);
                let same = shown == url || url.strip_prefix("mailto:") == Some(shown);
                if !same && let Some(url) = crate::html::href(url) {
                    self.out.push(" (");
                    self.text(&url);
                    self.out.push(")");
                }
            }
        }
    }

    fn cloze(&mut self, numbers: &[u16], content: &[Inline], hint: Option<&str>) {
        let blank = match self.style.clozes {
            Clozes::Shown => false,
            Clozes::Blank => true,
            Clozes::Only(number) => numbers.contains(&number),
            Clozes::Marked => return self.marked(numbers, content, hint),
        };
        if !blank {
            return self.inlines(content);
        }
        self.out.push("____");
        if let Some(hint) = hint {
            self.out.push(" (");
            self.out.lines(hint);
            self.out.push(")");
        }
    }

    fn marked(&mut self, numbers: &[u16], content: &[Inline], hint: Option<&str>) {
        for number in numbers {
            self.out.push(&format!("{{{{c{number}::"));
        }
        self.hidden += 1;
        self.inlines(content);
        for _ in numbers {
            if let Some(hint) = hint {
                self.out.push("::");
                self.text(hint);
            }
            self.out.push("}}");
        }
        self.hidden -= 1;
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
