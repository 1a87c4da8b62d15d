//! What readers' tests share: a draft and its findings as a few lines of text.

use super::{Reader, Settings};
use crate::diagnostic::Diagnostics;
use crate::model::text::{Block, Cloze, Inline};
use crate::model::{Draft, ExplicitId, Field, RegionKind};
use crate::source::{SourceFile, SourceMap};

/// Reads `text` and returns notes, prose and findings, one a line.
///
/// A note is `type deck #tag {id}: field | field`, without empty fields at its end; `/` is a hard break, `_` a soft one,
/// `¶` a new paragraph, `(• a • b)` a list, `[1:a|hint]` a cloze, `<…>` raw HTML. A finding is `D004 2:1 message`.
pub(super) fn shown(reader: &dyn Reader, path: &str, text: &str, settings: &Settings) -> String {
    let mut map = SourceMap::default();
    let id = map.add(path.into(), text.into());
    let file = map.file(id);
    let mut diagnostics = Diagnostics::default();
    let settings = Settings { body: settings.body.max(file.start()), ..settings.clone() };
    let draft = reader.read(file, &settings, &mut diagnostics);
    assert_covered(file, &draft);
    let mut out = String::new();
    for note in &draft.notes {
        out.push_str(note.note_type.key());
        if *note.deck != *"Default" {
            add(&mut out, format_args!(" {}", note.deck));
        }
        for tag in note.tags.iter() {
            add(&mut out, format_args!(" #{tag}"));
        }
        match note.identity.as_ref().map(|id| &id.value) {
            Some(ExplicitId::Key(key)) => add(&mut out, format_args!(" {{{key}}}")),
            Some(ExplicitId::Guid(guid)) => add(&mut out, format_args!(" {{guid {guid}}}")),
            None => {}
        }
        let filled = note.fields.iter().rposition(|field| !field.is_empty()).map_or(0, |last| last + 1);
        let fields: Vec<String> = note.fields[..filled].iter().map(field).collect();
        add(&mut out, format_args!(": {}\n", fields.join(" | ")));
    }
    for region in draft.regions.iter().filter(|region| region.kind == RegionKind::Prose) {
        let prose = file.slice(region.span).replace("\r\n", "\n").replace(['\n', '\r'], "/");
        add(&mut out, format_args!("prose: {prose}\n"));
    }
    for finding in diagnostics.sorted() {
        out.push_str(finding.code.id());
        if let Some(span) = finding.span {
            let place = map.position(span.file, span.start);
            add(&mut out, format_args!(" {}:{}", place.line, place.column));
        }
        add(&mut out, format_args!(" {}", finding.message));
        for label in &finding.labels {
            let place = map.position(label.span.file, label.span.start);
            add(&mut out, format_args!(" +{}:{}", place.line, place.column));
        }
        out.push('\n');
    }
    out
}

/// Checks that regions are sorted, apart, and hold every non-blank line, and that every span lies on characters.
pub(super) fn assert_covered(file: &SourceFile, draft: &Draft) {
    let mut end = 0;
    for region in &draft.regions {
        assert!(region.span.start as usize >= end, "regions overlap: {:?}", draft.regions);
        assert!(region.span.start < region.span.end, "empty region: {:?}", draft.regions);
        assert!(file.text.get(region.span.range()).is_some(), "a region cuts a character");
        end = region.span.end as usize;
    }
    for line in file.lines() {
        let text = &file.text[line.clone()];
        let start = line.start + (text.len() - text.trim_start().len());
        let visible = start..start + text.trim().len();
        let mut at = visible.start;
        for region in draft.regions.iter().filter(|region| region.span.range().end > visible.start) {
            let range = region.span.range();
            if range.start <= at {
                at = at.max(range.end);
            }
        }
        assert!(visible.is_empty() || at >= visible.end, "{text:?} lies in no region: {:?}", draft.regions);
    }
    for note in &draft.notes {
        assert_eq!(note.fields.len(), note.note_type.fields().len());
        assert!(file.text.get(note.span.range()).is_some(), "a note's span cuts a character");
    }
}

/// Appends formatted text.
pub(super) fn add(out: &mut String, text: std::fmt::Arguments<'_>) {
    std::fmt::Write::write_fmt(out, text).expect("a string can always grow");
}

fn field(field: &Field) -> String {
    blocks(&field.blocks)
}

fn blocks(content: &[Block]) -> String {
    let shown: Vec<String> = content
        .iter()
        .map(|block| match block {
            Block::Paragraph { content } => inlines(content),
            Block::List { start, items, .. } => {
                let mut out = String::from("(");
                for item in items {
                    let mark = start.map_or_else(|| "•".to_owned(), |start| format!("{start}."));
                    add(&mut out, format_args!("{mark} {} ", blocks(&item.content)));
                }
                format!("{})", out.trim_end())
            }
            Block::Html { html } => format!("<{html}>"),
            other => format!("{other:?}"),
        })
        .collect();
    shown.join("¶")
}

/// Returns inlines in the short form of [`shown`].
pub(super) fn inlines(content: &[Inline]) -> String {
    let mut out = String::new();
    for inline in content {
        match inline {
            Inline::Text { text } => out.push_str(text),
            Inline::HardBreak => out.push('/'),
            Inline::SoftBreak => out.push('_'),
            Inline::Cloze(cloze) => {
                let Cloze { numbers, content, hint, span: _ } = &**cloze;
                let numbers: Vec<_> = numbers.iter().map(u16::to_string).collect();
                let hint = hint.as_ref().map_or_else(String::new, |hint| format!("|{hint}"));
                add(&mut out, format_args!("[{}:{}{hint}]", numbers.join(","), inlines(content)));
            }
            other => add(&mut out, format_args!("{other:?}")),
        }
    }
    out
}
