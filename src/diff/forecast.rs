//! What Anki does with the newer release at a learner who imported the older one, with the options that its dialog proposes
//! and without edits of the learner's own.
//!
//! The rules are those of Anki 23.10 and newer, tried on 24.11 and 26.9.3: notes are matched by guid and taken where `mod` is newer; a note
//! type by id, taken where its `mod` is newer and its lists of fields and templates are the same; a card that is there stays in its deck.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::compare::{by_guid, same_lists, used};
use super::side::{Known, NoteOf, Side};
use super::{Difference, NoteAt};
use crate::anki::cards::CardRules;
use crate::anki::read::{Contents, PackedNote, PackedType};

/// Says what Anki does. The first four are the counts of its report after an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Forecast {
    /// Notes that are added.
    pub added: usize,
    /// Notes whose fields and tags are replaced.
    pub updated: usize,
    /// Notes that are left alone, because nothing newer comes.
    pub unchanged: usize,
    /// Notes that Anki refuses, because their note type is another one for it.
    pub conflicting: usize,
    /// Edited notes among those left alone: their time did not move, so that the edit does not arrive.
    pub undelivered: Vec<NoteAt>,
    /// Cards that known notes get.
    pub cards_added: usize,
    /// Cards that stay in the deck where the learner has them.
    pub cards_staying: usize,
    /// Cards whose note no longer fills them: they stay, blank, until Tools > Empty Cards removes them.
    pub cards_emptied: usize,
    /// Notes that the newer release does not have: they stay at the learner.
    pub staying: usize,
    /// Notes that come anew although their text stood in the older release under another guid: the learner has them twice.
    pub doubled: Vec<Doubled>,
    /// Note types that differ.
    pub note_types: Vec<TypeForecast>,
}

/// Is a note that the learner will have twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Doubled {
    /// The note that comes anew.
    #[serde(flatten)]
    pub note: NoteAt,
    /// The guid of the one that stays.
    pub old_guid: String,
}

/// Says what Anki does with a note type that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TypeForecast {
    /// The name that it has in the newer release.
    pub name: String,
    /// What.
    pub outcome: Outcome,
}

/// Is what Anki does with a note type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is added.
    Added,
    /// It replaces the learner's.
    Replaced,
    /// The learner's stays, because the newer one's time did not move.
    Kept,
    /// Its lists differ: without "Merge note types" Anki adds it a second time and refuses the edits of its notes.
    NeedsMerge,
}

/// Foresees what an import of `new` does where `old` was imported.
pub(super) fn forecast(
    (old, before): (&Side, &[NoteOf<'_>]),
    (new, after): (&Side, &[NoteOf<'_>]),
    difference: &Difference,
) -> Forecast {
    let known = by_guid(before);
    let mut forecast = Forecast { staying: difference.retired.len(), ..Forecast::default() };
    if let (Some(old), Some(new)) = (old.full(), new.full()) {
        forecast.note_types = types(old, new);
    }
    let (old_rules, new_rules) = (rules(old), rules(new));
    let (apart, replaced) = (apart(old, new), replaced(old, new));
    let edited: BTreeSet<&str> = difference.edited.iter().map(|edited| edited.note.guid.as_str()).collect();
    for note in after {
        let Some(former) = known.get(note.guid) else {
            forecast.added += 1;
            continue;
        };
        if former.note_type != note.note_type || apart.contains(&note.note_type) {
            forecast.conflicting += 1;
            continue;
        }
        let newer = note.modified > former.modified;
        if newer {
            forecast.updated += 1;
        } else {
            forecast.unchanged += 1;
            if edited.contains(note.guid) {
                forecast.undelivered.push(note.at());
            }
        }
        if let (Known::Full(former), Known::Full(note)) = (former.known, note.known) {
            forecast.cards_added += without(note, former);
            // A template that is replaced may ask for what a note left alone does not have.
            let seen_anew = newer || replaced.contains(&former.note_type);
            if seen_anew {
                let note_type = &former.note_type;
                let rules = old_rules.get(note_type).zip(new_rules.get(note_type));
                let seen = if newer { note } else { former };
                forecast.cards_emptied +=
                    rules.map_or_else(|| without(former, note), |rules| emptied(former, seen, rules));
            }
        }
    }
    forecast.cards_staying = difference.moved.iter().map(|moved| moved.cards).sum();
    forecast.doubled = doubled(before, after, &known);
    forecast
}

/// Returns how many cards of `note` have no counterpart in `other`.
fn without(note: &PackedNote, other: &PackedNote) -> usize {
    let there = |ord: u32| other.cards.binary_search_by_key(&ord, |card| card.ord).is_ok();
    note.cards.iter().filter(|card| !there(card.ord)).count()
}

/// Returns how many cards of `former` had content and have none with the fields of `note`. A package may hold the rows of cards that are
/// empty, so the fields tell.
fn emptied(former: &PackedNote, note: &PackedNote, (old, new): (&CardRules<'_>, &CardRules<'_>)) -> usize {
    let (before, after) = (old.ords(&former.fields, &former.tags), new.ords(&note.fields, &note.tags));
    let filled =
        |ords: &[u16], ord: u32| u16::try_from(ord).is_ok_and(|ord| ords.binary_search(&ord).is_ok());
    let gone = former.cards.iter().filter(|card| filled(&before, card.ord) && !filled(&after, card.ord));
    gone.count()
}

/// Returns the rules of the note types, as far as their templates can be read.
fn rules(side: &Side) -> HashMap<i64, CardRules<'_>> {
    let types = side.full().into_iter().flat_map(|contents| &contents.note_types);
    types.filter_map(|(id, note_type)| Some((*id, CardRules::of_packed(note_type).ok()?))).collect()
}

/// Returns the ids of note types that both sides use and that are another one for Anki.
fn apart(old: &Side, new: &Side) -> BTreeSet<i64> {
    let (Some(old), Some(new)) = (old.full(), new.full()) else { return BTreeSet::new() };
    let both = used(old).intersection(&used(new)).copied().collect::<Vec<_>>();
    let differ = |id: &i64| {
        let pair = old.note_types.get(id).zip(new.note_types.get(id));
        pair.is_some_and(|(old, new)| !is_same_to_anki(old, new))
    };
    both.into_iter().filter(differ).collect()
}

/// Returns the ids of note types that replace the learner's.
fn replaced(old: &Side, new: &Side) -> BTreeSet<i64> {
    let (Some(old), Some(new)) = (old.full(), new.full()) else { return BTreeSet::new() };
    let newer = |id: &i64| {
        let pair = old.note_types.get(id).zip(new.note_types.get(id));
        pair.is_some_and(|(old, new)| is_same_to_anki(old, new) && new.modified > old.modified)
    };
    used(old).intersection(&used(new)).copied().filter(newer).collect()
}

fn is_same_to_anki(old: &PackedType, new: &PackedType) -> bool {
    let lists = same_lists(old, new);
    lists.fields && lists.templates
}

fn types(old: &Contents, new: &Contents) -> Vec<TypeForecast> {
    let before = used(old);
    let mut types = Vec::new();
    for id in used(new) {
        let Some(note_type) = new.note_types.get(&id) else { continue };
        let former = old.note_types.get(&id).filter(|_| before.contains(&id));
        let outcome = match former {
            None => Outcome::Added,
            Some(former) if !is_same_to_anki(former, note_type) => Outcome::NeedsMerge,
            Some(former) if note_type.modified > former.modified => Outcome::Replaced,
            Some(former) if differ(former, note_type) => Outcome::Kept,
            Some(_) => continue,
        };
        types.push(TypeForecast { name: note_type.name.clone(), outcome });
    }
    types
}

/// Returns whether a learner would see a difference.
fn differ(old: &PackedType, new: &PackedType) -> bool {
    let PackedType { name, kind, modified: _, css, sort_field, fields, templates } = old;
    (name, kind, css, sort_field, fields, templates)
        != (&new.name, &new.kind, &new.css, &new.sort_field, &new.fields, &new.templates)
}

/// Returns the new notes whose first field and note type a note has that is no longer there.
fn doubled(before: &[NoteOf<'_>], after: &[NoteOf<'_>], known: &HashMap<&str, &NoteOf<'_>>) -> Vec<Doubled> {
    let kept: BTreeSet<&str> = after.iter().map(|note| note.guid).collect();
    let mut gone: HashMap<&str, &str> = HashMap::new();
    for note in before.iter().filter(|note| !kept.contains(note.guid)) {
        if let Some(first) = first_field(note) {
            gone.entry(first).or_insert(note.guid);
        }
    }
    let fresh = after.iter().filter(|note| !known.contains_key(note.guid));
    let doubled = fresh.filter_map(|note| {
        let old_guid = (*gone.get(first_field(note)?)?).to_owned();
        Some(Doubled { note: note.at(), old_guid })
    });
    doubled.collect()
}

fn first_field<'a>(note: &NoteOf<'a>) -> Option<&'a str> {
    match note.known {
        Known::Full(note) => note.fields.first().map(String::as_str).filter(|first| !first.is_empty()),
        Known::Line(_) => None,
    }
}
