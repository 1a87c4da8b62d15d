//! The harness itself: each operation works on every version, and each check is able to fail.
//!
//! Also the behaviour of Anki on which deckc's design stands, so that a new release of Anki that changes it is noticed.

use std::fs;

use super::compare::{Soundness, assert_guids_kept, assert_history_kept, assert_imported};
use super::dump::Dump;
use super::script::{Condition, Container, Grade, Import, Outcome, Script, Which};
use super::{Anki, Version, for_each_version, on_newest};
use crate::support::venv;

/// When the author's first package was made, in Unix seconds; releases follow a day apart.
const START: u64 = 1_700_000_000;
const DAY: u64 = 86_400;

/// Four bytes, which is all that Anki asks of an image.
const PICTURE: &str = "iVBORw==";
const PICTURE_SHA256: &str = "0f4636c78f65d3639ece5a064b5ae753e3408614a14fb18ab4d7540d2c248543";

/// Plays a script to its end, `write` having filled it.
fn play<T>(anki: &Anki, write: impl FnOnce(&mut Script) -> T) -> (T, Outcome) {
    let mut script = anki.script();
    let steps = write(&mut script);
    (steps, script.run())
}

/// An author's collection with one basic note with a picture (guid `river`), and one cloze note with two cards (`city`).
fn write_author(script: &mut Script) {
    script.open("author");
    write_notes(script);
}

fn write_notes(script: &mut Script) {
    script.add_media("seine.png", PICTURE);
    let front = r#"Which river? <img src="seine.png">"#;
    script.add_note("river", "Basic", "World::Water", &[("Front", front), ("Back", "The Seine")], START);
    script.add_note("city", "Cloze", "World", &[("Text", "{{c1::Oslo}} is in {{c2::Norway}}")], START);
}

#[test]
fn a_package_of_either_container_carries_notes_cards_decks_and_media() {
    for_each_version(|anki| {
        for container in Container::ALL {
            let ((log, dump, sound), outcome) = play(anki, |script| {
                write_author(script);
                let package = script.export("first", container);
                script.open("learner");
                let log = script.import(&Import::of(&package));
                (log, script.dump(), Soundness::of(script))
            });
            let (log, dump) = (outcome.get(&log), outcome.get(&dump));
            assert_eq!(log.counts(), (2, 0, 0, 0));
            assert_imported(&log, &dump, &["The Seine", "Oslo"], &[]);
            assert_eq!(dump.guids(), ["city", "river"]);
            let decks: Vec<&str> = dump.decks.iter().map(|deck| deck.name.as_str()).collect();
            assert_eq!(decks, ["Default", "World", "World::Water"]);
            let cards: Vec<_> =
                dump.cards.iter().map(|card| (card.guid.as_str(), card.ord, card.deck.as_deref())).collect();
            let expected =
                [("city", 0, Some("World")), ("city", 1, Some("World")), ("river", 0, Some("World::Water"))];
            assert_eq!(cards, expected);
            assert_eq!(dump.media["seine.png"], PICTURE_SHA256);
            let rendered = sound.assert(&outcome);
            assert!(
                rendered[0].question.contains("[...]") && rendered[0].answer.contains("Oslo"),
                "{:?}",
                rendered[0]
            );
        }
    });
}

#[test]
fn an_update_replaces_one_note_and_keeps_the_history() {
    for_each_version(|anki| {
        let ((before, log, after, again, last), outcome) = play(anki, |script| {
            write_author(script);
            let first = script.export("first", Container::Legacy);
            script.edit(Which::guid("river"), "Back", "The river Seine", START + DAY);
            let second = script.export("second", Container::Latest);
            script.open("learner");
            script.import(&Import::of(&first).at(START + 10));
            script.answer(Which::all(), &[Grade::Good, Grade::Easy]);
            script.answer(Which::text("Seine"), &[Grade::Again, Grade::Hard]);
            script.suspend(Which::guid("city").ord(1));
            script.flag(Which::search("deck:World::Water"), 3);
            script.move_to(Which::guid("city").ord(0), "Mine");
            let before = script.dump();
            let log = script.import(&Import::of(&second).at(START + DAY + 10));
            let after = script.dump();
            let again = script.import(&Import::of(&second).at(START + DAY + 20));
            (before, log, after, again, script.dump())
        });
        let (before, after, last) = (outcome.get(&before), outcome.get(&after), outcome.get(&last));
        assert_imported(&outcome.get(&log), &after, &[], &["The river Seine"]);
        assert_guids_kept(&before, &after, 0);
        assert_history_kept(&before, &after);
        assert_eq!(outcome.get(&again).counts(), (0, 0, 2, 0));
        assert_eq!(after.notes, last.notes, "the same package again changes nothing");
        let [oslo, norway] = after.cards_of("city")[..] else { panic!("two cards") };
        assert_eq!((oslo.deck.as_deref(), oslo.reps, oslo.revlog.len(), oslo.kind), (Some("Mine"), 2, 2, 2));
        assert_eq!((norway.queue, norway.flags), (-1, 0));
        let [river] = after.cards_of("river")[..] else { panic!("one card") };
        assert_eq!((river.reps, river.lapses, river.flags, river.revlog.len()), (4, 1, 3, 4));
        let stamp = if anki.version() == Version::V26_9_3 { START + DAY } else { START + DAY + 10 };
        assert_eq!(
            after.note("Seine").modified.cast_unsigned(),
            stamp,
            "up to 24.11 an update carries the import's time"
        );
    });
}

#[test]
fn a_learners_own_edit_stays_until_the_author_changes_that_note() {
    for_each_version(|anki| {
        let ((kept, replaced), outcome) = play(anki, |script| {
            write_author(script);
            let first = script.export("first", Container::Legacy);
            script.edit(Which::guid("river"), "Back", "The river Seine", START + 2 * DAY);
            let second = script.export("second", Container::Legacy);
            script.open("learner");
            script.import(&Import::of(&first).at(START + 10));
            script.edit(Which::guid("river"), "Back", "my own words", START + DAY);
            script.tag(Which::guid("river"), "mine", START + DAY);
            script.import(&Import::of(&first).at(START + DAY + 10));
            let kept = script.dump();
            script.import(&Import::of(&second).at(START + 2 * DAY + 10));
            (kept, script.dump())
        });
        let (kept, replaced) = (outcome.get(&kept), outcome.get(&replaced));
        assert_eq!(
            (&*kept.note("river?").fields[1], &*kept.note("river?").tags),
            ("my own words", &["mine".to_owned()][..])
        );
        assert_eq!(
            (&*replaced.note("river?").fields[1], &*replaced.note("river?").tags),
            ("The river Seine", &[][..])
        );
    });
}

#[test]
fn a_deleted_note_comes_back_and_a_renamed_deck_is_made_again() {
    for_each_version(|anki| {
        let ((log, dump), outcome) = play(anki, |script| {
            write_author(script);
            let package = script.export("first", Container::Legacy);
            script.open("learner");
            script.import(&Import::of(&package).at(START + 10));
            script.delete(Which::guid("city"));
            script.rename_deck("World::Water", "Rivers");
            (script.import(&Import::of(&package).at(START + 20)), script.dump())
        });
        let (log, dump) = (outcome.get(&log), outcome.get(&dump));
        assert_imported(&log, &dump, &["Oslo"], &[]);
        assert_eq!(dump.cards_of("river")[0].deck.as_deref(), Some("Rivers"));
        assert!(dump.decks.iter().any(|deck| deck.name == "World::Water"));
    });
}

#[test]
fn a_known_guid_under_another_note_type_is_conflicting_and_nothing_arrives() {
    for_each_version(|anki| {
        let ((before, log, after, merged), outcome) = play(anki, |script| {
            write_author(script);
            let first = script.export("first", Container::Legacy);
            script.delete(Which::guid("river"));
            let fields = [("Front", "Which river?"), ("Back", "The Seine, both ways")];
            script.add_note("river", "Basic (and reversed card)", "World::Water", &fields, START + DAY);
            let second = script.export("second", Container::Legacy);
            script.open("learner");
            script.import(&Import::of(&first).at(START + 10));
            script.answer(Which::all(), &[Grade::Easy]);
            let before = script.dump();
            let log = script.import(&Import::of(&second).at(START + DAY + 10));
            let after = script.dump();
            let merging = Import::of(&second).merging_note_types().update_notes(Condition::IfNewer);
            let merged = script.import(&merging.update_note_types(Condition::IfNewer).at(START + DAY + 20));
            script.which_may_fail();
            (before, log, after, merged)
        });
        let log = outcome.get(&log);
        assert_eq!(log.counts(), (0, 0, 1, 1));
        assert_eq!(log.conflicting[0].fields, ["Which river?", "The Seine, both ways"]);
        let (before, after) = (outcome.get(&before), outcome.get(&after));
        assert_eq!((before.notes, before.cards), (after.notes, after.cards));
        match anki.version() {
            Version::V2_1_66 => assert!(outcome.error(&merged).message.contains("imports without options")),
            Version::V24_11 | Version::V26_9_3 => assert_eq!(outcome.get(&merged).counts(), (0, 1, 1, 0)),
        }
    });
}

#[test]
fn a_new_cloze_number_brings_its_card_and_a_dropped_one_leaves_an_empty_card() {
    for_each_version(|anki| {
        let ((before, added, more, sound, dropped, fewer, empty), outcome) = play(anki, |script| {
            script.open("author");
            script.add_note("city", "Cloze", "World", &[("Text", "Norway: {{c1::Oslo}}")], START);
            let first = script.export("first", Container::Legacy);
            script.edit(Which::guid("city"), "Text", "{{c2::Norway}}: {{c1::Oslo}}", START + DAY);
            let second = script.export("second", Container::Legacy);
            script.edit(Which::guid("city"), "Text", "{{c2::Norway}}: Oslo", START + 2 * DAY);
            script.sql("delete from cards where ord = 0");
            let third = script.export("third", Container::Legacy);
            script.open("learner");
            script.import(&Import::of(&first).at(START + 10));
            script.answer(Which::all(), &[Grade::Easy]);
            let before = script.dump();
            let added = script.import(&Import::of(&second).at(START + DAY + 10));
            let more = script.dump();
            let sound = Soundness::of(script);
            let dropped = script.import(&Import::of(&third).at(START + 2 * DAY + 10));
            (before, added, more, sound, dropped, script.dump(), script.empty_cards())
        });
        let (before, more, fewer) = (outcome.get(&before), outcome.get(&more), outcome.get(&fewer));
        assert_imported(&outcome.get(&added), &more, &[], &["{{c2::Norway}}: {{c1::Oslo}}"]);
        assert_history_kept(&before, &more);
        assert_eq!(more.cards.len(), 2);
        sound.assert(&outcome);
        assert_imported(&outcome.get(&dropped), &fewer, &[], &["{{c2::Norway}}: Oslo"]);
        assert_history_kept(&more, &fewer);
        assert_eq!(outcome.get(&empty).iter().map(|card| card.ord).collect::<Vec<_>>(), [0]);
    });
}

#[test]
fn scheduling_arrives_only_where_the_learner_asks_for_it() {
    on_newest(|anki| {
        let ((plain, asked, refused), outcome) = play(anki, |script| {
            write_author(script);
            script.answer(Which::guid("river"), &[Grade::Easy]);
            let package = script.export_with_scheduling("first");
            script.open("learner");
            script.import(&Import::of(&package).update_notes(Condition::Always));
            let plain = script.dump();
            script.open("other");
            script.import(&Import::of(&package).with_scheduling());
            let asked = script.dump();
            let gone = package.with_extension("gone");
            let refused = script.import(&Import::of(&gone).update_notes(Condition::Never));
            script.which_may_fail();
            (plain, asked, refused)
        });
        let reps = |dump: Dump| {
            dump.cards_of("river").iter().map(|card| (card.reps, card.revlog.len())).collect::<Vec<_>>()
        };
        assert_eq!(reps(outcome.get(&plain)), [(0, 0)]);
        assert_eq!(reps(outcome.get(&asked)), [(1, 1)]);
        assert!(outcome.error(&refused).message.contains("first.gone"), "{:?}", outcome.error(&refused));
    });
}

#[test]
fn a_text_file_updates_by_its_guid_column() {
    for_each_version(|anki| {
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let file = folder.path().join("notes.txt");
        let text = "#separator:tab\n#html:true\n#guid column:1\ng1\tWhich river?\tThe Seine\ng2\tWhich sea?\tThe Baltic\n";
        let changed = folder.path().join("changed.txt");
        fs::write(&file, text).expect("the temporary folder is writable");
        fs::write(&changed, text.replace("Seine", "river Seine")).expect("the temporary folder is writable");
        let ((first, second, dump), outcome) = play(anki, |script| {
            script.open("learner");
            let first = script.import_text_as(&file, "Default", "Basic");
            (first, script.import_text_as(&changed, "Default", "Basic"), script.dump())
        });
        let dump = outcome.get(&dump);
        assert_imported(&outcome.get(&first), &dump, &["river Seine", "Baltic"], &[]);
        assert_imported(&outcome.get(&second), &dump, &[], &["river Seine"]);
        assert_eq!(dump.guids(), ["g1", "g2"]);
    });
}

/// Breaks collections by SQL, each by one statement, and asserts what is found to be wrong with it: each fault begins
/// with one of the texts, and there is none where there are no texts.
fn check_damage(cases: &[(&str, &[&str])]) {
    for_each_version(|anki| {
        let (found, outcome) = play(anki, |script| {
            let damage = |(number, (statement, _)): (usize, &(&str, _))| {
                script.open(&format!("author-{number}"));
                write_notes(script);
                script.sql(statement);
                Soundness::of(script)
            };
            cases.iter().enumerate().map(damage).collect::<Vec<_>>()
        });
        for ((statement, faults), found) in cases.iter().zip(found) {
            let found = found.faults(&outcome);
            let known = found.iter().all(|fault| faults.iter().any(|start| fault.starts_with(start)));
            assert!(known && found.is_empty() == faults.is_empty(), "{statement}: {found:#?}");
        }
    });
}

#[test]
fn each_kind_of_damage_is_found() {
    check_damage(&[
        ("select 1", &[]),
        // A card that Anki would make is missing.
        ("delete from cards where ord = 1", &["Check Database silently: made: card"]),
        ("update cards set did = 77 where ord = 1", &["Check Database: "]),
        ("update notes set flds = flds || char(31) where guid = 'city'", &["Check Database"]),
        ("update cards set due = 2000000 where ord = 1", &["Check Database"]),
        ("update notes set flds = replace(flds, 'seine', 'rhine')", &["media file missing: rhine.png"]),
        (
            "update notes set flds = replace(flds, 'c2::', 'c3::')",
            &["Check Database silently: made", "empty card: ", "question: ", "answer: "],
        ),
        (
            "update notes set flds = char(31) where guid = 'river'",
            &["empty card: ", "question: ", "answer: "],
        ),
        // Braces of a cloze deletion in a note type without any are shown as they are.
        ("update notes set flds = flds || '{{c1::x}}' where guid = 'river'", &["answer: "]),
    ]);
}

#[test]
fn each_template_error_of_anki_is_found() {
    // The templates of a note type are stored as protobuf: a text of equal length keeps it whole.
    let statements = ["{{Bock}}", "{{#Bak}}", "{{Back. "].map(|wrong| {
        format!(
            "update templates set config = cast(replace(cast(config as text), '{{{{Back}}}}', '{wrong}') as blob) \
             where name = 'Card 1'"
        )
    });
    let faults: &[&str] = &["question: ", "answer: "];
    check_damage(&statements.each_ref().map(|statement| (statement.as_str(), faults)));
}

#[test]
fn a_half_made_environment_is_made_anew() {
    let root = tempfile::tempdir().expect("the temporary folder is writable");
    let half = root.path().join(Version::V24_11.name());
    fs::create_dir_all(half.join("bin")).expect("the temporary folder is writable");
    fs::write(half.join("bin/python"), "not a program").expect("the temporary folder is writable");
    fs::write(half.join("complete"), "other pins").expect("the temporary folder is writable");
    on_newest(|_| {
        let older = Version::V24_11.environment();
        let install = || venv::install(root.path(), older, &venv::candidates(older));
        let python = install().expect("where the newest Anki is installed, an older one can be");
        let pins = fs::read_to_string(half.join("complete")).expect("the environment is marked complete");
        assert_ne!(pins, "other pins");
        assert_eq!(install(), Ok(python), "the second time it is there");
    });
}

#[test]
fn a_missing_python_is_a_reason_in_one_line() {
    let root = tempfile::tempdir().expect("the temporary folder is writable");
    let interpreters = ["no-such-python".to_owned(), "no-such-python-either".to_owned()];
    let expected = "it needs Python 3.10 to 3.13 with the venv module, and none of no-such-python, \
                    no-such-python-either is that";
    let found = venv::install(root.path(), Version::V26_9_3.environment(), &interpreters);
    assert_eq!(found, Err(expected.to_owned()));
}
