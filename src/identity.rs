//! Identity: how a note in the sources finds its line in the ledger `deckc.lock`.
//!
//! A learner's scheduling hangs on the guid of a note, and the guid hangs on the ledger line that the note is
//! recognised by. A wrong match moves a history to another card and is worse than none, so every rule here
//! prefers silence: what is not sure counts as new, and the report says how to keep the history.
//!
//! The way of one build: [`prompt::normalise`] and [`prompt::PromptHash`] give the key of a prompt,
//! [`sketch::shorten`] and [`sketch::Sketch`] give what the ledger keeps of the text, [`align::align`] pairs
//! ledger lines with notes, and [`cloze::assign`] keeps the numbers of cloze deletions.
//!
//! These modules do no I/O and know nothing of the IR; they work on strings. `docs/identity.md` says the same
//! for authors.

pub mod align;
pub mod cloze;
pub mod prompt;
pub mod sketch;

pub(crate) mod hash;
mod telling;
mod words;
