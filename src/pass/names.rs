//! Deck names and tags as Anki keeps them, so that what a build says is what a learner gets.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use std::sync::Arc;

use foldhash::fast::RandomState;
use unicode_normalization::UnicodeNormalization as _;

use crate::anki::deck_name::DeckName;
use crate::anki::tag;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Deck, DeckDescription, Draft};
use crate::source::{FileId, Span, Spanned};

/// Normalises the decks and tags of all notes and returns every deck that a note names, and those above them that a source
/// describes, sorted.
///
/// Two deck names that differ only in capitals are one deck for Anki; the first spelling wins.
pub fn normalise(draft: &mut Draft, diagnostics: &mut Diagnostics) -> Vec<Deck> {
    let mut names = Names::default();
    let mut tags = Tags::default();
    let mut state = State::Written;
    for tag in &draft.file_tags {
        tags.normalise(&tag.value, tag.span, diagnostics);
    }
    for index in 0..draft.notes.len() {
        let (before, rest) = draft.notes.split_at_mut(index);
        let note = &mut rest[0];
        // Most notes have the deck and the tags of the note before them, and most names are Anki's already.
        if let (State::Normal, Some(last)) = (state, before.last())
            && (Arc::ptr_eq(&last.deck, &note.deck) || last.deck == note.deck)
            && (Arc::ptr_eq(&last.tags, &note.tags) || last.tags == note.tags)
        {
            continue;
        }
        state = State::Normal;
        let deck = names.normalise(&note.deck, note.span, diagnostics);
        if *note.deck != *deck {
            state = State::Written;
            note.deck = deck.into();
        }
        let mut normal: Option<Vec<String>> = None;
        for (place, tag) in note.tags.iter().enumerate() {
            let name = tags.normalise(tag, note.span, diagnostics).unwrap_or_default();
            if normal.is_some() || tag != name || name.is_empty() {
                normal.get_or_insert_with(|| note.tags[..place].to_vec()).push(name.to_owned());
            }
        }
        if normal.is_none() && !note.tags.is_sorted_by(|a, b| a < b) {
            normal = Some(note.tags.to_vec());
        }
        if let Some(mut normal) = normal {
            state = State::Written;
            normal.retain(|tag| !tag.is_empty());
            normal.sort();
            normal.dedup();
            note.tags = normal.into();
        }
    }
    let neighbours = draft.notes.chunk_by(|a, b| a.deck == b.deck);
    let used: BTreeSet<&str> = neighbours.filter_map(|notes| Some(&*notes.first()?.deck)).collect();
    let described = descriptions(&draft.descriptions, &mut names, &used, diagnostics);
    let mut decks: BTreeMap<&str, &str> = used.iter().map(|name| (*name, "")).collect();
    decks.extend(described.iter().map(|(name, text)| (name.as_str(), text.value.as_str())));
    decks
        .into_iter()
        .map(|(name, description)| Deck { name: name.to_owned(), description: description.to_owned() })
        .collect()
}

/// Says how a source wrote the deck and the tags of a note.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// As Anki keeps them.
    Normal,
    /// In another way.
    Written,
}

/// Holds the deck names seen so far.
#[derive(Default)]
struct Names {
    /// From what was written to Anki's name.
    known: HashMap<String, String, RandomState>,
    /// The spelling of each deck, by what Anki compares.
    by_fold: BTreeMap<String, String>,
}

impl Names {
    /// Returns Anki's name of a deck; reports at `span` where it is another one than was written.
    fn normalise(&mut self, deck: &str, span: Span, diagnostics: &mut Diagnostics) -> &str {
        if !self.known.contains_key(deck) {
            let name = self.first(deck, span, diagnostics);
            self.known.insert(deck.to_owned(), name);
        }
        &self.known[deck]
    }

    /// Returns Anki's name of a deck that was not met before.
    fn first(&mut self, deck: &str, span: Span, diagnostics: &mut Diagnostics) -> String {
        match DeckName::new(deck) {
            Ok(written) => {
                let first = self.by_fold.entry(written.folded());
                let name = first.or_insert_with(|| written.as_str().to_owned()).clone();
                // File systems may spell `é` as two characters; nobody sees that, and nobody can write it otherwise.
                if !name.chars().eq(deck.nfc()) {
                    let message = format!("the deck `{deck}` is called `{name}` in Anki");
                    let help = "write it so to be clear";
                    diagnostics.push(Diagnostic::at(Code::DeckName, span, message).help(help));
                }
                name
            }
            Err(error) => {
                let help = "join the inner levels: Anki refuses a whole package over one such deck";
                diagnostics.push(Diagnostic::at(Code::DeckDepth, span, error.to_string()).help(help));
                // An error stops the build, so that the name does not matter any more.
                deck.to_owned()
            }
        }
    }
}

/// Holds the tags seen so far.
#[derive(Default)]
struct Tags {
    /// Notes share their tags with the notes around them.
    known: HashMap<String, Option<String>, RandomState>,
    /// What was reported: each spelling once a file, at the first place that has it.
    reported: HashSet<(FileId, String)>,
}

impl Tags {
    /// Returns Anki's name of a tag, if anything is left of it; reports at `span` where it is another one than was written.
    fn normalise(&mut self, written: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<&str> {
        let bare = written.trim().trim_start_matches('#');
        if !self.known.contains_key(written) {
            self.known.insert(written.to_owned(), tag::normalize(&bare.replace('/', "::")));
        }
        let tag = self.known[written].as_deref()?;
        if tag != bare && self.reported.insert((span.file, written.to_owned())) {
            let message = format!("the tag `{written}` is `{tag}` in Anki");
            diagnostics.push(Diagnostic::at(Code::TagName, span, message));
        }
        Some(tag)
    }
}

/// Returns what is said about each deck that has cards in it or below it. Of two descriptions the first counts.
fn descriptions<'a>(
    all: &'a [DeckDescription],
    names: &mut Names,
    used: &BTreeSet<&str>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, &'a Spanned<String>> {
    let fold = |name: &str| DeckName::new(name).map(|name| name.folded()).unwrap_or_default();
    let used: Vec<String> = used.iter().map(|name| fold(name)).collect();
    let mut described: BTreeMap<String, &Spanned<String>> = BTreeMap::new();
    for DeckDescription { deck, text } in all {
        let folded = fold(deck);
        let below = format!("{folded}::");
        if !used.iter().any(|used| *used == folded || used.starts_with(&below)) {
            continue;
        }
        let name = names.normalise(deck, text.span, diagnostics).to_owned();
        let first = described.entry(name.clone()).or_insert(text);
        if first.value != text.value {
            let message = format!("the deck `{name}` is described a second time, in other words");
            diagnostics.push(
                Diagnostic::at(Code::DeckDescription, text.span, message)
                    .label(first.span, "the description that was taken")
                    .help("delete one of them"),
            );
        }
    }
    described
}
