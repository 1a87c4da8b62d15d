//! Cloze deletions: markers in text events open and close containers on the stack of a leaf block.

use std::ops::Range;

use super::cloze::{Marker, marker, push_text, split_hint};
use super::inline::{Kind, Leaf, Numbers, Open, add};
use super::walker::Walker;
use crate::anki::cloze::LAST_NUMBER;
use crate::bytes;
use crate::diagnostic::Code;
use crate::model::text::{Cloze, Inline};
use crate::reader::plain_cloze::{hides_nothing, nothing_hidden};

impl Walker<'_, '_> {
    /// Adds `text`, which begins at `start` in the file, and reads the cloze markers in it.
    pub(super) fn scan(&mut self, leaf: &mut Leaf, text: &str, start: usize) {
        let mut from = 0;
        while let Some(at) = bytes::find(&text.as_bytes()[from..], *b"{}") {
            let at = from + at;
            leaf.pending.push_str(&text[from..at]);
            if text.as_bytes()[at] == b'}' {
                from = self.closing(leaf, text, start, at);
                continue;
            }
            from = match marker(&text[at..]) {
                Some(Marker::Open { numbers, length }) => {
                    self.open(leaf, Numbers::Good(numbers), start + at..start + at + length);
                    at + length
                }
                Some(Marker::BadNumber { length }) => {
                    self.ctx.report(
                        Code::ClozeNumber,
                        start + at..start + at + length,
                        format!("`{}` makes no card in Anki", &text[at..at + length]),
                        &format!("use numbers from 1 to {LAST_NUMBER}"),
                    );
                    self.open(leaf, Numbers::Bad, start + at..start + at + length);
                    at + length
                }
                Some(Marker::NearMiss { length }) => {
                    self.ctx.report(
                        Code::NearMissLabel,
                        start + at..start + at + length,
                        "text that looks almost like a cloze deletion",
                        "write `{{c1::text}}`, with a small `c` and two colons",
                    );
                    leaf.pending.push_str(&text[at..at + length]);
                    at + length
                }
                None => {
                    let top = leaf.stack.len() - 1;
                    if let Kind::Cloze { braces, .. } = &mut leaf.stack[top].kind {
                        *braces += 1;
                    }
                    leaf.pending.push('{');
                    at + 1
                }
            };
        }
        leaf.pending.push_str(&text[from..]);
    }

    fn open(&mut self, leaf: &mut Leaf, numbers: Numbers, range: Range<usize>) {
        if leaf.ignored > 0 || leaf.too_deep() {
            self.ctx.too_deep(range.clone());
            leaf.pending.push_str(&self.ctx.text[range]);
            return;
        }
        self.flush(leaf);
        let marker = range.len();
        leaf.stack.push(Open {
            kind: Kind::Cloze { numbers, marker, braces: 0 },
            content: Vec::new(),
            range,
        });
        leaf.clozes += 1;
    }

    /// Reads the run of `}` at `at` of `text`; returns where it ends.
    fn closing(&mut self, leaf: &mut Leaf, text: &str, start: usize, at: usize) -> usize {
        let run = text[at..].bytes().take_while(|b| *b == b'}').count();
        let end = at + run;
        let mut left = run;
        let top = leaf.stack.len() - 1;
        // In `{{c1::{x}}}` the first brace closes the set, not the deletion; where the braces do not balance, the first two
        // close the deletion, as in Anki.
        if leaf.ignored == 0
            && let Kind::Cloze { braces, .. } = &mut leaf.stack[top].kind
            && *braces > 0
        {
            let literal = if run >= *braces + 2 { *braces } else { run % 2 };
            *braces -= literal;
            left -= literal;
            leaf.pending.extend(std::iter::repeat_n('}', literal));
        }
        while left >= 2
            && leaf.ignored == 0
            && matches!(leaf.stack[leaf.stack.len() - 1].kind, Kind::Cloze { .. })
        {
            self.flush(leaf);
            left -= 2;
            self.close(leaf, start + end - left);
        }
        if leaf.pending.is_empty() {
            leaf.pending_start = start + end - left;
        }
        leaf.pending.extend(std::iter::repeat_n('}', left));
        end
    }

    fn close(&mut self, leaf: &mut Leaf, end: usize) {
        let Some(Open { kind: Kind::Cloze { numbers, marker, .. }, mut content, range }) = leaf.stack.pop()
        else {
            return;
        };
        leaf.clozes -= 1;
        match numbers {
            Numbers::Good(numbers) => {
                let hint = split_hint(&mut content);
                let span = self.ctx.span(range.start..end);
                if hides_nothing(&content) {
                    self.ctx.diagnostics.push(nothing_hidden(span));
                }
                leaf.content().push(Inline::Cloze(Box::new(Cloze { numbers, content, hint, span })));
                self.ctx.cloze_count += 1;
            }
            Numbers::Bad => {
                self.literal(leaf, range.start..range.start + marker, content);
                push_text(leaf.content(), "}}");
            }
        }
    }

    /// Makes text of the deletion that is open and never closed.
    pub(super) fn unclosed(&mut self, leaf: &mut Leaf) {
        self.flush(leaf);
        let Some(Open { kind: Kind::Cloze { numbers, marker, .. }, content, range }) = leaf.stack.pop()
        else {
            return;
        };
        leaf.clozes -= 1;
        let place = range.start..range.start + marker;
        if matches!(numbers, Numbers::Good(_)) {
            self.ctx.report(
                Code::UnclosedCloze,
                place.clone(),
                "cloze deletion is never closed",
                "close it with `}}` in the same paragraph, and outside formatting that begins inside it",
            );
        }
        self.literal(leaf, place, content);
    }

    /// Makes text of a marker, and lets what followed it follow.
    fn literal(&self, leaf: &mut Leaf, marker: Range<usize>, content: Vec<Inline>) {
        push_text(leaf.content(), &self.ctx.text[marker]);
        for inline in content {
            add(leaf.content(), inline);
        }
    }
}
