//! deckc

pub mod identity;
