//! A difference as Markdown, for a comment on a pull request or a changelog: cut to a size, with counts of what is left out.

use std::fmt::Write as _;

use super::words::{around, cut};
use super::{Difference, Edited, FieldChange, NoteAt, TypeChange, counted};

/// Returns the difference as Markdown of about `most` characters, under headings of the given level (1 to 5).
///
/// The counts and the forecast always stand; of the lists what there is room for, and how much is left out.
#[must_use]
pub fn markdown(difference: &Difference, level: usize, most: usize) -> String {
    let heading = "#".repeat(level.clamp(1, 5));
    let mut text = format!("{heading} {}\n", headline(difference));
    if difference.is_empty() {
        return text;
    }
    let _ = writeln!(text, "\nIn Anki, where the older release was imported:\n");
    for sentence in difference.forecast.sentences() {
        // The marks round a name are the sentence's own.
        let _ = writeln!(text, "- {}", escaped(&sentence).replace("\\`", "`"));
    }
    text.push('\n');
    let sections = sections(difference, &format!("{heading}#"));
    let mut room = most.saturating_sub(text.chars().count());
    // Of each list a part is shown before any list is shown whole.
    let mut left = sections.len();
    for Section { title, items } in sections {
        let share = room / left.max(1);
        left -= 1;
        let mut used = title.chars().count() + 60;
        let mut lines = String::new();
        let mut shown = 0;
        let mut under: Option<&str> = None;
        for Item { deck, text } in &items {
            let heading = deck.as_deref().filter(|deck| under != Some(deck));
            let heading = heading.map_or_else(String::new, |deck| {
                format!("{}**{}**\n\n", if shown > 0 { "\n" } else { "" }, escaped(deck))
            });
            let length = heading.chars().count() + text.chars().count();
            if used + length > share {
                continue;
            }
            used += length;
            lines.push_str(&heading);
            lines.push_str(text);
            under = deck.as_deref();
            shown += 1;
        }
        room = room.saturating_sub(used);
        let _ = write!(text, "{title}\n\n{lines}");
        if shown < items.len() {
            let _ = writeln!(text, "- … and {} more", items.len() - shown);
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

struct Section {
    title: String,
    items: Vec<Item>,
}

/// Is an item of a list, and the deck that it stands under.
struct Item {
    deck: Option<String>,
    text: String,
}

/// Says how much changed, such as `3 cards added, 1 edited`.
fn headline(difference: &Difference) -> String {
    let counts = [
        (difference.added.len(), "added"),
        (difference.edited.len(), "edited"),
        (difference.moved.len(), "moved"),
        (difference.retired.len(), "retired"),
    ];
    let mut parts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if let Some(first) = parts.first_mut() {
        let (number, what) = first.split_once(' ').unwrap_or((first, ""));
        *first = format!("{number} {} {what}", if number == "1" { "note" } else { "notes" });
    }
    if !difference.note_types.is_empty() {
        parts.push(format!("{} changed", counted(difference.note_types.len(), "note type")));
    }
    if !difference.media.is_empty() {
        parts.push(format!("{} changed", counted(difference.media.len(), "media file")));
    }
    match (parts.is_empty(), difference.is_empty()) {
        (true, true) => "No difference".to_owned(),
        (true, false) => "Only decks changed".to_owned(),
        (false, _) => parts.join(", "),
    }
}

fn sections(difference: &Difference, heading: &str) -> Vec<Section> {
    let Difference {
        version: _,
        old: _,
        new: _,
        added,
        edited,
        moved,
        retired,
        note_types,
        decks,
        media,
        forecast: _,
    } = difference;
    let note = |note: &NoteAt| under(note, format!("- {}\n", escaped(&note.prompt)));
    let moved = moved.iter().map(|moved| {
        let (prompt, from, to) = (&moved.note.prompt, &moved.from, &moved.note.deck);
        alone(format!("- {}: {} → {}\n", escaped(prompt), escaped(from), escaped(to)))
    });
    let decks = decks.iter().map(|deck| alone(format!("- {} {}\n", word(deck.change), escaped(&deck.name))));
    let media =
        media.iter().map(|medium| alone(format!("- {} {}\n", word(medium.change), code(&medium.name))));
    let all = [
        ("Added", added.iter().map(note).collect()),
        ("Edited", edited.iter().map(|edited| under(&edited.note, item(edited))).collect()),
        ("Moved", moved.collect()),
        ("Retired", retired.iter().map(note).collect()),
        ("Note types", note_types.iter().map(|change| alone(type_item(change))).collect()),
        ("Decks", decks.collect()),
        ("Media", media.collect()),
    ];
    let shown = all.into_iter().filter(|(_, items): &(&str, Vec<Item>)| !items.is_empty());
    shown.map(|(title, items)| Section { title: format!("{heading} {title}"), items }).collect()
}

fn under(note: &NoteAt, text: String) -> Item {
    Item { deck: Some(note.deck.clone()), text }
}

fn alone(text: String) -> Item {
    Item { deck: None, text }
}

fn item(edited: &Edited) -> String {
    let Edited { note, fields, tags_added, tags_removed, note_type } = edited;
    let mut text = format!("- {}\n", escaped(&note.prompt));
    if let Some((from, to)) = note_type {
        let _ = writeln!(text, "  - note type: {} → {}", escaped(from), escaped(to));
    }
    for field in fields {
        let _ = writeln!(text, "  - {}: {}", escaped(&field.field), words(field));
    }
    let added = tags_added.iter().map(|tag| format!("+{}", code(tag)));
    let removed = tags_removed.iter().map(|tag| format!("−{}", code(tag)));
    let tags: Vec<String> = added.chain(removed).collect();
    if !tags.is_empty() {
        let _ = writeln!(text, "  - tags: {}", tags.join(" "));
    }
    text
}

fn words(field: &FieldChange) -> String {
    let mut text = String::new();
    for (index, hunk) in field.words.iter().enumerate() {
        if hunk.is_same() {
            text.push_str(&escaped(&around(&field.words, index)));
            continue;
        }
        text.push_str(&marked(&hunk.old, "~~"));
        text.push_str(&marked(&hunk.new, "**"));
    }
    text.trim().to_owned()
}

/// Marks changed text; a mark takes no space beside it.
fn marked(text: &str, mark: &str) -> String {
    let text = &*cut(text);
    let inner = text.trim();
    if inner.is_empty() {
        return one_line(text);
    }
    let (before, after) = (text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace));
    let space = |is: bool| if is { " " } else { "" };
    format!("{}{mark}{}{mark}{}", space(before), escaped(inner), space(after))
}

fn type_item(change: &TypeChange) -> String {
    let parts: Vec<&str> = change.changes.iter().map(|part| part.words()).collect();
    format!("- {}: {}\n", escaped(&change.name), parts.join(", "))
}

fn word(change: super::Change) -> &'static str {
    match change {
        super::Change::Added => "new:",
        super::Change::Changed => "changed:",
        super::Change::Removed => "removed:",
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Returns a name as a code span.
fn code(text: &str) -> String {
    format!("`{}`", one_line(text).replace('`', "'"))
}

/// Returns text that Markdown shows nearly as it is: no markup, no formula, no mention of a person, no number of an issue, no link.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in one_line(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '|' | '!' | '$' => escaped.extend(['\\', c]),
            // At the beginning these make a list.
            '-' | '+' if escaped.is_empty() => escaped.extend(['\\', c]),
            '.' | ')' if !escaped.is_empty() && escaped.bytes().all(|byte| byte.is_ascii_digit()) => {
                escaped.extend(['\\', c]);
            }
            '/' if escaped.ends_with(":/") => escaped.push_str("\u{2060}/"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // What follows would be a link on the forge.
            '@' | '#' => escaped.extend([c, '\u{2060}']),
            c => escaped.push(c),
        }
    }
    escaped
}
