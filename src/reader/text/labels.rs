//! Cards marked with `Q:` and `A:`.

use std::ops::Range;

use super::page::{Page, Stretch, heading, is_rule, trim, trimmed};
use super::parts::{Card, Kind, Parts};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::reader::gather::gathered;
use crate::reader::label::{before_label, is_invisible, second_answer};
use crate::reader::plain_cloze;
use crate::source::Span;

/// Is a label at the beginning of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// What it begins.
    pub(super) role: Role,
    /// Whether it is written as it should be.
    pub(super) spelling: Spelling,
    /// Its bytes in the line's text.
    pub(super) range: Range<usize>,
}

/// Says what a label begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// `Q:`
    Question,
    /// `QA:`, a question asked in both directions.
    Both,
    /// `A:`
    Answer,
    /// `C:`
    Cloze,
}

impl Role {
    /// Returns the label as it should be written.
    fn word(self) -> &'static str {
        match self {
            Role::Question => "Q:",
            Role::Both => "QA:",
            Role::Answer => "A:",
            Role::Cloze => "C:",
        }
    }
}

/// Says how a label is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `Q:`, or with the full-width colon of Chinese and Japanese text.
    Exact,
    /// An invisible character stands before it.
    Invisible,
    /// Such as `q:`, `Question:` or `Q1:`.
    Near,
}

/// Returns the label that `text` begins with.
pub(super) fn label(text: &str) -> Option<Label> {
    let visible = text.trim_start_matches(is_invisible);
    let start = text.len() - visible.len();
    let colon = visible.char_indices().take(12).find(|(_, c)| matches!(c, ':' | '：'))?;
    let word = &visible[..colon.0];
    let end = start + colon.0 + colon.1.len_utf8();
    let exact = match word {
        "Q" => Some(Role::Question),
        "QA" => Some(Role::Both),
        "A" => Some(Role::Answer),
        "C" => Some(Role::Cloze),
        _ => None,
    };
    // `Q::` is a property or a separator, never a label.
    if text[end..].starts_with(':') {
        return None;
    }
    if let Some(role) = exact {
        let spelling = if start > 0 { Spelling::Invisible } else { Spelling::Exact };
        return Some(Label { role, spelling, range: start..end });
    }
    let bare = word.trim_end().trim_end_matches(|c: char| c.is_ascii_digit()).trim_end().to_lowercase();
    let role = match bare.as_str() {
        "q" | "question" => Role::Question,
        "qa" => Role::Both,
        "a" | "answer" => Role::Answer,
        _ => return None,
    };
    Some(Label { role, spelling: Spelling::Near, range: start..end })
}

/// Returns the label of a line, where it stands far enough to the left to be one.
pub(super) fn label_of(page: &Page<'_>, line: usize) -> Option<Label> {
    if page.lines[line].text.indent > 3 {
        return None;
    }
    label(page.text(line))
}

/// Reads the cards between the labels in `lines`.
pub(super) fn read(page: &Page<'_>, lines: Range<usize>, diagnostics: &mut Diagnostics) -> Parts {
    let mut reader = Reader { page, diagnostics, parts: Parts::default(), open: None, misses: Vec::new() };
    for line in lines.clone() {
        reader.line(line, lines.end);
    }
    reader.close(lines.end);
    reader.near_misses();
    reader.parts
}

/// Is the card being read.
struct Open {
    role: Role,
    start: usize,
    /// Where the label stands.
    label: Span,
    front: Vec<Stretch>,
    back: Option<Vec<Stretch>>,
}

/// Says what became of a near miss.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// Read as the label.
    Label,
    /// Left as text, because a label does not fit there.
    Text,
}

struct Reader<'a, 'b> {
    page: &'a Page<'a>,
    diagnostics: &'b mut Diagnostics,
    parts: Parts,
    open: Option<Open>,
    /// Labels that are not written as they should be, what they mean, and whether they were read so.
    misses: Vec<(Span, &'static str, Taken)>,
}

impl Reader<'_, '_> {
    fn line(&mut self, line: usize, end: usize) {
        let text = self.page.text(line);
        let after_blank = line == 0 || self.page.is_blank(line - 1);
        let label = label_of(self.page, line);
        if let Some(label) = label.as_ref().filter(|label| self.takes(label, line, end)) {
            self.label(line, label);
            return;
        }
        if let Some(label) =
            label.as_ref().filter(|label| label.role == Role::Cloze && after_blank && !text.contains("{{"))
            && label.spelling == Spelling::Exact
        {
            self.diagnostics.push(
                Diagnostic::at(
                    Code::ClozeWithoutDeletion,
                    self.place(line, label),
                    "cloze note without a deletion makes no card",
                )
                .help("write `{{c1::hidden}}` round what is to be hidden"),
            );
        }
        if let Some(label) = label.filter(|label| label.spelling == Spelling::Near) {
            self.misses.push((self.place(line, &label), label.role.word(), Taken::Text));
        }
        if is_rule(text) || (after_blank && heading(text).is_some() && self.ends_here(line, end)) {
            self.close(line);
            self.parts.metadata.push(line);
        } else if after_blank && !text.is_empty() && self.is_cloze_paragraph(line, end) {
            self.close(line);
            let place = self.page.lines[line].text.range.start;
            let label = self.page.file.span(place..place);
            let front = vec![self.page.stretch(line)];
            self.open = Some(Open { role: Role::Cloze, start: line, label, front, back: None });
        } else if let Some(open) = &mut self.open {
            if open.role == Role::Cloze && text.is_empty() && !self.page.is_directive(line) {
                self.close(line);
            } else if !self.page.is_directive(line) {
                let side = open.back.as_mut().unwrap_or(&mut open.front);
                side.push(self.page.stretch(line));
            }
        }
    }

    /// Returns whether a label is read as one here: `C:` only with a deletion behind it, a near miss only where it fits.
    fn takes(&self, label: &Label, line: usize, end: usize) -> bool {
        let answered = self.open.as_ref().is_none_or(|open| open.role == Role::Cloze || open.back.is_some());
        match (label.role, label.spelling) {
            (Role::Cloze, _) => self.is_cloze_paragraph(line, end),
            (Role::Question | Role::Both, Spelling::Near) => answered,
            (Role::Answer, Spelling::Near) => !answered,
            (Role::Question | Role::Both | Role::Answer, Spelling::Exact | Spelling::Invisible) => true,
        }
    }

    fn place(&self, line: usize, label: &Label) -> Span {
        let at = self.page.lines[line].text.range.start;
        self.page.file.span(at + label.range.start..at + label.range.end)
    }

    fn label(&mut self, line: usize, label: &Label) {
        let text = self.page.lines[line].text.clone();
        let at = text.range.start;
        let span = self.place(line, label);
        let range = trimmed(&self.page.file.text, at + label.range.end..text.range.end);
        let rest = Stretch { range, indent: text.indent };
        match label.spelling {
            Spelling::Exact => {}
            Spelling::Invisible => {
                let span = self.page.file.span(at..at + label.range.end);
                let first = self.page.text(line).chars().next();
                if let Some(first) = first {
                    self.diagnostics.push(before_label(span, first));
                }
            }
            Spelling::Near => self.misses.push((span, label.role.word(), Taken::Label)),
        }
        match (label.role, &mut self.open) {
            (Role::Answer, Some(open)) if matches!(open.role, Role::Question | Role::Both) => {
                match &mut open.back {
                    None => open.back = Some(vec![rest]),
                    Some(back) => {
                        back.push(Stretch { range: at..at, indent: 0 });
                        back.push(rest);
                        self.diagnostics.push(second_answer(span, open.label));
                    }
                }
            }
            (Role::Answer, _) => {
                self.close(line);
                self.diagnostics.push(
                    Diagnostic::at(Code::AnswerWithoutQuestion, span, "`A:` without a `Q:` before it")
                        .help("write the question before it, on a line that begins with `Q:`"),
                );
            }
            (Role::Question | Role::Both | Role::Cloze, _) => {
                self.close(line);
                self.open =
                    Some(Open { role: label.role, start: line, label: span, front: vec![rest], back: None });
            }
        }
    }

    /// Returns whether the block that begins at `line` holds a deletion.
    fn is_cloze_paragraph(&self, line: usize, end: usize) -> bool {
        let last = (line..end)
            .take_while(|at| !self.page.is_blank(*at) && (*at == line || label_of(self.page, *at).is_none()))
            .last();
        let Some(last) = last else { return false };
        let block = self.page.lines[line].whole.start..self.page.lines[last].whole.end;
        plain_cloze::holds(&self.page.file.text[block])
    }

    /// Returns whether a blank line, a label or the end follows the line.
    fn ends_here(&self, line: usize, end: usize) -> bool {
        line + 1 >= end || self.page.is_blank(line + 1) || label_of(self.page, line + 1).is_some()
    }

    /// Ends the card being read before `line`.
    fn close(&mut self, line: usize) {
        let Some(mut open) = self.open.take() else { return };
        trim(&mut open.front);
        let lines = open.start..line;
        match (open.role, open.back) {
            (Role::Cloze, _) => {
                self.parts.cards.push(Card {
                    lines,
                    front: open.front,
                    kind: Kind::Cloze,
                    ..Card::default()
                });
            }
            (Role::Question | Role::Both | Role::Answer, Some(mut back)) => {
                trim(&mut back);
                if open.front.is_empty() {
                    self.diagnostics.push(
                        Diagnostic::at(Code::CardWithoutFront, open.label, "`Q:` with nothing behind it")
                            .help("write the question, or delete the card"),
                    );
                    return;
                }
                if back.is_empty() {
                    self.diagnostics.push(
                        Diagnostic::at(Code::EmptySide, open.label, "card whose answer is empty")
                            .help("write the answer behind `A:`"),
                    );
                }
                let kind = if open.role == Role::Both { Kind::Both } else { Kind::Sides };
                self.parts.cards.push(Card { lines, front: open.front, back, kind, ..Card::default() });
            }
            (Role::Question | Role::Both | Role::Answer, None) => {
                let whole = self.page.bytes(lines.clone());
                if plain_cloze::holds(&self.page.file.text[whole]) {
                    self.parts.cards.push(Card {
                        lines,
                        front: open.front,
                        kind: Kind::Cloze,
                        ..Card::default()
                    });
                    return;
                }
                self.diagnostics.push(
                    Diagnostic::at(Code::QuestionWithoutAnswer, open.label, "`Q:` without an `A:`")
                        .help("write the answer on a line that begins with `A:`"),
                );
            }
        }
    }

    /// Reports the labels that are not written as they should be, each spelling once.
    fn near_misses(&mut self) {
        let word = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
        let mut spellings: Vec<(&str, &str, Taken, Vec<Span>)> = Vec::new();
        for (span, meant, taken) in std::mem::take(&mut self.misses) {
            let written = self.page.file.slice(span);
            let same = spellings
                .iter_mut()
                .find(|(text, _, as_what, _)| *as_what == taken && word(text) == word(written));
            match same {
                Some((.., places)) => places.push(span),
                None => spellings.push((written, meant, taken, vec![span])),
            }
        }
        for (written, meant, taken, places) in spellings {
            let message = match taken {
                Taken::Label => format!("`{written}` was read as `{meant}`"),
                Taken::Text => format!("`{written}` looks like `{meant}` and was read as text"),
            };
            if let Some(finding) = gathered(Code::NearMissLabel, &places, message, "here too") {
                self.diagnostics.push(finding.help(format!("write `{meant}` if it is one")));
            }
        }
    }
}
