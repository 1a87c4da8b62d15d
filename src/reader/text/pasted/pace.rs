//! The pace of a page: whether its lines go to and fro, one prompt, one answer, as vocabulary lists do.
//!
//! In such a list the signs of single lines mislead: they are all alike, and what is wrong once is wrong all down the
//! page. There the pace itself is the evidence, and the signs of the lines count for less.

use super::line::Line;

/// Lines to each side whose pace counts.
const WINDOW: usize = 12;

/// What a resemblance to the line before the last, beyond that to the last, says for a to and fro.
const SWING: f64 = 2.0;

/// What each word by which the lines are shorter than usual says for it.
const BREVITY: f64 = 2.0;

/// The mean length of lines, in words, that says nothing.
const USUAL: f64 = 2.8;

/// Longest length counted: one long sentence in a list does not change its pace.
const LONGEST: usize = 8;

/// Returns, for each line, how probable a strict to and fro around it is.
pub(super) fn pairing(lines: &[Line]) -> Vec<f64> {
    let mut sums = Vec::with_capacity(lines.len() + 1);
    let (mut swings, mut lengths) = (0.0, 0.0);
    sums.push((swings, lengths));
    for (at, line) in lines.iter().enumerate() {
        swings += f64::from(swing(lines, at).unwrap_or(0));
        lengths += f64::from(u8::try_from(line.length.min(LONGEST)).unwrap_or(u8::MAX));
        sums.push((swings, lengths));
    }
    (0..lines.len())
        .map(|at| {
            let (start, end) = (at.saturating_sub(WINDOW), lines.len().min(at + WINDOW + 1));
            let width = f64::from(u32::try_from(end - start).unwrap_or(u32::MAX));
            let swing = (sums[end].0 - sums[start].0) / width;
            let length = (sums[end].1 - sums[start].1) / width;
            1.0 / (1.0 + (-SWING * (swing - 0.5) - BREVITY * (USUAL - length)).exp())
        })
        .collect()
}

/// Returns by how many looks the line resembles the line before the last more than the last.
pub(super) fn swing(lines: &[Line], at: usize) -> Option<i32> {
    let back = at.checked_sub(2)?;
    Some(resemblance(&lines[at], &lines[back]) - resemblance(&lines[at], &lines[at - 1]))
}

fn resemblance(line: &Line, other: &Line) -> i32 {
    let looks = [
        line.case == other.case,
        line.ending == other.ending,
        line.script == other.script,
        line.first == other.first,
        line.is_phrase() == other.is_phrase(),
        line.length.abs_diff(other.length) <= line.length.min(other.length) / 2,
        (line.length == 1) == (other.length == 1),
        line.commas == other.commas,
    ];
    looks.into_iter().map(i32::from).sum()
}
