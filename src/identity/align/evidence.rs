//! What speaks for an edited note being the note of a ledger line, and when that is enough.

use std::fmt;

use crate::identity::prompt::Kind;
use crate::identity::words::Likeness;

/// What an edited note was recognised by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// How much of the prompt is the same, in per cent of what its words tell in this deck.
    pub prompt: u8,
    /// What became of the answer.
    pub answer: AnswerEvidence,
    /// Where the note stands.
    pub place: PlaceEvidence,
}

/// What became of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerEvidence {
    /// It is the same text.
    Same,
    /// It was edited; so many per cent are shared.
    Alike(u8),
    /// It has little in common with the old one.
    Other,
}

/// Where a note stands, seen from its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceEvidence {
    /// Between the same neighbours.
    Same,
    /// Next to one old neighbour.
    Near,
    /// Somewhere else.
    Elsewhere,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "prompt {} % alike, ", self.prompt)?;
        match self.answer {
            AnswerEvidence::Same => f.write_str("same answer, ")?,
            AnswerEvidence::Alike(share) => write!(f, "answer {share} % alike, ")?,
            AnswerEvidence::Other => f.write_str("another answer, ")?,
        }
        f.write_str(match self.place {
            PlaceEvidence::Same => "same place",
            PlaceEvidence::Near => "next to an old neighbour",
            PlaceEvidence::Elsewhere => "moved",
        })
    }
}

/// How much an equal answer says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Long, and no other note has it: hardly a coincidence.
    Telling,
    /// Short, and no other note has it.
    Single,
    /// Hardly anything ("42"), and no other note has it.
    Tiny,
    /// Other notes have it too.
    Shared,
}

/// What the first words of two answers say, where one may be an extension of the other ("42", "42 (decimal)").
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// They are the same, and no other answer begins so.
    Single,
    /// They are the same, as in other answers, and one answer is hardly more than this word.
    Shared,
    /// They differ, or open long answers.
    Other,
}

/// A line and a note side by side; what does not change while others are matched.
#[derive(Clone, Copy)]
pub struct Features {
    pub kind: Kind,
    pub words: Likeness,
    /// The likeness of the prompts by which pairs compete, from 0 to 1.
    pub prompt: f32,
    /// How many words the shorter prompt has.
    pub length: usize,
    pub same_prompt: bool,
    pub same_answer: bool,
    pub weight: Weight,
    pub opening: Opening,
    /// Estimated share of the answer, from 0 to 1.
    pub answer: f32,
    /// What the telling words of the answers say.
    pub wording: Wording,
    /// Most of the answer stayed, or of one of the answers.
    pub answer_stayed: bool,
}

/// What the telling words of two answers say, where the answers differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// Half of the words of the shorter answer, or more, are in the longer one, and one of them in no other answer.
    Contained,
    /// Anything less.
    Other,
}

/// Whether a line and a note stand alone in a gap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nothing else is left over between their neighbours, which are the same.
    Alone,
    /// Something else is, or the neighbours are others.
    Other,
}

/// Answers that agree by this much may well be an answer and its extension.
const ANSWER_HINT: f32 = 0.1;
/// The answers of unrelated notes agree by this much at most (four standard errors of the estimate).
pub const ANSWER_ALIKE: f32 = 0.2;

/// Names the place that a likeness of places stands for.
pub fn place_of(likeness: f32) -> PlaceEvidence {
    // 0.7 alone is a swap with the neighbour.
    if likeness >= 0.71 {
        PlaceEvidence::Same
    } else if likeness >= 0.3 {
        PlaceEvidence::Near
    } else {
        PlaceEvidence::Elsewhere
    }
}

/// What has to be asked of the deck before a pair is accepted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not enough.
    No,
    /// Enough as it is.
    Yes,
    /// Enough, unless the deck holds other notes that differ from these two in the very same words.
    UnlessTemplate,
    /// Enough, unless other lines or notes with the very same prompt are left.
    UnlessTwins,
    /// Enough, unless it is a template; and the answers have to be more alike than answers in this deck are anyway.
    UnlessTemplateOrUsualAnswer,
}

/// Weighs a pair that stands `place` apart.
///
/// The thresholds were found with the simulation in `tests/identity`; the order of the cases is that of the trust
/// in the answer.
pub fn judge(pair: &Features, place: PlaceEvidence, gap: Gap) -> Verdict {
    let prompt = pair.prompt;
    if pair.same_prompt {
        // One of several with this prompt: the prompt says nothing, and an edited answer little.
        return match place {
            PlaceEvidence::Same | PlaceEvidence::Near | PlaceEvidence::Elsewhere if pair.same_answer => {
                Verdict::Yes
            }
            PlaceEvidence::Same if pair.answer >= ANSWER_ALIKE => Verdict::Yes,
            PlaceEvidence::Same if gap == Gap::Alone => Verdict::UnlessTwins,
            PlaceEvidence::Near if pair.answer >= ANSWER_ALIKE => Verdict::UnlessTemplateOrUsualAnswer,
            PlaceEvidence::Same | PlaceEvidence::Near | PlaceEvidence::Elsewhere => Verdict::No,
        };
    }
    let enough = |same: f32, near: f32, elsewhere: f32| match place {
        PlaceEvidence::Same => prompt >= same,
        PlaceEvidence::Near => prompt >= near,
        PlaceEvidence::Elsewhere => prompt >= elsewhere,
    };
    // Where only a name was exchanged for another, a template was filled anew, and it may well have the same answer.
    let refilled = pair.words.renamed && pair.words.frame.is_some_and(|(before, after)| before + after >= 2);
    // The text of a cloze holds its deletions, so they are no second witness.
    let apart = match pair.kind {
        Kind::Basic => !refilled,
        Kind::Cloze => !refilled && !pair.words.replaced,
    };
    if pair.same_answer && pair.weight == Weight::Telling && apart {
        return if enough(0.0, 0.0, 0.25) { Verdict::UnlessTemplate } else { Verdict::No };
    }
    // France became Germany, 403 became 404: another card, whatever else is the same.
    if pair.words.renamed {
        return Verdict::No;
    }
    // Nor is sulfite a slip for sulfate, MM for mM or C++ for C, unless the answer shows that the note means the same.
    if !pair.same_answer && (pair.words.turned || pair.words.resembling && !pair.answer_stayed) {
        return Verdict::No;
    }
    if is_reworded_in_place(pair, gap) {
        return Verdict::UnlessTemplate;
    }
    if pair.same_answer {
        let alike = match (pair.weight, pair.words.replaced) {
            (Weight::Telling | Weight::Single, false) => enough(0.25, 0.4, 0.55),
            (Weight::Telling | Weight::Single, true) => enough(0.65, 0.7, 0.85),
            (Weight::Tiny | Weight::Shared, false) => enough(0.5, 0.6, 0.75),
            (Weight::Tiny | Weight::Shared, true) => enough(0.7, 0.8, 0.9),
        };
        return if alike { Verdict::UnlessTemplate } else { Verdict::No };
    }
    // The prompt alone: nothing that tells was replaced, only little came or went.
    let hint = pair.answer >= ANSWER_HINT;
    let least = match (pair.opening, place) {
        (Opening::Single, PlaceEvidence::Same) if pair.length >= 3 || hint => 0.5,
        _ if pair.length < 3 => f32::INFINITY,
        (Opening::Single | Opening::Shared, PlaceEvidence::Same) => 0.6,
        (Opening::Other, PlaceEvidence::Same) if hint => 0.6,
        (Opening::Other, PlaceEvidence::Same) => 0.9,
        _ if pair.length < 5 => f32::INFINITY,
        (Opening::Single | Opening::Shared | Opening::Other, PlaceEvidence::Near) => 0.8,
        (Opening::Single | Opening::Shared | Opening::Other, PlaceEvidence::Elsewhere) => 0.9,
    };
    let slip = pair.words.same_words || pair.words.one_typo;
    let least = match (pair.words.replaced, pair.opening) {
        (false, _) => least,
        (true, Opening::Single | Opening::Shared) => least + 0.15,
        (true, Opening::Other) => f32::INFINITY,
    };
    if least <= 1.0 && slip || prompt >= least {
        return Verdict::UnlessTemplate;
    }
    if pair.answer >= 0.5 && enough(0.7, 0.8, 0.9) && (pair.kind == Kind::Basic || !pair.words.replaced) {
        return Verdict::UnlessTemplate;
    }
    // A rewritten prompt needs an answer that is nearly the old one, and unlike all others.
    let rewritten = pair.answer >= 0.85 && pair.weight == Weight::Telling && place == PlaceEvidence::Same;
    // Of a prompt that many notes have ("Definition?") a word more or less takes all likeness, and nothing of what it says.
    let grown = pair.words.grown
        && pair.answer >= 0.5
        && pair.weight == Weight::Telling
        && place == PlaceEvidence::Same;
    let alike = if pair.words.replaced {
        pair.kind == Kind::Basic && pair.answer >= 0.65 && enough(0.5, 0.6, 0.75)
    } else {
        pair.answer >= ANSWER_ALIKE && enough(0.45, 0.55, 0.7)
    };
    if (rewritten || grown) && pair.kind == Kind::Basic || alike {
        return Verdict::UnlessTemplateOrUsualAnswer;
    }
    Verdict::No
}

/// Tells whether a question stands where it stood, put in other words about the same thing.
///
/// Nothing else is left over in its place, the answer is the same and no other note has it (or it is the same in other words),
/// and the prompts share what they are about: words that few notes have, and a good part of the content of one of
/// them. Two fillings of a template begin alike; a question put anew begins otherwise, unless it
/// only lost or gained words.
fn is_reworded_in_place(pair: &Features, gap: Gap) -> bool {
    let (kept, share) = match (pair.same_answer, pair.weight, pair.wording) {
        (true, Weight::Telling | Weight::Single | Weight::Tiny, _) => (0.5, 0.25),
        (false, _, Wording::Contained) => (1.0, 0.4),
        (true, Weight::Shared, _) | (false, _, Wording::Other) => return false,
    };
    gap == Gap::Alone
        && pair.kind == Kind::Basic
        && (pair.words.opening < 2 || pair.words.grown)
        && pair.words.kept.weight >= kept
        && pair.words.kept.share >= share
}

/// Returns a share as whole per cent, rounded down.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=100 before")]
pub fn percent(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 100.0) as u8
}
