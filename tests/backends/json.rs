//! `json`, and the schema that describes it.

use deckc::backend::{Choice, Json, Options};
use serde_json::{Value, json};

use super::rich;
use crate::support::deck::{Builder, emit};

fn document(options: &Options) -> Value {
    let (memory, _) = emit(&Json, &rich::collection(), options);
    serde_json::from_str(memory.text("geo.json")).expect("the document is JSON")
}

fn with_spans() -> Options {
    Options { spans: Choice::On, ..Options::default() }
}

fn schema() -> jsonschema::Validator {
    let text = include_str!("../../docs/schema/deckc-1.schema.json");
    let schema = serde_json::from_str(text).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is one")
}

#[test]
fn a_document_is_one_line_for_each_note() {
    let (memory, _) = emit(&Json, &Builder::new().basic("a \"b\"", "c").build(), &with_spans());
    assert_eq!(
        memory.text("geo.json"),
        format!(
            "{{\n\"version\": 1,\n\"generator\": \"deckc {}\",\n\"project\": \"geo\",\n\
             \"decks\": [\n{{\"name\":\"Geo\",\"description\":\"\"}}\n],\n\
             \"note_types\": [\n{{\"key\":\"basic\",\"cloze\":false,\"fields\":[\"Front\",\"Back\",\"Extra\",\"Hint\",\"Context\",\"Source\"]}}\n],\n\
             \"notes\": [\n{{\"guid\":\"guid0\",\"id\":1700000000000,\"modified\":1700000000,\"note_type\":\"basic\",\"deck\":\"Geo\",\"tags\":[],\
             \"cards\":[0],\"fields\":[\
             {{\"name\":\"Front\",\"html\":\"a \\\"b\\\"\",\"text\":\"a \\\"b\\\"\",\"blocks\":[{{\"type\":\"paragraph\",\"content\":[{{\"type\":\"text\",\"text\":\"a \\\"b\\\"\"}}]}}]}},\
             {{\"name\":\"Back\",\"html\":\"c\",\"text\":\"c\",\"blocks\":[{{\"type\":\"paragraph\",\"content\":[{{\"type\":\"text\",\"text\":\"c\"}}]}}]}},\
             {{\"name\":\"Extra\",\"html\":\"\",\"text\":\"\",\"blocks\":[]}},{{\"name\":\"Hint\",\"html\":\"\",\"text\":\"\",\"blocks\":[]}},\
             {{\"name\":\"Context\",\"html\":\"\",\"text\":\"\",\"blocks\":[]}},{{\"name\":\"Source\",\"html\":\"\",\"text\":\"\",\"blocks\":[]}}],\
             \"source\":{{\"file\":\"geo.md\",\"line\":1,\"column\":1,\"start\":0,\"end\":10}}}}\n],\n\"media\": []\n}}\n",
            env!("CARGO_PKG_VERSION")
        )
    );
}

#[test]
fn cards_are_listed_for_every_note_type() {
    let document = document(&Options::default());
    let cards: Vec<&Value> =
        document["notes"].as_array().expect("notes are a list").iter().map(|note| &note["cards"]).collect();
    assert_eq!(cards, [&json!([0]), &json!([0, 1]), &json!([0, 1]), &json!([0]), &json!([0, 1])]);
    assert!(document["notes"][0].get("source").is_none());
}

#[test]
fn the_same_place_is_said_as_everywhere() {
    let document = document(&with_spans());
    assert_eq!(
        document["notes"][3]["source"],
        json!({"file": "geo.md", "line": 4, "column": 1, "start": 30, "end": 40})
    );
}

#[test]
fn the_schema_takes_the_document_and_refuses_a_mutilated_one() {
    let schema = schema();
    for options in [Options::default(), with_spans()] {
        let document = document(&options);
        let errors: Vec<String> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let whole = document(&with_spans());
    let mutilated: [(&str, Value); 9] = [
        ("/version", json!(2)),
        ("/notes/0/guid", json!("")),
        ("/notes/0/id", json!("1")),
        ("/notes/0/note_type", json!("image")),
        ("/notes/0/fields/1/blocks/0/type", json!("para")),
        ("/notes/0/fields/1/blocks/0/content/0", json!({"type": "text"})),
        ("/notes/4/fields/0/blocks/0/content/0/numbers", json!(1)),
        ("/notes/0/source", json!({"file": "a.md"})),
        ("/media/0/sha256", json!("XYZ")),
    ];
    for (place, value) in mutilated {
        let mut document = whole.clone();
        *document.pointer_mut(place).unwrap_or_else(|| panic!("{place} is there")) = value;
        assert!(!schema.is_valid(&document), "{place}");
    }
    for place in ["", "/decks/0", "/notes/0", "/notes/0/fields/0", "/media/0", "/notes/0/fields/1/blocks/0"] {
        let mut document = whole.clone();
        document.pointer_mut(place).expect("it is there")["more"] = json!(1);
        assert!(!schema.is_valid(&document), "{place} with more");
    }
}
