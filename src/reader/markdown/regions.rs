//! Accounting: every non-blank line of a file is card, metadata or prose.

use std::ops::Range;

use crate::model::{Region, RegionKind};
use crate::source::{SourceFile, lines};

/// Returns the regions of `file` from what was marked. Lines that nothing marked are prose. Where marks overlap, a card wins
/// over metadata and metadata over prose.
pub(super) fn regions(file: &SourceFile, marks: &[(Range<usize>, RegionKind)]) -> Vec<Region> {
    let lines: Vec<Range<usize>> = lines(&file.text, file.start()).collect();
    let mut kinds: Vec<Option<RegionKind>> = vec![None; lines.len()];
    for (range, kind) in marks {
        let first = lines.partition_point(|line| line.end <= range.start);
        for (line, slot) in lines[first..].iter().zip(&mut kinds[first..]) {
            if line.start >= range.end {
                break;
            }
            *slot = Some(slot.map_or(*kind, |old| old.min(*kind)));
        }
    }
    let mut regions: Vec<Region> = Vec::new();
    let mut last: Option<RegionKind> = None;
    for (line, kind) in lines.iter().zip(kinds) {
        if file.text[line.clone()].trim().is_empty() {
            continue;
        }
        let kind = kind.unwrap_or(RegionKind::Prose);
        let span = file.span(line.clone());
        match regions.last_mut() {
            Some(region) if last == Some(kind) => region.span.end = span.end,
            _ => regions.push(Region { span, kind }),
        }
        last = Some(kind);
    }
    regions
}
