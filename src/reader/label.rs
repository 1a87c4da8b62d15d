//! What the dialects with `Q:` and `A:` say alike.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Returns whether `c` takes no room and shows nothing: zero-width and direction marks, soft hyphens.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

/// Returns the finding that `first`, which cannot be seen, stands before the label at `span`, which was read all the same.
pub(super) fn before_label(span: Span, first: char) -> Diagnostic {
    let message = format!("U+{:04X}, which cannot be seen, stands before the label", first as u32);
    Diagnostic::at(Code::InvisibleCharacter, span, message)
        .help("the line was read as a label; delete its beginning and type the label again")
}

/// Returns the finding that the `A:` at `span` is not the first one of the question at `question`.
pub(super) fn second_answer(span: Span, question: Span) -> Diagnostic {
    Diagnostic::at(Code::AnswerWithoutQuestion, span, "a second `A:` in one card")
        .label(question, "the question that has an answer already")
        .help("its text was added to the answer; write a `Q:` before it to make another card")
}
