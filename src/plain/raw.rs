//! Deletions in raw HTML, where they are text of the author's and no nodes of the tree.

use std::ops::Range;

use super::Clozes;
use crate::anki::cloze::{Deletion, deletions};

/// Returns text with its deletions written as asked.
///
/// Only blanks change it: elsewhere what stands in raw HTML stands in the text.
pub(super) fn with_deletions(text: String, clozes: Clozes) -> String {
    match clozes {
        Clozes::Shown | Clozes::Marked => text,
        Clozes::Blank | Clozes::Only(_) => {
            let found = deletions(&text);
            if found.is_empty() {
                return text;
            }
            let mut out = String::with_capacity(text.len());
            write(&text, 0..text.len(), &found, clozes, &mut out);
            out
        }
    }
}

/// Calls `found` with the content of each outermost deletion of that number.
pub(super) fn each_answer(text: &str, number: u16, found: &mut impl FnMut(String)) {
    let all = deletions(text);
    let mut rest = all.as_slice();
    while let Some((deletion, after)) = rest.split_first() {
        rest = after;
        if deletion.number == number {
            let (inside, behind) = after.split_at(before(after, deletion.whole.end));
            let mut answer = String::new();
            write_content(text, deletion, inside, Clozes::Shown, &mut answer);
            found(answer);
            rest = behind;
        }
    }
}

/// Writes a part of the text, which has these deletions.
fn write(text: &str, part: Range<usize>, deletions: &[Deletion], clozes: Clozes, out: &mut String) {
    let mut at = part.start;
    let mut rest = deletions;
    while let Some((deletion, after)) = rest.split_first() {
        let (inside, behind) = after.split_at(before(after, deletion.whole.end));
        out.push_str(&text[at..deletion.whole.start]);
        let hidden = match clozes {
            Clozes::Shown | Clozes::Marked => false,
            Clozes::Blank => true,
            Clozes::Only(number) => number == deletion.number,
        };
        if hidden {
            out.push_str("____");
            if let Some(hint) = deletion.hint.clone().filter(|hint| !hint.is_empty()) {
                out.push_str(" (");
                out.push_str(&text[hint]);
                out.push(')');
            }
        } else {
            write_content(text, deletion, inside, clozes, out);
        }
        at = deletion.whole.end;
        rest = behind;
    }
    out.push_str(&text[at..part.end]);
}

/// Writes what stands in a deletion, without its hint.
fn write_content(text: &str, deletion: &Deletion, inside: &[Deletion], clozes: Clozes, out: &mut String) {
    let content = deletion.content.clone();
    let Some(hint) = deletion.hint.clone() else {
        write(text, content, inside, clozes, out);
        return;
    };
    let (first, second) = inside.split_at(before(inside, hint.start));
    write(text, content.start..hint.start - "::".len(), first, clozes, out);
    write(text, hint.end..content.end, second, clozes, out);
}

/// Returns how many of the deletions begin before that place.
fn before(deletions: &[Deletion], place: usize) -> usize {
    deletions.partition_point(|deletion| deletion.whole.start < place)
}

#[cfg(test)]
mod tests {
    use super::Clozes;

    fn check(text: &str, clozes: Clozes, expected: &str) {
        assert_eq!(super::with_deletions(text.into(), clozes), expected, "{text}");
    }

    fn check_answer(text: &str, number: u16, expected: &[&str]) {
        let mut found = Vec::new();
        super::each_answer(text, number, &mut |answer| found.push(answer));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn deletions_become_blanks() {
        check("{{c1::a}} b", Clozes::Blank, "____ b");
        check("{{c1::a::h}} {{c2::b}}", Clozes::Only(1), "____ (h) b");
        check("{{c1::a {{c2::b}} c::h}}", Clozes::Only(1), "____ (h)");
        check("{{c1::a {{c2::b}} c::h}}", Clozes::Only(2), "a ____ c");
        check("{{c1::a}} b", Clozes::Shown, "{{c1::a}} b");
        check("{{c1::a}} b", Clozes::Marked, "{{c1::a}} b");
        check("{{c1::a {b} }} {{cx::}} }}", Clozes::Blank, "____ {{cx::}} }}");
        check("{{c1::a", Clozes::Blank, "{{c1::a");
        check("{{c1::a::h {{c2::b}} c}}", Clozes::Only(2), "a____ c");
        check("{{c99999999::a}}", Clozes::Blank, "{{c99999999::a}}");
    }

    #[test]
    fn answers_are_what_is_hidden() {
        check_answer("{{c1::a {{c2::b}}::h}} {{c1::c}}", 1, &["a b", "c"]);
        check_answer("{{c1::a {{c2::b}}::h}} {{c1::c}}", 2, &["b"]);
        check_answer("a", 1, &[]);
    }

    #[test]
    fn deep_nesting_ends() {
        let deep = "{{c1::".repeat(50_000) + &"}}".repeat(50_000);
        assert!(super::with_deletions(deep, Clozes::Blank).starts_with("____"));
    }
}
