//! Footnotes: a definition anywhere in a file is copied into every field that refers to it.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::pieces;
use crate::diagnostic::Code;
use crate::model::text::{Block, Inline, each_inline, each_inline_list};
use crate::model::{Note, SourceId};

/// Returns the labels that `text` seems to define, in lower case.
pub(super) fn labels(text: &str) -> BTreeSet<String> {
    let mut result = BTreeSet::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("[^") {
        let start = from + at + 2;
        let end = text[start..].find([']', '\n', '\r', '[', ' ']).map_or(text.len(), |n| start + n);
        if text[end..].starts_with("]:") && end > start {
            result.insert(text[start..end].to_lowercase());
        }
        from = start;
    }
    result
}

/// Adds the footnotes that the fields of `notes` refer to.
pub(super) fn attach(ctx: &mut Context<'_>, notes: &mut [Note<SourceId>], definitions: &[pieces::Note]) {
    let mut by_label: BTreeMap<String, &pieces::Note> = BTreeMap::new();
    for definition in definitions {
        by_label.entry(definition.label.to_lowercase()).or_insert(definition);
    }
    // A long footnote with many references must not grow the deck beyond a small multiple of its source.
    let mut fuel = ctx.text.len().saturating_mul(4).max(1 << 20);
    for note in notes {
        for field in &mut note.fields {
            let mut done: BTreeSet<String> = BTreeSet::new();
            let mut wanted = references(&field.blocks);
            let mut index = 0;
            let mut dry = false;
            while index < wanted.len() {
                let label = wanted[index].clone();
                index += 1;
                if !done.insert(label.to_lowercase()) {
                    continue;
                }
                let Some(definition) = by_label.get(&label.to_lowercase()) else { continue };
                let Some(left) = fuel.checked_sub(definition.range.len()) else {
                    dry = true;
                    break;
                };
                fuel = left;
                wanted.extend(references(&definition.blocks));
                let content = definition.blocks.clone();
                field.blocks.push(Block::Footnote { label: definition.label.as_str().into(), content });
            }
            if !wanted.is_empty() {
                unresolved(&mut field.blocks, &by_label);
            }
            if dry {
                let span = note.span.range();
                ctx.report(
                    Code::FieldTooLarge,
                    span,
                    "footnotes grow the deck beyond four times its source; the rest is left out",
                    "shorten the footnotes, or refer to them from fewer cards",
                );
                return;
            }
        }
    }
}

fn references(blocks: &[Block]) -> Vec<String> {
    let mut result = Vec::new();
    each_inline(blocks, &mut |inline| {
        if let Inline::FootnoteReference { label } = inline {
            result.push(label.clone());
        }
    });
    result
}

/// Makes references to nothing plain text again.
fn unresolved(blocks: &mut [Block], by_label: &BTreeMap<String, &pieces::Note>) {
    each_inline_list(blocks, &mut |content| {
        for inline in content {
            if let Inline::FootnoteReference { label } = inline
                && !by_label.contains_key(&label.to_lowercase())
            {
                *inline = Inline::Text { text: format!("[^{label}]") };
            }
        }
    });
}
