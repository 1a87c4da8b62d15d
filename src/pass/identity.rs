//! Finds each note's line in the ledger, or gives it a new guid and note id.
//!
//! Works on the text as the source wrote it, before any pass rewrites it: a change of renderer must not re-key a deck.

mod derive;
mod trace;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;
use rayon::prelude::{
    IntoParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _, ParallelSliceMut as _,
};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::identity::align::{Old, Outcome, Trace, align};
use crate::identity::hash::FastMap;
use crate::ledger::{Entry, Ledger};
use crate::model::{Draft, ExplicitId, Note, Owner, SourceId};
use crate::scope::{Scope, Standing};
use crate::source::SourceMap;

pub use derive::{project_id, random_project_id};
pub use trace::see;

/// Is what this pass knows about a note.
#[derive(Clone, Debug)]
pub struct Assigned<'a> {
    /// What Anki matches by.
    pub guid: String,
    /// The note id, in ms since 1970.
    pub id: i64,
    /// Whose note type.
    pub owner: Owner,
    /// The line it was found at; nothing for a new note.
    pub previous: Option<&'a Entry>,
    /// The author's id, where there is one.
    pub key: Option<String>,
    /// What the ledger keeps of its text.
    pub trace: Trace,
}

/// Is the outcome for all notes.
#[derive(Clone, Debug, Default)]
pub struct Identified<'a> {
    /// One for each note of the draft.
    pub notes: Vec<Assigned<'a>>,
    /// The lines that no note has now, active ones that just left first.
    pub retired: Vec<&'a Entry>,
    /// How many of them were active until now.
    pub just_retired: usize,
}

/// Says what the pass works with beside the notes.
pub struct Known<'a> {
    /// The ledger; empty but for the project id at a first build.
    pub ledger: &'a Ledger,
    /// Which of the ledger's lines take part.
    pub scope: &'a Scope,
    /// Whose note type a new note gets.
    pub newborn: Owner,
    /// The time of this build in s since 1970.
    pub now: i64,
    /// Where the lines come from.
    pub origin: Origin,
}

/// Says what the texts of the known notes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Origin {
    /// Source text, of a ledger.
    #[default]
    Ledger,
    /// What a learner reads, of a package; see `baseline`.
    Package,
}

/// Gives every note of the draft an identity. Of each [`see`] gave its trace, and a hash of its answer.
pub fn identify<'a>(
    draft: &Draft,
    mut traces: Vec<Trace>,
    answers: &[u64],
    sources: &SourceMap,
    known: &Known<'a>,
    diagnostics: &mut Diagnostics,
) -> Identified<'a> {
    let files = Files::new(sources, known.ledger);
    let notes: Vec<&Note<SourceId>> = draft.notes.iter().chain(known.scope.notes()).collect();
    traces.extend(known.scope.notes().iter().map(|note| see(note).0));
    for (note, trace) in notes.iter().zip(&mut traces) {
        trace.file = files.number(note.span);
    }
    report_duplicate_ids(&notes, &mut traces, diagnostics);
    report_equal_prompts(draft, &traces, answers, diagnostics);

    let lines: Vec<Line<'a>> = files.lines(known);
    let guids: Vec<Option<Cow<'_, str>>> = match known.origin {
        Origin::Ledger => notes.iter().map(|note| explicit_guid(note).map(Cow::Borrowed)).collect(),
        Origin::Package => derive::guids(&notes, &traces, known.ledger, explicit_guid),
    };
    let by_name: HashSet<&str> = guids.iter().flatten().map(AsRef::as_ref).collect();
    let (named, open): (Vec<Line<'a>>, Vec<Line<'a>>) =
        lines.iter().partition(|(entry, ..)| by_name.contains(entry.guid.as_str()));
    let by_guid: HashMap<&str, &'a Entry> =
        named.iter().map(|(entry, ..)| (entry.guid.as_str(), *entry)).collect();
    let old: Vec<Old> = open
        .par_iter()
        .map(|(entry, file, activity)| Old {
            trace: trace::of_entry(entry, *file),
            retired: *activity == Activity::Retired,
        })
        .collect();
    // Where there is no line, every note is new.
    let is_free = |index: &usize| !old.is_empty() && guids[*index].is_none();
    let free: Vec<usize> = (0..notes.len()).filter(is_free).collect();
    let new: Vec<Trace> = match known.origin {
        Origin::Ledger => free.iter().map(|index| traces[*index].clone()).collect(),
        Origin::Package => {
            free.par_iter().map(|index| trace::of_rendered(notes[*index], traces[*index].file)).collect()
        }
    };
    let outcomes = if old.is_empty() { Vec::new() } else { align(&old, &new) };

    let mut previous: Vec<Option<&'a Entry>> =
        guids.iter().map(|guid| guid.as_deref().and_then(|guid| by_guid.get(guid).copied())).collect();
    for (outcome, index) in outcomes.iter().zip(&free) {
        // What became of a witness is said when its file is built.
        let Some(note) = draft.notes.get(*index) else { continue };
        match outcome {
            Outcome::Same { old } => previous[*index] = Some(open[*old].0),
            Outcome::Edited { old, why } => {
                let entry = open[*old].0;
                previous[*index] = Some(entry);
                let message =
                    format!("edited: `{}` is now `{}` ({why})", entry.prompt, traces[*index].prompt);
                diagnostics.push(Diagnostic::at(Code::NoteEdited, note.span, message));
            }
            Outcome::Ambiguous { candidates } => {
                let prompts: Vec<String> =
                    candidates.iter().take(3).map(|old| format!("`{}`", open[*old].0.prompt)).collect();
                let message = format!("counts as new: it could be an edit of {}", prompts.join(" or of "));
                let guid = candidates.first().map_or("…", |old| open[*old].0.guid.as_str());
                diagnostics.push(Diagnostic::at(Code::AmbiguousEdit, note.span, message).help(format!(
                    "to keep the learners' history, name the old note with `<!-- guid: {guid} -->`; its guids stand in \
                     `deckc.lock`"
                )));
            }
            Outcome::New => {}
        }
    }
    keep_note_types(draft, &traces, &lines, &mut previous, diagnostics);
    previous.truncate(draft.notes.len());
    traces.truncate(draft.notes.len());
    assign(draft, known, traces, &previous, &lines)
}

/// Is a line of the ledger with its file's number.
type Line<'a> = (&'a Entry, usize, Activity);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Activity {
    Active,
    /// The line of a file that is read and not built.
    Witness,
    Retired,
}

/// Numbers files, the same for the ledger's and the sources' where the path is the same.
struct Files<'p> {
    by_path: HashMap<&'p str, usize>,
    /// The numbers of the sources.
    sources: Vec<usize>,
}

impl<'p> Files<'p> {
    fn new(sources: &'p SourceMap, ledger: &'p Ledger) -> Self {
        let mut by_path = HashMap::new();
        let mut number = |path: &'p String| {
            let next = by_path.len();
            *by_path.entry(path.as_str()).or_insert(next)
        };
        let sources = sources.files().iter().map(|file| number(&file.path)).collect();
        ledger.files.keys().for_each(|path| {
            number(path);
        });
        Files { by_path, sources }
    }

    fn number(&self, span: crate::source::Span) -> usize {
        self.sources[span.file.0 as usize]
    }

    /// Returns the ledger's lines that take part, in order.
    fn lines<'a>(&self, known: &Known<'a>) -> Vec<Line<'a>> {
        let active = known.ledger.files.iter().flat_map(|(path, entries)| {
            let file = self.by_path.get(path.as_str()).copied().unwrap_or(usize::MAX);
            let activity = match known.scope.standing(path) {
                Standing::Here => Some(Activity::Active),
                Standing::Witness => Some(Activity::Witness),
                Standing::Elsewhere => None,
            };
            activity
                .into_iter()
                .flat_map(move |activity| entries.iter().map(move |entry| (entry, file, activity)))
        });
        let retired = known.ledger.retired.iter().map(|entry| (entry, self.by_path.len(), Activity::Retired));
        active.chain(retired).collect()
    }
}

fn explicit_guid(note: &Note<SourceId>) -> Option<&str> {
    note.identity.as_ref().and_then(|id| match &id.value {
        ExplicitId::Guid(guid) => Some(guid.as_str()),
        ExplicitId::Key(_) => None,
    })
}

fn explicit_key(note: &Note<SourceId>) -> Option<&str> {
    note.identity.as_ref().and_then(|id| match &id.value {
        ExplicitId::Key(key) => Some(key.as_str()),
        ExplicitId::Guid(_) => None,
    })
}

/// An id that stands twice (a copied card) is an error, never one note overwritten by the other.
fn report_duplicate_ids(notes: &[&Note<SourceId>], traces: &mut [Trace], diagnostics: &mut Diagnostics) {
    let mut first: HashMap<&ExplicitId, crate::source::Span> = HashMap::new();
    for (note, trace) in notes.iter().zip(traces) {
        let Some(id) = &note.identity else { continue };
        if let Some(other) = first.get(&id.value) {
            diagnostics.push(
                Diagnostic::at(
                    Code::DuplicateId,
                    id.span,
                    format!("the id `{}` stands on two notes", id.value.text()),
                )
                .label(*other, "it stands here first")
                .help("give one of them another id, or none"),
            );
            trace.id = None;
        } else {
            first.insert(&id.value, id.span);
        }
    }
}

/// Adds a warning for each prompt that a note before has too.
fn report_equal_prompts(draft: &Draft, traces: &[Trace], answers: &[u64], diagnostics: &mut Diagnostics) {
    let key =
        |trace: &Trace| trace.prompt_hash.as_bytes().first_chunk().map_or(0, |key| u64::from_le_bytes(*key));
    // Few prompts stand twice, and to sort numbers is faster than to look up every prompt.
    let mut keys: Vec<u64> = traces.par_iter().map(key).collect();
    keys.par_sort_unstable();
    let repeated: HashSet<u64> =
        keys.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    if repeated.is_empty() {
        return;
    }
    let mut first = FastMap::default();
    for ((note, trace), answer) in draft.notes.iter().zip(traces).zip(answers) {
        if note.identity.is_some() || !repeated.contains(&key(trace)) {
            continue;
        }
        let Some((other, other_answer)) = first.insert(trace.prompt_hash, (note, answer)) else { continue };
        let same = answer == other_answer;
        let message = if same {
            format!("the same card stands twice: `{}`", trace.prompt)
        } else {
            format!("two notes ask `{}`", trace.prompt)
        };
        diagnostics.push(
            Diagnostic::at(Code::EqualPrompts, note.span, message).label(other.span, "the other one").help(
                "they are told apart by answer, file and order; an id (`<!-- id: name -->`) makes that safe",
            ),
        );
    }
}

/// Anki ignores an update that brings another note type, so a note whose type changed starts anew, or comes back as the note
/// of that type which it once was: the one with its prompt and its answer.
fn keep_note_types<'a>(
    draft: &Draft,
    traces: &[Trace],
    lines: &[Line<'a>],
    previous: &mut [Option<&'a Entry>],
    diagnostics: &mut Diagnostics,
) {
    let mut used: HashSet<&str> = previous.iter().flatten().map(|entry| entry.guid.as_str()).collect();
    let mut by_prompt: HashMap<_, Vec<&'a Entry>> = HashMap::new();
    for (line, _, activity) in lines {
        match activity {
            Activity::Active | Activity::Retired => {
                by_prompt.entry((line.note_type, line.prompt_hash)).or_default().push(*line);
            }
            // The line of a file that is not built is not this build's to take.
            Activity::Witness => {}
        }
    }
    for ((note, trace), previous) in draft.notes.iter().zip(traces).zip(previous) {
        let Some(entry) = *previous else { continue };
        if entry.note_type == note.note_type {
            continue;
        }
        let candidates = by_prompt.get(&(note.note_type, entry.prompt_hash)).map_or(&[][..], Vec::as_slice);
        // The answer may have been edited together with the type, or since the note had that type.
        let has_answer =
            |line: &&&Entry| line.sketch.same_answer(&trace.sketch) || line.sketch.same_answer(&entry.sketch);
        let is_free = |line: &&&Entry| !used.contains(line.guid.as_str());
        let former = candidates.iter().filter(is_free).find(has_answer).copied();
        if explicit_guid(note).is_none() {
            *previous = former;
            used.extend(former.map(|line| line.guid.as_str()));
        }
        let (was, is) = (entry.note_type.key(), note.note_type.key());
        let consequence = match (explicit_guid(note), former) {
            (Some(_), _) => "Anki will not take the update",
            (None, Some(_)) => "it is again the note that it was before",
            (None, None) => "it counts as a new note",
        };
        diagnostics.push(
            Diagnostic::at(
                Code::NoteTypeChanged,
                note.span,
                format!("the note type changed from `{was}` to `{is}`: {consequence}"),
            )
            .help(
                "Anki cannot change the note type of a note that a learner has; keep the type to keep the history, or \
                 delete the old note in Anki after the import",
            ),
        );
    }
}

fn assign<'a>(
    draft: &Draft,
    known: &Known<'a>,
    traces: Vec<Trace>,
    previous: &[Option<&'a Entry>],
    lines: &[Line<'a>],
) -> Identified<'a> {
    let mut taken: HashSet<Cow<'_, str>, RandomState> =
        known.ledger.entries().map(|entry| Cow::Borrowed(entry.guid.as_str())).collect();
    taken.extend(draft.notes.iter().filter_map(explicit_guid).map(Cow::Borrowed));
    let used_ids: HashSet<i64> = known.ledger.entries().map(|entry| entry.id).collect();
    let newborn = previous.iter().filter(|previous| previous.is_none()).count();
    taken.reserve(newborn);
    let mut new_guids: Vec<Option<String>> = (draft.notes.par_iter(), &traces, previous)
        .into_par_iter()
        .map(|(note, trace, previous)| {
            let new = previous.is_none() && explicit_guid(note).is_none();
            new.then(|| derive::first_guid(&known.ledger.project, explicit_key(note), trace))
        })
        .collect();
    let mut guids = derive::Guids::new(&known.ledger.project, taken);
    let mut others = Vec::new();
    for (index, first) in new_guids.iter().enumerate() {
        let Some(first) = first else { continue };
        let other = guids.other_than(first, explicit_key(&draft.notes[index]), &traces[index]);
        others.extend(other.map(|other| (index, other)));
    }
    others.into_iter().for_each(|(index, other)| new_guids[index] = Some(other));
    let mut new_ids = derive::note_ids(known.now, newborn, &used_ids);
    let mut next_id = || new_ids.next().expect("there is one id for each new note");
    let ids: Vec<i64> =
        previous.iter().map(|previous| previous.map_or_else(&mut next_id, |entry| entry.id)).collect();
    let notes: Vec<Assigned<'a>> = (draft.notes.par_iter(), traces, previous, new_guids, ids)
        .into_par_iter()
        .map(|(note, trace, previous, new_guid, id)| {
            let (guid, owner) = match (previous, explicit_guid(note)) {
                (Some(entry), _) => (entry.guid.clone(), entry.owner),
                (None, Some(guid)) => (guid.to_owned(), known.newborn),
                (None, None) => (new_guid.expect("a note that is new has a derived guid"), known.newborn),
            };
            Assigned {
                guid,
                id,
                owner,
                previous: *previous,
                key: explicit_key(note).map(str::to_owned),
                trace,
            }
        })
        .collect();
    if lines.is_empty() {
        return Identified { notes, ..Identified::default() };
    }
    let taken: HashSet<&str, RandomState> = notes.iter().map(|note| note.guid.as_str()).collect();
    let left = |activity: Activity| {
        lines.iter().filter(move |line| line.2 == activity).map(|line| line.0).collect::<Vec<&'a Entry>>()
    };
    let mut retired = left(Activity::Active);
    retired.retain(|entry| !taken.contains(entry.guid.as_str()));
    let just_retired = retired.len();
    retired.extend(left(Activity::Retired).into_iter().filter(|entry| !taken.contains(entry.guid.as_str())));
    Identified { notes, retired, just_retired }
}
