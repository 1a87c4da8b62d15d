//! Deflates pieces of a member (RFC 1951), for speed.
//!
//! Deflating was the dearest stage of a build. Of the collection of 100,000 notes, this makes 275 MB/s on the
//! machine where level 3 of zlib-rs makes 150, level 2 makes 180 and level 1 makes 320; files are 3 % larger
//! than those of level 3, those of level 2 are 5 % larger, those of level 1 34 %. (English text comes out 5 %
//! larger than by level 3, source code 8 %.) No safe crate does better: `fdeflate` is made for pictures, and
//! `libdeflate` is C and ends every stream, so that no second piece could follow. A collection is known
//! beforehand, in whole megabytes, so that what a general encoder does for streams, and for every kind of
//! input, can be left out: [`matches`] compares two candidates and takes the better, [`block`] counts the
//! symbols meanwhile and writes them with Huffman codes of its own, literals four at a time.
//!
//! The bytes depend on the input alone: not on the machine, and not on the pieces an encoder has seen.

mod bits;
mod block;
mod header;
mod huffman;
mod matches;
mod symbols;
#[cfg(test)]
mod tests;

use bits::Bits;
use block::Block;
use matches::Matches;

/// Ends a stream after its last piece: a last block that holds nothing, by the fixed codes (RFC 1951, 3.2.6).
pub(super) const END: [u8; 2] = [3, 0];

/// Deflates pieces. It can be used again, which saves little: its tables are small beside a piece.
#[derive(Default)]
pub(super) struct Encoder {
    matches: Matches,
    block: Block,
    bits: Bits,
}

impl Encoder {
    /// Returns `bytes` deflated. Pieces refer to nothing before them and end on a whole byte, by an empty stored block, so that they join
    /// to one stream; [`END`] ends it.
    pub(super) fn piece(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.matches.clear();
        let mut from = 0;
        while from < bytes.len() {
            let to = self.matches.fill(&mut self.block, bytes, from);
            self.block.write(&bytes[from..to], &mut self.bits);
            from = to;
        }
        self.bits.stored(&[]);
        self.bits.finish()
    }
}
