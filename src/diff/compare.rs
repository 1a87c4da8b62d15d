//! From two sides to their difference.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use super::forecast::forecast;
use super::side::{Known, NoteOf, Side};
use super::words::{Effort, hunks};
use super::{
    Change, DeckChange, Difference, Edited, FieldChange, Kind, MediaChange, Moved, NoteAt, TypeChange,
    TypePart, VERSION,
};
use crate::anki::read::{Contents, PackedNote, PackedType};
use crate::model::{BuiltIn, Owner};
use crate::version::split;

/// Compares two releases.
#[must_use]
pub fn compare(old: &Side, new: &Side) -> Difference {
    let (before, after) = (old.notes(), new.notes());
    let known = by_guid(&before);
    let kept = by_guid(&after);
    let types = old.built_ins().or_else(|| new.built_ins()).unwrap_or_default();
    let mut difference = Difference {
        version: VERSION,
        old: old.summary(&before),
        new: new.summary(&after),
        ..Difference::default()
    };
    let mut effort = Effort::default();
    for note in &after {
        let Some(former) = known.get(note.guid) else {
            difference.added.push(note.at());
            continue;
        };
        difference.edited.extend(edited(former, note, (old, new), &types, &mut effort));
        difference.moved.extend(moved(former, note, (old, new)));
    }
    difference.retired = before.iter().filter(|note| !kept.contains_key(note.guid)).map(NoteOf::at).collect();
    if let (Some(before), Some(after)) = (old.full(), new.full()) {
        difference.note_types = type_changes(before, after);
        difference.decks = deck_changes((old, before), (new, after));
        difference.media = changes(&before.media, &after.media)
            .map(|(name, change)| MediaChange { name: name.clone(), change })
            .collect();
    }
    difference.forecast = forecast((old, &before), (new, &after), &difference);
    difference
}

/// Returns the notes by guid; of twins the last, as Anki takes it.
pub(super) fn by_guid<'n, 'a>(notes: &'n [NoteOf<'a>]) -> HashMap<&'a str, &'n NoteOf<'a>> {
    notes.iter().map(|note| (note.guid, note)).collect()
}

/// Returns what Anki will see otherwise of a note, if anything.
fn edited(
    old: &NoteOf<'_>,
    new: &NoteOf<'_>,
    sides: (&Side, &Side),
    types: &BTreeMap<i64, (BuiltIn, Owner)>,
    effort: &mut Effort,
) -> Option<Edited> {
    let note_type = (old.note_type != new.note_type)
        .then(|| (sides.0.type_name(old.note_type), sides.1.type_name(new.note_type)));
    let (Known::Full(before), Known::Full(after)) = (old.known, new.known) else {
        // A ledger holds a hash; of a note type that is none of deckc's nothing can be said.
        let (before, after) = (old.hash(types)?, new.hash(types)?);
        let nothing = (Vec::new(), Vec::new(), Vec::new());
        return (before != after).then(|| of(new.at(), nothing, note_type));
    };
    let same = before.fields == after.fields && before.tags == after.tags && note_type.is_none();
    if same {
        return None;
    }
    let names = sides.1.full().and_then(|contents| contents.note_types.get(&new.note_type));
    let fields = field_changes(before, after, names, effort);
    let (was, is): (BTreeSet<&String>, BTreeSet<&String>) =
        (before.tags.iter().collect(), after.tags.iter().collect());
    let added: Vec<String> = is.difference(&was).map(ToString::to_string).collect();
    let removed: Vec<String> = was.difference(&is).map(ToString::to_string).collect();
    let changed = !(fields.is_empty() && added.is_empty() && removed.is_empty()) || note_type.is_some();
    changed.then(|| of(new.at(), (fields, added, removed), note_type))
}

/// Are the changes of a note: its fields, tags that came, tags that went.
type Changes = (Vec<FieldChange>, Vec<String>, Vec<String>);

fn of(note: NoteAt, changes: Changes, note_type: Option<(String, String)>) -> Edited {
    let (fields, tags_added, tags_removed) = changes;
    Edited { note, fields, tags_added, tags_removed, note_type }
}

fn field_changes(
    old: &PackedNote,
    new: &PackedNote,
    names: Option<&PackedType>,
    effort: &mut Effort,
) -> Vec<FieldChange> {
    let count = old.fields.len().max(new.fields.len());
    let pairs = (0..count).map(|index| {
        let of = |note: &PackedNote| note.fields.get(index).cloned().unwrap_or_default();
        (index, of(old), of(new))
    });
    let changed = pairs.filter(|(_, old, new)| old != new).map(|(index, old, new)| {
        let name = names.and_then(|note_type| note_type.fields.get(index));
        let field = name.map_or_else(|| format!("field {}", index + 1), |field| field.name.clone());
        FieldChange { field, words: hunks(&old, &new, effort), old, new }
    });
    changed.collect()
}

fn moved(old: &NoteOf<'_>, new: &NoteOf<'_>, sides: (&Side, &Side)) -> Option<Moved> {
    let cards = match (old.known, new.known) {
        (Known::Full(before), Known::Full(after)) => staying(before, after, sides),
        // A ledger keeps one deck for a note.
        (Known::Line(_), Known::Full(note)) | (Known::Full(note), Known::Line(_)) => {
            if same_deck(old.deck, new.deck) { 0 } else { note.cards.len() }
        }
        (Known::Line(_), Known::Line(_)) => usize::from(!same_deck(old.deck, new.deck)),
    };
    (cards > 0).then(|| Moved { note: new.at(), from: old.deck.to_owned(), cards })
}

/// Returns how many cards of both notes are in another deck.
fn staying(old: &PackedNote, new: &PackedNote, sides: (&Side, &Side)) -> usize {
    let name = |side: &Side, deck: i64| {
        let decks = side.full().and_then(|contents| contents.decks.get(&deck));
        decks.map_or_else(String::new, |deck| deck.name.clone())
    };
    let other = new.cards.iter().filter(|card| {
        let before = old.cards.binary_search_by_key(&card.ord, |before| before.ord);
        before.is_ok_and(|place| !same_deck(&name(sides.0, old.cards[place].deck), &name(sides.1, card.deck)))
    });
    other.count()
}

/// Anki finds decks by name, whatever the case.
fn same_deck(old: &str, new: &str) -> bool {
    old == new || old.to_lowercase() == new.to_lowercase()
}

/// Returns the ids of the note types that notes have.
pub(super) fn used(contents: &Contents) -> BTreeSet<i64> {
    contents.notes.iter().map(|note| note.note_type).collect()
}

fn type_changes(old: &Contents, new: &Contents) -> Vec<TypeChange> {
    let (before, after) = (used(old), used(new));
    let mut changes = Vec::new();
    for id in before.union(&after) {
        let find = |contents: &'_ Contents, used: &BTreeSet<i64>| {
            contents.note_types.get(id).filter(|_| used.contains(id)).cloned()
        };
        let (name, parts) = match (find(old, &before), find(new, &after)) {
            (None, Some(new)) => (new.name, vec![TypePart::Added]),
            (Some(old), None) => (old.name, vec![TypePart::Removed]),
            (Some(old), Some(new)) => (new.name.clone(), parts(&old, &new)),
            (None, None) => continue,
        };
        if !parts.is_empty() {
            changes.push(TypeChange { name, changes: parts });
        }
    }
    changes
}

fn parts(old: &PackedType, new: &PackedType) -> Vec<TypePart> {
    let field_names =
        |note_type: &PackedType| note_type.fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    let lists = same_lists(old, new);
    let all = [
        (old.kind != new.kind, TypePart::Kind),
        (old.name != new.name, TypePart::Name),
        (!lists.fields, TypePart::FieldList),
        (lists.fields && field_names(old) != field_names(new), TypePart::FieldNames),
        (!lists.templates, TypePart::TemplateList),
        (lists.templates && old.templates != new.templates, TypePart::Templates),
        (old.css != new.css, TypePart::Style),
        (old.sort_field != new.sort_field, TypePart::SortField),
    ];
    all.into_iter().filter(|(differs, _)| *differs).map(|(_, part)| part).collect()
}

/// Says which lists of two versions of a note type are the same for Anki.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lists {
    pub fields: bool,
    pub templates: bool,
}

/// Compares as Anki does: the same number, and in each place equal ids where both have one, else equal names.
pub(super) fn same_lists(old: &PackedType, new: &PackedType) -> Lists {
    let same = |old: (Option<i64>, &str), new: (Option<i64>, &str)| match (old.0, new.0) {
        (Some(old), Some(new)) => old == new,
        (None, _) | (_, None) => old.1 == new.1,
    };
    let fields = |note_type: &PackedType| note_type.fields.len();
    let templates = |note_type: &PackedType| note_type.templates.len();
    let mut pairs = old.fields.iter().zip(&new.fields);
    let mut sides = old.templates.iter().zip(&new.templates);
    Lists {
        fields: fields(old) == fields(new)
            && pairs.all(|(old, new)| same((old.id, &old.name), (new.id, &new.name))),
        templates: templates(old) == templates(new)
            && sides.all(|(old, new)| same((old.id, &old.name), (new.id, &new.name))),
    }
}

/// Compares the decks that hold cards, and those above them, which have a description at most.
fn deck_changes((old, before): (&Side, &Contents), (new, after): (&Side, &Contents)) -> Vec<DeckChange> {
    let (before, after) = (decks(old.kind, before), decks(new.kind, after));
    changes(&before, &after).map(|(name, change)| DeckChange { name: name.clone(), change }).collect()
}

fn decks(kind: Kind, contents: &Contents) -> BTreeMap<String, String> {
    let held: BTreeSet<i64> =
        contents.notes.iter().flat_map(|note| note.cards.iter().map(|card| card.deck)).collect();
    let described: HashMap<&str, &str> =
        contents.decks.values().map(|deck| (deck.name.as_str(), deck.description.as_str())).collect();
    let mut decks = BTreeMap::new();
    for deck in held.iter().filter_map(|id| contents.decks.get(id)) {
        let mut name = deck.name.as_str();
        loop {
            let text = described.get(name).copied().unwrap_or_default();
            // Each release says its version in its top-level decks; that alone is no change. Sources have none yet.
            let stamped = kind == Kind::Package && !name.contains("::");
            let text = if stamped { split(text).0 } else { text };
            if decks.insert(name.to_owned(), text.to_owned()).is_some() {
                break;
            }
            match name.rsplit_once("::") {
                Some((above, _)) => name = above,
                None => break,
            }
        }
    }
    decks
}

/// Returns what came, went or is another one, by name.
fn changes<'a, K: Ord + Hash, V: PartialEq>(
    old: &'a BTreeMap<K, V>,
    new: &'a BTreeMap<K, V>,
) -> impl Iterator<Item = (&'a K, Change)> {
    let names: BTreeSet<&K> = old.keys().chain(new.keys()).collect();
    names.into_iter().filter_map(|name| match (old.get(name), new.get(name)) {
        (None, Some(_)) => Some((name, Change::Added)),
        (Some(_), None) => Some((name, Change::Removed)),
        (Some(old), Some(new)) if old != new => Some((name, Change::Changed)),
        (Some(_), Some(_)) | (None, None) => None,
    })
}

impl Kind {
    /// Returns the kind in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Kind::Package => "package",
            Kind::Sources => "sources",
            Kind::Ledger => "ledger",
        }
    }
}
