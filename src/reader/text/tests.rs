use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::strategy::Strategy;

use super::Text;
use crate::diagnostic::Diagnostics;
use crate::model::BuiltIn;
use crate::reader::testing::{assert_covered, shown};
use crate::reader::{Reader, Settings};
use crate::source::SourceMap;

/// Reads `text` as LF and, with a byte order mark, as CRLF; both must give `expected`.
fn check(text: &str, expected: &str) {
    check_with(text, &Settings::default(), expected);
}

fn check_with(text: &str, settings: &Settings, expected: &str) {
    let found = shown(&Text, "a.txt", text, settings);
    assert_eq!(found.trim_end(), expected.trim_end(), "\n--- found\n{found}--- for\n{text}");
    let marked = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let windows = shown(&Text, "a.txt", &marked, settings);
    assert_eq!(windows, found, "with a byte order mark and CRLF");
}

fn reason(path: &str, text: &str) -> String {
    let mut map = SourceMap::default();
    let id = map.add(path.into(), text.into());
    Text.detect(map.file(id)).map_or_else(String::new, |found| format!("{} {}", found.score, found.reason))
}

#[test]
fn a_label_for_both_directions_makes_a_reversed_note() {
    check("QA: hus\nA: house\n\nQ: by\nA: town\n", "reversed: hus | house\nbasic: by | town");
}

#[test]
fn labels_mark_questions_and_answers_over_many_lines() {
    check(
        "Q: What is it?\nA: This.\n\nSecond paragraph.\n\nQ: And\nthat?\nA:\n- one\n- two\n  more\n",
        "basic: What is it? | This.¶Second paragraph.\nbasic: And_that? | (• one • two_more)",
    );
}

#[test]
fn a_question_mark_on_a_line_of_its_own_parts_a_block() {
    check(
        "Capital\nof Norway\n?\nOslo\n\nriver\n??\nelv\n\nsea\n?\nhav\n?\nsjø\n",
        "basic: Capital_of Norway | Oslo\nreversed: river | elv\nbasic: sea | hav/?/sjø\nD017 13:1 this line stands between no question and its answer; it was read as text",
    );
    assert_eq!(
        reason("a.txt", "Capital\n?\nOslo\n"),
        "60 plain text: blocks with `?` between the sides, 1 of 1 with a back"
    );
}

#[test]
fn labels_take_the_full_width_colon_and_every_script() {
    check(
        "Q： 首都は？\nA：東京\nQ: מה הבירה?\nA: ירושלים\nQ: cafe\u{301}\nA: x\n",
        "basic: 首都は？ | 東京\nbasic: מה הבירה? | ירושלים\nbasic: cafe\u{301} | x",
    );
}

#[test]
fn labels_that_are_not_written_right_are_read_where_they_fit_and_reported() {
    check(
        "q: one\na: yes\n\nQ: two\nQuestion: more\nAnswer: ok\nQ1: three\nA1: x\nQ2: four\nA2: y\n\u{200b}Q: five\nA: z\n",
        "basic: one | yes\nbasic: two/Question: more | ok\nbasic: three | x\nbasic: four | y\nbasic: five | z\n\
         D004 1:1 `q:` was read as `Q:`\n\
         D004 2:1 `a:` was read as `A:`\n\
         D004 5:1 `Question:` looks like `Q:` and was read as text\n\
         D004 6:1 `Answer:` was read as `A:`\n\
         D004 7:1 `Q1:` was read as `Q:` +9:1\n\
         D004 8:1 `A1:` was read as `A:` +10:1\n\
         D021 11:1 U+200B, which cannot be seen, stands before the label",
    );
}

#[test]
fn a_side_without_the_other_is_reported_and_the_next_card_kept() {
    check(
        "A: first\nmore\nQ: none\nQ: \nA: x\nQ: y\nA:\nQ: z\nA: 1\nA: 2\n",
        "basic: y\nbasic: z | 1¶2\n\
         prose: A: first/more/Q: none/Q: /A: x\n\
         D003 1:1 `A:` without a `Q:` before it\n\
         D002 3:1 `Q:` without an `A:`\n\
         D018 4:1 `Q:` with nothing behind it\n\
         D008 6:1 card whose answer is empty\n\
         D003 10:1 a second `A:` in one card +8:1",
    );
}

#[test]
fn the_count_of_a_quizlet_page_is_metadata_and_the_line_above_it_the_title() {
    for count in ["Terms in this set (4)", "Begriffe in diesem Set (4)"] {
        let page = format!(
            "World capitals\n{count}\nNorway\nOslo\nSweden\nStockholm\nFinland\nHelsinki\nDenmark\nCopenhagen\n"
        );
        let found = shown(&Text, "a.txt", &page, &Settings::default());
        assert!(found.starts_with("basic World capitals: Norway | Oslo\n"), "{found}");
        assert!(!found.contains(count), "{found}");
    }
}

#[test]
fn a_title_names_the_deck_unless_the_settings_do() {
    check("# Deck\nintro\n\nQ: a\nA: b\n---\nafter\n", "basic Deck: a | b\nprose: intro\nprose: after");
    check("My deck\n\nQ: a\nA: b\n", "basic My deck: a | b");
    check("My deck\n\na\tb\n", "basic My deck: a | b");
    check(
        "My deck\n\nFrance\nParis\n\nSpain\nMadrid\n",
        "basic My deck: France | Paris\nbasic My deck: Spain | Madrid",
    );
    let settings = Settings {
        deck: Some("Set".into()),
        tags: vec!["t".into()],
        note_type: Some(BuiltIn::Reversed),
        source: Some("book".into()),
        ..Settings::default()
    };
    check_with(
        "# Deck\na\tb\n{{c1::x}}\ty\n",
        &settings,
        "reversed Set #t: a | b |  |  |  | book\ncloze Set #t: [1:x] | y |  |  | book",
    );
}

#[test]
fn ids_stand_behind_the_first_line_or_under_the_card() {
    check(
        "<!-- id: lost -->\n\na\tb <!-- id: ab -->\nc\td\n<!-- id: cd -->\n\ne\tf <!-- id: e -->\n<!-- id: e2 -->\n",
        "basic {ab}: a | b\nbasic {cd}: c | d\nbasic {e}: e | f\n\
         D014 1:10 id `lost` belongs to no card\nD014 8:10 a second id, `e2`, on one card +7:14",
    );
    check("Q: a <!-- id: x -->\nA: b\n\nQ: c\n<!-- id: y -->\nA: d\n", "basic {x}: a | b\nbasic {y}: c | d");
    check(
        "France\nParis\n\nSpain\nMadrid\n<!-- id: es -->\n",
        "basic: France | Paris\nbasic {es}: Spain | Madrid",
    );
}

#[test]
fn tabs_split_term_definition_and_tags() {
    check(
        "term\tdef\tone two\nb\tc\nno tab here\nd\te\tthree\n  more of e\n",
        "basic #one #two: term | def\nbasic: b | c\nbasic #three: d | e_more of e\nprose: no tab here\n\
         D017 3:1 line without a tab between a term and a definition; it makes no card",
    );
    check(
        "a\tb\tThis is a sentence.\nc\td\tx\tmore\n",
        "basic: a | b | This is a sentence.\nbasic: c | d | x¶more",
    );
}

#[test]
fn one_separator_on_nearly_every_line_splits_it() {
    check(
        "Nile - Africa\nAmazon - South America\n- Rhine - Europe\nnonsense\nVolga - Europe\n  longest there\n",
        "basic: Nile | Africa\nbasic: Amazon | South America\nbasic: Rhine | Europe\nbasic: Volga | Europe_longest there\n\
         prose: nonsense\nD017 4:1 line without ` - ` between a term and a definition; it makes no card",
    );
    check(
        "HTTP: a protocol\nTLS: see https://x.y/z\n\n# Other\nFTP: old\n- really\n- old\n",
        "basic: HTTP | a protocol\nbasic: TLS | see https://x.y/z\nbasic: FTP | old¶(• really • old)",
    );
    check("a::b\nc :: d\n{{c1::x}} y\n", "basic: a | b\nbasic: c | d\ncloze: [1:x] y");
    check("a – b\nc – d\n", "basic: a | b\nbasic: c | d");
    check("a = b\nc = d = e\n", "basic: a | b\nbasic: c | d = e");
    check("東京：日本\nパリ：フランス\n", "basic: 東京 | 日本\nbasic: パリ | フランス");
}

#[test]
fn two_habits_are_reported() {
    check(
        "a - b\nc = d\ne - f\ng = h\n",
        "basic: a | b\nbasic: e | f\nprose: c = d\nprose: g = h\n\
         D017 2:1 line without ` - ` between a term and a definition; it makes no card +4:1",
    );
    check(
        "a: b - c\nd: e - f\n",
        "basic: a: b | c\nbasic: d: e | f\n\
         D017 1:1 both ` - ` and `: ` could stand between the sides; ` - ` was taken +2:1",
    );
    check(
        "Q: a\nA: b\nc\td\ne\tf\n",
        "basic: a | b_c\td_e\tf\n\
         D017 3:1 lines with a tab in a page that marks its cards with `Q:` and `A:` +4:1",
    );
}

#[test]
fn blank_lines_split_blocks_of_a_front_and_a_back() {
    check(
        "France\nParis\n\nSpain\nMadrid\nis big\n\nNorway\n- Oslo\n  - centre\n- not Bergen\n1. x\n\nalone\n\nWhat is\nit?\n",
        "basic: France | Paris\nbasic: Spain | Madrid_is big\nbasic: Norway | (• Oslo¶(• centre) • not Bergen)¶(1. x)\n\
         basic: What is | it?\nprose: alone\n\
         D008 14:1 a block of one line has no back; it makes no card",
    );
}

#[test]
fn rules_split_cards_too() {
    check(
        "What?\nThis.\n---\nWho?\n\nMe.\nYou.\n---\nlost\n",
        "basic: What? | This.\nbasic: Who? | Me./You.\nprose: lost\n\
         D008 9:1 nothing stands under the first line between two rules; it makes no card",
    );
}

#[test]
fn unfinished_lines_join_up() {
    check(
        "Role?\nwe need to attach an\nEC2 profile, which\nthen works.\nDone\n\nB?\nc\n",
        "basic: Role? | we need to attach an_EC2 profile, which_then works./Done\nbasic: B? | c",
    );
    check(
        "A?\nIt ends.\nlower (too.)\nlower\n\nB?\nc\n",
        "basic: A? | It ends./lower (too.)/lower\nbasic: B? | c",
    );
    check(
        "When?\n3. Oktober\n\nHow many?\n1. one\n2. two\n",
        "basic: When? | 3. Oktober\nbasic: How many? | (1. one 1. two)",
    );
}

#[test]
fn deletions_make_cloze_notes() {
    check(
        "{{c1::a}} one\n{{c2::b}} two\n\nA longer text\nwith {{c1::c::hint}} in it\n\nProse here.\n{{c1::open\n",
        "cloze: [1:a] one\ncloze: [2:b] two\ncloze: A longer text_with [1:c|hint] in it\nprose: Prose here./{{c1::open\n\
         D001 8:1 cloze deletion is never closed",
    );
    check(
        "Q: a\nA: b\n\n{{c1::Oslo}} is the capital\nof Norway\n\nQ: in {{c1::q}}\nA: b\nQ: q2\nA: in {{c2::a}}\nC: some {{c::x}}\nQ: z\nA: {{c1::open\n",
        "basic: a | b\ncloze: [1:Oslo] is the capital_of Norway\ncloze: in [1:q] | b\ncloze: q2¶in [2:a]\ncloze: some [:x]\nbasic: z | {{c1::open\n\
         D001 13:4 cloze deletion is never closed",
    );
    check(
        "France\nParis\n\n{{c0::x}} y\n\nSpain\nMadrid\n",
        "basic: France | Paris\ncloze: {{c0::x}} y\nbasic: Spain | Madrid\n\
         D006 4:1 Anki makes no card for cloze number 0\nD010 4:1 cloze note without a deletion that can be used",
    );
}

#[test]
fn letters_manuals_poems_and_talk_make_no_cards() {
    let prose = [
        "Dear Anna,\n\nthank you for your letter, which came on Monday. We were glad to hear from you: it has been long.\nThe garden is fine - the roses are in bloom.\n\nLast week Tom went to the city; he bought a hat. It suits him.\n\nBest wishes,\nMaria\n",
        "This is the first paragraph of a text that somebody wrapped at\nseventy columns, as people did with electronic mail in the old\ndays. It goes on.\n\nHere is another paragraph, which has a few lines as well and is\nnot a card at all, whatever a program may think about it when it\nreads it.\n\nShort one.\n",
        "MYTOOL\n======\n\nA tool that does things.\n\nInstallation\n------------\nRun the installer:\n    ./install.sh\n\nUsage\n-----\nmytool FILE\n",
        "# Tool\n\n## Install\nRun it\nnow\n\n## Use\nUse it\nwell\n",
        "Two roads met in a yellow wood,\nAnd I could take but one of them\nAnd stood there long\n\nThen took the other, just as fair,\nAnd better too perhaps,\nBecause it wanted wear;\n",
        "Anna: Hi\nBen: Hello\nAnna: How are you?\nBen: Fine\nAnna: Bye\nBen: Bye\n",
        "From: a@b.c\nTo: d@e.f\nSubject: cards\nDate: today\n\nHello\nthere\n\nBye\nnow\n",
        "Permission is granted, free of charge, to any\nperson obtaining a copy of this software and\nits documentation.\n\nThe notice above shall be included in all\ncopies, and in parts of them that are\nsubstantial.\n",
        "one line\n",
    ];
    for text in prose {
        let found = shown(&Text, "a.txt", text, &Settings::default());
        assert!(found.starts_with("prose: ") && found.contains("D109 1:1 no cards found: "), "{found}");
    }
    check("", "");
    check("\n \n", "");
}

#[test]
fn the_reason_names_the_habit_and_its_evidence() {
    assert_eq!(
        reason("a.txt", "Q: a\nA: b\n"),
        "90 plain text: `Q:` and `A:` labels, 1 question and 1 answer"
    );
    assert_eq!(reason("-", "a\tb\nc\td\n"), "85 plain text: a tab between the sides, 2 of 2 lines");
    assert_eq!(
        reason("a.txt", "---\ndeck: x\n---\na - b\nc - d\n"),
        "70 plain text: ` - ` between the sides, 2 of 2 lines"
    );
    assert_eq!(
        reason("a.txt", "F\nP\n\nS\nM\n"),
        "60 plain text: blocks with blank lines between them, 2 of 2 with a back"
    );
    assert_eq!(
        reason("a.txt", "F?\nP\n---\nS?\nM\n"),
        "60 plain text: rules between the cards, 2 of 2 cards with a back"
    );
    assert_eq!(reason("a.txt", "{{c1::a}}\n"), "80 plain text: 1 block with `{{c…}}`");
    assert_eq!(
        reason("a.txt", "What is a?\nIt is b.\nWhat is c?\nIt is d.\n"),
        "50 plain text: a pasted page, nothing marks the cards"
    );
    let long = "What is a?\nIt is b.\n".repeat(9);
    assert_eq!(
        reason("a.txt", &format!("{long}\n{long}")),
        "50 plain text: a pasted page, nothing marks the cards"
    );
    assert_eq!(reason("a.txt", "Dear all,\n"), "5 plain text: it reads like prose");
    assert_eq!(reason("a.md", "Q: a\nA: b\n"), "");
}

#[test]
fn a_pasted_page_keeps_every_line_and_says_its_doubts() {
    let text = "Capitals of Europe\nFrance\nIts capital is Paris.\nSpain\nIts capital is Madrid, which\nlies in the middle.\n\
                What is the capital of Norway?\nOslo\nWhere is Rome?\nIt is in Italy.\n";
    let found = shown(&Text, "a.txt", text, &Settings::default());
    assert!(found.contains("What is the capital of Norway?") && !found.contains("prose: "), "{found}");
    let mut map = SourceMap::default();
    let id = map.add("a.txt".into(), text.into());
    let mut diagnostics = Diagnostics::default();
    let draft = Text.read(map.file(id), &Settings::default(), &mut diagnostics);
    assert!(draft.notes.iter().all(|note| !note.fields[0].is_empty() && !note.fields[1].is_empty()));
    for finding in diagnostics.iter() {
        assert_eq!(finding.code.id(), "D009");
        assert!(finding.message.starts_with("a card was taken to begin here, with "));
        assert!(finding.labels.iter().skip(1).all(|label| label.message.starts_with("the other reading: ")));
        assert!(finding.help.as_ref().is_some_and(|help| help.contains("`Q:` and `A:`")));
    }
}

#[test]
fn the_source_text_is_without_labels_and_markers() {
    let mut map = SourceMap::default();
    let text = "Q:  What *is* it? <!-- id: x -->\nA: - one\n- two\n";
    let id = map.add("a.txt".into(), text.into());
    let draft = Text.read(map.file(id), &Settings::default(), &mut Diagnostics::default());
    assert_eq!(draft.notes[0].fields[0].source, "What *is* it?");
    assert_eq!(draft.notes[0].fields[1].source, "one\ntwo");
}

#[test]
fn a_hundred_thousand_lines_and_one_long_line_are_read() {
    for (text, notes) in [
        ("term\tdefinition\n".repeat(100_000), 100_000),
        ("Q: term\nA: {{c1::x}}\n".repeat(50_000), 50_000),
        ("term\ndefinition\n\n".repeat(50_000), 50_000),
        ("{{c1::x}} y\n".repeat(100_000), 100_000),
        (format!("a\t{}\nb\tc\n", "x {{c1::y ".repeat(500_000)), 2),
    ] {
        let mut map = SourceMap::default();
        let id = map.add("a.txt".into(), text);
        let draft = Text.read(map.file(id), &Settings::default(), &mut Diagnostics::default());
        assert_eq!(draft.notes.len(), notes);
    }
}

/// Returns texts made of what the modes look for.
fn pages() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "Q:",
        "A:",
        "a:",
        "C: ",
        "Q：",
        "\t",
        " - ",
        "::",
        ": ",
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "---\n",
        "# T\n",
        "====\n",
        "- ",
        "1. ",
        "  ",
        "{{c1::",
        "{{c2,3::",
        "}}",
        "::h",
        "<!-- id: x -->",
        "word",
        "Who?",
        "Ünï 東京",
        "\u{200b}",
        "\u{feff}",
        "e\u{301}",
        ".",
        "a longer line that goes on and on and does not end so soon as others",
    ]);
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn covered(text: &str) {
    let mut map = SourceMap::default();
    let id = map.add("a.txt".into(), text.into());
    let settings = Settings { body: map.file(id).start(), ..Settings::default() };
    let mut diagnostics = Diagnostics::default();
    let draft = Text.read(map.file(id), &settings, &mut diagnostics);
    assert_covered(map.file(id), &draft);
    for finding in diagnostics.iter() {
        for span in finding.labels.iter().map(|label| label.span).chain(finding.span) {
            assert!(text.get(span.range()).is_some(), "{finding:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_line_of_any_text_is_accounted_for(text in any::<String>()) {
        covered(&text);
    }

    #[test]
    fn every_line_of_any_page_is_accounted_for(text in pages()) {
        covered(&text);
    }

    #[test]
    fn crlf_reads_like_lf(text in pages()) {
        let unix = text.replace("\r\n", "\n").replace('\r', "\n");
        let windows = unix.replace('\n', "\r\n");
        let settings = Settings::default();
        assert_eq!(
            shown(&Text, "a.txt", &windows, &settings),
            shown(&Text, "a.txt", &unix, &settings),
        );
    }
}
