//! Makes the note types that the notes have: deckc's own, and the project's where it has a style.

use std::collections::BTreeMap;

use super::seal::later;
use crate::anki::note_types;
use crate::digest::Parts;
use crate::ledger::{Ledger, StyleEntry};
use crate::model::note_type::{NoteType, NoteTypeKind};
use crate::model::{BuiltIn, OwnedType, Owner};

/// Says what a project's own note types are made from.
pub struct Project<'a> {
    /// Its name, which stands in theirs.
    pub name: &'a str,
    /// Its style sheet, where it has one.
    pub style: Option<&'a str>,
    /// The ledger of the last build.
    pub ledger: &'a Ledger,
    /// The time of this build in s since 1970.
    pub now: i64,
}

/// Returns the note types in `used`, each once, and what the next ledger keeps of the project's own ones.
#[must_use]
pub fn make(
    mut used: Vec<(BuiltIn, Owner)>,
    project: &Project<'_>,
) -> (Vec<OwnedType>, BTreeMap<BuiltIn, StyleEntry>) {
    used.sort();
    used.dedup();
    let mut styles = project.ledger.styles.clone();
    // A project that lost its style keeps its note types: a note cannot change its type.
    let css = project.style.unwrap_or(note_types::STYLE);
    let types = used.into_iter().map(|(built_in, owner)| {
        let note_type = match owner {
            Owner::Shared => note_types::shared(built_in),
            Owner::Project => {
                let make = |modified| {
                    let id = &project.ledger.project;
                    note_types::variant(built_in, id, project.name, css.to_owned(), modified)
                };
                let hash = appearance(&make(0));
                let before = styles.get(&built_in);
                let modified = match before {
                    Some(entry) if entry.hash == hash => entry.modified,
                    Some(_) | None => later(project.now, before.map(|entry| entry.modified)),
                };
                styles.insert(built_in, StyleEntry { modified, hash });
                make(modified)
            }
        };
        OwnedType { built_in, owner, note_type }
    });
    (types.collect(), styles)
}

/// Returns a hash of what Anki sees of a note type; its time is not part of it.
fn appearance(note_type: &NoteType) -> String {
    let mut parts = Parts::new("deckc note type appearance 1");
    parts.add(match note_type.kind {
        NoteTypeKind::Normal => "normal",
        NoteTypeKind::Cloze => "cloze",
    });
    parts.add(&note_type.name);
    parts.add(&note_type.css);
    for field in &note_type.fields {
        parts.add("field");
        parts.add(&field.name);
        parts.add(&field.description);
    }
    for template in &note_type.templates {
        parts.add("template");
        parts.add(&template.name);
        parts.add(&template.front);
        parts.add(&template.back);
    }
    parts.short()
}
