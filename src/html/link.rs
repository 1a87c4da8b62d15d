//! Which links keep their address.

use std::borrow::Cow;

/// The schemes that a link on a card may have: pages, mail, telephone, and the note-taking programs that cards come from.
const SCHEMES: [&str; 7] = ["http", "https", "mailto", "tel", "obsidian", "zotero", "logseq"];

/// Returns the address to link to; nothing where the text should stand alone.
///
/// Refused are all schemes but http, https, mailto, tel, obsidian, zotero and logseq, judged as a browser would see them:
/// after character references, white space and control characters are taken out. Relative addresses lead nowhere from a
/// card, whose page belongs to Anki's own little server; one that begins with `//` is taken as https.
#[must_use]
pub fn href(url: &str) -> Option<Cow<'_, str>> {
    let url = url.trim();
    let seen = as_seen(url);
    if let Some(rest) = seen.strip_prefix("//") {
        return (!rest.is_empty()).then(|| Cow::Owned(format!("https:{url}")));
    }
    let (scheme, rest) = seen.split_once(':')?;
    let known = SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    (known && !rest.is_empty()).then_some(Cow::Borrowed(url))
}

/// Returns the beginning of an address as a browser would see it, in which a scheme would stand.
fn as_seen(url: &str) -> String {
    let mut seen = String::new();
    let mut rest = url;
    while seen.len() < 64
        && let Some(character) = rest.chars().next()
    {
        let (decoded, length) = if character == '&' {
            crate::plain::entity(rest).unwrap_or(("&".into(), 1))
        } else {
            (character.to_string().into(), character.len_utf8())
        };
        seen.extend(decoded.chars().filter(|c| !c.is_whitespace() && !c.is_control()));
        rest = &rest[length..];
    }
    seen
}

#[cfg(test)]
mod tests {
    fn check(url: &str, expected: Option<&str>) {
        assert_eq!(super::href(url).as_deref(), expected, "{url}");
    }

    #[test]
    fn pages_and_mail_are_kept() {
        for url in [
            "https://a.example/?b=c:d",
            "HTTP://a.example",
            "mailto:a@b.example",
            "tel:+49",
            "obsidian://open?x",
        ] {
            check(url, Some(url));
        }
        check("//a.example/b", Some("https://a.example/b"));
    }

    #[test]
    fn scripts_are_refused_however_they_are_written() {
        for url in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java&#10;script:alert(1)",
            "java&#x0A;script:alert(1)",
            "java\tscript:alert(1)",
            "java&Tab;script:alert(1)",
            "javascript&colon;alert(1)",
            "javascript&#58;alert(1)",
            "&#106;avascript:alert(1)",
            "\u{1}javascript:alert(1)",
            "vbscript:x",
            "data:text/html,x",
            "file:///etc/passwd",
            "view-source:https://a.example",
        ] {
            check(url, None);
        }
    }

    #[test]
    fn addresses_that_lead_nowhere_from_a_card_are_text() {
        for url in ["", "other.md", "#part", "/a/b", "?q", "https:", "//", "a b:c"] {
            check(url, None);
        }
    }
}
