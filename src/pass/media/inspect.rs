//! Looks at a medium: is it what its name says, and does a picture hold script?

use super::Finding;
use super::hash::Hashed;
use crate::diagnostic::Code;
use crate::model::text::MediaKind;

/// Says what is odd about a file; nothing here stops it from being packed.
pub(super) fn findings(path: &str, hashed: &Hashed) -> Vec<Finding> {
    let Hashed { size, head, active, .. } = hashed;
    let mut findings = Vec::new();
    if *size == 0 {
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
        if let Some(what) = active {
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
            findings.push(wrong(path, "something else"));
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

/// Looks for what runs, or loads from elsewhere, in an SVG that is read in pieces.
#[derive(Default)]
pub(super) struct Svg {
    /// The last piece in small letters, behind the end of the one before it.
    text: Vec<u8>,
    script: bool,
    outside: bool,
}

/// How many bytes of a piece are looked at again with the next one: more than anything looked for has.
const OVERLAP: usize = 256;

impl Svg {
    pub(super) fn look(&mut self, piece: &[u8]) {
        self.text.drain(..self.text.len().saturating_sub(OVERLAP));
        self.text.extend(piece.iter().map(u8::to_ascii_lowercase));
        let text = String::from_utf8_lossy(&self.text);
        let outside = ["href=\"http", "href='http", "src=\"http", "url(http", "@import"];
        self.script |= text.contains("<script") || text.contains("<svg:script") || has_handler(&text);
        self.outside |= outside.iter().any(|outside| text.contains(outside));
    }

    /// Returns the worst of what was found.
    pub(super) const fn active(&self) -> Option<&'static str> {
        match (self.script, self.outside) {
            (true, _) => Some("script"),
            (false, true) => Some("references to other places"),
            (false, false) => None,
        }
    }
}

/// Returns whether there is an attribute like `onload="…"`; values are always quoted in XML.
fn has_handler(text: &str) -> bool {
    let before =
        |at: usize| text[..at].ends_with(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'' | '/'));
    // Only what begins a name is read on, so that nothing is read twice.
    text.match_indices("on").filter(|(at, _)| before(*at)).any(|(at, _)| {
        let name = &text[at + 2..];
        let value = name.trim_start_matches(|c: char| c.is_ascii_lowercase());
        let behind = value.trim_start().strip_prefix('=').map(str::trim_start);
        name.len() - value.len() > 2 && behind.is_some_and(|behind| behind.starts_with(['"', '\'']))
    })
}

#[cfg(test)]
mod tests {
    use super::{Hashed, Svg, findings};

    fn check(path: &str, head: &[u8], expected: &[&str]) {
        let mut svg = Svg::default();
        svg.look(head);
        let (size, head, active) = (head.len() as u64, head.to_vec(), svg.active());
        let hashed = Hashed { size, sha256: [0; 32], sha1: [0; 20], head, active };
        let found: Vec<_> = findings(path, &hashed).iter().map(|finding| finding.code.id()).collect();
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

    #[test]
    fn script_is_found_wherever_it_stands() {
        for script in ["<script>", "<circle onclick='x'/>", "<circle\nonbegin = \"x\"/>"] {
            for before in [0, 4090, 10_000] {
                let text = format!("<svg>{}{script}</svg>", " ".repeat(before));
                for length in [7, 4096, 1 << 20] {
                    let mut svg = Svg::default();
                    text.as_bytes().chunks(length).for_each(|piece| svg.look(piece));
                    assert_eq!(svg.active(), Some("script"), "{script} {before} {length}");
                }
            }
        }
        let mut svg = Svg::default();
        svg.look(b"<svg><text font='x'>version='1' on = 'a' once</text></svg>");
        assert_eq!(svg.active(), None);
    }
}
