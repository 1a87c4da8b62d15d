//! Deck names: Anki finds a deck by its full name, so a name must be what Anki would make of it.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

use super::text::without_controls;

/// How many levels a deck name may have: Anki refuses a whole package over more than this many unknown ones.
pub const MAX_LEVELS: usize = 11;

/// The name of a deck with those of its parents, as Anki keeps it: `AWS::Containers::ECS`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct DeckName(String);

/// Why a deck cannot have a name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DeckNameError {
    /// There are too many levels.
    #[error("deck `{name}` has {levels} levels, and Anki takes at most {MAX_LEVELS}")]
    TooDeep {
        /// The name as Anki would keep it.
        name: String,
        /// How many levels it has.
        levels: usize,
    },
}

impl DeckName {
    /// Returns `name` as Anki keeps it.
    ///
    /// NFC, no control characters, no spaces or colons around the parts, `blank` for an empty part; and no
    /// quotes, which Anki dropped up to 23.10.
    ///
    /// # Errors
    /// The name has more than [`MAX_LEVELS`] levels.
    pub fn new(name: &str) -> Result<Self, DeckNameError> {
        let name = without_controls(&name.replace('"', ""));
        let parts: Vec<_> = name
            .split("::")
            .map(|part| part.trim_matches(|c: char| c.is_whitespace() || c == ':'))
            .map(|part| if part.is_empty() { "blank" } else { part })
            .collect();
        let name = parts.join("::");
        if parts.len() > MAX_LEVELS {
            return Err(DeckNameError::TooDeep { name, levels: parts.len() });
        }
        Ok(Self(name))
    }

    /// Returns the full name, its parts separated by `::`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the deck that holds this one, if there is one.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.0.rsplit_once("::").map(|(parent, _)| Self(parent.to_owned()))
    }

    /// Returns what Anki compares: names that differ in capitals only are one deck.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// Tells whether this is the deck that every collection has.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.0.eq_ignore_ascii_case("default")
    }
}

impl fmt::Display for DeckName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{DeckName, DeckNameError};

    fn check(name: &str, expected: &str) {
        assert_eq!(DeckName::new(name).expect("the name is short").as_str(), expected, "{name:?}");
    }

    #[test]
    fn plain_names_stay() {
        check("AWS::Containers::ECS", "AWS::Containers::ECS");
        check("a:b", "a:b");
    }

    #[test]
    fn parts_are_trimmed() {
        check(" a :: b ", "a::b");
        check(":a:::b:", "a::b");
    }

    #[test]
    fn empty_parts_are_called_blank() {
        check("", "blank");
        check("::a::::b::", "blank::a::blank::b::blank");
    }

    #[test]
    fn names_are_composed_and_without_controls_and_quotes() {
        check("Cafe\u{301}\u{1f} \"x\"", "Caf\u{e9} x");
    }

    #[test]
    fn a_name_knows_its_parent() {
        let name = DeckName::new("a::b::c").expect("the name is short");
        let parent = name.parent().expect("there are three levels");
        assert_eq!((parent.as_str(), parent.parent().map(|p| p.to_string())), ("a::b", Some("a".to_owned())));
    }

    #[test]
    fn too_many_levels_are_refused() {
        assert!(DeckName::new(&["x"; 11].join("::")).is_ok());
        let name = ["x"; 12].join("::");
        assert_eq!(DeckName::new(&name), Err(DeckNameError::TooDeep { name, levels: 12 }));
    }
}
