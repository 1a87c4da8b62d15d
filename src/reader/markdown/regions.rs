//! Accounting: every non-blank line of a file is card, metadata or prose.

use std::ops::Range;

use crate::model::{Region, RegionKind};
use crate::source::{SourceFile, lines};

/// Returns the regions of `file` from what was marked. Lines that nothing marked are prose. Where marks overlap, a card wins
/// over metadata and metadata over prose.
pub(super) fn regions(file: &SourceFile, mut marks: Vec<(Range<usize>, RegionKind)>) -> Vec<Region> {
    marks.sort_unstable_by_key(|(range, _)| range.start);
    let mut marks = marks.into_iter().peekable();
    // The marks that reach into the line at hand; seldom more than two.
    let mut open: Vec<(usize, RegionKind)> = Vec::new();
    let mut regions: Vec<Region> = Vec::new();
    let mut last: Option<RegionKind> = None;
    for line in lines(&file.text, file.start()) {
        open.retain(|(end, _)| *end > line.start);
        while let Some((range, kind)) = marks.next_if(|(range, _)| range.start < line.end) {
            if range.end > line.start {
                open.push((range.end, kind));
            }
        }
        if file.text[line.clone()].trim_start().is_empty() {
            continue;
        }
        let kind = open.iter().map(|(_, kind)| *kind).min().unwrap_or(RegionKind::Prose);
        let span = file.span(line.clone());
        match regions.last_mut() {
            Some(region) if last == Some(kind) => region.span.end = span.end,
            _ => regions.push(Region { span, kind }),
        }
        last = Some(kind);
    }
    regions
}
