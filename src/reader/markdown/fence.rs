//! `card` fences: keys at the margin, values in Markdown.

use std::ops::Range;

use super::context::{Context, Definitions};
use super::directives::Directive;
use super::pieces::{Note, Piece, parse_range};
use crate::diagnostic::Code;
use crate::model::BuiltIn;
use crate::source::{Spanned, lines};

/// Is a key of a `card` fence with its value.
#[derive(Debug)]
pub(super) struct Entry {
    /// The key in lower case, `-` and `_` as spaces.
    pub(super) key: String,
    /// Where the key stands.
    pub(super) place: Range<usize>,
    /// Where the value stands.
    pub(super) value: Range<usize>,
    pub(super) pieces: Vec<Piece>,
    pub(super) directives: Vec<Spanned<Directive>>,
}

const METADATA: [&str; 6] = ["type", "tags", "deck", "id", "guid", "source"];
const SIDES: [&str; 9] =
    ["front", "back", "question", "answer", "term", "definition", "text", "extra", "hint"];

/// Says which side of a card a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Front,
    Back,
    /// Another field, by its name.
    Field(&'static str),
}

/// Returns the side or field that `name` means in any note type.
pub(super) fn side(name: &str) -> Option<Side> {
    let lower = name.trim().to_lowercase().replace(['_', '-'], " ");
    match lower.as_str() {
        "front" | "question" | "term" | "text" | "prompt" => Some(Side::Front),
        "back" | "answer" | "definition" => Some(Side::Back),
        _ => BuiltIn::ALL
            .iter()
            .find_map(|built_in| built_in.field(&lower).map(|index| Side::Field(built_in.fields()[index]))),
    }
}

/// Returns whether `name` is metadata: no field, but something about the note.
pub(super) fn is_metadata(name: &str) -> bool {
    METADATA.contains(&name.trim().to_lowercase().as_str())
}

/// Cuts the content of a fence at its keys; values are parsed later, by [`parse_values`].
pub(super) fn entries(ctx: &mut Context<'_>, content: Range<usize>) -> Vec<Entry> {
    let text = ctx.text;
    let mut result: Vec<Entry> = Vec::new();
    let mut fence: Option<(u8, usize)> = None;
    for line in lines(&text[..content.end], content.start) {
        let source = &text[line.clone()];
        let trimmed = source.trim_start();
        let byte = trimmed.as_bytes().first().copied().unwrap_or(0);
        let run = trimmed.bytes().take_while(|b| *b == byte).count();
        if let Some((open, length)) = fence {
            if byte == open && run >= length && trimmed[run..].trim().is_empty() {
                fence = None;
            }
        } else {
            let begins = matches!(byte, b'`' | b'~') && run >= 3;
            if begins {
                fence = Some((byte, run));
            } else if let Some(length) = key(source, result.is_empty()) {
                let name = source[..length].to_lowercase().replace(['_', '-'], " ");
                let value = line.start + length + 1;
                let value = value + (text[value..line.end].len() - text[value..line.end].trim_start().len());
                if matches!(text.as_bytes()[value..line.end].first(), Some(b'`' | b'~')) {
                    let byte = text.as_bytes()[value];
                    let run = text[value..line.end].bytes().take_while(|b| *b == byte).count();
                    if run >= 3 {
                        fence = Some((byte, run));
                    }
                }
                result.push(Entry {
                    key: name,
                    place: line.start..line.start + length,
                    value: value..line.end,
                    pieces: Vec::new(),
                    directives: Vec::new(),
                });
                continue;
            }
        }
        if let Some(entry) = result.last_mut() {
            entry.value.end = line.end;
        } else if !source.trim().is_empty() {
            ctx.report(
                Code::UnknownField,
                line,
                "text before the first field of a `card` fence",
                "begin with a field name and a colon, such as `front:`",
            );
            return result;
        }
    }
    result
}

/// Parses the values of `entries`, which stand in their file in this order.
pub(super) fn parse_values<'a>(
    ctx: &mut Context<'a>,
    definitions: &Definitions<'a>,
    entries: &mut [Entry],
    notes: &mut Vec<Note>,
) {
    for entry in entries {
        if METADATA.contains(&entry.key.as_str()) && entry.key != "source" {
            let value = ctx.text[entry.value.clone()].trim();
            let place = entry.value.start..entry.value.start + value.len();
            if !value.is_empty() {
                // A value over lines is one value; a name holds no line end.
                let folded = value.split_whitespace().collect::<Vec<_>>().join(" ");
                super::directives::keyed(ctx, &entry.key, &entry.key, &folded, place);
                entry.directives = std::mem::take(&mut ctx.directives);
            }
        } else {
            parse_range(ctx, definitions, entry.value.clone(), &mut entry.pieces, notes);
        }
    }
}

/// Returns the length of the key that `line` begins with. Inside a value a capitalised word with a colon, such as `Note:`, is
/// text unless it is a field.
fn key(line: &str, first: bool) -> Option<usize> {
    let length = line.find(':').filter(|at| (1..=24).contains(at))?;
    let name = &line[..length];
    let rest = &line[length + 1..];
    if !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    if side(name).is_some() || is_metadata(name) {
        return Some(length);
    }
    let word = name.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_'));
    let lower = name.to_lowercase();
    let near = METADATA
        .iter()
        .chain(&SIDES)
        .any(|known| known.len() > 3 && strsim::damerau_levenshtein(known, &lower) == 1);
    (word && (first || near || name.bytes().all(|b| !b.is_ascii_uppercase()))).then_some(length)
}

/// Returns the known name closest to `name`.
pub(super) fn closest(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    METADATA
        .iter()
        .chain(&SIDES)
        .map(|known| (strsim::damerau_levenshtein(known, &lower), *known))
        .min()
        .filter(|(distance, _)| *distance <= 2)
        .map(|(_, known)| known)
}
