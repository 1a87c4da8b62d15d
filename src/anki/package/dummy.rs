//! The small collection under the oldest name: what a program shows that knows neither of the newer ones.

use super::btree::Pack;
use super::{CardRow, Deck, Description, NoteRow, Package, WriteError, schema11};
use crate::anki::deck_name::DeckName;
use crate::model::note_type::{FieldDef, NoteType, NoteTypeKind, Template};

/// Its one note, and the id of the note type: a moment long past, in milliseconds.
const ID: i64 = 1_262_304_001_000;

/// Builds the collection: one note that says what to do.
pub(super) fn database<P: Send>(pack: Pack<'_, P>) -> Result<Vec<P>, WriteError> {
    let field =
        |id, name: &str| FieldDef { id, name: name.to_owned(), description: String::new(), collapsed: false };
    let note_type = NoteType {
        id: ID,
        name: "deckc Notice".to_owned(),
        kind: NoteTypeKind::Normal,
        modified: ID / 1000,
        fields: vec![field(ID + 100, "Front"), field(ID + 101, "Back")],
        templates: vec![Template {
            id: ID + 200,
            name: "Card 1".to_owned(),
            front: "{{Front}}".to_owned(),
            back: "{{FrontSide}}<hr id=answer>{{Back}}".to_owned(),
        }],
        css: ".card { font-size: 20px; text-align: center; }".to_owned(),
        sort_field: 0,
    };
    let fields =
        ["This package needs a newer version of Anki.", "Update Anki, then import the package again."]
            .map(String::from);
    let note = NoteRow {
        id: ID,
        guid: "deckc-notice",
        note_type: 0,
        modified: ID / 1000,
        tags: &[],
        fields: &fields,
        cards: &[CardRow { ord: 0, deck: 0, due: 1 }],
    };
    let deck = Deck {
        name: DeckName::new("Default").expect("the name has one level"),
        description: Description::None,
    };
    let package = Package { note_types: &[note_type], decks: &[deck], notes: &[note], media: &[] };
    schema11::database(&package, pack)
}
