//! The head of a block with codes of its own: their lengths, deflated a little themselves (RFC 1951, section
//! 3.2.7).

use super::bits::Bits;
use super::huffman::{self, Code};
use super::symbols::{DISTANCES, END, LITERALS};

/// The symbols for the lengths of codes: 0 to 15, and three for runs.
const SYMBOLS: usize = 19;

/// The order in which the lengths of the codes for lengths are written.
const ORDER: [usize; SYMBOLS] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// How many bits follow a symbol.
const EXTRA: [u32; SYMBOLS] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 7];

/// The head of a block.
pub(super) struct Header {
    literals: usize,
    distances: usize,
    /// Symbols, and the value of the bits that follow each.
    items: Vec<(usize, u32)>,
    lengths: [u8; SYMBOLS],
    /// How many of `lengths` are written.
    ordered: usize,
    /// How many bits the head takes.
    pub(super) size: u64,
}

impl Header {
    /// Lays out the head for the lengths of the codes.
    pub(super) fn new(literals: &[u8; LITERALS], distances: &[u8; DISTANCES]) -> Self {
        let used = |lengths: &[u8], least: usize| {
            lengths.iter().rposition(|length| *length > 0).map_or(least, |last| least.max(last + 1))
        };
        let (literals, distances) = (&literals[..used(literals, END + 1)], &distances[..used(distances, 1)]);
        let items = items(&[literals, distances].concat());
        let mut frequencies = [0; SYMBOLS];
        items.iter().for_each(|(symbol, _)| frequencies[*symbol] += 1);
        let mut lengths = [0; SYMBOLS];
        huffman::lengths(&frequencies, 7, &mut lengths);
        let ordered = used(&ORDER.map(|symbol| lengths[symbol]), 4);
        let size = 3
            + 14
            + 3 * ordered as u64
            + (0..SYMBOLS)
                .map(|symbol| u64::from(frequencies[symbol] * (u32::from(lengths[symbol]) + EXTRA[symbol])))
                .sum::<u64>();
        Self { literals: literals.len(), distances: distances.len(), items, lengths, ordered, size }
    }

    /// Writes the head.
    pub(super) fn write(&self, bits: &mut Bits) {
        let number = |number: usize| u32::try_from(number).expect("there are few symbols");
        bits.put(2 << 1, 3);
        bits.put(number(self.literals - 257), 5);
        bits.put(number(self.distances - 1), 5);
        bits.put(number(self.ordered - 4), 4);
        for symbol in &ORDER[..self.ordered] {
            bits.put(self.lengths[*symbol].into(), 3);
        }
        let mut codes = [Code::default(); SYMBOLS];
        huffman::codes(&self.lengths, &mut codes);
        for (symbol, value) in &self.items {
            bits.push(codes[*symbol].bits(), codes[*symbol].count());
            bits.put(*value, EXTRA[*symbol]);
        }
    }
}

/// Returns the lengths with runs drawn together.
fn items(lengths: &[u8]) -> Vec<(usize, u32)> {
    let mut items = Vec::with_capacity(lengths.len());
    for run in lengths.chunk_by(|one, other| one == other) {
        let length = usize::from(run[0]);
        let mut left = run.len();
        if length > 0 {
            // What symbol 16 repeats must stand there.
            items.push((length, 0));
            left -= 1;
        }
        let symbols = if length > 0 { &[(16, 3, 6)][..] } else { &[(18, 11, 138), (17, 3, 10)] };
        for (symbol, least, most) in symbols {
            while left >= *least {
                let now = left.min(*most);
                items.push((*symbol, u32::try_from(now - least).expect("it has 7 bits")));
                left -= now;
            }
        }
        items.extend(std::iter::repeat_n((length, 0), left));
    }
    items
}
