//! The `#key:value` lines at the top of Anki's text files (Anki's rslib `text/csv/metadata.rs`).

use super::columns::Column;
use super::records::{Comments, Records, Row};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{SourceFile, Spanned, lines};

/// The keys that Anki knows.
const KEYS: [&str; 12] = [
    "separator",
    "html",
    "tags",
    "columns",
    "notetype",
    "deck",
    "notetype column",
    "deck column",
    "tags column",
    "guid column",
    "if matches",
    "match scope",
];

/// Holds what the lines at the top say.
#[derive(Debug, Default)]
pub(super) struct Preamble {
    /// Between cells.
    pub(super) separator: Option<String>,
    /// What cells are written in.
    pub(super) markup: Option<Markup>,
    /// Tags for every note.
    pub(super) tags: Vec<String>,
    /// The names of the columns.
    pub(super) columns: Option<Spanned<String>>,
    /// The note type of every note.
    pub(super) note_type: Option<Spanned<String>>,
    /// The deck of every note.
    pub(super) deck: Option<String>,
    /// Columns by number, from 0.
    pub(super) special: Vec<(usize, Column)>,
    /// The lines, as bytes.
    pub(super) lines: Vec<std::ops::Range<usize>>,
    /// Where the rows begin.
    pub(super) end: usize,
}

/// Says what cells are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    /// HTML.
    Html,
    /// Plain text.
    Plain,
}

/// Returns key and value of a line such as `#separator:tab`, whether Anki knows the key or not.
fn entry(text: &str) -> Option<(String, &str)> {
    let (key, value) = text.strip_prefix('#')?.split_once(':')?;
    let key = key.trim().to_lowercase();
    // A space behind `#` makes a comment.
    let plain =
        !key.is_empty() && !text.starts_with("# ") && key.chars().all(|c| c.is_ascii_lowercase() || c == ' ');
    plain.then_some((key, value))
}

/// Returns whether the line is one that Anki writes at the top of its text files.
pub(super) fn is_known(text: &str) -> bool {
    entry(text).is_some_and(|(key, _)| KEYS.contains(&key.as_str()))
}

/// Reads the lines at the top from byte `start` on; `comments` says whether unknown ones belong to them too.
pub(super) fn read(
    file: &SourceFile,
    start: usize,
    comments: Comments,
    diagnostics: &mut Diagnostics,
) -> Preamble {
    let mut preamble = Preamble { end: start, ..Preamble::default() };
    for line in lines(&file.text, start) {
        let text = &file.text[line.clone()];
        if text.trim().is_empty() {
            preamble.end = line.end;
            continue;
        }
        // Spreadsheets write and read `sep=;`.
        if preamble.lines.is_empty()
            && let Some(separator) = text.strip_prefix("sep=").filter(|rest| rest.chars().count() == 1)
        {
            preamble.separator = Some(separator.to_owned());
        } else if !text.starts_with('#') || (comments == Comments::None && !is_known(text)) {
            break;
        } else if let Some((key, value)) = entry(text) {
            preamble.entry(file, &line, &key, value, diagnostics);
        }
        preamble.lines.push(line.clone());
        preamble.end = line.end;
    }
    preamble
}

impl Preamble {
    fn entry(
        &mut self,
        file: &SourceFile,
        line: &std::ops::Range<usize>,
        key: &str,
        value: &str,
        diagnostics: &mut Diagnostics,
    ) {
        let trimmed = value.trim();
        let start = line.end - value.trim_start().len();
        let span = file.span(start..start + trimmed.len());
        let mut refuse = |help: &str| {
            diagnostics.push(
                Diagnostic::at(
                    Code::CsvHeader,
                    file.span(line.clone()),
                    format!("header line `{}` is not understood", file.text[line.clone()].trim()),
                )
                .help(help),
            );
        };
        let column = || trimmed.parse::<usize>().ok().filter(|number| (1..=1000).contains(number));
        let special = match key {
            "separator" => {
                self.separator = separator(value);
                if self.separator.is_none() {
                    refuse("write comma, semicolon, tab, space, pipe, colon, or one character");
                }
                return;
            }
            "html" => {
                self.markup = match trimmed.to_lowercase().as_str() {
                    "true" => Some(Markup::Html),
                    "false" => Some(Markup::Plain),
                    _ => None,
                };
                if self.markup.is_none() {
                    refuse("write `#html:true` or `#html:false`");
                }
                return;
            }
            "tags" => return self.tags.extend(trimmed.split_whitespace().map(str::to_owned)),
            "columns" => {
                self.columns =
                    Some(Spanned::new(value.to_owned(), file.span(line.end - value.len()..line.end)));
                return;
            }
            "notetype" => return self.note_type = Some(Spanned::new(trimmed.to_owned(), span)),
            "deck" => {
                self.deck = Some(trimmed.to_owned()).filter(|deck| !deck.is_empty());
                return;
            }
            // What Anki does with notes that it has already is not the source's to say.
            "if matches" | "match scope" => return,
            "notetype column" => Column::NoteType,
            "deck column" => Column::Deck,
            "tags column" => Column::Tags,
            "guid column" => Column::Guid,
            _ => {
                let near = KEYS.iter().find(|known| strsim::damerau_levenshtein(known, key) <= 2);
                return match near {
                    Some(near) => refuse(&format!("did you mean `#{near}:`?")),
                    None => refuse("delete it, or put a space behind `#` to make it a comment"),
                };
            }
        };
        match column() {
            Some(number) => self.special.push((number - 1, special)),
            None => refuse("write the number of the column, from 1"),
        }
    }

    /// Returns the names in `#columns:`, in the set separator.
    pub(super) fn names(&self, file: &SourceFile, delimiter: &str) -> Vec<String> {
        let Some(columns) = &self.columns else { return Vec::new() };
        let range = columns.span.range();
        let mut rows = Records::new(&file.text[..range.end], range.start, delimiter, Comments::None);
        match rows.next() {
            Some(Row::Record(record)) => {
                record.cells.iter().map(|cell| cell.value(&file.text).trim().to_owned()).collect()
            }
            Some(Row::Comment(_) | Row::Unclosed { .. }) | None => Vec::new(),
        }
    }
}

/// Returns the separator of that name, or the character itself.
fn separator(value: &str) -> Option<String> {
    let named = match value.trim().to_lowercase().as_str() {
        "comma" => ",",
        "semicolon" => ";",
        "tab" => "\t",
        "space" => " ",
        "pipe" => "|",
        "colon" => ":",
        trimmed if trimmed.chars().count() == 1 => value.trim(),
        _ if value.chars().count() == 1 => value,
        _ => return None,
    };
    (!matches!(named, "\"" | "#")).then(|| named.to_owned())
}
