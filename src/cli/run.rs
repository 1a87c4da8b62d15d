//! What `build` and `check` share: from arguments to a compiled project.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::args::{Common, Sources};
use super::failure::Failure;
use super::ledger;
use super::printer::{Loudness, Printer, Stream};
use super::progress::Progress;
use crate::compile::{Compiled, Request, compile};
use crate::config;
use crate::diagnostic::Strictness;
use crate::files::{Disk, Files, Links, Memory, OUTPUTS, is_source_name};
use crate::ledger::Ledger;
use crate::load::{self, LoadOptions};
use crate::model::{Collection, Trees};
use crate::pass::identity::Origin;
use crate::project::{InputKind, OpenError, Project, shown};
use crate::reader::READERS;

/// The folder that is read where none is named.
const NOTES: &str = "notes";

/// Is a project that was opened, before anything is read.
pub(super) struct Opened<'a> {
    pub project: Project,
    pub printer: Printer,
    sources: &'a Sources,
    /// A package that identities are taken from where there is no ledger.
    baseline: Option<PathBuf>,
    files: Box<dyn Files>,
    keeping: Keeping,
    encoding: Option<&'static encoding_rs::Encoding>,
    now: i64,
}

/// Is a run over sources up to the end of the compilation.
pub(super) struct Run {
    pub project: Project,
    pub files: Box<dyn Files>,
    pub compiled: Compiled,
    pub printer: Printer,
    /// The old ledger's text, where there is one.
    pub old_ledger: Option<String>,
    /// What was known of the notes before, with `-v`, which names those that came and went.
    pub known: Option<Ledger>,
    /// Whether the run has a ledger.
    pub keeping: Keeping,
    pub progress: Progress,
}

impl Run {
    /// Returns the folders that were walked for sources.
    pub(super) fn walked(&self) -> Vec<PathBuf> {
        let folders = self.project.inputs.iter().filter(|input| input.kind == InputKind::Folder);
        folders.map(|input| input.path.clone()).collect()
    }
}

impl Run {
    /// Returns the folder of outputs that the configuration names.
    pub(super) fn outputs(&self) -> Option<PathBuf> {
        self.project.config.out.as_ref().map(|out| self.project.root.join(out))
    }

    /// Returns the files that the build reads, and what each is. A source that the ledger knows counts, though this build is not about it.
    pub(super) fn read(&self, collection: &Collection) -> Vec<(PathBuf, &'static str)> {
        let root = &self.project.root;
        let mut read = vec![(self.project.ledger.clone(), "the ledger")];
        if self.keeping == Keeping::Nothing {
            return read;
        }
        let sources = self.compiled.sources.files().iter().map(|file| &file.path);
        let known = self.compiled.ledger.files.keys().filter(|path| root.join(path).is_file());
        read.extend(sources.chain(known).map(|path| (root.join(path), "a source")));
        read.extend(collection.media().iter().map(|medium| (root.join(&medium.path), "a medium of a note")));
        read.extend(self.project.config_path.iter().map(|path| (path.clone(), "the configuration")));
        read.extend(self.project.config.style.iter().map(|style| (root.join(style), "the style sheet")));
        read
    }
}

/// Says whether identities are kept from build to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeping {
    /// In the ledger.
    Ledger,
    /// In the ledger, which this run leaves as it is: nothing that it writes says who a note is.
    Untouched,
    /// Nowhere: the sources came by standard input.
    Nothing,
}

/// Opens the project that the arguments name. What is wrong with them is said before anything is read.
pub(super) fn open<'a>(
    sources: &'a Sources,
    common: &Common,
    machine_to: Stream,
) -> Result<Opened<'a>, Failure> {
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
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
    let (files, paths, keeping) = input(sources)?;
    let mut project = project(&*files, &paths, sources.ledger.as_deref(), &printer)?;
    if let Some(dialect) = &sources.dialect {
        if !READERS.iter().any(|reader| reader.name() == dialect) {
            return Err(Failure::Usage(unknown_dialect(dialect)));
        }
        project.config.force_dialect(dialect.clone());
    }
    let printer = printer.at(&project.root);
    let baseline = sources.baseline.clone();
    Ok(Opened { project, printer, sources, baseline, files, keeping, encoding, now })
}

impl Opened<'_> {
    /// Returns the time of this run in s since 1970.
    pub(super) fn now(&self) -> i64 {
        self.now
    }

    /// Takes identities from a package, unless there is a ledger, which knows more.
    pub(super) fn or_baseline(mut self, package: Option<&Path>) -> Self {
        if Disk.entry(&self.project.ledger).is_err() {
            self.baseline = package.map(Path::to_path_buf);
        }
        self
    }

    /// Compiles the project. `out` is where a build writes: nothing there is a source. `trees` says whether a format wants trees.
    pub(super) fn compile(self, common: &Common, out: &Path, trees: Trees) -> Result<Run, Failure> {
        let Opened { project, printer, sources, baseline, files, keeping, encoding, now } = self;
        let old_ledger = match keeping {
            Keeping::Ledger | Keeping::Untouched => ledger::read(&project.ledger, &printer)?,
            Keeping::Nothing => None,
        };
        let rivals =
            old_ledger.as_ref().map_or_else(Vec::new, |(text, known)| ledger::rivals(&project, text, known));
        let (ledger, origin) = match (&old_ledger, &baseline) {
            (Some((_, known)), package) => {
                if let Some(package) = package {
                    let (package, ledger) = (package.display(), shown(&project.ledger));
                    printer
                        .say(&format!("the baseline `{package}` is not read: there is a ledger, `{ledger}`"));
                }
                (ledger::with_id(known.clone(), &project), Origin::Ledger)
            }
            (None, Some(package)) => (ledger::baseline(package, &project, &printer)?, Origin::Package),
            (None, None) => {
                (Ledger { project: ledger::fresh_id(&project), ..Ledger::default() }, Origin::Ledger)
            }
        };
        let style = load::style(&*files, &project)
            .or_else(|diagnostic| printer.one(*diagnostic).and(Err(Failure::Sources)))?;
        let progress = Progress::start(common, "reading");
        let exclude = outputs(&project, out);
        let links = if sources.follow_links { Links::Follow } else { Links::Report };
        let load = LoadOptions { encoding, links, exclude };
        let strictness = printer.reporter.strictness;
        let known = (printer.loudness() == Loudness::Verbose).then(|| ledger.clone());
        let request = Request { files: &*files, load, ledger, origin, style, now, strictness, trees };
        let mut compiled = compile(&project, request)?;
        rivals.into_iter().for_each(|rival| compiled.diagnostics.push(rival));
        let old_ledger = old_ledger.map(|(text, _)| text);
        Ok(Run { project, files, compiled, printer, old_ledger, known, keeping, progress })
    }
}

/// Is where sources are read, which, and whether a ledger is kept.
type Input = (Box<dyn Files>, Vec<PathBuf>, Keeping);

/// Returns where sources are read, which, and whether a ledger is kept: for standard input none is.
fn input(sources: &Sources) -> Result<Input, Failure> {
    if !sources.paths.iter().any(|path| path == Path::new("-")) {
        let paths = if sources.paths.is_empty() { vec![default_input()] } else { sources.paths.clone() };
        return Ok((Box::new(Disk), paths, Keeping::Ledger));
    }
    if sources.paths.len() > 1 {
        return Err(Failure::Usage("`-` is standard input and goes with no other path".into()));
    }
    let mut bytes = Vec::new();
    let limit = crate::load::MAX_SOURCE + 1;
    io::Read::take(io::stdin().lock(), limit)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::Machine("cannot read standard input".into(), error))?;
    let name = stdin_name(&bytes);
    let files = Memory::default().with(name, bytes);
    Ok((Box::new(files), vec![PathBuf::from(name)], Keeping::Nothing))
}

/// Returns what standard input is called in messages. There is no name whose end tells the dialect, so the marks of Markdown do: front
/// matter, a heading or a fence. `--dialect` says it outright.
fn stdin_name(bytes: &[u8]) -> &'static str {
    let text = String::from_utf8_lossy(bytes);
    let front =
        text.trim_start_matches('\u{feff}').lines().next().is_some_and(|line| line.trim_end() == "---");
    let marked = |line: &str| {
        let heading = line.trim_start_matches('#');
        (line.starts_with('#') && heading.starts_with(' '))
            || line.starts_with("```")
            || line.starts_with("~~~")
    };
    if front || text.lines().any(marked) { "stdin.md" } else { "stdin.txt" }
}

/// Returns what is read where the command line names nothing: `notes` here, else, as in a folder of a project, `notes` beside the
/// configuration above.
fn default_input() -> PathBuf {
    let usual = PathBuf::from(NOTES);
    if Disk.entry(&usual).is_ok() {
        return usual;
    }
    let root = Disk.canonical(Path::new(".")).ok().and_then(|here| {
        config::find(&Disk, &here).governing.and_then(|config| config.parent().map(Path::to_path_buf))
    });
    root.map(|root| root.join(NOTES)).filter(|notes| Disk.entry(notes).is_ok()).unwrap_or(usual)
}

fn unknown_dialect(name: &str) -> String {
    let help = match crate::suggest::nearest(name, READERS.iter().map(|reader| reader.name())) {
        Some(near) => format!("did you mean `{near}`? `deckc dialects` lists all"),
        None => "`deckc dialects` lists all".to_owned(),
    };
    format!("unknown dialect `{name}`; {help}")
}

fn project(
    files: &dyn Files,
    paths: &[PathBuf],
    ledger: Option<&Path>,
    printer: &Printer,
) -> Result<Project, Failure> {
    match Project::open(files, paths, ledger) {
        Ok(project) => {
            if let Some(foreign) = &project.foreign {
                let foreign = shown(foreign);
                printer.say(&format!("`{foreign}` is left alone: it belongs to another user than the notes"));
            }
            Ok(project)
        }
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

pub(super) fn missing(path: &Path) -> String {
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
        None => "name files or folders to read (`.` is this folder), or run `deckc init` to begin a project"
            .to_owned(),
    };
    format!("`{}` is not there; {help}", path.display())
}

/// Returns what no walk enters: where this build writes, and where others do. What is not there yet holds nothing.
fn outputs(project: &Project, out: &Path) -> Vec<PathBuf> {
    let usual = [default_out(project), project.root.join(OUTPUTS), PathBuf::from(OUTPUTS)];
    let all = usual.iter().map(PathBuf::as_path).chain([out]);
    let canonical = all.filter_map(|path| Disk.canonical(path).ok());
    // A folder of sources is read, whatever somebody would like to write there.
    let holds_input = |path: &PathBuf| project.inputs.iter().any(|input| input.path.starts_with(path));
    // A file with the name of a source is one, until a build is refused that would write there.
    let may_be = |path: &PathBuf| path.is_dir() || !is_source_name(&path.to_string_lossy());
    canonical.filter(|path| may_be(path) && !holds_input(path)).collect()
}

/// Returns the default output folder: of the configuration, else `build-output` beside it, else in the current folder.
pub(super) fn default_out(project: &Project) -> PathBuf {
    let configured = project.config.out.as_ref().map(|out| project.root.join(out));
    let beside = project.config_path.is_some().then(|| project.root.join(OUTPUTS));
    configured.or(beside).unwrap_or_else(|| PathBuf::from(OUTPUTS))
}
