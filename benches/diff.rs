//! Times `deckc diff` of two packages.
//!
//! `cargo bench --bench diff -- [NOTES …] [--rounds N]`; 20,000 notes where none are named. The newer package has every fortieth line of
//! the sources changed. Each run is a fresh process; the medians are shown.

#[path = "build/corpus.rs"]
mod corpus;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let rounds = arguments.iter().position(|argument| argument == "--rounds");
    let count = rounds.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(5).max(1);
    let named = arguments.iter().enumerate().filter(|(at, _)| rounds.is_none_or(|rounds| *at != rounds + 1));
    let mut sizes: Vec<usize> = named.filter_map(|(_, argument)| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![20_000];
    }
    println!("medians of {count} rounds, seconds");
    println!("    notes edited human markdown  json");
    for notes in sizes {
        let folder = tempfile::tempdir()?;
        let edited = packages(folder.path(), notes)?;
        let [human, markdown, json] = ["human", "markdown", "json"].map(|format| {
            let mut times: Vec<Duration> = (0..count).map(|_| time(folder.path(), format)).collect();
            times.sort();
            times[times.len() / 2].as_secs_f64()
        });
        println!("{notes:>9} {edited:>6} {human:>5.3} {markdown:>8.3} {json:>5.3}");
    }
    Ok(())
}

/// Builds the two packages, and returns how many lines differ.
fn packages(folder: &Path, notes: usize) -> io::Result<usize> {
    let sources = folder.join("notes");
    fs::create_dir_all(&sources)?;
    corpus::write(&sources, notes)?;
    build(folder, "old.apkg", "1700000000")?;
    let mut edited = 0;
    for topic in
        fs::read_dir(&sources)?.filter(|topic| topic.as_ref().is_ok_and(|topic| topic.path().is_dir()))
    {
        for file in fs::read_dir(topic?.path())? {
            let path = file?.path();
            let text = fs::read_to_string(&path)?;
            let lines = text.lines().enumerate().map(|(index, line)| {
                if index % 40 == 20 && line.ends_with('.') {
                    edited += 1;
                    format!("{line} Changed.\n")
                } else {
                    format!("{line}\n")
                }
            });
            let text: String = lines.collect();
            fs::write(&path, text)?;
        }
    }
    build(folder, "new.apkg", "1700086400")?;
    Ok(edited)
}

fn build(folder: &Path, package: &str, at: &str) -> io::Result<()> {
    let status = Command::new(env!("CARGO_BIN_EXE_deckc"))
        .args(["build", "-q", "notes", "--out", package])
        .current_dir(folder)
        .env("SOURCE_DATE_EPOCH", at)
        .stdout(Stdio::null())
        .status()?;
    assert!(status.success(), "{package} is built");
    Ok(())
}

fn time(folder: &Path, format: &str) -> Duration {
    let start = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_deckc"))
        .args(["diff", "--format", format, "old.apkg", "new.apkg"])
        .current_dir(folder)
        .output()
        .expect("deckc starts");
    let time = start.elapsed();
    assert!(output.status.success() && !output.stdout.is_empty(), "a difference is told");
    time
}
