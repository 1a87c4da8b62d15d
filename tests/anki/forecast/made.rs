//! Pairs of packages that no deckc would write: what other tools do to note types, times and guids.

use std::fs::File;
use std::path::Path;

use deckc::anki::deck_name::DeckName;
use deckc::anki::package::{CardRow, Container, Deck, Description, NoteRow, Package, write};
use deckc::model::note_type::{FieldDef, NoteType, NoteTypeKind, Template};

use super::{NEW, OLD, Pair};

/// A package with owned rows.
struct Made {
    note_types: Vec<NoteType>,
    decks: Vec<&'static str>,
    notes: Vec<Row>,
}

struct Row {
    guid: String,
    note_type: usize,
    modified: u64,
    fields: Vec<String>,
    cards: Vec<CardRow>,
}

fn field(id: i64, name: &str) -> FieldDef {
    FieldDef { id, name: name.into(), description: String::new(), collapsed: false }
}

fn template(id: i64, name: &str, front: &str) -> Template {
    Template { id, name: name.into(), front: front.into(), back: "{{FrontSide}}<hr>{{Back}}".into() }
}

fn note_type(id: i64, name: &str) -> NoteType {
    NoteType {
        id,
        name: name.into(),
        kind: NoteTypeKind::Normal,
        modified: i64::try_from(OLD).expect("is small"),
        fields: vec![field(11, "Front"), field(12, "Back")],
        templates: vec![template(21, "Card 1", "{{Front}}")],
        css: ".card { color: black; }".into(),
        sort_field: 0,
    }
}

fn card(ord: u16, deck: usize) -> CardRow {
    CardRow { ord, deck, due: 1 }
}

fn row(guid: &str, note_type: usize, front: &str, back: &str) -> Row {
    Row {
        guid: guid.into(),
        note_type,
        modified: OLD,
        fields: vec![front.into(), back.into()],
        cards: vec![card(0, 0)],
    }
}

/// Three notes of two note types in one deck of two.
fn made() -> Made {
    Made {
        note_types: vec![note_type(1_600_000_000_000, "Plain"), note_type(1_600_000_005_000, "Other")],
        decks: vec!["Words", "More words"],
        notes: vec![row("g1", 0, "one", "eins"), row("g2", 0, "two", "zwei"), row("g3", 1, "three", "drei")],
    }
}

impl Made {
    fn write(&self, path: &Path, container: Container) {
        let description = Description::None;
        let decks: Vec<Deck> = self
            .decks
            .iter()
            .map(|name| Deck {
                name: DeckName::new(name).expect("is short"),
                description: description.clone(),
            })
            .collect();
        let notes: Vec<NoteRow<'_>> = (1_650_000_000_000..)
            .zip(&self.notes)
            .map(|(id, row)| NoteRow {
                id,
                guid: &row.guid,
                note_type: row.note_type,
                modified: i64::try_from(row.modified).expect("is small"),
                tags: &[],
                fields: &row.fields,
                cards: &row.cards,
            })
            .collect();
        let package = Package { note_types: &self.note_types, decks: &decks, notes: &notes, media: &[] };
        let file = File::create(path).expect("the temporary folder is writable");
        let none = |_| Err(std::io::ErrorKind::NotFound.into());
        write(file, &package, container, &none).expect("the package is sound");
    }

    /// Lets a note type have changed since.
    fn touch(&mut self, note_type: usize) -> &mut NoteType {
        let note_type = &mut self.note_types[note_type];
        note_type.modified = i64::try_from(NEW).expect("is small");
        note_type
    }

    /// Edits a note, with a newer time.
    fn edit(&mut self, note: usize, back: &str) {
        self.notes[note].modified = NEW;
        self.notes[note].fields[1] = back.into();
    }
}

type Change = fn(&mut Made);

const CHANGES: &[(&str, Change)] = &[
    ("edited without a newer time", |made| made.notes[0].fields[1] = "uno".into()),
    ("edited with an older time", |made| {
        made.notes[0].fields[1] = "uno".into();
        made.notes[0].modified = OLD - 5;
    }),
    ("newer time, nothing edited", |made| made.notes[0].modified = NEW),
    ("guid in other case", |made| made.notes[0].guid = "G1".into()),
    ("all guids made anew", |made| made.notes.iter_mut().for_each(|note| note.guid.insert(0, 'x'))),
    ("another note type", |made| {
        made.edit(0, "uno");
        made.notes[0].note_type = 1;
    }),
    ("a field more", |made| {
        made.touch(0).fields.push(field(13, "Hint"));
        made.edit(0, "uno");
        made.notes
            .iter_mut()
            .filter(|note| note.note_type == 0)
            .for_each(|note| note.fields.push("h".into()));
    }),
    ("a field less", |made| {
        made.touch(0).fields.truncate(1);
        made.note_types[0].templates[0].back = "{{FrontSide}}".into();
        made.notes.iter_mut().filter(|note| note.note_type == 0).for_each(|note| note.fields.truncate(1));
    }),
    ("fields in another order", |made| {
        made.touch(0).fields.reverse();
        made.edit(1, "due");
    }),
    ("a field renamed under its id", |made| {
        let note_type = made.touch(0);
        note_type.fields[1].name = "Reverse side".into();
        note_type.templates[0].back = "{{Reverse side}}".into();
        made.edit(0, "uno");
    }),
    ("a field under another id", |made| {
        made.touch(0).fields[1].id = 99;
        made.edit(0, "uno");
    }),
    ("a template more", |made| {
        made.touch(0).templates.push(template(22, "Card 2", "{{Back}}"));
        made.edit(0, "uno");
        made.notes.iter_mut().filter(|note| note.note_type == 0).for_each(|note| note.cards.push(card(1, 0)));
    }),
    ("a style with a newer time", |made| made.touch(0).css = ".card { color: red; }".into()),
    ("a style without a newer time", |made| made.note_types[0].css = ".card { color: red; }".into()),
    ("a template's text", |made| made.touch(1).templates[0].back = "{{Back}}!".into()),
    ("a note type renamed", |made| made.touch(1).name = "Otherwise".into()),
    ("another sort field", |made| made.touch(0).sort_field = 1),
    ("only one note of a changed list", |made| {
        made.touch(1).fields.push(field(13, "Hint"));
        made.notes[2].fields.push("h".into());
        made.notes.push(row("g4", 0, "four", "vier"));
    }),
    ("cards in another deck", |made| {
        made.notes[0].cards[0].deck = 1;
        made.edit(1, "due");
        made.notes[1].cards[0].deck = 1;
    }),
    ("notes gone and come", |made| {
        made.notes.remove(1);
        made.notes.push(row("g4", 0, "four", "vier"));
    }),
];

/// Writes a pair for each change, in either container.
pub(super) fn pairs() -> Vec<Pair> {
    let pairs = CHANGES.iter().enumerate().map(|(index, (name, change))| {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let [old, new] = ["old.apkg", "new.apkg"].map(|name| folder.path().join(name));
        let containers = [Container::Legacy, Container::Latest];
        made().write(&old, containers[index % 2]);
        let mut changed = made();
        change(&mut changed);
        changed.write(&new, containers[index / 2 % 2]);
        Pair { name, old, new, _folder: folder }
    });
    pairs.collect()
}
