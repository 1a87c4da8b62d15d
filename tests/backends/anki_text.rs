//! `anki-text`.

use deckc::backend::{AnkiText, Options};
use deckc::model::BuiltIn;
use deckc::model::text::Block;

use super::rich;
use crate::support::build::{fence, p, strong, t};
use crate::support::deck::{Builder, emit, losses};

#[test]
fn headers_name_the_columns_and_tags_stand_behind_the_longest_note_type() {
    let cloze = [p(&[crate::support::build::cloze(&[1], &[t("Oslo")])])];
    let collection = Builder::new()
        .note(
            BuiltIn::Basic,
            "Geo",
            &["a", "b"],
            &[("Front", &[Block::text("x")]), ("Back", &[p(&[strong(&[t("y")])])])],
        )
        .note(BuiltIn::Cloze, "Geo::Asia", &["c"], &[("Text", &cloze), ("Source", &[Block::text("Atlas")])])
        .build();
    let (memory, emitted) = emit(&AnkiText, &collection, &Options::default());
    assert_eq!(
        memory.all(),
        "--- geo.txt\n#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:10\n\
         guid0\tdeckc Basic\tGeo\tx\t<strong>y</strong>\t\t\t\t\ta b\n\
         guid1\tdeckc Cloze\tGeo::Asia\t{{c1::Oslo}}\t\t\t\tAtlas\t\tc\n"
    );
    assert_eq!(
        emitted.advice,
        ["Anki must have these note types, and skips rows without: `deckc Basic`, `deckc Cloze`"]
    );
}

#[test]
fn cells_are_quoted_so_that_none_becomes_a_directive_or_a_row() {
    let collection = Builder::new()
        .note(
            BuiltIn::Basic,
            "Geo",
            &[],
            &[("Front", &[Block::text("a\tb \"c\"")]), ("Back", &[fence("", "#deck:x\ny")])],
        )
        .guid("#html:false")
        .build();
    let (memory, _) = emit(&AnkiText, &collection, &Options::default());
    let rows = memory.text("geo.txt").split_once("#tags column:10\n").expect("the header is whole").1;
    assert_eq!(
        rows,
        "\"#html:false\"\tdeckc Basic\tGeo\t\"a\tb \"\"c\"\"\"\t\"<pre><code>#deck:x\ny</code></pre>\"\t\t\t\t\t\n"
    );
}

#[test]
fn note_types_can_be_the_receivers_own() {
    let mut options = Options::default();
    options.anki_text_note_types.insert(BuiltIn::Basic, "Basic".into());
    let collection = Builder::new()
        .note(BuiltIn::Basic, "Geo", &[], &[("Front", &[Block::text("a")]), ("Extra", &[Block::text("b")])])
        .build();
    let (memory, emitted) = emit(&AnkiText, &collection, &options);
    assert!(memory.text("geo.txt").ends_with("guid0\tBasic\tGeo\ta\t\tb\t\t\t\t\n"));
    assert_eq!(
        losses(&emitted),
        "note types: named only: Anki must have them already\n\
         0 extra fields: note type `Basic` has no field for `Extra`\n"
    );
}

#[test]
fn a_note_type_of_the_projects_own_has_its_own_name() {
    let collection = Builder::new().basic("a", "b").basic("c", "d").owned().build();
    let (memory, emitted) = emit(&AnkiText, &collection, &Options::default());
    let rows = memory.text("geo.txt").split_once("#tags column:10\n").expect("the header is whole").1;
    assert_eq!(
        rows,
        "guid0\tdeckc Basic\tGeo\ta\tb\t\t\t\t\t\nguid1\tdeckc Basic (Geo)\tGeo\tc\td\t\t\t\t\t\n"
    );
    assert_eq!(
        emitted.advice,
        ["Anki must have these note types, and skips rows without: `deckc Basic`, `deckc Basic (Geo)`"]
    );
}

#[test]
fn media_are_reported_and_so_are_descriptions() {
    let (_, emitted) = emit(&AnkiText, &rich::collection(), &Options::default());
    assert_eq!(
        losses(&emitted),
        "note types: named only: Anki must have them already\n\
         0 media: image `img/map.png` named as `map-1f.png` but not in the file\n\
         0 media: sound `a.mp3` named as `a-2e.mp3` but not in the file\n"
    );
    assert_eq!(
        emitted.advice[1..],
        ["2 media files must lie in Anki's media folder already", "deck descriptions are not in the file"]
    );
}

#[test]
fn a_collection_without_notes_is_a_file_without_rows() {
    let (memory, _) = emit(&AnkiText, &Builder::new().build(), &Options::default());
    assert!(memory.text("geo.txt").ends_with("#tags column:4\n"));
}
