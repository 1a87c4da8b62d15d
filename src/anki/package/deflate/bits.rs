//! The bits of a piece, lowest first (RFC 1951, section 3.1.1).

/// The most bytes of a stored block.
const STORED: usize = 0xffff;

/// The bits a stored block has before its bytes, at most: its kind, the way to a whole byte and two lengths.
const STORED_HEAD: u64 = 3 + 7 + 32;

/// Collects bits. The buffer outlives its pieces, so that it is grown and cleared once.
#[derive(Default)]
pub(super) struct Bits {
    out: Vec<u8>,
    /// How much of `out` is written.
    at: usize,
    /// What is not written yet: `count` bits, fewer than eight after a [`Bits::flush`].
    pending: u64,
    count: u32,
}

impl Bits {
    /// Makes room for so many bits. Whoever writes more than a few numbers does this first.
    pub(super) fn reserve(&mut self, bits: u64) {
        // Every write takes eight bytes, of which the next may overwrite all.
        let needed = self.at + usize::try_from(bits / 8).expect("it is about the size of the input") + 16;
        if self.out.len() < needed {
            self.out.resize(needed + needed / 2, 0);
        }
    }

    /// Adds bits without writing them. Between two flushes there is room for 57.
    #[inline]
    pub(super) fn push(&mut self, bits: u64, count: u32) {
        self.pending |= bits << self.count;
        self.count += count;
    }

    /// Writes all whole bytes.
    #[inline]
    pub(super) fn flush(&mut self) {
        self.out[self.at..][..8].copy_from_slice(&self.pending.to_le_bytes());
        self.at += (self.count / 8) as usize;
        self.pending >>= self.count & !7;
        self.count &= 7;
    }

    /// Adds and writes a number of `count` bits.
    pub(super) fn put(&mut self, bits: u32, count: u32) {
        self.push(bits.into(), count);
        self.flush();
    }

    /// Returns how many bits [`Bits::stored`] writes for so many bytes, at most.
    pub(super) fn stored_size(length: usize) -> u64 {
        8 * length as u64 + STORED_HEAD * length.div_ceil(STORED).max(1) as u64
    }

    /// Writes bytes as they are (section 3.2.4).
    pub(super) fn stored(&mut self, bytes: &[u8]) {
        self.reserve(Self::stored_size(bytes.len()));
        let (mut now, mut rest) = bytes.split_at(bytes.len().min(STORED));
        loop {
            self.put(0, 3);
            self.align();
            let length = u32::try_from(now.len()).expect("it has 16 bits");
            self.put(length | (!length << 16), 32);
            self.out[self.at..][..now.len()].copy_from_slice(now);
            self.at += now.len();
            if rest.is_empty() {
                return;
            }
            (now, rest) = rest.split_at(rest.len().min(STORED));
        }
    }

    /// Returns what was written, filled up to a whole byte, and begins anew.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        self.align();
        let piece = self.out[..self.at].to_vec();
        self.at = 0;
        piece
    }

    fn align(&mut self) {
        self.count = self.count.next_multiple_of(8);
        self.flush();
    }
}
