//! Anki's template language, as far as it decides which cards exist, and the checks that Anki leaves out.
//!
//! Anki imports templates without looking at them: an unknown field or an open conditional shows only when a
//! card is drawn.

use std::fmt;

use crate::model::note_type::{NoteType, NoteTypeKind};

/// Names that stand for something else than a field. `FrontSide` is apart, because it never counts as
/// content.
pub(super) const SPECIAL_FIELDS: [&str; 7] =
    ["Card", "CardFlag", "CardID", "Deck", "Subdeck", "Tags", "Type"];

/// The answer side's name for the question side.
pub(super) const FRONT_SIDE: &str = "FrontSide";

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node<'t> {
    /// Literal HTML, comments included.
    Text(&'t str),
    /// `{{filter:other:Name}}`.
    Field {
        /// The field or special name.
        name: &'t str,
        /// The filters, as written.
        filters: Vec<&'t str>,
    },
    /// `{{#Name}}…{{/Name}}`, or `{{^Name}}…{{/Name}}` for the empty field.
    Conditional {
        /// The field that decides.
        name: &'t str,
        /// When the content is shown.
        when: When,
        /// What is shown.
        children: Vec<Node<'t>>,
    },
}

/// When a conditional shows its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The field has content.
    Filled,
    /// The field is empty.
    Empty,
}

/// What is wrong with a note type's templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateFault {
    /// `{{` without `}}`.
    OpenTag {
        /// What follows the braces, shortened.
        text: String,
    },
    /// `{{#Name}}` without `{{/Name}}`.
    OpenConditional {
        /// The name in the conditional.
        name: String,
    },
    /// `{{/Name}}` that closes nothing, or something else.
    StrayClose {
        /// The name in the closing tag.
        name: String,
    },
    /// A name that is neither a field of the note type nor special.
    UnknownField {
        /// The name as written.
        name: String,
    },
    /// A front that shows no field at all: Anki would make blank cards only.
    FrontWithoutField,
    /// Two templates with the same front.
    SameFront {
        /// The name of the other template.
        other: String,
    },
    /// A side of a cloze note type without the `cloze` filter.
    NoCloze,
    /// A cloze note type with more than one template, or any with none.
    TemplateCount {
        /// How many there are.
        count: usize,
    },
}

impl fmt::Display for TemplateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OpenTag { text } => write!(f, "`{{{{{text}` is never closed"),
            Self::OpenConditional { name } => write!(f, "`{{{{#{name}}}}}` is never closed"),
            Self::StrayClose { name } => write!(f, "`{{{{/{name}}}}}` closes nothing"),
            Self::UnknownField { name } => write!(f, "there is no field `{name}`"),
            Self::FrontWithoutField => f.write_str("the front shows no field"),
            Self::SameFront { other } => write!(f, "the front is the same as that of `{other}`"),
            Self::NoCloze => f.write_str("a cloze note type needs `{{cloze:…}}` on both sides"),
            Self::TemplateCount { count } => write!(f, "the note type has {count} templates"),
        }
    }
}

/// Returns the pieces of a template.
///
/// # Errors
/// The first fault in the braces; names are not looked up.
pub fn parse(template: &str) -> Result<Vec<Node<'_>>, TemplateFault> {
    // The conditionals that are open, each with the pieces before it at its own level.
    let mut open: Vec<(&str, When, Vec<Node<'_>>)> = Vec::new();
    let mut nodes = Vec::new();
    let mut rest = template;
    while !rest.is_empty() {
        let tag = rest.find("{{").unwrap_or(rest.len());
        let comment = rest.find("<!--").unwrap_or(rest.len());
        if comment < tag {
            // Anki takes nothing for a field inside an HTML comment.
            let end = rest[comment..].find("-->").map_or(rest.len(), |end| comment + end + 3);
            nodes.push(Node::Text(&rest[..end]));
            rest = &rest[end..];
            continue;
        }
        if tag > 0 {
            nodes.push(Node::Text(&rest[..tag]));
        }
        let Some(inner) = rest.get(tag + 2..).filter(|inner| !inner.is_empty()) else {
            if tag < rest.len() {
                return Err(TemplateFault::OpenTag { text: String::new() });
            }
            break;
        };
        let Some(end) = inner.find("}}") else {
            return Err(TemplateFault::OpenTag { text: inner.chars().take(30).collect() });
        };
        let content = inner[..end].trim();
        rest = &inner[end + 2..];
        match content.chars().next() {
            Some('#') => {
                open.push((content[1..].trim(), When::Filled, std::mem::take(&mut nodes)));
            }
            Some('^') => {
                open.push((content[1..].trim(), When::Empty, std::mem::take(&mut nodes)));
            }
            Some('/') => {
                let closing = content[1..].trim();
                match open.pop() {
                    Some((name, when, before)) if name == closing => {
                        let children = std::mem::replace(&mut nodes, before);
                        nodes.push(Node::Conditional { name, when, children });
                    }
                    _ => return Err(TemplateFault::StrayClose { name: closing.to_owned() }),
                }
            }
            _ => {
                let mut parts: Vec<_> = content.split(':').map(str::trim).collect();
                let name = parts.pop().unwrap_or_default();
                nodes.push(Node::Field { name, filters: parts });
            }
        }
    }
    match open.pop() {
        Some((name, ..)) => Err(TemplateFault::OpenConditional { name: name.to_owned() }),
        None => Ok(nodes),
    }
}

/// Returns every fault of a note type's templates, with the name of the template it is in.
#[must_use]
pub fn check(note_type: &NoteType) -> Vec<(String, TemplateFault)> {
    let mut faults = Vec::new();
    let count = note_type.templates.len();
    if count == 0 || (note_type.kind == NoteTypeKind::Cloze && count > 1) {
        faults.push((note_type.name.clone(), TemplateFault::TemplateCount { count }));
    }
    for (index, template) in note_type.templates.iter().enumerate() {
        let mut found = |fault| faults.push((template.name.clone(), fault));
        for (side, html) in [(Side::Front, &template.front), (Side::Back, &template.back)] {
            match parse(html) {
                Ok(nodes) => check_side(note_type, side, &nodes, &mut found),
                Err(fault) => found(fault),
            }
        }
        let front = template.front.trim();
        if let Some(other) = note_type.templates[..index].iter().find(|other| other.front.trim() == front) {
            found(TemplateFault::SameFront { other: other.name.clone() });
        }
    }
    faults
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Front,
    Back,
}

fn check_side(note_type: &NoteType, side: Side, nodes: &[Node<'_>], found: &mut impl FnMut(TemplateFault)) {
    let mut fields = 0;
    let mut clozes = 0;
    walk(nodes, &mut |node| {
        let name = match node {
            Node::Text(_) => return,
            Node::Field { name, filters } => {
                fields += usize::from(*name != FRONT_SIDE);
                clozes += usize::from(filters.contains(&"cloze"));
                *name
            }
            Node::Conditional { name, .. } => *name,
        };
        let known = note_type.fields.iter().any(|field| field.name == name)
            || SPECIAL_FIELDS.contains(&name)
            || (side == Side::Back && name == FRONT_SIDE)
            || (note_type.kind == NoteTypeKind::Cloze && is_cloze_condition(name));
        if !known {
            found(TemplateFault::UnknownField { name: name.to_owned() });
        }
    });
    if side == Side::Front && fields == 0 {
        found(TemplateFault::FrontWithoutField);
    }
    if note_type.kind == NoteTypeKind::Cloze && clozes == 0 {
        found(TemplateFault::NoCloze);
    }
}

/// Anki lets a cloze template ask which card it draws: `{{#c1}}`.
fn is_cloze_condition(name: &str) -> bool {
    name.strip_prefix('c')
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

fn walk<'n, 't>(nodes: &'n [Node<'t>], visit: &mut impl FnMut(&'n Node<'t>)) {
    for node in nodes {
        visit(node);
        match node {
            Node::Conditional { children, .. } => walk(children, visit),
            Node::Text(_) | Node::Field { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TemplateFault, check, parse};
    use crate::anki::note_types::shared;
    use crate::model::BuiltIn;

    fn outline(template: &str) -> String {
        match parse(template) {
            Ok(nodes) => format!("{nodes:?}"),
            Err(fault) => fault.to_string(),
        }
    }

    fn check_parse(template: &str, expected: &str) {
        assert_eq!(outline(template), expected, "{template}");
    }

    #[test]
    fn fields_have_names_and_filters() {
        check_parse(
            "a{{ Front }}{{type:cloze:Text}}",
            r#"[Text("a"), Field { name: "Front", filters: [] }, Field { name: "Text", filters: ["type", "cloze"] }]"#,
        );
    }

    #[test]
    fn conditionals_nest() {
        check_parse(
            "{{#A}}{{^B}}x{{/B}}{{/A}}",
            r#"[Conditional { name: "A", when: Filled, children: [Conditional { name: "B", when: Empty, children: [Text("x")] }] }]"#,
        );
    }

    #[test]
    fn comments_hide_fields() {
        check_parse(
            "<!-- {{Front}} -->{{A}}",
            r#"[Text("<!-- {{Front}} -->"), Field { name: "A", filters: [] }]"#,
        );
        check_parse("<!-- {{Front}}", r#"[Text("<!-- {{Front}}")]"#);
    }

    #[test]
    fn braces_that_do_not_match_are_faults() {
        check_parse("{{", "`{{` is never closed");
        check_parse("a{{Front", "`{{Front` is never closed");
        check_parse("{{#A}}x", "`{{#A}}` is never closed");
        check_parse("{{#A}}{{#B}}x{{/A}}{{/B}}", "`{{/A}}` closes nothing");
        check_parse("x{{/A}}", "`{{/A}}` closes nothing");
        check_parse("", "[]");
    }

    fn faults(builtin: BuiltIn, change: impl Fn(&mut crate::model::note_type::NoteType)) -> Vec<String> {
        let mut note_type = shared(builtin);
        change(&mut note_type);
        check(&note_type).into_iter().map(|(template, fault)| format!("{template}: {fault}")).collect()
    }

    #[test]
    fn a_front_needs_a_field_that_exists() {
        assert_eq!(
            faults(BuiltIn::Basic, |n| "{{Vorn}} {{FrontSide}}".clone_into(&mut n.templates[0].front)),
            ["Card 1: there is no field `Vorn`", "Card 1: there is no field `FrontSide`"]
        );
        assert_eq!(
            faults(BuiltIn::Basic, |n| "<b>x</b>".clone_into(&mut n.templates[0].front)),
            ["Card 1: the front shows no field"]
        );
    }

    #[test]
    fn fronts_differ() {
        assert_eq!(
            faults(BuiltIn::Reversed, |n| n.templates[1].front = format!(" {}", n.templates[0].front)),
            ["Card 2: the front is the same as that of `Card 1`"]
        );
    }

    #[test]
    fn a_cloze_note_type_has_one_template_with_the_filter_on_both_sides() {
        assert_eq!(
            faults(BuiltIn::Cloze, |n| "{{#c1}}{{Text}}{{/c1}}".clone_into(&mut n.templates[0].back)),
            ["Cloze: a cloze note type needs `{{cloze:…}}` on both sides"]
        );
        assert_eq!(
            faults(BuiltIn::Cloze, |n| n.templates.clear()),
            ["deckc Cloze: the note type has 0 templates"]
        );
    }

    #[test]
    fn faults_are_values() {
        assert_eq!(parse("{{/x}}"), Err(TemplateFault::StrayClose { name: "x".to_owned() }));
    }
}
