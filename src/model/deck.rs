//! Decks.

use serde::Serialize;

/// Is a deck of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deck {
    /// The full name, parts joined with `::`, as Anki normalises it.
    pub name: String,
    /// What Anki shows under the deck's name, in Markdown; may be empty.
    pub description: String,
}
