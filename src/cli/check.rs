//! `deckc check`: everything that a build would say, and nothing written.

use std::fmt::Write as _;

use super::Exit;
use super::args::{Check, Common};
use super::build::summary;
use super::changes;
use super::failure::{Failure, to_stdout};
use super::printer::{Loudness, Stream};
use super::run::{default_out, open};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::Skipped;
use crate::model::Trees;
use crate::report::{MessageFormat, visible_line};

/// Runs the verb.
pub(super) fn run(arguments: &Check, common: &Common) -> Result<Exit, Failure> {
    let opened = open(&arguments.sources, common, Stream::Out)?;
    let out = default_out(&opened.project);
    let mut run = opened.compile(common, &out, Trees::Dropped)?;
    run.progress.end();
    let mut diagnostics = std::mem::take(&mut run.compiled.diagnostics);
    for path in &run.compiled.unused {
        let place = format!("{}{path}", run.printer.reporter.prefix);
        diagnostics.push(
            Diagnostic::in_file(Code::MediaUnused, place, None, "no card uses this file")
                .help("refer to it, or remove it; it is not packed"),
        );
    }
    let fails = diagnostics.fails(run.printer.reporter.strictness);
    let counts = run.printer.all(diagnostics, &run.compiled.sources)?;
    let mut report = String::new();
    let compiled = &run.compiled;
    if run.printer.loudness() == Loudness::Verbose {
        for file in &compiled.files {
            let _ = writeln!(
                report,
                "{}: {} ({}) · notes {} · cards {} · prose lines {}",
                visible_line(&format!("{}{}", run.printer.reporter.prefix, file.path)),
                file.dialect,
                file.reason,
                file.notes,
                file.cards,
                file.prose
            );
        }
    }
    let total = |of: fn(&crate::account::FileReport) -> usize| compiled.files.iter().map(of).sum::<usize>();
    let _ = writeln!(
        report,
        "files {} · notes {} · cards {} · prose lines {}{}",
        compiled.files.len(),
        total(|file| file.notes),
        total(|file| file.cards),
        total(|file| file.prose),
        skipped(compiled.skipped).map_or_else(String::new, |words| format!(" · {words}"))
    );
    if let (Some(known), Some(collection)) = (&run.known, &compiled.collection) {
        changes::lines(&run, collection, known).iter().for_each(|line| run.printer.say(line));
    }
    let _ = writeln!(report, "{}", summary(compiled.summary));
    if run.printer.loudness() >= Loudness::Normal && run.printer.reporter.format == MessageFormat::Human {
        match to_stdout(crate::report::visible(&report).as_bytes()) {
            // A reader that went away does not change what the findings say.
            Err(failure) if !failure.is_closed_pipe() => return Err(failure),
            Ok(_) | Err(_) => {}
        }
    }
    if let Some(words) = counts.words() {
        run.printer.say(&words);
    }
    Ok(if fails { Exit::Sources } else { Exit::Done })
}

/// Says what the walk left alone, where it did.
pub(super) fn skipped(skipped: Skipped) -> Option<String> {
    let Skipped { hidden, backups, templates, outputs, special } = skipped;
    let kinds = [
        (hidden, "hidden"),
        (backups, "backups"),
        (templates, "templates"),
        (outputs, "outputs"),
        (special, "pipes and devices"),
    ];
    let parts: Vec<String> = kinds
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{word} {count}"))
        .collect();
    (!parts.is_empty()).then(|| format!("skipped: {}", parts.join(", ")))
}
