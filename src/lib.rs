//! deckc

pub mod reader;
