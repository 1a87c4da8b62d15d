//! Whole packages, read back with other means than those that wrote them.

use std::io::{self, Cursor, Read};

use prost::Message;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, MAIN_DB};
use sha1::{Digest, Sha1};
use zip::ZipArchive;

use super::{
    CardRow, Container, Deck, Description, MediaEntry, NoteRow, Package, PackageFault, WriteError,
    collection, write,
};
use crate::anki::deck_name::DeckName;
use crate::anki::note_types::shared;
use crate::anki::protobuf::{MediaEntries, PackageMetadata};
use crate::model::BuiltIn;
use crate::model::note_type::NoteType;

const MEDIA: [(&str, &[u8]); 2] =
    [("fig-1.svg", b"<svg>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</svg>"), ("a.png", b"\x89PNG")];

/// A small package with owned rows, for tests to spoil.
struct Sample {
    note_types: Vec<NoteType>,
    decks: Vec<Deck>,
    notes: Vec<SampleNote>,
    media: Vec<MediaEntry>,
}

struct SampleNote {
    id: i64,
    guid: String,
    note_type: usize,
    tags: Vec<String>,
    fields: Vec<String>,
    cards: Vec<CardRow>,
}

fn sample() -> Sample {
    let deck =
        |name, description| Deck { name: DeckName::new(name).expect("the name is short"), description };
    let note = |id, guid: &str, note_type: usize, tags: &[&str], filled: &[&str], ords: &[u16]| {
        let mut fields: Vec<String> = filled.iter().map(|field| (*field).to_owned()).collect();
        fields.resize([6, 5][note_type], String::new());
        SampleNote {
            id,
            guid: guid.to_owned(),
            note_type,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            fields,
            cards: ords.iter().map(|ord| CardRow { ord: *ord, deck: note_type, due: 2_000_000 }).collect(),
        }
    };
    Sample {
        note_types: vec![shared(BuiltIn::Basic), shared(BuiltIn::Cloze)],
        decks: vec![
            deck("AWS::ECS", Description::Markdown("*ECS*".to_owned())),
            deck("Default", Description::Html("<b>x</b>".to_owned())),
        ],
        notes: vec![
            note(1_700_000_000_001, "g2", 1, &["a", "b::c"], &["{{c1::x}} {{c3::<b>y</b>}}"], &[0, 2]),
            note(1_700_000_000_000, "g1", 0, &["a"], &["007", "A\u{7}cafe\u{301}"], &[0]),
        ],
        media: MEDIA
            .iter()
            .map(|(name, bytes)| MediaEntry {
                name: (*name).to_owned(),
                size: bytes.len() as u64,
                sha1: Sha1::digest(bytes).into(),
            })
            .collect(),
    }
}

impl Sample {
    fn with<T>(&self, use_it: impl FnOnce(&Package<'_>) -> T) -> T {
        let notes: Vec<_> = self
            .notes
            .iter()
            .map(|note| NoteRow {
                id: note.id,
                guid: &note.guid,
                note_type: note.note_type,
                modified: 1_700_000_100,
                tags: &note.tags,
                fields: &note.fields,
                cards: &note.cards,
            })
            .collect();
        use_it(&Package {
            note_types: &self.note_types,
            decks: &self.decks,
            notes: &notes,
            media: &self.media,
        })
    }

    fn write(&self, container: Container) -> Result<Vec<u8>, WriteError> {
        self.with(|package| write(Cursor::new(Vec::new()), package, container, &open)).map(Cursor::into_inner)
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the writer takes a function that may fail")]
fn open(index: usize) -> io::Result<Box<dyn Read>> {
    Ok(Box::new(MEDIA[index].1))
}

fn members(package: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(package)).expect("a package is a zip file");
    (0..zip.len())
        .map(|index| {
            let mut member = zip.by_index(index).expect("the directory is right");
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).expect("the checksum is right");
            (member.name().expect("names are ASCII").into_owned(), bytes)
        })
        .collect()
}

fn database(bytes: &[u8]) -> Connection {
    let mut connection = Connection::open_in_memory().expect("there is memory");
    connection.deserialize_read_exact(MAIN_DB, bytes, bytes.len(), true).expect("it is a database");
    let check: String =
        connection.query_row("PRAGMA integrity_check", (), |row| row.get(0)).expect("it can be read");
    assert_eq!(check, "ok");
    connection
}

/// Returns the rows of a query, a line each, values separated by `|`.
fn rows(connection: &Connection, query: &str) -> String {
    let mut statement = connection.prepare(query).expect("the query is right");
    let columns = statement.column_count();
    let mut found = statement.query(()).expect("the query is right");
    let mut lines = String::new();
    while let Some(row) = found.next().expect("the database is sound") {
        for column in 0..columns {
            let value = match row.get_ref(column).expect("the column exists") {
                ValueRef::Null => "NULL".to_owned(),
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Real(number) => format!("{number:?}"),
                ValueRef::Text(text) => format!("'{}'", String::from_utf8_lossy(text)),
                ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
            };
            lines.push_str(if column == 0 { "" } else { "|" });
            lines.push_str(&value);
        }
        lines.push('\n');
    }
    lines
}

const NOTES: &str = "\
1700000000000|'g1'|1762931408000|1700000100|-1|' a '|'007\u{1f}Acaf\u{e9}\u{1f}\u{1f}\u{1f}\u{1f}'|7|355756889|0|''
1700000000001|'g2'|1762931896000|1700000100|-1|' a b::c '|'{{c1::x}} {{c3::<b>y</b>}}\u{1f}\u{1f}\u{1f}\u{1f}'|'{{c1::x}} {{c3::y}}'|3273982853|0|''
";

const CARDS: &str = "\
1700000000000|1700000000000|1463934203385|0|1700000000|-1|0|0|999999
1700000000001|1700000000001|1|0|1700000000|-1|0|0|999999
1700000000002|1700000000001|1|2|1700000000|-1|0|0|999999
";

fn check_rows(connection: &Connection) {
    assert_eq!(rows(connection, "SELECT * FROM notes"), NOTES);
    assert_eq!(rows(connection, "SELECT id, nid, did, ord, mod, usn, type, queue, due FROM cards"), CARDS);
    assert_eq!(rows(connection, "SELECT count(*) FROM revlog"), "0\n");
}

#[test]
fn a_legacy_package_holds_schema_11() {
    let package = sample().write(Container::Legacy).expect("the sample is sound");
    let members = members(&package);
    let names: Vec<_> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["collection.anki21", "collection.anki2", "media", "0", "1"]);
    assert_eq!(String::from_utf8_lossy(&members[2].1), r#"{"0":"fig-1.svg","1":"a.png"}"#);
    assert_eq!((members[3].1.as_slice(), members[4].1.as_slice()), (MEDIA[0].1, MEDIA[1].1));

    let connection = database(&members[0].1);
    check_rows(&connection);
    assert_eq!(
        rows(&connection, "SELECT id, crt, mod, scm, ver, dty, usn, ls, tags FROM col"),
        "1|1700000000|1700000000000|1700000000000|11|0|0|0|'{\"a\":-1,\"b::c\":-1}'\n"
    );
    assert_eq!(
        rows(
            &connection,
            "SELECT key, value->>'name', value->>'desc', value->>'md' FROM col, json_each(col.decks)"
        ),
        "'1'|'Default'|'<b>x</b>'|0\n'1399527702602'|'AWS'|''|0\n'1463934203385'|'AWS::ECS'|'*ECS*'|1\n"
    );
    assert_eq!(
        rows(
            &connection,
            "SELECT key, value->>'name', value->>'type', value->>'mod', value->>'$.flds[0].id', value->>'$.tmpls[0].id' FROM col, json_each(col.models)"
        ),
        "'1762931408000'|'deckc Basic'|0|1795305600|1762931300100|1762931300200\n'1762931896000'|'deckc Cloze'|1|1795305600|1762931300107|1762931300202\n"
    );
    let notice = database(&members[1].1);
    assert_eq!(rows(&notice, "SELECT sfld FROM notes"), "'This package needs a newer version of Anki.'\n");
}

#[test]
fn a_latest_package_holds_schema_18() {
    let package = sample().write(Container::Latest).expect("the sample is sound");
    let members = members(&package);
    let names: Vec<_> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["meta", "collection.anki21b", "collection.anki2", "media", "0", "1"]);
    assert_eq!(PackageMetadata::decode(members[0].1.as_slice()).map(|meta| meta.version), Ok(3));
    let unpacked =
        |index: usize| zstd::decode_all(members[index].1.as_slice()).expect("the member is a frame");
    let media = MediaEntries::decode(unpacked(3).as_slice()).expect("the list is a message");
    let entries: Vec<_> = media.entries.iter().map(|m| (m.name.as_str(), m.size, m.sha1.len())).collect();
    assert_eq!(entries, [("fig-1.svg", 47, 20), ("a.png", 4, 20)]);
    assert_eq!((unpacked(4).as_slice(), unpacked(5).as_slice()), (MEDIA[0].1, MEDIA[1].1));

    let connection = database(&unpacked(1));
    check_rows(&connection);
    assert_eq!(rows(&connection, "SELECT * FROM tags"), "'a'|-1|0|NULL\n'b::c'|-1|0|NULL\n");
    assert_eq!(
        rows(&connection, "SELECT id, replace(name, char(31), '/'), hex(common), hex(kind) FROM decks"),
        "1|'Default'|'08011001'|'0A0C080122083C623E783C2F623E'\n1399527702602|'AWS'|'08011001'|'0A020801'\n1463934203385|'AWS/ECS'|'08011001'|'0A0B080122052A4543532A2801'\n"
    );
    assert_eq!(
        rows(&connection, "SELECT ntid, ord, name FROM fields WHERE ord < 2 ORDER BY ntid, ord"),
        "1762931408000|0|'Front'\n1762931408000|1|'Back'\n1762931896000|0|'Text'\n1762931896000|1|'Extra'\n"
    );
}

#[test]
fn the_same_rows_give_the_same_bytes_whatever_the_threads_and_the_order_of_notes() {
    let mut sample = sample();
    // More than one batch of rows and several pieces of deflated text.
    for number in 0..6000 {
        let fields = ["q", "a"].map(|side| format!("{side} {number} {}", "lorem ipsum ".repeat(number % 90)));
        let mut fields = fields.to_vec();
        fields.resize(6, String::new());
        let id = 1_700_000_100_000 + i64::try_from(number).expect("the number is small");
        let cards = vec![CardRow { ord: 0, deck: 0, due: 1 }];
        sample.notes.push(SampleNote {
            id,
            guid: format!("n{number}"),
            note_type: 0,
            tags: Vec::new(),
            fields,
            cards,
        });
    }
    for container in [Container::Legacy, Container::Latest] {
        let expected = sample.write(container).expect("the sample is sound");
        sample.notes.reverse();
        let pool = |threads| {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had")
        };
        for threads in [1, 3] {
            let found = pool(threads).install(|| sample.write(container)).expect("the sample is sound");
            assert!(found == expected, "{container:?} differs with {threads} threads");
        }
        let collection_member = &members(&expected)[match container {
            Container::Legacy => 0,
            Container::Latest => 1,
        }];
        let bytes = sample.with(|package| collection(package, container)).expect("the sample is sound");
        match container {
            Container::Legacy => assert!(collection_member.1 == bytes),
            Container::Latest => {
                assert!(zstd::decode_all(collection_member.1.as_slice()).expect("it is a frame") == bytes);
            }
        }
    }
}

#[test]
fn members_carry_no_time_and_no_machine() {
    for container in [Container::Legacy, Container::Latest] {
        let package = sample().write(container).expect("the sample is sound");
        let mut zip = ZipArchive::new(Cursor::new(&package)).expect("a package is a zip file");
        for index in 0..zip.len() {
            let member = zip.by_index_raw(index).expect("the directory is right");
            let name = member.name().expect("names are ASCII").into_owned();
            assert_eq!(member.last_modified(), Some(zip::DateTime::default()), "{name}");
            assert_eq!(member.unix_mode(), Some(0o100_644), "{name}");
            assert_eq!(member.extra_data().map_or(0, |extra| extra.len()), 0, "{name}");
        }
    }
}

#[test]
fn a_medium_that_changed_stops_the_package() {
    for (bytes, container) in [
        (&b"\x89PNX"[..], Container::Legacy),
        (b"\x89PN", Container::Legacy),
        (b"\x89PNGG", Container::Latest),
        (b"", Container::Latest),
    ] {
        let open = move |index: usize| -> io::Result<Box<dyn Read>> {
            Ok(Box::new(if index == 1 { bytes } else { MEDIA[0].1 }))
        };
        let result = sample().with(|package| write(Cursor::new(Vec::new()), package, container, &open));
        let error = result.expect_err("the medium is another one");
        assert_eq!(error.to_string(), "medium `a.png` changed while the package was written");
    }
}

#[test]
fn a_medium_that_cannot_be_read_is_named() {
    let open = |_: usize| -> io::Result<Box<dyn Read>> { Err(io::Error::from(io::ErrorKind::NotFound)) };
    let result = sample().with(|package| write(Cursor::new(Vec::new()), package, Container::Legacy, &open));
    assert_eq!(result.expect_err("there is no medium").to_string(), "cannot read medium `fig-1.svg`");
}

fn check_fault(spoil: impl FnOnce(&mut Sample), expected: &str) {
    let mut sample = sample();
    spoil(&mut sample);
    match sample.write(Container::Legacy) {
        Err(WriteError::Package(fault)) => assert_eq!(fault.to_string(), expected),
        other => panic!("expected `{expected}`, found {other:?}"),
    }
}

#[test]
fn rows_that_anki_would_refuse_or_mangle_are_faults() {
    check_fault(|s| s.notes[0].id = 0, "note `g2` has the impossible id 0");
    check_fault(|s| s.notes[0].id = 1 << 53, "note `g2` has the impossible id 9007199254740992");
    check_fault(|s| s.notes[0].id = s.notes[1].id, "two notes have the id 1700000000000");
    check_fault(|s| s.notes[0].guid.clear(), "note 1700000000001 has no guid");
    check_fault(|s| "g1".clone_into(&mut s.notes[0].guid), "two notes have the guid `g1`");
    check_fault(|s| s.notes[0].note_type = 2, "note `g2` refers to something that the package does not hold");
    check_fault(
        |s| s.notes[0].cards[0].deck = 9,
        "note `g2` refers to something that the package does not hold",
    );
    check_fault(|s| s.notes[0].fields.truncate(4), "note `g2` has 4 fields, and its note type 5");
    check_fault(|s| s.notes[0].cards.clear(), "the cards of note `g2` are not those of its note type");
    check_fault(|s| s.notes[0].cards[1].ord = 0, "the cards of note `g2` are not those of its note type");
    check_fault(|s| s.notes[0].cards[1].ord = 500, "the cards of note `g2` are not those of its note type");
    check_fault(|s| s.notes[1].cards[0].ord = 1, "the cards of note `g1` are not those of its note type");
    check_fault(|s| s.note_types[1].id = s.note_types[0].id, "two note types have the id 1762931408000");
    check_fault(
        |s| s.decks[0].name = DeckName::new("default").expect("short"),
        "two decks are called `Default`",
    );
    check_fault(|s| "../x".clone_into(&mut s.media[0].name), "`../x` is not a name for a medium");
    check_fault(|s| s.media[0].name.clear(), "`` is not a name for a medium");
    check_fault(|s| "A.PNG".clone_into(&mut s.media[0].name), "two media are called `a.png`");
    check_fault(|s| s.media[0].size = 1 << 32, "medium `fig-1.svg` is too large");
}

#[test]
fn faults_compare_as_values() {
    let mut sample = sample();
    sample.notes[0].id = -1;
    let fault = sample.with(super::fault::check);
    assert_eq!(fault, Err(PackageFault::NoteId { guid: "g2".to_owned(), id: -1 }));
}

#[test]
fn a_package_without_notes_is_a_package() {
    let mut sample = sample();
    sample.notes.clear();
    sample.media.clear();
    let package = sample.write(Container::Legacy).expect("nothing is wrong with it");
    let connection = database(&members(&package)[0].1);
    assert_eq!(rows(&connection, "SELECT count(*), crt FROM col, notes"), "0|NULL\n");
}
