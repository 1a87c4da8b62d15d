//! Deck names and tags as Anki keeps them, so that what a build says is what a learner gets.

use std::collections::{BTreeMap, HashMap};

use unicode_normalization::UnicodeNormalization as _;

use crate::anki::deck_name::DeckName;
use crate::anki::tag;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Deck, Draft};

/// Normalises the decks and tags of all notes and returns every deck that a note names, sorted.
///
/// Two deck names that differ only in capitals are one deck for Anki; the first spelling wins.
pub fn normalise(draft: &mut Draft, diagnostics: &mut Diagnostics) -> Vec<Deck> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut by_fold: BTreeMap<String, String> = BTreeMap::new();
    let mut known_tags: HashMap<String, Option<String>> = HashMap::new();
    for note in &mut draft.notes {
        let name = known.get(&note.deck).cloned().unwrap_or_else(|| {
            let written = match DeckName::new(&note.deck) {
                Ok(name) => name,
                Err(error) => {
                    let help = "join the inner levels: Anki refuses a whole package over one such deck";
                    diagnostics
                        .push(Diagnostic::at(Code::DeckDepth, note.span, error.to_string()).help(help));
                    // An error stops the build, so that the name does not matter any more.
                    known.insert(note.deck.clone(), note.deck.clone());
                    return note.deck.clone();
                }
            };
            let name = by_fold.entry(written.folded()).or_insert_with(|| written.as_str().to_owned()).clone();
            // File systems may spell `é` as two characters; nobody sees that, and nobody can write it otherwise.
            if !name.chars().eq(note.deck.nfc()) {
                let message = format!("the deck `{}` is called `{name}` in Anki", note.deck);
                diagnostics
                    .push(Diagnostic::at(Code::DeckName, note.span, message).help("write it so to be clear"));
            }
            known.insert(note.deck.clone(), name.clone());
            name
        });
        note.deck = name;
        let mut tags: Vec<String> = Vec::with_capacity(note.tags.len());
        for written in &note.tags {
            let normal = || tag::normalize(&written.trim().trim_start_matches('#').replace('/', "::"));
            // Notes share their tags with the notes around them.
            let known = match known_tags.get(written) {
                Some(tag) => tag.clone(),
                None => known_tags.entry(written.clone()).or_insert_with(normal).clone(),
            };
            let Some(tag) = known else { continue };
            if tag != written.trim().trim_start_matches('#') {
                let message = format!("the tag `{written}` is `{tag}` in Anki");
                diagnostics.push(Diagnostic::at(Code::TagName, note.span, message));
            }
            tags.push(tag);
        }
        tags.sort();
        tags.dedup();
        note.tags = tags;
    }
    let descriptions: BTreeMap<&str, &str> =
        draft.decks.iter().map(|deck| (deck.name.as_str(), deck.description.as_str())).collect();
    let mut names: Vec<&String> = draft.notes.iter().map(|note| &note.deck).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .map(|name| Deck {
            name: name.clone(),
            description: descriptions.get(name.as_str()).copied().unwrap_or_default().to_owned(),
        })
        .collect()
}
