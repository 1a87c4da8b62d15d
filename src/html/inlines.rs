//! Inlines.

use super::FieldKind;
use super::blocks::Writer;
use super::escape::Place;
use super::link::href;
use super::space::joins_without_space;
use crate::model::MediaRef;
use crate::model::text::{Embed, Inline, Link, MediaKind};

impl<'a> Writer<'a> {
    pub(super) fn inlines(&mut self, inlines: &'a [Inline]) {
        for (at, inline) in inlines.iter().enumerate() {
            match inline {
                Inline::Text { text } => self.out.text(text, Place::Text),
                Inline::Emphasis { content } => self.around("<em>", content, "</em>"),
                Inline::Strong { content } => self.around("<strong>", content, "</strong>"),
                Inline::Strikethrough { content } => self.around("<del>", content, "</del>"),
                Inline::Code { text } => {
                    self.out.markup("<code>");
                    self.out.text(text, Place::Code);
                    self.out.markup("</code>");
                }
                Inline::Math { tex, display: false } => self.math(tex, "\\(", "\\)"),
                Inline::Math { tex, display: true } => self.math(tex, "\\[", "\\]"),
                Inline::Media(embed) => self.medium(embed),
                Inline::Link(link) => self.link(link),
                Inline::Cloze(cloze) => self.cloze(&cloze.numbers, &cloze.content, cloze.hint.as_deref()),
                Inline::SoftBreak => {
                    if !soft_break_vanishes(inlines, at) {
                        self.out.markup(" ");
                    }
                }
                Inline::HardBreak => self.out.markup("<br>"),
                Inline::Html { html } => self.html(html),
                Inline::FootnoteReference { label } => self.footnote(label),
            }
        }
    }

    fn around(&mut self, open: &str, content: &'a [Inline], close: &str) {
        self.out.markup(open);
        self.inlines(content);
        self.out.markup(close);
    }

    fn link(&mut self, Link { url, title, content }: &'a Link) {
        let Some(url) = href(url) else {
            return self.inlines(content);
        };
        self.out.markup("<a href=\"");
        self.out.text(&url, Place::Attribute);
        self.attribute_text("title", title.as_deref().unwrap_or(""));
        self.out.markup("\">");
        self.inlines(content);
        self.out.markup("</a>");
    }

    /// Closes the attribute before it and writes another one but for its closing quote; nothing where it is empty.
    fn attribute_text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.out.markup("\" ");
            self.out.markup(name);
            self.out.markup("=\"");
            self.out.text(value, Place::Attribute);
        }
    }

    fn cloze(&mut self, numbers: &[u16], content: &'a [Inline], hint: Option<&str>) {
        match self.kind {
            FieldKind::Plain => self.inlines(content),
            FieldKind::Cloze => {
                let hint = hint.filter(|hint| !hint.is_empty());
                for number in numbers {
                    self.out.open(*number);
                }
                self.inlines(content);
                for _ in numbers {
                    self.out.close(hint);
                }
            }
        }
    }

    fn medium(&mut self, embed: &'a Embed) {
        let Embed { media, kind, alt, title, width } = embed;
        let (title, width) = (title.as_deref(), *width);
        match media {
            MediaRef::File(id) => match (self.media.get(id.0 as usize), *kind) {
                (Some(medium), MediaKind::Image) => self.image(&medium.name, alt, title, width),
                (Some(medium), MediaKind::Audio | MediaKind::Video) => {
                    self.out.markup("[sound:");
                    self.out.text(&medium.name, Place::Attribute);
                    self.out.markup("]");
                }
                (None, MediaKind::Image | MediaKind::Audio | MediaKind::Video) => self.missing(alt, ""),
            },
            MediaRef::Address(address) if is_shown(address) && *kind == MediaKind::Image => {
                self.image(address, alt, title, width);
            }
            // A player would be given an address to run with: a link does no harm.
            MediaRef::Address(address) => match href(address) {
                Some(url) => {
                    self.out.markup("<a href=\"");
                    self.out.text(&url, Place::Attribute);
                    self.out.markup("\">");
                    self.out.text(if alt.is_empty() { address } else { alt }, Place::Text);
                    self.out.markup("</a>");
                }
                None => self.missing(alt, address),
            },
            MediaRef::Missing(name) => self.missing(alt, name),
            MediaRef::Written(name) => self.missing(alt, &name.value),
        }
    }

    fn image(&mut self, source: &str, alt: &str, title: Option<&str>, width: Option<u32>) {
        // `src` comes first: Anki before 24.11 loses sight of it behind an attribute that holds `>`.
        self.out.markup("<img src=\"");
        self.out.text(source, Place::Attribute);
        self.attribute_text("alt", alt);
        self.attribute_text("title", title.unwrap_or(""));
        if let Some(width) = width {
            self.out.markup("\" width=\"");
            self.out.number(u64::from(width));
        }
        self.out.markup("\">");
    }

    fn missing(&mut self, alt: &str, name: &str) {
        self.out.markup("<span class=\"missing-media\">");
        if alt.is_empty() {
            self.out.markup("[");
            self.out.text(name, Place::Text);
            self.out.markup("]");
        } else {
            self.out.text(alt, Place::Text);
        }
        self.out.markup("</span>");
    }
}

/// Returns whether an address may be that of a picture: the web, or a picture inside the address.
fn is_shown(address: &str) -> bool {
    let lower: String = address.chars().take(16).map(|c| c.to_ascii_lowercase()).collect();
    ["https://", "http://", "data:image/"].iter().any(|start| lower.starts_with(start))
}

/// Returns whether the soft break at that place stands between two characters of a script that writes no spaces.
pub(crate) fn soft_break_vanishes(inlines: &[Inline], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| inlines.get(at)).and_then(|inline| edge(inline, End::Last));
    let after = inlines.get(at + 1).and_then(|inline| edge(inline, End::First));
    matches!((before, after), (Some(before), Some(after)) if joins_without_space(before, after))
}

#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

/// Returns the character that an inline shows at one of its ends, where it is text.
fn edge(inline: &Inline, end: End) -> Option<char> {
    match inline {
        Inline::Text { text } => match end {
            End::First => text.chars().next(),
            End::Last => text.chars().next_back(),
        },
        Inline::Emphasis { .. }
        | Inline::Strong { .. }
        | Inline::Strikethrough { .. }
        | Inline::Link(_)
        | Inline::Cloze(_) => match end {
            End::First => edge(inline.content().first()?, end),
            End::Last => edge(inline.content().last()?, end),
        },
        Inline::Code { .. }
        | Inline::Math { .. }
        | Inline::Media(_)
        | Inline::SoftBreak
        | Inline::HardBreak
        | Inline::Html { .. }
        | Inline::FootnoteReference { .. } => None,
    }
}
