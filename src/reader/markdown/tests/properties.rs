//! What holds of any text at all.

use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use proptest::sample::select;

use crate::diagnostic::Diagnostics;
use crate::model::Draft;
use crate::reader::markdown::Markdown;
use crate::reader::{Reader, Settings, Tables, front_matter};
use crate::source::{SourceMap, lines};

/// Parts of files, to be joined in any order.
const PARTS: &[&str] = &[
    "# T",
    "## Q {#i .t}",
    "### S",
    "T\n---",
    "Q: ",
    "A: ",
    "QA: ",
    "C: ",
    "Extra: ",
    "Source: ",
    "text",
    "{{c1::",
    "}}",
    "::",
    "{{c::x}}",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "- ",
    "1. ",
    "> ",
    "  ",
    "    ",
    "```",
    "```card\n",
    "````card\n",
    "\n\u{200b}Q: ",
    "\n\u{feff}A: ",
    "\n?\n",
    "START\n",
    "END\n",
    "- Q: ",
    "Ｑ：",
    "~~~",
    "front: a",
    "back: b",
    "type: x",
    "<!-- ",
    " -->",
    "<!-- cards -->",
    "<!-- split -->",
    "<!-- ignore -->",
    "<!-- id: k -->",
    "<!-- tags: a b -->",
    "| a | b |",
    "|-|-|",
    "| front | tags |",
    "\n: def",
    "$",
    "$$",
    "\\(",
    "\\)",
    "\\[",
    "[$]",
    "[/$]",
    "[^1]",
    "[^1]: n",
    "[l]: u",
    "[l]",
    "![[a.png|3]]",
    "[[",
    "]]",
    "[sound:a.mp3]",
    "<img src=a>",
    "<div>",
    "<pre>",
    "`",
    "**",
    "*",
    "~~",
    "\\",
    "---",
    "***",
    "===",
    "^abc",
    "\u{feff}",
    "\u{200b}",
    "é",
    "日本",
    "\u{1F469}\u{200D}\u{1F4BB}",
    "\u{2028}",
    "\u{85}",
    "e\u{301}",
    "+++",
    "deck: x",
    "a: ",
    "**Q:** ",
    "&amp;",
];

fn read(text: &str) -> Draft {
    let mut map = SourceMap::default();
    let id = map.add("a.md".into(), text.into());
    let mut diagnostics = Diagnostics::default();
    let mut settings = Settings {
        tables: if text.matches('|').count().is_multiple_of(2) { Tables::Cards } else { Tables::Content },
        ..Settings::default()
    };
    if let Some(found) = front_matter::read(map.file(id), &mut diagnostics) {
        found.apply(&mut settings);
    }
    let draft = Markdown.read(map.file(id), &settings, &mut diagnostics);
    for diagnostic in diagnostics.iter() {
        let span = diagnostic.span.expect("a finding in a file has a place");
        assert!(text.get(span.range()).is_some(), "a finding's span cuts a character");
    }
    draft
}

fn account(text: &str) {
    let draft = read(text);
    let mut end = 0;
    for region in &draft.regions {
        assert!(
            region.span.start >= end && region.span.end > region.span.start,
            "regions are sorted and apart"
        );
        assert!(text.get(region.span.range()).is_some(), "a region cuts a character");
        end = region.span.end;
    }
    for line in lines(text, 0) {
        let visible = text[line.clone()].trim_start_matches('\u{feff}');
        if visible.trim().is_empty() {
            continue;
        }
        let covered = draft.regions.iter().any(|region| {
            let range = region.span.range();
            range.start <= line.end - visible.len() && range.end >= line.end
        });
        assert!(covered, "line {:?} lies in no region", &text[line]);
    }
    for note in &draft.notes {
        assert_eq!(note.fields.len(), note.note_type.fields().len());
        assert!(
            text.get(note.span.range()).is_some_and(|text| !text.trim().is_empty()),
            "a note's span holds text"
        );
        assert!(!note.fields[0].is_empty(), "a note has its first field");
        assert!(!note.fields[0].source.is_empty(), "a note's first field has a source");
    }
}

fn mixture() -> impl Strategy<Value = String> {
    prop::collection::vec(select(PARTS), 0..60).prop_map(|parts| parts.concat())
}

/// Inputs that make careless parsers slow or deep; `n` is their size in parts.
fn hostile(n: usize) -> Vec<String> {
    let repeat = |part: &str| part.repeat(n);
    vec![
        repeat("> "),
        repeat("- ") + "x",
        format!("{}\n{}\n{}", repeat("|a"), repeat("|-"), repeat("|b")),
        format!("<!-- cards -->\n|a|b|\n|-|-|\n{}", repeat("|x|y|\n")),
        repeat("["),
        repeat("[[") + &repeat("]]"),
        repeat("*a **a "),
        repeat("*a _b ") + "x" + &repeat("_ *"),
        repeat("<!-- "),
        repeat("a <!-- id: x --> "),
        repeat("<!-- tags: x -->\n\n"),
        format!("[x]: {}\n{}", repeat("u"), repeat("Q: [x]\nA: [x]\n")),
        format!("[^1]: {}\n\n{}", repeat("u "), repeat("Q: a[^1]\nA: b\n")),
        repeat("$a "),
        repeat("\\( "),
        repeat("\\\\"),
        repeat("<div>"),
        repeat("<pre>\n"),
        repeat("{{c1::") + &repeat("}}"),
        repeat("{{c1:: a "),
        format!("{{{{c1::{}", repeat("{a} }")),
        repeat("*{{c1::x* "),
        repeat("- {{c1::x}}\n"),
        repeat("Q: a\nA: b\n"),
        repeat("Q: a\n"),
        repeat("## a {#x .b}\nb\n"),
        format!("## {}", repeat("{#a ")),
        repeat("a\n: b\n\n"),
        repeat("```card\nfront: a\nback: b\n```\n"),
        repeat("- ```\n"),
        repeat("[sound:"),
        repeat("\u{200b}Q: a\n"),
        format!("<div>\n{}", repeat("<img src=a ")),
        repeat("---\n"),
    ]
}

#[test]
fn hostile_inputs_are_read_and_accounted_for() {
    for text in hostile(2_000) {
        let draft = read(&text);
        assert!(!draft.regions.is_empty(), "something was read of {:?}…", &text[..20]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_line_of_a_mixture_is_accounted_for(text in mixture()) {
        account(&text);
    }

    #[test]
    fn every_line_of_any_text_is_accounted_for(text in any::<String>()) {
        account(&text);
    }

    #[test]
    fn reading_twice_gives_the_same(text in mixture()) {
        let (first, second) = (read(&text), read(&text));
        prop_assert_eq!(first.notes, second.notes);
        prop_assert_eq!(first.regions, second.regions);
    }

    #[test]
    fn carriage_returns_change_no_tree(text in mixture()) {
        // The parser takes wiki links over two lines differently by line end; nobody writes them.
        let text = text.replace('\r', "").replace("[[", "[");
        let fields = |draft: Draft| -> Vec<_> {
            draft.notes.into_iter().map(|note| (note.note_type, note.deck, note.tags, note.fields.into_iter().map(|field| {
                // Spans differ by the carriage returns before them; the rendering has none.
                (super::show::blocks(&field.blocks), field.source)
            }).collect::<Vec<_>>())).collect()
        };
        let plain = fields(read(&text));
        prop_assert!(plain == fields(read(&text.replace('\n', "\r\n"))), "CRLF reads differently");
    }
}
