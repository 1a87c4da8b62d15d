//! The pipeline, written as straight code: sources in, a checked collection and the next ledger out.
//!
//! The order is part of the meaning: identity comes before any pass that rewrites text, so that a change of theme or renderer
//! never re-keys a deck; time is decided last, from what Anki will see.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};

use crate::anki::note_types;
use crate::cards::Finder;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Strictness};
use crate::files::Files;
use crate::html;
use crate::ledger::{Ledger, StyleEntry};
use crate::load::{LoadOptions, Loaded, load};
use crate::model::note_type::NoteType;
use crate::model::{BrokenPromise, BuiltIn, Collection, Draft, OwnedType, Owner, Parts, RegionKind};
use crate::pass::identity::{Known, Origin, identify};
use crate::pass::media::Place;
use crate::pass::seal::{Summary, later, seal};
use crate::pass::{cloze, lint, media, names};
use crate::project::{InputKind, Project, shown};
use crate::reader;
use crate::source::{SourceFile, SourceMap, lines};

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
    pub skipped: crate::files::Skipped,
    /// Media below the inputs that no note uses, root-relative.
    pub unused: Vec<String>,
    /// Decks that known notes left for another one.
    pub moved: Vec<Moved>,
}

/// Says that known notes are in another deck than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The deck they were in.
    pub from: String,
    /// The deck they are in.
    pub to: String,
    /// How many notes.
    pub notes: usize,
}

/// Says what became of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    /// Its path.
    pub path: String,
    /// The dialect it was read as.
    pub dialect: &'static str,
    /// Why.
    pub reason: String,
    /// How many notes it holds.
    pub notes: usize,
    /// How many cards they make.
    pub cards: usize,
    /// How many non-blank lines make no card and say nothing about one.
    pub prose: usize,
}

/// Compiles a project.
///
/// # Errors
/// When an earlier stage broke a promise: a defect of this program, not of the sources.
#[expect(clippy::needless_pass_by_value, reason = "a request is for one compilation")]
pub fn compile(project: &Project, request: Request<'_>) -> Result<Compiled, BrokenPromise> {
    let mut diagnostics = Diagnostics::default();
    let Loaded { sources, deck_paths, inventory, skipped } =
        load(request.files, project, &request.load, &mut diagnostics);

    let (mut draft, mut reports) = read_all(&sources, &deck_paths, project, &mut diagnostics);
    let decks = names::normalise(&mut draft, &mut diagnostics);

    let newborn = if request.style.is_some() { Owner::Project } else { Owner::Shared };
    let scope = |path: &str| in_scope(path, project, request.files);
    let Request { ledger, origin, now, .. } = &request;
    let known = Known { ledger, in_scope: &scope, newborn, now: *now, origin: *origin };
    let identified = identify(&draft, &sources, &known, &mut diagnostics);

    let clozes = cloze::number(&mut draft, &identified, &mut diagnostics);
    lint::check(&mut draft, &sources, &mut diagnostics);
    let place = Place { files: request.files, root: &project.root, inventory: &inventory };
    let media = media::resolve(&mut draft, &sources, &place, &mut diagnostics);

    let rendered: Vec<Vec<String>> =
        draft.notes.par_iter().map(|note| html::fields(note.note_type, &note.fields, &media)).collect();
    let used =
        identified.notes.iter().zip(&draft.notes).map(|(assigned, note)| (note.note_type, assigned.owner));
    let (note_types, styles) = note_types_of(used.collect(), project, &request);
    let sealed = seal(&draft, &sources, &identified, &clozes, &rendered, styles, &known);
    let moved = moved_decks(&draft, &sealed.moved, &mut diagnostics);
    count_cards(&mut reports, &draft, &rendered, &note_types, &sealed.identities);
    let said = diagnostics.iter().any(|diagnostic| diagnostic.code == Code::NothingFound);
    if draft.notes.is_empty() && !said && !diagnostics.fails(Strictness::Normal) {
        diagnostics.push(
            Diagnostic::general(Code::NothingFound, "no cards found").help(
                "`deckc check -v` shows how each file was read; `docs/syntax.md` shows what makes a card",
            ),
        );
    }

    let unused = unused(&inventory, &media);
    let fails = diagnostics.fails(request.strictness);
    let notes =
        draft.notes.into_iter().zip(sealed.identities).map(|(note, identity)| note.with_identity(identity));
    let parts =
        Parts { name: project.name.clone(), decks, note_types, notes: notes.collect(), rendered, media };
    let collection = if fails { None } else { Some(Collection::new(parts)?) };
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
            (file, read, found)
        })
        .collect();
    let mut all = Draft::default();
    all.notes.reserve_exact(read.iter().map(|(_, read, _)| read.draft.notes.len()).sum());
    let mut reports = Vec::with_capacity(read.len());
    for (file, read, found) in read {
        diagnostics.append(found);
        reports.push(FileReport {
            path: file.path.clone(),
            dialect: read.dialect,
            reason: read.reason,
            notes: read.draft.notes.len(),
            cards: 0,
            prose: prose_lines(file, &read.draft),
        });
        all.notes.extend(read.draft.notes);
        all.decks.extend(read.draft.decks);
        all.regions.extend(read.draft.regions);
    }
    (all, reports)
}

/// Counts the non-blank lines that are neither card nor metadata.
fn prose_lines(file: &SourceFile, draft: &Draft) -> usize {
    let prose = draft.regions.iter().filter(|region| region.kind == RegionKind::Prose);
    prose
        .map(|region| {
            let range = region.span.range();
            let inside = |line: &std::ops::Range<usize>| line.start < range.end;
            let from = file
                .text
                .get(..range.start)
                .and_then(|before| before.rfind(['\n', '\r']))
                .map_or(0, |at| at + 1);
            lines(&file.text, from)
                .take_while(inside)
                .filter(|line| file.text.get(line.clone()).is_some_and(|text| !text.trim().is_empty()))
                .count()
        })
        .sum()
}

/// Returns whether the ledger's lines of a file take part in this run: its file is one of the inputs, or it is gone. The
/// lines of a file that exists but is not built now stay as they are.
fn in_scope(path: &str, project: &Project, files: &dyn Files) -> bool {
    let full: PathBuf = project.root.join(path);
    let named = project.inputs.iter().any(|input| match input.kind {
        InputKind::File => input.path == full,
        InputKind::Folder => full.starts_with(&input.path),
    });
    named || files.entry(&full).is_err()
}

/// Returns the note types that the notes have, and what the ledger keeps of the project's own ones.
fn note_types_of(
    mut used: Vec<(BuiltIn, Owner)>,
    project: &Project,
    request: &Request<'_>,
) -> (Vec<OwnedType>, BTreeMap<BuiltIn, StyleEntry>) {
    used.sort();
    used.dedup();
    let mut styles = request.ledger.styles.clone();
    let own = request.style.clone().unwrap_or_else(|| note_types::STYLE.to_owned());
    let types = used.into_iter().map(|(built_in, owner)| {
        let note_type = match owner {
            Owner::Shared => note_types::shared(built_in),
            Owner::Project => {
                let make = |modified| {
                    note_types::variant(
                        built_in,
                        &request.ledger.project,
                        &project.name,
                        own.clone(),
                        modified,
                    )
                };
                let hash = style_hash(&make(0));
                let before = styles.get(&built_in);
                let modified = match before {
                    Some(entry) if entry.hash == hash => entry.modified,
                    Some(_) | None => later(request.now, before.map(|entry| entry.modified)),
                };
                styles.insert(built_in, StyleEntry { modified, hash });
                make(modified)
            }
        };
        OwnedType { built_in, owner, note_type }
    });
    (types.collect(), styles)
}

/// Returns a hash of what Anki sees of a note type.
fn style_hash(note_type: &NoteType) -> String {
    use sha2::Digest as _;
    let mut hasher = sha2::Sha256::new();
    let mut part = |text: &str| {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text);
    };
    part(&note_type.name);
    part(&note_type.css);
    for template in &note_type.templates {
        part(&template.name);
        part(&template.front);
        part(&template.back);
    }
    crate::hex::of(&hasher.finalize()[..8])
}

/// Reports known notes whose deck changed, one finding for each pair of decks.
fn moved_decks(draft: &Draft, moved: &[(usize, String)], diagnostics: &mut Diagnostics) -> Vec<Moved> {
    let mut pairs: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for (index, before) in moved {
        let (_, count) = pairs.entry((before, &draft.notes[*index].deck)).or_insert((*index, 0));
        *count += 1;
    }
    let mut list = Vec::new();
    for ((from, to), (first, notes)) in pairs {
        let message = format!("the deck of {notes} notes changed from `{from}` to `{to}`");
        diagnostics.push(Diagnostic::at(Code::DeckChanged, draft.notes[first].span, message).help(
            "Anki leaves cards that a learner has where they are; move them there by hand if you like",
        ));
        list.push(Moved { from: from.to_owned(), to: to.to_owned(), notes });
    }
    list
}

fn count_cards(
    reports: &mut [FileReport],
    draft: &Draft,
    rendered: &[Vec<String>],
    note_types: &[OwnedType],
    identities: &[crate::model::Identity],
) {
    let finder = Finder::new(note_types);
    let notes = draft.notes.par_iter().zip(rendered).zip(identities);
    let counts: Vec<usize> = notes
        .map(|((note, fields), identity)| {
            finder.ords(note.note_type, identity.owner, fields, &note.tags).len()
        })
        .collect();
    let mut counts = counts.into_iter();
    for report in reports {
        report.cards = counts.by_ref().take(report.notes).sum();
    }
}

/// Returns media that no note uses. Only files that could be media count.
fn unused(inventory: &media::Inventory, media: &[crate::model::Medium]) -> Vec<String> {
    const EXTENSIONS: &[&str] = &[
        "png", "jpg", "jpeg", "gif", "svg", "webp", "avif", "bmp", "mp3", "ogg", "oga", "opus", "wav", "m4a",
        "flac", "mp4", "webm", "mov",
    ];
    let used: std::collections::BTreeSet<&str> = media.iter().map(|medium| medium.path.as_str()).collect();
    let could_be = |path: &&str| {
        path.rsplit_once('.').is_some_and(|(_, end)| EXTENSIONS.contains(&end.to_ascii_lowercase().as_str()))
    };
    inventory.paths().filter(could_be).filter(|path| !used.contains(path)).map(str::to_owned).collect()
}

/// Returns the path of a project's style sheet for messages, and its text.
///
/// # Errors
/// A diagnostic that names the file.
pub fn read_style(files: &dyn Files, project: &Project) -> Result<Option<String>, Box<Diagnostic>> {
    let Some(style) = &project.config.style else { return Ok(None) };
    let path = project.root.join(style);
    let place = project.config_path.as_deref().map_or_else(String::new, shown);
    let fail = |reason: String| {
        let message = format!("the style sheet `{}` cannot be read: {reason}", style.display());
        Box::new(Diagnostic::in_file(Code::ConfigInvalid, place.clone(), None, message).help("mend `style`"))
    };
    let bytes = files.read(&path).map_err(|error| fail(error.to_string()))?;
    String::from_utf8(bytes).map(Some).map_err(|_| fail("it is not UTF-8".into()))
}
