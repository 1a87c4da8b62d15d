//! One line, looked at once: what the reader needs to know of it, whatever its place on the page.

use super::words;

/// Words looked at in one line, at most: a pasted book chapter on one line costs no more than a paragraph.
const WORDS_READ: usize = 64;

/// What a line ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// A question mark of any script.
    Question,
    /// A full stop or an exclamation mark of any script.
    Stop,
    /// A comma or a semicolon.
    Comma,
    /// A colon.
    Colon,
    /// Dots or a blank to be filled in.
    Gap,
    /// None of these.
    Bare,
}

/// How a line begins, after any bullet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// A capital letter.
    Upper,
    /// A small letter.
    Lower,
    /// A letter of a script without case.
    Caseless,
    /// A digit, a sign.
    Other,
}

/// What stands before a line's first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bullet {
    /// Nothing.
    None,
    /// A dash, a dot, a star.
    Sign,
    /// A number or a letter with a stop or a bracket.
    Number,
}

/// What the reader knows of one line.
pub(super) struct Line {
    pub(super) ending: Ending,
    pub(super) case: Case,
    pub(super) bullet: Bullet,
    /// Length in words; for scripts that write no spaces, half the number of characters.
    pub(super) length: usize,
    /// The first two words and the last, in lower case, without punctuation.
    pub(super) first: String,
    pub(super) second: String,
    pub(super) last: String,
    /// Hashes of the stems of the words that show what the line is about.
    pub(super) stems: Vec<u64>,
    pub(super) commas: usize,
    /// How many words begin with a capital, a digit or a sign, of those that can (short function words cannot).
    pub(super) named: usize,
    pub(super) nameable: usize,
    /// Whether a finite verb of the closed list stands in it.
    pub(super) finite: Answer,
    /// Whether it holds ` = `.
    pub(super) equates: Answer,
    /// Whether it sets two things against each other: "vs", "difference between".
    pub(super) contrasts: Answer,
    /// Whether a sentence ends inside it.
    pub(super) sentences: Answer,
    /// Whether it is all in brackets.
    pub(super) bracketed: Answer,
    /// Whether it ends with one small word in brackets, such as "(exam)".
    pub(super) labelled: Answer,
    /// Whether a bracket opened in it stays open.
    pub(super) open: Answer,
    /// Whether it gives an example: "e.g.", "for example".
    pub(super) exemplifies: Answer,
    /// How many answers it announces: "name three"; 1 stands for "some".
    pub(super) announces: u8,
    /// A class of scripts: two lines of one class are written with the same letters.
    pub(super) script: u8,
}

/// A yes or a no about a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
}

impl From<bool> for Answer {
    fn from(fact: bool) -> Self {
        if fact { Self::Yes } else { Self::No }
    }
}

impl Answer {
    pub(super) fn is_yes(self) -> bool {
        self == Self::Yes
    }
}

impl Line {
    /// Looks at one non-blank, trimmed line.
    pub(super) fn new(text: &str) -> Self {
        let (bullet, text) = split_bullet(text);
        let bracketed = text.starts_with(['(', '（']) && text.ends_with([')', '）']);
        let (labelled, core) = split_label(text);
        let ending = ending(core);
        let words: Vec<String> =
            core.split_whitespace().take(WORDS_READ).map(clean).filter(|word| !word.is_empty()).collect();
        let word = |index: usize| words.get(index).map_or("", String::as_str);
        let first_letter =
            core.trim_start_matches(['"', '\'', '“', '‘', '«', '¿', '¡', '(', '„']).chars().next();
        let unspaced = core.chars().take(4 * WORDS_READ).filter(|c| is_unspaced(*c)).count();
        let pieces = || core.split_whitespace().take(WORDS_READ);
        let capital = |piece: &&str| piece.chars().next().is_some_and(|c| !c.is_lowercase());
        let lower = core.to_lowercase();
        Self {
            ending,
            case: case(first_letter),
            bullet,
            length: core.split_whitespace().count().max(1) + unspaced / 2,
            first: word(0).to_owned(),
            second: word(1).to_owned(),
            last: words.last().cloned().unwrap_or_default(),
            stems: stems(&words),
            commas: core.matches([',', '、', '，', '،']).count(),
            named: pieces().filter(|piece| piece.chars().count() > 3).filter(capital).count(),
            nameable: pieces().filter(|piece| piece.chars().count() > 3).count(),
            finite: words.iter().any(|word| words::is_finite(word)).into(),
            equates: core.contains(" = ").into(),
            contrasts: (words.iter().any(|word| word == "vs" || word == "versus")
                || lower.contains("difference between")
                || lower.contains("differ from"))
            .into(),
            sentences: [". ", "! ", "? ", "。"]
                .iter()
                .any(|stop| {
                    core.match_indices(stop)
                        .any(|(at, _)| !is_abbreviation(&core[..at]) && at + stop.len() < core.len())
                })
                .into(),
            bracketed: bracketed.into(),
            labelled: (labelled && !bracketed).into(),
            open: (text.matches(['(', '（']).count() > text.matches([')', '）']).count()).into(),
            exemplifies: (lower.contains("e.g")
                || lower.contains("for ex")
                || lower.contains("for instance")
                || lower.contains("such as"))
            .into(),
            announces: announces(&words),
            script: first_letter.map_or(0, script),
        }
    }

    /// Returns whether the line, as it stands, waits for another one.
    pub(super) fn is_unfinished(&self) -> bool {
        self.ending == Ending::Gap
            || (self.ending == Ending::Bare && self.length > 1 && words::breaks_off(&self.last))
    }

    /// Returns whether the line is a short phrase without a verb: a term, a name, a heading.
    pub(super) fn is_phrase(&self) -> bool {
        self.length <= 5 && self.ending == Ending::Bare && !self.finite.is_yes() && self.commas == 0
    }

    /// Returns whether the two lines share a word that shows what they are about.
    pub(super) fn shares_words(&self, other: &Self) -> bool {
        self.stems.iter().any(|stem| other.stems.contains(stem))
    }
}

fn split_bullet(text: &str) -> (Bullet, &str) {
    let signs = ['-', '–', '—', '*', '•', '·', '+', '▪', '◦', '‣', '●', '○', '→', '>'];
    if let Some(rest) = text.strip_prefix(signs)
        && rest.starts_with([' ', '\t', '\u{a0}'])
        && !rest.trim_start().is_empty()
    {
        return (Bullet::Sign, rest.trim_start());
    }
    if let Some((number, rest)) = text.split_once(' ')
        && let Some(number) = number.strip_suffix(['.', ')'])
        && ((number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit()) && !number.is_empty())
            || (number.len() == 1 && number.bytes().all(|b| b.is_ascii_lowercase())))
        && !rest.trim_start().is_empty()
    {
        return (Bullet::Number, rest.trim_start());
    }
    (Bullet::None, text)
}

/// Splits off one small word in brackets at the end: "tides (exam)" is about tides.
fn split_label(text: &str) -> (bool, &str) {
    if let Some(inside) = text.strip_suffix(')')
        && let Some((before, label)) = inside.rsplit_once('(')
        && !before.trim_end().is_empty()
        && label.chars().next().is_some_and(char::is_lowercase)
        && label.chars().all(|c| c.is_alphanumeric() || "!?*-".contains(c))
    {
        return (true, before.trim_end());
    }
    (false, text)
}

fn ending(core: &str) -> Ending {
    let bare = core.trim_end_matches(['"', '\'', '”', '’', '»', '“', ')', '）', '」', ' ']);
    let bare = if bare.is_empty() { core } else { bare };
    if bare.ends_with("...") || bare.ends_with('…') || bare.ends_with("__") {
        return Ending::Gap;
    }
    match bare
        .trim_end_matches('。')
        .chars()
        .next_back()
        .filter(|last| "か吗嗎呢까".contains(*last))
        .or(bare.chars().next_back())
    {
        // The last ones are the particles that make a question in Japanese, Chinese and Korean.
        Some('?' | '？' | '؟' | '\u{37e}' | '՞' | '፧' | '⁇' | 'か' | '吗' | '嗎' | '呢' | '까') => {
            Ending::Question
        }
        Some('.' | '!' | '。' | '！' | '।' | '۔' | '։' | '።') => Ending::Stop,
        Some(',' | ';' | '，' | '、' | '；' | '،' | '؛') => Ending::Comma,
        Some(':' | '：') => Ending::Colon,
        _ if core.starts_with('¿') => Ending::Question,
        _ => Ending::Bare,
    }
}

fn clean(piece: &str) -> String {
    piece.trim_matches(|c: char| !c.is_alphanumeric()).replace('’', "'").to_lowercase()
}

/// Returns whether the text ends in something whose stop is no full stop: an initial, "e.g", "vs".
fn is_abbreviation(text: &str) -> bool {
    let last = text.rsplit([' ', '.', '(']).next().unwrap_or_default();
    last.chars().count() <= 1 || ["vs", "ex", "etc", "Mr", "Dr", "Mrs", "St", "No"].contains(&last)
}

fn case(first: Option<char>) -> Case {
    match first {
        Some(c) if c.is_uppercase() => Case::Upper,
        Some(c) if c.is_lowercase() => Case::Lower,
        Some(c) if c.is_alphabetic() => Case::Caseless,
        _ => Case::Other,
    }
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{20000}'..='\u{2fa1f}')
}

fn script(c: char) -> u8 {
    match u32::from(c) {
        _ if !c.is_alphabetic() => 0,
        0..0x370 | 0x1e00..0x1f00 => 1,
        0x370..0x400 | 0x1f00..0x2000 => 2,
        0x400..0x530 => 3,
        0x590..0x600 => 4,
        0x600..0x780 => 5,
        0x900..0xe00 => 6,
        0x3040..0xa000 | 0x20000..0x2fa20 => 7,
        0xac00..0xd7b0 => 8,
        _ => 9,
    }
}

/// Returns a stem's hash for each word that can show what the line is about: four letters and more, cut at six, so
/// that "contract" meets "contracts" and "contracting".
fn stems(words: &[String]) -> Vec<u64> {
    let mut stems: Vec<u64> = words
        .iter()
        .filter(|word| word.chars().count() > 3 || word.chars().any(|c| c.is_ascii_digit()))
        .filter(|word| !words::is_common(word))
        .map(|word| hash(word.trim_end_matches('s').chars().take(6)))
        .collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

/// Returns the 64-bit FNV-1a hash, over characters: the same on every machine, which `DefaultHasher` does not promise.
pub(super) fn hash(characters: impl Iterator<Item = char>) -> u64 {
    characters.fold(0xcbf2_9ce4_8422_2325, |hash, c| (hash ^ u64::from(c)).wrapping_mul(0x0100_0000_01b3))
}

fn announces(words: &[String]) -> u8 {
    let opening = words.iter().take(8);
    match opening.clone().find_map(|word| words::number(word).filter(|number| *number > 1)) {
        Some(number) => number,
        None => {
            let several = opening.clone().any(|word| words::announces_several(word));
            let plural = words.len() > 2 && words[0] == "what" && (words[1] == "are" || words[1] == "were");
            u8::from(several || plural)
        }
    }
}
