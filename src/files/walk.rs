//! Finding sources below a folder: which files are read, which are left alone.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::WalkBuilder;

/// The usual name of a folder of outputs. What is in it is no source, wherever it stands.
pub const OUTPUTS: &str = "build-output";

/// Folders in which programs keep what is theirs. Nobody looks for notes there.
const TOOLS: &[&str] = &[
    ".git",
    ".github",
    ".gitlab",
    ".hg",
    ".idea",
    ".jj",
    ".obsidian",
    ".stfolder",
    ".svn",
    ".venv",
    ".vscode",
];

/// Holds what a walk found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Files with a name of a source, sorted by path.
    pub sources: Vec<PathBuf>,
    /// All other regular files, sorted by path: media perhaps.
    pub others: Vec<PathBuf>,
    /// What was left alone.
    pub skipped: Skipped,
    /// What could not be read, or is not followed.
    pub problems: Vec<WalkProblem>,
}

/// Counts what a walk left alone. What `.gitignore` excludes is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Hidden sources and folders (a name that begins with a dot; folders such as `.git` and `.obsidian` are not counted).
    pub hidden: usize,
    /// Backup copies: `a.md~`, `a.md.bak`, `#a.md#`, `a (conflicted copy).md`, folder `bak`.
    pub backups: usize,
    /// Template folders.
    pub templates: usize,
    /// Folders of outputs, by their usual name.
    pub outputs: usize,
    /// Pipes, sockets and devices with the name of a source.
    pub special: usize,
}

/// Is a path that a walk could not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WalkProblem {
    /// A symbolic link, which is not followed unless asked.
    Link(PathBuf),
    /// A link that leads nowhere.
    Dangling(PathBuf),
    /// A followed link that leads back to a folder above it.
    Loop(PathBuf),
    /// A name that is not UTF-8.
    Name(PathBuf),
    /// A folder or file that cannot be read, and why.
    Unreadable(PathBuf, String),
}

/// Says what to do with symbolic links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Links {
    /// Leave them and say so.
    #[default]
    Report,
    /// Follow them; each file once.
    Follow,
}

/// Returns whether files of that name are sources by themselves.
#[must_use]
pub fn is_source_name(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    matches!(extension.as_deref(), Some("md" | "markdown" | "txt" | "csv" | "tsv"))
}

/// Puts a file where it belongs.
pub(super) fn sort_in(found: &mut Found, path: PathBuf) {
    let source = path.file_name().and_then(|name| name.to_str()).is_some_and(is_source_name);
    if source { found.sources.push(path) } else { found.others.push(path) }
}

enum Reason {
    Hidden,
    Backup,
    Template,
    Output,
}

impl Skipped {
    fn add(&mut self, reason: &Reason, count: usize) {
        match reason {
            Reason::Hidden => self.hidden += count,
            Reason::Backup => self.backups += count,
            Reason::Template => self.templates += count,
            Reason::Output => self.outputs += count,
        }
    }
}

/// Says why an entry of that name is left alone.
fn reason(name: &str, folder: Folder) -> Option<Reason> {
    let lower = name.to_lowercase();
    if name.starts_with('.') {
        return Some(Reason::Hidden);
    }
    match folder {
        Folder::Yes => match lower.as_str() {
            "templates" | "template" | "_templates" => Some(Reason::Template),
            OUTPUTS => Some(Reason::Output),
            "bak" | "backup" | "backups" => Some(Reason::Backup),
            _ => None,
        },
        Folder::No => {
            let backup = lower.ends_with('~')
                || [".bak", ".orig", ".rej", ".swp", ".tmp"].iter().any(|end| lower.ends_with(end))
                || (lower.starts_with('#') && lower.ends_with('#'))
                || lower.contains("conflicted copy")
                || lower.contains(".sync-conflict-");
            backup.then_some(Reason::Backup)
        }
    }
}

#[derive(Clone, Copy)]
enum Folder {
    Yes,
    No,
}

/// Walks the real file system. `.gitignore` and `.ignore` files are respected, also outside a git checkout; the user's global
/// excludes are not, because a build must not depend on the machine.
pub(super) fn disk(folder: &Path, exclude: &[PathBuf], links: Links) -> io::Result<Found> {
    std::fs::read_dir(folder)?;
    let mut found = Found::default();
    let blocked = folder.ancestors().find_map(blocked_rules);
    if let Some(problem) = blocked {
        found.problems.push(problem);
        return Ok(found);
    }
    let mut builder = WalkBuilder::new(folder);
    builder
        .hidden(false)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .follow_links(links == Links::Follow)
        .sort_by_file_name(std::ffi::OsStr::cmp);
    let excluded: Vec<PathBuf> = exclude.to_vec();
    let folders = Arc::new(Mutex::new((Skipped::default(), Vec::new())));
    let left_alone = Arc::clone(&folders);
    // Folders that are left alone are not entered: they may be large, and what is in them is nobody's problem.
    builder.filter_entry(move |entry| {
        if excluded.iter().any(|path| entry.path() == path) {
            return false;
        }
        let is_folder = entry.depth() > 0 && entry.file_type().is_some_and(|kind| kind.is_dir());
        let name = entry.file_name().to_string_lossy();
        match reason(&name, Folder::Yes).filter(|_| is_folder) {
            Some(reason) => {
                let counted = usize::from(!TOOLS.contains(&&*name));
                left_alone.lock().unwrap_or_else(PoisonError::into_inner).0.add(&reason, counted);
                false
            }
            None if is_folder => {
                let blocked = blocked_rules(entry.path());
                let enter = blocked.is_none();
                left_alone.lock().unwrap_or_else(PoisonError::into_inner).1.extend(blocked);
                enter
            }
            None => true,
        }
    });
    for entry in builder.build() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.problems.push(unreadable(&error, folder));
                continue;
            }
        };
        if entry.depth() == 0 {
            continue;
        }
        let path = entry.path().to_path_buf();
        let Some(name) = entry.file_name().to_str() else {
            found.problems.push(WalkProblem::Name(path));
            continue;
        };
        let Some(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            continue;
        }
        if let Some(reason) = reason(name, Folder::No) {
            let stem = name.trim_end_matches('~').trim_matches('#');
            let counts = is_source_name(name) || is_source_name(stem) || stem.contains(".md");
            found.skipped.add(&reason, usize::from(counts));
        } else if kind.is_symlink() {
            if path.metadata().is_err() {
                found.problems.push(WalkProblem::Dangling(path));
            } else if is_source_name(name) || path.is_dir() {
                found.problems.push(WalkProblem::Link(path));
            }
        } else if kind.is_file() {
            sort_in(&mut found, path);
        } else {
            found.skipped.special += usize::from(is_source_name(name));
        }
    }
    let (folders, blocked) = std::mem::take(&mut *folders.lock().unwrap_or_else(PoisonError::into_inner));
    found.problems.extend(blocked);
    found.skipped.hidden += folders.hidden;
    found.skipped.backups += folders.backups;
    found.skipped.templates += folders.templates;
    found.skipped.outputs += folders.outputs;
    found.sources.sort();
    found.others.sort();
    if links == Links::Follow {
        found.sources = once(&found.sources);
    }
    Ok(found)
}

/// Returns the problem of a folder in which the rules of what to leave alone are a pipe or a device: to open it might never end.
fn blocked_rules(folder: &Path) -> Option<WalkProblem> {
    [".gitignore", ".ignore"].iter().map(|name| folder.join(name)).find_map(|path| {
        let kind = path.metadata().ok()?.file_type();
        let blocks = !kind.is_file() && !kind.is_dir();
        blocks.then(|| WalkProblem::Unreadable(path, "it is not a regular file".into()))
    })
}

/// Keeps each source once: under its own path where that was found, else under the first that leads to it.
fn once(paths: &[PathBuf]) -> Vec<PathBuf> {
    let real: Vec<PathBuf> =
        paths.iter().map(|path| path.canonicalize().unwrap_or_else(|_| path.clone())).collect();
    let own: BTreeSet<&PathBuf> =
        paths.iter().zip(&real).filter(|(path, real)| path == real).map(|(path, _)| path).collect();
    let mut first = BTreeSet::new();
    let mut kept = Vec::with_capacity(paths.len());
    for (path, real) in paths.iter().zip(&real) {
        if path == real || (!own.contains(real) && first.insert(real)) {
            kept.push(path.clone());
        }
    }
    kept
}

fn unreadable(error: &ignore::Error, folder: &Path) -> WalkProblem {
    let mut inner = error;
    let mut path = folder.to_path_buf();
    loop {
        match inner {
            ignore::Error::WithPath { path: at, err } => {
                path.clone_from(at);
                inner = err;
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => inner = err,
            ignore::Error::Loop { child, .. } => return WalkProblem::Loop(child.clone()),
            other => {
                let dangling =
                    path.symlink_metadata().is_ok_and(|at| at.is_symlink()) && path.metadata().is_err();
                return if dangling {
                    WalkProblem::Dangling(path)
                } else {
                    WalkProblem::Unreadable(path, other.to_string())
                };
            }
        }
    }
}
