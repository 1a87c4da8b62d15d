//! Reading the ledger's text. Total: whatever the text, the answer is a ledger or a line with a reason.

use std::collections::{HashMap, HashSet};

use super::{Entry, Ledger, LedgerError, StyleEntry, VERSION};
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
    settle(&mut ledger);
    Ok(ledger)
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
    let modified = words.next()?.parse().ok()?;
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
    let positive = |text: &str| text.parse::<i64>().ok().filter(|number| *number > 0);
    Ok(Entry {
        guid,
        id: positive(id).ok_or("the note id is no positive number")?,
        modified: positive(modified).ok_or("the time is no positive number")?,
        prompt_hash: prompt_hash.parse().map_err(|_| "the prompt's hash cannot be read")?,
        content: content.to_owned(),
        note_type: BuiltIn::parse(note_type).ok_or("the note type is unknown")?,
        owner,
        clozes: if clozes == "-" { String::new() } else { clozes.to_owned() },
        key: key.strip_prefix('=').map(unescape),
        deck: unescape(deck),
        sketch: Sketch::parse(sketch).ok_or("the answer's sketch cannot be read")?,
        prompt: unescape(prompt),
    })
}

/// Mends what a merge of two branches may leave: a note that both added counts once, with the later time, and two notes that
/// were given one note id get two (Anki matches by guid, so that the id of a note may change).
fn settle(ledger: &mut Ledger) {
    let mut latest: HashMap<String, i64> = HashMap::new();
    for entry in ledger.entries() {
        let modified = latest.entry(entry.guid.clone()).or_insert(entry.modified);
        *modified = entry.modified.max(*modified);
    }
    let mut seen = HashSet::new();
    let mut ids = HashSet::new();
    let active = ledger.files.values_mut();
    for entries in active.chain(std::iter::once(&mut ledger.retired)) {
        entries.retain_mut(|entry| {
            if !seen.insert(entry.guid.clone()) {
                return false;
            }
            entry.modified = latest.get(&entry.guid).copied().unwrap_or(entry.modified);
            while !ids.insert(entry.id) {
                entry.id += 1;
            }
            true
        });
    }
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
