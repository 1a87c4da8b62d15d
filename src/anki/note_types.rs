//! The note types that every deckc project shares.
//!
//! Their ids, field lists and template lists are constants for ever. Anki matches a note type by its id and takes an update only if the lists of fields and templates are the same;
//! a longer list reaches learners only by a merge that overwrites their own edits. Style, template text and names may change: then [`MODIFIED`] becomes the date of that change.
//!
//! There are no spare fields. Whatever a later deckc has to say is HTML inside one of `Hint` (question side), `Extra` (answer side), `Context` (above) or `Source` (below), and spare fields would stand
//! empty in every learner's editor.

use std::fmt;

use sha2::{Digest, Sha256};

use super::text::without_controls;
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

/// What Anki puts before the content of `[latex]` tags; deckc writes formulas for `MathJax`, this is for what learners add.
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

/// A built-in note type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Builtin {
    /// Question and answer: one card.
    Basic,
    /// Two cards, one in each direction.
    Reversed,
    /// A second card in the other direction where `Add Reverse` is filled.
    OptionalReversed,
    /// The learner types the answer.
    TypeIn,
    /// One card for every cloze number.
    Cloze,
}

impl Builtin {
    /// All built-in note types.
    pub const ALL: [Self; 5] =
        [Self::Basic, Self::Reversed, Self::OptionalReversed, Self::TypeIn, Self::Cloze];

    /// Returns the name of the shared note type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => "deckc Basic",
            Self::Reversed => "deckc Reversed",
            Self::OptionalReversed => "deckc Optional reversed",
            Self::TypeIn => "deckc Type-in",
            Self::Cloze => "deckc Cloze",
        }
    }

    /// Returns the word that names the note type in sources and derived ids; it never changes.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Reversed => "reversed",
            Self::OptionalReversed => "optional-reversed",
            Self::TypeIn => "type-in",
            Self::Cloze => "cloze",
        }
    }

    /// Returns the names of the fields, in order.
    #[must_use]
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Basic | Self::Reversed | Self::TypeIn => {
                &["Front", "Back", "Extra", "Hint", "Context", "Source"]
            }
            Self::OptionalReversed => &["Front", "Back", "Add Reverse", "Extra", "Hint", "Context", "Source"],
            Self::Cloze => &["Text", "Extra", "Hint", "Context", "Source"],
        }
    }

    /// Returns the position of field `name`, if the note type has it.
    #[must_use]
    pub fn field(self, name: &str) -> Option<usize> {
        self.fields().iter().position(|field| *field == name)
    }

    /// Returns the note type as all projects share it.
    #[must_use]
    pub fn note_type(self) -> NoteType {
        self.build(self.id(), self.name().to_owned(), MODIFIED, STYLE.to_owned())
    }

    /// Returns a project's own variant, which the project's author may style without touching other decks.
    ///
    /// `css` is the whole style sheet (to add to the usual one, put it after [`STYLE`]), `modified` the time of the variant's last change in seconds since 1970. The id follows from `project_id`
    /// and the note type alone, so a renamed project keeps its note types.
    #[must_use]
    pub fn variant(self, project_id: &str, project_name: &str, css: String, modified: i64) -> NoteType {
        // Anki drops these characters from the names of note types; a name that changes at the import may clash there.
        let project_name = without_controls(project_name).replace('"', "");
        let name = format!("{} ({})", self.name(), project_name.trim());
        self.build(derived_id(project_id, self.key()), name, modified, css)
    }

    const fn id(self) -> i64 {
        match self {
            Self::Basic => 1_762_931_408_000,
            Self::Reversed => 1_762_931_523_000,
            Self::OptionalReversed => 1_762_931_647_000,
            Self::TypeIn => 1_762_931_781_000,
            Self::Cloze => 1_762_931_896_000,
        }
    }

    const fn sides(self) -> &'static [Sides] {
        const BASIC: Sides = Sides {
            name: "Card 1",
            front: include_str!("templates/basic-front.html"),
            back: include_str!("templates/basic-back.html"),
        };
        match self {
            Self::Basic => &[BASIC],
            Self::Reversed => &[
                BASIC,
                Sides {
                    name: "Card 2",
                    front: include_str!("templates/reverse-front.html"),
                    back: include_str!("templates/reverse-back.html"),
                },
            ],
            Self::OptionalReversed => &[
                BASIC,
                Sides {
                    name: "Card 2",
                    front: include_str!("templates/optional-reverse-front.html"),
                    back: include_str!("templates/reverse-back.html"),
                },
            ],
            Self::TypeIn => &[Sides {
                name: "Card 1",
                front: include_str!("templates/type-in-front.html"),
                back: include_str!("templates/type-in-back.html"),
            }],
            Self::Cloze => &[Sides {
                name: "Cloze",
                front: include_str!("templates/cloze-front.html"),
                back: include_str!("templates/cloze-back.html"),
            }],
        }
    }

    fn build(self, id: i64, name: String, modified: i64, css: String) -> NoteType {
        // Fields and templates need ids that are unique within their note type only; the gap between note types is wider than these offsets.
        let fields = (id + 100..).zip(self.fields());
        let templates = (id + 200..).zip(self.sides());
        NoteType {
            id,
            name,
            kind: match self {
                Self::Basic | Self::Reversed | Self::OptionalReversed | Self::TypeIn => NoteTypeKind::Normal,
                Self::Cloze => NoteTypeKind::Cloze,
            },
            modified,
            fields: fields.map(|(id, name)| field(id, name)).collect(),
            templates: templates
                .map(|(id, sides)| Template {
                    id,
                    name: sides.name.to_owned(),
                    front: sides.front.trim_end().to_owned(),
                    back: sides.back.trim_end().to_owned(),
                })
                .collect(),
            css,
            sort_field: 0,
            stock: None,
        }
    }
}

impl fmt::Display for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

struct Sides {
    name: &'static str,
    front: &'static str,
    back: &'static str,
}

fn field(id: i64, name: &str) -> FieldDef {
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
        font: None,
        description: description.to_owned(),
        // What is seldom filled stays folded in the editor.
        collapsed: matches!(name, "Hint" | "Context" | "Source"),
        rtl: false,
    }
}

/// Returns an id between 2010 and 2022, as milliseconds, a multiple of 1000.
///
/// Anki's oldest importer tries the next ids when one is taken by a different note type, so ids keep a distance of 1000. The built-in ids lie after that range.
fn derived_id(project_id: &str, key: &str) -> i64 {
    let mut hash = Sha256::new();
    for part in ["deckc note type 1", project_id, key] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let number = u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]]);
    1_262_304_000_000 + i64::from(number % 400_000_000) * 1000
}

impl From<crate::model::BuiltIn> for Builtin {
    fn from(built_in: crate::model::BuiltIn) -> Self {
        use crate::model::BuiltIn;
        match built_in {
            BuiltIn::Basic => Self::Basic,
            BuiltIn::Reversed => Self::Reversed,
            BuiltIn::OptionalReversed => Self::OptionalReversed,
            BuiltIn::TypeIn => Self::TypeIn,
            BuiltIn::Cloze => Self::Cloze,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Builtin, MODIFIED, STYLE};
    use crate::anki::template::check;
    use crate::model::note_type::NoteType;

    fn outline(note_type: &NoteType) -> String {
        let fields: Vec<_> =
            note_type.fields.iter().map(|f| format!("{}={}", f.id - note_type.id, f.name)).collect();
        let cards: Vec<_> =
            note_type.templates.iter().map(|t| format!("{}={}", t.id - note_type.id, t.name)).collect();
        format!("{} {} [{}] [{}]", note_type.id, note_type.name, fields.join(", "), cards.join(", "))
    }

    /// A difference here is a breaking change: learners would get a second note type, and their notes no more updates.
    #[test]
    fn ids_and_field_lists_are_frozen() {
        let outlines: Vec<_> = Builtin::ALL.iter().map(|builtin| outline(&builtin.note_type())).collect();
        assert_eq!(
            outlines,
            [
                "1762931408000 deckc Basic [100=Front, 101=Back, 102=Extra, 103=Hint, 104=Context, 105=Source] [200=Card 1]",
                "1762931523000 deckc Reversed [100=Front, 101=Back, 102=Extra, 103=Hint, 104=Context, 105=Source] [200=Card 1, 201=Card 2]",
                "1762931647000 deckc Optional reversed [100=Front, 101=Back, 102=Add Reverse, 103=Extra, 104=Hint, 105=Context, 106=Source] [200=Card 1, 201=Card 2]",
                "1762931781000 deckc Type-in [100=Front, 101=Back, 102=Extra, 103=Hint, 104=Context, 105=Source] [200=Card 1]",
                "1762931896000 deckc Cloze [100=Text, 101=Extra, 102=Hint, 103=Context, 104=Source] [200=Cloze]",
            ]
        );
    }

    #[test]
    fn a_variant_keeps_its_id_when_the_project_is_renamed() {
        let css = ".card { color: red }";
        let old = Builtin::Basic.variant("p-7f3a", "AWS", css.to_owned(), 1_700_000_000);
        let new = Builtin::Basic.variant("p-7f3a", "AWS \"in\n depth\" ", css.to_owned(), 1_700_000_001);
        assert_eq!(
            outline(&old),
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
                Builtin::ALL.map(|builtin| builtin.variant(project, "X", String::new(), 1).id)
            })
            .chain(Builtin::ALL.map(|builtin| builtin.note_type().id))
            .collect();
        ids.sort_unstable();
        assert_eq!(ids.len(), 20);
        assert!(ids.windows(2).all(|pair| pair[1] - pair[0] >= 1000), "{ids:?}");
        assert!(ids.iter().all(|id| (1_262_304_000_000..MODIFIED * 1000).contains(id)), "{ids:?}");
    }

    #[test]
    fn every_built_in_template_is_sound() {
        for builtin in Builtin::ALL {
            assert_eq!(check(&builtin.note_type()), [], "{builtin}");
        }
    }

    /// Whoever changes what learners see must move `MODIFIED` too, or no learner ever gets the change: then, and only then, write the new sum here.
    #[test]
    fn the_look_and_its_date_change_together() {
        let mut text = String::from(STYLE);
        for builtin in Builtin::ALL {
            for template in builtin.note_type().templates {
                text.push_str(&template.front);
                text.push_str(&template.back);
            }
        }
        assert_eq!((MODIFIED, crate::anki::checksum::checksum_of(&text)), (1_795_305_600, 3_538_111_593));
    }
}
