//! File names made from deck names.

use std::collections::BTreeSet;

/// The most bytes of a deck's name in a file name, so that stem and part number still fit any file system.
const MAX_BYTES: usize = 100;

/// Gives file names, each once on any file system.
#[derive(Debug, Default)]
pub(super) struct Names {
    given: BTreeSet<String>,
}

impl Names {
    /// Returns the name, without extension, of the file for a deck: the stem once, where the deck's name begins with it.
    pub(super) fn stem(&mut self, stem: &str, deck: &str) -> String {
        let deck = safe(deck);
        let inner = deck.strip_prefix(stem).filter(|rest| rest.is_empty() || rest.starts_with('-'));
        let name = match inner {
            Some(rest) => format!("{stem}{rest}"),
            None => format!("{stem}-{deck}"),
        };
        let mut unique = name.clone();
        let mut number = 2;
        // Upper and lower case are one on many disks.
        while !self.given.insert(unique.to_lowercase()) {
            unique = format!("{name}-{number}");
            number += 1;
        }
        unique
    }
}

/// Returns a deck's name as part of a file name: no separators, no characters that some system refuses.
fn safe(deck: &str) -> String {
    let mut safe = String::new();
    for character in deck.replace("::", "-").chars() {
        let refused = character.is_control()
            || character.is_whitespace()
            || matches!(character, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let character = if refused { '-' } else { character };
        if safe.len() + character.len_utf8() > MAX_BYTES {
            break;
        }
        if character != '-' || !safe.ends_with('-') {
            safe.push(character);
        }
    }
    let trimmed = safe.trim_matches(['-', '.']);
    if trimmed.is_empty() { "deck".into() } else { trimmed.into() }
}

#[cfg(test)]
mod tests {
    fn check(deck: &str, expected: &str) {
        assert_eq!(super::safe(deck), expected);
    }

    #[test]
    fn deck_names_become_parts_of_file_names() {
        check("Geo::Asia", "Geo-Asia");
        check("../../etc/passwd", "etc-passwd");
        check("a b\\c:d", "a-b-c-d");
        check("日本", "日本");
        check("...", "deck");
        check(&"é".repeat(90), &"é".repeat(50));
    }

    #[test]
    fn no_two_decks_share_a_file() {
        let mut names = super::Names::default();
        let stems = ["Geo", "geo", "Geo::a", "Geo a"].map(|deck| names.stem("x", deck));
        assert_eq!(stems, ["x-Geo", "x-geo-2", "x-Geo-a", "x-Geo-a-2"]);
        let stems = ["x", "x::a", "a", "xa"].map(|deck| names.stem("x", deck));
        assert_eq!(stems, ["x", "x-a", "x-a-2", "x-xa"]);
    }
}
