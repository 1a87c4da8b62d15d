//! deckc, a compiler for flashcards.

pub mod backend;
pub mod diagnostic;
pub mod html;
pub mod model;
pub mod plain;
pub mod reader;
pub mod source;
