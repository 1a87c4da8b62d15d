//! What a program answers, checked.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::path::refused;
use super::{PROTOCOL, clean};
use crate::backend::{Emitted, Feature, Loss};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Collection;

/// Is an answer in which everything was checked.
#[derive(Debug)]
pub(super) struct Answer {
    /// The files, by name.
    pub(super) files: Vec<(String, Vec<u8>)>,
    pub(super) emitted: Emitted,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    protocol: Option<u32>,
    files: Vec<WireFile>,
    #[serde(default)]
    losses: Vec<WireLoss>,
    #[serde(default)]
    diagnostics: Vec<WireDiagnostic>,
    #[serde(default)]
    advice: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireFile {
    name: String,
    text: Option<String>,
    base64: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireLoss {
    feature: String,
    note: usize,
    #[serde(default)]
    detail: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireDiagnostic {
    severity: WireSeverity,
    message: String,
    note: Option<usize>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WireSeverity {
    Error,
    Warning,
    Note,
}

/// Returns the answer, or what is wrong with it.
pub(super) fn parse(
    bytes: &[u8],
    collection: &Collection,
    format: &str,
    most: usize,
) -> Result<Answer, String> {
    let wire: Wire = serde_json::from_slice(bytes)
        .map_err(|error| format!("its answer cannot be read: {}", clean(&error.to_string(), 300)))?;
    if let Some(other) = wire.protocol.filter(|protocol| *protocol != PROTOCOL) {
        return Err(format!("it speaks protocol {other}, deckc speaks {PROTOCOL}"));
    }
    if wire.files.len() > most {
        return Err(format!("it answered {} files, more than {most}", wire.files.len()));
    }
    let mut emitted = Emitted::default();
    for loss in wire.losses {
        let feature = Feature::parse(&loss.feature).ok_or_else(|| {
            format!("it reports the loss of `{}`, which is no feature", clean(&loss.feature, 60))
        })?;
        let note = note(loss.note, collection)?;
        emitted.losses.push(Loss { feature, note, detail: clean(&loss.detail, 500) });
    }
    emitted.losses.sort_by_key(|loss| loss.note);
    for diagnostic in wire.diagnostics {
        let message = format!("format `{format}`: {}", clean(&diagnostic.message, 2000));
        let code = match diagnostic.severity {
            WireSeverity::Error => Code::PluginFailed,
            WireSeverity::Warning => Code::PluginWarning,
            WireSeverity::Note => {
                emitted.advice.push(message);
                continue;
            }
        };
        emitted.diagnostics.push(match diagnostic.note {
            Some(number) => Diagnostic::at(code, collection.notes()[note(number, collection)?].span, message),
            None => Diagnostic::general(code, message),
        });
    }
    emitted.advice.extend(wire.advice.iter().map(|line| format!("format `{format}`: {}", clean(line, 2000))));
    Ok(Answer { files: files(wire.files)?, emitted })
}

fn note(number: usize, collection: &Collection) -> Result<usize, String> {
    let count = collection.notes().len();
    if number < count {
        Ok(number)
    } else {
        Err(format!("it speaks of note {number}, there are {count} from 0"))
    }
}

fn files(wire: Vec<WireFile>) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut names = BTreeSet::new();
    let mut files = Vec::with_capacity(wire.len());
    for WireFile { name, text, base64 } in wire {
        let shown = clean(&name, 200);
        if let Some(why) = refused(&name) {
            return Err(format!("its file name `{shown}` {why}"));
        }
        // One file on a disk that does not tell upper from lower case.
        if !names.insert(name.to_lowercase()) {
            return Err(format!("it answered the file `{shown}` twice"));
        }
        let bytes = match (text, base64) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(base64)) => data_encoding::BASE64
                .decode(base64.as_bytes())
                .map_err(|error| format!("the base64 of its file `{shown}` cannot be read: {error}"))?,
            (None, None) | (Some(_), Some(_)) => {
                return Err(format!("its file `{shown}` must have either `text` or `base64`"));
            }
        };
        files.push((name, bytes));
    }
    // A file must not be another one's folder.
    for name in &names {
        let mut parent = name.as_str();
        while let Some((folder, _)) = parent.rsplit_once('/') {
            if names.contains(folder) {
                return Err(format!("its file `{}` is the folder of another one", clean(folder, 200)));
            }
            parent = folder;
        }
    }
    Ok(files)
}
