//! Collections from literal notes, without readers.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use deckc::anki::note_types;
use deckc::backend::{Backend, Context, EmitError, Emitted, Options, Output, WriteSeek};
use deckc::cards::Finder;
use deckc::html;
use deckc::model::note_type::NoteType;
use deckc::model::text::Block;
use deckc::model::{BuiltIn, Collection, Deck, Field, Identity, Medium, Note, OwnedType, Owner, Parts};
use deckc::source::{FileId, SourceMap, Span};

/// Is a collection being made.
pub struct Builder {
    parts: Parts,
}

impl Builder {
    pub fn new() -> Self {
        let parts = Parts { name: "geo".into(), ..Parts::default() };
        Self { parts }
    }

    pub fn medium(mut self, path: &str, name: &str) -> Self {
        self.parts.media.push(Medium {
            name: name.into(),
            path: path.into(),
            size: 3,
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".into(),
            sha1: *b"twenty bytes of SHA1",
        });
        self
    }

    pub fn describe(mut self, deck: &str, description: &str) -> Self {
        self.deck(deck);
        for known in self.parts.decks.iter_mut().filter(|known| known.name == deck) {
            known.description = description.into();
        }
        self
    }

    fn deck(&mut self, name: &str) {
        if !self.parts.decks.iter().any(|deck| deck.name == name) {
            self.parts.decks.push(Deck { name: name.into(), description: String::new() });
        }
    }

    /// Adds a note whose fields are given by name.
    pub fn note(
        mut self,
        note_type: BuiltIn,
        deck: &str,
        tags: &[&str],
        fields: &[(&str, &[Block])],
    ) -> Self {
        self.deck(deck);
        let mut contents = vec![Field::default(); note_type.fields().len()];
        for (name, blocks) in fields {
            let place = note_type.field(name).expect("the test names a field of the note type");
            contents[place].blocks = blocks.to_vec();
        }
        let number = self.parts.notes.len();
        let begin = number * 10;
        let id = 1_700_000_000_000 + i64::try_from(number).expect("few notes");
        self.parts.notes.push(Note {
            identity: Identity {
                guid: format!("guid{number}"),
                id,
                modified: 1_700_000_000,
                owner: Owner::Shared,
            },
            note_type,
            deck: deck.into(),
            tags: tags.iter().map(ToString::to_string).collect(),
            fields: contents,
            span: Span::new(FileId(0), begin..begin + 10),
        });
        self
    }

    /// Adds a basic note of plain text in the deck `Geo`.
    pub fn basic(self, front: &str, back: &str) -> Self {
        let sides = [Block::text(front), Block::text(back)];
        self.note(BuiltIn::Basic, "Geo", &[], &[("Front", &sides[..1]), ("Back", &sides[1..])])
    }

    /// Gives the last note another guid.
    pub fn guid(mut self, guid: &str) -> Self {
        self.parts.notes.last_mut().expect("a note was added").identity.guid = guid.into();
        self
    }

    /// Gives the last note the project's own note type.
    pub fn owned(mut self) -> Self {
        self.parts.notes.last_mut().expect("a note was added").identity.owner = Owner::Project;
        self
    }

    pub fn build(mut self) -> Collection {
        self.parts.decks.sort_by(|a, b| a.name.cmp(&b.name));
        for built_in in BuiltIn::ALL {
            for owner in [Owner::Shared, Owner::Project] {
                let owned = OwnedType { built_in, owner, note_type: note_type(built_in, owner) };
                if self.parts.notes.iter().any(|note| owned.is_of(note)) {
                    self.parts.note_types.push(owned);
                }
            }
        }
        let render = |note: &Note<Identity>| html::fields(note.note_type, &note.fields, &self.parts.media);
        self.parts.rendered = self.parts.notes.iter().map(render).collect();
        let finder = Finder::new(&self.parts.note_types);
        let notes = self.parts.notes.iter().zip(&self.parts.rendered);
        let cards = |(note, fields): (&Note<Identity>, &Vec<String>)| {
            finder.ords(note.note_type, note.identity.owner, fields, &note.tags)
        };
        self.parts.cards = notes.map(cards).collect();
        Collection::new(self.parts).expect("a test's collection keeps the promises")
    }
}

fn note_type(built_in: BuiltIn, owner: Owner) -> NoteType {
    match owner {
        Owner::Shared => note_types::shared(built_in),
        Owner::Project => note_types::variant(built_in, "id", "Geo", ".card {}".into(), 1_700_000_000),
    }
}

/// Returns sources in which the notes of a [`Builder`] stand: ten bytes each, one line each.
pub fn sources() -> SourceMap {
    let mut sources = SourceMap::default();
    sources.add("geo.md".into(), "123456789\n".repeat(50));
    sources
}

/// Collects files in memory.
#[derive(Debug, Default)]
pub struct Memory {
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    pub fn text(&self, name: &str) -> &str {
        let bytes = self.files.get(name).unwrap_or_else(|| panic!("no `{name}` in {:?}", self.files.keys()));
        std::str::from_utf8(bytes).expect("the file is UTF-8")
    }

    /// Returns all files as one text.
    pub fn all(&self) -> String {
        let show =
            |(name, bytes): (&String, &Vec<u8>)| format!("--- {name}\n{}", String::from_utf8_lossy(bytes));
        self.files.iter().map(show).collect()
    }
}

struct File<'a> {
    bytes: &'a mut Vec<u8>,
    cursor: Cursor<Vec<u8>>,
}

impl Write for File<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.cursor.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for File<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.cursor.seek(to)
    }
}

impl Drop for File<'_> {
    fn drop(&mut self) {
        *self.bytes = std::mem::take(self.cursor.get_mut());
    }
}

impl Output for Memory {
    fn create(&mut self, name: &str) -> io::Result<Box<dyn WriteSeek + '_>> {
        let bytes = self.files.entry(name.into()).or_default();
        Ok(Box::new(File { bytes, cursor: Cursor::default() }))
    }
}

/// Runs a backend over a collection.
pub fn try_emit(
    backend: &dyn Backend,
    collection: &Collection,
    options: &Options,
) -> Result<(Memory, Emitted), EmitError> {
    let mut memory = Memory::default();
    let sources = sources();
    let open_media = |_: &Medium| -> io::Result<Box<dyn Read>> { Ok(Box::new(Cursor::new(b"abc"))) };
    let context = Context { stem: "geo", sources: &sources, open_media: &open_media, options };
    let emitted = backend.emit(collection, &context, &mut memory)?;
    Ok((memory, emitted))
}

/// Runs a backend that succeeds.
pub fn emit(backend: &dyn Backend, collection: &Collection, options: &Options) -> (Memory, Emitted) {
    try_emit(backend, collection, options).expect("the backend succeeds")
}

/// Returns the losses as text, one a line: of all notes, then of each.
pub fn losses(emitted: &Emitted) -> String {
    let lacks = emitted.lacks.iter().map(|lack| format!("{}: {}\n", lack.feature.words(), lack.detail));
    let show =
        |loss: &deckc::backend::Loss| format!("{} {}: {}\n", loss.note, loss.feature.words(), loss.detail);
    lacks.chain(emitted.losses.iter().map(show)).collect()
}
