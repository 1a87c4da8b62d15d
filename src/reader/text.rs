//! Plain text.

pub mod pasted;
