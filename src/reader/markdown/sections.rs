//! Pieces to notes: sections and their scope, and which pieces make which card.

use std::ops::Range;

use super::card::{Card, Form, Inherited, finish, take_field};
use super::context::Context;
use super::directives::Directive;
use super::lines::Label;
use super::pieces::{Cards, Piece, PieceKind};
use super::plain::plain;
use super::said::{Said, holds};
use crate::diagnostic::Code;
use crate::model::text::{Block, Inline};
use crate::model::{Field, Note, RegionKind, SourceId};
use crate::reader::Tables;
use crate::source::Spanned;

/// Is a heading whose text the cards below it get as context, or the whole file.
struct Scope {
    level: u8,
    title: String,
    said: Said,
}

/// Holds what is found while the pieces are walked.
pub(super) struct Sections<'a, 'c> {
    pub(super) ctx: &'c mut Context<'a>,
    pub(super) pieces: Vec<Piece>,
    pub(super) notes: Vec<Note<SourceId>>,
    pub(super) marks: Vec<(Range<usize>, RegionKind)>,
    scopes: Vec<Scope>,
    /// The piece that names the deck, and the name.
    title: Option<(usize, String)>,
    /// Whether nothing but directives came since the scope began.
    fresh: bool,
    /// For each piece, how many before it are or hold explicit cards.
    explicit: Vec<usize>,
}

/// Says where text under a label goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Front,
    Back,
    Field(&'static str),
}

impl<'a, 'c> Sections<'a, 'c> {
    /// Reads `pieces` into notes.
    pub(super) fn read(ctx: &'c mut Context<'a>, mut pieces: Vec<Piece>) -> Sections<'a, 'c> {
        mark_card_tables(ctx, &mut pieces);
        let mut explicit = Vec::with_capacity(pieces.len() + 1);
        let mut count = 0;
        for piece in &pieces {
            explicit.push(count);
            count += usize::from(is_explicit(piece));
        }
        explicit.push(count);
        let title = title(ctx, &pieces);
        let root = Scope { level: 0, title: String::new(), said: Said::default() };
        let mut sections = Sections {
            ctx,
            pieces,
            notes: Vec::new(),
            marks: Vec::new(),
            scopes: vec![root],
            title,
            fresh: true,
            explicit,
        };
        let ends = section_ends(&sections.pieces);
        let mut at = 0;
        while at < sections.pieces.len() {
            let fresh = sections.fresh;
            sections.fresh = false;
            at = sections.step(at, fresh, &ends);
        }
        sections
    }

    fn step(&mut self, at: usize, fresh: bool, ends: &[usize]) -> usize {
        let range = self.pieces[at].range.clone();
        match &self.pieces[at].kind {
            PieceKind::Heading { level, .. } => {
                let level = *level;
                let end = ends[at];
                if level == self.ctx.settings.card_level && self.is_heading_card(at, end) {
                    self.scopes.retain(|scope| scope.level < level);
                    self.heading_card(at, end);
                    end
                } else {
                    self.section(at, level, end);
                    at + 1
                }
            }
            PieceKind::Label { label, near_answer } => match *label {
                Label::Question | Label::Both | Label::Cloze => {
                    let near = *near_answer;
                    let end = self.card_end(at);
                    self.labelled_card(at, end, *label, near);
                    end
                }
                Label::Answer => {
                    self.ctx.report(
                        Code::AnswerWithoutQuestion,
                        range,
                        "`A:` without `Q:`",
                        "write `Q:` and the question on the line above",
                    );
                    let end = self.card_end(at);
                    self.skip(at, end);
                    end
                }
                Label::Extra | Label::Hint | Label::Source => {
                    self.marks.push((range, RegionKind::Prose));
                    at + 1
                }
            },
            PieceKind::Comment => {
                self.comment(at, fresh);
                at + 1
            }
            PieceKind::Break => {
                self.marks.push((range, RegionKind::Metadata));
                at + 1
            }
            PieceKind::Taken => {
                self.fresh = fresh;
                at + 1
            }
            PieceKind::Fence(_) => self.with_neighbours(at, Self::fence),
            PieceKind::Terms(..) => self.with_neighbours(at, Self::terms),
            PieceKind::Table { cards: Cards::Yes, .. } => self.with_neighbours(at, Self::table),
            PieceKind::List(..) if self.pieces[at].cloze => self.with_neighbours(at, Self::list),
            PieceKind::Block(_) | PieceKind::Table { .. } | PieceKind::List(..) => {
                if self.pieces[at].cloze {
                    return self.with_neighbours(at, Self::cloze_block);
                }
                let rule = matches!(self.pieces[at].kind, PieceKind::Block(Block::Rule));
                self.marks.push((range, if rule { RegionKind::Metadata } else { RegionKind::Prose }));
                at + 1
            }
        }
    }

    /// Reads the piece at `at`, which makes cards by itself, together with the comments that touch it.
    fn with_neighbours(&mut self, at: usize, read: fn(&mut Self, usize, Said)) -> usize {
        let mut said = Said::default();
        if at > 0 && matches!(self.pieces[at - 1].kind, PieceKind::Comment) && self.touches(at - 1) {
            let directives = std::mem::take(&mut self.pieces[at - 1].directives);
            said.absorb(self.ctx, directives);
        }
        let mut end = at + 1;
        let below = self.pieces.get(end).is_some_and(|piece| matches!(piece.kind, PieceKind::Comment))
            && self.touches(at)
            && !(self.touches(end) && self.makes_cards(end + 1));
        if below {
            let directives = std::mem::take(&mut self.pieces[end].directives);
            self.marks.push((self.pieces[end].range.clone(), RegionKind::Metadata));
            said.absorb(self.ctx, directives);
            end += 1;
        }
        read(self, at, said);
        end
    }

    /// Returns whether the piece makes cards without a heading or a label.
    fn makes_cards(&self, at: usize) -> bool {
        self.pieces.get(at).is_some_and(|piece| match &piece.kind {
            PieceKind::Fence(_) | PieceKind::Terms(..) | PieceKind::Table { cards: Cards::Yes, .. } => true,
            PieceKind::Block(_) | PieceKind::List(..) | PieceKind::Table { cards: Cards::No, .. } => {
                piece.cloze
            }
            PieceKind::Label { .. }
            | PieceKind::Break
            | PieceKind::Heading { .. }
            | PieceKind::Comment
            | PieceKind::Taken => false,
        })
    }

    /// Returns whether no blank line stands between the piece and the next one.
    fn touches(&self, at: usize) -> bool {
        let Some(next) = self.pieces.get(at + 1) else { return false };
        let end = self.ctx.text[..self.pieces[at].range.end].trim_end().len();
        let gap = self.ctx.text.get(end..next.range.start).unwrap_or("");
        let feeds = gap.bytes().filter(|b| *b == b'\n').count();
        feeds <= 1 && (feeds == 1 || gap.bytes().filter(|b| *b == b'\r').count() <= 1)
    }

    /// Reads a comment that stands by itself: it speaks for its section where it comes first, for the block it touches, or
    /// for nothing.
    fn comment(&mut self, at: usize, fresh: bool) {
        let range = self.pieces[at].range.clone();
        self.marks.push((range, RegionKind::Metadata));
        self.fresh = fresh;
        if self.pieces[at].directives.is_empty() {
            return;
        }
        let touching = self.touches(at) && self.makes_cards(at + 1);
        let directives = std::mem::take(&mut self.pieces[at].directives);
        let (own, shared): (Vec<_>, Vec<_>) = directives
            .into_iter()
            .filter(|directive| directive.value != Directive::Cards)
            .partition(|directive| match directive.value {
                Directive::Id(_) | Directive::Split => true,
                Directive::Ignore => touching,
                Directive::Tags(_)
                | Directive::Type(_)
                | Directive::Deck(_)
                | Directive::Source(_)
                | Directive::Cards => !fresh,
            });
        if let Some(scope) = self.scopes.last_mut() {
            scope.said.absorb(self.ctx, shared);
        }
        if touching {
            self.pieces[at].directives = own;
            return;
        }
        for directive in own {
            let diagnostic = crate::diagnostic::Diagnostic::at(
                Code::UnknownDirective,
                directive.span,
                "directive that applies to no card",
            );
            self.ctx.diagnostics.push(
                diagnostic.help(
                    "put it on the line above or below its card, or directly under a section's heading",
                ),
            );
        }
    }

    fn is_heading_card(&self, at: usize, end: usize) -> bool {
        if self.explicit[end] > self.explicit[at + 1] {
            return false;
        }
        let body = &self.pieces[at + 1..end];
        let mut content = body.iter().filter(|piece| match &piece.kind {
            PieceKind::Comment | PieceKind::Taken | PieceKind::Break | PieceKind::Block(Block::Rule) => false,
            PieceKind::Label { .. }
            | PieceKind::Heading { .. }
            | PieceKind::Block(_)
            | PieceKind::List(..)
            | PieceKind::Terms(..)
            | PieceKind::Table { .. }
            | PieceKind::Fence(_) => true,
        });
        let any = content.clone().next().is_some();
        let terms = content.all(|piece| matches!(piece.kind, PieceKind::Terms(..)));
        if any { !terms } else { self.pieces[at].cloze }
    }

    fn section(&mut self, at: usize, level: u8, end: usize) {
        self.scopes.retain(|scope| scope.level < level);
        let piece = &mut self.pieces[at];
        let directives = std::mem::take(&mut piece.directives);
        let PieceKind::Heading { content, .. } = &piece.kind else { return };
        let names_deck = self.title.as_ref().is_some_and(|(title, _)| *title == at);
        let title = if names_deck { String::new() } else { plain(content).trim().to_owned() };
        let range = piece.range.clone();
        let cloze = piece.cloze;
        self.marks.push((range.clone(), RegionKind::Metadata));
        self.underlined(at, end);
        if cloze {
            let mut said = Said::default();
            let own = directives.iter().filter(|said| matches!(said.value, Directive::Id(_))).cloned();
            said.absorb(self.ctx, own.collect());
            self.cloze_heading(at, range, said);
        }
        let mut said = Said::default();
        let shared = directives.into_iter().filter(|said| !cloze || !matches!(said.value, Directive::Id(_)));
        said.absorb(self.ctx, shared.collect());
        if let Some(id) = said.id.take() {
            // An id on a heading that is no card, such as `{#intro}`, is an anchor for links.
            drop(id);
        }
        self.scopes.push(Scope { level, title, said });
        self.fresh = true;
    }

    /// Warns where `---` right under text made a heading of it, between two headings: the author may have meant a line.
    fn underlined(&mut self, at: usize, _end: usize) {
        let range = self.pieces[at].range.clone();
        let source = self.ctx.text[range.clone()].trim_end();
        let underlined = source.ends_with("--") && source.contains(['\n', '\r']);
        if underlined && at > 0 && matches!(self.pieces[at - 1].kind, PieceKind::Heading { .. }) {
            self.ctx.report(
                Code::NearMissLabel,
                range,
                "text with `---` right under it is a heading",
                "put an empty line before `---` if it is meant as a line",
            );
        }
    }

    fn cloze_heading(&mut self, at: usize, range: Range<usize>, said: Said) {
        let PieceKind::Heading { content, source, .. } = &self.pieces[at].kind else { return };
        let blocks = vec![Block::Paragraph { content: content.clone() }];
        let front = Field { blocks, source: self.ctx.source(source.clone()) };
        self.emit(Card { head: range.clone(), range, front, said, form: Form::Cloze, ..Card::default() });
    }

    fn heading_card(&mut self, at: usize, end: usize) {
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
        super::card::take_anchor(self.ctx, &mut front, source, &mut said);
        let mut last = end;
        while last > at + 1 && is_separator(&self.pieces[last - 1]) {
            last -= 1;
            self.marks.push((self.pieces[last].range.clone(), RegionKind::Metadata));
        }
        let mut card = Card { head, front, said, ..Card::default() };
        self.fill(&mut card, at + 1, last, Target::Back);
        card.range = range.start..self.end_of(at, last);
        self.emit(card);
    }

    fn labelled_card(&mut self, at: usize, end: usize, label: Label, near_answer: bool) {
        let head = self.pieces[at].range.clone();
        let head = head.start..head.start + label.word().len() + 1;
        let form = match label {
            Label::Cloze => Form::Cloze,
            Label::Both => Form::Both,
            Label::Question | Label::Answer | Label::Extra | Label::Hint | Label::Source => Form::Sides,
        };
        let range = head.start..self.end_of(at, end);
        let mut card = Card { range: range.clone(), head: head.clone(), form, ..Card::default() };
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
    fn end_of(&self, at: usize, end: usize) -> usize {
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
                        self.ctx.report(
                            Code::DuplicateField,
                            range,
                            "a second `A:` for one question",
                            "write it as more lines of the first one, or as a card of its own",
                        );
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

    /// Returns the piece where the labelled card at `at` ends.
    fn card_end(&self, at: usize) -> usize {
        let rest = &self.pieces[at + 1..];
        let length = rest.iter().take_while(|piece| match &piece.kind {
            PieceKind::Label { label, .. } => !label.begins_card(),
            PieceKind::Break | PieceKind::Heading { .. } | PieceKind::Fence(_) => false,
            PieceKind::Table { cards, .. } => *cards == Cards::No,
            PieceKind::Comment => !holds(&piece.directives, &Directive::Cards),
            PieceKind::Block(_) | PieceKind::List(..) | PieceKind::Terms(..) | PieceKind::Taken => true,
        });
        at + 1 + length.count()
    }

    fn skip(&mut self, at: usize, end: usize) {
        let range = self.pieces[at].range.start..self.end_of(at, end);
        self.marks.push((range, RegionKind::Prose));
    }

    /// Makes a note of `card`, unless the author skips it, and accounts for its text.
    pub(super) fn emit(&mut self, card: Card) {
        let range = card.range.clone();
        let ignored = card.said.ignore || self.scopes.iter().any(|scope| scope.said.ignore);
        let note = if ignored {
            None
        } else {
            let inherited = self.inherited(&card.said);
            finish(self.ctx, card, inherited)
        };
        match note {
            Some(note) => {
                self.notes.push(note);
                self.marks.push((range, RegionKind::Card));
            }
            None => self.marks.push((range, RegionKind::Prose)),
        }
    }

    fn inherited(&self, said: &Said) -> Inherited {
        let settings = self.ctx.settings;
        let innermost = || self.scopes.iter().rev();
        let deck = said.deck.clone().or_else(|| innermost().find_map(|scope| scope.said.deck.clone()));
        let deck = deck
            .or_else(|| settings.deck.clone())
            .or_else(|| self.title.as_ref().map(|(_, title)| title.clone()))
            .unwrap_or_else(|| settings.path_deck.clone());
        let mut tags = settings.tags.clone();
        tags.extend(self.scopes.iter().flat_map(|scope| scope.said.tags.iter().cloned()));
        let scoped = innermost().find_map(|scope| scope.said.note_type.as_ref().map(|found| found.value));
        let source = innermost().find_map(|scope| scope.said.source.clone());
        let mut context = String::new();
        for scope in self.scopes.iter().filter(|scope| !scope.title.is_empty()) {
            if !context.is_empty() {
                context.push_str(" › ");
            }
            context.push_str(&scope.title);
        }
        Inherited {
            deck,
            tags,
            note_type: scoped.or(settings.note_type),
            source: source.or_else(|| settings.source.clone()),
            context,
        }
    }

    /// Marks the directives among `directives` that lie in `range` as said of one card.
    pub(super) fn said_in(
        &mut self,
        directives: &[Spanned<Directive>],
        range: &Range<usize>,
        said: &mut Said,
    ) {
        let inside = directives
            .iter()
            .filter(|directive| range.contains(&(directive.span.start as usize)))
            .cloned()
            .collect();
        said.absorb(self.ctx, inside);
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

fn is_explicit(piece: &Piece) -> bool {
    match &piece.kind {
        PieceKind::Label { label, .. } => label.begins_card(),
        PieceKind::Fence(_) | PieceKind::Table { cards: Cards::Yes, .. } => true,
        PieceKind::Block(_)
        | PieceKind::List(..)
        | PieceKind::Terms(..)
        | PieceKind::Heading { .. }
        | PieceKind::Table { cards: Cards::No, .. } => piece.cloze,
        PieceKind::Break | PieceKind::Comment | PieceKind::Taken => false,
    }
}

/// Says which tables are cards: all of them under `table: cards`, else those right behind `<!-- cards -->`.
fn mark_card_tables(ctx: &Context<'_>, pieces: &mut [Piece]) {
    let all = ctx.settings.tables == Tables::Cards;
    let mut asked = false;
    for piece in pieces {
        match &mut piece.kind {
            PieceKind::Comment => {
                asked |= holds(&piece.directives, &Directive::Cards);
                continue;
            }
            PieceKind::Table { cards, .. } if all || asked => *cards = Cards::Yes,
            PieceKind::Table { .. }
            | PieceKind::Label { .. }
            | PieceKind::Break
            | PieceKind::Heading { .. }
            | PieceKind::Block(_)
            | PieceKind::List(..)
            | PieceKind::Terms(..)
            | PieceKind::Fence(_)
            | PieceKind::Taken => {}
        }
        asked = false;
    }
}

/// Returns the first `# Title`, which names the deck where nothing stronger does.
fn title(ctx: &Context<'_>, pieces: &[Piece]) -> Option<(usize, String)> {
    if ctx.settings.card_level == 1 || ctx.settings.deck.is_some() {
        return None;
    }
    pieces.iter().enumerate().find_map(|(index, piece)| match &piece.kind {
        PieceKind::Heading { level: 1, content, .. } => Some((index, deck_name(content)?)),
        PieceKind::Heading { .. }
        | PieceKind::Label { .. }
        | PieceKind::Break
        | PieceKind::Block(_)
        | PieceKind::List(..)
        | PieceKind::Terms(..)
        | PieceKind::Table { .. }
        | PieceKind::Fence(_)
        | PieceKind::Comment
        | PieceKind::Taken => None,
    })
}

fn deck_name(content: &[Inline]) -> Option<String> {
    let name = plain(content).split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}

/// Returns for each heading the piece where its section ends: the next heading of its level or a higher one.
fn section_ends(pieces: &[Piece]) -> Vec<usize> {
    let mut ends = vec![pieces.len(); pieces.len()];
    let mut open: Vec<(u8, usize)> = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if let PieceKind::Heading { level, .. } = piece.kind {
            while let Some((_, heading)) = open.pop_if(|(above, _)| *above >= level) {
                ends[heading] = index;
            }
            open.push((level, index));
        }
    }
    ends
}
