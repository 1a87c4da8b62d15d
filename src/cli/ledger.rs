//! The ledger of a run: read from `deckc.lock`, or stood in for by a package of an earlier release.

use std::io;
use std::path::Path;

use super::build::summary;
use super::failure::Failure;
use super::printer::Printer;
use super::run::{Keeping, Run};
use crate::anki::read::ReadError;
use crate::diagnostic::{Code, Diagnostic};
use crate::diff::counted;
use crate::files::{Disk, EntryKind, Files as _};
use crate::ledger::{Ledger, LedgerError, Rival};
use crate::pass::identity::project_id;
use crate::project::{Project, shown};

/// Says what can be a baseline.
const BASELINE: &str = "a baseline is an `.apkg` of an earlier release of this project";

/// Returns the id of a project that has no ledger yet.
pub(super) fn fresh_id(project: &Project) -> String {
    project.config.id.clone().unwrap_or_else(|| project_id(&project.name))
}

/// Reads the ledger; returns its text and what it says, or nothing where there is none.
pub(super) fn read(place: &Path, printer: &Printer) -> Result<Option<(String, Ledger)>, Failure> {
    let path = shown(place);
    match Disk.entry(place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Ok(entry) if entry.kind == EntryKind::File => {}
        Ok(_) => {
            let message = "the ledger is not a regular file";
            printer.one(Diagnostic::in_file(Code::LedgerInvalid, path, None, message))?;
            return Err(Failure::Sources);
        }
        Err(error) => return Err(Failure::Machine(format!("cannot read `{path}`"), error)),
    }
    let bytes = Disk.read(place).map_err(|error| Failure::Machine(format!("cannot read `{path}`"), error))?;
    let parsed = String::from_utf8(bytes)
        .map_err(|_| Diagnostic::in_file(Code::LedgerInvalid, path.clone(), None, "the ledger is not UTF-8"))
        .and_then(|text| match Ledger::parse(&text) {
            Ok(ledger) => Ok((text, ledger)),
            Err(error) => Err(describe(&path, error)),
        });
    match parsed {
        Ok(both) => Ok(Some(both)),
        Err(diagnostic) => {
            let help = "take it from git: `git checkout -- deckc.lock`; without it, unedited notes still get the same ids";
            let diagnostic = if diagnostic.help.is_some() { diagnostic } else { diagnostic.help(help) };
            printer.one(diagnostic)?;
            Err(Failure::Sources)
        }
    }
}

/// Returns a finding for each guid that two lines of the ledger claim.
pub(super) fn rivals(project: &Project, text: &str, ledger: &Ledger) -> Vec<Diagnostic> {
    let describe = |Rival { guid, lines: [first, second] }| {
        let message = format!("lines {first} and {second} give one guid, `{guid}`, to different prompts");
        Diagnostic::in_file(Code::LedgerRivals, shown(&project.ledger), Some(second), message)
            .help("the first line is taken; if it is the wrong one, remove it and build again")
    };
    ledger.rivals(text).into_iter().map(describe).collect()
}

fn describe(path: &str, error: LedgerError) -> Diagnostic {
    match error {
        LedgerError::Conflict { lines } => {
            let list: Vec<String> = lines.iter().take(12).map(ToString::to_string).collect();
            let message = format!("merge-conflict markers at lines {}", list.join(", "));
            Diagnostic::in_file(Code::LedgerConflict, path, lines.first().copied(), message).help(
                "keep the note lines of both sides and remove the marker lines; a note that stands twice is counted once",
            )
        }
        LedgerError::Newer { version } => {
            let message = format!(
                "the ledger has version {version}, and this deckc reads up to {}",
                crate::ledger::VERSION
            );
            Diagnostic::in_file(Code::LedgerInvalid, path, Some(1), message).help("install a newer deckc")
        }
        LedgerError::Line { line, reason } => {
            Diagnostic::in_file(Code::LedgerInvalid, path, Some(line), reason)
        }
    }
}

/// The configured id is the project's, whatever the ledger says.
pub(super) fn with_id(ledger: Ledger, project: &Project) -> Ledger {
    match &project.config.id {
        Some(id) => Ledger { project: id.clone(), ..ledger },
        None => ledger,
    }
}

/// Returns the ledger that a package of an earlier release stands for.
pub(super) fn baseline(package: &Path, project: &Project, printer: &Printer) -> Result<Ledger, Failure> {
    let path = package.display();
    // Asked before opening: opening a pipe without a writer would block for ever.
    if Disk.entry(package).is_ok_and(|entry| entry.kind != EntryKind::File) {
        return Err(Failure::Usage(format!("`{path}` is no file; {BASELINE}")));
    }
    let file = match std::fs::File::open(package) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Failure::Usage(format!("the baseline `{path}` is not there; {BASELINE}")));
        }
        Err(error) => return Err(Failure::Machine(format!("cannot read `{path}`"), error)),
    };
    match crate::baseline::read(io::BufReader::new(file), &fresh_id(project)) {
        Ok(baseline) => {
            let known = baseline.ledger.entries().count();
            printer.say(&format!("baseline `{path}`: {} known", counted(known, "note")));
            if baseline.foreign > 0 {
                printer.say(&format!("{} notes of other note types in it are left alone", baseline.foreign));
            }
            Ok(baseline.ledger)
        }
        Err(ReadError::Io(error)) => Err(Failure::Machine(format!("cannot read `{path}`"), error)),
        Err(error @ (ReadError::Damaged(_) | ReadError::TooLarge(_))) => {
            let message = format!("the package cannot be a baseline: {error}");
            let help = "name an `.apkg` of an earlier release of this project";
            printer.one(
                Diagnostic::in_file(Code::BaselineInvalid, path.to_string(), None, message).help(help),
            )?;
            Err(Failure::Sources)
        }
    }
}

/// Another run or a `git pull` may have brought another ledger since this one was read. To replace it would lose what it knows. One that
/// says what this run is about to write is as good.
pub(super) fn is_as_read(run: &Run) -> Result<(), Failure> {
    match run.keeping {
        Keeping::Ledger => {}
        Keeping::Untouched | Keeping::Nothing => return Ok(()),
    }
    let same = match Disk.read(&run.project.ledger) {
        Ok(bytes) => {
            run.old_ledger.as_ref().is_some_and(|old| bytes == old.as_bytes())
                || bytes == run.compiled.ledger.to_text().as_bytes()
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => run.old_ledger.is_none(),
        Err(error) => {
            return Err(Failure::Machine(format!("cannot read `{}`", shown(&run.project.ledger)), error));
        }
    };
    if same { Ok(()) } else { Err(Failure::Changed(shown(&run.project.ledger))) }
}

/// Says that the ledger of a released project is gone, and what its notes are known by.
pub(super) fn lost(run: &Run, package: Option<&Path>) -> Diagnostic {
    let message = "the ledger is missing, although this project was released before";
    let help = match package {
        Some(package) => format!(
            "ids were taken from `{}`, and the ledger is made again; what was retired is forgotten: take the ledger from git instead",
            shown(package)
        ),
        None => "ids were made again from the text; notes that were edited are new: take the ledger from git instead".into(),
    };
    Diagnostic::in_file(Code::LedgerLost, shown(&run.project.ledger), None, message).help(help)
}

/// Ends a run under `--locked`, whose ledger would change. One that ends anyway has said why.
pub(super) fn refuse_change(run: &mut Run) {
    if run.compiled.collection.take().is_none() {
        return;
    }
    let path = shown(&run.project.ledger);
    let message = match run.old_ledger {
        None => "there is no ledger".to_owned(),
        Some(_) => format!("the ledger would change: {}", summary(run.compiled.summary)),
    };
    run.compiled.diagnostics.push(
        Diagnostic::in_file(Code::LedgerOutdated, path, None, message)
            .help("run `deckc build` without `--locked`, and commit the ledger"),
    );
}
