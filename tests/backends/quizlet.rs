//! `quizlet`.

use std::num::NonZeroUsize;

use deckc::backend::quizlet::separators::{Row, solve};
use deckc::backend::{Options, Quizlet, QuizletOptions};
use deckc::model::text::{Block, Inline};
use deckc::model::{BuiltIn, Collection};
use proptest::prelude::{ProptestConfig, prop, proptest};

use super::rich;
use crate::support::build::{bullets, cloze, hinted, item, p, t};
use crate::support::deck::{Builder, emit, losses};

fn check(collection: &Collection, quizlet: QuizletOptions, expected: &str) -> Vec<String> {
    let (memory, emitted) = emit(&Quizlet, collection, &Options { quizlet, ..Options::default() });
    assert_eq!(memory.all(), expected);
    emitted.advice
}

fn check_default(collection: &Collection, expected: &str) -> Vec<String> {
    check(collection, QuizletOptions::default(), expected)
}

const APPENDS: &str = "a set has no ids: importing a file again adds its rows again";

#[test]
fn each_deck_is_a_file_with_tab_and_new_line() {
    let collection = Builder::new()
        .basic("Norway", "Oslo")
        .note(
            BuiltIn::Basic,
            "Geo::Asia",
            &[],
            &[("Front", &[Block::text("Japan")]), ("Back", &[Block::text("Tokyo")])],
        )
        .basic("Sweden", "Stockholm")
        .build();
    let advice = check_default(
        &collection,
        "--- geo-Geo-Asia.txt\nJapan\tTokyo\n--- geo-Geo.txt\nNorway\tOslo\nSweden\tStockholm\n",
    );
    assert_eq!(
        advice,
        [
            "in Quizlet's import form choose “Tab” between term and definition, and “New line” between rows",
            APPENDS
        ]
    );
}

#[test]
fn a_cloze_is_a_row_for_each_number() {
    let text = [p(&[
        cloze(&[1], &[t("Oslo")]),
        t(" is in "),
        hinted(2, &[t("Norway")], "country"),
        t(", "),
        cloze(&[1], &[t("really")]),
    ])];
    let collection = Builder::new()
        .note(BuiltIn::Cloze, "Geo", &[], &[("Text", &text), ("Extra", &[Block::text("1905")])])
        .build();
    let advice = check_default(
        &collection,
        "--- geo-Geo.txt\n____ is in Norway, ____\tOslo; really / Extra: 1905\nOslo is in ____ (country), really\tNorway / Extra: 1905\n",
    );
    assert!(advice[0].ends_with("and “New line” between rows"), "{advice:?}");
}

#[test]
fn deletions_in_raw_html_are_deletions_too() {
    let raw = [Block::Html { html: "<b>{{c1::Oslo::city}}</b> is in <i>{{c2::Norway}}</i>".into() }];
    let collection = Builder::new().note(BuiltIn::Cloze, "Geo", &[], &[("Text", &raw)]).build();
    check_default(&collection, "--- geo-Geo.txt\n____ (city) is in Norway\tOslo\nOslo is in ____\tNorway\n");
}

#[test]
fn lines_are_kept_where_the_row_separator_allows_and_folded_where_it_does_not() {
    let lists = [bullets(&[item(&[Block::text("a")]), item(&[Block::text("b")])])];
    let collection = Builder::new()
        .note(BuiltIn::Basic, "Geo", &[], &[("Front", &[Block::text("x")]), ("Back", &lists)])
        .basic("y", "z; w")
        .build();
    let advice = check_default(&collection, "--- geo-Geo.txt\nx\t• a\n• b\n\ny\tz; w");
    assert!(advice[0].ends_with("and “Custom” `\\n\\n` between rows"), "{advice:?}");
    let forced = QuizletOptions { row_separator: Some("\n".into()), ..QuizletOptions::default() };
    let advice = check(&collection, forced, "--- geo-Geo.txt\nx\t• a / • b\ny\tz; w\n");
    assert_eq!(advice[0], "line breaks inside rows became ` / `");
}

#[test]
fn a_separator_that_stands_in_the_content_is_never_used() {
    let collection = Builder::new().basic("a,b", "c\td").build();
    let asked = QuizletOptions {
        term_separator: Some(",".into()),
        row_separator: Some("b".into()),
        ..QuizletOptions::default()
    };
    let advice = check(&collection, asked, "--- geo-Geo.txt\na,b = c\td\n");
    assert_eq!(
        advice[..2],
        [
            "the term separator “Comma” stands in the content, so another one is used",
            "the row separator “Custom” `b` stands in the content, so another one is used",
        ]
    );
}

#[test]
fn content_full_of_separators_still_gets_one() {
    let every = "\t , = :: ||| ===== ||1|| ||2|| \n ; ;;; ----- +++++ ~~~~~ --1-- ---3--\n\n.";
    let mut rows = vec![Row { term: every.into(), definition: "x".into() }];
    let separators = solve(&mut rows, None, None).separators;
    assert_eq!((separators.term.as_str(), separators.row.as_str()), ("||3||", "--2--"));
}

#[test]
fn a_deck_named_as_the_project_has_its_file_name_alone() {
    let collection = Builder::new()
        .note(BuiltIn::Basic, "geo", &[], &[("Front", &[Block::text("a")])])
        .note(BuiltIn::Basic, "geo::Asia", &[], &[("Front", &[Block::text("b")])])
        .build();
    check_default(&collection, "--- geo-Asia.txt\nb\t\n--- geo.txt\na\t\n");
}

#[test]
fn large_sets_come_in_parts() {
    let collection = Builder::new().basic("a", "1").basic("b", "2").basic("c", "3").build();
    let parts =
        QuizletOptions { max_rows: NonZeroUsize::new(2).expect("is not 0"), ..QuizletOptions::default() };
    check(&collection, parts, "--- geo-Geo-part1.txt\na\t1\nb\t2\n--- geo-Geo-part2.txt\nc\t3\n");
}

#[test]
fn losses_are_exact() {
    let (_, emitted) = emit(&Quizlet, &rich::collection(), &Options::default());
    assert_eq!(
        losses(&emitted),
        "decks: each is a file of its own\n\
         ids: a set has none\n\
         note types: a set has terms and definitions alone\n\
         0 media: image `img/map.png` written as `[map]`\n\
         0 media: sound `a.mp3` left out\n\
         0 styling: heading, code block, list, definition list, table, quote, alert, raw HTML, footnote, emphasis, bold, code, \
         strike-through, link written as plain text\n\
         0 math: 2 formulas written as TeX source\n\
         0 tags: tags left out\n\
         1 reversed cards: asked as the set is set to ask\n\
         2 reversed cards: asked as the set is set to ask\n\
         3 typed answers: answer not asked to be typed\n\
         4 clozes: deletions written as 2 rows with `____`\n\
         4 tags: tags left out\n\
         4 extra fields: `Extra` joined to the definition\n\
         4 extra fields: `Source` joined to the definition\n"
    );
}

#[test]
fn a_cloze_without_numbers_is_one_row() {
    let text = [p(&[t("a "), Inline::Html { html: "<b>".into() }, t("b")])];
    let collection = Builder::new().note(BuiltIn::Cloze, "Geo", &[], &[("Text", &text)]).build();
    check_default(&collection, "--- geo-Geo.txt\na b\t\n");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_site_finds_the_rows_again(
        content in prop::collection::vec(("[a;,=:|~+\\-\t\n ]{0,12}", "[a;,=:|~+\\-\t\n ]{0,12}"), 1..8),
        asked in prop::option::of("[;,\n\t|a]{1,2}"),
        asked_row in prop::option::of("[;,\n\t|a]{1,2}"),
    ) {
        let mut rows: Vec<Row> =
            content.into_iter().map(|(term, definition)| Row { term, definition }).collect();
        let before = rows.clone();
        let solved = solve(&mut rows, asked.as_deref(), asked_row.as_deref());
        let file = solved.separators.join(&rows);
        // The last line end ends the file and is no empty row.
        let file = if solved.separators.row == "\n" { file.strip_suffix('\n').expect("the file ends with a line end") } else { &file };
        let found: Vec<Row> = file
            .split(&solved.separators.row)
            .map(|row| {
                let (term, definition) = row.split_once(&solved.separators.term).expect("a row has two sides");
                assert!(!definition.contains(&solved.separators.term));
                Row { term: term.into(), definition: definition.into() }
            })
            .collect();
        assert_eq!(found, rows);
        if !solved.notices.iter().any(|notice| notice.contains("line breaks")) {
            assert_eq!(rows, before);
        }
    }
}
