//! What the command line takes.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::document::Document;
use crate::backend::Column;

/// A compiler for flashcards: Markdown and text in; Anki packages, CSV and Quizlet text out.
#[derive(Debug, Parser)]
#[command(name = "deckc", version, about, propagate_version = true, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub verb: Verb,
    #[command(flatten)]
    pub common: Common,
}

/// What all verbs take.
#[derive(Clone, Debug, Args)]
pub(super) struct Common {
    /// Say less: errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more: remarks, each loss, and with `check` how each file was read
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// How diagnostics are printed
    #[arg(long, global = true, value_enum, default_value_t = Messages::Human, value_name = "FORMAT")]
    pub message_format: Messages,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub color: When,
    /// What a format that is one document gathers during the run; no flag.
    #[arg(skip)]
    pub document: Document,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Compile sources into packages and other files
    Build(Build),
    /// Report on sources without writing anything
    Check(Check),
    /// Compare two releases, and say what Anki will do with the newer one
    Diff(Diff),
    /// Build what learners get next, if anything changed since the last release
    Release(Release),
    /// List the formats and what they carry
    Formats,
    /// List the dialects that are read
    Dialects,
    /// Explain a diagnostic code, such as D001
    Explain {
        /// The code; all codes are listed without one
        code: Option<String>,
    },
    /// Make a project that builds at once
    Init(Init),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// What is read, and how.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Sources {
    /// Files and folders to read; `-` is standard input [default: `notes` here, or beside the
    /// `deckc.toml` of a folder above]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The ledger, where it is not `deckc.lock` at its usual place
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// A package of an earlier release, to take identities from where there is no ledger; `release` compares with it, and takes the
    /// folder of a release too
    #[arg(long, value_name = "PACKAGE")]
    pub baseline: Option<PathBuf>,
    /// Treat warnings as errors
    #[arg(long)]
    pub strict: bool,
    /// Read all sources in this dialect; `deckc dialects` lists them
    #[arg(long, value_name = "NAME")]
    pub dialect: Option<String>,
    /// Encoding of sources that are neither UTF-8 nor UTF-16, such as windows-1252
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Follow symbolic links below folders
    #[arg(long)]
    pub follow_links: bool,
    /// How many threads to use; the output never depends on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

#[derive(Clone, Debug, Args)]
pub(super) struct Build {
    #[command(flatten)]
    pub sources: Sources,
    /// Formats to write, separated by commas: apkg, csv, anki-text, quizlet, json, or an external one
    #[arg(short, long, value_delimiter = ',', value_name = "FORMAT")]
    pub format: Vec<String>,
    /// Folder to write to, or a file (a name that ends as the format's do, such as `x.apkg`), or `-`
    /// for standard output [default: build-output]
    #[arg(short, long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Fail if the ledger would change
    #[arg(long)]
    pub locked: bool,
    #[command(flatten)]
    pub formats: FormatOptions,
}

/// Settings of formats; they win over `deckc.toml`.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Format options")]
pub(super) struct FormatOptions {
    /// apkg: the container; every client reads `legacy`
    #[arg(long, value_enum, value_name = "CONTAINER")]
    pub container: Option<ContainerName>,
    /// json: say where each note stands
    #[arg(long)]
    pub spans: bool,
    /// csv: the columns to write, in order
    #[arg(long, value_delimiter = ',', value_name = "COLUMN")]
    pub columns: Vec<Column>,
    /// csv: write fields as HTML instead of plain text
    #[arg(long)]
    pub html: bool,
    /// csv: begin with a byte order mark, for Excel
    #[arg(long)]
    pub bom: bool,
    /// csv: end lines with CRLF
    #[arg(long)]
    pub crlf: bool,
    /// csv: put `'` before cells that a spreadsheet would run as a formula
    #[arg(long, alias = "csv-safe")]
    pub guard_formulas: bool,
    /// quizlet: between term and definition
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub term_separator: Option<String>,
    /// quizlet: between rows
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub row_separator: Option<String>,
    /// quizlet: the most rows of one file
    #[arg(long, value_name = "N")]
    pub max_rows: Option<NonZeroUsize>,
}

#[derive(Clone, Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    pub sources: Sources,
}

/// The last release is what `--baseline` names, a package or the folder of a release, else what stands in the output folder.
///
/// Standard output has `changed=`, `version=`, `folder=` and `files=` (JSON), a line each, for the outputs of a CI job.
#[derive(Clone, Debug, Args)]
pub(super) struct Release {
    #[command(flatten)]
    pub sources: Sources,
    /// Formats to write, separated by commas [default: those of deckc.toml, else apkg]
    #[arg(short, long, value_delimiter = ',', value_name = "FORMAT")]
    pub format: Vec<String>,
    /// Folder of the release [default: build-output]
    #[arg(short, long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Fail if the ledger would change
    #[arg(long)]
    pub locked: bool,
    /// Release although nothing changed, or most notes are gone
    #[arg(long)]
    pub force: bool,
    /// Say what would be released, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Each side is a package (anybody's), the folder of a release, a folder or file of notes, or a ledger.
#[derive(Clone, Debug, Args)]
pub(super) struct Diff {
    /// The older release: a package, the folder of a release, notes, or a ledger
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The newer release: any of these
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// How the difference is written
    #[arg(short, long, value_enum, default_value_t = DiffFormat::Human, value_name = "FORMAT")]
    pub format: DiffFormat,
    /// Exit with 1 if the two differ
    #[arg(long)]
    pub exit_code: bool,
    /// markdown: the most characters; a comment on GitHub takes 65,536
    #[arg(long, default_value_t = 60_000, value_name = "N")]
    pub max_length: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DiffFormat {
    /// Text for a terminal
    Human,
    /// For a comment or a changelog
    Markdown,
    /// One document
    Json,
}

#[derive(Clone, Debug, Args)]
pub(super) struct Init {
    /// The folder to make the project in
    #[arg(default_value = ".", value_name = "FOLDER")]
    pub folder: PathBuf,
    /// The project's name [default: the folder's name]
    #[arg(long)]
    pub name: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Messages {
    /// As rustc prints them
    Human,
    /// One JSON object a line, on standard output
    Json,
    /// GitHub workflow commands, on standard output
    Github,
    /// One SARIF document for code scanning, on standard output
    Sarif,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ContainerName {
    /// collection.anki21: every client reads it
    Legacy,
    /// collection.anki21b: Anki 23.10 and newer
    Latest,
}
