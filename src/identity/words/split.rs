//! Cuts a text into words: what counts as one, and which look like names.

/// Calls `visit` with each word in lower case and whether it looks like a name.
///
/// A word is a run of letters and digits, a single ideograph or kana, or a run of symbols. Sentence punctuation,
/// quotes and Markdown's emphasis are no words. Single letters keep their case.
pub fn each_word(text: &str, visit: &mut impl FnMut(&str, bool)) {
    if text.is_ascii() { each_ascii_word(text, visit) } else { each_unicode_word(text, visit) }
}

/// As [`each_unicode_word`], a byte for a character.
fn each_ascii_word(text: &str, visit: &mut impl FnMut(&str, bool)) {
    let lower = text.to_ascii_lowercase();
    let bytes = text.as_bytes();
    let classes = Classes::of(bytes);
    let (mut at, mut first) = (0, true);
    while let Some(start) = classes.next_visible(at) {
        if bytes[start].is_ascii_alphanumeric() {
            at = classes.word_end(start);
            // A capital that opens the text says nothing.
            let opens = first && bytes[start].is_ascii_uppercase();
            let named = classes.any_unlike_lower(start + usize::from(opens), at);
            let word = if at - start == 1 && !first { text } else { &lower };
            visit(&word[start..at], named);
        } else if bytes[start] == b'-' {
            // An option of a command (`-r`) is one word, and `-R` another.
            at = start + 1;
            if start > 0 && !is_space(bytes[start - 1])
                || !bytes.get(at).is_some_and(u8::is_ascii_alphanumeric)
            {
                continue;
            }
            at = classes.word_end(at);
            visit(&text[start..at], true);
        } else {
            at = start + bytes[start..].iter().take_while(|byte| is_ascii_symbol(**byte)).count();
            visit(&text[start..at], true);
        }
        first = false;
    }
}

/// Tells of each byte of a text of ASCII what it is, a bit for a byte.
///
/// Where words end is nothing that a processor can foresee, so that to look for it byte by byte costs more than all else.
struct Classes {
    /// For each 64 bytes.
    blocks: Vec<Block>,
}

#[derive(Clone, Copy, Default)]
struct Block {
    /// Letters and digits.
    word: u64,
    /// Small letters.
    lower: u64,
    /// Symbols and `-`.
    symbol: u64,
}

impl Classes {
    fn of(bytes: &[u8]) -> Self {
        let (whole, rest) = bytes.as_chunks::<64>();
        let mut last = [b' '; 64];
        last[..rest.len()].copy_from_slice(rest);
        // The last one always ends with a space, so that there every word has an end.
        let mut blocks = Vec::with_capacity(whole.len() + 1);
        whole.iter().for_each(|bytes| blocks.push(Block::of(bytes)));
        blocks.push(Block::of(&last));
        Self { blocks }
    }

    /// Returns where the next word or symbol begins.
    fn next_visible(&self, from: usize) -> Option<usize> {
        self.find(from, |block| block.word | block.symbol)
    }

    /// Returns where the letters and digits end that begin or go on at `from`.
    fn word_end(&self, from: usize) -> usize {
        self.find(from, |block| !block.word).expect("a space ends the last block")
    }

    /// Tells whether something other than a small letter stands in a word.
    fn any_unlike_lower(&self, from: usize, end: usize) -> bool {
        self.find(from, |block| !block.lower).is_some_and(|at| at < end)
    }

    /// Returns the place of the first bit that is set, from a place on.
    fn find(&self, from: usize, bits: impl Fn(&Block) -> u64) -> Option<usize> {
        let (mut block, skipped) = (from / 64, from % 64);
        let mut found = bits(self.blocks.get(block)?) >> skipped << skipped;
        while found == 0 {
            block += 1;
            found = bits(self.blocks.get(block)?);
        }
        Some(block * 64 + found.trailing_zeros() as usize)
    }
}

impl Block {
    fn of(bytes: &[u8; 64]) -> Self {
        Self {
            word: bits(bytes, |byte| is_within(byte | 0x20, b'a', b'z') | is_within(byte, b'0', b'9')),
            lower: bits(bytes, |byte| is_within(byte, b'a', b'z')),
            symbol: bits(bytes, |byte| is_ascii_symbol(byte) | (byte == b'-')),
        }
    }
}

/// Returns a bit for each byte: whether `is` says so.
#[inline]
fn bits(bytes: &[u8; 64], is: impl Fn(u8) -> bool) -> u64 {
    // Each loop does one thing to all bytes, and so many at a time.
    let mut flags = [0; 64];
    for (flag, byte) in flags.iter_mut().zip(bytes) {
        *flag = u8::from(is(*byte));
    }
    let (eights, _) = flags.as_chunks::<8>();
    eights.iter().rev().fold(0, |bits, eight| {
        // The product puts the lowest bits of eight bytes side by side into the highest byte.
        bits << 8 | u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}

#[inline]
const fn is_space(byte: u8) -> bool {
    is_within(byte, b'\t', b'\r') | (byte == b' ')
}

/// As [`is_symbol`] of every character but `-`, written so that it can be told of many bytes at a time.
#[inline]
const fn is_ascii_symbol(byte: u8) -> bool {
    let is_stop = (byte == b'.') | (byte == b',') | is_within(byte, b':', b';') | (byte == b'?');
    let is_quote = is_within(byte, b'!', b'"') | (byte == b'\'') | (byte == b'-');
    let is_emphasis = (byte == b'*') | is_within(byte, b'_', b'`') | (byte == b'~');
    let is_letter = is_within(byte | 0x20, b'a', b'z') | is_within(byte, b'0', b'9');
    !(is_stop | is_quote | is_emphasis | is_letter | is_space(byte))
}

#[inline]
const fn is_within(byte: u8, first: u8, last: u8) -> bool {
    byte.wrapping_sub(first) <= last - first
}

fn each_unicode_word(text: &str, visit: &mut impl FnMut(&str, bool)) {
    let mut word = String::new();
    let mut chars = text.chars().peekable();
    let mut first = true;
    let mut before = ' ';
    while let Some(c) = chars.next() {
        word.clear();
        let mut named = false;
        if is_ideograph(c) {
            word.push(c);
            named = true;
        } else if c.is_alphanumeric() {
            let mut take = |c: char, at_start: bool, word: &mut String| {
                let opens = first && at_start && c.is_uppercase();
                named |= !c.is_lowercase() && !opens;
                if c.is_ascii() { word.push(c.to_ascii_lowercase()) } else { word.extend(c.to_lowercase()) }
            };
            take(c, true, &mut word);
            let mut letters = 1;
            while let Some(next) = chars.next_if(|n| n.is_alphanumeric() && !is_ideograph(*n)) {
                take(next, false, &mut word);
                letters += 1;
            }
            if letters == 1 && !first {
                word.clear();
                word.push(c);
            }
        } else if is_symbol(c, before, chars.peek().copied()) {
            named = true;
            word.push(c);
            // An option of a command (`-r`) is one word, and `-R` another.
            let belongs = |n: char| if c == '-' { n.is_alphanumeric() } else { is_symbol(n, c, None) };
            while let Some(next) = chars.next_if(|n| belongs(*n)) {
                word.push(next);
            }
        }
        before = c;
        if !word.is_empty() {
            visit(&word, named);
            first = false;
        }
    }
}

fn is_symbol(c: char, before: char, after: Option<char>) -> bool {
    match c {
        '-' => before.is_whitespace() && after.is_some_and(char::is_alphanumeric),
        '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '"' | '`' | '*' | '_' | '~' | '“' | '”' | '„' | '‘'
        | '’' | '«' | '»' | '…' | '–' | '—' | '¿' | '¡' | '。' | '、' | '，' | '？' | '！' | '「' | '」' => {
            false
        }
        c => !c.is_alphanumeric() && !c.is_whitespace(),
    }
}

pub const fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fff}' | '\u{3005}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
        && !matches!(c, '\u{3008}'..='\u{3020}')
}

#[cfg(test)]
mod tests {
    use super::{each_ascii_word, each_unicode_word};

    #[test]
    fn bytes_and_characters_give_the_same_words() {
        for text in [
            "",
            "The Seine. A b C",
            "a -r x-y --long -- 1-2 -",
            "C++ and C#, i == 2 && !x || <b>**bold**</b> \u{7}\u{b}\u{1c}x",
            "eu EU Eu e2e E\t$x_{1}$ {{c1::a}}",
        ] {
            let (mut bytes, mut characters) = (Vec::new(), Vec::new());
            each_ascii_word(text, &mut |word, named| bytes.push((word.to_owned(), named)));
            each_unicode_word(text, &mut |word, named| characters.push((word.to_owned(), named)));
            assert_eq!(bytes, characters, "{text:?}");
        }
    }
}
