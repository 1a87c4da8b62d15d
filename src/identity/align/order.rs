//! Brings both sides into an order that depends on contents alone.
//!
//! Ties between equal notes are broken by order, so the order must not be that of a folder listing. Files are
//! sorted by what they hold; files that hold the same on both sides may stand either way round.

use std::hash::Hasher as _;

use super::{Old, Trace};
use crate::identity::hash::{FastHasher, FastMap, hash_text};

/// One side: notes in the order of contents.
pub struct Sheet<'a> {
    pub notes: Vec<&'a Trace>,
    /// Where each note stood in what the caller gave.
    pub origin: Vec<usize>,
    /// The file of each note, numbered from 0 without gaps, the same on both sides.
    pub file: Vec<usize>,
}

/// Both sides, and the retired lines apart.
pub struct Sheets<'a> {
    pub old: Sheet<'a>,
    pub retired: Sheet<'a>,
    pub new: Sheet<'a>,
}

impl<'a> Sheets<'a> {
    pub fn new(old: &'a [Old], new: &'a [Trace]) -> Self {
        let active =
            || old.iter().enumerate().filter(|(_, line)| !line.retired).map(|(at, line)| (at, &line.trace));
        let retired =
            || old.iter().enumerate().filter(|(_, line)| line.retired).map(|(at, line)| (at, &line.trace));
        let mut contents: FastMap<usize, (u64, u64)> = FastMap::default();
        for (_, note) in active() {
            let file = contents.entry(note.file).or_default();
            file.0 = chained(file.0, note);
        }
        for note in new {
            let file = contents.entry(note.file).or_default();
            file.1 = chained(file.1, note);
        }
        let mut files: Vec<((u64, u64), usize)> =
            contents.into_iter().map(|(file, key)| (key, file)).collect();
        files.sort_unstable();
        let mut ranks: FastMap<usize, usize> =
            files.iter().enumerate().map(|(at, (_, file))| (*file, at)).collect();
        for (_, note) in retired() {
            // A file that only retired lines remember comes last; its place matters to nothing.
            let next = ranks.len();
            ranks.entry(note.file).or_insert(next);
        }
        let mut gone = Sheet::new(retired(), &ranks);
        gone.sort_by_contents();
        Self {
            old: Sheet::new(active(), &ranks),
            retired: gone,
            new: Sheet::new(new.iter().enumerate(), &ranks),
        }
    }
}

impl<'a> Sheet<'a> {
    fn new(notes: impl Iterator<Item = (usize, &'a Trace)>, ranks: &FastMap<usize, usize>) -> Self {
        let mut rows: Vec<(usize, usize, &Trace)> = notes
            .map(|(at, note)| (ranks.get(&note.file).copied().unwrap_or(usize::MAX), at, note))
            .collect();
        // Stable: within a file the source order stays.
        rows.sort_by_key(|row| row.0);
        Self {
            notes: rows.iter().map(|row| row.2).collect(),
            origin: rows.iter().map(|row| row.1).collect(),
            file: rows.iter().map(|row| row.0).collect(),
        }
    }

    fn sort_by_contents(&mut self) {
        let mut order: Vec<usize> = (0..self.notes.len()).collect();
        order.sort_by_key(|&at| {
            let note = self.notes[at];
            (note.prompt_hash, &note.id, note.sketch)
        });
        self.notes = order.iter().map(|&at| self.notes[at]).collect();
        self.origin = order.iter().map(|&at| self.origin[at]).collect();
        self.file = order.iter().map(|&at| self.file[at]).collect();
    }
}

fn chained(before: u64, note: &Trace) -> u64 {
    let mut hasher = FastHasher::default();
    hasher.write_u64(before);
    hasher.write(note.prompt_hash.as_bytes());
    hasher.write_u64(note.sketch.answer_key());
    hasher.write_u64(note.id.as_deref().map_or(0, hash_text));
    hasher.finish()
}
