//! Finds what a note has that a format cannot carry.

use std::collections::{HashMap, HashSet};

use super::{Emitted, Feature, Lack, Loss};
use crate::anki::media_in_html;
use crate::model::text::{Block, Inline, MediaKind, each_inline};
use crate::model::{BuiltIn, Collection, Field, Identity, MediaId, MediaRef, Medium, Note};

/// Says how a format without media files shows a medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// As text such as `[map]`.
    Text,
    /// By its name, so that it is found where the receiver has the file already.
    Name,
}

/// Reports what of a note's content is lost.
pub(super) struct Finder<'a> {
    media: &'a [Medium],
    shown: Shown,
    by_name: HashMap<&'a str, MediaId>,
    notes: usize,
    emitted: Emitted,
}

impl<'a> Finder<'a> {
    pub(super) fn new(collection: &'a Collection, shown: Shown) -> Self {
        let media = collection.media();
        let by_name = media.iter().zip(0..).map(|(medium, id)| (medium.name.as_str(), MediaId(id))).collect();
        Self { media, shown, by_name, notes: collection.notes().len(), emitted: Emitted::default() }
    }

    /// Returns what was found; the rest of the answer is empty.
    pub(super) fn finish(self) -> Emitted {
        self.emitted
    }

    /// Reports what is lost of every note; nothing where there is none.
    pub(super) fn lose_everywhere(&mut self, feature: Feature, detail: &str) {
        if self.notes > 0 {
            self.emitted.lacks.push(Lack { feature, detail: detail.to_owned() });
        }
    }

    /// Reports one loss of a note.
    pub(super) fn lose(&mut self, feature: Feature, note: usize, detail: impl Into<String>) {
        self.emitted.losses.push(Loss { feature, note, detail: detail.into() });
    }

    /// Reports the media of a note, which stay outside the file.
    pub(super) fn media(&mut self, place: usize, note: &Note<Identity>) {
        if self.media.is_empty() {
            return;
        }
        let mut found: Vec<(MediaId, MediaKind, Alternative<'_>)> = Vec::new();
        for field in &note.fields {
            each_inline(&field.blocks, &mut |inline| {
                if let Inline::Media(embed) = inline
                    && let MediaRef::File(id) = embed.media
                {
                    found.push((id, embed.kind, Alternative::Text(&embed.alt)));
                } else if let Inline::Html { html } = inline {
                    self.in_html(html, &mut found);
                }
            });
            each_html_block(&field.blocks, &mut |html| self.in_html(html, &mut found));
        }
        let mut seen = HashSet::new();
        for (id, kind, alternative) in found {
            let Some(medium) = self.media.get(id.0 as usize).filter(|_| seen.insert(id)) else { continue };
            let word = match kind {
                MediaKind::Image => "image",
                MediaKind::Audio => "sound",
                MediaKind::Video => "video",
            };
            let became = match (self.shown, alternative) {
                (Shown::Name, _) => format!("named as `{}` but not in the file", medium.name),
                (Shown::Text, Alternative::Text("")) => "left out".to_owned(),
                (Shown::Text, Alternative::Text(alt)) => format!("written as `[{alt}]`"),
                (Shown::Text, Alternative::Html) => "of raw HTML left out".to_owned(),
            };
            self.lose(Feature::Media, place, format!("{word} `{}` {became}", medium.path));
        }
    }

    /// Adds the media that raw HTML names: they have the names of the package by now.
    fn in_html(&self, html: &str, found: &mut Vec<(MediaId, MediaKind, Alternative<'_>)>) {
        for name in media_in_html::names(html) {
            if let Some(id) = self.by_name.get(name.as_str()) {
                found.push((*id, MediaKind::of(&name), Alternative::Html));
            }
        }
    }

    /// Reports what plain text cannot show of a note: styling and formulas.
    pub(super) fn text(&mut self, place: usize, note: &Note<Identity>) {
        let mut kinds = Kinds::default();
        for field in &note.fields {
            kinds.blocks(&field.blocks);
            kinds.inlines(&field.blocks);
        }
        if !kinds.styles.is_empty() {
            let detail = format!("{} written as plain text", kinds.styles.join(", "));
            self.lose(Feature::Styling, place, detail);
        }
        match kinds.formulas {
            0 => {}
            1 => self.lose(Feature::Math, place, "a formula written as TeX source"),
            several => self.lose(Feature::Math, place, format!("{several} formulas written as TeX source")),
        }
    }
}

/// Adds what the notes have and the format does not carry, but for features of which the backend told losses itself.
pub(super) fn add_undeclared(collection: &Collection, carries: &[Feature], emitted: &mut Emitted) {
    const DETAIL: &str = "the format does not carry it";
    let told = |feature: Feature| emitted.losses.iter().any(|loss| loss.feature == feature);
    let lost: Vec<Feature> =
        Feature::ALL.into_iter().filter(|feature| !carries.contains(feature) && !told(*feature)).collect();
    let mut finder = Finder::new(collection, Shown::Text);
    for (place, note) in collection.notes().iter().enumerate() {
        finder.media(place, note);
        finder.text(place, note);
        for feature in lost.iter().filter(|feature| has(note, **feature)) {
            finder.lose(*feature, place, DETAIL);
        }
    }
    for feature in [Feature::Decks, Feature::Ids, Feature::NoteTypes] {
        if lost.contains(&feature) {
            finder.lose_everywhere(feature, DETAIL);
        }
    }
    let Emitted { losses, lacks, .. } = finder.finish();
    let undeclared = losses.into_iter().filter(|loss| lost.contains(&loss.feature));
    emitted.losses.extend(undeclared.map(|loss| Loss { detail: DETAIL.to_owned(), ..loss }));
    emitted.losses.sort_by_key(|loss| loss.note);
    emitted.lacks.extend(lacks);
}

/// Returns whether a note has something beyond its content that a format may not carry.
fn has(note: &Note<Identity>, feature: Feature) -> bool {
    match feature {
        Feature::Cloze => note.note_type.is_cloze(),
        Feature::Reversed => is_reversed(note),
        Feature::TypeIn => note.note_type == BuiltIn::TypeIn,
        Feature::Tags => !note.tags.is_empty(),
        Feature::ExtraFields => extra_fields(note).next().is_some(),
        Feature::Media
        | Feature::Styling
        | Feature::Math
        | Feature::Decks
        | Feature::Ids
        | Feature::NoteTypes => false,
    }
}

/// Returns whether a note is asked in both directions.
pub(super) fn is_reversed(note: &Note<Identity>) -> bool {
    match note.note_type {
        BuiltIn::Reversed => true,
        BuiltIn::OptionalReversed => {
            note.note_type.field("Add Reverse").is_some_and(|field| !note.fields[field].is_empty())
        }
        BuiltIn::Basic | BuiltIn::TypeIn | BuiltIn::Cloze => false,
    }
}

/// Returns the filled fields beyond the two sides, with their names.
pub(super) fn extra_fields(note: &Note<Identity>) -> impl Iterator<Item = (&Field, &'static str)> {
    let sides = if note.note_type.is_cloze() { 1 } else { 2 };
    let fields = note.fields.iter().zip(note.note_type.fields().iter().copied()).skip(sides);
    fields.filter(|(field, name)| !field.is_empty() && *name != "Add Reverse")
}

/// Is what a medium has in its place.
#[derive(Clone, Copy)]
enum Alternative<'a> {
    /// A text, which may be empty.
    Text(&'a str),
    /// Whatever the raw HTML has, in which it stands.
    Html,
}

/// Calls `visit` with the raw HTML blocks, at any depth.
fn each_html_block<'a>(blocks: &'a [Block], visit: &mut impl FnMut(&'a str)) {
    for block in blocks {
        match block {
            Block::Html { html } => visit(html),
            Block::List { items, .. } => items.iter().for_each(|item| each_html_block(&item.content, visit)),
            Block::DefinitionList { items } => {
                let definitions = items.iter().flat_map(|item| &item.definitions);
                definitions.for_each(|definition| each_html_block(definition, visit));
            }
            Block::Quote { content, .. } | Block::Footnote { content, .. } => each_html_block(content, visit),
            Block::Paragraph { .. }
            | Block::Heading { .. }
            | Block::Code { .. }
            | Block::Table { .. }
            | Block::Math { .. }
            | Block::Rule => {}
        }
    }
}

/// Collects what plain text cannot show.
#[derive(Default)]
struct Kinds {
    styles: Vec<&'static str>,
    formulas: usize,
}

impl Kinds {
    fn style(&mut self, style: &'static str) {
        if !self.styles.contains(&style) {
            self.styles.push(style);
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Paragraph { .. } | Block::Rule => {}
                Block::Heading { .. } => self.style("heading"),
                Block::Code { .. } => self.style("code block"),
                Block::List { items, .. } => {
                    self.style("list");
                    for item in items {
                        self.blocks(&item.content);
                    }
                }
                Block::DefinitionList { items } => {
                    self.style("definition list");
                    for blocks in items.iter().flat_map(|item| &item.definitions) {
                        self.blocks(blocks);
                    }
                }
                Block::Table { .. } => self.style("table"),
                Block::Quote { alert, content } => {
                    self.style(if alert.is_some() { "alert" } else { "quote" });
                    self.blocks(content);
                }
                Block::Math { .. } => self.formulas += 1,
                Block::Html { .. } => self.style("raw HTML"),
                Block::Footnote { content, .. } => {
                    self.style("footnote");
                    self.blocks(content);
                }
            }
        }
    }

    fn inlines(&mut self, blocks: &[Block]) {
        each_inline(blocks, &mut |inline| match inline {
            Inline::Emphasis { .. } => self.style("emphasis"),
            Inline::Strong { .. } => self.style("bold"),
            Inline::Strikethrough { .. } => self.style("strike-through"),
            Inline::Code { .. } => self.style("code"),
            Inline::Math { .. } => self.formulas += 1,
            Inline::Link(_) => self.style("link"),
            Inline::Html { .. } => self.style("raw HTML"),
            Inline::Text { .. }
            | Inline::Media(_)
            | Inline::Cloze(_)
            | Inline::SoftBreak
            | Inline::HardBreak
            | Inline::FootnoteReference { .. } => {}
        });
    }
}
