//! Which cards the notes of a collection have, by Anki's rules.

use crate::anki::cards::CardRules;
use crate::model::{BuiltIn, OwnedType, Owner};

/// Knows the rules of a collection's note types.
pub struct Finder<'t> {
    rules: Vec<(BuiltIn, Owner, CardRules<'t>)>,
}

impl<'t> Finder<'t> {
    /// Reads the templates of the note types.
    #[must_use]
    pub fn new(note_types: &'t [OwnedType]) -> Self {
        let rules = note_types.iter().map(|owned| {
            let rules =
                CardRules::new(&owned.note_type).expect("the built-in templates are checked by a test");
            (owned.built_in, owned.owner, rules)
        });
        Finder { rules: rules.collect() }
    }

    /// Returns the ordinals of a note's cards, sorted: the template's place, or the cloze number less one.
    #[must_use]
    pub fn ords(&self, note_type: BuiltIn, owner: Owner, fields: &[String], tags: &[String]) -> Vec<u16> {
        let found = self.rules.iter().find(|(built_in, whose, _)| *built_in == note_type && *whose == owner);
        found.map_or_else(Vec::new, |(.., rules)| rules.ords_or_blank(fields, tags))
    }
}
