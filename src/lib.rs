//! deckc, a compiler for flashcards.

pub mod backend;
pub mod diagnostic;
pub mod model;
pub mod reader;
pub mod source;
