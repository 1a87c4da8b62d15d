//! Cards split by blank lines or by rules such as `---`: the first line is the front, the rest the back.

use std::ops::Range;

use super::page::{Page, Stretch, goes_on, heading, is_finished, is_rule, length, marker};
use super::parts::{Card, Kind, Parts};
use crate::diagnostic::{Code, Diagnostics};
use crate::reader::gather::gathered;
use crate::reader::plain_cloze;

/// The longest front in characters that a block of a page without marks may have.
const LONGEST_FRONT: usize = 160;

/// From here on a line is as long as those of a letter.
const WRAPPED: usize = 55;

/// Returns the runs of lines that a blank line, a heading or a rule ends.
pub(super) fn blocks(page: &Page<'_>, lines: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for block in page.blocks(lines) {
        let mut start = block.start;
        for line in block.clone() {
            if is_metadata(page, line) {
                found.push(start..line);
                start = line + 1;
            }
        }
        found.push(start..block.end);
    }
    found.retain(|block| block.clone().any(|line| !page.is_directive(line)));
    found
}

/// Returns the lines between the rules.
pub(super) fn sections(page: &Page<'_>, lines: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = lines.start;
    for line in lines.clone() {
        if is_divider(page, line) {
            found.push(start..line);
            start = line + 1;
        }
    }
    found.push(start..lines.end);
    found.retain(|section| section.clone().any(|line| !page.is_blank(line)));
    found
}

/// Returns whether the line is a rule between cards, and not one that underlines a heading.
pub(super) fn is_divider(page: &Page<'_>, line: usize) -> bool {
    is_rule(page.text(line)) && !is_underline(page, line)
}

/// Returns whether the line underlines the one above: as long as it, and longer than three characters.
pub(super) fn is_underline(page: &Page<'_>, line: usize) -> bool {
    let text = page.text(line);
    if line == 0 || !is_rule(text) || page.is_blank(line - 1) {
        return false;
    }
    let width = length(text);
    width > 3 && width.abs_diff(length(page.text(line - 1))) <= 2
}

fn is_metadata(page: &Page<'_>, line: usize) -> bool {
    let underlined = line + 1 < page.lines.len() && is_underline(page, line + 1);
    underlined || is_rule(page.text(line)) || heading(page.text(line)).is_some()
}

/// Returns whether a block of several lines looks like a card and not like a paragraph of a letter.
pub(super) fn is_card(page: &Page<'_>, block: &Range<usize>) -> bool {
    if block.len() < 2 {
        return false;
    }
    if turn(page, block).is_some() {
        return true;
    }
    let first = page.text(block.start);
    let second = page.text(block.start + 1);
    let width = length(first);
    if first.ends_with(['?', '？', '؟']) {
        return true;
    }
    if width > LONGEST_FRONT || first.ends_with(',') || marker(first).is_some() {
        return false;
    }
    let body = || block.start..block.end - 1;
    let widths = || body().map(|line| length(page.text(line)));
    let wrapped = body().all(|line| length(page.text(line)) >= WRAPPED && !is_finished(page.text(line)));
    // Lines of about one length that run on are a paragraph, however short they are.
    let (shortest, longest) = (widths().min().unwrap_or(0), widths().max().unwrap_or(0));
    let runs_on = body().filter(|line| goes_on(page.text(*line), page.text(line + 1))).count();
    let paragraph =
        block.len() > 2 && shortest >= 35 && longest - shortest <= 20 && runs_on * 2 >= block.len() - 1;
    !(wrapped || paragraph || (width >= WRAPPED && goes_on(first, second)))
}

/// Returns the line `?` or `??` between question and answer, as the Spaced Repetition plugin of Obsidian writes it: it counts
/// where text touches it above and below.
pub(super) fn turn(page: &Page<'_>, block: &Range<usize>) -> Option<usize> {
    (block.start + 1..block.end.saturating_sub(1)).find(|line| is_turn(page, *line))
}

fn is_turn(page: &Page<'_>, line: usize) -> bool {
    matches!(page.text(line), "?" | "??")
}

/// Returns whether the block holds a deletion.
pub(super) fn is_cloze(page: &Page<'_>, block: &Range<usize>) -> bool {
    plain_cloze::holds(&page.file.text[page.bytes(block.clone())])
}

/// Reads one card from each block, cloze notes only where `sides` says so.
pub(super) fn read(
    page: &Page<'_>,
    lines: Range<usize>,
    sides: Sides,
    diagnostics: &mut Diagnostics,
) -> Parts {
    let mut parts = Parts { metadata: metadata(page, lines.clone()), ..Parts::default() };
    let mut single = Vec::new();
    let mut strays: Vec<usize> = Vec::new();
    for block in blocks(page, lines) {
        if is_cloze(page, &block) {
            clozes(page, block, &mut parts);
            continue;
        }
        match sides {
            Sides::Cards => {
                if let Some(turn) = turn(page, &block) {
                    strays.extend((turn + 1..block.end).filter(|line| is_turn(page, *line)));
                    let (front, back) = (page.side(block.start..turn), page.side(turn + 1..block.end));
                    let kind = if page.text(turn) == "??" { Kind::Both } else { Kind::Sides };
                    parts.cards.push(Card { lines: block, front, back, kind, ..Card::default() });
                    continue;
                }
                strays.extend(block.clone().filter(|line| is_turn(page, *line)));
                let front = block.clone().find(|line| !page.is_directive(*line)).unwrap_or(block.start);
                let back = page.side(front + 1..block.end);
                if back.is_empty() {
                    single.push(page.file.span(page.bytes(block)));
                    continue;
                }
                let front = vec![page.stretch(front)];
                parts.cards.push(Card { lines: block, front, back, ..Card::default() });
            }
            Sides::Prose => {}
        }
    }
    let message = "a block of one line has no back; it makes no card";
    if let Some(finding) = gathered(Code::EmptySide, &single, message, "nor does this one") {
        diagnostics.push(finding.help("write the back under it, without a blank line between them"));
    }
    let strays: Vec<_> = strays.iter().map(|line| page.file.span(page.lines[*line].whole.clone())).collect();
    let message = "this line stands between no question and its answer; it was read as text";
    if let Some(finding) = gathered(Code::MixedText, &strays, message, "nor does this one") {
        diagnostics.push(finding.help(
            "put a blank line before each question, and one line `?` between question and answer, touching both",
        ));
    }
    parts
}

/// Says what blocks without a deletion are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sides {
    /// Cards with two sides.
    Cards,
    /// Prose.
    Prose,
}

/// Reads one card from each stretch between rules.
pub(super) fn read_divided(page: &Page<'_>, lines: Range<usize>, diagnostics: &mut Diagnostics) -> Parts {
    let dividers = lines.clone().filter(|line| is_divider(page, *line)).collect();
    let mut parts = Parts { metadata: dividers, ..Parts::default() };
    let mut single = Vec::new();
    for section in sections(page, lines) {
        if is_cloze(page, &section) {
            let front = page.side(section.clone());
            parts.cards.push(Card { lines: section, front, kind: Kind::Cloze, ..Card::default() });
            continue;
        }
        let all: Vec<Stretch> = page.side(section.clone());
        let paragraph = all.iter().position(|stretch| stretch.range.is_empty()).unwrap_or(1);
        let (front, back) = all.split_at(paragraph.min(all.len()));
        let mut back = back.to_vec();
        super::page::trim(&mut back);
        if front.is_empty() || back.is_empty() {
            single.push(page.file.span(page.bytes(section)));
            continue;
        }
        parts.cards.push(Card { lines: section, front: front.to_vec(), back, ..Card::default() });
    }
    let message = "nothing stands under the first line between two rules; it makes no card";
    if let Some(finding) = gathered(Code::EmptySide, &single, message, "nor does this one") {
        diagnostics.push(finding.help("write the back under it"));
    }
    parts
}

/// Makes a block with deletions a note, or each of its lines where each has one of its own.
fn clozes(page: &Page<'_>, block: Range<usize>, parts: &mut Parts) {
    let each = block.clone().all(|line| plain_cloze::holds(page.text(line)) || page.is_directive(line));
    let notes: Vec<Range<usize>> = if each {
        block.filter(|line| !page.is_directive(*line)).map(|line| line..line + 1).collect()
    } else {
        vec![block]
    };
    for lines in notes {
        let front = page.side(lines.clone());
        parts.cards.push(Card { lines, front, kind: Kind::Cloze, ..Card::default() });
    }
}

/// Returns the lines that are headings or rules.
pub(super) fn metadata(page: &Page<'_>, lines: Range<usize>) -> Vec<usize> {
    lines.filter(|line| !page.is_blank(*line) && is_metadata(page, *line)).collect()
}
