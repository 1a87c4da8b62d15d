//! Finds what a note has that a format cannot carry.

use std::collections::HashSet;

use super::{Feature, Loss};
use crate::model::text::{Block, Inline, MediaKind, each_inline};
use crate::model::{Identity, MediaRef, Medium, Note};

/// Says how a format without media files shows a medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// As text such as `[map]`.
    Text,
    /// By its name, so that it is found where the receiver has the file already.
    Name,
}

/// Reports what of a note's content is lost.
pub(super) struct Finder<'a> {
    media: &'a [Medium],
    shown: Shown,
    losses: Vec<Loss>,
}

impl<'a> Finder<'a> {
    pub(super) fn new(media: &'a [Medium], shown: Shown) -> Self {
        Self { media, shown, losses: Vec::new() }
    }

    pub(super) fn finish(self) -> Vec<Loss> {
        self.losses
    }

    /// Reports one loss of a note.
    pub(super) fn lose(&mut self, feature: Feature, note: usize, detail: impl Into<String>) {
        self.losses.push(Loss { feature, note, detail: detail.into() });
    }

    /// Reports the media of a note, which stay outside the file.
    pub(super) fn media(&mut self, place: usize, note: &Note<Identity>) {
        let mut seen = HashSet::new();
        for field in &note.fields {
            each_inline(&field.blocks, &mut |inline| {
                let Inline::Media { media: MediaRef::File(id), kind, alt, .. } = inline else {
                    return;
                };
                let Some(medium) = self.media.get(id.0 as usize).filter(|_| seen.insert(*id)) else {
                    return;
                };
                let word = match kind {
                    MediaKind::Image => "image",
                    MediaKind::Audio => "sound",
                    MediaKind::Video => "video",
                };
                let became = match self.shown {
                    Shown::Name => format!("named as `{}` but not in the file", medium.name),
                    Shown::Text if alt.is_empty() => "left out".into(),
                    Shown::Text => format!("written as `[{alt}]`"),
                };
                let detail = format!("{word} `{}` {became}", medium.path);
                self.losses.push(Loss { feature: Feature::Media, note: place, detail });
            });
        }
    }

    /// Reports what plain text cannot show of a note: styling and formulas.
    pub(super) fn text(&mut self, place: usize, note: &Note<Identity>) {
        let mut kinds = Kinds::default();
        for field in &note.fields {
            kinds.blocks(&field.blocks);
            kinds.inlines(&field.blocks);
        }
        if !kinds.styles.is_empty() {
            let detail = format!("{} written as plain text", kinds.styles.join(", "));
            self.lose(Feature::Styling, place, detail);
        }
        match kinds.formulas {
            0 => {}
            1 => self.lose(Feature::Math, place, "a formula written as TeX source"),
            several => self.lose(Feature::Math, place, format!("{several} formulas written as TeX source")),
        }
    }
}

/// Collects what plain text cannot show.
#[derive(Default)]
struct Kinds {
    styles: Vec<&'static str>,
    formulas: usize,
}

impl Kinds {
    fn style(&mut self, style: &'static str) {
        if !self.styles.contains(&style) {
            self.styles.push(style);
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Paragraph { .. } | Block::Rule => {}
                Block::Heading { .. } => self.style("heading"),
                Block::Code { .. } => self.style("code block"),
                Block::List { items, .. } => {
                    self.style("list");
                    for item in items {
                        self.blocks(&item.content);
                    }
                }
                Block::DefinitionList { items } => {
                    self.style("definition list");
                    for blocks in items.iter().flat_map(|item| &item.definitions) {
                        self.blocks(blocks);
                    }
                }
                Block::Table { .. } => self.style("table"),
                Block::Quote { alert, content } => {
                    self.style(if alert.is_some() { "alert" } else { "quote" });
                    self.blocks(content);
                }
                Block::Math { .. } => self.formulas += 1,
                Block::Html { .. } => self.style("raw HTML"),
                Block::Footnote { content, .. } => {
                    self.style("footnote");
                    self.blocks(content);
                }
            }
        }
    }

    fn inlines(&mut self, blocks: &[Block]) {
        each_inline(blocks, &mut |inline| match inline {
            Inline::Emphasis { .. } => self.style("emphasis"),
            Inline::Strong { .. } => self.style("bold"),
            Inline::Strikethrough { .. } => self.style("strike-through"),
            Inline::Code { .. } => self.style("code"),
            Inline::Math { .. } => self.formulas += 1,
            Inline::Link { .. } => self.style("link"),
            Inline::Html { .. } => self.style("raw HTML"),
            Inline::Text { .. }
            | Inline::Media { .. }
            | Inline::Cloze { .. }
            | Inline::SoftBreak
            | Inline::HardBreak
            | Inline::FootnoteReference { .. } => {}
        });
    }
}
