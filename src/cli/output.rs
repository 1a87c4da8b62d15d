//! Where a build's files go: a folder, one file, or standard output.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};

use crate::backend::{Output, WriteSeek};
use crate::files::{CommitError, OUTPUTS, Transaction, is_source_name};

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
    /// Reads `--out`: `-`, a folder that is there or ends in a separator or has no extension, else a file.
    pub(super) fn new(out: &Path) -> Target {
        if out == Path::new("-") {
            return Target::Stdout;
        }
        let text = out.to_string_lossy();
        let folder =
            out.is_dir() || text.ends_with(['/', std::path::MAIN_SEPARATOR]) || out.extension().is_none();
        if folder { Target::Folder(out.to_path_buf()) } else { Target::File(out.to_path_buf()) }
    }
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
