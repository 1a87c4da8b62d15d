//! Labels at the margin, thematic breaks, and lines that are almost labels.

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

/// Reads a line that is almost `Q:` or `A:`: whether an invisible character is to blame, the label, the length, the reason.
pub(super) fn near_label(text: &str) -> Option<(bool, &'static str, usize, &'static str)> {
    if !matches!(
        text.as_bytes().first()?,
        b'Q' | b'q' | b'A' | b'a' | b'*' | b'_' | b' ' | 0xE2 | 0xEF | 0xC2 | 0xD8
    ) {
        return None;
    }
    let visible = text.trim_start_matches(is_invisible);
    let hidden = text.len() - visible.len();
    if hidden > 0 {
        let (head, length) = head(visible)?;
        let Mark::Label(label) = head else { return None };
        return Some((true, label.word(), hidden + length, ""));
    }
    let indent = text.len() - text.trim_start_matches(' ').len();
    if indent > 3 {
        return None;
    }
    let mut rest = &text[indent..];
    let marks = rest.len() - rest.trim_start_matches(['*', '_']).len();
    rest = &rest[marks..];
    let letter = rest.chars().next()?;
    let word = match letter {
        'Q' | 'q' => "Q",
        'A' | 'a' => "A",
        _ => return None,
    };
    rest = &rest[1..];
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
    Some((false, word, text.len() - rest.len(), what))
}

pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}
