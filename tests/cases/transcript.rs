//! What came of a step, as text that can be read and compared.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

use super::steps::{Outcome, Ran};

/// The largest file whose content is shown, in bytes.
const SHOWN: usize = 1 << 16;

/// Renders a step and what came of it.
pub fn render(step: &str, outcome: &Outcome, folder: &Path) -> String {
    let mut text = format!("$ {step}\n");
    match outcome {
        Outcome::Edited => {}
        Outcome::Ran(ran) => write_run(ran, folder, &mut text),
    }
    text.push('\n');
    text
}

fn write_run(ran: &Ran, folder: &Path, into: &mut String) {
    match ran.exit {
        Some(code) => {
            let _ = writeln!(into, "exit {code}");
        }
        None => into.push_str("ended by a signal\n"),
    }
    for (name, bytes) in [("stderr", &ran.stderr), ("stdout", &ran.stdout)] {
        if !bytes.is_empty() {
            let _ = writeln!(into, "--- {name}");
            into.push_str(&content(bytes, folder));
        }
    }
    if !ran.changed.is_empty() {
        into.push_str("--- files\n");
    }
    for (path, new) in &ran.changed {
        let what = if new.is_some() { "written" } else { "gone" };
        let _ = writeln!(into, "{what}: {}", path.display().to_string().replace('\\', "/"));
    }
    for (path, new) in &ran.changed {
        // A ledger and a package are compared elsewhere: they are there or not.
        let text = matches!(
            path.extension().and_then(|extension| extension.to_str()),
            Some("csv" | "txt" | "json" | "md" | "toml")
        );
        if let Some(bytes) = new.as_ref().filter(|bytes| text && bytes.len() <= SHOWN) {
            let _ = writeln!(into, "--- {}", path.display().to_string().replace('\\', "/"));
            into.push_str(&content(&without_sums(path, bytes), folder));
        }
    }
}

/// A manifest lists the bytes of packages, which are compared elsewhere.
fn without_sums<'a>(path: &Path, bytes: &'a [u8]) -> Cow<'a, [u8]> {
    if !path.ends_with("manifest.json") {
        return Cow::Borrowed(bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().map(|line| {
        let key = ["\"size\": ", "\"sha256\": "].into_iter().find(|key| line.trim_start().starts_with(key));
        key.map_or_else(|| line.to_owned(), |key| format!("      {key}…"))
    });
    Cow::Owned((lines.collect::<Vec<_>>().join("\n") + "\n").into_bytes())
}

/// Returns bytes as lines: invisible characters written out, the temporary folder, the built-in style and random ids replaced.
fn content(bytes: &[u8], folder: &Path) -> String {
    // The built-in style sheet is long, and a change of it is no change of what a case shows.
    let style = serde_json::Value::from(deckc::anki::note_types::STYLE).to_string();
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let text = String::from_utf8_lossy(bytes)
        .replace(&style, "\"[STYLE]\"")
        .replace(&version, "\"version\": \"[VERSION]\"");
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            '\u{80}'..='\u{a0}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{300}'..='\u{36f}'
            | '\u{feff}' => {
                let _ = write!(shown, "<U+{:04X}>", u32::from(c));
            }
            c if c.is_control() => {
                let _ = write!(shown, "<U+{:04X}>", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    for path in [folder.canonicalize().unwrap_or_default(), folder.to_path_buf()] {
        if let Some(path) = path.to_str().filter(|path| !path.is_empty()) {
            shown = shown.replace(path, "[FOLDER]");
        }
    }
    let mut lines: String = shown
        .lines()
        .map(
            |line| {
                if line.starts_with("id = \"") { "id = \"[RANDOM]\"\n".into() } else { format!("{line}\n") }
            },
        )
        .collect();
    if !shown.ends_with('\n') && !shown.is_empty() {
        lines.push_str("(no line end)\n");
    }
    lines
}
