//! Raw HTML: comments, and the simple tags that are media.

use std::ops::Range;

use crate::model::text::MediaKind;

/// Is a media tag such as `<img src="a.png" alt="x" width="300">`.
pub(super) struct MediaTag<'a> {
    pub(super) kind: MediaKind,
    pub(super) src: &'a str,
    pub(super) alt: String,
    pub(super) title: Option<String>,
    pub(super) width: Option<u32>,
    /// The closing tag that belongs to it, for audio and video.
    pub(super) closing: Option<&'static str>,
}

/// Reads `tag`, one whole HTML tag, as a media tag; nothing where it is another one or has no `src`.
pub(super) fn media_tag(tag: &str) -> Option<MediaTag<'_>> {
    let inner = tag.strip_prefix('<')?.strip_suffix('>')?;
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    let name_end = inner.find(|c: char| c.is_ascii_whitespace())?;
    let (kind, closing) = match inner[..name_end].to_ascii_lowercase().as_str() {
        "img" => (None, None),
        "audio" => (Some(MediaKind::Audio), Some("</audio>")),
        "video" => (Some(MediaKind::Video), Some("</video>")),
        _ => return None,
    };
    let (mut src, mut alt, mut title, mut width) = (None, String::new(), None, None);
    for (name, value) in attributes(&inner[name_end..]) {
        match name.to_ascii_lowercase().as_str() {
            "src" => src = Some(value),
            "alt" => value.clone_into(&mut alt),
            "title" => title = Some(value.to_owned()),
            "width" => width = value.trim_end_matches("px").parse().ok(),
            _ => {}
        }
    }
    let src = src.filter(|src| !src.trim().is_empty())?;
    Some(MediaTag { kind: kind.unwrap_or_else(|| MediaKind::of(src)), src, alt, title, width, closing })
}

fn attributes(mut text: &str) -> Vec<(&str, &str)> {
    let mut result = Vec::new();
    loop {
        text = text.trim_start();
        let end = text.find(|c: char| c.is_ascii_whitespace() || c == '=').unwrap_or(text.len());
        if end == 0 {
            return result;
        }
        let (name, rest) = text.split_at(end);
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            result.push((name, ""));
            text = rest;
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        result.push((name, value));
        text = after;
    }
}

/// Returns the tags `<img …>`, `<audio …>` and `<video …>` in a block of raw HTML, as ranges.
pub(super) fn media_tags(html: &str) -> Vec<Range<usize>> {
    let mut result = Vec::new();
    let mut from = 0;
    while let Some(at) = html[from..].find('<') {
        let start = from + at;
        let rest = &html.as_bytes()[start + 1..];
        let named = ["img", "audio", "video"].iter().any(|name| {
            rest.len() > name.len()
                && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes())
                && rest[name.len()].is_ascii_whitespace()
        });
        from = start + 1;
        if named {
            let Some(end) = html[start..].find('>') else { return result };
            result.push(start..start + end + 1);
            from = start + end + 1;
        }
    }
    result
}

/// Splits an HTML comment off the front of `html`: its content and its length.
pub(super) fn comment(html: &str) -> Option<(&str, usize)> {
    let inner = html.strip_prefix("<!--")?;
    let end = inner.find("-->")?;
    Some((&inner[..end], "<!--".len() + end + "-->".len()))
}
