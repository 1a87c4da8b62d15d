//! Identity over time: a simulation of authors at work, with the truth known.
//!
//! `DECKC_SESSIONS=50000 cargo test --release identity::no_history -- --nocapture` runs more of it.

mod deck;
mod properties;
mod reword;
mod session;
mod tally;

use session::Session;
use tally::Tally;

#[test]
fn no_history_moves_to_another_card() {
    let sessions = std::env::var("DECKC_SESSIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(700);
    let mut tally = Tally::default();
    for seed in 0..sessions {
        let mut session = Session::new(seed);
        for _ in 0..4 {
            session.release(&mut tally);
        }
    }
    if std::env::var_os("DECKC_MISSED").is_some() {
        println!("{}", tally.missed.join("\n"));
    }
    println!("{}", tally.table());
    assert_eq!(tally.wrong(), 0, "{}", tally.wrong.join("\n"));
    let (notes, right) = tally.kept();
    assert!(right == notes, "{} notes with the same prompt were not recognised", notes - right);
    let (notes, right) = tally.reworded();
    assert!(
        f64::from(right) >= 0.95 * f64::from(notes),
        "only {right} of {notes} reworded notes were recognised"
    );
}
