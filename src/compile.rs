//! The pipeline, written as straight code: sources in, a checked collection and the next ledger out.
//!
//! The order is part of the meaning: identity looks at a note before any pass rewrites its text, so that a change of theme or renderer
//! never re-keys a deck; time is decided last, from what Anki will see. What concerns a note alone is done as soon as its file is read,
//! right after identity's look at it.

use rayon::prelude::{
    IndexedParallelIterator as _, IntoParallelIterator as _, IntoParallelRefIterator as _,
    ParallelIterator as _,
};

use crate::account::{self, FileReport};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Strictness};
use crate::files::{Files, Skipped};
use crate::identity::align::Trace;
use crate::ledger::Ledger;
use crate::load::{LoadOptions, Loaded, load};
use crate::model::{BrokenPromise, Collection, Draft, Note, Owner, Parts, SourceId, Trees};
use crate::pass::identity::{Identified, Known, Origin, identify, see};
use crate::pass::look::{Looked, look};
use crate::pass::media::Place;
use crate::pass::moved::Moved;
use crate::pass::seal::{Summary, seal};
use crate::pass::show::show;
use crate::pass::{media, moved, names, note_types};
use crate::project::Project;
use crate::reader;
use crate::scope::Scope;
use crate::source::{SourceMap, Spanned};

/// Says what a compilation needs beside the project.
pub struct Request<'a> {
    /// The door to the file system.
    pub files: &'a dyn Files,
    /// How sources are read.
    pub load: LoadOptions,
    /// The ledger of the last build, or one with nothing but the project's id.
    pub ledger: Ledger,
    /// Where that ledger comes from.
    pub origin: Origin,
    /// The project's own style sheet, where it has one.
    pub style: Option<String>,
    /// The time of this build in s since 1970.
    pub now: i64,
    /// Whether warnings count as errors.
    pub strictness: Strictness,
    /// Whether anybody wants the trees of the fields.
    pub trees: Trees,
}

/// Is what a compilation gives.
#[derive(Debug)]
pub struct Compiled {
    /// All sources.
    pub sources: SourceMap,
    /// All findings.
    pub diagnostics: Diagnostics,
    /// The collection; nothing where a finding is an error.
    pub collection: Option<Collection>,
    /// The ledger of this build; meaningful where there is a collection.
    pub ledger: Ledger,
    /// What happened to the notes.
    pub summary: Summary,
    /// What became of each source.
    pub files: Vec<FileReport>,
    /// What the walk left alone.
    pub skipped: Skipped,
    /// Media below the inputs that no note uses, root-relative.
    pub unused: Vec<String>,
    /// Decks that known notes left for another one.
    pub moved: Vec<Moved>,
}

/// Compiles a project.
///
/// # Errors
/// When an earlier stage broke a promise: a defect of this program, not of the sources.
#[expect(clippy::needless_pass_by_value, reason = "a request is for one compilation")]
pub fn compile(project: &Project, request: Request<'_>) -> Result<Compiled, BrokenPromise> {
    let Request { files, load: options, ledger, origin, style, now, strictness, trees } = &request;
    let mut diagnostics = Diagnostics::default();
    let Loaded { mut sources, deck_paths, inventory, skipped } =
        load(*files, project, options, &mut diagnostics);

    let is_first = ledger.entries().next().is_none();
    let plan = Plan { origin: *origin, is_first, trees: *trees };
    let Everything { mut draft, mut reports, traces, answers, looked } =
        read_all(&sources, &deck_paths, project, plan, &mut diagnostics);
    let decks = names::normalise(&mut draft, &mut diagnostics);

    let mut scope = Scope::new(ledger, *origin, project, *files);
    scope.hear(&draft, &traces, ledger, (*files, project, options), &mut sources);
    let newborn = if style.is_some() { Owner::Project } else { Owner::Shared };
    let known = Known { ledger, scope: &scope, newborn, now: *now, origin: *origin };
    let identified = identify(&draft, traces, &answers, &sources, &known, &mut diagnostics);

    let mut looked = look_again(&mut draft, &identified, looked, &sources);
    let references = gather(&mut looked, &mut diagnostics);
    let place = Place { files: *files, root: &project.root, inventory: &inventory };
    let resolved = media::resolve(&mut draft, &references, &sources, &place, &mut diagnostics);

    let owners = identified.notes.iter().map(|assigned| assigned.owner);
    let used = draft.notes.iter().map(|note| note.note_type).zip(owners).collect();
    let own = note_types::Project { name: &project.name, style: style.as_deref(), ledger, now: *now };
    let (note_types, styles) = note_types::make(used, &own);
    let mut shown = show(&mut draft, &identified, looked, &resolved.media, &note_types, *trees);
    let sealed = seal(&draft, &sources, identified, &mut shown, styles, &known);
    let moved = moved::report(&draft, &sealed.moved, &mut diagnostics);
    account::count_cards(&mut reports, &shown);
    report_nothing_found(&draft, &mut diagnostics);

    let unused = resolved.unused(&inventory);
    let notes =
        draft.notes.into_iter().zip(sealed.identities).map(|(note, identity)| note.with_identity(identity));
    let (rendered, cards) = shown.into_iter().map(|shown| (shown.fields, shown.cards)).unzip();
    let parts = Parts {
        name: project.name.clone(),
        decks,
        note_types,
        notes: notes.collect(),
        rendered,
        cards,
        media: resolved.media,
        trees: *trees,
    };
    let collection = if diagnostics.fails(*strictness) { None } else { Some(Collection::new(parts)?) };
    Ok(Compiled {
        sources,
        diagnostics,
        collection,
        ledger: sealed.ledger,
        summary: sealed.summary,
        files: reports,
        skipped,
        unused,
        moved,
    })
}

/// Says what can be done with a note as soon as it is read.
#[derive(Clone, Copy)]
struct Plan {
    origin: Origin,
    /// Whether no note is known yet.
    is_first: bool,
    trees: Trees,
}

impl Plan {
    /// Returns whether nothing that is known of other notes has a say in the note. Cloze numbers are those that the learner has, and what
    /// a package knows is compared with the tree as it was read.
    fn is_alone(self, note: &Note<SourceId>) -> bool {
        match self.origin {
            Origin::Ledger => self.is_first || !note.note_type.is_cloze(),
            Origin::Package => false,
        }
    }
}

/// Is what all sources came to, or one.
#[derive(Default)]
struct Everything {
    draft: Draft,
    reports: Vec<FileReport>,
    /// What identity looks at, for each note.
    traces: Vec<Trace>,
    /// A hash of each note's answer.
    answers: Vec<u64>,
    /// What was found in each note; nothing where that has to wait.
    looked: Vec<Option<Looked>>,
}

/// Reads every source on its own, and joins the results in order.
fn read_all(
    sources: &SourceMap,
    deck_paths: &[Option<String>],
    project: &Project,
    plan: Plan,
    diagnostics: &mut Diagnostics,
) -> Everything {
    let files = sources.files().par_iter().zip(deck_paths);
    let read: Vec<(Everything, Diagnostics)> = files
        .filter_map(|(file, deck_path)| {
            let mut found = Diagnostics::default();
            let read = reader::read(file, &project.config, deck_path.as_deref()?, &mut found);
            let report = FileReport::new(file, &read);
            let mut one = Everything { draft: read.draft, reports: vec![report], ..Everything::default() };
            one.traces.reserve_exact(one.draft.notes.len());
            one.answers.reserve_exact(one.draft.notes.len());
            one.looked.reserve_exact(one.draft.notes.len());
            for note in &mut one.draft.notes {
                // Identity first: it is about the text as its author wrote it.
                let (trace, answer) = see(note);
                one.traces.push(trace);
                one.answers.push(answer);
                let looked = plan.is_alone(note).then(|| look(note, None, sources));
                let done = looked.as_ref().is_some_and(|looked| looked.html.is_some());
                if done && plan.trees == Trees::Dropped {
                    note.fields = Vec::new();
                }
                one.looked.push(looked);
            }
            Some((one, found))
        })
        .collect();
    let mut all = Everything::default();
    let notes = read.iter().map(|(one, _)| one.draft.notes.len()).sum();
    all.draft.notes.reserve_exact(notes);
    all.traces.reserve_exact(notes);
    all.answers.reserve_exact(notes);
    all.looked.reserve_exact(notes);
    for (one, found) in read {
        diagnostics.append(found);
        all.reports.extend(one.reports);
        all.traces.extend(one.traces);
        all.answers.extend(one.answers);
        all.looked.extend(one.looked);
        all.draft.notes.extend(one.draft.notes);
        all.draft.descriptions.extend(one.draft.descriptions);
        all.draft.file_tags.extend(one.draft.file_tags);
        all.draft.regions.extend(one.draft.regions);
    }
    all
}

/// Looks at the notes that had to wait until their lines in the ledger were known.
fn look_again(
    draft: &mut Draft,
    identified: &Identified<'_>,
    looked: Vec<Option<Looked>>,
    sources: &SourceMap,
) -> Vec<Looked> {
    (&mut draft.notes, &identified.notes, looked)
        .into_par_iter()
        .map(|(note, assigned, looked)| looked.unwrap_or_else(|| look(note, assigned.previous, sources)))
        .collect()
}

/// Reports what was found in the notes, in their order, and returns their references to media.
fn gather(looked: &mut [Looked], diagnostics: &mut Diagnostics) -> Vec<Spanned<String>> {
    let mut references = Vec::new();
    for said in looked.iter_mut().filter_map(|looked| looked.said.take()) {
        diagnostics.append(said.found);
        references.extend(said.references);
    }
    references
}

/// A run that found no card says so, unless something else says why.
fn report_nothing_found(draft: &Draft, diagnostics: &mut Diagnostics) {
    let said = diagnostics.iter().any(|diagnostic| diagnostic.code == Code::NothingFound);
    if draft.notes.is_empty() && !said && !diagnostics.fails(Strictness::Normal) {
        diagnostics.push(
            Diagnostic::general(Code::NothingFound, "no cards found").help(
                "`deckc check -v` shows how each file was read; `docs/syntax.md` shows what makes a card",
            ),
        );
    }
}
