//! Which `deckc.toml` governs a folder.

use std::path::{Path, PathBuf};

use super::FILE_NAME;
use crate::files::Files;

/// Is what a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// The configuration that governs the folder.
    pub governing: Option<PathBuf>,
    /// One above that belongs to another user, and so has no say: a configuration names programs to run.
    pub foreign: Option<PathBuf>,
}

/// Returns the `deckc.toml` that governs `folder` (a canonical path): its own, or the nearest one above within the checkout. Outside of
/// a checkout the owner of `folder` has to own it.
#[must_use]
pub fn find(files: &dyn Files, folder: &Path) -> Search {
    for above in folder.ancestors() {
        let candidate = above.join(FILE_NAME);
        if files.entry(&candidate).is_ok() {
            let candidate = Some(candidate);
            return if above == folder || may_govern(files, folder, above, FILE_NAME) {
                Search { governing: candidate, foreign: None }
            } else {
                Search { governing: None, foreign: candidate }
            };
        }
        if files.entry(&above.join(".git")).is_ok() {
            break;
        }
    }
    Search::default()
}

/// Tells whether the file `name` in the folder `above` belongs to whom `folder`, below it, belongs: it has the same owner, or both lie in
/// a checkout of that owner. Between the two no checkout begins.
#[must_use]
pub fn may_govern(files: &dyn Files, folder: &Path, above: &Path, name: &str) -> bool {
    let owner = |path: &Path| files.entry(path).ok().map(|entry| entry.owner);
    let own = owner(folder);
    let checkout = above.ancestors().find_map(|folder| owner(&folder.join(".git")));
    owner(&above.join(name)) == own || checkout.is_some_and(|checkout| Some(checkout) == own)
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};
    use std::path::{Path, PathBuf};

    use super::find;
    use crate::files::{Entry, Files, Found, Links, Memory};

    /// Is a disk on which paths have owners: of the longest prefix that is named.
    struct Owned(Memory, &'static [(&'static str, u32)]);

    impl Files for Owned {
        fn entry(&self, path: &Path) -> io::Result<Entry> {
            let owner = self.1.iter().filter(|(prefix, _)| path.starts_with(prefix));
            let owner = owner.max_by_key(|(prefix, _)| prefix.len()).map(|(_, owner)| *owner);
            Ok(Entry { owner, ..self.0.entry(path)? })
        }

        fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
            self.0.open(path)
        }

        fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
            self.0.canonical(path)
        }

        fn walk(&self, folder: &Path, exclude: &[PathBuf], links: Links) -> io::Result<Found> {
            self.0.walk(folder, exclude, links)
        }
    }

    /// Checks what governs `/tmp/p/notes`.
    fn check(paths: &[&str], owners: &'static [(&'static str, u32)], governing: Option<&str>) {
        let files = paths
            .iter()
            .fold(Memory::default().with("/tmp/p/notes/a.md", ""), |files, path| files.with(path, ""));
        let found = find(&Owned(files, owners), Path::new("/tmp/p/notes"));
        assert_eq!(found.governing, governing.map(PathBuf::from), "{paths:?}");
    }

    const MINE: &[(&str, u32)] = &[("/tmp", 0), ("/tmp/p", 7)];

    #[test]
    fn the_nearest_configuration_governs() {
        check(&["/tmp/p/deckc.toml"], MINE, Some("/tmp/p/deckc.toml"));
        check(&["/tmp/p/deckc.toml", "/tmp/p/notes/deckc.toml"], MINE, Some("/tmp/p/notes/deckc.toml"));
    }

    #[test]
    fn the_search_ends_with_the_checkout() {
        check(&["/tmp/p/deckc.toml", "/tmp/p/.git/HEAD"], MINE, Some("/tmp/p/deckc.toml"));
        check(&["/tmp/p/deckc.toml", "/tmp/p/notes/.git/HEAD"], MINE, None);
    }

    #[test]
    fn what_another_user_left_above_has_no_say() {
        check(&["/tmp/deckc.toml"], MINE, None);
        check(&["/tmp/deckc.toml", "/tmp/.git/HEAD"], MINE, None);
        check(
            &["/tmp/deckc.toml"],
            &[("/tmp", 0), ("/tmp/p", 7), ("/tmp/deckc.toml", 7)],
            Some("/tmp/deckc.toml"),
        );
    }

    #[test]
    fn a_checkout_may_hold_files_of_several_users() {
        let owners = &[("/tmp", 0), ("/tmp/p", 7), ("/tmp/p/deckc.toml", 8)];
        check(&["/tmp/p/deckc.toml", "/tmp/p/.git/HEAD"], owners, Some("/tmp/p/deckc.toml"));
        check(&["/tmp/p/deckc.toml"], owners, None);
    }
}
