//! `deckc.toml`: what a project says about itself.
//!
//! Every key is optional; an unknown one is an error with a suggestion. The search goes from the input folder upwards and ends
//! at a folder that holds `.git`.

mod glob;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::backend::{Choice, ContainerChoice, CsvOptions, Options, QuizletOptions};
use crate::diagnostic::{Code, Diagnostic};
use crate::files::Files;
use crate::model::BuiltIn;
use crate::reader::{Settings, Tables};

pub use glob::Glob;

/// The file's name.
pub const FILE_NAME: &str = "deckc.toml";

/// Is a project's configuration.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The namespace of guids; never changes once decks are published.
    pub id: Option<String>,
    /// The project's name: output names, and the names of its own note types.
    pub name: Option<String>,
    /// Formats to build where the command line names none.
    pub formats: Vec<String>,
    /// The output folder, relative to the configuration.
    pub out: Option<PathBuf>,
    /// A style sheet of the project's own, relative to the configuration.
    pub style: Option<PathBuf>,
    /// What holds for all files, then rules by glob, later ones over earlier ones.
    rules: Vec<Rule>,
    /// The formats' settings.
    pub options: Options,
    /// External backends by name.
    pub backends: BTreeMap<String, External>,
}

/// Is an external backend as configured.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct External {
    /// Program and arguments.
    pub command: Vec<String>,
    /// Seconds until it is stopped.
    #[serde(default)]
    pub timeout: Option<u64>,
}

#[derive(Clone, Debug)]
struct Rule {
    glob: Option<Glob>,
    defaults: Defaults,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Defaults {
    deck: Option<String>,
    tags: Vec<String>,
    r#type: Option<String>,
    dialect: Option<String>,
    card_level: Option<u8>,
    table: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct File {
    id: Option<String>,
    name: Option<String>,
    formats: Vec<String>,
    out: Option<PathBuf>,
    style: Option<PathBuf>,
    defaults: Defaults,
    files: Vec<FileRule>,
    apkg: Apkg,
    csv: Csv,
    quizlet: Quizlet,
    json: Json,
    anki_text: AnkiText,
    backend: BTreeMap<String, External>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FileRule {
    glob: String,
    deck: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    r#type: Option<String>,
    dialect: Option<String>,
    card_level: Option<u8>,
    table: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Apkg {
    container: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Csv {
    columns: Vec<String>,
    html: bool,
    bom: bool,
    crlf: bool,
    guard_formulas: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Quizlet {
    term_separator: Option<String>,
    row_separator: Option<String>,
    max_rows: Option<usize>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Json {
    spans: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct AnkiText {
    note_types: BTreeMap<String, String>,
}

/// Returns the `deckc.toml` that governs `folder` (a canonical path): its own, or the nearest one above within the checkout.
#[must_use]
pub fn find(files: &dyn Files, folder: &Path) -> Option<PathBuf> {
    for folder in folder.ancestors() {
        let candidate = folder.join(FILE_NAME);
        if files.entry(&candidate).is_ok() {
            return Some(candidate);
        }
        if files.entry(&folder.join(".git")).is_ok() {
            return None;
        }
    }
    None
}

impl Config {
    /// Reads a configuration from its text; `path` is for messages.
    ///
    /// # Errors
    /// A diagnostic that names the line, for a key that is unknown, a value of the wrong kind, or no TOML at all.
    pub fn parse(text: &str, path: &str) -> Result<Config, Box<Diagnostic>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let file: File =
            toml::from_str(text).map_err(|error| Box::new(not_understood(&error, text, path)))?;
        let invalid = |key: &str, message: String| Box::new(value_error(text, path, key, message));
        let mut rules = vec![Rule { glob: None, defaults: file.defaults }];
        for rule in file.files {
            let FileRule { glob, deck, tags, r#type, dialect, card_level, table, source } = rule;
            let glob = Glob::new(&glob)
                .map_err(|reason| invalid("glob", format!("`{glob}` is no glob: {reason}")))?;
            let defaults = Defaults { deck, tags, r#type, dialect, card_level, table, source };
            rules.push(Rule { glob: Some(glob), defaults });
        }
        for rule in &rules {
            rule.defaults.check().map_err(|(key, message)| invalid(key, message))?;
        }
        let container = match file.apkg.container.as_deref() {
            None | Some("legacy") => ContainerChoice::Legacy,
            Some("latest") => ContainerChoice::Latest,
            Some(other) => {
                return Err(invalid("container", format!("`{other}` is neither `legacy` nor `latest`")));
            }
        };
        if file.id.as_deref().is_some_and(|id| id.trim().is_empty() || id.contains(char::is_whitespace)) {
            return Err(invalid("id", "`id` is empty or holds white space".into()));
        }
        if file.name.as_deref().is_some_and(|name| name.trim().is_empty()) {
            return Err(invalid("name", "`name` is empty".into()));
        }
        let options = Options {
            container,
            spans: choice(file.json.spans),
            csv: CsvOptions {
                columns: file.csv.columns,
                html: choice(file.csv.html),
                bom: choice(file.csv.bom),
                crlf: choice(file.csv.crlf),
                guard_formulas: choice(file.csv.guard_formulas),
            },
            quizlet: QuizletOptions {
                term_separator: file.quizlet.term_separator,
                row_separator: file.quizlet.row_separator,
                max_rows: file.quizlet.max_rows.unwrap_or(QuizletOptions::default().max_rows).max(1),
            },
            anki_text_note_types: file.anki_text.note_types,
        };
        Ok(Config {
            id: file.id,
            name: file.name,
            formats: file.formats,
            out: file.out,
            style: file.style,
            rules,
            options,
            backends: file.backend,
        })
    }

    /// Reads all files in the dialect of that name, whatever the rules say. Front matter still wins.
    pub fn force_dialect(&mut self, name: String) {
        self.rules
            .push(Rule { glob: None, defaults: Defaults { dialect: Some(name), ..Defaults::default() } });
    }

    /// Returns what the configuration says about the file at `path` (relative to the project, with `/`). `deck_path` is the
    /// path that makes the deck where nothing names one.
    #[must_use]
    pub fn settings(&self, path: &str, deck_path: &str) -> Settings {
        let mut settings = Settings { path_deck: path_deck(deck_path), ..Settings::default() };
        for rule in self.rules_for(path) {
            let Defaults { deck, tags, r#type, dialect: _, card_level, table, source } = &rule.defaults;
            if let Some(deck) = deck {
                settings.deck = Some(deck.clone());
            }
            settings.tags.extend(tags.iter().cloned());
            settings.note_type = r#type.as_deref().and_then(BuiltIn::parse).or(settings.note_type);
            settings.card_level = card_level.unwrap_or(settings.card_level);
            if let Some(table) = table {
                settings.tables = if table == "cards" { Tables::Cards } else { Tables::Content };
            }
            if let Some(source) = source {
                settings.source = Some(source.clone());
            }
        }
        settings
    }

    /// Returns the dialect that the configuration names for the file at `path`.
    #[must_use]
    pub fn dialect(&self, path: &str) -> Option<&str> {
        self.rules_for(path).filter_map(|rule| rule.defaults.dialect.as_deref()).last()
    }

    fn rules_for<'a>(&'a self, path: &str) -> impl Iterator<Item = &'a Rule> + use<'a> {
        let matching =
            self.rules.iter().filter(|rule| rule.glob.as_ref().is_none_or(|glob| glob.matches(path)));
        matching.collect::<Vec<_>>().into_iter()
    }
}

impl Defaults {
    fn check(&self) -> Result<(), (&'static str, String)> {
        if let Some(name) = &self.r#type
            && BuiltIn::parse(name).is_none()
        {
            let known = BuiltIn::ALL.map(BuiltIn::key).join("`, `");
            return Err(("type", format!("`{name}` is no note type; there are `{known}`")));
        }
        if let Some(level) = self.card_level
            && !(1..=6).contains(&level)
        {
            return Err(("card-level", format!("`card-level` is {level}, not 1 to 6")));
        }
        if let Some(table) = &self.table
            && !["cards", "content"].contains(&table.as_str())
        {
            return Err(("table", format!("`table` is `{table}`, neither `cards` nor `content`")));
        }
        Ok(())
    }
}

fn choice(on: bool) -> Choice {
    if on { Choice::On } else { Choice::Off }
}

/// Returns the deck that a file's path makes: folders and stem, joined with `::`.
fn path_deck(path: &str) -> String {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    stem.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("::")
}

const KEYS: &[&str] = &[
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
];

fn not_understood(error: &toml::de::Error, text: &str, path: &str) -> Diagnostic {
    let line = error.span().map(|span| line_of(text, span.start));
    let message = error.message();
    let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    let Some(key) = unknown else {
        return Diagnostic::in_file(
            Code::ConfigInvalid,
            path,
            line,
            message.lines().next().unwrap_or("no TOML").to_owned(),
        );
    };
    let diagnostic = Diagnostic::in_file(Code::ConfigKey, path, line, format!("unknown key `{key}`"));
    match crate::suggest::nearest(key, KEYS.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("`docs/configuration.md` lists all keys"),
    }
}

fn value_error(text: &str, path: &str, key: &str, message: String) -> Diagnostic {
    let line = text.lines().position(|line| line.trim_start().starts_with(key)).map(|index| index + 1);
    Diagnostic::in_file(Code::ConfigInvalid, path, line, message)
}

fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::Config;

    fn error(text: &str) -> String {
        let error = Config::parse(text, "deckc.toml").expect_err("is refused");
        let line = error.place.as_ref().and_then(|place| place.1).unwrap_or(0);
        format!("{}:{line}: {} ({})", error.code.id(), error.message, error.help.as_deref().unwrap_or("-"))
    }

    #[test]
    fn an_unknown_key_is_an_error_with_a_suggestion() {
        assert_eq!(
            error("name = \"x\"\nformat = [\"csv\"]"),
            "D205:2: unknown key `format` (did you mean `formats`?)"
        );
    }

    #[test]
    fn a_value_of_the_wrong_kind_names_its_line() {
        assert_eq!(error("\n[defaults]\ncard-level = 9"), "D204:3: `card-level` is 9, not 1 to 6 (-)");
        assert_eq!(
            error("[apkg]\ncontainer = \"new\""),
            "D204:2: `new` is neither `legacy` nor `latest` (-)"
        );
    }

    #[test]
    fn later_rules_win_and_tags_add_up() {
        let config = Config::parse(
            "[defaults]\ntags = [\"a\"]\ndeck = \"All\"\n[[files]]\nglob = \"geo/**\"\ndeck = \"Geo\"\ntags = [\"b\"]",
            "deckc.toml",
        )
        .expect("is valid");
        let geo = config.settings("geo/x.md", "x.md");
        assert_eq!((geo.deck.as_deref(), geo.tags), (Some("Geo"), vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(config.settings("bio.md", "bio.md").deck.as_deref(), Some("All"));
        assert_eq!(config.settings("geo/x.md", "geo/x.md").path_deck, "geo::x");
    }
}
