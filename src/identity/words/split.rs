//! Cuts a text into words: what counts as one, and which look like names.

/// Calls `visit` with each word in lower case and whether it looks like a name.
///
/// A word is a run of letters and digits, a single ideograph or kana, or a run of symbols. Sentence punctuation,
/// quotes and Markdown's emphasis are no words. Single letters keep their case.
pub fn each_word(text: &str, visit: &mut dyn FnMut(&str, bool)) {
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
