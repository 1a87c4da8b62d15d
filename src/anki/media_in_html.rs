//! Media names in raw HTML, in the forms that Anki's importer sees: `src` of `img`, `audio`, `video` and
//! `source`, `data` of `object`, and `[sound:…]`.

use std::ops::Range;

/// Returns the names, in order, with `&amp;` decoded as Anki decodes it.
#[must_use]
pub fn names(html: &str) -> Vec<String> {
    places(html).into_iter().map(|place| html[place].replace("&amp;", "&")).collect()
}

/// Returns the HTML with the names that `new` knows replaced, or nothing where it knows none.
pub fn rename(html: &str, new: &dyn Fn(&str) -> Option<String>) -> Option<String> {
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
    // Where the next closing character stands is kept, so that many unclosed openings are not many searches.
    let (mut bracket, mut angle) = (Next::of(html, b']'), Next::of(html, b'>'));
    while let Some(next) = html[at..].find(['<', '[']) {
        let start = at + next;
        let rest = &html[start..];
        at = start + 1;
        if rest.starts_with("[sound:") {
            if let Some(end) = bracket.at_or_behind(html, start) {
                places.push(start + "[sound:".len()..end);
                at = end;
            }
        } else if let Some(attribute) = wanted_attribute(rest) {
            let end = angle.at_or_behind(html, start).unwrap_or(html.len());
            let value = value(html, start..end, attribute);
            at = value.as_ref().map_or(end, |value| value.end);
            places.extend(value);
        }
    }
    places.retain(|place| !place.is_empty());
    places
}

/// Finds a character, from rising places.
struct Next {
    byte: u8,
    found: Option<usize>,
}

impl Next {
    fn of(html: &str, byte: u8) -> Self {
        Self { byte, found: html.bytes().position(|other| other == byte) }
    }

    /// Returns the first place at `from` or behind it.
    fn at_or_behind(&mut self, html: &str, from: usize) -> Option<usize> {
        if self.found? < from {
            let rest = &html.as_bytes()[from..];
            self.found = rest.iter().position(|byte| *byte == self.byte).map(|at| from + at);
        }
        self.found
    }
}

fn wanted_attribute(tag: &str) -> Option<&'static str> {
    let name = tag[1..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    let is = |known: &&str| name.eq_ignore_ascii_case(known);
    if ["img", "audio", "video", "source"].iter().any(is) {
        Some("src")
    } else {
        name.eq_ignore_ascii_case("object").then_some("data")
    }
}

/// Returns where the attribute's value stands inside the tag.
fn value(html: &str, tag: Range<usize>, attribute: &str) -> Option<Range<usize>> {
    let bytes = html[tag.clone()].as_bytes();
    let mut from = 1;
    loop {
        let named = |window: &[u8]| window.eq_ignore_ascii_case(attribute.as_bytes());
        let found = from + bytes.get(from..)?.windows(attribute.len()).position(named)?;
        let before = bytes[found - 1].is_ascii_whitespace() || matches!(bytes[found - 1], b'"' | b'\'');
        from = found + attribute.len();
        let rest = &html[tag.start + from..tag.end];
        if let Some(value) = rest.trim_start().strip_prefix('=').filter(|_| before) {
            let value = value.trim_start();
            let start = tag.end - value.len();
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
    fn a_name_inside_another_one_is_none_of_its_own() {
        check("[sound:[sound:a.mp3]", &["[sound:a.mp3"]);
        check("<img src='<img src=b.png>", &["<img src=b.png"]);
        let new = |_: &str| Some("new".to_owned());
        assert_eq!(super::rename("[sound:[sound:a.mp3] b", &new).as_deref(), Some("[sound:new] b"));
    }

    #[test]
    fn many_unclosed_openings_take_no_time() {
        for piece in [
            "<img ",
            "<img src",
            "<img src=",
            "<img src=a ",
            "<img src=\"",
            "[sound:",
            "[",
            "<",
            "<object data",
        ] {
            let html = piece.repeat(200_000);
            assert_eq!(super::rename(&html, &|_| None), None, "{piece}");
        }
    }

    #[test]
    fn only_known_names_are_replaced() {
        let new = |name: &str| (name == "a.png").then(|| "b.png".to_owned());
        let renamed = super::rename("<img src=\"a.png\"> <img src=\"c.png\">", &new);
        assert_eq!(renamed.as_deref(), Some("<img src=\"b.png\"> <img src=\"c.png\">"));
        assert_eq!(super::rename("<img src=\"c.png\">", &new), None);
    }
}
