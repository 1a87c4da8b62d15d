//! The integration tests, one binary.

mod anki;
mod atomic;
mod backends;
mod baseline;
mod cases;
mod hostile;
mod identity;
mod lowering;
mod partial;
mod pasted;
mod releases;
mod reproducible;
mod sample;
mod sarif;
mod support;
mod workflows;
