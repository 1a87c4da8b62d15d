//! Tables as text: the dialects `csv`, `tsv` and `anki-text`.
//!
//! They differ in how the delimiter is found and in what begins with `#`; rows become notes in one way.

mod columns;
mod found;
mod notes;
mod preamble;
mod records;
#[cfg(test)]
mod tests;
mod words;

use std::cmp::Ordering;

use columns::{Column, header, is_own};
use notes::{Guard, Layout, Plan, Rows};
use preamble::{Markup, Preamble};
use records::{Comments, Record, Records, Row};
use words::in_own_words;

use super::{Detected, Reader, Settings};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{BuiltIn, Draft, RegionKind};
use crate::source::SourceFile;

/// Rows that are looked at to find the delimiter.
const SAMPLE: usize = 50;

/// Columns that rows of Anki's text files are read for, whatever the first one has.
const WIDEST: usize = 32;

/// Bytes that Anki looks at to find the delimiter.
const ANKI_SAMPLE: usize = 8 * 1024;

/// Reads comma-separated values.
pub struct Csv;

/// Reads tab-separated values.
pub struct Tsv;

/// Reads Anki's own text export.
pub struct AnkiText;

impl Reader for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn summary(&self) -> &'static str {
        "comma- or semicolon-separated values, with or without a header row"
    }

    fn detect(&self, file: &SourceFile) -> Option<Detected> {
        if file.extension() == "csv" {
            return Some(Detected { score: 90, reason: "the file's name ends in `.csv`".into() });
        }
        [",", ";"].into_iter().find_map(|delimiter| named(file, delimiter))
    }

    fn read(&self, file: &SourceFile, settings: &Settings, diagnostics: &mut Diagnostics) -> Draft {
        read(file, settings, Kind::Csv, diagnostics)
    }
}

impl Reader for Tsv {
    fn name(&self) -> &'static str {
        "tsv"
    }

    fn summary(&self) -> &'static str {
        "tab-separated values, with or without a header row"
    }

    fn detect(&self, file: &SourceFile) -> Option<Detected> {
        let extension = file.extension();
        if matches!(extension.as_str(), "tsv" | "tab") {
            return Some(Detected { score: 90, reason: format!("the file's name ends in `.{extension}`") });
        }
        named(file, "\t")
    }

    fn read(&self, file: &SourceFile, settings: &Settings, diagnostics: &mut Diagnostics) -> Draft {
        read(file, settings, Kind::Tsv, diagnostics)
    }
}

impl Reader for AnkiText {
    fn name(&self) -> &'static str {
        "anki-text"
    }

    fn summary(&self) -> &'static str {
        "Anki's text export, with `#key:value` lines at the top"
    }

    fn detect(&self, file: &SourceFile) -> Option<Detected> {
        let extension = file.extension();
        if !matches!(extension.as_str(), "" | "txt" | "text" | "csv" | "tsv" | "tab") {
            return None;
        }
        let first = file.lines().map(|line| &file.text[line]).find(|text| !text.trim().is_empty())?;
        preamble::is_known(first).then(|| Detected {
            score: 95,
            reason: format!("begins with `{}`, as Anki's text exports do", first.trim()),
        })
    }

    fn read(&self, file: &SourceFile, settings: &Settings, diagnostics: &mut Diagnostics) -> Draft {
        read(file, settings, Kind::Anki, diagnostics)
    }
}

/// Returns that a text file is a table where its first row is a header.
fn named(file: &SourceFile, delimiter: &str) -> Option<Detected> {
    if !matches!(file.extension().as_str(), "" | "txt" | "text") {
        return None;
    }
    let first = file.lines().map(|line| &file.text[line]).find(|text| !text.trim().is_empty())?;
    let names: Vec<String> =
        first.split(delimiter).map(|name| name.trim().trim_matches('"').to_owned()).collect();
    let columns = header(&names).filter(|columns| columns.len() >= 2)?;
    (!columns.contains(&Column::Unknown)).then(|| Detected {
        score: 92,
        reason: format!("the first row names columns: `{}`", names.join("`, `")),
    })
}

/// Says which of the dialects it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Csv,
    Tsv,
    Anki,
}

fn read(file: &SourceFile, settings: &Settings, kind: Kind, diagnostics: &mut Diagnostics) -> Draft {
    let text = &file.text;
    let comments = match kind {
        Kind::Anki => Comments::Hash,
        Kind::Csv | Kind::Tsv => Comments::None,
    };
    let start =
        if text.is_char_boundary(settings.body) { settings.body.max(file.start()) } else { file.start() };
    let preamble = preamble::read(file, start, comments, diagnostics);
    let delimiter = preamble.separator.clone().unwrap_or_else(|| match kind {
        Kind::Csv => delimiter(text, preamble.end),
        Kind::Tsv => "\t".into(),
        Kind::Anki => anki_delimiter(text, preamble.end),
    });
    let mut records = Records::new(text, preamble.end, &delimiter, comments).peekable();

    let mut plan = Plan {
        columns: Vec::new(),
        layout: Layout::Named,
        markup: Markup::Plain,
        guard: Guard::Keep,
        lengths: comments,
    };
    let mut header_row = None;
    let names = preamble.names(file, &delimiter);
    if names.is_empty() {
        if let Some(Row::Record(record)) = records.peek() {
            let names: Vec<String> =
                record.cells.iter().map(|cell| cell.value(text).trim().to_owned()).collect();
            let columns = header(&names).or_else(|| header(&in_own_words(&names)?));
            if let Some(columns) = columns.filter(|_| preamble.special.is_empty()) {
                unknown_columns(file, record, &columns, diagnostics);
                plan.columns = columns;
                plan.guard = if is_own(&names) { Guard::Strip } else { Guard::Keep };
                header_row = Some(record.span.clone());
            } else {
                plan.columns = unnamed(file, record, &preamble, kind, diagnostics);
                if kind != Kind::Anki && preamble.special.is_empty() {
                    plan.layout = Layout::Guessed;
                }
            }
        }
        if header_row.is_some() {
            records.next();
        }
    } else {
        plan.columns = names.iter().map(|name| Column::named(name)).collect();
        place(&mut plan.columns, &preamble);
        // Names of fields that deckc does not have are fields by their place, as Anki reads them.
        let mut nth = 0;
        let positional = !plan.columns.contains(&Column::Front);
        for column in &mut plan.columns {
            if column.is_content() || *column == Column::Unknown {
                if positional {
                    *column = Column::Nth(nth);
                }
                nth += 1;
            }
        }
    }
    let markup = preamble.markup;
    let mut rows = Rows::new(file, settings, &preamble, plan, diagnostics);
    for line in &preamble.lines {
        rows.region(line.clone(), RegionKind::Metadata);
    }
    if let Some(span) = header_row {
        rows.region(span, RegionKind::Metadata);
    }
    let rest: Vec<Row> = records.collect();
    rows.set_markup(markup, &rest);
    for row in rest {
        match row {
            Row::Record(record) => rows.record(&record),
            Row::Comment(span) => rows.region(span, RegionKind::Metadata),
            Row::Unclosed { quote, start } => rows.unclosed(quote, start),
        }
    }
    rows.finish()
}

/// Returns the columns of rows that no header names, and says so.
fn unnamed(
    file: &SourceFile,
    first: &Record,
    preamble: &Preamble,
    kind: Kind,
    diagnostics: &mut Diagnostics,
) -> Vec<Column> {
    let width = first.cells.len();
    match kind {
        Kind::Csv | Kind::Tsv if preamble.special.is_empty() => {
            let columns = [Column::Front, Column::Back, Column::Tags];
            let columns: Vec<Column> =
                (0..width).map(|at| columns.get(at).cloned().unwrap_or(Column::Unknown)).collect();
            diagnostics.push(
                Diagnostic::at(
                    Code::DialectGuessed,
                    file.span(first.span.clone()),
                    "no header row: the columns were read as front, back and tags",
                )
                .help("name the columns in the first row, such as `front,back,tags`"),
            );
            if let Some(cell) = first.cells.get(3) {
                diagnostics.push(
                    Diagnostic::at(
                        Code::CsvHeader,
                        file.span(cell.range.clone()),
                        "columns from the fourth on have no name; their cells are left out",
                    )
                    .help("name the columns in the first row, such as `front,back,tags,extra`"),
                );
            }
            columns
        }
        Kind::Csv | Kind::Tsv | Kind::Anki => {
            let mut columns = vec![Column::Unknown; width.max(WIDEST)];
            place(&mut columns, preamble);
            let special = |wanted| preamble.special.iter().any(|(_, column)| *column == wanted);
            // Anki takes the first column behind the last field for tags, where one note type holds for all rows.
            let fields = if special(Column::NoteType) || special(Column::Tags) {
                usize::MAX
            } else {
                stock_fields(preamble.note_type.as_ref().map_or("Basic", |name| name.value.as_str()))
            };
            let mut nth = 0;
            for column in &mut columns {
                if *column == Column::Unknown {
                    *column = match nth.cmp(&fields) {
                        Ordering::Less => Column::Nth(nth),
                        Ordering::Equal => Column::Tags,
                        Ordering::Greater => Column::Nth(usize::MAX),
                    };
                    nth += 1;
                }
            }
            columns
        }
    }
}

/// Returns how many fields the note type of that name has at the one who exported it.
fn stock_fields(name: &str) -> usize {
    match BuiltIn::parse(name) {
        Some(note_type) if name.to_lowercase().starts_with("deckc ") => note_type.fields().len(),
        Some(BuiltIn::OptionalReversed) => 3,
        Some(BuiltIn::Basic | BuiltIn::Reversed | BuiltIn::TypeIn | BuiltIn::Cloze) | None => 2,
    }
}

/// Puts the columns that the lines at the top number at their places.
fn place(columns: &mut Vec<Column>, preamble: &Preamble) {
    for (at, column) in &preamble.special {
        if columns.len() <= *at {
            columns.resize(at + 1, Column::Unknown);
        }
        columns[*at] = column.clone();
    }
}

/// Reports columns of the header that mean nothing to deckc, or the same as another.
fn unknown_columns(file: &SourceFile, record: &Record, columns: &[Column], diagnostics: &mut Diagnostics) {
    for (at, (cell, column)) in record.cells.iter().zip(columns).enumerate() {
        let name = cell.value(&file.text);
        let name = name.trim();
        let message = if *column == Column::Unknown && !name.is_empty() {
            format!("column `{name}` is not one that deckc knows; its cells are left out")
        } else if columns[..at].contains(column) && *column != Column::Unknown {
            format!("column `{name}` says the same as one before it; the last filled one counts")
        } else {
            continue;
        };
        diagnostics.push(
            Diagnostic::at(Code::CsvHeader, file.span(cell.range.clone()), message).help(
                "the names are front, back, extra, hint, context, source, tags, deck, type, guid and id",
            ),
        );
    }
}

/// Returns the delimiter of a `csv` file: the first that gives all rows one length, commas in doubt.
fn delimiter(text: &str, start: usize) -> String {
    let widths = |delimiter| -> Vec<usize> {
        Records::new(text, start, delimiter, Comments::None)
            .take(SAMPLE)
            .filter_map(|row| match row {
                Row::Record(record) => Some(record.cells.len()),
                Row::Comment(_) | Row::Unclosed { .. } => None,
            })
            .collect()
    };
    let candidates = [",", ";", "\t"].map(|delimiter| (delimiter, widths(delimiter)));
    let even = |widths: &[usize]| {
        widths.first().is_some_and(|first| *first >= 2 && widths.iter().all(|width| width == first))
    };
    let found = candidates
        .iter()
        .find(|(_, widths)| even(widths))
        .or_else(|| candidates.iter().find(|(_, widths)| widths.first().is_some_and(|first| *first >= 2)));
    found.map_or(",", |(delimiter, _)| delimiter).to_owned()
}

/// Returns the delimiter that Anki takes where nothing names one.
fn anki_delimiter(text: &str, start: usize) -> String {
    let mut end = (start + ANKI_SAMPLE).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = &text[start.min(end)..end];
    ["\t", "|", ";", ":", ","]
        .into_iter()
        .find(|delimiter| sample.contains(delimiter))
        .unwrap_or(" ")
        .to_owned()
}
