//! Pieces to notes: sections and their scope, and which pieces make which card.

use std::ops::Range;

use super::card::{Card, Form, Inherited, finish, sorted};
use super::context::Context;
use super::directives::Directive;
use super::labels::Label;
use super::outline::{is_explicit, mark_card_tables, section_ends, title};
use super::pieces::{Cards, Piece, PieceKind};
use super::plain::plain;
use super::said::{Said, holds};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::text::Block;
use crate::model::{Field, Note, RegionKind, SourceId};
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
    /// What the scopes say together, once a card asked for it.
    inherited: Option<Inherited>,
    /// The piece that names the deck, and the name.
    pub(super) title: Option<(usize, String)>,
    /// Whether nothing but directives came since the scope began.
    fresh: bool,
    /// For each piece, how many before it are or hold explicit cards.
    explicit: Vec<usize>,
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
            inherited: None,
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
                    self.leave_scopes(level);
                    self.underlined(at);
                    self.heading_card(at, end);
                    end
                } else {
                    self.report_lost_answer(at, level);
                    self.section(at, level);
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
    pub(super) fn touches(&self, at: usize) -> bool {
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
            self.inherited = None;
        }
        if touching {
            self.pieces[at].directives = own;
            return;
        }
        for directive in own {
            let diagnostic =
                Diagnostic::at(Code::UnknownDirective, directive.span, "directive that applies to no card");
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

    /// A heading that asks something, with text below it, looks like a card; where the section holds other cards it is none.
    fn report_lost_answer(&mut self, at: usize, level: u8) {
        let asks = self.ctx.file.text[self.pieces[at].range.clone()].trim_end().ends_with(['?', '？', '؟']);
        let text = self.pieces.get(at + 1).is_some_and(|next| {
            !next.cloze
                && match &next.kind {
                    PieceKind::Block(block) => !matches!(block, Block::Rule),
                    PieceKind::List(..) => true,
                    PieceKind::Label { .. }
                    | PieceKind::Break
                    | PieceKind::Heading { .. }
                    | PieceKind::Terms(..)
                    | PieceKind::Table { .. }
                    | PieceKind::Fence(_)
                    | PieceKind::Comment
                    | PieceKind::Taken => false,
                }
        });
        if asks && text && level == self.ctx.settings.card_level {
            self.ctx.report(
                Code::QuestionIsSection,
                self.pieces[at].range.clone(),
                "this heading makes no card, because its section holds other cards",
                "put the other cards under a heading of their own; the text below this one is counted as prose",
            );
        }
    }

    fn section(&mut self, at: usize, level: u8) {
        self.leave_scopes(level);
        let piece = &mut self.pieces[at];
        let directives = std::mem::take(&mut piece.directives);
        let PieceKind::Heading { content, .. } = &piece.kind else { return };
        let names_deck = self.title.as_ref().is_some_and(|(title, _)| *title == at);
        let title = if names_deck { String::new() } else { plain(content).trim().to_owned() };
        let range = piece.range.clone();
        let cloze = piece.cloze;
        self.marks.push((range.clone(), RegionKind::Metadata));
        self.underlined(at);
        if cloze {
            let mut said = Said::default();
            let own = directives.iter().filter(|said| matches!(said.value, Directive::Id(_))).cloned();
            said.absorb(self.ctx, own.collect());
            self.cloze_heading(at, range, said);
        }
        let mut said = Said::default();
        let shared = directives.into_iter().filter(|said| !cloze || !matches!(said.value, Directive::Id(_)));
        said.absorb(self.ctx, shared.collect());
        // An id on a heading that is no card, such as `{#intro}`, is an anchor for links.
        said.id = None;
        self.scopes.push(Scope { level, title, said });
        self.inherited = None;
        self.fresh = true;
    }

    /// Warns where `---` right under text made a heading of it, between two headings: the author may have meant a line.
    fn underlined(&mut self, at: usize) {
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
            let inherited = self.inherited.take().unwrap_or_else(|| self.inherit());
            let note = finish(self.ctx, card, &inherited);
            self.inherited = Some(inherited);
            note
        };
        match note {
            Some(note) => {
                self.notes.push(note);
                self.marks.push((range, RegionKind::Card));
            }
            None => self.marks.push((range, RegionKind::Prose)),
        }
    }

    /// Leaves the sections of `level` and of those below it.
    fn leave_scopes(&mut self, level: u8) {
        self.scopes.retain(|scope| scope.level < level);
        self.inherited = None;
    }

    fn inherit(&self) -> Inherited {
        let settings = self.ctx.settings;
        let innermost = || self.scopes.iter().rev();
        let deck = innermost()
            .find_map(|scope| scope.said.deck.as_deref())
            .or(settings.deck.as_deref())
            .or(self.title.as_ref().map(|(_, title)| title.as_str()))
            .unwrap_or(&settings.path_deck)
            .into();
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
            tags: sorted(tags),
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
