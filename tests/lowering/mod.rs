//! Block/Inline → HTML and → plain text.

mod html;
mod plain;
mod round_trip;
