//! What is known of a file before its cards are read: card tables, the title, where sections end.

use super::context::Context;
use super::directives::Directive;
use super::pieces::{Cards, Piece, PieceKind};
use super::plain::plain;
use super::said::holds;
use crate::model::text::Inline;
use crate::reader::Tables;

/// Returns whether the piece is or holds an explicit card, which makes sections of the headings above it.
pub(super) fn is_explicit(piece: &Piece) -> bool {
    match &piece.kind {
        PieceKind::Label { label, .. } => label.begins_card(),
        PieceKind::Fence(_) | PieceKind::Table { cards: Cards::Yes, .. } => true,
        PieceKind::Block(_)
        | PieceKind::List(..)
        | PieceKind::Terms(..)
        | PieceKind::Heading { .. }
        | PieceKind::Table { cards: Cards::No, .. } => piece.cloze,
        PieceKind::Break | PieceKind::Comment | PieceKind::Taken => false,
    }
}

/// Says which tables are cards: all of them under `table: cards`, else those right behind `<!-- cards -->`.
pub(super) fn mark_card_tables(ctx: &Context<'_>, pieces: &mut [Piece]) {
    let all = ctx.settings.tables == Tables::Cards;
    let mut asked = false;
    for piece in pieces {
        match &mut piece.kind {
            PieceKind::Comment => {
                asked |= holds(&piece.directives, &Directive::Cards);
                continue;
            }
            PieceKind::Table { cards, .. } if all || asked => *cards = Cards::Yes,
            PieceKind::Table { .. }
            | PieceKind::Label { .. }
            | PieceKind::Break
            | PieceKind::Heading { .. }
            | PieceKind::Block(_)
            | PieceKind::List(..)
            | PieceKind::Terms(..)
            | PieceKind::Fence(_)
            | PieceKind::Taken => {}
        }
        asked = false;
    }
}

/// Returns the first `# Title`, which names the deck where nothing stronger does.
pub(super) fn title(ctx: &Context<'_>, pieces: &[Piece]) -> Option<(usize, String)> {
    if ctx.settings.card_level == 1 || ctx.settings.deck.is_some() {
        return None;
    }
    pieces.iter().enumerate().find_map(|(index, piece)| match &piece.kind {
        PieceKind::Heading { level: 1, content, .. } => Some((index, deck_name(content)?)),
        PieceKind::Heading { .. }
        | PieceKind::Label { .. }
        | PieceKind::Break
        | PieceKind::Block(_)
        | PieceKind::List(..)
        | PieceKind::Terms(..)
        | PieceKind::Table { .. }
        | PieceKind::Fence(_)
        | PieceKind::Comment
        | PieceKind::Taken => None,
    })
}

fn deck_name(content: &[Inline]) -> Option<String> {
    let name = plain(content).split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}

/// Returns for each heading the piece where its section ends: the next heading of its level or a higher one.
pub(super) fn section_ends(pieces: &[Piece]) -> Vec<usize> {
    let mut ends = vec![pieces.len(); pieces.len()];
    let mut open: Vec<(u8, usize)> = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if let PieceKind::Heading { level, .. } = piece.kind {
            while let Some((_, heading)) = open.pop_if(|(above, _)| *above >= level) {
                ends[heading] = index;
            }
            open.push((level, index));
        }
    }
    ends
}
