//! Packages that deckc wrote, and one that an old Anki would have, read back.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Contents, ReadError, contents};
use crate::anki::deck_name::DeckName;
use crate::anki::note_types::shared;
use crate::anki::package::{
    CardRow, Container, Deck, Description, MediaEntry, NoteRow, Package, collection, write,
};
use crate::model::BuiltIn;
use sha1::{Digest as _, Sha1};

const PICTURE: &[u8] = b"\x89PNG picture";

/// Hands a small package to `use_it`.
fn with_package<T>(use_it: impl FnOnce(&Package<'_>) -> T) -> T {
    let note_types = [shared(BuiltIn::Basic), shared(BuiltIn::Cloze)];
    let name = |name| DeckName::new(name).expect("the name is short");
    let decks = [
        Deck { name: name("Geo::World"), description: Description::Markdown("*About*".into()) },
        Deck { name: name("Geo"), description: Description::None },
    ];
    let fields = |filled: &str, count: usize| {
        let mut fields = vec![String::new(); count];
        filled.clone_into(&mut fields[0]);
        fields
    };
    let basic = fields("Oslo &amp; fjord", note_types[0].fields.len());
    let cloze = fields("{{c1::a}} {{c3::b}}", note_types[1].fields.len());
    let tags = ["a::b".to_owned(), "c".to_owned()];
    let card = |ord, deck| CardRow { ord, deck, due: 1 };
    let (one, two) = ([card(0, 0)], [card(0, 1), card(2, 1)]);
    let note = |id, guid, note_type, fields, cards| NoteRow {
        id,
        guid,
        note_type,
        modified: 1_700_000_000 + id,
        tags: &tags,
        fields,
        cards,
    };
    let notes = [note(1, "g1", 0, basic.as_slice(), &one[..]), note(2, "g2", 1, &cloze, &two)];
    let sha1 = Sha1::digest(PICTURE).into();
    let media = [MediaEntry { name: "a.png".into(), size: PICTURE.len() as u64, sha1 }];
    use_it(&Package { note_types: &note_types, decks: &decks, notes: &notes, media: &media })
}

fn bytes(package: &Package<'_>, container: Container) -> Vec<u8> {
    let open = |_| -> std::io::Result<Box<dyn std::io::Read>> { Ok(Box::new(PICTURE)) };
    let out = write(Cursor::new(Vec::new()), package, container, &open).expect("the package is sound");
    out.into_inner()
}

/// A package as Anki wrote it before there was `collection.anki21`.
fn oldest(package: &Package<'_>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let members = [
        ("collection.anki2", collection(package, Container::Legacy).expect("the package is sound")),
        ("media", br#"{"0": "a.png", "7": "missing.png"}"#.to_vec()),
        ("0", PICTURE.to_vec()),
    ];
    for (name, bytes) in members {
        zip.start_file(name, SimpleFileOptions::default()).expect("memory takes it");
        zip.write_all(&bytes).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

fn read(bytes: Vec<u8>) -> Contents {
    contents(Cursor::new(bytes)).expect("the package can be read")
}

#[test]
fn the_three_forms_of_a_package_hold_the_same() {
    with_package(|package| {
        let legacy = read(bytes(package, Container::Legacy));
        let latest = read(bytes(package, Container::Latest));
        assert_eq!(legacy.notes, latest.notes);
        assert_eq!(legacy.note_types, latest.note_types);
        assert_eq!(legacy.media, latest.media);
        let names = |contents: &Contents| {
            let decks = contents.decks.values();
            let mut decks: Vec<_> = decks.map(|deck| (deck.name.clone(), deck.description.clone())).collect();
            decks.sort();
            decks
        };
        assert_eq!(names(&legacy), names(&latest));
        assert_eq!(read(oldest(package)), legacy);
    });
}

#[test]
fn everything_that_was_written_is_read_back() {
    with_package(|package| {
        let read = read(bytes(package, Container::Latest));
        let [first, second] = read.notes.as_slice() else { panic!("there are two notes") };
        assert_eq!((first.guid.as_str(), first.id, first.modified), ("g1", 1, 1_700_000_001));
        assert_eq!(first.fields[0], "Oslo &amp; fjord");
        assert_eq!(first.tags, ["a::b", "c"]);
        assert_eq!(read.deck_of(first), "Geo::World");
        assert_eq!(second.cards.iter().map(|card| card.ord).collect::<Vec<_>>(), [0, 2]);
        let basic = &read.note_types[&shared(BuiltIn::Basic).id];
        assert_eq!(
            (basic.name.as_str(), basic.css.as_str()),
            ("deckc Basic", shared(BuiltIn::Basic).css.as_str())
        );
        assert_eq!(
            basic.fields.iter().map(|field| (field.name.as_str(), field.id)).collect::<Vec<_>>(),
            shared(BuiltIn::Basic)
                .fields
                .iter()
                .map(|field| (field.name.as_str(), Some(field.id)))
                .collect::<Vec<_>>()
        );
        let described = read.decks.values().find(|deck| deck.name == "Geo::World").expect("it is there");
        assert_eq!(described.description, "*About*");
        assert_eq!(read.media.len(), 1);
        assert_eq!(read.media["a.png"], package.media[0].sha1);
    });
}

#[test]
fn a_cut_package_is_damaged_wherever_it_is_cut() {
    with_package(|package| {
        let whole = bytes(package, Container::Legacy);
        for length in (0..whole.len()).step_by(whole.len() / 60) {
            let cut = contents(Cursor::new(whole[..length].to_vec()));
            assert!(matches!(cut, Err(ReadError::Damaged(_) | ReadError::Io(_))), "cut at {length}");
        }
    });
}
