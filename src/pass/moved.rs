//! Reports known notes whose deck changed: Anki leaves the cards that a learner has where they are.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Draft;

/// Says that known notes are in another deck than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The deck they were in.
    pub from: String,
    /// The deck they are in.
    pub to: String,
    /// How many notes.
    pub notes: usize,
}

/// Reports one finding for each pair of decks. `moved` holds places in the draft, each with the deck that the note was in.
pub fn report(draft: &Draft, moved: &[(usize, String)], diagnostics: &mut Diagnostics) -> Vec<Moved> {
    let mut pairs: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for (index, before) in moved {
        let (_, count) = pairs.entry((before, &draft.notes[*index].deck)).or_insert((*index, 0));
        *count += 1;
    }
    let mut list = Vec::new();
    for ((from, to), (first, notes)) in pairs {
        let plural = if notes == 1 { "" } else { "s" };
        let message = format!("the deck of {notes} note{plural} changed from `{from}` to `{to}`");
        diagnostics.push(Diagnostic::at(Code::DeckChanged, draft.notes[first].span, message).help(
            "Anki leaves cards that a learner has where they are; move them there by hand if you like",
        ));
        list.push(Moved { from: from.to_owned(), to: to.to_owned(), notes });
    }
    list
}
