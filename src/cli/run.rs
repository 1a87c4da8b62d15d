//! What `build` and `check` share: from arguments to a compiled project, and its diagnostics to the right stream.

use std::io::{self, IsTerminal as _, Read as _, Write};
use std::path::{Path, PathBuf};

use super::Exit;
use super::args::{Common, Messages, Sources, When};
use super::progress::Progress;
use crate::anki::read::ReadError;
use crate::compile::{Compiled, Request, compile, read_style};
use crate::diagnostic::{Code, Diagnostic, Severity, Strictness};
use crate::files::{Disk, EntryKind, Files, Links, Memory};
use crate::ledger::{Ledger, LedgerError};
use crate::load::LoadOptions;
use crate::pass::identity::{Origin, project_id};
use crate::project::{OpenError, Project, shown};
use crate::reader::READERS;
use crate::report::{Colour, MessageFormat, Reporter};
use crate::source::SourceMap;

/// Says why a run cannot go on, beyond what diagnostics say.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The command line is wrong.
    #[error("{0}")]
    Usage(String),
    /// The machine failed.
    #[error("{0}: {1}")]
    Machine(String, io::Error),
    /// A defect of this program.
    #[error("deckc itself is wrong here, please report it: {0}")]
    Defect(#[from] crate::model::BrokenPromise),
    /// Findings that are no part of a compilation; they were printed.
    #[error("the project cannot be built")]
    Sources,
}

impl Failure {
    pub(super) fn exit(&self) -> Exit {
        match self {
            Failure::Usage(_) => Exit::Usage,
            Failure::Machine(..) | Failure::Defect(_) => Exit::Machine,
            Failure::Sources => Exit::Sources,
        }
    }

    pub(super) fn is_closed_pipe(&self) -> bool {
        matches!(self, Failure::Machine(_, error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// Writes to standard output.
pub(super) fn to_stdout(bytes: &[u8]) -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    written
        .map(|()| Exit::Done)
        .map_err(|error| Failure::Machine("cannot write to standard output".into(), error))
}

/// Prints findings and counts them.
pub(super) struct Printer {
    pub reporter: Reporter,
    loudness: Loudness,
    /// Where machine-readable diagnostics go: standard output, unless that carries a file.
    machine_to: Stream,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Loudness {
    Quiet,
    Normal,
    Verbose,
}

impl Common {
    pub(super) fn loudness(&self) -> Loudness {
        match (self.quiet, self.verbose) {
            (true, _) => Loudness::Quiet,
            (false, true) => Loudness::Verbose,
            (false, false) => Loudness::Normal,
        }
    }

    pub(super) fn colour(&self) -> Colour {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        match self.color {
            When::Always => Colour::Always,
            When::Auto if io::stderr().is_terminal() && !plain => Colour::Always,
            When::Auto | When::Never => Colour::Never,
        }
    }
}

impl Printer {
    pub(super) fn new(common: &Common, strictness: Strictness, machine_to: Stream) -> Self {
        let format = match common.message_format {
            Messages::Human => MessageFormat::Human,
            Messages::Json => MessageFormat::Json,
            Messages::Github => MessageFormat::Github,
        };
        let reporter = Reporter { format, colour: common.colour(), strictness, prefix: String::new() };
        Printer { reporter, loudness: common.loudness(), machine_to }
    }

    pub(super) fn at(mut self, root: &Path) -> Self {
        let root = shown(root);
        self.reporter.prefix = if root.is_empty() { root } else { format!("{root}/") };
        self
    }

    pub(super) fn loudness(&self) -> Loudness {
        self.loudness
    }

    /// Prints findings, in reading order, and returns how many errors and warnings there are.
    pub(super) fn all(
        &self,
        diagnostics: crate::diagnostic::Diagnostics,
        sources: &SourceMap,
    ) -> Result<Counts, Failure> {
        let mut counts = Counts::default();
        let mut text = Vec::new();
        for diagnostic in diagnostics.sorted() {
            let severity = self.reporter.severity(&diagnostic);
            counts.count(severity);
            let wanted = match severity {
                Severity::Error => Loudness::Quiet,
                Severity::Warning => Loudness::Normal,
                Severity::Note => Loudness::Verbose,
            };
            if self.loudness >= wanted {
                self.reporter
                    .print(&diagnostic, sources, &mut text)
                    .map_err(|error| Failure::Machine("cannot print".into(), error))?;
            }
        }
        self.write(&text)?;
        Ok(counts)
    }

    /// Prints one finding about no source.
    pub(super) fn one(&self, diagnostic: Diagnostic) -> Result<(), Failure> {
        let mut diagnostics = crate::diagnostic::Diagnostics::default();
        diagnostics.push(diagnostic);
        self.all(diagnostics, &SourceMap::default()).map(|_| ())
    }

    fn write(&self, text: &[u8]) -> Result<(), Failure> {
        let human = self.reporter.format == MessageFormat::Human;
        let result = match (human, self.machine_to) {
            (true, _) | (false, Stream::Err) => match io::stderr().lock().write_all(text) {
                // Nobody listens any more (`2>&1 | head`): the build itself goes on, and its exit code stays true.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                other => other,
            },
            (false, Stream::Out) => io::stdout().lock().write_all(text),
        };
        result.map_err(|error| Failure::Machine("cannot print".into(), error))
    }

    /// Prints a line for people, unless the run is quiet.
    pub(super) fn say(&self, line: &str) {
        if self.loudness >= Loudness::Normal {
            // Standard error that is gone takes nothing away from the result.
            let _ = writeln!(io::stderr(), "{}", crate::report::visible(line));
        }
    }
}

/// Counts findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
}

impl Counts {
    fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Note => self.notes += 1,
        }
    }

    /// Returns the counts in words, such as `2 errors, 1 warning`; nothing where there is none.
    pub(super) fn words(self) -> Option<String> {
        let of = |count: usize, word: &str| match count {
            0 => None,
            1 => Some(format!("1 {word}")),
            count => Some(format!("{count} {word}s")),
        };
        let parts: Vec<String> =
            [of(self.errors, "error"), of(self.warnings, "warning")].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// Is a run over sources up to the end of the compilation.
pub(super) struct Run {
    pub project: Project,
    pub files: Box<dyn Files>,
    pub compiled: Compiled,
    pub printer: Printer,
    /// The old ledger's text, where there is one.
    pub old_ledger: Option<String>,
    /// Whether the run has a ledger.
    pub keeping: Keeping,
    pub progress: Progress,
}

/// Says whether identities are kept from build to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeping {
    /// In the ledger.
    Ledger,
    /// Nowhere: the sources came by standard input.
    Nothing,
}

/// Compiles what the arguments name.
pub(super) fn start(
    sources: &Sources,
    common: &Common,
    out: Option<&Path>,
    machine_to: Stream,
) -> Result<Run, Failure> {
    let strictness = if sources.strict { Strictness::Strict } else { Strictness::Normal };
    let printer = Printer::new(common, strictness, machine_to);
    let now = super::time::now().map_err(Failure::Usage)?;
    let encoding = match &sources.encoding {
        Some(name) => Some(encoding_rs::Encoding::for_label(name.as_bytes()).ok_or_else(|| {
            Failure::Usage(format!(
                "`{name}` is no encoding; names are those of the WHATWG, such as `windows-1252`"
            ))
        })?),
        None => None,
    };
    if let Some(threads) = sources.threads {
        // Asked for once per process; a second time cannot happen.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global();
    }
    let (files, paths, keeping) = input(sources)?;
    let mut project = open(&*files, &paths, sources.ledger.as_deref(), &printer)?;
    if let Some(dialect) = &sources.dialect {
        if !READERS.iter().any(|reader| reader.name() == dialect) {
            return Err(Failure::Usage(unknown_dialect(dialect)));
        }
        project.config.force_dialect(dialect.clone());
    }
    let printer = printer.at(&project.root);
    let old_ledger = match keeping {
        Keeping::Ledger => read_ledger(&project, &printer)?,
        Keeping::Nothing => None,
    };
    let (ledger, origin) = match (&old_ledger, &sources.baseline) {
        (Some((_, ledger)), _) => (with_id(ledger.clone(), &project), Origin::Ledger),
        (None, Some(package)) => (baseline(package, &project, &printer)?, Origin::Package),
        (None, None) => (Ledger { project: fresh_id(&project), ..Ledger::default() }, Origin::Ledger),
    };
    let style = read_style(&*files, &project)
        .or_else(|diagnostic| printer.one(*diagnostic).and(Err(Failure::Sources)))?;
    let progress = Progress::start(common, "reading");
    let out = out.map_or_else(|| default_out(&project), Path::to_path_buf);
    // What a build writes is no source of the next one. A folder that is not there yet holds nothing.
    let exclude = Disk.canonical(&out).into_iter().collect();
    let links = if sources.follow_links { Links::Follow } else { Links::Report };
    let load = LoadOptions { encoding, links, exclude };
    let request = Request { files: &*files, load, ledger, origin, style, now, strictness };
    let compiled = compile(&project, request)?;
    let old_ledger = old_ledger.map(|(text, _)| text);
    Ok(Run { project, files, compiled, printer, old_ledger, keeping, progress })
}

/// Is where sources are read, which, and whether a ledger is kept.
type Input = (Box<dyn Files>, Vec<PathBuf>, Keeping);

/// Returns where sources are read, which, and whether a ledger is kept: for standard input none is.
fn input(sources: &Sources) -> Result<Input, Failure> {
    if !sources.paths.iter().any(|path| path == Path::new("-")) {
        return Ok((Box::new(Disk), sources.paths.clone(), Keeping::Ledger));
    }
    if sources.paths.len() > 1 {
        return Err(Failure::Usage("`-` is standard input and goes with no other path".into()));
    }
    let mut bytes = Vec::new();
    let limit = crate::load::MAX_SOURCE + 1;
    io::Read::take(io::stdin().lock(), limit)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::Machine("cannot read standard input".into(), error))?;
    let files = Memory::default().with(STDIN, bytes);
    Ok((Box::new(files), vec![PathBuf::from(STDIN)], Keeping::Nothing))
}

/// What standard input is called in messages; the name's end has its dialect detected as plain text.
const STDIN: &str = "stdin.txt";

fn unknown_dialect(name: &str) -> String {
    let help = match crate::suggest::nearest(name, READERS.iter().map(|reader| reader.name())) {
        Some(near) => format!("did you mean `{near}`? `deckc dialects` lists all"),
        None => "`deckc dialects` lists all".to_owned(),
    };
    format!("unknown dialect `{name}`; {help}")
}

fn open(
    files: &dyn Files,
    paths: &[PathBuf],
    ledger: Option<&Path>,
    printer: &Printer,
) -> Result<Project, Failure> {
    match Project::open(files, paths, ledger) {
        Ok(project) => Ok(project),
        Err(OpenError::Missing(path)) => Err(Failure::Usage(missing(&path))),
        Err(error @ OpenError::NotAFile(_)) => Err(Failure::Usage(error.to_string())),
        Err(OpenError::Io { path, source }) => {
            Err(Failure::Machine(format!("cannot read `{}`", path.display()), source))
        }
        Err(OpenError::Config(fault)) => {
            let mut diagnostics = crate::diagnostic::Diagnostics::default();
            diagnostics.push(fault.diagnostic);
            printer.all(diagnostics, &fault.sources)?;
            Err(Failure::Sources)
        }
    }
}

fn missing(path: &Path) -> String {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| {
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
        })
        .unwrap_or_default();
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let near = crate::suggest::nearest(&wanted, names.iter().map(String::as_str));
    let help = match near {
        Some(near) => format!("did you mean `{}`?", path.with_file_name(near).display()),
        None => "name files or folders to read, or run `deckc init` to begin a project".to_owned(),
    };
    format!("`{}` is not there; {help}", path.display())
}

fn fresh_id(project: &Project) -> String {
    project.config.id.clone().unwrap_or_else(|| project_id(&project.name))
}

fn read_ledger(project: &Project, printer: &Printer) -> Result<Option<(String, Ledger)>, Failure> {
    let path = shown(&project.ledger);
    match Disk.entry(&project.ledger) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Ok(entry) if entry.kind == EntryKind::File => {}
        Ok(_) => {
            let message = "the ledger is not a regular file";
            printer.one(Diagnostic::in_file(Code::LedgerInvalid, path, None, message))?;
            return Err(Failure::Sources);
        }
        Err(error) => return Err(Failure::Machine(format!("cannot read `{path}`"), error)),
    }
    let bytes = Disk
        .read(&project.ledger)
        .map_err(|error| Failure::Machine(format!("cannot read `{path}`"), error))?;
    let parsed = String::from_utf8(bytes)
        .map_err(|_| Diagnostic::in_file(Code::LedgerInvalid, path.clone(), None, "the ledger is not UTF-8"))
        .and_then(|text| match Ledger::parse(&text) {
            Ok(ledger) => Ok((text, ledger)),
            Err(error) => Err(describe(&path, error)),
        });
    match parsed {
        Ok(both) => Ok(Some(both)),
        Err(diagnostic) => {
            let help = "take it from git: `git checkout -- deckc.lock`; without it, unedited notes still get the same ids";
            let diagnostic = if diagnostic.help.is_some() { diagnostic } else { diagnostic.help(help) };
            printer.one(diagnostic)?;
            Err(Failure::Sources)
        }
    }
}

fn describe(path: &str, error: LedgerError) -> Diagnostic {
    match error {
        LedgerError::Conflict { lines } => {
            let list: Vec<String> = lines.iter().take(12).map(ToString::to_string).collect();
            let message = format!("merge-conflict markers at lines {}", list.join(", "));
            Diagnostic::in_file(Code::LedgerConflict, path, lines.first().copied(), message).help(
                "keep the note lines of both sides and remove the marker lines; a note that stands twice is counted once",
            )
        }
        LedgerError::Newer { version } => {
            let message = format!(
                "the ledger has version {version}, and this deckc reads up to {}",
                crate::ledger::VERSION
            );
            Diagnostic::in_file(Code::LedgerInvalid, path, Some(1), message).help("install a newer deckc")
        }
        LedgerError::Line { line, reason } => {
            Diagnostic::in_file(Code::LedgerInvalid, path, Some(line), reason)
        }
    }
}

/// The configured id is the project's, whatever the ledger says.
fn with_id(ledger: Ledger, project: &Project) -> Ledger {
    match &project.config.id {
        Some(id) => Ledger { project: id.clone(), ..ledger },
        None => ledger,
    }
}

/// Returns the ledger that a package of an earlier release stands for.
fn baseline(package: &Path, project: &Project, printer: &Printer) -> Result<Ledger, Failure> {
    let path = package.display();
    let file = match std::fs::File::open(package) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Failure::Usage(format!("the baseline `{path}` is not there")));
        }
        Err(error) => return Err(Failure::Machine(format!("cannot read `{path}`"), error)),
    };
    match crate::baseline::read(io::BufReader::new(file), &fresh_id(project)) {
        Ok(baseline) => {
            let known = baseline.ledger.entries().count();
            printer.say(&format!("baseline `{path}`: {known} notes known"));
            if baseline.foreign > 0 {
                printer.say(&format!("{} notes of other note types in it are left alone", baseline.foreign));
            }
            Ok(baseline.ledger)
        }
        Err(ReadError::Io(error)) => Err(Failure::Machine(format!("cannot read `{path}`"), error)),
        Err(error @ (ReadError::Damaged(_) | ReadError::TooLarge(_))) => {
            let message = format!("the package cannot be a baseline: {error}");
            let help = "name an `.apkg` of an earlier release of this project";
            printer.one(
                Diagnostic::in_file(Code::BaselineInvalid, path.to_string(), None, message).help(help),
            )?;
            Err(Failure::Sources)
        }
    }
}

/// Returns the default output folder: of the configuration, else `build-output` in the current folder.
pub(super) fn default_out(project: &Project) -> PathBuf {
    let configured = project.config.out.as_ref().map(|out| project.root.join(out));
    configured.unwrap_or_else(|| PathBuf::from("build-output"))
}
