//! deckc
fn main() {}
