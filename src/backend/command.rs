//! External backends: a program that reads the collection as JSON and answers with files as JSON.
//!
//! The protocol is told in `docs/plugins.md`. Nothing that the program says is trusted: its time, the length of its answer,
//! the names of its files and the numbers of the notes are checked before anything is written.

mod answer;
mod path;
mod run;

use std::io::{BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value};

use super::json::write_document;
use super::{Backend, Context, EmitError, Emitted, Feature, Output, losses};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Collection;
pub use path::on_path;
use run::{Failure, run};

/// The version of the protocol.
pub const PROTOCOL: u32 = 1;

/// Limits an external program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long it may run.
    pub time: Duration,
    /// How many bytes it may answer.
    pub answer: usize,
    /// How many bytes of its standard error are kept.
    pub errors: usize,
    /// How many files it may write.
    pub files: usize,
}

impl Limits {
    /// The longest time that a program can be given: a day.
    pub const LONGEST: Duration = Duration::from_hours(24);
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_mins(1), answer: 256 << 20, errors: 64 << 10, files: 10_000 }
    }
}

/// Is what `deckc.toml` says about an external backend.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct External {
    /// The program and its arguments; `deckc-backend-NAME` on the PATH where none is given.
    pub command: Option<Vec<String>>,
    /// How long it may run.
    pub timeout: Option<Duration>,
    /// What the format carries, where that is said.
    pub carries: Option<Vec<Feature>>,
    /// The program's own settings.
    pub options: Map<String, Value>,
}

/// Is a backend that runs a program.
#[derive(Clone, Debug)]
pub struct Command {
    name: String,
    /// The program and its arguments.
    arguments: Vec<String>,
    limits: Limits,
    options: Map<String, Value>,
    root: Option<PathBuf>,
    /// What the format carries, where that is said.
    carries: Option<Vec<Feature>>,
}

/// Returns the backend `name` that runs `command`: a program, then its arguments.
#[must_use]
pub fn external(name: impl Into<String>, command: Vec<String>, limits: Limits) -> Command {
    let (name, options) = (name.into(), Map::new());
    Command { name, arguments: command, limits, options, root: None, carries: None }
}

impl Command {
    /// Takes over what the configuration says beside the command.
    #[must_use]
    pub fn configured(mut self, said: External) -> Self {
        self.limits.time = said.timeout.unwrap_or(self.limits.time);
        self.carries = said.carries;
        self.options = said.options;
        self
    }

    /// Runs the program in the project's root, below which the media lie, and tells it that folder's absolute path.
    #[must_use]
    pub fn root(mut self, root: &Path) -> Self {
        self.root = Some(root.to_owned());
        self
    }

    /// Returns the program as people would type it.
    fn shown(&self) -> String {
        self.arguments.join(" ")
    }

    /// Writes the request to a file, which becomes the program's standard input: no pipe that could fill up.
    fn request(&self, collection: &Collection, context: &Context<'_>) -> std::io::Result<std::fs::File> {
        let mut file = BufWriter::new(tempfile::tempfile()?);
        write!(file, "{{\"protocol\": {PROTOCOL},\n\"format\": ")?;
        serde_json::to_writer(&mut file, &self.name)?;
        write!(file, ",\n\"stem\": ")?;
        serde_json::to_writer(&mut file, context.stem)?;
        write!(file, ",\n\"root\": ")?;
        serde_json::to_writer(&mut file, &self.root.as_ref().map(|root| root.to_string_lossy()))?;
        write!(file, ",\n\"options\": ")?;
        serde_json::to_writer(&mut file, &self.options)?;
        write!(file, ",\n\"collection\": ")?;
        write_document(&mut file, collection, Some(context.sources))?;
        writeln!(file, "}}")?;
        let mut file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(file)
    }

    fn refuse(&self, code: Code, message: impl Into<String>, help: &str) -> EmitError {
        let message = format!("format `{}`: {}", self.name, message.into());
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(Diagnostic::general(code, message).help(help));
        EmitError::Reported(diagnostics)
    }

    fn failed(&self, failure: Failure) -> EmitError {
        let shown = self.shown();
        match failure {
            Failure::Machine(error) => EmitError::Io(error),
            Failure::NotStarted(error) => self.refuse(
                Code::PluginFailed,
                format!("`{shown}` cannot be started: {error}"),
                "check the command, or that the program is on the PATH and may be executed",
            ),
            Failure::TooSlow => self.refuse(
                Code::PluginTimeout,
                format!("`{shown}` was stopped after {} s", self.limits.time.as_secs_f64()),
                "run it by hand to see where it waits, or give it more time",
            ),
            Failure::TooLong => self.refuse(
                Code::PluginAnswer,
                format!("`{shown}` answered more than {} bytes", self.limits.answer),
                "let it write less, or split the deck",
            ),
            Failure::Exit(status, said) => {
                let said = tail(&said);
                let said = if said.is_empty() { String::new() } else { format!(": {said}") };
                self.refuse(
                    Code::PluginFailed,
                    format!("`{shown}` ended with {status}{said}"),
                    "run it by hand with the request on its standard input",
                )
            }
        }
    }
}

impl Backend for Command {
    fn name(&self) -> &str {
        &self.name
    }

    fn summary(&self) -> &'static str {
        "written by an external program"
    }

    fn extension(&self) -> Option<&'static str> {
        None
    }

    fn carries(&self) -> &[Feature] {
        self.carries.as_deref().unwrap_or_default()
    }

    fn emit(
        &self,
        collection: &Collection,
        context: &Context<'_>,
        out: &mut dyn Output,
    ) -> Result<Emitted, EmitError> {
        let request = self.request(collection, context)?;
        let answer = run(&self.arguments, self.root.as_deref(), request, self.limits)
            .map_err(|failure| self.failed(failure))?;
        let help = "an answer is described in docs/plugins.md";
        let wrong = |message: String| self.refuse(Code::PluginAnswer, message, help);
        let answer = answer::parse(&answer, collection, &self.name, self.limits.files).map_err(wrong)?;
        if answer.emitted.diagnostics.fails(crate::diagnostic::Strictness::Normal) {
            return Err(EmitError::Reported(answer.emitted.diagnostics));
        }
        for (name, bytes) in answer.files {
            let mut file = out.create(&name)?;
            file.write_all(&bytes)?;
            file.flush()?;
        }
        let mut emitted = answer.emitted;
        if let Some(carries) = &self.carries {
            losses::add_undeclared(collection, carries, &mut emitted);
        }
        Ok(emitted)
    }
}

/// Returns the last lines of what a program said, on one line, without control characters.
fn tail(said: &str) -> String {
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = lines[lines.len().saturating_sub(3)..].join(" / ");
    clean(&last, 500)
}

/// Returns text of a program as it may be shown: at most `most` characters, control characters replaced.
fn clean(text: &str, most: usize) -> String {
    let shown = text.chars().take(most);
    shown.map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}
