//! Bytes as hexadecimal digits.

/// Returns two lower-case digits for each byte.
pub(crate) fn of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    push(bytes, &mut text);
    text
}

/// Adds two lower-case digits for each byte.
pub(crate) fn push(bytes: &[u8], text: &mut String) {
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
        }
    }
}
