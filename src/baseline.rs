//! A package of an earlier release in the place of a lost ledger.
//!
//! A package knows guids, times and what Anki sees, but not the sources' text. So notes are recognised by guid where it follows
//! from the unedited text, and else by the text that a learner reads, with the same alignment as a ledger.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use crate::anki::checksum::sort_text;
use crate::anki::cloze::{Deletion, LAST_NUMBER, deletions};
use crate::anki::note_types;
use crate::anki::read::{PackedNote, ReadError, collection};
use crate::identity::cloze::{Group, assign, remember};
use crate::identity::prompt::{Kind, PromptHash, normalise};
use crate::identity::sketch::{Sketch, shorten};
use crate::ledger::{Entry, LATEST, Ledger};
use crate::model::{BuiltIn, Owner};
use crate::pass::seal::content_hash;

/// Is what a package gives.
#[derive(Debug)]
pub struct Baseline {
    /// The ledger it stands for. Its notes are grouped by deck, under names that no source can have.
    pub ledger: Ledger,
    /// How many notes have a note type that is not deckc's; they are left alone.
    pub foreign: usize,
}

/// Reads the ledger that a package stands for.
///
/// # Errors
/// When it is no package that can be read.
pub fn read<R: Read + Seek>(package: R, project: &str) -> Result<Baseline, ReadError> {
    let types = known_types(project);
    let mut ledger = Ledger { project: project.to_owned(), ..Ledger::default() };
    let mut foreign = 0;
    let contents = collection(package)?;
    for note in &contents.notes {
        match types.get(&note.note_type) {
            Some((built_in, owner))
                if note.fields.len() == built_in.fields().len() && !note.guid.is_empty() =>
            {
                let deck = contents.deck_of(note);
                let entry = entry(note, deck, *built_in, *owner);
                ledger.files.entry(format!("\0{deck}")).or_default().push(entry);
            }
            Some(_) | None => foreign += 1,
        }
    }
    // A package that is no work of deckc may hold a guid twice.
    ledger.settle();
    Ok(Baseline { ledger, foreign })
}

/// Returns deckc's note types by the ids that they have in a project's packages.
#[must_use]
pub fn known_types(project: &str) -> BTreeMap<i64, (BuiltIn, Owner)> {
    let mut types = BTreeMap::new();
    for built_in in BuiltIn::ALL {
        types.insert(note_types::shared(built_in).id, (built_in, Owner::Shared));
        types.insert(
            note_types::variant(built_in, project, "", String::new(), 1).id,
            (built_in, Owner::Project),
        );
    }
    types
}

fn entry(note: &PackedNote, deck: &str, built_in: BuiltIn, owner: Owner) -> Entry {
    let kind = if built_in.is_cloze() { Kind::Cloze } else { Kind::Basic };
    let groups = if built_in.is_cloze() { groups(&note.fields[0]) } else { Vec::new() };
    let prompt = normalise(&sort_text(&note.fields[0]));
    let answer = if built_in.is_cloze() {
        groups.iter().flat_map(|group| group.texts.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
    } else {
        normalise(&sort_text(&note.fields[1]))
    };
    let numbers = assign(&[], &groups);
    let clozes = remember(&[], &groups, &numbers);
    Entry {
        guid: note.guid.clone(),
        id: note.id.clamp(1, LATEST * 1000),
        modified: note.modified.clamp(1, LATEST),
        prompt_hash: PromptHash::new(kind, &prompt),
        content: content_hash(built_in, owner, &note.tags, &note.fields),
        note_type: built_in,
        owner,
        clozes,
        key: None,
        deck: deck.to_owned(),
        sketch: Sketch::new(&prompt, &answer),
        prompt: shorten(&prompt),
    }
}

/// Returns the deletions of an HTML field by number, in order of appearance, outer ones first.
fn groups(html: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let with_card = |deletion: &Deletion| (1..=LAST_NUMBER).contains(&deletion.number);
    for deletion in deletions(html).into_iter().filter(with_card) {
        let text = normalise(&sort_text(&deletion.text(html)));
        match groups.iter_mut().find(|group| group.written == Some(deletion.number)) {
            Some(group) => group.texts.push(text),
            None => groups.push(Group { written: Some(deletion.number), texts: vec![text] }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn deletions_are_grouped_by_number() {
        let found: Vec<_> = groups("a {{c2::x::hint}} {{c1::y <b>z</b> {{c3::in}}}} {{c2::w}}")
            .into_iter()
            .map(|group| (group.written, group.texts.join("|")))
            .collect();
        assert_eq!(
            found,
            [(Some(2), "x|w".to_owned()), (Some(1), "y z in".to_owned()), (Some(3), "in".to_owned())]
        );
    }

    #[test]
    fn what_is_no_deletion_is_left_alone() {
        assert!(groups("{{c1: x}} }} {{Front}} {{c1::open").is_empty());
    }
}
