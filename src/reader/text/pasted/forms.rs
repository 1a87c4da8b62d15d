//! The evidence of shape: how long prompts and answers run, what a prompt announces, whether the page has a title.

use super::line::{Ending, Line};
use super::words;

/// Prompts of more lines than this are not considered.
pub(super) const PROMPT_RUN: usize = 4;

/// Answer lines that are counted; a longer answer goes on at no further cost.
pub(super) const ANSWER_RUN: usize = 10;

/// Declares the shapes: an enum and its weights, one beside the other.
macro_rules! forms {
    ($($(#[$why:meta])* $name:ident, $weight:literal;)*) => {
        /// A shape that a reading has at one place.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Form { $($(#[$why])* $name),* }

        impl Form {
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$name),*];
            pub(super) const COUNT: usize = [$(Self::$name),*].len();
        }

        /// The weight of each shape.
        pub(super) const FORM_WEIGHTS: [f64; Form::COUNT] = [$($weight),*];
    };
}

forms! {
    /// Most prompts are one line; each further line costs.
    PromptGoesOn, -2.18;
    /// Most answers are one line.
    AnswerOfOne, -0.86;
    /// Many are two.
    AnswerOfTwo, 0.29;
    /// Some are three.
    AnswerOfThree, -0.21;
    /// Few are four.
    AnswerOfFour, 0.16;
    /// Longer ones are lists or lectures.
    AnswerOfMore, 0.49;
    /// A prompt that announces three things is answered by three lines.
    AnnouncedMet, 1.38;
    /// Fewer lines than announced want a reason.
    AnnouncedMissed, -0.75;
    /// Where several things are announced, several lines follow.
    SeveralMet, 1.35;
    /// Three and more short phrases that look alike are one list.
    AnswerAlike, 1.61;
    /// A new prompt often begins or ends as the prompt before: "capital of …".
    PromptTwin, 1.42;
    /// Later lines of an answer come back to words of the prompt.
    AnswerReturns, 0.6;
    /// Copied pages begin with the name of the set.
    TitleAtAll, 1.38;
    /// The name of a set says so: "flashcards", "unit 3", "quiz".
    TitleWord, 2.28;
    /// Titles are short and end without a mark.
    TitlePlain, 0.98;
    /// Where lines go to and fro, every answer is one line.
    AnswerAtPace, 6.0;
    /// Where lines go to and fro, this share of what each line shows by itself is left out.
    PaceDamps, 1.0;
    /// How far the prompts and answers of this page look alike counts for each line.
    HabitOfLooks, 0.2;
}

/// Lists the shapes of a card whose answer takes `run` lines, the last of them at `end - 1`.
pub(super) fn of_card(lines: &[Line], end: usize, run: usize) -> impl Iterator<Item = Form> {
    let length = match run {
        1 => Form::AnswerOfOne,
        2 => Form::AnswerOfTwo,
        3 => Form::AnswerOfThree,
        4 => Form::AnswerOfFour,
        _ => Form::AnswerOfMore,
    };
    let prompt = (run < ANSWER_RUN).then(|| &lines[end - run - 1]);
    let announced = prompt.and_then(|prompt| {
        let inline = run == 1 && (lines[end - 1].commas > 0 || lines[end - 1].length > 6);
        match usize::from(prompt.announces) {
            0 => None,
            _ if inline => None,
            1 => (run > 1).then_some(Form::SeveralMet),
            count if count == run => Some(Form::AnnouncedMet),
            count if count > run => Some(Form::AnnouncedMissed),
            _ => None,
        }
    });
    let twin = match (prompt, lines.get(end)) {
        (Some(prompt), Some(next)) => (!next.first.is_empty()
            && (next.first == prompt.first || (next.last == prompt.last && next.last.chars().count() > 2)))
            .then_some(Form::PromptTwin),
        _ => None,
    };
    let alike = (run > 2 && run < ANSWER_RUN && is_list(&lines[end - run..end])).then_some(Form::AnswerAlike);
    [Some(length), announced, alike, twin].into_iter().flatten()
}

/// Returns whether the lines are short phrases that begin alike.
fn is_list(lines: &[Line]) -> bool {
    lines.iter().all(|line| line.is_phrase() && line.case == lines[0].case && line.bullet == lines[0].bullet)
}

/// Returns the shape of line `at` as the answer line number `run`, if it has one that the line before does not show.
pub(super) fn of_answer_line(lines: &[Line], at: usize, run: usize) -> Option<Form> {
    (run > 1 && run < ANSWER_RUN && lines[at].shares_words(&lines[at - run])).then_some(Form::AnswerReturns)
}

/// Lists what speaks for a first line that is a title.
pub(super) fn of_title(line: &Line, text: &str) -> impl Iterator<Item = Form> {
    let named =
        text.split(|c: char| !c.is_alphanumeric()).any(|word| words::names_a_set(&word.to_lowercase()));
    let plain = line.ending == Ending::Bare && line.length < 9;
    [Some(Form::TitleAtAll), named.then_some(Form::TitleWord), plain.then_some(Form::TitlePlain)]
        .into_iter()
        .flatten()
}
