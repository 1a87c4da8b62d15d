//! Anki packages. They carry everything.

use std::io;

use super::{Backend, ContainerChoice, Context, EmitError, Emitted, Feature, Output};
use crate::anki::deck_name::DeckName;
use crate::anki::package::{self, CardRow, Container, Description, MediaEntry, NoteRow, Package, WriteError};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Collection, Medium, Trees};

/// Writes Anki packages.
pub struct Apkg;

/// Anki takes no larger place among new cards.
const LAST_DUE: u32 = 999_999;

impl Backend for Apkg {
    fn name(&self) -> &'static str {
        "apkg"
    }

    fn summary(&self) -> &'static str {
        "Anki package"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("apkg")
    }

    fn carries(&self) -> &[Feature] {
        &Feature::ALL
    }

    fn trees(&self) -> Trees {
        Trees::Dropped
    }

    fn emit(
        &self,
        collection: &Collection,
        context: &Context<'_>,
        out: &mut dyn Output,
    ) -> Result<Emitted, EmitError> {
        let note_types: Vec<_> =
            collection.note_types().iter().map(|owned| owned.note_type.clone()).collect();
        let decks: Vec<package::Deck> = collection
            .decks()
            .iter()
            .map(|deck| package::Deck {
                name: DeckName::new(&deck.name).expect("the names pass made it a deck name"),
                description: if deck.description.is_empty() {
                    Description::None
                } else {
                    Description::Markdown(deck.description.clone())
                },
            })
            .collect();
        let cards = cards(collection);
        let type_of = |note| {
            let place = collection.note_types().iter().position(|owned| owned.is_of(note));
            place.expect("a collection lists the note types of its notes")
        };
        let mut rest = cards.as_slice();
        let notes: Vec<NoteRow<'_>> = collection
            .rendered()
            .zip(collection.cards())
            .map(|((note, fields), ords)| {
                let cards;
                (cards, rest) = rest.split_at(ords.len());
                NoteRow {
                    id: note.identity.id,
                    guid: &note.identity.guid,
                    note_type: type_of(note),
                    modified: note.identity.modified,
                    tags: &note.tags,
                    fields,
                    cards,
                }
            })
            .collect();
        let media: Vec<MediaEntry> = collection
            .media()
            .iter()
            .map(|medium| MediaEntry { name: medium.name.clone(), size: medium.size, sha1: medium.sha1 })
            .collect();
        let package = Package { note_types: &note_types, decks: &decks, notes: &notes, media: &media };
        let container = match context.options.container {
            ContainerChoice::Legacy => Container::Legacy,
            ContainerChoice::Latest => Container::Latest,
        };
        let file = out.create(&format!("{}.apkg", context.stem))?;
        let open = |index: usize| (context.open_media)(&collection.media()[index]);
        match package::write(file, &package, container, &open) {
            Ok(_) => Ok(Emitted::default()),
            Err(error) => Err(refused(error, collection.media())),
        }
    }
}

/// Returns the cards of all notes, note by note: exactly those that Anki would make, since its importer makes none.
fn cards(collection: &Collection) -> Vec<CardRow> {
    let mut rows = Vec::with_capacity(collection.notes().len() * 5 / 4);
    let mut place = 0;
    // Neighbours mostly have the same deck.
    for notes in collection.notes().chunk_by(|one, other| one.deck == other.deck) {
        let deck = collection.decks().binary_search_by(|deck| deck.name.as_str().cmp(&notes[0].deck));
        let deck = deck.expect("a collection lists the decks of its notes, sorted");
        for _ in notes {
            let ords = &collection.cards()[place];
            place += 1;
            let due = u32::try_from(place).unwrap_or(LAST_DUE).min(LAST_DUE);
            rows.extend(ords.iter().map(|ord| CardRow { ord: *ord, deck, due }));
        }
    }
    rows
}

fn refused(error: WriteError, media: &[Medium]) -> EmitError {
    let path = |name: &str| {
        media.iter().find(|medium| medium.name == name).map_or(name, |medium| &medium.path).to_owned()
    };
    match error {
        WriteError::Output(error) => EmitError::Io(error),
        WriteError::Medium { name, source } => {
            let message = format!("`{}` cannot be read: {source}", path(&name));
            EmitError::Io(io::Error::new(source.kind(), message))
        }
        WriteError::MediumChanged { name } => {
            let path = path(&name);
            let mut diagnostics = Diagnostics::default();
            let message = format!("`{path}` changed while it was packed");
            diagnostics.push(
                Diagnostic::general(Code::MediaChanged, message)
                    .help("build again when nothing writes to it"),
            );
            EmitError::Reported(diagnostics)
        }
        WriteError::Database(error) => {
            EmitError::Io(io::Error::other(format!("the collection cannot be built: {error}")))
        }
        WriteError::Package(fault) => EmitError::Io(io::Error::other(fault)),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{EmitError, Medium, WriteError, refused};

    #[test]
    fn a_medium_that_cannot_be_read_is_named_with_its_path_and_the_reason() {
        let medium = Medium {
            name: "a-1.png".into(),
            path: "img/a.png".into(),
            size: 1,
            sha256: String::new(),
            sha1: [0; 20],
        };
        let source = io::Error::new(io::ErrorKind::PermissionDenied, "permission denied");
        let error = refused(WriteError::Medium { name: "a-1.png".into(), source }, &[medium]);
        let EmitError::Io(error) = error else { panic!("the machine failed, not the notes") };
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(error.to_string(), "`img/a.png` cannot be read: permission denied");
    }
}
