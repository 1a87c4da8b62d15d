//! How Anki cleans text on its way into a collection.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::bytes;

/// Returns a field's HTML as Anki stores it: NFC, without ASCII control characters other than newline and
/// tab.
///
/// Anki does this at the import itself; a package that already holds the final text has the checksum that the
/// collection will have.
#[must_use]
pub fn field(html: &str) -> Cow<'_, str> {
    let dropped = |c: char| c.is_ascii_control() && c != '\n' && c != '\t';
    let html = if bytes::any(html.as_bytes(), bytes::is_control) {
        Cow::Owned(html.replace(dropped, ""))
    } else {
        Cow::Borrowed(html)
    };
    nfc(html)
}

/// Returns a name in NFC, without control characters.
#[must_use]
pub fn without_controls(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).nfc().collect()
}

fn nfc(text: Cow<'_, str>) -> Cow<'_, str> {
    // The check costs a table look-up for every character, the conversion much more; most text is ASCII.
    if text.is_ascii() || is_nfc(&text) { text } else { Cow::Owned(text.nfc().collect()) }
}

#[cfg(test)]
mod tests {
    use super::{field, without_controls};

    #[test]
    fn fields_keep_newlines_and_tabs_only() {
        assert_eq!(field("a\r\n\tb\0c\u{1f}d\u{7f}"), "a\n\tbcd");
    }

    #[test]
    fn fields_are_composed() {
        assert_eq!(field("cafe\u{301}"), "caf\u{e9}");
    }

    #[test]
    fn names_lose_every_control_character() {
        assert_eq!(without_controls("a\n\tb\u{85}e\u{301}"), "ab\u{e9}");
    }
}
