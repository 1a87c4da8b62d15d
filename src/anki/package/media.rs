//! Media on their way into the package: never whole in memory, compared with what they were announced as.

use std::io::{self, Read, Write};

use sha1::{Digest, Sha1};

use super::{MediaEntry, WriteError};

/// How much of a medium is in memory at a time, in bytes.
const BUFFER: usize = 128 * 1024;

/// Extensions of files whose content is not compressed already.
const COMPRESSIBLE: [&str; 15] = [
    "aif", "aiff", "bmp", "css", "csv", "eps", "htm", "html", "js", "json", "svg", "tif", "tiff", "ttf",
    "wav",
];

/// Tells whether compressing such a file is worth the time, by its extension.
pub(super) fn compresses(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| COMPRESSIBLE.contains(&extension.to_ascii_lowercase().as_str()))
}

/// Copies a medium.
pub(super) fn copy(
    entry: &MediaEntry,
    mut from: Box<dyn Read>,
    to: &mut impl Write,
) -> Result<(), WriteError> {
    let mut buffer = vec![0; BUFFER];
    let mut hash = Sha1::new();
    let mut size = 0_u64;
    let changed = || WriteError::MediumChanged { name: entry.name.clone() };
    loop {
        let length = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(source) => return Err(WriteError::Medium { name: entry.name.clone(), source }),
        };
        size += length as u64;
        if size > entry.size {
            return Err(changed());
        }
        hash.update(&buffer[..length]);
        to.write_all(&buffer[..length])?;
    }
    let sha1: [u8; 20] = hash.finalize().into();
    if size == entry.size && sha1 == entry.sha1 { Ok(()) } else { Err(changed()) }
}
