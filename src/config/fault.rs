//! What is wrong with a configuration, and where.

use std::ops::Range;

use super::written::KEYS;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceMap, Span};

/// Says what is wrong with a configuration.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// The file that it points into.
    pub sources: SourceMap,
}

/// Is what is wrong, and where in the text.
pub(super) struct Wrong {
    pub(super) code: Code,
    pub(super) place: Option<Range<usize>>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Wrong {
    pub(super) fn value(place: Range<usize>, message: String) -> Self {
        Self { code: Code::ConfigInvalid, place: Some(place), message, help: None }
    }

    /// Returns what the reader of TOML says, in deckc's words where it is an unknown key.
    pub(super) fn not_understood(error: &toml::de::Error) -> Self {
        let message = error.message();
        let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
        let Some(key) = unknown else {
            let message = message.lines().next().unwrap_or("no TOML").to_owned();
            return Wrong { code: Code::ConfigInvalid, place: error.span(), message, help: None };
        };
        let help = match crate::suggest::nearest(key, KEYS.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`docs/configuration.md` lists all keys".to_owned(),
        };
        Wrong {
            code: Code::ConfigKey,
            place: error.span(),
            message: format!("unknown key `{key}`"),
            help: Some(help),
        }
    }

    /// Returns the finding in `text`, of which the first `skipped` bytes are no part of what was read.
    pub(super) fn fault(self, text: &str, skipped: usize, path: &str) -> Fault {
        let Wrong { code, place, message, help } = self;
        let mut sources = SourceMap::default();
        let id = sources.add(path.to_owned(), text.to_owned());
        let mut diagnostic = match place {
            Some(place) => {
                Diagnostic::at(code, Span::new(id, place.start + skipped..place.end + skipped), message)
            }
            None => Diagnostic::in_file(code, path, None, message),
        };
        diagnostic.help = help;
        Fault { diagnostic, sources }
    }
}
