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
    let mut state = mix(text.len() as u64 ^ 0x9e37_79b9_7f4a_7c15);
    each_eight(text.as_bytes(), |word| state = mix(state ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15));
    mix(state)
}

/// Calls `take` with each eight bytes as a little-endian number, the last ones filled up with zeros.
fn each_eight(bytes: &[u8], mut take: impl FnMut(u64)) {
    let (eights, rest) = bytes.as_chunks::<8>();
    eights.iter().for_each(|eight| take(u64::from_le_bytes(*eight)));
    if !rest.is_empty() {
        // Most words are shorter than eight letters, and to copy so few bytes costs more than to shift them.
        take(rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    }
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
