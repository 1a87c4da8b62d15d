//! What several areas of the suite share.

pub mod build;
pub mod deck;
pub mod process;
pub mod venv;
