//! Block/Inline → plain text: whole fields.

use deckc::model::text::{Alert, Alignment, Block, Definition, Inline, MediaKind, Table};
use deckc::model::{MediaRef, Medium};
use deckc::plain::{Clozes, Links, Style, answer, field, folded};

use crate::support::build::{
    bullets, cloze, code, em, fence, file, hinted, html, item, link, math, medium, p, strong, t, table, task,
};

fn check_style(blocks: &[Block], style: Style, expected: &str) {
    let map = Medium {
        name: "map-1f.png".into(),
        path: "img/map.png".into(),
        size: 1,
        sha256: String::new(),
        sha1: [0; 20],
    };
    assert_eq!(field(blocks, &[map], style), expected);
}

fn check(blocks: &[Block], expected: &str) {
    check_style(blocks, Style::default(), expected);
}

fn check_line(inlines: &[Inline], expected: &str) {
    check(&[p(inlines)], expected);
}

fn check_clozes(clozes: Clozes, inlines: &[Inline], expected: &str) {
    check_style(&[p(inlines)], Style { clozes, links: Links::Text }, expected);
}

#[test]
fn blocks_are_lines() {
    check(&[], "");
    check(&[Block::text("a"), Block::text("b")], "a\nb");
    check(&[Block::Heading { level: 1, content: vec![t("a")] }, Block::Rule], "a\n---");
    check(&[fence("rust", "a {\n    b\n\n}")], "a {\n    b\n\n}");
    check(&[Block::Math { tex: "a\n% no\nb".into() }], "a b");
}

#[test]
fn lists_nest_by_indentation() {
    check(
        &[bullets(&[
            item(&[Block::text("a"), bullets(&[item(&[Block::text("b")])])]),
            task(true, "c"),
            task(false, "d"),
        ])],
        "• a\n  • b\n☑ c\n☐ d",
    );
    let numbered = Block::List {
        start: Some(9),
        tight: true,
        items: vec![item(&[Block::text("a"), Block::text("b")]), item(&[Block::text("c")])],
    };
    check(&[numbered], "9. a\n  b\n10. c");
    let endless = Block::List { start: Some(u64::MAX), tight: true, items: vec![item(&[]), item(&[])] };
    check(&[endless], &format!("{0}.\n{0}.", u64::MAX));
}

#[test]
fn tables_quotes_and_definitions_stay_readable() {
    check(&[table(&[Alignment::None; 2], &[&["a", "b"], &["1", "2"]])], "a | b\n1 | 2");
    check(&[Block::Quote { alert: None, content: vec![Block::text("a"), Block::text("b")] }], "> a\n> b");
    check(&[Block::Quote { alert: Some(Alert::Tip), content: vec![Block::text("a")] }], "> Tip: a");
    let definition =
        Definition { term: vec![t("a")], definitions: vec![vec![Block::text("b"), Block::text("c")]] };
    check(&[Block::DefinitionList { items: vec![definition] }], "a\n  b\n  c");
    let headless = Table { alignments: vec![], header: vec![vec![]], rows: vec![vec![vec![t("1")]]] };
    let headless = Block::Table(Box::new(headless));
    check(&[headless], "1");
}

#[test]
fn inlines_are_their_text() {
    check_line(&[em(&[t("a")]), strong(&[t("b")]), code("c"), math("x  ^2")], "abcx ^2");
    check_line(&[t("a"), Inline::SoftBreak, t("b"), Inline::HardBreak, t("c")], "a b\nc");
    check_line(&[t("日"), Inline::SoftBreak, t("本")], "日本");
    check_line(&[html("<b>"), t("a"), html("</b>"), html("<br>"), t("b")], "a\nb");
    check_line(&[t("a"), Inline::FootnoteReference { label: "1".into() }], "a[1]");
    check(&[Block::Footnote { label: "1".into(), content: vec![Block::text("b")] }], "[1] b");
}

#[test]
fn links_keep_their_address_where_it_is_asked_for() {
    let address = Style { links: Links::Address, ..Style::default() };
    let there = link("https://a.example/", &[t("there")]);
    check_line(std::slice::from_ref(&there), "there");
    check_style(&[p(&[there])], address, "there (https://a.example/)");
    check_style(
        &[p(&[link("https://a.example/", &[t("https://a.example/")])])],
        address,
        "https://a.example/",
    );
    check_style(&[p(&[link("javascript:x", &[t("a")])])], address, "a");
}

#[test]
fn media_are_named() {
    check_line(&[file(0, MediaKind::Image, "a map")], "[a map]");
    check_line(&[file(0, MediaKind::Image, "")], "[map.png]");
    check_line(&[file(0, MediaKind::Audio, ""), file(0, MediaKind::Video, "")], "[sound][video]");
    check_line(&[medium(MediaRef::Missing("x.png".into()), MediaKind::Image, "")], "[x.png]");
    check_line(
        &[medium(MediaRef::Address("data:image/png;base64,AA".into()), MediaKind::Image, "")],
        "[image]",
    );
}

#[test]
fn deletions_are_shown_as_asked() {
    let text = [cloze(&[1], &[t("a")]), t(" "), hinted(2, &[em(&[t("b")])], "h"), cloze(&[1, 3], &[t("c")])];
    check_clozes(Clozes::Shown, &text, "a bc");
    check_clozes(Clozes::Blank, &text, "____ ____ (h)____");
    check_clozes(Clozes::Only(2), &text, "a ____ (h)c");
    check_clozes(Clozes::Only(3), &text, "a b____");
    check_clozes(Clozes::Marked, &text, "{{c1::a}} {{c2::b::h}}{{c1::{{c3::c}}}}");
    check_clozes(Clozes::Marked, &[cloze(&[1], &[t("a}}b::c}")])], "{{c1::a} }b: :c} }}");
    let nested = [p(&[
        cloze(&[1], &[t("a "), cloze(&[2], &[t("b")])]),
        cloze(&[2], &[t("c")]),
        cloze(&[2], &[t("b")]),
    ])];
    assert_eq!(answer(&nested, &[], 1), "a b");
    assert_eq!(answer(&nested, &[], 2), "b; c");
    assert_eq!(answer(&nested, &[], 3), "");
}

#[test]
fn text_folds_to_one_line() {
    assert_eq!(folded("a\n  b \n\nc"), "a / b / c");
    assert_eq!(folded("a"), "a");
    assert_eq!(folded("\n"), "");
}
