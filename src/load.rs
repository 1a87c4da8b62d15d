//! From inputs to sources: walking, reading, decoding, and refusing what is no text.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use rayon::prelude::{IntoParallelRefIterator as _, ParallelIterator as _};

use crate::decode::decode;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::files::{Files, Found, Inventory, Links, Skipped, WalkProblem};
use crate::project::{Input, InputKind, Project, shown};
use crate::source::{SourceFile, SourceMap, lines};

/// The largest source, in bytes.
pub const MAX_SOURCE: u64 = 16 << 20;

/// Is what was loaded.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The sources, sorted by path.
    pub sources: SourceMap,
    /// For each source the path that makes its deck where nothing names one: relative to the input it was found in. Nothing
    /// for a source that is refused whole; it stays in the map, so that a diagnostic can show it.
    pub deck_paths: Vec<Option<String>>,
    /// The other files below the inputs.
    pub inventory: Inventory,
    /// What was left alone.
    pub skipped: Skipped,
}

/// Says how sources are read.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// The encoding of sources that are neither UTF-8 nor UTF-16.
    pub encoding: Option<&'static Encoding>,
    /// What to do with symbolic links.
    pub links: Links,
    /// Folders and files that are outputs, and so no inputs.
    pub exclude: Vec<PathBuf>,
}

/// Reads all sources of the project. A file that cannot be read is an error of its own; the others are read.
pub fn load(
    files: &dyn Files,
    project: &Project,
    options: &LoadOptions,
    diagnostics: &mut Diagnostics,
) -> Loaded {
    let mut loaded = Loaded::default();
    let mut paths: Vec<(String, PathBuf, String)> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    for input in &project.inputs {
        let found = match input.kind {
            InputKind::File => Found { sources: vec![input.path.clone()], ..Found::default() },
            InputKind::Folder => match files.walk(&input.path, &options.exclude, options.links) {
                Ok(found) => found,
                Err(error) => {
                    let message = format!("the folder cannot be read: {error}");
                    diagnostics.push(Diagnostic::in_file(
                        Code::Unreadable,
                        shown(&input.path),
                        None,
                        message,
                    ));
                    continue;
                }
            },
        };
        found.problems.iter().for_each(|problem| diagnostics.push(describe(problem)));
        loaded.skipped.hidden += found.skipped.hidden;
        loaded.skipped.backups += found.skipped.backups;
        loaded.skipped.templates += found.skipped.templates;
        loaded.skipped.outputs += found.skipped.outputs;
        loaded.skipped.special += found.skipped.special;
        let base = deck_base(project, input);
        for path in found.sources {
            paths.push((relative(&path, &project.root), path.clone(), relative(&path, &base)));
        }
        others.extend(found.others.iter().map(|path| relative(path, &project.root)));
    }
    paths.sort();
    paths.dedup_by(|a, b| a.0 == b.0);
    others.sort();
    others.dedup();
    let texts: Vec<Result<(String, Diagnostics), Diagnostic>> =
        paths.par_iter().map(|(_, path, _)| text(files, path, options.encoding)).collect();
    for ((name, _, deck_path), text) in paths.into_iter().zip(texts) {
        match text {
            Ok((text, found)) => {
                diagnostics.append(found);
                loaded.sources.add(name, text);
                loaded.deck_paths.push(Some(deck_path));
            }
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    let refusals: Vec<Option<Diagnostic>> = loaded.sources.files().par_iter().map(refused).collect();
    for (refusal, deck_path) in refusals.into_iter().zip(&mut loaded.deck_paths) {
        if let Some(refusal) = refusal {
            diagnostics.push(refusal);
            *deck_path = None;
        }
    }
    loaded.inventory = Inventory::new(others);
    loaded
}

/// Returns the project's style sheet, where it has one.
///
/// # Errors
/// A diagnostic that names the file.
pub fn style(files: &dyn Files, project: &Project) -> Result<Option<String>, Box<Diagnostic>> {
    let Some(style) = &project.config.style else { return Ok(None) };
    let place = project.config_path.as_deref().map_or_else(String::new, shown);
    let fail = |reason: String| {
        let message = format!("the style sheet `{}` cannot be read: {reason}", style.display());
        Box::new(Diagnostic::in_file(Code::ConfigInvalid, place.clone(), None, message).help("mend `style`"))
    };
    let bytes = files.read(&project.root.join(style)).map_err(|error| fail(error.to_string()))?;
    String::from_utf8(bytes).map(Some).map_err(|_| fail("it is not UTF-8".into()))
}

/// Returns the path relative to `root`, with `/`; the whole path where it is not below it.
#[must_use]
pub fn relative(path: &Path, root: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap_or(path);
    let text = inner.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

fn describe(problem: &WalkProblem) -> Diagnostic {
    match problem {
        WalkProblem::Link(path) => {
            Diagnostic::in_file(Code::DanglingLink, shown(path), None, "a symbolic link that is not followed")
                .help("`--follow-links` follows links")
        }
        WalkProblem::Dangling(path) => {
            Diagnostic::in_file(Code::DanglingLink, shown(path), None, "a symbolic link that leads nowhere")
                .help("remove it, or mend what it points to")
        }
        WalkProblem::Loop(path) => {
            let message = "a symbolic link that leads back to a folder above it";
            Diagnostic::in_file(Code::DanglingLink, shown(path), None, message).help("remove the link")
        }
        WalkProblem::Name(path) => {
            let folder = path.parent().map_or_else(String::new, shown);
            let name = path.file_name().map_or_else(String::new, |name| escaped(name.as_encoded_bytes()));
            let place = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            Diagnostic::in_file(Code::FileName, place, None, "the file is left out: its name is not UTF-8")
                .help("rename the file")
        }
        WalkProblem::Unreadable(path, reason) => Diagnostic::in_file(
            Code::Unreadable,
            shown(path),
            None,
            format!("the path cannot be read: {reason}"),
        )
        .help("give yourself the right to read it, or exclude it in `.gitignore`"),
    }
}

/// Returns a name with the bytes that are no text written out.
fn escaped(name: &[u8]) -> String {
    let mut shown = String::new();
    for chunk in name.utf8_chunks() {
        shown.push_str(chunk.valid());
        shown.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    shown
}

/// Returns the folder that the decks of an input are named from. It is the same whether the whole is built or a part: `notes/` of a
/// configured project, else the root where the ledger there knows the input, else the input itself.
fn deck_base<'a>(project: &'a Project, input: &'a Input) -> Cow<'a, Path> {
    let notes = project.root.join("notes");
    let own = match input.kind {
        InputKind::File => input.path.parent().unwrap_or(&input.path),
        InputKind::Folder => &input.path,
    };
    if project.config_path.is_some() {
        if own.starts_with(&notes) { Cow::Owned(notes) } else { Cow::Borrowed(own) }
    } else if input.kind == InputKind::File || project.inputs.len() == 1 {
        Cow::Borrowed(&project.root)
    } else {
        Cow::Borrowed(own)
    }
}

/// Reads and decodes one source; returns its text and what is worth knowing about it.
///
/// # Errors
/// A diagnostic that names the file.
pub fn text(
    files: &dyn Files,
    path: &Path,
    encoding: Option<&'static Encoding>,
) -> Result<(String, Diagnostics), Diagnostic> {
    let unreadable = |error: std::io::Error| {
        Diagnostic::in_file(Code::Unreadable, shown(path), None, format!("the file cannot be read: {error}"))
            .help("give yourself the right to read it, or exclude it in `.gitignore`")
    };
    let size = files.entry(path).map_err(unreadable)?.size;
    if size > MAX_SOURCE {
        let message =
            format!("the source has {} MiB, over the limit of {} MiB", size >> 20, MAX_SOURCE >> 20);
        return Err(
            Diagnostic::in_file(Code::FileTooLarge, shown(path), None, message).help("split the file")
        );
    }
    let decoded = decode(files.read(path).map_err(unreadable)?, encoding).map_err(|error| {
        let message = format!("byte {} is not {}", error.offset, error.encoding);
        Diagnostic::in_file(Code::NotUtf8, shown(path), Some(error.line), message)
            .help("save the file as UTF-8, or name its encoding, such as `--encoding windows-1252`")
    })?;
    let mut notes = Diagnostics::default();
    if let Some(from) = decoded.from {
        notes.push(Diagnostic::in_file(Code::Utf16, shown(path), None, format!("decoded from {from}")));
    }
    Ok((decoded.text, notes))
}

/// Says why a file is not read at all although it is text.
fn refused(file: &SourceFile) -> Option<Diagnostic> {
    if let Some(at) = file.text.find('\0') {
        let diagnostic = Diagnostic::at(Code::NulByte, file.span(at..at + 1), "a NUL character in the text");
        return Some(diagnostic.help("remove it: Anki cuts a field there"));
    }
    if !file.text.contains("<<<<<<<") {
        return None;
    }
    let mut markers = Vec::new();
    let mut fence: Option<&str> = None;
    for line in lines(&file.text, file.start()) {
        let text = &file.text[line.clone()];
        let inner = text.trim_start();
        match fence {
            Some(mark) if inner.starts_with(mark) => fence = None,
            None if inner.starts_with("```") => fence = Some("```"),
            None if inner.starts_with("~~~") => fence = Some("~~~"),
            Some(_) | None => {}
        }
        let marker =
            ["<<<<<<< ", ">>>>>>> "].iter().any(|marker| text.starts_with(marker)) || text == "=======";
        if fence.is_none() && marker && (text.starts_with('<') || !markers.is_empty()) {
            markers.push(line);
        }
    }
    let closed = markers.iter().any(|line| file.text[line.clone()].starts_with('>'));
    if markers.len() < 3 || !closed {
        return None;
    }
    let mut markers = markers.into_iter();
    let first = markers.next()?;
    let mut diagnostic = Diagnostic::at(
        Code::ConflictMarkers,
        file.span(first),
        "merge-conflict markers: the file is not read",
    )
    .help("settle the merge: keep one side, and remove the three marker lines");
    // One conflict is enough to see what is meant.
    for line in markers.take(2) {
        let what = if file.text[line.clone()].starts_with('=') { "the other side" } else { "the end" };
        diagnostic = diagnostic.label(file.span(line), what);
    }
    Some(diagnostic)
}

#[cfg(test)]
mod tests {
    use super::refused;
    use crate::source::SourceMap;

    fn check(text: &str, expected: Option<&str>) {
        let mut map = SourceMap::default();
        let id = map.add("a.md".into(), text.into());
        assert_eq!(refused(map.file(id)).map(|diagnostic| diagnostic.code.id()), expected, "{text}");
    }

    #[test]
    fn conflict_markers_and_nul_are_refused_and_notes_about_git_are_not() {
        check("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n", Some("D104"));
        check("```\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n```\n", None);
        check("Title\n=======\ntext <<<<<<< \n", None);
        check("a\0b", Some("D103"));
    }
}
