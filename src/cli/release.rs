//! `deckc release`: a build that is compared with the last release, and written only if something changed.

mod last;

use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use super::Exit;
use super::args::{Common, Release, Sources};
use super::build::{self, emit, report_losses, stem};
use super::failure::{Failure, to_stdout};
use super::output::{Sink, Target};
use super::printer::Stream;
use super::run::{Keeping, Run, default_out, open};
use crate::backend::{Context, Output as _};
use crate::diagnostic::{Code, Diagnostic};
use crate::diff::{Difference, Outcome, Side, compare, counted};
use crate::model::{Collection, Medium};
use crate::project::shown;
use crate::release::manifest::{FORMAT, sums};
use crate::release::{CHANGELOG, Counts, FileEntry, MANIFEST, Manifest, SUMS, changelog};
use crate::version;
use last::{Last, Whole};

/// Runs the verb.
pub(super) fn run(arguments: &Release, common: &Common) -> Result<Exit, Failure> {
    let sources = Sources { baseline: None, ..arguments.sources.clone() };
    let opened = open(&sources, common, Stream::Err)?;
    if arguments.sources.paths.iter().any(|path| path == Path::new("-")) {
        return Err(Failure::Usage("a release is made of files, not of standard input".into()));
    }
    let backends = build::chosen(&arguments.format, &opened)?;
    let out = arguments.out.clone().unwrap_or_else(|| default_out(&opened.project));
    if out == Path::new("-") || out.is_file() {
        let message = format!("a release is a folder, and `--out {}` is none", out.display());
        return Err(Failure::Usage(message));
    }
    let last = last::find(arguments.sources.baseline.as_deref(), &out, &opened.printer)?;
    if last.as_ref().is_some_and(|last| last.whole == Whole::No) {
        let folder = shown(&out);
        opened.printer.say(&format!("the last release in `{folder}` was not finished: it is made again"));
    }
    let package = last.as_ref().and_then(|last| last.package.as_ref()).map(|(path, _)| path.as_path());
    let now = opened.now();
    let mut run = opened.or_baseline(package).compile(common, &out)?;

    let ledger_text = run.compiled.ledger.to_text();
    let ledger_changes = run.old_ledger.as_deref() != Some(ledger_text.as_str());
    if arguments.locked && ledger_changes && run.compiled.collection.is_some() {
        run.compiled.diagnostics.push(build::outdated(&run));
        run.compiled.collection = None;
    }
    let mut diagnostics = std::mem::take(&mut run.compiled.diagnostics);
    let Some(collection) = run.compiled.collection.take() else {
        run.progress.end();
        let counts = run.printer.all(diagnostics, &run.compiled.sources)?;
        let words = counts.words().unwrap_or_default();
        run.printer.say(&format!("nothing was released: {words}"));
        return Ok(Exit::Sources);
    };
    let new = Side::sources("the sources".into(), &collection);
    let difference = last.as_ref().and_then(|last| difference(last, &new));
    let version = match check(&run, last.as_ref(), difference.as_ref(), now) {
        Ok(version) => version,
        Err(refusals) => {
            run.progress.end();
            let count = refusals.len();
            refusals.into_iter().for_each(|refusal| diagnostics.push(refusal));
            run.printer.all(diagnostics, &run.compiled.sources)?;
            run.printer.say(&format!("nothing was released: {}", counted(count, "error")));
            return Ok(Exit::Sources);
        }
    };

    let collection = collection.with_line(&version::line(&version));
    let stem = stem(&run.project.stem);
    let open_medium = |medium: &Medium| -> io::Result<Box<dyn Read>> {
        Ok(run.files.open(&run.project.root.join(&medium.path))?)
    };
    let context = Context {
        stem: &stem,
        sources: &run.compiled.sources,
        open_media: &open_medium,
        options: &run.project.config.options,
    };
    let target = Target::Folder(out.clone());
    let mut sink = Sink::new(&target, run.walked(), run.outputs(), run.read(&collection));
    // Where a package stands in for the ledger there is none to keep: the next release begins with this one's package.
    let keeps = run.keeping == Keeping::Ledger && (run.old_ledger.is_some() || package.is_none());
    if let Some(folder) = run.project.ledger.parent() {
        sink.transaction().sweep(folder);
    }
    if keeps && ledger_changes {
        stage(&mut sink, &run.project.ledger, &ledger_text)?;
    }
    let ledgers = sink.transaction().targets().count();
    let done = emit(&backends, &collection, &context, &mut sink, &run, &mut diagnostics);
    run.progress.end();
    let fails = done.refused || diagnostics.fails(run.printer.reporter.strictness);
    let counts = run.printer.all(diagnostics, &run.compiled.sources)?;
    if let Some(failure) = done.broken {
        return Err(failure);
    }
    if fails {
        run.printer.say(&format!("nothing was released: {}", counts.words().unwrap_or_default()));
        return Ok(Exit::Sources);
    }

    sink.prepare().map_err(build::machine)?;
    let files = entries(&mut sink, ledgers, &out)?;
    let changed = arguments.force || changes(last.as_ref(), difference.as_ref(), &files);
    run.printer.say(&build::summary(run.compiled.summary));
    if !changed {
        drop(sink);
        if keeps && ledger_changes && !arguments.dry_run {
            write_ledger(&run, &ledger_text)?;
        }
        let last = last.as_ref().and_then(Last::version).unwrap_or("none");
        run.printer.say(&format!("nothing changed since the last release ({last})"));
        return to_stdout(told(None, &out, &[]).as_bytes());
    }
    report_losses(&run, &collection, &done.emitted)?;
    let manifest = manifest(&run, (&version, last.as_ref(), now), difference.as_ref(), &collection, files);
    let contents = new.full().expect("sources are known whole");
    let notes = changelog::fragment(&version, contents, difference.as_ref());
    write(&mut sink, CHANGELOG, &notes)?;
    let listed = entries(&mut sink, ledgers, &out)?;
    write(&mut sink, SUMS, &sums(&listed))?;
    // Last: a run that is killed before leaves the old one, which says that its package is another.
    let manifest = Manifest { files: listed, ..manifest };
    write(&mut sink, MANIFEST, &manifest.to_text())?;
    let mut names: Vec<String> = manifest.files.iter().map(|file| file.name.clone()).collect();
    names.extend([SUMS.to_owned(), MANIFEST.to_owned()]);
    if arguments.dry_run {
        run.printer.say(&format!("would release {version}; nothing was written"));
        return to_stdout(told(Some(&version), &out, &names).as_bytes());
    }
    sink.prepare().map_err(build::machine)?;
    build::ledger_is_as_read(&run, &ledger_text)?;
    sink.finish().map_err(build::machine)?;
    run.printer.say(&format!("released {version} into `{}`", shown(&out)));
    to_stdout(told(Some(&version), &out, &names).as_bytes())
}

/// Compares the sources with the last release's package, where there is one.
fn difference(last: &Last, new: &Side) -> Option<Difference> {
    let (path, contents) = last.package.as_ref()?;
    Some(compare(&Side::package(shown(path), contents.clone()), new))
}

/// Returns the version of this release, or why there can be none.
fn check(
    run: &Run,
    last: Option<&Last>,
    difference: Option<&Difference>,
    now: i64,
) -> Result<String, Vec<Diagnostic>> {
    let mut refusals = Vec::new();
    if let Some(last) = last {
        refusals.extend(foreign(run, last, difference));
        refusals.extend(newer(last, now));
    }
    if refusals.is_empty() {
        refusals.extend(difference.and_then(unsafe_for_learners));
        refusals.extend(difference.and_then(empty));
    }
    let before = last.and_then(Last::version);
    // Where nothing changed there will be no release, and so no second one of that number.
    let same = difference.is_some_and(Difference::is_empty);
    match version::next(run.project.config.versions, before, now) {
        Ok(version) if refusals.is_empty() => Ok(version),
        Err(released) if refusals.is_empty() && same => Ok(released.version),
        Ok(_) => Err(refusals),
        Err(released) => {
            let place = run.project.config_path.as_deref().map_or_else(String::new, shown);
            refusals.push(
                Diagnostic::in_file(Code::ReleaseVersion, place, None, released.to_string())
                    .help("raise `version` in `[release]`, or write `version = \"counter\"`"),
            );
            Err(refusals)
        }
    }
}

fn foreign(run: &Run, last: &Last, difference: Option<&Difference>) -> Option<Diagnostic> {
    let ours = &run.compiled.ledger.project;
    if let Some(manifest) = &last.manifest {
        let message = format!("the last release is of the project `{}`, not `{ours}`", manifest.project);
        let help = format!(
            "name a release of this project; if it was renamed, write `id = \"{}\"` in deckc.toml",
            manifest.project
        );
        return (manifest.project != *ours)
            .then(|| Diagnostic::general(Code::BaselineForeign, message).help(help));
    }
    let difference = difference?;
    let nothing_known = difference.old.notes > 0
        && difference.new.notes > 0
        && difference.retired.len() == difference.old.notes;
    nothing_known.then(|| {
        let message = format!(
            "`{}` holds {}, and none of them is one of this project's",
            difference.old.name,
            counted(difference.old.notes, "note")
        );
        Diagnostic::general(Code::BaselineForeign, message)
            .help("name a release of this project; learners would have every note twice")
    })
}

fn newer(last: &Last, now: i64) -> Option<Diagnostic> {
    let newest = last.newest();
    (newest > now).then(|| {
        let message = format!(
            "the last release is from {} ({newest} s since 1970), and this build's time is {} ({now} s)",
            version::date(newest),
            version::date(now)
        );
        Diagnostic::general(Code::BaselineNewer, message)
            .help("look at the clock and at SOURCE_DATE_EPOCH: Anki takes only edits with a newer time")
    })
}

fn unsafe_for_learners(difference: &Difference) -> Option<Diagnostic> {
    let forecast = &difference.forecast;
    let merging: Vec<String> = forecast
        .note_types
        .iter()
        .filter(|note_type| note_type.outcome == Outcome::NeedsMerge)
        .map(|note_type| format!("`{}`", note_type.name))
        .collect();
    let message = match (merging.is_empty(), forecast.conflicting) {
        (true, 0) => return None,
        (true, count) => {
            format!(
                "Anki would refuse {}: the note type is another one than learners have",
                counted(count, "note")
            )
        }
        (false, count) => format!(
            "Anki would refuse {}: the fields or templates of {} are others than learners have",
            counted(count, "note"),
            merging.join(", ")
        ),
    };
    let help = "`deckc diff` with the last release names them; lists of fields and templates never change once released";
    Some(Diagnostic::general(Code::ReleaseUnsafe, message).help(help))
}

/// A package that learners have would become an empty one.
fn empty(difference: &Difference) -> Option<Diagnostic> {
    let gone = difference.new.notes == 0 && difference.old.notes > 0;
    gone.then(|| {
        let message = format!(
            "nothing is left of the last release, which has {}",
            counted(difference.old.notes, "note")
        );
        Diagnostic::general(Code::NothingFound, message).help("look at the paths that were named")
    })
}

/// Says whether there is something to publish: another content, other files, or a last release that is not whole.
fn changes(last: Option<&Last>, difference: Option<&Difference>, files: &[FileEntry]) -> bool {
    let Some(last) = last else { return true };
    if last.whole == Whole::No {
        return true;
    }
    let others = last.manifest.as_ref().is_some_and(|manifest| {
        let before: Vec<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
        let now = files.iter().map(|file| file.name.as_str());
        now.chain([CHANGELOG]).collect::<Vec<_>>() != before
    });
    match difference {
        Some(difference) => others || !difference.is_empty(),
        // Without a package only the bytes can tell.
        None => last.manifest.as_ref().is_none_or(|manifest| !manifest.files.starts_with(files)),
    }
}

fn manifest(
    run: &Run,
    (version, last, now): (&str, Option<&Last>, i64),
    difference: Option<&Difference>,
    collection: &Collection,
    files: Vec<FileEntry>,
) -> Manifest {
    let cards = run.compiled.files.iter().map(|file| file.cards).sum();
    let notes = collection.notes().len();
    let counts = Counts { notes, cards, media: collection.media().len(), ..Counts::default() };
    let counts = match difference {
        Some(difference) => Counts {
            added: difference.added.len(),
            edited: difference.edited.len(),
            moved: difference.moved.len(),
            retired: difference.retired.len(),
            ..counts
        },
        None => Counts { added: notes, ..counts },
    };
    Manifest {
        manifest: FORMAT,
        deckc: env!("CARGO_PKG_VERSION").to_owned(),
        project: run.compiled.ledger.project.clone(),
        name: run.project.name.clone(),
        version: version.to_owned(),
        previous: last.and_then(Last::version).map(str::to_owned),
        time: now,
        counts,
        files,
    }
}

/// Returns the staged files behind the ledger, with their checksums.
fn entries(sink: &mut Sink<'_>, ledgers: usize, out: &Path) -> Result<Vec<FileEntry>, Failure> {
    let staged: Vec<(PathBuf, PathBuf)> = sink
        .transaction()
        .staged()
        .skip(ledgers)
        .map(|(place, target)| (place.to_path_buf(), target.to_path_buf()))
        .collect();
    let entry = |(place, target): &(PathBuf, PathBuf)| {
        let (size, sha256) = last::sum(place)
            .map_err(|error| Failure::Machine(format!("cannot read `{}`", shown(target)), error))?;
        let name = target.strip_prefix(out).unwrap_or(target).to_string_lossy().replace('\\', "/");
        Ok(FileEntry { name, size, sha256 })
    };
    staged.iter().map(entry).collect()
}

/// Stages a text file of the release.
fn write(sink: &mut Sink<'_>, name: &str, text: &str) -> Result<(), Failure> {
    let written = sink.create(name).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match sink.problem() {
        Some(_) => {
            Failure::Usage(format!("a format writes a file named `{name}`, which is the release's own"))
        }
        None => Failure::Machine(format!("cannot write `{name}`"), error),
    })
}

fn stage(sink: &mut Sink<'_>, path: &Path, text: &str) -> Result<(), Failure> {
    let staged = sink.transaction().stage(path).map_err(build::machine)?;
    staged
        .write_all(text.as_bytes())
        .map_err(|error| Failure::Machine(format!("cannot write `{}`", shown(path)), error))
}

/// Writes the ledger alone: places may have changed although Anki sees the same.
fn write_ledger(run: &Run, text: &str) -> Result<(), Failure> {
    let target = Target::Stdout;
    let mut sink = Sink::new(&target, Vec::new(), None, Vec::new());
    stage(&mut sink, &run.project.ledger, text)?;
    sink.prepare().map_err(build::machine)?;
    build::ledger_is_as_read(run, text)?;
    sink.finish().map_err(build::machine)?;
    Ok(())
}

/// Returns what scripts read: `key=value` lines, as GitHub's outputs and dotenv files have them; lists are JSON on one line.
fn told(version: Option<&str>, out: &Path, names: &[String]) -> String {
    let folder = shown(out);
    let files: Vec<String> = names.iter().map(|name| shown(&out.join(name)).replace('\\', "/")).collect();
    let files = serde_json::to_string(&files).expect("strings are JSON");
    let one_line = |text: &str| text.replace(['\n', '\r'], " ");
    format!(
        "changed={}\nversion={}\nfolder={}\nfiles={files}\n",
        version.is_some(),
        version.unwrap_or_default(),
        one_line(&folder)
    )
}
