//! What the ledger keeps of a note's texts, so that a later edit can still be recognised.
//!
//! The prompt is kept [shortened](shorten) and readable, for people who review the ledger. Of the answer, and of
//! a prompt that had to be shortened, there is a [`Sketch`]: a hash that tells whether it is the same, and
//! a min-hash that estimates how alike two texts are.

use std::fmt;

use super::hash::{hash_text, mix};
use super::telling::{TellingWords, telling_words};

/// How many characters a prompt may have to be kept whole.
pub const PROMPT_LIMIT: usize = 100;
const HEAD: usize = 64;
const TAIL: usize = 32;
const ELLIPSIS: &str = " … ";

/// Returns a normalised prompt in at most [`PROMPT_LIMIT`] characters.
///
/// A longer one is cut to its first 64 and its last 32 characters, joined by ` … `, each cut moved to the nearest
/// space inside (if there is one within 16 characters). Both ends stay, because questions begin with what
/// they ask and end with what they ask about; and an edit in one end leaves the other end as it was.
#[must_use]
pub fn shorten(prompt: &str) -> String {
    if !is_long(prompt) {
        return prompt.to_owned();
    }
    let head_end = prompt.char_indices().nth(HEAD).map_or(prompt.len(), |(at, _)| at);
    let tail_start = prompt.char_indices().nth_back(TAIL - 1).map_or(0, |(at, _)| at);
    let head = &prompt[..head_end];
    let tail = &prompt[tail_start..];
    let head = match head.rfind(' ') {
        Some(space) if head[space..].chars().count() <= 16 => &head[..space],
        Some(_) | None => head,
    };
    let tail = match tail.find(' ') {
        Some(space) if tail[..space].chars().count() <= 16 => &tail[space + 1..],
        Some(_) | None => tail,
    };
    format!("{head}{ELLIPSIS}{tail}")
}

/// A few bytes about an answer, and about a prompt too long for the ledger.
///
/// Written as 29 to 58 characters of the URL-safe base-64 alphabet: 7 for the exact hash of the answer (28 bits), its
/// length (6 bits, in steps of a quarter of a doubling) and a hash of its first word (8 bits), 22 for its min-hash (32
/// places of 4 bits), 3 for each of its [telling words](telling_words) (18 bits), ascending, and, where the prompt was
/// shortened, 11 for the prompt's min-hash (16 places of 4 bits).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sketch {
    answer: u32,
    length: u8,
    opening: u8,
    grams: u128,
    words: TellingWords,
    prompt: Option<u64>,
}

impl Sketch {
    /// Returns the sketch of a note's texts, both [normalised](super::prompt::normalise).
    ///
    /// For a cloze note the answer is what the cards ask for: the texts of its deletions, in order, joined by
    /// a space.
    #[must_use]
    pub fn new(prompt: &str, answer: &str) -> Self {
        Self {
            answer: top_28_bits(hash_text(answer)),
            length: length_step(answer.chars().count()),
            opening: opening(answer),
            grams: min_hash::<32>(answer),
            words: telling_words(answer),
            prompt: is_long(prompt).then(|| prompt_grams(prompt)),
        }
    }

    /// Reads a sketch as it is [displayed](fmt::Display); `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (head, rest) = text.as_bytes().split_at_checked(7)?;
        let (grams, rest) = rest.split_at_checked(22)?;
        // The length alone tells whether there is a prompt: 11 is no multiple of 3.
        let (words, prompt) = match rest.len() % 3 {
            0 => (rest, None),
            2 => {
                let (words, prompt) = rest.split_at_checked(rest.len().checked_sub(11)?)?;
                (words, Some(u64::try_from(decode(prompt)?).ok()?))
            }
            _ => return None,
        };
        let head = decode(head)?;
        Some(Self {
            answer: u32::try_from(head >> 14).ok()?,
            length: u8::try_from(head >> 8 & 63).ok()?,
            opening: u8::try_from(head & 255).ok()?,
            grams: decode(grams)?,
            words: TellingWords::parse(words)?,
            prompt,
        })
    }

    /// Adds the sketch to a text, as it is displayed.
    pub(crate) fn push_to(&self, text: &mut String) {
        let head = u128::from(self.answer) << 14 | u128::from(self.length) << 8 | u128::from(self.opening);
        encode(head, 7, text);
        encode(self.grams, 22, text);
        for word in self.words.iter() {
            encode(u128::from(word), 3, text);
        }
        if let Some(prompt) = self.prompt {
            encode(u128::from(prompt), 11, text);
        }
    }

    /// Tells whether both answers are the same text.
    #[must_use]
    pub const fn same_answer(&self, other: &Self) -> bool {
        self.answer == other.answer && self.length == other.length
    }

    /// Estimates how much of the two answers is shared: 1 for the same text, 0 for nothing in common.
    ///
    /// The measure is Jaccard's, over runs of four characters; the standard error is about 0.05 near 0 and 0.09
    /// in the middle.
    #[must_use]
    pub fn answer_likeness(&self, other: &Self) -> f32 {
        if self.same_answer(other) { 1.0 } else { jaccard::<32>(self.grams, other.grams) }
    }

    /// Tells whether both answers seem to begin with the same word; one time in 256 by chance.
    pub(super) const fn same_opening(&self, other: &Self) -> bool {
        self.opening == other.opening
    }

    /// Returns a key under which answers with the same first word meet.
    pub(super) const fn opening_key(&self) -> u8 {
        self.opening
    }

    /// Returns the telling words of the answer.
    pub(super) const fn answer_words(&self) -> &TellingWords {
        &self.words
    }

    /// Returns about how many characters the answer has (up to an eighth off).
    #[must_use]
    pub const fn answer_length(&self) -> usize {
        let (doubling, quarter) = (self.length / 4, self.length % 4);
        ((4 + quarter as usize) << doubling) / 4 - 1
    }

    /// Returns a key under which equal answers meet.
    pub(super) const fn answer_key(&self) -> u64 {
        (self.answer as u64) << 8 | self.length as u64
    }

    /// Estimates how alike the full prompts are, where one of them was shortened.
    pub(super) fn prompt_likeness(
        &self,
        shortened: &str,
        other: &Self,
        other_shortened: &str,
    ) -> Option<f32> {
        if self.prompt.is_none() && other.prompt.is_none() {
            return None;
        }
        // A prompt without a sketch is whole in the ledger, so its sketch can be made now.
        let one = self.prompt.unwrap_or_else(|| prompt_grams(shortened));
        let two = other.prompt.unwrap_or_else(|| prompt_grams(other_shortened));
        Some(jaccard::<16>(u128::from(one), u128::from(two)))
    }
}

impl fmt::Display for Sketch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(58);
        self.push_to(&mut text);
        f.write_str(&text)
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Writes the low `6 × digits` bits of a number, the highest first.
pub(super) fn encode(value: u128, digits: u32, out: &mut String) {
    for digit in (0..digits).rev() {
        out.push(char::from(ALPHABET[(value >> (6 * digit) & 63) as usize]));
    }
}

/// Reads up to 22 digits; `None` where one is foreign or the number does not fit.
pub(super) fn decode(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0_u128, |value, digit| {
        let bits = ALPHABET.iter().position(|known| known == digit)?;
        (value >> 122 == 0).then_some(value << 6 | bits as u128)
    })
}

fn is_long(prompt: &str) -> bool {
    prompt.len() > PROMPT_LIMIT && prompt.chars().nth(PROMPT_LIMIT).is_some()
}

/// Returns the length in steps of a quarter of a doubling, which a digit of base 64 holds (up to 57,343 characters).
fn length_step(length: usize) -> u8 {
    let n = length as u64 + 1;
    let doubling = n.ilog2();
    let quarter = ((n << 2) >> doubling) & 3;
    u8::try_from(u64::from(doubling) * 4 + quarter).unwrap_or(63).min(63)
}

/// Returns a hash of the first word in lower case: what is left where a short answer is extended.
fn opening(answer: &str) -> u8 {
    let begun = answer.trim_start_matches(|c: char| !c.is_alphanumeric());
    let word = begun.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let lower = if word.is_ascii() { word.to_ascii_lowercase() } else { word.to_lowercase() };
    hash_text(&lower).to_be_bytes()[0]
}

/// Returns the highest 28 bits of a hash.
pub(super) const fn top_28_bits(hash: u64) -> u32 {
    let [a, b, c, d, ..] = hash.to_be_bytes();
    u32::from_be_bytes([a, b, c, d]) >> 4
}

fn prompt_grams(prompt: &str) -> u64 {
    u64::try_from(min_hash::<16>(prompt)).expect("16 places of 4 bits fit")
}

/// Returns the min-hash of a text's runs of four characters, `PLACES` times four bits.
///
/// Letters are lower case, everything but letters and digits counts as one space. The method is the "fast
/// similarity sketching" of Dahlgaard, Knudsen and Thorup (2017): in each round every run falls into one place, until no place is
/// empty. It costs about one hash a character on long texts, and is as exact as a true min-hash on short ones.
pub(super) fn min_hash<const PLACES: usize>(text: &str) -> u128 {
    if text.is_ascii() {
        let folded = fold_ascii(text);
        if let Some((first, rest)) = folded.split_first_chunk::<3>()
            && !rest.is_empty()
        {
            let first = first.iter().fold(0, |window, byte| window << 16 | u64::from(*byte));
            return lowest_of::<PLACES>(&rest.iter().scan(first, |window, byte| {
                *window = *window << 16 | u64::from(*byte);
                Some(*window)
            }));
        }
    }
    lowest_of::<PLACES>(&grams(text).iter().copied())
}

/// Returns the min-hash of hashes, of which there is at least one.
fn lowest_of<const PLACES: usize>(grams: &(impl Iterator<Item = u64> + Clone)) -> u128 {
    let hash = |gram: u64, round: usize| {
        mix(gram.wrapping_add((round as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    };
    let rank = |hash: u64, round: usize| (round as u64) << 32 | (hash & 0xffff_ffff);
    let mut lowest = [u64::MAX; PLACES];
    // A bit for each place that is not empty.
    let (mut filled, full) = (0_u32, u32::MAX >> (32 - PLACES));
    for round in 0..PLACES {
        for gram in grams.clone() {
            let hash = hash(gram, round);
            let place = (hash >> 40) as usize % PLACES;
            lowest[place] = rank(hash, round).min(lowest[place]);
            filled |= 1 << place;
        }
        if filled == full {
            break;
        }
    }
    // The last rounds visit a place each, so that none stays empty.
    for (place, lowest) in lowest.iter_mut().enumerate().filter(|(_, lowest)| **lowest == u64::MAX) {
        let round = PLACES + place;
        *lowest = grams.clone().map(|gram| rank(hash(gram, round), round)).min().unwrap_or(u64::MAX);
    }
    lowest.iter().fold(0, |bits, &rank| bits << 4 | u128::from(mix(rank) & 15))
}

/// Estimates Jaccard's likeness from two min-hashes of `PLACES` places; by chance one place in 16 agrees.
pub(super) fn jaccard<const PLACES: u16>(one: u128, two: u128) -> f32 {
    let differing = one ^ two;
    let agreeing: u16 =
        (0..PLACES).map(|place| u16::from((differing >> (4 * place)).trailing_zeros() >= 4)).sum();
    let share = f32::from(agreeing) / f32::from(PLACES);
    ((share - 1.0 / 16.0) * (16.0 / 15.0)).max(0.0)
}

/// Returns a hash for each run of four characters, never none.
fn grams(text: &str) -> Vec<u64> {
    let mut grams = Vec::with_capacity(text.len());
    let mut window = u64::from(b' ');
    let mut length = 1;
    let mut push = |c: char| {
        // Four characters of 16 bits; where two of them share the low 16 bits, they count as one.
        window = window << 16 | (u64::from(u32::from(c)) & 0xffff);
        length += 1;
        if length >= 4 {
            grams.push(window);
        }
    };
    let (mut begun, mut gap) = (false, false);
    for c in text.chars() {
        if c.is_alphanumeric() {
            if gap {
                push(' ');
            }
            (begun, gap) = (true, false);
            if c.is_ascii() { push(c.to_ascii_lowercase()) } else { c.to_lowercase().for_each(&mut push) }
        } else {
            gap = begun;
        }
    }
    push(' ');
    if grams.is_empty() {
        grams.push(hash_text(text));
    }
    grams
}

/// Each character of ASCII as it counts in a run of four: letters in lower case, digits, and a space for everything else.
const FOLDED: [u8; 128] = {
    let mut folded = [b' '; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            folded[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    folded
};

/// Returns what runs of four characters are made from: each character [folded](FOLDED), and no space beside another. At either end is one.
fn fold_ascii(text: &str) -> Vec<u8> {
    let mut folded = vec![b' '; text.len() + 2];
    let (mut length, mut last) = (1, b' ');
    for byte in text.bytes() {
        let byte = FOLDED[usize::from(byte & 127)];
        // Every byte is written, and the next one over those that go: a processor cannot foresee where words end.
        folded[length] = byte;
        length += usize::from(byte != b' ' || last != b' ');
        last = byte;
    }
    folded[length] = b' ';
    folded.truncate(length + usize::from(last != b' '));
    folded
}

#[cfg(test)]
mod tests {
    use super::{Sketch, shorten};

    #[test]
    fn a_prompt_of_a_hundred_characters_is_kept_whole() {
        for text in ["", "short", &"ä".repeat(100)] {
            assert_eq!(shorten(text), text);
        }
    }

    #[test]
    fn a_longer_prompt_keeps_both_ends_cut_at_words() {
        let text = "A man of fifty comes to the surgery with pain in his chest that began two hours ago while he was \
                    climbing stairs. What do you do first?";
        assert_eq!(
            shorten(text),
            "A man of fifty comes to the surgery with pain in his chest that … stairs. What do you do first?"
        );
        assert_eq!(shorten(&"字".repeat(101)), format!("{} … {}", "字".repeat(64), "字".repeat(32)));
    }

    #[test]
    fn a_sketch_is_fixed_for_ever() {
        let short = Sketch::new("What is the capital of Norway?", "Oslo").to_string();
        assert_eq!(short, "eFXTglNBWZYQOu51RGvRkzpjZUj9gTZl");
        let long = Sketch::new(&"word ".repeat(30), "a lock that lets one thread at a time in").to_string();
        assert_eq!(long, "FG7VFWxCwNLfsctq48Cujc_UEHvaVAO9Aa7EOlTMn3VHN9slJ1rn_ZL");
        for text in [short, long] {
            assert_eq!(Sketch::parse(&text).map(|sketch| sketch.to_string()), Some(text));
        }
    }

    #[test]
    fn only_what_was_displayed_is_read() {
        let good = "A".repeat(29);
        assert!(Sketch::parse(&good).is_some());
        for text in [
            "",
            "A",
            &good[1..],
            &format!("{good}A"),
            &format!("{good}AAA"),
            &format!("{good}AACAAB"),
            &format!("{good}AABAACAADAAEAAFAAGAAH"),
            &good.replace('A', "!"),
            &"é".repeat(15),
            &"_".repeat(29),
        ] {
            assert_eq!(Sketch::parse(text), None, "{text:?}");
        }
    }

    /// Compares the estimate with bounds in per cent.
    fn check(one: &str, two: &str, least: u8, most: u8) {
        let likeness = Sketch::new("", one).answer_likeness(&Sketch::new("", two)) * 100.0;
        assert!((f32::from(least)..=f32::from(most)).contains(&likeness), "{one:?} {two:?} {likeness}");
    }

    #[test]
    fn likeness_follows_what_is_shared() {
        check("Oslo", "Oslo", 100, 100);
        check("", "", 100, 100);
        check("Oslo", "oslo!", 99, 100);
        check("Oslo", "Kathmandu", 0, 15);
        check("the order must not change", "the order may not change", 45, 85);
        check("a counter that lets some threads in", "two copies would contradict each other", 0, 15);
        check("==", "===", 0, 20);
    }

    #[test]
    fn the_length_of_an_answer_is_about_right() {
        for length in [0_usize, 1, 3, 16, 100, 1_000, 50_000] {
            let known = Sketch::new("", &"x".repeat(length)).answer_length();
            assert!(known <= length && length - known <= length / 6, "{length} {known}");
        }
    }
}
