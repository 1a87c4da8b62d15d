//! The protobuf messages of the latest container, as far as deckc fills them in.
//!
//! Field numbers are those of Anki's `notetypes.proto`, `decks.proto`, `deck_config.proto` and
//! `import_export.proto`.

use prost::Message;

use crate::anki::note_types::{EDITOR_FONT, EDITOR_FONT_SIZE, LATEX_HEAD, LATEX_TAIL};
use crate::model::note_type::{FieldDef, NoteType, NoteTypeKind, Template};

/// The `meta` member: which form the package has.
#[derive(Clone, PartialEq, Message)]
pub(in crate::anki) struct PackageMetadata {
    /// 3 is the latest.
    #[prost(uint32, tag = "1")]
    pub(in crate::anki) version: u32,
}

/// The `media` member: entry *i* describes member `i`.
#[derive(Clone, PartialEq, Message)]
pub(in crate::anki) struct MediaEntries {
    #[prost(message, repeated, tag = "1")]
    pub(in crate::anki) entries: Vec<MediaFile>,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::anki) struct MediaFile {
    #[prost(string, tag = "1")]
    pub(in crate::anki) name: String,
    #[prost(uint32, tag = "2")]
    pub(in crate::anki) size: u32,
    #[prost(bytes = "vec", tag = "3")]
    pub(in crate::anki) sha1: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::anki) struct NoteTypeConfig {
    /// 0 normal, 1 cloze.
    #[prost(uint32, tag = "1")]
    pub(in crate::anki) kind: u32,
    #[prost(uint32, tag = "2")]
    pub(in crate::anki) sort_field: u32,
    #[prost(string, tag = "3")]
    pub(in crate::anki) css: String,
    #[prost(string, tag = "5")]
    latex_head: String,
    #[prost(string, tag = "6")]
    latex_tail: String,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::anki) struct FieldConfig {
    #[prost(string, tag = "3")]
    font: String,
    #[prost(uint32, tag = "4")]
    font_size: u32,
    #[prost(string, tag = "5")]
    pub(in crate::anki) description: String,
    #[prost(bool, tag = "7")]
    collapsed: bool,
    #[prost(int64, optional, tag = "9")]
    pub(in crate::anki) id: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::anki) struct TemplateConfig {
    #[prost(string, tag = "1")]
    pub(in crate::anki) front: String,
    #[prost(string, tag = "2")]
    pub(in crate::anki) back: String,
    #[prost(int64, optional, tag = "8")]
    pub(in crate::anki) id: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct DeckCommon {
    #[prost(bool, tag = "1")]
    study_collapsed: bool,
    #[prost(bool, tag = "2")]
    browser_collapsed: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::anki) struct DeckKind {
    #[prost(message, optional, tag = "1")]
    pub(in crate::anki) normal: Option<NormalDeck>,
}

#[derive(Clone, PartialEq, Message)]
pub(in crate::anki) struct NormalDeck {
    #[prost(int64, tag = "1")]
    preset: i64,
    #[prost(string, tag = "4")]
    pub(in crate::anki) description: String,
    #[prost(bool, tag = "5")]
    markdown: bool,
}

#[derive(Clone, PartialEq, Message)]
struct Preset {
    #[prost(float, repeated, tag = "1")]
    learn_steps: Vec<f32>,
    #[prost(float, repeated, tag = "2")]
    relearn_steps: Vec<f32>,
    #[prost(uint32, tag = "9")]
    new_per_day: u32,
    #[prost(uint32, tag = "10")]
    reviews_per_day: u32,
    #[prost(float, tag = "11")]
    initial_ease: f32,
    #[prost(float, tag = "12")]
    easy_multiplier: f32,
    #[prost(float, tag = "13")]
    hard_multiplier: f32,
    #[prost(float, tag = "15")]
    interval_multiplier: f32,
    #[prost(uint32, tag = "16")]
    maximum_interval: u32,
    #[prost(uint32, tag = "17")]
    minimum_lapse_interval: u32,
    #[prost(uint32, tag = "18")]
    graduating_interval: u32,
    #[prost(uint32, tag = "19")]
    easy_interval: u32,
    #[prost(uint32, tag = "21")]
    leech_action: u32,
    #[prost(uint32, tag = "22")]
    leech_threshold: u32,
    #[prost(uint32, tag = "24")]
    seconds_per_answer: u32,
    #[prost(float, tag = "37")]
    desired_retention: f32,
}

pub(in crate::anki) fn note_type(note_type: &NoteType) -> Vec<u8> {
    NoteTypeConfig {
        kind: match note_type.kind {
            NoteTypeKind::Normal => 0,
            NoteTypeKind::Cloze => 1,
        },
        sort_field: u32::try_from(note_type.sort_field).unwrap_or_default(),
        css: note_type.css.clone(),
        latex_head: LATEX_HEAD.to_owned(),
        latex_tail: LATEX_TAIL.to_owned(),
    }
    .encode_to_vec()
}

pub(in crate::anki) fn field(field: &FieldDef) -> Vec<u8> {
    FieldConfig {
        font: EDITOR_FONT.to_owned(),
        font_size: EDITOR_FONT_SIZE,
        description: field.description.clone(),
        collapsed: field.collapsed,
        id: Some(field.id),
    }
    .encode_to_vec()
}

pub(in crate::anki) fn template(template: &Template) -> Vec<u8> {
    TemplateConfig { front: template.front.clone(), back: template.back.clone(), id: Some(template.id) }
        .encode_to_vec()
}

pub(in crate::anki) fn deck_common() -> Vec<u8> {
    DeckCommon { study_collapsed: true, browser_collapsed: true }.encode_to_vec()
}

/// A normal deck on Anki's own first preset.
pub(in crate::anki) fn deck_kind(description: &str, markdown: bool) -> Vec<u8> {
    DeckKind { normal: Some(NormalDeck { preset: 1, description: description.to_owned(), markdown }) }
        .encode_to_vec()
}

/// Anki's own first preset: a learner's collection has one already, which stays.
pub(in crate::anki) fn preset() -> Vec<u8> {
    Preset {
        learn_steps: vec![1.0, 10.0],
        relearn_steps: vec![10.0],
        new_per_day: 20,
        reviews_per_day: 200,
        initial_ease: 2.5,
        easy_multiplier: 1.3,
        hard_multiplier: 1.2,
        interval_multiplier: 1.0,
        maximum_interval: 36500,
        minimum_lapse_interval: 1,
        graduating_interval: 1,
        easy_interval: 4,
        leech_action: 1,
        leech_threshold: 8,
        seconds_per_answer: 60,
        desired_retention: 0.9,
    }
    .encode_to_vec()
}
