//! The cards of a cloze note.

/// Returns the numbers that Anki makes cards for from the HTML of a field: 1 to 500, sorted, each once.
///
/// Right because everything that only looks like a deletion was made inert by [`field`](super::field), and because raw HTML
/// means what Anki reads in it.
#[must_use]
pub fn cloze_numbers(html: &str) -> Vec<u16> {
    let mut numbers: Vec<u16> =
        html.match_indices("{{c").filter_map(|(at, _)| number(&html[at + 3..])).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn number(rest: &str) -> Option<u16> {
    let (digits, _) = rest.split_once("::")?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| plain && (1..=500).contains(number))
}

#[cfg(test)]
mod tests {
    fn check(html: &str, expected: &[u16]) {
        assert_eq!(super::cloze_numbers(html), expected, "{html}");
    }

    #[test]
    fn only_numbers_that_make_cards_count() {
        check("", &[]);
        check("{{c2::a}} {{c1::{{c3::b}}}} {{c1::c}}", &[1, 2, 3]);
        check("{{c0::a}} {{c501::b}} {{c500::c}}", &[500]);
        check("{{c::a}} {{c1:b}} {{c1,2::c}} {{c+1::d}} {{C1::e}}", &[]);
        check("{&#123;c1::a}}", &[]);
    }
}
