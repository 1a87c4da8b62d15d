//! Note types as plain data: what a note has (fields) and which cards it makes (templates).
//!
//! This module does no I/O and knows no file format; how a note type is written into a package is told in `anki`.

use serde::Serialize;

/// A note type: the fields that its notes fill in and the templates that turn them into cards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteType {
    /// What Anki recognises the note type by, in every package and for ever; plausible as milliseconds since 1970.
    pub id: i64,
    /// The name that a learner sees.
    pub name: String,
    /// Whether cards come from templates or from cloze numbers.
    pub kind: NoteTypeKind,
    /// When the note type last changed, in seconds since 1970; Anki takes a note type over only if this grew.
    pub modified: i64,
    /// The fields, in the order in which a note lists its contents.
    pub fields: Vec<FieldDef>,
    /// The templates; a cloze note type has exactly one.
    pub templates: Vec<Template>,
    /// The style sheet that all cards of the note type share.
    pub css: String,
    /// Index of the field that the browser sorts by.
    pub sort_field: usize,
}

/// How the cards of a note are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NoteTypeKind {
    /// One card for every template whose front has content.
    Normal,
    /// One card for every cloze number in the note.
    Cloze,
}

/// A field of a note type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldDef {
    /// What Anki recognises the field by when it compares two versions of a note type.
    pub id: i64,
    /// The name that templates and the editor use.
    pub name: String,
    /// What the editor shows while the field is empty; may be empty itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Whether the editor shows the field folded.
    pub collapsed: bool,
}

/// The two sides of a card, in Anki's template language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Template {
    /// What Anki recognises the template by when it compares two versions of a note type.
    pub id: i64,
    /// The name that a learner sees in the browser.
    pub name: String,
    /// HTML of the question side.
    pub front: String,
    /// HTML of the answer side.
    pub back: String,
}
