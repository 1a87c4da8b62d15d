//! Looks at the content of notes for what would surprise a learner or a receiver, and takes out what no field can hold.

use rayon::prelude::{IntoParallelRefMutIterator as _, ParallelIterator as _};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::text::{Block, Inline, each_block, each_inline_list};
use crate::model::{Draft, Note, SourceId};

/// A field over this size is reported, in bytes.
const LARGE: usize = 100_000;
/// A field over this size stops the build, in bytes.
const LIMIT: usize = 1 << 20;

/// Reports what is odd in each note and strips control characters, which Anki deletes and U+001F of which would break the
/// note apart.
pub fn check(draft: &mut Draft, diagnostics: &mut Diagnostics) {
    let found: Vec<Vec<Diagnostic>> = draft.notes.par_iter_mut().map(note).collect();
    found.into_iter().flatten().for_each(|diagnostic| diagnostics.push(diagnostic));
}

fn note(note: &mut Note<SourceId>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let span = note.span;
    for field in &mut note.fields {
        if field.is_empty() {
            continue;
        }
        let size = field.source.len();
        if size > LIMIT {
            let message = format!("a field has {} kB, over the limit of {} kB", size / 1000, LIMIT / 1000);
            found.push(Diagnostic::at(Code::FieldOverLimit, span, message).help("split the card"));
        } else if size > LARGE {
            let message = format!("a field has {} kB", size / 1000);
            found.push(
                Diagnostic::at(Code::FieldTooLarge, span, message).help("such a card is slow on a phone"),
            );
        }
        if let Some(c) = field.source.chars().find(|c| is_bidi(*c)) {
            let message =
                format!("the bidirectional control U+{:04X} can make text read as it is not", u32::from(c));
            found.push(Diagnostic::at(Code::BidiControl, span, message).help("remove it, or use `<bdi>`"));
        }
        if let Some(c) = field.source.chars().find(|c| is_control(*c)) {
            let message = format!("the control character U+{:04X} is left out", u32::from(c));
            found.push(
                Diagnostic::at(Code::ControlCharacter, span, message).help("remove it from the source"),
            );
            strip(&mut field.blocks);
        }
        if field.source.contains('<') {
            found.extend(active(&field.source).map(|what| {
                Diagnostic::at(Code::ActiveHtml, span, format!("{what} in a card"))
                    .help("cards run it at the learner; write the content without it")
            }));
        }
        if field.source.contains('[')
            && ["[latex]", "[$]", "[$$]"].iter().any(|tag| field.source.to_lowercase().contains(tag))
        {
            found.push(Diagnostic::at(Code::Latex, span, "LaTeX in Anki's old tags").help(
                "write `$…$` or `$$…$$`, which every client typesets; Anki runs `[latex]` only where allowed",
            ));
        }
    }
    found
}

fn is_bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_control(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t')
}

fn strip(blocks: &mut [Block]) {
    let clean = |text: &mut String| text.retain(|c| !is_control(c));
    each_block(blocks, &mut |block| match block {
        Block::Code { text, .. } | Block::Math { tex: text } | Block::Html { html: text } => clean(text),
        Block::Paragraph { .. }
        | Block::Heading { .. }
        | Block::List { .. }
        | Block::DefinitionList { .. }
        | Block::Table { .. }
        | Block::Quote { .. }
        | Block::Rule
        | Block::Footnote { .. } => {}
    });
    each_inline_list(blocks, &mut |list| {
        for inline in list {
            match inline {
                Inline::Text { text }
                | Inline::Code { text }
                | Inline::Math { tex: text, .. }
                | Inline::Html { html: text }
                | Inline::Link { url: text, .. }
                | Inline::Media { alt: text, .. } => clean(text),
                Inline::Cloze { hint, .. } => hint.iter_mut().for_each(clean),
                Inline::Emphasis { .. }
                | Inline::Strong { .. }
                | Inline::Strikethrough { .. }
                | Inline::SoftBreak
                | Inline::HardBreak
                | Inline::FootnoteReference { .. } => {}
            }
        }
    });
}

/// Names active content in raw HTML: what runs, or loads from elsewhere, when the card is shown.
fn active(source: &str) -> Option<&'static str> {
    let lower = source.to_ascii_lowercase();
    let tags = [
        ("<script", "a script"),
        ("<iframe", "an `<iframe>`"),
        ("<embed", "an `<embed>`"),
        ("<object", "an `<object>`"),
        ("<base", "a `<base>`"),
        ("<form", "a `<form>`"),
        ("<meta", "a `<meta>`"),
    ];
    let tag = tags.iter().find(|(tag, _)| {
        lower
            .match_indices(tag)
            .any(|(at, _)| lower[at + tag.len()..].starts_with(|c: char| !c.is_alphanumeric()))
    });
    if let Some((_, what)) = tag {
        return Some(what);
    }
    let mut rest = lower.as_str();
    while let Some((_, behind)) = rest.split_once('<') {
        rest = behind;
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let (inside, behind) = rest.split_once('>').unwrap_or((rest, ""));
        if inside.split_whitespace().skip(1).any(is_handler) {
            return Some("an event handler");
        }
        if inside.contains("javascript:") {
            return Some("a `javascript:` address");
        }
        // A further `<` before the `>` would look at a part of the same text again.
        rest = behind;
    }
    None
}

fn is_handler(attribute: &str) -> bool {
    attribute.split_once('=').is_some_and(|(name, _)| {
        name.len() > 4 && name.starts_with("on") && name.chars().all(|c| c.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests {
    use super::active;

    #[test]
    fn active_content_is_named() {
        assert_eq!(active("a <script>x</script>"), Some("a script"));
        assert_eq!(active("<img src=x onerror=alert(1)>"), Some("an event handler"));
        assert_eq!(active("<a href='javascript:x'>"), Some("a `javascript:` address"));
        assert_eq!(active("<a <b <img onload=x"), Some("an event handler"));
        assert_eq!(active("a < <b href=javascript:x>"), Some("a `javascript:` address"));
        assert_eq!(active("if a < b and once=1 > c"), None);
        assert_eq!(active("<b>formula</b> <scripture>"), None);
    }
}
