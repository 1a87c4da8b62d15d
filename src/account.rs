//! Accounts for every source: how it was read, and what became of its lines.

use std::ops::Range;

use crate::model::{Draft, RegionKind};
use crate::pass::show::Shown;
use crate::reader::Read;
use crate::source::{SourceFile, lines};

/// Says what became of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    /// Its path.
    pub path: String,
    /// The dialect it was read as.
    pub dialect: &'static str,
    /// Why.
    pub reason: String,
    /// How many notes it holds.
    pub notes: usize,
    /// How many cards they make.
    pub cards: usize,
    /// How many non-blank lines make no card and say nothing about one.
    pub prose: usize,
}

impl FileReport {
    /// Returns the report of a file that was just read; its cards are counted later.
    #[must_use]
    pub fn new(file: &SourceFile, read: &Read) -> Self {
        FileReport {
            path: file.path.clone(),
            dialect: read.dialect,
            reason: read.reason.clone(),
            notes: read.draft.notes.len(),
            cards: 0,
            prose: prose_lines(file, &read.draft),
        }
    }
}

/// Counts the non-blank lines that are neither card nor metadata.
fn prose_lines(file: &SourceFile, draft: &Draft) -> usize {
    let prose = draft.regions.iter().filter(|region| region.kind == RegionKind::Prose);
    prose
        .map(|region| {
            let range = region.span.range();
            let before = file.text.get(..range.start);
            let from = before.and_then(|before| before.rfind(['\n', '\r'])).map_or(0, |at| at + 1);
            let holds_text = |line: &Range<usize>| {
                file.text.get(line.clone()).is_some_and(|text| !text.trim_start().is_empty())
            };
            lines(&file.text, from).take_while(|line| line.start < range.end).filter(holds_text).count()
        })
        .sum()
}

/// Counts the cards of each file. The notes stand in the order of the reports.
pub fn count_cards(reports: &mut [FileReport], notes: &[Shown]) {
    let mut counts = notes.iter().map(|note| note.cards.len());
    for report in reports {
        report.cards = counts.by_ref().take(report.notes).sum();
    }
}
