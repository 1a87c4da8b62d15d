//! The few words of an answer by which it is known again after it was put in other words.
//!
//! A min-hash sees how much of two texts is the same, and so misses "The Seine" in "On both banks of the Seine". Of a
//! short answer the words themselves can be kept.

use super::hash::hash_text;
use super::sketch::decode;
use super::words::each_word;

/// How many words of an answer are kept.
const MOST: usize = 6;
/// A word of fewer letters tells something only where it looks like a name.
const LETTERS: usize = 4;
const BITS: u32 = 18;

/// Hashes of up to six distinct words, of 18 bits each and never 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TellingWords {
    /// Ascending; 0 behind the last.
    hashes: [u32; MOST],
}

impl TellingWords {
    /// Returns the hashes, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.hashes.into_iter().take_while(|&hash| hash != 0)
    }

    pub fn contains(&self, word: u32) -> bool {
        word != 0 && self.hashes.contains(&word)
    }

    /// Reads three digits a word; `None` for any other text than what is written.
    pub fn parse(digits: &[u8]) -> Option<Self> {
        let mut hashes = [0; MOST];
        let mut last = 0;
        if digits.len() > 3 * MOST {
            return None;
        }
        for (slot, word) in hashes.iter_mut().zip(digits.chunks(3)) {
            *slot = u32::try_from(decode(word)?).ok().filter(|&hash| hash > last)?;
            last = *slot;
        }
        Some(Self { hashes })
    }
}

/// Returns the longest words of a text, the earlier ones first among equals.
///
/// Words of one to three letters are left out, unless they hold a capital inside the sentence, a digit or a symbol, or belong to a
/// script without case.
pub fn telling_words(text: &str) -> TellingWords {
    let mut seen = Seen::of(text.len());
    // The longest so far, as letters and hash, in the order of their lengths and then of their places.
    let mut longest = [(0, 0); MOST];
    let is_ascii = text.is_ascii();
    each_word(text, &mut |word, named| {
        let letters = if is_ascii { word.len() } else { word.chars().count() };
        if named || letters >= LETTERS {
            let hash = word_hash(word);
            let place = longest.iter().position(|(most, _)| letters > *most);
            // Of equal hashes the first counts, whether or not it is among the longest.
            if let Some(place) = place
                && !seen.contains(hash)
            {
                longest[place..].rotate_right(1);
                longest[place] = (letters, hash);
            }
            seen.insert(hash);
        }
    });
    let mut hashes = longest.map(|(_, hash)| hash);
    let count = hashes.iter().take_while(|hash| **hash != 0).count();
    hashes[..count].sort_unstable();
    TellingWords { hashes }
}

/// Holds the words of a text so far.
enum Seen {
    /// Of a short text: each, as often as it stands there.
    Few(Vec<u32>),
    /// Of a long one: a bit for each hash there can be.
    Many(Vec<u64>),
}

impl Seen {
    /// The longest text whose words are looked through one by one, in bytes.
    const SHORT: usize = 2048;

    fn of(length: usize) -> Self {
        if length <= Self::SHORT {
            Seen::Few(Vec::with_capacity(length / LETTERS))
        } else {
            Seen::Many(vec![0; 1 << (BITS - u64::BITS.ilog2())])
        }
    }

    fn contains(&self, hash: u32) -> bool {
        match self {
            // To look at all is faster than to stop early.
            Seen::Few(words) => words.iter().fold(0, |known, word| known | u8::from(*word == hash)) != 0,
            Seen::Many(bits) => bits[Self::place(hash)] & (1 << (hash % u64::BITS)) != 0,
        }
    }

    fn insert(&mut self, hash: u32) {
        match self {
            Seen::Few(words) => words.push(hash),
            Seen::Many(bits) => bits[Self::place(hash)] |= 1 << (hash % u64::BITS),
        }
    }

    /// Returns which of the numbers holds the bit of a hash.
    fn place(hash: u32) -> usize {
        (hash / u64::BITS) as usize
    }
}

/// Returns the hashes of all words of a text.
pub fn all_words(text: &str) -> Vec<u32> {
    let mut words = Vec::new();
    each_word(text, &mut |word, _| words.push(word_hash(word)));
    words
}

/// Returns the hash under which a word of an answer is known.
fn word_hash(word: &str) -> u32 {
    u32::try_from(hash_text(word) >> (64 - BITS)).map_or(1, |hash| hash.max(1))
}

#[cfg(test)]
mod tests {
    use super::{telling_words, word_hash};

    /// Compares the words kept with those expected, given in any order.
    fn check(text: &str, expected: &[&str]) {
        let mut hashes: Vec<u32> = expected.iter().map(|word| word_hash(word)).collect();
        hashes.sort_unstable();
        assert_eq!(telling_words(text).iter().collect::<Vec<u32>>(), hashes, "{text:?}");
    }

    #[test]
    fn short_words_are_kept_only_if_they_are_names() {
        check("The Seine.", &["seine"]);
        check("On both banks of the Seine", &["both", "banks", "seine"]);
        check("about 42 in the EU", &["about", "42", "eu"]);
        check("yes", &[]);
        check("", &[]);
        check("東京", &["東", "京"]);
    }

    #[test]
    fn a_long_text_is_read_as_a_short_one() {
        let short = "The Seine rises on the plateau of Langres and meets the sea near Honfleur. ";
        for times in [1, 1_000, 200_000] {
            assert_eq!(telling_words(&short.repeat(times)), telling_words(short), "{times}");
        }
    }

    #[test]
    fn the_six_longest_are_kept_and_none_twice() {
        check(
            "seven hungry elephants quietly crossed another hungry desert",
            &["hungry", "elephants", "quietly", "crossed", "another", "desert"],
        );
    }
}
