//! Rule 3: lines and notes that are left over, paired by evidence.
//!
//! In rounds: every open note is compared with the few lines that could be its own (near its place, with its answer,
//! with its rare words); a pair is made where each is the other's best by a clear margin and the evidence is enough
//! by itself. Pairs are anchors of place for the next round. What is left then is new, or ambiguous.

use super::evidence::{
    ANSWER_ALIKE, AnswerEvidence, Evidence, Features, Gap, Opening, PlaceEvidence, Verdict, Weight, Wording,
    judge, percent, place_of,
};
use super::order::Sheets;
use super::place::Places;
use super::{Pairs, Trace, ids_agree};
use crate::identity::hash::FastMap;
use crate::identity::sketch::Sketch;
use crate::identity::telling::{TellingWords, all_words};
use crate::identity::words::{Lexicon, Phrase, is_recased, rarity};

/// How much better than its rivals a pair must be, where the best possible score is 1.
const MARGIN: f32 = 0.1;
const ROUNDS: usize = 8;
/// How many lines with one answer, or one rare word, are worth a look.
const BUCKET: usize = 32;
/// How many lines are looked at for their words.
const BY_WORDS: usize = 8;
/// An answer of so many characters is hardly more than its first word.
const SHORT: usize = 12;
/// Answers that agree by this much share most of their words.
const ANSWER_STAYED: f32 = 0.45;
/// How many answers round a note are asked what is usual.
const USUAL: usize = 128;

/// What rule 3 found; indices are those of the [`Sheets`].
pub struct Edited {
    /// Why a note was paired, for those whose prompt changed.
    pub why: Vec<Option<Evidence>>,
    /// The free lines that an open note may belong to.
    pub candidates: Vec<Vec<usize>>,
}

/// Pairs edited notes with their lines.
pub fn by_evidence(sheets: &Sheets, pairs: &mut Pairs) -> Edited {
    let count = sheets.new.notes.len();
    let mut edited = Edited { why: vec![None; count], candidates: vec![Vec::new(); count] };
    let open: Vec<usize> = (0..count).filter(|&at| pairs.is_open(at)).collect();
    let free: Vec<usize> = (0..sheets.old.notes.len()).filter(|&at| pairs.is_free(at)).collect();
    if open.is_empty() || free.is_empty() {
        return edited;
    }
    let mut desk = Desk::new(sheets, &open, &free);
    for round in 0..=ROUNDS {
        let places = Places::new(sheets, pairs);
        let contest = Contest::new(&mut desk, pairs, &places, &open);
        let mut settled = Vec::new();
        for (at, &new) in open.iter().enumerate() {
            let Some(best) = contest.winner(at) else { continue };
            if let Some(why) = desk.accept(best.old, new, &places) {
                settled.push((best.old, new, why));
            }
        }
        if settled.is_empty() || round == ROUNDS {
            for (at, &new) in open.iter().enumerate() {
                if pairs.is_open(new) {
                    edited.candidates[new] = contest.of_new[at]
                        .iter()
                        .filter(|rival| desk.accept(rival.old, new, &places).is_some())
                        .map(|rival| rival.old)
                        .collect();
                }
            }
            break;
        }
        for (old, new, why) in settled {
            pairs.join(old, new);
            if sheets.old.notes[old].prompt_hash != sheets.new.notes[new].prompt_hash {
                edited.why[new] = Some(why);
            }
        }
    }
    edited
}

/// A line that a note may belong to, and how well it fits.
#[derive(Clone, Copy)]
struct Rival {
    old: usize,
    score: f32,
}

/// All pairs of one round.
struct Contest {
    of_new: Vec<Vec<Rival>>,
    /// The best and the second best score that each line reaches.
    of_old: FastMap<usize, (f32, f32)>,
}

impl Contest {
    fn new(desk: &mut Desk, pairs: &Pairs, places: &Places, open: &[usize]) -> Self {
        let mut of_old: FastMap<usize, (f32, f32)> = FastMap::default();
        let mut of_new = Vec::with_capacity(open.len());
        for (at, &new) in open.iter().enumerate() {
            let mut rivals: Vec<Rival> = Vec::new();
            if pairs.is_open(new) {
                let mut lines = places.lines_near(new);
                lines.extend_from_slice(&desk.lookalikes[at]);
                lines.sort_unstable();
                lines.dedup();
                lines.retain(|&old| {
                    pairs.is_free(old) && comparable(desk.sheets.old.notes[old], desk.sheets.new.notes[new])
                });
                for old in lines {
                    let score = desk.score(old, new, places.likeness(old, new));
                    rivals.push(Rival { old, score });
                    let (best, second) = of_old.entry(old).or_insert((0.0, 0.0));
                    if score > *best {
                        (*best, *second) = (score, *best);
                    } else {
                        *second = second.max(score);
                    }
                }
                rivals.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.old.cmp(&b.old)));
            }
            of_new.push(rivals);
        }
        Self { of_new, of_old }
    }

    /// Returns the line that is a note's best and has the note as its best, both by the margin.
    fn winner(&self, at: usize) -> Option<Rival> {
        let rivals = &self.of_new[at];
        let best = *rivals.first()?;
        let clear = rivals.get(1).is_none_or(|second| best.score - second.score >= MARGIN);
        let (top, second) = *self.of_old.get(&best.old)?;
        (clear && best.score >= top && top - second >= MARGIN).then_some(best)
    }
}

fn comparable(old: &Trace, new: &Trace) -> bool {
    old.kind == new.kind && ids_agree(old, new)
}

/// Everything that is looked up while pairs are compared.
struct Desk<'a> {
    sheets: &'a Sheets<'a>,
    lexicon: Lexicon,
    prompts: Vec<&'a str>,
    phrases_old: FastMap<usize, Phrase>,
    phrases_new: FastMap<usize, Phrase>,
    /// How many lines and how many notes have an answer.
    answers: FastMap<u64, (u32, u32)>,
    /// The same for the first words of answers.
    openings: FastMap<u8, (u32, u32)>,
    /// The same for the telling words of answers.
    answer_words: FastMap<u32, (u32, u32)>,
    lookalikes: Vec<Vec<usize>>,
    features: FastMap<(usize, usize), Features>,
}

impl<'a> Desk<'a> {
    fn new(sheets: &'a Sheets<'a>, open: &[usize], free: &[usize]) -> Self {
        let old_prompt = |&at: &usize| sheets.old.notes[at].prompt.as_str();
        let new_prompt = |&at: &usize| sheets.new.notes[at].prompt.as_str();
        // Every note once: those that are recognised already stand on both sides.
        let prompts: Vec<&str> = (0..sheets.new.notes.len())
            .map(|at| new_prompt(&at))
            .chain(free.iter().map(old_prompt))
            .collect();
        let lexicon = Lexicon::new(free.iter().map(old_prompt).chain(open.iter().map(new_prompt)), &prompts);
        let phrases_old = free.iter().map(|at| (*at, lexicon.phrase(old_prompt(at)))).collect();
        let phrases_new = open.iter().map(|at| (*at, lexicon.phrase(new_prompt(at)))).collect();
        let mut answers: FastMap<u64, (u32, u32)> = FastMap::default();
        let mut openings: FastMap<u8, (u32, u32)> = FastMap::default();
        let mut answer_words: FastMap<u32, (u32, u32)> = FastMap::default();
        for note in &sheets.old.notes {
            answers.entry(note.sketch.answer_key()).or_default().0 += 1;
            openings.entry(note.sketch.opening_key()).or_default().0 += 1;
            note.sketch.answer_words().iter().for_each(|word| answer_words.entry(word).or_default().0 += 1);
        }
        for note in &sheets.new.notes {
            answers.entry(note.sketch.answer_key()).or_default().1 += 1;
            openings.entry(note.sketch.opening_key()).or_default().1 += 1;
            note.sketch.answer_words().iter().for_each(|word| answer_words.entry(word).or_default().1 += 1);
        }
        let mut desk = Self {
            sheets,
            lexicon,
            prompts,
            phrases_old,
            phrases_new,
            answers,
            openings,
            answer_words,
            lookalikes: Vec::new(),
            features: FastMap::default(),
        };
        desk.lookalikes = desk.find_lookalikes(open, free);
        desk
    }

    /// Finds, for each open note, lines with the same answer or the same rare words, wherever they stand.
    fn find_lookalikes(&self, open: &[usize], free: &[usize]) -> Vec<Vec<usize>> {
        let mut by_answer: FastMap<u64, Vec<usize>> = FastMap::default();
        let mut by_word: Vec<Vec<usize>> = vec![Vec::new(); self.lexicon.len()];
        for &old in free {
            by_answer.entry(self.sheets.old.notes[old].sketch.answer_key()).or_default().push(old);
            for id in self.lexicon.rarest(&self.phrases_old[&old]) {
                by_word[id as usize].push(old);
            }
        }
        open.iter()
            .map(|&new| {
                let key = self.sheets.new.notes[new].sketch.answer_key();
                let same_answer = by_answer.get(&key).filter(|lines| lines.len() <= BUCKET);
                let mut shared: FastMap<usize, f32> = FastMap::default();
                let rare = self.lexicon.rarest(&self.phrases_new[&new]);
                for id in rare.into_iter().filter(|&id| by_word[id as usize].len() <= BUCKET).take(12) {
                    for &old in &by_word[id as usize] {
                        *shared.entry(old).or_default() += self.lexicon.weight(id);
                    }
                }
                let mut by_words: Vec<(usize, f32)> = shared.into_iter().collect();
                by_words.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                let mut lines: Vec<usize> = by_words.into_iter().take(BY_WORDS).map(|(old, _)| old).collect();
                lines.extend(same_answer.into_iter().flatten());
                lines
            })
            .collect()
    }

    fn features(&mut self, old: usize, new: usize) -> Features {
        if let Some(known) = self.features.get(&(old, new)) {
            return *known;
        }
        let (line, note) = (self.sheets.old.notes[old], self.sheets.new.notes[new]);
        let (one, two) = (&self.phrases_old[&old], &self.phrases_new[&new]);
        let mut words = self.lexicon.compare(one, two);
        words.resembling |= is_recased(&line.prompt, &note.prompt);
        // Of a shortened prompt the words show only the ends, so its middle has a say as well.
        let prompt = match line.sketch.prompt_likeness(&line.prompt, &note.sketch, &note.prompt) {
            Some(whole) => words.shared.min(2.0 * whole / (1.0 + whole) + 0.2),
            None => words.shared,
        };
        let of_line = self.answers.get(&line.sketch.answer_key()).copied().unwrap_or_default();
        let of_note = self.answers.get(&note.sketch.answer_key()).copied().unwrap_or_default();
        let single = of_line.0 <= 1 && of_line.1 <= 1 && of_note.0 <= 1 && of_note.1 <= 1;
        let shorter = line.sketch.answer_length().min(note.sketch.answer_length());
        let opening = match self.openings.get(&line.sketch.opening_key()) {
            _ if !line.sketch.same_opening(&note.sketch) => Opening::Other,
            Some((1, 1)) => Opening::Single,
            Some(_) | None if shorter <= SHORT => Opening::Shared,
            Some(_) | None => Opening::Other,
        };
        let weight = match shorter {
            16.. if single => Weight::Telling,
            3.. if single => Weight::Single,
            _ if single => Weight::Tiny,
            _ => Weight::Shared,
        };
        let features = Features {
            kind: note.kind,
            words,
            prompt,
            length: one.len().min(two.len()),
            same_prompt: line.prompt_hash == note.prompt_hash,
            same_answer: line.sketch.same_answer(&note.sketch),
            weight,
            opening,
            answer: line.sketch.answer_likeness(&note.sketch),
            wording: self.wording(line, note),
            answer_stayed: answer_stayed(&line.sketch, &note.sketch),
        };
        self.features.insert((old, new), features);
        features
    }

    /// Compares the telling words of two answers.
    fn wording(&self, line: &Trace, note: &Trace) -> Wording {
        let (mine, theirs) = (line.sketch.answer_words(), note.sketch.answer_words());
        let shared = mine.iter().filter(|&word| theirs.contains(word)).count();
        let fewer = mine.iter().count().min(theirs.iter().count());
        let notes = self.sheets.old.notes.len().max(self.sheets.new.notes.len());
        let telling = |word: u32| {
            let (lines, notes_with) = self.answer_words.get(&word).copied().unwrap_or_default();
            theirs.contains(word) && rarity(lines.max(notes_with), notes) >= 0.5 * rarity(1, notes)
        };
        // A word that stands in a question and in the other's answer makes it the reverse, or another question.
        let crossed = |answer: &TellingWords, prompt: &str| {
            let prompt = all_words(prompt);
            answer.iter().any(|word| prompt.contains(&word))
        };
        if shared * 2 >= fewer
            && mine.iter().any(telling)
            && !crossed(mine, &note.prompt)
            && !crossed(theirs, &line.prompt)
        {
            Wording::Contained
        } else {
            Wording::Other
        }
    }

    /// Returns how well a pair fits, from 0 to 1; for comparing pairs, not for accepting one.
    fn score(&mut self, old: usize, new: usize, place: f32) -> f32 {
        let pair = self.features(old, new);
        let answer = 2.0 * pair.answer / (1.0 + pair.answer);
        0.45 * pair.prompt + 0.35 * answer + 0.2 * place
    }

    /// Returns the evidence for a pair, where it is enough.
    fn accept(&mut self, old: usize, new: usize, places: &Places) -> Option<Evidence> {
        let pair = self.features(old, new);
        let place = place_of(places.likeness(old, new));
        let gap = if places.is_alone(old, new) { Gap::Alone } else { Gap::Other };
        let accepted = match judge(&pair, place, gap) {
            Verdict::No => false,
            Verdict::Yes => true,
            Verdict::UnlessTwins => !self.has_twins(old, new),
            Verdict::UnlessTemplate => !self.is_template(old, new),
            Verdict::UnlessTemplateOrUsualAnswer => {
                !self.is_template(old, new) && pair.answer >= self.usual_answer(old, new) + 0.1
            }
        };
        accepted.then(|| evidence(&pair, place))
    }

    /// Tells whether more than one line, or more than one note, of this prompt was left over.
    fn has_twins(&self, old: usize, new: usize) -> bool {
        let hash = self.sheets.new.notes[new].prompt_hash;
        self.phrases_old.keys().any(|&at| at != old && self.sheets.old.notes[at].prompt_hash == hash)
            || self.phrases_new.keys().any(|&at| at != new && self.sheets.new.notes[at].prompt_hash == hash)
    }

    /// Tells whether a third note differs from both in the very stretch in which they differ.
    ///
    /// "The capital of France" and "the capital of Spain" are two fillings of one template as soon as the deck also has
    /// "the capital of Peru".
    fn is_template(&self, old: usize, new: usize) -> bool {
        let pair = self.features[&(old, new)];
        let Some((prefix, suffix)) = pair.words.frame else { return false };
        let (one, two) = (&self.phrases_old[&old], &self.phrases_new[&new]);
        let longest = one.len().max(two.len()) - prefix - suffix;
        if prefix + suffix < 2 || longest > 4 {
            return false;
        }
        let frame = one[..prefix].iter().chain(&one[one.len() - suffix..]).copied();
        self.lexicon.notes_with_all(frame).iter().any(|&third| {
            let phrase = self.lexicon.phrase(self.prompts[third as usize]);
            phrase.len() > prefix + suffix
                && phrase.len() <= prefix + suffix + 5
                && phrase.starts_with(&one[..prefix])
                && phrase.ends_with(&one[one.len() - suffix..])
                && phrase != *one
                && phrase != *two
        })
    }

    /// Returns how alike the answers are that do not belong together, round the line and round the note.
    fn usual_answer(&self, old: usize, new: usize) -> f32 {
        let Sheets { old: lines, new: notes, .. } = self.sheets;
        let (line, note) = (&lines.notes[old].sketch, &notes.notes[new].sketch);
        let round_line = window(lines.notes.len(), old)
            .filter(|&at| at != old)
            .map(|at| lines.notes[at].sketch.answer_likeness(note));
        let round_note = window(notes.notes.len(), new)
            .filter(|&at| at != new)
            .map(|at| notes.notes[at].sketch.answer_likeness(line));
        round_line.chain(round_note).fold(0.0, f32::max)
    }
}

/// Tells whether two answers share most of what they say, or half of the words that the shorter one is known by.
fn answer_stayed(one: &Sketch, two: &Sketch) -> bool {
    let (mine, theirs) = (one.answer_words(), two.answer_words());
    let shared = mine.iter().filter(|&word| theirs.contains(word)).count();
    let fewer = mine.iter().count().min(theirs.iter().count());
    // Where an answer is "yes", its first word is all there is.
    let stayed = if fewer == 0 { one.same_opening(two) } else { shared * 2 >= fewer };
    stayed || one.answer_likeness(two) >= ANSWER_STAYED
}

fn window(count: usize, at: usize) -> std::ops::Range<usize> {
    at.saturating_sub(USUAL)..count.min(at + USUAL)
}

fn evidence(pair: &Features, place: PlaceEvidence) -> Evidence {
    let answer = if pair.same_answer {
        AnswerEvidence::Same
    } else if pair.answer >= ANSWER_ALIKE {
        AnswerEvidence::Alike(percent(pair.answer))
    } else {
        AnswerEvidence::Other
    };
    Evidence { prompt: percent(pair.prompt), answer, place }
}
