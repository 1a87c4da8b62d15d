//! From a collection to staged files: which backends, and what they came to.

use std::path::PathBuf;

use super::failure::Failure;
use super::ledger;
use super::output::Sink;
use super::problem::describe;
use super::run::{Opened, Run};
use crate::backend::{self, Backend, Context, EmitError, Emitted, FindError};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::{CommitError, take_turn};
use crate::model::{Collection, Trees};
use crate::project::shown;

/// Returns the backends that the command line names, else the configuration, else `apkg`.
pub(super) fn chosen(named: &[String], run: &Opened<'_>) -> Result<Vec<Box<dyn Backend>>, Failure> {
    let names: Vec<String> = match (named, run.project.config.formats.as_slice()) {
        ([], []) => vec!["apkg".into()],
        ([], configured) => configured.to_vec(),
        (formats, _) => formats.to_vec(),
    };
    let mut backends: Vec<Box<dyn Backend>> = Vec::new();
    for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        if backends.iter().any(|backend| backend.name() == name) {
            continue;
        }
        match backend::find(name, &run.project.config.backends, &run.project.root) {
            Ok(found) => backends.push(found),
            Err(error) if !named.is_empty() => return Err(Failure::Usage(error.to_string())),
            Err(FindError { message, help }) => {
                // The project names it, not the command line: a mistake in the sources.
                let place = run.project.config_path.as_deref().map_or_else(String::new, shown);
                run.printer.one(Diagnostic::in_file(Code::UnknownFormat, place, None, message).help(help))?;
                return Err(Failure::Sources);
            }
        }
    }
    if backends.is_empty() {
        return Err(Failure::Usage("`--format` names no format; `deckc formats` lists all".into()));
    }
    Ok(backends)
}

/// Returns whether one of the backends wants the trees of fields.
pub(super) fn trees(backends: &[Box<dyn Backend>]) -> Trees {
    let wanted = backends.iter().any(|backend| backend.trees() == Trees::Kept);
    if wanted { Trees::Kept } else { Trees::Dropped }
}

/// Is what the backends came to.
#[derive(Default)]
pub(super) struct Emission {
    /// What each has to say, by format.
    pub emitted: Vec<(String, Emitted)>,
    /// Whether one refused; the findings say why.
    pub refused: bool,
    /// How the machine failed, which ended the work.
    pub broken: Option<Failure>,
}

/// Lets every backend write, until the machine fails.
pub(super) fn emit(
    backends: &[Box<dyn Backend>],
    collection: &Collection,
    context: &Context<'_>,
    sink: &mut Sink<'_>,
    run: &Run,
    all: &mut Diagnostics,
) -> Emission {
    let mut done = Emission::default();
    for backend in backends {
        run.progress.now(format!("writing {}", backend.name()));
        match backend.emit(collection, context, sink) {
            Ok(mut written) => {
                all.append(std::mem::take(&mut written.diagnostics));
                done.emitted.push((backend.name().to_owned(), written));
            }
            Err(EmitError::Reported(found)) => {
                done.refused = true;
                all.append(found);
            }
            Err(EmitError::Io(error)) => match sink.problem() {
                Some(problem) => {
                    done.refused = true;
                    all.push(describe(&problem, backend.name()));
                }
                None => {
                    done.broken = Some(Failure::Machine(format!("format `{}`", backend.name()), error));
                    return done;
                }
            },
        }
    }
    done
}

/// Says which file could not be written.
pub(super) fn machine(error: CommitError) -> Failure {
    Failure::Machine(format!("cannot write `{}`", error.path.display()), error.source)
}

/// Returns a name that is safe on every file system.
pub(super) fn stem(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(|c| if c.is_control() || c.is_whitespace() || r#"/\:*?"<>|[]^"#.contains(c) { '-' } else { c })
        .collect();
    let safe = safe.trim_matches(|c: char| c == '.' || c == '-');
    if safe.is_empty() { "deck".to_owned() } else { safe.chars().take(80).collect() }
}

/// Takes what was compiled, and its findings. Where an error stands in the way they are printed, and nothing was `done`.
pub(super) fn take(run: &mut Run, done: &str) -> Result<Option<(Collection, Diagnostics)>, Failure> {
    let diagnostics = std::mem::take(&mut run.compiled.diagnostics);
    if let Some(collection) = run.compiled.collection.take() {
        return Ok(Some((collection, diagnostics)));
    }
    run.progress.end();
    let counts = run.printer.all(diagnostics, &run.compiled.sources)?;
    run.printer.say(&format!("nothing was {done}: {}", counts.words().unwrap_or_default()));
    Ok(None)
}

/// Brings everything to its place, unless another run or a `git pull` brought another ledger. Builds take turns between that question and
/// the renames.
pub(super) fn commit(sink: Sink<'_>, run: &Run) -> Result<Vec<PathBuf>, Failure> {
    let _turn = run.project.ledger.parent().and_then(take_turn);
    ledger::is_as_read(run)?;
    sink.finish().map_err(machine)
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn output_names_are_safe_everywhere() {
        assert_eq!(stem("My notes"), "My-notes");
        assert_eq!(stem("a/b:c"), "a-b-c");
        assert_eq!(stem("…"), "…");
        assert_eq!(stem("--"), "deck");
        assert_eq!(stem("日本語"), "日本語");
    }
}
