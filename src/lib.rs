//! deckc

pub mod anki;
pub mod model;
