//! The closed word lists that the pasted-text reader looks at: function words, never subject matter.
//!
//! English is complete enough to matter; the other languages have only what asks a question. A list that does not
//! know a language stays silent about it, so other evidence (marks, case, length, the page's habits) decides.

/// Words that open a question.
const QUESTION: &[&str] = &[
    "what",
    "which",
    "who",
    "whom",
    "whose",
    "when",
    "where",
    "why",
    "how",
    "what's",
    "who's",
    "where's",
    // Spanish, Portuguese, Italian; without the words that are also common English ones, such as `come`.
    "qué",
    "cuál",
    "cuáles",
    "quién",
    "quiénes",
    "cuándo",
    "dónde",
    "cómo",
    "cuánto",
    "cuántos",
    "cuántas",
    "qual",
    "quais",
    "quem",
    "quando",
    "onde",
    "quanto",
    "quantos",
    "quale",
    "quali",
    "dove",
    "perché",
    "cosa",
    // French
    "quel",
    "quelle",
    "quels",
    "quelles",
    "qui",
    "quand",
    "où",
    "pourquoi",
    "combien",
    "qu'est-ce",
    // German, Dutch, Scandinavian
    "welche",
    "welcher",
    "welches",
    "welchen",
    "wer",
    "wen",
    "wem",
    "wann",
    "warum",
    "wie",
    "wieso",
    "wozu",
    "woher",
    "wohin",
    "welke",
    "wanneer",
    "waar",
    "waarom",
    "hoe",
    "vilken",
    "vem",
    "när",
    "varför",
    "hur",
    "hvad",
    "hvem",
    "hvornår",
    "hvor",
    "hvorfor",
    "hvordan",
    // Russian, Polish
    "что",
    "какой",
    "какая",
    "какие",
    "кто",
    "когда",
    "где",
    "почему",
    "как",
    "сколько",
    "jaki",
    "jaka",
    "jakie",
    "kto",
    "kiedy",
    "gdzie",
    "dlaczego",
    "jak",
    "ile",
];

/// Question words of languages that write no spaces: the line opens with one of them.
const QUESTION_OPENINGS: &[&str] = &[
    "什么",
    "什麼",
    "为什么",
    "為什麼",
    "谁",
    "誰",
    "哪",
    "何",
    "いつ",
    "どこ",
    "なぜ",
    "どう",
    "무엇",
    "누가",
    "언제",
    "왜",
];

/// Words that may stand before the question word: "and where", "in which", "for what".
const BEFORE_QUESTION: &[&str] = &[
    "and", "but", "so", "in", "on", "at", "for", "from", "to", "by", "with", "of", "under", "about", "within",
];

/// Orders that examiners give.
const COMMAND: &[&str] = &[
    "name",
    "define",
    "describe",
    "explain",
    "list",
    "give",
    "state",
    "compare",
    "contrast",
    "complete",
    "correct",
    "identify",
    "calculate",
    "translate",
    "outline",
    "discuss",
    "draw",
    "label",
    "prove",
    "show",
    "summarise",
    "summarize",
    "recite",
    "spell",
    "distinguish",
    "classify",
    "mention",
    "enumerate",
    "fill",
    "nenne",
    "erkläre",
    "beschreibe",
    "citez",
    "expliquez",
    "définir",
    "nombra",
    "explica",
];

/// What follows "you" in the description of a situation.
const SCENARIO_AFTER_YOU: &[&str] = &[
    "are", "have", "want", "need", "see", "find", "notice", "must", "work", "run", "manage", "plan", "wish",
    "would", "had", "were", "discover", "suspect", "hear",
];

/// Words that cannot end a sentence: what they announce is missing.
const UNFINISHED: &[&str] = &[
    "a",
    "an",
    "the",
    "of",
    "to",
    "in",
    "on",
    "at",
    "by",
    "for",
    "with",
    "from",
    "into",
    "about",
    "between",
    "than",
    "as",
    "and",
    "or",
    "but",
    "nor",
    "because",
    "that",
    "which",
    "who",
    "whose",
    "when",
    "where",
    "if",
    "while",
    "until",
    "unless",
    "except",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "has",
    "have",
    "had",
    "can",
    "could",
    "will",
    "would",
    "should",
    "shall",
    "must",
    "may",
    "might",
    "use",
    "uses",
    "using",
    "means",
    "mean",
    "needs",
    "need",
    "requires",
    "require",
    "called",
    "its",
    "their",
    "your",
    "his",
    "her",
    "our",
    "my",
    "this",
    "these",
    "like",
    "include",
    "includes",
    "including",
    "contains",
    "causes",
    "via",
    "per",
    "not",
    "always",
    "only",
    "named",
    "known",
    "does",
    "do",
    "without",
    "through",
    "during",
    "against",
    "under",
    "over",
    "such",
    "so",
    "then",
    "becomes",
    "gives",
    "makes",
    "equals",
    "involves",
    "connects",
    "connect",
    "says",
    "suspect",
    "say",
    "sends",
    "consists",
    "describes",
    "measures",
    "refers",
    "happens",
    "occurs",
    "ist",
    "sind",
    "est",
    "sont",
];

/// Words that end a line only where a sentence was torn in two.
const TORN: &[&str] =
    &["a", "an", "the", "and", "or", "their", "his", "its", "your", "our", "my", "very", "every"];

/// Words that point back at something said just before.
const PRONOUN: &[&str] = &[
    "they", "it", "this", "these", "those", "that", "he", "she", "we", "its", "their", "it's", "they're",
    "them", "both", "there", "his", "her", "he's", "she's", "that's", "such",
];

/// Words that hang a line onto the one before it.
const CONNECTIVE: &[&str] = &[
    "and",
    "or",
    "but",
    "so",
    "because",
    "also",
    "then",
    "therefore",
    "thus",
    "e.g",
    "eg",
    "i.e",
    "ie",
    "including",
    "otherwise",
    "however",
    "afterwards",
    "hence",
    "though",
    "although",
    "plus",
    "additionally",
    "instead",
];

/// Verb forms that open a predicate whose subject is the prompt.
const PREDICATE: &[&str] = &[
    "is", "are", "was", "were", "has", "have", "can", "cannot", "can't", "will", "does", "do", "did",
    "don't", "doesn't", "may", "must", "should", "had", "could", "would", "be", "isn't", "aren't",
];

/// Finite verbs that a bare noun phrase does not contain.
const FINITE: &[&str] = &[
    "is", "are", "was", "were", "has", "have", "had", "can", "cannot", "will", "would", "should", "must",
    "may", "might", "could", "does", "do", "did", "don't", "doesn't", "can't", "isn't", "aren't", "it's",
    "that's", "be", "means", "you", "we", "they", "i",
];

/// Answers in a word, and the hedges that open one.
const VERDICT: &[&str] = &[
    "yes",
    "no",
    "true",
    "false",
    "never",
    "always",
    "usually",
    "probably",
    "none",
    "neither",
    "nothing",
    "sometimes",
    "only",
    "ja",
    "nein",
    "oui",
    "non",
    "sí",
    "si",
    "да",
    "нет",
];

const ARTICLE: &[&str] = &["a", "an", "the"];

/// Words that name a collection of cards, in a title.
const TITLE: &[&str] = &[
    "flashcards",
    "flashcard",
    "cards",
    "quiz",
    "quizlet",
    "chapter",
    "unit",
    "lesson",
    "exam",
    "test",
    "midterm",
    "final",
    "finals",
    "notes",
    "deck",
    "set",
    "review",
    "revision",
    "vocabulary",
    "vocab",
    "terms",
    "basics",
    "introduction",
    "intro",
    "course",
    "module",
    "lecture",
    "section",
    "part",
    "week",
    "study",
    "guide",
    "questions",
    "glossary",
    "certification",
    "theory",
    "overview",
    "kapitel",
    "lektion",
    "chapitre",
    "leçon",
    "dates",
    "facts",
    "words",
    "practice",
    "summary",
    "topic",
    "grade",
    "class",
    "level",
    "unidad",
    "lección",
    "tema",
    "capítulo",
    "capitolo",
    "урок",
    "глава",
];

const NUMBERS: &[&str] = &["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// Nouns and orders that announce a list without saying how long it is.
const SEVERAL: &[&str] = &[
    "list",
    "types",
    "kinds",
    "steps",
    "stages",
    "phases",
    "layers",
    "elements",
    "parts",
    "examples",
    "signs",
    "symptoms",
    "causes",
    "reasons",
    "factors",
    "members",
    "components",
    "ingredients",
    "ranges",
    "fields",
    "founders",
    "features",
    "properties",
    "characteristics",
    "advantages",
    "disadvantages",
    "forms",
    "levels",
    "functions",
];

/// Words too common to show that two lines are about the same thing.
const COMMON: &[&str] = &[
    "what", "which", "when", "where", "with", "from", "that", "this", "they", "them", "their", "there",
    "then", "than", "your", "have", "does", "will", "would", "should", "could", "into", "over", "under",
    "about", "between", "must", "only", "also", "more", "most", "some", "such", "each", "every", "other",
    "these", "those", "because", "very", "name", "called", "used", "using", "uses", "make", "makes", "mean",
    "means", "example",
];

fn is_in(list: &[&str], word: &str) -> bool {
    list.contains(&word)
}

/// Returns whether these first words of a line ask: "where", "and where", "in which".
pub(super) fn opens_question(first: &str, second: &str) -> bool {
    is_in(QUESTION, first)
        || (is_in(BEFORE_QUESTION, first) && is_in(&QUESTION[..9], second))
        || QUESTION_OPENINGS.iter().any(|opening| first.starts_with(opening))
}

/// Returns whether these first words of a line give an order, as examiners do.
pub(super) fn opens_command(first: &str, second: &str) -> bool {
    is_in(COMMAND, first) || (first == "true" && second == "or") || (first == "how" && second == "to")
}

/// Returns whether these first words of a line put the reader into a situation.
pub(super) fn opens_scenario(first: &str, second: &str) -> bool {
    first == "your"
        || first == "you've"
        || first == "you're"
        || (first == "you" && is_in(SCENARIO_AFTER_YOU, second))
}

/// Returns whether a line with this last word breaks off.
pub(super) fn breaks_off(last: &str) -> bool {
    is_in(UNFINISHED, last)
}

/// Returns whether a line with this last word was torn off in mid-sentence.
pub(super) fn tears_off(last: &str) -> bool {
    is_in(TORN, last)
}

/// Returns whether a line with these first words points back at the line before.
pub(super) fn is_pronoun(first: &str) -> bool {
    is_in(PRONOUN, first)
}

/// Returns whether a line with these first words hangs onto the line before.
pub(super) fn is_connective(first: &str, second: &str) -> bool {
    is_in(CONNECTIVE, first)
        || (first == "for" && (second == "example" || second == "instance" || second == "ex"))
        || (first == "such" && second == "as")
        || (first == "as" && second == "well")
}

/// Returns whether a line with this first word is a predicate that lacks its subject.
pub(super) fn is_predicate(first: &str) -> bool {
    is_in(PREDICATE, first)
}

/// Returns whether this word is a finite verb, or a subject that has one.
pub(super) fn is_finite(word: &str) -> bool {
    is_in(FINITE, word)
}

/// Returns whether a line with this first word passes a verdict.
pub(super) fn is_verdict(first: &str) -> bool {
    is_in(VERDICT, first)
}

/// Returns whether this word is an article.
pub(super) fn is_article(first: &str) -> bool {
    is_in(ARTICLE, first)
}

/// Returns whether this word belongs in the title of a set of cards.
pub(super) fn names_a_set(word: &str) -> bool {
    is_in(TITLE, word)
}

/// Returns the number from one to ten that this word spells.
pub(super) fn number(word: &str) -> Option<u8> {
    NUMBERS.iter().zip(1..).find(|(spelt, _)| **spelt == word).map(|(_, value)| value)
}

/// Returns whether this word announces a list of unsaid length.
pub(super) fn announces_several(word: &str) -> bool {
    is_in(SEVERAL, word)
}

/// Returns whether this word is too common to show what a line is about.
pub(super) fn is_common(word: &str) -> bool {
    is_in(COMMON, word)
}
