//! Anki's own text format, which its import takes as an update by guid.
//!
//! Header lines name the special columns; the fields follow, padded so that the tags stand behind the longest note type. The
//! format carries neither note types nor media, so Anki must have both.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::losses::{Finder, Shown};
use super::{Backend, Context, EmitError, Emitted, Feature, Output};
use crate::model::{BuiltIn, Collection, OwnedType};

/// Writes Anki's text format.
#[derive(Clone, Copy, Debug, Default)]
pub struct AnkiText;

impl Backend for AnkiText {
    fn name(&self) -> &'static str {
        "anki-text"
    }

    fn summary(&self) -> &'static str {
        "text that Anki imports, updating notes by guid"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("txt")
    }

    fn carries(&self) -> &[Feature] {
        &[
            Feature::Styling,
            Feature::Math,
            Feature::Cloze,
            Feature::Reversed,
            Feature::TypeIn,
            Feature::Tags,
            Feature::Decks,
            Feature::Ids,
            Feature::ExtraFields,
        ]
    }

    fn emit(
        &self,
        collection: &Collection,
        context: &Context<'_>,
        out: &mut dyn Output,
    ) -> Result<Emitted, EmitError> {
        let names = names(collection, &context.options.anki_text_note_types);
        let types = collection.note_types();
        let longest = types.iter().map(|owned| owned.built_in.fields().len()).max().unwrap_or(0);
        let tags_column = 3 + longest + 1;
        let mut file = BufWriter::new(out.create(&format!("{}.txt", context.stem))?);
        write!(
            file,
            "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:{tags_column}\n"
        )?;
        // Anki takes a line whose first cell begins with a bare `#` for a comment.
        let mut table = WriterBuilder::new()
            .delimiter(b'\t')
            .terminator(Terminator::Any(b'\n'))
            .quote_style(QuoteStyle::Necessary)
            .comment(Some(b'#'))
            .from_writer(file);
        let mut finder = Finder::new(collection, Shown::Name);
        for (place, (note, rendered)) in collection.rendered().enumerate() {
            let place_of_type = types.iter().position(|owned| owned.is_of(note));
            let name = names[place_of_type.expect("a collection lists the note types of its notes")];
            let tags = note.tags.join(" ");
            let padding = std::iter::repeat_n("", longest - rendered.len());
            let cells = [note.identity.guid.as_str(), name, &*note.deck];
            let fields = rendered.iter().map(String::as_str).chain(padding);
            table
                .write_record(cells.into_iter().chain(fields).chain([tags.as_str()]))
                .map_err(io::Error::from)?;
            finder.media(place, note);
            if let Some(room) = stock_fields(name) {
                for (field, html) in note.note_type.fields().iter().zip(rendered).skip(room) {
                    if !html.is_empty() {
                        finder.lose(
                            Feature::ExtraFields,
                            place,
                            format!("note type `{name}` has no field for `{field}`"),
                        );
                    }
                }
            }
        }
        table.flush()?;
        finder.lose_everywhere(Feature::NoteTypes, "named only: Anki must have them already");
        Ok(Emitted { advice: advice(&names, collection), ..finder.finish() })
    }
}

/// Returns what each note type of the collection is called at the receiver: as configured, else as in packages.
fn names<'a>(collection: &'a Collection, given: &'a BTreeMap<BuiltIn, String>) -> Vec<&'a str> {
    let name = |owned: &'a OwnedType| given.get(&owned.built_in).unwrap_or(&owned.note_type.name).as_str();
    collection.note_types().iter().map(name).collect()
}

/// Returns how many fields Anki's stock note type of that name has; nothing for other names.
fn stock_fields(name: &str) -> Option<usize> {
    match name {
        "Basic" | "Basic (and reversed card)" | "Basic (type in the answer)" | "Cloze" => Some(2),
        "Basic (optional reversed card)" => Some(3),
        _ => None,
    }
}

fn advice(names: &[&str], collection: &Collection) -> Vec<String> {
    let mut advice = Vec::new();
    if !names.is_empty() {
        let mut quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        // Those of the project's own may be called as the shared ones at the receiver; they stand side by side.
        quoted.dedup();
        advice
            .push(format!("Anki must have these note types, and skips rows without: {}", quoted.join(", ")));
    }
    if !collection.media().is_empty() {
        let count = collection.media().len();
        let files = if count == 1 { "file" } else { "files" };
        advice.push(format!("{count} media {files} must lie in Anki's media folder already"));
    }
    if collection.decks().iter().any(|deck| !deck.description.is_empty()) {
        advice.push("deck descriptions are not in the file".into());
    }
    advice
}
