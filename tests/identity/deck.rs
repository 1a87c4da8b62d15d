//! Decks for the simulation: facts of several domains, many of them fillings of one template.

use deckc::identity::prompt::Kind;

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
}

fn basic(prompt: String, answer: &str, subject: &str) -> Fact {
    Fact {
        kind: Kind::Basic,
        origin: prompt.clone(),
        prompt,
        answer: answer.to_owned(),
        subject: subject.to_owned(),
    }
}

fn geography(rng: &mut Rng) -> Fact {
    let (name, capital, currency, continent, city, landlocked) = *rng.pick(&COUNTRIES);
    match rng.below(6) {
        0 => basic(format!("What is the capital of {name}?"), capital, name),
        1 => basic(format!("Which currency is used in {name}?"), currency, name),
        2 => basic(format!("On which continent does {name} lie?"), continent, name),
        3 => basic(format!("What is the largest city of {name}?"), city, name),
        4 => basic(format!("Is {name} landlocked?"), landlocked, name),
        _ => basic(format!("{capital} is the capital of which country?"), name, capital),
    }
}

fn element(rng: &mut Rng) -> Fact {
    let (name, symbol, number, use_) = *rng.pick(&ELEMENTS);
    match rng.below(4) {
        0 => basic(format!("What is the chemical symbol of {name}?"), symbol, name),
        1 => basic(format!("What is the atomic number of {name}?"), number, name),
        2 => basic(format!("What is {name} used for?"), use_, name),
        _ => basic(format!("Which element has the symbol {symbol}?"), name, symbol),
    }
}

fn term(rng: &mut Rng) -> Fact {
    let (name, definition) = *rng.pick(&TERMS);
    match rng.below(3) {
        0 => basic(format!("What is a {name}?"), definition, name),
        1 => basic(format!("Define {name}"), definition, name),
        _ => basic(format!("Which word stands for this: {definition}"), name, definition),
    }
}

fn vocabulary(rng: &mut Rng) -> Fact {
    let (german, english) = *rng.pick(&WORDS);
    if rng.one_in(2) {
        basic(german.to_owned(), english, german)
    } else {
        basic(english.to_owned(), german, english)
    }
}

fn status(rng: &mut Rng) -> Fact {
    let (code, name) = *rng.pick(&CODES);
    let answer =
        format!("The server sends {code} ({name}) so that the client knows what became of the request.");
    if rng.one_in(2) {
        basic(format!("What does the HTTP status code {code} mean?"), &answer, code)
    } else {
        basic(format!("Which code stands for \"{name}\"?"), code, name)
    }
}

fn history(rng: &mut Rng) -> Fact {
    let (event, year, outcome) = *rng.pick(&EVENTS);
    match rng.below(2) {
        0 => basic(format!("In which year was {event}?"), year, event),
        _ => basic(format!("What followed from {event}?"), outcome, event),
    }
}

/// Sentences put together from parts: the parts recur everywhere, only their combination is the card.
fn mechanism(rng: &mut Rng) -> Fact {
    let (who, verb, what) = (*rng.pick(&PARTS), *rng.pick(&VERBS), *rng.pick(&OBJECTS));
    let when = *rng.pick(&WHEN);
    let subject = format!("{who} {verb} {what} {when}");
    match rng.below(4) {
        0 => {
            let answer = if rng.one_in(2) { "yes" } else { "no" };
            basic(format!("Does a {who} {verb} {what} {when}?"), answer, &subject)
        }
        1 => basic(
            format!("What keeps a {who} able to {verb} {what} {when}?"),
            {
                let other: &&str = rng.pick(&PARTS);
                other
            },
            &subject,
        ),
        _ => {
            let answer = format!("Because {}, and so {}.", rng.pick(&REASONS), rng.pick(&EFFECTS));
            basic(format!("Why does a {who} {verb} {what} {when}?"), &answer, &subject)
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
        prompt,
        answer: format!("{what} {why}"),
        subject: format!("{who} {verb} {what} {why}"),
    }
}

/// A prompt that many notes have.
pub const BARE_HEADING: &str = "Definition?";

fn bare_heading(rng: &mut Rng) -> Fact {
    let (_, definition) = *rng.pick(&TERMS);
    basic(BARE_HEADING.to_owned(), definition, BARE_HEADING)
}

type Country = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const COUNTRIES: [Country; 24] = [
    ("France", "Paris", "euro", "Europe", "Paris", "no"),
    ("Germany", "Berlin", "euro", "Europe", "Berlin", "no"),
    ("Spain", "Madrid", "euro", "Europe", "Madrid", "no"),
    ("Austria", "Vienna", "euro", "Europe", "Vienna", "yes"),
    ("Australia", "Canberra", "Australian dollar", "Oceania", "Sydney", "no"),
    ("Norway", "Oslo", "Norwegian krone", "Europe", "Oslo", "no"),
    ("Sweden", "Stockholm", "Swedish krona", "Europe", "Stockholm", "no"),
    ("Switzerland", "Bern", "Swiss franc", "Europe", "Zurich", "yes"),
    ("Turkey", "Ankara", "lira", "Asia and Europe", "Istanbul", "no"),
    ("Japan", "Tokyo", "yen", "Asia", "Tokyo", "no"),
    ("Nepal", "Kathmandu", "Nepalese rupee", "Asia", "Kathmandu", "yes"),
    ("India", "New Delhi", "Indian rupee", "Asia", "Mumbai", "no"),
    ("Mongolia", "Ulaanbaatar", "tugrik", "Asia", "Ulaanbaatar", "yes"),
    ("Kenya", "Nairobi", "Kenyan shilling", "Africa", "Nairobi", "no"),
    ("Uganda", "Kampala", "Ugandan shilling", "Africa", "Kampala", "yes"),
    ("Mali", "Bamako", "CFA franc", "Africa", "Bamako", "yes"),
    ("Niger", "Niamey", "CFA franc", "Africa", "Niamey", "yes"),
    ("Nigeria", "Abuja", "naira", "Africa", "Lagos", "no"),
    ("Brazil", "Brasília", "real", "South America", "São Paulo", "no"),
    ("Peru", "Lima", "sol", "South America", "Lima", "no"),
    ("Bolivia", "Sucre", "boliviano", "South America", "Santa Cruz", "yes"),
    ("Canada", "Ottawa", "Canadian dollar", "North America", "Toronto", "no"),
    ("New Zealand", "Wellington", "New Zealand dollar", "Oceania", "Auckland", "no"),
    ("Iceland", "Reykjavík", "Icelandic króna", "Europe", "Reykjavík", "no"),
];

const ELEMENTS: [(&str, &str, &str, &str); 16] = [
    ("hydrogen", "H", "1", "fuel cells and the making of ammonia"),
    ("helium", "He", "2", "cooling magnets and filling balloons"),
    ("lithium", "Li", "3", "rechargeable batteries"),
    ("carbon", "C", "6", "steel, filters and pencils"),
    ("nitrogen", "N", "7", "fertiliser and cooling"),
    ("oxygen", "O", "8", "breathing apparatus and welding"),
    ("sodium", "Na", "11", "street lamps and table salt"),
    ("magnesium", "Mg", "12", "light alloys and flares"),
    ("manganese", "Mn", "25", "hard steel and dry batteries"),
    ("iron", "Fe", "26", "almost every machine there is"),
    ("copper", "Cu", "29", "wires, pipes and coins"),
    ("silver", "Ag", "47", "mirrors, spoons and contacts"),
    ("gold", "Au", "79", "jewellery and fine contacts"),
    ("mercury", "Hg", "80", "old thermometers and lamps"),
    ("lead", "Pb", "82", "car batteries and shielding"),
    ("uranium", "U", "92", "fuel for reactors"),
];

const TERMS: [(&str, &str); 20] = [
    ("mutex", "a lock that lets one thread at a time into a piece of code"),
    ("semaphore", "a counter that lets a fixed number of threads into a piece of code"),
    ("deadlock", "a state in which every thread waits for another and none goes on"),
    ("race condition", "a fault that shows or not, depending on which thread is faster"),
    ("load balancer", "a machine that spreads requests over several servers"),
    ("reverse proxy", "a server in front of others that takes requests on their behalf"),
    ("container", "a process with its own view of files, network and other processes"),
    ("task definition", "a description of the containers that a task is to run"),
    ("security group", "a set of rules for the traffic in and out of a network interface"),
    ("subnet", "a range of addresses inside a larger network"),
    ("hash table", "a structure that finds a value by a number computed from its key"),
    ("linked list", "a chain of cells, each of which knows the next one"),
    ("binary tree", "a structure in which each node has at most two children"),
    ("heap", "a tree in which no child is greater than its parent"),
    ("stack", "a pile from which the newest thing is taken first"),
    ("queue", "a line from which the oldest thing is taken first"),
    ("checksum", "a short number by which damage to data is noticed"),
    ("digital signature", "a number that proves who wrote a message and that nobody changed it"),
    ("hypertension", "high pressure of the blood in the arteries"),
    ("hypotension", "low pressure of the blood in the arteries"),
];

const WORDS: [(&str, &str); 32] = [
    ("der Hund", "the dog"),
    ("der Mund", "the mouth"),
    ("die Hand", "the hand"),
    ("die Wand", "the wall"),
    ("das Haus", "the house"),
    ("die Maus", "the mouse"),
    ("die Laus", "the louse"),
    ("der Baum", "the tree"),
    ("der Raum", "the room"),
    ("der Traum", "the dream"),
    ("schwimmen", "to swim"),
    ("schwanken", "to sway"),
    ("laufen", "to run"),
    ("kaufen", "to buy"),
    ("verkaufen", "to sell"),
    ("gestern", "yesterday"),
    ("heute", "today"),
    ("morgen", "tomorrow"),
    ("der Morgen", "the morning"),
    ("obwohl", "although"),
    ("trotzdem", "nevertheless"),
    ("die Verantwortung", "the responsibility"),
    ("die Verbindung", "the connection"),
    ("die Verwendung", "the use"),
    ("das Geschäft", "the shop"),
    ("das Geschenk", "the present"),
    ("der Schlüssel", "the key"),
    ("die Schüssel", "the bowl"),
    ("leise", "quiet"),
    ("weise", "wise"),
    ("die Reise", "the journey"),
    ("die Speise", "the dish"),
];

const CODES: [(&str, &str); 14] = [
    ("200", "ok"),
    ("201", "created"),
    ("204", "no content"),
    ("301", "moved permanently"),
    ("302", "found"),
    ("304", "not modified"),
    ("400", "bad request"),
    ("401", "unauthorised"),
    ("403", "forbidden"),
    ("404", "not found"),
    ("409", "conflict"),
    ("429", "too many requests"),
    ("500", "internal server error"),
    ("503", "service unavailable"),
];

const EVENTS: [(&str, &str, &str); 12] = [
    ("the fall of Constantinople", "1453", "trade with the East had to look for other ways"),
    ("the landing of Columbus in America", "1492", "plants, animals and diseases crossed the ocean"),
    ("the Peace of Westphalia", "1648", "states treated each other as equals in law"),
    ("the storming of the Bastille", "1789", "the old order of France came down within weeks"),
    ("the battle of Waterloo", "1815", "Napoleon was sent to an island far away"),
    ("the opening of the Suez Canal", "1869", "ships no longer had to sail round Africa"),
    ("the opening of the Panama Canal", "1914", "ships no longer had to sail round Cape Horn"),
    ("the outbreak of the First World War", "1914", "four empires were gone within five years"),
    ("the founding of the United Nations", "1945", "a forum for almost all states came to be"),
    ("the landing on the Moon", "1969", "a race between two powers was decided"),
    ("the fall of the Berlin Wall", "1989", "Germany was one state a year later"),
    ("the introduction of the euro in cash", "2002", "twelve currencies went out of use"),
];

const PARTS: [&str; 20] = [
    "scheduler",
    "router",
    "compiler",
    "kidney",
    "liver",
    "muscle",
    "turbine",
    "valve",
    "database",
    "cache",
    "parser",
    "garden",
    "committee",
    "court",
    "bank",
    "teacher",
    "glacier",
    "volcano",
    "bridge",
    "satellite",
];
const VERBS: [&str; 14] = [
    "keep", "drop", "store", "split", "filter", "release", "delay", "repeat", "check", "order", "carry",
    "protect", "measure", "replace",
];
const OBJECTS: [&str; 18] = [
    "old requests",
    "warm water",
    "large files",
    "weak signals",
    "small particles",
    "its own copies",
    "foreign names",
    "the first answer",
    "heavy loads",
    "broken parts",
    "unpaid bills",
    "long words",
    "empty pages",
    "late messages",
    "new members",
    "sharp edges",
    "loose ends",
    "quiet hours",
];
const WHEN: [&str; 12] = [
    "at night",
    "under pressure",
    "after a failure",
    "before each start",
    "in cold weather",
    "when memory runs out",
    "during a merge",
    "once a year",
    "if nobody answers",
    "while others wait",
    "on the way back",
    "without notice",
];
const STOCK: [&str; 3] = [
    "It stops until somebody takes care of it.",
    "It goes on as if nothing were wrong.",
    "It reports the fault and tries again.",
];
const REASONS: [&str; 16] = [
    "the space is limited",
    "the order must not change",
    "nobody can read both at once",
    "the cost grows with the square",
    "heat has to go somewhere",
    "the law asks for a record",
    "two copies would contradict each other",
    "a second attempt is cheap",
    "the surface is small",
    "errors are found late",
    "pressure rises downstream",
    "the input is not trusted",
    "the clock may go backwards",
    "light is faster than sound",
    "members come and go",
    "the wall lets only water through",
];
const EFFECTS: [&str; 14] = [
    "the rest can go on",
    "less energy is lost",
    "nothing is counted twice",
    "the peak is cut off",
    "the next step has what it needs",
    "damage stays in one place",
    "the result is the same everywhere",
    "waiting becomes shorter",
    "the balance is kept",
    "a fault shows at once",
    "old readers still understand it",
    "nobody has to ask again",
    "the load is shared",
    "it can be undone",
];
