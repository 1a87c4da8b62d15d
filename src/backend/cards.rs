//! Which cards a note has.

use crate::html::cloze_numbers;
use crate::model::{BuiltIn, Identity, Note};

/// Returns the ordinals of a note's cards, sorted: the template's place, or the cloze number less one.
///
/// `rendered` are the note's fields as HTML. Front sides are never empty in a collection, so only the optional reverse depends
/// on content.
#[must_use]
pub fn cards(note: &Note<Identity>, rendered: &[String]) -> Vec<u16> {
    match note.note_type {
        BuiltIn::Basic | BuiltIn::TypeIn => vec![0],
        BuiltIn::Reversed => vec![0, 1],
        BuiltIn::OptionalReversed => {
            let reverse = note.note_type.field("Add Reverse").and_then(|place| rendered.get(place));
            if reverse.is_some_and(|html| !html.is_empty()) { vec![0, 1] } else { vec![0] }
        }
        BuiltIn::Cloze => {
            let numbers = rendered.first().map_or_else(Vec::new, |html| cloze_numbers(html));
            numbers.into_iter().map(|number| number - 1).collect()
        }
    }
}
