//! Cloze escaping: what Anki's grammar reads out of the HTML is what the tree said.

use deckc::anki::cloze;
use deckc::html::{FieldKind, field};
use deckc::model::text::{Cloze, Inline};
use deckc::source::{FileId, Span};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};

use crate::support::build::{code, em, link, math, p, t};

/// Is what Anki makes of a field: text, and deletions with their number, content and hint.
#[derive(Debug, PartialEq)]
enum Node {
    Text(String),
    Deletion { number: u16, content: Vec<Node>, hint: Option<String> },
}

/// Reads a field as Anki does: `{{c`, digits and `::` open a deletion, the next `}}` closes the innermost one, and the first
/// `::` in a text directly inside a deletion begins its hint.
fn anki(html: &str) -> Vec<Node> {
    let mut open: Vec<(u16, Vec<Node>, Option<String>)> = vec![(0, Vec::new(), None)];
    let mut text = String::new();
    let mut rest = html;
    loop {
        let opened = opening(rest);
        let closes = rest.starts_with("}}") && open.len() > 1;
        if opened.is_some() || closes || rest.is_empty() {
            put_text(&mut open, &std::mem::take(&mut text));
        }
        if let Some((number, after)) = opened {
            open.push((number, Vec::new(), None));
            rest = after;
        } else if closes {
            let (number, content, hint) = open.pop().expect("a deletion is open");
            let node = Node::Deletion { number, content, hint };
            open.last_mut().expect("the field itself is open").1.push(node);
            rest = &rest[2..];
        } else if let Some(character) = rest.chars().next() {
            text.push(character);
            rest = &rest[character.len_utf8()..];
        } else {
            break;
        }
    }
    assert_eq!(open.len(), 1, "a deletion is never closed in {html}");
    open.pop().expect("the field itself is open").1
}

fn opening(rest: &str) -> Option<(u16, &str)> {
    let (digits, after) = rest.strip_prefix("{{c")?.split_once("::")?;
    let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()?;
    Some((number, after))
}

fn put_text(open: &mut [(u16, Vec<Node>, Option<String>)], text: &str) {
    let inside = open.len() > 1;
    let (_, content, hint) = open.last_mut().expect("the field itself is open");
    let shown = match text.split_once("::") {
        Some((shown, rest)) if inside => {
            *hint = Some(decoded(rest));
            shown
        }
        _ => text,
    };
    push_text(content, &decoded(shown));
}

fn push_text(content: &mut Vec<Node>, text: &str) {
    match content.last_mut() {
        _ if text.is_empty() => {}
        Some(Node::Text(last)) => last.push_str(text),
        _ => content.push(Node::Text(text.into())),
    }
}

/// Returns the text of HTML: without tags, entities decoded.
fn decoded(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => inside = true,
            '>' if inside => inside = false,
            _ if inside => {}
            _ => text.push(character),
        }
    }
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#123;", "{"),
        ("&#125;", "}"),
        ("&#58;", ":"),
        ("&#91;", "["),
        ("&amp;", "&"),
    ];
    pairs.iter().fold(text, |text, (entity, character)| text.replace(entity, character))
}

/// Returns what the tree says, in the same shape.
fn meant(inlines: &[Inline], out: &mut Vec<Node>) {
    for inline in inlines {
        match inline {
            Inline::Text { text } | Inline::Code { text } => push_text(out, text),
            Inline::Math { tex, .. } => {
                let line = deckc::html::one_line(tex);
                if !line.is_empty() {
                    push_text(out, &format!("\\({line}\\)"));
                }
            }
            Inline::Emphasis { .. } | Inline::Link(_) => meant(inline.content(), out),
            Inline::Cloze(cloze) => {
                let Cloze { numbers, content, hint, span: _ } = &**cloze;
                let mut nodes = Vec::new();
                meant(content, &mut nodes);
                for number in numbers.iter().rev() {
                    let hint = hint.clone().filter(|hint| !hint.is_empty());
                    nodes = vec![Node::Deletion { number: *number, content: nodes, hint }];
                }
                for node in nodes {
                    match node {
                        Node::Text(text) => push_text(out, &text),
                        node @ Node::Deletion { .. } => out.push(node),
                    }
                }
            }
            other => unreachable!("not generated: {other:?}"),
        }
    }
}

fn numbers(nodes: &[Node], found: &mut Vec<u16>) {
    for node in nodes {
        if let Node::Deletion { number, content, .. } = node {
            found.push(*number);
            numbers(content, found);
        }
    }
}

/// Takes out the spaces, which part braces and colons in math.
fn unspaced(nodes: &mut [Node]) {
    for node in nodes {
        match node {
            Node::Text(text) => text.retain(|character| character != ' '),
            Node::Deletion { content, .. } => unspaced(content),
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just(":"),
        Just("{{c1::"),
        Just("}}"),
        Just("::"),
        Just("c2"),
        Just("<b>"),
        Just("&"),
        Just("&#125;"),
        Just("a"),
        Just(" "),
        Just("[sound:x]"),
        Just("\""),
        Just("é"),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn inlines() -> impl Strategy<Value = Vec<Inline>> {
    let leaf = prop_oneof![
        4 => text().prop_map(|text| t(&text)),
        1 => text().prop_map(|text| code(&text)),
        1 => text().prop_map(|tex| math(&tex)),
    ];
    let inline = leaf.prop_recursive(4, 24, 4, |inner| {
        let content = prop::collection::vec(inner, 0..4);
        prop_oneof![
            1 => content.clone().prop_map(|content| em(&content)),
            1 => (text(), content.clone()).prop_map(|(url, content)| link(&format!("https://a.example/{url}"), &content)),
            4 => (prop::collection::vec(1..500_u16, 1..3), content, prop::option::of(text())).prop_map(
                |(numbers, content, hint)| Inline::Cloze(Box::new(Cloze {
                    numbers,
                    content,
                    hint,
                    span: Span::new(FileId(0), 0..0),
                }))
            ),
        ]
    });
    prop::collection::vec(inline, 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anki_reads_the_numbers_texts_and_hints_that_were_meant(content in inlines()) {
        let html = field(&[p(&content)], &[], FieldKind::Cloze);
        let mut found = anki(&html);
        let mut expected = Vec::new();
        meant(&content, &mut expected);
        if html.contains("\\(") {
            unspaced(&mut found);
            unspaced(&mut expected);
        }
        assert_eq!(found, expected, "{html}");

        let mut cards = Vec::new();
        numbers(&expected, &mut cards);
        cards.sort_unstable();
        cards.dedup();
        assert_eq!(cloze::numbers(&html), cards, "{html}");
    }

    #[test]
    fn plain_fields_hold_no_deletion(content in inlines(), _seed in any::<u8>()) {
        let html = field(&[p(&content)], &[], FieldKind::Plain);
        assert!(!html.contains("{{"), "{html}");
        assert_eq!(cloze::numbers(&html), Vec::<u16>::new());
    }
}
