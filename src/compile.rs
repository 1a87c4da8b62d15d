//! The pipeline, written as straight code: sources in, a checked collection and the next ledger out.
//!
//! The order is part of the meaning: identity comes before any pass that rewrites text, so that a change of theme or renderer
//! never re-keys a deck; time is decided last, from what Anki will see.

use rayon::prelude::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use crate::account::{self, FileReport};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Strictness};
use crate::files::{Files, Skipped};
use crate::html;
use crate::ledger::Ledger;
use crate::load::{LoadOptions, Loaded, load};
use crate::model::{BrokenPromise, Collection, Draft, Note, Owner, Parts, SourceId};
use crate::pass::identity::{Known, Origin, identify};
use crate::pass::media::Place;
use crate::pass::moved::Moved;
use crate::pass::seal::{Summary, seal};
use crate::pass::{cloze, lint, media, moved, names, note_types};
use crate::project::Project;
use crate::reader;
use crate::scope::Scope;
use crate::source::SourceMap;

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
    let Request { files, load: options, ledger, origin, style, now, strictness } = &request;
    let mut diagnostics = Diagnostics::default();
    let Loaded { mut sources, deck_paths, inventory, skipped } =
        load(*files, project, options, &mut diagnostics);

    let (mut draft, mut reports) = read_all(&sources, &deck_paths, project, &mut diagnostics);
    let decks = names::normalise(&mut draft, &mut diagnostics);

    let mut scope = Scope::new(ledger, *origin, project, *files);
    scope.hear(&draft, ledger, (*files, project, options), &mut sources);
    let newborn = if style.is_some() { Owner::Project } else { Owner::Shared };
    let known = Known { ledger, scope: &scope, newborn, now: *now, origin: *origin };
    let identified = identify(&draft, &sources, &known, &mut diagnostics);

    let clozes = cloze::number(&mut draft, &identified, &mut diagnostics);
    lint::check(&mut draft, &sources, &mut diagnostics);
    let place = Place { files: *files, root: &project.root, inventory: &inventory };
    let resolved = media::resolve(&mut draft, &sources, &place, &mut diagnostics);

    let render = |note: &Note<SourceId>| html::fields(note.note_type, &note.fields, &resolved.media);
    let rendered: Vec<Vec<String>> = draft.notes.par_iter().map(render).collect();
    let owners = identified.notes.iter().map(|assigned| assigned.owner);
    let used = draft.notes.iter().map(|note| note.note_type).zip(owners).collect();
    let own = note_types::Project { name: &project.name, style: style.as_deref(), ledger, now: *now };
    let (note_types, styles) = note_types::make(used, &own);
    let sealed = seal(&draft, &sources, identified, clozes, &rendered, styles, &known);
    let moved = moved::report(&draft, &sealed.moved, &mut diagnostics);
    account::count_cards(&mut reports, &draft, &rendered, &note_types, &sealed.identities);
    report_nothing_found(&draft, &mut diagnostics);

    let unused = resolved.unused(&inventory);
    let notes =
        draft.notes.into_iter().zip(sealed.identities).map(|(note, identity)| note.with_identity(identity));
    let parts = Parts {
        name: project.name.clone(),
        decks,
        note_types,
        notes: notes.collect(),
        rendered,
        media: resolved.media,
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

/// Reads every source on its own, and joins the results in order.
fn read_all(
    sources: &SourceMap,
    deck_paths: &[Option<String>],
    project: &Project,
    diagnostics: &mut Diagnostics,
) -> (Draft, Vec<FileReport>) {
    let read: Vec<_> = sources
        .files()
        .par_iter()
        .zip(deck_paths)
        .filter_map(|(file, deck_path)| deck_path.as_deref().map(|deck_path| (file, deck_path)))
        .map(|(file, deck_path)| {
            let mut found = Diagnostics::default();
            let read = reader::read(file, &project.config, deck_path, &mut found);
            (FileReport::new(file, &read), read.draft, found)
        })
        .collect();
    let mut all = Draft::default();
    all.notes.reserve_exact(read.iter().map(|(_, draft, _)| draft.notes.len()).sum());
    let mut reports = Vec::with_capacity(read.len());
    for (report, draft, found) in read {
        diagnostics.append(found);
        reports.push(report);
        all.notes.extend(draft.notes);
        all.descriptions.extend(draft.descriptions);
        all.file_tags.extend(draft.file_tags);
        all.regions.extend(draft.regions);
    }
    (all, reports)
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
