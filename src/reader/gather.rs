//! One finding about many places.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The most places that one finding shows beside the first.
const SHOWN: usize = 6;

/// Returns one finding about all `places`: the first is underlined, some more are labelled, the rest is counted.
///
/// A file of many rows with one habit is one finding to mend, not a thousand.
pub(super) fn gathered(
    code: Code,
    places: &[Span],
    message: impl Into<String>,
    label: &str,
) -> Option<Diagnostic> {
    let (first, rest) = places.split_first()?;
    let message = message.into();
    let message =
        if rest.len() > SHOWN { format!("{message} ({} such places)", places.len()) } else { message };
    let mut finding = Diagnostic::at(code, *first, message);
    for place in rest.iter().take(SHOWN) {
        finding = finding.label(*place, label);
    }
    Some(finding)
}
