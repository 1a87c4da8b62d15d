//! A difference for people at a terminal.

use std::fmt::{self, Write as _};

use super::words::{around, cut};
use super::{Difference, Edited, FieldChange, Hunk, Kind, Look, NoteAt, Summary, counted};
use crate::report::{Colour, visible_line};

/// How many items of a list are shown without [`Detail::All`].
const SHOWN: usize = 20;

/// Says how much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The first of each list, and how many there are.
    Short,
    /// Everything.
    All,
}

/// Returns the difference as text, which ends in a line end.
#[must_use]
pub fn human(difference: &Difference, look: Look) -> String {
    let mut page = Page { text: String::new(), look };
    // Writing to a string cannot fail.
    let _ = page.write(difference);
    page.text
}

struct Page {
    text: String,
    look: Look,
}

#[derive(Clone, Copy)]
enum Ink {
    Bold,
    Red,
    Green,
    Yellow,
}

impl Page {
    fn write(&mut self, difference: &Difference) -> fmt::Result {
        let Difference {
            version: _,
            old,
            new,
            added,
            edited,
            moved,
            retired,
            note_types,
            decks,
            media,
            forecast,
        } = difference;
        writeln!(self.text, "{} → {}", side(old), side(new))?;
        if difference.is_empty() {
            return writeln!(self.text, "no difference");
        }
        self.list("added", added, |page, note| page.note(Ink::Green, '+', note))?;
        self.list("edited", edited, Page::edited)?;
        self.list("moved", moved, |page, moved| {
            let decks = format!("{} → {}", moved.from, moved.note.deck);
            let (prompt, decks) = (visible_line(&moved.note.prompt), visible_line(&decks));
            let sign = page.inked(Ink::Yellow, ">");
            writeln!(page.text, "  {sign} {decks} · {prompt}")
        })?;
        self.list("retired", retired, |page, note| page.note(Ink::Red, '-', note))?;
        self.list("note types", note_types, |page, change| {
            let parts: Vec<&str> = change.changes.iter().map(|part| part.words()).collect();
            writeln!(page.text, "  {}: {}", visible_line(&change.name), parts.join(", "))
        })?;
        self.list("decks", decks, |page, deck| {
            writeln!(page.text, "  {} {}", deck.change.sign(), visible_line(&deck.name))
        })?;
        self.list("media", media, |page, medium| {
            writeln!(page.text, "  {} {}", medium.change.sign(), visible_line(&medium.name))
        })?;
        if old.kind == Kind::Ledger || new.kind == Kind::Ledger {
            writeln!(self.text, "a ledger holds neither fields nor note types, descriptions and media")?;
        }
        let title = format!("what Anki does where `{}` was imported", old.name);
        let title = self.inked(Ink::Bold, &visible_line(&title));
        writeln!(self.text, "{title}")?;
        forecast.sentences().iter().try_for_each(|line| writeln!(self.text, "  {}", visible_line(line)))
    }

    fn list<T>(
        &mut self,
        title: &str,
        items: &[T],
        mut write: impl FnMut(&mut Page, &T) -> fmt::Result,
    ) -> fmt::Result {
        if items.is_empty() {
            return Ok(());
        }
        let title = self.inked(Ink::Bold, title);
        writeln!(self.text, "{title} {}", items.len())?;
        let shown = match self.look.detail {
            Detail::All => items.len(),
            Detail::Short => SHOWN,
        };
        items.iter().take(shown).try_for_each(|item| write(self, item))?;
        if items.len() > shown {
            writeln!(self.text, "  … and {} more (-v shows them)", items.len() - shown)?;
        }
        Ok(())
    }

    fn note(&mut self, ink: Ink, sign: char, note: &NoteAt) -> fmt::Result {
        let sign = self.inked(ink, sign.encode_utf8(&mut [0; 4]));
        writeln!(self.text, "  {sign} {} · {}", visible_line(&note.deck), visible_line(&note.prompt))
    }

    fn edited(&mut self, edited: &Edited) -> fmt::Result {
        let Edited { note, fields, tags_added, tags_removed, note_type } = edited;
        self.note(Ink::Yellow, '~', note)?;
        if let Some((from, to)) = note_type {
            writeln!(self.text, "      note type: {} → {}", visible_line(from), visible_line(to))?;
        }
        fields.iter().try_for_each(|field| self.field(field))?;
        if !(tags_added.is_empty() && tags_removed.is_empty()) {
            let added =
                tags_added.iter().map(|tag| self.inked(Ink::Green, &visible_line(&format!("+{tag}"))));
            let removed =
                tags_removed.iter().map(|tag| self.inked(Ink::Red, &visible_line(&format!("-{tag}"))));
            let tags: Vec<String> = added.chain(removed).collect();
            writeln!(self.text, "      tags: {}", tags.join(" "))?;
        }
        Ok(())
    }

    fn field(&mut self, field: &FieldChange) -> fmt::Result {
        let mut line = String::new();
        for (index, hunk) in field.words.iter().enumerate() {
            if hunk.is_same() {
                line.push_str(&visible_line(&around(&field.words, index)));
                continue;
            }
            let Hunk { old, new } = hunk;
            if !old.is_empty() {
                line.push_str(&self.changed(Ink::Red, ("[-", "-]"), old));
            }
            if !new.is_empty() {
                line.push_str(&self.changed(Ink::Green, ("{+", "+}"), new));
            }
        }
        writeln!(self.text, "      {}: {}", visible_line(&field.field), line.trim())
    }

    fn changed(&self, ink: Ink, (open, close): (&str, &str), text: &str) -> String {
        let text = visible_line(&cut(text));
        match self.look.colour {
            Colour::Always => self.inked(ink, &text),
            Colour::Never => format!("{open}{text}{close}"),
        }
    }

    fn inked(&self, ink: Ink, text: &str) -> String {
        let code = match ink {
            Ink::Bold => 1,
            Ink::Red => 31,
            Ink::Green => 32,
            Ink::Yellow => 33,
        };
        match self.look.colour {
            Colour::Always => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Colour::Never => text.to_owned(),
        }
    }
}

fn side(summary: &Summary) -> String {
    let Summary { name, kind, notes, cards } = summary;
    let cards = cards.map_or_else(String::new, |cards| format!(", {}", counted(cards, "card")));
    visible_line(&format!("{name} ({}, {}{cards})", kind.words(), counted(*notes, "note")))
}
