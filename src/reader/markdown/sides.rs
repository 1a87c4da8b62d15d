//! Cards of two sides: headings with their bodies, and labelled cards.

use std::ops::Range;

use super::card::{Card, Form, take_anchor, take_field};
use super::directives::Directive;
use super::labels::Label;
use super::pieces::{Piece, PieceKind};
use super::said::{Said, holds};
use super::sections::Sections;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::text::Block;
use crate::model::{Field, RegionKind};
use crate::reader::gather::gathered;
use crate::reader::label::second_answer;
use crate::source::Span;

/// Says where text under a label goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Front,
    Back,
    Field(&'static str),
}

impl Sections<'_, '_> {
    /// Reads the heading at `at` and its section up to `end` as a card.
    pub(super) fn heading_card(&mut self, at: usize, end: usize) {
        let range = self.pieces[at].range.clone();
        let mut said = Said::default();
        let directives = std::mem::take(&mut self.pieces[at].directives);
        said.absorb(self.ctx, directives);
        let PieceKind::Heading { content, source, .. } =
            std::mem::replace(&mut self.pieces[at].kind, PieceKind::Taken)
        else {
            return;
        };
        let head = range.start..source.end.max(range.start);
        let blocks = if content.is_empty() { Vec::new() } else { vec![Block::Paragraph { content }] };
        let mut front = Field { blocks, source: self.ctx.source(source.clone()) };
        take_anchor(self.ctx, &mut front, source, &mut said);
        let mut last = end;
        while last > at + 1 && is_separator(&self.pieces[last - 1]) {
            last -= 1;
            self.marks.push((self.pieces[last].range.clone(), RegionKind::Metadata));
        }
        self.dangling(at, last);
        let mut card = Card { head, front, said, ..Card::default() };
        self.fill(&mut card, at + 1, last, Target::Back);
        card.range = range.start..self.end_of(at, last);
        self.emit(card);
    }

    /// Reads the labels from `at` to `end` as a card.
    pub(super) fn labelled_card(&mut self, at: usize, end: usize, label: Label, near_answer: bool) {
        let head = self.pieces[at].range.clone();
        let head = head.start..head.start + label.word().len() + 1;
        let form = match label {
            Label::Cloze => Form::Cloze,
            Label::Both => Form::Both,
            Label::Question | Label::Answer | Label::Extra | Label::Hint | Label::Source => Form::Sides,
        };
        let range = head.start..self.end_of(at, end);
        let mut card = Card { range: range.clone(), head: head.clone(), form, ..Card::default() };
        self.dangling(at, end);
        self.swallowed(at, end);
        let answered = self.fill(&mut card, at + 1, end, Target::Front);
        if label != Label::Cloze && !answered && !card.said.ignore && card.said.note_type.is_none() {
            if !near_answer {
                let word = label.word();
                self.ctx.report(
                    Code::QuestionWithoutAnswer,
                    head,
                    format!("`{word}:` without `A:`"),
                    "write `A:` and the answer below it, at the margin",
                );
            }
            self.marks.push((range, RegionKind::Prose));
            return;
        }
        self.emit(card);
    }

    /// Returns where the text of the pieces from `at` to `end` ends.
    pub(super) fn end_of(&self, at: usize, end: usize) -> usize {
        let last = self.pieces[at..end].iter().map(|piece| piece.range.end).max().unwrap_or(0);
        self.ctx.text[..last].trim_end().len().max(self.pieces[at].range.start)
    }

    /// Fills `card` from the pieces `from..to`, beginning with `target`. Returns whether there was an answer.
    fn fill(&mut self, card: &mut Card, from: usize, to: usize, target: Target) -> bool {
        let mut target = target;
        let mut answered = false;
        let mut begin = from;
        let mut at = from;
        let cloze = card.form == Form::Cloze;
        let heading = target == Target::Back;
        while at <= to {
            let change = match self.pieces[..to].get(at) {
                None => Some(target),
                Some(Piece { kind: PieceKind::Label { label, .. }, .. }) => match *label {
                    Label::Extra => Some(Target::Field("Extra")),
                    Label::Hint => Some(Target::Field("Hint")),
                    Label::Source => Some(Target::Field("Source")),
                    Label::Answer if cloze || heading => {
                        let range = self.pieces[at].range.clone();
                        self.ctx.report(
                            Code::AnswerWithoutQuestion,
                            range,
                            "`A:` without `Q:`",
                            "leave the label out, or write the card as `Q:` and `A:`",
                        );
                        None
                    }
                    Label::Answer => Some(Target::Back),
                    Label::Question | Label::Both | Label::Cloze => None,
                },
                Some(piece) if holds(&piece.directives, &Directive::Split) && !cloze => {
                    // What stands before the split is the question, the title of a heading card included.
                    at += 1;
                    if heading {
                        let field = take_field(self.ctx, &mut self.pieces[begin..at], &mut card.said);
                        join(&mut card.front, field);
                    } else {
                        self.store(card, target, begin..at);
                    }
                    answered = true;
                    target = Target::Back;
                    begin = at;
                    continue;
                }
                Some(_) => None,
            };
            if let Some(next) = change {
                self.store(card, target, begin..at.min(to));
                if next == Target::Back && at < to {
                    if answered {
                        let range = self.pieces[at].range.clone();
                        let question = self.ctx.span(card.head.clone());
                        let finding = second_answer(self.ctx.span(range), question);
                        self.ctx.diagnostics.push(finding);
                    }
                    answered = true;
                }
                target = next;
                begin = at + 1;
            }
            at += 1;
        }
        answered
    }

    fn store(&mut self, card: &mut Card, target: Target, pieces: Range<usize>) {
        if pieces.is_empty() {
            return;
        }
        let field = take_field(self.ctx, &mut self.pieces[pieces], &mut card.said);
        if field.is_empty() {
            return;
        }
        match target {
            Target::Front => join(&mut card.front, field),
            Target::Back => join(&mut card.back, field),
            Target::Field(name) => card.others.push((name, field)),
        }
    }

    /// Warns where a definition list stands behind other text of a labelled card: it makes no cards there.
    fn swallowed(&mut self, at: usize, end: usize) {
        let lists: Vec<Span> = (at + 2..end)
            .filter(|place| {
                matches!(self.pieces[*place].kind, PieceKind::Terms(..))
                    && matches!(self.pieces[*place - 1].kind, PieceKind::Block(_) | PieceKind::List(..))
            })
            .map(|place| {
                let range = self.pieces[place].range.clone();
                let line = self.ctx.text[range.clone()].find(['\n', '\r']).unwrap_or(range.len());
                self.ctx.span(range.start..range.start + line)
            })
            .collect();
        let message = "a definition list below an answer is part of it, and makes no cards";
        if let Some(finding) = gathered(Code::NearMissLabel, &lists, message, "here too") {
            self.ctx.diagnostics.push(
                finding.help("end the card above with a line `---` between blank lines, or put the list under a heading of its own"),
            );
        }
    }

    /// Warns where a card ends with a directive that stands apart from its text and right above the next card: it belongs to
    /// the card it stands in.
    fn dangling(&mut self, at: usize, end: usize) {
        let last = end - 1;
        if last <= at || end >= self.pieces.len() || !matches!(self.pieces[last].kind, PieceKind::Comment) {
            return;
        }
        if self.touches(last)
            && !self.touches(last - 1)
            && let Some(directive) = self.pieces[last].directives.first()
        {
            let diagnostic = Diagnostic::at(
                Code::UnknownDirective,
                directive.span,
                "directive right above a card belongs to the card before it",
            );
            self.ctx
                .diagnostics
                .push(diagnostic.help("put it below the heading or inside the card it is meant for"));
        }
    }
}

/// Adds `more` behind `field`.
fn join(field: &mut Field, mut more: Field) {
    if field.is_empty() {
        *field = more;
        return;
    }
    field.blocks.append(&mut more.blocks);
    field.source.push_str("\n\n");
    field.source.push_str(&more.source);
}

fn is_separator(piece: &Piece) -> bool {
    matches!(piece.kind, PieceKind::Block(Block::Rule) | PieceKind::Break)
}
