//! What `deckc.toml` means, and where it is wrong.

use super::Config;

fn check(text: &str, expected: &str) {
    let fault = Config::parse(text, "deckc.toml").expect_err("is refused");
    let span = fault.diagnostic.span.expect("has a place");
    let place = fault.sources.position(span.file, span.start);
    let pointed = &fault.sources.file(span.file).text[span.range()];
    let found = &fault.diagnostic;
    let help = found.help.as_deref().map_or_else(String::new, |help| format!(" ({help})"));
    let found =
        format!("{} {}:{} `{pointed}`: {}{help}", found.code.id(), place.line, place.column, found.message);
    assert_eq!(found, expected);
}

#[test]
fn an_unknown_key_is_an_error_with_a_suggestion() {
    check(
        "name = \"x\"\nformat = [\"csv\"]",
        "D205 2:1 `format`: unknown key `format` (did you mean `formats`?)",
    );
    check(
        "\u{feff}[csv]\nfoo = 1",
        "D205 2:1 `foo`: unknown key `foo` (`docs/configuration.md` lists all keys)",
    );
}

#[test]
fn a_wrong_value_is_pointed_at_even_where_its_key_stands_elsewhere_too() {
    check("\n[defaults]\ncard-level = 9", "D204 3:14 `9`: `card-level` is 9, not 1 to 6");
    check(
        "[defaults]\ncard-level = 2\n[[files]]\nglob = \"*\"\ncard-level = 300",
        "D204 5:14 `300`: `card-level` is 300, not 1 to 6",
    );
    check("[apkg]\ncontainer = \"new\"", "D204 2:13 `\"new\"`: `new` is neither `legacy` nor `latest`");
    check(
        "[[files]]\nglob = \"*\"\ntype = \"x\"",
        "D204 3:8 `\"x\"`: `x` is no note type; there are `basic`, `reversed`, `optional-reversed`, `type-in`, `cloze`",
    );
    check(
        "[csv]\ncolumns = [\"front\", \"bakc\"]",
        "D205 2:21 `\"bakc\"`: unknown column `bakc` (did you mean `back`?)",
    );
    check(
        "[anki-text.note-types]\nbasik = \"Basic\"",
        "D204 2:1 `basik`: `basik` is no note type; there are `basic`, `reversed`, `optional-reversed`, `type-in`, `cloze`",
    );
    check("[defaults]\ntable = \"x\"", "D204 2:9 `\"x\"`: `table` is `x`, neither `cards` nor `content`");
}

#[test]
fn sizes_and_times_have_bounds() {
    check("[quizlet]\nmax-rows = 0", "D204 2:12 `0`: `max-rows` is 0, not at least 1");
    check("[quizlet]\nmax-rows = -1", "D204 2:12 `-1`: `max-rows` is -1, not at least 1");
    for seconds in ["0", "-1", "86401", "9223372036854775807"] {
        check(
            &format!("[backend.x]\ncommand = [\"x\"]\ntimeout = {seconds}"),
            &format!("D204 3:11 `{seconds}`: `timeout` is {seconds} s, not 1 to 86400"),
        );
    }
}

#[test]
fn a_backend_has_a_program_features_and_settings() {
    check("[backend.x]\ncommand = []", "D204 2:11 `[]`: `command` names no program");
    check(
        "[backend.x]\ncarries = [\"tag\"]",
        "D204 2:12 `\"tag\"`: `tag` is no feature; there are `media`, `styling`, `math`, `cloze`, `reversed`, `type-in`, `tags`, `decks`, `ids`, `note-types`, `extra-fields`",
    );
    let text = "[backend.x.options]\na = 1\nb = [1.5, inf]\nc = 2026-01-02\nd.e = true";
    let config = Config::parse(text, "deckc.toml").expect("is valid");
    let options = serde_json::to_string(&config.backends["x"].options).expect("is JSON");
    assert_eq!(options, r#"{"a":1,"b":[1.5,"inf"],"c":"2026-01-02","d":{"e":true}}"#);
}

#[test]
fn later_rules_win_and_tags_add_up() {
    let config = Config::parse(
        "[defaults]\ntags = [\"a\"]\ndeck = \"All\"\n[[files]]\nglob = \"geo/**\"\ndeck = \"Geo\"\ntags = [\"b\"]",
        "deckc.toml",
    )
    .expect("is valid");
    let geo = config.settings("geo/x.md", "x.md");
    assert_eq!((geo.deck.as_deref(), geo.tags), (Some("Geo"), vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(config.settings("bio.md", "bio.md").deck.as_deref(), Some("All"));
    assert_eq!(config.settings("geo/x.md", "geo/x.md").path_deck, "geo::x");
}
