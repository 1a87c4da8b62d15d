//! Deletions in raw HTML, where they are text of the author's and no nodes of the tree.

use super::Clozes;

/// Deletions nested deeper than this are text: Anki stops much earlier.
const MAX_DEPTH: usize = 100;

/// Is a piece of text with deletions.
enum Piece {
    Text(String),
    Deletion(Deletion),
}

#[derive(Default)]
struct Deletion {
    number: u16,
    content: Vec<Piece>,
    hint: Option<String>,
}

/// Returns text with its deletions written as asked.
///
/// Only blanks change it: elsewhere what stands in raw HTML stands in the text.
pub(super) fn with_deletions(text: String, clozes: Clozes) -> String {
    match clozes {
        Clozes::Shown | Clozes::Marked => text,
        Clozes::Blank | Clozes::Only(_) if !text.contains("{{c") => text,
        Clozes::Blank | Clozes::Only(_) => {
            let mut out = String::with_capacity(text.len());
            write(&parse(&text), clozes, &mut out);
            out
        }
    }
}

/// Calls `found` with the content of each outermost deletion of that number.
pub(super) fn each_answer(text: &str, number: u16, found: &mut impl FnMut(String)) {
    if text.contains("{{c") {
        answers(&parse(text), number, found);
    }
}

fn answers(pieces: &[Piece], number: u16, found: &mut impl FnMut(String)) {
    for piece in pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::Deletion(deletion) if deletion.number == number => {
                let mut answer = String::new();
                write(&deletion.content, Clozes::Shown, &mut answer);
                found(answer);
            }
            Piece::Deletion(deletion) => answers(&deletion.content, number, found),
        }
    }
}

fn write(pieces: &[Piece], clozes: Clozes, out: &mut String) {
    for piece in pieces {
        match (piece, clozes) {
            (Piece::Text(text), Clozes::Shown | Clozes::Marked | Clozes::Blank | Clozes::Only(_)) => {
                out.push_str(text);
            }
            (Piece::Deletion(deletion), Clozes::Shown | Clozes::Marked) => {
                write(&deletion.content, clozes, out);
            }
            (Piece::Deletion(deletion), Clozes::Only(number)) if deletion.number != number => {
                write(&deletion.content, clozes, out);
            }
            (Piece::Deletion(deletion), Clozes::Only(_) | Clozes::Blank) => {
                out.push_str("____");
                if let Some(hint) = deletion.hint.as_deref().filter(|hint| !hint.is_empty()) {
                    out.push_str(" (");
                    out.push_str(hint);
                    out.push(')');
                }
            }
        }
    }
}

/// Reads deletions as Anki does: the next `}}` closes the innermost one, and the first `::` in it begins its hint.
fn parse(text: &str) -> Vec<Piece> {
    let mut open = vec![Deletion::default()];
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        push_text(&mut open, before);
        if let Some((number, after)) = opening(from).filter(|_| open.len() <= MAX_DEPTH) {
            open.push(Deletion { number, ..Deletion::default() });
            rest = after;
        } else if from.starts_with("}}") && open.len() > 1 {
            close(&mut open);
            rest = &from[2..];
        } else {
            push_text(&mut open, &from[..1]);
            rest = &from[1..];
        }
    }
    push_text(&mut open, rest);
    // A deletion that is never closed is shown.
    while open.len() > 1 {
        let Deletion { content, .. } = open.pop().unwrap_or_default();
        if let Some(outer) = open.last_mut() {
            outer.content.extend(content);
        }
    }
    open.pop().unwrap_or_default().content
}

fn opening(rest: &str) -> Option<(u16, &str)> {
    let body = rest.strip_prefix("{{c")?;
    let length = body.bytes().take_while(u8::is_ascii_digit).count();
    let number = body[..length].parse().ok()?;
    Some((number, body[length..].strip_prefix("::")?))
}

fn close(open: &mut Vec<Deletion>) {
    if let Some(mut deletion) = open.pop() {
        split_hint(&mut deletion);
        if let Some(outer) = open.last_mut() {
            outer.content.push(Piece::Deletion(deletion));
        }
    }
}

/// Takes the hint out of the last text of a deletion.
fn split_hint(deletion: &mut Deletion) {
    if let Some(Piece::Text(text)) = deletion.content.last_mut()
        && let Some((shown, hint)) = text.split_once("::")
    {
        deletion.hint = Some(hint.to_owned());
        *text = shown.to_owned();
    }
}

fn push_text(open: &mut [Deletion], text: &str) {
    let Some(deletion) = open.last_mut() else {
        return;
    };
    match deletion.content.last_mut() {
        Some(Piece::Text(last)) => last.push_str(text),
        Some(Piece::Deletion(_)) | None if text.is_empty() => {}
        Some(Piece::Deletion(_)) | None => deletion.content.push(Piece::Text(text.to_owned())),
    }
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
        check("{{c1::a", Clozes::Blank, "a");
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
