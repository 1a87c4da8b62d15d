//! Media files and references to them.

use serde::Serialize;

use crate::source::Spanned;

/// Numbers a medium of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct MediaId(pub u32);

/// Refers to a media file, more exactly from stage to stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MediaRef {
    /// As written in the source; only in a draft before the media pass.
    Written(Spanned<String>),
    /// A file of the collection.
    File(MediaId),
    /// Not there, or refused: reported, and shown as its alternative text.
    Missing(String),
    /// An address that stays an address: `https:` or a small `data:image/…`.
    Address(String),
}

/// Is a media file of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Medium {
    /// The name inside packages and fields: unique, lower case, made from the file's stem and its content hash.
    pub name: String,
    /// Where it was found, relative to the project's root.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// SHA-1 of its bytes, which Anki's newest container asks for.
    #[serde(skip)]
    pub sha1: [u8; 20],
}
