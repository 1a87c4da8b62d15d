//! Soft breaks between scripts that write no spaces.

/// Returns whether a line break between these characters stands for nothing and not for a space: between Han, kana, Bopomofo
/// and their punctuation. Korean writes spaces between words.
#[must_use]
pub fn joins_without_space(before: char, after: char) -> bool {
    unspaced(before) && unspaced(after)
}

fn unspaced(character: char) -> bool {
    matches!(character,
        '\u{2e80}'..='\u{2fdf}'    // radicals
        | '\u{3000}'..='\u{312f}'  // punctuation, kana, Bopomofo
        | '\u{31a0}'..='\u{31ff}'  // Bopomofo extended, strokes, kana extensions
        | '\u{3400}'..='\u{4dbf}'  // Han extension A
        | '\u{4e00}'..='\u{9fff}'  // Han
        | '\u{f900}'..='\u{faff}'  // compatibility Han
        | '\u{fe30}'..='\u{fe4f}'  // vertical forms
        | '\u{ff01}'..='\u{ff60}'  // full-width forms
        | '\u{20000}'..='\u{3ffff}')
}
