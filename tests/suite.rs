//! The integration tests, one binary.

mod anki;
mod backends;
mod cases;
mod identity;
mod lowering;
mod pasted;
mod support;
