//! `deckc explain`: the page of a diagnostic code.

use std::fmt::Write as _;

use super::Exit;
use super::failure::{Failure, to_stdout};
use crate::diagnostic::Code;

/// Prints a code's page, or all codes.
pub(super) fn run(code: Option<&str>) -> Result<Exit, Failure> {
    let Some(wanted) = code else {
        let mut list = String::new();
        for code in Code::ALL {
            let _ = writeln!(list, "{} {:<8} {}", code.id(), code.severity().word(), code.title());
        }
        return to_stdout(list.as_bytes());
    };
    match Code::parse(wanted.trim()) {
        Some(code) => to_stdout(code.page().as_bytes()),
        None => {
            let near = crate::suggest::nearest(wanted, Code::ALL.iter().map(|code| code.id()));
            let help = near.map_or_else(
                || "`deckc explain` lists all codes".to_owned(),
                |near| format!("did you mean `{near}`? `deckc explain` lists all codes"),
            );
            Err(Failure::Usage(format!("there is no code `{wanted}`; {help}")))
        }
    }
}
