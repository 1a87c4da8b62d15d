//! The note types that every deckc project shares.

use serde::Serialize;

/// Names a built-in note type. Its fields, templates and ids are in `anki::note_types`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuiltIn {
    /// Front and back.
    Basic,
    /// Front and back, asked both ways.
    Reversed,
    /// Front and back, asked the other way too where `Add Reverse` is filled.
    OptionalReversed,
    /// The back is typed in.
    TypeIn,
    /// Text with deletions.
    Cloze,
}

impl BuiltIn {
    /// All of them, in the order people read them.
    pub const ALL: [BuiltIn; 5] =
        [BuiltIn::Basic, BuiltIn::Reversed, BuiltIn::OptionalReversed, BuiltIn::TypeIn, BuiltIn::Cloze];

    /// Returns the name that sources use, such as `optional-reversed`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            BuiltIn::Basic => "basic",
            BuiltIn::Reversed => "reversed",
            BuiltIn::OptionalReversed => "optional-reversed",
            BuiltIn::TypeIn => "type-in",
            BuiltIn::Cloze => "cloze",
        }
    }

    /// Returns the note type that a source means by `name`: its key, or the name Anki or deckc gives such a note type.
    #[must_use]
    pub fn parse(name: &str) -> Option<BuiltIn> {
        let lower = name.trim().to_lowercase();
        let plain = lower.strip_prefix("deckc ").unwrap_or(&lower);
        match plain.replace(['_', ' '], "-").as_str() {
            "basic" => Some(BuiltIn::Basic),
            "reversed" | "basic-(and-reversed-card)" => Some(BuiltIn::Reversed),
            "optional-reversed" | "basic-(optional-reversed-card)" => Some(BuiltIn::OptionalReversed),
            "type-in" | "basic-(type-in-the-answer)" => Some(BuiltIn::TypeIn),
            "cloze" => Some(BuiltIn::Cloze),
            _ => None,
        }
    }

    /// Returns the names of the fields, in order.
    #[must_use]
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            BuiltIn::Basic | BuiltIn::Reversed | BuiltIn::TypeIn => {
                &["Front", "Back", "Extra", "Hint", "Context", "Source"]
            }
            BuiltIn::OptionalReversed => {
                &["Front", "Back", "Add Reverse", "Extra", "Hint", "Context", "Source"]
            }
            BuiltIn::Cloze => &["Text", "Extra", "Hint", "Context", "Source"],
        }
    }

    /// Returns the place of the field of that name, whatever its case.
    #[must_use]
    pub fn field(self, name: &str) -> Option<usize> {
        let wanted = name.trim().replace(['_', '-'], " ");
        self.fields().iter().position(|field| field.eq_ignore_ascii_case(&wanted))
    }

    /// Returns whether Anki reads cloze deletions in notes of this type.
    #[must_use]
    pub fn is_cloze(self) -> bool {
        match self {
            BuiltIn::Cloze => true,
            BuiltIn::Basic | BuiltIn::Reversed | BuiltIn::OptionalReversed | BuiltIn::TypeIn => false,
        }
    }
}
