//! Decks for the simulation: facts of several domains, many of them fillings of one template.

mod tables;

use deckc::identity::prompt::Kind;

use tables::{
    CODES, COUNTRIES, EFFECTS, ELEMENTS, EVENTS, OBJECTS, PARTS, REASONS, STOCK, TERMS, VERBS, WHEN, WORDS,
};

/// A small generator with a seed (`SplitMix64`), so that a session can be repeated from its number.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let value = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// Returns a number below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).expect("below a usize")
    }

    pub fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    pub fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

/// What a note says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub kind: Kind,
    pub prompt: String,
    pub answer: String,
    /// The same question in other words.
    pub otherwise: String,
    /// What the question is about. Rewording keeps these words (but for typing errors); another subject is another card.
    pub subject: String,
    /// The prompt before any edit, by which one question is known whatever became of its words.
    pub origin: String,
}

/// Which templates a deck draws from, and how often.
pub struct Taste(Vec<fn(&mut Rng) -> Fact>);

const DOMAINS: [fn(&mut Rng) -> Fact; 9] =
    [geography, element, term, vocabulary, status, history, mechanism, cloze_fact, cloze_sentence];

impl Taste {
    /// Chooses one to five domains; one domain alone is a deck of near-duplicates.
    pub fn new(rng: &mut Rng) -> Self {
        let mut domains: Vec<fn(&mut Rng) -> Fact> =
            (0..rng.between(1, 5)).map(|_| *rng.pick(&DOMAINS)).collect();
        // Some domains have few facts; this one fills any deck.
        domains.push(mechanism);
        if rng.one_in(4) {
            domains.push(bare_heading);
        }
        Self(domains)
    }

    pub fn fact(&self, rng: &mut Rng) -> Fact {
        rng.pick(&self.0)(rng)
    }

    /// Returns a fact with words of another in its prompt and in its answer, where it finds one.
    pub fn relative(&self, other: &Fact, rng: &mut Rng) -> Fact {
        let shares = |one: &str, two: &str| {
            one.split(' ').any(|word| word.len() >= 4 && two.split(' ').any(|other| other == word))
        };
        let mut facts = (0..60).map(|_| self.fact(rng));
        let found = facts.find(|fact| {
            fact.origin != other.origin
                && shares(&fact.subject, &other.subject)
                && shares(&fact.answer, &other.answer)
        });
        found.unwrap_or_else(|| self.fact(rng))
    }
}

fn basic(prompt: String, otherwise: String, answer: &str, subject: &str) -> Fact {
    Fact {
        kind: Kind::Basic,
        origin: prompt.clone(),
        prompt,
        otherwise,
        answer: answer.to_owned(),
        subject: subject.to_owned(),
    }
}

fn geography(rng: &mut Rng) -> Fact {
    let (name, capital, currency, continent, city, landlocked) = *rng.pick(&COUNTRIES);
    match rng.below(6) {
        0 => basic(
            format!("What is the capital of {name}?"),
            format!("Name the city from which {name} is governed"),
            capital,
            name,
        ),
        1 => basic(
            format!("Which currency is used in {name}?"),
            format!("With what money do people in {name} pay?"),
            currency,
            name,
        ),
        2 => basic(
            format!("On which continent does {name} lie?"),
            format!("{name} is part of what?"),
            continent,
            name,
        ),
        3 => basic(
            format!("What is the largest city of {name}?"),
            format!("Where in {name} do most people live?"),
            city,
            name,
        ),
        4 => basic(format!("Is {name} landlocked?"), format!("Has {name} no coast?"), landlocked, name),
        _ => basic(
            format!("{capital} is the capital of which country?"),
            format!("Name the country governed from {capital}"),
            name,
            capital,
        ),
    }
}

fn element(rng: &mut Rng) -> Fact {
    let (name, symbol, number, use_) = *rng.pick(&ELEMENTS);
    match rng.below(4) {
        0 => basic(
            format!("What is the chemical symbol of {name}?"),
            format!("How is {name} written in formulas?"),
            symbol,
            name,
        ),
        1 => basic(
            format!("What is the atomic number of {name}?"),
            format!("How many protons has {name}?"),
            number,
            name,
        ),
        2 => basic(format!("What is {name} used for?"), format!("Where do people need {name}?"), use_, name),
        _ => basic(
            format!("Which element has the symbol {symbol}?"),
            format!("{symbol} is short for which element?"),
            name,
            symbol,
        ),
    }
}

fn term(rng: &mut Rng) -> Fact {
    let (name, definition) = *rng.pick(&TERMS);
    match rng.below(3) {
        0 => basic(format!("What is a {name}?"), format!("Explain the word {name}"), definition, name),
        1 => basic(format!("Define {name}"), format!("Say in your own words: {name}"), definition, name),
        _ => basic(
            format!("Which word stands for this: {definition}"),
            format!("How do you call {definition}?"),
            name,
            definition,
        ),
    }
}

fn vocabulary(rng: &mut Rng) -> Fact {
    let (german, english) = *rng.pick(&WORDS);
    if rng.one_in(2) {
        basic(german.to_owned(), format!("Translate into English: {german}"), english, german)
    } else {
        basic(english.to_owned(), format!("In German: {english}"), german, english)
    }
}

fn status(rng: &mut Rng) -> Fact {
    let (code, name) = *rng.pick(&CODES);
    let answer =
        format!("The server sends {code} ({name}) so that the client knows what became of the request.");
    if rng.one_in(2) {
        basic(
            format!("What does the HTTP status code {code} mean?"),
            format!("A client receives {code}, so what happened?"),
            &answer,
            code,
        )
    } else {
        basic(format!("Which code stands for \"{name}\"?"), format!("The number for {name}?"), code, name)
    }
}

fn history(rng: &mut Rng) -> Fact {
    let (event, year, outcome) = *rng.pick(&EVENTS);
    match rng.below(2) {
        0 => basic(format!("In which year was {event}?"), format!("When did they see {event}?"), year, event),
        _ => {
            basic(format!("What followed from {event}?"), format!("Consequences of {event}?"), outcome, event)
        }
    }
}

/// Sentences put together from parts: the parts recur everywhere, only their combination is the card.
fn mechanism(rng: &mut Rng) -> Fact {
    let (who, verb, what) = (*rng.pick(&PARTS), *rng.pick(&VERBS), *rng.pick(&OBJECTS));
    let when = *rng.pick(&WHEN);
    let subject = format!("{who} {verb} {what} {when}");
    match rng.below(10) {
        0..2 => {
            let answer = if rng.one_in(2) { "yes" } else { "no" };
            basic(
                format!("Does a {who} {verb} {what} {when}?"),
                format!("True or false: {when}, a {who} may {verb} {what}"),
                answer,
                &subject,
            )
        }
        2..4 => {
            let other: &&str = rng.pick(&PARTS);
            basic(
                format!("What keeps a {who} able to {verb} {what} {when}?"),
                format!("Thanks to what can a {who} {verb} {what} {when}?"),
                other,
                &subject,
            )
        }
        4 => {
            let stock: &&str = rng.pick(&STOCK);
            basic(
                format!("What becomes of a {who} that cannot {verb} {what} {when}?"),
                format!("A {who} fails to {verb} {what} {when}; and now?"),
                stock,
                &subject,
            )
        }
        _ => {
            let answer = format!("Because {}, and so {}.", rng.pick(&REASONS), rng.pick(&EFFECTS));
            basic(
                format!("Why does a {who} {verb} {what} {when}?"),
                format!("For which reason should {what} {when} concern a {who}?"),
                &answer,
                &subject,
            )
        }
    }
}

fn cloze_fact(rng: &mut Rng) -> Fact {
    let (name, capital, currency, continent, _, _) = *rng.pick(&COUNTRIES);
    let (prompt, answer) = if rng.one_in(2) {
        (format!("{capital} is the capital of {name}."), format!("{capital} {name}"))
    } else {
        (
            format!("In {name}, a country in {continent}, people pay with the {currency}."),
            format!("{continent} {currency}"),
        )
    };
    Fact {
        kind: Kind::Cloze,
        origin: prompt.clone(),
        otherwise: format!("It is known that {prompt}"),
        prompt,
        answer,
        subject: format!("{name} {capital} {currency} {continent}"),
    }
}

fn cloze_sentence(rng: &mut Rng) -> Fact {
    let (who, verb, what, why) =
        (*rng.pick(&PARTS), *rng.pick(&VERBS), *rng.pick(&OBJECTS), *rng.pick(&REASONS));
    let prompt = format!("A {who} has to {verb} {what} {}, because {why}.", rng.pick(&WHEN));
    Fact {
        kind: Kind::Cloze,
        origin: prompt.clone(),
        otherwise: format!("It is known that {prompt}"),
        prompt,
        answer: format!("{what} {why}"),
        subject: format!("{who} {verb} {what} {why}"),
    }
}

/// A prompt that many notes have.
pub const BARE_HEADING: &str = "Definition?";

fn bare_heading(rng: &mut Rng) -> Fact {
    let (_, definition) = *rng.pick(&TERMS);
    basic(BARE_HEADING.to_owned(), format!("Definition of what is {definition}?"), definition, BARE_HEADING)
}
