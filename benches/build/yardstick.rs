//! The yardstick: what a plain, single-threaded program needs for the same notes.
//!
//! It parses the files with `pulldown-cmark`, renders each note's sides with that crate's own HTML writer, inserts the rows with
//! `rusqlite` in one transaction into a database file, and deflates that at level 6 into a zip. No identity, no ledger, no
//! diagnostics, no highlighting, no check of anything: it understands just as much Markdown as the corpus holds.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use deckc::anki::checksum::{checksum_of, sort_text};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, html};
use rusqlite::Connection;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Reads the sources below `folder`, writes `plain.apkg` and returns how many notes and cards it holds.
///
/// # Errors
/// When a file cannot be read or written.
pub fn run(folder: &Path, out: &Path) -> io::Result<(usize, usize)> {
    let mut notes = Vec::new();
    for path in sources(folder)? {
        read(&fs::read_to_string(path)?, &mut notes);
    }
    let database = out.join("collection.anki21");
    let cards = insert(&notes, &database).map_err(io::Error::other)?;
    let mut zip = ZipWriter::new(File::create(out.join("plain.apkg"))?);
    zip.start_file("collection.anki21", SimpleFileOptions::default().compression_level(Some(6)))?;
    zip.write_all(&fs::read(database)?)?;
    zip.finish()?;
    Ok((notes.len(), cards))
}

fn sources(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for topic in fs::read_dir(folder)? {
        for file in fs::read_dir(topic?.path())? {
            files.push(file?.path());
        }
    }
    files.sort();
    Ok(files)
}

/// Is a note with its sides as HTML.
#[derive(Default)]
struct Note {
    front: String,
    back: String,
    section: String,
    /// How many cards it makes.
    cards: usize,
}

/// Is what the blocks so far leave open.
enum Open {
    Nothing,
    /// A heading that is a card if a body follows, else a section.
    Heading(String),
    /// A note whose back may go on.
    Note,
}

fn read(text: &str, notes: &mut Vec<Note>) {
    let body = text.find("\n---\n").map_or(text, |end| &text[end + 5..]);
    let events: Vec<Event<'_>> = Parser::new_ext(body, options()).collect();
    let mut open = Open::Nothing;
    let mut section = String::new();
    for block in blocks(&events) {
        match &block[0] {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
                section = render(&block[1..block.len() - 1]);
                open = Open::Nothing;
            }
            Event::Start(Tag::Heading { .. }) => open = Open::Heading(render(&block[1..block.len() - 1])),
            Event::Start(Tag::DefinitionList) => {
                name_section(&mut section, &mut open);
                for side in blocks(&block[1..block.len() - 1]) {
                    let html = render(&side[1..side.len() - 1]);
                    match &side[0] {
                        Event::Start(Tag::DefinitionListTitle) => {
                            notes.push(Note {
                                front: html,
                                section: section.clone(),
                                cards: 1,
                                ..Note::default()
                            });
                        }
                        _ => notes.last_mut().expect("a title comes first").back = html,
                    }
                }
            }
            Event::Start(Tag::Paragraph) if starts_with(block, "Q: ") => {
                name_section(&mut section, &mut open);
                let front = render(&without(block, "Q: "));
                notes.push(Note { front, section: section.clone(), cards: 1, ..Note::default() });
                open = Open::Note;
            }
            Event::Start(Tag::Paragraph) if starts_with(block, "A: ") => {
                notes.last_mut().expect("a question comes first").back = render(&without(block, "A: "));
            }
            Event::Start(Tag::Paragraph) if holds_cloze(block) => {
                name_section(&mut section, &mut open);
                let front = render(&block[1..block.len() - 1]);
                let cards = front.matches("{{c").count();
                notes.push(Note { front, section: section.clone(), cards, ..Note::default() });
            }
            _ => match std::mem::replace(&mut open, Open::Note) {
                Open::Heading(front) => {
                    notes.push(Note { front, back: render(block), section: section.clone(), cards: 1 });
                }
                Open::Note => html::push_html(
                    &mut notes.last_mut().expect("a note is open").back,
                    block.iter().cloned(),
                ),
                Open::Nothing => open = Open::Nothing,
            },
        }
    }
}

/// A heading with no body of its own names what follows.
fn name_section(section: &mut String, open: &mut Open) {
    if let Open::Heading(name) = std::mem::replace(open, Open::Nothing) {
        *section = name;
    }
}

/// Divides events into their outermost blocks.
fn blocks<'e, 't>(mut events: &'e [Event<'t>]) -> impl Iterator<Item = &'e [Event<'t>]> {
    std::iter::from_fn(move || {
        let mut depth = 0_usize;
        let end = events.iter().position(|event| {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
            depth == 0
        })?;
        let (block, rest) = events.split_at(end + 1);
        events = rest;
        Some(block)
    })
}

fn starts_with(block: &[Event<'_>], label: &str) -> bool {
    matches!(block.get(1), Some(Event::Text(text)) if text.starts_with(label))
}

fn holds_cloze(block: &[Event<'_>]) -> bool {
    block.iter().any(|event| matches!(event, Event::Text(text) if text.contains("{{c")))
}

/// Returns the inside of a paragraph without its label.
fn without<'t>(block: &[Event<'t>], label: &str) -> Vec<Event<'t>> {
    let mut inner = block[1..block.len() - 1].to_vec();
    if let Some(Event::Text(text)) = inner.first_mut() {
        *text = text[label.len()..].to_owned().into();
    }
    inner
}

fn render(events: &[Event<'_>]) -> String {
    let mut text = String::new();
    html::push_html(&mut text, events.iter().cloned());
    text
}

/// The options that deckc reads its own dialect with.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_WIKILINKS
}

fn insert(notes: &[Note], path: &Path) -> rusqlite::Result<usize> {
    let mut connection = Connection::open(path)?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(
        "CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL, tags text NOT NULL,
            flds text NOT NULL, sfld integer NOT NULL, csum integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
        CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL,
            type integer NOT NULL, queue integer NOT NULL, due integer NOT NULL, ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL,
            lapses integer NOT NULL, left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);",
    )?;
    let mut cards = 0;
    {
        let mut note_row =
            transaction.prepare("INSERT INTO notes VALUES (?, ?, 1, ?, -1, ' bench ', ?, ?, ?, 0, '')")?;
        let mut card_row = transaction
            .prepare("INSERT INTO cards VALUES (?, ?, 1, ?, 0, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')")?;
        for (index, note) in (0_i64..).zip(notes) {
            let id = 1_700_000_000_000 + index;
            let fields = [&note.front, &note.back, "", "", "", &note.section].join("\u{1f}");
            let sort = sort_text(&note.front);
            note_row.execute((
                id,
                format!("note{index:08}"),
                1_700_000_000,
                fields,
                &sort,
                checksum_of(&sort),
            ))?;
            for ord in (0_i64..).take(note.cards) {
                cards += 1;
                card_row.execute((
                    1_700_000_000_000 + i64::try_from(cards).expect("few cards"),
                    id,
                    ord,
                    index + 1,
                ))?;
            }
        }
    }
    transaction.commit()?;
    Ok(cards)
}
