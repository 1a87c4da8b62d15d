//! The integration suite.

mod pasted;
