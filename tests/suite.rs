//! The integration tests, one binary.

mod anki;
mod backends;
mod baseline;
mod cases;
mod identity;
mod lowering;
mod pasted;
mod support;
