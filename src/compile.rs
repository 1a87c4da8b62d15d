//! The pipeline, written as straight code: sources in, a checked collection and the next ledger out.
//!
//! The order is part of the meaning: identity comes before any pass that rewrites text, so that a change of theme or renderer
//! never re-keys a deck; time is decided last, from what Anki will see.

use rayon::prelude::{
    IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _, ParallelSlice as _,
    ParallelSliceMut as _,
};

use crate::account::{self, FileReport};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Strictness};
use crate::files::{Files, Skipped};
use crate::identity::cloze::Remembered;
use crate::ledger::Ledger;
use crate::load::{LoadOptions, Loaded, load};
use crate::model::{BrokenPromise, Collection, Draft, Owner, Parts};
use crate::pass::identity::{Identified, Known, Origin, identify};
use crate::pass::media::Place;
use crate::pass::moved::Moved;
use crate::pass::seal::{Summary, seal};
use crate::pass::show::show;
use crate::pass::{cloze, lint, media, moved, names, note_types};
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

    let (clozes, references) = look(&mut draft, &identified, &sources, &mut diagnostics);
    let place = Place { files: *files, root: &project.root, inventory: &inventory };
    let resolved = media::resolve(&mut draft, &references, &sources, &place, &mut diagnostics);

    let owners = identified.notes.iter().map(|assigned| assigned.owner);
    let used = draft.notes.iter().map(|note| note.note_type).zip(owners).collect();
    let own = note_types::Project { name: &project.name, style: style.as_deref(), ledger, now: *now };
    let (note_types, styles) = note_types::make(used, &own);
    let shown = show(&draft, &identified, &resolved.media, &note_types);
    let sealed = seal(&draft, &sources, identified, clozes, &shown, styles, &known);
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

/// How many notes are looked at in one go, so that what they give is collected once for all of them.
const BATCH: usize = 256;

/// Does what concerns each note alone, one note after the other: cloze numbers, what is odd, and which media it names. Returns what the
/// ledger keeps of each note's numbers, and all references to media in source order.
fn look(
    draft: &mut Draft,
    identified: &Identified<'_>,
    sources: &SourceMap,
    diagnostics: &mut Diagnostics,
) -> (Vec<Vec<Remembered>>, Vec<Spanned<String>>) {
    let batches = draft.notes.par_chunks_mut(BATCH).zip(identified.notes.par_chunks(BATCH));
    let looked: Vec<_> = batches
        .map(|(notes, assigned)| {
            let (mut clozes, mut references) = (Vec::with_capacity(notes.len()), Vec::new());
            let mut found = Diagnostics::default();
            for (note, assigned) in notes.iter_mut().zip(assigned) {
                clozes.push(cloze::number(note, assigned.previous, &mut found));
                lint::check(note, sources, &mut found);
                media::find(note, &mut references);
            }
            (clozes, references, found)
        })
        .collect();
    let (mut clozes, mut references) = (Vec::with_capacity(draft.notes.len()), Vec::new());
    for (batch, named, found) in looked {
        clozes.extend(batch);
        references.extend(named);
        diagnostics.append(found);
    }
    (clozes, references)
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
