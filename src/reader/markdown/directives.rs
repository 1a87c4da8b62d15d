//! What authors say about cards beside their content: HTML-comment directives and heading attributes.

use std::ops::Range;

use super::context::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{BuiltIn, ExplicitId};
use crate::reader::id::{check_id, refused_id};
use crate::source::{Span, Spanned};

/// Is one thing said about a card, a section or a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    Id(ExplicitId),
    Tags(Vec<String>),
    Type(BuiltIn),
    Deck(String),
    Source(String),
    Split,
    Ignore,
    Cards,
}

const KEYS: [&str; 9] = ["id", "guid", "tags", "type", "deck", "source", "split", "ignore", "cards"];

/// Reads the content of an HTML comment, one directive a line; anything else in it is a remark.
pub(super) fn read_comment(ctx: &mut Context<'_>, content: Range<usize>) {
    let text = ctx.text;
    for line in crate::source::lines(&text[..content.end], content.start) {
        let (line, start) = trimmed(text, line);
        if line.is_empty() {
            continue;
        }
        let (key, value) = match line.split_once(':') {
            Some((key, value)) => (key.trim_end(), Some(value)),
            None => (line, None),
        };
        let range = start..start + line.len();
        let lower = key.to_lowercase();
        let Some(value) = value else {
            match lower.as_str() {
                "split" => push(ctx, range, Directive::Split),
                "ignore" => push(ctx, range, Directive::Ignore),
                "cards" => push(ctx, range, Directive::Cards),
                _ if KEYS.contains(&lower.as_str()) => missing(ctx, range, &lower),
                _ => near_miss(ctx, range, key),
            }
            continue;
        };
        let (value, at) = trimmed(text, range.end - value.len()..range.end);
        let place = at..at + value.len();
        if value.is_empty() && KEYS.contains(&lower.as_str()) {
            missing(ctx, range, &lower);
            continue;
        }
        keyed(ctx, &lower, key, value, place);
    }
}

/// Reads `value` as what `lower`, a key in lower case, asks for. `key` is the key as written.
pub(super) fn keyed(ctx: &mut Context<'_>, lower: &str, key: &str, value: &str, place: Range<usize>) {
    match lower {
        "id" => id(ctx, value, place, ExplicitId::Key),
        "guid" => id(ctx, value, place, ExplicitId::Guid),
        "tags" => {
            let tags = tags(value);
            push(ctx, place, Directive::Tags(tags));
        }
        "type" => note_type(ctx, value, place),
        "deck" => push(ctx, place, Directive::Deck(value.to_owned())),
        "source" => push(ctx, place, Directive::Source(value.to_owned())),
        _ => {
            let start = ctx.text[..place.start].rfind(key).unwrap_or(place.start);
            near_miss(ctx, start..place.end, key);
        }
    }
}

fn trimmed(text: &str, range: Range<usize>) -> (&str, usize) {
    let line = &text[range.clone()];
    let start = range.start + (line.len() - line.trim_start().len());
    (line.trim(), start)
}

fn push(ctx: &mut Context<'_>, range: Range<usize>, directive: Directive) {
    let span = ctx.span(range);
    ctx.directives.push(Spanned::new(directive, span));
}

fn missing(ctx: &mut Context<'_>, range: Range<usize>, key: &str) {
    ctx.report(
        Code::UnknownDirective,
        range,
        format!("directive `{key}` says nothing"),
        &format!("write `<!-- {key}: … -->`"),
    );
}

/// Reports `key` where it is almost one of ours; other comments are remarks or belong to other tools.
fn near_miss(ctx: &mut Context<'_>, range: Range<usize>, key: &str) {
    let lower = key.to_lowercase();
    if lower.len() > 12 || lower.len() < 2 {
        return;
    }
    let close = KEYS.iter().find(|known| {
        known.len() > 2 && !KEYS.contains(&lower.as_str()) && strsim::damerau_levenshtein(known, &lower) == 1
    });
    if let Some(close) = close {
        ctx.report(
            Code::UnknownDirective,
            range,
            format!("`{key}` is almost the directive `{close}`"),
            &format!("write `{close}`, or leave it if it is a remark"),
        );
    }
}

/// Returns the tags of a list separated by spaces or commas, without `#`.
pub(crate) fn tags(value: &str) -> Vec<String> {
    value
        .split(|c: char| c.is_whitespace() || c == ',')
        .map(|tag| tag.trim_start_matches('#'))
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Adds the id `value`, or reports why it cannot be one.
pub(super) fn id(
    ctx: &mut Context<'_>,
    value: &str,
    place: Range<usize>,
    make: impl FnOnce(String) -> ExplicitId,
) {
    match check_id(value) {
        Ok(()) => push(ctx, place, Directive::Id(make(value.to_owned()))),
        Err(why) => {
            let span = ctx.span(place);
            ctx.diagnostics.push(refused_id(span, why));
        }
    }
}

fn note_type(ctx: &mut Context<'_>, value: &str, place: Range<usize>) {
    if let Some(note_type) = BuiltIn::parse(value) {
        push(ctx, place, Directive::Type(note_type));
        return;
    }
    let diagnostic = unknown_type(value, ctx.span(place));
    ctx.diagnostics.push(diagnostic);
}

/// Returns the finding that no note type is called `value`, with the closest one as help.
pub(crate) fn unknown_type(value: &str, span: Span) -> Diagnostic {
    let lower = value.to_lowercase();
    let close = BuiltIn::ALL
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known.key(), &lower), known.key()))
        .min()
        .filter(|(distance, known)| *distance <= 2.max(known.len() / 3));
    let help = if let Some((_, known)) = close {
        format!("did you mean `{known}`?")
    } else {
        let names: Vec<_> = BuiltIn::ALL.iter().map(|known| format!("`{}`", known.key())).collect();
        format!("use one of {}", names.join(", "))
    };
    let shown: String = value.chars().take(60).collect();
    Diagnostic::at(Code::UnknownNoteType, span, format!("there is no note type `{shown}`")).help(help)
}

/// Returns where the attributes at the end of a heading's text begin: a last `{…}` behind a space, made of `#id`, `.tag` and
/// `key=value` alone. `text` is the heading's line(s) without trailing `#`s and spaces.
pub(super) fn find_attributes(text: &str) -> Option<usize> {
    let inner = text.strip_suffix('}')?;
    let open = inner.rfind('{')?;
    let before = &text[..open];
    if before.ends_with('{') || !(before.is_empty() || before.ends_with([' ', '\t'])) {
        return None;
    }
    let mut known = false;
    for (_, item) in items(&inner[open + 1..]) {
        match item.as_bytes().first() {
            Some(b'#' | b'.') if item.len() > 1 => known = true,
            Some(_) => match item.split_once('=') {
                Some((key, _)) if !key.is_empty() => {
                    let key = key.to_lowercase();
                    known |=
                        KEYS.iter().any(|ours| key == *ours || strsim::damerau_levenshtein(ours, &key) == 1);
                }
                _ => return None,
            },
            None => return None,
        }
    }
    known.then_some(open)
}

/// Splits the inside of `{…}` at spaces outside quotes; each item with its offset.
fn items(text: &str) -> Vec<(usize, &str)> {
    let mut result = Vec::new();
    let mut start = None;
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        if c == '"' {
            quoted = !quoted;
        }
        if c.is_whitespace() && !quoted {
            if let Some(begin) = start.take() {
                result.push((begin, &text[begin..at]));
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    if let Some(begin) = start {
        result.push((begin, &text[begin..]));
    }
    result
}

/// Reads the attributes at `range`, braces and all.
pub(super) fn read_attributes(ctx: &mut Context<'_>, range: Range<usize>) {
    let text = ctx.text;
    let base = range.start + 1;
    for (at, item) in items(&text[base..range.end - 1]) {
        let start = base + at;
        let place = start..start + item.len();
        if let Some(name) = item.strip_prefix('#') {
            id(ctx, name, place, ExplicitId::Key);
        } else if let Some(tag) = item.strip_prefix('.') {
            push(ctx, place, Directive::Tags(vec![tag.to_owned()]));
        } else if let Some((key, value)) = item.split_once('=') {
            let value = value.trim_matches('"');
            let lower = key.to_lowercase();
            match lower.as_str() {
                "id" | "guid" | "tags" | "type" | "deck" | "source" if !value.is_empty() => {
                    keyed(ctx, &lower, key, value, place);
                }
                _ => ctx.report(
                    Code::UnknownDirective,
                    place,
                    format!("there is no attribute `{key}`"),
                    "use `#id`, `.tag`, `type=…`, `deck=…`, `tags=…` or `source=…`",
                ),
            }
        }
    }
    ctx.cut(range);
}

/// Returns the Obsidian block id that `text` ends with and where it begins: ` ^name`, of at least two letters, digits and
/// dashes with a letter among them, so that `x ^2` stays what it is. The offset is that of the `^`.
pub(super) fn find_anchor(text: &str) -> Option<(usize, &str)> {
    let tail = text.bytes().rev().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
    let start = text.len() - tail;
    let caret = start.checked_sub(1).filter(|at| text.as_bytes()[*at] == b'^')?;
    let name = &text[start..];
    let before = &text[..caret];
    let apart = before.is_empty() || before.ends_with(char::is_whitespace);
    (apart && name.len() >= 2 && name.bytes().any(|b| b.is_ascii_alphabetic())).then_some((caret, name))
}
