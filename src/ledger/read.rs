//! Reading the ledger's text. Total: whatever the text, the answer is a ledger or a line with a reason.

use std::collections::HashMap;

use super::{Entry, LATEST, Ledger, LedgerError, Rival, StyleEntry, VERSION};
use crate::identity::cloze::Remembered;
use crate::identity::sketch::Sketch;
use crate::model::{BuiltIn, Owner};

enum Section {
    Head,
    File(String),
    Retired,
}

/// Reads a ledger.
pub(super) fn ledger(text: &str) -> Result<Ledger, LedgerError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let conflicts: Vec<usize> =
        numbered(text).filter(|(_, line)| is_marker(line)).map(|(number, _)| number).collect();
    if !conflicts.is_empty() {
        return Err(LedgerError::Conflict { lines: conflicts });
    }
    let mut ledger = Ledger::default();
    let mut section = Section::Head;
    let mut versioned = false;
    for (number, line) in numbered(text) {
        let fail = |reason| LedgerError::Line { line: number, reason };
        if line.is_empty() || line.starts_with('#') && !line.contains('\t') {
            continue;
        }
        if line.contains('\t') {
            let entry = entry(line).map_err(fail)?;
            match &section {
                Section::Head => return Err(fail("a note stands before the first file")),
                Section::File(path) => ledger.files.entry(path.clone()).or_default().push(entry),
                Section::Retired => ledger.retired.push(entry),
            }
        } else if let Some(version) = line.strip_prefix("version ") {
            let version = version.parse().map_err(|_| fail("the version is no number"))?;
            if version > VERSION {
                return Err(LedgerError::Newer { version });
            }
            versioned = true;
        } else if let Some(project) = line.strip_prefix("project ") {
            ledger.project = unescape(project);
        } else if let Some(style) = line.strip_prefix("style ") {
            let (built_in, style) =
                style_entry(style).ok_or(fail("a style has a note type, a time and a hash"))?;
            ledger.styles.insert(built_in, style);
        } else if let Some(path) = line.strip_prefix("file ") {
            section = Section::File(unescape(path));
        } else if line == "retired" {
            section = Section::Retired;
        } else {
            return Err(fail("the line is neither a note nor a heading"));
        }
    }
    if !versioned || ledger.project.is_empty() {
        return Err(LedgerError::Line { line: 1, reason: "the version or the project is missing" });
    }
    ledger.settle();
    Ok(ledger)
}

/// Returns the guids that stand on two lines with different prompts, each with both lines, from 1. Reading keeps the first.
pub(super) fn rivals(text: &str) -> Vec<Rival> {
    let mut first: HashMap<&str, (usize, &str)> = HashMap::new();
    let mut rivals = Vec::new();
    for (number, line) in numbered(text) {
        let mut columns = line.split('\t');
        let (Some(guid), Some(prompt)) = (columns.next(), columns.nth(2)) else { continue };
        let (line, known) = *first.entry(guid).or_insert((number, prompt));
        if known != prompt {
            rivals.push(Rival { guid: unescape(guid), lines: [line, number] });
        }
    }
    rivals
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line.trim_end_matches('\r')))
}

fn is_marker(line: &str) -> bool {
    ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| {
        line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            && !line.contains('\t')
    })
}

fn style_entry(text: &str) -> Option<(BuiltIn, StyleEntry)> {
    let mut words = text.split(' ');
    let built_in = BuiltIn::parse(words.next()?)?;
    let modified = time(words.next()?, LATEST)?;
    Some((built_in, StyleEntry { modified, hash: words.next()?.to_owned() }))
}

fn entry(line: &str) -> Result<Entry, &'static str> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [guid, id, modified, prompt_hash, content, note_type, clozes, key, deck, sketch, prompt, "."] =
        columns[..]
    else {
        return Err("a note's line has 12 columns");
    };
    let (note_type, owner) = match note_type.strip_suffix('+') {
        Some(key) => (key, Owner::Project),
        None => (note_type, Owner::Shared),
    };
    let guid = unescape(guid);
    if guid.is_empty() {
        return Err("the guid is empty");
    }
    Ok(Entry {
        guid,
        id: time(id, LATEST * 1000).ok_or("the note id is no time in ms since 1970")?,
        modified: time(modified, LATEST).ok_or("the time is no time in s since 1970")?,
        prompt_hash: prompt_hash.parse().map_err(|_| "the prompt's hash cannot be read")?,
        content: content.to_owned(),
        note_type: BuiltIn::parse(note_type).ok_or("the note type is unknown")?,
        owner,
        clozes: match clozes {
            "-" => Vec::new(),
            list => Remembered::parse_list(list).ok_or("the cloze numbers cannot be read")?,
        },
        key: key.strip_prefix('=').map(unescape),
        deck: unescape(deck),
        sketch: Sketch::parse(sketch).ok_or("the answer's sketch cannot be read")?,
        prompt: unescape(prompt),
    })
}

/// Returns a time from 1 to `latest`, so that no sum of two overflows.
fn time(text: &str, latest: i64) -> Option<i64> {
    text.parse().ok().filter(|time| (1..=latest).contains(time))
}

fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        plain.push(match chars.next() {
            Some('t') => '\t',
            Some('n') => '\n',
            Some('r') => '\r',
            Some(other) => other,
            None => '\\',
        });
    }
    plain
}
