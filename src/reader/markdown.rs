//! The native Markdown dialect.
