//! The files beside the sources, as a walk found them.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

/// Finds files by path or name, whatever the case and the normal form.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// Root-relative paths by folded path.
    by_path: BTreeMap<String, Vec<String>>,
    /// Root-relative paths by folded file name.
    by_name: BTreeMap<String, Vec<String>>,
}

impl Inventory {
    /// Returns an inventory of root-relative paths with `/`.
    #[must_use]
    pub fn new(paths: impl IntoIterator<Item = String>) -> Self {
        let mut inventory = Inventory::default();
        for path in paths {
            let name = fold(path.rsplit('/').next().unwrap_or(&path));
            inventory.by_name.entry(name).or_default().push(path.clone());
            inventory.by_path.entry(fold(&path)).or_default().push(path);
        }
        inventory
    }

    /// Returns all paths, sorted by folded path.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.by_path.values().flatten().map(String::as_str)
    }

    /// Returns the paths that differ from `path` at most in case or normal form.
    #[must_use]
    pub fn like(&self, path: &str) -> &[String] {
        self.by_path.get(&fold(path)).map_or(&[], Vec::as_slice)
    }

    /// Returns the paths of files whose name differs from `name` at most in case or normal form.
    #[must_use]
    pub fn named(&self, name: &str) -> &[String] {
        self.by_name.get(&fold(name)).map_or(&[], Vec::as_slice)
    }
}

fn fold(path: &str) -> String {
    path.nfc().flat_map(char::to_lowercase).collect()
}
