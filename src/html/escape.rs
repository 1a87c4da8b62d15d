//! The output buffer: escaping by context, and Anki's cloze syntax.

use crate::bytes;

/// Says where text is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Between tags.
    Text,
    /// Between tags, inside `<code>`: LaTeX in it is code too.
    Code,
    /// In an attribute value between double quotes.
    Attribute,
}

/// Is HTML being written.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    out: String,
    /// How many deletions are open.
    deletions: usize,
    /// Where the buffer ended after a brace or colon of the content, which must not meet one of our own.
    loose: usize,
}

/// Returns whether the escaper stops at a byte.
fn is_special(byte: u8) -> bool {
    bytes::is_control_or(byte, *b"&<>\"{}:[")
}

impl Buffer {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self { out: String::with_capacity(capacity), deletions: 0, loose: usize::MAX }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn in_deletion(&self) -> bool {
        self.deletions > 0
    }

    /// Writes HTML of ours, in which no brace or colon stands doubled.
    pub(super) fn markup(&mut self, html: &str) {
        self.out.push_str(html);
    }

    /// Writes a number.
    pub(super) fn number(&mut self, number: u64) {
        use std::fmt::Write as _;
        write!(self.out, "{number}").expect("a string takes whatever is written to it");
    }

    /// Writes text so that it is shown as it is.
    pub(super) fn text(&mut self, text: &str, place: Place) {
        let bytes = text.as_bytes();
        let mut done = 0;
        while let Some(length) = bytes::position(&bytes[done..], is_special) {
            let at = done + length;
            let byte = bytes[at];
            self.out.push_str(&text[done..at]);
            done = at + 1;
            match byte {
                b'&' => self.out.push_str("&amp;"),
                b'<' => self.out.push_str("&lt;"),
                b'>' => self.out.push_str("&gt;"),
                b'"' => self.out.push_str(if place == Place::Attribute { "&quot;" } else { "\"" }),
                b'{' => self.loose_char('{', "&#123;"),
                b'}' if self.in_deletion() => self.loose_char('}', "&#125;"),
                b':' if self.in_deletion() => self.loose_char(':', "&#58;"),
                b'}' | b':' => self.out.push(char::from(byte)),
                b'[' => self.out.push_str(if acts(&text[done..], place) { "&#91;" } else { "[" }),
                // Control characters: Anki deletes them from fields, and U+001F would split one.
                _ => {}
            }
        }
        self.out.push_str(&text[done..]);
    }

    /// Writes a character of the content that would mean something doubled: as an entity where it stands behind its like.
    fn loose_char(&mut self, character: char, entity: &str) {
        if self.out.ends_with(character) {
            self.out.push_str(entity);
        } else {
            self.out.push(character);
            self.loose = self.out.len();
        }
    }

    /// Turns a loose character that the buffer ends with into an entity, before the same character of ours follows.
    fn settle(&mut self, character: char, entity: &str) {
        if self.loose == self.out.len() && self.out.ends_with(character) {
            self.out.pop();
            self.out.push_str(entity);
        }
    }

    /// Opens a deletion.
    pub(super) fn open(&mut self, number: u16) {
        // Nothing of ours ends with an opening brace.
        if self.out.ends_with('{') {
            self.out.pop();
            self.out.push_str("&#123;");
        }
        self.out.push_str("{{c");
        self.number(u64::from(number));
        self.out.push_str("::");
        self.deletions += 1;
    }

    /// Closes the innermost deletion.
    pub(super) fn close(&mut self, hint: Option<&str>) {
        if let Some(hint) = hint {
            self.settle(':', "&#58;");
            self.out.push_str("::");
            self.text(hint, Place::Text);
        }
        self.settle('}', "&#125;");
        self.out.push_str("}}");
        self.deletions -= 1;
    }

    /// Writes TeX source, which stands between delimiters of ours.
    ///
    /// Doubled braces and colons are parted by a space, which TeX skips in math mode: entities would be right for the
    /// browser, but Anki's editor writes them back as characters as soon as the learner edits the note.
    pub(super) fn tex(&mut self, tex: &str) {
        for (at, character) in tex.char_indices() {
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '{' => self.parted('{'),
                '}' | ':' if self.in_deletion() => self.parted(character),
                '[' if acts(&tex[at + 1..], Place::Code) => self.out.push_str("[ "),
                _ if character.is_ascii_control() => {}
                _ => self.out.push(character),
            }
        }
    }

    fn parted(&mut self, character: char) {
        if self.out.ends_with(character) {
            self.out.push(' ');
        }
        self.out.push(character);
    }

    /// Writes raw HTML in which deletions are the author's own.
    pub(super) fn raw(&mut self, html: &str) {
        self.without_controls(html);
    }

    /// Writes raw HTML in which nothing may count as a deletion.
    pub(super) fn raw_inert(&mut self, html: &str) {
        let mut rest = html;
        while let Some(at) = rest.find("{{c") {
            let (before, from) = rest.split_at(at);
            self.without_controls(before);
            self.out.push_str(if from[3..].starts_with(|next: char| next.is_ascii_digit()) {
                "{&#123;c"
            } else {
                "{{c"
            });
            rest = &from[3..];
        }
        self.without_controls(rest);
    }

    /// Writes raw HTML inside a deletion.
    pub(super) fn raw_hidden(&mut self, html: &str) {
        for character in html.chars() {
            match character {
                '{' => self.loose_char('{', "&#123;"),
                '}' => self.loose_char('}', "&#125;"),
                ':' => self.loose_char(':', "&#58;"),
                '\n' | '\t' => self.out.push(character),
                _ if character.is_ascii_control() => {}
                _ => self.out.push(character),
            }
        }
    }

    fn without_controls(&mut self, html: &str) {
        let control = |character: char| character.is_ascii_control() && !matches!(character, '\n' | '\t');
        for piece in html.split(control) {
            self.out.push_str(piece);
        }
    }
}

/// Returns whether Anki acts on `[` before `rest`. Old LaTeX markup is the author's in text, but not in code.
fn acts(rest: &str, place: Place) -> bool {
    let latex = ["latex]", "$]", "$$]"];
    rest.starts_with("sound:")
        || rest.starts_with("anki:")
        || (place == Place::Code && latex.iter().any(|tag| rest.starts_with(tag)))
}
