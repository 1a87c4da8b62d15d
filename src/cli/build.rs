//! `deckc build`: sources in, files of the chosen formats out, and the ledger beside the sources.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::args::{Build, Common, ContainerName, FormatOptions};
use super::check::skipped;
use super::emit::{Emission, chosen, commit, emit, machine, stem, take, trees};
use super::failure::{Failure, to_stdout};
use super::output::{Sink, Target};
use super::printer::{Counts, Loudness, Stream};
use super::run::{Keeping, Run, default_out, open};
use super::{Exit, changes, ledger, losses};
use crate::backend::{Backend, Choice, ContainerChoice, Context, Feature, Options};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{Disk, Files as _, Skipped};
use crate::ledger::Ledger;
use crate::model::{Collection, Medium};
use crate::pass::seal::Summary;
use crate::project::shown;
use crate::report::MessageFormat;

/// How many recognised edits are named without `-v`.
const EDITED_SHOWN: usize = 5;

/// Runs the verb.
pub(super) fn run(arguments: &Build, common: &Common) -> Result<Exit, Failure> {
    let to_stdout_wanted = arguments.out.as_deref() == Some(Path::new("-"));
    let machine_to = if to_stdout_wanted { Stream::Err } else { Stream::Out };
    let opened = open(&arguments.sources, common, machine_to)?;
    let backends = chosen(&arguments.format, &opened)?;
    let out = arguments.out.clone().unwrap_or_else(|| default_out(&opened.project));
    let target = Target::new(&out, &backends)?;
    let mut run = opened.compile(common, &out, trees(&backends))?;
    if run.keeping == Keeping::Ledger && !backends.iter().any(|backend| tells_ids(&**backend)) {
        run.keeping = Keeping::Untouched;
    }

    warn_lost_ledger(&mut run, arguments, &target);
    let is_as_before = |old: &String| *old == run.compiled.ledger.to_text();
    let ledger_changes = run.keeping == Keeping::Ledger && !run.old_ledger.as_ref().is_some_and(is_as_before);
    if arguments.locked && ledger_changes {
        ledger::refuse_change(&mut run);
    }
    let Some((collection, diagnostics)) = take(&mut run, "written")? else { return Ok(Exit::Sources) };

    if collection.notes().is_empty() && run.compiled.summary.retired > 0 {
        // A package that learners have would become an empty one.
        run.progress.end();
        run.printer.all(diagnostics, &run.compiled.sources)?;
        let retired = run.compiled.summary.retired;
        run.printer.say(&format!(
            "nothing was written: no note is left of the {retired} that the ledger knows here"
        ));
        return Ok(Exit::Sources);
    }
    let options = options(&arguments.formats, run.project.config.options.clone());
    let stem = match &target {
        Target::File(path) => {
            path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
        }
        Target::Folder(_) | Target::Stdout => stem(&run.project.stem),
    };
    let open = |medium: &Medium| -> io::Result<Box<dyn Read>> {
        Ok(run.files.open(&run.project.root.join(&medium.path))?)
    };
    let context =
        Context { stem: &stem, sources: &run.compiled.sources, open_media: &open, options: &options };
    let mut sink = Sink::new(&target, run.walked(), run.outputs(), run.read(&collection));
    let place = &run.project.ledger;
    if let Some(folder) = place.parent() {
        // A killed run has left its ledger there, and this one may have none to write.
        sink.transaction().sweep(folder);
    }
    let not_written = |error| Failure::Machine(format!("cannot write `{}`", place.display()), error);
    let staged = if ledger_changes {
        // First, so that a run killed between two renames never leaves an output that the ledger does not know.
        Some(sink.transaction().stage(place).map_err(machine)?.try_clone().map_err(not_written)?)
    } else {
        None
    };
    let mut all = diagnostics;
    let (ledger_written, emission) = meanwhile(
        || staged.map_or(Ok(()), |file| write_ledger(&run.compiled.ledger, file)),
        || emit(&backends, &collection, &context, &mut sink, &run, &mut all),
    );
    let Emission { emitted, refused, broken } = emission;
    run.progress.end();
    let edited: Vec<String> = all
        .iter()
        .filter(|diagnostic| diagnostic.code == Code::NoteEdited)
        .map(|diagnostic| diagnostic.message.clone())
        .collect();
    let fails = refused || all.fails(run.printer.reporter.strictness);
    let counts = run.printer.all(all, &run.compiled.sources)?;
    if let Some(failure) = broken {
        return Err(failure);
    }
    ledger_written.map_err(not_written)?;
    if fails {
        run.printer.say(&format!("nothing was written: {}", counts.words().unwrap_or_default()));
        return Ok(Exit::Sources);
    }
    // Standard output before the renames: what cannot be handed over changes no ledger.
    let bytes = sink.prepare().map_err(machine)?;
    ledger::is_as_read(&run)?;
    if let Some(bytes) = &bytes {
        to_stdout(bytes)?;
    }
    let written = commit(sink, &run)?;
    losses::report(&run, &collection, &emitted)?;
    say_more(&run, counts, &edited);
    say_result(&run, &collection, arguments);
    let done = match bytes {
        Some(_) => Ok(Exit::Done),
        None => to_stdout(listed(&written, &run).as_bytes()),
    };
    // The process ends here. To give back millions of strings one by one takes a tenth of a build, for nothing.
    std::mem::forget((collection, run));
    done
}

/// Does `aside` on a thread of its own while `main` goes on here; one after the other where no more threads are to be had.
fn meanwhile<A: Send, B>(aside: impl FnOnce() -> A + Send, main: impl FnOnce() -> B) -> (A, B) {
    // Either the thread takes the work, or it stays.
    let work = Mutex::new(Some(aside));
    let take = || work.lock().unwrap_or_else(PoisonError::into_inner).take();
    thread::scope(|scope| {
        let thread = thread::Builder::new().spawn_scoped(scope, || take().map(|aside| aside()));
        let done = main();
        let aside = match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => take().map(|aside| aside()),
        };
        (aside.expect("one of the two has taken it"), done)
    })
}

/// Writes the ledger and brings it to the disk early: what is synced already costs nothing when all files are.
fn write_ledger(ledger: &Ledger, mut file: File) -> io::Result<()> {
    ledger.text_parts().try_for_each(|part| file.write_all(part.as_bytes()))?;
    file.sync_all()
}

/// Tells whether somebody may know a note again by what the format writes. An external program is handed the ids.
fn tells_ids(backend: &dyn Backend) -> bool {
    backend.carries().contains(&Feature::Ids) || backend.extension().is_none()
}

/// Says what happened to known notes, and what is not shown.
fn say_more(run: &Run, counts: Counts, edited: &[String]) {
    if let Some(hidden) =
        Some(counts.notes).filter(|notes| *notes > 0 && run.printer.loudness() == Loudness::Normal)
    {
        // A note is a card's; what deckc has to say is a remark.
        run.printer.say(&match hidden {
            1 => "1 remark not shown; -v shows it".to_owned(),
            hidden => format!("{hidden} remarks not shown; -v shows them"),
        });
    }
    if let Some(words) = counts.words() {
        run.printer.say(&words);
    }
    if run.printer.loudness() == Loudness::Normal {
        edited.iter().take(EDITED_SHOWN).for_each(|line| run.printer.say(line));
        if edited.len() > EDITED_SHOWN {
            run.printer
                .say(&format!("… and {} more edited questions (-v shows them)", edited.len() - EDITED_SHOWN));
        }
        for moved in &run.compiled.moved {
            let plural = if moved.notes == 1 { "" } else { "s" };
            run.printer.say(&format!(
                "deck `{}` is now `{}` ({} note{plural}): Anki leaves cards that a learner has where they are",
                moved.from, moved.to, moved.notes
            ));
        }
    }
}

/// Says what became of the notes, and of the ledger at the first build.
fn say_result(run: &Run, collection: &Collection, arguments: &Build) {
    if let Some(known) = &run.known {
        changes::lines(run, collection, known).iter().for_each(|line| run.printer.say(line));
    }
    // Outputs below the notes are where the author put them.
    if let Some(words) = skipped(Skipped { outputs: 0, ..run.compiled.skipped }) {
        run.printer.say(&words);
    }
    run.printer.say(&summary(run.compiled.summary));
    if run.old_ledger.is_none() && run.keeping == Keeping::Ledger {
        run.printer.say(&format!(
            "`{}` keeps who each note is: commit it with your notes",
            shown(&run.project.ledger)
        ));
        if let (Some(name), None) = (run.project.common_name(), &arguments.sources.baseline) {
            run.printer.say(&format!(
                "its ids are made from the name `{name}`, which others may use too: before you share the deck, run `deckc init` or set \
                 `name` in `deckc.toml`, remove `{}` and build again",
                shown(&run.project.ledger)
            ));
        }
    }
}

/// Returns the outputs, one a line; an object each where a program reads, and nothing where the document says them.
fn listed(written: &[PathBuf], run: &Run) -> String {
    let outputs = written.iter().filter(|path| **path != run.project.ledger).map(|path| shown(path));
    match run.printer.reporter.format {
        MessageFormat::Human | MessageFormat::Github => outputs.map(|path| format!("{path}\n")).collect(),
        MessageFormat::Json => {
            outputs.map(|path| format!("{}\n", serde_json::json!({ "written": path }))).collect()
        }
        MessageFormat::Sarif => {
            run.printer.reporter.log.written(outputs);
            String::new()
        }
    }
}

fn options(flags: &FormatOptions, mut options: Options) -> Options {
    let on = |flag: bool, choice: &mut Choice| {
        if flag {
            *choice = Choice::On;
        }
    };
    match flags.container {
        Some(ContainerName::Legacy) => options.container = ContainerChoice::Legacy,
        Some(ContainerName::Latest) => options.container = ContainerChoice::Latest,
        None => {}
    }
    on(flags.spans, &mut options.spans);
    on(flags.html, &mut options.csv.html);
    on(flags.bom, &mut options.csv.bom);
    on(flags.crlf, &mut options.csv.crlf);
    on(flags.guard_formulas, &mut options.csv.guard_formulas);
    if !flags.columns.is_empty() {
        options.csv.columns.clone_from(&flags.columns);
    }
    if let Some(separator) = &flags.term_separator {
        options.quizlet.term_separator = Some(separator.clone());
    }
    if let Some(separator) = &flags.row_separator {
        options.quizlet.row_separator = Some(separator.clone());
    }
    if let Some(rows) = flags.max_rows {
        options.quizlet.max_rows = rows;
    }
    options
}

/// A package that is about to be replaced says that this project was built before; without its ledger, edits since then
/// cannot be recognised.
fn warn_lost_ledger(run: &mut Run, arguments: &Build, target: &Target) {
    let without = run.keeping == Keeping::Ledger && run.old_ledger.is_none();
    if !without || arguments.sources.baseline.is_some() {
        return;
    }
    let package = match target {
        Target::Folder(folder) => folder.join(format!("{}.apkg", stem(&run.project.stem))),
        Target::File(path) => path.clone(),
        Target::Stdout => return,
    };
    if package.extension().is_some_and(|extension| extension == "apkg") && Disk.entry(&package).is_ok() {
        let message = "the ledger is missing, although this project was built before: ids were made again from the text";
        run.compiled.diagnostics.push(
            Diagnostic::in_file(Code::LedgerLost, shown(&run.project.ledger), None, message).help(format!(
                "notes that were edited since the last build would be new at the learner; take the ledger from git, or \
                 build with `--baseline {}`",
                shown(&package)
            )),
        );
    }
}

/// Returns the summary line.
pub(super) fn summary(summary: Summary) -> String {
    let Summary { new, edited, unchanged, retired } = summary;
    format!("new {new} · edited {edited} · unchanged {unchanged} · retired {retired}")
}
