//! Sections, directives, precedence, and the account of lines.

use super::show::{check, check_with, regions};
use crate::model::BuiltIn;
use crate::reader::Settings;

#[test]
fn a_heading_over_explicit_cards_is_a_section_and_its_context() {
    check(
        "# Deck\n## ECS {.sec}\nQ: a\nA: b\n### Deep\n{{c1::x}}\n## Card\nbody\n",
        "basic Deck 3-4 #sec\n Front: a\n Back: b\n Context: ECS\n\
         cloze Deck 6 #sec\n Text: ⟦1:x⟧\n Context: ECS › Deep\n\
         basic Deck 7-8\n Front: Card\n Back: body\n",
    );
}

#[test]
fn directives_under_a_section_heading_speak_for_all_its_cards() {
    check(
        "<!-- tags: all -->\n# T\n## S\n<!-- type: reversed\ndeck: A::B\nsource: https://x.y -->\nQ: a\nA: b\n\nQ: c\nA: d\n<!-- type: type-in -->\n\n# U\n## V\nw\n",
        "reversed A::B 7-8 #all\n Front: a\n Back: b\n Context: S\n Source: [https://x.y](https://x.y)\n\
         type-in A::B 10-12 #all\n Front: c\n Back: d\n Context: S\n Source: [https://x.y](https://x.y)\n\
         basic T 15-16 #all\n Front: V\n Back: w\n Context: U\n",
    );
}

#[test]
fn a_card_wins_over_its_section_and_that_over_settings() {
    let settings = Settings {
        deck: Some("Set".into()),
        tags: vec!["s".into()],
        note_type: Some(BuiltIn::TypeIn),
        source: Some("book".into()),
        ..Settings::default()
    };
    check_with(
        &settings,
        "# T\n## A\nx\n## B {deck=C type=basic source=\"page 3\" .t}\nx\n",
        "type-in Set 2-3 #s\n Front: A\n Back: x\n Context: T\n Source: book\n\
         basic C 4-5 #s #t\n Front: B\n Back: x\n Context: T\n Source: page 3\n",
    );
}

#[test]
fn an_inherited_cloze_type_makes_no_cloze_of_a_card_without_deletion() {
    let settings = Settings { note_type: Some(BuiltIn::Cloze), ..Settings::default() };
    check_with(&settings, "Q: a\nA: b\n", "basic Default 1-2\n Front: a\n Back: b\n");
    check("Q: a\nA: b\n<!-- type: cloze -->\n", "D010 1:1 `Q:`\n");
    check("Q: a\nA: {{c1::b}}\n<!-- type: cloze -->\n", "cloze Default 1-3\n Text: a ¶ ⟦1:b⟧\n");
}

#[test]
fn comments_may_stand_anywhere_in_a_card() {
    check(
        "Q: a <!-- type: type-in --> b\nA: c <!-- tags: #x,y/z -->\n<!-- guid: N{3\"%a -->\n<!-- a remark -->\n",
        "type-in Default 1-4 #x #y/z guid=N{3\"%a\n Front: a b\n Back: c\n",
    );
    check("## Q\n<!--ID: 1690000000000-->\na\n", "basic Default 1-3 id=1690000000000\n Front: Q\n Back: a\n");
}

#[test]
fn a_comment_belongs_to_the_block_it_touches() {
    check(
        "x\n\n{{c1::a}}\n<!-- id: a1 -->\n\n<!-- id: b1 -->\n{{c1::b}}\n\n<!-- tags: t -->\n\n{{c1::c}}\n",
        "cloze Default 3 id=a1\n Text: ⟦1:a⟧\ncloze Default 7 id=b1\n Text: ⟦1:b⟧\n\
         cloze Default 11\n Text: ⟦1:c⟧\nD014 9:12 `t`\n",
    );
    check(
        "## Q\na\n\n<!-- id: x -->\n## R\nb\n",
        "basic Default 1-4 id=x\n Front: Q\n Back: a\nbasic Default 5-6\n Front: R\n Back: b\nD014 4:10 `x`\n",
    );
}

#[test]
fn attributes_stand_at_the_end_of_a_heading() {
    check(
        "## H {#a .b type=\"optional reversed\" deck=\"My Deck\"} ##\nx\n## I {#a b}\nx\n## J {x}\ny\n## K {#k foo=1}\nz\n",
        "optional-reversed My Deck 1-2 #b id=a\n Front: H\n Back: x\n\
         basic Default 3-4\n Front: I {#a b}\n Back: x\nbasic Default 5-6\n Front: J {x}\n Back: y\n\
         basic Default 7-8 id=k\n Front: K\n Back: z\nD014 7:10 `foo=1`\n",
    );
}

#[test]
fn block_ids_are_ids_and_powers_are_not() {
    check(
        "## H\nx\n- y ^blk-1\n",
        "basic Default 1-3 id=blk-1\n Front: H\n Back: x␣-[y]\n".replace("x␣-[y]", "x ¶ -[y]").as_str(),
    );
    check("## H\n\n- y\n\n^37066d\n", "basic Default 1-5 id=37066d\n Front: H\n Back: -[y]\n");
    check("## H\nm c ^2\n", "basic Default 1-2\n Front: H\n Back: m c ^2\n");
}

#[test]
fn wrong_ids_types_and_directives_are_reported() {
    let long = "x".repeat(201);
    check(
        &format!("Q: a\nA: b\n<!-- id: {long} -->\n"),
        &format!("basic Default 1-3\n Front: a\n Back: b\nD412 3:10 `{long}`\n"),
    );
    check(
        "Q: a\nA: b\n<!-- type: revresed -->\n<!-- tgas: x -->\n<!-- id -->\n<!-- TODO: y -->\n",
        "basic Default 1-6\n Front: a\n Back: b\nD011 3:12 `revresed`\nD014 4:6 `tgas: x`\nD014 5:6 `id`\n",
    );
    check("## H {#a}\nb\n<!-- id: c -->\n", "basic Default 1-3 id=a\n Front: H\n Back: b\nD013 3:10 `c`\n");
}

#[test]
fn a_title_may_come_late_and_a_second_one_is_context() {
    check(
        "## Q\na\n# T *x*\n## R\nb\n# U\n## S\nc\n",
        "basic T x 1-2\n Front: Q\n Back: a\nbasic T x 4-5\n Front: R\n Back: b\nbasic T x 7-8\n Front: S\n Back: c\n Context: U\n",
    );
}

#[test]
fn footnotes_and_link_definitions_work_across_cards() {
    check(
        "Q: a[^n] [l]\nA: b\n\n## H\nc[^N] ![i][p]\n\n[^n]: note[^m]\n\n    more\n\n[^m]: deep\n\n[l]: http://x.y 'T'\n[p]: <q r.png>\n\n## I\nd[^none]\n",
        "basic Default 1-2\n Front: a[^n] [l](http://x.y \"T\") ¶ fn:n(note[^m] ¶ more) ¶ fn:m(deep)\n Back: b\n\
         basic Default 4-11\n Front: H\n Back: c[^N] <Image q r.png alt=i> ¶ fn:n(note[^m] ¶ more) ¶ fn:m(deep)\n\
         basic Default 16-17\n Front: I\n Back: d[^none]\n",
    );
}

#[test]
fn every_line_is_card_metadata_or_prose() {
    assert_eq!(
        regions("# T\n\nprose\n\nQ: a\nA: b\n---\n## S\n{{c1::x}}\nmore\n\n- y\n- {{c1::z}}\n"),
        "M1 P3 C5-6 M7-8 C9-10 P12 C13"
    );
    assert_eq!(regions("<!-- cards -->\n|a|b|\n|-|-|\n|c|d|\n\n[l]: x\n"), "M1-3 C4 M6");
    assert_eq!(regions("Q: only\n\nA: x\nA: y\n"), "C1-4");
    assert_eq!(regions("A: x\ny\n\n## S\nlast\n"), "P1-2 C4-5");
}
