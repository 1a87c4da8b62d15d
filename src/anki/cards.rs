//! Which cards a note has.
//!
//! Anki's importer makes no cards by itself: a package must list exactly those that Anki would make, or they
//! appear (or are found superfluous) only at a database check.

use super::cloze::{Deletion, LAST_NUMBER, deletions};
use super::read::PackedType;
use super::template::{FRONT_SIDE, Node, SPECIAL_FIELDS, TemplateFault, When, parse};
use crate::model::note_type::{NoteType, NoteTypeKind};

/// The highest card of a cloze note: every higher number falls on it, and shows an error there.
const LAST_CLOZE_ORD: u16 = LAST_NUMBER - 1;

/// The rules of one note type, ready for many notes.
#[derive(Debug)]
pub struct CardRules<'t> {
    fields: Vec<&'t str>,
    cards: Cards<'t>,
}

#[derive(Debug)]
enum Cards<'t> {
    Fronts(Vec<Vec<Node<'t>>>),
    Clozes,
}

impl<'t> CardRules<'t> {
    /// Reads the fronts of a note type.
    ///
    /// # Errors
    /// The first front that cannot be read.
    pub fn new(note_type: &'t NoteType) -> Result<Self, TemplateFault> {
        let fields = note_type.fields.iter().map(|field| field.name.as_str());
        Self::read(note_type.kind, fields, note_type.templates.iter().map(|template| template.front.as_str()))
    }

    /// Reads the fronts of a note type of a package.
    ///
    /// # Errors
    /// The first front that cannot be read.
    pub fn of_packed(note_type: &'t PackedType) -> Result<Self, TemplateFault> {
        let fields = note_type.fields.iter().map(|field| field.name.as_str());
        Self::read(note_type.kind, fields, note_type.templates.iter().map(|template| template.front.as_str()))
    }

    fn read(
        kind: NoteTypeKind,
        fields: impl Iterator<Item = &'t str>,
        fronts: impl Iterator<Item = &'t str>,
    ) -> Result<Self, TemplateFault> {
        let cards = match kind {
            NoteTypeKind::Cloze => Cards::Clozes,
            NoteTypeKind::Normal => Cards::Fronts(fronts.map(parse).collect::<Result<_, _>>()?),
        };
        Ok(Self { fields: fields.collect(), cards })
    }

    /// Returns the cards of a note, ascending: template indices, or cloze numbers less one.
    ///
    /// `fields` is HTML as written to the package. The result is empty if every card would be blank; Anki
    /// itself then keeps card 0, see [`CardRules::ords_or_blank`].
    #[must_use]
    pub fn ords<S: AsRef<str>>(&self, fields: &[S], tags: &[S]) -> Vec<u16> {
        match &self.cards {
            Cards::Clozes => {
                let numbers = fields.iter().flat_map(|field| deletions(field.as_ref()));
                let ord = |deletion: Deletion| Some(deletion.number.checked_sub(1)?.min(LAST_CLOZE_ORD));
                let mut ords: Vec<u16> = numbers.filter_map(ord).collect();
                ords.sort_unstable();
                ords.dedup();
                ords
            }
            Cards::Fronts(fronts) => {
                let filled = |name: &str| match self.fields.iter().position(|field| *field == name) {
                    Some(index) => fields.get(index).is_some_and(|html| !is_empty(html.as_ref())),
                    None if name == "Tags" => !tags.is_empty(),
                    None => SPECIAL_FIELDS.contains(&name),
                };
                (0..)
                    .zip(fronts)
                    .filter(|(_, front)| shows_content(front, &filled))
                    .map(|(ord, _)| ord)
                    .collect()
            }
        }
    }

    /// Returns the cards of a note as Anki keeps them: never none, because a note without any gets a blank
    /// first card.
    #[must_use]
    pub fn ords_or_blank<S: AsRef<str>>(&self, fields: &[S], tags: &[S]) -> Vec<u16> {
        let ords = self.ords(fields, tags);
        if ords.is_empty() { vec![0] } else { ords }
    }
}

/// Tells whether Anki takes a field for empty: nothing but ASCII white space and plain `<br>` and `<div>`
/// tags.
#[must_use]
pub fn is_empty(html: &str) -> bool {
    let mut rest = html;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
        if rest.is_empty() {
            return true;
        }
        let Some(tag) = rest.strip_prefix('<') else { return false };
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let name = ["br", "div"].into_iter().find(|name| {
            tag.as_bytes().get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        });
        let Some(name) = name else { return false };
        let tag = &tag[name.len()..];
        let tag = tag.strip_prefix(' ').unwrap_or(tag);
        let tag = tag.strip_prefix('/').unwrap_or(tag);
        let Some(after) = tag.strip_prefix('>') else { return false };
        rest = after;
    }
}

fn shows_content(nodes: &[Node<'_>], filled: &impl Fn(&str) -> bool) -> bool {
    nodes.iter().any(|node| match node {
        Node::Text(_) => false,
        Node::Field { name, .. } => *name != FRONT_SIDE && filled(name),
        Node::Conditional { name, when, children } => {
            let shown = match when {
                When::Filled => filled(name),
                When::Empty => !filled(name),
            };
            shown && shows_content(children, filled)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{CardRules, is_empty};
    use crate::anki::note_types::shared;
    use crate::model::BuiltIn;

    fn check(builtin: BuiltIn, fields: &[&str], expected: &[u16]) {
        let note_type = shared(builtin);
        let rules = CardRules::new(&note_type).expect("built-in templates are sound");
        let mut all = vec![""; note_type.fields.len()];
        all[..fields.len()].copy_from_slice(fields);
        assert_eq!(rules.ords(&all, &[]), expected, "{builtin:?} {fields:?}");
    }

    #[test]
    fn a_basic_note_has_one_card() {
        check(BuiltIn::Basic, &["q", "a"], &[0]);
        check(BuiltIn::Basic, &["q"], &[0]);
        check(BuiltIn::TypeIn, &["q", "a"], &[0]);
    }

    #[test]
    fn a_blank_front_makes_no_card_whatever_else_is_filled() {
        check(BuiltIn::Basic, &["", "a", "e", "h", "c", "s"], &[]);
        check(BuiltIn::Basic, &[" <br><div></div>", "a"], &[]);
        check(BuiltIn::TypeIn, &["", "a"], &[]);
    }

    #[test]
    fn a_reversed_note_has_a_card_for_each_filled_side() {
        check(BuiltIn::Reversed, &["q", "a"], &[0, 1]);
        check(BuiltIn::Reversed, &["q", ""], &[0]);
        check(BuiltIn::Reversed, &["", "a"], &[1]);
    }

    #[test]
    fn the_optional_card_needs_its_field() {
        check(BuiltIn::OptionalReversed, &["q", "a", ""], &[0]);
        check(BuiltIn::OptionalReversed, &["q", "a", "y"], &[0, 1]);
        check(BuiltIn::OptionalReversed, &["q", "", "y"], &[0]);
    }

    #[test]
    fn cloze_numbers_make_cards_whatever_field_they_are_in() {
        check(BuiltIn::Cloze, &["{{c1::a}} {{c3::b::hint}} {{c1::c}}"], &[0, 2]);
        check(BuiltIn::Cloze, &["{{c2::a}}", "{{c5::in Extra}}"], &[1, 4]);
        check(BuiltIn::Cloze, &["no cloze"], &[]);
    }

    #[test]
    fn nested_clozes_count() {
        check(BuiltIn::Cloze, &["{{c1::a {{c2::b}} c}}"], &[0, 1]);
    }

    #[test]
    fn broken_clozes_do_not_count() {
        for text in [
            "{{c1::a",
            "{{C1::a}}",
            "{{c::a}}",
            "{{c 1::a}}",
            "{{c1:a}}",
            "{{c1,2::a}}",
            "{{c0::a}}",
            "{{c70000::a}}",
        ] {
            check(BuiltIn::Cloze, &[text], &[]);
        }
    }

    #[test]
    fn nothing_in_an_open_cloze_counts() {
        check(BuiltIn::Cloze, &["{{c1::a {{c2::b}}"], &[]);
        check(BuiltIn::Cloze, &["{{c1::a {{c2::b}}", "{{c3::c}}"], &[2]);
    }

    #[test]
    fn numbers_above_500_share_the_last_card() {
        check(BuiltIn::Cloze, &["{{c500::a}} {{c501::b}} {{c9999::c}}"], &[499]);
    }

    #[test]
    fn special_fields_count_and_frontside_does_not() {
        let mut note_type = shared(BuiltIn::Basic);
        for (front, tags, expected) in [
            ("{{FrontSide}}", &[][..], &[][..]),
            ("{{Deck}}", &[], &[0]),
            ("{{Tags}}", &[], &[]),
            ("{{Tags}}", &["t"], &[0]),
            ("{{#Tags}}{{Back}}{{/Tags}}", &["t"], &[0]),
            ("{{^Front}}{{Back}}{{/Front}}", &[], &[0]),
            ("{{^Back}}{{Back}}{{/Back}}", &[], &[]),
        ] {
            front.clone_into(&mut note_type.templates[0].front);
            let rules = CardRules::new(&note_type).expect("the fronts above are sound");
            assert_eq!(rules.ords(&["", "a", "", "", "", ""], tags), expected, "{front}");
        }
    }

    #[test]
    fn a_note_without_content_keeps_a_blank_card() {
        let note_type = shared(BuiltIn::Reversed);
        let rules = CardRules::new(&note_type).expect("built-in templates are sound");
        assert_eq!(rules.ords_or_blank(&["", ""], &[]), [0]);
    }

    #[test]
    fn only_white_space_breaks_and_divs_are_empty() {
        for (html, expected) in [
            ("", true),
            (" \t\n", true),
            ("<br>", true),
            ("<BR />", true),
            ("</div ><br/>", true),
            ("<br  >", false),
            ("<br class=x>", false),
            ("<b></b>", false),
            ("&nbsp;", false),
            ("\u{a0}", false),
            ("<", false),
            ("<img src=x>", false),
        ] {
            assert_eq!(is_empty(html), expected, "{html:?}");
        }
    }
}
