//! deckc, a compiler for flashcards.

pub mod anki;
pub mod backend;
pub mod baseline;
pub mod cards;
pub mod cli;
pub mod compile;
pub mod config;
pub mod decode;
pub mod diagnostic;
pub mod files;
mod hex;
pub mod html;
pub mod identity;
pub mod ledger;
pub mod load;
pub mod model;
pub mod pass;
pub mod plain;
pub mod project;
pub mod reader;
pub mod report;
pub mod source;
mod suggest;
