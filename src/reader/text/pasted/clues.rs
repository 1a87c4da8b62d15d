//! The evidence: what a line shows of its role, and how much each sign weighs.
//!
//! Weights are natural logarithms of odds. They were fitted on the tuning half of the test pages only (see
//! `docs/pasted-text.md`); the reasons are ours.

use super::line::{Bullet, Case, Ending, Line};
use super::pace;
use super::words;

/// The four parts that a line can play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The first line of a prompt.
    Prompt,
    /// A later line of a prompt.
    PromptMore,
    /// The first line of an answer.
    Answer,
    /// A later line of an answer.
    AnswerMore,
}

impl Role {
    pub(super) const ALL: [Self; 4] = [Self::Prompt, Self::PromptMore, Self::Answer, Self::AnswerMore];
}

/// Declares the signs: an enum, its names in words and its weights, one beside the other.
macro_rules! clues {
    ($($(#[$why:meta])* $name:ident, $words:literal, [$prompt:literal, $prompt_more:literal, $answer:literal, $answer_more:literal];)*) => {
        /// A sign that a line shows, by itself or beside the line before.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Clue { $($(#[$why])* $name),* }

        impl Clue {
            pub(super) const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the sign in words, to follow "the line".
            pub(super) fn words(self) -> &'static str {
                match self { $(Self::$name => $words),* }
            }
        }

        /// The weight of each sign for each role, in the order of [`Role::ALL`].
        pub(super) const CLUE_WEIGHTS: [[f64; 4]; Clue::ALL.len()] = [$([$prompt, $prompt_more, $answer, $answer_more]),*];
    };
}

clues! {
    // What the line is by itself.
    /// A question is put by a prompt.
    Asks, "ends with a question mark", [0.35, 0.66, -2.88, -2.59];
    /// A question after a question is its translation, or the second half of a prompt.
    AsksAgain, "asks as the line before does", [-1.03, -0.02, 3.05, 0.0];
    /// A question word opens a question even where the mark was forgotten; a sentence with a full stop tells.
    QuestionWord, "begins with a question word", [0.23, 0.37, -0.36, -0.86];
    /// Examiners give orders, answers do not.
    Command, "gives an order such as \"name\" or \"explain\"", [0.42, -0.03, -0.14, -0.24];
    /// "You are …" and "your …" put the learner in a situation about which something is asked.
    Scenario, "puts you in a situation", [1.18, -0.05, -1.12, -0.46];
    /// A line that breaks off leaves the rest to the answer.
    Unfinished, "breaks off", [0.63, 0.0, -1.29, -0.54];
    /// A colon announces what follows.
    EndsColon, "ends with a colon", [0.8, 0.3, -0.5, -0.3];
    /// A comma at the end says that the same thought goes on.
    EndsComma, "ends with a comma", [-0.53, 0.29, -0.19, 0.43];
    /// Learners mark prompts, not answers, with a word such as "(exam)".
    Labelled, "ends with a label in brackets", [1.52, 0.0, -0.8, -0.81];
    /// Terms are short phrases without a verb.
    Phrase, "is a short phrase without a verb", [1.05, -0.83, -0.14, -0.08];
    /// One word by itself is a term, or the shortest of answers.
    OneWord, "is a single word", [0.28, -0.31, -0.46, 0.57];
    /// People explain at length and ask in brief.
    Long, "is long", [-0.08, 0.15, 0.02, -0.07];
    /// Very long lines are explanations, or scenarios that other signs show.
    VeryLong, "is very long", [0.48, -0.15, -0.47, 0.14];
    /// A whole statement, neither broken off nor asked, tells rather than asks.
    Statement, "is a whole statement", [-0.08, 0.19, -0.29, 0.25];
    /// A long statement is an explanation.
    LongStatement, "is a long statement", [-0.71, -0.06, 0.2, 0.57];
    /// New things begin with a capital.
    Capital, "begins with a capital", [0.91, 0.17, -0.29, -0.68];
    /// A small letter continues what was said.
    Small, "begins with a small letter", [0.23, 0.16, 0.13, -0.48];
    /// Whole sentences answer.
    Stop, "ends with a full stop", [-0.23, 0.9, -0.5, -0.12];
    /// Several sentences on one line tell a story: a scenario or an explanation.
    Sentences, "holds several sentences", [-0.29, 0.26, 0.12, -0.09];
    /// Lists with bullets are answers.
    Bulleted, "begins with a bullet", [-1.68, -1.0, 0.93, 0.85];
    /// Numbered lines are steps of an answer, or numbered prompts.
    Numbered, "begins with a number", [-0.3, -1.0, 0.3, 0.5];
    /// A pronoun points back at what was just named.
    Pronoun, "begins with a pronoun", [-1.27, 0.16, 0.47, 0.63];
    /// "and", "because", "for example" hang on to the line before.
    Connective, "begins with a connective", [-1.04, 0.07, -0.23, 0.9];
    /// Brackets round a whole line add something to it.
    Bracketed, "is all in brackets", [-2.01, 0.0, 0.23, 1.08];
    /// A line that begins with its verb lacks a subject, and the prompt is it.
    Predicate, "begins with a verb", [-0.32, 0.29, -0.17, 0.2];
    /// A small first word in "-s" is mostly a verb in the third person, whose subject is the prompt.
    ThirdPerson, "begins as a verb in the third person does", [-0.76, 0.08, 0.27, 0.41];
    /// A small first word in "-ing" says what a term means.
    Gerund, "begins with a verb in \"-ing\"", [-0.12, -0.01, 0.17, -0.03];
    /// "to …" translates a verb or states a purpose.
    ToVerb, "begins with \"to\"", [0.24, -0.01, 0.17, -0.41];
    /// Definitions begin with an article, terms seldom do.
    Article, "begins with an article", [0.13, -0.16, 0.14, -0.1];
    /// "yes", "no", "usually" are verdicts.
    Verdict, "gives a verdict", [-0.27, -0.01, -0.26, 0.54];
    /// Figures and formulas are what is asked for.
    Figure, "begins with a figure or a sign", [-0.71, -0.04, 0.55, 0.19];
    /// Several commas list things.
    Listing, "lists things with commas", [-0.38, -0.09, -0.02, 0.49];
    /// Things are set against each other in order to ask for the difference.
    Contrast, "sets two things against each other", [0.24, -0.01, -0.04, -0.19];
    /// "term = meaning" names the term.
    Equates, "holds an equals sign", [0.45, -0.03, -0.04, -0.37];
    /// Words all with capitals are a name or a heading.
    Named, "is a name", [-0.24, 0.21, -0.06, 0.07];
    /// Examples illustrate an answer.
    Exemplifies, "gives an example", [-0.04, -0.01, -0.1, 0.16];
    /// What announces several things asks for them.
    Announces, "announces several things", [0.3, 0.18, 0.2, -0.65];

    // What the line before is.
    /// A question is followed by its answer.
    AfterAsks, "follows a question", [-1.82, -0.71, 1.72, -0.17];
    /// What breaks off is completed by the next line.
    AfterUnfinished, "follows a line that breaks off", [-1.89, -0.04, 0.84, -0.1];
    /// No line ends with an article or "and" unless its sentence was torn in two.
    AfterTorn, "follows a line torn off in mid-sentence", [-3.03, 0.98, -0.55, 1.6];
    /// A comma or an open bracket holds two lines together.
    AfterComma, "follows a line that goes on", [-2.0, 0.8, 0.26, 1.04];
    /// After a colon comes what it announced.
    AfterColon, "follows a colon", [-1.0, -0.3, 1.0, 0.3];
    /// A full stop can end a card.
    AfterStop, "follows a full stop", [-0.35, 0.77, -0.08, -0.3];
    /// An order is followed by its answer.
    AfterCommand, "follows an order", [-0.27, -0.1, 0.48, -0.11];
    /// A label closes a prompt.
    AfterLabel, "follows a label in brackets", [-0.01, -0.03, 0.04, -0.01];
    /// A short phrase is followed by what it means.
    AfterPhrase, "follows a short phrase", [-0.19, -0.69, 0.84, 0.04];
    /// After one word by itself comes more about it.
    AfterOneWord, "follows a single word", [-0.21, -0.2, 0.16, 0.32];
    /// A long line has said what there was to say, or it is a scenario.
    AfterLong, "follows a long line", [0.15, 0.5, -0.4, -0.22];
    /// After a situation comes a question about it, or the answer.
    AfterScenario, "follows a situation", [0.0, 0.25, -0.12, -0.09];
    /// After bullets, a line without one begins something new.
    AfterBullets, "has no bullet and follows bullets", [0.48, 0.0, -0.1, -0.37];

    // What the two are to each other.
    /// Items of one list look alike.
    BothBullets, "has a bullet as the line before has", [-0.17, 0.0, -0.07, 0.24];
    /// From small to capital letter, something new begins.
    CaseRises, "begins with a capital after a line that does not", [0.7, 0.34, -0.57, -0.48];
    /// From capital to small letter, something goes on.
    CaseFalls, "begins with a small letter after a line with a capital", [0.04, 0.55, -0.06, -0.54];
    /// Items of a list begin alike, and so do prompts; answers seldom begin as their prompt.
    SameFirst, "begins with the same word as the line before", [-0.22, 0.08, -0.29, 0.43];
    /// An answer takes up words of its prompt, and its second line words of its first.
    Shares, "shares a word with the line before", [-0.44, -0.59, 0.33, 0.69];
    /// Answers are longer than their prompts.
    Longer, "is twice as long as the line before", [0.02, -0.48, 0.87, -0.33];
    /// After a long line, a short one is a new term or a remark.
    Shorter, "is half as long as the line before", [0.42, -0.34, 0.11, -0.2];
    /// Short phrases one after the other may be a list.
    BothPhrases, "is a short phrase as the line before is", [-0.3, -0.22, -0.13, 0.64];
    /// Other letters, other role: a vocabulary list changes script between word and meaning.
    ScriptChanges, "is written with other letters than the line before", [0.0, 0.0, 0.0, 0.0];

    // What it is to the lines around it.
    /// Where every prompt has one answer line, each line resembles the one before the last.
    LikeTwoBack, "looks like the line before the last, not like the last", [0.28, -0.48, 0.15, 0.08];
    /// Lines of one list, or of one explanation, resemble each other.
    LikeOneBack, "looks like the line before, not like the one before that", [0.3, -0.11, -0.03, -0.12];
}

/// A set of signs.
#[derive(Clone, Copy, Default)]
pub(super) struct Clues(u128);

impl Clues {
    /// Collects the signs of the line at this place.
    pub(super) fn of(lines: &[Line], at: usize) -> Self {
        let mut clues = Self::default();
        let line = &lines[at];
        clues.note_line(line);
        if let Some(before) = at.checked_sub(1).map(|before| &lines[before]) {
            clues.note_before(line, before);
            clues.note_pair(line, before);
        }
        clues.note_around(lines, at);
        clues
    }

    /// Lists the signs in the set, in the order of the table.
    pub(super) fn iter(self) -> impl Iterator<Item = Clue> {
        Clue::ALL.iter().copied().filter(move |clue| self.0 & (1 << (*clue as u32)) != 0)
    }

    fn note(&mut self, clue: Clue, shown: bool) {
        self.0 |= u128::from(shown) << (clue as u32);
    }

    fn note_line(&mut self, line: &Line) {
        let (first, second) = (line.first.as_str(), line.second.as_str());
        let small = line.case == Case::Lower;
        let question = words::opens_question(first, second) && line.ending != Ending::Stop;
        self.note(Clue::Asks, line.ending == Ending::Question);
        self.note(Clue::QuestionWord, question);
        self.note(Clue::Command, is_command(line));
        self.note(Clue::Scenario, words::opens_scenario(first, second) && line.length > 6);
        self.note(Clue::Unfinished, line.is_unfinished());
        self.note(Clue::EndsColon, line.ending == Ending::Colon);
        self.note(Clue::EndsComma, line.ending == Ending::Comma || line.open.is_yes());
        self.note(Clue::Labelled, line.labelled.is_yes());
        self.note(Clue::Phrase, line.is_phrase());
        self.note(Clue::OneWord, line.length == 1);
        let told = line.ending != Ending::Question && !line.is_unfinished() && !is_command(line);
        self.note(Clue::Statement, told && line.finite.is_yes() && line.length > 4);
        self.note(Clue::LongStatement, told && line.length > 11 && !words::opens_scenario(first, second));
        self.note(Clue::Long, line.length > 8);
        self.note(Clue::VeryLong, line.length > 16);
        self.note(Clue::Capital, line.case == Case::Upper);
        self.note(Clue::Small, small);
        self.note(Clue::Stop, line.ending == Ending::Stop);
        self.note(Clue::Sentences, line.sentences.is_yes());
        self.note(Clue::Bulleted, line.bullet == Bullet::Sign);
        self.note(Clue::Numbered, line.bullet == Bullet::Number);
        self.note(Clue::Pronoun, words::is_pronoun(first) && line.length > 1);
        self.note(Clue::Connective, words::is_connective(first, second) && !question);
        self.note(Clue::Bracketed, line.bracketed.is_yes());
        self.note(Clue::Predicate, words::is_predicate(first) && line.ending != Ending::Question);
        self.note(Clue::ThirdPerson, small && line.length > 1 && is_third_person(first));
        self.note(Clue::Gerund, small && line.length > 2 && first.len() > 5 && first.ends_with("ing"));
        self.note(Clue::ToVerb, first == "to" && line.length > 1);
        self.note(Clue::Article, words::is_article(first));
        self.note(Clue::Verdict, words::is_verdict(first));
        self.note(Clue::Figure, line.case == Case::Other);
        self.note(Clue::Listing, line.commas > 1 || (line.commas == 1 && line.length < 5));
        self.note(Clue::Contrast, line.contrasts.is_yes());
        self.note(Clue::Equates, line.equates.is_yes());
        self.note(Clue::Named, line.nameable > 0 && line.length > 1 && line.named == line.nameable);
        self.note(Clue::Exemplifies, line.exemplifies.is_yes());
        self.note(Clue::Announces, line.announces > 0);
    }

    fn note_before(&mut self, line: &Line, before: &Line) {
        let (first, second) = (before.first.as_str(), before.second.as_str());
        let goes_on = before.ending == Ending::Comma || before.open.is_yes();
        self.note(Clue::AfterAsks, before.ending == Ending::Question);
        self.note(Clue::AfterUnfinished, before.is_unfinished());
        self.note(
            Clue::AfterTorn,
            before.ending == Ending::Bare && before.length > 2 && words::tears_off(&before.last),
        );
        self.note(Clue::AfterComma, goes_on);
        self.note(Clue::AfterColon, before.ending == Ending::Colon);
        self.note(Clue::AfterStop, before.ending == Ending::Stop);
        self.note(Clue::AfterCommand, is_command(before));
        self.note(Clue::AfterLabel, before.labelled.is_yes());
        self.note(Clue::AfterPhrase, before.is_phrase());
        self.note(Clue::AfterOneWord, before.length == 1);
        self.note(Clue::AfterLong, before.length > 8);
        self.note(Clue::AfterScenario, words::opens_scenario(first, second) && before.length > 6);
        self.note(Clue::AfterBullets, before.bullet != Bullet::None && line.bullet == Bullet::None);
    }

    fn note_pair(&mut self, line: &Line, before: &Line) {
        let (upper, lower) = (Case::Upper, Case::Lower);
        self.note(Clue::AsksAgain, line.ending == Ending::Question && before.ending == Ending::Question);
        self.note(Clue::BothBullets, before.bullet != Bullet::None && line.bullet == before.bullet);
        self.note(Clue::CaseRises, line.case == upper && before.case == lower);
        self.note(Clue::CaseFalls, line.case == lower && before.case == upper);
        self.note(Clue::SameFirst, !line.first.is_empty() && line.first == before.first);
        self.note(Clue::Shares, line.shares_words(before));
        self.note(Clue::Longer, line.length >= 2 * before.length);
        self.note(Clue::Shorter, 2 * line.length <= before.length);
        self.note(Clue::BothPhrases, line.is_phrase() && before.is_phrase());
        self.note(
            Clue::ScriptChanges,
            line.script != before.script && line.script != 0 && before.script != 0,
        );
    }

    fn note_around(&mut self, lines: &[Line], at: usize) {
        if let Some(swing) = pace::swing(lines, at) {
            self.note(Clue::LikeTwoBack, swing > 0);
            self.note(Clue::LikeOneBack, swing < 0);
        }
    }
}

/// Returns whether a line gives an order; one word or two are a name, not yet an order.
fn is_command(line: &Line) -> bool {
    line.length > 2 && words::opens_command(&line.first, &line.second)
}

fn is_third_person(first: &str) -> bool {
    first.len() > 3 && first.ends_with('s') && !first.ends_with("ss") && !first.ends_with("us")
}
