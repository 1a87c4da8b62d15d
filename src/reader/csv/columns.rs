//! What the columns of a table are.

/// Is what a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// The front of a note with two sides, the text of a cloze note.
    Front,
    /// The back; `Extra` of a cloze note.
    Back,
    /// The field of that name.
    Field(&'static str),
    /// The field at that place of the note type, whatever it is called.
    Nth(usize),
    /// Tags with spaces between them.
    Tags,
    /// The deck.
    Deck,
    /// The note type.
    NoteType,
    /// An Anki guid.
    Guid,
    /// An id chosen by the author.
    Id,
    /// Something that deckc does not know.
    Unknown,
}

/// Is the header that deckc's own `csv` format writes.
const OWN: [&str; 10] =
    ["guid", "note_type", "deck", "tags", "front", "back", "extra", "hint", "context", "source"];

impl Column {
    /// Returns what a column of that name holds.
    pub(super) fn named(name: &str) -> Column {
        let name = name.trim().to_lowercase().replace(['_', '-'], " ");
        match name.as_str() {
            "front" | "question" | "term" | "text" | "prompt" | "word" => Column::Front,
            "back" | "answer" | "definition" | "meaning" => Column::Back,
            "extra" | "back extra" | "notes" => Column::Field("Extra"),
            "hint" => Column::Field("Hint"),
            "context" => Column::Field("Context"),
            "source" => Column::Field("Source"),
            "add reverse" => Column::Field("Add Reverse"),
            "tags" | "tag" => Column::Tags,
            "deck" => Column::Deck,
            "type" | "note type" | "notetype" => Column::NoteType,
            "guid" => Column::Guid,
            "id" => Column::Id,
            _ => Column::Unknown,
        }
    }

    /// Returns whether the column holds content and not what is said about it.
    pub(super) fn is_content(&self) -> bool {
        match self {
            Column::Front | Column::Back | Column::Field(_) | Column::Nth(_) => true,
            Column::Tags | Column::Deck | Column::NoteType | Column::Guid | Column::Id | Column::Unknown => {
                false
            }
        }
    }
}

/// Returns the columns that a first row names, if it is a header: it names a front and one column more, or all its cells
/// are names.
pub(super) fn header(names: &[String]) -> Option<Vec<Column>> {
    let columns: Vec<Column> = names.iter().map(|name| Column::named(name)).collect();
    let known = columns.iter().filter(|column| **column != Column::Unknown).count();
    let front = columns.contains(&Column::Front);
    (front && (known >= 2 || known == columns.len())).then_some(columns)
}

/// Returns whether the header is one that deckc wrote, so that what it guards against spreadsheets can be taken off.
pub(super) fn is_own(names: &[String]) -> bool {
    let mut own = OWN.iter();
    names.iter().all(|name| own.any(|own| own == name))
        && names.first().is_some_and(|name| name == "guid")
        && names.get(1).is_some_and(|name| name == "note_type")
}
