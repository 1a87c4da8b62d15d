//! The grammar of cloze markers: `{{c1::`, `{{c1,2::`, `{{c::`, and `::` before a hint.

use crate::anki::cloze::LAST_NUMBER;
use crate::model::text::{Cloze, Inline};

use super::plain::plain;

/// Is what stands at a `{{`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// A marker of that many bytes; without numbers where the author gives none.
    Open { numbers: Vec<u16>, length: usize },
    /// A marker whose number Anki makes no card for.
    BadNumber { length: usize },
    /// Almost a marker: a capital, a space, or a single colon.
    NearMiss { length: usize },
}

/// Reads the marker that `text` begins with, if it begins with one.
pub(super) fn marker(text: &str) -> Option<Marker> {
    let rest = text.strip_prefix("{{").and_then(|rest| rest.strip_prefix(['c', 'C']))?;
    let digits = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b',').count();
    let list = &rest[..digits];
    let after = &rest[digits..];
    let length = "{{c".len() + digits + "::".len();
    if !after.starts_with("::") || text.as_bytes()[2] == b'C' {
        let near = digits > 0 && after.trim_start_matches(' ').starts_with(':');
        return near.then_some(Marker::NearMiss { length: "{{c".len() + digits });
    }
    if list.is_empty() {
        return Some(Marker::Open { numbers: Vec::new(), length });
    }
    let mut numbers = Vec::new();
    for part in list.split(',') {
        match part.parse::<u16>() {
            Ok(number) if (1..=LAST_NUMBER).contains(&number) => {
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
            Ok(_) | Err(_) => return Some(Marker::BadNumber { length }),
        }
    }
    Some(Marker::Open { numbers, length })
}

/// Returns whether `text`, which is code or TeX, holds something that would be a cloze marker elsewhere, and where.
pub(super) fn find_marker(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = text[from..].find("{{c") {
        let at = from + at;
        if let Some(Marker::Open { length, .. }) = marker(&text[at..]) {
            return Some((at, length));
        }
        from = at + 3;
    }
    None
}

/// Splits the hint off the content of a deletion: what follows the first `::` that stands in no nested deletion, code or
/// math, as in Anki. A `::` before a nested deletion is text.
pub(super) fn split_hint(content: &mut Vec<Inline>) -> Option<String> {
    let nested = content.iter().rposition(|inline| matches!(inline, Inline::Cloze(_)));
    let mut stretch = content.iter().enumerate().skip(nested.map_or(0, |at| at + 1));
    let (index, at) = stretch.find_map(|(index, inline)| {
        if let Inline::Text { text } = inline { text.find("::").map(|at| (index, at)) } else { None }
    })?;
    let rest = content.split_off(index + 1);
    let Some(Inline::Text { text }) = content.get_mut(index) else { return None };
    let mut hint = text[at + 2..].to_owned();
    hint.push_str(&plain(&rest));
    text.truncate(at);
    if text.is_empty() {
        content.pop();
    }
    let hint = hint.trim();
    (!hint.is_empty()).then(|| hint.to_owned())
}

/// Replaces the deletions of `content` by the text they were written as, for note types that have none. Returns how many.
pub(super) fn make_literal(content: &mut Vec<Inline>) -> usize {
    let mut count = 0;
    if !content.iter().any(|inline| matches!(inline, Inline::Cloze(_))) {
        return 0;
    }
    let mut result = Vec::with_capacity(content.len() + 2);
    for inline in content.drain(..) {
        if let Inline::Cloze(cloze) = inline {
            let Cloze { numbers, content: mut inner, hint, span: _ } = *cloze;
            count += 1 + make_literal(&mut inner);
            let list: Vec<String> = numbers.iter().map(u16::to_string).collect();
            push_text(&mut result, &format!("{{{{c{}::", list.join(",")));
            for inline in inner {
                match inline {
                    Inline::Text { text } => push_text(&mut result, &text),
                    other => result.push(other),
                }
            }
            push_text(&mut result, &hint.map_or_else(|| "}}".to_owned(), |hint| format!("::{hint}}}}}")));
        } else if let Inline::Text { text } = &inline {
            push_text(&mut result, text);
        } else {
            result.push(inline);
        }
    }
    *content = result;
    count
}

/// Adds `text` to the text that `content` ends with, or as a new one.
pub(super) fn push_text(content: &mut Vec<Inline>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Inline::Text { text: last }) = content.last_mut() {
        last.push_str(text);
    } else {
        content.push(Inline::Text { text: text.to_owned() });
    }
}
