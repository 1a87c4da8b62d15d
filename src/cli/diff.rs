//! `deckc diff`: what changed between two releases, and what Anki will do with it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::Exit;
use super::args::{Common, Diff, DiffFormat, Sources};
use super::failure::{Failure, to_stdout};
use super::ledger;
use super::printer::{Loudness, Printer, Stream};
use super::released::{package, package_in};
use super::run::{default_out, missing, open};
use crate::diagnostic::Strictness;
use crate::diff::{Detail, Difference, Look, Side, compare, human, markdown};
use crate::model::Trees;
use crate::release::SUMS;

/// Runs the verb.
pub(super) fn run(arguments: &Diff, common: &Common) -> Result<Exit, Failure> {
    let printer = Printer::new(common, Strictness::Normal, Stream::Err);
    let [old, new] = [&arguments.old, &arguments.new].map(|path| named(path, &printer));
    let (old, new) = (old?, new?);
    let names = [&arguments.old, &arguments.new].map(|path| path.display().to_string());
    let [old_name, new_name] = names;
    let before = side(&old, None, old_name, common, &printer)?;
    let after = side(&new, Some(&old), new_name, common, &printer)?;
    let difference = compare(&before, &after);
    let text = match arguments.format {
        DiffFormat::Human => human(&difference, look(common)),
        DiffFormat::Markdown => markdown(&difference, 2, arguments.max_length),
        DiffFormat::Json => json(&difference)?,
    };
    to_stdout(text.as_bytes())?;
    let differs = arguments.exit_code && !difference.is_empty();
    Ok(if differs { Exit::Sources } else { Exit::Done })
}

fn look(common: &Common) -> Look {
    let detail = match common.loudness() {
        Loudness::Quiet | Loudness::Normal => Detail::Short,
        Loudness::Verbose => Detail::All,
    };
    Look { colour: common.colour_on(&io::stdout()), detail }
}

fn json(difference: &Difference) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(difference)
        .map_err(|error| Failure::Machine("cannot write JSON".into(), error.into()))?;
    Ok(text + "\n")
}

/// Returns the package of a release's folder; any other path as it is.
fn named(path: &Path, printer: &Printer) -> Result<PathBuf, Failure> {
    let package = if path.is_dir() { package_in(path, printer)? } else { None };
    Ok(package.unwrap_or_else(|| path.to_path_buf()))
}

/// Is what a path on the command line names.
enum Thing {
    Package,
    Ledger,
    Sources,
}

/// Reads a side. `baseline` is what it is compared with: where sources have no ledger, a package serves as one.
fn side(
    path: &Path,
    baseline: Option<&Path>,
    name: String,
    common: &Common,
    printer: &Printer,
) -> Result<Side, Failure> {
    match thing(path)? {
        Thing::Package => Ok(Side::package(name, package(path, printer)?)),
        Thing::Ledger => {
            let (_, ledger) = ledger::read(path, printer)?.ok_or_else(|| Failure::Usage(missing(path)))?;
            Ok(Side::ledger(name, ledger))
        }
        Thing::Sources => {
            let package = baseline.filter(|path| matches!(thing(path), Ok(Thing::Package)));
            sources(path, package, name, common)
        }
    }
}

/// Tells what stands at a path, by its first bytes.
fn thing(path: &Path) -> Result<Thing, Failure> {
    let fail = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Failure::Usage(missing(path)),
        _ => Failure::Machine(format!("cannot read `{}`", path.display()), error),
    };
    let metadata = path.metadata().map_err(fail)?;
    if metadata.is_dir() {
        return Ok(Thing::Sources);
    }
    if !metadata.is_file() {
        return Err(Failure::Usage(format!("`{}` is neither a file nor a folder", path.display())));
    }
    let mut first = Vec::new();
    File::open(path).and_then(|file| file.take(64).read_to_end(&mut first)).map_err(fail)?;
    let named = path.extension().is_some_and(|extension| extension == "apkg" || extension == "colpkg");
    if first.starts_with(b"PK\x03\x04") || first.starts_with(b"PK\x05\x06") || named {
        return Ok(Thing::Package);
    }
    let ledger = path.extension().is_some_and(|extension| extension == "lock")
        || first.starts_with(b"# deckc.lock keeps each note's identity");
    if ledger {
        return Ok(Thing::Ledger);
    }
    // A file is read whatever its name, but what `deckc` itself writes and reads beside notes is none.
    let other =
        ["toml", "json", "sha256"].iter().any(|known| path.extension().is_some_and(|found| found == *known));
    if other || path.ends_with(SUMS) {
        let message = format!("`{}` is neither a package, nor notes, nor a ledger", path.display());
        return Err(Failure::Usage(message));
    }
    Ok(Thing::Sources)
}

/// Compiles sources. Their warnings are the business of `check`; their errors are said.
fn sources(path: &Path, baseline: Option<&Path>, name: String, common: &Common) -> Result<Side, Failure> {
    let arguments = Sources { paths: vec![path.to_path_buf()], ..Sources::default() };
    let opened = open(&arguments, common, Stream::Err)?.or_baseline(baseline);
    let out = default_out(&opened.project);
    let mut run = opened.compile(common, &out, Trees::Dropped)?;
    run.progress.end();
    let diagnostics = std::mem::take(&mut run.compiled.diagnostics);
    match run.compiled.collection.take() {
        Some(collection) => Ok(Side::sources(name, &collection)),
        None => {
            run.printer.all(diagnostics, &run.compiled.sources)?;
            Err(Failure::Reported)
        }
    }
}
