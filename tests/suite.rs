//! The integration tests, one binary.

mod identity;
