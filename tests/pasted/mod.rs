//! Pasted text, measured: pages written for this test in the manner of flashcard sites, with the truth marked.
//!
//! Each line of a page is `T`, `Q` or `A`, a tab, and the text: title, prompt, answer. Lines of one prompt or answer
//! follow each other. `tuning/` is what the weights were fitted on; `heldout/` was written before the reader existed
//! and never looked at while it was made. `ecs.txt` is the page of the project's founding user.

use std::fs;
use std::path::{Path, PathBuf};

use deckc::reader::text::pasted::{Card, Reading, UNSURE, read};

/// A page with the truth about it.
struct Page {
    name: String,
    lines: Vec<String>,
    /// The first line of each card, and the first line of its answer.
    starts: Starts,
    /// The line after each card.
    ends: Vec<usize>,
}

/// The two kinds of boundaries of a page, in order.
#[derive(Default)]
struct Starts {
    fronts: Vec<usize>,
    backs: Vec<usize>,
}

/// Boundaries found, true, and both.
#[derive(Clone, Copy, Default)]
struct Count {
    found: u32,
    truth: u32,
    both: u32,
}

impl Count {
    fn of(found: &[usize], truth: &[usize]) -> Self {
        let size = |items: usize| u32::try_from(items).expect("pages are short");
        let both = found.iter().filter(|line| truth.contains(line)).count();
        Self { found: size(found.len()), truth: size(truth.len()), both: size(both) }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            found: self.found + other.found,
            truth: self.truth + other.truth,
            both: self.both + other.both,
        }
    }

    fn precision(self) -> f64 {
        f64::from(self.both) / f64::from(self.found)
    }

    fn recall(self) -> f64 {
        f64::from(self.both) / f64::from(self.truth)
    }
}

/// What one way of reading scores on a set of pages.
#[derive(Clone, Copy, Default)]
struct Figures {
    fronts: Count,
    backs: Count,
    exact: u32,
}

impl Figures {
    fn add(&mut self, page: &Page, found: &Starts) {
        self.fronts = self.fronts.plus(Count::of(&found.fronts, &page.starts.fronts));
        self.backs = self.backs.plus(Count::of(&found.backs, &page.starts.backs));
        let cards = |starts: &Starts, ends: Vec<usize>| -> Vec<(usize, usize, usize)> {
            let sides = starts.fronts.iter().zip(&starts.backs).zip(ends);
            sides.map(|((front, back), end)| (*front, *back, end)).collect()
        };
        let truth = cards(&page.starts, page.ends.clone());
        let ends = found.fronts.iter().skip(1).copied().chain([page.lines.len()]).collect();
        for card in cards(found, ends) {
            self.exact += u32::from(truth.contains(&card));
        }
    }

    fn line(&self, name: &str) -> String {
        let both = self.fronts.plus(self.backs);
        let show = |count: Count| format!("{:.3} / {:.3}", count.precision(), count.recall());
        let (cards, exact) = (self.fronts.truth, self.exact);
        format!(
            "{name:12} {cards:5} {exact:5}   {}   {}   {}",
            show(self.fronts),
            show(self.backs),
            show(both)
        )
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pasted")
}

fn pages(half: &str) -> Vec<Page> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder().join(half))
        .expect("the pages are part of the project")
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| page(path)).collect()
}

fn page(path: &Path) -> Page {
    let text = fs::read_to_string(path).expect("the pages are UTF-8");
    let (mut lines, mut starts, mut ends, mut before) = (Vec::new(), Starts::default(), Vec::new(), "");
    for line in text.lines() {
        let (mark, line) = line.split_once('\t').expect("every line is marked");
        match (before, mark) {
            ("Q", "A") => starts.backs.push(lines.len()),
            ("A", "Q") => {
                ends.push(lines.len());
                starts.fronts.push(lines.len());
            }
            ("" | "T", "Q") => starts.fronts.push(lines.len()),
            ("", "T") | ("Q", "Q") | ("A", "A") => {}
            (before, mark) => panic!("{}: {mark:?} after {before:?}", path.display()),
        }
        before = mark;
        lines.push(line.to_owned());
    }
    ends.push(lines.len());
    let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Page { name, lines, starts, ends }
}

fn read_page(page: &Page) -> Reading {
    let lines: Vec<&str> = page.lines.iter().map(String::as_str).collect();
    read(&lines)
}

fn starts(cards: &[Card]) -> Starts {
    Starts {
        fronts: cards.iter().map(|card| card.front.start).collect(),
        backs: cards.iter().map(|card| card.back.start).collect(),
    }
}

/// The plainest reading: a title, then prompt and answer line by line.
fn alternate(page: &Page) -> Starts {
    Starts {
        fronts: (1..page.lines.len()).step_by(2).collect(),
        backs: (2..page.lines.len()).step_by(2).collect(),
    }
}

/// Measures the reader and the plainest reading, and prints both page by page.
fn measure(half: &str) -> Figures {
    let (mut total, mut baseline) = (Figures::default(), Figures::default());
    println!("{half:12} cards exact   fronts P / R    backs P / R     both P / R");
    for page in &pages(half) {
        let (mut alone, found) = (Figures::default(), starts(&read_page(page).cards));
        alone.add(page, &found);
        total.add(page, &found);
        baseline.add(page, &alternate(page));
        println!("{}", alone.line(&page.name));
    }
    println!("{}", total.line("all"));
    println!("{}", baseline.line("alternating"));
    total
}

#[test]
fn held_out_boundaries_are_found() {
    let figures = measure("heldout");
    assert!(figures.fronts.truth >= 300, "at least 300 cards are held out");
    for count in [figures.fronts, figures.backs] {
        assert!(count.precision() >= 0.9, "precision {:.3}", count.precision());
        assert!(count.recall() >= 0.9, "recall {:.3}", count.recall());
    }
}

#[test]
fn tuning_boundaries_are_found() {
    let figures = measure("tuning");
    for count in [figures.fronts, figures.backs] {
        assert!(count.precision() >= 0.9 && count.recall() >= 0.9);
    }
}

/// A confidence is worth something if doubtful cards are wrong more often, and cards without doubt seldom.
#[test]
fn confidence_tells_right_from_wrong() {
    let (mut sure, mut unsure) = ((0_u32, 0_u32), (0_u32, 0_u32));
    for page in &pages("heldout") {
        for card in read_page(page).cards {
            let at = page.starts.fronts.iter().position(|front| *front == card.front.start);
            let right = at
                .is_some_and(|at| page.starts.backs[at] == card.back.start && page.ends[at] == card.back.end);
            let (wrong, all) = if card.confidence < UNSURE { &mut unsure } else { &mut sure };
            *wrong += u32::from(!right);
            *all += 1;
        }
    }
    println!("wrong: {} of {} sure cards, {} of {} unsure cards", sure.0, sure.1, unsure.0, unsure.1);
    assert!(f64::from(sure.0) < 0.1 * f64::from(sure.1));
    assert!(f64::from(unsure.0) > 0.2 * f64::from(unsure.1));
}

fn founding_page() -> Vec<String> {
    let text =
        fs::read_to_string(folder().join("ecs.txt")).expect("the founding page is part of the project");
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_founding_page_is_fifteen_cards() {
    let lines = founding_page();
    let reading = read(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let fronts: Vec<String> =
        reading.cards.iter().map(|card| lines[card.front.clone()].join(" / ")).collect();
    let short: Vec<&str> = fronts
        .iter()
        .map(|front| front.char_indices().nth(48).map_or(front.as_str(), |(at, _)| &front[..at]))
        .collect();
    assert_eq!(reading.title, Some(0));
    assert_eq!(
        short,
        [
            "ECS clusters",
            "ECS agents = just a Docker container on each EC2",
            "The EC2 instances are a little bit special",
            "tasks definitions",
            "tasks and roles (exam)",
            "ECS services",
            "Replica type of ECS services",
            "Daemon type of ECS services",
            "you can run several identical containers using (",
            "EC2 Instance Profile",
            "on your EC2 Instances, you can run some tasks th",
            "And where do you define the task role?",
            "Which ECS config must you enable in /etc/ecs/ecs",
            "You are looking to push Docker images into ECR w",
            "You are looking to run multiple instances of the",
        ]
    );
    let answers: Vec<usize> = reading.cards.iter().map(|card| card.back.len()).collect();
    assert_eq!(answers, [2, 1, 2, 2, 4, 4, 1, 2, 3, 4, 3, 2, 1, 2, 2]);
    for card in reading.cards.iter().filter(|card| card.confidence < UNSURE) {
        println!("{:.2} {:?} or {:?}", card.confidence, lines[card.front.start], card.runner_up);
    }
}

/// Checks that the cards hold every line after the title, in order, once.
fn check_total(lines: &[&str]) {
    let Reading { title, cards } = read(lines);
    let mut next = title.map_or(0, |title| title + 1);
    for card in &cards {
        assert_eq!(card.front.start, next, "{lines:?}");
        assert!(!card.front.is_empty(), "{lines:?}");
        assert_eq!(card.back.start, card.front.end, "{lines:?}");
        assert!(!card.back.is_empty() || lines.len() == 1, "{lines:?}");
        assert!((0.0..=1.0).contains(&card.confidence), "{lines:?}");
        if let Some(other) = &card.runner_up {
            assert!(other.front.end == other.back.start && other.back.end <= lines.len(), "{lines:?}");
            assert!((&other.front, &other.back) != (&card.front, &card.back), "{lines:?}");
        }
        next = card.back.end;
    }
    assert_eq!(next, lines.len(), "{lines:?}");
}

#[test]
fn every_line_is_in_exactly_one_card() {
    let hostile = [
        "", "?", "-", "- ", "(", ")", "()", "(exam)", "…", "。", "=", "1.", "a)", "\u{301}", "’", "🂡", "¿",
        "x =",
    ];
    for first in hostile {
        for second in hostile {
            for third in hostile {
                check_total(&[first, second, third]);
            }
            check_total(&[first, second]);
            check_total(&[first, second, first, second, first, first, second, second]);
        }
        check_total(&[first]);
        check_total(&[first; 50]);
    }
    check_total(&[]);
    for page in pages("heldout").iter().chain(&pages("tuning")) {
        let lines: Vec<&str> = page.lines.iter().map(String::as_str).collect();
        for at in 0..lines.len() {
            check_total(&lines[at..]);
            check_total(&lines[..at]);
        }
    }
}

#[test]
fn a_hundred_thousand_lines_are_read_at_once() {
    let page = founding_page();
    let lines: Vec<&str> = page.iter().map(String::as_str).skip(1).cycle().take(100_000).collect();
    check_total(&lines);
    let one_long_line = "word ".repeat(1_000_000);
    check_total(&["term", one_long_line.trim(), "term", "meaning"]);
}
