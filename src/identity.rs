//! stand-in until merge
mod hash;
pub mod prompt;
pub mod sketch;
