//! Looks at many bytes at once.
//!
//! Processors compare sixteen bytes and more in one step, and compilers make use of it wherever a loop over a block of known length holds
//! nothing that looks like a choice. So each test is `|`, `&` and comparisons, never `||`, `&&` or `match`.

/// How many bytes are looked at before somebody asks what was found.
const BLOCK: usize = 16;

/// Returns whether `is` holds for one of the bytes.
#[inline]
pub(crate) fn any(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    position(bytes, is).is_some()
}

/// Returns where the first byte stands for which `is` holds.
#[inline]
pub(crate) fn position(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let holds = |block: &[u8; BLOCK]| block.iter().fold(false, |any, byte| any | is(*byte));
    let (blocks, rest) = bytes.as_chunks();
    let from = blocks.iter().take_while(|block| !holds(block)).count() * BLOCK;
    // The last block overlaps the one before it, in which nothing was found.
    if from + rest.len() == bytes.len() && bytes.last_chunk().is_some_and(|last| !holds(last)) {
        return None;
    }
    bytes[from..].iter().position(|byte| is(*byte)).map(|at| from + at)
}

/// Returns where the first byte stands that is one of the few `wanted` ones.
#[inline]
pub(crate) fn find<const N: usize>(bytes: &[u8], wanted: [u8; N]) -> Option<usize> {
    position(bytes, |byte| is_one(byte, wanted))
}

/// Returns whether a byte is one of a few.
#[inline]
pub(crate) fn is_one<const N: usize>(byte: u8, of: [u8; N]) -> bool {
    of.iter().fold(false, |any, one| any | (byte == *one))
}

/// Returns whether a byte is one of a few, or an ASCII control character as [`is_control`] says.
#[inline]
pub(crate) fn is_control_or<const N: usize>(byte: u8, of: [u8; N]) -> bool {
    is_control(byte) | is_one(byte, of)
}

/// Returns whether a byte is an ASCII control character; line feed and tab are none here.
#[inline]
pub(crate) fn is_control(byte: u8) -> bool {
    (byte < 0x20) & (byte != b'\n') & (byte != b'\t') | (byte == 0x7f)
}

#[cfg(test)]
mod tests {
    use super::{any, find, is_control};

    #[test]
    fn the_first_byte_that_is_wanted_is_found_wherever_it_stands() {
        for length in 0..50 {
            let bytes: Vec<u8> = (0..length).collect();
            for byte in 0..50 {
                let found = find(&bytes, [byte, 200]);
                assert_eq!(found, (byte < length).then_some(usize::from(byte)));
                assert_eq!(any(&bytes, |one| one == byte), byte < length);
            }
        }
    }

    #[test]
    fn control_characters_are_those_that_anki_deletes() {
        let expected = |byte: u8| byte.is_ascii_control() && !matches!(byte, b'\n' | b'\t');
        assert!((0..=255).all(|byte| is_control(byte) == expected(byte)));
    }
}
