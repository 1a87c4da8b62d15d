//! The plain data that every stage shares; no I/O and no formatting.

pub mod note_type;
