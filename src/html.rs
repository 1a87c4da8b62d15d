//! Lowers the content of a field to HTML that survives Anki.
//!
//! One pass, one string, no tree in between. What is done for Anki's sake:
//!
//! - A field that is one paragraph has no `<p>`; nor have tight list items, table cells and quotes of one paragraph.
//! - `{{` never stands in the output unless it opens a deletion of ours, whatever the text, code, math or attribute says;
//!   inside a deletion the same holds for `}}`, which would close it, and for `::`, which would begin the hint.
//! - A deletion of several cards becomes nested deletions, because `{{c1,2::…}}` needs Anki 26.05.
//! - Math is `\(…\)` and `\[…\]` on one line, without TeX comments, with entities for `<`, `>` and `&`.
//! - Code is highlighted by classes, without script. Task list boxes are characters, which every client shows.
//! - `[sound:` and `[anki:` in text and code do nothing; only [`Inline::Media`](crate::model::text::Inline) plays.
//! - Links keep their address only if its scheme is harmless; see [`href`].
//! - ASCII control characters, which Anki deletes, are left out.
//!
//! **Raw HTML is kept as it is**, because a field is the author's; a lint warns of active content. Only cloze syntax in it
//! is made inert where a deletion cannot be: in fields that hold none, and inside a deletion.
//!
//! A soft break is a space, but nothing between two CJK characters ([`joins_without_space`]).
//!
//! This module does no I/O.

mod blocks;
mod escape;
mod highlight;
mod inlines;
mod link;
mod math;
mod space;

pub(crate) use blocks::alert_word;
pub(crate) use inlines::soft_break_vanishes;
pub use link::href;
pub use math::one_line;
pub use space::joins_without_space;

use crate::model::text::Block;
use crate::model::{BuiltIn, Field, Medium};

/// Says whether Anki makes cards of the deletions in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// No: deletions are written as their content, and what looks like one is made inert.
    Plain,
    /// Yes.
    Cloze,
}

/// Returns the HTML of a field.
#[must_use]
pub fn field(blocks: &[Block], media: &[Medium], kind: FieldKind) -> String {
    sized(blocks, media, kind, 96)
}

/// Returns the HTML of a field that is about so long, in bytes.
fn sized(blocks: &[Block], media: &[Medium], kind: FieldKind, length: usize) -> String {
    if blocks.is_empty() {
        return String::new();
    }
    let mut writer = blocks::Writer::new(media, kind, blocks, length);
    writer.field(blocks);
    writer.finish()
}

/// Returns the HTML of all fields of a note: deletions count in the first field of a cloze note, and nowhere else.
#[must_use]
pub fn fields(note_type: BuiltIn, fields: &[Field], media: &[Medium]) -> Vec<String> {
    let kind = |index: usize| {
        if index == 0 && note_type.is_cloze() { FieldKind::Cloze } else { FieldKind::Plain }
    };
    // Most fields are a little longer than their source, for entities and tags.
    let length = |content: &Field| content.source.len() * 9 / 8 + 8;
    let each = fields.iter().enumerate();
    each.map(|(index, content)| sized(&content.blocks, media, kind(index), length(content))).collect()
}
