//! Finds what stood in the input before.

use super::block::Block;
use super::symbols::{LONGEST, SHORTEST};

/// How far back a match may be.
const WINDOW: usize = 1 << 15;

/// How much input makes a block.
const BLOCK: usize = 1 << 17;

/// How many bits of a hash are used. The table and the window stay in a core's own cache.
const HASH: u32 = 15;

/// The last bytes of the input, in which nothing is looked for: what reads ahead needs no care for the end.
const TAIL: usize = 16;

/// The two places where four bytes were seen last, by their hash: the later one in the lower half.
///
/// Only the lower half of a place is kept. What comes out is but a guess, which a look at the bytes confirms.
/// Four candidates make files 1 % smaller and take a quarter more time; one makes them 2 % larger.
pub(super) struct Matches {
    places: Box<[u32; 1 << HASH]>,
}

impl Default for Matches {
    fn default() -> Self {
        Self { places: vec![0; 1 << HASH].try_into().expect("it has this length") }
    }
}

impl Matches {
    /// Forgets all, so that a piece does not depend on the one before.
    pub(super) fn clear(&mut self) {
        self.places.fill(0);
    }

    /// Fills a block with the input from `from`, and returns where the next block begins.
    pub(super) fn fill(&mut self, block: &mut Block, bytes: &[u8], from: usize) -> usize {
        block.clear();
        let safe = bytes.len().saturating_sub(TAIL);
        let stop = safe.min(from + BLOCK);
        let mut at = from;
        let mut run = from;
        if from == 0 && stop > 0 {
            // There is nothing before it to be found.
            block.literal(bytes[0]);
            at = 1;
        }
        while at < stop {
            let here = word(bytes, at);
            let (near, far) = self.candidates(here, at);
            let near_differs = here ^ word(bytes, at - near);
            let far_differs = here ^ word(bytes, at - far);
            // The greater distance takes more bits: about half a byte must make up for it.
            let far_wins = agreed(far_differs) >> 4 > agreed(near_differs);
            let (differs, distance) = if far_wins { (far_differs, far) } else { (near_differs, near) };
            if differs & 0xffff_ffff != 0 {
                block.literal(here.to_le_bytes()[0]);
                at += 1;
                continue;
            }
            let length = if differs == 0 { extend(bytes, at, distance) } else { equal_bytes(differs) };
            block.matched(at - run, length, distance);
            self.note_inside(here, bytes, at, length);
            at += length;
            run = at;
        }
        if at < safe {
            return at;
        }
        bytes[at..].iter().for_each(|byte| block.literal(*byte));
        bytes.len()
    }

    /// Returns how far back the bytes may have stood, and notes that they stand at `at`.
    ///
    /// Nothing is checked: places noted are before `at`, so that a distance which is cut to the window is one
    /// inside of it, and inside of the input. The place of an empty entry is the first.
    #[inline]
    fn candidates(&mut self, here: u64, at: usize) -> (usize, usize) {
        let later = self.note(here, at);
        let distance = |place: u32| {
            let distance = at.wrapping_sub(place as usize);
            (distance.wrapping_sub(1) & (WINDOW - 1)) + 1
        };
        (distance(later), distance(later >> 16))
    }

    /// Notes where four bytes, the lowest of a word, stand, and returns the places noted before.
    #[inline]
    fn note(&mut self, word: u64, at: usize) -> u32 {
        let [low, high, ..] = at.to_le_bytes();
        let entry = &mut self.places[hash(word)];
        let before = *entry;
        *entry = before << 16 | u32::from(u16::from_le_bytes([low, high]));
        before
    }

    /// Notes the first and the last places inside of a match, whose first word is given: to note all takes a
    /// tenth more time, for files 0.7 % smaller.
    #[inline]
    fn note_inside(&mut self, here: u64, bytes: &[u8], at: usize, length: usize) {
        for offset in 1..SHORTEST {
            self.note(here >> (8 * offset), at + offset);
        }
        if length >= SHORTEST + 3 {
            let last = at + length - 3;
            let word = word(bytes, last);
            for offset in 0..3 {
                self.note(word >> (8 * offset), last + offset);
            }
        }
    }
}

/// Returns eight bytes; zeros where there are not as many.
#[inline]
fn word(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |word| u64::from_le_bytes(*word))
}

/// Returns the hash of the lowest four bytes.
#[inline]
fn hash(word: u64) -> usize {
    let four = (word & 0xffff_ffff) as u32;
    (four.wrapping_mul(0x9e37_79b1) >> (32 - HASH)) as usize
}

/// Returns a one for each bit below the lowest that differs. The more agree, the greater is the number; to
/// count them would take a branch for words that do not differ.
#[inline]
fn agreed(differs: u64) -> u64 {
    !differs & differs.wrapping_sub(1)
}

/// Returns how many bytes are equal in words that differ.
#[inline]
fn equal_bytes(differs: u64) -> usize {
    // The highest bit changes nothing, but tells the compiler that there is a bit.
    ((differs | 1 << 63).trailing_zeros() / 8) as usize
}

/// Returns the whole length of a match of at least eight bytes.
#[inline]
fn extend(bytes: &[u8], at: usize, distance: usize) -> usize {
    let most = LONGEST.min(bytes.len() - at);
    let mut length = 8;
    while length + 8 <= most {
        let differs = word(bytes, at + length) ^ word(bytes, at + length - distance);
        if differs != 0 {
            return length + equal_bytes(differs);
        }
        length += 8;
    }
    while length < most && bytes[at + length] == bytes[at + length - distance] {
        length += 1;
    }
    length
}
