//! Short names for content trees, so that a test reads like the content it means.

use deckc::model::text::{Alignment, Block, Cloze, Embed, Inline, Link, ListItem, MediaKind, Table};
use deckc::model::{MediaId, MediaRef};
use deckc::source::{FileId, Span};

pub fn t(text: &str) -> Inline {
    Inline::Text { text: text.into() }
}

pub fn em(content: &[Inline]) -> Inline {
    Inline::Emphasis { content: content.to_vec() }
}

pub fn strong(content: &[Inline]) -> Inline {
    Inline::Strong { content: content.to_vec() }
}

pub fn code(text: &str) -> Inline {
    Inline::Code { text: text.into() }
}

pub fn math(tex: &str) -> Inline {
    Inline::Math { tex: tex.into(), display: false }
}

pub fn html(html: &str) -> Inline {
    Inline::Html { html: html.into() }
}

pub fn link(url: &str, content: &[Inline]) -> Inline {
    Inline::Link(Box::new(Link { url: url.into(), title: None, content: content.to_vec() }))
}

pub fn cloze(numbers: &[u16], content: &[Inline]) -> Inline {
    let span = Span::new(FileId(0), 0..0);
    Inline::Cloze(Box::new(Cloze { numbers: numbers.to_vec(), content: content.to_vec(), hint: None, span }))
}

pub fn hinted(number: u16, content: &[Inline], hint: &str) -> Inline {
    let span = Span::new(FileId(0), 0..0);
    Inline::Cloze(Box::new(Cloze {
        numbers: vec![number],
        content: content.to_vec(),
        hint: Some(hint.into()),
        span,
    }))
}

pub fn medium(media: MediaRef, kind: MediaKind, alt: &str) -> Inline {
    Inline::Media(Box::new(Embed { media, kind, alt: alt.into(), title: None, width: None }))
}

pub fn file(id: u32, kind: MediaKind, alt: &str) -> Inline {
    medium(MediaRef::File(MediaId(id)), kind, alt)
}

pub fn p(content: &[Inline]) -> Block {
    Block::Paragraph { content: content.to_vec() }
}

pub fn fence(language: &str, text: &str) -> Block {
    Block::Code { language: Some(language.into()), text: text.into() }
}

pub fn item(content: &[Block]) -> ListItem {
    ListItem { checked: None, content: content.to_vec() }
}

pub fn task(checked: bool, text: &str) -> ListItem {
    ListItem { checked: Some(checked), content: vec![Block::text(text)] }
}

pub fn bullets(items: &[ListItem]) -> Block {
    Block::List { start: None, tight: true, items: items.to_vec() }
}

pub fn table(alignments: &[Alignment], rows: &[&[&str]]) -> Block {
    let cells = |row: &&[&str]| row.iter().map(|cell| vec![t(cell)]).collect::<Vec<_>>();
    Block::Table(Box::new(Table {
        alignments: alignments.to_vec(),
        header: cells(&rows[0]),
        rows: rows[1..].iter().map(cells).collect(),
    }))
}
