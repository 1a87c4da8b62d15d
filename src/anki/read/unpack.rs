//! From a package to its database on disk, counting bytes while unpacking.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use prost::Message;
use zip::ZipArchive;
use zip::result::ZipError;

use super::ReadError;

/// The largest collection that is unpacked: AnkiWeb takes 250 MB.
const MAX_COLLECTION: u64 = 2 << 30;
/// The most members of a package.
const MAX_MEMBERS: usize = 100_000;

#[derive(Clone, PartialEq, Message)]
struct Metadata {
    #[prost(int32, tag = "1")]
    version: i32,
}

/// Writes the collection of a package to `target`, choosing the member as Anki does.
pub(super) fn collection<R: Read + Seek>(package: R, target: &Path) -> Result<(), ReadError> {
    let mut archive = ZipArchive::new(package).map_err(no_package)?;
    if archive.len() > MAX_MEMBERS {
        return Err(ReadError::TooLarge(format!("it has {} members, over {MAX_MEMBERS}", archive.len())));
    }
    let member = match version(&mut archive)? {
        Some(1) => "collection.anki2",
        Some(2) => "collection.anki21",
        Some(3) => "collection.anki21b",
        Some(other) => {
            return Err(ReadError::Damaged(format!("it has version {other}, which this deckc cannot read")));
        }
        None if archive.index_for_name("collection.anki21").is_some() => "collection.anki21",
        None => "collection.anki2",
    };
    let file = archive.by_name(member).map_err(|error| match error {
        ZipError::FileNotFound => ReadError::Damaged("it is a zip file, but no Anki package".into()),
        error => no_package(error),
    })?;
    let mut target = File::create(target)?;
    if member == "collection.anki21b" {
        copy(&mut zstd::Decoder::new(file)?, &mut target)
    } else {
        let mut file = file;
        copy(&mut file, &mut target)
    }
}

fn version<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Option<i32>, ReadError> {
    match archive.by_name("meta") {
        Ok(mut meta) => {
            let mut bytes = Vec::new();
            meta.by_ref().take(1024).read_to_end(&mut bytes).map_err(broken)?;
            let metadata = Metadata::decode(bytes.as_slice())
                .map_err(|error| ReadError::Damaged(format!("its member `meta` is broken: {error}")))?;
            Ok(Some(metadata.version))
        }
        Err(ZipError::FileNotFound) => Ok(None),
        Err(error) => Err(no_package(error)),
    }
}

fn copy(from: &mut dyn Read, to: &mut dyn Write) -> Result<(), ReadError> {
    let copied = io::copy(&mut from.take(MAX_COLLECTION + 1), to).map_err(broken)?;
    if copied > MAX_COLLECTION {
        return Err(ReadError::TooLarge(format!("its collection is over {} GiB", MAX_COLLECTION >> 30)));
    }
    Ok(())
}

fn broken(error: io::Error) -> ReadError {
    ReadError::Damaged(format!("it is damaged: {error}"))
}

fn no_package(error: ZipError) -> ReadError {
    match error {
        ZipError::Io(error) => ReadError::Io(error),
        error => ReadError::Damaged(format!("it is no Anki package: {error}")),
    }
}
