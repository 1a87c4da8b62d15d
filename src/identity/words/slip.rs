//! Words that resemble one another: slips of the pen, forms of one word, and words of which one is meant instead of the other.

/// Words that turn a question round. Of languages that are not here nothing is known.
pub const OPPOSITES: [(&str, &str); 22] = [
    ("after", "before"),
    ("alkaline", "acidic"),
    ("all", "none"),
    ("always", "never"),
    ("can", "cannot"),
    ("decrease", "increase"),
    ("end", "start"),
    ("false", "true"),
    ("first", "last"),
    ("first", "second"),
    ("high", "low"),
    ("higher", "lower"),
    ("largest", "smallest"),
    ("least", "most"),
    ("left", "right"),
    ("less", "more"),
    ("links", "rechts"),
    ("longest", "shortest"),
    ("maximum", "minimum"),
    ("mit", "ohne"),
    ("nach", "vor"),
    ("with", "without"),
];

/// Tells whether a word is a symbol that means something; brackets, dashes and markup do not.
pub fn is_sign(word: &[char]) -> bool {
    word.first().is_some_and(|c| !c.is_alphanumeric())
        && word.iter().any(|c| {
            !matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '/' | '&' | '$' | '<' | '>' | '\\' | '|' | '-')
        })
}

/// Tells whether two words differ in two neighbours swapped, or in one letter lost or doubled, as only slips do.
///
/// An exchanged letter makes another word as easily: `sulfate`, `sulfite`.
pub fn is_slip(one: &[char], two: &[char]) -> bool {
    let (short, long) = if one.len() <= two.len() { (one, two) } else { (two, one) };
    let exchanged = short.len() == long.len() && {
        let mut sorted = [short.to_vec(), long.to_vec()];
        sorted.iter_mut().for_each(|letters| letters.sort_unstable());
        sorted[0] != sorted[1]
    };
    is_typo(one, two) && !exchanged
}

/// Tells whether a word with capitals inside was written with others: `mM` and `MM`, `pH` and `Ph`.
pub fn is_recased(one: &str, two: &str) -> bool {
    if !has_inner_capital(one) && !has_inner_capital(two) {
        return false;
    }
    let words = |text| -> Vec<&str> { str::split(text, |c: char| !c.is_alphanumeric()).collect() };
    let (mine, theirs) = (words(one), words(two));
    let lost = |from: &[&str], to: &[&str]| {
        from.iter().filter(|word| has_inner_capital(word) && !to.contains(word)).any(|word| {
            let lower = word.to_lowercase();
            to.iter().any(|other| other.to_lowercase() == lower)
        })
    };
    lost(&mine, &theirs) || lost(&theirs, &mine)
}

fn has_inner_capital(text: &str) -> bool {
    let mut inside = false;
    text.chars().any(|c| std::mem::replace(&mut inside, c.is_alphanumeric()) && c.is_uppercase())
}

/// Tells whether two short words differ in one exchanged letter, as `Iran` and `Iraq` do.
pub fn is_short_exchange(one: &[char], two: &[char]) -> bool {
    one.len() == two.len() && one.len() < 6 && one.iter().zip(two).filter(|(a, b)| a != b).count() == 1
}

/// Tells whether one word is the other with a slip of one edit. Two are too many: hypertension is not hypotension.
///
/// A swap of neighbours is one edit. The first letter has to be the same, because `Hund` and `Mund` are two words.
pub fn is_typo(one: &[char], two: &[char]) -> bool {
    let (short, long) = if one.len() <= two.len() { (one, two) } else { (two, one) };
    let most = 1;
    if long.len() < 4
        || short.len() < 3
        || long.len() - short.len() > most
        || !is_spelt(short)
        || !is_spelt(long)
    {
        return false;
    }
    let swapped = short[0] == long[1] && short[1] == long[0];
    (short[0] == long[0] || swapped) && strsim::generic_damerau_levenshtein(short, long) <= most
}

/// Tells whether two words share a stem: at least four letters and six tenths of the longer one.
pub fn is_inflection(one: &[char], two: &[char]) -> bool {
    let stem = one.iter().zip(two).take_while(|(a, b)| a == b).count();
    let longer = one.len().max(two.len());
    stem >= 4 && stem * 10 >= longer * 6 && longer - stem <= 4 && is_spelt(one) && is_spelt(two)
}

fn is_spelt(letters: &[char]) -> bool {
    letters.iter().all(|c| c.is_alphabetic())
}
