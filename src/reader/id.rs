//! What an id may be, in every dialect.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The help of a finding about an id that cannot be used.
pub(super) const ID_HELP: &str = "use a short name of letters, digits and `-`";

/// Says why `value` cannot be an id.
pub(super) fn check_id(value: &str) -> Result<(), &'static str> {
    if value.trim().is_empty() {
        Err("is empty")
    } else if value.len() > 200 {
        Err("is longer than 200 bytes")
    } else if value.chars().any(char::is_control) {
        Err("holds a control character")
    } else {
        Ok(())
    }
}

/// Returns the finding that the id at `span` cannot be one.
pub(super) fn refused_id(span: Span, why: &str) -> Diagnostic {
    Diagnostic::at(Code::InvalidId, span, format!("id {why}")).help(ID_HELP)
}
