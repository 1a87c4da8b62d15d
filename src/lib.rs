//! deckc, a compiler for flashcards.
//!
//! The library behind the `deckc` program. One pipeline, written out in [`mod@compile`]:
//!
//! ```text
//!  load      sources and their encodings                      → SourceMap
//!  reader    one file in one dialect                          → Draft
//!  pass/look what concerns a note alone, right after its file → identity's view, findings, HTML by `html`
//!  pass      names, identity, media, cards                    → Draft, resolved
//!  pass/seal what changed since the last build                → times, the next ledger
//!  model     Collection::new checks the promises              → Collection
//!  backend   a format each                                    → files, written all at once by `files`
//! ```
//!
//! Where to look for a rule:
//!
//! | rule | module |
//! |---|---|
//! | what makes a card | [`reader`], one folder a dialect; `docs/syntax.md` |
//! | who a note is | [`identity`] (the matching), [`ledger`] (the file), [`pass::identity`] (guids); `docs/identity.md` |
//! | what Anki accepts | [`anki`] |
//! | what a format carries | [`backend`]; `docs/formats.md` |
//! | what changed between two releases, and what Anki will do | [`diff`]; `docs/diff.md` |
//! | what a release is | [`release`] (its files), [`version`]; `cli/release` (when there is one); `docs/releasing.md` |
//! | what a diagnostic means | [`diagnostic`], and `docs/explain` with a page for each code |
//! | the command line | [`cli`], one file a verb |
//!
//! Readers and backends never know each other; the model does no I/O; only [`report`] prints diagnostics.

pub mod account;
pub mod anki;
pub mod backend;
pub mod baseline;
mod bytes;
pub mod cards;
pub mod cli;
pub mod compile;
pub mod config;
pub mod decode;
pub mod diagnostic;
pub mod diff;
mod digest;
pub mod files;
mod hex;
pub mod html;
pub mod identity;
pub mod ledger;
pub mod load;
pub mod model;
pub mod pass;
pub mod plain;
pub mod project;
pub mod reader;
pub mod release;
pub mod report;
pub mod scope;
pub mod source;
mod suggest;
pub mod version;
