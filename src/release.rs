//! Releases: what a package is called, what came with it, and what it says about itself.
//!
//! A release is a folder: the packages and other formats, `CHANGELOG.md` (what changed, for people), `SHA256SUMS` and, written last,
//! `manifest.json` ([`Manifest`]), by which the next release knows it. This module does no I/O.

pub mod changelog;
pub mod manifest;

pub use manifest::{Counts, FileEntry, Manifest};

/// The manifest's name.
pub const MANIFEST: &str = "manifest.json";
/// The name of the list of checksums, which `sha256sum --check` reads.
pub const SUMS: &str = "SHA256SUMS";
/// The name of the list of changes.
pub const CHANGELOG: &str = "CHANGELOG.md";
/// The name of the copy of the package that the next release is compared with: builds write beside it.
pub const KEPT: &str = ".released.apkg";
