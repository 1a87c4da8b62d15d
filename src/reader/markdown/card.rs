//! A card's parts to a note: its type, its fields in order, its deck, tags and id.

use std::ops::Range;
use std::sync::Arc;

use super::cloze::make_literal;
use super::context::Context;
use super::directives::find_anchor;
use super::fence::Side;
use super::pieces::{Piece, PieceKind};
use super::said::Said;
use super::table::lost_cells;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::text::{Block, Inline, Link, each_inline, each_inline_list};
use crate::model::{BuiltIn, ExplicitId, Field, Note, SourceId};
use crate::reader::id::check_id;
use crate::source::Spanned;

/// Holds the parts of a card before its note type is known.
#[derive(Debug, Default)]
pub(super) struct Card {
    pub(super) range: Range<usize>,
    /// Where the question stands, to point at.
    pub(super) head: Range<usize>,
    pub(super) front: Field,
    pub(super) back: Field,
    /// Other fields by name.
    pub(super) others: Vec<(&'static str, Field)>,
    pub(super) said: Said,
    pub(super) form: Form,
}

/// Says how a card was written, as far as its note type depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    /// With two sides; a cloze note where the front holds a deletion.
    #[default]
    Sides,
    /// As `QA:`.
    Both,
    /// As a cloze text, which is the front.
    Cloze,
}

/// Holds what the sections round a card and the settings say.
pub(super) struct Inherited {
    pub(super) deck: Arc<str>,
    /// Sorted, each once.
    pub(super) tags: Arc<[String]>,
    pub(super) note_type: Option<BuiltIn>,
    pub(super) source: Option<String>,
    pub(super) context: String,
}

/// Takes the blocks of `pieces` as one field and what they say into `said`.
pub(super) fn take_field(ctx: &mut Context<'_>, pieces: &mut [Piece], said: &mut Said) -> Field {
    let mut blocks = Vec::with_capacity(pieces.len());
    let mut range: Option<Range<usize>> = None;
    for piece in pieces {
        said.absorb(ctx, std::mem::take(&mut piece.directives));
        if let PieceKind::Table { rows, .. } = &piece.kind {
            lost_cells(ctx, rows);
        }
        let block = match std::mem::replace(&mut piece.kind, PieceKind::Taken) {
            PieceKind::Block(block)
            | PieceKind::List(block, _)
            | PieceKind::Terms(block, _)
            | PieceKind::Table { block, .. } => block,
            PieceKind::Heading { level, content, .. } => Block::Heading { level, content },
            PieceKind::Label { .. }
            | PieceKind::Break
            | PieceKind::Fence(_)
            | PieceKind::Comment
            | PieceKind::Taken => continue,
        };
        blocks.push(block);
        let start = range.map_or(piece.range.start, |range| range.start);
        range = Some(start..piece.range.end);
    }
    let source = range.clone().map_or_else(String::new, |range| ctx.source(range));
    let mut field = Field { blocks, source };
    if let Some(range) = range {
        take_anchor(ctx, &mut field, range, said);
    }
    field
}

/// Takes an Obsidian block id off the end of `field`, which was read from `range`, as the card's id where it has no other.
pub(super) fn take_anchor(ctx: &mut Context<'_>, field: &mut Field, range: Range<usize>, said: &mut Said) {
    let Some((at, name)) = find_anchor(&field.source) else { return };
    let name = name.to_owned();
    if !drop_anchor(&mut field.blocks, &name) {
        return;
    }
    field.source.truncate(at);
    field.source.truncate(field.source.trim_end().len());
    let text = ctx.text[range.clone()].trim_end();
    let start = text.rfind(&name).map_or(range.start, |at| range.start + at);
    if said.id.is_none() && check_id(&name).is_ok() {
        let span = ctx.span(start..start + name.len());
        said.id = Some(Spanned::new(ExplicitId::Key(name), span));
    }
}

fn drop_anchor(blocks: &mut Vec<Block>, name: &str) -> bool {
    let content = match blocks.last_mut() {
        Some(Block::Paragraph { content } | Block::Heading { content, .. }) => content,
        Some(Block::List { items, .. }) => {
            return items.last_mut().is_some_and(|item| drop_anchor(&mut item.content, name));
        }
        Some(Block::Quote { content, .. }) => return drop_anchor(content, name),
        Some(
            Block::Code { .. }
            | Block::DefinitionList { .. }
            | Block::Table { .. }
            | Block::Math { .. }
            | Block::Html { .. }
            | Block::Rule
            | Block::Footnote { .. },
        )
        | None => return false,
    };
    let Some(Inline::Text { text }) = content.last_mut() else { return false };
    let Some(rest) = text.strip_suffix(name).and_then(|rest| rest.strip_suffix('^')) else { return false };
    let length = rest.trim_end().len();
    text.truncate(length);
    if text.is_empty() {
        content.pop();
        while matches!(content.last(), Some(Inline::SoftBreak | Inline::HardBreak)) {
            content.pop();
        }
        if content.is_empty() {
            blocks.pop();
        }
    }
    true
}

/// Returns a field of plain text; an address is a link.
pub(super) fn plain_field(text: &str) -> Field {
    if text.is_empty() {
        return Field::default();
    }
    let text = text.to_owned();
    let address =
        (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace);
    let inline = Inline::Text { text: text.clone() };
    let inline = if address {
        Inline::Link(Box::new(Link { url: text.clone(), title: None, content: vec![inline] }))
    } else {
        inline
    };
    Field { blocks: vec![Block::Paragraph { content: vec![inline] }], source: text }
}

/// Returns the note that `card` makes; nothing, and a finding, where it makes none.
pub(super) fn finish(ctx: &mut Context<'_>, card: Card, inherited: &Inherited) -> Option<Note<SourceId>> {
    let Card { range, head, mut front, mut back, mut others, said, form } = card;
    let deletion = ctx.clozes && front.has_cloze();
    let chosen = said.note_type.as_ref().map(|note_type| note_type.value);
    let note_type = match (form, chosen) {
        (Form::Cloze, _) => BuiltIn::Cloze,
        (Form::Sides | Form::Both, Some(chosen)) => chosen,
        (Form::Both, None) => BuiltIn::Reversed,
        (Form::Sides, None) if deletion => BuiltIn::Cloze,
        (Form::Sides, None) => {
            inherited.note_type.filter(|built_in| !built_in.is_cloze()).unwrap_or(BuiltIn::Basic)
        }
    };
    // A separator such as U+2028 alone is text for CommonMark and nothing for a reader.
    if front.is_empty() || front.source.is_empty() {
        ctx.report(
            Code::CardWithoutFront,
            head,
            "card has no question",
            "write the question behind the label, or take the card out",
        );
        return None;
    }
    if note_type.is_cloze() {
        if !deletion && ctx.clozes && back.has_cloze() {
            front.blocks.append(&mut back.blocks);
            front.source.push_str("\n\n");
            front.source.push_str(&back.source);
            back = Field::default();
        } else if !deletion {
            ctx.report(
                Code::ClozeWithoutDeletion,
                head,
                "cloze note without a deletion makes no card",
                "mark what to hide as `{{c1::…}}`, or write it as `Q:` and `A:`",
            );
            return None;
        }
    } else if back.is_empty() {
        ctx.report(
            Code::EmptySide,
            head.clone(),
            "card has an empty answer",
            "write the answer, or skip the card with `<!-- ignore -->`",
        );
    }
    let names = note_type.fields();
    let mut fields = Vec::with_capacity(names.len());
    fields.resize_with(names.len(), Field::default);
    fields[0] = front;
    if note_type.is_cloze() {
        // The answer of a cloze note stands in its `Extra`, before what the author put there.
        match others.iter_mut().find(|(name, _)| *name == "Extra") {
            Some((_, extra)) if !back.is_empty() => {
                back.blocks.append(&mut extra.blocks);
                back.source.push_str("\n\n");
                back.source.push_str(&extra.source);
                *extra = back;
            }
            None if !back.is_empty() => others.insert(0, ("Extra", back)),
            Some(_) | None => {}
        }
    } else {
        fields[1] = back;
    }
    for (name, field) in others {
        let Some(index) = names.iter().position(|known| *known == name) else {
            let help = format!("its fields are {}", names.join(", "));
            let message = format!("note type `{}` has no field `{name}`", note_type.key());
            ctx.report(Code::UnknownField, head.clone(), message, &help);
            continue;
        };
        if fields[index].is_empty() {
            fields[index] = field;
        } else {
            let diagnostic = Diagnostic::at(
                Code::DuplicateField,
                ctx.span(head.clone()),
                format!("field `{name}` is given twice"),
            );
            ctx.diagnostics.push(diagnostic.help("join the two, or give one of them another name"));
        }
    }
    set_default(&mut fields, names, "Context", &inherited.context);
    let source = said.source.as_deref().or(inherited.source.as_deref());
    set_default(&mut fields, names, "Source", source.unwrap_or(""));
    if ctx.clozes {
        literal(ctx, &mut fields, note_type, &head);
    }
    let tags = if said.tags.is_empty() {
        Arc::clone(&inherited.tags)
    } else {
        sorted([&inherited.tags[..], &said.tags].concat())
    };
    Some(Note {
        identity: said.id,
        note_type,
        deck: said.deck.map_or_else(|| Arc::clone(&inherited.deck), Arc::from),
        tags,
        fields,
        span: ctx.span(range),
    })
}

/// Returns `tags` as a note has them.
pub(super) fn sorted(mut tags: Vec<String>) -> Arc<[String]> {
    tags.sort();
    tags.dedup();
    tags.into()
}

fn set_default(fields: &mut [Field], names: &[&str], name: &str, text: &str) {
    if let Some(index) = names.iter().position(|known| *known == name)
        && fields[index].is_empty()
    {
        fields[index] = plain_field(text);
    }
}

/// Makes deletions plain text wherever Anki would read none: in notes of other types, and outside the cloze field.
fn literal(ctx: &mut Context<'_>, fields: &mut [Field], note_type: BuiltIn, head: &Range<usize>) {
    let first = usize::from(note_type.is_cloze());
    for field in &mut fields[first..] {
        if !field.has_cloze() {
            continue;
        }
        let mut span = None;
        each_inline(&field.blocks, &mut |inline| {
            if let Inline::Cloze(cloze) = inline {
                span.get_or_insert(cloze.span);
            }
        });
        each_inline_list(&mut field.blocks, &mut |content| {
            make_literal(content);
        });
        let span = span.unwrap_or_else(|| ctx.span(head.clone()));
        let diagnostic = Diagnostic::at(
            Code::InertCloze,
            span,
            format!("cloze deletion in the answer of a `{}` card is plain text", note_type.key()),
        );
        ctx.diagnostics.push(
            diagnostic
                .help("end the card before it with a line `---`, or put the deletion into the question"),
        );
    }
}

/// Returns which part of a card a field name means for a card of two sides.
pub(super) fn place(card: &mut Card, side: Side, field: Field) -> Result<(), Field> {
    let slot = match side {
        Side::Front => &mut card.front,
        Side::Back => &mut card.back,
        Side::Field(name) => {
            card.others.push((name, field));
            return Ok(());
        }
    };
    if slot.is_empty() {
        *slot = field;
        Ok(())
    } else {
        Err(field)
    }
}
