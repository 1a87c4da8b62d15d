//! Reads a medium once, in pieces, for its hashes.

use std::io::Read as _;
use std::path::Path;

use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::inspect::Svg;
use super::{Finding, MAX_SIZE};
use crate::diagnostic::Code;
use crate::files::{EntryKind, Files};

/// How many bytes of the beginning are kept to tell what a file is.
const HEAD: usize = 4096;

/// Is what one reading of a file tells.
pub(super) struct Hashed {
    pub size: u64,
    pub sha256: [u8; 32],
    pub sha1: [u8; 20],
    pub head: Vec<u8>,
    /// What of an SVG runs, or loads from elsewhere.
    pub active: Option<&'static str>,
}

/// Hashes the file, never holding all of it. A device or a pipe is not opened, and a file over the limit is not read.
pub(super) fn file(path: &Path, relative: &str, files: &dyn Files) -> Result<Hashed, Finding> {
    let unreadable = |error: std::io::Error| {
        Finding::new(
            Code::MediaNotRegular,
            format!("`{relative}` cannot be read: {error}"),
            "make the file readable",
        )
    };
    let before = files.entry(path).map_err(unreadable)?;
    match before.kind {
        EntryKind::File => {}
        EntryKind::Folder => {
            let message = format!("`{relative}` is a folder");
            return Err(Finding::new(Code::MediaNotRegular, message, "name a file"));
        }
        EntryKind::Other => {
            let message = format!("`{relative}` is not a regular file");
            return Err(Finding::new(
                Code::MediaNotRegular,
                message,
                "name a regular file: devices and pipes are refused",
            ));
        }
    }
    if before.size > MAX_SIZE {
        let message =
            format!("`{relative}` has {} MiB, over the limit of {} MiB", before.size >> 20, MAX_SIZE >> 20);
        return Err(Finding::new(
            Code::MediaTooLarge,
            message,
            "make it smaller: Anki does not sync larger files",
        ));
    }
    let mut reader = files.open(path).map_err(unreadable)?;
    let (mut sha256, mut sha1) = (Sha256::new(), Sha1::new());
    let mut head = Vec::new();
    let is_svg = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("svg"));
    let mut svg = Svg::default();
    let mut size = 0_u64;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(unreadable(error)),
        };
        size += count as u64;
        if size > MAX_SIZE {
            break;
        }
        head.extend_from_slice(&buffer[..count.min(HEAD - head.len().min(HEAD))]);
        if is_svg {
            svg.look(&buffer[..count]);
        }
        sha256.update(&buffer[..count]);
        sha1.update(&buffer[..count]);
    }
    if size != before.size || files.entry(path).map_err(unreadable)? != before {
        let message = format!("`{relative}` changed while it was read");
        return Err(Finding::new(Code::MediaChanged, message, "build again when nothing writes to it"));
    }
    let (sha256, sha1) = (sha256.finalize().into(), sha1.finalize().into());
    Ok(Hashed { size, sha256, sha1, head, active: svg.active() })
}
