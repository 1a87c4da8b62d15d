//! Time of matching; prints figures, asserts only that nothing explodes.

use std::time::Instant;

use deckc::identity::align::{Old, Outcome, Trace, align};
use deckc::identity::prompt::{Kind, PromptHash, normalise};
use deckc::identity::sketch::{Sketch, shorten};

fn trace(file: usize, prompt: &str, answer: &str) -> Trace {
    let (prompt, answer) = (normalise(prompt), normalise(answer));
    Trace {
        file,
        kind: Kind::Basic,
        id: None,
        prompt_hash: PromptHash::new(Kind::Basic, &prompt),
        sketch: Sketch::new(&prompt, &answer),
        prompt: shorten(&prompt),
    }
}

fn deck(count: usize, word: &str) -> Vec<Trace> {
    (0..count)
        .map(|at| {
            let prompt = format!("What does part {at} of {word} do when step {} fails?", at % 97);
            trace(
                at / 500,
                &prompt,
                &format!("It waits for part {} and then goes on with {}.", at * 7 % 1013, at % 89),
            )
        })
        .collect()
}

fn check(name: &str, old: Vec<Trace>, new: &[Trace]) {
    let old: Vec<Old> = old.into_iter().map(|trace| Old { trace, retired: false }).collect();
    let start = Instant::now();
    let outcomes = align(&old, new);
    let time = start.elapsed();
    let same = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Same { .. })).count();
    let edited = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Edited { .. })).count();
    println!("{name}: {} notes in {time:?}, {same} same, {edited} edited", new.len());
    assert!(time.as_secs() < 60, "{name} took {time:?}");
}

#[test]
fn matching_stays_linear() {
    check("unchanged", deck(100_000, "the engine"), &deck(100_000, "the engine"));
    check("all prompts edited", deck(5_000, "the engine"), &deck(5_000, "the motor"));
    let mut few = deck(100_000, "the engine");
    for at in [5, 50_000, 99_999] {
        few[at] = deck(at + 1, "the engine then").pop().expect("one at least");
    }
    check("three edited", deck(100_000, "the engine"), &few);
    let same: Vec<Trace> =
        (0..20_000).map(|at| trace(at / 100, "Definition?", &format!("meaning {at}"))).collect();
    check("one prompt everywhere", same.clone(), &same);
}
