//! Looks at the content of notes for what would surprise a learner or a receiver, and takes out what no field can hold.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use crate::anki::cloze::{self, DEEPEST_ANYWHERE};
use crate::anki::media_in_html;
use crate::bytes;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::text::{Block, Inline, each_block, each_inline, each_inline_list};
use crate::model::{Note, SourceId};
use crate::source::{SourceMap, Span};

/// A field over this size is reported, in bytes.
const LARGE: usize = 100_000;
/// A field over this size stops the build, in bytes.
const LIMIT: usize = 1 << 20;

/// Reports what is odd in a note, strips control characters, which Anki deletes and U+001F of which would break the note
/// apart, and composes accents (NFC), as Anki does when it imports.
pub fn check(note: &mut Note<SourceId>, sources: &SourceMap, found: &mut Diagnostics) {
    let source = || sources.file(note.span.file).text.get(note.span.range()).unwrap_or_default();
    let start = note.span.range().start;
    let part = |range: Range<usize>| Span::new(note.span.file, start + range.start..start + range.end);
    // Where the text of a field is not that of the source (a cell with doubled quotes, say), the note's first line stands
    // for the place.
    let first_line = || sources.first_line(note.span);
    let place = |holds: &dyn Fn(char) -> bool| {
        let at = source().char_indices().find(|(_, c)| holds(*c));
        at.map_or_else(first_line, |(at, c)| part(at..at + c.len_utf8()))
    };
    let word = |needle: &str| {
        let at = source().to_ascii_lowercase().find(needle);
        at.map_or_else(first_line, |at| part(at..at + needle.len()))
    };
    if note.note_type.is_cloze()
        && let Some(span) =
            note.fields.first_mut().and_then(|field| too_deep(&mut field.blocks, first_line()))
    {
        let message = format!("cloze deletions are nested deeper than {DEEPEST_ANYWHERE} levels");
        found.push(
            Diagnostic::at(Code::ClozeDepth, span, message)
                .help("Anki 24.11 makes no card for the inner ones: nest fewer, or split the note"),
        );
    }
    for field in &mut note.fields {
        if field.is_empty() {
            continue;
        }
        let size = field.source.len();
        if size > LIMIT {
            let message = format!("a field has {} kB, over the limit of {} kB", size / 1000, LIMIT / 1000);
            found.push(Diagnostic::at(Code::FieldOverLimit, first_line(), message).help("split the card"));
        } else if size > LARGE {
            let message = format!("a field has {} kB", size / 1000);
            found.push(
                Diagnostic::at(Code::FieldTooLarge, first_line(), message)
                    .help("such a card is slow on a phone"),
            );
        }
        let held = Held::of(&field.source);
        if held.beyond_ascii {
            if let Some(c) = field.source.chars().find(|c| is_bidi(*c)) {
                let message = format!(
                    "the bidirectional control U+{:04X} can make text read as it is not",
                    u32::from(c)
                );
                found.push(
                    Diagnostic::at(Code::BidiControl, place(&|other| other == c), message)
                        .help("remove it, or use `<bdi>`"),
                );
            }
            if !is_nfc(&field.source) {
                rewrite(&mut field.blocks, &|text| *text = text.nfc().collect());
            }
        }
        if held.control
            && let Some(c) = field.source.chars().find(|c| is_control(*c))
        {
            let message = format!("the control character U+{:04X} is left out", u32::from(c));
            found.push(
                Diagnostic::at(Code::ControlCharacter, place(&|other| other == c), message)
                    .help("remove it from the source"),
            );
            rewrite(&mut field.blocks, &|text| text.retain(|c| !is_control(c)));
        }
        if held.less_than
            && let Some((what, needle)) = active(&field.source)
        {
            found.push(
                Diagnostic::at(Code::ActiveHtml, word(&needle), format!("{what} in a card"))
                    .help("cards run it at the learner; write the content without it"),
            );
        }
        if held.bracket {
            let lower = field.source.to_ascii_lowercase();
            let tag = ["[latex]", "[$]", "[$$]"].into_iter().find(|tag| lower.contains(tag));
            if let Some(tag) = tag {
                let message = format!("LaTeX in Anki's old tag `{tag}`");
                found.push(Diagnostic::at(Code::Latex, word(tag), message).help(
                    "write `$…$` or `$$…$$`, which every client typesets; Anki runs the old tags only where allowed",
                ));
            }
        }
    }
}

/// Says what stands in a text at all, so that most texts are not searched for what they do not hold.
#[expect(clippy::struct_excessive_bools, reason = "four findings that any combination of can be true")]
struct Held {
    beyond_ascii: bool,
    control: bool,
    less_than: bool,
    bracket: bool,
}

impl Held {
    fn of(text: &str) -> Held {
        let bytes = text.as_bytes();
        Held {
            beyond_ascii: !text.is_ascii(),
            // A carriage return is none, and stands in few fields.
            control: bytes::any(bytes, bytes::is_control),
            less_than: bytes::find(bytes, *b"<").is_some(),
            bracket: bytes::find(bytes, *b"[").is_some(),
        }
    }
}

/// Returns the first deletion that is nested deeper than all versions of Anki read; the first line stands for one in raw
/// HTML.
fn too_deep(blocks: &mut [Block], first_line: Span) -> Option<Span> {
    let mut found = None;
    let in_html = |html: &str| (cloze::depth(html) > DEEPEST_ANYWHERE).then_some(first_line);
    each_block(blocks, &mut |block| {
        if let Block::Html { html } = block {
            found = found.or_else(|| in_html(html));
        }
    });
    each_inline(blocks, &mut |inline| {
        found = found.or_else(|| match inline {
            Inline::Html { html } => in_html(html),
            other => nested_too_deep(other, 0),
        });
    });
    found
}

/// Returns the first deletion in an inline, itself included, that is too deep below `above` others. A deletion of several
/// cards becomes one for each, nested.
fn nested_too_deep(inline: &Inline, above: usize) -> Option<Span> {
    let mut depth = above;
    if let Inline::Cloze(cloze) = inline {
        depth += cloze.numbers.len().max(1);
        if depth > DEEPEST_ANYWHERE {
            return Some(cloze.span);
        }
    }
    inline.content().iter().find_map(|inside| nested_too_deep(inside, depth))
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_control(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// Changes every text of a field.
fn rewrite(blocks: &mut [Block], clean: &dyn Fn(&mut String)) {
    each_block(blocks, &mut |block| match block {
        Block::Code { text, .. } | Block::Math { tex: text } | Block::Html { html: text } => clean(text),
        Block::Paragraph { .. }
        | Block::Heading { .. }
        | Block::List { .. }
        | Block::DefinitionList { .. }
        | Block::Table { .. }
        | Block::Quote { .. }
        | Block::Rule
        | Block::Footnote { .. } => {}
    });
    each_inline_list(blocks, &mut |list| {
        for inline in list {
            match inline {
                Inline::Text { text }
                | Inline::Code { text }
                | Inline::Math { tex: text, .. }
                | Inline::Html { html: text } => clean(text),
                Inline::Link(link) => clean(&mut link.url),
                Inline::Media(embed) => clean(&mut embed.alt),
                Inline::Cloze(cloze) => cloze.hint.iter_mut().for_each(clean),
                Inline::Emphasis { .. }
                | Inline::Strong { .. }
                | Inline::Strikethrough { .. }
                | Inline::SoftBreak
                | Inline::HardBreak
                | Inline::FootnoteReference { .. } => {}
            }
        }
    });
}

/// Names active content in raw HTML: what runs, or loads from elsewhere, when the card is shown. Returns also by what it
/// shows, in small letters.
fn active(source: &str) -> Option<(&'static str, String)> {
    let lower = source.to_ascii_lowercase();
    let tags = [
        ("<script", "a script"),
        ("<iframe", "an `<iframe>`"),
        ("<embed", "an `<embed>`"),
        ("<object", "an `<object>`"),
        ("<base", "a `<base>`"),
        ("<form", "a `<form>`"),
        ("<meta", "a `<meta>`"),
    ];
    let tag = tags.iter().find(|(tag, _)| {
        lower
            .match_indices(tag)
            .any(|(at, _)| lower[at + tag.len()..].starts_with(|c: char| !c.is_alphanumeric()))
    });
    if let Some((tag, what)) = tag {
        return Some((what, (*tag).to_owned()));
    }
    let mut tags = Tags::new(&lower);
    while let Some((inside, handler)) = tags.next_tag() {
        if let Some(handler) = handler {
            return Some(("an event handler", handler.to_owned()));
        }
        if runs_address(inside) {
            return Some(("a `javascript:` address", "javascript:".to_owned()));
        }
    }
    None
}

/// Reads the tags of HTML, which may be half of one, as browsers do.
struct Tags<'a> {
    html: &'a str,
    at: usize,
    /// Quotes that do not stand in the rest, so that no quote is looked for twice in vain.
    gone: Vec<u8>,
}

impl<'a> Tags<'a> {
    const fn new(html: &'a str) -> Self {
        Tags { html, at: 0, gone: Vec::new() }
    }

    /// Returns the inside of the next tag, and the name of its first attribute that is an event handler. What has no `>`
    /// goes on to the end: a further `<` in it would look at the same text again.
    fn next_tag(&mut self) -> Option<(&'a str, Option<&'a str>)> {
        loop {
            self.at += self.html[self.at..].find('<')? + 1;
            if self.html[self.at..].starts_with(|c: char| c.is_ascii_alphabetic()) {
                break;
            }
        }
        let start = self.at;
        let mut handler = None;
        self.skip(|byte| !ends_name(byte));
        loop {
            self.skip(|byte| byte.is_ascii_whitespace() || byte == b'/');
            let name = self.at;
            // An `=` that a name begins with is a part of it.
            self.at += usize::from(self.peek() == Some(b'='));
            self.skip(|byte| !ends_name(byte) && byte != b'=');
            let name = &self.html[name..self.at];
            if name.is_empty() {
                break;
            }
            self.skip(|byte| byte.is_ascii_whitespace());
            if self.peek() == Some(b'=') {
                self.at += 1;
                self.skip_value();
                handler = handler.or_else(|| Some(name).filter(|name| is_handler(name)));
            }
        }
        Some((&self.html[start..self.at], handler))
    }

    fn skip_value(&mut self) {
        self.skip(|byte| byte.is_ascii_whitespace());
        if let Some(quote) =
            self.peek().filter(|byte| matches!(byte, b'"' | b'\'') && !self.gone.contains(byte))
        {
            if let Some(length) = self.html[self.at + 1..].find(char::from(quote)) {
                self.at += length + 2;
                return;
            }
            self.gone.push(quote);
        }
        self.skip(|byte| !byte.is_ascii_whitespace() && byte != b'>');
    }

    fn peek(&self) -> Option<u8> {
        self.html.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, goes_on: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&goes_on) {
            self.at += 1;
        }
    }
}

fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>')
}

/// Returns whether the inside of a tag has a `javascript:` address. That of a medium is none here: the media pass refuses it.
fn runs_address(inside: &str) -> bool {
    let count = |text: &str| text.matches("javascript:").count();
    let of_media = || media_in_html::names(&format!("<{inside}>")).iter().map(|name| count(name)).sum();
    let all = count(inside);
    all > 0 && all > of_media()
}

/// Returns whether an attribute of that name is an event handler.
fn is_handler(name: &str) -> bool {
    name.len() > 4 && name.starts_with("on") && name.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    #[test]
    fn active_content_is_named() {
        let active = |source| super::active(source).map(|(what, _)| what);
        assert_eq!(active("a <script>x</script>"), Some("a script"));
        assert_eq!(active("<img src=x onerror=alert(1)>"), Some("an event handler"));
        assert_eq!(active("<a href='javascript:x'>"), Some("a `javascript:` address"));
        assert_eq!(active("<a <b <img onload=x"), Some("an event handler"));
        assert_eq!(active("a < <b href=javascript:x>"), Some("a `javascript:` address"));
        assert_eq!(active("<img src='javascript:x'>"), None);
        assert_eq!(active("<img src='javascript:x' alt='javascript:y'>"), Some("a `javascript:` address"));
        assert_eq!(active("if a < b and once=1 > c"), None);
        assert_eq!(active("<b>formula</b> <scripture>"), None);
    }

    #[test]
    fn event_handlers_are_found_as_browsers_find_them() {
        for html in [
            "<svg/onload=alert(1)>",
            "<img/onerror=x src=y>",
            "<a onclick =x>",
            "<a onclick\n=\n'x'>",
            "<a title=\"a>b\" onclick=x>",
            "<a title='\"' onclick=x>",
            "<a title=\"b onclick=x>",
        ] {
            assert_eq!(
                super::active(html),
                Some(("an event handler", "on".to_owned() + handler_of(html))),
                "{html}"
            );
        }
        for html in
            ["<a title=' onclick=x '>", "<a onclick>", "<a once-more=x>", "<a>onclick=x</a>", "<é onclick=x>"]
        {
            assert_eq!(super::active(html), None, "{html}");
        }
    }

    fn handler_of(html: &str) -> &'static str {
        ["click", "load", "error"]
            .into_iter()
            .find(|name| html.contains(&format!("on{name}")))
            .expect("one of them")
    }

    #[test]
    fn many_tags_take_no_time() {
        for piece in ["<a", "<a ", "<a b=\"", "<a b='\"", "<a =", "<a/", "<"] {
            assert_eq!(super::active(&piece.repeat(200_000)), None, "{piece}");
        }
    }
}
