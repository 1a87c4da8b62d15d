//! deckc, a compiler for flashcards.

pub mod backend;
pub mod config;
pub mod diagnostic;
pub mod files;
pub mod identity;
pub mod ledger;
pub mod model;
pub mod reader;
pub mod report;
pub mod source;
mod suggest;
