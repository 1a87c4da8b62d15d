//! Small pages, whole readings; and the documentation's tables against the weights.

use super::clues::{CLUE_WEIGHTS, Clue};
use super::forms::{FORM_WEIGHTS, Form};
use super::{RunnerUp, read};

/// Compares a reading, written as `title: …` and one `prompt -> answer` a card, lines joined by ` / `.
fn check(page: &str, expected: &[&str]) {
    let lines: Vec<&str> = page.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let reading = read(&lines);
    let mut found: Vec<String> =
        reading.title.iter().map(|title| format!("title: {}", lines[*title])).collect();
    found.extend(reading.cards.iter().map(|card| {
        format!("{} -> {}", lines[card.front.clone()].join(" / "), lines[card.back.clone()].join(" / "))
    }));
    assert_eq!(found, expected);
}

#[test]
fn nothing_is_no_card() {
    check("", &[]);
}

#[test]
fn one_line_is_a_prompt_without_an_answer() {
    check("What is a fjord?", &["What is a fjord? -> "]);
}

#[test]
fn two_lines_are_one_card() {
    check("Flashcards\nunit 1", &["Flashcards -> unit 1"]);
}

#[test]
fn a_question_is_answered_by_the_lines_up_to_the_next() {
    check(
        "Tides quiz\nWhat causes tides?\nThe pull of the Moon\nand of the Sun\nWhen are they highest?\nAt new moon",
        &[
            "title: Tides quiz",
            "What causes tides? -> The pull of the Moon / and of the Sun",
            "When are they highest? -> At new moon",
        ],
    );
}

#[test]
fn a_page_may_begin_without_a_title() {
    check(
        "What causes tides?\nThe Moon\nWho said so?\nKepler",
        &["What causes tides? -> The Moon", "Who said so? -> Kepler"],
    );
}

#[test]
fn bullets_belong_to_the_answer_above() {
    check(
        "Garden cards\nTools\n- spade\n- rake\n- hoe\nMulch\nkeeps the soil moist",
        &["title: Garden cards", "Tools -> - spade / - rake / - hoe", "Mulch -> keeps the soil moist"],
    );
}

#[test]
fn a_situation_and_its_question_are_one_prompt() {
    check(
        "Driving cards\nYou are driving on a wet road and the car starts to slide.\nWhat should you do?\nEase off the gas\nABS\nkeeps the wheels from locking",
        &[
            "title: Driving cards",
            "You are driving on a wet road and the car starts to slide. / What should you do? -> Ease off the gas",
            "ABS -> keeps the wheels from locking",
        ],
    );
}

#[test]
fn a_torn_sentence_is_joined() {
    check(
        "Boat cards\nanchor\nholds the boat, if it is let down with enough chain and the\nground is good\nkeel\nkeeps the boat upright",
        &[
            "title: Boat cards",
            "anchor -> holds the boat, if it is let down with enough chain and the / ground is good",
            "keel -> keeps the boat upright",
        ],
    );
}

#[test]
fn chinese_questions_are_questions() {
    check(
        "法国的首都是什么？\n巴黎\n什么是海豚？\n一种哺乳动物。\n它生活在海里。\n水的化学式是什么？\nH₂O",
        &[
            "法国的首都是什么？ -> 巴黎",
            "什么是海豚？ -> 一种哺乳动物。 / 它生活在海里。",
            "水的化学式是什么？ -> H₂O",
        ],
    );
}

#[test]
fn spanish_questions_are_questions() {
    check(
        "¿Cuál es la capital de Perú?\nLima\n¿Qué es un volcán?\nUna montaña que expulsa lava.\nPuede estar dormido.\n¿Quién pintó el Guernica?\nPicasso",
        &[
            "¿Cuál es la capital de Perú? -> Lima",
            "¿Qué es un volcán? -> Una montaña que expulsa lava. / Puede estar dormido.",
            "¿Quién pintó el Guernica? -> Picasso",
        ],
    );
}

#[test]
fn arabic_questions_are_questions() {
    check(
        "ما هي عاصمة مصر؟\nالقاهرة\nكم عدد أيام الأسبوع؟\nسبعة\nمن كتب المقدمة؟\nابن خلدون",
        &["ما هي عاصمة مصر؟ -> القاهرة", "كم عدد أيام الأسبوع؟ -> سبعة", "من كتب المقدمة؟ -> ابن خلدون"],
    );
}

#[test]
fn a_vocabulary_list_goes_to_and_fro() {
    check(
        "Норвежский урок\nhus\nдом\nbil\nмашина\nhund\nсобака",
        &["title: Норвежский урок", "hus -> дом", "bil -> машина", "hund -> собака"],
    );
}

#[test]
fn a_doubtful_card_names_the_other_reading() {
    let lines = [
        "Thinkers quiz",
        "Who wrote Emile?",
        "Rousseau",
        "Nietzsche",
        "God is dead",
        "will to power",
        "Kant",
        "act on a maxim that you could want to be a law for everybody",
    ];
    let cards = read(&lines).cards;
    assert_eq!((&cards[1].front, &cards[1].back), (&(3..4), &(4..6)));
    assert!((0.5..0.9).contains(&cards[1].confidence), "{cards:#?}");
    let reason = "may go on with the answer before it: it is a short phrase as the line before is".to_owned();
    assert_eq!(cards[1].runner_up, Some(RunnerUp { front: 1..2, back: 2..4, line: 3, reason }));
}

#[test]
fn the_documentation_tells_the_weights() {
    let page = include_str!("../../../../docs/pasted-text.md");
    for clue in Clue::ALL {
        let [prompt, prompt_more, answer, answer_more] = CLUE_WEIGHTS[*clue as usize];
        let row = format!("| {} | {prompt} | {prompt_more} | {answer} | {answer_more} |", clue.words());
        assert!(page.contains(&row), "{row}");
    }
    for (name, weight) in Form::NAMES.iter().zip(FORM_WEIGHTS) {
        let row = format!("| {name} | {weight} |");
        assert!(page.contains(&row), "{row}");
    }
}
