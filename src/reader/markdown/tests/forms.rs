//! The forms of cards.

use super::show::{check, check_sources, check_with};
use crate::reader::{Settings, Tables};

#[test]
fn a_heading_of_the_card_level_is_a_card_and_the_title_names_the_deck() {
    check(
        "# AWS\n\n## What is ECS?\n\nA scheduler.\n\n## And EKS?\nKubernetes.\n",
        "basic AWS 3-5\n Front: What is ECS?\n Back: A scheduler.\n\
         basic AWS 7-8\n Front: And EKS?\n Back: Kubernetes.\n",
    );
}

#[test]
fn deeper_headings_belong_to_the_answer() {
    check("## Q\na\n### Sub {.x}\nb\n", "basic Default 1-4 #x\n Front: Q\n Back: a ¶ h3(Sub) ¶ b\n");
}

#[test]
fn the_card_level_can_be_another() {
    let settings = Settings { card_level: 3, ..Settings::default() };
    check_with(&settings, "## S\n### Q\na\n", "basic Default 2-3\n Front: Q\n Back: a\n Context: S\n");
    let settings = Settings { card_level: 1, ..Settings::default() };
    check_with(&settings, "# Q\na\n", "basic Default 1-2\n Front: Q\n Back: a\n");
}

#[test]
fn a_heading_without_a_body_is_a_section() {
    check("## Empty\n\n## Q\na\n", "basic Default 3-4\n Front: Q\n Back: a\n");
}

#[test]
fn a_line_at_the_end_of_a_heading_card_separates_and_one_inside_is_content() {
    check(
        "## Q\na\n\n---\n\nb\n\n---\n\n## R\nc\n",
        "basic Default 1-6\n Front: Q\n Back: a ¶ --- ¶ b\nbasic Default 10-11\n Front: R\n Back: c\n",
    );
}

#[test]
fn labels_at_the_margin_split_paragraphs_lists_and_quotes() {
    check(
        "Q: one\nA: two\nQ: three\n- a\n- b\nA: four\n> quote\nQA: word\nA: Wort\n",
        "basic Default 1-2\n Front: one\n Back: two\n\
         basic Default 3-7\n Front: three ¶ -[a; b]\n Back: four ¶ >(quote)\n\
         reversed Default 8-9\n Front: word\n Back: Wort\n",
    );
}

#[test]
fn blank_lines_belong_to_the_answer_and_a_break_or_a_heading_ends_it() {
    check(
        "Q: a\nA: b\n\nc\n---\nprose\n\nQ: d\nA: e\n\n# T\n\nmore prose\n",
        "basic T 1-4\n Front: a\n Back: b ¶ c\nbasic T 8-9\n Front: d\n Back: e\n",
    );
}

#[test]
fn labels_are_inert_in_code_comments_and_math() {
    check(
        "Q: a\nA:\n```\nQ: x\nA: y\n```\n<!--\nQ: z\n-->\n$$\nA: 1\n$$\n<pre>\nQ: p\n</pre>\n",
        "basic Default 1-15\n Front: a\n Back: code:(Q: x⏎A: y) ¶ math(A: 1) ¶ html(<pre>⏎Q: p⏎</pre>)\n",
    );
    check(
        "Q: a\n- b\n  ```\n  A: x\n  ```\nA: c\n",
        "basic Default 1-6\n Front: a ¶ -[b ¶ code:(A: x)]\n Back: c\n",
    );
}

#[test]
fn block_markers_on_a_labels_own_line_are_text() {
    check(
        "Q: > 5?\nA: 1984.\nQ: # of x\nA: - 5 °C\nQ: ---\nA: 1. a\n2. b\n",
        "basic Default 1-2\n Front: > 5?\n Back: 1984.\n\
         basic Default 3-4\n Front: # of x\n Back: - 5 °C\n\
         basic Default 5-7\n Front: ---\n Back: 1.[a; b]\n",
    );
    check("Q: [a]: b\nA: ~~~\ncode\n~~~\n", "basic Default 1-4\n Front: [a]: b\n Back: code:(code)\n");
}

#[test]
fn labelled_fields_fill_extra_hint_and_source() {
    check(
        "Q: a\nA: b\nExtra: c\n\nd\nHint: e\nSource: *f*\n\n## H\ng\nExtra: h\n",
        "basic Default 1-7\n Front: a\n Back: b\n Extra: c ¶ d\n Hint: e\n Source: *f*\n\
         basic Default 9-11\n Front: H\n Back: g\n Extra: h\n",
    );
    check(
        "Q: a\nA: b\nExtra: c\nExtra: d\n",
        "basic Default 1-4\n Front: a\n Back: b\n Extra: c\nD013 1:1 `Q:`\n",
    );
}

#[test]
fn split_moves_what_stands_before_it_to_the_front() {
    check("## Q\ntext\n<!-- split -->\nanswer\n", "basic Default 1-4\n Front: Q ¶ text\n Back: answer\n");
    check("Q: a\n\nb\n\n<!-- split -->\nc\n", "basic Default 1-6\n Front: a ¶ b\n Back: c\n");
}

#[test]
fn ignore_skips_a_card_or_a_section() {
    check("## Q\n<!-- ignore -->\na\n\n## R\nb\n", "basic Default 5-6\n Front: R\n Back: b\n");
    check("## S\n<!-- ignore -->\nQ: a\nA: b\n\n## R\nb\n", "basic Default 6-7\n Front: R\n Back: b\n");
}

#[test]
fn each_term_of_a_definition_list_is_a_card() {
    check(
        "NAT\n: address\n  translation\n: and ports\n\nVPC\n: network <!-- id: v --> x ^ab\n",
        "basic Default 1-4\n Front: NAT\n Back: address␣translation ¶ and ports\n\
         basic Default 6-7 id=v\n Front: VPC\n Back: network x\n",
    );
    check("## Terms\n\na\n: b\n", "basic Default 3-4\n Front: a\n Back: b\n Context: Terms\n");
    check("## Q\n\ntext\n\na\n: b\n", "basic Default 1-6\n Front: Q\n Back: text ¶ dl[a: b]\n");
}

#[test]
fn a_card_fence_has_keys_at_the_margin_and_markdown_values() {
    check(
        "```card\ntype: Optional_Reversed\ntags: a, #b\nQuestion: What?\nANSWER: multi\n  line\n\n  ~~~\n  front: inert\n  ~~~\nadd reverse: y\nNote: text\nid: k-1\n```\n",
        "optional-reversed Default 1-14 #a #b id=k-1\n Front: What?\n Back: multi␣line ¶ code:(front: inert)\n \
         Add Reverse: y␣Note: text\n",
    );
    check("```card\ntext: {{c1::x}}\nback: more\n```\n", "cloze Default 1-4\n Text: ⟦1:x⟧\n Extra: more\n");
    check(
        "```card\nfront: a\nback: b\nexrta: c\nfoo: d\nback: e\n```\n",
        "basic Default 1-7\n Front: a\n Back: b\nD012 4:1 `exrta`\nD012 5:1 `foo`\nD013 6:1 `back`\n",
    );
    check("```card\nhello\n```\n", "D018 1:1 ````card`\nD012 2:1 `hello`\n");
    check("- ```card\n  front: a\n  ```\n", "D004 1:3 ````card`\n");
}

#[test]
fn a_card_fence_and_a_card_table_end_a_labelled_card() {
    check(
        "Q: a\nA: b\n\n```card\nfront: c\nback: d\n```\n",
        "basic Default 1-2\n Front: a\n Back: b\nbasic Default 4-7\n Front: c\n Back: d\n",
    );
}

#[test]
fn a_table_under_the_cards_comment_is_one_note_a_row() {
    check(
        "<!-- cards -->\n| Term | Definition | tags | id | extra |\n|--|--|--|--|--|\n| a \\| b | `c` | x y | r1 | |\n| d | e |  |  | *f* |\n",
        "basic Default 4 #x #y id=r1\n Front: a | b\n Back: `c`\nbasic Default 5\n Front: d\n Back: e\n Extra: *f*\n",
    );
    check(
        "<!-- cards -->\n\nCountry | City\n--|--\nNorway | Oslo\n",
        "basic Default 5\n Front: Norway\n Back: Oslo\n",
    );
    check(
        "<!-- cards -->\n| front | bakc | back |\n|--|--|--|\n| a | b | c |\n| d |\n| e | f | g | h |\n",
        "basic Default 4\n Front: a\n Back: c\nbasic Default 5\n Front: d\nbasic Default 6\n Front: e\n Back: g\n\
         D012 2:11 `bakc`\nD008 5:1 `| d |`\nD016 5:1 `| d |`\nD016 6:1 `| e | f | g | h |`\n",
    );
    let settings = Settings { tables: Tables::Cards, ..Settings::default() };
    check_with(&settings, "a|b\n-|-\nc|d\n", "basic Default 3\n Front: c\n Back: d\n");
    check("a|b\n-|-\nc|d\n", "");
}

#[test]
fn the_same_question_has_the_same_source_in_every_form() {
    let expected = |kind: &str| {
        format!("basic Default {kind}\n Front: What *is* X?\n  \"What *is* X?\"\n Back: y\n  \"y\"\n")
    };
    check_sources("## What *is* X?\ny\n", &expected("1-2"));
    check_sources("## What *is* X? ##\n\ny\n", &expected("1-3"));
    check_sources("What *is* X?\n----\n\ny\n", &expected("1-4"));
    check_sources("Q: What *is* X?\nA: y\n", &expected("1-2"));
    check_sources("Q:   What *is* X?  \n\nA:\ny\n", &expected("1-4"));
    check_sources("What *is* X?\n: y\n", &expected("1-2"));
    check_sources("```card\nfront: What *is* X?\nback: y\n```\n", &expected("1-4"));
    check_sources("<!-- cards -->\n|a|b|\n|-|-|\n| What *is* X? | y |\n", &expected("4"));
    let with_id = expected("1-2 id=k");
    check_sources("## What *is* X? {#k}\ny\n", &with_id);
    check_sources("## What *is* X? <!-- id: k -->\ny\n", &with_id);
    check_sources("Q: What *is* X? <!-- id: k -->\nA: y\n", &with_id);
    check_sources(
        "## What *is* X?\ny ^k\n",
        &expected("1-2").replace(" Back: y\n  \"y\"", " Back: y ^k\n  \"y ^k\""),
    );
    check_sources("## What *is* X? ^kk\ny\n", &expected("1-2 id=kk"));
}

#[test]
fn a_card_without_a_question_or_an_answer_is_reported() {
    check("Q:\nA: x\n", "D018 1:1 `Q:`\n");
    check("Q: x\nA:\n", "basic Default 1-2\n Front: x\nD008 1:1 `Q:`\n");
}

#[test]
fn line_ends_make_no_difference_and_neither_does_a_missing_last_one() {
    let text = "# T\n\nQ: a\n  b\nA: c\n\n```\nx\ny\n```\n\n## H {#i}\n<!-- tags: t -->\nz\n";
    let expected =
        "basic T 3-10\n Front: a␣b\n Back: c ¶ code:(x⏎y)\nbasic T 12-14 #t id=i\n Front: H\n Back: z\n";
    check(text, expected);
    check(&text.replace('\n', "\r\n"), expected);
    check(&text.replace('\n', "\r"), expected);
    check(text.trim_end(), expected);
    check(&format!("\u{feff}{text}"), expected);
}

#[test]
fn empty_files_make_nothing() {
    for text in ["", "\u{feff}", "\n\n", "  ", "---\n", "prose only\n"] {
        check(text, "");
    }
}
