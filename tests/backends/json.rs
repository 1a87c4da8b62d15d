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
    let text = memory.text("geo.json");
    let (before, rest) = text.split_once("\"note_types\": [\n").expect("note types are listed");
    let (note_type, after) = rest.split_once("\n],\n").expect("the list ends");
    assert_eq!(
        before,
        format!(
            "{{\n\"version\": 1,\n\"generator\": \"deckc {}\",\n\"project\": \"geo\",\n\
             \"decks\": [\n{{\"name\":\"Geo\",\"description\":\"\"}}\n],\n",
            env!("CARGO_PKG_VERSION")
        )
    );
    assert!(
        note_type.starts_with(
            "{\"key\":\"basic\",\"owner\":\"shared\",\"id\":1762931408000,\"name\":\"deckc Basic\",\"cloze\":false,\
             \"fields\":[\"Front\",\"Back\",\"Extra\",\"Hint\",\"Context\",\"Source\"],\
             \"templates\":[{\"name\":\"Card 1\",\"front\":\""
        ) && !note_type.contains('\n'),
        "{note_type}"
    );
    assert_eq!(
        after,
        "\"notes\": [\n{\"guid\":\"guid0\",\"id\":1700000000000,\"modified\":1700000000,\"note_type\":\"basic\",\
         \"owner\":\"shared\",\"deck\":\"Geo\",\"tags\":[],\"cards\":[0],\"fields\":[\
         {\"name\":\"Front\",\"html\":\"a \\\"b\\\"\",\"text\":\"a \\\"b\\\"\",\"blocks\":[{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"a \\\"b\\\"\"}]}]},\
         {\"name\":\"Back\",\"html\":\"c\",\"text\":\"c\",\"blocks\":[{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"c\"}]}]},\
         {\"name\":\"Extra\",\"html\":\"\",\"text\":\"\",\"blocks\":[]},{\"name\":\"Hint\",\"html\":\"\",\"text\":\"\",\"blocks\":[]},\
         {\"name\":\"Context\",\"html\":\"\",\"text\":\"\",\"blocks\":[]},{\"name\":\"Source\",\"html\":\"\",\"text\":\"\",\"blocks\":[]}],\
         \"source\":{\"file\":\"geo.md\",\"line\":1,\"column\":1,\"start\":0,\"end\":10}}\n],\n\"media\": []\n}\n"
    );
}

#[test]
fn a_note_type_is_listed_for_each_owner_and_notes_say_which_is_theirs() {
    let collection = Builder::new().basic("a", "b").basic("c", "d").owned().build();
    let (memory, _) = emit(&Json, &collection, &Options::default());
    let document: Value = serde_json::from_str(memory.text("geo.json")).expect("the document is JSON");
    let of = |value: &Value, key: &str| value[key].as_str().expect("is a text").to_owned();
    let listed: Vec<_> = document["note_types"]
        .as_array()
        .expect("note types are a list")
        .iter()
        .map(|entry| (of(entry, "key"), of(entry, "owner"), of(entry, "name")))
        .collect();
    let entry = |owner: &str, name: &str| ("basic".to_owned(), owner.to_owned(), name.to_owned());
    assert_eq!(listed, [entry("shared", "deckc Basic"), entry("project", "deckc Basic (Geo)")]);
    assert_eq!(document["note_types"][1]["css"], json!(".card {}"));
    assert_eq!(document["note_types"][1]["templates"][0]["name"], json!("Card 1"));
    let owners: Vec<_> = [0, 1].map(|note| of(&document["notes"][note], "owner")).into();
    assert_eq!(owners, ["shared", "project"]);
    let errors: Vec<String> = schema().iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
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
    let mutilated: [(&str, Value); 12] = [
        ("/version", json!(2)),
        ("/notes/0/guid", json!("")),
        ("/notes/0/id", json!("1")),
        ("/notes/0/note_type", json!("image")),
        ("/notes/0/owner", json!("me")),
        ("/note_types/0/id", json!(0)),
        ("/note_types/0/templates", json!([])),
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
    for place in [
        "",
        "/decks/0",
        "/note_types/0",
        "/notes/0",
        "/notes/0/fields/0",
        "/media/0",
        "/notes/0/fields/1/blocks/0",
    ] {
        let mut document = whole.clone();
        document.pointer_mut(place).expect("it is there")["more"] = json!(1);
        assert!(!schema.is_valid(&document), "{place} with more");
    }
}
