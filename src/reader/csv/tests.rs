use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::strategy::Strategy;

use super::{AnkiText, Csv, Tsv};
use crate::diagnostic::Diagnostics;
use crate::model::BuiltIn;
use crate::reader::testing::{assert_covered, shown};
use crate::reader::{Reader, Settings};
use crate::source::SourceMap;

/// Reads `text` as LF and, with a byte order mark, as CRLF; both must give `expected`.
fn check(reader: &dyn Reader, text: &str, expected: &str) {
    let found = shown(reader, "a.csv", text, &Settings::default());
    assert_eq!(found.trim_end(), expected.trim_end(), "\n--- found\n{found}--- for\n{text}");
    let marked = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let windows = shown(reader, "a.csv", &marked, &Settings::default());
    assert_eq!(windows, found, "with a byte order mark and CRLF");
}

fn reason(reader: &dyn Reader, path: &str, text: &str) -> Option<u8> {
    let mut map = SourceMap::default();
    let id = map.add(path.into(), text.into());
    reader.detect(map.file(id)).map(|found| found.score)
}

#[test]
fn a_header_names_the_columns() {
    check(
        &Csv,
        "Question,Difficulty,Answer,Deck,Type,ID\nq,hard,a,D::E,reversed,x\nq2,,a2,,foo,\nq3,,a3,,Basic (type in the answer),\n",
        "reversed D::E {x}: q | a\ntype-in: q3 | a3\nprose: q2,,a2,,foo,\n\
         D208 1:10 column `Difficulty` is not one that deckc knows; its cells are left out\n\
         D011 3:9 unknown note type `foo`; its rows make no notes",
    );
    check(&Csv, "term,definition,extra,hint\na,b,c,d\n", "basic: a | b | c | d");
    check(&Csv, "text,extra\n{{c1::a}} b,c\n", "cloze: [1:a] b | c");
    check(
        &Csv,
        "front,back,back\na,b,c\n",
        "basic: a | c\nD208 1:12 column `back` says the same as one before it; the last filled one counts",
    );
}

#[test]
fn a_header_may_have_the_words_of_other_languages() {
    check(
        &Csv,
        "Wort;Bedeutung;Beispiel\nHaus;house;Das Haus ist alt.\n",
        "basic: Haus | house | Das Haus ist alt.",
    );
    check(&Csv, "Question,Réponse\na,b\n", "basic: a | b");
    check(&Csv, "pregunta,respuesta,etiquetas\na,b,c d\n", "basic #c #d: a | b");
    check(
        &Csv,
        "Frage,question\nWort,word\n",
        "basic: Frage | question\nbasic: Wort | word\n\
         D111 1:1 no header row: the columns were read as front, back and tags",
    );
}

#[test]
fn a_sentence_in_a_guessed_column_of_tags_is_content() {
    check(
        &Csv,
        "Haus;house;Das Haus ist alt.\nHund;dog;a b c\nTal;valley;#a #b #c #d #e #f\n",
        "basic: Haus | house | Das Haus ist alt.\nbasic #a #b #c: Hund | dog\n\
         basic #a #b #c #d #e #f: Tal | valley\n\
         D111 1:1 no header row: the columns were read as front, back and tags",
    );
}

#[test]
fn without_a_header_the_columns_are_front_back_and_tags() {
    check(
        &Csv,
        "a,b,\"c, d\",e\n東京,日本\nأ,ب,\n",
        "basic #c #d: a | b\nbasic: 東京 | 日本\nbasic: أ | ب\n\
         D111 1:1 no header row: the columns were read as front, back and tags\n\
         D208 1:12 columns from the fourth on have no name; their cells are left out\n\
         D207 2:1 row with fewer cells than the 4 columns; the missing ones are empty +3:1",
    );
    check(
        &Tsv,
        "a\tb\n\n#x\ty\n",
        "basic: a | b\nbasic: #x | y\nD111 1:1 no header row: the columns were read as front, back and tags",
    );
}

#[test]
fn quotes_hold_delimiters_quotes_and_lines() {
    check(
        &Csv,
        "front,back,tags\n\"a \"\"q\"\" b\",\"line 1\nline, 2\",x y\nit's 5\" long,d,\n",
        "basic #x #y: a \"q\" b | line 1/line, 2\nbasic: it's 5\" long | d",
    );
}

#[test]
fn unequal_quotes_are_errors_at_their_place_and_rows_before_them_are_kept() {
    check(
        &Csv,
        "front,back\na,b\nx,\"unclosed\nmore,rows\n",
        "basic: a | b\nprose: x,\"unclosed/more,rows\n\
         D206 3:3 a quote is never closed; the rows from here on cannot be read",
    );
    check(&Csv, "front,back\n\"a\" x,b\n", "basic: \"a\" x | b\nD206 2:4 text stands behind a closing quote");
}

#[test]
fn rows_of_another_length_are_reported_and_kept() {
    check(
        &Csv,
        "front,back,tags\na,b\nc,d,e,f\n,x,y\n",
        "basic: a | b\nbasic #e: c | d\nprose: ,x,y\n\
         D207 2:1 row with fewer cells than the 3 columns; the missing ones are empty\n\
         D207 3:7 cell behind the last of 3 columns; it is left out\n\
         D008 4:1 row whose first field is empty; it makes no card, as in Anki",
    );
}

#[test]
fn the_delimiter_is_what_gives_all_rows_one_length() {
    check(&Csv, "front;back\na;b\n\"e;1\";f\n", "basic: a | b\nbasic: e;1 | f");
    check(&Csv, "front;back\na, b;c, d\ne;f\n", "basic: a, b | c, d\nbasic: e | f");
    check(&Csv, "sep=;\nfront;back\na;b,c\n", "basic: a | b,c");
    check(&AnkiText, "#html:false\na|b;c\n", "basic: a | b;c");
}

#[test]
fn what_deckc_writes_reads_back() {
    check(
        &Csv,
        "guid,note_type,deck,tags,front,back,extra,hint,context,source\n\
         \"x,y\",basic,D,t1 t2,'=1+1,'quoted',,,c,s\nq,cloze,D,,{{c1::x}},,e,,,\n",
        "basic D #t1 #t2 {guid x,y}: =1+1 | 'quoted' |  |  | c | s\ncloze D {guid q}: [1:x] | e",
    );
    check(&Csv, "front,back\n'=1+1,b\n", "basic: '=1+1 | b");
    check(
        &Csv,
        "guid,note_type,deck,tags,front,back\n'=x,basic,'-D,'@t,a,b\n-y,basic,'D,,c,d\n",
        "basic -D #@t {guid '=x}: a | b\nbasic 'D {guid -y}: c | d",
    );
}

#[test]
fn an_anki_export_is_read_by_its_own_columns() {
    check(
        &AnkiText,
        "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\n\
         Ab}c\tBasic\tDefault\tFront <b>x</b>\tBack\tt1 t2\nG2\tCloze\tD::E\t{{c1::a}} b\textra\t\n\
         G3\tMy Type\tD\tx\ty\t\n# comment\nG4\tCloze\tD\t<i>{{c2::a}}</i>\n\"#x\"\tBasic\n",
        "basic #t1 #t2 {guid Ab}c}: <Front <b>x</b>> | Back\ncloze D::E {guid G2}: [1:a] b | extra\n\
         cloze D {guid G4}: <<i>{{c2::a}}</i>>\n\
         prose: G3\tMy Type\tD\tx\ty\t\nprose: \"#x\"\tBasic\n\
         D011 9:4 unknown note type `My Type`; its rows make no notes\n\
         D008 12:1 row whose first field is empty; it makes no card, as in Anki",
    );
}

#[test]
fn lines_at_the_top_hold_for_all_rows() {
    check(
        &AnkiText,
        "#Separator:Comma\n#html:false\n#notetype:Cloze\n#deck:Geo\n#tags:a b\n#colums:x\n#if matches:keep both\n# a: comment\n\
         \"{{c1::a\nb}} \"\"q\"\"\",extra\nno cloze,x,third,fourth\n",
        "cloze Geo #a #b: [1:a/b] \"q\" | extra\ncloze Geo #a #b #third: no cloze | x\n\
         D208 6:1 header line `#colums:x` is not understood\nD010 11:1 cloze note without a deletion\n\
         D207 11:18 cell in a column that the row's note type has no field for; it is left out",
    );
    check(&AnkiText, "#columns:Front,Tags,Back\n#separator:,\nf,t1,b\n", "basic #t1: f | b");
    check(
        &AnkiText,
        "#separator:;\n#tags column:x\nf;b\n",
        "basic: f | b\nD208 2:1 header line `#tags column:x` is not understood",
    );
    check(
        &AnkiText,
        "#notetype:Weird\na\tb\n",
        "prose: a\tb\nD011 1:11 unknown note type `Weird`; its rows make no notes",
    );
}

#[test]
fn html_has_to_be_said() {
    check(
        &Csv,
        "front,back\n<b>c</b>,x < y\n",
        "basic: <b>c</b> | x < y\n\
         D208 2:1 cells look like HTML and were read as plain text, since nothing says what they are",
    );
    check(&Csv, "#html:true\nfront,back\n<b>c</b>,\"x\ny\"\n", "basic: <<b>c</b>> | x_y");
}

#[test]
fn tables_without_rows_say_so() {
    check(&Csv, "", "");
    check(&Csv, "front,back\n", "D109 1:1 no cards found: the table has no rows");
}

#[test]
fn dialects_are_told_apart_by_name_and_first_line() {
    assert_eq!(reason(&Csv, "a.csv", "x"), Some(90));
    assert_eq!(reason(&Tsv, "a.TSV", "x"), Some(90));
    assert_eq!(reason(&Csv, "a.txt", "x,y"), None);
    assert_eq!(reason(&Csv, "a.txt", "Front,Back\nx,y"), Some(92));
    assert_eq!(reason(&Tsv, "-", "Question\tAnswer\nx\ty"), Some(92));
    assert_eq!(reason(&Tsv, "a.txt", "Question\tof the day\nx\ty"), None);
    assert_eq!(reason(&Csv, "a.md", "Front,Back\nx,y"), None);
    assert_eq!(reason(&AnkiText, "a.txt", "\u{feff}#separator:tab\nx"), Some(95));
    assert_eq!(reason(&AnkiText, "a.csv", "#notetype column:1\nx"), Some(95));
    assert_eq!(reason(&AnkiText, "a.txt", "# Title: x\n"), None);
    assert_eq!(reason(&AnkiText, "a.md", "#deck:x\n"), None);
}

#[test]
fn settings_fill_what_rows_leave_open() {
    let settings = Settings {
        deck: Some("Set".into()),
        tags: vec!["t".into()],
        note_type: Some(BuiltIn::Reversed),
        source: Some("book".into()),
        ..Settings::default()
    };
    let found = shown(&Csv, "a.csv", "front,back,deck,source\na,b,,\nc,d,D,page 1\n", &settings);
    assert_eq!(found, "reversed Set #t: a | b |  |  |  | book\nreversed D #t: c | d |  |  |  | page 1\n");
}

#[test]
fn a_hundred_thousand_rows_are_read() {
    let text = "\"term \"\"x\"\"\",definition,tag\n".repeat(100_000);
    let mut map = SourceMap::default();
    let id = map.add("a.csv".into(), format!("front,back,tags\n{text}"));
    let draft = Csv.read(map.file(id), &Settings::default(), &mut Diagnostics::default());
    assert_eq!(draft.notes.len(), 100_000);
}

/// Returns texts made of what tables are made of.
fn tables() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "\"",
        "\"\"",
        ",",
        ",",
        ";",
        "\t",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "front,back\n",
        "#separator:;\n",
        "#html:true\n",
        "#columns:a,b\n",
        "#tags column:2\n",
        "#notetype:Cloze\n",
        "guid,note_type,front\n",
        "'=",
        "{{c1::",
        "}}",
        "<b>",
        "word",
        "東京",
        "\u{feff}",
        " ",
        "#",
    ]);
    proptest::collection::vec(piece, 0..50).prop_map(|pieces| pieces.concat())
}

fn covered(text: &str) {
    for reader in [&Csv as &dyn Reader, &Tsv, &AnkiText] {
        let mut map = SourceMap::default();
        let id = map.add("a.csv".into(), text.into());
        let settings = Settings { body: map.file(id).start(), ..Settings::default() };
        let mut diagnostics = Diagnostics::default();
        let draft = reader.read(map.file(id), &settings, &mut diagnostics);
        assert_covered(map.file(id), &draft);
        for finding in diagnostics.iter() {
            for span in finding.labels.iter().map(|label| label.span).chain(finding.span) {
                assert!(text.get(span.range()).is_some(), "{finding:?}");
            }
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
    fn every_line_of_any_table_is_accounted_for(text in tables()) {
        covered(&text);
    }

    #[test]
    fn cells_come_back_as_they_were_written(front in "[a-z\",;\n東{}:é']{0,12}", back in "[a-z\",;\n東{}:é']{0,12}") {
        let (front, back) = (format!("x{front}x"), format!("x{back}x"));
        let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
        let mut map = SourceMap::default();
        let id = map.add("a.csv".into(), format!("front,back\n{},{}\n", quoted(&front), quoted(&back)));
        let draft = Csv.read(map.file(id), &Settings::default(), &mut Diagnostics::default());
        assert_eq!(draft.notes[0].fields[0].source, front);
        assert_eq!(draft.notes[0].fields[1].source, back);
    }
}
