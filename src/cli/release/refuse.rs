//! Why there is no release: findings about the last one, and a comparison that says nothing changed.

use super::super::run::Run;
use super::last::{Last, Whole};
use crate::diagnostic::{Code, Diagnostic};
use crate::diff::{Difference, Outcome, counted};
use crate::project::shown;
use crate::release::{CHANGELOG, FileEntry};
use crate::version;

/// Returns the version of this release, or why there can be none.
pub(super) fn check(
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
        Diagnostic::general(Code::ReleaseEmpty, message).help("look at the paths that were named")
    })
}

/// Says whether there is something to publish: another content, other files, or a last release that is not whole.
pub(super) fn changes(last: Option<&Last>, difference: Option<&Difference>, files: &[FileEntry]) -> bool {
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
