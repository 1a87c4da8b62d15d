//! What holds for any ledger and any sources.

use deckc::identity::align::{Old, Outcome, Trace, align};
use deckc::identity::prompt::{Kind, PromptHash, normalise};
use deckc::identity::sketch::{Sketch, shorten};
use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use proptest::{prop_oneof, sample};

const PROMPTS: [&str; 12] = [
    "Definition?",
    "What is the capital of France?",
    "What is the captial of France?",
    "What is the capital of Germany?",
    "Which city is the seat of government of France?",
    "Does a cache keep heavy loads at night?",
    "Does a cache keep all heavy loads at night?",
    "der Hund",
    "der Mund",
    "Why is the sky blue?",
    "",
    "日本の首都はどこですか",
];
const ANSWERS: [&str; 8] = [
    "Paris",
    "Paris, on the Seine",
    "yes",
    "a lock that lets one thread at a time into a piece of code",
    "a lock that lets only one thread into a piece of code",
    "the dog",
    "",
    "東京",
];

fn trace() -> impl Strategy<Value = Trace> {
    let prompt = prop_oneof![8 => sample::select(&PROMPTS[..]).prop_map(str::to_owned), 1 => any::<String>()];
    let kind = prop_oneof![4 => Just(Kind::Basic), 1 => Just(Kind::Cloze)];
    let id =
        prop_oneof![8 => Just(None), 1 => sample::select(&["a", "b"][..]).prop_map(|id| Some(id.to_owned()))];
    (prompt, sample::select(&ANSWERS[..]), kind, id).prop_map(|(prompt, answer, kind, id)| {
        let (prompt, answer) = (normalise(&prompt), normalise(answer));
        Trace {
            file: 0,
            kind,
            id,
            prompt_hash: PromptHash::new(kind, &prompt),
            sketch: Sketch::new(&prompt, &answer),
            prompt: shorten(&prompt),
        }
    })
}

/// A file before and after an edit.
type File = (Vec<Old>, Vec<Trace>);

fn files() -> impl Strategy<Value = Vec<File>> {
    let line = (trace(), prop_oneof![5 => Just(false), 1 => Just(true)])
        .prop_map(|(trace, retired)| Old { trace, retired });
    let file = (
        prop::collection::vec(line, 0..6),
        prop::collection::vec(trace(), 0..6),
        prop::collection::vec(any::<bool>(), 6),
    )
        .prop_map(|(old, mut new, kept)| {
            // Much of a file is usually what it was.
            for (line, _) in old.iter().zip(&kept).filter(|(line, kept)| **kept && !line.retired) {
                new.push(line.trace.clone());
            }
            (old, new)
        });
    prop::collection::vec(file, 0..6)
}

/// Puts the files one after the other in the order given, numbered as given.
fn laid_out(files: &[File], order: &[usize], numbers: &[usize]) -> (Vec<Old>, Vec<Trace>) {
    let mut old = Vec::new();
    let mut new = Vec::new();
    for &at in order {
        let file = numbers[at];
        old.extend(
            files[at].0.iter().map(|line| Old { trace: Trace { file, ..line.trace.clone() }, ..*line }),
        );
        new.extend(files[at].1.iter().map(|note| Trace { file, ..note.clone() }));
    }
    (old, new)
}

/// Returns what became of each note, in words that do not depend on the order of files: lines that say the same
/// are not told apart.
fn described(old: &[Old], new: &[Trace]) -> Vec<String> {
    let line = |at: usize| {
        let Trace { file: _, kind, id, prompt_hash, prompt: _, sketch } = &old[at].trace;
        format!("{kind:?} {id:?} {prompt_hash} {sketch} {}", old[at].retired)
    };
    let mut notes: Vec<String> = new
        .iter()
        .zip(align(old, new))
        .map(|(note, outcome)| {
            let outcome = match outcome {
                Outcome::Same { old } => format!("same {}", line(old)),
                Outcome::Edited { old, why } => format!("edited {} {why}", line(old)),
                Outcome::New => "new".to_owned(),
                Outcome::Ambiguous { candidates } => {
                    let mut lines: Vec<String> = candidates.into_iter().map(line).collect();
                    lines.sort();
                    format!("ambiguous {lines:?}")
                }
            };
            format!("{:?} {:?} {} {} -> {outcome}", note.kind, note.id, note.prompt_hash, note.sketch)
        })
        .collect();
    notes.sort();
    notes
}

proptest! {
    #[test]
    fn the_order_and_the_numbers_of_files_do_not_matter(
        files in files(),
        order in Just((0..6).collect::<Vec<usize>>()).prop_shuffle(),
        numbers in Just(vec![0, 3, 4, 9, 17, 1_000]).prop_shuffle(),
    ) {
        let straight: Vec<usize> = (0..files.len()).collect();
        let shuffled: Vec<usize> = order.into_iter().filter(|at| *at < files.len()).collect();
        let (old, new) = laid_out(&files, &straight, &[0, 1, 2, 3, 4, 5]);
        let (old_too, new_too) = laid_out(&files, &shuffled, &numbers);
        prop_assert_eq!(described(&old, &new), described(&old_too, &new_too));
    }

    #[test]
    fn each_line_is_used_at_most_once_and_each_note_has_an_outcome(files in files()) {
        let order: Vec<usize> = (0..files.len()).collect();
        let (old, new) = laid_out(&files, &order, &order);
        let outcomes = align(&old, &new);
        prop_assert_eq!(outcomes.len(), new.len());
        let mut used = vec![false; old.len()];
        for (note, outcome) in new.iter().zip(outcomes) {
            match outcome {
                Outcome::Same { old: line } => {
                    prop_assert!(!std::mem::replace(&mut used[line], true));
                    let old = &old[line].trace;
                    prop_assert!(old.prompt_hash == note.prompt_hash || old.id.is_some() && old.id == note.id);
                }
                Outcome::Edited { old: line, .. } => {
                    prop_assert!(!std::mem::replace(&mut used[line], true));
                    prop_assert!(!old[line].retired && old[line].trace.kind == note.kind);
                }
                Outcome::New => {}
                Outcome::Ambiguous { candidates } => {
                    prop_assert!(!candidates.is_empty() && candidates.is_sorted());
                    prop_assert!(candidates.iter().all(|&line| !old[line].retired));
                }
            }
        }
    }

    #[test]
    fn an_unchanged_project_is_recognised_whole(files in files()) {
        let order: Vec<usize> = (0..files.len()).collect();
        let (_, new) = laid_out(&files, &order, &order);
        let old: Vec<Old> = new.iter().map(|note| Old { trace: Trace { id: None, ..note.clone() }, retired: false }).collect();
        let new: Vec<Trace> = old.iter().map(|line| line.trace.clone()).collect();
        for (note, outcome) in new.iter().zip(align(&old, &new)) {
            let Outcome::Same { old: line } = outcome else { panic!("{note:?} is {outcome:?}") };
            prop_assert_eq!(&old[line].trace, note);
        }
    }

    #[test]
    fn a_sketch_reads_back(prompt in any::<String>(), answer in any::<String>()) {
        let sketch = Sketch::new(&normalise(&prompt), &normalise(&answer));
        let text = sketch.to_string();
        prop_assert!(text.len() <= 58 && text.bytes().all(|b| b.is_ascii_graphic()));
        prop_assert_eq!(Sketch::parse(&text), Some(sketch));
        prop_assert!(sketch.answer_likeness(&sketch) >= 1.0);
    }

    #[test]
    fn reading_takes_any_text(text in any::<String>()) {
        let _ = Sketch::parse(&text);
        let _ = deckc::identity::cloze::Remembered::parse_list(&text);
        let _ = text.parse::<PromptHash>();
        let short = shorten(&normalise(&text));
        prop_assert!(short.chars().count() <= 100 && !short.contains(['\n', '\t', '\r']));
        // Not twice the same: unwrapping one marker may leave another.
        prop_assert!(!normalise(&text).starts_with(' '));
    }
}
