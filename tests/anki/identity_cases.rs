//! A card keeps its identity: each case is a story of releases, told by [`check`] on the real Anki.

use super::identity::Change::{Bytes, Remove, Rename, Replace, Write};
use super::identity::{NOTHING, Release, check};

const RED: &[u8] = include_bytes!("media/red.png");
const BLUE: &[u8] = include_bytes!("media/blue.png");

/// The deck that most stories begin with: three notes of heading and body.
const GEO: &str = "\
---
deck: Geography
tags: geo
---

## What is the capital of Norway?

Oslo, at the end of a fjord.

## Which river flows through Paris?

The Seine.

## What is the highest mountain of Africa?

Kilimanjaro, a volcano.
";

/// The first release of [`GEO`].
const FIRST: Release =
    Release { changes: &[Write("geo.md", GEO)], new: &["Oslo", "The Seine", "Kilimanjaro"], ..NOTHING };

#[test]
fn a_typo_in_a_question() {
    check(&[
        Release {
            changes: &[Write("geo.md", GEO), Replace("geo.md", "Which river flows", "Wich river flow")],
            new: &["Oslo", "Wich river flow", "Kilimanjaro"],
            ..NOTHING
        },
        Release {
            changes: &[Replace("geo.md", "Wich river flow", "Which river flows")],
            updated: &["Which river flows"],
            report: &["edited 1"],
            ..NOTHING
        },
    ]);
}

#[test]
fn a_reworded_answer() {
    check(&[
        FIRST,
        Release {
            changes: &[Replace("geo.md", "Kilimanjaro, a volcano.", "Kibo, the main cone of Kilimanjaro.")],
            updated: &["Kibo, the main cone"],
            report: &["edited 1"],
            ..NOTHING
        },
    ]);
}

#[test]
fn a_question_and_its_answer_reworded_at_once() {
    check(&[
        FIRST,
        Release {
            changes: &[Replace(
                "geo.md",
                "## Which river flows through Paris?\n\nThe Seine.\n",
                "## Paris lies on the banks of which river?\n\nOn both banks of the Seine.\n",
            )],
            updated: &["On both banks"],
            report: &["edited 1"],
            ..NOTHING
        },
    ]);
}

#[test]
fn a_note_edited_in_every_release() {
    check(&[
        FIRST,
        Release { changes: &[Replace("geo.md", "The Seine.", "Seine.")], updated: &["Seine."], ..NOTHING },
        Release { changes: &[Replace("geo.md", "Seine.", "La Seine.")], updated: &["La Seine."], ..NOTHING },
        Release {
            changes: &[Replace("geo.md", "Which river flows through", "Name the river of")],
            updated: &["Name the river of"],
            ..NOTHING
        },
    ]);
}

#[test]
fn a_renamed_file() {
    check(&[
        FIRST,
        Release { changes: &[Rename("geo.md", "geography.md")], report: &["unchanged 3"], ..NOTHING },
    ]);
}

#[test]
fn a_file_moved_to_a_folder() {
    check(&[FIRST, Release { changes: &[Rename("geo.md", "world/places/geo.md")], ..NOTHING }]);
}

#[test]
fn a_file_renamed_and_a_note_edited() {
    check(&[
        FIRST,
        Release {
            changes: &[Rename("geo.md", "geography.md"), Replace("geography.md", "The Seine.", "La Seine.")],
            updated: &["La Seine."],
            ..NOTHING
        },
    ]);
}

#[test]
fn a_heading_moved_to_another_file() {
    check(&[
        Release {
            changes: &[
                Write("geo.md", GEO),
                Write(
                    "rivers.md",
                    "---\ndeck: Geography\ntags: geo\n---\n\n## Which river flows through Rome?\n\nThe Tiber.\n",
                ),
            ],
            new: &["Oslo", "The Seine", "Kilimanjaro", "The Tiber"],
            ..NOTHING
        },
        Release {
            changes: &[
                Replace("geo.md", "## Which river flows through Paris?\n\nThe Seine.\n\n", ""),
                Replace(
                    "rivers.md",
                    "The Tiber.\n",
                    "The Tiber.\n\n## Which river flows through Paris?\n\nThe Seine.\n",
                ),
            ],
            ..NOTHING
        },
    ]);
}

#[test]
fn a_renamed_deck_leaves_the_cards_where_they_are_and_the_report_says_so() {
    check(&[
        FIRST,
        Release {
            changes: &[Replace("geo.md", "deck: Geography", "deck: Places")],
            report: &["Geography", "Places"],
            ..NOTHING
        },
    ]);
}

#[test]
fn reordered_cards() {
    check(&[
        FIRST,
        Release {
            changes: &[Write(
                "geo.md",
                "---\ndeck: Geography\ntags: geo\n---\n\n\
                 ## What is the highest mountain of Africa?\n\nKilimanjaro, a volcano.\n\n\
                 ## What is the capital of Norway?\n\nOslo, at the end of a fjord.\n\n\
                 ## Which river flows through Paris?\n\nThe Seine.\n",
            )],
            report: &["unchanged 3"],
            ..NOTHING
        },
    ]);
}

#[test]
fn a_heading_written_as_question_and_answer() {
    check(&[
        FIRST,
        Release {
            changes: &[Write(
                "geo.md",
                "---\ndeck: Geography\ntags: geo\n---\n\n\
                 Q: What is the capital of Norway?\nA: Oslo, at the end of a fjord.\n\n\
                 Q: Which river flows through Paris?\nA: The Seine.\n\n\
                 Q: What is the highest mountain of Africa?\nA: Kilimanjaro, a volcano.\n",
            )],
            ..NOTHING
        },
    ]);
}

#[test]
fn a_cloze_deletion_added_before_another() {
    check(&[
        Release {
            changes: &[Write(
                "geo.md",
                "---\ndeck: Geography\n---\n\nC: The capital of Norway is {{c1::Oslo}}, on a fjord.\n",
            )],
            new: &["on a fjord"],
            hidden: &[("on a fjord", 0, "Oslo")],
            ..NOTHING
        },
        Release {
            changes: &[Replace("geo.md", "of Norway is {{c1::Oslo}}", "of {{c2::Norway}} is {{c1::Oslo}}")],
            updated: &["on a fjord"],
            more_cards: 1,
            hidden: &[("on a fjord", 0, "Oslo"), ("on a fjord", 1, "Norway")],
            ..NOTHING
        },
    ]);
}

#[test]
fn a_word_changed_inside_a_cloze_deletion() {
    check(&[
        Release {
            changes: &[Write(
                "geo.md",
                "---\ndeck: Geography\n---\n\nC: {{c1::Oslo}} is the capital of {{c2::Norwey}}.\n",
            )],
            new: &["the capital of"],
            ..NOTHING
        },
        Release {
            changes: &[Replace("geo.md", "Norwey", "Norway")],
            updated: &["the capital of"],
            hidden: &[("the capital of", 0, "Oslo"), ("the capital of", 1, "Norway")],
            ..NOTHING
        },
    ]);
}

#[test]
fn an_added_tag() {
    check(&[
        FIRST,
        Release {
            changes: &[Replace("geo.md", "through Paris?", "through Paris? {.water}")],
            updated: &["The Seine"],
            tags: &[("The Seine", "water"), ("The Seine", "geo"), ("Oslo", "geo")],
            ..NOTHING
        },
    ]);
}

#[test]
fn an_image_replaced_under_the_same_name() {
    const FLAG: &str = "---\ndeck: Geography\n---\n\n## Whose flag is this?\n\n![the flag](flag.png)\n\nNobody's.\n\n\
                        ## What is a flag?\n\nA piece of cloth.\n";
    check(&[
        Release {
            changes: &[Write("geo.md", FLAG), Bytes("flag.png", RED)],
            new: &["Nobody", "A piece of cloth"],
            media: &[("Nobody", RED)],
            ..NOTHING
        },
        Release {
            changes: &[Bytes("flag.png", BLUE)],
            updated: &["Nobody"],
            media: &[("Nobody", BLUE)],
            report: &["edited 1"],
            ..NOTHING
        },
        Release {
            changes: &[Bytes("flag.png", RED)],
            updated: &["Nobody"],
            media: &[("Nobody", RED)],
            ..NOTHING
        },
    ]);
}

#[test]
fn two_notes_with_the_same_question() {
    check(&[
        Release {
            changes: &[
                Write("zip.md", "---\ndeck: Words\n---\n\n## Definition?\n\nAn archive of files.\n"),
                Write("tar.md", "---\ndeck: Words\n---\n\n## Definition?\n\nA stream of files.\n"),
            ],
            new: &["An archive", "A stream"],
            ..NOTHING
        },
        Release {
            changes: &[Replace("tar.md", "A stream of files.", "A stream of files, without an index.")],
            updated: &["without an index"],
            ..NOTHING
        },
        Release { changes: &[Rename("zip.md", "a.md"), Rename("tar.md", "b.md")], ..NOTHING },
    ]);
}

#[test]
fn a_note_deleted_and_brought_back() {
    const SEINE: &str = "## Which river flows through Paris?\n\nThe Seine.\n\n";
    check(&[
        FIRST,
        Release { changes: &[Replace("geo.md", SEINE, "")], report: &["retired 1"], ..NOTHING },
        Release { changes: &[Write("geo.md", GEO)], ..NOTHING },
        Release {
            changes: &[Replace("geo.md", "The Seine.", "La Seine.")],
            updated: &["La Seine."],
            ..NOTHING
        },
    ]);
}

#[test]
fn a_file_deleted_and_brought_back_under_another_name() {
    check(&[
        Release {
            changes: &[
                Write("geo.md", GEO),
                Write(
                    "rivers.md",
                    "---\ndeck: Geography\n---\n\n## Which river flows through Rome?\n\nThe Tiber.\n",
                ),
            ],
            new: &["Oslo", "The Seine", "Kilimanjaro", "The Tiber"],
            ..NOTHING
        },
        Release { changes: &[Remove("geo.md")], report: &["retired 3"], ..NOTHING },
        Release { changes: &[Write("again.md", GEO)], ..NOTHING },
    ]);
}

#[test]
fn a_note_added_between_others() {
    check(&[
        FIRST,
        Release {
            changes: &[Replace(
                "geo.md",
                "## What is the highest",
                "## Where is Lima?\n\nIn Peru.\n\n## What is the highest",
            )],
            new: &["In Peru"],
            report: &["new 1"],
            ..NOTHING
        },
    ]);
}

#[test]
fn unchanged_sources() {
    check(&[FIRST, Release { report: &["new 0", "edited 0", "unchanged 3"], ..NOTHING }]);
}
