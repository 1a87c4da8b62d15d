//! CSV for spreadsheets and other programs: RFC 4180, UTF-8, with a header row.
//!
//! One table for all note types. The columns are those that a person reads: the text of a cloze note stands in `front`, with
//! its deletions as `{{c1::…}}`, so that the file can be read again.

use std::io::{self, BufWriter, Write};
use std::str::FromStr;

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::losses::{Finder, Shown};
use super::{Backend, Choice, Context, EmitError, Emitted, Feature, Output};
use crate::model::{BuiltIn, Collection, Identity, Note, Owner};
use crate::plain::{self, Clozes, Links, Style};

/// Writes CSV.
#[derive(Clone, Copy, Debug, Default)]
pub struct Csv;

/// Is a column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// What Anki matches notes by.
    Guid,
    /// The note id.
    Id,
    /// When the note last changed, in s since 1970.
    Modified,
    /// The key of the note type.
    NoteType,
    /// The deck.
    Deck,
    /// The tags, with spaces between.
    Tags,
    /// The first side: `Front`, or `Text` of a cloze note.
    Front,
    /// The field of that name; empty in note types that do not have it.
    Field(&'static str),
}

impl Column {
    /// All columns, each with the name that header and `--columns` use.
    pub const ALL: [(&'static str, Column); 13] = [
        ("guid", Column::Guid),
        ("id", Column::Id),
        ("modified", Column::Modified),
        ("note_type", Column::NoteType),
        ("deck", Column::Deck),
        ("tags", Column::Tags),
        ("front", Column::Front),
        ("back", Column::Field("Back")),
        ("add_reverse", Column::Field("Add Reverse")),
        ("extra", Column::Field("Extra")),
        ("hint", Column::Field("Hint")),
        ("context", Column::Field("Context")),
        ("source", Column::Field("Source")),
    ];

    /// Returns the name in the header row.
    #[must_use]
    pub fn name(self) -> &'static str {
        Column::ALL.iter().find(|(_, column)| *column == self).map_or("", |(name, _)| name)
    }

    /// Tells whether cells are guarded against being run as a formula. An id is nobody's to change: with a `'` more it is another note.
    fn is_guarded(self) -> bool {
        match self {
            Column::Deck | Column::Tags | Column::Front | Column::Field(_) => true,
            Column::Guid | Column::Id | Column::Modified | Column::NoteType => false,
        }
    }

    /// Returns the place of the column's field in notes of that type.
    fn field(self, note_type: BuiltIn) -> Option<usize> {
        match self {
            Column::Front => Some(0),
            Column::Field(name) => note_type.field(name),
            Column::Guid | Column::Id | Column::Modified | Column::NoteType | Column::Deck | Column::Tags => {
                None
            }
        }
    }
}

impl FromStr for Column {
    type Err = UnknownColumn;

    /// Reads a column's name; case, spaces, `-` and `_` make no difference, and `text` is the front.
    fn from_str(name: &str) -> Result<Column, UnknownColumn> {
        let key = name.trim().to_lowercase().replace([' ', '-'], "_");
        let key = if key == "text" { "front" } else { &key };
        let found = Column::ALL.iter().find(|(known, _)| *known == key);
        found.map(|(_, column)| *column).ok_or_else(|| UnknownColumn(key.to_owned()))
    }
}

/// Says that no column has the name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no column has that name; {}", self.help())]
pub struct UnknownColumn(String);

impl UnknownColumn {
    /// Says what to do.
    #[must_use]
    pub fn help(&self) -> String {
        let known = Column::ALL.map(|(known, _)| known);
        match crate::suggest::nearest(&self.0, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("columns are `{}`", known.join("`, `")),
        }
    }
}

impl Backend for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn summary(&self) -> &'static str {
        "a table for spreadsheets and other programs"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("csv")
    }

    fn carries(&self) -> &[Feature] {
        &[
            Feature::Cloze,
            Feature::Reversed,
            Feature::TypeIn,
            Feature::Tags,
            Feature::Decks,
            Feature::Ids,
            Feature::ExtraFields,
        ]
    }

    fn emit(
        &self,
        collection: &Collection,
        context: &Context<'_>,
        out: &mut dyn Output,
    ) -> Result<Emitted, EmitError> {
        let options = &context.options.csv;
        let columns = columns(&options.columns, collection);
        let mut file = BufWriter::new(out.create(&format!("{}.csv", context.stem))?);
        if options.bom == Choice::On {
            file.write_all("\u{feff}".as_bytes())?;
        }
        let terminator = match options.crlf {
            Choice::On => Terminator::CRLF,
            Choice::Off => Terminator::Any(b'\n'),
        };
        // Quoted where it holds `#`: some readers, deckc and Anki among them, take such a line for a comment.
        let mut table = WriterBuilder::new()
            .terminator(terminator)
            .quote_style(QuoteStyle::Necessary)
            .comment(Some(b'#'))
            .from_writer(file);
        table.write_record(columns.iter().map(|column| column.name())).map_err(io::Error::from)?;
        let shown = if options.html == Choice::On { Shown::Name } else { Shown::Text };
        let mut finder = Finder::new(collection, shown);
        let mut formulas = 0;
        let mut cell = String::new();
        for (place, (note, rendered)) in collection.rendered().enumerate() {
            for column in &columns {
                cell.clear();
                write_cell(&mut cell, *column, note, rendered, collection, options.html);
                if column.is_guarded() && is_formula(&cell) {
                    formulas += 1;
                    if options.guard_formulas == Choice::On {
                        cell.insert(0, '\'');
                    }
                }
                table.write_field(&cell).map_err(io::Error::from)?;
            }
            table.write_record(None::<&[u8]>).map_err(io::Error::from)?;
            finder.media(place, note);
            if options.html == Choice::Off {
                finder.text(place, note);
            }
            without_column(&mut finder, place, note, &columns);
        }
        table.flush()?;
        lost_columns(&mut finder, &columns, collection);
        let mut emitted = finder.finish();
        if formulas > 0 {
            emitted.advice.push(formula_advice(formulas, options.guard_formulas));
        }
        Ok(emitted)
    }
}

/// Returns the columns that were asked for, or the default ones.
fn columns(asked: &[Column], collection: &Collection) -> Vec<Column> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    let reverse = collection.notes().iter().any(|note| note.note_type == BuiltIn::OptionalReversed);
    let wanted = |column: &Column| match column {
        Column::Id | Column::Modified => false,
        Column::Field(name) => *name != "Add Reverse" || reverse,
        Column::Guid | Column::NoteType | Column::Deck | Column::Tags | Column::Front => true,
    };
    Column::ALL.iter().map(|(_, column)| *column).filter(wanted).collect()
}

fn write_cell(
    cell: &mut String,
    column: Column,
    note: &Note<Identity>,
    rendered: &[String],
    collection: &Collection,
    html: Choice,
) {
    match column {
        Column::Guid => cell.push_str(&note.identity.guid),
        Column::Id => cell.push_str(&note.identity.id.to_string()),
        Column::Modified => cell.push_str(&note.identity.modified.to_string()),
        Column::NoteType => cell.push_str(note.note_type.key()),
        Column::Deck => cell.push_str(&note.deck),
        Column::Tags => cell.push_str(&note.tags.join(" ")),
        Column::Front | Column::Field(_) => {
            let Some(place) = column.field(note.note_type) else {
                return;
            };
            match html {
                Choice::On => cell.push_str(&rendered[place]),
                Choice::Off => {
                    let marked = place == 0 && note.note_type.is_cloze();
                    let clozes = if marked { Clozes::Marked } else { Clozes::Shown };
                    let style = Style { clozes, links: Links::Address };
                    cell.push_str(&plain::field(&note.fields[place].blocks, collection.media(), style));
                }
            }
        }
    }
}

/// Reports what no row says: decks, ids and note types without a column, and the style of note types of the project's own.
fn lost_columns(finder: &mut Finder<'_>, columns: &[Column], collection: &Collection) {
    if !columns.contains(&Column::Deck) {
        finder.lose_everywhere(Feature::Decks, "decks have no column");
    }
    if !columns.contains(&Column::Guid) {
        finder.lose_everywhere(Feature::Ids, "guids have no column");
    }
    if !columns.contains(&Column::NoteType) {
        finder.lose_everywhere(Feature::NoteTypes, "note types have no column");
    } else if collection.note_types().iter().any(|owned| owned.owner == Owner::Project) {
        finder.lose_everywhere(Feature::NoteTypes, "named without the project's style");
    }
}

/// Reports content for which the table has no column.
fn without_column(finder: &mut Finder<'_>, place: usize, note: &Note<Identity>, columns: &[Column]) {
    for (field, name) in note.fields.iter().zip(note.note_type.fields()) {
        let index = note.note_type.field(name);
        let written = columns.iter().any(|column| index.is_some() && column.field(note.note_type) == index);
        if !field.is_empty() && !written {
            finder.lose(Feature::ExtraFields, place, format!("`{name}` has no column"));
        }
    }
    if !note.tags.is_empty() && !columns.contains(&Column::Tags) {
        finder.lose(Feature::Tags, place, "tags have no column");
    }
}

/// Returns whether a spreadsheet would run the cell as a formula.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn formula_advice(count: usize, guard: Choice) -> String {
    let (cells, begin) = if count == 1 { ("cell", "begins") } else { ("cells", "begin") };
    match guard {
        Choice::On => {
            format!("{count} {cells} got a `'` in front, so that a spreadsheet takes them for text")
        }
        Choice::Off => format!(
            "{count} {cells} {begin} with `=`, `+`, `-` or `@`, which a spreadsheet may run as a formula: `--guard-formulas` prevents it"
        ),
    }
}
