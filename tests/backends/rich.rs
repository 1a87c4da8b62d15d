//! A collection with something of everything.

use deckc::model::text::{Alert, Alignment, Block, Definition, Inline, MediaKind};
use deckc::model::{BuiltIn, Collection, MediaRef};

use crate::support::build::{
    bullets, cloze, code, em, fence, file, hinted, html, item, link, math, medium, p, strong, t, table, task,
};
use crate::support::deck::Builder;

/// Returns the collection: one note of each note type, every block and every inline.
pub fn collection() -> Collection {
    let every_block = [
        p(&[t("a "), em(&[t("b")]), strong(&[t("c")]), code("d"), Inline::SoftBreak, Inline::HardBreak]),
        p(&[Inline::Strikethrough { content: vec![t("e")] }, math("x^2"), html("<u>f</u>")]),
        p(&[link("https://a.example/", &[t("g")]), Inline::FootnoteReference { label: "n".into() }]),
        p(&[
            file(0, MediaKind::Image, "map"),
            file(1, MediaKind::Audio, ""),
            medium(MediaRef::Missing("gone.png".into()), MediaKind::Image, ""),
            medium(MediaRef::Address("https://a.example/b.png".into()), MediaKind::Image, "remote"),
        ]),
        Block::Heading { level: 2, content: vec![t("h")] },
        fence("rust", "let a = 1;"),
        bullets(&[item(&[Block::text("i")]), task(true, "j")]),
        Block::List { start: Some(2), tight: false, items: vec![item(&[Block::text("k")])] },
        Block::DefinitionList {
            items: vec![Definition { term: vec![t("l")], definitions: vec![vec![Block::text("m")]] }],
        },
        table(&[Alignment::Left, Alignment::None], &[&["n", "o"], &["p", "q"]]),
        Block::Quote { alert: None, content: vec![Block::text("r")] },
        Block::Quote { alert: Some(Alert::Note), content: vec![Block::text("s")] },
        Block::Math { tex: "y".into() },
        Block::Html { html: "<hr>".into() },
        Block::Rule,
        Block::Footnote { label: "n".into(), content: vec![Block::text("u")] },
    ];
    let text = |text: &str| vec![Block::text(text)];
    let deleted = [p(&[cloze(&[1], &[t("Oslo")]), t(" is in "), hinted(2, &[t("Norway")], "country")])];
    Builder::new()
        .medium("img/map.png", "map-1f.png")
        .medium("a.mp3", "a-2e.mp3")
        .describe("Geo", "About *places*.")
        .note(
            BuiltIn::Basic,
            "Geo",
            &["a", "b::c"],
            &[("Front", &text("Everything?")), ("Back", &every_block)],
        )
        .note(BuiltIn::Reversed, "Geo", &[], &[("Front", &text("Oslo")), ("Back", &text("Norway"))])
        .note(
            BuiltIn::OptionalReversed,
            "Geo::Asia",
            &[],
            &[("Front", &text("Tokyo")), ("Back", &text("Japan")), ("Add Reverse", &text("y"))],
        )
        .note(BuiltIn::TypeIn, "Geo", &[], &[("Front", &text("=1+1")), ("Back", &text("2"))])
        .note(
            BuiltIn::Cloze,
            "Geo",
            &["t"],
            &[("Text", &deleted), ("Extra", &text("since 1905")), ("Source", &text("Atlas"))],
        )
        .build()
}
