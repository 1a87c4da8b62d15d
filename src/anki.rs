//! What only Anki knows: its note types, its rules for names and cards, and its package formats.
//!
//! The layer knows nothing of deckc's own notes: it takes rows and plain data, so that the backend that writes packages and the reader that opens them share one set of rules.
//! Where a rule here and Anki disagree, Anki is right; the rules were tried on Anki 2.1.66 to 26.9.

pub mod cards;
pub mod checksum;
pub mod cloze;
pub mod deck_name;
pub mod media_in_html;
pub mod media_name;
pub mod note_types;
pub mod output_name;
pub mod package;
mod protobuf;
pub mod read;
pub mod tag;
pub mod template;
pub mod text;

#[cfg(test)]
mod properties;
