//! The place of a note: what stands before and after it that is already recognised.
//!
//! A place is named by neighbours, not by numbers of files or lines, so that a renamed file, a moved section and an
//! insertion further up leave it as it is.

use super::order::{Sheet, Sheets};
use super::{Line, Pairs};
use crate::identity::hash::FastMap;

/// How far from a settled neighbour a place still says something.
const REACH: usize = 8;

/// Something that is the same on both sides: a settled note (by its new index) or the edge of a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Anchor {
    Note(usize),
    Edge(usize),
}

/// One side of a place: the two nearest anchors, and how many open notes the nearest is away (1 is next to it).
#[derive(Clone, Copy)]
struct Side {
    anchors: [Option<Anchor>; 2],
    steps: usize,
}

#[derive(Clone, Copy)]
struct Place {
    before: Side,
    after: Side,
}

/// The places of all open notes and lines.
pub struct Places {
    old: Vec<Option<Place>>,
    new: Vec<Option<Place>>,
    near: FastMap<(Direction, Anchor), Vec<usize>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Direction {
    Before,
    After,
}

impl Places {
    pub fn new(sheets: &Sheets, pairs: &Pairs) -> Self {
        let homes = homes(sheets, pairs);
        let old = places(&sheets.old, |at| pairs.of_old[at], |file| homes[file]);
        // A note that came back from retirement had no place in the last build, so it anchors nothing.
        let settled = |at: usize| matches!(pairs.of_new[at], Line::Active(_)).then_some(at);
        let new = places(&sheets.new, settled, |file| file);
        let mut near: FastMap<(Direction, Anchor), Vec<usize>> = FastMap::default();
        for (at, place) in old.iter().enumerate() {
            let Some(place) = place else { continue };
            for (direction, side) in [(Direction::Before, place.before), (Direction::After, place.after)] {
                if side.steps <= REACH {
                    for anchor in side.anchors.into_iter().flatten() {
                        near.entry((direction, anchor)).or_default().push(at);
                    }
                }
            }
        }
        Self { old, new, near }
    }

    /// Returns the open lines that stood near where an open note stands.
    pub fn lines_near(&self, new: usize) -> Vec<usize> {
        let Some(place) = self.new[new] else { return Vec::new() };
        let mut lines = Vec::new();
        for (direction, side) in [(Direction::Before, place.before), (Direction::After, place.after)] {
            if side.steps <= REACH {
                for anchor in side.anchors.into_iter().flatten() {
                    // A hub (many lines round one anchor) is cut, so that time stays linear.
                    let found = self.near.get(&(direction, anchor)).map_or(&[][..], Vec::as_slice);
                    lines.extend(found.iter().take(4 * REACH));
                }
            }
        }
        lines
    }

    /// Tells whether a line and a note are the only ones left over between two neighbours, one a note, the other a note or the
    /// edge of the file.
    pub fn is_alone(&self, old: usize, new: usize) -> bool {
        let (Some(old), Some(new)) = (self.old[old], self.new[new]) else { return false };
        let sides = [(old.before, new.before), (old.after, new.after)];
        let next = |(old, new): &(Side, Side)| {
            old.steps == 1 && new.steps == 1 && old.anchors[0].is_some() && old.anchors[0] == new.anchors[0]
        };
        sides.iter().all(next)
            && sides.iter().any(|(side, _)| matches!(side.anchors[0], Some(Anchor::Note(_))))
    }

    /// Returns how much the place is the same: 1 between the same neighbours, 0.5 next to one of them, 0 elsewhere.
    pub fn likeness(&self, old: usize, new: usize) -> f32 {
        let (Some(old), Some(new)) = (self.old[old], self.new[new]) else { return 0.0 };
        let sides = f32::midpoint(old.before.likeness(&new.before), old.after.likeness(&new.after));
        let aligned = old.before.steps == new.before.steps || old.after.steps == new.after.steps;
        if aligned { sides } else { sides * 0.85 }
    }
}

impl Side {
    fn likeness(&self, other: &Self) -> f32 {
        let [near, far] = self.anchors;
        let [other_near, other_far] = other.anchors;
        let same = |a: Option<Anchor>, b: Option<Anchor>| a.is_some() && a == b;
        if self.steps > REACH || other.steps > REACH {
            0.0
        } else if same(near, other_near) {
            1.0
        } else if same(near, other_far) || same(far, other_near) || same(far, other_far) {
            0.7
        } else {
            0.0
        }
    }
}

/// Finds the places of the notes that `settled` gives no anchor for.
fn places(
    sheet: &Sheet,
    settled: impl Fn(usize) -> Option<usize>,
    home: impl Fn(usize) -> usize,
) -> Vec<Option<Place>> {
    let count = sheet.notes.len();
    let nowhere = Side { anchors: [None; 2], steps: 0 };
    let mut places = vec![None; count];
    let mut walk = |order: &mut dyn Iterator<Item = usize>, direction: Direction| {
        let mut file = None;
        let mut side = nowhere;
        for at in order {
            if file != Some(sheet.file[at]) {
                file = Some(sheet.file[at]);
                side = Side { anchors: [Some(Anchor::Edge(home(sheet.file[at]))), None], steps: 0 };
            }
            if let Some(anchor) = settled(at) {
                side = Side { anchors: [Some(Anchor::Note(anchor)), side.anchors[0]], steps: 0 };
            } else {
                side.steps += 1;
                let place = places[at].get_or_insert(Place { before: nowhere, after: nowhere });
                match direction {
                    Direction::Before => place.before = side,
                    Direction::After => place.after = side,
                }
            }
        }
    };
    walk(&mut (0..count), Direction::Before);
    walk(&mut (0..count).rev(), Direction::After);
    places
}

/// Returns, for each old file, the file that most of its settled notes are in now; itself where none or no clear one.
fn homes(sheets: &Sheets, pairs: &Pairs) -> Vec<usize> {
    let files = sheets.old.file.iter().chain(&sheets.new.file).max().map_or(0, |last| last + 1);
    let mut homes: Vec<usize> = (0..files).collect();
    let mut moves: Vec<(usize, usize)> = pairs
        .of_old
        .iter()
        .enumerate()
        .filter_map(|(old, new)| new.map(|new| (sheets.old.file[old], sheets.new.file[new])))
        .collect();
    moves.sort_unstable();
    for from in moves.chunk_by(|a, b| a.0 == b.0) {
        let mut votes: Vec<(usize, usize)> =
            from.chunk_by(|a, b| a.1 == b.1).map(|to| (to.len(), to[0].1)).collect();
        votes.sort_unstable();
        if let Some((most, home)) = votes.pop()
            && votes.last().is_none_or(|(second, _)| *second < most)
        {
            homes[from[0].0] = home;
        }
    }
    homes
}
