//! Finds the media that notes refer to, and gives each a name made from its content.
//!
//! A name with a hash of the bytes avoids every rename that Anki's importer would do, and makes a changed picture a changed
//! field, so that the update is delivered (Anki brings new media only with a newer note).

mod hash;
mod inspect;
mod locate;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};

use crate::anki::{media_in_html, media_name};
use crate::bytes;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::{Files, Inventory};
use crate::model::text::{Block, Embed, Inline, MediaKind, each_block, each_inline_list};
use crate::model::{Draft, Field, MediaId, MediaRef, Medium, Note, SourceId};
use crate::source::{SourceMap, Span, Spanned};

use locate::{Located, locate};

/// The largest file that is packed: Anki does not sync larger ones.
pub const MAX_SIZE: u64 = 100 << 20;

/// Says where media are looked for.
pub struct Place<'a> {
    /// The door to the file system.
    pub files: &'a dyn Files,
    /// The project's root, canonical. Nothing outside is ever read.
    pub root: &'a Path,
    /// What a walk of the inputs found.
    pub inventory: &'a Inventory,
}

/// Is what the references of a draft came to.
#[derive(Debug, Default)]
pub struct Resolved {
    /// The media sorted by name; files with the same name and bytes are one.
    pub media: Vec<Medium>,
    /// The root-relative paths of all files that a note refers to.
    pub used: BTreeSet<String>,
}

impl Resolved {
    /// Returns the files that could be media and that no note refers to, root-relative.
    #[must_use]
    pub fn unused(&self, inventory: &Inventory) -> Vec<String> {
        let could_be = |path: &&str| MediaKind::known(path).is_some();
        inventory
            .paths()
            .filter(could_be)
            .filter(|path| !self.used.contains(*path))
            .map(str::to_owned)
            .collect()
    }
}

/// Resolves every reference in the draft, which are those that [`find`] found. A reference that is missing or refused is reported at its place; its card is kept.
pub fn resolve(
    draft: &mut Draft,
    references: &[Spanned<String>],
    sources: &SourceMap,
    place: &Place<'_>,
    diagnostics: &mut Diagnostics,
) -> Resolved {
    if references.is_empty() {
        return Resolved::default();
    }
    let mut found: BTreeMap<(String, &str), Located> = BTreeMap::new();
    for reference in references {
        let from = &sources.file(reference.span.file).path;
        found
            .entry((reference.value.clone(), folder(from)))
            .or_insert_with(|| locate(&reference.value, folder(from), place));
    }
    let paths: Vec<(PathBuf, String)> = {
        let unique: BTreeMap<&PathBuf, &String> = found
            .values()
            .filter_map(|located| match located {
                Located::File { path, relative, .. } => Some((path, relative)),
                Located::Address(_) | Located::Refused(_) => None,
            })
            .collect();
        unique.into_iter().map(|(path, relative)| (path.clone(), relative.clone())).collect()
    };
    let read: BTreeMap<PathBuf, Result<(Medium, Vec<Finding>), Finding>> = paths
        .into_par_iter()
        .map(|(path, relative)| (path.clone(), read(&path, &relative, place.files)))
        .collect();

    let readable = || read.values().filter_map(|read| read.as_ref().ok()).map(|(medium, _)| medium);
    let used: BTreeSet<String> = readable().map(|medium| medium.path.clone()).collect();
    let mut media: Vec<Medium> = readable().cloned().collect();
    // The name holds a hash of the bytes: of equal files in two folders one is packed.
    media.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    media.dedup_by(|a, b| a.name == b.name);
    let ids: BTreeMap<&str, MediaId> =
        media.iter().zip(0..).map(|(medium, index)| (medium.name.as_str(), MediaId(index))).collect();

    let answers: Answers<'_> = found
        .iter()
        .map(|((written, from), located)| ((written.as_str(), *from), answer(written, located, &read, &ids)))
        .collect();
    for reference in references {
        let from = folder(&sources.file(reference.span.file).path);
        for finding in &answers[&(reference.value.as_str(), from)].1 {
            let diagnostic = Diagnostic::at(finding.code, reference.span, finding.message.clone());
            diagnostics.push(match &finding.help {
                Some(help) => diagnostic.help(help.clone()),
                None => diagnostic,
            });
        }
    }
    for note in &mut draft.notes {
        let from = folder(&sources.file(note.span.file).path);
        rewrite(
            note,
            &|written| answers.get(&(written, from)).map(|(reference, _)| reference.clone()),
            &media,
        );
    }
    Resolved { media, used }
}

/// What each reference came to: by what is written, and the folder it is written in.
type Answers<'a> = BTreeMap<(&'a str, &'a str), (MediaRef, Vec<Finding>)>;

/// Is what is wrong with a medium, before it has a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    code: Code,
    message: String,
    help: Option<String>,
}

impl Finding {
    fn new(code: Code, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: Some(help.into()) }
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Makes media of the `[sound:…]` that stand in plain text, so that text and tables can name sounds as Anki does.
fn find_sounds(note: &mut Note<SourceId>) {
    let span = note.span;
    for field in &mut note.fields {
        each_inline_list(&mut field.blocks, &mut |list| {
            // To look for one byte is far cheaper, and hardly any text has it.
            let sound = |text: &str| text.contains('[') && text.contains("[sound:");
            let holds = |inline: &Inline| matches!(inline, Inline::Text { text } if sound(text));
            if !list.iter().any(holds) {
                return;
            }
            let mut split = Vec::with_capacity(list.len() + 2);
            for inline in list.drain(..) {
                match inline {
                    Inline::Text { text } => split_sounds(&text, span, &mut split),
                    other => split.push(other),
                }
            }
            *list = split;
        });
    }
}

fn split_sounds(text: &str, span: Span, into: &mut Vec<Inline>) {
    let mut rest = text;
    while let Some(start) = rest.find("[sound:") {
        let Some(length) = rest[start..].find(']') else { break };
        let name = &rest[start + "[sound:".len()..start + length];
        if start > 0 {
            into.push(Inline::Text { text: rest[..start].to_owned() });
        }
        into.push(Inline::Media(Box::new(Embed {
            media: MediaRef::Written(Spanned::new(name.trim().to_owned(), span)),
            kind: match MediaKind::of(name) {
                MediaKind::Video => MediaKind::Video,
                MediaKind::Audio | MediaKind::Image => MediaKind::Audio,
            },
            alt: String::new(),
            title: None,
            width: None,
        })));
        rest = &rest[start + length + 1..];
    }
    if !rest.is_empty() {
        into.push(Inline::Text { text: rest.to_owned() });
    }
}

/// Is a place in a note where media can be named.
enum Slot<'a> {
    Media(&'a mut MediaRef),
    Html(&'a mut String),
}

fn each_slot(note: &mut Note<SourceId>, visit: &mut impl FnMut(Slot<'_>)) {
    for field in &mut note.fields {
        each_inline_list(&mut field.blocks, &mut |list| {
            for inline in list {
                if let Inline::Media(embed) = inline {
                    visit(Slot::Media(&mut embed.media));
                } else if let Inline::Html { html } = inline {
                    visit(Slot::Html(html));
                }
            }
        });
        each_block(&mut field.blocks, &mut |block| {
            if let Block::Html { html } = block {
                visit(Slot::Html(html));
            }
        });
    }
}

/// Adds every reference of a note to `references` in source order, those of sounds in plain text with them.
pub fn find(note: &mut Note<SourceId>, references: &mut Vec<Spanned<String>>) {
    let before = references.len();
    let may = note.fields.iter().any(may_name_media);
    if may || cfg!(debug_assertions) {
        collect(note, references);
    }
    debug_assert!(may || references.len() == before, "the sources of fields have no sign of their media");
}

fn collect(note: &mut Note<SourceId>, references: &mut Vec<Spanned<String>>) {
    find_sounds(note);
    let span = note.span;
    each_slot(note, &mut |slot| match slot {
        Slot::Media(MediaRef::Written(written)) => references.push(written.clone()),
        Slot::Media(MediaRef::File(_) | MediaRef::Missing(_) | MediaRef::Address(_)) => {}
        Slot::Html(html) => {
            let names = media_in_html::names(html);
            references.extend(names.into_iter().map(|name| Spanned::new(name, span)));
        }
    });
}

/// Returns whether a medium can be in the field at all: its source then holds a bracket, a tag or an entity, if it is kept.
fn may_name_media(field: &Field) -> bool {
    field.source.is_empty() && !field.is_empty() || bytes::find(field.source.as_bytes(), *b"[<&").is_some()
}

/// Reads a file once: what it is, how large, and its hashes.
fn read(path: &Path, relative: &str, files: &dyn Files) -> Result<(Medium, Vec<Finding>), Finding> {
    let hashed = hash::file(path, relative, files)?;
    let medium = Medium {
        name: media_name::for_content(relative.rsplit('/').next().unwrap_or(relative), &hashed.sha256),
        path: relative.to_owned(),
        size: hashed.size,
        sha256: crate::hex::of(&hashed.sha256),
        sha1: hashed.sha1,
    };
    Ok((medium, inspect::findings(relative, &hashed)))
}

fn answer(
    written: &str,
    located: &Located,
    read: &BTreeMap<PathBuf, Result<(Medium, Vec<Finding>), Finding>>,
    ids: &BTreeMap<&str, MediaId>,
) -> (MediaRef, Vec<Finding>) {
    match located {
        Located::Refused(finding) => (MediaRef::Missing(written.to_owned()), vec![finding.clone()]),
        Located::Address(findings) => (MediaRef::Address(written.to_owned()), findings.clone()),
        Located::File { path, finding, .. } => match read.get(path) {
            Some(Ok((medium, findings))) => {
                let all = finding.iter().chain(findings).cloned().collect();
                (
                    ids.get(medium.name.as_str())
                        .map_or_else(|| MediaRef::Missing(written.to_owned()), |id| MediaRef::File(*id)),
                    all,
                )
            }
            Some(Err(finding)) => (MediaRef::Missing(written.to_owned()), vec![finding.clone()]),
            None => (MediaRef::Missing(written.to_owned()), Vec::new()),
        },
    }
}

/// Puts what was found in the place of what was written. In raw HTML a missing name stays as it is: the learner may have the
/// file already, since such HTML mostly comes from Anki.
fn rewrite(note: &mut Note<SourceId>, found: &dyn Fn(&str) -> Option<MediaRef>, media: &[Medium]) {
    each_slot(note, &mut |slot| match slot {
        Slot::Media(reference) => {
            if let MediaRef::Written(written) = reference
                && let Some(found) = found(&written.value)
            {
                *reference = found;
            }
        }
        Slot::Html(html) => {
            if let Some(new) = media_in_html::rename(html, &|name| match found(name) {
                Some(MediaRef::File(id)) => Some(media[id.0 as usize].name.clone()),
                Some(MediaRef::Written(_) | MediaRef::Missing(_) | MediaRef::Address(_)) | None => None,
            }) {
                *html = new;
            }
        }
    });
}
