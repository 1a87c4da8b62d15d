//! The files that a release has beside those of its formats, and what it tells scripts.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::super::emit::{commit, machine};
use super::super::failure::Failure;
use super::super::output::{Problem, Sink, Target};
use super::super::problem::describe;
use super::super::released::{self, Last};
use super::super::run::Run;
use super::Next;
use crate::backend::Output as _;
use crate::model::Collection;
use crate::project::shown;
use crate::release::manifest::FORMAT;
use crate::release::{Counts, FileEntry, KEPT, Manifest};

/// Returns what the release says about itself.
pub(super) fn manifest(
    release: &Next<'_>,
    version: &str,
    run: &Run,
    collection: &Collection,
    files: Vec<FileEntry>,
) -> Manifest {
    let cards = release.contents.notes.iter().map(|note| note.cards.len()).sum();
    let notes = collection.notes().len();
    let counts = Counts { notes, cards, media: collection.media().len(), ..Counts::default() };
    let counts = match release.difference {
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
        previous: release.last.and_then(Last::version).map(str::to_owned),
        time: release.contents.notes.iter().map(|note| note.modified).fold(release.now, i64::max),
        counts,
        files,
    }
}

/// Returns the staged files behind the first ones, with their checksums.
pub(super) fn entries(sink: &mut Sink<'_>, first: usize, out: &Path) -> Result<Vec<FileEntry>, Failure> {
    let staged: Vec<(PathBuf, PathBuf)> = sink
        .transaction()
        .staged()
        .skip(first)
        .map(|(place, target)| (place.to_path_buf(), target.to_path_buf()))
        .collect();
    let entry = |(place, target): &(PathBuf, PathBuf)| {
        let (size, sha256) = released::sum(place)
            .map_err(|error| Failure::Machine(format!("cannot read `{}`", shown(target)), error))?;
        let name = target.strip_prefix(out).unwrap_or(target).to_string_lossy().replace('\\', "/");
        Ok(FileEntry { name, size, sha256 })
    };
    staged.iter().map(entry).collect()
}

/// Stages a file of the release.
pub(super) fn write(sink: &mut Sink<'_>, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let written = sink.create(name).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| match sink.problem() {
        Some(Problem::Clash(_)) => {
            Failure::Usage(format!("a format writes a file named `{name}`, which is the release's own"))
        }
        Some(
            problem @ (Problem::Many(_)
            | Problem::Refused(_)
            | Problem::Source(_)
            | Problem::Read(..)
            | Problem::Outside(_)),
        ) => {
            let found = describe(&problem, "the release");
            Failure::Usage(
                [Some(found.message), found.help].into_iter().flatten().collect::<Vec<_>>().join("; "),
            )
        }
        None => Failure::Machine(format!("cannot write `{name}`"), error),
    })
}

/// Keeps a copy of the package for the next release to be compared with, where no build writes.
pub(super) fn keep(sink: &mut Sink<'_>, manifest: &Manifest, out: &Path) -> Result<(), Failure> {
    let Some(package) = manifest.package() else { return Ok(()) };
    let place = out.join(&package.name);
    let staged = sink.transaction().staged().find(|(_, target)| *target == place);
    let (file, _) = staged.expect("the manifest lists what was staged");
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::Machine(format!("cannot read `{}`", shown(&place)), error))?;
    write(sink, KEPT, &bytes)
}

/// Stages a text file that stands elsewhere.
pub(super) fn stage(sink: &mut Sink<'_>, path: &Path, text: &str) -> Result<(), Failure> {
    let staged = sink.transaction().stage(path).map_err(machine)?;
    staged
        .write_all(text.as_bytes())
        .map_err(|error| Failure::Machine(format!("cannot write `{}`", shown(path)), error))
}

/// Writes the ledger alone: places may have changed although Anki sees the same.
pub(super) fn write_ledger(run: &Run, text: &str) -> Result<(), Failure> {
    let target = Target::Stdout;
    let mut sink = Sink::new(&target, Vec::new(), None, Vec::new());
    stage(&mut sink, &run.project.ledger, text)?;
    sink.prepare().map_err(machine)?;
    commit(sink, run).map(|_| ())
}

/// Returns what scripts read: `key=value` lines, as GitHub's outputs and dotenv files have them; lists are JSON on one line.
pub(super) fn told(version: Option<&str>, out: &Path, names: &[String]) -> String {
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
