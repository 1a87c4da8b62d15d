//! `manifest.json`: what a release is, for the next one and for other programs.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// The version of the document.
pub const FORMAT: u32 = 1;

/// Is what a release says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this document.
    pub manifest: u32,
    /// The version of the program that made it.
    pub deckc: String,
    /// The namespace of its guids.
    pub project: String,
    /// The project's name.
    pub name: String,
    /// What the release is called.
    pub version: String,
    /// What the release before it is called.
    pub previous: Option<String>,
    /// When it was built, in s since 1970; never before a note in it changed.
    pub time: i64,
    /// How much it holds, and how much of that is new.
    pub counts: Counts,
    /// Its files, but for this one and the list of checksums.
    pub files: Vec<FileEntry>,
}

/// Counts what a release holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Notes.
    pub notes: usize,
    /// Cards.
    pub cards: usize,
    /// Media files.
    pub media: usize,
    /// Notes that the release before it does not have.
    pub added: usize,
    /// Notes of which Anki will see something else.
    pub edited: usize,
    /// Notes whose cards are in another deck.
    pub moved: usize,
    /// Notes that it no longer has.
    pub retired: usize,
}

/// Is a file of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its name, relative to the manifest, with `/` between parts.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(text: &str) -> Result<Manifest, String> {
        #[derive(Deserialize)]
        struct Version {
            manifest: u32,
        }
        let Version { manifest } = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if manifest > FORMAT {
            return Err(format!("it has version {manifest}, which this deckc cannot read"));
        }
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// Returns the manifest's text.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings and numbers are JSON") + "\n"
    }

    /// Returns the package of the release, where it has one.
    #[must_use]
    pub fn package(&self) -> Option<&FileEntry> {
        self.files.iter().find(|file| {
            file.name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("apkg"))
        })
    }
}

/// Returns the list that `sha256sum --check` reads.
#[must_use]
pub fn sums(files: &[FileEntry]) -> String {
    let mut text = String::new();
    for file in files {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}  {}", file.sha256, file.name);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Counts, FORMAT, FileEntry, Manifest, sums};

    fn sample() -> Manifest {
        let file = |name: &str| FileEntry { name: name.into(), size: 3, sha256: "ab".repeat(32) };
        Manifest {
            manifest: FORMAT,
            deckc: "0.1.0".into(),
            project: "p".into(),
            name: "geo".into(),
            version: "7".into(),
            previous: None,
            time: 1,
            counts: Counts::default(),
            files: vec![file("geo.csv"), file("geo.apkg")],
        }
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        assert_eq!(Manifest::parse(&sample().to_text()), Ok(sample()));
        assert_eq!(sample().package().map(|file| file.name.as_str()), Some("geo.apkg"));
    }

    #[test]
    fn a_newer_one_and_nonsense_are_refused() {
        let newer = Manifest { manifest: 9, ..sample() }.to_text();
        assert_eq!(Manifest::parse(&newer), Err("it has version 9, which this deckc cannot read".into()));
        assert!(Manifest::parse("[]").is_err());
    }

    #[test]
    fn checksums_stand_as_sha256sum_reads_them() {
        assert_eq!(sums(&sample().files[..1]), format!("{}  geo.csv\n", "ab".repeat(32)));
    }
}
