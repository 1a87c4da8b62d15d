//! Blocks.

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
    /// The footnotes of the field, in the order of their text.
    footnotes: Vec<(&'a str, &'a [Block])>,
    /// Which of them were referred to, in the order of their numbers.
    referred: Vec<usize>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(media: &'a [Medium], kind: FieldKind, blocks: &'a [Block]) -> Self {
        let mut footnotes = Vec::new();
        find_footnotes(blocks, &mut footnotes);
        let out = Buffer::with_capacity(if blocks.len() > 1 { 512 } else { 96 });
        Self { out, media, kind, footnotes, referred: Vec::new() }
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
            Block::List { start, tight, items } => self.list(*start, *tight, items),
            Block::DefinitionList { items } => self.definitions(items),
            Block::Table { alignments, header, rows } => self.table(alignments, header, rows),
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

    fn list(&mut self, start: Option<u64>, tight: bool, items: &'a [ListItem]) {
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
                [Block::Paragraph { content }, rest @ ..] if tight || item.checked.is_some() => {
                    self.inlines(content);
                    self.tight(rest, tight);
                }
                blocks => self.tight(blocks, tight),
            }
            self.out.markup("</li>");
        }
        self.out.markup(if start.is_some() { "</ol>" } else { "</ul>" });
    }

    /// Writes the blocks of a list item; in a tight list a paragraph behind another block begins on a line of its own.
    fn tight(&mut self, blocks: &'a [Block], tight: bool) {
        for block in blocks {
            match block {
                Block::Paragraph { content } if tight => self.element("div", content),
                block => self.block(block),
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
        match self.footnotes.iter().position(|(known, _)| *known == label) {
            Some(place) => {
                let number = self.referred.iter().position(|known| *known == place).unwrap_or_else(|| {
                    self.referred.push(place);
                    self.referred.len() - 1
                });
                self.out.number(number as u64 + 1);
            }
            None => self.out.text(label, Place::Text),
        }
        self.out.markup("</sup>");
    }

    fn footnote_list(&mut self) {
        if self.footnotes.is_empty() {
            return;
        }
        self.out.markup("<ol class=\"footnotes\">");
        // The list grows while it is written, when a footnote refers to another.
        let mut written = 0;
        loop {
            let place = match self.referred.get(written) {
                Some(place) => *place,
                None => match (0..self.footnotes.len()).find(|place| !self.referred.contains(place)) {
                    Some(place) => {
                        self.referred.push(place);
                        place
                    }
                    None => break,
                },
            };
            let (_, content) = self.footnotes[place];
            self.out.markup("<li>");
            self.bare(content);
            self.out.markup("</li>");
            written += 1;
        }
        self.out.markup("</ol>");
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

fn find_footnotes<'a>(blocks: &'a [Block], found: &mut Vec<(&'a str, &'a [Block])>) {
    for block in blocks {
        match block {
            Block::Footnote { label, content } => {
                found.push((label, content));
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
