//! Where a build's files go: a folder, one file, or standard output.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};

use super::failure::Failure;
use crate::backend::{BACKENDS, Backend, Output, WriteSeek};
use crate::files::{CommitError, OUTPUTS, Transaction, is_source_name};

/// Endings of files that people expect and no built-in format writes. A folder of such a name would be a surprise.
const OTHERS: &[&str] = &["html", "md", "ods", "pdf", "tsv", "xlsx", "zip"];

/// Endings of files that no output may replace; why is said where it would.
const REFUSED: &[&str] = &["colpkg", "lock", "toml"];

/// Says where files go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Into a folder.
    Folder(PathBuf),
    /// To one file.
    File(PathBuf),
    /// To standard output.
    Stdout,
}

impl Target {
    /// Reads `--out`: `-`; a folder that is there or ends in a separator; a file that is there, or whose name ends as those of a format do;
    /// any other name is a folder's, with dots (`v1.2`) or without.
    ///
    /// # Errors
    /// When the name is that of a file of another kind than `backends` write.
    pub(super) fn new(out: &Path, backends: &[Box<dyn Backend>]) -> Result<Target, Failure> {
        if out == Path::new("-") {
            return Ok(Target::Stdout);
        }
        if out.is_dir() || out.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR]) {
            return Ok(Target::Folder(out.to_path_buf()));
        }
        let ending = out.extension().map(|end| end.to_string_lossy().to_lowercase()).unwrap_or_default();
        let own: Vec<Option<&str>> = backends.iter().map(|backend| backend.extension()).collect();
        // What an external program writes nobody knows here.
        let external = own.contains(&None);
        let is_own = own.contains(&Some(&ending));
        let known = BACKENDS.iter().any(|backend| backend.extension() == Some(&ending));
        let there = out.is_file() && !ending.is_empty();
        // What is there and may be a source is refused as one.
        let source = there && is_source_name(&out.to_string_lossy());
        if !external && !is_own && (known || (OTHERS.contains(&&*ending) && !source)) {
            return Err(Failure::Usage(of_another_kind(out, &ending, backends)));
        }
        let begins_as_word = ending.starts_with(|c: char| c.is_ascii_alphabetic());
        let file = is_own || there || REFUSED.contains(&&*ending) || (external && begins_as_word);
        Ok(if file { Target::File(out.to_path_buf()) } else { Target::Folder(out.to_path_buf()) })
    }
}

/// Says what else to write where `--out` names a file of a kind that no format of the run writes.
fn of_another_kind(out: &Path, ending: &str, backends: &[Box<dyn Backend>]) -> String {
    let names: Vec<&str> = backends.iter().map(|backend| backend.name()).collect();
    let mut help = String::new();
    if let [backend] = backends
        && let Some(extension) = backend.extension()
    {
        help = format!("`--out {}`", out.with_extension(extension).display());
    }
    let writer = BACKENDS.iter().find(|backend| backend.extension() == Some(ending));
    if let Some(writer) = writer {
        let or = if help.is_empty() { "" } else { " or " };
        help = format!("{help}{or}`--format {}`", writer.name());
    }
    let help = if help.is_empty() {
        "name a folder: `--out build-output/`".into()
    } else {
        format!("did you mean {help}?")
    };
    format!("`{}` is no name for what `{}` writes; {help}", out.display(), names.join(","))
}

/// Receives the files of all backends of a run.
pub(super) struct Sink<'a> {
    target: &'a Target,
    /// The folders that the next build walks.
    walked: Vec<PathBuf>,
    /// The folder of outputs that the configuration names, which no walk enters.
    outputs: Option<PathBuf>,
    /// The places of what the build reads, each with what it is.
    read: BTreeMap<String, &'static str>,
    /// The places of the files staged so far.
    taken: BTreeSet<String>,
    transaction: Transaction,
    /// For standard output: the one file's bytes.
    buffer: RefCell<Option<Vec<u8>>>,
    problem: Option<Problem>,
    /// The file that failed when it was closed, and how.
    failed: RefCell<Option<(PathBuf, io::Error)>>,
}

/// Says why a file cannot be part of the output although the machine would do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// Two files would stand at one place.
    Clash(PathBuf),
    /// There is more than one file, and the target is one.
    Many(String),
    /// Anki would take the name for a whole collection.
    Refused(PathBuf),
    /// It would stand among the sources, with the name of one.
    Source(PathBuf),
    /// The build itself reads it, as the thing that is named.
    Read(PathBuf, &'static str),
    /// The name leads out of the folder.
    Outside(String),
}

impl<'a> Sink<'a> {
    /// Returns a sink. `walked` are the folders, canonical, in which the next build looks for sources. `read` are the files that this
    /// one reads, with what each is: none is ever written over.
    pub(super) fn new(
        target: &'a Target,
        walked: Vec<PathBuf>,
        outputs: Option<PathBuf>,
        read: impl IntoIterator<Item = (PathBuf, &'static str)>,
    ) -> Self {
        let mut places = BTreeMap::new();
        for (path, what) in read {
            // Of a link both names are taken: its own, and what it leads to.
            if let Ok(real) = path.canonicalize() {
                places.insert(folded(&real), what);
            }
            places.insert(folded(&place(&path)), what);
        }
        Sink {
            target,
            walked,
            outputs,
            read: places,
            taken: BTreeSet::new(),
            transaction: Transaction::default(),
            buffer: RefCell::new(None),
            problem: None,
            failed: RefCell::new(None),
        }
    }

    /// Tells whether a build looks for sources where the file is to stand: below a walked folder, and not in a folder that every walk
    /// leaves alone. `--out` is none of those, for the next build may name another.
    fn is_walked(&self, path: &Path) -> bool {
        let path = place(path);
        let folder = path.parent().unwrap_or(&path);
        let own = self.outputs.as_deref().map(|out| out.canonicalize().unwrap_or_else(|_| place(out)));
        self.walked.iter().any(|walked| {
            let Ok(below) = folder.strip_prefix(walked) else { return false };
            let usual = below.iter().any(|part| part.eq_ignore_ascii_case(OUTPUTS));
            let configured = own
                .as_deref()
                .is_some_and(|out| out != walked && out.starts_with(walked) && folder.starts_with(out));
            !usual && !configured
        })
    }

    /// Returns the transaction, for a file that stands elsewhere.
    pub(super) fn transaction(&mut self) -> &mut Transaction {
        &mut self.transaction
    }

    /// Returns why the last `create` failed, where it was not the machine.
    pub(super) fn problem(&mut self) -> Option<Problem> {
        self.problem.take()
    }

    /// Brings everything to the disk; only renames are left to do. Returns the bytes for standard output.
    pub(super) fn prepare(&mut self) -> Result<Option<Vec<u8>>, CommitError> {
        if let Some((path, source)) = self.failed.take() {
            return Err(CommitError { path, source });
        }
        self.transaction.sync()?;
        Ok(self.buffer.take())
    }

    /// Ends the run: everything to its place. Returns the paths in the order they were written.
    pub(super) fn finish(self) -> Result<Vec<PathBuf>, CommitError> {
        self.transaction.commit()
    }

    fn refuse(&mut self, problem: Problem) -> io::Error {
        self.problem = Some(problem);
        io::Error::new(io::ErrorKind::InvalidInput, "the output name is refused")
    }
}

impl Output for Sink<'_> {
    fn create(&mut self, name: &str) -> io::Result<Box<dyn WriteSeek + '_>> {
        let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || name.is_empty() || name.contains(['\\', '\0', ':']) {
            return Err(self.refuse(Problem::Outside(name.to_owned())));
        }
        let path = match self.target {
            Target::Folder(folder) if leaves(folder, name) => {
                return Err(self.refuse(Problem::Outside(name.to_owned())));
            }
            Target::Folder(folder) => folder.join(name),
            Target::File(path) => {
                if self.transaction.targets().any(|staged| staged == path) {
                    return Err(self.refuse(Problem::Many(name.to_owned())));
                }
                path.clone()
            }
            Target::Stdout => {
                if self.buffer.borrow().is_some() {
                    return Err(self.refuse(Problem::Many(name.to_owned())));
                }
                *self.buffer.borrow_mut() = Some(Vec::new());
                return Ok(Box::new(Buffer { cursor: Cursor::new(Vec::new()), into: &self.buffer }));
            }
        };
        if crate::anki::output_name::replaces_collection(&path) {
            return Err(self.refuse(Problem::Refused(path)));
        }
        let key = folded(&place(&path));
        if let Some(what) = self.read.get(&key).copied() {
            return Err(self.refuse(Problem::Read(path, what)));
        }
        if is_source_name(&path.to_string_lossy()) && self.is_walked(&path) {
            return Err(self.refuse(Problem::Source(path)));
        }
        if !self.taken.insert(key) {
            return Err(self.refuse(Problem::Clash(path)));
        }
        let shown = path.display().to_string();
        match self.transaction.stage(&path) {
            Ok(file) => Ok(Box::new(Buffered {
                file: io::BufWriter::with_capacity(1 << 18, file),
                path,
                failed: &self.failed,
                shown,
            })),
            Err(error) => Err(named(&shown, &error.source)),
        }
    }
}

/// Returns where a file stands or would stand: the folders above it without links, and its own name.
fn place(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let Some(parent) = absolute.parent() else { return absolute };
    for folder in parent.ancestors() {
        // What is not there yet will be made, as a folder.
        if let (Ok(real), Ok(rest)) = (folder.canonicalize(), absolute.strip_prefix(folder)) {
            return rest.components().fold(real, |mut place, part| {
                if part == Component::ParentDir {
                    place.pop();
                } else {
                    place.push(part);
                }
                place
            });
        }
    }
    absolute
}

/// Some file systems take names that differ in case for one.
fn folded(path: &Path) -> String {
    path.to_string_lossy().to_lowercase()
}

/// Returns whether a link below the folder leads the name out of it. The folder itself may be a link.
fn leaves(folder: &Path, name: &str) -> bool {
    let Ok(inside) = folder.canonicalize() else { return false };
    let Some(parent) = Path::new(name).parent() else { return false };
    let mut reached = inside.clone();
    for part in parent.components() {
        // What is not there yet will be made, as a folder.
        match reached.join(part).canonicalize() {
            Ok(next) => reached = next,
            Err(_) if reached.join(part).symlink_metadata().is_ok() => return true,
            Err(_) => return false,
        }
        if !reached.starts_with(&inside) {
            return true;
        }
    }
    false
}

/// Is a file whose last bytes are written when it is dropped; a failure then is kept for [`Sink::prepare`].
struct Buffered<'a> {
    file: io::BufWriter<&'a mut std::fs::File>,
    path: PathBuf,
    failed: &'a RefCell<Option<(PathBuf, io::Error)>>,
    /// The path, for messages.
    shown: String,
}

/// Returns the error with the path in its text.
fn named(shown: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write `{shown}`: {error}"))
}

impl Write for Buffered<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).map_err(|error| named(&self.shown, &error))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush().map_err(|error| named(&self.shown, &error))
    }
}

impl Seek for Buffered<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Drop for Buffered<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.file.flush() {
            self.failed.borrow_mut().get_or_insert((std::mem::take(&mut self.path), error));
        }
    }
}

/// Collects a file for standard output and hands it over when it is dropped.
struct Buffer<'a> {
    cursor: Cursor<Vec<u8>>,
    into: &'a RefCell<Option<Vec<u8>>>,
}

impl Write for Buffer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.cursor.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Buffer<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.cursor.seek(to)
    }
}

impl Drop for Buffer<'_> {
    fn drop(&mut self) {
        *self.into.borrow_mut() = Some(std::mem::take(self.cursor.get_mut()));
    }
}
