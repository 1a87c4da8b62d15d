//! Differences of small releases, and how they are written.

use std::collections::BTreeMap;

use super::{Change, Detail, Look, Outcome, Side, TypePart, compare, human, markdown};
use crate::anki::read::{
    Contents, PackedCard, PackedDeck, PackedField, PackedNote, PackedTemplate, PackedType,
};
use crate::model::note_type::NoteTypeKind;
use crate::report::Colour;

fn note(guid: &str, front: &str, back: &str) -> PackedNote {
    PackedNote {
        guid: guid.into(),
        id: 1,
        modified: 10,
        note_type: 5,
        tags: vec!["t".into()],
        fields: vec![front.into(), back.into()],
        cards: vec![PackedCard { ord: 0, deck: 1 }],
    }
}

fn release(notes: Vec<PackedNote>) -> Contents {
    let field = |name: &str, id| PackedField { name: name.into(), id: Some(id) };
    let note_type = PackedType {
        name: "Plain".into(),
        kind: NoteTypeKind::Normal,
        modified: 10,
        css: String::new(),
        sort_field: 0,
        fields: vec![field("Front", 1), field("Back", 2)],
        templates: vec![PackedTemplate {
            name: "Card 1".into(),
            id: Some(1),
            front: "{{Front}}".into(),
            back: "{{Back}}".into(),
        }],
    };
    let deck = |name: &str| PackedDeck { name: name.into(), description: String::new() };
    Contents {
        notes,
        note_types: BTreeMap::from([(5, note_type)]),
        decks: BTreeMap::from([(1, deck("A")), (2, deck("A::B"))]),
        media: BTreeMap::from([("a.png".into(), [1; 20])]),
    }
}

fn old() -> Contents {
    release(vec![note("g1", "one", "eins"), note("g2", "two", "zwei")])
}

fn side(contents: Contents) -> Side {
    Side::package("x.apkg".into(), contents)
}

/// Compares the old release with what an edit makes of it.
fn after(edit: impl FnOnce(&mut Contents)) -> super::Difference {
    let mut new = old();
    edit(&mut new);
    compare(&side(old()), &side(new))
}

#[test]
fn the_same_release_has_no_difference() {
    let difference = after(|_| {});
    assert!(difference.is_empty(), "{difference:?}");
    assert_eq!(difference.forecast.unchanged, 2);
}

#[test]
fn another_order_of_tags_and_a_newer_time_alone_are_no_difference() {
    let difference = after(|new| {
        new.notes[0].modified = 99;
        new.notes[1].tags = vec!["t".into(), "t".into()];
    });
    assert!(difference.is_empty(), "{difference:?}");
    assert_eq!(difference.forecast.updated, 1);
}

#[test]
fn a_version_in_a_description_is_no_difference_and_its_text_is_one() {
    let described = |text: &'static str| {
        after(|new| new.decks.get_mut(&1).expect("it is there").description = text.into())
    };
    assert!(described("Version 3").is_empty());
    let difference = described("About\n\nVersion 3");
    assert_eq!(difference.decks.iter().map(|deck| deck.change).collect::<Vec<_>>(), [Change::Changed]);
}

#[test]
fn a_note_under_another_guid_comes_twice() {
    let difference = after(|new| new.notes[0].guid = "other".into());
    let doubled = &difference.forecast.doubled;
    assert_eq!(doubled.iter().map(|doubled| doubled.old_guid.as_str()).collect::<Vec<_>>(), ["g1"]);
}

#[test]
fn media_and_note_types_are_compared() {
    let difference = after(|new| {
        new.media.insert("a.png".into(), [2; 20]);
        new.media.insert("b.png".into(), [3; 20]);
        new.note_types.get_mut(&5).expect("it is there").css = "x".into();
    });
    let media: Vec<_> = difference.media.iter().map(|media| (media.name.as_str(), media.change)).collect();
    assert_eq!(media, [("a.png", Change::Changed), ("b.png", Change::Added)]);
    assert_eq!(difference.note_types[0].changes, [TypePart::Style]);
    assert_eq!(difference.forecast.note_types[0].outcome, Outcome::Kept);
}

fn many() -> super::Difference {
    after(|new| {
        new.notes
            .extend((0..3000).map(|number| note(&format!("n{number}"), &format!("question {number}"), "")));
    })
}

#[test]
fn a_short_report_counts_what_it_leaves_out() {
    let short = human(&many(), Look { colour: Colour::Never, detail: Detail::Short });
    assert!(short.contains("added 3000\n"), "{short}");
    assert!(short.contains("  … and 2980 more (-v shows them)\n"), "{short}");
    let all = human(&many(), Look { colour: Colour::Never, detail: Detail::All });
    assert!(all.contains("question 2999"), "{all}");
}

#[test]
fn markdown_keeps_to_its_length_and_counts_the_rest() {
    for most in [2_000, 10_000, 40_000] {
        let text = markdown(&many(), 2, most);
        let length = text.chars().count();
        assert!(length <= most && length > most * 3 / 4, "{length} of {most}");
        let shown = text.lines().filter(|line| line.contains("question")).count();
        assert!(text.contains(&format!("- … and {} more\n", 3000 - shown)), "{text}");
    }
}

#[test]
fn markdown_of_notes_is_text() {
    let difference = after(|new| {
        new.notes[0].fields[0] = "<b>one</b> @someone #1 [x](y) `z` &lt;script&gt;".into();
        new.notes[0].modified = 11;
    });
    let text = markdown(&difference, 2, 60_000);
    for live in ["@someone", "#1 ", "[x](y)", "<b>", "<script>"] {
        assert!(!text.contains(live), "{live} in {text}");
    }
}
