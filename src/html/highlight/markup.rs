//! What is no list of words: tags, differences and headings.

use super::{Class, Spans};

/// XML and HTML: comments, tags, attributes, values and entities.
pub(super) fn xml(spans: &mut Spans<'_>) {
    let text = spans.text;
    let mut at = 0;
    while let Some(open) = text[at..].find('<') {
        let start = at + open;
        if text[start..].starts_with("<!--") {
            at = text[start..].find("-->").map_or(text.len(), |end| start + end + 3);
            spans.put(start, at, Class::Comment);
            continue;
        }
        let name = start + 1 + usize::from(text[start + 1..].starts_with(['/', '!', '?']));
        at = until(text, name, |c| !(c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')));
        if name == at {
            continue;
        }
        spans.put(name, at, Class::Tag);
        at = attributes(spans, at);
    }
}

/// Colours the inside of a tag and returns where it ends.
fn attributes(spans: &mut Spans<'_>, mut at: usize) -> usize {
    let text = spans.text;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '>' | '<' => break,
            '"' | '\'' => {
                let end = text[at + 1..].find(c).map_or(text.len(), |end| at + 1 + end + 1);
                spans.put(at, end, Class::Text);
                at = end;
            }
            c if c.is_alphanumeric() || c == '@' || c == ':' => {
                let end = until(text, at, |c| c.is_whitespace() || matches!(c, '=' | '>' | '<' | '"' | '\''));
                spans.put(at, end, Class::Attribute);
                at = end;
            }
            c => at += c.len_utf8(),
        }
    }
    at
}

/// Differences, line by line.
pub(super) fn diff(spans: &mut Spans<'_>) {
    let text = spans.text;
    lines(text, |start, end| {
        let line = &text[start..end];
        let class = if ["+++", "---", "diff ", "index "].iter().any(|head| line.starts_with(head)) {
            Class::Heading
        } else if line.starts_with("@@") {
            Class::Keyword
        } else if line.starts_with(['+', '>']) {
            Class::Inserted
        } else if line.starts_with(['-', '<']) {
            Class::Deleted
        } else {
            return;
        };
        spans.put(start, end, class);
    });
}

/// Markdown: headings, and marks of lists and quotes.
pub(super) fn markdown(spans: &mut Spans<'_>) {
    let text = spans.text;
    lines(text, |start, end| {
        let line = &text[start..end];
        let indent = line.len() - line.trim_start().len();
        let inner = &line[indent..];
        if inner.starts_with('#') {
            spans.put(start + indent, end, Class::Heading);
        } else if inner.starts_with("- ") || inner.starts_with("* ") || inner.starts_with("> ") {
            spans.put(start + indent, start + indent + 1, Class::Keyword);
        }
    });
}

fn lines(text: &str, mut visit: impl FnMut(usize, usize)) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        visit(start, start + line.trim_end_matches(['\n', '\r']).len());
        start += line.len();
    }
}

fn until(text: &str, from: usize, ends: impl Fn(char) -> bool) -> usize {
    text[from..].find(ends).map_or(text.len(), |end| from + end)
}
