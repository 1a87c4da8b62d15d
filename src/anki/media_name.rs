//! Names of media files: what Anki would make of a name, and the names that deckc gives.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest name that Anki keeps, in bytes.
pub const MAX_BYTES: usize = 120;

/// The longest extension that Anki keeps when it shortens a name, in bytes.
const MAX_EXTENSION: usize = 10;

/// How many hex digits of the content's hash stand in a name: 48 bits.
///
/// Anki looks for no two files of one name, and the packer would notice two; a longer tail would only make
/// the names harder to read.
const HASH_DIGITS: usize = 12;

/// What is left of the stem of the source file, at most, in bytes.
const MAX_STEM: usize = 60;

/// Returns a name as Anki normalises it; the newest container is refused if a name is not already like this.
///
/// Anki also removes code points that its tables do not know; those tables are not here, so names from
/// elsewhere may still be refused.
#[must_use]
pub fn normalize(name: &str) -> String {
    // Characters go first: what stood on both sides of one may compose.
    let mut name: String = name
        .chars()
        .filter(|c| !c.is_ascii_control() && !r#"[]<>:"/?*^\|"#.contains(*c))
        .map(|c| if c == '\u{a0}' { ' ' } else { c })
        .nfc()
        .collect();
    let stem = name.split('.').next().unwrap_or_default();
    if is_device(stem) {
        name.insert(stem.len(), '_');
    }
    if name.ends_with([' ', '.']) {
        name.push('_');
    }
    if name.len() > MAX_BYTES { shortened(&name) } else { name }
}

/// Returns the name that a medium has in packages: what is left of the source file's stem, a hash of the
/// content, the extension.
///
/// Such a name changes with the content, so a changed picture changes its note, and no two contents ever
/// share a name. It is ASCII, lower-case (some file systems ignore capitals), and begins with a letter or
/// digit (`_` and `latex-` have a meaning for Anki, `-` for the players it starts).
#[must_use]
pub fn for_content(file_name: &str, sha256: &[u8; 32]) -> String {
    let (stem, extension) = match file_name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, extension),
        _ => (file_name, ""),
    };
    let mut name = slug(stem, MAX_STEM);
    // A name in another script leaves nothing; a stem that spells one of Anki's or Windows' special names
    // leaves too much.
    if name.is_empty() || is_device(&name) || name.starts_with("latex-") {
        name.insert_str(0, "media-");
        name.truncate(name.trim_end_matches('-').len());
    }
    name.push('-');
    for byte in &sha256[..HASH_DIGITS / 2] {
        write!(name, "{byte:02x}").expect("writing to a string cannot fail");
    }
    let extension: String = slug(extension, MAX_EXTENSION).replace('-', "");
    if !extension.is_empty() {
        name.push('.');
        name.push_str(&extension);
    }
    name
}

/// Returns the SHA-256 of a medium that is in memory.
#[must_use]
pub fn content_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Returns the ASCII letters and digits of `text`, lower-case and without accents, other characters as single
/// hyphens.
fn slug(text: &str, max: usize) -> String {
    let mut slug = String::new();
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= max {
            break;
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

fn is_device(stem: &str) -> bool {
    let stem = stem.to_ascii_lowercase();
    let numbered = |prefix| {
        stem.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() == 1 && matches!(rest.as_bytes()[0], b'1'..=b'9'))
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

fn shortened(name: &str) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let extension = cut(extension, MAX_EXTENSION);
    let dot = usize::from(!extension.is_empty());
    let stem = cut(stem, MAX_BYTES - extension.len() - dot);
    if extension.is_empty() { stem.to_owned() } else { format!("{stem}.{extension}") }
}

/// Returns the first `bytes` of `text`, without an end that would have to be mended again.
fn cut(text: &str, bytes: usize) -> &str {
    text[..text.floor_char_boundary(bytes)].trim_end_matches([' ', '.'])
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, content_hash, for_content, normalize};

    fn check(name: &str, expected: &str) {
        assert_eq!(normalize(name), expected, "{name:?}");
        assert_eq!(normalize(expected), expected, "a normal name stays");
    }

    #[test]
    fn ordinary_names_stay() {
        check("Dachs im Schnee (2).JPG", "Dachs im Schnee (2).JPG");
        check("名前.mp3", "名前.mp3");
    }

    #[test]
    fn characters_that_file_systems_refuse_are_removed() {
        check("a[b]<c>:\"d/e?f*g^h\\i|j\n.png", "abcdefghij.png");
        check("cafe\u{301}\u{a0}x.png", "caf\u{e9} x.png");
    }

    #[test]
    fn device_names_and_bad_ends_get_an_underscore() {
        check("con.png", "con_.png");
        check("LPT3", "LPT3_");
        check("console.png", "console.png");
        check("x.", "x._");
        check("x ", "x _");
    }

    #[test]
    fn long_names_lose_the_end_of_the_stem() {
        let name = normalize(&format!("{}.png", "ä".repeat(100)));
        assert_eq!(name, format!("{}.png", "ä".repeat(58)));
        let name = normalize(&format!("{}.{}", "x".repeat(150), "y".repeat(20)));
        assert_eq!(name, format!("{}.{}", "x".repeat(109), "y".repeat(10)));
    }

    fn check_content(file_name: &str, expected: &str) {
        let name = for_content(file_name, &content_hash(b"hello"));
        assert_eq!(name, expected, "{file_name:?}");
        assert_eq!(normalize(&name), name, "Anki keeps the name");
        assert!(name.len() <= MAX_BYTES);
    }

    #[test]
    fn a_medium_is_named_after_its_file_and_its_content() {
        check_content("Dachs im Schnee (2).JPG", "dachs-im-schnee-2-2cf24dba5fb0.jpg");
        check_content("Crème brûlée.webp", "creme-brulee-2cf24dba5fb0.webp");
        check_content("a.tar.gz", "a-tar-2cf24dba5fb0.gz");
        check_content("noextension", "noextension-2cf24dba5fb0");
    }

    #[test]
    fn a_name_never_begins_with_something_special() {
        check_content("_static.png", "static-2cf24dba5fb0.png");
        check_content("--script=x.lua", "script-x-2cf24dba5fb0.lua");
        check_content("latex-1.png", "media-latex-1-2cf24dba5fb0.png");
        check_content("con.png", "media-con-2cf24dba5fb0.png");
        check_content("名前.mp3", "media-2cf24dba5fb0.mp3");
        check_content(".png", "png-2cf24dba5fb0");
        check_content("", "media-2cf24dba5fb0");
        check_content("../x/y.png", "x-y-2cf24dba5fb0.png");
    }

    #[test]
    fn long_stems_are_cut() {
        check_content(
            &format!("{}.{}", "x".repeat(300), "y".repeat(300)),
            &format!("{}-2cf24dba5fb0.yyyyyyyyyy", "x".repeat(60)),
        );
    }
}
