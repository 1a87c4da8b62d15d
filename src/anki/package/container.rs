//! The zip file around the collection and the media, in both forms.

use std::io::{self, Seek, Write};

use flate2::Crc;
use flate2::read::DeflateDecoder;
use prost::Message;
use serde_json::{Map, Value};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use super::deflate::{END, Encoder};
use super::joined::Joined;
use super::media::{compresses, copy};
use super::{MediaEntry, OpenMedia, Package, WriteError, dummy, schema11, schema18};
use crate::anki::protobuf::{MediaEntries, MediaFile, PackageMetadata};

/// Beyond this a zip member needs 64-bit sizes.
const LARGE: u64 = u32::MAX as u64 - 1024 * 1024;

/// For media, and for collections of 4 GiB. On 100,000 notes of 3 × 280 characters level 3 gave files 1 % larger than level 6 in two thirds
/// of the time; level 2 saved a tenth more time and cost 3 %, level 1 was 37 % larger. A collection is
/// deflated by [`Encoder`], in little more than half the time of level 3 and 3 % larger.
const DEFLATE_LEVEL: u32 = 3;

/// Anki's own level; collections come out a sixth smaller than deflated.
const ZSTD_LEVEL: i32 = 3;

/// For media that are compressed already: the lowest level finds that out fastest.
const ZSTD_LEVEL_COMPRESSED: i32 = 1;

/// Writes `collection.anki21` and its companions.
pub(super) fn write_legacy<W: Write + Seek>(
    out: W,
    package: &Package<'_>,
    open_media: OpenMedia<'_>,
) -> Result<W, WriteError> {
    let mut zip = ZipWriter::new(out);
    add_deflated(&mut zip, "collection.anki21", schema11::database(package, &deflate)?)?;
    add_deflated(&mut zip, "collection.anki2", dummy::database(&deflate)?)?;
    let names: Map<_, _> = (0_usize..)
        .zip(package.media)
        .map(|(index, entry)| (index.to_string(), Value::String(entry.name.clone())))
        .collect();
    add_deflated(&mut zip, "media", vec![deflate(Value::Object(names).to_string().into_bytes())])?;
    add_media(&mut zip, package.media, open_media, |zip, index, entry, content| {
        let method =
            if compresses(&entry.name) { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        zip.start_file(index, options(method, entry.size))?;
        copy(entry, content, zip)
    })?;
    Ok(zip.finish()?)
}

/// Writes `collection.anki21b` and its companions: what it reads is compressed by Zstandard and stored.
pub(super) fn write_latest<W: Write + Seek>(
    out: W,
    package: &Package<'_>,
    open_media: OpenMedia<'_>,
) -> Result<W, WriteError> {
    let mut zip = ZipWriter::new(out);
    add_stored(&mut zip, "meta", &PackageMetadata { version: 3 }.encode_to_vec())?;
    add_zstd(&mut zip, "collection.anki21b", &schema18::database(package, &|pages| pages)?)?;
    add_deflated(&mut zip, "collection.anki2", dummy::database(&deflate)?)?;
    let entries = package.media.iter().map(|entry| MediaFile {
        name: entry.name.clone(),
        size: u32::try_from(entry.size).expect("the size of every medium was checked"),
        sha1: entry.sha1.to_vec(),
    });
    add_zstd(&mut zip, "media", &[MediaEntries { entries: entries.collect() }.encode_to_vec()])?;
    add_media(&mut zip, package.media, open_media, |zip, index, entry, content| {
        zip.start_file(index, options(CompressionMethod::Stored, entry.size))?;
        let level = if compresses(&entry.name) { ZSTD_LEVEL } else { ZSTD_LEVEL_COMPRESSED };
        let mut encoder = zstd_encoder(zip, level, entry.size)?;
        copy(entry, content, &mut encoder)?;
        encoder.finish()?;
        Ok(())
    })?;
    Ok(zip.finish()?)
}

fn add_media<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    media: &[MediaEntry],
    open_media: OpenMedia<'_>,
    mut add: impl FnMut(&mut ZipWriter<W>, String, &MediaEntry, Box<dyn io::Read>) -> Result<(), WriteError>,
) -> Result<(), WriteError> {
    for (index, entry) in media.iter().enumerate() {
        let content =
            open_media(index).map_err(|source| WriteError::Medium { name: entry.name.clone(), source })?;
        add(zip, index.to_string(), entry, content)?;
    }
    Ok(())
}

/// The same time, rights and system for every member, whoever builds.
fn options(method: CompressionMethod, size: u64) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(method)
        .compression_level((method == CompressionMethod::Deflated).then_some(i64::from(DEFLATE_LEVEL)))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
        .system(System::Unix)
        .large_file(size >= LARGE)
}

fn add_stored<W: Write + Seek>(zip: &mut ZipWriter<W>, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
    zip.start_file(name, options(CompressionMethod::Stored, bytes.len() as u64))?;
    Ok(zip.write_all(bytes)?)
}

fn add_zstd<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    name: &str,
    parts: &[Vec<u8>],
) -> Result<(), WriteError> {
    let size = parts.iter().map(|part| part.len() as u64).sum();
    zip.start_file(name, options(CompressionMethod::Stored, size))?;
    let mut encoder = zstd_encoder(zip, ZSTD_LEVEL, size)?;
    for part in parts {
        encoder.write_all(part)?;
    }
    encoder.finish()?;
    Ok(())
}

/// One frame that states its size and carries a checksum.
fn zstd_encoder<W: Write>(to: W, level: i32, size: u64) -> io::Result<zstd::Encoder<'static, W>> {
    let mut encoder = zstd::Encoder::new(to, level)?;
    encoder.include_checksum(true)?;
    encoder.set_pledged_src_size(Some(size))?;
    Ok(encoder)
}

/// Is a part of a member: deflated by itself, ended on a whole byte, and not the end of the stream.
struct Piece {
    deflated: Vec<u8>,
    /// The length and the checksum of what was deflated.
    length: usize,
    crc: Crc,
}

/// Deflates a part. The parts do not know each other, so they, not the number of threads, decide the outcome.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the pages end here, so that they need no room while others are made"
)]
fn deflate(part: Vec<u8>) -> Piece {
    let mut crc = Crc::new();
    crc.update(&part);
    let deflated = Encoder::default().piece(&part);
    Piece { deflated, length: part.len(), crc }
}

/// Adds a member of deflated pieces.
fn add_deflated<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    name: &str,
    pieces: Vec<Piece>,
) -> Result<(), WriteError> {
    let size = pieces.iter().map(|piece| piece.length).sum::<usize>();
    if size as u64 >= LARGE {
        // Only the header of a one-member archive with 64-bit sizes would be needed; nobody has such a deck.
        zip.start_file(name, options(CompressionMethod::Deflated, size as u64))?;
        let deflated = pieces.into_iter().map(|piece| piece.deflated).chain([END.to_vec()]);
        io::copy(&mut DeflateDecoder::new(Joined::new(deflated.collect())), zip)?;
        return Ok(());
    }
    // The zip writer takes a compressed member only from another archive.
    let mut archive = ZipArchive::new(Joined::new(one_member(name, pieces, size)))?;
    zip.raw_copy_file(archive.by_index_raw(0)?)?;
    Ok(())
}

/// Returns a zip archive, in parts, that holds one deflated member of `size` bytes (APPNOTE 4.3).
fn one_member(name: &str, pieces: Vec<Piece>, size: usize) -> Vec<Vec<u8>> {
    let mut crc = Crc::new();
    for piece in &pieces {
        crc.combine(&piece.crc);
    }
    let deflated = END.len() + pieces.iter().map(|piece| piece.deflated.len()).sum::<usize>();
    let length =
        |length: usize| u32::try_from(length).expect("members above 4 GiB go another way").to_le_bytes();
    let name_length = u16::try_from(name.len()).expect("the names of members are short").to_le_bytes();
    let mut common = vec![20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0];
    common.extend_from_slice(&crc.sum().to_le_bytes());
    common.extend_from_slice(&length(deflated));
    common.extend_from_slice(&length(size));
    common.extend_from_slice(&name_length);
    common.extend_from_slice(&[0, 0]);

    let head = [&b"PK\x03\x04"[..], &common, name.as_bytes()].concat();
    let directory = head.len() + deflated;
    let mut tail = b"PK\x01\x02\x14\x03".to_vec();
    tail.extend_from_slice(&common);
    // No comment, first disk, a binary file, the rights 0o100644, at the start of the archive.
    tail.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0, 0, 0xa4, 0x81, 0, 0, 0, 0]);
    tail.extend_from_slice(name.as_bytes());
    let directory_length = tail.len();
    tail.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    tail.extend_from_slice(&length(directory_length));
    tail.extend_from_slice(&length(directory));
    tail.extend_from_slice(&[0, 0]);
    let deflated = pieces.into_iter().map(|piece| piece.deflated);
    [head].into_iter().chain(deflated).chain([END.to_vec(), tail]).collect()
}
