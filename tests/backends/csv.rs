//! `csv`.

use deckc::backend::{Choice, Column, Csv, CsvOptions, Options};
use deckc::model::text::Block;
use deckc::model::{BuiltIn, Collection};
use proptest::prelude::{ProptestConfig, prop, proptest};

use super::rich;
use crate::support::build::{math, p, strong, t};
use crate::support::deck::{Builder, emit, losses};

fn with(csv: CsvOptions) -> Options {
    Options { csv, ..Options::default() }
}

fn check(collection: &Collection, csv: CsvOptions, expected: &str) {
    let (memory, _) = emit(&Csv, collection, &with(csv));
    assert_eq!(memory.all(), format!("--- geo.csv\n{expected}"));
}

fn columns(names: &[&str]) -> CsvOptions {
    let columns = names.iter().map(|name| name.parse().expect("is a column"));
    CsvOptions { columns: columns.collect(), ..CsvOptions::default() }
}

#[test]
fn one_table_holds_all_note_types() {
    let collection = Builder::new()
        .basic("Capital of \"Norway\"?", "Oslo, or\nnot")
        .note(
            BuiltIn::Cloze,
            "Geo::Asia",
            &["a", "b"],
            &[("Text", &[p(&[crate::support::build::hinted(1, &[t("Tokyo")], "city"), t(" is big")])])],
        )
        .build();
    check(
        &collection,
        CsvOptions::default(),
        "guid,note_type,deck,tags,front,back,extra,hint,context,source\n\
         guid0,basic,Geo,,\"Capital of \"\"Norway\"\"?\",\"Oslo, or\nnot\",,,,\n\
         guid1,cloze,Geo::Asia,a b,{{c1::Tokyo::city}} is big,,,,,\n",
    );
}

#[test]
fn columns_can_be_chosen_and_html_asked_for() {
    let back = [p(&[strong(&[t("Oslo")])])];
    let collection = Builder::new()
        .note(BuiltIn::Basic, "Geo", &["x"], &[("Front", &[Block::text("N <3")]), ("Back", &back)])
        .build();
    let html = CsvOptions { html: Choice::On, ..columns(&["Text", "back", "add-reverse", "ID", "modified"]) };
    check(
        &collection,
        html,
        "front,back,add_reverse,id,modified\nN &lt;3,<strong>Oslo</strong>,,1700000000000,1700000000\n",
    );
    let (_, emitted) = emit(&Csv, &collection, &with(columns(&["front"])));
    assert_eq!(
        losses(&emitted),
        "decks: decks have no column\nids: guids have no column\nnote types: note types have no column\n\
         0 styling: bold written as plain text\n0 extra fields: `Back` has no column\n0 tags: tags have no column\n"
    );
}

#[test]
fn excel_gets_its_byte_order_mark_and_line_ends() {
    let options = CsvOptions { bom: Choice::On, crlf: Choice::On, ..columns(&["front", "back"]) };
    check(&Builder::new().basic("a", "b").build(), options, "\u{feff}front,back\r\na,b\r\n");
}

#[test]
fn formulas_are_guarded_or_reported() {
    let collection = Builder::new().basic("=1+1", "-2").basic("@a", "b=c").build();
    let (_, emitted) = emit(&Csv, &collection, &Options::default());
    assert_eq!(
        emitted.advice,
        [
            "3 cells begin with `=`, `+`, `-` or `@`, which a spreadsheet may run as a formula: `--guard-formulas` prevents it"
        ]
    );
    let guarded = CsvOptions { guard_formulas: Choice::On, ..columns(&["front", "back"]) };
    check(&collection, guarded, "front,back\n'=1+1,'-2\n'@a,b=c\n");
    let collection = Builder::new().basic("a", "-b").guid("=1+1").build();
    let guarded = CsvOptions { guard_formulas: Choice::On, ..columns(&["guid", "front", "back"]) };
    check(&collection, guarded, "guid,front,back\n=1+1,a,'-b\n");
}

#[test]
fn no_cell_becomes_a_comment_or_a_second_row() {
    let collection = Builder::new().basic("#deck:x", "a\r\n#tags:y").guid("#g").build();
    let asked = columns(&["guid", "front", "back"]);
    check(&collection, asked, "guid,front,back\n\"#g\",\"#deck:x\",\"a\n#tags:y\"\n");
}

#[test]
fn an_unknown_column_is_refused_with_a_suggestion() {
    let refused = |name: &str| name.parse::<Column>().expect_err("is no column").to_string();
    assert_eq!(refused("fornt"), "no column has that name; did you mean `front`?");
    assert_eq!(
        refused("colour"),
        "no column has that name; columns are `guid`, `id`, `modified`, `note_type`, `deck`, `tags`, `front`, `back`, \
         `add_reverse`, `extra`, `hint`, `context`, `source`"
    );
    assert_eq!(" Add Reverse ".parse(), Ok(Column::Field("Add Reverse")));
}

#[test]
fn media_in_raw_html_are_lost_too() {
    let html = |html: &str| Block::Html { html: html.into() };
    let inline = p(&[deckc::model::text::Inline::Html { html: "<img src='map-1f.png'>".into() }]);
    let nested =
        Block::Quote { alert: None, content: vec![html("[sound:a-2e.mp3]<img src=\"theirs.png\">")] };
    let collection = Builder::new()
        .medium("img/map.png", "map-1f.png")
        .medium("a.mp3", "a-2e.mp3")
        .note(BuiltIn::Basic, "Geo", &[], &[("Front", &[inline]), ("Back", &[nested])])
        .build();
    let (_, emitted) = emit(&Csv, &collection, &Options::default());
    assert_eq!(
        losses(&emitted),
        "0 media: image `img/map.png` of raw HTML left out\n\
         0 media: sound `a.mp3` of raw HTML left out\n\
         0 styling: raw HTML, quote written as plain text\n"
    );
    let as_html = with(CsvOptions { html: Choice::On, ..CsvOptions::default() });
    assert_eq!(
        losses(&emit(&Csv, &collection, &as_html).1),
        "0 media: image `img/map.png` named as `map-1f.png` but not in the file\n\
         0 media: sound `a.mp3` named as `a-2e.mp3` but not in the file\n"
    );
}

#[test]
fn a_style_of_the_projects_own_is_lost() {
    let (_, emitted) = emit(&Csv, &Builder::new().basic("a", "b").owned().build(), &Options::default());
    assert_eq!(losses(&emitted), "note types: named without the project's style\n");
}

#[test]
fn losses_are_exact() {
    let (memory, emitted) = emit(&Csv, &rich::collection(), &Options::default());
    assert_eq!(
        losses(&emitted),
        "0 media: image `img/map.png` written as `[map]`\n\
         0 media: sound `a.mp3` left out\n\
         0 styling: heading, code block, list, definition list, table, quote, alert, raw HTML, footnote, emphasis, bold, code, \
         strike-through, link written as plain text\n\
         0 math: 2 formulas written as TeX source\n"
    );
    assert!(memory.text("geo.csv").starts_with("guid,note_type,deck,tags,front,back,add_reverse,extra,"));
    let html = with(CsvOptions { html: Choice::On, ..CsvOptions::default() });
    let (_, emitted) = emit(&Csv, &rich::collection(), &html);
    assert_eq!(
        losses(&emitted),
        "0 media: image `img/map.png` named as `map-1f.png` but not in the file\n\
         0 media: sound `a.mp3` named as `a-2e.mp3` but not in the file\n"
    );
    let formula = Builder::new().note(BuiltIn::Basic, "Geo", &[], &[("Front", &[p(&[math("x")])])]).build();
    assert_eq!(
        losses(&emit(&Csv, &formula, &Options::default()).1),
        "0 math: a formula written as TeX source\n"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_csv_reader_finds_the_same_cells(
        cells in prop::collection::vec(("[a\",;#=\n\r\t 'é]{1,8}", "[a\",;#=\n\r\t 'é]{0,8}"), 0..6),
        crlf in proptest::bool::ANY,
        guard in proptest::bool::ANY,
    ) {
        let choice = |on| if on { Choice::On } else { Choice::Off };
        let mut builder = Builder::new();
        for (front, back) in &cells {
            builder = builder.basic(front, back);
        }
        let csv = CsvOptions {
            crlf: choice(crlf),
            guard_formulas: choice(guard),
            ..columns(&["guid", "front", "back"])
        };
        let (memory, _) = emit(&Csv, &builder.build(), &with(csv));
        let mut reader = ::csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(memory.text("geo.csv").as_bytes());
        let read: Vec<Vec<String>> = reader
            .records()
            .map(|record| record.expect("the row is well formed").iter().map(ToOwned::to_owned).collect())
            .collect();
        let written: Vec<Vec<String>> = cells
            .iter()
            .enumerate()
            .map(|(place, (front, back))| {
                let cell = |text: &str| {
                    // What plain text does not carry: control characters, white space at the ends of lines.
                    let lines: Vec<&str> = text.split('\n').collect();
                    let text = lines.iter().map(|line| line.replace('\r', "").trim_end_matches([' ', '\t']).to_owned());
                    let text = text.collect::<Vec<_>>().join("\n");
                    if guard && text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text }
                };
                vec![format!("guid{place}"), cell(front), cell(back)]
            })
            .collect();
        assert_eq!(read, written);
    }
}
