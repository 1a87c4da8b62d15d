//! The integration suite: one binary, so that its parts are linked once.

mod anki;
