//! Readers.

pub mod text;
