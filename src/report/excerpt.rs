//! Cuts the lines of a source that a diagnostic is about.
//!
//! A whole file is never handed to the renderer: with thousands of findings in a large file that would be quadratic.

use std::ops::Range;

use crate::source::{Position, SourceMap, Span};

/// A span of many lines is shown by its first ones.
const LINES: usize = 6;
/// A longer line is shown by a window round the place, in bytes.
const WIDTH: usize = 400;

/// Is the source text of one place.
pub(super) struct Excerpt<'a> {
    text: &'a str,
    file_range: Range<usize>,
    line: usize,
    position: Position,
    mark: Range<usize>,
    cut: bool,
    label: Option<&'a str>,
}

/// Is what is printed together: neighbouring places of one file.
pub(super) struct Shown<'a> {
    pub path: &'a str,
    pub position: Position,
    pub text: String,
    pub line: usize,
    pub marks: Vec<(Range<usize>, Option<&'a str>)>,
    pub primary: bool,
    /// Whether the excerpt begins inside a line.
    pub cut: bool,
}

impl<'a> Excerpt<'a> {
    pub(super) fn new(sources: &'a SourceMap, span: Span, label: Option<&'a str>) -> Self {
        let source = sources.file(span.file);
        let position = sources.position(span.file, span.start);
        let start = floor(&source.text, (span.start as usize).min(source.text.len()));
        let end = floor(&source.text, (span.end as usize).clamp(start, source.text.len()));
        let begin = source.text[..start].rfind(['\n', '\r']).map_or(source.start(), |at| at + 1).min(start);
        let mut lines =
            crate::source::lines(&source.text, begin).take_while(|line| line.start <= end.max(start));
        let first = lines.next().unwrap_or(begin..source.text.len());
        let mut range = first.clone();
        for line in lines.take(LINES - 1) {
            if line.start < end {
                range.end = line.end;
            }
        }
        if range.len() > WIDTH {
            let from = if start > range.start + WIDTH / 4 {
                floor(&source.text, start - WIDTH / 4)
            } else {
                range.start
            };
            range = from..floor(&source.text, (from + WIDTH).min(range.end));
        }
        let mark = start.clamp(range.start, range.end)..end.clamp(start.min(range.end), range.end);
        let cut = range.start > first.start;
        let text = &source.text[range.clone()];
        Excerpt { text, file_range: range, line: position.line, position, mark, cut, label }
    }
}

/// Joins places that share their lines, so that a label stands under the same excerpt.
pub(super) fn merge<'a>(excerpts: &'a [(String, Excerpt<'a>)]) -> Vec<Shown<'a>> {
    let mut shown: Vec<(Shown<'a>, Range<usize>)> = Vec::new();
    for (index, (path, excerpt)) in excerpts.iter().enumerate() {
        let inside =
            |range: &Range<usize>| range.start <= excerpt.mark.start && excerpt.mark.end <= range.end;
        if let Some((last, range)) = shown.iter_mut().find(|(last, range)| last.path == path && inside(range))
        {
            last.marks
                .push((excerpt.mark.start - range.start..excerpt.mark.end - range.start, excerpt.label));
            continue;
        }
        let from = excerpt.file_range.start;
        let entry = Shown {
            path,
            position: excerpt.position,
            text: excerpt.text.to_owned(),
            line: excerpt.line,
            marks: vec![(excerpt.mark.start - from..excerpt.mark.end - from, excerpt.label)],
            primary: index == 0,
            cut: excerpt.cut,
        };
        shown.push((entry, excerpt.file_range.clone()));
    }
    shown.into_iter().map(|(shown, _)| shown).collect()
}

fn floor(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
