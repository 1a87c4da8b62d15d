//! The symbols for lengths and distances (RFC 1951, section 3.2.5).

/// How many symbols literals and lengths have together; 286 and 287 are never used.
pub(super) const LITERALS: usize = 288;

/// How many symbols distances have; 30 and 31 are never used.
pub(super) const DISTANCES: usize = 32;

/// The symbol that ends a block.
pub(super) const END: usize = 256;

/// The shortest match that is looked for. Three bytes hardly ever cost more than their match.
pub(super) const SHORTEST: usize = 4;

/// The longest match.
pub(super) const LONGEST: usize = 258;

/// Which symbol it is, and the bits that follow it.
pub(super) struct Symbol {
    pub(super) code: usize,
    /// How many bits follow.
    pub(super) count: u32,
    pub(super) bits: u32,
}

/// Returns the symbol of a length from 3 to 258.
pub(super) fn length(length: usize) -> Symbol {
    // The longest has a symbol of its own.
    if length == LONGEST {
        return Symbol { code: 285, count: 0, bits: 0 };
    }
    // Four symbols for each power of two; the first eight lengths have one each.
    let value = (length - 3) & 0xff;
    let count = (value | 4).ilog2() - 2;
    let bits = u32::try_from(value & ((1 << count) - 1)).expect("it has five bits");
    Symbol { code: 257 + 4 * count as usize + (value >> count), count, bits }
}

/// Returns the symbol of a distance from 1 to 32768.
#[inline]
pub(super) fn distance(distance: u32) -> Symbol {
    // Two symbols for each power of two; the first four distances have one each.
    let value = distance.wrapping_sub(1);
    let count = (value | 2).ilog2() - 1;
    Symbol { code: (2 * count + (value >> count)) as usize, count, bits: value & ((1 << count) - 1) }
}

/// Returns the lengths of the codes both sides know (section 3.2.6).
pub(super) fn fixed() -> ([u8; LITERALS], [u8; DISTANCES]) {
    let mut literals = [8; LITERALS];
    literals[144..256].fill(9);
    literals[256..280].fill(7);
    (literals, [5; DISTANCES])
}
