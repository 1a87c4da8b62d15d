//! Pairs of releases of a deckc project: what an author does between two builds.

use super::super::project::Project;
use super::super::script::Container;
use super::{NEW, OLD, Pair};

const RED: &[u8] = include_bytes!("../media/red.png");
const SILENCE: &[u8] = include_bytes!("../media/silence.wav");

const NOTES: &str = "---\ndeck: Geo::World\ntags: [world]\n---\n\n\
    ## What is the capital of Norway?\n\nOslo, at the end of a fjord.\n\n\
    ## Which river flows through Paris?\n\nThe Seine, from the plateau of Langres.\n\n\
    ## What does the flag look like?\n\n![red](red.png)\n\n\
    QA: Fjord\nA: a long inlet of the sea\n\n\
    C: The highest mountain of Africa is {{c1::Kilimanjaro}} in {{c2::Tanzania}}.\n";

/// What an author does.
type Edit = fn(&Project);

/// An edit of the one file.
fn replace(project: &Project, from: &str, to: &str) {
    let text = project.read("notes/world.md");
    assert!(text.contains(from), "{from}");
    project.write("notes/world.md", text.replacen(from, to, 1));
}

const EDITS: &[(&str, Edit)] = &[
    ("nothing", |_| {}),
    ("typo in a question", |project| replace(project, "capital", "capitol")),
    ("reworded answer", |project| replace(project, "at the end of a fjord", "by the sea")),
    ("both at once", |project| {
        replace(project, "What is the capital of Norway", "What's the capital city of Norway");
        replace(project, "Oslo, at the end", "Oslo, far at the end");
    }),
    ("another question", |project| {
        replace(project, "## Which river", "## Which sea lies in the east?\n\nThe Baltic.\n\n## Which river");
    }),
    ("a question less", |project| {
        replace(
            project,
            "## Which river flows through Paris?\n\nThe Seine, from the plateau of Langres.\n\n",
            "",
        );
    }),
    ("file renamed", |project| project.rename("notes/world.md", "notes/earth.md")),
    ("file moved", |project| project.rename("notes/world.md", "notes/more/world.md")),
    ("deck renamed", |project| replace(project, "Geo::World", "Geo::Earth")),
    ("deck in other case", |project| replace(project, "Geo::World", "GEO::World")),
    ("deck renamed, question edited", |project| {
        replace(project, "Geo::World", "Geo::Earth");
        replace(project, "capital", "capitol");
    }),
    ("tag added", |project| replace(project, "[world]", "[world, atlas]")),
    ("tag removed", |project| replace(project, "[world]", "[]")),
    ("deletion added before", |project| replace(project, "The highest", "The {{c3::highest}}")),
    ("deletion removed", |project| replace(project, "{{c2::Tanzania}}", "Tanzania")),
    ("deletion reworded", |project| replace(project, "Kilimanjaro", "Mount Kilimanjaro")),
    ("other bytes of the image", |project| project.write("notes/red.png", SILENCE)),
    ("no longer reversed", |project| replace(project, "QA: Fjord", "Q: Fjord")),
    ("now reversed", |project| {
        replace(
            project,
            "## Which river flows through Paris?\n\nThe Seine",
            "QA: Which river flows through Paris?\nA: The Seine",
        );
    }),
    ("a style of its own", |project| {
        project.configure("style = \"style.css\"\n");
        project.write("style.css", ".card { color: teal; }\n");
        replace(project, "## Which river", "## Which sea lies in the east?\n\nThe Baltic.\n\n## Which river");
    }),
    ("deck described", |project| replace(project, "tags:", "description: About the world\ntags:")),
    ("all retired but one", |project| {
        project.write("notes/world.md", "---\ndeck: Geo::World\ntags: [world]\n---\n\n## What is the capital of Norway?\n\nOslo, at the end of a fjord.\n");
    }),
    ("ledger lost, question edited", |project| {
        project.remove("deckc.lock");
        replace(project, "capital", "capitol");
    }),
    ("ledger lost, nothing edited", |project| project.remove("deckc.lock")),
];

/// Builds a pair for each edit, in either container.
pub(super) fn pairs() -> Vec<Pair> {
    let edited = EDITS.iter().enumerate().map(|(index, (name, edit))| {
        let mut project = project(name);
        let containers = [Container::ALL[index % 2], Container::ALL[index / 2 % 2]];
        let old = project.build(OLD, containers[0]).package;
        edit(&project);
        let new = project.build(NEW, containers[1]).package;
        pair(name, old, new, project)
    });
    edited.chain([restyled(), foreign()]).collect()
}

fn project(_for: &str) -> Project {
    let project = Project::new("geo");
    project.write("notes/world.md", NOTES);
    project.write("notes/red.png", RED);
    project
}

fn pair(name: &'static str, old: std::path::PathBuf, new: std::path::PathBuf, project: Project) -> Pair {
    Pair { name, old, new, _folder: project.into_home() }
}

/// A project whose own style changes.
fn restyled() -> Pair {
    let mut project = project("restyled");
    project.configure("style = \"style.css\"\n");
    project.write("style.css", ".card { color: teal; }\n");
    let old = project.build(OLD, Container::Legacy).package;
    project.write("style.css", ".card { color: navy; }\n");
    let new = project.build(NEW, Container::Latest).package;
    pair("restyled", old, new, project)
}

/// The same notes of another project.
fn foreign() -> Pair {
    let mut project = project("foreign");
    let old = project.build(OLD, Container::Legacy).package;
    project.remove("deckc.lock");
    project.configure("id = \"anotherproject01\"\n");
    let new = project.build(NEW, Container::Legacy).package;
    pair("foreign", old, new, project)
}
