//! `deckc release`: a build that is compared with the last release, and written only if something changed.

mod files;
mod last;
mod refuse;

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::Exit;
use super::args::{Common, Release, Sources};
use super::build::summary;
use super::emit::{chosen, commit, emit, machine, stem};
use super::failure::{Failure, to_stdout};
use super::output::{Sink, Target};
use super::printer::Stream;
use super::run::{Keeping, Run, default_out, open};
use super::{ledger, losses};
use crate::anki::read::Contents;
use crate::backend::{Backend, Context};
use crate::diagnostic::Diagnostics;
use crate::diff::{Difference, Side, compare, counted};
use crate::model::{Collection, Medium};
use crate::project::shown;
use crate::release::manifest::sums;
use crate::release::{CHANGELOG, MANIFEST, SUMS, changelog};
use crate::version;
use last::{Last, Whole};

/// Runs the verb.
pub(super) fn run(arguments: &Release, common: &Common) -> Result<Exit, Failure> {
    let sources = Sources { baseline: None, ..arguments.sources.clone() };
    if sources.paths.iter().any(|path| path == Path::new("-")) {
        return Err(Failure::Usage("a release is made of files, not of standard input".into()));
    }
    let opened = open(&sources, common, Stream::Err)?;
    let backends = chosen(&arguments.format, &opened)?;
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

    let ledger = NextLedger::of(&run, last.as_ref());
    if arguments.locked && ledger.changes && run.compiled.collection.is_some() {
        run.compiled.diagnostics.push(ledger::outdated(&run));
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
    match refuse::check(&run, last.as_ref(), difference.as_ref(), now) {
        Ok(version) => {
            let contents = new.full().expect("sources are known whole");
            let (last, difference) = (last.as_ref(), difference.as_ref());
            let release = Next { arguments, out, last, difference, contents, version, now, ledger };
            release.write(run, collection, &backends, diagnostics)
        }
        Err(refusals) => {
            run.progress.end();
            let count = refusals.len();
            refusals.into_iter().for_each(|refusal| diagnostics.push(refusal));
            run.printer.all(diagnostics, &run.compiled.sources)?;
            run.printer.say(&format!("nothing was released: {}", counted(count, "error")));
            Ok(Exit::Sources)
        }
    }
}

/// Compares the sources with the last release's package, where there is one.
fn difference(last: &Last, new: &Side) -> Option<Difference> {
    let (path, contents) = last.package.as_ref()?;
    Some(compare(&Side::package(shown(path), contents.clone()), new))
}

/// Is what the ledger becomes.
struct NextLedger {
    text: String,
    /// Whether it says something else than before.
    changes: bool,
    /// Whether it is to be written.
    keeping: Keeping,
}

impl NextLedger {
    fn of(run: &Run, last: Option<&Last>) -> Self {
        let text = run.compiled.ledger.to_text();
        let changes = run.old_ledger.as_deref() != Some(text.as_str());
        // Where a package stands in for the ledger there is none to keep: the next release begins with this one's package.
        let stands_in = run.old_ledger.is_none() && last.is_some_and(|last| last.package.is_some());
        NextLedger { text, changes, keeping: if stands_in { Keeping::Nothing } else { run.keeping } }
    }

    fn is_to_write(&self) -> bool {
        self.changes && self.keeping == Keeping::Ledger
    }
}

/// Is a release that may be written.
struct Next<'a> {
    arguments: &'a Release,
    out: PathBuf,
    last: Option<&'a Last>,
    difference: Option<&'a Difference>,
    /// What Anki will see.
    contents: &'a Contents,
    version: String,
    now: i64,
    ledger: NextLedger,
}

impl Next<'_> {
    /// Writes the release, if something changed, and tells scripts.
    fn write(
        self,
        mut run: Run,
        collection: Collection,
        backends: &[Box<dyn Backend>],
        mut diagnostics: Diagnostics,
    ) -> Result<Exit, Failure> {
        let collection = collection.with_line(&version::line(&self.version));
        let (files, root) = (&run.files, &run.project.root);
        let open_medium =
            |medium: &Medium| -> io::Result<Box<dyn Read>> { Ok(files.open(&root.join(&medium.path))?) };
        let context = Context {
            stem: &stem(&run.project.stem),
            sources: &run.compiled.sources,
            open_media: &open_medium,
            options: &run.project.config.options,
        };
        let target = Target::Folder(self.out.clone());
        let mut sink = Sink::new(&target, run.walked(), run.outputs(), run.read(&collection));
        if let Some(folder) = run.project.ledger.parent() {
            sink.transaction().sweep(folder);
        }
        if self.ledger.is_to_write() {
            files::stage(&mut sink, &run.project.ledger, &self.ledger.text)?;
        }
        let ledgers = sink.transaction().targets().count();
        let done = emit(backends, &collection, &context, &mut sink, &run, &mut diagnostics);
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
        sink.prepare().map_err(machine)?;
        let mut listed = files::entries(&mut sink, ledgers, &self.out)?;
        run.printer.say(&summary(run.compiled.summary));
        if !self.arguments.force && !refuse::changes(self.last, self.difference, &listed) {
            drop(sink);
            return self.nothing_changed(&run);
        }
        losses::report(&run, &collection, &done.emitted)?;
        let formats = ledgers + listed.len();
        let changes = changelog::fragment(&self.version, self.contents, self.difference);
        files::write(&mut sink, CHANGELOG, &changes)?;
        listed.extend(files::entries(&mut sink, formats, &self.out)?);
        files::write(&mut sink, SUMS, &sums(&listed))?;
        let mut names: Vec<String> = listed.iter().map(|file| file.name.clone()).collect();
        names.extend([SUMS.to_owned(), MANIFEST.to_owned()]);
        // Last: a run that is killed before leaves the old one, which says that its package is another.
        let manifest = files::manifest(&self, &run, &collection, listed);
        files::write(&mut sink, MANIFEST, &manifest.to_text())?;
        let told = files::told(Some(&self.version), &self.out, &names);
        if self.arguments.dry_run {
            run.printer.say(&format!("would release {}; nothing was written", self.version));
            return to_stdout(told.as_bytes());
        }
        sink.prepare().map_err(machine)?;
        commit(sink, &run, &self.ledger.text)?;
        run.printer.say(&format!("released {} into `{}`", self.version, shown(&self.out)));
        to_stdout(told.as_bytes())
    }

    /// Publishes nothing. Places in the ledger may have changed although Anki sees the same.
    fn nothing_changed(&self, run: &Run) -> Result<Exit, Failure> {
        if self.ledger.is_to_write() && !self.arguments.dry_run {
            files::write_ledger(run, &self.ledger.text)?;
        }
        let last = self.last.and_then(Last::version).unwrap_or("none");
        run.printer.say(&format!("nothing changed since the last release ({last})"));
        to_stdout(files::told(None, &self.out, &[]).as_bytes())
    }
}
