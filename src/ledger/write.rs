//! The ledger's text.

use std::fmt::Write as _;

use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};

use super::{Entry, Ledger, VERSION};
use crate::bytes;
use crate::identity::cloze as clozes;
use crate::model::Owner;

const HEADER: &str = "\
# deckc.lock keeps each note's identity, so that the next import updates the learner's cards.
# Written by deckc build. Commit it with the sources; do not edit it by hand.
";

/// Returns the whole text.
pub(super) fn ledger(ledger: &Ledger) -> String {
    let files: Vec<_> = files(ledger).collect();
    let files: Vec<String> = files.into_par_iter().map(|(path, entries)| file(path, entries)).collect();
    let mut text = head(ledger);
    let end = retired(ledger);
    text.reserve_exact(files.iter().map(String::len).sum::<usize>() + end.len());
    text.extend(files);
    text.push_str(&end);
    text
}

/// Returns the same text in parts, each made when it is asked for.
pub(super) fn parts(ledger: &Ledger) -> impl Iterator<Item = String> {
    let files = files(ledger).map(|(path, entries)| file(path, entries));
    std::iter::once_with(|| head(ledger)).chain(files).chain(std::iter::once_with(|| retired(ledger)))
}

fn files(ledger: &Ledger) -> impl Iterator<Item = (&String, &Vec<Entry>)> {
    ledger.files.iter().filter(|(_, entries)| !entries.is_empty())
}

fn head(ledger: &Ledger) -> String {
    let mut text = format!("{HEADER}version {VERSION}\nproject {}\n", escape(&ledger.project));
    for (built_in, style) in &ledger.styles {
        let _ = writeln!(text, "style {} {} {}", built_in.key(), style.modified, escape(&style.hash));
    }
    text
}

fn file(path: &str, entries: &[Entry]) -> String {
    let mut text = String::with_capacity(100 + entries.len() * 260);
    let _ = writeln!(text, "\nfile {}", escape(path));
    entries.iter().for_each(|entry| line(&mut text, entry));
    text
}

fn retired(ledger: &Ledger) -> String {
    let mut text = String::new();
    if !ledger.retired.is_empty() {
        text.push_str("\nretired\n");
        ledger.retired.iter().for_each(|entry| line(&mut text, entry));
    }
    text
}

fn line(text: &mut String, entry: &Entry) {
    let owner = match entry.owner {
        Owner::Shared => "",
        Owner::Project => "+",
    };
    let clozes = if entry.clozes.is_empty() { "-" } else { &*clozes::write(&entry.clozes) };
    text.push_str(&escape(&entry.guid));
    let _ = write!(text, "\t{}\t{}\t", entry.id, entry.modified);
    crate::hex::push(entry.prompt_hash.as_bytes(), text);
    for part in ["\t", &entry.content, "\t", entry.note_type.key(), owner, "\t", clozes] {
        text.push_str(part);
    }
    match entry.key.as_deref() {
        None => text.push_str("\t-"),
        Some(key) => text.extend(["\t=", &escape(key)]),
    }
    text.extend(["\t", &escape(&entry.deck), "\t"]);
    entry.sketch.push_to(text);
    text.extend(["\t", &escape(&entry.prompt), "\t.\n"]);
}

fn escape(text: &str) -> std::borrow::Cow<'_, str> {
    if bytes::find(text.as_bytes(), *b"\\\t\n\r").is_some() {
        text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r").into()
    } else {
        text.into()
    }
}
