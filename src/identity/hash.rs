//! Small hashes that are the same on every machine and in every release.
//!
//! What the ledger keeps is compared years later, so the standard library's hasher (which may change with the
//! compiler) is no choice. These are not cryptographic: a collision costs at worst a note that counts as new.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map for keys that deckc made itself; its order is never observed.
pub type FastMap<K, V> = HashMap<K, V, BuildHasherDefault<FastHasher>>;

/// Mixes all bits of a number into all others (the finaliser of `SplitMix64`).
#[must_use]
pub const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Returns a 64-bit hash of a text's bytes.
#[must_use]
pub fn hash_text(text: &str) -> u64 {
    let mut state = STARTS.get(text.len()).copied().unwrap_or_else(|| start(text.len()));
    each_eight(text.as_bytes(), |word| state = mix(state ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15));
    mix(state)
}

/// Returns what the hash of a text of that many bytes begins with.
const fn start(length: usize) -> u64 {
    mix(length as u64 ^ 0x9e37_79b9_7f4a_7c15)
}

/// What [`start`] returns for words: most texts that are hashed are.
const STARTS: [u64; 32] = {
    let mut starts = [0; 32];
    let mut length = 0;
    while length < starts.len() {
        starts[length] = start(length);
        length += 1;
    }
    starts
};

/// Calls `take` with each eight bytes as a little-endian number, the last ones filled up with zeros.
fn each_eight(bytes: &[u8], mut take: impl FnMut(u64)) {
    let (eights, rest) = bytes.as_chunks::<8>();
    eights.iter().for_each(|eight| take(u64::from_le_bytes(*eight)));
    if !rest.is_empty() {
        take(few(rest));
    }
}

/// Returns up to seven bytes as a little-endian number.
///
/// Most words are that short, and a processor cannot foresee how short: two reads that overlap need no loop.
fn few(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    if let (Some(head), Some(tail)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*head))
            | u64::from(u32::from_le_bytes(*tail)) << (8 * (length - 4));
    }
    [0, length / 2, length - 1].iter().fold(0, |word, &at| word | u64::from(bytes[at]) << (8 * at))
}

/// A hasher for tables inside one run.
#[derive(Default)]
pub struct FastHasher(u64);

impl Hasher for FastHasher {
    fn finish(&self) -> u64 {
        mix(self.0)
    }

    fn write(&mut self, bytes: &[u8]) {
        each_eight(bytes, |word| self.write_u64(word));
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
}
