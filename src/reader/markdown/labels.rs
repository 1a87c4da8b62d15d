//! Labels at the margin, thematic breaks, and lines that are almost labels.

use crate::reader::label::is_invisible;

/// Is a word and colon at the margin that begins a part of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Question,
    Both,
    Answer,
    Cloze,
    Extra,
    Hint,
    Source,
}

impl Label {
    /// Returns the label as written, without the colon.
    pub(super) fn word(self) -> &'static str {
        match self {
            Label::Question => "Q",
            Label::Both => "QA",
            Label::Answer => "A",
            Label::Cloze => "C",
            Label::Extra => "Extra",
            Label::Hint => "Hint",
            Label::Source => "Source",
        }
    }

    /// Returns whether the label begins a card.
    pub(super) fn begins_card(self) -> bool {
        match self {
            Label::Question | Label::Both | Label::Cloze => true,
            Label::Answer | Label::Extra | Label::Hint | Label::Source => false,
        }
    }
}

const LABELS: [Label; 7] =
    [Label::Question, Label::Both, Label::Answer, Label::Cloze, Label::Extra, Label::Hint, Label::Source];

/// Is what begins a chunk at the margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Label(Label),
    /// A thematic break.
    Break,
}

/// Reads the label or the thematic break at the margin, with its length.
pub(super) fn head(text: &str) -> Option<(Mark, usize)> {
    match text.as_bytes().first()? {
        b'Q' | b'A' | b'C' | b'E' | b'H' | b'S' => LABELS.into_iter().find_map(|label| {
            let rest = text.strip_prefix(label.word())?.strip_prefix(':')?;
            (rest.is_empty() || rest.starts_with([' ', '\t', '\u{a0}', '\u{3000}']))
                .then_some((Mark::Label(label), label.word().len() + 1))
        }),
        byte @ (b'-' | b'*' | b'_') => {
            let count = text.bytes().filter(|b| b == byte).count();
            let only = text.bytes().all(|b| b == *byte || b == b' ' || b == b'\t');
            (only && count >= 3).then_some((Mark::Break, text.len()))
        }
        _ => None,
    }
}

/// Reads the label behind characters that cannot be seen, with the length of these.
pub(super) fn hidden_label(text: &str) -> Option<(Label, usize)> {
    if !matches!(text.as_bytes().first()?, 0xC2 | 0xD8 | 0xE2 | 0xEF) {
        return None;
    }
    let visible = text.trim_start_matches(is_invisible);
    let hidden = text.len() - visible.len();
    match head(visible) {
        Some((Mark::Label(label), _)) if hidden > 0 => Some((label, hidden)),
        Some((Mark::Label(_) | Mark::Break, _)) | None => None,
    }
}

/// Reads a line that is almost `Q:` or `A:`: the label, the length, the reason.
pub(super) fn near_label(text: &str) -> Option<(&'static str, usize, &'static str)> {
    if !matches!(
        text.as_bytes().first()?,
        b'Q' | b'q' | b'A' | b'a' | b'*' | b'_' | b' ' | b'-' | b'+' | b'>' | 0xEF
    ) {
        return None;
    }
    let indent = text.len() - text.trim_start_matches(' ').len();
    if indent > 3 {
        return None;
    }
    if let Some(word) = long_label(&text[indent..]) {
        return Some((&word[..1], indent + word.len() + 1, "labels are single letters"));
    }
    if let Some(found) = contained_label(text, indent) {
        return Some(found);
    }
    let mut rest = &text[indent..];
    let marks = rest.len() - rest.trim_start_matches(['*', '_']).len();
    rest = &rest[marks..];
    let letter = rest.chars().next()?;
    let word = match letter {
        'Q' | 'q' | 'Ｑ' => "Q",
        'A' | 'a' | 'Ａ' => "A",
        _ => return None,
    };
    rest = &rest[letter.len_utf8()..];
    let inner_marks = rest.len() - rest.trim_start_matches(['*', '_']).len();
    rest = &rest[inner_marks..];
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    rest = &rest[spaces..];
    let colon = rest.chars().next().filter(|c| matches!(c, ':' | '：' | '꞉'))?;
    rest = &rest[colon.len_utf8()..];
    let outer = if marks > 0 { rest.len() - rest.trim_start_matches(['*', '_']).len() } else { 0 };
    rest = &rest[outer..];
    let what = if marks > 0 && (inner_marks > 0 || outer > 0) {
        "labels stand without formatting"
    } else if marks > 0 || inner_marks > 0 {
        return None;
    } else if !letter.is_ascii() {
        "this is another letter"
    } else if colon != ':' {
        "this is another colon"
    } else if spaces > 0 {
        "a space stands before the colon"
    } else if letter.is_ascii_lowercase() {
        "labels are capital letters"
    } else if indent > 0 {
        "labels stand at the margin"
    } else if !rest.starts_with([' ', '\t']) && !rest.is_empty() {
        "a space is missing behind the colon"
    } else {
        return None;
    };
    // `a:b` and `q:x` are words of other languages; a label is followed by a space.
    if letter.is_ascii_lowercase() && !rest.is_empty() && !rest.starts_with([' ', '\t']) {
        return None;
    }
    Some((word, text.len() - rest.len(), what))
}

/// Returns the word where `text` begins with a label written out: `Question:`, `Answer:`.
fn long_label(text: &str) -> Option<&'static str> {
    ["Question", "Answer"].into_iter().find(|word| {
        let rest = text.strip_prefix(word).and_then(|rest| rest.strip_prefix(':'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    })
}

/// Reads a label in a list or a quote.
fn contained_label(text: &str, indent: usize) -> Option<(&'static str, usize, &'static str)> {
    let inner = text[indent..].strip_prefix(['-', '+', '*', '>'])?.trim_start_matches(' ');
    let at = text.len() - inner.len();
    match head(inner) {
        Some((Mark::Label(label @ (Label::Question | Label::Answer)), length)) => {
            Some((label.word(), at + length, "labels stand at the margin, not in a list or a quote"))
        }
        Some(_) | None => None,
    }
}
