//! Edits of one note.

use super::Session;
use crate::identity::deck::{BARE_HEADING, Fact};
use crate::identity::reword::{Reach, nonsense, rephrase, restate, reword, rework, rewrite, touch_up};
use crate::identity::tally::Label;

impl Session {
    /// Rewords, rewrites or corrects one note, in the proportions that the histories of public decks show: two answers for each
    /// question; of the questions half barely changed, a fifth changed beyond recognition; half with the answer.
    pub fn edit_one(&mut self) {
        let Some(place) = self.untouched() else { return };
        let fact = self.files[place.0].notes[place.1].fact.clone();
        let rng = &mut self.rng;
        let (fact, label) = match rng.below(34) {
            0..15 => {
                let answer =
                    if rng.one_in(3) { rework(&fact.answer, rng) } else { touch_up(&fact.answer, rng) };
                let label = if fact.prompt == BARE_HEADING { Label::BareAnswer } else { Label::AnswerOnly };
                (Fact { answer, ..fact }, label)
            }
            15..26 => {
                let reach = *rng.pick(&[
                    Reach::Typo,
                    Reach::Typo,
                    Reach::Typo,
                    Reach::Word,
                    Reach::Word,
                    Reach::Word,
                    Reach::Half,
                ]);
                let mut fact = reword(&fact, reach, rng);
                let both = rng.one_in(2);
                if both {
                    fact.answer = touch_up(&fact.answer, rng);
                }
                (fact, if both { Label::RewordedBoth(reach) } else { Label::Reworded(reach) })
            }
            26..28 => {
                let label = if fact.answer.len() >= 18 { Label::Rewritten } else { Label::RewrittenShort };
                (rewrite(&fact, rng), label)
            }
            28 => {
                let mut fact = rewrite(&fact, rng);
                let long = fact.answer.len() >= 40;
                fact.answer = touch_up(&fact.answer, rng);
                (fact, if long { Label::RewrittenBoth } else { Label::RewrittenShort })
            }
            29..31 => {
                let short = fact.answer.len() < 16;
                let others = self.answered_alike(&fact);
                let label = match (short, others) {
                    (true, false) => Label::RephrasedShort,
                    (false, false) => Label::Rephrased,
                    (_, true) => Label::RephrasedShared,
                };
                (rephrase(&fact), label)
            }
            31..33 => {
                let answer = restate(&fact.answer, &mut self.rng);
                (Fact { answer, ..rephrase(&fact) }, Label::RephrasedBoth)
            }
            _ => {
                // What nobody could tell from a deletion and an insertion.
                let mut fact = rewrite(&fact, rng);
                fact.answer = format!("{} {}", rng.below(10_000), nonsense(rng));
                (fact, Label::Undecidable)
            }
        };
        self.set(place, fact, label);
    }
}
