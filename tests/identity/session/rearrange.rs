//! Notes, sections and files that move.

use super::{Note, Session};

impl Session {
    /// Moves notes or sections, shuffles or renames a file.
    pub fn move_things(&mut self) {
        match self.rng.below(5) {
            0 => {
                let file = self.rng.below(self.files.len());
                self.files[file].path = self.new_path();
            }
            1 => {
                let file = self.rng.below(self.files.len());
                for at in (1..self.files[file].notes.len()).rev() {
                    let other = self.rng.below(at + 1);
                    self.files[file].notes.swap(at, other);
                }
                for note in &mut self.files[file].notes {
                    note.moved = true;
                }
            }
            2 => {
                let rng = &mut self.rng;
                let (from, to) = (rng.below(self.files.len()), rng.below(self.files.len()));
                let count = self.files[from].notes.len();
                let start = rng.below(count + 1);
                let end = (start + rng.between(1, 12)).min(count);
                let mut section: Vec<Note> = self.files[from].notes.drain(start..end).collect();
                for note in &mut section {
                    note.moved = true;
                }
                let at = self.rng.below(self.files[to].notes.len() + 1);
                self.files[to].notes.splice(at..at, section);
            }
            _ => {
                for _ in 0..self.rng.between(1, 4) {
                    if let Some((from, at)) = self.untouched() {
                        let mut note = self.files[from].notes.remove(at);
                        note.moved = true;
                        let to = self.rng.below(self.files.len());
                        let at = self.rng.below(self.files[to].notes.len() + 1);
                        self.files[to].notes.insert(at, note);
                    }
                }
            }
        }
    }
}
