//! Ids that follow from the content, because a package may not depend on when it was built.

use std::collections::{BTreeMap, HashSet};

use sha2::{Digest, Sha256};

use super::{Deck, Description, NoteRow};
use crate::anki::deck_name::DeckName;

/// The deck that every collection has.
pub(super) const DEFAULT_DECK: i64 = 1;

/// A deck with its id.
pub(super) struct DeckRow<'a> {
    pub(super) id: i64,
    pub(super) name: DeckName,
    pub(super) description: &'a Description,
}

/// The decks of a package, sorted by id, with Anki's own and all parents.
pub(super) struct Decks<'a> {
    pub(super) rows: Vec<DeckRow<'a>>,
    /// The id of each deck of the package, in its order.
    pub(super) ids: Vec<i64>,
}

/// Gives every deck an id.
///
/// Anki finds decks by name and gives new ones ids of its own, so an id only has to be unique here; it
/// follows from the name, so that one deck more does not change the others.
pub(super) fn decks(decks: &[Deck]) -> Decks<'_> {
    let listed: Vec<String> = decks.iter().map(|deck| deck.name.folded()).collect();
    let mut named: BTreeMap<String, (DeckName, &Description)> = BTreeMap::new();
    for (folded, deck) in listed.iter().zip(decks) {
        named.insert(folded.clone(), (deck.name.clone(), &deck.description));
    }
    // After the listed decks, which know more.
    for deck in decks {
        let mut parent = deck.name.parent();
        while let Some(name) = parent {
            parent = name.parent();
            named.entry(name.folded()).or_insert((name, &Description::None));
        }
    }
    let mut taken = HashSet::from([DEFAULT_DECK]);
    let mut ids = BTreeMap::new();
    let mut rows = Vec::with_capacity(named.len() + 1);
    for (folded, (name, description)) in named {
        let id = if name.is_default() { DEFAULT_DECK } else { free_id(&folded, &mut taken) };
        ids.insert(folded, id);
        rows.push(DeckRow { id, name, description });
    }
    if rows.iter().all(|row| row.id != DEFAULT_DECK) {
        let name = DeckName::new("Default").expect("the name has one level");
        rows.push(DeckRow { id: DEFAULT_DECK, name, description: &Description::None });
    }
    rows.sort_by_key(|row| row.id);
    Decks { rows, ids: listed.iter().map(|folded| ids[folded]).collect() }
}

fn free_id(folded: &str, taken: &mut HashSet<i64>) -> i64 {
    let digest: [u8; 32] = Sha256::digest(folded).into();
    let number = digest[..5].iter().fold(0, |number, byte| number << 8 | i64::from(*byte));
    // Between 2010 and 2044 as milliseconds: Anki reads nothing into a deck's id, people may.
    let mut id = 1_262_304_000_000 + number % 400_000_000_000;
    while !taken.insert(id) {
        id += 1;
    }
    id
}

/// A card of the package, ready to be numbered.
pub(super) struct CardId {
    pub(super) id: i64,
    /// Index into the package's notes.
    pub(super) note: usize,
    /// Index into the note's cards.
    pub(super) card: usize,
}

/// Gives every card an id and returns them ascending.
///
/// A note's first card has the note's own id (other table, so no clash); further cards take the free numbers
/// that follow it, which read as the same moment.
pub(super) fn cards(notes: &[NoteRow<'_>], order: &[usize]) -> Vec<CardId> {
    let mut cards = Vec::with_capacity(notes.len());
    let mut note_ids = order.iter().map(|note| notes[*note].id).peekable();
    let mut last = 0;
    for &note in order {
        let id = notes[note].id;
        for card in 0..notes[note].cards.len() {
            if card == 0 {
                cards.push(CardId { id, note, card });
                continue;
            }
            last = last.max(id) + 1;
            loop {
                while note_ids.next_if(|taken| *taken < last).is_some() {}
                if note_ids.peek() != Some(&last) {
                    break;
                }
                last += 1;
            }
            cards.push(CardId { id: last, note, card });
        }
    }
    cards.sort_unstable_by_key(|card| card.id);
    cards
}

/// Returns the indices of the notes, by ascending id: `SQLite` appends rows much faster than it inserts them.
pub(super) fn order(notes: &[NoteRow<'_>]) -> Vec<usize> {
    let mut order: Vec<_> = (0..notes.len()).collect();
    order.sort_unstable_by_key(|note| notes[*note].id);
    order
}

#[cfg(test)]
mod tests {
    use super::{Deck, DeckName, Description, NoteRow, cards, decks, order};
    use crate::anki::package::CardRow;

    fn check_cards(notes: &[(i64, usize)], expected: &[(i64, usize, usize)]) {
        let row = CardRow { ord: 0, deck: 0, due: 1 };
        let all = [row; 9];
        let rows: Vec<_> = notes
            .iter()
            .map(|(id, count)| NoteRow {
                id: *id,
                guid: "g",
                note_type: 0,
                modified: 1,
                tags: &[],
                fields: &[],
                cards: &all[..*count],
            })
            .collect();
        let found: Vec<_> = cards(&rows, &order(&rows)).iter().map(|c| (c.id, c.note, c.card)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn first_cards_have_the_id_of_their_note() {
        check_cards(&[(20, 1), (10, 1)], &[(10, 1, 0), (20, 0, 0)]);
    }

    #[test]
    fn further_cards_take_the_free_ids_after_it() {
        check_cards(
            &[(10, 3), (11, 2), (12, 1), (20, 2)],
            &[(10, 0, 0), (11, 1, 0), (12, 2, 0), (13, 0, 1), (14, 0, 2), (15, 1, 1), (20, 3, 0), (21, 3, 1)],
        );
    }

    #[test]
    fn decks_bring_their_parents_and_the_default_deck() {
        let deck = |name, description| Deck { name: DeckName::new(name).expect("short"), description };
        let html = Description::Html("x".to_owned());
        let listed =
            [deck("a::b::c", Description::None), deck("A", html), deck("default", Description::None)];
        let decks = decks(&listed);
        let mut rows: Vec<_> = decks.rows.iter().map(|r| format!("{} {:?}", r.name, r.description)).collect();
        rows.sort();
        assert_eq!(rows, ["A Html(\"x\")", "a::b None", "a::b::c None", "default None"]);
        assert_eq!(decks.ids, [1_532_882_379_881, 1_332_429_212_362, 1]);
    }

    #[test]
    fn many_decks_take_no_time() {
        let name = |place| DeckName::new(&format!("A::{place}")).expect("short");
        let listed: Vec<Deck> =
            (0..20_000).map(|place| Deck { name: name(place), description: Description::None }).collect();
        let decks = decks(&listed);
        assert_eq!((decks.rows.len(), decks.ids.len()), (20_002, 20_000));
    }
}
