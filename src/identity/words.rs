//! Prompts as words, weighed by how much they tell in this deck.
//!
//! "What is the capital of" says nothing in a deck of capitals, "France" says everything. So a word weighs more
//! the fewer notes have it, and two prompts are alike by the weight of what they share.

mod formal;
mod slip;
mod split;

use super::hash::FastMap;
use formal::Formal;
use slip::{OPPOSITES, is_inflection, is_short_exchange, is_sign, is_slip, is_typo};
use split::is_ideograph;

pub use slip::is_recased;
pub use split::each_word;

/// How many notes that hold a word are remembered.
const POSTINGS: usize = 64;
const UNKNOWN: u32 = u32::MAX;

/// A word of a prompt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Word {
    id: u32,
    /// It looks like the name of a thing: capitals inside the sentence, digits, symbols, scripts without case.
    named: bool,
}

/// The words of a prompt, in order.
pub type Phrase = Vec<Word>;

/// The words that matter for the notes under comparison, and how common each is in the whole deck.
pub struct Lexicon {
    ids: FastMap<String, u32>,
    letters: Vec<Vec<char>>,
    counts: Vec<u32>,
    postings: Vec<Vec<u32>>,
    weights: Vec<f32>,
    /// Those words of the lexicon that are each other's opposite.
    opposites: Vec<(u32, u32)>,
    /// The weight of a word that one line and one note have, and no other.
    own: f32,
}

/// How two prompts compare.
#[derive(Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "seven findings that any combination of can be true")]
pub struct Likeness {
    /// The shared weight: 0 for nothing, 1 for the same words in the same order.
    pub shared: f32,
    /// The same words in the same order, so that only letter case or punctuation differs.
    pub same_words: bool,
    /// One word is misspelt on one side, and everything else is the same.
    pub one_typo: bool,
    /// Each side has a name, number or symbol that the other lacks.
    pub renamed: bool,
    /// A word became one that resembles it, and nothing but that shows that it was misspelt: `sulfate`, `sulfite`.
    pub resembling: bool,
    /// A sign came or went (`C`, `C++`), or a word became its opposite.
    pub turned: bool,
    /// One prompt has all words of the other, and no name, number or symbol besides.
    pub grown: bool,
    /// Each side has a word that tells much and that the other lacks.
    pub replaced: bool,
    /// How many words both begin with.
    pub opening: usize,
    /// The content words that both have.
    pub kept: Kept,
    /// The words before and after the only stretch that differs, where there is such a stretch.
    pub frame: Option<(usize, usize)>,
}

/// The content words that two prompts share, in any order.
#[derive(Clone, Copy)]
pub struct Kept {
    /// What they weigh; 1 is the weight of one word that no other note has.
    pub weight: f32,
    /// How much that is of the content of the prompt that has less.
    pub share: f32,
}

impl Lexicon {
    /// Learns the words of `compared` and counts them over `deck`, which holds every note once.
    pub fn new<'a>(compared: impl Iterator<Item = &'a str>, deck: &[&str]) -> Self {
        let mut ids: FastMap<String, u32> = FastMap::default();
        let mut letters = Vec::new();
        for prompt in compared {
            each_word(prompt, &mut |word, _| {
                if !ids.contains_key(word) {
                    ids.insert(word.to_owned(), u32::try_from(letters.len()).unwrap_or(UNKNOWN));
                    letters.push(word.chars().collect::<Vec<char>>());
                }
            });
        }
        let mut counts = vec![0; letters.len()];
        let mut postings = vec![Vec::new(); letters.len()];
        let mut last = vec![UNKNOWN; letters.len()];
        for (note, prompt) in (0..).zip(deck) {
            each_word(prompt, &mut |word, _| {
                let Some(&id) = ids.get(word) else { return };
                let id = id as usize;
                if last[id] != note {
                    last[id] = note;
                    counts[id] += 1;
                    if postings[id].len() < POSTINGS {
                        postings[id].push(note);
                    }
                }
            });
        }
        let weights =
            counts.iter().zip(&letters).map(|(&count, letters)| weight(count, letters, deck.len())).collect();
        let own = rarity(2, deck.len());
        let known = |word: &str| ids.get(word).copied();
        let opposites = OPPOSITES.iter().filter_map(|(a, b)| Some((known(a)?, known(b)?))).collect();
        Self { ids, letters, counts, postings, weights, opposites, own }
    }

    /// Returns the words of a prompt.
    pub fn phrase(&self, prompt: &str) -> Phrase {
        let mut phrase = Vec::new();
        let mut formal = Formal::new(prompt);
        each_word(prompt, &mut |word, named| {
            let named = formal.holds(word) || named;
            phrase.push(Word { id: self.ids.get(word).copied().unwrap_or(UNKNOWN), named });
        });
        phrase
    }

    /// Returns the distinct words of a phrase, the rarest first.
    pub fn rarest(&self, phrase: &Phrase) -> Vec<u32> {
        let mut ids: Vec<u32> = phrase.iter().map(|word| word.id).filter(|&id| id != UNKNOWN).collect();
        ids.sort_unstable();
        ids.dedup();
        // Ids were given in reading order, which does not depend on the order of files.
        ids.sort_by_key(|&id| self.counts[id as usize]);
        ids
    }

    /// Returns how many words the lexicon knows.
    pub fn len(&self) -> usize {
        self.letters.len()
    }

    /// Returns what a word weighs.
    pub fn weight(&self, id: u32) -> f32 {
        self.weights.get(id as usize).copied().unwrap_or(0.0)
    }

    /// Returns some notes of the deck that hold the rarest of the words.
    pub fn notes_with_all(&self, words: impl Iterator<Item = Word>) -> &[u32] {
        words
            .filter(|word| word.id != UNKNOWN)
            .min_by_key(|word| self.counts[word.id as usize])
            .map_or(&[], |word| &self.postings[word.id as usize])
    }

    /// Compares two prompts.
    pub fn compare(&self, one: &Phrase, two: &Phrase) -> Likeness {
        let prefix = one.iter().zip(two).take_while(|(a, b)| a.id == b.id).count();
        let most = one.len().min(two.len()) - prefix;
        let suffix =
            one.iter().rev().zip(two.iter().rev()).take(most).take_while(|(a, b)| a.id == b.id).count();
        if prefix == one.len() && prefix == two.len() {
            let shared = if one.is_empty() { 0.0 } else { 1.0 };
            return Likeness {
                shared,
                same_words: true,
                one_typo: false,
                renamed: false,
                resembling: false,
                turned: false,
                grown: false,
                replaced: false,
                opening: prefix,
                kept: Kept { weight: 1.0, share: 1.0 },
                frame: None,
            };
        }
        let mine = &one[prefix..one.len() - suffix];
        let theirs = &two[prefix..two.len() - suffix];
        let grid = self.grid(mine, theirs);
        let edges: f32 =
            one[..prefix].iter().chain(&one[one.len() - suffix..]).map(|w| self.weight(w.id)).sum();
        let total: f32 = one.iter().chain(two).map(|w| self.weight(w.id)).sum::<f32>() / 2.0;
        let Bag { shared: bag, resembling, lost, gained } = self.bag(mine, theirs, &grid, total);
        let renamed = lost.named && gained.named;
        let most = one.iter().chain(two).map(|w| self.weight(w.id)).fold(0.0, f32::max);
        let only = |some: &Rest, none: &Rest| none.weight == 0.0 && !some.named && !resembling;
        let replaced = lost.weight.min(gained.weight) >= TELLING * most;
        let sequence = self.sequence(mine, theirs, &grid);
        let shared = if total > 0.0 { (edges + f32::midpoint(bag, sequence)) / total } else { 0.0 };
        let one_typo = mine.len() == 1 && theirs.len() == 1 && grid[0] >= TYPO;
        let clean = !mine.is_empty() && !theirs.is_empty() && grid.iter().all(|&likeness| likeness == 0.0);
        Likeness {
            shared,
            same_words: false,
            one_typo,
            renamed,
            resembling,
            turned: lost.sign || gained.sign || self.any_opposite(mine, theirs),
            grown: only(&gained, &lost) || only(&lost, &gained),
            replaced,
            opening: prefix,
            kept: self.kept(one, two),
            frame: clean.then_some((prefix, suffix)),
        }
    }

    /// Weighs the content words that two prompts share.
    fn kept(&self, one: &Phrase, two: &Phrase) -> Kept {
        let content = |phrase: &Phrase, other: &Phrase| {
            let named = |id: u32| other.iter().any(|word| word.id == id && word.named);
            let mut words: Vec<u32> = phrase
                .iter()
                .filter(|word| {
                    self.letters.get(word.id as usize).is_some_and(|w| w.len() >= CONTENT)
                        || word.named
                        || named(word.id)
                })
                .map(|word| word.id)
                .collect();
            words.sort_unstable();
            words.dedup();
            words
        };
        let (mine, theirs) = (content(one, two), content(two, one));
        let weight = |words: &[u32]| words.iter().map(|&id| self.weight(id)).sum::<f32>();
        let all = weight(&mine).min(weight(&theirs));
        let shared: Vec<u32> = mine.into_iter().filter(|id| theirs.contains(id)).collect();
        let (sum, most) = (weight(&shared), shared.iter().map(|&id| self.weight(id)).fold(0.0, f32::max));
        Kept {
            // Words that stand together in one note often do so in others, so the second says less than it weighs.
            weight: f32::midpoint(sum, most) / self.own,
            share: if all > 0.0 { sum / all } else { 0.0 },
        }
    }

    /// Returns how alike each word of one stretch is to each of the other, row by row.
    fn grid(&self, mine: &[Word], theirs: &[Word]) -> Vec<f32> {
        mine.iter().flat_map(|a| theirs.iter().map(|b| self.word_likeness(*a, *b))).collect()
    }

    fn word_likeness(&self, a: Word, b: Word) -> f32 {
        if a.id == UNKNOWN || b.id == UNKNOWN {
            return 0.0;
        }
        if a.id == b.id {
            return 1.0;
        }
        let (one, two) = (&self.letters[a.id as usize], &self.letters[b.id as usize]);
        // A word that stands in other notes too is a word, not a slip of the pen.
        if self.counts[a.id as usize] > 1 && self.counts[b.id as usize] > 1 {
            return if is_inflection(one, two) && !(a.named && b.named) { INFLECTION } else { 0.0 };
        }
        // Niger is no form of Nigeria, and Iraq no slip for Iran.
        let names = a.named && b.named;
        if is_typo(one, two) && !(names && is_short_exchange(one, two)) {
            TYPO
        } else if is_inflection(one, two) && !names {
            INFLECTION
        } else {
            0.0
        }
    }

    /// Tells whether one of two words is the other with a slip of the pen, whatever the answers say: letters are swapped, lost or
    /// doubled in a word that other notes have and that is not all the prompt is about, or that is a small part of it.
    fn is_misspelling(&self, a: Word, b: Word, total: f32) -> bool {
        let elsewhere = self.counts[a.id as usize].max(self.counts[b.id as usize]) > 1;
        let share = f32::midpoint(self.weight(a.id), self.weight(b.id)) / total;
        let most = if elsewhere { LARGE } else { SLIGHT };
        share <= most && is_slip(&self.letters[a.id as usize], &self.letters[b.id as usize])
    }

    fn is_sign(&self, word: Word) -> bool {
        self.letters.get(word.id as usize).is_some_and(|letters| is_sign(letters))
    }

    fn any_opposite(&self, mine: &[Word], theirs: &[Word]) -> bool {
        let has = |words: &[Word], id: u32| words.iter().any(|word| word.id == id);
        let turned = |&(a, b): &(u32, u32)| has(mine, a) && has(theirs, b) || has(mine, b) && has(theirs, a);
        self.opposites.iter().any(turned)
    }

    /// Returns the weight shared in any order, and what is left over on each side.
    fn bag(&self, mine: &[Word], theirs: &[Word], grid: &[f32], total: f32) -> Bag {
        let mut used = vec![false; theirs.len()];
        let mut free = vec![true; mine.len()];
        let mut shared = 0.0;
        let mut resembling = false;
        for least in [1.0, TYPO, INFLECTION] {
            for (i, word) in mine.iter().enumerate() {
                let row = &grid[i * theirs.len()..(i + 1) * theirs.len()];
                if free[i]
                    && let Some(j) = (0..theirs.len()).find(|&j| !used[j] && row[j] >= least)
                {
                    (free[i], used[j]) = (false, true);
                    resembling |= row[j] < 1.0 && !self.is_misspelling(*word, theirs[j], total);
                    shared += row[j] * f32::midpoint(self.weight(word.id), self.weight(theirs[j].id));
                }
            }
        }
        let mut bag = Bag { shared, resembling, lost: Rest::default(), gained: Rest::default() };
        for (word, _) in mine.iter().zip(&free).filter(|(_, free)| **free) {
            bag.lost.add(*word, self.weight(word.id), self.is_sign(*word));
        }
        for (word, _) in theirs.iter().zip(&used).filter(|(_, used)| !**used) {
            bag.gained.add(*word, self.weight(word.id), self.is_sign(*word));
        }
        bag
    }

    /// Returns the weight shared in the same order (a longest common subsequence, weighed).
    fn sequence(&self, mine: &[Word], theirs: &[Word], grid: &[f32]) -> f32 {
        let mut row = vec![0.0_f32; theirs.len() + 1];
        for (i, word) in mine.iter().enumerate() {
            let mut diagonal = 0.0;
            for (j, other) in theirs.iter().enumerate() {
                let likeness = grid[i * theirs.len() + j];
                let taken = diagonal + likeness * f32::midpoint(self.weight(word.id), self.weight(other.id));
                diagonal = row[j + 1];
                row[j + 1] = taken.max(row[j + 1]).max(row[j]);
            }
        }
        row[theirs.len()]
    }
}

/// What two stretches share regardless of order, and what only one of them has.
struct Bag {
    shared: f32,
    resembling: bool,
    lost: Rest,
    gained: Rest,
}

/// The words that only one side has.
#[derive(Default)]
struct Rest {
    named: bool,
    sign: bool,
    /// The weight of the heaviest.
    weight: f32,
}

impl Rest {
    fn add(&mut self, word: Word, weight: f32, sign: bool) {
        self.named |= word.named;
        self.sign |= sign;
        self.weight = self.weight.max(weight);
    }
}

/// From this share of the heaviest word's weight on, a word tells much.
const TELLING: f32 = 0.5;
/// A word of fewer letters is hardly ever what a question is about, unless it is a name.
const CONTENT: usize = 4;
/// Up to this share of a prompt's weight, another word would leave most of the question as it is.
const SLIGHT: f32 = 0.15;
/// A word of a larger share of a prompt's weight may be all that the question is about.
const LARGE: f32 = 0.4;
const TYPO: f32 = 0.9;
const INFLECTION: f32 = 0.7;

/// Returns what a word weighs: the logarithm of its rarity, less for very short words.
fn weight(count: u32, letters: &[char], notes: usize) -> f32 {
    let length = match letters.len() {
        0..=2 if !letters.iter().any(|c| c.is_numeric() || is_ideograph(*c)) => 0.5,
        3 => 0.75,
        _ => 1.0,
    };
    length * rarity(count, notes)
}

/// Returns how much it tells that one of so many notes is meant, in bits from a quarter to eight.
pub fn rarity(count: u32, notes: usize) -> f32 {
    (log2(notes + 1) - log2(count.max(1) as usize)).clamp(0.25, 8.0)
}

/// Returns the binary logarithm of a number from 1 up, straight between powers of two.
///
/// The standard library's may differ in the last bit from platform to platform, and the outcome must not.
fn log2(number: usize) -> f32 {
    let whole = number.max(1).ilog2();
    // The sixteen bits behind the first are enough, and convert exactly.
    let fraction = (((number as u64) << 16) >> whole) & 0xffff;
    let exact = |bits: u64| f32::from(u16::try_from(bits).unwrap_or(u16::MAX));
    exact(u64::from(whole)) + exact(fraction) / 65_536.0
}
