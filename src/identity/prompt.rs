//! The prompt of a note, normalised and hashed: the key that survives everything but an edit of the prompt.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// What kind of note a prompt belongs to.
///
/// The kind is part of the key, because Anki refuses an update that brings another note type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A note with a front and a back.
    Basic,
    /// A note with cloze deletions; its prompt is the whole text.
    Cloze,
}

impl Kind {
    /// Returns the word for the kind that is hashed and that the ledger may write.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Cloze => "cloze",
        }
    }
}

/// Returns a source text in the form that is compared and hashed.
///
/// * Cloze markers give way to their text: `{{c1::Oslo::city}}`, `{{c1,2::Oslo}}` and `{{c::Oslo}}` all become
///   `Oslo`, nested ones too; the hint goes. A marker that is never closed stays as it is.
/// * Characters that nobody sees go: control characters, soft hyphen, zero-width space, word joiner, byte order
///   mark, left-to-right and right-to-left marks. The zero-width joiner and non-joiner stay, because Persian,
///   the scripts of India and emoji spell with them.
/// * The text becomes NFC; every run of white space (Unicode's, so the no-break space too) becomes one space,
///   and none is left at either end.
///
/// Nothing else is touched: not letter case, not punctuation, not Markdown.
#[must_use]
pub fn normalise(source: &str) -> String {
    let unwrapped = unwrap_clozes(source);
    let text = unwrapped.as_deref().unwrap_or(source);
    if text.is_ascii() {
        return fold_ascii(text);
    }
    let seen = || text.chars().filter(|&c| !is_unseen(c));
    // Most text is NFC, and to see that is faster than to compose it again.
    match is_nfc_quick(seen()) {
        IsNormalized::Yes => fold(seen(), text.len()),
        IsNormalized::No | IsNormalized::Maybe => fold(seen().nfc(), text.len()),
    }
}

/// The key of a prompt: 16 bytes of SHA-256 over a version tag, the kind and the normalised prompt.
///
/// Each part is preceded by its length in bytes (u64, little endian), so that no two different pairs give the
/// same bytes to hash. Displayed and parsed as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PromptHash([u8; 16]);

impl PromptHash {
    /// Returns the key of a prompt that went through [`normalise`].
    #[must_use]
    pub fn new(kind: Kind, normalised: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(b"deckc prompt 1");
        for part in [kind.as_str(), normalised] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let digest = hasher.finalize();
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        Self(key)
    }

    /// Returns the key's bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for PromptHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::hex::of(&self.0))
    }
}

impl fmt::Debug for PromptHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PromptHash({self})")
    }
}

/// A text is not the key of a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a prompt hash is 32 hexadecimal digits")]
pub struct NotAPromptHash;

impl FromStr for PromptHash {
    type Err = NotAPromptHash;

    fn from_str(text: &str) -> Result<Self, NotAPromptHash> {
        let digits = text.as_bytes();
        if digits.len() != 32 {
            return Err(NotAPromptHash);
        }
        let mut key = [0; 16];
        for (byte, pair) in key.iter_mut().zip(digits.chunks(2)) {
            *byte = hex(pair[0])? << 4 | hex(pair[1])?;
        }
        Ok(Self(key))
    }
}

const fn hex(digit: u8) -> Result<u8, NotAPromptHash> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(NotAPromptHash),
    }
}

/// As [`fold`], a byte for a character.
fn fold_ascii(text: &str) -> String {
    let mut folded = text.as_bytes().to_vec();
    let mut any_control = false;
    // To look at every byte is faster than to stop at the first one: processors do many at a time.
    for byte in &mut folded {
        // White space as Unicode has it.
        *byte = if byte.wrapping_sub(b'\t') <= b'\r' - b'\t' { b' ' } else { *byte };
        any_control |= (*byte < b' ') | (*byte == 0x7f);
    }
    if any_control {
        folded.retain(|byte| !byte.is_ascii_control());
    }
    let behind = folded.get(1..).unwrap_or_default();
    if folded.iter().zip(behind).fold(false, |found, (one, two)| found | (*one == b' ' && *two == b' ')) {
        let (mut length, mut last) = (0, b'x');
        for at in 0..folded.len() {
            let byte = folded[at];
            // Every byte is written, and the next one over those that go: a processor cannot foresee where words end.
            folded[length] = byte;
            length += usize::from(byte != b' ' || last != b' ');
            last = byte;
        }
        folded.truncate(length);
    }
    if folded.last() == Some(&b' ') {
        folded.pop();
    }
    if folded.first() == Some(&b' ') {
        folded.remove(0);
    }
    String::from_utf8(folded).expect("bytes of ASCII are text")
}

fn fold(chars: impl Iterator<Item = char>, length: usize) -> String {
    let mut folded = String::with_capacity(length);
    let mut gap = false;
    for c in chars {
        if c.is_whitespace() {
            gap = true;
        } else if !is_unseen(c) {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.push(c);
        }
    }
    folded
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}')
        || (c.is_control() && !c.is_whitespace())
}

/// A closed cloze marker, as byte offsets: its text lies between `open_end` and `text_end`.
struct Marker {
    open: usize,
    open_end: usize,
    text_end: usize,
    close_end: usize,
}

/// Returns the text without cloze markers, or `None` where it has none.
fn unwrap_clozes(source: &str) -> Option<String> {
    if !source.contains("{{c") {
        return None;
    }
    let markers = closed_markers(source);
    // Cuts are sorted and may overlap, as where a hint holds another marker.
    let mut cuts: Vec<(usize, usize)> =
        markers.iter().flat_map(|m| [(m.open, m.open_end), (m.text_end, m.close_end)]).collect();
    cuts.sort_unstable();
    let mut text = String::with_capacity(source.len());
    let mut position = 0;
    for (start, end) in cuts {
        if start > position {
            text.push_str(&source[position..start]);
        }
        position = position.max(end);
    }
    text.push_str(&source[position..]);
    Some(text)
}

fn closed_markers(source: &str) -> Vec<Marker> {
    let bytes = source.as_bytes();
    let mut open: Vec<(usize, usize, Option<usize>)> = Vec::new();
    let mut closed = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if let Some(length) = opener(rest) {
            open.push((at, at + length, None));
            at += length;
        } else if rest.starts_with(b"}}") {
            // Anki closes a cloze at the first `}}`, so `}}}` leaves one brace behind.
            if let Some((start, open_end, hint)) = open.pop() {
                closed.push(Marker {
                    open: start,
                    open_end,
                    text_end: hint.unwrap_or(at),
                    close_end: at + 2,
                });
            }
            at += 2;
        } else if rest.starts_with(b"::") {
            if let Some((_, _, hint)) = open.last_mut() {
                hint.get_or_insert(at);
            }
            at += 2;
        } else {
            at += 1;
        }
    }
    closed
}

/// Returns the length of `{{c1::`, `{{c1,2::` or `{{c::` at the start of the bytes.
fn opener(bytes: &[u8]) -> Option<usize> {
    let numbers = bytes.strip_prefix(b"{{c")?;
    let length = numbers.iter().take_while(|b| b.is_ascii_digit() || **b == b',').count();
    numbers[length..].starts_with(b"::").then_some(3 + length + 2)
}

#[cfg(test)]
mod tests {
    use super::{Kind, NotAPromptHash, PromptHash, normalise};

    fn check(source: &str, expected: &str) {
        assert_eq!(normalise(source), expected, "{source:?}");
    }

    #[test]
    fn white_space_folds_to_one_space() {
        check("  a\t b\r\n\n c\u{a0}\u{2003}d ", "a b c d");
        check("", "");
        check(" \n ", "");
    }

    #[test]
    fn unseen_characters_go_and_joiners_stay() {
        check("\u{feff}in\u{ad}ter\u{200b}net\u{2060}\u{200e}\u{7}", "internet");
        check("می\u{200c}خواهم", "می\u{200c}خواهم");
        check("👩\u{200d}🚒", "👩\u{200d}🚒");
    }

    #[test]
    fn composed_and_decomposed_letters_are_one() {
        check("cafe\u{301}", "café");
        check("cafe\u{ad}\u{301}", "café");
    }

    #[test]
    fn cloze_markers_give_way_to_their_text() {
        check("{{c1::Oslo}} lies in {{c2::Norway::country}}.", "Oslo lies in Norway.");
        check("{{c1,2::x}} and {{c::y}}", "x and y");
        check("{{c1::outer {{c2::inner::hint}} end::hint}}!", "outer inner end!");
        check("{{c1::a::hint with {{c2::b}} inside}} c", "a c");
        check("{{c1::\\frac{1}{2}}}", "\\frac{1}{2}");
        check("{{c1::ä::ö}}ü", "äü");
    }

    #[test]
    fn what_is_no_closed_marker_stays() {
        check("{{c1::never closed", "{{c1::never closed");
        check("{{c1::a {{c2::b}}", "{{c1::a b");
        check("{{cat}} a::b }}", "{{cat}} a::b }}");
        check("{{c1:x}}", "{{c1:x}}");
    }

    #[test]
    fn a_hash_is_fixed_for_ever() {
        let hash = PromptHash::new(Kind::Basic, "What is the capital of Norway?");
        assert_eq!(hash.to_string(), "2caa0ad52ad64bf711cff5da0bd4fb2f");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_ne!(hash, PromptHash::new(Kind::Cloze, "What is the capital of Norway?"));
    }

    #[test]
    fn other_texts_are_no_hashes() {
        for text in ["", "00", "ABCDEF00ABCDEF00ABCDEF00ABCDEF00", "zz00000000000000000000000000000é", "é"]
        {
            assert_eq!(text.parse::<PromptHash>(), Err(NotAPromptHash), "{text:?}");
        }
    }
}
