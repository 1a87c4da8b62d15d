//! What a build says of content that a format could not carry.

use super::failure::Failure;
use super::printer::Loudness;
use super::run::Run;
use crate::backend::{Emitted, Feature};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Collection;

/// Says it: counted, and with `-v` note by note.
pub(super) fn report(
    run: &Run,
    collection: &Collection,
    emitted: &[(String, Emitted)],
) -> Result<(), Failure> {
    for (format, emitted) in emitted {
        let mut counts: Vec<String> = Vec::new();
        for feature in Feature::ALL {
            let count = emitted.losses.iter().filter(|loss| loss.feature == feature).count();
            if emitted.lacks.iter().any(|lack| lack.feature == feature) {
                counts.push(feature.words().to_owned());
            } else if count > 0 {
                counts.push(format!("{} {count}", feature.words()));
            }
        }
        if !counts.is_empty() {
            let more = if run.printer.loudness() == Loudness::Verbose { "" } else { " (-v shows each)" };
            run.printer.say(&format!("{format} cannot carry: {}{more}", counts.join(" · ")));
        }
        let mut each = Diagnostics::default();
        for loss in &emitted.losses {
            let span = collection.notes()[loss.note].span;
            let message = format!("{format} cannot carry {}: {}", loss.feature.words(), loss.detail);
            each.push(Diagnostic::at(Code::Loss, run.compiled.sources.first_line(span), message));
        }
        for lack in &emitted.lacks {
            let message = format!("{format} cannot carry {}: {}", lack.feature.words(), lack.detail);
            each.push(Diagnostic::general(Code::Loss, message));
        }
        // Notes are printed with `-v` only.
        run.printer.all(each, &run.compiled.sources)?;
        emitted.advice.iter().for_each(|line| run.printer.say(&format!("{format}: {line}")));
    }
    Ok(())
}
