//! `deckc release`: a build that is compared with the last release, and written only if something changed.

mod files;
mod refuse;

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::Exit;
use super::args::{Common, Release, Sources};
use super::build::summary;
use super::emit::{Emission, chosen, commit, emit, machine, stem, take, trees};
use super::failure::{Failure, to_stdout};
use super::output::{Sink, Target};
use super::printer::Stream;
use super::released::{self, Last, Whole};
use super::run::{Keeping, Run, default_out, open};
use super::{ledger, losses};
use crate::anki::read::Contents;
use crate::backend::{Backend, Context};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::diff::{Difference, Side, compare, counted};
use crate::model::{Collection, Medium};
use crate::project::shown;
use crate::release::manifest::sums;
use crate::release::{CHANGELOG, MANIFEST, SUMS, changelog};
use crate::version;
use refuse::Guard;

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
    let last = released::find(arguments.sources.baseline.as_deref(), &out, &opened.printer)?;
    if last.as_ref().is_some_and(|last| last.whole == Whole::No) {
        let folder = shown(&out);
        opened.printer.say(&format!("the last release into `{folder}` was not finished: it is made again"));
    }
    let package = last.as_ref().and_then(|last| last.package.as_ref()).map(|(path, _)| path.as_path());
    let now = opened.now();
    let mut run = opened.or_baseline(package).compile(common, &out, trees(&backends))?;

    let named = arguments.sources.baseline.is_some();
    let ledger = NextLedger::of(&run, if named { last.as_ref() } else { None });
    if run.old_ledger.is_none() && !named && last.is_some() {
        run.compiled.diagnostics.push(ledger::lost(&run, package));
    }
    if arguments.locked && ledger.changes {
        ledger::refuse_change(&mut run);
    }
    let Some((collection, diagnostics)) = take(&mut run, "released")? else { return Ok(Exit::Sources) };
    let new = Side::sources("the sources".into(), &collection);
    let difference = last.as_ref().and_then(|last| difference(last, &new));
    let guard = if arguments.force { Guard::Off } else { Guard::On };
    let refusals = refuse::check(&run, last.as_ref(), difference.as_ref(), now, guard);
    if !refusals.is_empty() {
        return refused(&mut run, diagnostics, refusals);
    }
    let contents = new.full().expect("sources are known whole");
    let (last, difference) = (last.as_ref(), difference.as_ref());
    let release = Next { arguments, out, last, difference, contents, now, ledger };
    release.write(run, collection, &backends, diagnostics)
}

/// Says why there is no release.
fn refused(run: &mut Run, mut diagnostics: Diagnostics, refusals: Vec<Diagnostic>) -> Result<Exit, Failure> {
    run.progress.end();
    let count = refusals.len();
    refusals.into_iter().for_each(|refusal| diagnostics.push(refusal));
    run.printer.all(diagnostics, &run.compiled.sources)?;
    run.printer.say(&format!("nothing was released: {}", counted(count, "error")));
    Ok(Exit::Sources)
}

/// Compares the sources with the last release's package, where there is one.
fn difference(last: &Last, new: &Side) -> Option<Difference> {
    let (_, package) = last.package.as_ref()?;
    Some(compare(package, new))
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
    /// `named` is the release that was named.
    fn of(run: &Run, named: Option<&Last>) -> Self {
        let text = run.compiled.ledger.to_text();
        let changes = run.old_ledger.as_deref() != Some(text.as_str());
        // Where a package was named to stand in for the ledger there is none to keep: the next release names this one's package.
        let stands_in = run.old_ledger.is_none() && named.is_some_and(|last| last.package.is_some());
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
    now: i64,
    ledger: NextLedger,
}

impl Next<'_> {
    /// Writes the release, if something changed, and tells scripts.
    fn write(
        self,
        mut run: Run,
        mut collection: Collection,
        backends: &[Box<dyn Backend>],
        mut diagnostics: Diagnostics,
    ) -> Result<Exit, Failure> {
        let target = Target::Folder(self.out.clone());
        let decks = collection.decks().to_vec();
        if !self.arguments.force && self.is_as_before(&run, &mut collection, backends, &target)? {
            run.progress.end();
            run.printer.all(diagnostics, &run.compiled.sources)?;
            return self.nothing_changed(&run);
        }
        let before = self.last.and_then(Last::version);
        if self.last.is_none() {
            run.printer.say("there is no last release: this is the first");
        }
        let version = match version::next(run.project.config.versions, before, self.now) {
            Ok(version) => version,
            Err(error) => {
                let refusal = refuse::released(&run, &error);
                return refused(&mut run, diagnostics, vec![refusal]);
            }
        };
        collection.stamp(decks, &version::line(&version));
        let mut sink = Sink::new(&target, run.walked(), run.outputs(), run.read(&collection));
        if let Some(folder) = run.project.ledger.parent() {
            sink.transaction().sweep(folder);
        }
        if self.ledger.is_to_write() {
            files::stage(&mut sink, &run.project.ledger, &self.ledger.text)?;
        }
        let ledgers = sink.transaction().targets().count();
        let done = emit_all(backends, &run, &collection, &mut sink, &mut diagnostics);
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
        losses::report(&run, &collection, &done.emitted)?;
        run.printer.say(&summary(run.compiled.summary));
        let formats = ledgers + listed.len();
        let changes = changelog::fragment(&version, before, self.contents, self.difference);
        files::write(&mut sink, CHANGELOG, changes.as_bytes())?;
        sink.prepare().map_err(machine)?;
        listed.extend(files::entries(&mut sink, formats, &self.out)?);
        files::write(&mut sink, SUMS, sums(&listed).as_bytes())?;
        let mut names: Vec<String> = listed.iter().map(|file| file.name.clone()).collect();
        names.extend([SUMS.to_owned(), MANIFEST.to_owned()]);
        let manifest = files::manifest(&self, &version, &run, &collection, listed);
        files::write(&mut sink, MANIFEST, manifest.to_text().as_bytes())?;
        // Last: a run that is killed before leaves the release before this one to compare with.
        files::keep(&mut sink, &manifest, &self.out)?;
        let told = files::told(Some(&version), &self.out, &names);
        if self.arguments.dry_run {
            run.printer.say(&format!("would release {version}; nothing was written"));
            return to_stdout(told.as_bytes());
        }
        sink.prepare().map_err(machine)?;
        commit(sink, &run)?;
        run.printer.say(&format!("released {version} into `{}`", shown(&self.out)));
        to_stdout(told.as_bytes())
    }

    /// Returns whether there is nothing to publish. Under the last release's version the same notes and options give the same bytes; of
    /// packages their content counts, so that a new deckc alone is no reason for a release.
    fn is_as_before(
        &self,
        run: &Run,
        collection: &mut Collection,
        backends: &[Box<dyn Backend>],
        target: &Target,
    ) -> Result<bool, Failure> {
        let Some(last) = self.last.filter(|last| last.whole == Whole::Yes) else { return Ok(false) };
        if self.difference.is_some_and(|difference| !difference.is_empty()) {
            return Ok(false);
        }
        let Some(manifest) = &last.manifest else { return Ok(self.difference.is_some()) };
        let decks = collection.decks().to_vec();
        collection.stamp(decks, &version::line(&manifest.version));
        let mut sink = Sink::new(target, run.walked(), run.outputs(), run.read(collection));
        let mut unsaid = Diagnostics::default();
        let done = emit_all(backends, run, collection, &mut sink, &mut unsaid);
        if done.refused || done.broken.is_some() {
            // The release itself will say why.
            return Ok(false);
        }
        sink.prepare().map_err(machine)?;
        let files = files::entries(&mut sink, 0, &self.out)?;
        Ok(refuse::same_files(manifest, self.difference, &files))
    }

    /// Publishes nothing. Places in the ledger may have changed although Anki sees the same.
    fn nothing_changed(&self, run: &Run) -> Result<Exit, Failure> {
        if self.ledger.is_to_write() && !self.arguments.dry_run {
            files::write_ledger(run, &self.ledger.text)?;
        }
        let last = self.last.and_then(Last::version).unwrap_or("none");
        run.printer.say(&summary(run.compiled.summary));
        run.printer.say(&format!("nothing changed since the last release ({last})"));
        to_stdout(files::told(None, &self.out, &[]).as_bytes())
    }
}

/// Lets every backend write.
fn emit_all(
    backends: &[Box<dyn Backend>],
    run: &Run,
    collection: &Collection,
    sink: &mut Sink<'_>,
    diagnostics: &mut Diagnostics,
) -> Emission {
    let (files, root) = (&run.files, &run.project.root);
    let open_medium =
        |medium: &Medium| -> io::Result<Box<dyn Read>> { Ok(files.open(&root.join(&medium.path))?) };
    let context = Context {
        stem: &stem(&run.project.stem),
        sources: &run.compiled.sources,
        open_media: &open_medium,
        options: &run.project.config.options,
    };
    emit(backends, collection, &context, sink, run, diagnostics)
}
