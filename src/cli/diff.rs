//! `deckc diff`: what changed between two releases, and what Anki will do with it.

use std::fs::{self, File};
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::Exit;
use super::args::{Common, Diff, DiffFormat, Sources};
use super::failure::{Failure, to_stdout};
use super::ledger;
use super::printer::{Loudness, Printer, Stream};
use super::run::{default_out, missing, open};
use crate::anki::read::{Contents, ReadError, contents};
use crate::diagnostic::{Code, Diagnostic, Strictness};
use crate::diff::{Detail, Difference, Look, Side, compare, human, markdown};
use crate::project::shown;
use crate::release::{MANIFEST, Manifest};

/// Runs the verb.
pub(super) fn run(arguments: &Diff, common: &Common) -> Result<Exit, Failure> {
    let printer = Printer::new(common, Strictness::Normal, Stream::Err);
    let (old, new) = (released(&arguments.old)?, released(&arguments.new)?);
    let (old, new) = (side(&old, None, common, &printer)?, side(&new, Some(&old), common, &printer)?);
    let difference = compare(&old, &new);
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

pub(super) fn json(difference: &Difference) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(difference)
        .map_err(|error| Failure::Machine("cannot write JSON".into(), error.into()))?;
    Ok(text + "\n")
}

/// Returns the package of a release's folder; any other path as it is.
fn released(path: &Path) -> Result<PathBuf, Failure> {
    let manifest = fs::read_to_string(path.join(MANIFEST)).ok().and_then(|text| Manifest::parse(&text).ok());
    match manifest.as_ref().map(Manifest::package) {
        Some(Some(package)) => Ok(path.join(&package.name)),
        Some(None) => {
            Err(Failure::Usage(format!("the release in `{}` has no package to compare with", shown(path))))
        }
        None => Ok(path.to_path_buf()),
    }
}

/// Is what a path on the command line names.
enum Thing {
    Package,
    Ledger,
    Sources,
}

/// Reads a side. `baseline` is what it is compared with: where sources have no ledger, a package serves as one.
fn side(path: &Path, baseline: Option<&Path>, common: &Common, printer: &Printer) -> Result<Side, Failure> {
    let name = path.display().to_string();
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
    if first.starts_with(b"PK") || named {
        return Ok(Thing::Package);
    }
    let ledger = path.extension().is_some_and(|extension| extension == "lock")
        || first.starts_with(b"# deckc.lock")
        || first.starts_with(b"version ");
    Ok(if ledger { Thing::Ledger } else { Thing::Sources })
}

/// Reads a package, with its media.
pub(super) fn package(path: &Path, printer: &Printer) -> Result<Contents, Failure> {
    let shown = path.display().to_string();
    let fail = |error| Failure::Machine(format!("cannot read `{shown}`"), error);
    let file = File::open(path).map_err(fail)?;
    match contents(BufReader::new(file)) {
        Ok(contents) => Ok(contents),
        Err(ReadError::Io(error)) => Err(fail(error)),
        Err(error @ (ReadError::Damaged(_) | ReadError::TooLarge(_))) => {
            let message = format!("the package cannot be compared: {error}");
            let help = "name an `.apkg` file that Anki or deckc wrote, a folder of notes, or a `deckc.lock`";
            printer.one(Diagnostic::in_file(Code::BaselineInvalid, shown, None, message).help(help))?;
            Err(Failure::Reported)
        }
    }
}

/// Compiles sources. Their warnings are the business of `check`; their errors are said.
fn sources(path: &Path, baseline: Option<&Path>, name: String, common: &Common) -> Result<Side, Failure> {
    let arguments = Sources { paths: vec![path.to_path_buf()], ..Sources::default() };
    let opened = open(&arguments, common, Stream::Err)?.or_baseline(baseline);
    let out = default_out(&opened.project);
    let mut run = opened.compile(common, &out)?;
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
