//! Cases whose files no repository can hold: pipes, links, huge files, names that are not text, files that change.

#![cfg(unix)]

use std::ffi::OsStr;
use std::fs::{File, create_dir, write};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use deckc::compile::{Request, compile};
use deckc::diagnostic::Strictness;
use deckc::files::{Disk, Entry, Files, Found, Links};
use deckc::ledger::Ledger;
use deckc::load::LoadOptions;
use deckc::model::Trees;
use deckc::pass::identity::Origin;
use deckc::project::Project;
use deckc::report::sarif::Log;
use deckc::report::{Colour, MessageFormat, Reporter};

use super::find::root;
use super::{compare, steps, transcript};

const BUILD: &str = "deckc build -v --format csv --out - .";

/// Prepares a folder, does one step in it, and compares what came of it.
fn check(name: &str, step: &str, prepare: impl FnOnce(&Path) -> io::Result<()>) {
    let temporary = tempfile::tempdir().expect("there is room for a temporary folder");
    let folder = temporary.path().join(name);
    create_dir(&folder).expect("the folder is new");
    prepare(&folder).expect("the files can be made");
    let outcome = steps::run(step, &folder).expect("the program runs");
    settle(name, &transcript::render(step, &outcome, &folder));
}

fn settle(name: &str, transcript: &str) {
    let expected = root().join("special").join(format!("{name}.expected"));
    if let Err(difference) = compare(name, transcript, &expected) {
        panic!("{difference}");
    }
}

#[test]
fn a_pipe_called_like_a_picture_is_refused_without_opening_it() {
    check("pipe", BUILD, |folder| {
        write(folder.join("a.md"), "Q: What flows?\nA: ![water](water.png)\n")?;
        let made = Command::new("mkfifo").arg(folder.join("water.png")).status()?;
        assert!(made.success(), "a pipe can be made");
        Ok(())
    });
}

#[test]
fn a_pipe_called_like_a_source_is_no_source() {
    check("pipe-source", BUILD, |folder| {
        write(folder.join("a.md"), "Q: What flows?\nA: Water\n")?;
        let made = Command::new("mkfifo").arg(folder.join("b.md")).status()?;
        assert!(made.success(), "a pipe can be made");
        Ok(())
    });
}

#[test]
fn a_device_is_never_read() {
    check("device", BUILD, |folder| {
        write(
            folder.join("a.md"),
            "Q: By its path?\nA: ![zero](/dev/zero)\n\nQ: Through a link?\nA: ![zero](zero.png)\n",
        )?;
        symlink("/dev/zero", folder.join("zero.png"))
    });
}

#[test]
fn a_device_is_no_input() {
    check("device-input", "deckc check /dev/zero", |_| Ok(()));
}

#[test]
fn a_picture_through_a_link_to_a_place_outside_is_refused() {
    check("linked-picture", BUILD, |folder| {
        write(folder.join("a.md"), "Q: Who may log in?\nA: ![users](users.png)\n")?;
        symlink("/etc/passwd", folder.join("users.png"))
    });
}

#[test]
fn linked_sources_are_not_followed_unless_asked() {
    let prepare = |folder: &Path| {
        create_dir(folder.join("notes"))?;
        write(folder.join("notes/a.md"), "Q: What stands here?\nA: A file\n")?;
        write(folder.join("other.md"), "Q: What stands elsewhere?\nA: Another file\n")?;
        symlink("../other.md", folder.join("notes/b.md"))?;
        symlink("nowhere.md", folder.join("notes/c.md"))?;
        symlink(".", folder.join("notes/loop"))
    };
    check("links", "deckc build -v --format csv --out - notes", prepare);
    check("links-followed", "deckc build -v --format csv --out - --follow-links notes", prepare);
}

#[test]
fn a_program_writes_nothing_through_a_link_out_of_the_output_folder() {
    let prepare = |folder: &Path| {
        write(folder.join("a.md"), "Q: What is written?\nA: Nothing\n")?;
        write(folder.join("deckc.toml"), "[backend.own]\ncommand = [\"sh\", \"own.sh\"]\n")?;
        let answer = r#"{"files":[{"name":"inside/b.txt","text":""},{"name":"away/b.txt","text":""}]}"#;
        write(folder.join("own.sh"), format!("cat > /dev/null\necho '{answer}'\n"))?;
        create_dir(folder.join("out"))?;
        create_dir(folder.join("out/real"))?;
        create_dir(folder.join("elsewhere"))?;
        symlink("real", folder.join("out/inside"))?;
        symlink("../elsewhere", folder.join("out/away"))
    };
    check("linked-output", "deckc build --format own --out out a.md", prepare);
}

#[test]
fn a_huge_film_is_refused_at_once() {
    check("huge-film", BUILD, |folder| {
        write(folder.join("a.md"), "Q: How long is it?\nA: ![film](film.mp4)\n")?;
        File::create(folder.join("film.mp4"))?.set_len(5 << 30)
    });
}

#[test]
fn a_huge_source_is_refused_at_once() {
    check("huge-source", BUILD, |folder| {
        write(folder.join("a.md"), "Q: What is small?\nA: This\n")?;
        File::create(folder.join("b.md"))?.set_len(17 << 20)
    });
}

#[test]
fn a_large_field_is_a_warning_and_a_huge_one_an_error() {
    check("large-field", "deckc check a.md", |folder| {
        write(folder.join("a.md"), format!("Q: How much?\nA: {}\n", "many words ".repeat(10_000)))
    });
    check("huge-field", "deckc check a.md", |folder| {
        write(folder.join("a.md"), format!("Q: How much?\nA: {}\n", "many words ".repeat(100_000)))
    });
}

#[test]
fn a_source_name_that_is_no_text_is_left_out() {
    check("file-name", BUILD, |folder| {
        write(folder.join("a.md"), "Q: What is read?\nA: This\n")?;
        write(folder.join(OsStr::from_bytes(b"caf\xe9.md")), "Q: What is not?\nA: That\n")
    });
}

#[test]
fn control_characters_in_names_reach_no_terminal() {
    check("name-with-escapes", "deckc check -v .", |folder| {
        write(folder.join("a\nb\u{1b}[31m.md"), "Q: Where is the answer?\n\nA:\n")?;
        write(folder.join("\u{202e}dm.md"), "a: nothing\n")
    });
}

#[test]
fn a_very_long_media_name_is_cut_to_what_anki_keeps() {
    check("long-name", "deckc build -v --format json --out - .", |folder| {
        // The longest name that file systems hold is 255 bytes.
        let name = format!("{}.png", "ä".repeat(125));
        write(folder.join("a.md"), format!("Q: How long?\nA: ![name]({name})\n"))?;
        std::fs::copy(root().join("media/found/pixel.png"), folder.join(name)).map(|_| ())
    });
}

/// Is the disk, but some files misbehave.
struct Faulty {
    /// A file whose time changes whenever somebody asks.
    restless: Option<PathBuf>,
    /// A file that may not be read.
    forbidden: Option<PathBuf>,
    asked: AtomicU64,
}

impl Files for Faulty {
    fn entry(&self, path: &Path) -> io::Result<Entry> {
        let mut entry = Disk.entry(path)?;
        if self.restless.as_deref() == Some(path) {
            entry.stamp.1 += self.asked.fetch_add(1, Ordering::Relaxed);
        }
        Ok(entry)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read + Send>> {
        if self.forbidden.as_deref() == Some(path) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Disk.open(path)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        Disk.canonical(path)
    }

    fn walk(&self, folder: &Path, exclude: &[PathBuf], links: Links) -> io::Result<Found> {
        Disk.walk(folder, exclude, links)
    }
}

/// Compiles a folder on such a disk and compares the findings.
fn check_faulty(name: &str, contents: &[(&str, &str)], faulty: impl FnOnce(&Path) -> Faulty) {
    let temporary = tempfile::tempdir().expect("there is room for a temporary folder");
    let folder = temporary.path().canonicalize().expect("it was just made");
    for (path, content) in contents {
        write(folder.join(path), content).expect("the files can be made");
    }
    let files = faulty(&folder);
    let project = Project::open(&files, std::slice::from_ref(&folder), None).expect("the folder is there");
    let request = Request {
        files: &files,
        load: LoadOptions::default(),
        ledger: Ledger { project: "faulty".into(), ..Ledger::default() },
        origin: Origin::Ledger,
        style: None,
        now: 1_700_000_000,
        strictness: Strictness::Normal,
        trees: Trees::Kept,
    };
    let compiled = compile(&project, request).expect("no stage breaks its promise");
    let reporter = Reporter {
        format: MessageFormat::Human,
        colour: Colour::Never,
        strictness: Strictness::Normal,
        prefix: String::new(),
        log: Log::default(),
    };
    let mut shown = Vec::new();
    for diagnostic in compiled.diagnostics.sorted() {
        reporter.print(&diagnostic, &compiled.sources, &mut shown).expect("memory takes all");
    }
    let outcome = if compiled.collection.is_some() { "compiled" } else { "not compiled" };
    let text = String::from_utf8(shown).expect("findings are text");
    let text = text.replace(&format!("{}/", folder.display()), "");
    settle(
        name,
        &format!("{text}{outcome}: {} notes\n", compiled.files.iter().map(|file| file.notes).sum::<usize>()),
    );
}

#[test]
fn a_medium_that_changes_while_it_is_read_is_an_error() {
    let contents = [("a.md", "Q: What moves?\nA: ![a sea](sea.mp3)\n"), ("sea.mp3", "ID3\u{4}")];
    check_faulty("restless-medium", &contents, |folder| Faulty {
        restless: Some(folder.join("sea.mp3")),
        forbidden: None,
        asked: AtomicU64::new(0),
    });
}

#[test]
fn a_source_that_may_not_be_read_is_an_error_and_the_others_are_read() {
    let contents = [("a.md", "Q: Who reads this?\nA: You\n"), ("b.md", "Q: Who reads that?\nA: Nobody\n")];
    check_faulty("forbidden-source", &contents, |folder| Faulty {
        restless: None,
        forbidden: Some(folder.join("b.md")),
        asked: AtomicU64::new(0),
    });
}

#[test]
fn a_medium_that_may_not_be_read_is_an_error() {
    let contents = [("a.md", "Q: Who hears this?\nA: ![a bird](bird.mp3)\n"), ("bird.mp3", "ID3\u{4}")];
    check_faulty("forbidden-medium", &contents, |folder| Faulty {
        restless: None,
        forbidden: Some(folder.join("bird.mp3")),
        asked: AtomicU64::new(0),
    });
}
