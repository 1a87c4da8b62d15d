//! Bytes as hexadecimal digits.

use std::fmt::Write as _;

/// Returns two lower-case digits for each byte.
pub(crate) fn of(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
