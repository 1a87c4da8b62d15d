//! Huffman codes: their lengths from how often the symbols occur, their bits from the lengths.

/// The most symbols an alphabet has.
const SYMBOLS: usize = super::symbols::LITERALS;

/// The longest code of all.
const LONGEST: usize = 15;

/// A code and its length, in one number: tables of them are small, and one load gets both.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Code(u32);

impl Code {
    /// Joins a code of up to 24 bits and its length.
    pub(super) fn new(bits: u32, count: u32) -> Self {
        Self(bits | count << 24)
    }

    #[inline]
    pub(super) fn bits(self) -> u64 {
        u64::from(self.0 & 0x00ff_ffff)
    }

    #[inline]
    pub(super) fn count(self) -> u32 {
        self.0 >> 24
    }

    /// Returns the code for a mask of ones, and a code of no bits for one of zeros.
    #[inline]
    pub(super) fn masked(self, mask: u32) -> Self {
        Self(self.0 & mask)
    }
}

/// How often a symbol occurs, and the symbol in the lowest nine bits: one number sorts fastest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Leaf(u32);

impl Leaf {
    fn symbol(self) -> usize {
        (self.0 & 0x1ff) as usize
    }

    fn frequency(self) -> u32 {
        self.0 >> 9
    }
}

/// Sets the lengths of the codes of the symbols, 0 for those that do not occur. No length is above `limit`, no
/// frequency above 2²³.
///
/// The code is complete, which every reader accepts: with fewer than two symbols, another gets a code too.
pub(super) fn lengths(frequencies: &[u32], limit: usize, lengths: &mut [u8]) {
    lengths.fill(0);
    // The symbols that occur, the rarest first.
    let mut leaves = [Leaf(0); SYMBOLS];
    let mut count = 0;
    for (symbol, frequency) in (0..).zip(frequencies).filter(|(_, frequency)| **frequency > 0) {
        leaves[count] = Leaf(frequency << 9 | symbol);
        count += 1;
    }
    let leaves = &mut leaves[..count];
    if count < 2 {
        let symbol = leaves.first().map_or(0, |leaf| leaf.symbol());
        lengths[symbol] = 1;
        lengths[usize::from(symbol == 0)] = 1;
        return;
    }
    leaves.sort_unstable();
    let mut left = code_counts(leaves, limit);
    let mut length = limit;
    for leaf in leaves {
        while left[length] == 0 {
            length -= 1;
        }
        left[length] -= 1;
        lengths[leaf.symbol()] = u8::try_from(length).expect("codes have at most 15 bits");
    }
}

/// Returns how many codes of each length serve two or more leaves, which are sorted, best.
fn code_counts(leaves: &[Leaf], limit: usize) -> [u32; LONGEST + 1] {
    // The nodes of the tree: first the leaves, then those above them, both in the order of their weights.
    let mut weights = [0; 2 * SYMBOLS];
    let mut above = [0; 2 * SYMBOLS];
    let count = leaves.len();
    for (weight, leaf) in weights.iter_mut().zip(leaves) {
        *weight = leaf.frequency();
    }
    let (mut leaf, mut inner) = (0, count);
    let root = 2 * count - 2;
    for node in count..=root {
        for _ in 0..2 {
            let from_leaves = leaf < count && (inner == node || weights[leaf] <= weights[inner]);
            let lightest = if from_leaves { &mut leaf } else { &mut inner };
            weights[node] += weights[*lightest];
            above[*lightest] = node;
            *lightest += 1;
        }
    }
    let mut depths = [0; 2 * SYMBOLS];
    let mut counts = [0; LONGEST + 1];
    for node in (0..root).rev() {
        depths[node] = depths[above[node]] + 1;
        if node < count {
            counts[depths[node].min(limit)] += 1;
        }
    }
    // Codes that were cut to the limit take more room than there is. Each turn makes room for one: a shorter
    // code grows by a bit, and the two codes it becomes serve its own leaf and one of the longest.
    let mut room = (1..=limit).map(|length| counts[length] << (limit - length)).sum::<u32>();
    while room > 1 << limit {
        let length =
            (1..limit).rev().find(|length| counts[*length] > 0).expect("the alphabet fits the limit");
        counts[limit] -= 1;
        counts[length] -= 1;
        counts[length + 1] += 2;
        room -= 1;
    }
    counts
}

/// Sets the codes that belong to the lengths (RFC 1951, section 3.2.2).
pub(super) fn codes(lengths: &[u8], codes: &mut [Code]) {
    let mut next = [0_u16; LONGEST + 2];
    for length in lengths.iter().filter(|length| **length > 0) {
        next[usize::from(*length) + 1] += 1;
    }
    for length in 1..next.len() {
        next[length] += next[length - 1];
        next[length] <<= 1;
    }
    for (length, code) in lengths.iter().zip(codes) {
        *code = Code::default();
        if *length > 0 {
            let next = &mut next[usize::from(*length)];
            // Codes are written from their highest bit.
            *code = Code::new((next.reverse_bits() >> (16 - length)).into(), (*length).into());
            *next = next.wrapping_add(1);
        }
    }
}
