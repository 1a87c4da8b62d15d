//! Formulas: pandoc's rule for dollars, `\(…\)` and `\[…\]`, and Anki's old `[$]…[/$]`.

use std::ops::Range;

use pulldown_cmark::CowStr;

use super::cloze::find_marker;
use super::context::{Context, line_feeds};
use super::inline::Leaf;
use super::walker::Walker;
use crate::diagnostic::Code;
use crate::model::text::Inline;

impl Walker<'_, '_> {
    /// Handles what the parser took for math and is not: money by pandoc's rule, and Anki's old `[$]…[/$]`.
    pub(super) fn rejected_math(&mut self, leaf: &mut Leaf, tex: &str, range: &Range<usize>) -> bool {
        let bytes = self.ctx.text.as_bytes();
        let old = tex.strip_prefix(']').and_then(|rest| rest.strip_suffix("[/"));
        if let Some(inner) = old
            && bytes.get(range.end) == Some(&b']')
            && leaf.pending.ends_with('[')
        {
            let display = bytes[range.start + 1] == b'$';
            leaf.pending.pop();
            self.flush(leaf);
            inert(self.ctx, tex, range, "math");
            leaf.content().push(Inline::Math { tex: clean_tex(inner), display });
            leaf.skip_until = range.end + 1;
            return true;
        }
        // Pandoc: the closing dollar of `$…$` is not followed by a digit, so that `$5 or 6$7` is money.
        let single = bytes[range.start..].get(1) != Some(&b'$');
        if single && bytes.get(range.end).is_some_and(u8::is_ascii_digit) {
            let text = self.ctx.text;
            self.text(leaf, &CowStr::Borrowed(&text[range.clone()]), range.clone());
            return true;
        }
        inert(self.ctx, tex, range, "math");
        false
    }

    /// Reads `\(…\)` and `\[…\]`, of which the parser leaves the brackets: from the source, because a formula is no
    /// Markdown. Returns how much of the text event belongs to it.
    pub(super) fn escaped_math(&mut self, leaf: &mut Leaf, text: &str, start: usize) -> Option<usize> {
        let (kind, close) = match text.as_bytes().first()? {
            b'(' => (0, b')'),
            b'[' => (1, b']'),
            _ => return None,
        };
        if leaf.no_closer[kind] {
            return None;
        }
        let bytes = self.ctx.text.as_bytes();
        let mut at = start + 1;
        loop {
            if at + 1 >= leaf.end.min(leaf.limit) {
                leaf.no_closer[kind] = true;
                return None;
            }
            if bytes[at] == b'\\' {
                if bytes[at + 1] == close {
                    break;
                }
                at += 1;
            }
            at += 1;
        }
        let file = self.ctx.text;
        let source = &file[start + 1..at];
        if source.trim().is_empty() {
            return None;
        }
        self.flush(leaf);
        inert(self.ctx, source, &(start + 1..at), "math");
        leaf.content().push(Inline::Math { tex: clean_tex(source), display: kind == 1 });
        leaf.skip_until = at + 2;
        Some((at + 2 - start).min(text.len()))
    }
}

/// Warns of a cloze marker where none is read.
pub(super) fn inert(ctx: &mut Context<'_>, text: &str, range: &Range<usize>, place: &str) {
    if !ctx.clozes {
        return;
    }
    let Some((_, length)) = find_marker(text) else { return };
    let start = find_marker(&ctx.text[range.clone()]).map_or(range.start, |(at, _)| range.start + at);
    let end = (start + length).min(range.end);
    ctx.report(
        Code::InertCloze,
        start..end,
        format!("cloze marker inside {place} is not read"),
        "put the deletion around the code or the formula",
    );
}

/// Returns TeX with `\n` line ends and without the spaces round it.
pub(super) fn clean_tex(tex: &str) -> String {
    let tex = tex.trim();
    line_feeds(tex)
}
