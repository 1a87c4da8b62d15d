//! Writing several files as if at once.
//!
//! Each file is written to a temporary one in the target's own folder, so that the last step is a rename within one file
//! system. Nothing is visible before [`Transaction::commit`]. A temporary file is locked while its run lives, so that the
//! next run can tell a leftover of a killed one, and removes it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

const PREFIX: &str = ".deckc-";
const SUFFIX: &str = ".tmp";

/// Collects files until they are committed. Dropping it removes what was staged.
#[derive(Debug, Default)]
pub struct Transaction {
    staged: Vec<(NamedTempFile, PathBuf)>,
    swept: Vec<PathBuf>,
    synced: Synced,
}

/// Says whether all staged bytes are on the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Synced {
    #[default]
    No,
    Yes,
}

/// Says which file could not be written, and why.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`: {source}", path.display())]
pub struct CommitError {
    /// The target.
    pub path: PathBuf,
    /// The reason.
    #[source]
    pub source: io::Error,
}

impl Transaction {
    /// Begins a file that will stand at `target`; its folder is made where it is missing.
    ///
    /// # Errors
    /// When the target is a folder or a link, or the temporary file cannot be made.
    pub fn stage(&mut self, target: &Path) -> Result<&mut File, CommitError> {
        let fail = |source| CommitError { path: target.to_path_buf(), source };
        if let Ok(metadata) = fs::symlink_metadata(target)
            && !metadata.is_file()
        {
            let what = if metadata.is_dir() { "is a folder" } else { "is not a regular file" };
            return Err(fail(io::Error::new(io::ErrorKind::AlreadyExists, what)));
        }
        let folder = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        fs::create_dir_all(&folder).map_err(fail)?;
        self.sweep(&folder);
        let file = temporary(&folder).map_err(fail)?;
        self.staged.push((file, target.to_path_buf()));
        self.synced = Synced::No;
        Ok(self.staged.last_mut().expect("one was pushed").0.as_file_mut())
    }

    /// Returns the targets staged so far, in order.
    pub fn targets(&self) -> impl Iterator<Item = &Path> {
        self.staged.iter().map(|(_, target)| target.as_path())
    }

    /// Returns the staged files in order: where each lies now, and its target.
    pub fn staged(&self) -> impl Iterator<Item = (&Path, &Path)> {
        self.staged.iter().map(|(file, target)| (file.path(), target.as_path()))
    }

    /// Removes from `folder` what killed runs have left there, once for each folder.
    pub fn sweep(&mut self, folder: &Path) {
        if !self.swept.iter().any(|swept| swept == folder) {
            sweep(folder);
            self.swept.push(folder.to_path_buf());
        }
    }

    /// Brings all files to the disk, beside their targets: after this only renames are left to do.
    ///
    /// # Errors
    /// Names the first file that could not be written. Nothing has changed.
    pub fn sync(&mut self) -> Result<(), CommitError> {
        if self.synced == Synced::Yes {
            return Ok(());
        }
        for (file, path) in &self.staged {
            file.as_file().sync_all().map_err(|source| CommitError { path: path.clone(), source })?;
        }
        self.synced = Synced::Yes;
        Ok(())
    }

    /// Syncs all files, then renames them to their places in the order they were staged, then syncs their folders.
    ///
    /// # Errors
    /// Names the first file that could not be written. What was renamed before it is put back, as far as the file system keeps a second
    /// name for the old file.
    pub fn commit(mut self) -> Result<Vec<PathBuf>, CommitError> {
        self.sync()?;
        let mut written: Vec<PathBuf> = Vec::new();
        let mut former: Vec<Former> = Vec::new();
        for (file, path) in self.staged.drain(..) {
            former.push(Former::of(&path));
            if let Err(error) = file.persist(&path) {
                former.pop().into_iter().for_each(Former::forget);
                for (former, path) in former.into_iter().zip(&written).rev() {
                    former.put_back(path);
                }
                return Err(CommitError { path, source: error.error });
            }
            written.push(path);
        }
        former.into_iter().for_each(Former::forget);
        for folder in &self.swept {
            // Some network file systems cannot sync a folder; the rename itself has been done.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(written)
    }
}

/// Is what stood at a target before the commit.
enum Former {
    /// Nothing.
    Nothing,
    /// A file, under a second name until the commit is over.
    Kept(PathBuf),
    /// A file on a file system without second names: it cannot be put back.
    Lost,
}

impl Former {
    fn of(target: &Path) -> Former {
        if fs::symlink_metadata(target).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            return Former::Nothing;
        }
        let Some(name) = target.file_name() else { return Former::Lost };
        let mut second = OsString::from(PREFIX);
        second.push("former-");
        second.push(name);
        second.push(SUFFIX);
        let second = target.with_file_name(second);
        let linked = fs::hard_link(target, &second).or_else(|error| match error.kind() {
            // A killed run has left it.
            io::ErrorKind::AlreadyExists => {
                fs::remove_file(&second).and_then(|()| fs::hard_link(target, &second))
            }
            _ => Err(error),
        });
        if linked.is_ok() { Former::Kept(second) } else { Former::Lost }
    }

    /// Nothing more can be done where this fails, too: the first failure is the one to tell.
    fn put_back(self, target: &Path) {
        let _ = match self {
            Former::Nothing => fs::remove_file(target),
            Former::Kept(second) => fs::rename(second, target),
            Former::Lost => Ok(()),
        };
    }

    fn forget(self) {
        if let Former::Kept(second) = self {
            // A leftover is swept by the next run.
            let _ = fs::remove_file(second);
        }
    }
}

/// Waits until no other run is about to rename files into place beside the one ledger of `folder`; the turn ends when what is returned is
/// dropped, or the run is killed. Nothing where folders cannot be locked: there the last of two builds at once wins.
#[must_use]
pub fn take_turn(folder: &Path) -> Option<File> {
    let folder = File::open(folder).ok()?;
    folder.lock().ok()?;
    Some(folder)
}

/// Makes a temporary file in `folder` and locks it.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let file = builder().tempfile_in(folder)?;
        // Not every file system has locks; without one a leftover is only not swept.
        let locked = file.as_file().lock().is_ok();
        // Another run may have taken it for a leftover before it was locked, and removed it.
        if !locked || file.path().exists() {
            return Ok(file);
        }
    }
}

fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Removes temporary files of runs that were killed: those that nobody holds a lock on.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let ours = name.starts_with(PREFIX) && name.ends_with(SUFFIX);
        if ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let free = File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok());
            if free {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::Transaction;

    #[test]
    fn nothing_is_visible_before_the_commit_and_nothing_stays_after_a_drop() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let target = folder.path().join("out/a.txt");
        let mut transaction = Transaction::default();
        transaction.stage(&target).expect("stages").write_all(b"new").expect("writes");
        assert!(!target.exists());
        drop(transaction);
        assert_eq!(fs::read_dir(folder.path().join("out")).expect("folder").count(), 0);
    }

    #[test]
    fn a_commit_replaces_the_old_file_whole() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let target = folder.path().join("a.txt");
        fs::write(&target, "an old and longer text").expect("writes");
        let mut transaction = Transaction::default();
        transaction.stage(&target).expect("stages").write_all(b"new").expect("writes");
        transaction.commit().expect("commits");
        assert_eq!(fs::read_to_string(&target).expect("reads"), "new");
    }

    #[test]
    fn a_rename_that_fails_takes_the_ones_before_it_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let [ledger, fresh, output] =
            ["deckc.lock", "new.csv", "out.apkg"].map(|name| folder.path().join(name));
        fs::write(&ledger, "old ledger").expect("writes");
        let mut transaction = Transaction::default();
        for target in [&ledger, &fresh, &output] {
            transaction.stage(target).expect("stages").write_all(b"new").expect("writes");
        }
        // Somebody makes a folder there in the meantime.
        fs::create_dir_all(output.join("inner")).expect("a folder");
        assert_eq!(transaction.commit().expect_err("the last rename fails").path, output);
        assert_eq!(fs::read_to_string(&ledger).expect("reads"), "old ledger");
        let mut left: Vec<_> =
            fs::read_dir(folder.path()).expect("folder").flatten().map(|entry| entry.file_name()).collect();
        left.sort();
        assert_eq!(left, ["deckc.lock", "out.apkg"]);
    }

    #[test]
    fn a_leftover_of_a_killed_run_is_swept_and_a_living_one_is_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let leftover = folder.path().join(".deckc-abc.tmp");
        fs::write(&leftover, "half").expect("writes");
        let mut living = Transaction::default();
        living.stage(&folder.path().join("a")).expect("stages");
        let mut second = Transaction::default();
        second.stage(&folder.path().join("b")).expect("stages");
        assert!(!leftover.exists());
        living.commit().expect("the living run still has its file");
    }

    #[test]
    fn a_folder_at_the_target_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let error = Transaction::default().stage(folder.path()).expect_err("refused").to_string();
        assert!(error.ends_with("is a folder"), "{error}");
    }
}
