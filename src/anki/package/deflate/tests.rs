//! What comes out is read by another's inflate.

use std::io::Read as _;

use flate2::read::DeflateDecoder;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::{prop_assert_eq, proptest};

use super::{END, Encoder};

fn inflate(stream: &[u8]) -> Vec<u8> {
    let mut decoder = DeflateDecoder::new(stream);
    let mut bytes = Vec::new();
    decoder.read_to_end(&mut bytes).expect("it is a stream");
    assert_eq!(decoder.total_in(), stream.len() as u64, "nothing follows the stream");
    bytes
}

/// Returns the pieces joined.
fn deflate(encoder: &mut Encoder, pieces: &[Vec<u8>]) -> Vec<u8> {
    pieces.iter().flat_map(|piece| encoder.piece(piece)).chain(END).collect()
}

fn check(bytes: &[u8]) -> usize {
    let stream = deflate(&mut Encoder::default(), &[bytes.to_vec()]);
    assert!(inflate(&stream) == bytes);
    stream.len()
}

/// Returns bytes without any order.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn short_inputs_come_back() {
    let text = b"abcabcabcabcabcabcaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabcabcd, abcd, abcd, abcde, abcdef";
    for length in 0..text.len() {
        check(&text[..length]);
        check(&noise(length));
        check(&vec![0; length]);
    }
}

#[test]
fn a_run_of_zeros_becomes_next_to_nothing() {
    assert!(check(&vec![0; 1 << 20]) < 2000);
}

#[test]
fn noise_is_stored() {
    for length in [65_534, 65_535, 65_536, 200_000] {
        // What joins and ends pieces takes seven bytes.
        assert!(
            check(&noise(length)) <= length + 7 + 5 * length.div_ceil(65_535).max(length.div_ceil(1 << 15))
        );
    }
}

#[test]
fn matches_reach_back_a_whole_window_and_no_further() {
    for distance in 32_760..32_776 {
        let once = noise(distance);
        check(&[&once[..], &once[..300], &noise(100)].concat());
    }
}

#[test]
fn codes_stop_at_their_longest() {
    // Each byte occurs as often as the two before it together: the deepest of trees.
    let (mut before, mut count) = (1, 1);
    let mut bytes = Vec::new();
    for byte in 0..20_u8 {
        bytes.extend(std::iter::repeat_n(byte, count));
        (before, count) = (count, before + count);
    }
    // In an order without matches, as far as there is one.
    let order = noise(4 * bytes.len());
    let mut keyed: Vec<_> = order.chunks_exact(4).zip(bytes).collect();
    keyed.sort_unstable();
    check(&keyed.into_iter().map(|(_, byte)| byte).collect::<Vec<_>>());
}

#[test]
fn a_piece_does_not_depend_on_those_before() {
    let mut used = Encoder::default();
    used.piece(&noise(100_000));
    let text = "the same and the same and yet again the same".repeat(3000).into_bytes();
    assert!(used.piece(&text) == Encoder::default().piece(&text));
}

/// Bytes in which there is something to find: runs, copies, and noise.
fn pieces() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let part = prop_oneof![
        vec(any::<u8>(), 0..50),
        vec(prop_oneof![Just(b'a'), Just(b'b'), Just(b'c')], 0..400),
        (any::<u8>(), 0..1000_usize).prop_map(|(byte, length)| vec![byte; length]),
        ("[a-d]{1,12}", 1..200_usize).prop_map(|(word, times)| word.repeat(times).into_bytes()),
    ];
    vec(vec(part, 0..12).prop_map(|parts| parts.concat()), 1..4)
}

proptest! {
    #[test]
    fn pieces_come_back_as_one(pieces in pieces()) {
        let stream = deflate(&mut Encoder::default(), &pieces);
        prop_assert_eq!(inflate(&stream), pieces.concat());
    }
}
