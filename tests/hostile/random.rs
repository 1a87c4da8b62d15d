//! Arbitrary bytes in every kind of file, through the library and all built-in backends: findings, never a panic.

use std::path::PathBuf;

use deckc::backend::{BACKENDS, Options};
use deckc::compile::{Request, compile};
use deckc::diagnostic::Strictness;
use deckc::files::Memory;
use deckc::ledger::Ledger;
use deckc::load::LoadOptions;
use deckc::model::Trees;
use deckc::project::Project;
use proptest::prelude::{Strategy, any, prop, prop_oneof, proptest};
use proptest::test_runner::Config;

use crate::support::deck::try_emit;

/// What the readers look for, so that chance finds its way into them.
const WORDS: &[&str] = &[
    "## ",
    "# ",
    "Q: ",
    "A: ",
    "QA: ",
    "C: ",
    "{{c1::",
    "{{c2,3::",
    "::",
    "}}",
    "{",
    "}",
    "#x",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "  ",
    "    ",
    "\t",
    "- ",
    "1. ",
    "> ",
    "> [!NOTE]\n",
    "```card\n",
    "```\n",
    "~~~",
    "---\n",
    "+++\n",
    "tags: [a, b]\n",
    "deck: A::B\n",
    "type: cloze\n",
    "front: ",
    "back: ",
    "|",
    "|-|-|\n",
    "![",
    "[",
    "](",
    ")",
    "[[",
    "![[",
    "]]",
    "<!-- ",
    " -->",
    "<!-- split -->",
    "<!-- ignore -->",
    "<!-- id: x -->",
    "<img src=\"a.png\">",
    "<b>",
    "</b>",
    "<",
    "&amp;",
    "&#",
    "$",
    "$$",
    "`",
    "*",
    "**",
    "_",
    "~~",
    "==",
    "\\",
    "[^1]",
    "[^1]: ",
    ": ",
    "?",
    "\"",
    ",",
    ";",
    "\u{feff}",
    "\u{0}",
    "\u{301}",
    "\u{200b}",
    "\u{2028}",
    "é",
    "日本",
    "🎴",
    "#separator:tab\n",
    "#notetype:Cloze\n",
    "#guid column:1\n",
    "#html:true\n",
    "#columns:",
    "front,back\n",
    "deckc 1\n",
    "project x\n",
    "<<<<<<< a\n",
    "=======\n",
    ">>>>>>> b\n",
    "[sound:a.mp3]",
    "a.png",
    "%2e%2e/",
    "id = \"x\"\n",
    "[defaults]\n",
    "[[files]]\n",
    "glob = \"**\"\n",
    "card-level = 2\n",
    "table = \"cards\"\n",
];

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => prop::sample::select(WORDS).prop_map(|word| word.as_bytes().to_vec()),
        3 => "[a-z ]{1,8}".prop_map(String::into_bytes),
        1 => any::<char>().prop_map(|c| c.to_string().into_bytes()),
    ];
    let text = prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat());
    prop_oneof![9 => text, 1 => prop::collection::vec(any::<u8>(), 0..200)]
}

/// Compiles a project of these files, and writes it in every format where it compiles. Only a panic is a failure.
fn run(files: &Memory, ledger: &Ledger) -> Option<Ledger> {
    let project = Project::open(files, &[PathBuf::from("/p/notes")], None).ok()?;
    let request = Request {
        files,
        load: LoadOptions::default(),
        ledger: ledger.clone(),
        origin: deckc::pass::identity::Origin::Ledger,
        style: None,
        now: 1_700_000_000,
        strictness: Strictness::Normal,
        trees: Trees::Kept,
    };
    let compiled = compile(&project, request).expect("no stage breaks its promise to the next");
    let collection = compiled.collection?;
    for backend in BACKENDS {
        // What a backend refuses, such as a medium that the test's opener does not have, is reported and no panic.
        let _ = try_emit(*backend, &collection, &Options::default());
    }
    Some(compiled.ledger)
}

fn project(name: &str, content: Vec<u8>) -> Memory {
    Memory::default().with(format!("/p/notes/{name}"), content).with("/p/notes/a.png", "png")
}

fn cases(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn arbitrary_markdown(content in bytes()) {
        run(&project("a.md", content), &Ledger::default());
    }

    #[test]
    fn arbitrary_text(content in bytes()) {
        run(&project("a.txt", content), &Ledger::default());
    }

    #[test]
    fn arbitrary_tables(content in bytes(), extension in prop::sample::select(vec!["csv", "tsv"])) {
        run(&project(&format!("a.{extension}"), content), &Ledger::default());
    }

    #[test]
    fn arbitrary_edits(before in bytes(), after in bytes()) {
        let ledger = run(&project("a.md", before), &Ledger::default()).unwrap_or_default();
        run(&project("a.md", after), &ledger);
    }

    #[test]
    fn an_arbitrary_configuration(content in bytes()) {
        let files = project("a.md", b"## q\n\na\n".to_vec()).with("/p/deckc.toml", content);
        run(&files, &Ledger::default());
    }

    #[test]
    fn an_arbitrary_ledger(content in bytes(), at in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>()) {
        let sources = project("a.md", b"## q\n\na\n\nC: {{c1::x}} y\n\n## r {#key}\n\nb\n".to_vec());
        let good = run(&sources, &Ledger::default()).expect("these notes compile").to_text().into_bytes();
        // Rubbish alone, and rubbish in the place of a part of a good ledger.
        let (from, to) = (at.index(good.len()), cut.index(good.len()));
        let spliced = [&good[..from.min(to)], &content, &good[from.max(to)..]].concat();
        for text in [content, spliced] {
            if let Ok(ledger) = Ledger::parse(&String::from_utf8_lossy(&text)) {
                assert_eq!(Ledger::parse(&ledger.to_text()).as_ref(), Ok(&ledger));
                run(&sources, &ledger);
            }
        }
    }
}
