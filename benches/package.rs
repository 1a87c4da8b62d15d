//! Times the writing of a package: `cargo bench --bench package -- [NOTES] [CHARACTERS PER FIELD] [plain|legacy|latest]`.
//!
//! Without the last word all three are timed; with it the memory and processor time of one can be read off its process.

use std::io::{Cursor, Write};
use std::time::Instant;

use deckc::anki::checksum::field_checksum;
use deckc::anki::deck_name::DeckName;
use deckc::anki::note_types::shared;
use deckc::anki::package::{CardRow, Container, Deck, Description, NoteRow, Package, collection, write};
use deckc::model::BuiltIn;
use rusqlite::{Connection, MAIN_DB};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn main() {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse::<usize>().ok());
    let count = numbers.next().unwrap_or(100_000);
    let length = numbers.next().unwrap_or(280);
    let mut random = Random(1);
    let fields: Vec<_> = (0..count)
        .map(|_| {
            let mut fields = vec![String::new(); 6];
            for field in &mut fields[..3] {
                *field = random.text(length);
            }
            fields
        })
        .collect();
    let guids: Vec<_> = (0..count).map(|note| format!("note-{note:07}")).collect();
    let cards: Vec<_> = (1..).zip(0..count).map(|(due, _)| [CardRow { ord: 0, deck: 0, due }]).collect();
    let tags = ["bench".to_owned()];
    let notes: Vec<_> = (0..count)
        .map(|note| NoteRow {
            id: 1_700_000_000_000 + i64::try_from(note).expect("the count is small"),
            guid: &guids[note],
            note_type: 0,
            modified: 1_700_000_000,
            tags: &tags,
            fields: &fields[note],
            cards: &cards[note],
        })
        .collect();
    let name = DeckName::new("Bench").expect("the name has one level");
    let package = Package {
        note_types: &[shared(BuiltIn::Basic)],
        decks: &[Deck { name, description: Description::None }],
        notes: &notes,
        media: &[],
    };
    let chosen = |name: &str| {
        let mut words =
            std::env::args().filter(|word| ["plain", "legacy", "latest"].contains(&word.as_str()));
        words.next().is_none_or(|word| word == name)
    };
    let report = |name: &str, start: Instant, size: usize| {
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{count} notes, {length} characters a field: {name} {seconds:.3} s, {:.2} MB",
            megabytes(size)
        );
    };
    if chosen("plain") {
        let start = Instant::now();
        report("plain program", start, plain(&package));
    }
    for (name, container) in [("legacy", Container::Legacy), ("latest", Container::Latest)] {
        if chosen(name) {
            let start = Instant::now();
            let rows = collection(&package, container).expect("the rows are sound").len();
            report(&format!("{name}, collection alone"), start, rows);
            let start = Instant::now();
            let file =
                write(Cursor::new(Vec::new()), &package, container, &|_| unreachable!("there are no media"))
                    .expect("the rows are sound");
            report(&format!("{name}, package"), start, file.into_inner().len());
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes are shown with two digits")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// The yardstick: the same rows by `rusqlite` in one transaction, deflated at level 6 by one thread; returns the size of the file.
fn plain(package: &Package<'_>) -> usize {
    let mut connection = Connection::open_in_memory().expect("there is memory");
    connection
        .execute_batch(
            "CREATE TABLE notes (id integer PRIMARY KEY, guid text, mid integer, mod integer, usn integer, tags text, flds text, sfld integer, csum integer, flags integer, data text);
            CREATE TABLE cards (id integer PRIMARY KEY, nid integer, did integer, ord integer, mod integer, usn integer, type integer, queue integer, due integer, ivl integer,
            factor integer, reps integer, lapses integer, left integer, odue integer, odid integer, flags integer, data text); BEGIN",
        )
        .expect("the statements are right");
    {
        let mut notes = connection
            .prepare("INSERT INTO notes VALUES (?, ?, 1, ?, -1, '', ?, ?, ?, 0, '')")
            .expect("the statement is right");
        let mut cards = connection
            .prepare("INSERT INTO cards VALUES (?, ?, 1, ?, 0, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')")
            .expect("the statement is right");
        for note in package.notes {
            let (first, sum) = (&note.fields[0], field_checksum(&note.fields[0]));
            notes
                .execute((note.id, note.guid, note.modified, note.fields.join("\u{1f}"), first, sum))
                .expect("the row is right");
            for card in note.cards {
                cards.execute((note.id, note.id, card.ord, card.due)).expect("the row is right");
            }
        }
    }
    connection.execute_batch("COMMIT").expect("there is memory");
    let bytes = connection.serialize(MAIN_DB).expect("there is memory").to_vec();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_level(Some(6));
    zip.start_file("collection.anki21", options).expect("nothing is written to a disk");
    zip.write_all(&bytes).expect("nothing is written to a disk");
    zip.finish().expect("nothing is written to a disk").into_inner().len()
}

/// The numbers of Marsaglia's xorshift: the same words on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }

    /// Words of two to nine letters out of 4,000, some far more frequent, as in real text.
    fn text(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length + 10);
        while text.len() < length {
            let rank = self.next(4000) * self.next(4000) / 4000;
            let mut word = rank.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8;
            for _ in 0..2 + rank % 8 {
                text.push(char::from(b'a' + u8::try_from(word % 26).expect("it is below 26")));
                word /= 26;
            }
            text.push(' ');
        }
        text
    }
}
