//! Same input, same bytes: whatever the folder, the time zone, the locale, the umask, the threads, the order and the times
//! of the files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::support::process::{FORMATS, Scratch, differences, ended};

type Tree = BTreeMap<String, Vec<u8>>;

/// The collection that every test builds: the sample notes, and what they have too little of.
static SOURCES: LazyLock<Tree> = LazyLock::new(|| {
    let mut sources = Tree::new();
    let notes = Path::new(env!("CARGO_MANIFEST_DIR")).join("notes");
    read_below(&notes, &notes, &mut sources);
    let mut add = |name: &str, content: &str| sources.insert(name.to_owned(), content.as_bytes().to_vec());
    for file in 0..12 {
        let cards: String = (0..20).map(|card| generated(file, card)).collect();
        add(&format!("generated/{file:02}.md"), &cards);
    }
    let rows: String = (0..60).map(|row| format!("word {row},\"meaning, {row}\",t{} x\n", row % 7)).collect();
    add("lists/words.csv", &format!("front,back,tags\n{rows}"));
    let rows: String = (0..40).map(|row| format!("left {row}\tright {row}\n")).collect();
    add("lists/pairs.tsv", &rows);
    add("lists/labels.txt", "Q: One?\nA: Eins\n\nQ: Two?\nA: Zwei\n\nQ: One?\nA: Uno\n");
    add("pasted.txt", "What is the capital of Peru?\nLima\nWhat is the capital of Chad?\nN'Djamena\n");
    add("Ωmega/ünïcode – нфд.md", "## Cafe\u{301} or café?\n\nNFC, 日本語, İstanbul, ﬀ\n");
    add("a/pic.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    add("b/pic.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>");
    add("a/one.md", "## Which one?\n\n![first](pic.svg)\n");
    add("b/one.md", "## Which other one?\n\n![second](pic.svg)\n");
    sources
});

fn generated(file: usize, card: usize) -> String {
    let n = file * 100 + card;
    match card % 5 {
        0 => format!("## Which number is {n}?\n\n- **{n}** and *{}*\n- $x^{{{n}}}$\n\n", n + 1),
        1 => format!(
            "Q: What does {n} print?\nA: This:\n\n```python\nfor i in range({n}):\n    print(i)  # all\n```\n\n"
        ),
        2 => format!("C: {{{{c1::Number {n}}}}} comes before {{{{c2::{}::which?}}}}\n\n", n + 1),
        3 => format!("## Table {n} {{.t{} .all}}\n\n| a | b |\n|---|---|\n| {n} | `c` |\n\n", n % 3),
        _ => format!("Term {n}\n: Meaning of {n} <b>&amp;</b> more\n\n"),
    }
}

fn read_below(root: &Path, folder: &Path, into: &mut Tree) {
    for entry in fs::read_dir(folder).expect("the samples are there") {
        let path = entry.expect("the samples are read").path();
        if path.is_dir() {
            read_below(root, &path, into);
        } else {
            let name = path.strip_prefix(root).expect("it lies below").to_string_lossy().replace('\\', "/");
            into.insert(name, fs::read(&path).expect("the sample is read"));
        }
    }
}

/// A project with a style of its own, so that its own note types take part.
const CONFIG: &str =
    "id = \"sample\"\nname = \"sample\"\nstyle = \"own.css\"\n[defaults]\ntags = [\"all\"]\n";

fn lay_out(scratch: &Scratch) {
    scratch.write("deckc.toml", CONFIG);
    scratch.write("own.css", ".card { color: teal }\n");
    SOURCES.iter().for_each(|(name, content)| scratch.write(format!("notes/{name}"), content));
}

const LEGACY: [&str; 6] = ["build", "notes", "--format", FORMATS, "--out", "out/"];
const LATEST: [&str; 8] =
    ["build", "notes", "--format", "apkg", "--container", "latest", "--out", "out-latest/"];

/// Builds everything, each run as `vary` would have it, and returns what was written.
fn build(scratch: &Scratch, vary: impl Fn(&mut Command)) -> Tree {
    for arguments in [&LEGACY[..], &LATEST[..]] {
        let mut command = scratch.command(arguments);
        vary(&mut command);
        ended(&mut command).exits(0);
    }
    written(scratch)
}

fn written(scratch: &Scratch) -> Tree {
    let output = |name: &String| name.starts_with("out") || name == "deckc.lock";
    scratch.files().into_iter().filter(|(name, _)| output(name)).collect()
}

static EXPECTED: LazyLock<Tree> = LazyLock::new(|| {
    let scratch = Scratch::new();
    lay_out(&scratch);
    build(&scratch, |_| {})
});

#[track_caller]
fn same(built: &Tree) {
    assert!(EXPECTED.len() >= 7, "{:?}", EXPECTED.keys());
    assert_eq!(differences(&EXPECTED, built), Vec::<String>::new());
}

/// Checks that a fresh project, built as `vary` would have it, gives the same bytes.
#[track_caller]
fn check(vary: impl Fn(&mut Command)) {
    let scratch = Scratch::new();
    lay_out(&scratch);
    same(&build(&scratch, vary));
}

#[track_caller]
fn check_variables(variables: &[(&str, &str)]) {
    check(|command| {
        command.envs(variables.iter().copied());
    });
}

#[test]
fn another_folder_gives_the_same_bytes() {
    check(|_| {});
}

#[test]
fn a_folder_named_by_its_absolute_path_gives_the_same_bytes() {
    let scratch = Scratch::new();
    lay_out(&scratch);
    let elsewhere = Scratch::new();
    let notes = scratch.join("notes").to_string_lossy().into_owned();
    for (arguments, out) in [(&LEGACY[..], "out/"), (&LATEST[..], "out-latest/")] {
        let out = format!("{}/{out}", scratch.path().display());
        let mut arguments = arguments.to_vec();
        arguments[1] = &notes;
        *arguments.last_mut().expect("the last is the output folder") = &out;
        elsewhere.deckc(&arguments).exits(0);
    }
    same(&written(&scratch));
}

#[test]
fn the_time_zone_does_not_matter() {
    check_variables(&[("TZ", "Pacific/Kiritimati")]);
    check_variables(&[("TZ", "America/Adak")]);
}

#[test]
fn the_locale_does_not_matter() {
    check_variables(&[("LC_ALL", "tr_TR.UTF-8"), ("LANG", "tr_TR.UTF-8")]);
    check_variables(&[("LC_ALL", "C"), ("LANG", "ja_JP.UTF-8")]);
}

#[test]
fn a_terminal_and_a_user_without_a_home_do_not_matter() {
    check(|command| {
        command.env_remove("HOME").env_remove("USER").env("TERM", "dumb").env("NO_COLOR", "1");
    });
}

#[test]
fn the_number_of_threads_does_not_matter() {
    for threads in ["1", "8"] {
        check(|command| {
            command.args(["--threads", threads]);
        });
    }
}

#[cfg(unix)]
#[test]
fn the_umask_does_not_matter() {
    for mask in ["000", "077"] {
        let scratch = Scratch::new();
        lay_out(&scratch);
        for arguments in [&LEGACY[..], &LATEST[..]] {
            ended(&mut scratch.shell(&format!("umask {mask}; exec \"$0\" \"$@\""), arguments)).exits(0);
        }
        same(&written(&scratch));
    }
}

#[test]
fn the_order_in_which_files_were_made_does_not_matter() {
    let scratch = Scratch::new();
    SOURCES.iter().rev().for_each(|(name, content)| scratch.write(format!("notes/{name}"), content));
    scratch.write("own.css", ".card { color: teal }\n");
    scratch.write("deckc.toml", CONFIG);
    same(&build(&scratch, |_| {}));
}

#[test]
fn the_times_of_files_do_not_matter() {
    // 1980, 2038 (past 31 bits), 2107 (past what a zip can say).
    for seconds in [315_532_800, 2_147_483_700, 4_354_819_200] {
        let scratch = Scratch::new();
        lay_out(&scratch);
        touch(&scratch.join("notes"), UNIX_EPOCH + Duration::from_secs(seconds));
        same(&build(&scratch, |_| {}));
    }
}

fn touch(path: &Path, time: SystemTime) {
    if path.is_dir() {
        let entries = fs::read_dir(path).expect("the folder is read");
        entries.for_each(|entry| touch(&entry.expect("the folder is read").path(), time));
    } else {
        let file = fs::File::options().write(true).open(path).expect("the file is opened");
        file.set_modified(time).expect("the time is set");
    }
}

#[test]
fn a_build_over_its_own_output_gives_the_same_bytes() {
    let scratch = Scratch::new();
    lay_out(&scratch);
    same(&build(&scratch, |_| {}));
    same(&build(&scratch, |_| {}));
}

#[test]
fn an_unchanged_rebuild_later_gives_the_same_bytes() {
    let scratch = Scratch::new();
    lay_out(&scratch);
    build(&scratch, |_| {});
    let later = build(&scratch, |command| {
        command.env("SOURCE_DATE_EPOCH", "1750000000");
    });
    same(&later);
    // Nor does the clock show, and a ledger that lies elsewhere is the same ledger.
    fs::remove_dir_all(scratch.join("out")).expect("the output is removed");
    fs::rename(scratch.join("deckc.lock"), scratch.join("elsewhere.lock")).expect("the ledger moves");
    let by_the_clock = build(&scratch, |command| {
        command.env_remove("SOURCE_DATE_EPOCH").args(["--locked", "--ledger", "elsewhere.lock"]);
    });
    fs::rename(scratch.join("elsewhere.lock"), scratch.join("deckc.lock")).expect("the ledger moves back");
    assert!(!by_the_clock.contains_key("deckc.lock"));
    same(&written(&scratch));
}

#[test]
fn any_second_from_1970_on_is_a_time_to_build_at() {
    for seconds in ["0", "1", "1750000000"] {
        let trees = [(); 2].map(|()| {
            let scratch = Scratch::new();
            lay_out(&scratch);
            build(&scratch, |command| {
                command.env("SOURCE_DATE_EPOCH", seconds);
            })
        });
        assert_eq!(differences(&trees[0], &trees[1]), Vec::<String>::new());
    }
}

#[test]
fn nonsense_in_source_date_epoch_is_wrong_usage() {
    let scratch = Scratch::new();
    lay_out(&scratch);
    let before = scratch.files();
    for value in ["abc", "", "-1", "1.5", "99999999999999999999"] {
        let mut command = scratch.command(&LEGACY);
        ended(command.env("SOURCE_DATE_EPOCH", value))
            .exits(2)
            .says(&format!("SOURCE_DATE_EPOCH is `{value}`, not a number of seconds since 1970"));
    }
    assert_eq!(differences(&before, &scratch.files()), Vec::<String>::new());
}

/// A run of packages alone gives the trees of notes back as soon as they are rendered; any other format keeps them.
#[test]
fn other_formats_of_the_same_run_do_not_matter() {
    let scratch = Scratch::new();
    lay_out(&scratch);
    for run in ["the first", "one that has a ledger"] {
        scratch.deckc(&["build", "notes", "--format", "apkg", "--out", "out/"]).exits(0);
        let built = written(&scratch);
        assert_eq!(built.len(), 2, "{:?}", built.keys());
        for (name, bytes) in built {
            assert!(EXPECTED[&name] == bytes, "{run}: {name}");
        }
    }
}

/// Notes with deletions wait for the ledger; of many findings the first ones of the file are shown all the same.
#[test]
fn findings_come_in_the_order_of_the_notes_with_and_without_a_ledger() {
    let scratch = Scratch::new();
    let pair = |n: usize| {
        format!("Q: Which is {n}?\nA: A \u{202e} mark\n\nC: {{{{c1::Another {n}}}}} \u{202e} mark\n\n")
    };
    scratch.write("notes/a.md", (0..80).map(pair).collect::<String>());
    let check = || scratch.deckc(&["check", "notes", "--message-format", "json"]).exits(0).stdout;
    let without = check();
    assert_eq!(without.matches("U+202E").count(), 100, "{without}");
    scratch.deckc(&["build", "notes", "--out", "out/"]).exits(0);
    assert!(check() == without);
}
