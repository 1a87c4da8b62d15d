//! Media names in raw HTML, in the forms that Anki's importer sees: `src` of `img`, `audio`, `video` and `source`, `data` of
//! `object`, and `[sound:…]`.

use std::ops::Range;

/// Returns the names, in order, with `&amp;` decoded as Anki decodes it.
pub(super) fn names(html: &str) -> Vec<String> {
    places(html).into_iter().map(|place| html[place].replace("&amp;", "&")).collect()
}

/// Returns the HTML with the names that `new` knows replaced, or nothing where it knows none.
pub(super) fn rename(html: &str, new: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut renamed = String::new();
    let mut at = 0;
    for place in places(html) {
        if let Some(name) = new(&html[place.clone()].replace("&amp;", "&")) {
            renamed.push_str(&html[at..place.start]);
            renamed.push_str(&name);
            at = place.end;
        }
    }
    if at == 0 {
        return None;
    }
    renamed.push_str(&html[at..]);
    Some(renamed)
}

fn places(html: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(next) = html[at..].find(['<', '[']) {
        let start = at + next;
        let rest = &html[start..];
        if let Some(name) = rest.strip_prefix("[sound:") {
            if let Some(length) = name.find(']') {
                let from = start + "[sound:".len();
                places.push(from..from + length);
            }
        } else if let Some(attribute) = wanted_attribute(rest) {
            let end = rest.find('>').map_or(html.len(), |length| start + length);
            places.extend(value(html, start..end, attribute));
        }
        at = start + 1;
    }
    places.retain(|place| !place.is_empty());
    places
}

fn wanted_attribute(tag: &str) -> Option<&'static str> {
    let name = tag[1..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    match name.to_ascii_lowercase().as_str() {
        "img" | "audio" | "video" | "source" => Some("src"),
        "object" => Some("data"),
        _ => None,
    }
}

/// Returns where the attribute's value stands inside the tag.
fn value(html: &str, tag: Range<usize>, attribute: &str) -> Option<Range<usize>> {
    let lower = html[tag.clone()].to_ascii_lowercase();
    let mut from = 0;
    loop {
        let found = from + lower[from..].find(attribute)?;
        let before =
            lower[..found].chars().next_back().is_some_and(|c| c.is_whitespace() || c == '"' || c == '\'');
        let after = lower[found + attribute.len()..].trim_start();
        from = found + attribute.len();
        if let Some(value) = after.strip_prefix('=').filter(|_| before) {
            let value = value.trim_start();
            let start = tag.start + (lower.len() - value.len());
            return Some(match value.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let length = value[1..].find(quote).unwrap_or(value.len() - 1);
                    start + 1..start + 1 + length
                }
                Some(_) | None => {
                    let length = value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len());
                    start..start + length
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    fn check(html: &str, expected: &[&str]) {
        assert_eq!(super::names(html), expected, "{html}");
    }

    #[test]
    fn names_are_found_in_the_forms_that_anki_sees() {
        check("<img src=\"a.png\">", &["a.png"]);
        check("<IMG alt=x src='a b.png'/> <img src=c.png>", &["a b.png", "c.png"]);
        check("<audio src=\"a&amp;b.mp3\"></audio>[sound:c.mp3]", &["a&b.mp3", "c.mp3"]);
        check("<object data=\"x.svg\">", &["x.svg"]);
        check("<a href=\"x.png\">src=\"y.png\"</a>", &[]);
        check("<img data-src=\"no.png\" src=\"yes.png\">", &["yes.png"]);
        check("<img src=\"\">[sound:]<img", &[]);
        check("a < b [c", &[]);
    }

    #[test]
    fn only_known_names_are_replaced() {
        let new = |name: &str| (name == "a.png").then(|| "b.png".to_owned());
        let renamed = super::rename("<img src=\"a.png\"> <img src=\"c.png\">", &new);
        assert_eq!(renamed.as_deref(), Some("<img src=\"b.png\"> <img src=\"c.png\">"));
        assert_eq!(super::rename("<img src=\"c.png\">", &new), None);
    }
}
