//! Blocks.

use std::collections::HashMap;

use super::FieldKind;
use super::escape::{Buffer, Place};
use super::highlight;
use super::math::one_line;
use crate::model::Medium;
use crate::model::text::{Alert, Alignment, Block, Definition, Inline, ListItem};

/// Writes one field.
pub(super) struct Writer<'a> {
    pub(super) out: Buffer,
    pub(super) media: &'a [Medium],
    pub(super) kind: FieldKind,
    footnotes: Footnotes<'a>,
}

/// Holds the footnotes of a field.
#[derive(Default)]
struct Footnotes<'a> {
    /// In the order of their text.
    contents: Vec<&'a [Block]>,
    /// Where the one with that label stands in `contents`.
    places: HashMap<&'a str, usize>,
    /// Which were referred to, in the order of their numbers.
    referred: Vec<usize>,
    /// The number of each, from 1, once it was referred to.
    numbers: Vec<Option<usize>>,
}

impl Footnotes<'_> {
    /// Returns the number of a footnote, the next one where it has none yet.
    fn number(&mut self, place: usize) -> usize {
        *self.numbers[place].get_or_insert_with(|| {
            self.referred.push(place);
            self.referred.len()
        })
    }
}

/// Says whether the paragraphs of list items are set apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spacing {
    Tight,
    Loose,
}

impl<'a> Writer<'a> {
    pub(super) fn new(media: &'a [Medium], kind: FieldKind, blocks: &'a [Block], length: usize) -> Self {
        let mut footnotes = Footnotes::default();
        find_footnotes(blocks, &mut footnotes);
        footnotes.numbers = vec![None; footnotes.contents.len()];
        Self { out: Buffer::with_capacity(length), media, kind, footnotes }
    }

    pub(super) fn finish(self) -> String {
        self.out.finish()
    }

    pub(super) fn field(&mut self, blocks: &'a [Block]) {
        self.bare(blocks);
        self.footnote_list();
    }

    /// Writes blocks, a single paragraph without `<p>`.
    fn bare(&mut self, blocks: &'a [Block]) {
        if let [Block::Paragraph { content }] = blocks {
            self.inlines(content);
        } else {
            self.blocks(blocks);
        }
    }

    fn blocks(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Paragraph { content } => self.element("p", content),
            Block::Heading { level, content } => {
                let tags = ["h1", "h2", "h3", "h4", "h5", "h6"];
                self.element(tags[usize::from(level.clamp(&1, &6) - 1)], content);
            }
            Block::Code { language, text } => self.code(language.as_deref(), text),
            Block::List { start, tight, items } => {
                self.list(*start, if *tight { Spacing::Tight } else { Spacing::Loose }, items);
            }
            Block::DefinitionList { items } => self.definitions(items),
            Block::Table(table) => self.table(&table.alignments, &table.header, &table.rows),
            Block::Quote { alert: None, content } => {
                self.out.markup("<blockquote>");
                self.bare(content);
                self.out.markup("</blockquote>");
            }
            Block::Quote { alert: Some(alert), content } => self.alert(*alert, content),
            Block::Math { tex } => self.math(tex, "\\[", "\\]"),
            Block::Html { html } => self.html(html),
            Block::Rule => self.out.markup("<hr>"),
            // Footnotes stand at the end of the field.
            Block::Footnote { .. } => {}
        }
    }

    fn element(&mut self, tag: &str, content: &'a [Inline]) {
        self.out.markup("<");
        self.out.markup(tag);
        self.out.markup(">");
        self.inlines(content);
        self.out.markup("</");
        self.out.markup(tag);
        self.out.markup(">");
    }

    fn code(&mut self, language: Option<&str>, text: &str) {
        self.out.markup("<pre><code");
        if let Some(language) = language.filter(|language| !language.is_empty()) {
            self.out.markup(" class=\"language-");
            self.out.text(language, Place::Attribute);
            self.out.markup("\"");
        }
        self.out.markup(">");
        highlight::code(&mut self.out, language, text);
        self.out.markup("</code></pre>");
    }

    fn list(&mut self, start: Option<u64>, spacing: Spacing, items: &'a [ListItem]) {
        match start {
            None => self.out.markup("<ul>"),
            Some(1) => self.out.markup("<ol>"),
            Some(start) => {
                self.out.markup("<ol start=\"");
                self.out.number(start);
                self.out.markup("\">");
            }
        }
        for item in items {
            self.out.markup("<li>");
            if let Some(checked) = item.checked {
                self.out.markup(if checked { "☑ " } else { "☐ " });
            }
            // The first paragraph stands beside the box or the bullet.
            match item.content.as_slice() {
                [Block::Paragraph { content }, rest @ ..]
                    if spacing == Spacing::Tight || item.checked.is_some() =>
                {
                    self.inlines(content);
                    self.item(rest, spacing);
                }
                blocks => self.item(blocks, spacing),
            }
            self.out.markup("</li>");
        }
        self.out.markup(if start.is_some() { "</ol>" } else { "</ul>" });
    }

    /// Writes the blocks of a list item; in a tight list a paragraph behind another block begins on a line of its own.
    fn item(&mut self, blocks: &'a [Block], spacing: Spacing) {
        for block in blocks {
            match (block, spacing) {
                (Block::Paragraph { content }, Spacing::Tight) => self.element("div", content),
                (block, Spacing::Tight | Spacing::Loose) => self.block(block),
            }
        }
    }

    fn definitions(&mut self, items: &'a [Definition]) {
        self.out.markup("<dl>");
        for item in items {
            self.element("dt", &item.term);
            for definition in &item.definitions {
                self.out.markup("<dd>");
                self.bare(definition);
                self.out.markup("</dd>");
            }
        }
        self.out.markup("</dl>");
    }

    fn table(&mut self, alignments: &[Alignment], header: &'a [Vec<Inline>], rows: &'a [Vec<Vec<Inline>>]) {
        self.out.markup("<table>");
        if header.iter().any(|cell| !cell.is_empty()) {
            self.out.markup("<thead>");
            self.row("th", alignments, header);
            self.out.markup("</thead>");
        }
        if !rows.is_empty() {
            self.out.markup("<tbody>");
            for row in rows {
                self.row("td", alignments, row);
            }
            self.out.markup("</tbody>");
        }
        self.out.markup("</table>");
    }

    fn row(&mut self, tag: &str, alignments: &[Alignment], cells: &'a [Vec<Inline>]) {
        self.out.markup("<tr>");
        for (column, cell) in cells.iter().enumerate() {
            self.out.markup("<");
            self.out.markup(tag);
            // By style and not by class, so that it survives note types that are not deckc's.
            self.out.markup(match alignments.get(column) {
                None | Some(Alignment::None) => ">",
                Some(Alignment::Left) => " style=\"text-align:left\">",
                Some(Alignment::Center) => " style=\"text-align:center\">",
                Some(Alignment::Right) => " style=\"text-align:right\">",
            });
            self.inlines(cell);
            self.out.markup("</");
            self.out.markup(tag);
            self.out.markup(">");
        }
        self.out.markup("</tr>");
    }

    fn alert(&mut self, alert: Alert, content: &'a [Block]) {
        self.out.markup(match alert {
            Alert::Note => "<div class=\"alert alert-note\">",
            Alert::Tip => "<div class=\"alert alert-tip\">",
            Alert::Important => "<div class=\"alert alert-important\">",
            Alert::Warning => "<div class=\"alert alert-warning\">",
            Alert::Caution => "<div class=\"alert alert-caution\">",
        });
        self.out.markup("<p class=\"alert-title\">");
        self.out.markup(alert_word(alert));
        self.out.markup("</p>");
        self.blocks(content);
        self.out.markup("</div>");
    }

    pub(super) fn math(&mut self, tex: &str, open: &str, close: &str) {
        let tex = one_line(tex);
        if tex.is_empty() {
            return;
        }
        self.out.markup(open);
        self.out.tex(&tex);
        self.out.markup(close);
    }

    pub(super) fn html(&mut self, html: &str) {
        match self.kind {
            FieldKind::Cloze if self.out.in_deletion() => self.out.raw_hidden(html),
            FieldKind::Cloze => self.out.raw(html),
            FieldKind::Plain => self.out.raw_inert(html),
        }
    }

    /// Writes the reference to a footnote: its number, or its label where the field has no such footnote.
    pub(super) fn footnote(&mut self, label: &str) {
        self.out.markup("<sup class=\"footnote\">");
        match self.footnotes.places.get(label) {
            Some(&place) => {
                let number = self.footnotes.number(place);
                self.out.number(number as u64);
            }
            None => self.out.text(label, Place::Text),
        }
        self.out.markup("</sup>");
    }

    /// Writes the footnotes in the order of their numbers, then those that nothing refers to.
    fn footnote_list(&mut self) {
        if self.footnotes.contents.is_empty() {
            return;
        }
        self.out.markup("<ol class=\"footnotes\">");
        let mut written = 0;
        for place in 0..self.footnotes.contents.len() {
            written = self.referred_footnotes(written);
            if self.footnotes.numbers[place].is_none() {
                self.footnotes.number(place);
            }
        }
        self.referred_footnotes(written);
        self.out.markup("</ol>");
    }

    /// Writes the footnotes that have a number, from the given one on; more get one while they are written.
    fn referred_footnotes(&mut self, mut written: usize) -> usize {
        while let Some(&place) = self.footnotes.referred.get(written) {
            let content = self.footnotes.contents[place];
            self.out.markup("<li>");
            self.bare(content);
            self.out.markup("</li>");
            written += 1;
        }
        written
    }
}

/// Returns the word that stands above an alert.
pub(crate) fn alert_word(alert: Alert) -> &'static str {
    match alert {
        Alert::Note => "Note",
        Alert::Tip => "Tip",
        Alert::Important => "Important",
        Alert::Warning => "Warning",
        Alert::Caution => "Caution",
    }
}

fn find_footnotes<'a>(blocks: &'a [Block], found: &mut Footnotes<'a>) {
    for block in blocks {
        match block {
            Block::Footnote { label, content } => {
                // The first of equal labels counts, as in Markdown; the others are listed all the same.
                found.places.entry(label).or_insert(found.contents.len());
                found.contents.push(content);
                find_footnotes(content, found);
            }
            Block::Quote { content, .. } => find_footnotes(content, found),
            Block::List { items, .. } => items.iter().for_each(|item| find_footnotes(&item.content, found)),
            Block::DefinitionList { items } => {
                for definition in items.iter().flat_map(|item| &item.definitions) {
                    find_footnotes(definition, found);
                }
            }
            Block::Paragraph { .. }
            | Block::Heading { .. }
            | Block::Code { .. }
            | Block::Table { .. }
            | Block::Math { .. }
            | Block::Html { .. }
            | Block::Rule => {}
        }
    }
}
