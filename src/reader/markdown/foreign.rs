//! Cards as other tools mark them, which this dialect takes for text: a word on how to write them here.

use std::ops::Range;

use super::context::Context;
use crate::diagnostic::Code;
use crate::reader::gather::gathered;
use crate::source::Span;

/// Holds the marks of other tools found so far, outside code and comments.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    /// `START` and `END`, of Obsidian_to_Anki; of a pair only the first.
    blocks: Vec<Span>,
    /// Whether a `START` waits for its `END`.
    open: bool,
    /// `?` and `??`, of the Spaced Repetition plugin of Obsidian.
    turns: Vec<Span>,
}

impl Foreign {
    /// Looks at a line of text.
    pub(super) fn line(&mut self, ctx: &Context<'_>, text: &str, line: &Range<usize>) {
        let text = text.trim_end();
        let span = || ctx.span(line.start..line.start + text.len());
        match text {
            "START" => {
                self.blocks.push(span());
                self.open = true;
            }
            "END" => {
                let opened = std::mem::take(&mut self.open);
                self.blocks.extend((!opened).then(span));
            }
            "?" | "??" if is_touched(ctx.text, line) => self.turns.push(span()),
            _ if text.starts_with("STARTI ") && text.ends_with(" ENDI") => self.blocks.push(span()),
            _ => {}
        }
    }

    /// Reports what was found.
    pub(super) fn report(self, ctx: &mut Context<'_>) {
        let kinds = [
            (
                self.blocks,
                "`START` and `END` mark cards of Obsidian_to_Anki; here they are text",
                "write the card as `Q: …` and `A: …`, or with `front:` and `back:` in a ```` ```card ```` fence",
            ),
            (
                self.turns,
                "`?` on a line of its own parts the cards of Obsidian's Spaced Repetition; here it is text",
                "write `Q:` before the question and `A:` before the answer (`QA:` for `??`)",
            ),
        ];
        for (places, message, help) in kinds {
            if let Some(finding) = gathered(Code::NearMissLabel, &places, message, "here too") {
                ctx.diagnostics.push(finding.help(help));
            }
        }
    }
}

/// Returns whether text stands on the lines right above and below.
fn is_touched(text: &str, line: &Range<usize>) -> bool {
    let above = &text[..line.start];
    let above = above.strip_suffix("\r\n").or_else(|| above.strip_suffix(['\n', '\r'])).unwrap_or("");
    let below = &text[line.end..];
    let below = below.strip_prefix("\r\n").or_else(|| below.strip_prefix(['\n', '\r'])).unwrap_or("");
    let seen = |c: char| !matches!(c, '\n' | '\r');
    let space = [' ', '\t'];
    above.trim_end_matches(space).ends_with(seen) && below.trim_start_matches(space).starts_with(seen)
}
