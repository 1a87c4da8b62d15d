//! Static syntax highlighting: classes, no script.
//!
//! A small scanner, not a parser: comments, strings, numbers, the language's own words, names that are called, and for markup
//! tags and attributes. That is what the style sheet has colours for, and it costs a microsecond a line, where grammars of
//! regular expressions cost sixty: half of a whole build. Classes carry `hl-` in front and keep the scope names of `TextMate`.
//!
//! [`languages`] says what each language is made of.

mod languages;
mod markup;

use languages::{Keys, Language, Quotes, Scanner, find};

use super::escape::{Buffer, Place};

/// Blocks above this many bytes are written plain: what a learner reads on a card is never so long.
const MAX_BYTES: usize = 64 * 1024;

/// Blocks go on plain after this many coloured words, so that hostile code cannot make a field huge.
const MAX_TOKENS: usize = 10_000;

/// Says what a stretch of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Comment,
    Text,
    Number,
    Keyword,
    Constant,
    Type,
    Function,
    Variable,
    /// A tag, or the key of a value.
    Tag,
    Attribute,
    Inserted,
    Deleted,
    Heading,
}

impl Class {
    /// Returns what opens the span.
    const fn open(self) -> &'static str {
        match self {
            Class::Comment => "<span class=\"hl-comment\">",
            Class::Text => "<span class=\"hl-string\">",
            Class::Number => "<span class=\"hl-constant hl-numeric\">",
            Class::Keyword => "<span class=\"hl-keyword\">",
            Class::Constant => "<span class=\"hl-constant hl-language\">",
            Class::Type => "<span class=\"hl-support hl-type\">",
            Class::Function => "<span class=\"hl-variable hl-function\">",
            Class::Variable => "<span class=\"hl-variable hl-language\">",
            Class::Tag => "<span class=\"hl-entity hl-name hl-tag\">",
            Class::Attribute => "<span class=\"hl-entity hl-other hl-attribute-name\">",
            Class::Inserted => "<span class=\"hl-markup hl-inserted\">",
            Class::Deleted => "<span class=\"hl-markup hl-deleted\">",
            Class::Heading => "<span class=\"hl-markup hl-heading\">",
        }
    }
}

/// Writes code, highlighted where its language is known and its size is sane.
pub(super) fn code(out: &mut Buffer, language: Option<&str>, text: &str) {
    let language = language.filter(|_| text.len() <= MAX_BYTES).and_then(find);
    let Some(language) = language else { return out.text(text, Place::Code) };
    let mut spans = Spans { out, text, plain: 0, tokens: 0 };
    match language.scanner {
        Scanner::Words => words(&mut spans, language),
        Scanner::Xml => markup::xml(&mut spans),
        Scanner::Diff => markup::diff(&mut spans),
        Scanner::Markdown => markup::markdown(&mut spans),
    }
    spans.end();
}

/// Writes a text as plain stretches and spans.
struct Spans<'a> {
    out: &'a mut Buffer,
    text: &'a str,
    /// Where what is not yet written begins.
    plain: usize,
    tokens: usize,
}

impl Spans<'_> {
    /// Colours a stretch; what lies before it and is not yet written is plain. Both ends are borders of characters.
    fn put(&mut self, start: usize, end: usize, class: Class) {
        if start >= end || self.tokens >= MAX_TOKENS {
            return;
        }
        self.tokens += 1;
        self.out.text(&self.text[self.plain..start], Place::Code);
        self.out.markup(class.open());
        self.out.text(&self.text[start..end], Place::Code);
        self.out.markup("</span>");
        self.plain = end;
    }

    fn end(self) {
        self.out.text(&self.text[self.plain..], Place::Code);
    }
}

fn words(spans: &mut Spans<'_>, language: &Language) {
    let text = spans.text;
    let bytes = text.as_bytes();
    let mut at = 0;
    // Whether nothing but space stands before on the line.
    let mut first = true;
    while at < bytes.len() {
        let rest = &text[at..];
        let byte = bytes[at];
        if byte == b'\n' {
            first = true;
            at += 1;
            continue;
        }
        if byte.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        if let Some(length) = comment(language, text, at) {
            spans.put(at, at + length, Class::Comment);
            at += length;
        } else if let Some(length) = string(language, rest) {
            let key = language.keys == Keys::Strings && text[at + length..].trim_start().starts_with(':');
            spans.put(at, at + length, if key { Class::Tag } else { Class::Text });
            at += length;
        } else if byte.is_ascii_digit() {
            let length = number(rest);
            spans.put(at, at + length, Class::Number);
            at += length;
        } else if let Some((_, class)) = language.sigils.iter().find(|(sigil, _)| *sigil == byte) {
            let name = name(&rest[1..], language);
            // `${name}` is a variable as well; a sigil alone is nothing.
            let braced = rest[1..].starts_with('{').then(|| rest.find('}').map(|end| end + 1)).flatten();
            let length = braced.filter(|length| !rest[..*length].contains('\n')).unwrap_or(1 + name);
            if length > 1 {
                spans.put(at, at + length, *class);
            }
            at += length;
        } else {
            let length = name(rest, language);
            if length == 0 {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
                // A mark of a list leaves the line as it was: `- key: value`.
                first &= matches!(byte, b'-' | b'{' | b';');
                continue;
            }
            let (word, after) = rest.split_at(length);
            if language.keys == Keys::Lines && first && is_key(after) {
                spans.put(at, at + length, Class::Tag);
            } else if let Some(class) = language.class(word) {
                spans.put(at, at + length, class);
            } else if after.starts_with('(') {
                spans.put(at, at + length, Class::Function);
            } else if language.capitals
                && word.starts_with(|c: char| c.is_ascii_uppercase())
                && word.len() > 1
            {
                let shouts = !word.bytes().any(|byte| byte.is_ascii_lowercase());
                spans.put(at, at + length, if shouts { Class::Constant } else { Class::Type });
            }
            at += length;
        }
        first = false;
    }
}

/// Returns the length of the comment at `at`, without the end of its last line.
fn comment(language: &Language, text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    for mark in language.line_comments.split_ascii_whitespace() {
        // In many languages a mark of letters or `#` means something else inside a word.
        let glued = !text[..at].ends_with(char::is_whitespace) && at > 0;
        if rest.starts_with(mark) && !(glued && (mark == "#" || mark.ends_with(char::is_alphanumeric))) {
            return Some(rest.find('\n').unwrap_or(rest.len()));
        }
    }
    let (open, close) = language.block_comment?;
    let inner = rest.strip_prefix(open)?;
    Some(inner.find(close).map_or(rest.len(), |end| open.len() + end + close.len()))
}

/// Returns the length of the string that the text begins with. One that its line does not close ends there.
fn string(language: &Language, rest: &str) -> Option<usize> {
    let quotes = language.quotes.iter().find(|quotes| rest.starts_with(quotes.mark))?;
    let Quotes { mark, escapes, lines, letter } = *quotes;
    let bytes = rest.as_bytes();
    let mut at = mark.len();
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if escapes => at += 1,
            b'\n' if !lines => return (!letter).then_some(at),
            _ if bytes[at..].starts_with(mark.as_bytes()) => {
                let end = at + mark.len();
                // A letter in quotes; else it is a lifetime, a prime or a quoted name.
                let single = || {
                    let inner = &rest[mark.len()..at];
                    inner.starts_with('\\') || inner.chars().nth(1).is_none() && !inner.is_empty()
                };
                return (!letter || single()).then_some(end);
            }
            _ => {}
        }
        at += 1;
    }
    (!letter).then_some(rest.len())
}

fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let inside = |at: usize| match bytes[at] {
        b'.' => bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
        b'-' | b'+' => {
            matches!(bytes[at - 1], b'e' | b'E')
                && !rest.starts_with("0x")
                && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        }
        byte => byte.is_ascii_alphanumeric() || byte == b'_',
    };
    (1..bytes.len()).find(|at| !inside(*at)).unwrap_or(bytes.len())
}

/// Returns the length of the name that the text begins with.
fn name(rest: &str, language: &Language) -> usize {
    // `- ` is a mark of a list, also where names may hold hyphens.
    if rest.starts_with("- ") {
        return 0;
    }
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || language.letters.contains(c)));
    end.unwrap_or(rest.len())
}

fn is_key(after: &str) -> bool {
    let after = after.trim_start_matches([' ', '\t']);
    after.starts_with('=')
        || after
            .strip_prefix(':')
            .is_some_and(|value| value.is_empty() || value.starts_with(char::is_whitespace))
}

#[cfg(test)]
mod tests;
