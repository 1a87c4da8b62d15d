//! What directives say about a card or a section, taken together.

use super::context::Context;
use super::directives::Directive;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{BuiltIn, ExplicitId};
use crate::source::Spanned;

/// Holds what was said about a card or a section.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) id: Option<Spanned<ExplicitId>>,
    pub(super) tags: Vec<String>,
    pub(super) note_type: Option<Spanned<BuiltIn>>,
    pub(super) deck: Option<String>,
    pub(super) source: Option<String>,
    pub(super) ignore: bool,
}

impl Said {
    /// Adds `directives`. The first id, type, deck and source win; a second id is an error.
    pub(super) fn absorb(&mut self, ctx: &mut Context<'_>, directives: Vec<Spanned<Directive>>) {
        for Spanned { value, span } in directives {
            match value {
                Directive::Id(id) => match &self.id {
                    None => self.id = Some(Spanned::new(id, span)),
                    Some(first) if first.value == id => {}
                    Some(first) => {
                        let diagnostic =
                            Diagnostic::at(Code::DuplicateField, span, "a second id for one card")
                                .label(first.span, "the first one")
                                .help("keep the id that the card had first");
                        ctx.diagnostics.push(diagnostic);
                    }
                },
                Directive::Tags(tags) => self.tags.extend(tags),
                Directive::Type(note_type) => {
                    self.note_type.get_or_insert(Spanned::new(note_type, span));
                }
                Directive::Deck(deck) => {
                    self.deck.get_or_insert(deck);
                }
                Directive::Source(source) => {
                    self.source.get_or_insert(source);
                }
                Directive::Ignore => self.ignore = true,
                // Both were used where they stand.
                Directive::Split | Directive::Cards => {}
            }
        }
    }
}

/// Returns whether `directives` hold `wanted`.
pub(super) fn holds(directives: &[Spanned<Directive>], wanted: &Directive) -> bool {
    directives.iter().any(|directive| directive.value == *wanted)
}
