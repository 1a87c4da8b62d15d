//! Cloze deletions.

use super::show::{check, check_sources};

#[test]
fn the_answer_of_a_cloze_question_stands_before_its_extra() {
    check("Q: a {{c1::b}}\nA: c\nExtra: d\n", "cloze Default 1-3\n Text: a ⟦1:b⟧\n Extra: c ¶ d\n");
}

#[test]
fn a_paragraph_or_list_item_with_a_deletion_is_a_cloze_note() {
    check(
        "Capital: {{c1::Oslo::city}}.\n\n- {{c1::a}}\n- no\n  - {{c2::b}}\n- {{c1::c}}\n  - {{c2::d}}\n  - e\n- [x] {{c1::f}}\n",
        "cloze Default 1\n Text: Capital: ⟦1:Oslo|city⟧.\ncloze Default 3\n Text: ⟦1:a⟧\n\
         cloze Default 5\n Text: ⟦2:b⟧\ncloze Default 6-8\n Text: ⟦1:c⟧ ¶ -[⟦2:d⟧; e]\ncloze Default 9\n Text: ⟦1:f⟧\n",
    );
    check_sources(
        "1. [ ] a {{c1::b}} <!-- id: k -->\n",
        "cloze Default 1 id=k\n Text: a ⟦1:b⟧\n  \"a {{c1::b}}\"\n",
    );
}

#[test]
fn a_quote_or_a_table_with_a_deletion_is_one_note() {
    check(
        "> [!TIP]\n> {{c1::x}}\n\n|a|{{c1::b}}|\n|-|-|\n|c|d|\n",
        "cloze Default 1-2\n Text: Tip>(⟦1:x⟧)\ncloze Default 4-6\n Text: table[a|⟦1:b⟧ / c|d]\n",
    );
}

#[test]
fn a_labelled_cloze_runs_over_blocks() {
    check(
        "C: a {{c1::b}}\n\n- {{c2::c}}\nExtra: d\n---\nprose\n",
        "cloze Default 1-4\n Text: a ⟦1:b⟧ ¶ -[⟦2:c⟧]\n Extra: d\n",
    );
    check("C: none\n", "D010 1:1 `C:`\n");
}

#[test]
fn a_question_or_heading_with_a_deletion_is_a_cloze_note_with_extra() {
    check(
        "## {{c1::Oslo}}\nmore\n## {{c1::x}}\n",
        "cloze Default 1-2\n Text: ⟦1:Oslo⟧\n Extra: more\ncloze Default 3\n Text: ⟦1:x⟧\n",
    );
    check("Q: {{c1::a}}\nA: b\n", "cloze Default 1-2\n Text: ⟦1:a⟧\n Extra: b\n");
}

#[test]
fn deletions_in_an_answer_are_text() {
    check(
        "Q: q\nA: {{c1::a::h}}\n- **{{c2,3::b}}**\n",
        "basic Default 1-3\n Front: q\n Back: {{c1::a::h}} ¶ -[**{{c2,3::b}}**]\nD007 2:4 `{{c1::a::h}}`\n",
    );
    check(
        "QA: {{c1::q}}\nA: b\n",
        "reversed Default 1-2\n Front: {{c1::q}}\n Back: b\nD007 1:5 `{{c1::q}}`\n",
    );
}

#[test]
fn deletions_nest_and_have_several_or_no_numbers() {
    check("{{c1::a {{c2,3::b::h}} c}} {{c::d::e}}\n", "cloze Default 1\n Text: ⟦1:a ⟦2,3:b|h⟧ c⟧ ⟦:d|e⟧\n");
    check("{{c1::{{c2::x}}}}\n", "cloze Default 1\n Text: ⟦1:⟦2:x⟧⟧\n");
}

#[test]
fn formatting_code_math_links_and_images_stand_inside_deletions() {
    check(
        "{{c1::**a** `b}}` $x^{2}$ [l](u::v) ![i](p.png)::h *m*}}\n",
        "cloze Default 1\n Text: ⟦1:**a** `b}}` $x^{2}$ [l](u::v) <Image p.png alt=i>|h m⟧\n",
    );
    check("**{{c1::a}}** {{c1::\\(x}}\\)}}\n", "cloze Default 1\n Text: **⟦1:a⟧** ⟦1:$x}}$⟧\n");
}

#[test]
fn the_hint_follows_the_first_colons_of_the_deletion_itself() {
    check(
        "{{c1::std::vec::h}} {{c1::a::{{c2::b}}}} {{c1::`x::y`}} {{c1::z::}} {{c1::a {{c2::b}} c::d::e}}\n",
        "cloze Default 1\n Text: ⟦1:std|vec::h⟧ ⟦1:a::⟦2:b⟧⟧ ⟦1:`x::y`⟧ ⟦1:z⟧ ⟦1:a ⟦2:b⟧ c|d::e⟧\n",
    );
}

#[test]
fn balanced_braces_stay_in_the_deletion() {
    check(
        "{{c1::{a}{b}}} {{c1::{{x}}}} {{c1::f() {}} {{c1::a}}}\n",
        "cloze Default 1\n Text: ⟦1:{a}{b}⟧ ⟦1:{{x}}⟧ ⟦1:f() {⟧ ⟦1:a⟧}\n",
    );
}

#[test]
fn an_escaped_marker_is_text() {
    check("\\{{c1::a}}\n", "");
}

#[test]
fn never_closed_is_reported_at_the_marker_and_the_text_is_kept() {
    check("a {{c1::b\nc\n", "D001 1:3 `{{c1::`\n");
    check(
        "C: {{c1::x **y}}** {{c2::z}}\n",
        "cloze Default 1\n Text: {{c1::x **y}}** ⟦2:z⟧\nD001 1:4 `{{c1::`\n",
    );
    check(
        "Q: a\nA: *b {{c1::c* d}}\n",
        "basic Default 1-2\n Front: a\n Back: *b {{c1::c* d}}\nD001 2:7 `{{c1::`\n",
    );
}

#[test]
fn numbers_that_make_no_card_are_reported() {
    check(
        "{{c0::a}} {{c501::b}} {{c500::c}} {{c1,0::d}}\n",
        "cloze Default 1\n Text: {{c0::a}} {{c501::b}} ⟦500:c⟧ {{c1,0::d}}\nD006 1:1 `{{c0::`\nD006 1:11 `{{c501::`\nD006 1:35 `{{c1,0::`\n",
    );
    check(
        "{{C1::a}} {{c1:b}} {{c1 ::c}} {{course}}\n",
        "D004 1:1 `{{C1`\nD004 1:11 `{{c1`\nD004 1:20 `{{c1`\n",
    );
}

#[test]
fn markers_in_code_and_math_are_inert() {
    check(
        "`{{c1::a}}`\n\n```\n{{c1::b}}\n```\n\n$$ {{c1::c}} $$\n\n[x]({{c1::d}})\n",
        "D007 1:2 `{{c1::`\nD007 4:1 `{{c1::`\nD007 7:4 `{{c1::`\n",
    );
}
