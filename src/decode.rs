//! From bytes to text: UTF-8 with or without a byte order mark, UTF-16 with one, or an encoding that was named.

use encoding_rs::Encoding;

/// Is decoded text, and what there is to say about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text; offsets count in its UTF-8.
    pub text: String,
    /// The encoding, where it was not UTF-8.
    pub from: Option<&'static str>,
}

/// Says where bytes are not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset} is not {encoding}")]
pub struct NotText {
    /// The byte's offset from the top of the file.
    pub offset: usize,
    /// The line it stands in, from 1.
    pub line: usize,
    /// What it should have been.
    pub encoding: &'static str,
}

/// Decodes a file. A byte that is no text is an error, never a replacement character.
///
/// # Errors
/// Where the first such byte stands.
pub fn decode(bytes: Vec<u8>, named: Option<&'static Encoding>) -> Result<Decoded, NotText> {
    let utf16 = match bytes.as_slice() {
        [0xff, 0xfe, ..] => Some((encoding_rs::UTF_16LE, "UTF-16 LE")),
        [0xfe, 0xff, ..] => Some((encoding_rs::UTF_16BE, "UTF-16 BE")),
        _ => None,
    };
    if let Some((encoding, name)) = utf16 {
        return by(encoding, name, &bytes[2..], 2);
    }
    if let Some(encoding) = named
        && encoding != encoding_rs::UTF_8
    {
        return by(encoding, encoding.name(), &bytes, 0);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text, from: None }),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let line = line_of(&error.as_bytes()[..offset]);
            Err(NotText { offset, line, encoding: "UTF-8" })
        }
    }
}

fn by(
    encoding: &'static Encoding,
    name: &'static str,
    bytes: &[u8],
    skipped: usize,
) -> Result<Decoded, NotText> {
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(Decoded { text: text.into_owned(), from: Some(name) }),
        None => {
            // The decoder does not say where; the longest prefix that decodes ends there.
            let valid = |length: usize| {
                encoding.decode_without_bom_handling_and_without_replacement(&bytes[..length]).is_some()
            };
            let unit = if skipped == 2 { 2 } else { 1 };
            let (mut low, mut high) = (0, bytes.len() / unit);
            while low + 1 < high {
                let middle = usize::midpoint(low, high);
                if valid(middle * unit) { low = middle } else { high = middle }
            }
            let line = line_of(&bytes[..low * unit]);
            Err(NotText { offset: low * unit + skipped, line, encoding: name })
        }
    }
}

fn line_of(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::{NotText, decode};

    #[test]
    fn utf8_keeps_its_byte_order_mark() {
        assert_eq!(decode("\u{feff}a".into(), None).expect("decodes").text, "\u{feff}a");
    }

    #[test]
    fn utf16_is_decoded_both_ways() {
        let le: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("é\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let be: Vec<u8> =
            [0xfe, 0xff].into_iter().chain("é\n".encode_utf16().flat_map(u16::to_be_bytes)).collect();
        for bytes in [le, be] {
            assert_eq!(decode(bytes, None).expect("decodes").text, "é\n");
        }
    }

    #[test]
    fn a_bad_byte_is_named_with_offset_and_line() {
        let error = decode(b"ab\ncaf\xe9 x".to_vec(), None).expect_err("is no text");
        assert_eq!(error, NotText { offset: 6, line: 2, encoding: "UTF-8" });
        let surrogate = decode(b"a\xed\xa0\x80".to_vec(), None).expect_err("is no text");
        assert_eq!(surrogate.offset, 1);
        let cut = decode(vec![0xff, 0xfe, 0x61, 0x00, 0x00, 0xd8], None).expect_err("is no text");
        assert_eq!(cut.encoding, "UTF-16 LE");
    }

    #[test]
    fn a_named_encoding_is_used() {
        let latin = encoding_rs::Encoding::for_label(b"latin1");
        assert_eq!(decode(b"caf\xe9".to_vec(), latin).expect("decodes").text, "café");
    }
}
