//! The content of a field: a small tree of blocks and inlines.
//!
//! A tree and not HTML, because formats want different things of it, and media and clozes must be found, not searched for
//! with regular expressions. The names are CommonMark's. `Html` is the escape hatch for raw HTML.

use serde::Serialize;

use super::MediaRef;
use crate::source::Span;

/// Is a block of content.
///
/// A table, the widest kind and a rare one, stands in a box of its own: every block is as wide as the widest.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Block {
    /// A paragraph.
    Paragraph {
        /// Its text.
        content: Vec<Inline>,
    },
    /// A heading inside a field.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its text.
        content: Vec<Inline>,
    },
    /// A code block, fenced or indented.
    Code {
        /// The first word of the info string.
        language: Option<Box<str>>,
        /// The code, with `\n` line ends and no last one.
        text: String,
    },
    /// A list.
    List {
        /// The first number of an ordered list; none for a bullet list.
        start: Option<u64>,
        /// Whether items are written without paragraphs (CommonMark: tight).
        tight: bool,
        /// The items.
        items: Vec<ListItem>,
    },
    /// A definition list inside a field.
    DefinitionList {
        /// Terms with their definitions.
        items: Vec<Definition>,
    },
    /// A table.
    Table(Box<Table>),
    /// A block quote.
    Quote {
        /// Set for an alert such as `> [!NOTE]`.
        alert: Option<Alert>,
        /// What is quoted.
        content: Vec<Block>,
    },
    /// A formula on lines of its own.
    Math {
        /// TeX source without delimiters.
        tex: String,
    },
    /// Raw HTML.
    Html {
        /// As written.
        html: String,
    },
    /// A thematic break.
    Rule,
    /// A footnote that a reference in the same field points to.
    Footnote {
        /// Its label.
        label: Box<str>,
        /// Its text.
        content: Vec<Block>,
    },
}

/// Is an item of a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListItem {
    /// Set for a task list item: whether it is ticked.
    pub checked: Option<bool>,
    /// Its content.
    pub content: Vec<Block>,
}

/// Is a term with its definitions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Definition {
    /// The term.
    pub term: Vec<Inline>,
    /// Each definition.
    pub definitions: Vec<Vec<Block>>,
}

/// Is a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
    /// One for each column.
    pub alignments: Vec<Alignment>,
    /// The cells of the header row.
    pub header: Vec<Vec<Inline>>,
    /// The rows, each as long as the header.
    pub rows: Vec<Vec<Vec<Inline>>>,
}

/// Says how a table column is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alignment {
    /// As the reader's language is.
    None,
    /// Left.
    Left,
    /// Centre.
    Center,
    /// Right.
    Right,
}

/// Is the kind of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alert {
    /// `[!NOTE]`
    Note,
    /// `[!TIP]`
    Tip,
    /// `[!IMPORTANT]`
    Important,
    /// `[!WARNING]`
    Warning,
    /// `[!CAUTION]`
    Caution,
}

/// Is a piece of text inside a block.
///
/// The wide kinds stand in boxes of their own: most inlines are text, and every inline is as wide as the widest.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Inline {
    /// Plain text, without line ends.
    Text {
        /// The text.
        text: String,
    },
    /// Emphasis.
    Emphasis {
        /// What is emphasised.
        content: Vec<Inline>,
    },
    /// Strong emphasis.
    Strong {
        /// What is strong.
        content: Vec<Inline>,
    },
    /// Struck out.
    Strikethrough {
        /// What is struck out.
        content: Vec<Inline>,
    },
    /// A code span.
    Code {
        /// The code.
        text: String,
    },
    /// A formula.
    Math {
        /// TeX source without delimiters.
        tex: String,
        /// Whether it was written with display delimiters (`$$`, `\[`).
        display: bool,
    },
    /// An image, a sound or a video.
    Media(Box<Embed>),
    /// A link.
    Link(Box<Link>),
    /// A cloze deletion.
    Cloze(Box<Cloze>),
    /// A line break in the source that is shown as a space.
    SoftBreak,
    /// A line break that is shown as one.
    HardBreak,
    /// Raw HTML.
    Html {
        /// As written.
        html: String,
    },
    /// A reference to a [`Block::Footnote`] of the same field.
    FootnoteReference {
        /// Its label.
        label: String,
    },
}

/// Is an image, a sound or a video in a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Embed {
    /// Which file.
    pub media: MediaRef,
    /// What to show.
    pub kind: MediaKind,
    /// The alternative text, plain.
    pub alt: String,
    /// The title, where one was given.
    pub title: Option<String>,
    /// The width in CSS pixels, where one was given (`![[a.png|300]]`).
    pub width: Option<u32>,
}

/// Is a link in a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    /// Its address, as written.
    pub url: String,
    /// The title, where one was given.
    pub title: Option<String>,
    /// The text that is linked.
    pub content: Vec<Inline>,
}

/// Is a cloze deletion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cloze {
    /// The numbers of the cards that hide it; empty until the cloze pass where the source gives none.
    pub numbers: Vec<u16>,
    /// What is hidden.
    pub content: Vec<Inline>,
    /// What is shown instead, plain.
    pub hint: Option<String>,
    /// Where it stands, markers and all.
    #[serde(skip)]
    pub span: Span,
}

/// Says what kind of media a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MediaKind {
    /// Shown with `<img>`.
    Image,
    /// Played with `[sound:…]`.
    Audio,
    /// Played with `[sound:…]`, which Anki uses for video too.
    Video,
}

impl MediaKind {
    /// Returns the kind that a file name's extension stands for; images where it is unknown.
    #[must_use]
    pub fn of(name: &str) -> MediaKind {
        MediaKind::known(name).unwrap_or(MediaKind::Image)
    }

    /// Returns the kind that a file name's extension stands for; nothing for an extension that is not of media.
    #[must_use]
    pub fn known(name: &str) -> Option<MediaKind> {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
        Some(match extension.as_str() {
            "mp3" | "ogg" | "oga" | "opus" | "wav" | "m4a" | "flac" | "aac" | "3gp" | "spx" => {
                MediaKind::Audio
            }
            "mp4" | "webm" | "mkv" | "mov" | "avi" | "ogv" | "mpg" | "mpeg" | "m4v" | "flv" => {
                MediaKind::Video
            }
            "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "avif" | "bmp" | "ico" | "tif" | "tiff" => {
                MediaKind::Image
            }
            _ => return None,
        })
    }
}

impl Block {
    /// Returns the text of a paragraph that holds `text` alone.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Block {
        Block::Paragraph { content: vec![Inline::Text { text: text.into() }] }
    }
}

/// Calls `visit` with every inline list of `blocks`, outer ones first, so that a pass can find or rewrite inlines.
pub fn each_inline_list(blocks: &mut [Block], visit: &mut impl FnMut(&mut Vec<Inline>)) {
    for block in blocks {
        match block {
            Block::Paragraph { content } | Block::Heading { content, .. } => nested(content, visit),
            Block::List { items, .. } => {
                for item in items {
                    each_inline_list(&mut item.content, visit);
                }
            }
            Block::DefinitionList { items } => {
                for item in items {
                    nested(&mut item.term, visit);
                    for definition in &mut item.definitions {
                        each_inline_list(definition, visit);
                    }
                }
            }
            Block::Table(table) => {
                for cell in table.header.iter_mut().chain(table.rows.iter_mut().flatten()) {
                    nested(cell, visit);
                }
            }
            Block::Quote { content, .. } | Block::Footnote { content, .. } => {
                each_inline_list(content, visit);
            }
            Block::Code { .. } | Block::Math { .. } | Block::Html { .. } | Block::Rule => {}
        }
    }
}

fn nested(content: &mut Vec<Inline>, visit: &mut impl FnMut(&mut Vec<Inline>)) {
    visit(content);
    for inline in content {
        match inline {
            Inline::Emphasis { content } | Inline::Strong { content } | Inline::Strikethrough { content } => {
                nested(content, visit);
            }
            Inline::Link(link) => nested(&mut link.content, visit),
            Inline::Cloze(cloze) => nested(&mut cloze.content, visit),
            Inline::Text { .. }
            | Inline::Code { .. }
            | Inline::Math { .. }
            | Inline::Media(_)
            | Inline::SoftBreak
            | Inline::HardBreak
            | Inline::Html { .. }
            | Inline::FootnoteReference { .. } => {}
        }
    }
}

/// Calls `visit` with every block of `blocks`, outer ones first.
pub fn each_block(blocks: &mut [Block], visit: &mut impl FnMut(&mut Block)) {
    for block in blocks {
        visit(block);
        match block {
            Block::List { items, .. } => {
                items.iter_mut().for_each(|item| each_block(&mut item.content, visit));
            }
            Block::DefinitionList { items } => {
                let definitions = items.iter_mut().flat_map(|item| &mut item.definitions);
                definitions.for_each(|definition| each_block(definition, visit));
            }
            Block::Quote { content, .. } | Block::Footnote { content, .. } => each_block(content, visit),
            Block::Paragraph { .. }
            | Block::Heading { .. }
            | Block::Code { .. }
            | Block::Table { .. }
            | Block::Math { .. }
            | Block::Html { .. }
            | Block::Rule => {}
        }
    }
}

/// Calls `visit` with every inline of `blocks`, outer ones first.
pub fn each_inline<'a>(blocks: &'a [Block], visit: &mut impl FnMut(&'a Inline)) {
    for block in blocks {
        match block {
            Block::Paragraph { content } | Block::Heading { content, .. } => each_nested(content, visit),
            Block::List { items, .. } => {
                for item in items {
                    each_inline(&item.content, visit);
                }
            }
            Block::DefinitionList { items } => {
                for item in items {
                    each_nested(&item.term, visit);
                    for definition in &item.definitions {
                        each_inline(definition, visit);
                    }
                }
            }
            Block::Table(table) => {
                for cell in table.header.iter().chain(table.rows.iter().flatten()) {
                    each_nested(cell, visit);
                }
            }
            Block::Quote { content, .. } | Block::Footnote { content, .. } => each_inline(content, visit),
            Block::Code { .. } | Block::Math { .. } | Block::Html { .. } | Block::Rule => {}
        }
    }
}

fn each_nested<'a>(content: &'a [Inline], visit: &mut impl FnMut(&'a Inline)) {
    for inline in content {
        visit(inline);
        each_nested(inline.content(), visit);
    }
}

impl Inline {
    /// Returns the inlines inside; none where it holds none.
    #[must_use]
    pub fn content(&self) -> &[Inline] {
        match self {
            Inline::Emphasis { content } | Inline::Strong { content } | Inline::Strikethrough { content } => {
                content
            }
            Inline::Link(link) => &link.content,
            Inline::Cloze(cloze) => &cloze.content,
            Inline::Text { .. }
            | Inline::Code { .. }
            | Inline::Math { .. }
            | Inline::Media(_)
            | Inline::SoftBreak
            | Inline::HardBreak
            | Inline::Html { .. }
            | Inline::FootnoteReference { .. } => &[],
        }
    }
}
