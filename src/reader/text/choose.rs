//! Which habit a page of plain text has.
//!
//! One for the whole page, the strongest that it shows: labels, tabs, another separator, blocks, or none (pasted). What
//! reads like a letter or a manual has none of them and makes no cards.

use std::collections::BTreeSet;
use std::ops::Range;

use super::blocks::{blocks, is_card, is_cloze, is_divider, is_underline, sections, turn};
use super::content::is_title;
use super::labels::{Role, Spelling, label_of};
use super::page::{Page, goes_on, heading, is_finished, length, marker};
use super::separated::{SEPARATORS, base_indent, is_continuation, is_metadata, name, split};
use crate::diagnostic::{Code, Diagnostic};
use crate::reader::gather::gathered;
use crate::reader::plain_cloze;
use crate::source::Span;

/// Is how a page separates its cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// `Q:` and `A:`.
    Labels,
    /// One card a line, with this between the sides.
    Separated(&'static str),
    /// Blocks with blank lines between them.
    Blocks,
    /// Stretches with rules between them.
    Divided,
    /// Nothing but cloze deletions.
    Clozes,
    /// Nothing at all between the cards.
    Pasted,
    /// No cards.
    Prose,
}

/// Is a mode, and why.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The mode.
    pub(super) mode: Mode,
    /// What shows it.
    pub(super) evidence: String,
    /// How sure it is that the file is a page of cards, 0 to 100.
    pub(super) score: u8,
    /// The line that names the deck.
    pub(super) title: Option<usize>,
    /// The lines to read, behind the title.
    pub(super) lines: Range<usize>,
    /// The page shows two habits.
    pub(super) mixture: Option<Diagnostic>,
}

/// Returns the habit of the page.
pub(super) fn choose(page: &Page<'_>) -> Choice {
    let first = (0..page.lines.len()).find(|line| !page.is_blank(*line)).unwrap_or(0);
    let headed = page.lines.get(first).is_some_and(|_| heading(page.text(first)).is_some());
    let lone = first + 1 < page.lines.len()
        && page.is_blank(first + 1)
        && !page.text(first).is_empty()
        && is_title(page.text(first))
        && !page.text(first).contains('\t')
        && label_of(page, first).is_none();
    let all = first..page.lines.len();
    let behind = if headed || lone { first + 1..page.lines.len() } else { all.clone() };
    let title = (headed || lone).then_some(first);
    let choice = |mode, score, evidence: String| Choice {
        mode,
        evidence,
        score,
        title,
        lines: behind.clone(),
        mixture: None,
    };

    if let Some((score, evidence)) = labels(page, behind.clone()) {
        let mixture = tabs_among_labels(page, behind.clone());
        return Choice { mixture, ..choice(Mode::Labels, score, evidence) };
    }
    let message = is_message(page);
    if let Some(found) = separator(page, behind.clone()).filter(|_| !message) {
        // A lone first line that has the separator itself is a card like the others.
        let fits = title.is_some() && !headed && split(page, first, found.separator).is_some();
        let mode = Mode::Separated(found.separator);
        let mut chosen = choice(mode, if found.separator == "\t" { 85 } else { 70 }, found.evidence);
        chosen.mixture = found.mixture;
        if fits {
            chosen.title = None;
            chosen.lines = all;
        }
        return chosen;
    }
    let (clozes, plain): (Vec<_>, Vec<_>) =
        blocks(page, behind.clone()).into_iter().partition(|block| is_cloze(page, block));
    let manual = message || is_manual(page, behind.clone());
    if let Some(evidence) = divided(page, behind.clone()).filter(|_| !manual) {
        return choice(Mode::Divided, 60, evidence);
    }
    let cards = plain.iter().filter(|block| is_card(page, block)).count();
    let paragraphs_of_prose = plain.iter().filter(|block| block.len() > 1 && !is_card(page, block)).count();
    // Blocks that are long on average are stretches of a pasted page, with a blank line here and there.
    let stretched = plain.iter().map(ExactSizeIterator::len).sum::<usize>() > plain.len() * 8;
    let turned = plain.iter().filter(|block| turn(page, block).is_some()).count();
    if !manual
        && !stretched
        && (cards >= 2 || turned > 0)
        && cards * 5 >= plain.len() * 3
        && paragraphs_of_prose * 5 <= plain.len()
    {
        let mark = if turned > 0 {
            "blocks with `?` between the sides"
        } else {
            "blocks with blank lines between them"
        };
        let evidence = format!("{mark}, {cards} of {} with a back", plain.len());
        return choice(Mode::Blocks, 60, evidence);
    }
    if !clozes.is_empty() {
        let evidence = format!("{} with `{{{{c…}}}}`", count(clozes.len(), "block"));
        return choice(Mode::Clozes, 80, evidence);
    }
    // A lone first line is a title only where the other lines do not stand alone too.
    let loose = plain.iter().filter(|block| block.len() == 1).count() * 2 > plain.len() && plain.len() > 1;
    let read = if headed || !loose { behind.clone() } else { all };
    let paragraphs = plain.len() > 1 && paragraphs_of_prose * 2 >= plain.len();
    if !manual && !paragraphs && is_pasted(page, read.clone(), loose) {
        let mut chosen = choice(Mode::Pasted, 50, "a pasted page, nothing marks the cards".into());
        chosen.title = title.filter(|_| headed || !loose);
        chosen.lines = read;
        return chosen;
    }
    choice(Mode::Prose, 5, "it reads like prose".into())
}

/// Returns `n` things in words.
fn count(n: usize, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

/// Returns how sure it is that labels mark the cards.
fn labels(page: &Page<'_>, lines: Range<usize>) -> Option<(u8, String)> {
    let (mut questions, mut answers, mut pairs, mut exact, mut open) = (0, 0, 0, 0, false);
    let (mut clozes, mut hidden) = (0, false);
    for line in lines {
        let Some(label) = label_of(page, line) else { continue };
        match label.role {
            Role::Question | Role::Both => {
                questions += 1;
                exact += usize::from(label.spelling != Spelling::Near);
                open = true;
            }
            Role::Answer => {
                answers += 1;
                pairs += usize::from(open);
                open = false;
            }
            Role::Cloze => {
                clozes += usize::from(label.spelling == Spelling::Exact);
                hidden |= page.text(line).contains("{{c");
            }
        }
    }
    if questions == 0 && answers == 0 && hidden && clozes > 0 {
        return Some((85, format!("{} with the label `C:`", count(clozes, "line"))));
    }
    let evidence =
        format!("`Q:` and `A:` labels, {} and {}", count(questions, "question"), count(answers, "answer"));
    (pairs > 0 || exact > 0).then_some((if pairs > 0 { 90 } else { 55 }, evidence))
}

/// Reports lines with a tab where labels mark the cards, if they are as many as the cards.
fn tabs_among_labels(page: &Page<'_>, lines: Range<usize>) -> Option<Diagnostic> {
    let questions = lines
        .clone()
        .filter(|line| label_of(page, *line).is_some_and(|l| matches!(l.role, Role::Question | Role::Both)))
        .count();
    let tabs: Vec<Span> = lines
        .filter(|line| label_of(page, *line).is_none() && split(page, *line, "\t").is_some())
        .map(|line| page.file.span(page.lines[line].whole.clone()))
        .collect();
    if tabs.len() < questions.max(2) {
        return None;
    }
    let message = "lines with a tab in a page that marks its cards with `Q:` and `A:`";
    gathered(Code::MixedText, &tabs, message, "here too").map(|finding| {
        finding.help("they were read as text of the cards above them; move them to a file of their own")
    })
}

/// Is the separator that a page uses.
struct Found {
    separator: &'static str,
    evidence: String,
    mixture: Option<Diagnostic>,
}

/// Returns the separator that nearly every line has.
fn separator(page: &Page<'_>, lines: Range<usize>) -> Option<Found> {
    let base = base_indent(page, lines.clone());
    let candidates: Vec<usize> = lines
        .filter(|line| {
            !page.is_blank(*line)
                && !page.is_directive(*line)
                && !is_metadata(page.text(*line))
                && !is_continuation(page, *line, base)
        })
        .collect();
    let tabs = candidates.iter().filter(|line| split(page, **line, "\t").is_some()).count();
    if tabs * 4 >= candidates.len() * 3 && tabs > 0 {
        let evidence = format!("a tab between the sides, {tabs} of {}", count(candidates.len(), "line"));
        return Some(Found { separator: "\t", evidence, mixture: None });
    }
    let candidates: Vec<usize> =
        candidates.into_iter().filter(|line| !plain_cloze::holds(page.text(*line))).collect();
    let mut best: Option<(usize, &'static str)> = None;
    let mut rival: Option<(usize, &'static str)> = None;
    for separator in SEPARATORS.into_iter().filter(|separator| *separator != "\t") {
        let fits = usable(page, &candidates, separator);
        if fits == 0 {
            continue;
        }
        if best.is_none_or(|(most, _)| fits > most) {
            rival = best;
            best = Some((fits, separator));
        } else if rival.is_none_or(|(most, _)| fits > most) {
            rival = Some((fits, separator));
        }
    }
    let (fits, separator) = best?;
    let total = candidates.len();
    // Lines under a bare term are its bullets; they stand for no card of their own.
    let bullets = candidates
        .iter()
        .filter(|line| marker(page.text(**line)).is_some() && split(page, **line, separator).is_none())
        .count();
    let marked = candidates
        .iter()
        .filter(|line| marker(page.text(**line)).is_some() && split(page, **line, separator).is_some())
        .count();
    let owned = if marked * 2 < fits { bullets.min(total / 2) } else { 0 };
    let others: Vec<usize> =
        candidates.iter().copied().filter(|line| split(page, *line, separator).is_none()).collect();
    let second = rival
        .map_or(0, |(_, rival)| others.iter().filter(|line| split(page, **line, rival).is_some()).count());
    let least = if separator == "::" { 1 } else { 2 };
    let clear = fits * 5 >= (total - owned) * 4;
    let mixed = fits * 2 >= total && (fits + second) * 10 >= total * 9 && second > 0;
    if fits < least || !(clear || mixed) {
        return None;
    }
    let mixture = rival
        .filter(|_| !clear || second > 0 || fits == rival.map_or(0, |(fits, _)| fits))
        .and_then(|(rival_fits, rival)| mixture(page, &candidates, separator, (rival_fits, rival), fits));
    let evidence = format!("{} between the sides, {fits} of {}", name(separator), count(total, "line"));
    Some(Found { separator, evidence, mixture })
}

/// Reports a tie: another separator that splits every line as well.
fn mixture(
    page: &Page<'_>,
    candidates: &[usize],
    separator: &str,
    (rival_fits, rival): (usize, &str),
    fits: usize,
) -> Option<Diagnostic> {
    if rival_fits < fits {
        return None;
    }
    let places: Vec<Span> = candidates
        .iter()
        .filter(|line| split(page, **line, separator).is_some() && split(page, **line, rival).is_some())
        .map(|line| page.file.span(page.lines[*line].whole.clone()))
        .collect();
    let message =
        format!("both `{separator}` and `{rival}` could stand between the sides; `{separator}` was taken");
    gathered(Code::MixedText, &places, message, "here too")
        .map(|finding| finding.help("put a tab between the two sides, or `Q:` and `A:` before them"))
}

/// Returns how many lines a separator splits, or none where its terms are not like terms: a chat repeats its speakers.
fn usable(page: &Page<'_>, candidates: &[usize], separator: &str) -> usize {
    let mut terms = BTreeSet::new();
    let mut fits = 0;
    let mut long = 0;
    for line in candidates {
        if let Some((term, _)) = split(page, *line, separator) {
            let term = &page.file.text[term];
            long += usize::from(length(term) > 100);
            terms.insert(term);
            fits += 1;
        }
    }
    if terms.len() * 10 < fits * 7 || long * 10 > fits * 3 { 0 } else { fits }
}

/// Returns whether rules divide the page into cards.
fn divided(page: &Page<'_>, lines: Range<usize>) -> Option<String> {
    let dividers = lines.clone().filter(|line| is_divider(page, *line)).count();
    if dividers == 0 {
        return None;
    }
    let sections = sections(page, lines);
    let full = sections.iter().filter(|section| {
        let parts = page.blocks((*section).clone());
        let shown: usize = parts.iter().map(ExactSizeIterator::len).sum();
        let front_fits = parts.first().is_some_and(|first| length(page.text(first.start)) <= 200);
        is_cloze(page, section) || ((2..=20).contains(&shown) && parts.len() <= 2 && front_fits)
    });
    let full = full.count();
    (sections.len() >= 2 && full * 5 >= sections.len() * 3)
        .then(|| format!("rules between the cards, {full} of {} with a back", count(sections.len(), "card")))
}

/// Returns whether the page begins as a mail or a package's copyright file does: `From: …`, `Format: …`.
fn is_message(page: &Page<'_>) -> bool {
    const NAMES: [&str; 16] = [
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "received",
        "return-path",
        "reply-to",
        "delivered-to",
        "message-id",
        "mime-version",
        "content-type",
        "format",
        "upstream-name",
        "upstream-contact",
        "files",
    ];
    let shown = (0..page.lines.len()).filter(|line| !page.is_blank(*line)).take(3);
    let headers = shown.filter(|line| {
        page.text(*line)
            .split_once(':')
            .is_some_and(|(name, _)| NAMES.contains(&name.to_lowercase().as_str()))
    });
    headers.count() >= 2
}

/// Returns whether the page has what manuals have: fences, or headings with `#` or an underline.
fn is_manual(page: &Page<'_>, lines: Range<usize>) -> bool {
    let marks = lines.filter(|line| {
        let text = page.text(*line);
        heading(text).is_some() || is_underline(page, *line) || text.starts_with("```")
    });
    marks.count() >= 2
}

/// Returns whether a page without marks is more likely cards than a letter: enough of its lines are short phrases or
/// questions, its lines do not run on like those of a paragraph, and it is no talk between people.
fn is_pasted(page: &Page<'_>, lines: Range<usize>, loose: bool) -> bool {
    let all: Vec<usize> = lines.clone().filter(|line| !page.is_blank(*line)).collect();
    let spoken = all.iter().filter(|line| split(page, **line, ": ").is_some()).count();
    if spoken * 5 >= all.len() * 3 && usable(page, &all, ": ") == 0 {
        return false;
    }
    let texts: Vec<&str> = lines
        .filter(|line| !page.is_blank(*line) && !page.is_directive(*line) && !is_metadata(page.text(*line)))
        .map(|line| page.text(line))
        .collect();
    let asks = |text: &&&str| text.ends_with(['?', '？', '؟']);
    let short = |text: &&&str| length(text) <= 60 && !text.ends_with(['.', ',', ';', '!', '。']);
    let questions = texts.iter().filter(asks).count();
    let prompts = texts.iter().filter(|text| short(text) || asks(text)).count();
    let wrapped = texts
        .windows(2)
        .filter(|pair| {
            length(pair[0]) >= 55
                && !is_finished(pair[0])
                && (goes_on(pair[0], pair[1]) || length(pair[1]) >= 55)
        })
        .count();
    let salutation = texts.first().is_some_and(|text| text.ends_with([',', '!']));
    if texts.len() < 2 || salutation || wrapped * 5 >= texts.len() * 2 {
        return false;
    }
    if loose {
        texts.len() >= 6 && (prompts * 20 >= texts.len() * 9 || questions * 4 >= texts.len())
    } else {
        prompts * 5 >= texts.len()
    }
}
