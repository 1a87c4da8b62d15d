//! The typed card IR: what readers produce and backends consume.
//!
//! A [`Draft`] holds notes as they were read; a [`Collection`] holds notes that were checked: every one has a guid, every
//! medium resolves. The model does no I/O and no formatting.

mod built_in;
mod collection;
mod deck;
mod draft;
mod media;
mod note;
pub mod note_type;
pub mod text;

pub use built_in::BuiltIn;
pub use collection::{BrokenPromise, Collection, OwnedType, Parts, Trees};
pub use deck::Deck;
pub use draft::{DeckDescription, Draft, Region, RegionKind};
pub use media::{MediaId, MediaRef, Medium};
pub use note::{ExplicitId, Field, Identity, Note, Owner, SourceId};
