//! Which of the ledger's files a build is about, and what the others say today.
//!
//! `deckc build a.md` leaves the lines of `b.md` as they are. But a note that the ledger knows from `b.md` may stand in `a.md`
//! now: moved, or copied. Only `b.md` itself tells which, so a file that could know is read too, as a witness: its notes take part
//! in finding out who is who, and nothing is built of them.

use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::{Component, Path};

use crate::diagnostic::Diagnostics;
use crate::files::Files;
use crate::identity::align::Trace;
use crate::identity::prompt::PromptHash;
use crate::ledger::Ledger;
use crate::load::{LoadOptions, text};
use crate::model::{Draft, Note, SourceId};
use crate::pass::identity::Origin;
use crate::project::{InputKind, Project};
use crate::reader;
use crate::source::SourceMap;

/// Says which of the ledger's files a build is about.
#[derive(Debug, Default)]
pub struct Scope {
    elsewhere: BTreeSet<String>,
    witnesses: BTreeSet<String>,
    notes: Vec<Note<SourceId>>,
}

/// Says what a build has to do with a file of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is built, or it is gone: its lines are this build's to change.
    Here,
    /// It is there and read, but not built: its lines take part, and stay unless a note of this build has them.
    Witness,
    /// It is there and has no part in this build.
    Elsewhere,
}

impl Scope {
    /// Returns the scope of a build. A file that cannot be asked for counts as there: its notes are not retired because of a lost
    /// right. The lines of a package belong to no file, and so to every build.
    #[must_use]
    pub fn new(ledger: &Ledger, origin: Origin, project: &Project, files: &dyn Files) -> Self {
        let elsewhere = match origin {
            Origin::Package => BTreeSet::new(),
            Origin::Ledger => {
                ledger.files.keys().filter(|path| !is_here(path, project, files)).cloned().collect()
            }
        };
        Scope { elsewhere, ..Scope::default() }
    }

    /// Returns what the build has to do with a file.
    #[must_use]
    pub fn standing(&self, path: &str) -> Standing {
        if self.witnesses.contains(path) {
            Standing::Witness
        } else if self.elsewhere.contains(path) {
            Standing::Elsewhere
        } else {
            Standing::Here
        }
    }

    /// Returns the notes of the witnesses, file by file.
    #[must_use]
    pub fn notes(&self) -> &[Note<SourceId>] {
        &self.notes
    }

    /// Reads the files that hold, by the ledger, a note with an id or a prompt of the draft.
    pub fn hear(
        &mut self,
        draft: &Draft,
        traces: &[Trace],
        ledger: &Ledger,
        (files, project, options): (&dyn Files, &Project, &LoadOptions),
        sources: &mut SourceMap,
    ) {
        if self.elsewhere.is_empty() {
            return;
        }
        let prompts: HashSet<PromptHash> = traces.iter().map(|trace| trace.prompt_hash).collect();
        let ids: HashSet<&str> =
            draft.notes.iter().filter_map(|note| note.identity.as_ref()).map(|id| id.value.text()).collect();
        let known = |path: &&String| {
            ledger.files.get(*path).into_iter().flatten().any(|entry| {
                prompts.contains(&entry.prompt_hash)
                    || ids.contains(entry.guid.as_str())
                    || entry.key.as_deref().is_some_and(|key| ids.contains(key))
            })
        };
        let paths: Vec<String> =
            self.elsewhere.iter().filter(|path| is_inside(path)).filter(known).cloned().collect();
        for path in paths {
            // What is wrong with it is said when it is built. A file that cannot be read says nothing.
            let Ok((text, _)) = text(files, &project.root.join(&path), options.encoding) else { continue };
            let file = sources.add(path.clone(), text);
            let mut found = Diagnostics::default();
            let read = reader::read(sources.file(file), &project.config, &path, &mut found);
            self.notes.extend(read.draft.notes);
            self.witnesses.insert(path);
        }
    }
}

fn is_here(path: &str, project: &Project, files: &dyn Files) -> bool {
    let full = project.root.join(path);
    let named = project.inputs.iter().any(|input| match input.kind {
        InputKind::File => input.path == full,
        InputKind::Folder => full.starts_with(&input.path),
    });
    named || files.entry(&full).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// A ledger that somebody wrote by hand must not have files outside the project read.
fn is_inside(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}
