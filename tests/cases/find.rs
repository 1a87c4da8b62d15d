//! Finds the cases on disk.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Is a case: what is there, what is done, what comes of it.
pub struct Case {
    pub name: String,
    pub input: Input,
    pub steps: Vec<String>,
    pub expected: PathBuf,
}

/// Is what stands in the folder before the first step.
pub enum Input {
    None,
    File(PathBuf),
    Folder(PathBuf),
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// Returns the cases of an area, sorted by name.
pub fn cases(area: &str) -> Vec<Case> {
    let folder = root().join(area);
    let mut inputs: BTreeMap<String, Input> = BTreeMap::new();
    let mut scripts: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut records: BTreeMap<String, PathBuf> = BTreeMap::new();
    let mut paths = entries(&folder).expect("the area is a folder");
    paths.sort();
    for path in paths {
        let stem = path.file_stem().expect("an entry has a name").to_string_lossy().into_owned();
        let extension = path.extension().map(|extension| extension.to_string_lossy().into_owned());
        match extension.as_deref() {
            Some("expected") => {
                records.insert(stem, path);
            }
            Some("steps") => {
                scripts.insert(stem, path);
            }
            Some(_) | None => {
                let input = if path.is_dir() { Input::Folder(path) } else { Input::File(path) };
                let other = inputs.insert(stem.clone(), input);
                assert!(other.is_none(), "two cases of `{area}` are called `{stem}`");
            }
        }
    }
    let mut names: Vec<String> = inputs.keys().chain(scripts.keys()).cloned().collect();
    names.sort();
    names.dedup();
    for stale in records.keys().filter(|name| !names.contains(name)) {
        panic!("`{area}/{stale}.expected` belongs to no case");
    }
    names
        .into_iter()
        .map(|name| {
            let input = inputs.remove(&name).unwrap_or(Input::None);
            let steps = match scripts.get(&name) {
                Some(script) => read_steps(script),
                None => vec![usual(&input)],
            };
            let expected = folder.join(format!("{name}.expected"));
            Case { name, input, steps, expected }
        })
        .collect()
}

fn read_steps(script: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(script).expect("steps are readable text");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("# "));
    lines.map(str::to_owned).collect()
}

/// Returns the step of a case that names none: all findings, and the cards as a table.
fn usual(input: &Input) -> String {
    let path = match input {
        Input::File(path) => format!(" '{}'", file_name(path)),
        Input::Folder(path) if path.join("notes").is_dir() => String::new(),
        Input::Folder(_) | Input::None => " .".into(),
    };
    format!("deckc build -v --format csv --out -{path}")
}

pub fn file_name(path: &Path) -> String {
    path.file_name().expect("a file has a name").to_string_lossy().into_owned()
}

pub fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
}

pub fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::create_dir_all(to)?;
    for path in entries(from)? {
        let target = to.join(path.file_name().expect("an entry has a name"));
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            std::fs::copy(&path, &target)?;
        }
    }
    Ok(())
}
