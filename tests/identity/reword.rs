//! What authors do to a text.

use super::deck::{BARE_HEADING, Fact, Rng};

/// How far a question is changed while it stays the same question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// A typing error comes or goes.
    Typo,
    /// A word comes, goes or is exchanged.
    Word,
    /// Half of the words that are not the subject come, go or are exchanged.
    Half,
}

const OTHER_WORDS: [&str; 40] = [
    "usually",
    "exactly",
    "mainly",
    "often",
    "really",
    "in practice",
    "for example",
    "normally",
    "simply",
    "again",
    "today",
    "by default",
    "clearly",
    "first",
    "then",
    "which",
    "tell",
    "name",
    "explain",
    "give",
    "kind",
    "sort",
    "way",
    "role",
    "thing",
    "called",
    "known",
    "said",
    "one",
    "some",
    "every",
    "this",
    "that",
    "such",
    "must",
    "may",
    "could",
    "should",
    "purpose",
    "point",
];

/// Returns the fact with its prompt changed.
pub fn reword(fact: &Fact, reach: Reach, rng: &mut Rng) -> Fact {
    let prompt = match reach {
        Reach::Typo => typo(&fact.prompt, rng),
        Reach::Word => exchange(&fact.prompt, &fact.subject, 1, rng),
        Reach::Half => {
            let open = open_words(&fact.prompt, &fact.subject).len();
            exchange(&fact.prompt, &fact.subject, open.div_ceil(2).max(1), rng)
        }
    };
    Fact { prompt, ..fact.clone() }
}

/// Returns the fact with a prompt that has nothing of the old one but, one time in two, its subject.
pub fn rewrite(fact: &Fact, rng: &mut Rng) -> Fact {
    let mut words: Vec<&str> = (0..rng.between(4, 9)).map(|_| *rng.pick(&OTHER_WORDS)).collect();
    if rng.one_in(2) {
        let at = rng.below(words.len());
        words.insert(at, &fact.subject);
    }
    Fact { prompt: format!("{}?", words.join(" ")), ..fact.clone() }
}

/// Returns the fact with the same question in other words, as a person would put it.
pub fn rephrase(fact: &Fact) -> Fact {
    // Nobody goes back to a prompt that many notes have.
    let otherwise =
        if fact.prompt == BARE_HEADING { format!("{}..", fact.otherwise) } else { fact.prompt.clone() };
    Fact { prompt: fact.otherwise.clone(), otherwise, ..fact.clone() }
}

/// Returns an answer that says the same at other length: a short one inside a sentence, of a long one the half.
pub fn restate(answer: &str, rng: &mut Rng) -> String {
    let words: Vec<&str> = answer.split(' ').collect();
    let core = match words.len() {
        0..8 => answer.trim_end_matches('.').to_owned(),
        count if rng.one_in(2) => words[..count / 2].join(" "),
        count => words[count / 2..].join(" "),
    };
    let (before, after) = *rng.pick(&[
        ("nothing else than ", ""),
        ("on both sides of ", "."),
        ("", ", as every book on it tells"),
        ("people say ", " when they speak of it"),
        ("most likely ", ", but ask again"),
    ]);
    format!("{before}{core}{after}")
}

/// Returns an answer with a small change: a slip, a word, or an addition.
pub fn touch_up(answer: &str, rng: &mut Rng) -> String {
    match rng.below(4) {
        0 => typo(answer, rng),
        // To exchange the only word is to give another answer.
        1 if answer.contains(' ') => exchange(answer, "", 1, rng),
        2 => format!("{answer}, {}", rng.pick(&OTHER_WORDS)),
        _ => format!("{answer} ({} {})", rng.pick(&OTHER_WORDS), rng.pick(&OTHER_WORDS)),
    }
}

/// Returns an answer with half of its words changed.
pub fn rework(answer: &str, rng: &mut Rng) -> String {
    exchange(answer, "", answer.split(' ').count().div_ceil(2), rng)
}

fn open_words(text: &str, subject: &str) -> Vec<usize> {
    let kept: Vec<&str> = subject.split(' ').collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    text.split(' ')
        .enumerate()
        .filter(|(_, word)| !kept.contains(&bare(word).as_str()))
        .map(|(at, _)| at)
        .collect()
}

fn exchange(text: &str, subject: &str, times: usize, rng: &mut Rng) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let mut open = open_words(text, subject);
    for _ in 0..times {
        if open.is_empty() {
            words.push((*rng.pick(&OTHER_WORDS)).to_owned());
            break;
        }
        let at = open.swap_remove(rng.below(open.len()));
        let other = *rng.pick(&OTHER_WORDS);
        match rng.below(4) {
            0 => words[at].clear(),
            1 => words[at] = format!("{} {other}", words[at]),
            _ => other.clone_into(&mut words[at]),
        }
    }
    words.retain(|word| !word.is_empty());
    if words.is_empty() { format!("{text} again") } else { words.join(" ") }
}

/// Returns the text with one letter lost, doubled, swapped or mistaken, in a word of four letters or more.
fn typo(text: &str, rng: &mut Rng) -> String {
    let mut words: Vec<Vec<char>> = text.split(' ').map(|word| word.chars().collect()).collect();
    let spelt = |word: &Vec<char>| word.iter().filter(|c| c.is_alphabetic()).count() >= 4;
    let long: Vec<usize> = (0..words.len()).filter(|&at| spelt(&words[at])).collect();
    if long.is_empty() {
        return format!("{text}.");
    }
    let word = &mut words[long[rng.below(long.len())]];
    // Authors rarely mistake the first letter.
    let at = rng.between(1, word.len() - 2);
    match rng.below(4) {
        0 => {
            word.remove(at);
        }
        1 => word.insert(at, word[at]),
        2 if word[at] != word[at + 1] => word.swap(at, at + 1),
        _ => word[at] = if word[at] == 'e' { 'a' } else { 'e' },
    }
    words.iter().map(|word| word.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Returns a word that nobody ever wrote.
pub fn nonsense(rng: &mut Rng) -> String {
    (0..12).map(|_| char::from(b'a' + u8::try_from(rng.below(26)).expect("below 26"))).collect()
}
