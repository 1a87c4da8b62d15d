//! Source texts and places in them.
//!
//! Offsets are bytes from the top of the decoded file, which nothing strips: a byte order mark stays at offset 0,
//! line ends stay as they are. For UTF-16 files offsets are into the text decoded to UTF-8.
//!
//! This module does no I/O.

use std::sync::OnceLock;

use serde::Serialize;

use crate::bytes;

/// Identifies one file of a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct FileId(pub u32);

/// Is a range of bytes in one file, half open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// Returns the span of `range` in `file`. Sources are limited to 16 MiB, so offsets fit 32 bits.
    #[must_use]
    pub fn new(file: FileId, range: std::ops::Range<usize>) -> Self {
        let fit = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: fit(range.start), end: fit(range.end) }
    }

    /// Returns the bytes as a range to index the file's text with.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the smallest span that holds both; they must lie in one file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        debug_assert_eq!(self.file, other.file, "a span lies in one file");
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// Is a value together with the place it was written at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins a value and its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// Is one source file, decoded.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The file's number in its map.
    pub id: FileId,
    /// The path for people and for the ledger: relative to the project's root, with `/` on every platform.
    pub path: String,
    /// The text, untouched but for decoding.
    pub text: String,
    /// Where each line begins; found when the first place is asked for.
    line_starts: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// Returns where the text proper begins: behind a byte order mark, or several, as programs leave that join files.
    #[must_use]
    pub fn start(&self) -> usize {
        self.text.len() - self.text.trim_start_matches('\u{feff}').len()
    }

    /// Returns the span of `range` in this file.
    #[must_use]
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.id, range)
    }

    /// Returns the text at `span`, or nothing where the span is of another file or cuts a character.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        if span.file == self.id { self.text.get(span.range()).unwrap_or("") } else { "" }
    }

    /// Returns the file's extension in lower case, without the dot.
    #[must_use]
    pub fn extension(&self) -> String {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_lowercase())
    }

    /// Returns the file's name without folder and extension.
    #[must_use]
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// Returns where each line begins, and where one would begin behind a last line end.
    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let mut starts: Vec<u32> = self.lines().map(|line| Span::new(self.id, line).start).collect();
            if starts.is_empty() || self.text.ends_with(['\n', '\r']) {
                starts.push(Span::new(self.id, self.text.len()..self.text.len()).start);
            }
            starts
        })
    }

    /// Returns the lines as byte ranges without their line ends (LF, CRLF or a bare CR).
    pub fn lines(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        lines(&self.text, self.start())
    }
}

/// Returns the byte ranges of the lines of `text` from `start` on, without line ends.
///
/// LF, CRLF and a bare CR end a line (CommonMark §2.1); U+2028, U+2029 and U+0085 do not.
pub fn lines(text: &str, start: usize) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let mut at = start;
    std::iter::from_fn(move || {
        if at >= bytes.len() {
            return None;
        }
        let begin = at;
        let end = line_end(text, begin);
        at = match bytes.get(end) {
            Some(b'\r') if bytes.get(end + 1) == Some(&b'\n') => end + 2,
            Some(_) => end + 1,
            None => end,
        };
        Some(begin..end)
    })
}

/// Returns where the line that holds the offset `from` ends: before its LF, CRLF or CR, or with the text.
pub(crate) fn line_end(text: &str, from: usize) -> usize {
    let rest = &text.as_bytes()[from..];
    bytes::find(rest, *b"\n\r").map_or(text.len(), |at| from + at)
}

/// Holds all source files of one run.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file and returns its number.
    pub fn add(&mut self, path: String, text: String) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).expect("fewer than 2^32 files"));
        self.files.push(SourceFile { id, path, text, line_starts: OnceLock::new() });
        id
    }

    /// Returns the file of that number.
    ///
    /// # Panics
    /// If the number comes from another map.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// Returns all files, in the order they were added.
    #[must_use]
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// Returns the first line of a place, where the whole would be long to look at.
    #[must_use]
    pub fn first_line(&self, span: Span) -> Span {
        let range = span.range();
        let text = self.file(span.file).text.get(range.clone()).unwrap_or_default();
        let length = text.find(['\n', '\r']).unwrap_or(text.len());
        Span::new(span.file, range.start..range.start + length)
    }

    /// Returns line and column of a byte offset, both from 1; the column counts characters.
    #[must_use]
    pub fn position(&self, file: FileId, offset: u32) -> Position {
        let source = self.file(file);
        let starts = source.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let begin = starts.get(line - 1).map_or(0, |start| *start as usize);
        let offset = (offset as usize).min(source.text.len());
        let column = source.text.get(begin..offset).map_or(1, |text| text.chars().count() + 1);
        Position { line, column }
    }
}

/// Is a place as people count it, both numbers from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

#[cfg(test)]
mod tests {
    use super::SourceMap;

    fn position(text: &str, offset: u32) -> (usize, usize) {
        let mut map = SourceMap::default();
        let id = map.add("a.md".into(), text.into());
        let position = map.position(id, offset);
        (position.line, position.column)
    }

    #[test]
    fn lines_end_at_lf_crlf_and_bare_cr() {
        let text = "a\nb\r\nc\rd\u{2028}e";
        let lines: Vec<_> = super::lines(text, 0).map(|range| &text[range]).collect();
        assert_eq!(lines, ["a", "b", "c", "d\u{2028}e"]);
    }

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        assert_eq!(position("ab\ncd", 0), (1, 1));
        assert_eq!(position("ab\ncd", 4), (2, 2));
        assert_eq!(position("ab\r\nçd", 6), (2, 2));
        assert_eq!(position("\u{feff}ab", 3), (1, 1));
        assert_eq!(position("\u{feff}\u{feff}ab", 6), (1, 1));
        assert_eq!(position("ab\n", 3), (2, 1));
        assert_eq!(position("", 0), (1, 1));
    }
}
