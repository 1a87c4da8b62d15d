//! The sure rules: the same id, the same prompt, and the return of a retired note.

use super::order::{Sheet, Sheets};
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
/// answer in the same file, the same answer, an edited answer. What then is left is paired in order only where every
/// file has as many lines as notes left and none would overtake another; the rest is left to place.
pub fn by_prompt(sheets: &Sheets, pairs: &mut Pairs) {
    let olds = sorted(&sheets.old.notes, |at| pairs.is_free(at));
    let news = sorted(&sheets.new.notes, |at| pairs.is_open(at));
    let mut rest = olds.as_slice();
    for group in news.chunk_by(|a, b| a.0 == b.0) {
        let hash = group[0].0;
        // Step by step, for both lists are walked once.
        rest = &rest[rest.iter().take_while(|line| line.0 < hash).count()..];
        let count = rest.iter().take_while(|line| line.0 == hash).count();
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
///
/// A note with another answer comes back only where the prompt means one note: no other note has it, and no other
/// line ever had it.
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
    let asked = sorted(&sheets.new.notes, |_| true);
    for same_answer in [true, false] {
        for new in 0..sheets.new.notes.len() {
            let note = sheets.new.notes[new];
            if !pairs.is_open(new) || waiting.binary_search(&note.prompt_hash).is_ok() {
                continue;
            }
            let first = retired.partition_point(|line| line.prompt_hash < note.prompt_hash);
            let twins = retired[first..].partition_point(|line| line.prompt_hash == note.prompt_hash);
            let only = twins == 1 && count(&asked, note.prompt_hash) == 1;
            let best = (first..first + twins).find(|&at| {
                let answer = &retired[at].sketch;
                let known = if same_answer {
                    answer.same_answer(&note.sketch)
                } else {
                    only || answer.answer_likeness(&note.sketch) >= EDITED_ANSWER
                };
                known && !pairs.revived[at] && ids_agree(retired[at], note)
            });
            if let Some(line) = best {
                pairs.revive(line, new);
            }
        }
    }
}

/// Returns how often a key stands in a sorted list.
fn count(keys: &[(PromptHash, usize)], key: PromptHash) -> usize {
    let first = keys.partition_point(|entry| entry.0 < key);
    keys[first..].partition_point(|entry| entry.0 == key)
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

    /// Pairs in order, where each file has as many lines as notes left and its settled ones and the
    /// neighbours agree with the order.
    fn by_order(&mut self, pairs: &mut Pairs) {
        let Sheets { old, new, .. } = self.sheets;
        // Both are in the order of files; where a file has more lines than notes, one of them moved or went.
        let here = self.old.iter().map(|&at| old.file[at]).eq(self.new.iter().map(|&at| new.file[at]));
        if here && self.old.len() * self.old.len() <= MOST_COMPARED {
            for (&line, &note) in self.old.iter().zip(&self.new) {
                if ids_agree(old.notes[line], new.notes[note]) && stands_alike(self.sheets, pairs, line, note)
                {
                    pairs.join(line, note);
                }
            }
        }
        self.drop_paired(pairs);
    }
}

/// Tells whether the settled lines of the same prompt in the file stand in the order of their notes, this pair among them.
fn stands_alike(sheets: &Sheets, pairs: &Pairs, line: usize, note: usize) -> bool {
    let Sheets { old, new, .. } = sheets;
    let first = old.file.partition_point(|&file| file < old.file[line]);
    let end = old.file.partition_point(|&file| file <= old.file[line]);
    let partner = |at: usize| {
        if at == line {
            return Some(note);
        }
        let twin = old.notes[at].prompt_hash == old.notes[line].prompt_hash;
        pairs.of_old[at].filter(|&partner| twin && new.file[partner] == new.file[note])
    };
    (first..end).filter_map(partner).is_sorted() && has_the_neighbours(sheets, line, note)
}

/// Tells whether the prompts before and after are the same in the line's file and the note's.
fn has_the_neighbours(sheets: &Sheets, line: usize, note: usize) -> bool {
    let Sheets { old, new, .. } = sheets;
    let prompt = |sheet: &Sheet, at: usize, other: Option<usize>| {
        other
            .filter(|&other| sheet.file.get(other) == Some(&sheet.file[at]))
            .map(|other| sheet.notes[other].prompt_hash)
    };
    prompt(old, line, line.checked_sub(1)) == prompt(new, note, note.checked_sub(1))
        && prompt(old, line, Some(line + 1)) == prompt(new, note, Some(note + 1))
}
