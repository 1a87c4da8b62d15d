//! What the driver reports: the contents of a collection, the logs of its imports, its cards as they are shown.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Everything in a collection that tests compare.
#[derive(Debug, Deserialize)]
pub struct Dump {
    /// By note id, which is the order of creation.
    pub notes: Vec<Note>,
    /// By guid, then template.
    pub cards: Vec<Card>,
    /// By name; Anki's stock note types among them.
    pub notetypes: Vec<NoteType>,
    /// By name; the deck `Default` among them.
    pub decks: Vec<Deck>,
    /// File name to SHA-256 in hexadecimal.
    pub media: BTreeMap<String, String>,
}

impl Dump {
    /// Returns the note that holds the text in one of its fields; panics if none or several do.
    pub fn note(&self, text: &str) -> &Note {
        let found: Vec<&Note> = self.notes.iter().filter(|note| note.holds(text)).collect();
        match found[..] {
            [note] => note,
            _ => panic!("{} notes hold `{text}`, not one: {:#?}", found.len(), self.notes),
        }
    }

    /// Returns the note with a guid, if the collection has it.
    pub fn note_with_guid(&self, guid: &str) -> Option<&Note> {
        self.notes.iter().find(|note| note.guid == guid)
    }

    /// Returns the cards of a note, by template.
    pub fn cards_of(&self, guid: &str) -> Vec<&Card> {
        self.cards.iter().filter(|card| card.guid == guid).collect()
    }

    /// Returns the guids of all notes, sorted; a guid that two notes share comes twice.
    pub fn guids(&self) -> Vec<&str> {
        let mut guids: Vec<&str> = self.notes.iter().map(|note| note.guid.as_str()).collect();
        guids.sort_unstable();
        guids
    }
}

/// A note.
#[derive(Debug, PartialEq, Deserialize)]
pub struct Note {
    /// What Anki recognises it by in a later package.
    pub guid: String,
    /// Its creation time in milliseconds.
    pub id: i64,
    /// Its last change in Unix seconds.
    #[serde(rename = "mod")]
    pub modified: i64,
    /// The id of its note type.
    pub notetype_id: i64,
    /// The name of its note type, if that exists.
    pub notetype: Option<String>,
    /// Its fields as stored: HTML.
    pub fields: Vec<String>,
    /// Its tags as stored.
    pub tags: Vec<String>,
}

impl Note {
    /// Whether one of its fields holds the text.
    pub fn holds(&self, text: &str) -> bool {
        self.fields.iter().any(|field| field.contains(text))
    }
}

/// A card, with its scheduling.
#[derive(Debug, PartialEq, Deserialize)]
pub struct Card {
    /// The guid of its note.
    pub guid: String,
    /// Its template, or the number of its cloze deletion less one.
    pub ord: u32,
    /// Its creation time in milliseconds.
    pub id: i64,
    /// The name of its deck (its home if it visits a filtered one), if that exists.
    pub deck: Option<String>,
    /// 0 new, 1 learning, 2 review, 3 relearning.
    #[serde(rename = "type")]
    pub kind: i64,
    /// As `kind`; −1 suspended, −2 and −3 buried.
    pub queue: i64,
    /// Its place among the new cards, its day, or its second, by `kind`.
    pub due: i64,
    /// Days until the next review, or negative seconds.
    pub ivl: i64,
    /// Ease in permille.
    pub factor: i64,
    /// How often it was answered.
    pub reps: i64,
    /// How often it was forgotten.
    pub lapses: i64,
    /// Its colour.
    pub flags: i64,
    /// One row for each answer: id (ms), ease, ivl, last ivl, factor, time taken (ms), type.
    pub revlog: Vec<Vec<i64>>,
}

/// A note type.
#[derive(Debug, PartialEq, Deserialize)]
pub struct NoteType {
    /// Its id.
    pub id: i64,
    /// Its name; Anki adds a `+` where an import clashed.
    pub name: String,
    /// Its last change in Unix seconds.
    #[serde(rename = "mod")]
    pub modified: i64,
    /// Whether its cards come from cloze deletions.
    pub cloze: bool,
    /// The names of its fields.
    pub fields: Vec<String>,
    /// Its templates.
    pub templates: Vec<Template>,
    /// Its style sheet.
    pub css: String,
    /// How many notes use it.
    pub notes: usize,
}

/// A card template.
#[derive(Debug, PartialEq, Deserialize)]
pub struct Template {
    /// Its name.
    pub name: String,
    /// The template of the question.
    pub front: String,
    /// The template of the answer.
    pub back: String,
}

/// A deck.
#[derive(Debug, PartialEq, Deserialize)]
pub struct Deck {
    /// Its full name, `::` between the parts.
    pub name: String,
    /// Its description as stored.
    pub description: String,
}

/// What an import says it did, as Anki's window shows it.
#[derive(Debug, Deserialize)]
pub struct ImportLog {
    /// How many notes the file held.
    pub found_notes: usize,
    /// Notes that were added.
    pub new: Vec<Logged>,
    /// Notes whose fields and tags were replaced.
    pub updated: Vec<Logged>,
    /// Notes that were there already and left alone.
    pub duplicate: Vec<Logged>,
    /// Notes that could not be updated because their note type differs.
    pub conflicting: Vec<Logged>,
    /// Text import: notes found by their first field.
    pub first_field_match: Vec<Logged>,
    /// Text import: notes of an unknown note type.
    pub missing_notetype: Vec<Logged>,
    /// Text import: notes for an unknown deck.
    pub missing_deck: Vec<Logged>,
    /// Text import: notes without a first field.
    pub empty_first_field: Vec<Logged>,
}

impl ImportLog {
    /// Returns how many notes were new, updated, duplicate and conflicting.
    pub fn counts(&self) -> (usize, usize, usize, usize) {
        (self.new.len(), self.updated.len(), self.duplicate.len(), self.conflicting.len())
    }
}

/// A note in an import's log.
#[derive(Debug, Deserialize)]
pub struct Logged {
    /// Its guid, if it is in the collection; a conflicting note is not named by all versions.
    pub guid: Option<String>,
    /// Its fields as the log shows them: without HTML, and shortened.
    pub fields: Vec<String>,
}

/// What Check Database says and does.
#[derive(Debug, PartialEq, Deserialize)]
pub struct DatabaseCheck {
    /// What it names.
    pub problems: Vec<String>,
    /// What it changed in notes and cards, which it does not always name: cards made for notes that lacked them.
    pub silent_changes: Vec<String>,
}

/// What Check Media says.
#[derive(Debug, PartialEq, Deserialize)]
pub struct MediaCheck {
    /// Named in a note, and not there.
    pub missing: Vec<String>,
    /// There, and named in no note.
    pub unused: Vec<String>,
}

/// One card of a note.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct CardName {
    /// The guid of its note.
    pub guid: String,
    /// Its template, or the number of its cloze deletion less one.
    pub ord: u32,
}

/// A card as the reviewer shows it.
#[derive(Debug, Deserialize)]
pub struct Rendered {
    /// The guid of its note.
    pub guid: String,
    /// Its template, or the number of its cloze deletion less one.
    pub ord: u32,
    /// The HTML of the question.
    pub question: String,
    /// The HTML of the answer.
    pub answer: String,
    /// Sides on which Anki shows an error text of its own, with their HTML.
    pub errors: Vec<String>,
}
