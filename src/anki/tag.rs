//! Tags as Anki keeps them.

use super::text::without_controls;

/// Returns a tag as Anki would keep it on every version, or nothing if nothing is left of it.
///
/// Anki separates tags by spaces, so white space inside one becomes `_`. The rest is Anki's own doing: NFC,
/// no control characters, an empty part of a `a::b` path becomes `blank`; and no quotes, which Anki dropped
/// up to 23.10.
#[must_use]
pub fn normalize(tag: &str) -> Option<String> {
    let spaced: String = tag.trim().chars().map(|c| if c.is_whitespace() { '_' } else { c }).collect();
    let tag = without_controls(&spaced.replace('"', ""));
    if tag.is_empty() {
        return None;
    }
    let parts: Vec<_> = tag.split("::").map(|part| if part.is_empty() { "blank" } else { part }).collect();
    Some(parts.join("::"))
}

/// Returns the column of a note's tags: a space before and after each, nothing at all without tags.
#[must_use]
pub fn column<S: AsRef<str>>(tags: &[S]) -> String {
    let mut column = String::new();
    for tag in tags {
        column.push(' ');
        column.push_str(tag.as_ref());
    }
    if !column.is_empty() {
        column.push(' ');
    }
    column
}

#[cfg(test)]
mod tests {
    use super::{column, normalize};

    fn check(tag: &str, expected: Option<&str>) {
        assert_eq!(normalize(tag).as_deref(), expected, "{tag:?}");
    }

    #[test]
    fn plain_tags_stay() {
        check("aws::ecs", Some("aws::ecs"));
        check("Übung-1", Some("Übung-1"));
    }

    #[test]
    fn white_space_becomes_an_underscore() {
        check(" two words ", Some("two_words"));
        check("a\u{3000}b", Some("a_b"));
        check("a\tb", Some("a_b"));
    }

    #[test]
    fn empty_parts_are_called_blank() {
        check("::a", Some("blank::a"));
        check("a::::b", Some("a::blank::b"));
        check("a::", Some("a::blank"));
        check("a:b", Some("a:b"));
    }

    #[test]
    fn what_anki_drops_is_dropped() {
        check("\u{1}e\u{301}\"", Some("\u{e9}"));
        check("\"", None);
        check("  ", None);
    }

    #[test]
    fn the_column_has_a_space_round_every_tag() {
        assert_eq!(column(&["a", "b"]), " a b ");
        assert_eq!(column::<&str>(&[]), "");
    }
}
