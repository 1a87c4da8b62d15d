//! Inputs that make a careless program slow, deep or large. Each is built into every format by the real program, because a
//! stack that overflows ends the process.

use std::fmt::Write as _;

use crate::support::process::{FORMATS, Scratch};

/// Checks that a project of this one source ends in exit 0 or 1 and says so properly.
#[track_caller]
fn check(name: &str, content: &str) {
    let scratch = Scratch::new();
    scratch.write(format!("notes/{name}"), content);
    let arguments = ["build", "notes", "--format", FORMATS, "--out", "out/", "--threads", "2"];
    let ended = scratch.deckc(&arguments);
    let tail: String = ended.stderr.chars().rev().take(600).collect::<Vec<_>>().into_iter().rev().collect();
    assert!(matches!(ended.code, Some(0 | 1)) && !tail.contains("panicked"), "{:?}: {tail}", ended.code);
    let written = scratch.join("out/notes.apkg").is_file();
    assert_eq!(written, ended.code == Some(0), "{tail}");
}

/// Checks the content of an answer.
#[track_caller]
fn check_answer(content: &str) {
    check("a.md", &format!("## q\n\n{content}\n"));
}

/// Checks a text as an answer, as a typed card, as a cloze, as plain text and as a cell.
#[track_caller]
fn check_everywhere(content: &str) {
    let one_line = content.replace('\n', " ");
    check_answer(content);
    check(
        "a.md",
        &format!("Q: {one_line}\nA: {content}\n\nC: {{{{c1::x}}}} {one_line}\n\nt\n: {one_line}\n"),
    );
    check("a.txt", &format!("{content}\n"));
    check("a.csv", &format!("front,back\n\"{}\",b\n", content.replace('"', "\"\"")));
}

#[test]
fn nested_quotes() {
    check_everywhere(&format!("{}x", "> ".repeat(25_000)));
    check_answer(&">".repeat(25_000));
}

#[test]
fn nested_lists() {
    check_everywhere(&format!("{}x", "- ".repeat(20_000)));
    check_answer(&"> - ".repeat(10_000));
    let mut steps = String::new();
    (0..1000).for_each(|depth| writeln!(steps, "{}1. x", "   ".repeat(depth)).expect("a string takes it"));
    check_answer(&steps);
}

#[test]
fn wide_and_long_tables() {
    let row = |cell: &str, columns: usize| format!("|{}\n", format!("{cell}|").repeat(columns));
    check_answer(&(row("a", 50_000) + &row("-", 50_000) + &row("b", 50_000)));
    check_answer(&(row("a", 500) + &row("-", 500) + &"|b\n".repeat(5000)));
    check_answer(&(row("a", 2) + &row("-", 2) + &"|b|c|\n".repeat(20_000)));
}

#[test]
fn brackets_and_links() {
    check_everywhere(&"[".repeat(50_000));
    check_answer(&format!("{}a{}", "[".repeat(25_000), "](x)".repeat(25_000)));
    check_answer(&format!("{}a{}", "![".repeat(10_000), "](x)".repeat(10_000)));
    check_answer(&"[a](<b".repeat(20_000));
    check_answer(&"![[".repeat(30_000));
    check_answer(&"![[a]] ".repeat(10_000));
}

#[test]
fn emphasis() {
    check_everywhere(&"*a_ ".repeat(20_000));
    check_answer(&format!("{}a{}", "*".repeat(50_000), "*".repeat(50_000)));
    check_answer(&format!("{}b{}", "*a **a ".repeat(10_000), "** *".repeat(10_000)));
    check_answer(&"~~a ".repeat(20_000));
}

#[test]
fn backticks_and_fences() {
    let mut runs = String::new();
    (0..1200).for_each(|length| write!(runs, "{} e", "`".repeat(length)).expect("a string takes it"));
    check_everywhere(&runs);
    check_answer(&"```\n~~~\n".repeat(5000));
}

#[test]
fn card_fences_that_are_never_closed() {
    check("a.md", &"```card\nfront: a\n\n".repeat(300));
    check("a.md", &format!("{}front: a\nback: b\n", "```card\n".repeat(3000)));
}

#[test]
fn html() {
    for part in [
        "<div>",
        "<b>",
        "<a ",
        "<",
        "<!--",
        "<!--\n\n",
        "<!A ",
        "<?",
        "<![CDATA[",
        "<div>\n\n",
        "<img src=\"",
    ] {
        check_answer(&format!("x {}", part.repeat(20_000)));
    }
    check_everywhere(&"<a b=\"c\" ".repeat(10_000));
    check("a.csv", &format!("#html:true\nfront,back\n{},b\n", "<div>".repeat(20_000)));
}

#[test]
fn entities() {
    check_everywhere(&"&lt;&notit;&#1;&amp ".repeat(10_000));
    check_answer(&"&".repeat(100_000));
    check_answer(&"&#".repeat(50_000));
}

#[test]
fn references_and_footnotes() {
    let numbered = |count: usize, line: fn(usize) -> String| (0..count).map(line).collect::<String>();
    check_answer(&numbered(40_000, |n| format!("[{n}]: u\n")));
    check_answer(&format!("[a]: /{}\n\n{}", "x".repeat(10_000), "[a] ".repeat(10_000)));
    check_answer(
        &(numbered(5000, |n| format!("[^{n}] ")) + "\n\n" + &numbered(5000, |n| format!("[^{n}]: t\n\n"))),
    );
    check_answer(&("a[^0]\n\n".to_owned() + &numbered(2000, |n| format!("[^{n}]: t[^{}]\n\n", n + 1))));
    check_answer(&("a[^0]\n\n".to_owned() + &numbered(24, |n| format!("[^{n}]: t[^{0}][^{0}]\n\n", n + 1))));
    let long = format!("\n[^a]: {}\n", "t ".repeat(2000));
    check("a.md", &(numbered(1000, |n| format!("## q{n}\n\na[^a]\n\n")) + &long));
}

#[test]
fn clozes() {
    let nest = |depth: usize| format!("{}x{}", "{{c1::".repeat(depth), "}}".repeat(depth));
    check("a.md", &format!("C: {}\n", nest(5000)));
    check("a.txt", &nest(5000));
    check("a.csv", &format!("#notetype:Cloze\n#separator:comma\n{},b\n", nest(5000)));
    check("a.md", &format!("C: {}\n", "{{c1::".repeat(20_000)));
    check("a.md", &format!("C: {{{{c1::a{}\n", "}}".repeat(20_000)));
    check("a.md", &format!("C: {{{{c1::a{}}}}}\n", "::b".repeat(20_000)));
    check("a.md", &format!("C: {{{{c{}2::a}}}}\n", "1,".repeat(10_000)));
    check("a.md", &format!("C: {}\n", "`{{c1::a}}` *{{c2::b}}* ".repeat(5000)));
    let rising: String = (1..500).map(|number| format!("{{{{c{number}::")).collect();
    check("a.md", &format!("C: {rising}x{}\n", "}}".repeat(499)));
}

#[test]
fn front_matter() {
    let aliases: String = (1..20).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1)).collect();
    check("a.md", &format!("---\na0: &a0 [x, x]\n{aliases}---\n## q\n\na\n"));
    for depth in [30, 2000, 10_000] {
        check("a.md", &format!("---\ntags: {}{}\n---\n## q\n\na\n", "[".repeat(depth), "]".repeat(depth)));
        check("a.md", &format!("+++\ntags = {}{}\n+++\n## q\n\na\n", "[".repeat(depth), "]".repeat(depth)));
        check("a.md", &format!("---\n{}1\n---\n## q\n\na\n", "{a: ".repeat(depth)));
        check("a.md", &format!("+++\n{}b = 1\n+++\n## q\n\na\n", "a.".repeat(depth)));
    }
    check("a.md", &format!("+++\ntags = {}\n+++\n## q\n\na\n", "[".repeat(50_000)));
    check("a.md", &format!("---\n{}## q\n\na\n", "a: b\n".repeat(50_000)));
    let tags: String = (0..100_000).map(|n| format!("t{n}, ")).collect();
    check("a.md", &format!("---\ntags: [{tags}]\n---\n## q\n\na\n"));
}

#[test]
fn a_deep_configuration_is_an_error_of_the_sources() {
    for deep in [format!("x = {}", "[".repeat(50_000)), format!("{}b = 1", "a.".repeat(50_000))] {
        let scratch = Scratch::new();
        scratch.write("notes/a.md", "## q\n\na\n");
        scratch.write("deckc.toml", deep);
        scratch.deckc(&["build", "notes"]).exits(1).says("--> deckc.toml");
    }
}

#[test]
fn attributes_and_tags() {
    let tags: String = (0..20_000).map(|n| format!(".t{n} ")).collect();
    check("a.md", &format!("## q {{{tags}}}\n\na\n"));
    check("a.md", &format!("## q {}\n\na\n", "{".repeat(20_000)));
    check("a.md", &format!("## q {{deck={}}}\n\na\n", "t::".repeat(20_000)));
    let tags: String = (0..100_000).map(|n| format!("t{n} ")).collect();
    check("a.csv", &format!("front,back,tags\na,b,{tags}\n"));
}

#[test]
fn code_and_math() {
    let fence = |language: &str, code: &str| check_answer(&format!("```{language}\n{code}\n```"));
    fence("mermaid", &"a-->b;\n".repeat(20_000));
    fence("js", &"/*".repeat(50_000));
    fence("js", &"`${".repeat(10_000));
    fence("rust", &"(".repeat(20_000));
    fence("rust", &"{\n".repeat(10_000));
    fence("html", &"<a ".repeat(10_000));
    fence("python", &"f'{".repeat(10_000));
    fence("c", &"a".repeat(100_000));
    check_answer(&format!("$${}$$", r"\def\a{\b\b}".repeat(20_000)));
    check_answer(&format!("${}{}$", "{".repeat(20_000), "}".repeat(20_000)));
    check_everywhere(&"$a ".repeat(20_000));
}

#[test]
fn many_cards() {
    check("a.md", &"## q\n\na\n\n".repeat(3000));
    check("a.md", &(0..3000).map(|n| format!("{} h\n\n", "#".repeat(n % 6 + 1))).collect::<String>());
    check("a.md", &"Q: q\n\n".repeat(3000));
    check("a.md", &"A: q\na: q\n\n".repeat(3000));
    check("a.md", &format!("a\n{}", ": b\n".repeat(10_000)));
    check("a.md", &("## q\n\n".to_owned() + &"a\n\n<!-- split -->\n\n".repeat(3000)));
    check("a.txt", &"What is it?\nThat is it\n".repeat(2000));
    check("a.txt", &format!("Which?\n{}", "a) b\n".repeat(5000)));
    check("a.csv", &"\"a".repeat(20_000));
    check("a.csv", &format!("front,back\n{},b\n", "\"".repeat(20_001)));
    check("a.csv", &format!("{}\n{}\n", "a,".repeat(10_000), "b,".repeat(10_000)));
}

#[test]
fn long_lines_and_large_cards() {
    let words = "a ".repeat(5_000_000);
    check_answer(&words);
    check("a.txt", &words);
    check("a.md", &format!("Q: {words}\nA: b\n"));
    check_answer(&"word word\n".repeat(1_000_000));
    check_answer(&format!("a{}", "\u{301}".repeat(50_000)));
    check("a.md", &format!("{}## q\n\na\n", "\n".repeat(1_000_000)));
    check("a.md", &"x".repeat(17 << 20));
}

#[test]
fn findings_without_end_are_counted_and_the_first_shown() {
    let scratch = Scratch::new();
    scratch.write("notes/a.md", "Q: Again?\nA: yes\n\n".repeat(251));
    let people = scratch.deckc(&["check"]).exits(0).says("\n250 warnings\n");
    assert_eq!(people.stderr.matches("warning[D402]").count(), 101, "{}", people.stderr);
    people.says("warning[D402]: … and 150 more of these in this file\n --> notes/a.md\n");
    let programs = scratch.deckc(&["check", "--message-format", "json"]).exits(0).stdout;
    let last: serde_json::Value =
        programs.lines().last().and_then(|line| serde_json::from_str(line).ok()).expect("a finding");
    assert_eq!((&last["code"], &last["file"]), (&"D402".into(), &"notes/a.md".into()));
    assert_eq!((&last["more"], programs.lines().count()), (&150.into(), 101));
    scratch.deckc(&["check", "--strict"]).exits(1).says("\n250 errors\n");
}
