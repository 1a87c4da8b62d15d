//! Images and HTML tags to media.

use std::ops::Range;

use super::context::line_feeds;
use super::directives::read_comment;
use super::html::{MediaTag, comment, media_tag};
use super::inline::{Leaf, Width};
use super::plain::plain;
use super::walker::Walker;
use crate::model::MediaRef;
use crate::model::text::{Embed, Inline, MediaKind};
use crate::source::Spanned;

impl Walker<'_, '_> {
    /// Returns the medium of an image, of which `content` is the alternative text.
    pub(super) fn image(
        &self,
        path: String,
        title: Option<String>,
        wiki: Option<Width>,
        content: &[Inline],
        range: Range<usize>,
    ) -> Inline {
        let text = plain(content);
        let (alt, width) = match wiki {
            None => (text, None),
            Some(Width::None) => (String::new(), None),
            Some(Width::Given) => {
                let digits = text.split(['x', '×']).next().unwrap_or("");
                match digits.trim().parse() {
                    Ok(width) => (String::new(), Some(width)),
                    Err(_) => (text, None),
                }
            }
        };
        let source = &self.ctx.text[range.clone()];
        let place = match source.rfind(&path) {
            Some(at) if !path.is_empty() => range.start + at..range.start + at + path.len(),
            _ => range,
        };
        let kind = MediaKind::of(&path);
        let media = MediaRef::Written(Spanned::new(path, self.ctx.span(place)));
        Inline::Media(Box::new(Embed { media, kind, alt, title, width }))
    }

    /// Reads an inline HTML tag or comment; nothing where it leaves nothing.
    pub(super) fn html(&mut self, leaf: &mut Leaf, html: &str, range: &Range<usize>) -> Option<Inline> {
        if let Some((content, _)) = comment(html) {
            let start = range.start + "<!--".len();
            let end = (start + content.len()).min(range.end);
            if self.ctx.text.is_char_boundary(end) {
                read_comment(self.ctx, start..end);
            }
            self.ctx.cut(range.clone());
            // `a <!-- id: x --> b` leaves one space.
            if leaf.pending.ends_with(' ') && self.ctx.text[range.end..].starts_with(' ') {
                leaf.pending.pop();
            }
            return None;
        }
        if let Some(tag) = media_tag(html) {
            leaf.closing = tag.closing;
            return Some(self.media(tag, html, range.start));
        }
        if leaf.closing.is_some_and(|closing| html.eq_ignore_ascii_case(closing)) {
            leaf.closing = None;
            return None;
        }
        let name = html.trim_matches(['<', '>', '/', ' ']);
        if name.eq_ignore_ascii_case("br") {
            return Some(Inline::HardBreak);
        }
        Some(Inline::Html { html: line_feeds(html) })
    }

    /// Returns the medium of `tag`, which stands in `html` at `start` in the file.
    pub(super) fn media(&self, tag: MediaTag<'_>, html: &str, start: usize) -> Inline {
        let at = start + html.find(tag.src).unwrap_or(0);
        let span = self.ctx.span(at..at + tag.src.len());
        let media = MediaRef::Written(Spanned::new(tag.src.to_owned(), span));
        let MediaTag { kind, alt, title, width, .. } = tag;
        Inline::Media(Box::new(Embed { media, kind, alt, title, width }))
    }
}
