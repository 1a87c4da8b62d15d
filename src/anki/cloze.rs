//! Anki's grammar of cloze deletions, `{{cN::text::hint}}`, as it stands in fields.
//!
//! Tried on Anki 26.9: `{{c`, ASCII digits that make a number of 16 bits, and `::` open a deletion; the next
//! `}}` closes the innermost one; in each stretch of text the first `::` begins the hint. What stands in a
//! deletion that is never closed is no deletion either. The newer form with several numbers (`{{c1,2::`) is
//! literal text for most versions in use, so it must be written out before.

use std::ops::Range;

/// The highest number that a deletion is shown for. A higher one makes a card too, the 500th, but an error
/// stands on it.
pub const LAST_NUMBER: u16 = 500;

/// How deep deletions nest; a deeper opening is ignored, while its closing still counts. Anki up to 2.1.66
/// has no limit.
pub const DEEPEST: usize = 10;

/// How deep deletions may nest for every version: Anki 24.11 makes no card for what is deeper.
pub const DEEPEST_ANYWHERE: usize = 3;

/// Is a deletion in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// The number, which may be one that makes no card.
    pub number: u16,
    /// Where it stands, with its markers.
    pub whole: Range<usize>,
    /// What stands between the markers, nested deletions and the hint included.
    pub content: Range<usize>,
    /// The hint, where there is one: a part of the content, without the `::` before it.
    pub hint: Option<Range<usize>>,
}

impl Deletion {
    /// Returns whether there is a card that shows it.
    #[must_use]
    pub fn has_card(&self) -> bool {
        (1..=LAST_NUMBER).contains(&self.number)
    }

    /// Returns the content without the hint.
    #[must_use]
    pub fn text(&self, html: &str) -> String {
        match &self.hint {
            None => html[self.content.clone()].to_owned(),
            Some(hint) => {
                let mut text = html[self.content.start..hint.start - "::".len()].to_owned();
                text.push_str(&html[hint.end..self.content.end]);
                text
            }
        }
    }
}

/// Returns the deletions of a field in the order in which they open, outer ones first.
#[must_use]
pub fn deletions(html: &str) -> Vec<Deletion> {
    let mut found: Vec<Found> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut stretch = 0;
    for (token, range) in tokens(html) {
        if let Some(deletion) = open.last().and_then(|at| found.get_mut(*at)) {
            deletion.stretch(html, stretch..range.start);
        }
        stretch = range.end;
        match token {
            Token::Open(number) if open.len() < DEEPEST => {
                let (whole, content) = (range.clone(), range.end..range.end);
                found.push(Found {
                    deletion: Deletion { number, whole, content, hint: None },
                    parent: open.last().copied(),
                    state: State::Open,
                });
                open.push(found.len() - 1);
            }
            Token::Open(_) => {}
            Token::Close => {
                if let Some(at) = open.pop() {
                    found[at].deletion.content.end = range.start;
                    found[at].deletion.whole.end = range.end;
                    found[at].state = State::Closed;
                }
            }
        }
    }
    // Parents stand before their children.
    for at in 0..found.len() {
        if found[at].parent.is_some_and(|parent| found[parent].state == State::Open) {
            found[at].state = State::Open;
        }
    }
    found.into_iter().filter(|found| found.state == State::Closed).map(|found| found.deletion).collect()
}

/// Returns the numbers in a field that have a card which shows a deletion, sorted, each once.
#[must_use]
pub fn numbers(html: &str) -> Vec<u16> {
    let shown = deletions(html).into_iter().filter(Deletion::has_card);
    let mut numbers: Vec<u16> = shown.map(|deletion| deletion.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Returns how deep the deletions of a field nest: 1 where none stands in another.
#[must_use]
pub fn depth(html: &str) -> usize {
    let mut ends: Vec<usize> = Vec::new();
    let mut deepest = 0;
    for deletion in deletions(html) {
        while ends.last().is_some_and(|end| *end <= deletion.whole.start) {
            ends.pop();
        }
        ends.push(deletion.whole.end);
        deepest = deepest.max(ends.len());
    }
    deepest
}

/// Is a deletion that was opened.
struct Found {
    deletion: Deletion,
    /// The place of the deletion that it stands in.
    parent: Option<usize>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Closed,
}

impl Found {
    /// Takes a stretch of text between two markers: it may hold the hint.
    fn stretch(&mut self, html: &str, range: Range<usize>) {
        if let Some(at) = html[range.clone()].find("::") {
            self.deletion.hint = Some(range.start + at + "::".len()..range.end);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Open(u16),
    Close,
}

/// Returns the markers of a field with their places; what stands between is text.
fn tokens(html: &str) -> impl Iterator<Item = (Token, Range<usize>)> + '_ {
    let bytes = html.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += bytes.get(at..)?.iter().position(|byte| matches!(byte, b'{' | b'}'))?;
            let start = at;
            let rest = &bytes[at..];
            if let Some((number, length)) = opening(rest) {
                at += length;
                return Some((Token::Open(number), start..at));
            }
            if rest.starts_with(b"}}") {
                at += 2;
                return Some((Token::Close, start..at));
            }
            at += 1;
        }
    })
}

/// Reads an opening marker that the bytes begin with: its number and its length.
fn opening(bytes: &[u8]) -> Option<(u16, usize)> {
    let rest = bytes.strip_prefix(b"{{c")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || !rest[digits..].starts_with(b"::") {
        return None;
    }
    let add = |number: u16, digit: &u8| number.checked_mul(10)?.checked_add(u16::from(digit - b'0'));
    Some((rest[..digits].iter().try_fold(0, add)?, "{{c".len() + digits + "::".len()))
}

#[cfg(test)]
mod tests {
    use super::{deletions, depth, numbers};

    fn check(html: &str, expected: &[(u16, &str, Option<&str>)]) {
        let deletions = deletions(html);
        let texts: Vec<String> = deletions.iter().map(|deletion| deletion.text(html)).collect();
        let found: Vec<_> = deletions
            .iter()
            .zip(&texts)
            .map(|(deletion, text)| {
                (deletion.number, text.as_str(), deletion.hint.clone().map(|hint| &html[hint]))
            })
            .collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn deletions_have_number_text_and_hint() {
        check("", &[]);
        check("a {{c1::Oslo}} b", &[(1, "Oslo", None)]);
        check("{{c1::}}{{c02::é::ö}}", &[(1, "", None), (2, "é", Some("ö"))]);
        check("{{c1::a::b::c}}", &[(1, "a", Some("b::c"))]);
        check("{{c0::a}} {{c501::b}}", &[(0, "a", None), (501, "b", None)]);
        check("{{{c1::a}}}", &[(1, "a", None)]);
    }

    #[test]
    fn deletions_nest() {
        check("{{c1::a {{c2::b::h}} c::g}}", &[(1, "a {{c2::b::h}} c", Some("g")), (2, "b", Some("h"))]);
        check("{{c1::a::h {{c2::b}} c}}", &[(1, "a{{c2::b}} c", Some("h ")), (2, "b", None)]);
    }

    #[test]
    fn what_is_no_closed_deletion_is_left_alone() {
        for html in [
            "{{c1: x}} }} {{Front}} {{c1::open",
            "{{c::a}} {{c1:b}} {{c1,2::c}} {{c+1::d}} {{C1::e}} {{c 1::f}} {{c70000::g}}",
            "{&#123;c1::a}}",
            "{{c1::a {{c2::b}} c",
        ] {
            check(html, &[]);
        }
        check(
            "}} {{c1::a {{c2::b}} {{c3::c}}}} {{c4::d {{c5::e}}",
            &[(1, "a {{c2::b}} {{c3::c}}", None), (2, "b", None), (3, "c", None)],
        );
    }

    #[test]
    fn numbers_are_those_that_show_a_deletion() {
        assert_eq!(numbers("{{c2::a}} {{c1::{{c3::b}}}} {{c1::c}}"), [1, 2, 3]);
        assert_eq!(numbers("{{c0::a}} {{c501::b}} {{c500::c}}"), [500]);
    }

    #[test]
    fn depth_is_that_of_the_deepest() {
        assert_eq!(depth(""), 0);
        assert_eq!(depth("{{c1::a}} {{c2::b}}"), 1);
        assert_eq!(depth("{{c1::{{c2::a}}{{c3::{{c4::b}}}}}}{{c5::c}}"), 3);
    }

    #[test]
    fn only_ten_levels_count() {
        let openings: String = (1..=100).map(|number| format!("{{{{c{number}::")).collect();
        let html = openings + "x" + &"}}".repeat(100);
        assert_eq!(numbers(&html), (1..=10).collect::<Vec<u16>>());
    }

    #[test]
    fn many_markers_take_no_time() {
        for piece in ["{{c1::", "{{c", "{{c1", "{", "}}", "{{c1::a}}", "{{c1::a::"] {
            let html = piece.repeat(200_000);
            assert_eq!(deletions(&html).is_empty(), piece != "{{c1::a}}", "{piece}");
        }
    }
}
