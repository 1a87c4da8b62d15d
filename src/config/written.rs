//! `deckc.toml` as it is written: every value that can be wrong knows its place.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct File {
    pub(super) id: Option<Spanned<String>>,
    pub(super) name: Option<Spanned<String>>,
    pub(super) formats: Vec<String>,
    pub(super) out: Option<PathBuf>,
    pub(super) style: Option<PathBuf>,
    pub(super) defaults: Defaults,
    pub(super) files: Vec<FileRule>,
    pub(super) apkg: Apkg,
    pub(super) csv: Csv,
    pub(super) quizlet: Quizlet,
    pub(super) json: Json,
    pub(super) anki_text: AnkiText,
    pub(super) backend: BTreeMap<String, Backend>,
    pub(super) release: Release,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Defaults {
    pub(super) deck: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) r#type: Option<Spanned<String>>,
    pub(super) dialect: Option<String>,
    pub(super) card_level: Option<Spanned<i64>>,
    pub(super) table: Option<Spanned<String>>,
    pub(super) source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FileRule {
    pub(super) glob: Spanned<String>,
    pub(super) deck: Option<String>,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    pub(super) r#type: Option<Spanned<String>>,
    pub(super) dialect: Option<String>,
    pub(super) card_level: Option<Spanned<i64>>,
    pub(super) table: Option<Spanned<String>>,
    pub(super) source: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Apkg {
    pub(super) container: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Csv {
    pub(super) columns: Vec<Spanned<String>>,
    pub(super) html: bool,
    pub(super) bom: bool,
    pub(super) crlf: bool,
    pub(super) guard_formulas: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Quizlet {
    pub(super) term_separator: Option<String>,
    pub(super) row_separator: Option<String>,
    pub(super) max_rows: Option<Spanned<i64>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Json {
    pub(super) spans: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct AnkiText {
    pub(super) note_types: BTreeMap<Spanned<String>, String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Backend {
    pub(super) command: Option<Spanned<Vec<String>>>,
    pub(super) timeout: Option<Spanned<i64>>,
    pub(super) carries: Option<Vec<Spanned<String>>>,
    pub(super) options: toml::Table,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Release {
    pub(super) version: Option<Spanned<toml::Value>>,
}

/// All keys, for suggestions.
pub(super) const KEYS: &[&str] = &[
    "id",
    "name",
    "formats",
    "out",
    "style",
    "defaults",
    "files",
    "apkg",
    "csv",
    "quizlet",
    "json",
    "anki-text",
    "backend",
    "glob",
    "deck",
    "tags",
    "type",
    "dialect",
    "card-level",
    "table",
    "source",
    "container",
    "columns",
    "html",
    "bom",
    "crlf",
    "guard-formulas",
    "term-separator",
    "row-separator",
    "max-rows",
    "spans",
    "note-types",
    "command",
    "timeout",
    "carries",
    "options",
    "release",
    "version",
];
