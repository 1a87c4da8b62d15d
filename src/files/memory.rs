//! Files that exist only in memory: standard input, and tests that need no disk.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::path::{Component, Path, PathBuf};

use super::{Entry, EntryKind, Files, Found, Links, walk};

/// Holds files by path. Folders exist where a file lies below them.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Memory {
    /// Returns the same files and one more.
    #[must_use]
    pub fn with(mut self, path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), content.into());
        self
    }

    fn get(&self, path: &Path) -> io::Result<&Vec<u8>> {
        self.files.get(&normal(path)).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

impl Files for Memory {
    fn entry(&self, path: &Path) -> io::Result<Entry> {
        if let Ok(content) = self.get(path) {
            return Ok(Entry {
                kind: EntryKind::File,
                size: content.len() as u64,
                stamp: (0, 0),
                owner: None,
            });
        }
        let folder = normal(path);
        if self.files.keys().any(|file| file.starts_with(&folder)) {
            return Ok(Entry { kind: EntryKind::Folder, size: 0, stamp: (0, 0), owner: None });
        }
        Err(io::Error::from(io::ErrorKind::NotFound))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.get(path)?.clone())))
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.entry(path)?;
        Ok(normal(path))
    }

    fn walk(&self, folder: &Path, exclude: &[PathBuf], _: Links) -> io::Result<Found> {
        let folder = normal(folder);
        let mut found = Found::default();
        for path in self.files.keys().filter(|path| path.starts_with(&folder)) {
            if !exclude.iter().any(|excluded| path.starts_with(excluded)) {
                walk::sort_in(&mut found, path.clone());
            }
        }
        Ok(found)
    }
}

fn normal(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => parts.push(part),
        }
    }
    parts
}
