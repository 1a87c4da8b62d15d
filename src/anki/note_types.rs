//! The note types that every deckc project shares.
//!
//! Their ids, field lists and template lists are constants for ever. Anki matches a note type by its id and
//! takes an update only if the lists of fields and templates are the same; a longer list reaches learners
//! only by a merge that overwrites their own edits. Style, template text and names may change: then
//! [`MODIFIED`] becomes the date of that change.
//!
//! There are no spare fields. Whatever a later deckc has to say is HTML inside one of `Hint` (question side),
//! `Extra` (answer side), `Context` (above) or `Source` (below), and spare fields would stand empty in every
//! learner's editor.

use super::text::without_controls;
use crate::digest::Parts;
use crate::model::BuiltIn;
use crate::model::note_type::{FieldDef, NoteType, NoteTypeKind, Template};

/// The date of the last change to a built-in note type, in seconds since 1970 (2026-11-22).
///
/// Learners get a changed style or template only if this grew; it must never lie in the future.
pub const MODIFIED: i64 = 1_795_305_600;

/// The style sheet of the built-in note types.
pub const STYLE: &str = include_str!("style.css");

/// The font of Anki's editor, where a field names none; cards take theirs from the style sheet.
pub const EDITOR_FONT: &str = "Arial";

/// The size of that font, in pixels.
pub const EDITOR_FONT_SIZE: u32 = 20;

/// What Anki puts before the content of `[latex]` tags; deckc writes formulas for `MathJax`, this is for what
/// learners add.
pub const LATEX_HEAD: &str = concat!(
    "\\documentclass[12pt]{article}\n",
    "\\usepackage[utf8]{inputenc}\n",
    "\\usepackage{amsmath,amssymb}\n",
    "\\pagestyle{empty}\n",
    "\\setlength{\\parindent}{0pt}\n",
    "\\begin{document}\n",
);

/// What Anki puts after it.
pub const LATEX_TAIL: &str = "\\end{document}";

/// Returns the name of the shared note type.
#[must_use]
pub const fn name(built_in: BuiltIn) -> &'static str {
    match built_in {
        BuiltIn::Basic => "deckc Basic",
        BuiltIn::Reversed => "deckc Reversed",
        BuiltIn::OptionalReversed => "deckc Optional reversed",
        BuiltIn::TypeIn => "deckc Type-in",
        BuiltIn::Cloze => "deckc Cloze",
    }
}

/// Returns the note type as all projects share it.
#[must_use]
pub fn shared(built_in: BuiltIn) -> NoteType {
    let ids = Ids { note_type: id(built_in), family: FAMILY };
    build(built_in, ids, name(built_in).to_owned(), MODIFIED, STYLE.to_owned())
}

/// Returns a project's own variant, which the project's author may style without touching other decks.
///
/// `css` is the whole style sheet (to add to the usual one, put it after [`STYLE`]), `modified` the time of
/// the variant's last change in seconds since 1970. The id follows from `project_id` and the note type alone,
/// so a renamed project keeps its note types.
#[must_use]
pub fn variant(
    built_in: BuiltIn,
    project_id: &str,
    project_name: &str,
    css: String,
    modified: i64,
) -> NoteType {
    // Anki drops these characters from the names of note types; a name that changes at the import may clash
    // there.
    let project_name = without_controls(&project_name.replace('"', ""));
    let name = format!("{} ({})", name(built_in), project_name.trim());
    let ids =
        Ids { note_type: derived_id(project_id, built_in.key()), family: derived_id(project_id, "family") };
    build(built_in, ids, name, modified, css)
}

const fn id(built_in: BuiltIn) -> i64 {
    match built_in {
        BuiltIn::Basic => 1_762_931_408_000,
        BuiltIn::Reversed => 1_762_931_523_000,
        BuiltIn::OptionalReversed => 1_762_931_647_000,
        BuiltIn::TypeIn => 1_762_931_781_000,
        BuiltIn::Cloze => 1_762_931_896_000,
    }
}

const fn sides(built_in: BuiltIn) -> &'static [Sides] {
    const BASIC: Sides = Sides {
        id: 200,
        name: "Card 1",
        front: include_str!("templates/basic-front.html"),
        back: include_str!("templates/basic-back.html"),
    };
    match built_in {
        BuiltIn::Basic => &[BASIC],
        BuiltIn::Reversed => &[
            BASIC,
            Sides {
                id: 201,
                name: "Card 2",
                front: include_str!("templates/reverse-front.html"),
                back: include_str!("templates/reverse-back.html"),
            },
        ],
        BuiltIn::OptionalReversed => &[
            BASIC,
            Sides {
                id: 201,
                name: "Card 2",
                front: include_str!("templates/optional-reverse-front.html"),
                back: include_str!("templates/reverse-back.html"),
            },
        ],
        BuiltIn::TypeIn => &[Sides {
            id: 200,
            name: "Card 1",
            front: include_str!("templates/type-in-front.html"),
            back: include_str!("templates/type-in-back.html"),
        }],
        BuiltIn::Cloze => &[Sides {
            id: 202,
            name: "Cloze",
            front: include_str!("templates/cloze-front.html"),
            back: include_str!("templates/cloze-back.html"),
        }],
    }
}

fn build(built_in: BuiltIn, ids: Ids, name: String, modified: i64, css: String) -> NoteType {
    NoteType {
        id: ids.note_type,
        name,
        kind: match built_in {
            BuiltIn::Basic | BuiltIn::Reversed | BuiltIn::OptionalReversed | BuiltIn::TypeIn => {
                NoteTypeKind::Normal
            }
            BuiltIn::Cloze => NoteTypeKind::Cloze,
        },
        modified,
        fields: built_in.fields().iter().map(|name| field(ids.family, name)).collect(),
        templates: sides(built_in)
            .iter()
            .map(|sides| Template {
                id: ids.family + sides.id,
                name: sides.name.to_owned(),
                front: sides.front.trim_end().to_owned(),
                back: sides.back.trim_end().to_owned(),
            })
            .collect(),
        css,
        sort_field: 0,
    }
}

/// Are the ids that a note type is built with.
///
/// Fields and templates of one name have one id in all built-in note types: a learner who ticks "Merge note
/// types" can then follow an author from `basic` to `reversed` and keeps the history of the first card (tried
/// on 24.11 and 26.9.3).
#[derive(Clone, Copy)]
struct Ids {
    note_type: i64,
    family: i64,
}

/// What the ids of the built-in fields and templates count from.
const FAMILY: i64 = 1_762_931_300_000;

struct Sides {
    id: i64,
    name: &'static str,
    front: &'static str,
    back: &'static str,
}

/// All fields of built-in note types. The place in this list makes the id, so it grows at the end only.
const FIELDS: [&str; 8] = ["Front", "Back", "Extra", "Hint", "Context", "Source", "Add Reverse", "Text"];

fn field(family: i64, name: &str) -> FieldDef {
    let place = FIELDS.iter().position(|known| *known == name).expect("a built-in field is listed");
    let id = family + 100 + i64::try_from(place).expect("the list is short");
    let description = match name {
        "Add Reverse" => "fill in anything for a second card, from back to front",
        "Extra" => "shown below the answer",
        "Hint" => "shown on the question side when asked for",
        "Context" => "shown small above the question",
        "Source" => "shown small at the end of the answer",
        _ => "",
    };
    FieldDef {
        id,
        name: name.to_owned(),
        description: description.to_owned(),
        // What is seldom filled stays folded in the editor.
        collapsed: matches!(name, "Hint" | "Context" | "Source"),
    }
}

/// Returns an id between 2010 and 2022, as milliseconds, a multiple of 1000.
///
/// Anki's oldest importer tries the next ids when one is taken by a different note type, so ids keep a
/// distance of 1000. The built-in ids lie after that range.
fn derived_id(project_id: &str, key: &str) -> i64 {
    let digest = Parts::new("deckc note type 1").with(project_id).with(key).finish();
    let number = u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]]);
    1_262_304_000_000 + i64::from(number % 400_000_000) * 1000
}

#[cfg(test)]
mod tests {
    use super::{FAMILY, MODIFIED, STYLE, derived_id, shared, variant};
    use crate::anki::template::check;
    use crate::model::BuiltIn;
    use crate::model::note_type::NoteType;

    fn outline(note_type: &NoteType, family: i64) -> String {
        let fields: Vec<_> =
            note_type.fields.iter().map(|f| format!("{}={}", f.id - family, f.name)).collect();
        let cards: Vec<_> =
            note_type.templates.iter().map(|t| format!("{}={}", t.id - family, t.name)).collect();
        format!("{} {} [{}] [{}]", note_type.id, note_type.name, fields.join(", "), cards.join(", "))
    }

    /// A difference here is a breaking change: learners would get a second note type, and their notes no more
    /// updates.
    #[test]
    fn ids_and_field_lists_are_frozen() {
        let outlines: Vec<_> =
            BuiltIn::ALL.iter().map(|built_in| outline(&shared(*built_in), FAMILY)).collect();
        assert_eq!(
            outlines,
            [
                "1762931408000 deckc Basic [100=Front, 101=Back, 102=Extra, 103=Hint, 104=Context, 105=Source] [200=Card 1]",
                "1762931523000 deckc Reversed [100=Front, 101=Back, 102=Extra, 103=Hint, 104=Context, 105=Source] [200=Card 1, 201=Card 2]",
                "1762931647000 deckc Optional reversed [100=Front, 101=Back, 106=Add Reverse, 102=Extra, 103=Hint, 104=Context, 105=Source] [200=Card 1, 201=Card 2]",
                "1762931781000 deckc Type-in [100=Front, 101=Back, 102=Extra, 103=Hint, 104=Context, 105=Source] [200=Card 1]",
                "1762931896000 deckc Cloze [107=Text, 102=Extra, 103=Hint, 104=Context, 105=Source] [202=Cloze]",
            ]
        );
    }

    #[test]
    fn a_variant_keeps_its_id_when_the_project_is_renamed() {
        let css = ".card { color: red }";
        let old = variant(BuiltIn::Basic, "p-7f3a", "AWS", css.to_owned(), 1_700_000_000);
        let new = variant(BuiltIn::Basic, "p-7f3a", "AWS \"in\n depth\" ", css.to_owned(), 1_700_000_001);
        assert_eq!(
            outline(&old, derived_id("p-7f3a", "family")),
            "1520301494000 deckc Basic (AWS) [100=Front, 101=Back, 102=Extra, 103=Hint, 104=Context, 105=Source] [200=Card 1]"
        );
        assert_eq!(new.name, "deckc Basic (AWS in depth)");
        assert_eq!((new.id, new.css.as_str(), new.modified), (old.id, css, 1_700_000_001));
    }

    #[test]
    fn variants_of_other_note_types_and_projects_have_other_ids() {
        let mut ids: Vec<_> = ["a", "b", "ab"]
            .iter()
            .flat_map(|project| {
                BuiltIn::ALL.map(|built_in| variant(built_in, project, "X", String::new(), 1).id)
            })
            .chain(BuiltIn::ALL.map(|built_in| shared(built_in).id))
            .collect();
        ids.sort_unstable();
        assert_eq!(ids.len(), 20);
        assert!(ids.windows(2).all(|pair| pair[1] - pair[0] >= 1000), "{ids:?}");
        assert!(ids.iter().all(|id| (1_262_304_000_000..MODIFIED * 1000).contains(id)), "{ids:?}");
    }

    #[test]
    fn every_built_in_template_is_sound() {
        for built_in in BuiltIn::ALL {
            assert_eq!(check(&shared(built_in)), [], "{built_in:?}");
        }
    }

    /// Whoever changes what learners see must move `MODIFIED` too, or no learner ever gets the change: then,
    /// and only then, write the new sum here.
    #[test]
    fn the_look_and_its_date_change_together() {
        let mut text = String::from(STYLE);
        for built_in in BuiltIn::ALL {
            for template in shared(built_in).templates {
                text.push_str(&template.front);
                text.push_str(&template.back);
            }
        }
        assert_eq!((MODIFIED, crate::anki::checksum::checksum_of(&text)), (1_795_305_600, 2_454_044_026));
    }
}
