use super::super::escape::Buffer;
use super::{MAX_BYTES, MAX_TOKENS};

fn highlight(language: &str, text: &str) -> String {
    let mut out = Buffer::with_capacity(0);
    super::code(&mut out, Some(language), text);
    out.finish()
}

/// Compares what is coloured, with one letter for each class: `k<let>`.
fn check(language: &str, code: &str, expected: &str) {
    let mut short = highlight(language, code);
    for (class, letter) in [
        ("hl-comment", "c"),
        ("hl-string", "s"),
        ("hl-constant hl-numeric", "n"),
        ("hl-keyword", "k"),
        ("hl-constant hl-language", "l"),
        ("hl-support hl-type", "t"),
        ("hl-variable hl-function", "f"),
        ("hl-variable hl-language", "v"),
        ("hl-entity hl-name hl-tag", "g"),
        ("hl-entity hl-other hl-attribute-name", "a"),
        ("hl-markup hl-inserted", "i"),
        ("hl-markup hl-deleted", "d"),
        ("hl-markup hl-heading", "h"),
    ] {
        short = short.replace(&format!("<span class=\"{class}\">"), &format!("{letter}⟨"));
    }
    let short = short.replace("</span>", "⟩").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    assert_eq!(short, expected, "{language}");
}

#[test]
fn words_get_classes_and_the_rest_is_escaped() {
    assert_eq!(
        highlight("Rust", "let a = \"<b>\"; // {{c1::x}}\nf(1)"),
        "<span class=\"hl-keyword\">let</span> a = <span class=\"hl-string\">\"&lt;b&gt;\"</span>; \
         <span class=\"hl-comment\">// {&#123;c1::x}}</span>\n\
         <span class=\"hl-variable hl-function\">f</span>(<span class=\"hl-constant hl-numeric\">1</span>)"
    );
}

#[test]
fn lifetimes_and_primes_are_no_strings() {
    check("rust", "fn f<'a>(x: &'a str) -> char { 'x' }", "k⟨fn⟩ f<'a>(x: &'a t⟨str⟩) -> t⟨char⟩ { s⟨'x'⟩ }");
    check("haskell", "f x' = '\\n'", "f x' = s⟨'\\n'⟩");
    check("matlab", "b = a';", "b = a';");
}

#[test]
fn numbers_are_whole() {
    check("c", "0xFFe+1 1.5e-3 1..2 x2", "n⟨0xFFe⟩+n⟨1⟩ n⟨1.5e-3⟩ n⟨1⟩..n⟨2⟩ x2");
}

#[test]
fn strings_end_at_their_mark_or_their_line() {
    check("python", "a = \"\"\"x\n'y'\"\"\" + 'z", "a = s⟨\"\"\"x\n'y'\"\"\"⟩ + s⟨'z⟩");
    check("c", "\"a\\\"b\" 'open\nx", "s⟨\"a\\\"b\"⟩ s⟨'open⟩\nx");
    check("sql", "SELECT 'it''s' -- x", "k⟨SELECT⟩ s⟨'it'⟩s⟨'s'⟩ c⟨-- x⟩");
}

#[test]
fn shells_have_variables_and_comments_of_their_own() {
    check(
        "bash",
        "for f in *.md; do echo \"$f\" ${#f} $#; done # x",
        "k⟨for⟩ f k⟨in⟩ *.md; k⟨do⟩ t⟨echo⟩ s⟨\"$f\"⟩ v⟨${#f}⟩ $#; k⟨done⟩ c⟨# x⟩",
    );
}

#[test]
fn keys_are_told_from_values() {
    check("json", "{\"a\": [1, \"b\", true]}", "{g⟨\"a\"⟩: [n⟨1⟩, s⟨\"b\"⟩, l⟨true⟩]}");
    check("yaml", "a:\n  - b-c: d # e\n    f: \"g:h\"", "g⟨a⟩:\n  - g⟨b-c⟩: d c⟨# e⟩\n    g⟨f⟩: s⟨\"g:h\"⟩");
    check("ini", "; x\nA_B=1", "c⟨; x⟩\ng⟨A_B⟩=n⟨1⟩");
}

#[test]
fn markup_has_tags_attributes_and_comments() {
    check(
        "html",
        "<!-- x --><a href=\"b\" on>c</a> 1 < 2",
        "c⟨<!-- x -->⟩<g⟨a⟩ a⟨href⟩=s⟨\"b\"⟩ a⟨on⟩>c</g⟨a⟩> 1 < 2",
    );
    check("diff", "--- a\n@@ 1\n-b\n+c\n d", "h⟨--- a⟩\nk⟨@@ 1⟩\nd⟨-b⟩\ni⟨+c⟩\n d");
    check("md", "# A\n- b", "h⟨# A⟩\nk⟨-⟩ b");
    check("latex", "\\frac{a}{b} % c", "k⟨\\frac⟩{a}{b} c⟨% c⟩");
}

#[test]
fn capitals_make_types_and_constants() {
    check("java", "@Override List<Foo> MAX = X;", "k⟨@Override⟩ t⟨List⟩<t⟨Foo⟩> l⟨MAX⟩ = X;");
}

#[test]
fn unknown_languages_and_huge_blocks_are_plain() {
    assert_eq!(highlight("klingon", "let a < 1"), "let a &lt; 1");
    let big = "let a = 1;\n".repeat(MAX_BYTES / 11 + 1);
    assert_eq!(highlight("rust", &big), big);
    let many = highlight("rust", &"1 ".repeat(MAX_TOKENS + 5));
    assert_eq!(many.matches("<span").count(), MAX_TOKENS);
}

#[test]
fn nothing_of_the_code_is_lost() {
    let code = "\n/* a\n  b */ \"c\\n\" 'd' # e\n<f g=\"h\">i</f> -- j\n%k \\l{m} $n @o [p]: 1.5e3\n\n\tq é' ${ü 'ß\\";
    for name in [
        "c",
        "cs",
        "java",
        "kotlin",
        "swift",
        "js",
        "json",
        "go",
        "rust",
        "d",
        "php",
        "css",
        "dot",
        "python",
        "ruby",
        "bash",
        "perl",
        "r",
        "julia",
        "yaml",
        "toml",
        "make",
        "tcl",
        "powershell",
        "bat",
        "sql",
        "lua",
        "haskell",
        "ocaml",
        "lisp",
        "erlang",
        "matlab",
        "pascal",
        "tex",
        "applescript",
        "html",
        "diff",
        "md",
    ] {
        for end in code.char_indices().map(|(at, _)| at).chain([code.len()]) {
            let html = highlight(name, &code[..end]);
            let mut text = String::new();
            let mut rest = html.as_str();
            while let Some(at) = rest.find('<') {
                text.push_str(&rest[..at]);
                rest = &rest[rest[at..].find('>').expect("a tag ends") + at + 1..];
            }
            text.push_str(rest);
            let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            assert_eq!(text, &code[..end], "{name}");
        }
    }
}
