//! A script for the driver: operations in, typed results out, one process for all of them.

use std::fs;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::dump::{CardName, DatabaseCheck, Dump, ImportLog, MediaCheck, Rendered};

/// A place in a script, whose result is a `T`.
pub struct Step<T> {
    index: usize,
    result: PhantomData<fn() -> T>,
}

/// Which notes, or which cards of them, an operation is about.
pub struct Which(Map<String, Value>);

impl Which {
    /// Every note.
    pub fn all() -> Self {
        Which::by("all", json!(true))
    }

    /// The notes that hold a text in a field, as it is stored.
    pub fn text(text: &str) -> Self {
        Which::by("text", json!(text))
    }

    /// The note with a guid.
    pub fn guid(guid: &str) -> Self {
        Which::by("guid", json!(guid))
    }

    /// The notes that Anki's search finds.
    pub fn search(query: &str) -> Self {
        Which::by("search", json!(query))
    }

    /// Of the cards of those notes, only the one of this template or cloze number less one.
    pub fn ord(mut self, ord: u32) -> Self {
        self.0.insert("ord".to_owned(), json!(ord));
        self
    }

    fn by(key: &str, value: Value) -> Self {
        Which(Map::from_iter([(key.to_owned(), value)]))
    }
}

/// How the learner answers a card.
#[derive(Clone, Copy)]
pub enum Grade {
    /// Forgotten.
    Again,
    /// Recalled with difficulty.
    Hard,
    /// Recalled.
    Good,
    /// Recalled at once.
    Easy,
}

impl Grade {
    fn name(self) -> &'static str {
        match self {
            Grade::Again => "again",
            Grade::Hard => "hard",
            Grade::Good => "good",
            Grade::Easy => "easy",
        }
    }
}

/// When an import replaces what the learner has.
#[derive(Clone, Copy)]
pub enum Condition {
    /// If the package's is newer: Anki's default.
    IfNewer,
    /// If it differs in age.
    Always,
    /// Not at all.
    Never,
}

impl Condition {
    fn name(self) -> &'static str {
        match self {
            Condition::IfNewer => "if_newer",
            Condition::Always => "always",
            Condition::Never => "never",
        }
    }
}

/// The import of a package: with the options that the learner used last, unless others are set here.
pub struct Import(Map<String, Value>);

impl Import {
    /// Imports the package at a path.
    pub fn of(package: &Path) -> Self {
        Import(Map::from_iter([("package".to_owned(), json!(package))]))
    }

    /// Lets it have happened at a time (Unix seconds) instead of now.
    pub fn at(self, seconds: u64) -> Self {
        self.with("at", json!(seconds))
    }

    /// Ticks "Merge note types" (not in 2.1.66).
    pub fn merging_note_types(self) -> Self {
        self.with("merge_notetypes", json!(true))
    }

    /// Chooses when notes are replaced (not in 2.1.66).
    pub fn update_notes(self, condition: Condition) -> Self {
        self.with("update_notes", json!(condition.name()))
    }

    /// Chooses when note types are replaced (not in 2.1.66).
    pub fn update_note_types(self, condition: Condition) -> Self {
        self.with("update_notetypes", json!(condition.name()))
    }

    /// Ticks "Import any learning progress" (not in 2.1.66).
    pub fn with_scheduling(self) -> Self {
        self.with("with_scheduling", json!(true))
    }

    fn with(mut self, key: &str, value: Value) -> Self {
        self.0.insert(key.to_owned(), value);
        self
    }
}

/// The container of a package that Anki exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// `collection.anki21`, which every client reads.
    Legacy,
    /// `collection.anki21b`, for Anki 2.1.64 and later with media.
    Latest,
}

impl Container {
    /// Both of them.
    pub const ALL: [Container; 2] = [Container::Legacy, Container::Latest];

    /// Returns the name that `deckc build --container` takes.
    pub fn name(self) -> &'static str {
        match self {
            Container::Legacy => "legacy",
            Container::Latest => "latest",
        }
    }
}

/// Operations, in the order in which one process will do them.
pub struct Script {
    python: PathBuf,
    home: TempDir,
    ops: Vec<Value>,
}

impl Script {
    pub(super) fn new(python: &Path) -> Self {
        let home = tempfile::tempdir().expect("the temporary folder is writable");
        Script { python: python.to_owned(), home, ops: Vec::new() }
    }

    /// Opens a learner's collection, which is made if the script has not opened it before; operations go to the last one opened.
    pub fn open(&mut self, name: &str) {
        let folder = self.home.path().join(name);
        self.push::<()>("open", json!({ "folder": folder }));
    }

    /// Imports a package.
    pub fn import(&mut self, import: &Import) -> Step<ImportLog> {
        self.push("import", Value::Object(import.0.clone()))
    }

    /// Imports a text file with the settings that Anki's page proposes for it.
    pub fn import_text(&mut self, file: &Path) -> Step<ImportLog> {
        self.push("import_text", json!({ "file": file }))
    }

    /// Imports a text file after the learner picked a deck and a note type, which override what the file says.
    pub fn import_text_as(&mut self, file: &Path, deck: &str, note_type: &str) -> Step<ImportLog> {
        self.push("import_text", json!({ "file": file, "deck": deck, "notetype": note_type }))
    }

    /// Exports the whole collection without scheduling; returns where to.
    pub fn export(&mut self, name: &str, container: Container) -> PathBuf {
        let package = self.home.path().join(format!("{name}.apkg"));
        let legacy = container == Container::Legacy;
        self.push::<usize>("export", json!({ "package": package, "legacy": legacy }));
        package
    }

    /// Exports the whole collection with its scheduling, in the container of this version; returns where to.
    pub fn export_with_scheduling(&mut self, name: &str) -> PathBuf {
        let package = self.home.path().join(format!("{name}.apkg"));
        self.push::<usize>("export", json!({ "package": package, "with_scheduling": true }));
        package
    }

    /// Answers cards by the real scheduler, once for each grade.
    pub fn answer(&mut self, which: Which, grades: &[Grade]) {
        let grades: Vec<&str> = grades.iter().map(|grade| grade.name()).collect();
        self.push_about::<usize>("answer", which, json!({ "grades": grades }));
    }

    /// Edits a field of one note by hand, at a time (Unix seconds).
    pub fn edit(&mut self, which: Which, field: &str, value: &str, at: u64) {
        self.push_about::<()>("edit_note", which, json!({ "set": { field: value }, "at": at }));
    }

    /// Adds a tag to one note by hand, at a time (Unix seconds).
    pub fn tag(&mut self, which: Which, tag: &str, at: u64) {
        self.push_about::<()>("edit_note", which, json!({ "add_tags": [tag], "at": at }));
    }

    /// Moves cards to a deck, which is made if need be.
    pub fn move_to(&mut self, which: Which, deck: &str) {
        self.push_about::<usize>("move", which, json!({ "deck": deck }));
    }

    /// Suspends cards.
    pub fn suspend(&mut self, which: Which) {
        self.push_about::<usize>("suspend", which, json!({}));
    }

    /// Gives cards a colour, 1 to 7.
    pub fn flag(&mut self, which: Which, colour: u8) {
        self.push_about::<usize>("flag", which, json!({ "flag": colour }));
    }

    /// Deletes one note.
    pub fn delete(&mut self, which: Which) {
        self.push_about::<()>("delete_note", which, json!({}));
    }

    /// Renames a deck.
    pub fn rename_deck(&mut self, deck: &str, to: &str) {
        self.push::<()>("rename_deck", json!({ "deck": deck, "to": to }));
    }

    /// Adds a note of one of the collection's note types by hand, as an author would, last changed at a time.
    pub fn add_note(&mut self, guid: &str, note_type: &str, deck: &str, fields: &[(&str, &str)], at: u64) {
        let fields: Map<String, Value> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let note = json!({ "guid": guid, "notetype": note_type, "deck": deck, "fields": fields, "mod": at });
        self.push::<String>("add_note", note);
    }

    /// Adds a media file; its contents are given in base 64.
    pub fn add_media(&mut self, name: &str, base64: &str) {
        self.push::<String>("add_media", json!({ "name": name, "base64_data": base64 }));
    }

    /// Runs one SQL statement on the collection: to break what no menu of Anki can break.
    pub fn sql(&mut self, statement: &str) {
        self.push::<Value>("sql", json!({ "sql": statement }));
    }

    /// Reports the whole collection.
    pub fn dump(&mut self) -> Step<Dump> {
        self.push("dump", json!({}))
    }

    /// Runs Check Database.
    pub fn check_database(&mut self) -> Step<DatabaseCheck> {
        self.push("check_database", json!({}))
    }

    /// Runs Check Media.
    pub fn check_media(&mut self) -> Step<MediaCheck> {
        self.push("check_media", json!({}))
    }

    /// Lists the cards that Empty Cards would delete.
    pub fn empty_cards(&mut self) -> Step<Vec<CardName>> {
        self.push("empty_cards", json!({}))
    }

    /// Shows both sides of every card.
    pub fn render(&mut self) -> Step<Vec<Rendered>> {
        self.push("render", json!({}))
    }

    /// Lets the operation added last fail without ending the script: [`Outcome::error`] then tells why it failed.
    pub fn which_may_fail(&mut self) {
        if let Some(Value::Object(op)) = self.ops.last_mut() {
            op.insert("may_fail".to_owned(), json!(true));
        }
    }

    /// Plays the script; panics if an operation fails.
    pub fn run(self) -> Outcome {
        let file = self.home.path().join("script.json");
        fs::write(&file, json!({ "ops": self.ops }).to_string()).expect("the temporary folder is writable");
        let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/anki/driver.py");
        let mut command = Command::new(&self.python);
        // Nothing of this machine's settings: -I leaves out the user's Python packages and variables.
        command.args(["-I", "-B"]).arg(driver).arg(&file).current_dir(self.home.path()).env_clear();
        command
            .envs([("TZ", "UTC"), ("LANG", "C.UTF-8")])
            .env("HOME", self.home.path())
            .env("TMPDIR", self.home.path());
        // Windows programs do not start without it.
        command.envs(std::env::var_os("SYSTEMROOT").map(|root| ("SYSTEMROOT", root)));
        let output = command.output().expect("the environment's Python starts");
        let complaints = String::from_utf8_lossy(&output.stderr);
        let played: Played = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("the driver gave no result ({error}; {}):\n{complaints}", output.status)
        });
        for (op, result) in self.ops.iter().zip(&played.results) {
            if let Some(Failure { kind, message, trace }) = &result.error
                && op.get("may_fail").is_none()
            {
                panic!("on Anki {}: {op} fails: {kind}: {message}\n{trace}\n{complaints}", played.anki);
            }
        }
        assert_eq!(played.results.len(), self.ops.len(), "every operation has a result");
        Outcome { results: played.results, _home: self.home }
    }

    fn push_about<T>(&mut self, op: &str, which: Which, arguments: Value) -> Step<T> {
        let mut all = which.0;
        if let Value::Object(arguments) = arguments {
            all.extend(arguments);
        }
        self.push(op, Value::Object(all))
    }

    fn push<T>(&mut self, op: &str, mut arguments: Value) -> Step<T> {
        arguments["op"] = json!(op);
        self.ops.push(arguments);
        Step { index: self.ops.len() - 1, result: PhantomData }
    }
}

#[derive(Deserialize)]
struct Played {
    anki: String,
    results: Vec<PlayedStep>,
}

#[derive(Deserialize)]
struct PlayedStep {
    #[serde(default)]
    value: Value,
    error: Option<Failure>,
}

/// Why an operation failed.
#[derive(Debug, Deserialize)]
pub struct Failure {
    /// The kind of exception.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it says.
    pub message: String,
    /// Where it was raised.
    pub trace: String,
}

/// The results of a script.
pub struct Outcome {
    results: Vec<PlayedStep>,
    /// Exported packages stay until the outcome goes.
    _home: TempDir,
}

impl Outcome {
    /// Returns the result of a step.
    pub fn get<T: DeserializeOwned>(&self, step: &Step<T>) -> T {
        let result = &self.results[step.index];
        assert!(result.error.is_none(), "the step failed: {:#?}", result.error);
        T::deserialize(&result.value)
            .unwrap_or_else(|error| panic!("the driver's result: {error}\n{}", result.value))
    }

    /// Returns why a step failed; panics if it did not.
    pub fn error<T>(&self, step: &Step<T>) -> &Failure {
        let result = &self.results[step.index];
        result.error.as_ref().unwrap_or_else(|| panic!("the step did not fail: {}", result.value))
    }
}
