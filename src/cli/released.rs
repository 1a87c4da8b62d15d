//! Releases that are there: which package a path names, what the last release holds, and whether it is whole.

use std::fs::File;
use std::io::{self, BufReader, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::failure::Failure;
use super::printer::Printer;
use crate::anki::read::{Contents, ReadError, contents};
use crate::diagnostic::{Code, Diagnostic};
use crate::diff::Side;
use crate::files::{Disk, Files as _, is_source_name};
use crate::hex;
use crate::project::shown;
use crate::release::{CHANGELOG, FileEntry, KEPT, MANIFEST, Manifest};
use crate::version;

/// Is the last release.
pub(super) struct Last {
    /// Its package and what is in it, where it has one.
    pub package: Option<(PathBuf, Side)>,
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
    /// A run was killed between its last two renames: the kept package is that of the release before.
    No,
}

impl Last {
    /// Returns what the release is called: in its manifest, else in the description of a deck.
    pub(super) fn version(&self) -> Option<&str> {
        let said = self.manifest.as_ref().map(|manifest| manifest.version.as_str());
        let described = || {
            let (_, package) = self.package.as_ref()?;
            package.full()?.decks.values().find_map(|deck| version::split(&deck.description).1)
        };
        said.or_else(described)
    }

    /// Returns when something in it last changed, in s since 1970.
    pub(super) fn newest(&self) -> i64 {
        let contents = self.package.iter().filter_map(|(_, package)| package.full());
        let notes = contents.flat_map(|contents| &contents.notes);
        let built = self.manifest.as_ref().map_or(0, |manifest| manifest.time);
        notes.map(|note| note.modified).max().unwrap_or(0).max(built)
    }
}

/// Finds the last release: the named one, which has to be whole, else the one that stands where this one goes.
pub(super) fn find(named: Option<&Path>, out: &Path, printer: &Printer) -> Result<Option<Last>, Failure> {
    match named {
        Some(path) if path.is_dir() => {
            if Disk.entry(&path.join(MANIFEST)).is_ok() {
                fetched(path, printer).map(Some)
            } else {
                alone(&only_package(path, printer)?, printer).map(Some)
            }
        }
        Some(path) => {
            let mut last = alone(path, printer)?;
            let beside = path.parent().map(|folder| folder.join(MANIFEST));
            let text = beside.and_then(|manifest| Disk.read(&manifest).ok()).unwrap_or_default();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let lists = |manifest: &Manifest| {
                manifest.package().is_some_and(|package| package.name == name && is_intact(path, package))
            };
            last.manifest = Manifest::parse(&String::from_utf8_lossy(&text)).ok().filter(lists);
            Ok(Some(last))
        }
        None if Disk.entry(&out.join(MANIFEST)).is_ok() => here(out, printer).map(Some),
        None => Ok(None),
    }
}

/// Returns the package of the release in a folder; nothing where the folder is none of a release.
pub(super) fn package_in(folder: &Path, printer: &Printer) -> Result<Option<PathBuf>, Failure> {
    if Disk.entry(&folder.join(MANIFEST)).is_ok() {
        let manifest = read(&folder.join(MANIFEST), printer)?;
        let Some(entry) = manifest.package() else {
            let message = format!("the release in `{}` has no package to compare with", shown(folder));
            return Err(Failure::Usage(message));
        };
        let kept = folder.join(KEPT);
        return Ok(Some(if is_intact(&kept, entry) { kept } else { folder.join(&entry.name) }));
    }
    let names: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_or_else(|_| Vec::new(), |entries| entries.flatten().map(|entry| entry.path()).collect());
    let is_source = |path: &PathBuf| {
        path.is_dir() || (is_source_name(&path.to_string_lossy()) && !path.ends_with(CHANGELOG))
    };
    let mut packages = names.iter().filter(|path| is_package(path));
    match (packages.next(), packages.next()) {
        (Some(package), None) if !names.iter().any(is_source) => Ok(Some(package.clone())),
        (Some(_) | None, _) => Ok(None),
    }
}

/// Reads a package, with its media.
pub(super) fn package(path: &Path, printer: &Printer) -> Result<Contents, Failure> {
    let shown = path.display().to_string();
    let fail = |error| Failure::Machine(format!("cannot read `{shown}`"), error);
    let file = File::open(path).map_err(fail)?;
    match contents(BufReader::new(file)) {
        Ok(contents) => Ok(contents),
        Err(ReadError::Io(error)) => Err(fail(error)),
        Err(error @ (ReadError::Damaged(_) | ReadError::TooLarge(_))) => {
            let message = format!("the package cannot be compared: {error}");
            let help = "name an `.apkg` file that Anki or deckc wrote, a folder of notes, or a `deckc.lock`";
            printer.one(Diagnostic::in_file(Code::BaselineInvalid, shown, None, message).help(help))?;
            Err(Failure::Reported)
        }
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
    let side = Side::package(shown(path), package(path, printer)?);
    Ok(Last { package: Some((path.to_path_buf(), side)), manifest: None, whole: Whole::Yes })
}

/// The release in a folder that somebody fetched: every file of it that is there has to be as its manifest says.
fn fetched(folder: &Path, printer: &Printer) -> Result<Last, Failure> {
    let manifest = read(&folder.join(MANIFEST), printer)?;
    let damage = |file: &&FileEntry| {
        let path = folder.join(&file.name);
        Disk.entry(&path).is_ok() && !is_intact(&path, file)
    };
    if let Some(file) = manifest.files.iter().find(damage) {
        let message = format!("`{}` is not the file that `manifest.json` lists", file.name);
        return Err(damaged(folder, &message, printer)?);
    }
    let package = match manifest.package() {
        None => None,
        Some(entry) => {
            let path = folder.join(&entry.name);
            if Disk.entry(&path).is_err() {
                let message = format!("the package `{}` that `manifest.json` lists is missing", entry.name);
                return Err(damaged(folder, &message, printer)?);
            }
            let side = Side::package(shown(&path), package(&path, printer)?);
            Some((path, side))
        }
    };
    Ok(Last { package, manifest: Some(manifest), whole: Whole::Yes })
}

/// The release in the output folder, where builds may have written since. Its package is kept beside, under a name that no format has.
fn here(folder: &Path, printer: &Printer) -> Result<Last, Failure> {
    let manifest = read(&folder.join(MANIFEST), printer)?;
    let Some(entry) = manifest.package() else {
        return Ok(Last { package: None, manifest: Some(manifest), whole: Whole::Yes });
    };
    let (kept, listed) = (folder.join(KEPT), folder.join(&entry.name));
    let (path, whole) = if is_intact(&kept, entry) {
        (kept, Whole::Yes)
    } else if is_intact(&listed, entry) {
        (listed, Whole::Yes)
    } else if Disk.entry(&kept).is_ok() {
        (kept, Whole::No)
    } else {
        let message = format!("`{}` is not the package that `manifest.json` lists", entry.name);
        return Err(damaged(folder, &message, printer)?);
    };
    let side = Side::package(shown(&path), package(&path, printer)?);
    Ok(Last { package: Some((path, side)), manifest: Some(manifest), whole })
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
    packages.retain(|path| is_package(path));
    packages.sort();
    match packages.as_slice() {
        [package] => Ok(package.clone()),
        [] => Err(damaged(folder, "the folder holds neither `manifest.json` nor a package", printer)?),
        [_, ..] => Err(damaged(folder, "the folder holds several packages and no `manifest.json`", printer)?),
    }
}

/// Reports what is wrong; the failure is to be returned.
fn damaged(path: &Path, message: &str, printer: &Printer) -> Result<Failure, Failure> {
    let help = "fetch the last release again, with all of its files, and name it with `--baseline`";
    printer.one(Diagnostic::in_file(Code::BaselineDamaged, shown(path), None, message).help(help))?;
    Ok(Failure::Reported)
}

/// Tells whether a path is that of a package; the kept copy is none of a release.
fn is_package(path: &Path) -> bool {
    !path.ends_with(KEPT) && path.extension().is_some_and(|extension| extension == "apkg")
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
