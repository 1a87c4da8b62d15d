//! A block: what was found in some of the input, counted, then written the shortest way.

use super::bits::Bits;
use super::header::Header;
use super::huffman::{self, Code};
use super::symbols::{self, DISTANCES, END, LITERALS, LONGEST, SHORTEST};

/// The longest code of a literal or length: four of them, and seven bits that are left over, fill a word.
const LIMIT: usize = 14;

/// Literals as they are in the input, then a match.
struct Sequence {
    literals: u32,
    length: u16,
    distance: u16,
}

/// The sequences of a block and how often its symbols occur. What follows the last sequence is literals.
pub(super) struct Block {
    sequences: Vec<Sequence>,
    literals: [u32; 256],
    lengths: [u32; LONGEST + 1],
    distances: [u32; DISTANCES],
}

impl Default for Block {
    fn default() -> Self {
        Self {
            sequences: Vec::new(),
            literals: [0; 256],
            lengths: [0; LONGEST + 1],
            distances: [0; DISTANCES],
        }
    }
}

impl Block {
    /// Begins a block.
    pub(super) fn clear(&mut self) {
        self.sequences.clear();
        self.literals.fill(0);
        self.lengths.fill(0);
        self.distances.fill(0);
    }

    /// Counts a literal.
    #[inline]
    pub(super) fn literal(&mut self, byte: u8) {
        self.literals[usize::from(byte)] += 1;
    }

    /// Adds a match that follows so many literals; each of them was or will be counted.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a block is short, and a match shorter")]
    pub(super) fn matched(&mut self, literals: usize, length: usize, distance: usize) {
        self.lengths[length] += 1;
        self.distances[symbols::distance(distance as u32).code] += 1;
        self.sequences.push(Sequence {
            literals: literals as u32,
            length: length as u16,
            distance: distance as u16,
        });
    }

    /// Writes the block, whose input is `bytes`; it is not the last of its stream.
    pub(super) fn write(&self, bytes: &[u8], bits: &mut Bits) {
        let mut literals = [0; LITERALS];
        literals[..256].copy_from_slice(&self.literals);
        literals[END] = 1;
        // The bits behind the symbols, which no code can spare.
        let mut extra = 0;
        for (length, frequency) in self.lengths.iter().enumerate().skip(SHORTEST) {
            let symbol = symbols::length(length);
            literals[symbol.code] += frequency;
            extra += u64::from(symbol.count * frequency);
        }
        for (symbol, frequency) in (0..).zip(self.distances).skip(4) {
            extra += u64::from((symbol / 2 - 1) * frequency);
        }

        let mut own = ([0; LITERALS], [0; DISTANCES]);
        huffman::lengths(&literals, LIMIT, &mut own.0);
        huffman::lengths(&self.distances, 15, &mut own.1);
        let header = Header::new(&own.0, &own.1);
        let fixed = symbols::fixed();
        let size = |(literal_lengths, distance_lengths): &([u8; LITERALS], [u8; DISTANCES])| {
            extra + size(&literals, literal_lengths) + size(&self.distances, distance_lengths)
        };
        let (own_size, fixed_size) = (header.size + size(&own), 3 + size(&fixed));
        if Bits::stored_size(bytes.len()) <= own_size.min(fixed_size) {
            bits.stored(bytes);
        } else if fixed_size <= own_size {
            bits.reserve(fixed_size);
            bits.put(1 << 1, 3);
            self.symbols(bytes, &fixed, bits);
        } else {
            bits.reserve(own_size);
            header.write(bits);
            self.symbols(bytes, &own, bits);
        }
    }

    /// Writes the symbols by codes of these lengths.
    fn symbols(
        &self,
        bytes: &[u8],
        (literal_lengths, distance_lengths): &([u8; LITERALS], [u8; DISTANCES]),
        bits: &mut Bits,
    ) {
        let mut literals = [Code::default(); LITERALS];
        huffman::codes(literal_lengths, &mut literals);
        let mut distances = [Code::default(); DISTANCES];
        huffman::codes(distance_lengths, &mut distances);
        // Lengths with the bits behind their symbols, so that one look finds all.
        let lengths: [Code; LONGEST + 1] = std::array::from_fn(|length| {
            let symbol = symbols::length(length.max(SHORTEST));
            let code = literals[symbol.code];
            Code::new(bits_of(code) | symbol.bits << code.count(), code.count() + symbol.count)
        });
        let end = literals[END];
        let literals = literals.first_chunk::<256>().expect("the literals come first");

        // A copy whose fields the compiler can keep in registers.
        let mut to = std::mem::take(bits);
        let mut at = 0;
        for sequence in &self.sequences {
            let mut left = sequence.literals;
            // Nearly always once: how many literals there are is hard to foretell, so four are written, and
            // those that are none are written as nothing. A match follows, so there are four bytes.
            while let Some(four) = bytes.get(at..).and_then(<[u8]>::first_chunk::<4>) {
                let masks = &MASKS[left.min(4) as usize];
                let code = |index: usize| literals[usize::from(four[index])].masked(masks[index]);
                push_four(&mut to, [code(0), code(1), code(2), code(3)]);
                at += left.min(4) as usize;
                if left <= 4 {
                    break;
                }
                left -= 4;
            }
            let length = lengths[usize::from(sequence.length)];
            let distance = symbols::distance(sequence.distance.into());
            let code = distances[distance.code];
            let both = length.bits() | code.bits() << length.count();
            let count = length.count() + code.count();
            to.push(both | u64::from(distance.bits) << count, count + distance.count);
            to.flush();
            at += usize::from(sequence.length);
        }
        for byte in bytes.get(at..).unwrap_or_default() {
            let code = literals[usize::from(*byte)];
            to.push(code.bits(), code.count());
            to.flush();
        }
        to.push(end.bits(), end.count());
        to.flush();
        *bits = to;
    }
}

/// Which of four literals are any, by their number.
const MASKS: [[u32; 4]; 5] = {
    const ALL: u32 = u32::MAX;
    [[0; 4], [ALL, 0, 0, 0], [ALL, ALL, 0, 0], [ALL, ALL, ALL, 0], [ALL; 4]]
};

#[inline]
fn push_four(to: &mut Bits, codes: [Code; 4]) {
    // In pairs, so that not each waits for the one before.
    let pair =
        |one: Code, other: Code| (one.bits() | other.bits() << one.count(), one.count() + other.count());
    let (low, low_count) = pair(codes[0], codes[1]);
    let (high, high_count) = pair(codes[2], codes[3]);
    to.push(low | high << low_count, low_count + high_count);
    to.flush();
}

fn bits_of(code: Code) -> u32 {
    (code.bits() & 0xffff_ffff) as u32
}

/// Returns how many bits codes of these lengths take.
fn size(frequencies: &[u32], lengths: &[u8]) -> u64 {
    frequencies.iter().zip(lengths).map(|(frequency, length)| u64::from(frequency * u32::from(*length))).sum()
}
