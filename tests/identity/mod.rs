//! Identity over time: a simulation of authors at work, with the truth known.
//!
//! `DECKC_SESSIONS=12500 cargo test --release --test suite no_history -- --nocapture` runs more of it (four builds a session), from
//! another seed on with `DECKC_FIRST=700`; `DECKC_MISSED=RephrasedBoth` lists what was not recognised.

mod deck;
mod note_types;
mod properties;
mod reword;
mod session;
mod speed;
mod tally;

use session::Session;
use tally::Tally;

#[test]
fn no_history_moves_to_another_card() {
    let number = |name| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let (first, sessions) = (number("DECKC_FIRST").unwrap_or(0), number("DECKC_SESSIONS").unwrap_or(700));
    let mut tally = Tally::describing(std::env::var("DECKC_MISSED").ok());
    for seed in first..first + sessions {
        let mut session = Session::new(seed);
        for _ in 0..4 {
            session.release(&mut tally);
        }
    }
    println!("{}", tally.missed.join("\n"));
    println!("{}", tally.table());
    assert_eq!(tally.wrong(), 0, "{}", tally.wrong.join("\n"));
    let (notes, arguable) = tally.arguable();
    assert!(
        f64::from(arguable) <= 0.001 * f64::from(notes),
        "{arguable} of {notes} notes changed or new took the history of a note that says the same"
    );
    let (notes, right) = tally.kept();
    assert!(right == notes, "{} notes with the same prompt were not recognised", notes - right);
    let (notes, right) = tally.reworded();
    assert!(
        f64::from(right) >= 0.95 * f64::from(notes),
        "only {right} of {notes} reworded notes were recognised"
    );
}
