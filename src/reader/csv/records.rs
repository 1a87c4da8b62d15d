//! Rows and cells of delimited text, as RFC 4180 has them, with the place of every cell.
//!
//! The `csv` crate says where a record begins and nothing about its cells, and it mends unequal quotes in silence. Here a
//! cell is a range of the file, so that a cloze or an id inside it can be pointed at, and a quote that is never closed is
//! a fault.

use std::borrow::Cow;
use std::ops::Range;

use crate::reader::plain_cloze::Piece;
use crate::source::lines;

/// Is a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Its content, without the quotes around it.
    pub(super) range: Range<usize>,
    /// Whether quotes stand around it, so that `""` inside is one quote.
    pub(super) quoting: Quoting,
}

/// Says whether quotes stand around a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// They do.
    Quoted,
    /// They do not.
    Bare,
}

impl Cell {
    /// Returns the content, with single quotes and `\n` line ends.
    pub(super) fn value<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let raw = &text[self.range.clone()];
        match self.quoting {
            Quoting::Bare => Cow::Borrowed(raw),
            Quoting::Quoted if !raw.contains(['"', '\r']) => Cow::Borrowed(raw),
            Quoting::Quoted => {
                Cow::Owned(raw.replace("\"\"", "\"").replace("\r\n", "\n").replace('\r', "\n"))
            }
        }
    }

    /// Returns the content without white space at either end, as pieces with `line_end` between lines.
    pub(super) fn pieces(&self, text: &str, line_end: &Piece) -> Vec<Piece> {
        let inside = &text[self.range.clone()];
        let start = self.range.start + (inside.len() - inside.trim_start().len());
        let end = start + inside.trim().len();
        let mut pieces = Vec::new();
        for line in lines(&text[..end], start) {
            if line.start > start {
                pieces.push(line_end.clone());
            }
            let mut at = line.start;
            if self.quoting == Quoting::Quoted {
                while let Some(quote) = text[at..line.end].find("\"\"") {
                    pieces.push(Piece::Text(at..at + quote + 1));
                    at += quote + 2;
                }
            }
            if at < line.end {
                pieces.push(Piece::Text(at..line.end));
            }
        }
        pieces
    }
}

/// Is what stands next in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// A record.
    Record(Record),
    /// A line that begins with `#`.
    Comment(Range<usize>),
    /// A quote at this byte that is never closed; the record from the second byte on cannot be read.
    Unclosed {
        /// The quote.
        quote: usize,
        /// Where its record begins.
        start: usize,
    },
}

/// Is a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Its cells, at least one.
    pub(super) cells: Vec<Cell>,
    /// Its bytes, without the line end.
    pub(super) span: Range<usize>,
    /// A place where text stands behind a closing quote.
    pub(super) fault: Option<usize>,
}

/// Says whether lines that begin with `#` are comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comments {
    /// They are, as in Anki's text files.
    Hash,
    /// They are records like others.
    None,
}

/// Reads records one after the other.
pub(super) struct Records<'a> {
    text: &'a str,
    at: usize,
    delimiter: &'a str,
    comments: Comments,
}

impl<'a> Records<'a> {
    /// Begins at byte `at` of `text`.
    pub(super) fn new(text: &'a str, at: usize, delimiter: &'a str, comments: Comments) -> Self {
        Self { text, at, delimiter, comments }
    }

    /// Returns the byte behind the line end at `at`, if there is one.
    fn line_end(&self, at: usize) -> Option<usize> {
        match self.text.as_bytes().get(at) {
            Some(b'\r') if self.text.as_bytes().get(at + 1) == Some(&b'\n') => Some(at + 2),
            Some(b'\r' | b'\n') => Some(at + 1),
            Some(_) | None => None,
        }
    }

    /// Returns the end of the bare text from `at` on: the next delimiter or line end.
    fn bare_end(&self, at: usize) -> usize {
        let first = self.delimiter.as_bytes().first().copied().unwrap_or(b'\n');
        let bytes = self.text.as_bytes();
        let mut end = at;
        while let Some(byte) = bytes.get(end) {
            if matches!(byte, b'\n' | b'\r')
                || (*byte == first && self.text[end..].starts_with(self.delimiter))
            {
                break;
            }
            end += 1;
        }
        end
    }

    /// Reads a cell in quotes from the quote at `open` on; nothing where it is never closed.
    fn quoted(&self, open: usize) -> Option<(Cell, usize, Option<usize>)> {
        let mut at = open + 1;
        loop {
            let quote = at + self.text[at..].find('"')?;
            if self.text.as_bytes().get(quote + 1) == Some(&b'"') {
                at = quote + 2;
                continue;
            }
            let end = self.bare_end(quote + 1);
            if self.text[quote + 1..end].trim().is_empty() {
                return Some((Cell { range: open + 1..quote, quoting: Quoting::Quoted }, end, None));
            }
            return Some((Cell { range: open..end, quoting: Quoting::Bare }, end, Some(quote + 1)));
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        // Lines without a visible character are no records.
        loop {
            if self.at >= self.text.len() {
                return None;
            }
            let line = self.text[self.at..].find(['\n', '\r']).map_or(self.text.len(), |end| self.at + end);
            if !self.text[self.at..line].trim().is_empty() {
                if self.comments == Comments::Hash && self.text[self.at..].starts_with('#') {
                    let span = self.at..line;
                    self.at = self.line_end(line).unwrap_or(line);
                    return Some(Row::Comment(span));
                }
                break;
            }
            self.at = self.line_end(line).unwrap_or(line);
        }
        let start = self.at;
        let mut record = Record { cells: Vec::new(), span: start..start, fault: None };
        loop {
            let end = if self.text[self.at..].starts_with('"') {
                let Some((cell, end, fault)) = self.quoted(self.at) else {
                    let quote = self.at;
                    self.at = self.text.len();
                    return Some(Row::Unclosed { quote, start });
                };
                record.cells.push(cell);
                record.fault = record.fault.or(fault);
                end
            } else {
                let end = self.bare_end(self.at);
                record.cells.push(Cell { range: self.at..end, quoting: Quoting::Bare });
                end
            };
            if let Some(next) = self.line_end(end) {
                self.at = next;
            } else if end < self.text.len() {
                self.at = end + self.delimiter.len();
                continue;
            } else {
                self.at = end;
            }
            record.span.end = end;
            return Some(Row::Record(record));
        }
    }
}
