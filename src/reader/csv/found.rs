//! What is wrong with the rows of a table, gathered: a file of many rows with one fault is one finding.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::BuiltIn;
use crate::reader::gather::gathered;
use crate::reader::id::ID_HELP;
use crate::source::Span;

/// Holds the places of what is wrong, by kind.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Rows with fewer cells than columns.
    pub(super) short: Vec<Span>,
    /// Filled cells behind the last column.
    pub(super) long: Vec<Span>,
    /// Filled cells that the row's note type has no field for.
    pub(super) homeless: Vec<Span>,
    /// Rows whose first field is empty.
    pub(super) empty: Vec<Span>,
    /// Text behind closing quotes.
    pub(super) faults: Vec<Span>,
    unknown: Vec<(String, Vec<Span>)>,
    ids: Vec<(&'static str, Vec<Span>)>,
}

impl Found {
    /// Remembers a note type that nobody knows.
    pub(super) fn unknown(&mut self, name: &str, place: Span) {
        match self.unknown.iter_mut().find(|(known, _)| known == name) {
            Some((_, places)) => places.push(place),
            None => self.unknown.push((name.to_owned(), vec![place])),
        }
    }

    /// Remembers an id that cannot be one, and why.
    pub(super) fn refused(&mut self, why: &'static str, place: Span) {
        match self.ids.iter_mut().find(|(known, _)| *known == why) {
            Some((_, places)) => places.push(place),
            None => self.ids.push((why, vec![place])),
        }
    }

    /// Reports all of it, for a table of so many columns, and returns whether there was nothing.
    pub(super) fn report(self, columns: usize, diagnostics: &mut Diagnostics) -> bool {
        let short = format!("row with fewer cells than the {columns} columns; the missing ones are empty");
        let long = format!("cell behind the last of {columns} columns; it is left out");
        let kinds = [
            (
                Code::CsvRow,
                self.faults,
                "text stands behind a closing quote",
                "put quotes round the whole cell, and double each quote inside it",
            ),
            (Code::CsvColumns, self.short, short.as_str(), "add the missing delimiters"),
            (
                Code::CsvColumns,
                self.long,
                long.as_str(),
                "put quotes round a cell that holds the delimiter, or name the column",
            ),
            (
                Code::CsvColumns,
                self.homeless,
                "cell in a column that the row's note type has no field for; it is left out",
                "move it to a field that the note type has",
            ),
            (
                Code::EmptySide,
                self.empty,
                "row whose first field is empty; it makes no card, as in Anki",
                "fill the first field, or delete the row",
            ),
        ];
        let mut silent = true;
        let mut push = |finding: Option<Diagnostic>, help: &str| {
            if let Some(finding) = finding {
                silent = false;
                diagnostics.push(finding.help(help));
            }
        };
        for (code, places, message, help) in kinds {
            push(gathered(code, &places, message, "here too"), help);
        }
        let names: Vec<&str> = BuiltIn::ALL.iter().map(|known| known.key()).collect();
        let help = format!("use one of {}", names.join(", "));
        for (name, places) in self.unknown {
            let message = format!("unknown note type `{name}`; its rows make no notes");
            push(gathered(Code::UnknownNoteType, &places, message, "here too"), &help);
        }
        for (why, places) in self.ids {
            push(gathered(Code::InvalidId, &places, format!("id {why}"), "here too"), ID_HELP);
        }
        silent
    }
}
