//! Why there is no release: findings about the last one, and a comparison that says nothing changed.

use super::super::released::Last;
use super::super::run::Run;
use crate::diagnostic::{Code, Diagnostic};
use crate::diff::{Difference, Outcome, counted};
use crate::pass::seal::Summary;
use crate::project::shown;
use crate::release::{CHANGELOG, FileEntry, Manifest};
use crate::version::{self, Released};

/// So many notes may go at once, however small the deck is.
const FEW: usize = 5;

/// Says whether a release that lost most of its notes is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// It is.
    On,
    /// Somebody knows what they do.
    Off,
}

/// Returns why there can be no release, if anything.
pub(super) fn check(
    run: &Run,
    last: Option<&Last>,
    difference: Option<&Difference>,
    now: i64,
    guard: Guard,
) -> Vec<Diagnostic> {
    let mut refusals = Vec::new();
    if let Some(last) = last {
        refusals.extend(foreign(run, last, difference));
        refusals.extend(newer(last, now));
    }
    if refusals.is_empty() {
        refusals.extend(difference.and_then(unsafe_for_learners));
        let empty = empty(run, difference);
        refusals.extend(empty.or_else(|| difference.filter(|_| guard == Guard::On).and_then(shrunk)));
    }
    refusals
}

/// Says that the number in the configuration was not raised.
pub(super) fn released(run: &Run, error: &Released) -> Diagnostic {
    let place = run.project.config_path.as_deref().map_or_else(String::new, shown);
    Diagnostic::in_file(Code::ReleaseVersion, place, None, error.to_string())
        .help("raise `version` in `[release]`, or write `version = \"counter\"`")
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
    // Two releases within a minute are no sign of a wrong clock: an edit always gets a later time than the last.
    (newest > now + 60).then(|| {
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

/// What learners have would become empty.
fn empty(run: &Run, difference: Option<&Difference>) -> Option<Diagnostic> {
    let Summary { new, edited, unchanged, retired } = run.compiled.summary;
    let known = difference.map_or(retired, |difference| difference.old.notes);
    (new + edited + unchanged == 0 && known > 0).then(|| {
        let message = format!("nothing is left of the last release, which has {}", counted(known, "note"));
        Diagnostic::general(Code::ReleaseEmpty, message).help("look at the paths that were named")
    })
}

/// Most of what learners have would get no more updates: a wrong path, or a part in the place of the whole.
fn shrunk(difference: &Difference) -> Option<Diagnostic> {
    let (gone, known) = (difference.retired.len(), difference.old.notes);
    (gone > FEW && gone * 2 > known).then(|| {
        let message = format!("{gone} of the {known} notes of the last release are not in this one");
        Diagnostic::general(Code::ReleaseShrunk, message)
            .help("look at the paths that were named; `--force` retires so many")
    })
}

/// Returns whether files are those of the last release. Packages were compared by what is in them, where there is a difference.
pub(super) fn same_files(manifest: &Manifest, difference: Option<&Difference>, files: &[FileEntry]) -> bool {
    let is_package = |file: &FileEntry| manifest.package().is_some_and(|package| package.name == file.name);
    let before = manifest.files.iter().filter(|file| file.name != CHANGELOG);
    before.clone().count() == files.len()
        && before.zip(files).all(|(before, now)| {
            before.name == now.name && (before == now || (difference.is_some() && is_package(now)))
        })
}
