//! From a package to its database on disk, counting bytes while unpacking.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use prost::Message;
use zip::ZipArchive;
use zip::result::ZipError;

use super::ReadError;
use crate::anki::protobuf::PackageMetadata;

/// The largest collection that is unpacked: AnkiWeb takes 250 MB.
const MAX_COLLECTION: u64 = 2 << 30;
/// The most members of a package.
const MAX_MEMBERS: usize = 100_000;

/// Is one of the three forms of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `collection.anki2`
    Legacy1,
    /// `collection.anki21`
    Legacy2,
    /// `collection.anki21b` and media, all compressed by Zstandard.
    Latest,
}

/// Opens a package as the archive that it is.
pub(super) fn archive<R: Read + Seek>(package: R) -> Result<ZipArchive<R>, ReadError> {
    let archive = ZipArchive::new(package).map_err(no_package)?;
    if archive.len() > MAX_MEMBERS {
        return Err(ReadError::TooLarge(format!("it has {} members, over {MAX_MEMBERS}", archive.len())));
    }
    Ok(archive)
}

/// Returns the form of a package, chosen as Anki does.
pub(super) fn form<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Form, ReadError> {
    match version(archive)? {
        Some(1) => Ok(Form::Legacy1),
        Some(2) => Ok(Form::Legacy2),
        Some(3) => Ok(Form::Latest),
        Some(other) => {
            Err(ReadError::Damaged(format!("it has version {other}, which this deckc cannot read")))
        }
        None if archive.index_for_name("collection.anki21").is_some() => Ok(Form::Legacy2),
        None => Ok(Form::Legacy1),
    }
}

/// Writes the collection of a package to `target`.
pub(super) fn collection<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    target: &Path,
) -> Result<(), ReadError> {
    let form = form(archive)?;
    let member = match form {
        Form::Legacy1 => "collection.anki2",
        Form::Legacy2 => "collection.anki21",
        Form::Latest => "collection.anki21b",
    };
    let mut file = archive.by_name(member).map_err(|error| match error {
        ZipError::FileNotFound => ReadError::Damaged("it is a zip file, but no Anki package".into()),
        error => no_package(error),
    })?;
    let mut target = File::create(target)?;
    match form {
        Form::Legacy1 | Form::Legacy2 => copy(&mut file, &mut target),
        Form::Latest => copy(&mut zstd::Decoder::new(file)?, &mut target),
    }
}

fn version<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Option<u32>, ReadError> {
    match archive.by_name("meta") {
        Ok(mut meta) => {
            let mut bytes = Vec::new();
            meta.by_ref().take(1024).read_to_end(&mut bytes).map_err(broken)?;
            let metadata = PackageMetadata::decode(bytes.as_slice())
                .map_err(|error| ReadError::Damaged(format!("its member `meta` is broken: {error}")))?;
            Ok(Some(metadata.version))
        }
        Err(ZipError::FileNotFound) => Ok(None),
        Err(error) => Err(no_package(error)),
    }
}

fn copy(from: &mut dyn Read, to: &mut dyn Write) -> Result<(), ReadError> {
    let mut buffer = vec![0; 128 << 10];
    let mut left = MAX_COLLECTION;
    loop {
        let length = from.read(&mut buffer).map_err(broken)?;
        if length == 0 {
            return Ok(());
        }
        left = left.checked_sub(length as u64).ok_or_else(|| {
            ReadError::TooLarge(format!("its collection is over {} GiB", MAX_COLLECTION >> 30))
        })?;
        // A full disk says nothing about the package.
        to.write_all(&buffer[..length]).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot unpack it to the temporary folder: {error}"))
        })?;
    }
}

#[expect(clippy::needless_pass_by_value, reason = "its callers pass it to `map_err`")]
pub(super) fn broken(error: io::Error) -> ReadError {
    ReadError::Damaged(format!("it is damaged: {error}"))
}

pub(super) fn no_package(error: ZipError) -> ReadError {
    match error {
        ZipError::Io(error) => ReadError::Io(error),
        error => ReadError::Damaged(format!("it is no Anki package: {error}")),
    }
}
