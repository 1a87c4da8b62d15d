//! The last release: where it is, what it holds, and whether it is whole.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::super::diff::package;
use super::super::failure::Failure;
use super::super::printer::Printer;
use crate::anki::read::Contents;
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{Disk, Files as _};
use crate::hex;
use crate::project::shown;
use crate::release::{FileEntry, MANIFEST, Manifest};
use crate::version;

/// Is the last release.
pub(super) struct Last {
    /// Its package and what is in it, where it has one.
    pub package: Option<(PathBuf, Contents)>,
    /// What it says about itself, where it does.
    pub manifest: Option<Manifest>,
    /// Whether its files are those that its manifest lists.
    pub whole: Whole,
}

/// Says whether a release is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// It is.
    Yes,
    /// A run was killed between two renames: it has files of two releases.
    No,
}

impl Last {
    /// Returns what the release is called: in its manifest, else in the description of a deck.
    pub(super) fn version(&self) -> Option<&str> {
        let said = self.manifest.as_ref().map(|manifest| manifest.version.as_str());
        let described = || {
            let (_, contents) = self.package.as_ref()?;
            contents.decks.values().find_map(|deck| version::split(&deck.description).1)
        };
        said.or_else(described)
    }

    /// Returns when something in it last changed, in s since 1970.
    pub(super) fn newest(&self) -> i64 {
        let notes = self.package.iter().flat_map(|(_, contents)| &contents.notes);
        let built = self.manifest.as_ref().map_or(0, |manifest| manifest.time);
        notes.map(|note| note.modified).max().unwrap_or(0).max(built)
    }
}

/// Finds the last release: the named one, which has to be whole, else the one that stands where this one goes.
pub(super) fn find(named: Option<&Path>, out: &Path, printer: &Printer) -> Result<Option<Last>, Failure> {
    match named {
        Some(path) if path.is_dir() => {
            let last = if Disk.entry(&path.join(MANIFEST)).is_ok() {
                in_folder(path, printer)?
            } else {
                alone(&only_package(path, printer)?, printer)?
            };
            if last.whole == Whole::No {
                let message = "the package is not the one that `manifest.json` lists";
                return Err(damaged(path, message, printer)?);
            }
            Ok(Some(last))
        }
        Some(path) => {
            let beside = path.parent().map(|folder| folder.join(MANIFEST)).filter(|path| path.is_file());
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let listed = match beside {
                Some(manifest) => read(&manifest, printer).ok(),
                None => None,
            };
            let lists = |manifest: &Manifest| {
                manifest.package().is_some_and(|package| package.name == name && is_intact(path, package))
            };
            let mut last = alone(path, printer)?;
            last.manifest = listed.filter(lists);
            Ok(Some(last))
        }
        None if Disk.entry(&out.join(MANIFEST)).is_ok() => in_folder(out, printer).map(Some),
        None => Ok(None),
    }
}

/// A package without a manifest.
fn alone(path: &Path, printer: &Printer) -> Result<Last, Failure> {
    if Disk.entry(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        let message = format!(
            "the baseline `{}` is not there; without `--baseline` the release is a first one",
            path.display()
        );
        return Err(Failure::Usage(message));
    }
    let contents = package(path, printer)?;
    Ok(Last { package: Some((path.to_path_buf(), contents)), manifest: None, whole: Whole::Yes })
}

fn in_folder(folder: &Path, printer: &Printer) -> Result<Last, Failure> {
    let manifest = read(&folder.join(MANIFEST), printer)?;
    let Some(entry) = manifest.package() else {
        return Ok(Last { package: None, manifest: Some(manifest), whole: Whole::Yes });
    };
    let path = folder.join(&entry.name);
    if Disk.entry(&path).is_err() {
        let message = format!("the package `{}` that `manifest.json` lists is missing", entry.name);
        return Err(damaged(folder, &message, printer)?);
    }
    let whole = if is_intact(&path, entry) { Whole::Yes } else { Whole::No };
    let contents = package(&path, printer)?;
    Ok(Last { package: Some((path, contents)), manifest: Some(manifest), whole })
}

fn read(path: &Path, printer: &Printer) -> Result<Manifest, Failure> {
    let bytes =
        Disk.read(path).map_err(|error| Failure::Machine(format!("cannot read `{}`", shown(path)), error))?;
    match Manifest::parse(&String::from_utf8_lossy(&bytes)) {
        Ok(manifest) => Ok(manifest),
        Err(reason) => Err(damaged(path, &format!("the manifest cannot be read: {reason}"), printer)?),
    }
}

/// Returns the one package of a folder without a manifest.
fn only_package(folder: &Path, printer: &Printer) -> Result<PathBuf, Failure> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| Failure::Machine(format!("cannot read `{}`", shown(folder)), error))?;
    let mut packages: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    packages.retain(|path| path.extension().is_some_and(|extension| extension == "apkg"));
    packages.sort();
    match packages.as_slice() {
        [package] => Ok(package.clone()),
        [] => Err(damaged(folder, "the folder holds neither `manifest.json` nor a package", printer)?),
        [_, ..] => Err(damaged(folder, "the folder holds several packages and no `manifest.json`", printer)?),
    }
}

/// Reports what is wrong; the failure is to be returned.
fn damaged(path: &Path, message: &str, printer: &Printer) -> Result<Failure, Failure> {
    let help = "fetch the last release again, with all of its files";
    printer.one(Diagnostic::in_file(Code::BaselineDamaged, shown(path), None, message).help(help))?;
    Ok(Failure::Reported)
}

fn is_intact(path: &Path, entry: &FileEntry) -> bool {
    sum(path).is_ok_and(|(size, sha256)| size == entry.size && sha256 == entry.sha256)
}

/// Returns the size of a file and the SHA-256 of its bytes in hex.
pub(super) fn sum(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 128 << 10];
    let (mut hash, mut size) = (Sha256::new(), 0);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((size, hex::of(&hash.finalize()))),
            length => {
                size += length as u64;
                hash.update(&buffer[..length]);
            }
        }
    }
}
