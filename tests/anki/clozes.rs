//! Which cards Anki makes of cloze deletions, well written and not.

use deckc::anki::cards::CardRules;
use deckc::anki::cloze;
use deckc::anki::note_types::shared;
use deckc::model::BuiltIn;

use super::{for_each_version, on_newest};

/// Returns that many deletions, each in the one before, with rising numbers.
fn nested(depth: usize) -> String {
    let openings: String = (1..=depth).map(|number| format!("{{{{c{number}::")).collect();
    openings + "x" + &"}}".repeat(depth)
}

#[test]
fn cards_are_those_of_anki() {
    on_newest(|anki| {
        let mut texts: Vec<String> = [
            "{{c1::a}} {{c3::b::hint}} {{c1::c}}",
            "{{c2::a {{c4::b::h}} c::h}}",
            "{{c2::a {{c3::b}}",
            "{{c2::a {{c3::b}} {{c4::c}}}} {{c5::d",
            "{{c5::x}} {{c2::a {{c3::b}}",
            "}} {{c3::a}} }}",
            "{{{c2::a}}}",
            "{{c2::a}b}}",
            "{{c02::a}}",
            "{{c0::a {{c2::b}}}}",
            "{{c499::a}} {{c500::b}}",
            "{{c501::a}}",
            "{{c70000::a}}",
            "{{C2::a}} {{c::b}} {{c2:c}} {{c 2::d}}",
            "<b>{{c2::</b>}}",
        ]
        .map(str::to_owned)
        .into();
        texts.extend([3, 4, 9, 10, 11, 12, 100].map(nested));

        let mut script = anki.script();
        script.open("learner");
        for (place, text) in texts.iter().enumerate() {
            script.add_note(&format!("guid{place}"), "Cloze", "Default", &[("Text", text)], 0);
        }
        let dump = script.dump();
        let outcome = script.run();
        let dump = outcome.get(&dump);

        let note_type = shared(BuiltIn::Cloze);
        let rules = CardRules::new(&note_type).expect("the built-in note types are sound");
        for (place, text) in texts.iter().enumerate() {
            let found: Vec<u32> =
                dump.cards_of(&format!("guid{place}")).iter().map(|card| card.ord).collect();
            let expected: Vec<u32> =
                rules.ords_or_blank(&[text.as_str()], &[]).into_iter().map(u32::from).collect();
            assert_eq!(found, expected, "{text}");
        }
    });
}

#[test]
fn three_levels_are_read_by_every_version_and_four_are_not() {
    for_each_version(|anki| {
        let mut script = anki.script();
        script.open("learner");
        script.add_note("three", "Cloze", "Default", &[("Text", &nested(cloze::DEEPEST_ANYWHERE))], 0);
        script.add_note("four", "Cloze", "Default", &[("Text", &nested(cloze::DEEPEST_ANYWHERE + 1))], 0);
        let dump = script.dump();
        let outcome = script.run();
        let dump = outcome.get(&dump);
        assert_eq!(dump.cards_of("three").len(), 3);
        let read = if anki.version().name() == "24.11" { 3 } else { 4 };
        assert_eq!(dump.cards_of("four").len(), read);
    });
}
