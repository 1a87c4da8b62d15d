//! Text that Quizlet's import takes: a term and a definition in each row, nothing else.
//!
//! A set is flat, so there is one file for each deck. The site knows no quoting: the separators must occur nowhere in the
//! content, and are solved for.

mod names;
pub mod separators;

use std::collections::HashMap;
use std::io::Write;

use super::losses::{Finder, Shown, extra_fields, is_reversed};
use super::{Backend, Context, EmitError, Emitted, Feature, Output};
use crate::anki::cloze;
use crate::model::{BuiltIn, Collection, Field, Identity, Note};
use crate::plain::{self, Clozes, Links, Style};
use names::Names;
use separators::{Row, solve};

/// Writes Quizlet's text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quizlet;

impl Backend for Quizlet {
    fn name(&self) -> &'static str {
        "quizlet"
    }

    fn summary(&self) -> &'static str {
        "terms and definitions to paste into Quizlet"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("txt")
    }

    fn carries(&self) -> &[Feature] {
        &[]
    }

    fn emit(
        &self,
        collection: &Collection,
        context: &Context<'_>,
        out: &mut dyn Output,
    ) -> Result<Emitted, EmitError> {
        let options = &context.options.quizlet;
        let mut finder = Finder::new(collection, Shown::Text);
        let mut sets: Vec<(&str, usize)> =
            collection.decks().iter().map(|deck| (deck.name.as_str(), 0)).collect();
        let by_name: HashMap<&str, usize> =
            sets.iter().enumerate().map(|(set, (name, _))| (*name, set)).collect();
        let mut rows: Vec<(usize, Row)> = Vec::new();
        for (place, (note, rendered)) in collection.rendered().enumerate() {
            // A collection lists every deck.
            let set = by_name[&*note.deck];
            let before = rows.len();
            rows.extend(note_rows(note, rendered, collection).into_iter().map(|row| (set, row)));
            sets[set].1 += rows.len() - before;
            report(&mut finder, place, note, rows.len() - before);
        }
        // The files follow the decks, the rows their source.
        rows.sort_by_key(|(set, _)| *set);
        let mut plain: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
        let solved = solve(&mut plain, options.term_separator.as_deref(), options.row_separator.as_deref());
        let mut names = Names::default();
        let mut rest = plain.as_slice();
        for (deck, count) in sets.into_iter().filter(|(_, count)| *count > 0) {
            let (set, after) = rest.split_at(count);
            rest = after;
            let size = options.max_rows.get();
            let parts = set.len().div_ceil(size);
            let stem = names.stem(context.stem, deck);
            for (part, rows) in set.chunks(size).enumerate() {
                let name =
                    if parts == 1 { format!("{stem}.txt") } else { format!("{stem}-part{}.txt", part + 1) };
                out.create(&name)?.write_all(solved.separators.join(rows).as_bytes())?;
            }
        }
        let mut advice = solved.notices;
        if !plain.is_empty() {
            advice.push(solved.separators.advice());
            advice.push("a set has no ids: importing a file again adds its rows again".into());
        }
        finder.lose_everywhere(Feature::Decks, "each is a file of its own");
        finder.lose_everywhere(Feature::Ids, "a set has none");
        finder.lose_everywhere(Feature::NoteTypes, "a set has terms and definitions alone");
        Ok(Emitted { advice, ..finder.finish() })
    }
}

/// Returns the rows of a note: one, or one for each number of a cloze note.
fn note_rows(note: &Note<Identity>, rendered: &[String], collection: &Collection) -> Vec<Row> {
    let media = collection.media();
    let text = |field: &Field, clozes: Clozes| {
        plain::field(&field.blocks, media, Style { clozes, links: Links::Text }).trim().to_owned()
    };
    let definition = |answer: String| {
        let mut lines = vec![answer];
        for (field, name) in extra_fields(note) {
            lines.push(format!("{name}: {}", text(field, Clozes::Shown)));
        }
        lines.retain(|line| !line.is_empty());
        // On one line where the parts are, so that the site's own separators will do.
        let several = lines.iter().any(|line| line.contains('\n'));
        lines.join(if several { "\n" } else { " / " })
    };
    match note.note_type {
        BuiltIn::Basic | BuiltIn::Reversed | BuiltIn::OptionalReversed | BuiltIn::TypeIn => {
            let term = text(&note.fields[0], Clozes::Shown);
            vec![Row { term, definition: definition(text(&note.fields[1], Clozes::Shown)) }]
        }
        BuiltIn::Cloze => {
            let blocks = &note.fields[0].blocks;
            // Of the HTML and not of the tree: raw HTML may hold deletions too.
            let numbers = rendered.first().map_or_else(Vec::new, |html| cloze::numbers(html));
            if numbers.is_empty() {
                let term = text(&note.fields[0], Clozes::Shown);
                return vec![Row { term, definition: definition(String::new()) }];
            }
            let row = |number| Row {
                term: text(&note.fields[0], Clozes::Only(number)),
                definition: definition(plain::answer(blocks, media, number).trim().to_owned()),
            };
            numbers.into_iter().map(row).collect()
        }
    }
}

fn report(finder: &mut Finder<'_>, place: usize, note: &Note<Identity>, rows: usize) {
    finder.media(place, note);
    finder.text(place, note);
    if is_reversed(note) {
        finder.lose(Feature::Reversed, place, "asked as the set is set to ask");
    }
    match note.note_type {
        BuiltIn::Basic | BuiltIn::Reversed | BuiltIn::OptionalReversed => {}
        BuiltIn::TypeIn => finder.lose(Feature::TypeIn, place, "answer not asked to be typed"),
        BuiltIn::Cloze => {
            let rows = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
            finder.lose(Feature::Cloze, place, format!("deletions written as {rows} with `____`"));
        }
    }
    if !note.tags.is_empty() {
        finder.lose(Feature::Tags, place, "tags left out");
    }
    for (_, name) in extra_fields(note) {
        finder.lose(Feature::ExtraFields, place, format!("`{name}` joined to the definition"));
    }
}
