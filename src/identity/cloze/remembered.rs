//! What the ledger keeps of a note's cloze numbers, and how it is written.

use std::fmt;

use crate::anki::cloze::LAST_NUMBER;
use crate::identity::hash::hash_text;
use crate::identity::sketch::{decode, encode, min_hash, top_28_bits};

/// The deletions of a note that share a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The number in the source, `None` for `{{c::x}}`.
    pub written: Option<u16>,
    /// The [normalised](super::prompt::normalise) texts, in order.
    pub texts: Vec<String>,
}

/// A number and what the ledger keeps of the text it stood for.
///
/// Written as `2=` and ten characters of URL-safe base 64 (a hash of 28 bits and a min-hash of 8 places of 4 bits),
/// with `-` before a number that is not in use any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remembered {
    pub(super) number: u16,
    pub(super) retired: bool,
    pub(super) hash: u32,
    pub(super) grams: u32,
}

impl Remembered {
    /// Reads a list as [`write`] leaves it; `None` for any other text, and for a number that stands twice.
    #[must_use]
    pub fn parse_list(text: &str) -> Option<Vec<Self>> {
        let mut list: Vec<Self> = Vec::new();
        if text.is_empty() {
            return Some(list);
        }
        for entry in text.split(',') {
            let remembered = Self::parse(entry)?;
            if list.iter().any(|known| known.number == remembered.number) {
                return None;
            }
            list.push(remembered);
        }
        Some(list)
    }

    fn parse(entry: &str) -> Option<Self> {
        let (number, digits) = entry.split_once('=')?;
        let (retired, number) = match number.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, number),
        };
        // `parse` alone would take `+1` and `01`, which nobody wrote.
        if !number.starts_with(|c: char| ('1'..='9').contains(&c)) || digits.len() != 10 {
            return None;
        }
        let number = number.parse().ok().filter(|number| *number <= LAST_NUMBER)?;
        let bits = decode(digits.as_bytes())?;
        let hash = u32::try_from(bits >> 32).ok()?;
        let grams = u32::try_from(bits & u128::from(u32::MAX)).ok()?;
        Some(Self { number, retired, hash, grams })
    }

    pub(super) fn of(number: u16, group: &Group) -> Self {
        let (hash, grams) = fingerprint(group);
        Self { number, retired: false, hash, grams }
    }

    /// Returns the number.
    #[must_use]
    pub const fn number(&self) -> u16 {
        self.number
    }

    /// Tells whether the number is not in use any more.
    #[must_use]
    pub const fn is_retired(&self) -> bool {
        self.retired
    }
}

impl fmt::Display for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = String::with_capacity(10);
        encode(u128::from(self.hash) << 32 | u128::from(self.grams), 10, &mut digits);
        write!(f, "{}{}={digits}", if self.retired { "-" } else { "" }, self.number)
    }
}

/// Writes a list for the ledger: entries joined by commas, without spaces.
#[must_use]
pub fn write(list: &[Remembered]) -> String {
    list.iter().map(Remembered::to_string).collect::<Vec<_>>().join(",")
}

/// The hash of a group's texts, and their min-hash.
pub(super) fn fingerprint(group: &Group) -> (u32, u32) {
    // U+001F stands in no normalised text, so `a b` and `a`, `b` differ.
    let texts = group.texts.join("\u{1f}");
    let hash = top_28_bits(hash_text(&texts));
    let grams = u32::try_from(min_hash::<8>(&texts)).expect("8 places of 4 bits fit");
    (hash, grams)
}
