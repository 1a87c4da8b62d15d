//! TeX source on one line.

/// Returns the formula on one line: comments taken out, line breaks and runs of white space as one space.
///
/// A comment leaves a space behind, so that a control word before it does not run into what follows (`\alpha%` / `b`).
#[must_use]
pub fn one_line(tex: &str) -> String {
    let mut out = String::with_capacity(tex.len());
    let mut characters = tex.chars();
    let mut space = false;
    while let Some(character) = characters.next() {
        match character {
            '%' => {
                space = true;
                for next in characters.by_ref() {
                    if matches!(next, '\n' | '\r') {
                        break;
                    }
                }
            }
            _ if character.is_whitespace() => space = true,
            _ => {
                if space && !out.is_empty() {
                    out.push(' ');
                }
                space = false;
                out.push(character);
                if character == '\\' {
                    // An escaped character means nothing by itself: `\%` is no comment, `\ ` is a space to keep.
                    out.extend(characters.next().map(|next| if next.is_whitespace() { ' ' } else { next }));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    fn check(tex: &str, expected: &str) {
        assert_eq!(super::one_line(tex), expected, "{tex}");
    }

    #[test]
    fn line_breaks_are_spaces_and_comments_go() {
        check("a\n  b", "a b");
        check(" a ", "a");
        check("\\alpha% Greek\nb", "\\alpha b");
        check("5\\% of x % not this", "5\\% of x");
        check("a \\\\% row\n b", "a \\\\ b");
        check("a\\ b", "a\\ b");
        check("a\\\nb", "a\\ b");
        check("% all", "");
        check("\\", "\\");
    }
}
