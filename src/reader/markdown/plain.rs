//! The text of inlines without their formatting: for titles, alternative texts and hints.

use crate::model::text::Inline;

/// Returns the text of `content`; breaks are spaces, media their alternative text.
pub(super) fn plain(content: &[Inline]) -> String {
    let mut text = String::new();
    collect(content, &mut text);
    text
}

fn collect(content: &[Inline], to: &mut String) {
    for inline in content {
        match inline {
            Inline::Text { text } | Inline::Code { text } => to.push_str(text),
            Inline::Math { tex, .. } => to.push_str(tex),
            Inline::Media(embed) => to.push_str(&embed.alt),
            Inline::Emphasis { .. }
            | Inline::Strong { .. }
            | Inline::Strikethrough { .. }
            | Inline::Link(_)
            | Inline::Cloze(_) => collect(inline.content(), to),
            Inline::SoftBreak | Inline::HardBreak => to.push(' '),
            Inline::Html { .. } | Inline::FootnoteReference { .. } => {}
        }
    }
}
