//! What is found in plain text once its pieces are joined: `[sound:…]`, and references to footnotes that another part of the
//! file defines.

use super::walker::Walker;
use crate::model::MediaRef;
use crate::model::text::{Embed, Inline, MediaKind};
use crate::source::Spanned;

use super::cloze::push_text;

impl Walker<'_, '_> {
    /// Adds `text`, which begins at `start` in the file, to `content`.
    pub(super) fn push_words(&self, content: &mut Vec<Inline>, text: &str, start: usize) {
        let mut rest = text;
        let mut from = start;
        while let Some(at) = rest.find('[') {
            let after = &rest[at + 1..];
            let found = if let Some(inner) = after.strip_prefix("sound:") {
                inner.find([']', '[']).filter(|end| inner.as_bytes()[*end] == b']' && *end > 0).map(|end| {
                    let path = inner[..end].to_owned();
                    let place = self.ctx.text.get(from..).and_then(|text| text.find(&path)).unwrap_or(0);
                    from += place;
                    let span = self.ctx.span(from..from + path.len());
                    let kind = match MediaKind::of(&path) {
                        MediaKind::Video => MediaKind::Video,
                        MediaKind::Audio | MediaKind::Image => MediaKind::Audio,
                    };
                    let media = MediaRef::Written(Spanned::new(path, span));
                    let embed = Embed { media, kind, alt: String::new(), title: None, width: None };
                    let inline = Inline::Media(Box::new(embed));
                    (inline, "sound:".len() + end)
                })
            } else if self.ctx.footnotes && after.starts_with('^') {
                let inner = &after[1..];
                inner
                    .find([']', '[', ' '])
                    .filter(|end| inner.as_bytes()[*end] == b']' && *end > 0)
                    .filter(|end| self.ctx.footnote_labels.contains(&inner[..*end].to_lowercase()))
                    .map(|end| (Inline::FootnoteReference { label: inner[..end].to_owned() }, 1 + end))
            } else {
                None
            };
            let Some((inline, length)) = found else {
                // One bracket on: what follows may still be one.
                push_text(content, &rest[..=at]);
                rest = after;
                continue;
            };
            push_text(content, &rest[..at]);
            content.push(inline);
            rest = &after[length + 1..];
        }
        push_text(content, rest);
    }
}

/// Returns the code of a span over lines: joined by spaces, without the marks of the containers it stands in, whatever the
/// line ends (`CommonMark` §6.1; the parser counts CRLF as two).
pub(super) fn joined_code(source: &str) -> String {
    let inner = source.trim_matches('`');
    let lines = inner.split('\n').enumerate().map(|(index, line)| {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if index == 0 { line } else { line.trim_start_matches([' ', '\t', '>']) }
    });
    let code = lines.collect::<Vec<_>>().join(" ");
    match code.strip_prefix(' ').and_then(|rest| rest.strip_suffix(' ')) {
        Some(rest) if !code.trim().is_empty() => rest.to_owned(),
        Some(_) | None => code,
    }
}
