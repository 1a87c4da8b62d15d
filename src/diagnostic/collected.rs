//! The findings of a stage, and of a run: as many of a kind as somebody may read, the others counted.

use std::collections::BTreeMap;

use super::{Code, Diagnostic, Severity, Strictness};
use crate::source::FileId;

/// How many findings of one code are kept for one file. A broken table makes one in every row, and memory would be gone before the run.
pub const MOST: usize = 100;

/// Says what findings are counted in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    /// The run as a whole.
    Run,
    /// A source.
    Source(FileId),
    /// Another file, by its path.
    File(String),
}

impl Room {
    /// Returns where a finding belongs.
    #[must_use]
    pub fn of(diagnostic: &Diagnostic) -> Room {
        match (diagnostic.span, &diagnostic.place) {
            (Some(span), _) => Room::Source(span.file),
            (None, Some((path, _))) => Room::File(path.clone()),
            (None, None) => Room::Run,
        }
    }
}

/// Counts findings of one code in one room that were not kept.
pub type More = BTreeMap<(Code, Room), usize>;

/// Collects the findings of a stage.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// How many of a kind there are, kept or not.
    counts: BTreeMap<(Code, Room), usize>,
}

impl Diagnostics {
    /// Adds a finding, which is only counted where there are [`MOST`] of its kind.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if is_limited(diagnostic.code) {
            let count = self.counts.entry((diagnostic.code, Room::of(&diagnostic))).or_default();
            *count += 1;
            if *count > MOST {
                return;
            }
        }
        self.list.push(diagnostic);
    }

    /// Adds all findings of `other`, in order.
    pub fn append(&mut self, other: Diagnostics) {
        let more = other.more();
        other.list.into_iter().for_each(|diagnostic| self.push(diagnostic));
        for (kind, count) in more {
            *self.counts.entry(kind).or_default() += count;
        }
    }

    /// Returns whether there is an error among them, or under `strict` a warning.
    #[must_use]
    pub fn fails(&self, strictness: Strictness) -> bool {
        self.list.iter().any(|diagnostic| match (diagnostic.severity(), strictness) {
            (Severity::Error, Strictness::Normal | Strictness::Strict)
            | (Severity::Warning, Strictness::Strict) => true,
            (Severity::Warning, Strictness::Normal)
            | (Severity::Note, Strictness::Normal | Strictness::Strict) => false,
        })
    }

    /// Returns how many findings were counted and not kept.
    #[must_use]
    pub fn more(&self) -> More {
        let beyond = self.counts.iter().filter(|(_, count)| **count > MOST);
        beyond.map(|(kind, count)| (kind.clone(), count - MOST)).collect()
    }

    /// Returns the findings that were kept in reading order: those about the run first, then by file and place, then by code.
    #[must_use]
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|a, b| (a.span, &a.place, a.code).cmp(&(b.span, &b.place, b.code)));
        self.list.dedup();
        self.list
    }

    /// Returns the findings that were kept in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }
}

/// What became of each note and what a format leaves out of it is said note by note.
fn is_limited(code: Code) -> bool {
    !matches!(code, Code::NoteEdited | Code::Loss)
}

#[cfg(test)]
mod tests {
    use super::{Diagnostics, MOST, Room};
    use crate::diagnostic::{Code, Diagnostic};
    use crate::source::SourceMap;

    #[test]
    fn many_of_a_kind_are_counted_in_each_file() {
        let mut map = SourceMap::default();
        let [first, second] = ["a", "b"].map(|name| map.add(name.into(), "text".into()));
        let mut all = Diagnostics::default();
        for (file, count) in [(first, 250), (second, 100), (first, 30)] {
            let mut found = Diagnostics::default();
            for _ in 0..count {
                let diagnostic = Diagnostic::at(Code::CsvRow, map.file(file).span(0..1), "broken");
                found.push(diagnostic);
            }
            all.append(found);
        }
        assert_eq!(all.iter().count(), 2 * MOST);
        let more: Vec<_> = all.more().into_iter().collect();
        assert_eq!(more, [((Code::CsvRow, Room::Source(first)), 180)]);
    }
}
