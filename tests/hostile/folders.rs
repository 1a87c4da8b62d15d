//! What a folder may hold beside plain files: links, pipes, odd names, great depth, great numbers.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;

use crate::support::process::{FORMATS, Scratch, differences};

const CARD: &str = "## q\n\na\n";

/// Returns a project with one plain card in `notes/a.md`.
fn one_card() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("notes/a.md", CARD);
    scratch
}

/// Checks that exactly so many files and notes are read, and returns what was said.
#[track_caller]
fn check(scratch: &Scratch, code: i32, counts: &str) -> String {
    let ended = scratch.deckc(&["check", "notes"]).exits(code);
    assert!(ended.stdout.starts_with(counts), "{}\n{}", ended.stdout, ended.stderr);
    format!("{}{}", ended.stderr, ended.stdout)
}

#[track_caller]
fn has(text: &str, part: &str) {
    assert!(text.contains(part), "`{part}` is not in:\n{text}");
}

#[test]
fn links_are_not_followed_unless_asked() {
    let scratch = one_card();
    scratch.write("outside/b.md", "## outside\n\nb\n");
    symlink("../outside/b.md", scratch.join("notes/b.md")).expect("a link to a file");
    symlink("../outside", scratch.join("notes/c")).expect("a link to a folder");
    let said = check(&scratch, 0, "files 1 · notes 1");
    has(&said, "a symbolic link that is not followed\n --> notes/b.md\n");
    has(&said, "a symbolic link that is not followed\n --> notes/c\n");
    let followed = scratch.deckc(&["check", "notes", "--follow-links"]).exits(0);
    // Both links lead to one file, which is read once.
    assert!(followed.stdout.starts_with("files 2 · notes 2"), "{}", followed.stdout);
}

#[test]
fn a_loop_of_links_ends() {
    let scratch = one_card();
    symlink(".", scratch.join("notes/self")).expect("a link to its folder");
    symlink("..", scratch.join("notes/up")).expect("a link upwards");
    check(&scratch, 0, "files 1 · notes 1");
    let followed = scratch.deckc(&["check", "notes", "--follow-links"]).exits(0);
    assert!(followed.stdout.starts_with("files 1 · notes 1"), "{}\n{}", followed.stdout, followed.stderr);
}

#[test]
fn a_link_that_leads_nowhere_is_a_finding() {
    let scratch = one_card();
    symlink("nowhere.md", scratch.join("notes/b.md")).expect("a dangling link");
    has(&check(&scratch, 0, "files 1 · notes 1"), "a symbolic link that leads nowhere\n --> notes/b.md\n");
}

#[test]
fn an_unreadable_file_is_an_error_that_names_it() {
    let scratch = one_card();
    scratch.write("notes/b.md", CARD);
    let path = scratch.join("notes/b.md");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).expect("the mode is set");
    // A superuser reads it all the same; then there is nothing to see.
    if fs::File::open(&path).is_err() {
        has(&check(&scratch, 1, "files 1 · notes 1"), "--> notes/b.md\n");
    }
}

#[test]
fn folders_pipes_and_sockets_with_names_of_sources_are_no_sources() {
    let scratch = one_card();
    fs::create_dir(scratch.join("notes/b.md")).expect("a folder");
    let made = Command::new("mkfifo").arg(scratch.join("notes/c.md")).status().expect("mkfifo starts");
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(scratch.join("notes/d.md")).expect("a socket");
    let said = check(&scratch, 0, "files 1 · notes 1");
    has(&said, " · skipped: pipes and devices 2\n");
    scratch.deckc(&["check", "notes/c.md"]).exits(2).says("neither a file nor a folder");
}

#[test]
fn a_pipe_in_the_place_of_rules_is_an_error_and_never_opened() {
    for (place, name) in [("notes", ".ignore"), ("notes/inner", ".gitignore"), ("", ".gitignore")] {
        let scratch = one_card();
        scratch.write("notes/inner/b.md", CARD);
        let pipe = scratch.join(place).join(name);
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
        let ended = scratch.deckc(&["build", "notes", "--format", "csv"]).exits(1);
        ended.says("the path cannot be read: it is not a regular file").says(name);
    }
}

#[test]
fn a_pipe_or_a_folder_is_no_baseline() {
    let scratch = one_card();
    assert!(Command::new("mkfifo").arg(scratch.join("p.apkg")).status().expect("mkfifo starts").success());
    for name in ["p.apkg", "notes"] {
        let ended = scratch.deckc(&["build", "notes", "--format", "csv", "--baseline", name]).exits(2);
        ended.says("a baseline is an `.apkg` of an earlier release");
    }
}

#[test]
fn media_that_are_no_files_are_findings() {
    let scratch = Scratch::new();
    scratch.write("notes/a.md", "## q\n\n![](p.png) ![](d.png) ![](/dev/zero) ![](l.png)\n");
    fs::create_dir(scratch.join("notes/d.png")).expect("a folder");
    symlink("/etc/passwd", scratch.join("notes/l.png")).expect("a link to outside");
    let made = Command::new("mkfifo").arg(scratch.join("notes/p.png")).status().expect("mkfifo starts");
    assert!(made.success());
    let said = scratch.deckc(&["build", "notes", "--format", FORMATS, "--out", "out/"]).stderr;
    for name in ["p.png", "d.png", "/dev/zero", "l.png"] {
        has(&said, &format!("`{name}`"));
    }
    let secret = fs::read("/etc/passwd").expect("every unix has it");
    let leaked = |bytes: &Vec<u8>| bytes.windows(secret.len()).any(|window| window == secret);
    assert!(!scratch.files().iter().any(|(name, bytes)| name.starts_with("out/") && leaked(bytes)));
}

#[test]
fn deep_folders_are_read() {
    let scratch = one_card();
    // Anki takes no deck as deep as these folders.
    scratch.write("deckc.toml", "[defaults]\ndeck = \"One\"\n");
    scratch.write(format!("notes/{}b.md", "d/".repeat(200)), "## deep\n\nb\n");
    scratch.write(format!("notes/{}c.md", "a long name of a folder/".repeat(60)), "## long\n\nc\n");
    check(&scratch, 0, "files 3 · notes 3");
    scratch.deckc(&["build", "notes", "--format", FORMATS, "--out", "out/"]).exits(0);
}

#[test]
fn odd_names_are_shown_on_one_line_and_the_rest_is_read() {
    let scratch = one_card();
    fs::write(scratch.join("notes").join(OsStr::from_bytes(b"caf\xe9.md")), CARD).expect("a name in Latin-1");
    scratch.write("notes/two\nlines.md", "Q: open\n");
    scratch.write("notes/\u{1b}[31mred.md", "Q: open\n");
    scratch.write("notes/-rf.md", "## plain\n\nb\n");
    scratch.write("notes/--out=x.md", "## plain, too\n\nb\n");
    let said = check(&scratch, 0, "files 5 · notes 3");
    has(&said, "its name is not UTF-8\n --> notes/caf\\xe9.md\n");
    assert!(!said.contains('\u{1b}') && !said.contains("two\nlines"), "{said:?}");
    for format in ["json", "github"] {
        let ended = scratch.deckc(&["check", "notes", "--message-format", format]).exits(0);
        assert!(!ended.stdout.contains('\u{1b}'), "{:?}", ended.stdout);
        let whole = |line: &str| match format {
            "json" => serde_json::from_str::<serde_json::Value>(line).is_ok(),
            _ => line.starts_with("::"),
        };
        assert!(ended.stdout.lines().all(whole), "{:?}", ended.stdout);
    }
    let build = ["build", "notes", "--format", FORMATS, "--out", "out/"];
    scratch.deckc(&build).exits(0);
    // The ledger has survived the names.
    let before = scratch.files();
    scratch.deckc(&build).exits(0).says("new 0 · edited 0 · unchanged 3 · retired 0");
    assert_eq!(differences(&before, &scratch.files()), Vec::<String>::new());
    scratch.deckc(&["check", "--", "notes/-rf.md"]).exits(0);
}

#[test]
fn skipped_folders_and_files_are_counted_and_not_entered() {
    let scratch = one_card();
    for name in [
        ".trash/b.md",
        ".obsidian/templates/c.md",
        "logseq/bak/d.md",
        "e.md~",
        "f.md.bak",
        "#g.md#",
        "h (conflicted copy).md",
        "Templates/i.md",
        ".j.md",
        ".git/k.md",
    ] {
        scratch.write(format!("notes/{name}"), CARD);
    }
    let said = check(&scratch, 0, "files 1 · notes 1");
    has(&said, "skipped: hidden 2, backups 5, templates 1");
}

#[test]
fn output_inside_the_sources_is_no_source() {
    for (out, formats, config) in [
        ("notes/build-output/", FORMATS, ""),
        ("notes/inner/build-output/deep", FORMATS, ""),
        ("notes/out/", FORMATS, "out = \"notes/out\"\n"),
        ("notes/out/", "apkg,json", ""),
        ("notes/z.apkg", "apkg", ""),
    ] {
        let scratch = one_card();
        scratch.write("deckc.toml", config);
        let arguments = ["build", "notes", "--format", formats, "--out", out];
        scratch.deckc(&arguments).exits(0);
        let before = scratch.files();
        scratch.deckc(&arguments).exits(0).says("new 0 · edited 0 · unchanged 1 · retired 0");
        assert_eq!(differences(&before, &scratch.files()), Vec::<String>::new());
    }
}

#[test]
fn output_that_the_next_build_would_read_is_refused() {
    for (format, out) in [
        ("csv", "notes/z.csv"),
        ("quizlet", "notes/z.txt"),
        ("csv", "notes/"),
        ("apkg,csv", "notes"),
        ("csv", "notes/out/"),
    ] {
        let scratch = one_card();
        let before = scratch.files();
        let arguments = ["build", "notes", "--format", format, "--out", out];
        scratch.deckc(&arguments).exits(1).says("error[D602]").says("as a source");
        assert_eq!(differences(&before, &scratch.files()), Vec::<String>::new());
    }
}

/// Checks that a build with these files is refused and changes nothing.
#[track_caller]
fn refused(files: &[(&str, &str)], arguments: &[&str], message: &str) {
    let scratch = Scratch::new();
    files.iter().for_each(|(name, text)| scratch.write(name, text));
    let before = scratch.files();
    scratch.deckc(arguments).exits(1).says("error[D602]").says(message);
    assert_eq!(differences(&before, &scratch.files()), Vec::<String>::new());
}

#[test]
fn what_a_build_reads_is_never_written_over() {
    let table = ("cards.csv", "front,back\nq,a\n");
    let page = ("page.txt", "q\ta\n");
    let card = ("notes/a.md", CARD);
    let config = ("deckc.toml", "out = \"b.md\"\n");
    refused(&[table], &["build", "cards.csv", "--format", "csv", "--out", "."], "is a source");
    refused(&[table], &["build", "cards.csv", "--format", "csv", "--out", "./x/../Cards.CSV"], "is a source");
    refused(&[page], &["build", "page.txt", "-f", "quizlet", "-o", "page.txt"], "is a source");
    refused(&[card], &["build", "notes", "-f", "json", "-o", "notes/deckc.lock"], "is the ledger");
    refused(&[card, config], &["build", "notes", "-f", "json", "-o", "deckc.toml"], "is the configuration");
    refused(&[("b.md", CARD), config], &["build", "b.md", "-f", "json"], "is a source");
    refused(&[("b.md", CARD), config], &["build", ".", "-f", "json"], "is a source");
    let style = ("deckc.toml", "style = \"s.css\"\n");
    refused(&[card, style, ("s.css", "")], &["build", "notes", "-f", "json", "-o", "s.css"], "style sheet");
    let medium = [("notes/a.md", "## q\n\n![](p.png)\n"), ("notes/p.png", "no real picture")];
    refused(&medium, &["build", "notes", "-f", "json", "-o", "notes/p.png"], "a medium");
}

#[test]
fn a_source_of_another_build_is_not_written_over() {
    let scratch = Scratch::new();
    scratch.write("a.txt", "q\ta\n");
    scratch.write("b.txt", "r\tb\n");
    scratch.deckc(&["build", "a.txt", "b.txt"]).exits(0);
    let before = scratch.files();
    scratch.deckc(&["build", "a.txt", "-f", "quizlet", "-o", "b.txt"]).exits(1).says("is a source");
    assert_eq!(differences(&before, &scratch.files()), Vec::<String>::new());
}

#[test]
fn outputs_of_an_earlier_build_are_no_sources() {
    let scratch = one_card();
    scratch.deckc(&["build", ".", "--format", "apkg,csv"]).exits(0).says("new 1");
    scratch.deckc(&["build", ".", "--out", "my.apkg"]).exits(0).says("new 0 · edited 0 · unchanged 1");
    scratch.write("notes/inner/build-output/old.csv", "front,back\nx,y\n");
    has(&check(&scratch, 0, "files 1 · notes 1"), "skipped: outputs 1");
}

#[test]
fn ten_thousand_files_are_read() {
    let scratch = Scratch::new();
    for file in 0..10_000 {
        scratch.write(format!("notes/{}/{file}.md", file % 100), format!("## q{file}\n\na\n"));
    }
    // Few descriptors: files are not all open at once.
    let script = "ulimit -n 64; exec \"$0\" \"$@\"";
    let arguments = ["build", "notes", "--format", "csv", "--out", "out/"];
    crate::support::process::ended(&mut scratch.shell(script, &arguments)).exits(0).says("new 10000");
}

#[test]
fn a_build_without_a_note_left_replaces_no_package() {
    let scratch = one_card();
    let arguments = ["build", "notes", "--out", "deck.apkg"];
    scratch.deckc(&arguments).exits(0);
    let name =
        std::fs::read_dir(scratch.join("notes")).expect("a folder").flatten().map(|entry| entry.path());
    let source =
        name.into_iter().find(|path| path.extension().is_some_and(|end| end == "md")).expect("a source");
    std::fs::write(source, "nothing here\n").expect("writable");
    let before = scratch.files();
    scratch.deckc(&arguments).exits(1).says("nothing was written: no note is left of the 1");
    assert_eq!(differences(&before, &scratch.files()), Vec::<String>::new());
}

#[test]
fn a_folder_of_sources_is_read_although_outputs_go_there() {
    let scratch = one_card();
    scratch.deckc(&["build", "notes", "--out", "notes"]).exits(0).says("new 1 ");
    scratch.deckc(&["build", "notes", "--out", "notes"]).exits(0).says("unchanged 1 · retired 0");
}
