//! The real file system.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{Entry, EntryKind, Files, Found, Links, walk};

/// Reads the real file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn entry(&self, path: &Path) -> io::Result<Entry> {
        Ok(describe(&fs::metadata(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        // Asked before opening: opening a pipe without a writer would block for ever.
        match self.entry(path)?.kind {
            EntryKind::File => Ok(Box::new(fs::File::open(path)?)),
            EntryKind::Folder => Err(io::Error::new(io::ErrorKind::IsADirectory, "is a folder")),
            EntryKind::Other => Err(io::Error::new(io::ErrorKind::InvalidInput, "is not a regular file")),
        }
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn walk(&self, folder: &Path, exclude: &[PathBuf], links: Links) -> io::Result<Found> {
        walk::disk(folder, exclude, links)
    }
}

fn describe(metadata: &fs::Metadata) -> Entry {
    let kind = if metadata.is_file() {
        EntryKind::File
    } else if metadata.is_dir() {
        EntryKind::Folder
    } else {
        EntryKind::Other
    };
    let modified = metadata.modified().ok().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    });
    Entry { kind, size: metadata.len(), stamp: (modified, inode(metadata)), owner: owner(metadata) }
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
fn owner(metadata: &fs::Metadata) -> Option<u32> {
    Some(std::os::unix::fs::MetadataExt::uid(metadata))
}

#[cfg(not(unix))]
fn owner(_: &fs::Metadata) -> Option<u32> {
    None
}

#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> u64 {
    0
}
