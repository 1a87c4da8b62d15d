//! Whole packages on the real Anki: every kind of note and media in both containers, two projects side by side, and
//! Anki's text format on top of a package.

use std::collections::BTreeSet;
use std::fs::File;

use super::compare::{Soundness, assert_guids_kept, assert_history_kept, assert_imported};
use super::dump::{Dump, NoteType};
use super::identity::{HOUR, START, card, times};
use super::project::Project;
use super::script::{Container, Grade, Import, Which};
use super::{for_each_version, sha256};

const RED: &[u8] = include_bytes!("media/red.png");
const SILENCE: &[u8] = include_bytes!("media/silence.wav");

/// One note of each kind (the explicit forms first: under a heading they would make it a section), with what is hard to carry: braces in a cloze, code, mathematics, a table, an image, a sound.
const EVERYTHING: &str = r"---
deck: Everything::Of it
tags: all
---

QA: Reversed front
A: reversed back

C: Nested {{c1::one and {{c2::two}}}}, with $\frac{1}{{2}}$ and {{c3::three::a hint}}.

C: Code in a deletion: {{c1::`std::mem`}} and {{c2::$\frac{a}{{b}}$}}.

## Basic with an image?

![a red dot](img/red%20dot.png)

| a | b |
|---|---|
| 1 | 2 |

## Typed answer? {type=type-in}

forty two

## How does it sound?

[sound:silence.wav]

## Code with braces?

```jinja
{{ value }} <b>&amp;</b>
	{% if a %}
```
";

/// Of each note: a text in its fields, its note type, and how many cards it has.
const NOTES: [(&str, &str, usize); 7] = [
    ("Basic with an image?", "deckc Basic", 1),
    ("Reversed front", "deckc Reversed", 2),
    ("Nested", "deckc Cloze", 3),
    ("Code in a deletion", "deckc Cloze", 2),
    ("Typed answer?", "deckc Type-in", 1),
    ("How does it sound?", "deckc Basic", 1),
    ("Code with braces?", "deckc Basic", 1),
];

#[test]
fn both_containers_carry_every_kind_of_note_and_its_media() {
    let mut project = Project::new("everything");
    project.write("notes/all.md", EVERYTHING);
    project.write("notes/img/red dot.png", RED);
    project.write("notes/silence.wav", SILENCE);
    for (container, members) in [
        (Container::Legacy, &["collection.anki2", "collection.anki21", "media"][..]),
        (Container::Latest, &["collection.anki2", "collection.anki21b", "media", "meta"][..]),
    ] {
        let build = project.build(START, container);
        let file = File::open(&build.package).expect("the build's package is readable");
        let archive = zip::ZipArchive::new(file).expect("the package is a zip archive");
        let names: BTreeSet<String> =
            archive.file_names().map(|name| name.expect("member names are text").into_owned()).collect();
        assert!(members.iter().all(|member| names.contains(*member)), "{members:?} should be in {names:?}");
        for_each_version(|anki| {
            let mut script = anki.script();
            script.open("learner");
            let log = script.import(&Import::of(&build.package).at(START + HOUR));
            let dump = script.dump();
            let sound = Soundness::of(&mut script);
            let outcome = script.run();
            let dump = outcome.get(&dump);
            assert_imported(&outcome.get(&log), &dump, &NOTES.map(|(text, _, _)| text), &[]);
            for (text, note_type, cards) in NOTES {
                let note = dump.note(text);
                let found = (note.notetype.as_deref(), dump.cards_of(&note.guid).len());
                assert_eq!(found, (Some(note_type), cards), "{note:#?}");
            }
            let media: BTreeSet<String> = dump.media.values().cloned().collect();
            let expected = [RED, SILENCE].map(sha256);
            assert!(
                expected.iter().all(|hash| media.contains(hash)),
                "{expected:?} should be in {:?}",
                dump.media
            );
            let rendered = sound.assert(&outcome);
            let answer = |text: &str, ord| card(&rendered, &dump.note(text).guid, ord).answer.clone();
            assert!(
                answer("Reversed front", 1).contains("Reversed front"),
                "the second card asks the other way"
            );
            assert!(answer("Nested", 2).contains("three"), "{}", answer("Nested", 2));
            assert!(answer("Code with braces?", 0).contains("value"), "{}", answer("Code with braces?", 0));
        });
    }
}

/// The sources of a project whose style is its own; both projects ask the same question.
fn write_styled(project: &Project, style: &str, answer: &str) {
    project.write("deckc.toml", "style = \"style.css\"\n");
    project.write("style.css", format!(".card {{ color: {style}; }}\n"));
    project.write("notes/words.md", format!("---\ndeck: Words\n---\n\n## Definition?\n\n{answer}\n"));
}

/// The note types that notes use.
fn used(dump: &Dump) -> Vec<&NoteType> {
    dump.notetypes.iter().filter(|note_type| note_type.notes > 0).collect()
}

#[test]
fn two_projects_with_the_same_question_live_side_by_side_each_in_its_own_style() {
    let mut clock = times();
    let mut next = || clock.next().expect("the clock never stops");
    let mut projects = [Project::new("alpha"), Project::new("beta")];
    let (first, second, third) = (next(), next(), next());
    let mut build = |at, release: [(&str, &str); 2]| {
        for (project, (style, answer)) in projects.iter().zip(release) {
            write_styled(project, style, answer);
        }
        projects.each_mut().map(|project| project.build(at, Container::Legacy).package)
    };
    let releases = [
        (first, build(first, [("teal", "Alpha's answer."), ("navy", "Beta's answer.")])),
        (second, build(second, [("olive", "Alpha's answer."), ("maroon", "Beta's answer.")])),
        (third, build(third, [("olive", "Alpha's better answer."), ("maroon", "Beta's answer.")])),
    ];
    for_each_version(|anki| {
        let mut script = anki.script();
        script.open("learner");
        let mut rounds = Vec::new();
        for (at, packages) in &releases {
            let logs = packages.each_ref().map(|package| script.import(&Import::of(package).at(at + HOUR)));
            let sound = Soundness::of(&mut script);
            let after = script.dump();
            script.answer(Which::all(), &[Grade::Easy]);
            rounds.push((logs, sound, after, script.dump()));
        }
        let outcome = script.run();
        let dumps: Vec<[Dump; 2]> =
            rounds.iter().map(|(_, _, after, studied)| [outcome.get(after), outcome.get(studied)]).collect();
        let counts: Vec<_> =
            rounds.iter().map(|(logs, ..)| logs.each_ref().map(|log| outcome.get(log).counts())).collect();
        let (added, unchanged, updated) = ((1, 0, 0, 0), (0, 0, 1, 0), (0, 1, 0, 0));
        assert_eq!(counts, [[added, added], [unchanged, unchanged], [updated, unchanged]]);
        for (number, colours) in
            [["teal", "navy"], ["olive", "maroon"], ["olive", "maroon"]].iter().enumerate()
        {
            rounds[number].1.assert(&outcome);
            let after = &dumps[number][0];
            assert_eq!((after.notes.len(), used(after).len()), (2, 2), "{:#?}", after.notetypes);
            for (answer, colour) in ["Alpha's", "Beta's"].iter().zip(colours) {
                let note_type = after.note(answer).notetype_id;
                let note_type = used(after)
                    .into_iter()
                    .find(|used| used.id == note_type)
                    .expect("the note's type exists");
                assert!(note_type.css.contains(colour), "{answer} style should be {colour}: {note_type:#?}");
                assert!(!note_type.name.contains('+'), "it clashes: {note_type:#?}");
            }
            if number > 0 {
                assert_guids_kept(&dumps[number - 1][1], after, 0);
                assert_history_kept(&dumps[number - 1][1], after);
            }
        }
        assert!(dumps[2][0].note("Alpha's").holds("better"));
    });
}

#[test]
fn two_projects_without_a_style_share_the_built_in_note_type() {
    let packages = ["alpha", "beta"].map(|name| {
        let mut project = Project::new(name);
        project.write("notes/words.md", "---\ndeck: Words\n---\n\n## Definition?\n\nA word.\n");
        let build = project.build(START, Container::Legacy);
        (project, build)
    });
    for_each_version(|anki| {
        let mut script = anki.script();
        script.open("learner");
        let logs =
            packages.each_ref().map(|(_, build)| script.import(&Import::of(&build.package).at(START + HOUR)));
        let dump = script.dump();
        let outcome = script.run();
        assert_eq!(logs.map(|log| outcome.get(&log).counts()), [(1, 0, 0, 0), (1, 0, 0, 0)]);
        let dump = outcome.get(&dump);
        let types: Vec<(&str, usize)> =
            used(&dump).iter().map(|used| (used.name.as_str(), used.notes)).collect();
        assert_eq!(types, [("deckc Basic", 2)]);
    });
}

#[test]
fn the_text_format_updates_the_notes_of_a_package() {
    let mut project = Project::new("words");
    let words =
        "---\ndeck: Words\ntags: word\n---\n\n## Tar?\n\nAn archive.\n\n## Zip?\n\nA compressed archive.\n";
    project.write("notes/words.md", words);
    let mut clock = times();
    let (first, second) = (clock.next().unwrap_or(START), clock.next().unwrap_or(START));
    let package = project.build(first, Container::Legacy);
    project.write("notes/words.md", words.replace("An archive.", "A stream of files."));
    let text = project.build_text(second);
    for_each_version(|anki| {
        let mut script = anki.script();
        script.open("learner");
        script.import(&Import::of(&package.package).at(first + HOUR));
        script.answer(Which::all(), &[Grade::Easy]);
        let before = script.dump();
        let log = script.import_text(&text.package);
        let after = script.dump();
        let sound = Soundness::of(&mut script);
        let outcome = script.run();
        let (log, before, after) = (outcome.get(&log), outcome.get(&before), outcome.get(&after));
        assert_imported(&log, &after, &[], &["A stream of files"]);
        assert_guids_kept(&before, &after, 0);
        assert_history_kept(&before, &after);
        assert_eq!(after.note("Tar?").tags, ["word"]);
        let refused =
            [&log.first_field_match, &log.missing_notetype, &log.missing_deck, &log.empty_first_field];
        assert!(refused.iter().all(|list| list.is_empty()), "{refused:#?}");
        sound.assert(&outcome);
    });
}
