//! Notes, their fields and their identity.

use std::sync::Arc;

use serde::Serialize;

use super::BuiltIn;
use super::text::{Block, Inline, each_inline};
use crate::source::{Span, Spanned};

/// Is a note: in a draft with the id its source gave, if any ([`SourceId`]); in a collection with its [`Identity`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Note<I> {
    /// Who the note is.
    pub identity: I,
    /// Its note type.
    pub note_type: BuiltIn,
    /// The deck its cards go to when they are new; shared with the notes around it.
    pub deck: Arc<str>,
    /// Its tags, sorted, each once; shared with the notes around it.
    pub tags: Arc<[String]>,
    /// One for each field of the note type, in that order.
    pub fields: Vec<Field>,
    /// Where the card stands in its source.
    pub span: Span,
}

impl<I> Note<I> {
    /// Returns the same note with another identity.
    pub fn with_identity<J>(self, identity: J) -> Note<J> {
        let Note { identity: _, note_type, deck, tags, fields, span } = self;
        Note { identity, note_type, deck, tags, fields, span }
    }
}

/// Is the content of one field.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Field {
    /// The tree.
    pub blocks: Vec<Block>,
    /// The same as its source wrote it, without labels, ids and list markers. Identity is made from this text and not from
    /// the tree, so that a change of renderer or dialect does not re-key a deck.
    #[serde(skip)]
    pub source: String,
}

impl Field {
    /// Returns whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Returns whether a cloze deletion stands in its tree; raw HTML is not looked into.
    #[must_use]
    pub fn has_cloze(&self) -> bool {
        let mut found = false;
        each_inline(&self.blocks, &mut |inline| found |= matches!(inline, Inline::Cloze(_)));
        found
    }
}

/// Is the id that a source gave a note, where it gave one.
pub type SourceId = Option<Spanned<ExplicitId>>;

/// Is an id that stands in a source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExplicitId {
    /// A name chosen by the author, unique in the project; the guid is derived from it.
    Key(String),
    /// An Anki guid, kept verbatim.
    Guid(String),
}

impl ExplicitId {
    /// Returns the text of the id.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            ExplicitId::Key(text) | ExplicitId::Guid(text) => text,
        }
    }
}

/// Is who a note is for Anki.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// What Anki matches notes by, exactly and case-sensitively; never empty.
    pub guid: String,
    /// The note id: creation time in ms since 1970; unique in the project, at least 1.
    pub id: i64,
    /// When what Anki sees last changed, in s since 1970; at least 1.
    pub modified: i64,
    /// Whose note type it has.
    pub owner: Owner,
}

/// Says whose note type a note has. Anki cannot change the note type of a note that a learner has, so it is fixed at birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// The one that all deckc projects share.
    Shared,
    /// The project's own, with its style.
    Project,
}
