//! The integration suite.

mod backends;
mod lowering;
mod support;
