//! Times `deckc build --format apkg` beside a plain program that makes the same rows.
//!
//! `cargo bench --bench build -- [NOTES …] [--million] [--rounds N] [--keep FOLDER]`; 10,000 and 100,000 notes where none are named.
//!
//! Both run as fresh processes, in turns, so that a busy machine slows both down; the medians are shown. *Cold* is a build with
//! neither ledger nor earlier output, *warm* one with both. Peak memory is read in a round of its own, which is not timed.

mod corpus;
mod yardstick;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io};

/// How many threads deckc may use; the yardstick has one.
const THREADS: &str = "2";

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [mode, notes, out] = arguments.as_slice()
        && mode == "--yardstick"
    {
        let (notes, cards) = yardstick::run(Path::new(notes), Path::new(out))?;
        println!("{notes} notes, {cards} cards");
        return Ok(());
    }
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let rounds = value("--rounds").and_then(|rounds| rounds.parse().ok()).unwrap_or(5).max(1);
    let named = arguments.iter().enumerate().filter(|(at, _)| *at == 0 || arguments[at - 1] != "--rounds");
    let mut sizes: Vec<usize> = named.filter_map(|(_, argument)| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    if arguments.iter().any(|argument| argument == "--million") {
        sizes.push(1_000_000);
    }
    println!("medians of {rounds} rounds; deckc with {THREADS} threads");
    println!(
        "                    --------- seconds ---------                    --- processor s ----  ----- peak MB ------"
    );
    println!(
        "    notes source MB yardstick   cold   warm  cold/yardstick  notes/s yardstick cold warm  yardstick cold warm"
    );
    for notes in sizes {
        let folder = match value("--keep") {
            Some(folder) => Folder::Kept(PathBuf::from(folder).join(notes.to_string())),
            None => Folder::Temporary(tempfile::tempdir()?),
        };
        measure(notes, rounds, folder.path())?;
    }
    Ok(())
}

enum Folder {
    Temporary(tempfile::TempDir),
    Kept(PathBuf),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Folder::Temporary(folder) => folder.path(),
            Folder::Kept(path) => path,
        }
    }
}

/// Is one of the programs that are compared.
#[derive(Clone, Copy)]
enum Contender {
    Yardstick,
    Cold,
    Warm,
}

fn measure(notes: usize, rounds: usize, folder: &Path) -> io::Result<()> {
    let sources = folder.join("notes");
    fs::create_dir_all(&sources)?;
    let size = corpus::write(&sources, notes)?;
    let all = [Contender::Yardstick, Contender::Cold, Contender::Warm];
    let peaks: Vec<u64> =
        all.into_iter().map(|contender| peak(contender, folder)).collect::<io::Result<_>>()?;
    let mut times = [const { Vec::new() }; 3];
    let mut work = [const { Vec::new() }; 3];
    for _ in 0..rounds {
        for (index, contender) in all.into_iter().enumerate() {
            let mut command = command(contender, folder)?;
            let (start, before) = (Instant::now(), processor_time());
            let output = command.output()?;
            times[index].push(start.elapsed().as_secs_f64());
            work[index].push(processor_time() - before);
            check(contender, &output, notes);
        }
    }
    let ([yardstick, cold, warm], work) = (times.map(median), work.map(median));
    println!(
        "{notes:>9} {:>9.1} {yardstick:>9.3} {cold:>6.3} {warm:>6.3} {:>15.2} {:>8.0} {:>9.2} {:>4.2} {:>4.2} {:>10} {:>4} {:>4}",
        float(size) / 1e6,
        cold / yardstick,
        float(notes) / cold,
        work[0],
        work[1],
        work[2],
        peaks[0] / 1024,
        peaks[1] / 1024,
        peaks[2] / 1024,
    );
    Ok(())
}

/// Prepares a run: what an earlier one left is removed, unless it is to be found.
fn command(contender: Contender, folder: &Path) -> io::Result<Command> {
    let (notes, out, ledger) = (folder.join("notes"), folder.join("out"), folder.join("deckc.lock"));
    let plain = folder.join("plain");
    let mut command = match contender {
        Contender::Yardstick => {
            remove(&plain)?;
            fs::create_dir_all(&plain)?;
            let mut command = Command::new(env::current_exe()?);
            command.arg("--yardstick").arg(notes).arg(plain);
            command
        }
        Contender::Cold | Contender::Warm => {
            if let Contender::Cold = contender {
                remove(&out)?;
                remove(&ledger)?;
            }
            let mut command = Command::new(env!("CARGO_BIN_EXE_deckc"));
            command.arg("build").arg(notes).arg("--format").arg("apkg").arg("--threads").arg(THREADS);
            command.arg("--out").arg(out).arg("--ledger").arg(ledger);
            command
        }
    };
    command.stdin(Stdio::null());
    Ok(command)
}

fn remove(path: &Path) -> io::Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A program that found other notes than the corpus holds was fast at something else.
fn check(contender: Contender, output: &std::process::Output, notes: usize) {
    let expected = match contender {
        Contender::Yardstick => format!("{notes} notes"),
        Contender::Cold => format!("new {notes} "),
        Contender::Warm => format!("unchanged {notes} "),
    };
    let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success() && said.contains(&expected), "expected `{expected}`:\n{said}");
}

/// Returns the most memory that a run had in use, in KiB; 0 where the system does not say it the way Linux does.
fn peak(contender: Contender, folder: &Path) -> io::Result<u64> {
    let mut child = command(contender, folder)?.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        // The high-water mark, until the process is gone.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = mark.and_then(|mark| mark.split_whitespace().next()?.parse().ok());
        peak = number.unwrap_or(peak);
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(peak)
}

/// Returns the processor time of all finished runs in seconds, which other work on the machine disturbs least; 0 where the system
/// does not say it the way Linux does.
fn processor_time() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The fields behind the name in parentheses; the times of children, in user and system, are in 1/100 s (proc(5)).
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(13).take(2);
    fields.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[expect(clippy::cast_precision_loss, reason = "figures are shown with few digits")]
fn float(number: usize) -> f64 {
    number as f64
}
