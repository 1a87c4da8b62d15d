//! The sure rules: the same id, the same prompt, and the return of a retired note.

use super::order::Sheets;
use super::{Line, Pairs, ids_agree};
use crate::identity::hash::FastMap;
use crate::identity::prompt::PromptHash;

/// How many pairs of equal prompts are compared by the likeness of their answers.
const MOST_COMPARED: usize = 4096;
/// From this likeness on, two answers to the same prompt are one answer, edited.
const EDITED_ANSWER: f32 = 0.5;

/// Rule 1: pairs notes with the lines of their ids.
pub fn by_id(sheets: &Sheets, pairs: &mut Pairs) {
    let mut lines: FastMap<&str, Vec<Line>> = FastMap::default();
    for (at, note) in sheets.old.notes.iter().enumerate() {
        if let Some(id) = &note.id {
            lines.entry(id).or_default().push(Line::Active(at));
        }
    }
    for (at, note) in sheets.retired.notes.iter().enumerate() {
        if let Some(id) = &note.id {
            lines.entry(id).or_default().push(Line::Retired(at));
        }
    }
    let mut users: FastMap<&str, Vec<usize>> = FastMap::default();
    let mut order = Vec::new();
    for (at, note) in sheets.new.notes.iter().enumerate() {
        if let Some(id) = &note.id {
            let group = users.entry(id).or_default();
            if group.is_empty() {
                order.push(id.as_str());
            }
            group.push(at);
        }
    }
    for id in order {
        let news = &users[id];
        let Some(line) = lines.get(id).and_then(|lines| lines.first()).copied() else { continue };
        let old = match line {
            Line::Active(at) => sheets.old.notes[at],
            Line::Retired(at) => sheets.retired.notes[at],
            Line::Open | Line::Refused => continue,
        };
        // One id twice is an error that others report; here the note most like the line has it.
        let best = news.iter().copied().min_by_key(|&at| {
            let note = sheets.new.notes[at];
            (
                note.prompt_hash != old.prompt_hash,
                !note.sketch.same_answer(&old.sketch),
                note.file != old.file,
            )
        });
        for &at in news {
            pairs.of_new[at] = Line::Refused;
        }
        match (best, line) {
            (Some(new), Line::Active(at)) => pairs.join(at, new),
            (Some(new), Line::Retired(at)) => pairs.revive(at, new),
            (None, _) | (_, Line::Open | Line::Refused) => {}
        }
    }
}

/// Rule 2: pairs notes with active lines of the same prompt.
///
/// Where several have one prompt ("Definition?"), the prompt tells nothing about them, so the answer must: the same
/// answer in the same file, the same answer, an edited answer. What then is left is paired in order only where a
/// file has as many lines as notes left and none would overtake another; the rest is left to place.
pub fn by_prompt(sheets: &Sheets, pairs: &mut Pairs) {
    let olds = sorted(&sheets.old.notes, |at| pairs.is_free(at));
    let news = sorted(&sheets.new.notes, |at| pairs.is_open(at));
    let mut rest = olds.as_slice();
    for group in news.chunk_by(|a, b| a.0 == b.0) {
        let hash = group[0].0;
        rest = &rest[rest.partition_point(|line| line.0 < hash)..];
        let count = rest.partition_point(|line| line.0 == hash);
        match (&rest[..count], group) {
            ([], _) => {}
            ([(_, old)], [(_, new)]) => {
                if ids_agree(sheets.old.notes[*old], sheets.new.notes[*new]) {
                    pairs.join(*old, *new);
                }
            }
            (lines, notes) => {
                let mut group = Group {
                    sheets,
                    old: lines.iter().map(|line| line.1).collect(),
                    new: notes.iter().map(|note| note.1).collect(),
                };
                group.by_answer(pairs, |file| file);
                group.by_answer(pairs, |_| 0);
                group.by_edited_answer(pairs);
                group.by_order(pairs);
            }
        }
    }
}

/// What a retired line does where an active line with the same prompt is still free.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rivals {
    /// It waits, because active lines come first.
    Yield,
    /// It takes the note.
    Ignore,
}

/// Brings back retired notes of the same prompt, the one with the same answer first.
pub fn revive(sheets: &Sheets, pairs: &mut Pairs, rivals: Rivals) {
    if pairs.revived.is_empty() {
        return;
    }
    let waiting: Vec<PromptHash> = match rivals {
        Rivals::Yield => {
            sorted(&sheets.old.notes, |at| pairs.is_free(at)).iter().map(|line| line.0).collect()
        }
        Rivals::Ignore => Vec::new(),
    };
    let retired = &sheets.retired.notes;
    for same_answer in [true, false] {
        for new in 0..sheets.new.notes.len() {
            let note = sheets.new.notes[new];
            if !pairs.is_open(new) || waiting.binary_search(&note.prompt_hash).is_ok() {
                continue;
            }
            let first = retired.partition_point(|line| line.prompt_hash < note.prompt_hash);
            let best = (first..retired.len())
                .take_while(|&at| retired[at].prompt_hash == note.prompt_hash)
                .find(|&at| {
                    !pairs.revived[at]
                        && ids_agree(retired[at], note)
                        && (!same_answer || retired[at].sketch.same_answer(&note.sketch))
                });
            if let Some(line) = best {
                pairs.revive(line, new);
            }
        }
    }
}

fn sorted(notes: &[&super::Trace], wanted: impl Fn(usize) -> bool) -> Vec<(PromptHash, usize)> {
    let mut keys: Vec<(PromptHash, usize)> =
        (0..notes.len()).filter(|&at| wanted(at)).map(|at| (notes[at].prompt_hash, at)).collect();
    keys.sort_unstable();
    keys
}

/// Lines and notes with one prompt.
struct Group<'a> {
    sheets: &'a Sheets<'a>,
    old: Vec<usize>,
    new: Vec<usize>,
}

impl Group<'_> {
    fn drop_paired(&mut self, pairs: &Pairs) {
        self.old.retain(|&at| pairs.is_free(at));
        self.new.retain(|&at| pairs.is_open(at));
    }

    /// Pairs equal answers in order, within what `place` makes of a file.
    fn by_answer(&mut self, pairs: &mut Pairs, place: impl Fn(usize) -> usize) {
        let Sheets { old, new, .. } = self.sheets;
        let mut lines: FastMap<(usize, u64), Vec<usize>> = FastMap::default();
        for &at in self.old.iter().rev() {
            lines.entry((place(old.file[at]), old.notes[at].sketch.answer_key())).or_default().push(at);
        }
        for &at in &self.new {
            if let Some(stack) = lines.get_mut(&(place(new.file[at]), new.notes[at].sketch.answer_key()))
                && let Some(position) =
                    stack.iter().rposition(|&line| ids_agree(old.notes[line], new.notes[at]))
            {
                pairs.join(stack.remove(position), at);
            }
        }
        self.drop_paired(pairs);
    }

    /// Pairs the answers that are most alike, where no other comes near.
    fn by_edited_answer(&mut self, pairs: &mut Pairs) {
        if self.old.len() * self.new.len() > MOST_COMPARED {
            return;
        }
        let Sheets { old, new, .. } = self.sheets;
        let like = |o: usize, n: usize| old.notes[o].sketch.answer_likeness(&new.notes[n].sketch);
        for &o in &self.old {
            for &n in &self.new {
                let here = like(o, n);
                let rival = |other: f32| other > here - 0.15;
                if here >= EDITED_ANSWER
                    && ids_agree(old.notes[o], new.notes[n])
                    && !self.new.iter().any(|&other| other != n && rival(like(o, other)))
                    && !self.old.iter().any(|&other| other != o && rival(like(other, n)))
                {
                    pairs.join(o, n);
                }
            }
        }
        self.drop_paired(pairs);
    }

    /// Pairs in order within a file, where the numbers are equal and the rest of the file agrees with the order.
    fn by_order(&mut self, pairs: &mut Pairs) {
        let Sheets { old, new, .. } = self.sheets;
        let mut files: Vec<usize> = self.old.iter().map(|&at| old.file[at]).collect();
        files.dedup();
        for file in files {
            let lines: Vec<usize> = self.old.iter().copied().filter(|&at| old.file[at] == file).collect();
            let notes: Vec<usize> = self.new.iter().copied().filter(|&at| new.file[at] == file).collect();
            if lines.len() == notes.len() {
                for (&line, &note) in lines.iter().zip(&notes) {
                    if ids_agree(old.notes[line], new.notes[note])
                        && stands_alike(self.sheets, pairs, line, note)
                    {
                        pairs.join(line, note);
                    }
                }
            }
        }
        self.drop_paired(pairs);
    }
}

/// Tells whether the nearest settled lines of the same prompt stand on the same sides of the note.
fn stands_alike(sheets: &Sheets, pairs: &Pairs, line: usize, note: usize) -> bool {
    let Sheets { old, .. } = sheets;
    let same = |at: usize| {
        old.file[at] == old.file[line] && old.notes[at].prompt_hash == old.notes[line].prompt_hash
    };
    let settled = |at: usize| pairs.of_old[at].filter(|&new| sheets.new.file[new] == sheets.new.file[note]);
    let before = (0..line)
        .rev()
        .take_while(|&at| old.file[at] == old.file[line])
        .filter(|&at| same(at))
        .find_map(settled);
    let after = (line + 1..old.notes.len())
        .take_while(|&at| old.file[at] == old.file[line])
        .filter(|&at| same(at))
        .find_map(settled);
    before.is_none_or(|new| new < note) && after.is_none_or(|new| new > note)
}
