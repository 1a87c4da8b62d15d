//! Which notes came and which went with a build, one line each, for `-v`.

use std::collections::{HashMap, HashSet};

use super::run::Run;
use crate::ledger::{Entry, Ledger};
use crate::model::Collection;
use crate::report::visible_line;

/// Returns a line for each new note, in source order, then one for each that left the sources, in the order in which it stood there.
/// Where nothing was known, everything is new, and nothing is listed.
pub(super) fn lines(run: &Run, collection: &Collection, known: &Ledger) -> Vec<String> {
    if known.entries().next().is_none() {
        return Vec::new();
    }
    let next = &run.compiled.ledger;
    let before: HashSet<&str> = known.entries().map(|entry| entry.guid.as_str()).collect();
    let prompts: HashMap<&str, &str> = next
        .entries()
        .filter(|entry| !before.contains(entry.guid.as_str()))
        .map(|entry| (entry.guid.as_str(), entry.prompt.as_str()))
        .collect();
    let sources = &run.compiled.sources;
    let new = collection.notes().iter().filter_map(|note| {
        let prompt = prompts.get(note.identity.guid.as_str())?;
        let line = sources.position(note.span.file, note.span.start).line;
        Some(line_of("new", run, &format!("{}:{line}", sources.file(note.span.file).path), prompt))
    });
    let gone: HashSet<&str> = next.retired.iter().map(|entry| entry.guid.as_str()).collect();
    let left = |entry: &&Entry| gone.contains(entry.guid.as_str());
    let retired = known.files.iter().flat_map(|(path, entries)| {
        entries.iter().filter(left).map(|entry| line_of("retired", run, path, &entry.prompt))
    });
    new.chain(retired).collect()
}

fn line_of(what: &str, run: &Run, place: &str, prompt: &str) -> String {
    visible_line(&format!("{what}: {}{place}: `{prompt}`", run.printer.reporter.prefix))
}
