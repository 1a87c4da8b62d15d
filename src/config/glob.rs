//! Patterns for files in `deckc.toml`, written as in `.gitignore`.

use std::path::Path;

use ignore::overrides::{Override, OverrideBuilder};

/// Is a pattern that paths are matched with.
#[derive(Clone, Debug)]
pub struct Glob(Override);

impl Glob {
    /// Reads a pattern, with the rules of `.gitignore`: `*` stays within a folder, `**` does not, and a pattern without `/`
    /// matches at any depth.
    ///
    /// # Errors
    /// Says why it is no pattern.
    pub fn new(pattern: &str) -> Result<Glob, String> {
        let mut builder = OverrideBuilder::new("/");
        builder.add(pattern).map_err(|error| error.to_string())?;
        builder.build().map(Glob).map_err(|error| error.to_string())
    }

    /// Returns whether the path, relative to the project and with `/`, matches.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.0.matched(Path::new(path), false).is_whitelist()
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    fn check(pattern: &str, path: &str, expected: bool) {
        assert_eq!(Glob::new(pattern).expect("is a pattern").matches(path), expected, "{pattern} on {path}");
    }

    #[test]
    fn patterns_match_as_in_gitignore() {
        check("*.md", "a.md", true);
        check("*.md", "deep/a.md", true);
        check("/*.md", "deep/a.md", false);
        check("geo/**", "geo/a/b.md", true);
        check("geo/*", "other/geo/b.md", false);
        check("*.md", "a.txt", false);
    }
}
