//! Block/Inline → plain text.
