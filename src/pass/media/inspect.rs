//! Looks at the first bytes of a medium: is it what its name says?

use super::Finding;
use crate::diagnostic::Code;
use crate::model::text::MediaKind;

/// Says what is odd about a file; nothing here stops it from being packed.
pub(super) fn findings(path: &str, size: u64, head: &[u8]) -> Vec<Finding> {
    let mut findings = Vec::new();
    if size == 0 {
        findings.push(Finding::new(
            Code::MediaEmpty,
            format!("`{path}` is empty"),
            "replace it with the real file",
        ));
        return findings;
    }
    let extension =
        path.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase());
    if extension == "svg" {
        if let Some(what) = active_svg(head) {
            findings.push(Finding::new(
                Code::MediaScript,
                format!("`{path}` holds {what}"),
                "Anki shows the picture without it; take it out of the file",
            ));
        }
        return findings;
    }
    let found = format(head);
    let expected = match extension.as_str() {
        "jpg" | "jpeg" | "jpe" | "jfif" => "JPEG",
        "png" => "PNG",
        "gif" => "GIF",
        "webp" => "WebP",
        "mp3" => "MP3",
        "ogg" | "oga" | "opus" | "ogv" | "spx" => "Ogg",
        "wav" => "WAV",
        _ => {
            if found == Some("HTML") && MediaKind::of(path) == MediaKind::Image {
                findings.push(wrong(path, "HTML"));
            }
            return findings;
        }
    };
    match found {
        Some(found) if found != expected => findings.push(wrong(path, found)),
        None if matches!(expected, "PNG" | "JPEG" | "GIF" | "WebP") => {
            findings.push(wrong(path, "something else"))
        }
        Some(_) | None => {}
    }
    findings
}

fn wrong(path: &str, found: &str) -> Finding {
    let message = format!("`{path}` holds {found}, not what its name says");
    Finding::new(Code::MediaKind, message, "give it the right extension, or convert it")
}

fn format(head: &[u8]) -> Option<&'static str> {
    let riff = head.starts_with(b"RIFF") && head.len() >= 12;
    let text = String::from_utf8_lossy(&head[..head.len().min(512)]).trim_start().to_lowercase();
    match head {
        [0xff, 0xd8, 0xff, ..] => Some("JPEG"),
        [0x89, b'P', b'N', b'G', ..] => Some("PNG"),
        [b'G', b'I', b'F', b'8', ..] => Some("GIF"),
        [b'O', b'g', b'g', b'S', ..] => Some("Ogg"),
        [b'I', b'D', b'3', ..] => Some("MP3"),
        [0xff, second, ..] if second & 0xe0 == 0xe0 => Some("MP3"),
        _ if riff && &head[8..12] == b"WEBP" => Some("WebP"),
        _ if riff && &head[8..12] == b"WAVE" => Some("WAV"),
        _ if text.starts_with("<!doctype html") || text.starts_with("<html") => Some("HTML"),
        _ if text.starts_with("<svg") || text.starts_with("<?xml") => Some("XML"),
        _ => None,
    }
}

fn active_svg(head: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(head).to_lowercase();
    let handler = [" onload=", " onclick=", " onerror=", " onmouseover=", " onbegin="];
    if text.contains("<script") || handler.iter().any(|handler| text.contains(handler)) {
        return Some("script");
    }
    let outside = ["href=\"http", "href='http", "src=\"http", "url(http", "@import"];
    outside.iter().any(|outside| text.contains(outside)).then_some("references to other places")
}

#[cfg(test)]
mod tests {
    use super::findings;

    fn check(path: &str, head: &[u8], expected: &[&str]) {
        let found: Vec<_> =
            findings(path, head.len() as u64, head).iter().map(|finding| finding.code.id()).collect();
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn a_file_is_what_its_name_says_or_reported() {
        check("a.png", b"\x89PNG\r\n\x1a\n", &[]);
        check("a.jpg", b"\x89PNG\r\n\x1a\n", &["D308"]);
        check("a.png", b"<!DOCTYPE html><p>", &["D308"]);
        check("a.mp3", b"ID3\x04", &[]);
        check("a.mp3", b"unknown frames", &[]);
        check("a.png", b"", &["D309"]);
    }

    #[test]
    fn script_in_an_svg_is_reported() {
        check("a.svg", b"<svg xmlns='x'><circle/></svg>", &[]);
        check("a.svg", b"<svg onload=\"x()\"/>", &["D310"]);
        check("a.svg", b"<svg><image href=\"http://a/b.png\"/></svg>", &["D310"]);
    }
}
