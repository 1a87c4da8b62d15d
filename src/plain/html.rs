//! The text of raw HTML.

use std::borrow::Cow;

/// The named references that text on cards has; others stay as they are written.
const NAMED: [(&str, &str); 33] = [
    ("Tab", "\t"),
    ("NewLine", "\n"),
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("colon", ":"),
    ("lpar", "("),
    ("rpar", ")"),
    ("sol", "/"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("bull", "•"),
    ("middot", "·"),
    ("deg", "°"),
    ("times", "×"),
    ("rarr", "→"),
    ("larr", "←"),
    ("harr", "↔"),
    ("le", "≤"),
    ("ge", "≥"),
    ("ne", "≠"),
    ("euro", "€"),
    ("copy", "©"),
];

/// How many bytes the longest of the names has.
const LONGEST_NAME: usize = 7;

/// Tags that begin or end a line.
const BLOCKS: [&str; 26] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tr",
    "ul",
];

/// Returns the character that the reference at the start of `text` stands for, and how many bytes it takes.
#[must_use]
pub fn entity(text: &str) -> Option<(Cow<'static, str>, usize)> {
    let body = text.strip_prefix('&')?;
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix, skipped) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16, 3),
            None => (number, 10, 2),
        };
        let length = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
        let code = u32::from_str_radix(digits.get(..length.min(9))?, radix).ok()?;
        let ended = usize::from(digits[length..].starts_with(';'));
        let character = char::from_u32(code).filter(|character| *character != '\0').unwrap_or('\u{fffd}');
        return Some((character.to_string().into(), skipped + length + ended));
    }
    // No name is longer, so a text of many `&` and no `;` is not searched to its end for each of them.
    let end = body.bytes().take(LONGEST_NAME + 1).position(|byte| byte == b';')?;
    let (_, value) = NAMED.iter().find(|(known, _)| *known == &body[..end])?;
    Some(((*value).into(), end + 2))
}

/// Returns the text of raw HTML: tags and comments left out, block tags as line ends, references decoded, images as `[alt]`.
pub(super) fn text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('&') {
            let (value, length) = entity(rest).unwrap_or(("&".into(), 1));
            out.push_str(&value);
            rest = &rest[length..];
        } else {
            rest = tag(rest, &mut out);
        }
    }
    out.push_str(rest);
    // The last block ends its line, but a lone `<br>` is one.
    let trimmed = out.trim_end_matches('\n').len();
    if trimmed > 0 {
        out.truncate(trimmed);
    }
    out
}

/// Reads what begins with `<`, writes what it shows, and returns what follows.
fn tag<'a>(rest: &'a str, out: &mut String) -> &'a str {
    if let Some(comment) = rest.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, after)| after);
    }
    let body = &rest[1..];
    if !body.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '!' | '?')) {
        out.push('<');
        return body;
    }
    let Some(end) = tag_end(body) else {
        // Never closed: the rest is text, and is not looked at again for every `<` in it.
        out.push_str(rest);
        return "";
    };
    let (inside, after) = (&body[..end], &body[end + 1..]);
    let closing = inside.starts_with('/');
    let name: String = inside
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    match name.as_str() {
        "script" | "style" if !closing => behind_element(after, &name),
        "img" => {
            let alt = attribute(inside, "alt").unwrap_or("image");
            out.push('[');
            out.push_str(alt);
            out.push(']');
            after
        }
        "td" | "th" if closing => {
            out.push_str(" | ");
            after
        }
        _ => {
            let starts_line = BLOCKS.binary_search(&name.as_str()).is_ok();
            if starts_line && (name == "br" || !(out.is_empty() || out.ends_with('\n'))) {
                let trimmed = out.trim_end_matches(" | ").len();
                out.truncate(trimmed);
                out.push('\n');
            }
            if name == "li" && !closing {
                out.push_str("• ");
            }
            after
        }
    }
}

/// Returns what follows the closing tag of that name, or nothing.
fn behind_element<'a>(mut rest: &'a str, name: &str) -> &'a str {
    while let Some((_, behind)) = rest.split_once("</") {
        rest = behind;
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return rest.split_once('>').map_or("", |(_, after)| after);
        }
    }
    ""
}

/// Returns where the tag ends: the first `>` outside quotes.
fn tag_end(body: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in body.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None | Some(_), _) => {}
        }
    }
    None
}

fn attribute<'a>(inside: &'a str, name: &str) -> Option<&'a str> {
    let lower = inside.to_ascii_lowercase();
    let at = lower.find(&format!(" {name}="))? + name.len() + 2;
    let value = &inside[at..];
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let (value, _) = value[1..].split_once(quote)?;
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    fn check(html: &str, expected: &str) {
        assert_eq!(super::text(html), expected, "{html}");
    }

    #[test]
    fn block_tags_can_be_looked_up() {
        assert!(super::BLOCKS.is_sorted());
    }

    #[test]
    fn no_name_is_longer_than_the_longest() {
        assert_eq!(super::NAMED.iter().map(|(name, _)| name.len()).max(), Some(super::LONGEST_NAME));
        check("&NewLine;&hellip;&NewLines;", "\n…&NewLines;");
    }

    #[test]
    fn many_ampersands_take_no_time() {
        let html = "&".repeat(1 << 20);
        check(&html, &html);
    }

    #[test]
    fn tags_go_and_their_text_stays() {
        check("<b>a</b> &amp; b", "a & b");
        check("a<br>b<br/>c", "a\nb\nc");
        check("<div>a</div><div>b</div>", "a\nb");
        check("<ul><li>a</li><li>b</li></ul>", "• a\n• b");
        check("<table><tr><td>a</td><td>b</td></tr></table>", "a | b");
        check("<img src=x alt=\"a map\"> <img src=x>", "[a map] [image]");
        check("<a title=\"1>0\">x</a>", "x");
        check("a<!-- b -->c<script>d()</script>e<STYLE>f</Style >g", "aceg");
        check("1 < 2 <3 & x &; &#65;&#x42; &bogus;", "1 < 2 <3 & x &; AB &bogus;");
        check("<b", "<b");
        check("&#0;&#99999999999;", "\u{fffd}\u{fffd}");
    }
}
