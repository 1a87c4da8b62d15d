//! The media of a package: what they are called, and a checksum of each.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use prost::Message;
use sha1::{Digest, Sha1};
use zip::ZipArchive;
use zip::result::ZipError;

use super::ReadError;
use super::unpack::{Form, broken, form, no_package};
use crate::anki::protobuf::MediaEntries;

/// The most bytes of media that are read.
const MAX_MEDIA: u64 = 16 << 30;
/// The largest list of media.
const MAX_LIST: u64 = 64 << 20;

/// Returns the SHA-1 of each medium by name. A name that the list has and the package lacks is left out, as Anki does.
pub(super) fn sums<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
) -> Result<BTreeMap<String, [u8; 20]>, ReadError> {
    let form = form(archive)?;
    let mut sums = BTreeMap::new();
    let mut left = MAX_MEDIA;
    for (member, name) in list(archive, form)? {
        let file = match archive.by_name(&member) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => continue,
            Err(error) => return Err(no_package(error)),
        };
        let sum = match form {
            Form::Legacy1 | Form::Legacy2 => sum(file, &mut left)?,
            Form::Latest => sum(zstd::Decoder::new(file)?, &mut left)?,
        };
        sums.insert(name, sum);
    }
    Ok(sums)
}

/// Returns the members that are media, with their names.
fn list<R: Read + Seek>(archive: &mut ZipArchive<R>, form: Form) -> Result<Vec<(String, String)>, ReadError> {
    let mut bytes = Vec::new();
    match archive.by_name("media") {
        Ok(file) => match form {
            Form::Legacy1 | Form::Legacy2 => file.take(MAX_LIST).read_to_end(&mut bytes),
            Form::Latest => zstd::Decoder::new(file)?.take(MAX_LIST).read_to_end(&mut bytes),
        }
        .map_err(broken)?,
        Err(ZipError::FileNotFound) => return Ok(Vec::new()),
        Err(error) => return Err(no_package(error)),
    };
    let bad = |error: &dyn std::fmt::Display| {
        ReadError::Damaged(format!("its list of media cannot be read: {error}"))
    };
    match form {
        Form::Legacy1 | Form::Legacy2 => {
            let names: BTreeMap<String, String> =
                serde_json::from_slice(&bytes).map_err(|error| bad(&error))?;
            Ok(names.into_iter().collect())
        }
        Form::Latest => {
            let list = MediaEntries::decode(bytes.as_slice()).map_err(|error| bad(&error))?;
            let names = list.entries.into_iter().enumerate();
            Ok(names.map(|(member, entry)| (member.to_string(), entry.name)).collect())
        }
    }
}

fn sum(mut from: impl Read, left: &mut u64) -> Result<[u8; 20], ReadError> {
    let mut buffer = vec![0; 128 << 10];
    let mut hash = Sha1::new();
    loop {
        let length = from.read(&mut buffer).map_err(broken)?;
        if length == 0 {
            return Ok(hash.finalize().into());
        }
        *left = left
            .checked_sub(length as u64)
            .ok_or_else(|| ReadError::TooLarge(format!("its media are over {} GiB", MAX_MEDIA >> 30)))?;
        hash.update(&buffer[..length]);
    }
}
