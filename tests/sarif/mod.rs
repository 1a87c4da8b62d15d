//! What `--message-format sarif` writes is SARIF: it is checked against the official schema, and against what the schema cannot
//! say. The schema is a file of a crate that is downloaded with the other dependencies; no copy is kept here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::support::process::{Scratch, ended};

/// The official schema, ready to use.
static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let text = std::fs::read_to_string(schema()).expect("the crate has the schema");
    // A pattern for languages has a bracket too many, which only some engines read as themselves.
    let text = text.replace("{2}]?$", r"{2}\\]?$");
    let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is one")
});

/// Returns where Cargo keeps the schema.
fn schema() -> PathBuf {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("it says for what it is");
    // Without the platform, Cargo would ask for the packages of all platforms, which a build does not download.
    let arguments = ["metadata", "--format-version=1", "--offline", "--locked", "--filter-platform", host];
    let metadata: Value = serde_json::from_str(&cargo(&arguments)).expect("it is JSON");
    let packages = metadata["packages"].as_array().expect("it lists the packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif");
    let manifest = package.and_then(|package| package["manifest_path"].as_str());
    Path::new(manifest.expect("it is a dependency")).with_file_name("src").join("schema.json")
}

fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let ended = ended(Command::new(cargo).args(arguments).current_dir(root())).exits(0);
    ended.stdout
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns what is wrong with a document by the schema.
fn faults(document: &Value) -> Vec<String> {
    SCHEMA.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Checks a document, and returns its results.
fn checked(text: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    assert_eq!(faults(&document), Vec::<String>::new(), "{text}");
    let run = &document["runs"][0];
    let results = run["results"].as_array().expect("it has results").clone();
    let mut known = BTreeSet::new();
    for result in &results {
        let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok());
        let rule = &run["tool"]["driver"]["rules"][index.expect("it names a rule")];
        assert_eq!(rule["id"], result["ruleId"]);
        // Code scanning refuses a document with a result that has none.
        assert_eq!(result["locations"].as_array().map(Vec::len), Some(1), "{result:#}");
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["region"]["startLine"].as_u64() >= Some(1), "{result:#}");
        assert!(
            place["artifactLocation"]["uri"].as_str().is_some_and(|uri| !uri.contains(' ')),
            "{result:#}"
        );
        let fingerprint = result["partialFingerprints"].to_string();
        assert!(known.insert(fingerprint), "two results have one fingerprint: {result:#}");
    }
    results
}

/// Checks all sources of a folder of this repository, and returns the results.
fn check(folder: &str) -> Vec<Value> {
    let scratch = Scratch::new();
    let mut command = scratch.command(&["check", "-v", "--message-format", "sarif", folder]);
    checked(&ended(command.current_dir(root())).stdout)
}

#[test]
fn the_findings_of_all_cases_are_valid() {
    let mut codes = BTreeSet::new();
    for area in ["cards", "csv", "foreign", "languages", "media", "text"] {
        let results = check(&format!("tests/cases/{area}"));
        codes.extend(results.iter().map(|result| result["ruleId"].to_string()));
    }
    assert!(codes.len() > 40, "only {codes:?}");
}

#[test]
fn the_samples_are_valid() {
    check("notes");
}

#[test]
fn findings_about_no_file_have_a_place() {
    let scratch = Scratch::new();
    scratch.write("notes/a.md", "Only prose.\n");
    let results = checked(&scratch.deckc(&["check", "--message-format", "sarif"]).stdout);
    let uri = &results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "notes/deckc.toml", "it is where a configuration would be");
}

#[test]
fn failures_are_valid() {
    let scratch = Scratch::new();
    scratch.write("a.md", "Q: One?\nA: 1\n");
    for arguments in [["no/such.md", "--threads=1"], ["a.md", "--dialect=none"], ["a.md", "--baseline=none"]]
    {
        let ended =
            scratch.deckc(&["check", "--message-format", "sarif", arguments[0], arguments[1]]).exits(2);
        assert_eq!(checked(&ended.stdout), Vec::<Value>::new());
    }
}

#[test]
fn standard_error_holds_the_document_alone_where_standard_output_holds_a_file() {
    let scratch = Scratch::new();
    scratch.write("a.md", "Q: One?\nA: {{c1::1\n");
    let arguments = ["build", "--message-format", "sarif", "--format", "csv", "--out", "-", "a.md"];
    assert_eq!(checked(&scratch.deckc(&arguments).exits(0).stderr).len(), 1);
    scratch.write("deckc.lock", "no ledger\n");
    assert_eq!(checked(&scratch.deckc(&arguments).exits(1).stderr).len(), 1);
}

#[test]
fn the_schema_refuses_what_is_no_sarif() {
    let region = json!({ "startLine": 0 });
    let location = json!({ "physicalLocation": { "artifactLocation": { "uri": "a.md" }, "region": region } });
    let result = json!({ "message": { "text": "one" }, "level": "fatal", "locations": [location] });
    let driver = json!({ "driver": { "name": "deckc" } });
    let document = json!({ "version": "2.1.0", "runs": [{ "tool": driver, "results": [result] }] });
    let faults = faults(&document);
    assert_eq!(faults.len(), 2, "{faults:#?}");
}
