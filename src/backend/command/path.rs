//! Names: of programs on the PATH, and of the files they write.

use std::ffi::OsStr;
use std::path::PathBuf;

/// Returns the program `deckc-backend-NAME` in the folders of `path`, as the PATH variable lists them.
///
/// A name that is not made of lower-case letters, digits and hyphens is no name of a program.
#[must_use]
pub fn on_path(name: &str, path: &OsStr) -> Option<PathBuf> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || !name.bytes().all(plain) {
        return None;
    }
    let file = format!("deckc-backend-{name}{}", std::env::consts::EXE_SUFFIX);
    // An empty entry would be the current folder: a program there is not one the user installed.
    let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(&file)).find(|program| program.is_file())
}

/// Returns why a file may not have that name, or nothing.
///
/// The name stays inside the output folder on every platform: parts with `/` between, none of them special, no character that
/// some file system takes for something else.
pub(super) fn refused(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("is empty");
    }
    if name.len() > 1000 {
        return Some("is too long");
    }
    if name.starts_with('/') {
        return Some("is absolute");
    }
    if name.chars().any(|c| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')) {
        return Some("has a character that is not allowed");
    }
    for part in name.split('/') {
        let stem = part.split('.').next().unwrap_or(part).trim_end().to_ascii_lowercase();
        let numbered = |device: &str| {
            stem.strip_prefix(device).is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
        };
        match part {
            "" => return Some("has an empty part"),
            "." | ".." => return Some("leads outside the output folder"),
            _ if part.ends_with(['.', ' ']) || part.starts_with(' ') => {
                return Some("has a part that ends with a dot or a space");
            }
            _ if part.len() > 255 => return Some("is too long"),
            _ if matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
                || numbered("com")
                || numbered("lpt") =>
            {
                return Some("is a device on Windows");
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_stay_inside_the_output_folder() {
        for name in ["a.md", "a/b.md", "日本/é.txt", ".hidden", "com10.txt", "console.md", "a..b"] {
            assert_eq!(super::refused(name), None, "{name}");
        }
        for name in [
            "",
            "/etc/passwd",
            "..",
            ".",
            "a/../../b",
            "../b",
            "a//b",
            "a/",
            "\\\\host\\x",
            "a\\b",
            "C:x",
            "C:/x",
            "a\0b",
            "a\nb",
            "con",
            "CON.txt",
            "a/nul",
            "lpt1.md",
            "aux .x",
            "a.",
            "a ",
            "a*b",
        ] {
            assert!(super::refused(name).is_some(), "{name:?}");
        }
        assert!(super::refused(&"a".repeat(256)).is_some());
    }

    #[test]
    fn only_plain_names_are_looked_for() {
        for name in ["", "../x", "A", "a b", "a/b"] {
            assert_eq!(super::on_path(name, std::ffi::OsStr::new("/")), None, "{name}");
        }
    }
}
