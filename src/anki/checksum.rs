//! The two columns that Anki derives from a note's fields: the checksum that finds duplicates, and the sort
//! field.
//!
//! Anki computes both again at the import; they are written rightly for every other program that reads
//! packages.

use std::borrow::Cow;

use sha1::{Digest, Sha1};

/// Tags whose `src` or `data` names a media file; the name stays part of the text.
const MEDIA_TAGS: [&str; 5] = ["img", "audio", "video", "object", "source"];

/// Elements that vanish with their content.
const HIDDEN_ELEMENTS: [(&str, &str); 2] = [("<style", "</style>"), ("<script", "</script>")];

/// Returns the checksum of a note whose first field is `html`: the first four bytes of the SHA-1 of its text.
#[must_use]
pub fn field_checksum(html: &str) -> u32 {
    checksum_of(&sort_text(html))
}

/// Returns the first four bytes of the SHA-1 of `text`, big-endian.
#[must_use]
pub fn checksum_of(text: &str) -> u32 {
    let digest: [u8; 20] = Sha1::digest(text).into();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// Returns what Anki sorts a field by: its text without tags, with the names of its media files.
///
/// Entities are decoded all or none: one that is malformed leaves the whole text as it is.
#[must_use]
pub fn sort_text(html: &str) -> Cow<'_, str> {
    let text = without_tags(html);
    if !text.contains('&') {
        return text;
    }
    // Anki uses this very crate; its table of names (HTML 4) and its strictness are the rule.
    match htmlescape::decode_html(&text) {
        Ok(decoded) => Cow::Owned(decoded.replace('\u{a0}', " ")),
        Err(_) => text,
    }
}

fn without_tags(html: &str) -> Cow<'_, str> {
    let Some(first) = html.find('<') else { return Cow::Borrowed(html) };
    let mut text = String::with_capacity(html.len());
    text.push_str(&html[..first]);
    // Anki first replaces the media tags in the whole field, then strips tags from the result; a file name
    // with `<` in it is not worth a second pass.
    let mut rest = &html[first..];
    let mut ends = Ends { missing: Vec::new() };
    while !rest.is_empty() {
        if ends.find(rest, ">").is_none() {
            text.push_str(rest);
            break;
        }
        if let Some((name, length)) = media_tag(rest) {
            text.push(' ');
            text.push_str(name);
            text.push(' ');
            rest = &rest[length..];
        } else if let Some(length) = markup(rest, &mut ends) {
            rest = &rest[length..];
        } else {
            // A `<` that nothing closes is text.
            text.push('<');
            rest = &rest[1..];
        }
        let next = rest.find('<').unwrap_or(rest.len());
        text.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    Cow::Owned(text)
}

/// Finds what closes a piece of markup, and remembers what is nowhere in the rest of the field: so the time
/// stays linear whatever the field holds.
struct Ends {
    missing: Vec<&'static str>,
}

impl Ends {
    fn find(&mut self, text: &str, end: &'static str) -> Option<usize> {
        if self.missing.contains(&end) {
            return None;
        }
        let found = match end.len() {
            1 => text.find(end),
            length => {
                text.as_bytes().windows(length).position(|window| window.eq_ignore_ascii_case(end.as_bytes()))
            }
        };
        if found.is_none() {
            self.missing.push(end);
        }
        found
    }
}

/// Returns the length of the comment, hidden element or tag that `html` (which begins with `<`) begins with.
fn markup(html: &str, ends: &mut Ends) -> Option<usize> {
    if html.starts_with("<!--")
        && let Some(end) = ends.find(&html[4..], "-->")
    {
        return Some(4 + end + 3);
    }
    for (open, close) in HIDDEN_ELEMENTS {
        if starts_with(html, open)
            && let Some(inner) = html.find('>')
            && let Some(end) = ends.find(&html[inner + 1..], close)
        {
            return Some(inner + 1 + end + close.len());
        }
    }
    html.find('>').map(|end| end + 1)
}

/// Returns the file that the media tag at the start of `html` names, and the length of the tag.
fn media_tag(html: &str) -> Option<(&str, usize)> {
    let name = MEDIA_TAGS.into_iter().find(|name| starts_with(&html[1..], name))?;
    let bytes = html.as_bytes();
    let at = 1 + name.len();
    if bytes.get(at).copied().is_some_and(is_word) {
        return None;
    }
    named_file(html, at, Quotes::Hide).or_else(|| named_file(html, at, Quotes::Ignored))
}

/// Whether quotation marks hide what is between them; Anki tries both.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Hide,
    Ignored,
}

/// Returns the file named in the tag whose attributes begin at `at`, and the position after the tag.
fn named_file(html: &str, mut at: usize, quotes: Quotes) -> Option<(&str, usize)> {
    let bytes = html.as_bytes();
    let mut quote = None;
    loop {
        let byte = *bytes.get(at)?;
        if let Some(open) = quote {
            if byte == open {
                quote = None;
            }
        } else if byte == b'>' {
            return None;
        } else if quotes == Quotes::Hide && matches!(byte, b'"' | b'\'') {
            quote = Some(byte);
        } else if !is_word(bytes[at - 1])
            && let Some(found) = attribute(html, at)
        {
            return Some(found);
        }
        at += 1;
    }
}

/// Returns the value of `src=` or `data=` at `at`, and the position after the tag.
fn attribute(html: &str, at: usize) -> Option<(&str, usize)> {
    let value =
        ["src=", "data="].into_iter().find(|key| starts_with(&html[at..], key)).map(|key| at + key.len())?;
    let rest = &html[value..];
    let first = *rest.as_bytes().first()?;
    let (content, after) = if matches!(first, b'"' | b'\'') {
        let end = rest[1..].find(char::from(first))? + 1;
        (&rest[1..end], value + end + 1)
    } else {
        let end = rest.find([' ', '>'])?;
        (&rest[..end], value + end)
    };
    if content.is_empty() {
        return None;
    }
    let close = html[after..].find('>')?;
    Some((content, after + close + 1))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{field_checksum, sort_text};

    fn check(html: &str, text: &str) {
        assert_eq!(sort_text(html), text, "{html}");
    }

    #[test]
    fn text_without_markup_stays() {
        check("a > b", "a > b");
        check("", "");
    }

    #[test]
    fn tags_vanish_and_leave_no_space() {
        check("a<b>b</b><br>c", "abc");
        check("a<\nbr\n>c", "ac");
    }

    #[test]
    fn comments_styles_and_scripts_vanish_with_their_content() {
        check("a<!-- > x -->b", "ab");
        check("a<STYLE x>p{}</style>b<script>1<2</script>c", "abc");
        check("a<style>b", "ab");
        check("a<!-- b>c", "ac");
    }

    #[test]
    fn an_open_angle_bracket_is_text() {
        check("1 < 2", "1 < 2");
        check("a < b > c", "a  c");
    }

    #[test]
    fn media_names_stay() {
        check("a<img src=\"x.png\">b", "a x.png b");
        check("<img class=c src='x y.png' alt=\"q>r\">", " x y.png r\">");
        check("<IMG SRC=x.png>", " x.png ");
        check("<img src=x.png />", " x.png ");
        check("<object data=\"x.swf\"></object>", " x.swf ");
        check("<imgx src=\"x.png\">", "");
        check("<img data-src=\"y\" src=\"x.png\">", " y ");
        check("<img src=\"\">", "");
        check("<img alt=\"x > y\" src=\"p.png\">", " p.png ");
        check("<img 'src=\"x.png\">g", " x.png g");
        check("<source src=\"v.mp3\">", " v.mp3 ");
        check("[sound:a.mp3]", "[sound:a.mp3]");
    }

    #[test]
    fn entities_are_decoded_all_or_none() {
        check("a &lt;b&gt; &amp; &#233;&#xe9;&nbsp;c", "a <b> & éé c");
        check("a &lt; b & c", "a &lt; b & c");
        check("&lt; &nosuch;", "&lt; &nosuch;");
    }

    #[test]
    fn unclosed_markup_takes_linear_time() {
        for piece in ["<", "<!--a>", "<style>", "<script x", "<img '", "<img src=\"", "<img \">", "&"] {
            let html = piece.repeat(1_000_000 / piece.len());
            assert!(sort_text(&html).len() <= html.len(), "{piece}");
        }
    }

    #[test]
    fn the_checksum_is_the_head_of_the_sha1_of_the_text() {
        assert_eq!(field_checksum("<b>foo</b>"), 0x0bee_c7b5);
        assert_eq!(field_checksum(""), 0xda39_a3ee);
    }
}
