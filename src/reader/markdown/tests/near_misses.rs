//! Text that looks almost like a card.

use super::show::check;

#[test]
fn a_question_without_an_answer_is_prose_and_the_next_card_is_kept() {
    check("Q: a\n\nQ: b\nA: c\n", "basic Default 3-4\n Front: b\n Back: c\nD002 1:1 `Q:`\n");
}

#[test]
fn an_answer_without_a_question_is_reported() {
    check("A: a\n\n## H\nA: b\n", "basic Default 3-4\n Front: H\n Back: b\nD003 1:1 `A:`\nD003 4:1 `A:`\n");
    check("Q: a\nA: b\nA: c\n", "basic Default 1-3\n Front: a\n Back: b ¶ c\nD003 3:1 `A:`\n");
}

#[test]
fn almost_labels_are_reported_once() {
    check("Q: a\na: b\n", "D004 2:1 `a:`\n");
    check("Q: a\nA : b\n", "D004 2:1 `A :`\n");
    check("Q: a\n A: b\n", "D004 2:1 ` A:`\n");
    check("Q: a\nA:b\n", "D004 2:1 `A:`\n");
    check("Q: a\nA： b\n", "D004 2:1 `A：`\n");
    check(
        "**Q:** a\n**A:** b\n\nQ: c\nA: d\n",
        "basic Default 4-5\n Front: c\n Back: d\nD004 1:1 `**Q:**`\n",
    );
    check("q: a\nA: b\n", "D004 1:1 `q:`\nD003 2:1 `A:`\n");
}

#[test]
fn pages_of_near_misses_are_not_passed_over() {
    check("Q：首都は？\nA：東京\n\nQ：川は？\nA：利根川\n", "D004 1:1 `Q：`\n");
    check("Ｑ：a\nＡ：b\n", "D004 1:1 `Ｑ：`\n");
    check("Question: a\nAnswer: b\n", "D004 1:1 `Question:`\n");
    check("- Q: a\n- A: b\n\n> Q: c\n> A: d\n", "D004 1:1 `- Q:`\n");
}

#[test]
fn a_deletion_that_hides_nothing_is_reported() {
    check("C: a {{c1::}} b\n", "cloze Default 1\n Text: a ⟦1:⟧ b\nD008 1:6 `{{c1::}}`\n");
    check("C: a {{c1::::h}} b\n", "cloze Default 1\n Text: a ⟦1:|h⟧ b\nD008 1:6 `{{c1::::h}}`\n");
}

#[test]
fn a_heading_behind_two_byte_order_marks_is_one() {
    check("\u{feff}\u{feff}## a\nb\n", "basic Default 1-2\n Front: a\n Back: b\n");
}

#[test]
fn a_definition_list_below_an_answer_is_named() {
    check("Q: a\nA: b\n\nc\n: d\n", "basic Default 1-5\n Front: a\n Back: b ¶ dl[c: d]\nD004 4:1 `c`\n");
    check(
        "Q: a\nA: b\n\n---\n\nc\n: d\n",
        "basic Default 1-2\n Front: a\n Back: b\nbasic Default 6-7\n Front: c\n Back: d\n",
    );
}

#[test]
fn a_table_that_loses_cells_is_reported() {
    check(
        "## H\n\n| a |\n|---|\n| `b|c` |\n",
        "basic Default 1-5\n Front: H\n Back: table[a / `b]\nD016 5:1 `| `b|c` |`\n",
    );
}

#[test]
fn ordinary_text_is_no_near_miss() {
    check("a: b\nq: c\n**Quote** a:b\nA fine day\nC:\\Windows\nQ&A\n", "");
    check("Q: x\nA: a: b\na word: c\n", "basic Default 1-3\n Front: x\n Back: a: b␣a word: c\n");
}

#[test]
fn an_invisible_character_before_a_label_is_named_and_the_label_is_read() {
    check("\u{200b}Q: a\nA: b\n", "basic Default 1-2\n Front: a\n Back: b\nD021 1:1 `\u{200b}Q:`\n");
    check("Q: a\n\u{feff}A: b\n", "basic Default 1-2\n Front: a\n Back: b\nD021 2:1 `\u{feff}A:`\n");
    check(
        "Q: a\nA: b\n\n\u{200b}Q: c\nA: d\n",
        "basic Default 1-2\n Front: a\n Back: b\nbasic Default 4-5\n Front: c\n Back: d\nD021 4:1 `\u{200b}Q:`\n",
    );
}

#[test]
fn the_marks_of_other_tools_are_named_outside_code() {
    check("START\nBasic\na\nBack: b\nEND\n\nSTARTI [Basic] a Back: b ENDI\n", "D004 1:1 `START`\n");
    check("END\n\nEND of it\n\nSTART here\n", "D004 1:1 `END`\n");
    check("a\n?\nb\n\n?\n\nc\n??\n", "D004 2:1 `?`\n");
    check("```\nSTART\na\n?\nb\n```\n", "");
}

#[test]
fn cards_on_one_line_are_named_in_prose_alone() {
    check("hus::house\n\nby:::town\nbil::car\n\nthe term :: its sense\n", "D004 1:1 `hus::house`\n");
    check("```\na::b\n```\n\n`a::b`\n\nhttp://a::b\n\na_b::c()\n\nstd::vec::Vec\n", "");
    check("- a::b\n\n    a::b\n\nIn C++, `x`, a::b\nand so on.\n\nup:: [[Cell]]\n", "");
    check("Q: a\nA: b\n\na::b\n", "basic Default 1-4\n Front: a\n Back: b ¶ a::b\n");
}

#[test]
fn highlights_comments_and_queries_are_named_in_cards_alone() {
    check("==a== %%b%%\n\n%%\nc\n%%\n\n```dataview\nlist\n```\n", "");
    check(
        "Q: ==a== b\nA: c ==d e==\n",
        "basic Default 1-2\n Front: ==a== b\n Back: c ==d e==\nD027 1:4 `==a==`\n",
    );
    check(
        "Q: a == b == c\nA: `==d==` $==e==$ x==y==z =====\n",
        "basic Default 1-2\n Front: a == b == c\n Back: `==d==` $==e==$ x==y==z =====\n",
    );
    check(
        "Q: a %%b%%\nA: 5%% of c\n",
        "basic Default 1-2\n Front: a %%b%%\n Back: 5%% of c\nD004 1:6 `%%b%%`\n",
    );
    check("Q: a\nA: b\n\n%%\nc\n%%\n", "basic Default 1-6\n Front: a\n Back: b ¶ %%␣c␣%%\nD004 4:1 `%%`\n");
    check(
        "Q: a\nA: b\n\n```dataview\nc\n```\n",
        "basic Default 1-6\n Front: a\n Back: b ¶ code:dataview(c)\nD004 4:1 ````dataview`\n",
    );
}

#[test]
fn a_card_fence_that_is_never_closed_ends_before_the_next_card() {
    let both = "basic Default 1-3\n Front: a\n Back: b\nbasic Default 5-6\n Front: c\n Back: d\nD005 1:1 ````card`\n";
    check("```card\nfront: a\nback: b\n\nQ: c\nA: d\n", both);
    check("```card\nfront: a\nback: b\n\n## c\nd\n", both);
    check(
        "```card\nfront: a\nback: b\n\n```card\nfront: c\nback: d\n```\n",
        "basic Default 1-3\n Front: a\n Back: b\nbasic Default 5-8\n Front: c\n Back: d\nD005 1:1 ````card`\n",
    );
    check(
        "```card\nfront: a\nback: b\n\nQ: c\nA: d\n\n```card\nfront: e\nback: f\n```\n",
        "basic Default 1-3\n Front: a\n Back: b\nbasic Default 5-6\n Front: c\n Back: d\n\
         basic Default 8-11\n Front: e\n Back: f\nD005 1:1 ````card`\n",
    );
    check(
        "```card\nfront: a\nback: b\n\nc\n",
        "basic Default 1-5\n Front: a\n Back: b ¶ c\nD005 1:1 ````card`\n",
    );
}

#[test]
fn an_unclosed_fence_or_comment_is_reported_at_its_line() {
    check(
        "Q: a\nA: b\n\n```js\nQ: c\nA: d\n",
        "basic Default 1-6\n Front: a\n Back: b ¶ code:js(Q: c⏎A: d)\nD005 4:1 ````js`\n",
    );
    check("<!-- open\nQ: a\nA: b\n", "D005 1:1 `<!--`\n");
    check("```\nQ: a\n```\n", "");
}

#[test]
fn an_underline_right_under_an_answer_is_named() {
    check(
        "## A\n\nanswer\n---\n\nmore\n",
        "basic Default 3-6\n Front: answer\n Back: more\nD004 3:1 `answer`\n",
    );
    check("## A\nanswer\n---\n\n## B\nb\n", "basic Default 5-6\n Front: B\n Back: b\nD004 2:1 `answer`\n");
}
