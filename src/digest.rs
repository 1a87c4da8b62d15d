//! SHA-256 over parts, for keys that stay the same for ever.

use sha2::{Digest as _, Sha256};

/// Hashes parts, each preceded by its length in bytes (u64, little endian), so that no two different lists of parts give the same
/// bytes to hash.
pub(crate) struct Parts {
    /// All bytes so far: to hash them at once is faster than part by part.
    bytes: Vec<u8>,
}

impl Parts {
    /// Begins with a tag, which tells one use of hashes from another and one version from the next.
    pub(crate) fn new(tag: &str) -> Self {
        Parts { bytes: Vec::with_capacity(512) }.with(tag)
    }

    /// Adds a part.
    #[must_use]
    pub(crate) fn with(mut self, part: &str) -> Self {
        self.add(part);
        self
    }

    /// Adds a part.
    pub(crate) fn add(&mut self, part: &str) {
        self.bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(part.as_bytes());
    }

    /// Returns the 32 bytes.
    pub(crate) fn finish(self) -> [u8; 32] {
        Sha256::digest(&self.bytes).into()
    }

    /// Returns the first eight bytes as hexadecimal digits.
    pub(crate) fn short(self) -> String {
        crate::hex::of(&self.finish()[..8])
    }
}
