//! deckc
