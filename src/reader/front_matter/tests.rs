//! Front matter as an input, and all that is read of it.

use super::read;
use crate::diagnostic::Diagnostics;
use crate::reader::Tables;
use crate::source::{SourceMap, Spanned};

/// Renders the front matter of `text` with what each value's span holds, then the body's first line, then findings.
fn show(text: &str) -> String {
    let mut map = SourceMap::default();
    let id = map.add("a.md".into(), text.into());
    let file = map.file(id);
    let mut diagnostics = Diagnostics::default();
    let mut out = Vec::new();
    match read(file, &mut diagnostics) {
        None => out.push("none".to_owned()),
        Some(found) => {
            let at = |span| file.slice(span).replace(['\n', '\r'], "⏎");
            if let Some(deck) = found.deck {
                out.push(format!("deck {} `{}`", deck.value, at(deck.span)));
            }
            if let Some(description) = found.description {
                out.push(format!("description {} `{}`", description.value, at(description.span)));
            }
            if let Some(tags) = found.tags {
                // Where a tag's place is not its text, the place is told.
                let tag = |tag: &Spanned<String>| match at(tag.span) {
                    place if place == tag.value => place,
                    place => format!("{} `{place}`", tag.value),
                };
                out.push(format!("tags {}", tags.iter().map(tag).collect::<Vec<_>>().join(",")));
            }
            if let Some(note_type) = found.note_type {
                out.push(format!("type {} `{}`", note_type.value.key(), at(note_type.span)));
            }
            if let Some(dialect) = found.dialect {
                out.push(format!("dialect {} `{}`", dialect.value, at(dialect.span)));
            }
            if let Some(level) = found.card_level {
                out.push(format!("level {} `{}`", level.value, at(level.span)));
            }
            if let Some(tables) = found.tables {
                let tables = match tables.value {
                    Tables::Cards => "tables are cards",
                    Tables::Content => "tables are content",
                };
                out.push(tables.to_owned());
            }
            if let Some(source) = found.source {
                out.push(format!("source {} `{}`", source.value, at(source.span)));
            }
            let body = file.text[found.body..].lines().next().unwrap_or("");
            out.push(format!("body {body:?}"));
        }
    }
    for diagnostic in diagnostics.sorted() {
        let span = diagnostic.span.expect("a finding here has a place");
        let place = map.position(id, span.start);
        out.push(format!("{} {}:{} `{}`", diagnostic.code.id(), place.line, place.column, file.slice(span)));
    }
    out.join("; ")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(show(text), expected, "input: {text:?}");
}

#[test]
fn yaml_says_deck_tags_type_dialect_level_tables_and_source() {
    check(
        "---\ndeck: AWS::ECS\ntags: [a, \"#b/c\"]\ntype: reversed\ndialect: deckc\ncard-level: 3\ntable: cards\nsource: https://x.y\n---\n# T\n",
        "deck AWS::ECS `AWS::ECS`; tags a,b/c; type reversed `reversed`; dialect deckc `deckc`; level 3 `3`; tables are cards; \
         source https://x.y `https://x.y`; body \"# T\"",
    );
}

#[test]
fn a_description_is_a_text_and_other_tools_may_keep_lists_there() {
    check("---\ndescription: Of *Europe*.\n---\n", "description Of *Europe*. `Of *Europe*.`; body \"\"");
    check("+++\ndescription = 'x'\n+++\n", "description x `'x'`; body \"\"");
    check("---\ndescription: [a, b]\n---\n", "body \"\"");
    check("---\ndescripton: a\n---\n", "body \"\"; D203 2:1 `descripton`");
}

#[test]
fn tables_are_cards_or_content_and_nothing_else() {
    check("---\ntable: content\n---\n", "tables are content; body \"\"");
    check("---\ntable:\n---\n", "body \"\"");
    check("---\ntable: card\n---\n", "body \"\"; D202 2:8 `card`");
    check("---\ntable: [cards]\n---\n", "body \"\"; D202 2:8 `[cards]`");
}

#[test]
fn toml_says_the_same() {
    check(
        "+++\ndeck = \"A\"\ntags = [\"x\"]\ncard-level = 1\n+++\nQ: a\n",
        "deck A `\"A\"`; tags x; level 1 `1`; body \"Q: a\"",
    );
}

#[test]
fn tags_are_a_list_or_words_with_or_without_number_signs() {
    check("---\ntags: a, #b c\n---\n", "tags a; body \"\"");
    check("---\ntags: a, b #c\n---\n", "tags a,b; body \"\"");
    check("---\ntags: 'a, #b c'\n---\n", "tags a,b,c; body \"\"");
    check("---\ntags:\n- a\n- 1\n-\n---\n", "tags a,1; body \"\"");
    check("---\ntags:\n---\n", "body \"\"");
}

#[test]
fn byte_order_mark_crlf_bare_cr_and_no_final_newline_are_ordinary() {
    check("\u{feff}---\ndeck: é\n---\nx", "deck é `é`; body \"x\"");
    check("---\r\ndeck: A\r\ntags: b\r\n---\r\nx", "deck A `A`; tags b; body \"x\"");
    check("---\rdeck: A\rtags: b\r---\rx", "deck A `A`; tags b; body \"x\"");
    check("+++\rdeck = 'A'\r+++\rx", "deck A `'A'`; body \"x\"");
    check("---\ndeck: A\n---", "deck A `A`; body \"\"");
}

#[test]
fn a_first_thematic_break_is_no_front_matter() {
    check("---\nProse: and more prose\n\nx", "body \"\"; D201 1:1 `---`");
    check("---\nThis is prose.\n---\n", "none");
    check("---\n\n## Heading\n\ntext\n", "none");
    check("---\nQ: a\nA: b\n---\nQ: c\nA: d\n", "none");
    check("---\n", "none");
    check("", "none");
    check("text\n---\ndeck: A\n---\n", "none");
    check("- - -\ndeck: A\n---\n", "none");
}

#[test]
fn empty_front_matter_is_front_matter() {
    check("---\n---\nx", "body \"x\"");
    check("---\n# only a comment\n---\nx", "body \"x\"");
}

#[test]
fn never_closed_is_an_error_at_line_one_and_the_cards_below_are_read() {
    check("---\ndeck: A\n\nQ: a\nA: b\n", "body \"\"; D201 1:1 `---`");
    check("---\ndeck: A\n# T\nQ: a\nA: b\n---\nQ: c\n", "body \"# T\"; D201 1:1 `---`");
    check("+++\ndeck = 1\n\nx\n", "body \"\"; D201 1:1 `+++`");
}

#[test]
fn what_cannot_be_read_is_an_error_at_its_place() {
    let found = show("---\ntitle: x\ndeck: [a\ntags: b\n---\nQ: a\n");
    assert!(found.starts_with("body \"Q: a\"; D202 "), "{found}");
    let found = show("+++\ntitle = 1\ndeck = \n+++\nQ: a\n");
    assert!(found.starts_with("body \"Q: a\"; D202 3:"), "{found}");
    check("---\ndeck: [a]\ncard-level: 9\n---\n", "body \"\"; D202 2:7 `[a]`; D202 3:13 `9`");
}

#[test]
fn aliases_and_depth_are_refused() {
    let found = show("---\na: &x [1]\nb: *x\n---\n");
    assert!(found.contains("D202"), "{found}");
    let deep = format!("---\na: {}{}\n---\n", "[".repeat(40), "]".repeat(40));
    assert!(show(&deep).contains("D202"));
    let deep = format!("+++\na = {}{}\n+++\n", "[".repeat(30000), "]".repeat(30000));
    assert!(show(&deep).contains("D202"));
    let large = format!("---\na: {}\n---\nx", "b".repeat(70_000));
    assert!(show(&large).contains("body \"x\"; D202 2:1"));
}

#[test]
fn other_tools_keys_are_left_alone_and_near_misses_are_not() {
    check("---\ntitle: x\ndate: 2024-01-01\naliases: []\ntag: y\ncssclass: z\nname: n\n---\n", "body \"\"");
    check("---\ntype: book\nsource: [a, b]\nsources: x\nnested: {deck: x}\n---\n", "body \"\"");
    check("---\nDeck: x\n---\n", "body \"\"; D203 2:1 `Deck`");
    check("---\ntitle: x\ndekc: x\n---\n", "body \"\"; D203 3:1 `dekc`");
    check("---\ncard_level: 2\n---\n", "body \"\"; D203 2:1 `card_level`");
    check("---\ntype: revresed\n---\n", "body \"\"; D011 2:7 `revresed`");
}
