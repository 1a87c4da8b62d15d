//! The integration tests, one binary.

mod anki;
mod backends;
mod identity;
mod lowering;
mod support;
