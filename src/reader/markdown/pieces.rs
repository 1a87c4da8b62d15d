//! Chunks to pieces: the top-level blocks of a file in order, each parsed once.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use super::context::{Context, Definitions};
use super::directives::Directive;
use super::fence::{Entry, entries, parse_values};
use super::labels::Label;
use super::lines::{Chunk, Head};
use super::math::{clean_tex, inert};
use super::walker::{ItemInfo, RowInfo, TermInfo, Walker, heading_range, level_number};
use crate::model::text::{Block, Inline};
use crate::source::{Spanned, line_end};

/// Is a top-level part of a file.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) range: Range<usize>,
    pub(super) kind: PieceKind,
    /// What its comments and attributes say.
    pub(super) directives: Vec<Spanned<Directive>>,
    /// Whether it holds a cloze deletion.
    pub(super) cloze: bool,
}

/// Says what a piece is.
#[derive(Debug)]
pub(super) enum PieceKind {
    /// A label; its text are the pieces behind it.
    Label { label: Label, near_answer: bool },
    /// A thematic break that ends a labelled card.
    Break,
    /// A heading that may be a card or a section. `source` is where its text stands.
    Heading { level: u8, content: Vec<Inline>, source: Range<usize> },
    /// Any other content.
    Block(Block),
    /// A list, with its items in the order they begin.
    List(Block, Vec<ItemInfo>),
    /// A definition list.
    Terms(Block, Vec<TermInfo>),
    /// A table, with its rows; `cards` where its rows are notes.
    Table { block: Block, rows: Vec<RowInfo>, cards: Cards },
    /// A `card` fence.
    Fence(Vec<Entry>),
    /// Comments alone: directives or remarks.
    Comment,
    /// Something the reader took out already, such as a footnote definition, or a piece that went into a note.
    Taken,
}

/// Says what the rows of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cards {
    /// Content.
    No,
    /// Notes.
    Yes,
}

/// A footnote definition.
pub(super) struct Note {
    pub(super) label: String,
    pub(super) blocks: Vec<Block>,
    pub(super) range: Range<usize>,
}

/// Parses `chunk` and adds its pieces; footnotes go to `notes`.
pub(super) fn parse<'a>(
    ctx: &mut Context<'a>,
    definitions: &Definitions<'a>,
    chunk: &Chunk,
    pieces: &mut Vec<Piece>,
    notes: &mut Vec<Note>,
) {
    let labelled = match chunk.head {
        Head::Plain => false,
        Head::Label(label) => {
            let kind = PieceKind::Label { label, near_answer: chunk.near_answer };
            let end = chunk.start + label.word().len() + 1;
            pieces.push(piece(chunk.start..end, kind));
            true
        }
        Head::Formula => {
            pieces.push(formula(ctx, chunk.content.clone()));
            return;
        }
        Head::Break => {
            pieces.push(piece(chunk.content.clone(), PieceKind::Break));
            return;
        }
    };
    let first = pieces.len();
    parse_range(ctx, definitions, chunk.content.clone(), pieces, notes);
    if labelled {
        unwrap_first(ctx, chunk, first, pieces);
    }
}

/// Returns the formula between `$$` and `$$`.
fn formula(ctx: &mut Context<'_>, range: Range<usize>) -> Piece {
    let source = ctx.text[range.clone()].trim_end();
    let tex = source.trim_start_matches("$$").trim_end_matches("$$");
    inert(ctx, tex, &range, "math");
    let content = vec![Inline::Math { tex: clean_tex(tex), display: true }];
    piece(range, PieceKind::Block(Block::Paragraph { content }))
}

fn piece(range: Range<usize>, kind: PieceKind) -> Piece {
    Piece { range, kind, directives: Vec::new(), cloze: false }
}

/// Parses a stretch of the file as Markdown of its own.
pub(super) fn parse_range<'a>(
    ctx: &mut Context<'a>,
    definitions: &Definitions<'a>,
    range: Range<usize>,
    pieces: &mut Vec<Piece>,
    notes: &mut Vec<Note>,
) {
    if ctx.text[range.clone()].trim_start().is_empty() {
        return;
    }
    if let Some(plain) = plain_line(ctx.text, &range) {
        let block = Block::text(&ctx.text[plain.clone()]);
        pieces.push(piece(plain, PieceKind::Block(block)));
        return;
    }
    let mut walker = Walker::new(ctx, definitions, range);
    while let Some((event, place)) = walker.next() {
        let clozes = walker.ctx.cloze_count;
        let Some(mut kind) = walker.top(event, place.clone(), notes) else { continue };
        if let PieceKind::Fence(entries) = &mut kind {
            parse_values(walker.ctx, definitions, entries, notes);
        }
        let directives = std::mem::take(&mut walker.ctx.directives);
        let cloze = walker.ctx.cloze_count > clozes;
        pieces.push(Piece { range: place, kind, directives, cloze });
    }
}

/// Says of each byte whether Markdown may read it as more than itself inside a line.
const SPECIAL: [bool; 256] = {
    let bytes = b"*_&\\[]<!`$~{}|";
    let mut special = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        special[bytes[at] as usize] = true;
        at += 1;
    }
    special
};

/// Returns where the text of `range` stands if it is one line that begins with a letter and holds nothing that Markdown could
/// read: most questions and answers are such, and a parser for each costs more than all the rest.
fn plain_line(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let content = &text[range.clone()];
    let inner = content.trim_start_matches([' ', '\t', '\n', '\r']);
    let lead = content.len() - inner.len();
    let indent = content[..lead].bytes().rev().take_while(|b| !matches!(b, b'\n' | b'\r'));
    let inner = inner.trim_end_matches([' ', '\t', '\n', '\r']);
    let plain = inner.starts_with(char::is_alphabetic)
        && indent.fold(0, |width, b| width + if b == b' ' { 1 } else { 4 }) < 4
        && line_end(inner, 0) == inner.len()
        && !inner.bytes().any(|b| SPECIAL[usize::from(b)]);
    let start = range.start + lead;
    plain.then(|| start..start + inner.len())
}

impl<'a> Walker<'a, '_> {
    fn top(&mut self, event: Event<'a>, range: Range<usize>, notes: &mut Vec<Note>) -> Option<PieceKind> {
        let tag = match event {
            Event::Start(tag) => tag,
            Event::Rule => return Some(PieceKind::Block(Block::Rule)),
            _ => return None,
        };
        match tag {
            Tag::Heading { level, .. } => {
                let content = self.heading_text(&range, 0);
                let source = heading_range(self.ctx.text, range);
                return Some(PieceKind::Heading { level: level_number(level), content, source });
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(ref info))
                if info.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("card")) =>
            {
                return Some(self.fence());
            }
            Tag::FootnoteDefinition(label) => {
                let mut blocks = Vec::new();
                let tag = Tag::FootnoteDefinition(label.clone());
                self.block(&mut blocks, tag, range.clone(), 0);
                let blocks = blocks
                    .into_iter()
                    .flat_map(|block| match block {
                        Block::Footnote { content, .. } => content,
                        other => vec![other],
                    })
                    .collect();
                self.ctx.cut(range.clone());
                notes.push(Note { label: label.into(), blocks, range });
                return Some(PieceKind::Taken);
            }
            _ => {}
        }
        let mut blocks = Vec::with_capacity(1);
        self.items.clear();
        self.terms.clear();
        self.rows.clear();
        self.block(&mut blocks, tag, range, 0);
        Some(match blocks.pop() {
            None => PieceKind::Comment,
            Some(block @ Block::List { .. }) => PieceKind::List(block, std::mem::take(&mut self.items)),
            Some(block @ Block::DefinitionList { .. }) => {
                PieceKind::Terms(block, std::mem::take(&mut self.terms))
            }
            Some(block @ Block::Table { .. }) => {
                PieceKind::Table { block, rows: std::mem::take(&mut self.rows), cards: Cards::No }
            }
            Some(block) => PieceKind::Block(block),
        })
    }

    fn fence(&mut self) -> PieceKind {
        let mut content: Option<Range<usize>> = None;
        while let Some((event, range)) = self.next() {
            match event {
                Event::Text(_) => {
                    let start = content.as_ref().map_or(range.start, |content| content.start);
                    content = Some(start..range.end);
                }
                Event::End(_) => break,
                _ => {}
            }
        }
        PieceKind::Fence(content.map_or_else(Vec::new, |content| entries(self.ctx, content)))
    }
}

/// Block markers on a label's own line count only where the next line goes on with them: `A: 1984.` is a year, `A: > 5` a
/// comparison, `A: # of nodes` no heading.
fn unwrap_first(ctx: &mut Context<'_>, chunk: &Chunk, first: usize, pieces: &mut Vec<Piece>) {
    let start = chunk.content.start;
    let line_end = line_end(ctx.text, start).min(chunk.content.end);
    if ctx.text[start..line_end].trim().is_empty() {
        return;
    }
    if pieces.len() == first {
        // All of it was a link definition, which an author who writes it behind a label does not mean.
        let text = ctx.text[chunk.content.clone()].trim();
        let commented = ctx.cuts.last().is_some_and(|cut| cut.start >= start);
        if !commented {
            pieces.push(piece(start..start + text.len(), PieceKind::Block(Block::text(text))));
        }
        return;
    }
    let Some(piece) = pieces.get_mut(first) else { return };
    let ends_here = ctx.text[..piece.range.end].trim_end().len() <= line_end;
    if piece.range.start != start {
        return;
    }
    let kind = std::mem::replace(&mut piece.kind, PieceKind::Taken);
    piece.kind = match kind {
        PieceKind::Heading { level, mut content, source } => {
            if ends_here {
                let marks = &ctx.text[start..source.start];
                prefix(&mut content, marks);
                PieceKind::Block(Block::Paragraph { content })
            } else {
                PieceKind::Block(Block::Heading { level, content })
            }
        }
        PieceKind::Block(Block::Rule) => PieceKind::Block(Block::text(ctx.text[start..line_end].trim())),
        PieceKind::Block(Block::Quote { alert: None, mut content }) if ends_here && content.len() == 1 => {
            let text = ctx.text[start..line_end].trim_end();
            let marks = text.len() - text.trim_start_matches(['>', ' ']).len();
            match content.first_mut() {
                Some(Block::Paragraph { content: inner }) => {
                    prefix(inner, &text[..marks]);
                    PieceKind::Block(content.swap_remove(0))
                }
                _ => PieceKind::Block(Block::text(text)),
            }
        }
        PieceKind::List(Block::List { items, .. }, _) if items.len() == 1 && ends_here => {
            let text = ctx.text[start..line_end].trim_end();
            let marker = text.find([' ', '\t']).map_or(text.len(), |at| at + 1);
            let mut blocks = items.into_iter().flat_map(|item| item.content);
            match blocks.next() {
                Some(Block::Paragraph { mut content }) if blocks.next().is_none() => {
                    prefix(&mut content, &text[..marker]);
                    PieceKind::Block(Block::Paragraph { content })
                }
                _ => PieceKind::Block(Block::text(text)),
            }
        }
        other => other,
    };
}

fn prefix(content: &mut Vec<Inline>, text: &str) {
    if let Some(Inline::Text { text: first }) = content.first_mut() {
        first.insert_str(0, text);
    } else {
        content.insert(0, Inline::Text { text: text.to_owned() });
    }
}
