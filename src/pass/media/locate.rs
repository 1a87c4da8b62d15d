//! From what a source wrote to a file below the project's root, or a reason why not.

use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization as _;

use super::{Finding, Place};
use crate::diagnostic::Code;
use crate::files::EntryKind;

/// The longest `data:` address that stays in a field, in bytes.
const MAX_DATA: usize = 100 << 10;

/// Is what a reference leads to.
#[derive(Clone, Debug)]
pub(super) enum Located {
    /// A file below the root.
    File { path: PathBuf, relative: String, finding: Option<Finding> },
    /// An address that stays one.
    Address(Vec<Finding>),
    /// Nothing that may be packed.
    Refused(Finding),
}

/// Looks for the file that `written` names in a source of `folder` (root-relative): beside the source, then from the root,
/// then, for a bare name, anywhere below the inputs (as Obsidian does).
pub(super) fn locate(written: &str, folder: &str, place: &Place<'_>) -> Located {
    if let Some(located) = address(written) {
        return located;
    }
    let decoded = percent_decoded(written);
    if let Some(refused) = refused(written, &decoded) {
        return Located::Refused(refused);
    }
    let rooted = written.starts_with('/');
    let mut outside = rooted;
    for spelling in [written, decoded.as_str(), without_suffix(written), without_suffix(&decoded)] {
        let bare = spelling.trim_start_matches('/');
        let beside = if rooted { None } else { Some(joined(folder, bare)) };
        for candidate in beside.into_iter().chain([joined("", bare)]) {
            let Some(candidate) = candidate else {
                outside = true;
                continue;
            };
            if let Some(located) = at(&candidate, place) {
                return located;
            }
        }
        match place.inventory.named(bare) {
            _ if bare.contains('/') => {}
            [] => {}
            [only] => return at(only, place).unwrap_or_else(|| missing(written)),
            several => return ambiguous(written, several),
        }
    }
    if outside {
        return Located::Refused(Finding::new(
            Code::MediaOutside,
            format!("`{written}` leads outside the project's folder"),
            "move the file below the project's folder, or put `deckc.toml` into the folder that holds both",
        ));
    }
    missing(written)
}

fn missing(written: &str) -> Located {
    let message = format!("`{written}` is missing");
    Located::Refused(Finding::new(
        Code::MediaMissing,
        message,
        "the card is kept without it; mend the path or add the file",
    ))
}

/// A bare name that stands in several folders leads to none of them: which one was meant only the author knows.
fn ambiguous(written: &str, places: &[String]) -> Located {
    let list: Vec<String> = places.iter().take(3).map(|path| format!("`{path}`")).collect();
    let more = if places.len() > list.len() { " and others" } else { "" };
    Located::Refused(Finding::new(
        Code::MediaMissing,
        format!("`{written}` could be {}{more}", list.join(" or ")),
        "the card is kept without it; write the path from the project's folder, beginning with `/`",
    ))
}

/// Returns the file at a root-relative path, by its exact name or one that differs in case or Unicode form.
fn at(relative: &str, place: &Place<'_>) -> Option<Located> {
    let known = place.inventory.like(relative);
    let exact = known.iter().find(|path| path.nfc().eq(relative.nfc()));
    let (relative, finding) = match (exact, known) {
        (Some(exact), _) => (exact.clone(), None),
        (None, [other, ..]) => {
            let message = format!("`{relative}` is `{other}` on disk");
            let help = "write it as on disk: elsewhere upper and lower case are not the same";
            (other.clone(), Some(Finding::new(Code::MediaCase, message, help)))
        }
        (None, []) => (relative.to_owned(), None),
    };
    let path = place.root.join(Path::new(&relative));
    let entry = place.files.entry(&path).ok()?;
    let real = place.files.canonical(&path).ok()?;
    if !real.starts_with(place.root) {
        return Some(Located::Refused(Finding::new(
            Code::MediaOutside,
            format!("`{relative}` is a link that leads outside the project's folder"),
            "copy the file into the project",
        )));
    }
    if entry.kind == EntryKind::Folder && relative.is_empty() {
        return None;
    }
    Some(Located::File { path: real, relative, finding })
}

/// Decides about what is no path: `https:` and small pictures in `data:` stay, other schemes are refused.
fn address(written: &str) -> Option<Located> {
    let compact: String =
        written.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(40).collect();
    let lower = compact.to_lowercase();
    let (scheme, _) = lower.split_once(':')?;
    if scheme.len() < 2 || !scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    {
        return None;
    }
    let refused =
        |message: String, help: &str| Located::Refused(Finding::new(Code::MediaScheme, message, help));
    Some(match scheme {
        "http" | "https" => Located::Address(vec![Finding::new(
            Code::MediaRemote,
            format!("`{written}` is on the network and not packed"),
            "save it beside the notes: learners are offline, and the address may go away",
        )]),
        "data" if lower.starts_with("data:image/") && !lower.starts_with("data:image/svg") => {
            if written.len() > MAX_DATA {
                let message = format!("a picture of {} kB is written into the source", written.len() >> 10);
                refused(message, "save it as a file and refer to that")
            } else {
                Located::Address(Vec::new())
            }
        }
        "file" => Located::Refused(Finding::new(
            Code::MediaOutside,
            format!("`{written}` names a place on this machine"),
            "write a path relative to the source",
        )),
        _ if lower.contains("://")
            || matches!(scheme, "data" | "javascript" | "vbscript" | "blob" | "about") =>
        {
            refused(format!("`{scheme}:` is no address of a medium"), "name a file of the project")
        }
        _ => return None,
    })
}

/// Refuses what no path of a project needs and what hides where it leads, the same on every platform.
fn refused(written: &str, decoded: &str) -> Option<Finding> {
    let lower = decoded.to_lowercase();
    let drive = |text: &str| matches!(text.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    let what = if decoded.contains('\0') {
        "holds a NUL character"
    } else if decoded.contains('\\') {
        "is written with backslashes"
    } else if drive(decoded) {
        "names a drive"
    } else if decoded.starts_with("//") {
        "names another machine"
    } else if decoded != written && ["%2e", "%2f", "%5c", "%00"].iter().any(|code| lower.contains(code)) {
        "is percent-encoded twice"
    } else if decoded.rsplit('/').next().is_some_and(|name| name.starts_with('-')) {
        "begins with `-`, which players take for an option"
    } else {
        return None;
    };
    Some(Finding::new(
        Code::MediaOutside,
        format!("`{written}` {what}"),
        "write a path relative to the source, with `/`",
    ))
}

/// Joins and removes `.` and `..`; nothing where the path leads above the root.
fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn without_suffix(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or(path)
}

/// Decodes `%20` and its like once; what is no code, or gives no UTF-8, stays as it is.
fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let code = (*byte == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        if let Some(value) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            decoded.push(value);
            at += 3;
        } else {
            decoded.push(*byte);
            at += 1;
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Located, locate};
    use crate::files::{Inventory, Memory};
    use crate::pass::media::Place;

    fn found(written: &str) -> String {
        let files =
            ["/p/a.png", "/p/img/b c.png", "/p/geo/d.png", "/p/geo/deep/e.png", "/p/F.PNG", "/etc/passwd"]
                .into_iter()
                .chain(["/p/one/twice.png", "/p/two/twice.png"])
                .fold(Memory::default(), |files, path| files.with(path, "x"));
        let inside = [
            "a.png",
            "img/b c.png",
            "geo/d.png",
            "geo/deep/e.png",
            "F.PNG",
            "one/twice.png",
            "two/twice.png",
        ];
        let inventory = Inventory::new(inside.into_iter().map(str::to_owned));
        let place = Place { files: &files, root: Path::new("/p"), inventory: &inventory };
        match locate(written, "geo", &place) {
            Located::File { relative, finding: None, .. } => relative,
            Located::File { relative, finding: Some(finding), .. } => {
                format!("{relative} {}", finding.code.id())
            }
            Located::Address(findings) => {
                format!("address {}", findings.iter().map(|finding| finding.code.id()).collect::<String>())
            }
            Located::Refused(finding) if finding.message.contains("could be") => {
                format!("{} {}", finding.code.id(), finding.message)
            }
            Located::Refused(finding) => finding.code.id().to_owned(),
        }
    }

    #[test]
    fn files_are_found_beside_the_source_then_from_the_root_then_by_name() {
        assert_eq!(found("d.png"), "geo/d.png");
        assert_eq!(found("../a.png"), "a.png");
        assert_eq!(found("/img/b c.png"), "img/b c.png");
        assert_eq!(found("img/b%20c.png"), "img/b c.png");
        assert_eq!(found("e.png"), "geo/deep/e.png");
        assert_eq!(found("d.png?raw=true#x"), "geo/d.png");
        assert_eq!(found("f.png"), "F.PNG D307");
        assert_eq!(found("none.png"), "D301");
        assert_eq!(found("twice.png"), "D301 `twice.png` could be `one/twice.png` or `two/twice.png`");
    }

    #[test]
    fn nothing_outside_the_project_is_ever_packed() {
        for path in [
            "../../etc/passwd",
            "/etc/passwd",
            "file:///etc/passwd",
            "%2e%2e%2f%2e%2e%2fetc/passwd",
            "%252e%252e%252fetc/passwd",
            "..\\..\\etc\\passwd",
            "C:\\x.png",
            "C:/x.png",
            "\\\\host\\x.png",
            "//host/x.png",
            "a%00.png",
            "--script=x.lua",
        ] {
            assert_eq!(found(path), "D302", "{path}");
        }
    }

    #[test]
    fn addresses_stay_only_where_they_are_harmless() {
        assert_eq!(found("https://example.org/a.png"), "address D303");
        assert_eq!(found("data:image/png;base64,AAAA"), "address ");
        for address in ["data:text/html,x", "JaVaScRiPt:alert(1)", "java\nscript:x", "ftp://a/b.png"] {
            assert_eq!(found(address), "D304", "{address}");
        }
    }
}
