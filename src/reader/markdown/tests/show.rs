//! A compact rendering of notes, findings and regions, to compare whole results with.

use std::fmt::Write;

use crate::diagnostic::Diagnostics;
use crate::model::text::{Block, Cloze, Embed, Inline, Link, Table};
use crate::model::{ExplicitId, MediaRef, RegionKind};
use crate::reader::markdown::Markdown;
use crate::reader::{Reader, Settings};
use crate::source::{SourceMap, Span};

/// Reads `text` as the file `a.md` and compares all notes and findings.
#[track_caller]
pub(super) fn check(text: &str, expected: &str) {
    check_with(&Settings::default(), text, expected);
}

#[track_caller]
pub(super) fn check_with(settings: &Settings, text: &str, expected: &str) {
    let found = show(settings, text, Sources::Hidden);
    assert!(found == expected, "input:\n{text}\n\nfound:\n{found}\nexpected:\n{expected}");
}

/// Compares the notes with the source text of their fields.
#[track_caller]
pub(super) fn check_sources(text: &str, expected: &str) {
    let found = show(&Settings::default(), text, Sources::Shown);
    assert!(found == expected, "input:\n{text}\n\nfound:\n{found}\nexpected:\n{expected}");
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sources {
    Shown,
    Hidden,
}

pub(super) fn show(settings: &Settings, text: &str, sources: Sources) -> String {
    let mut map = SourceMap::default();
    let id = map.add("a.md".into(), text.into());
    let mut diagnostics = Diagnostics::default();
    let draft = Markdown.read(map.file(id), settings, &mut diagnostics);
    let mut out = String::new();
    let line = |offset: u32| map.position(id, offset).line;
    for note in &draft.notes {
        assert_eq!(note.fields.len(), note.note_type.fields().len(), "a note has all fields of its type");
        let Span { start, end, .. } = note.span;
        let (first, last) = (line(start), line(end.saturating_sub(1).max(start)));
        write!(out, "{} {} {first}", note.note_type.key(), note.deck).unwrap();
        if last > first {
            write!(out, "-{last}").unwrap();
        }
        for tag in note.tags.iter() {
            write!(out, " #{tag}").unwrap();
        }
        if let Some(id) = &note.identity {
            match &id.value {
                ExplicitId::Key(key) => write!(out, " id={key}").unwrap(),
                ExplicitId::Guid(guid) => write!(out, " guid={guid}").unwrap(),
            }
            let written = map.file(note.span.file).slice(id.span);
            assert!(written.contains(id.value.text()), "an id's span holds it: {written:?}");
        }
        out.push('\n');
        for (field, name) in note.fields.iter().zip(note.note_type.fields()) {
            if !field.is_empty() || !field.source.is_empty() {
                writeln!(out, " {name}: {}", blocks(&field.blocks)).unwrap();
                if sources == Sources::Shown {
                    writeln!(out, "  {:?}", field.source).unwrap();
                }
            }
        }
    }
    for diagnostic in diagnostics.sorted() {
        let span = diagnostic.span.expect("findings in a file have a place");
        let place = map.position(id, span.start);
        let written = map.file(id).slice(span);
        let written = written.lines().next().unwrap_or("");
        writeln!(out, "{} {}:{} `{written}`", diagnostic.code.id(), place.line, place.column).unwrap();
    }
    out
}

/// Returns the regions by line, such as `M1 C3-5 P7`.
pub(super) fn regions(text: &str) -> String {
    let mut map = SourceMap::default();
    let id = map.add("a.md".into(), text.into());
    let mut diagnostics = Diagnostics::default();
    let draft = Markdown.read(map.file(id), &Settings::default(), &mut diagnostics);
    let parts: Vec<String> = draft
        .regions
        .iter()
        .map(|region| {
            let letter = match region.kind {
                RegionKind::Card => 'C',
                RegionKind::Metadata => 'M',
                RegionKind::Prose => 'P',
            };
            let first = map.position(id, region.span.start).line;
            let last = map.position(id, region.span.end - 1).line;
            if first == last { format!("{letter}{first}") } else { format!("{letter}{first}-{last}") }
        })
        .collect();
    parts.join(" ")
}

pub(super) fn blocks(list: &[Block]) -> String {
    list.iter().map(block).collect::<Vec<_>>().join(" ¶ ")
}

fn block(block: &Block) -> String {
    match block {
        Block::Paragraph { content } => inlines(content),
        Block::Heading { level, content } => format!("h{level}({})", inlines(content)),
        Block::Code { language, text } => {
            format!("code:{}({})", language.as_deref().unwrap_or(""), text.replace('\n', "⏎"))
        }
        Block::List { start, tight, items } => {
            let items: Vec<String> = items
                .iter()
                .map(|item| {
                    let tick = item.checked.map_or("", |ticked| if ticked { "[x] " } else { "[ ] " });
                    format!("{tick}{}", blocks(&item.content))
                })
                .collect();
            let mark = start.map_or("-".to_owned(), |start| format!("{start}."));
            format!("{mark}{}[{}]", if *tight { "" } else { "loose" }, items.join("; "))
        }
        Block::DefinitionList { items } => {
            let items: Vec<String> = items
                .iter()
                .map(|item| {
                    let definitions: Vec<String> = item.definitions.iter().map(|part| blocks(part)).collect();
                    format!("{}: {}", inlines(&item.term), definitions.join(" | "))
                })
                .collect();
            format!("dl[{}]", items.join("; "))
        }
        Block::Table(table) => {
            let Table { header, rows, .. } = &**table;
            let row =
                |cells: &[Vec<Inline>]| cells.iter().map(|cell| inlines(cell)).collect::<Vec<_>>().join("|");
            let rows: Vec<String> = rows.iter().map(|cells| row(cells)).collect();
            format!("table[{} / {}]", row(header), rows.join(" / "))
        }
        Block::Quote { alert, content } => match alert {
            Some(alert) => format!("{alert:?}>({})", blocks(content)),
            None => format!(">({})", blocks(content)),
        },
        Block::Math { tex } => format!("math({})", tex.replace('\n', "⏎")),
        Block::Html { html } => format!("html({})", html.replace('\n', "⏎")),
        Block::Rule => "---".into(),
        Block::Footnote { label, content } => format!("fn:{label}({})", blocks(content)),
    }
}

pub(super) fn inlines(list: &[Inline]) -> String {
    list.iter().map(inline).collect()
}

fn inline(inline: &Inline) -> String {
    match inline {
        Inline::Text { text } => text.clone(),
        Inline::Emphasis { content } => format!("*{}*", inlines(content)),
        Inline::Strong { content } => format!("**{}**", inlines(content)),
        Inline::Strikethrough { content } => format!("~~{}~~", inlines(content)),
        Inline::Code { text } => format!("`{text}`"),
        Inline::Math { tex, display } => {
            if *display {
                format!("$${tex}$$")
            } else {
                format!("${tex}$")
            }
        }
        Inline::Media(embed) => {
            let Embed { media, kind, alt, title, width } = &**embed;
            let MediaRef::Written(path) = media else { panic!("a reader only writes paths") };
            let mut text = format!("<{kind:?} {}", path.value);
            if !alt.is_empty() {
                write!(text, " alt={alt}").unwrap();
            }
            if let Some(title) = title {
                write!(text, " title={title}").unwrap();
            }
            if let Some(width) = width {
                write!(text, " width={width}").unwrap();
            }
            text + ">"
        }
        Inline::Link(link) => {
            let Link { url, title, content } = &**link;
            let title = title.as_ref().map_or_else(String::new, |title| format!(" {title:?}"));
            format!("[{}]({url}{title})", inlines(content))
        }
        Inline::Cloze(cloze) => {
            let Cloze { numbers, content, hint, span: _ } = &**cloze;
            let numbers: Vec<String> = numbers.iter().map(u16::to_string).collect();
            let hint = hint.as_ref().map_or_else(String::new, |hint| format!("|{hint}"));
            format!("⟦{}:{}{hint}⟧", numbers.join(","), inlines(content))
        }
        Inline::SoftBreak => "␣".into(),
        Inline::HardBreak => "↵".into(),
        Inline::Html { html } => format!("{{{html}}}"),
        Inline::FootnoteReference { label } => format!("[^{label}]"),
    }
}
