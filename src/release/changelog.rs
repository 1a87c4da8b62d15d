//! `CHANGELOG.md`: what a release brings, for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::anki::read::Contents;
use crate::diff::{Difference, escaped, markdown};

/// The most characters of the lists; the body of a release on GitHub takes 125,000.
const MOST: usize = 60_000;

/// The most decks that are counted one by one.
const MOST_DECKS: usize = 200;

/// Counts of a deck.
#[derive(Clone, Copy, Default)]
struct Row {
    notes: usize,
    cards: usize,
    added: usize,
    edited: usize,
    retired: usize,
}

/// Returns the fragment of a changelog for a release. A first one has no difference to tell, nor one after a release without a package.
#[must_use]
pub fn fragment(
    version: &str,
    previous: Option<&str>,
    contents: &Contents,
    difference: Option<&Difference>,
) -> String {
    let mut text = format!("# {version}\n\n");
    match (difference, previous) {
        (Some(_), _) => {}
        (None, None) => text.push_str("First release.\n\n"),
        (None, Some(previous)) => {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "Release {previous} has no package to compare with.\n");
        }
    }
    table(&mut text, contents, difference);
    match difference {
        Some(difference) if difference.is_empty() => {
            text.push_str("\nThe notes are those of the last release.\n");
        }
        Some(difference) => {
            text.push('\n');
            text.push_str(&markdown(difference, 2, MOST));
        }
        None => {}
    }
    text
}

fn table(text: &mut String, contents: &Contents, difference: Option<&Difference>) {
    let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
    for note in &contents.notes {
        let row = rows.entry(contents.deck_of(note)).or_default();
        row.notes += 1;
        row.cards += note.cards.len();
    }
    let Difference { added, edited, retired, .. } = match difference {
        Some(difference) => difference,
        None => &Difference::default(),
    };
    added.iter().for_each(|note| rows.entry(&note.deck).or_default().added += 1);
    edited.iter().for_each(|edited| rows.entry(&edited.note.deck).or_default().edited += 1);
    retired.iter().for_each(|note| rows.entry(&note.deck).or_default().retired += 1);
    text.push_str("| deck | notes | cards | new | edited | retired |\n|---|--:|--:|--:|--:|--:|\n");
    let number = |count: usize| if count == 0 { "–".to_owned() } else { count.to_string() };
    let mut line = |name: &str, row: &Row| {
        let Row { notes, cards, added, edited, retired } = *row;
        let new = if difference.is_none() { notes } else { added };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} |",
            number(notes),
            number(cards),
            number(new),
            number(edited),
            number(retired)
        );
    };
    let (mut all, mut shown) = (Row::default(), 0);
    for (deck, row) in &rows {
        if shown < MOST_DECKS {
            line(&escaped(deck), row);
            shown += 1;
        }
        all.notes += row.notes;
        all.cards += row.cards;
        all.added += row.added;
        all.edited += row.edited;
        all.retired += row.retired;
    }
    if rows.len() > 1 {
        let more = rows.len() - shown;
        line(&if more > 0 { format!("**all**, and {more} decks more") } else { "**all**".to_owned() }, &all);
    }
}
