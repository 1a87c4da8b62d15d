use super::super::sketch::shorten;
use super::{Kind, Old, Outcome, PromptHash, Sketch, Trace, align};
use crate::identity::prompt::normalise;

/// Reads a note: `file| prompt | answer`, with `#id` behind the file, `-` before it for a retired line and `~` for a cloze.
fn trace(line: &str) -> Old {
    let parts: Vec<&str> = line.split('|').map(str::trim).collect();
    let [head, prompt, answer] = parts[..] else { panic!("three parts: {line}") };
    let (kind, prompt) = match prompt.strip_prefix('~') {
        Some(prompt) => (Kind::Cloze, prompt),
        None => (Kind::Basic, prompt),
    };
    let (file, id) = match head.split_once('#') {
        Some((file, id)) => (file, Some(id.to_owned())),
        None => (head, None),
    };
    let (prompt, answer) = (normalise(prompt), normalise(answer));
    let trace = Trace {
        file: file.trim_start_matches('-').parse().expect("a number"),
        kind,
        id,
        prompt_hash: PromptHash::new(kind, &prompt),
        sketch: Sketch::new(&prompt, &answer),
        prompt: shorten(&prompt),
    };
    Old { trace, retired: file.starts_with('-') }
}

/// Says of each note: `=0` the same as line 0, `~0` an edit of it, `new`, or `?0,1` not sure.
fn check(old: &[&str], new: &[&str], expected: &str) {
    let old: Vec<Old> = old.iter().map(|line| trace(line)).collect();
    let new: Vec<Trace> = new.iter().map(|line| trace(line).trace).collect();
    let outcomes: Vec<String> = align(&old, &new)
        .into_iter()
        .map(|outcome| match outcome {
            Outcome::Same { old } => format!("={old}"),
            Outcome::Edited { old, .. } => format!("~{old}"),
            Outcome::New => "new".to_owned(),
            Outcome::Ambiguous { candidates } => {
                let candidates: Vec<String> = candidates.iter().map(usize::to_string).collect();
                format!("?{}", candidates.join(","))
            }
        })
        .collect();
    assert_eq!(outcomes.join(" "), expected);
}

const BEFORE: &str = "0| Who wrote Faust? | Goethe";
const AFTER: &str = "0| Who painted the Night Watch? | Rembrandt";

/// Puts one line and one note between the same neighbours.
fn check_between(old: &str, new: &str, expected: &str) {
    check(&[BEFORE, old, AFTER], &[BEFORE, new, AFTER], &format!("=0 {expected} =2"));
}

#[test]
fn an_id_goes_before_everything() {
    check(&["0#a| P | A", "0| Q | B"], &["1#a| Q | B", "0| P | A"], "=0 new");
    check(&["-0#a| P | A"], &["0#a| Q | B"], "=0");
    check(&["0#a| P | A"], &["0#a| ~P | A"], "=0");
}

#[test]
fn two_ids_are_two_notes() {
    check(&["0#a| P | A"], &["0#b| P | A"], "new");
    check_between(
        "0#a| What is the captial of Norway? | Oslo",
        "0#b| What is the capital of Norway? | Oslo",
        "new",
    );
}

#[test]
fn an_id_may_come_and_go() {
    check(&["0| P | A"], &["0#a| P | A"], "=0");
    check(&["0#a| P | A"], &["0| P | A"], "=0");
}

#[test]
fn of_two_notes_with_one_id_the_likelier_has_it() {
    check(&["0#a| P | A"], &["0#a| Q | B", "0#a| P | A"], "new =0");
}

#[test]
fn the_same_prompt_is_the_same_note_wherever_it_is() {
    check(&["0| P | A", "0| Q | B"], &["3| Q | C", "2| P | D"], "=1 =0");
    check(&["0| P | A"], &["0| ~P | A"], "new");
}

#[test]
fn equal_prompts_are_told_apart_by_answer_then_file_then_order() {
    check(&["0| D? | A", "0| D? | B"], &["0| D? | B", "0| D? | A"], "=1 =0");
    check(&["0| D? | A", "1| D? | B"], &["0| D? | C", "1| D? | D"], "=0 =1");
    check(&["0| D? | A", "0| D? | B"], &["0| D? | C", "0| D? | D"], "=0 =1");
    check(&["0| D? | A", "1| D? | A"], &["1| D? | A", "0| D? | A"], "=1 =0");
}

#[test]
fn an_equal_prompt_that_overtakes_is_another_note() {
    check(&["0| D? | first of all", "0| D? | second"], &["0| D? | second", "0| D? | quite new"], "=1 new");
}

#[test]
fn a_retired_note_comes_back_by_its_prompt_only() {
    check(&["-0| P | A"], &["0| P | B"], "=0");
    check(
        &["-0| What is the captial of Norway? | Oslo"],
        &["0| What is the capital of Norway? | Oslo"],
        "new",
    );
    check(&["-0| P | A", "0| P | B"], &["0| P | A"], "=1");
    check(&["-0| P | A", "-0| P | B"], &["0| P | B"], "=1");
    check(
        &["-0| P | a pile of things", "0| P | a lock for threads", "0| P | a line of people", BEFORE],
        &["0| P | quite another", BEFORE],
        "new =3",
    );
}

#[test]
fn a_typing_error_is_an_edit() {
    const OTHER: &str = "0| Is the capital of Sweden large? | yes";
    check_between(
        "0| What is the captial of Norway? | Oslo",
        "0| What is the capital of Norway? | Oslo",
        "~1",
    );
    check_between(
        "0| What is the captial of Norway? | Bergen",
        "0| What is the capital of Norway? | Oslo in the south",
        "new",
    );
    // With another answer only if other notes show how the word is spelt.
    check(
        &[OTHER, "0| What is the captial of Norway? | Bergen", AFTER],
        &[OTHER, "0| What is the capital of Norway? | Oslo", AFTER],
        "=0 ~1 =2",
    );
}

#[test]
fn a_word_that_resembles_another_is_another_where_the_answer_is_another_too() {
    const PAIRS: [(&str, &str); 11] = [
        ("What is mM?", "What is MM?"),
        ("What is pH?", "What is Ph?"),
        ("What is sulfate?", "What is sulfite?"),
        ("What is nitrate?", "What is nitrite?"),
        ("What is ethane?", "What is ethene?"),
        ("What is ketone?", "What is ketose?"),
        ("What is cilia?", "What is celia?"),
        ("What is stationary?", "What is stationery?"),
        ("What does sulfate do in the ground?", "What does sulfite do in the ground?"),
        ("sulfate", "sulfite"),
        ("What is a desert?", "What is a dessert?"),
    ];
    for (one, two) in PAIRS {
        for (was, is) in [(one, two), (two, one)] {
            for (before, after) in
                [("north wind blows", "seven brown horses"), ("yes", "no"), ("12", "17"), ("Oslo", "Rome")]
            {
                check_between(&format!("0| {was} | {before}"), &format!("0| {is} | {after}"), "new");
            }
            check_between(
                &format!("0| {was} | north wind blows"),
                &format!("0| {is} | north wind blows hard"),
                "~1",
            );
        }
    }
}

#[test]
fn a_lost_letter_is_a_slip_only_where_the_question_is_about_more() {
    const DESERT: &str = "0| Which desert is the driest? | Atacama";
    check(
        &[DESERT, "0| What is a desert? | sand", AFTER],
        &[DESERT, "0| What is a dessert? | cake", AFTER],
        "=0 new =2",
    );
}

#[test]
fn a_sign_or_an_opposite_makes_another_card_unless_the_answer_is_the_same() {
    const PAIRS: [(&str, &str); 11] = [
        ("What is C?", "What is C++?"),
        ("What is Na+?", "What is Na?"),
        ("What is I2C?", "What is I3C?"),
        (r"What is $\sin x$ then?", r"What is $\cos x$ then?"),
        ("What is $x$ in this law?", "What is $y$ in this law?"),
        ("What lies here? ![map](a.png)", "What lies here? ![map](b.png)"),
        ("What comes before the frontal lobe?", "What comes after the frontal lobe?"),
        ("What is left of the stomach?", "What is right of the stomach?"),
        ("Who travels with a ticket?", "Who travels without a ticket?"),
        ("Who was the first king of Rome?", "Who was the second king of Rome?"),
        ("What can a whale breathe?", "What cannot a whale breathe?"),
    ];
    for (one, two) in PAIRS {
        for (was, is) in [(one, two), (two, one)] {
            check_between(
                &format!("0| {was} | a thing that engineers build from wires"),
                &format!("0| {is} | a thing that engineers build from stones"),
                "new",
            );
        }
    }
}

#[test]
fn another_filling_of_a_template_is_another_note() {
    check_between(
        "0| What is the capital of France? | Paris",
        "0| What is the capital of Germany? | Berlin",
        "new",
    );
    check_between("0| Which currency has France? | euro", "0| Which currency has Germany? | euro", "new");
    check_between(
        "0| What does status 403 mean? | The request failed.",
        "0| What does status 404 mean? | The request failed.",
        "new",
    );
    check(
        &["0| Is zinc a metal? | yes", "0| Is iron a metal? | yes", BEFORE],
        &["0| Is tin a metal? | yes", "0| Is iron a metal? | yes", BEFORE],
        "new =1 =2",
    );
}

#[test]
fn symbols_and_single_letters_are_names() {
    check_between("0| What does == compare here? | values", "0| What does === compare here? | values", "new");
    check_between(
        "0| What does ls -r do then? | it reverses",
        "0| What does ls -R do then? | it descends",
        "new",
    );
}

#[test]
fn a_reversed_note_is_another_note() {
    check_between(
        "0| What is the capital of France? | Paris",
        "0| Paris is the capital of what? | France",
        "new",
    );
}

#[test]
fn a_rewritten_prompt_is_known_by_a_telling_answer_in_its_place() {
    let answer = "a lock that lets one thread in at a time";
    check_between(
        &format!("0| What is a mutex? | {answer}"),
        &format!("0| Name the simplest guard. | {answer}"),
        "~1",
    );
    check_between("0| Is water wet? | yes", "0| Do birds fly? | yes", "new");
    check_between("0| What is six times seven? | 42", "0| How many bits are that? | 42", "new");
}

#[test]
fn a_question_put_in_other_words_is_known_alone_in_its_place_by_what_it_is_about() {
    check_between(
        "0| Which river flows through Paris? | La Seine.",
        "0| Name the river of Paris? | La Seine.",
        "~1",
    );
    check_between(
        "0| Which river flows through Paris? | The Seine.",
        "0| Paris lies on the banks of which river? | On both banks of the Seine.",
        "~1",
    );
}

#[test]
fn a_short_question_that_grows_with_its_answer_is_known_alone_in_its_place() {
    check_between("0| der Baum | the tree", "0| der Baum hier | the tree (in German)", "~1");
    check_between("0| der Baum | the tree", "0| der Raum hier | the tree (in German)", "new");
}

#[test]
fn what_stands_in_the_place_but_is_about_something_else_is_new() {
    const SEINE: &str = "0| Which river flows through Paris? | The Seine.";
    check_between(SEINE, "0| Name a museum in Paris? | The Louvre", "new");
    check_between(SEINE, "0| Name the river of London? | The Thames.", "new");
    check_between(SEINE, "0| How deep is that stream at Rouen? | The Seine has ten metres.", "new");
    check_between(
        "0| What a scheduler able to drop large files while others wait? | database",
        "0| What keeps a turbine able to drop broken parts during a merge? | database",
        "new",
    );
    check_between(
        "0| What comes out of a volcano? | lava, ash",
        "0| Where does lava come from? | a volcano",
        "new",
    );
}

#[test]
fn a_question_in_other_words_beside_a_new_one_is_not_known() {
    check(
        &[BEFORE, "0| Which river flows through Paris? | The Seine.", AFTER],
        &[
            BEFORE,
            "0| Where is Lima? | In Peru.",
            "0| Paris lies on the banks of which river? | On both banks of the Seine.",
            AFTER,
        ],
        "=0 new new =2",
    );
}

#[test]
fn an_answer_that_others_share_tells_nothing() {
    let answer = "It depends on the configuration.";
    check(
        &[
            BEFORE,
            &format!("0| What happens on a restart? | {answer}"),
            &format!("0| Who may log in? | {answer}"),
        ],
        &[BEFORE, &format!("0| Where do errors go? | {answer}"), &format!("0| Who may log in? | {answer}")],
        "=0 new =2",
    );
}

#[test]
fn prompt_and_answer_may_both_be_edited() {
    check_between(
        "0| Why does the scheduler drop late messages? | Because memory is short and nobody waits for them.",
        "0| Why does the scheduler drop messages that come late? | Because memory is scarce and nobody waits for them.",
        "~1",
    );
    check_between(
        "0| What is the atomic number of lead? | 82",
        "0| What is the atomic number of lead then? | 82 (heavy)",
        "~1",
    );
}

#[test]
fn an_unrelated_note_in_the_place_of_another_is_new() {
    check_between(
        "0| Why is the sky blue? | Short waves scatter more.",
        "0| Who discovered radium? | Marie Curie",
        "new",
    );
}

#[test]
fn neighbours_edited_together_keep_apart() {
    check(
        &[
            BEFORE,
            "0| What is the captial of Norway? | Oslo",
            "0| What is the captial of Sweden? | Stockholm",
            AFTER,
        ],
        &[
            BEFORE,
            "0| What is the capital of Norway? | Oslo",
            "0| What is the capital of Sweden? | Stockholm",
            AFTER,
        ],
        "=0 ~1 ~2 =3",
    );
}

#[test]
fn the_larger_part_of_a_split_note_keeps_the_line() {
    check(
        &[
            BEFORE,
            "0| What do the kidneys and the liver do? | They filter blood, store sugar and break down poison.",
            AFTER,
        ],
        &[
            BEFORE,
            "0| What do the kidneys do? | They filter blood, store sugar",
            "0| What does the liver do? | and break down poison.",
            AFTER,
        ],
        "=0 ~1 new =2",
    );
}

#[test]
fn a_renamed_file_keeps_places() {
    check(
        &[BEFORE, "0| What is a mutex? | a lock that lets one thread in at a time", AFTER],
        &[
            "7| Who wrote Faust? | Goethe",
            "7| Name the simplest guard. | a lock that lets one thread in at a time",
            "7| Who painted the Night Watch? | Rembrandt",
        ],
        "=0 ~1 =2",
    );
}

#[test]
fn swapped_prompts_keep_their_notes() {
    check(&["0| P | A", "0| Q | B"], &["0| Q | A", "0| P | B"], "=1 =0");
}

#[test]
fn nothing_is_found_in_nothing() {
    check(&[], &[], "");
    check(&[], &["0| P | A"], "new");
    check(&["0| P | A"], &[], "");
    check(&["0| | "], &["0| | "], "=0");
}
