//! File names that Anki takes for a whole collection: opening one replaces everything the learner has.

use std::path::Path;

/// Tells whether opening a package of this name would offer to replace the learner's whole collection.
///
/// Desktop does so for `collection.apkg`, for `backup-….apkg` and for every `.colpkg`, `AnkiDroid` for
/// `collection.apkg`; capitals make no difference to file systems that ignore them.
#[must_use]
pub fn replaces_collection(path: &Path) -> bool {
    let Some(name) = path.file_name() else { return false };
    let name = name.to_string_lossy().to_lowercase();
    let stem = name.strip_suffix(".apkg");
    stem.is_some_and(|stem| stem == "collection" || stem.starts_with("backup-")) || name.ends_with(".colpkg")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::replaces_collection;

    #[test]
    fn names_of_whole_collections_are_refused() {
        for (path, expected) in [
            ("collection.apkg", true),
            ("out/Collection.APKG", true),
            ("backup-2026-01-01.apkg", true),
            ("BACKUP-x.apkg", true),
            ("aws.colpkg", true),
            ("aws.apkg", false),
            ("collection/aws.apkg", false),
            ("my-collection.apkg", false),
            ("backup.apkg", false),
            ("collection.apkg.txt", false),
            ("..", false),
        ] {
            assert_eq!(replaces_collection(Path::new(path)), expected, "{path}");
        }
    }
}
