//! The one door to the file system: reading sources and media, and writing outputs all at once.
//!
//! [`Files`] has two implementations, [`Disk`] and [`Memory`]. Writing goes through a [`Transaction`]: temporary files beside
//! their targets, synced, then renamed, so that a failed build leaves everything as it was.

mod disk;
mod inventory;
mod memory;
mod transaction;
mod walk;

use std::io::{self, Read};
use std::path::{Path, PathBuf};

pub use disk::Disk;
pub use inventory::Inventory;
pub use memory::Memory;
pub use transaction::{CommitError, Transaction, take_turn};
pub use walk::{Found, Links, OUTPUTS, Skipped, WalkProblem, is_source_name};

/// Reads files.
pub trait Files: Sync {
    /// Returns what stands at `path`, following links, without opening it.
    ///
    /// # Errors
    /// When nothing is there or it cannot be asked.
    fn entry(&self, path: &Path) -> io::Result<Entry>;

    /// Opens a regular file for reading.
    ///
    /// # Errors
    /// When it is no regular file, or cannot be opened.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>>;

    /// Returns the path without links, `.` and `..`.
    ///
    /// # Errors
    /// When a part of it is not there.
    fn canonical(&self, path: &Path) -> io::Result<PathBuf>;

    /// Returns all sources and other files below `folder`, sorted by path.
    ///
    /// # Errors
    /// When the folder cannot be read.
    fn walk(&self, folder: &Path, exclude: &[PathBuf], links: Links) -> io::Result<Found>;

    /// Returns the whole content of a regular file.
    ///
    /// # Errors
    /// As [`Files::open`].
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Is what stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its kind.
    pub kind: EntryKind,
    /// Its size in bytes.
    pub size: u64,
    /// Changes whenever the file does, as far as the file system tells: modification time in ns and inode.
    pub stamp: (i128, u64),
    /// The user whom it belongs to, where the system has such.
    pub owner: Option<u32>,
}

/// Says what kind of thing stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A device, a pipe, a socket.
    Other,
}
