//! The integration tests, one binary.

mod backends;
mod identity;
mod lowering;
mod support;
