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
    let symbol = |byte: u8, before: u8, after: Option<u8>| {
        is_symbol(char::from(byte), char::from(before), after.map(char::from))
    };
    let run = |from: usize, belongs: &dyn Fn(u8) -> bool| {
        from + bytes[from..].iter().take_while(|byte| belongs(**byte)).count()
    };
    let (mut at, mut first, mut before) = (0, true, b' ');
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += 1;
        if byte.is_ascii_alphanumeric() {
            let opens = first && byte.is_ascii_uppercase();
            let mut named = !byte.is_ascii_lowercase() && !opens;
            while let Some(next) = bytes.get(at).filter(|next| next.is_ascii_alphanumeric()) {
                named |= !next.is_ascii_lowercase();
                at += 1;
            }
            let word = if at - start == 1 && !first { text } else { &lower };
            visit(&word[start..at], named);
            first = false;
        } else if byte != b' ' && symbol(byte, before, bytes.get(at).copied()) {
            at = match byte {
                b'-' => run(at, &|next| next.is_ascii_alphanumeric()),
                _ => run(at, &|next| symbol(next, byte, None)),
            };
            visit(&text[start..at], true);
            first = false;
        }
        before = byte;
    }
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
