//! Block/Inline → HTML: whole fields.

use deckc::html::{FieldKind, field};
use deckc::model::text::{Alert, Alignment, Block, Definition, Embed, Inline, MediaKind, Table};
use deckc::model::{MediaRef, Medium};

use crate::support::build::{
    bullets, cloze, code, em, fence, file, hinted, html, item, link, math, medium, p, strong, t, table, task,
};

fn media() -> Vec<Medium> {
    let medium = |path: &str, name: &str| Medium {
        name: name.into(),
        path: path.into(),
        size: 1,
        sha256: String::new(),
        sha1: [0; 20],
    };
    vec![medium("img/map.png", "map-1f.png"), medium("a.mp3", "a-2e.mp3")]
}

fn check(blocks: &[Block], expected: &str) {
    assert_eq!(field(blocks, &media(), FieldKind::Plain), expected);
}

fn check_line(inlines: &[Inline], expected: &str) {
    check(&[p(inlines)], expected);
}

fn check_cloze(inlines: &[Inline], expected: &str) {
    assert_eq!(field(&[p(inlines)], &media(), FieldKind::Cloze), expected);
}

#[test]
fn one_paragraph_is_bare_and_several_are_not() {
    check(&[], "");
    check(&[Block::text("a")], "a");
    check(&[Block::text("a"), Block::text("b")], "<p>a</p><p>b</p>");
    check(&[Block::text("a"), Block::Rule], "<p>a</p><hr>");
    check(&[Block::Heading { level: 3, content: vec![t("a")] }], "<h3>a</h3>");
}

#[test]
fn text_is_escaped_by_context() {
    check_line(&[t("a < b & \"c\" > d")], "a &lt; b &amp; \"c\" &gt; d");
    check_line(&[code("<b>&amp;")], "<code>&lt;b&gt;&amp;amp;</code>");
    check_line(
        &[link("https://a.example/?b=\"c\"&d", &[t("x")])],
        "<a href=\"https://a.example/?b=&quot;c&quot;&amp;d\">x</a>",
    );
    check_line(
        &[file(0, MediaKind::Image, "\"><script>")],
        "<img src=\"map-1f.png\" alt=\"&quot;&gt;&lt;script&gt;\">",
    );
    check_line(&[t("a\u{1f}b\0c\rd\te\u{7f}")], "abcd\te");
}

#[test]
fn inline_markup_nests() {
    check_line(&[em(&[t("a"), strong(&[t("b")])])], "<em>a<strong>b</strong></em>");
    check_line(&[Inline::Strikethrough { content: vec![t("a")] }], "<del>a</del>");
    check_line(&[t("a"), Inline::HardBreak, t("b")], "a<br>b");
}

#[test]
fn soft_breaks_are_spaces_but_not_between_cjk() {
    check_line(&[t("a"), Inline::SoftBreak, t("b")], "a b");
    check_line(&[t("日本"), Inline::SoftBreak, t("語。")], "日本語。");
    check_line(&[t("日本"), Inline::SoftBreak, em(&[t("語")])], "日本<em>語</em>");
    check_line(&[t("日本"), Inline::SoftBreak, t("a")], "日本 a");
    check_line(&[t("한국"), Inline::SoftBreak, t("어")], "한국 어");
}

#[test]
fn literal_cloze_syntax_is_inert_everywhere() {
    check_line(&[t("{{c1::a}}")], "{&#123;c1::a}}");
    check_line(&[t("{{{c1::a}}")], "{&#123;{c1::a}}");
    check_line(&[t("{"), t("{c1::a}}")], "{&#123;c1::a}}");
    check_line(&[code("{{c1::a}}")], "<code>{&#123;c1::a}}</code>");
    check_line(&[math("{{c1::a}}")], "\\({ {c1::a}}\\)");
    check_line(&[html("<b>{{c1::a}}</b>")], "<b>{&#123;c1::a}}</b>");
    check_line(&[html("<b>{{c}} {{cx {{Front}}")], "<b>{{c}} {{cx {{Front}}");
    check(&[fence("text", "{{c1::a}}")], "<pre><code class=\"language-text\">{&#123;c1::a}}</code></pre>");
    check_line(&[file(0, MediaKind::Image, "{{c1::a}}")], "<img src=\"map-1f.png\" alt=\"{&#123;c1::a}}\">");
    check_cloze(&[t("{{c9::a}} "), cloze(&[1], &[t("b")])], "{&#123;c9::a}} {{c1::b}}");
    check_cloze(&[t("{"), cloze(&[1], &[t("b")])], "&#123;{{c1::b}}");
}

#[test]
fn deletions_count_only_where_anki_makes_cards_of_them() {
    check_cloze(&[t("a "), cloze(&[1], &[t("b")])], "a {{c1::b}}");
    check_line(&[t("a "), cloze(&[1], &[t("b")])], "a b");
    check_cloze(&[cloze(&[], &[t("b")])], "b");
}

#[test]
fn several_numbers_become_nested_deletions() {
    check_cloze(&[cloze(&[1, 2], &[t("x")])], "{{c1::{{c2::x}}}}");
    let mut both = hinted(1, &[t("x")], "h");
    if let Inline::Cloze(cloze) = &mut both {
        cloze.numbers.push(3);
    }
    check_cloze(&[both], "{{c1::{{c3::x::h}}::h}}");
}

#[test]
fn nothing_inside_a_deletion_closes_it_or_begins_a_hint() {
    check_cloze(&[cloze(&[1], &[t("a::b}}c")])], "{{c1::a:&#58;b}&#125;c}}");
    check_cloze(&[cloze(&[1], &[t("}")])], "{{c1::&#125;}}");
    check_cloze(&[cloze(&[1], &[t("a:")])], "{{c1::a:}}");
    check_cloze(&[hinted(1, &[t("a:")], "h")], "{{c1::a&#58;::h}}");
    check_cloze(&[hinted(1, &[t("a")], "::h}}")], "{{c1::a::&#58;:h}&#125;}}");
    check_cloze(&[hinted(1, &[t("a")], "")], "{{c1::a}}");
    check_cloze(&[cloze(&[1], &[t("}"), t("}")])], "{{c1::}&#125;}}");
    check_cloze(&[cloze(&[1], &[code("f(){ {} }}")])], "{{c1::<code>f(){ {} }&#125;</code>}}");
    check_cloze(&[cloze(&[1], &[html("<i a=\"}}::\">")])], "{{c1::<i a=\"}&#125;:&#58;\">}}");
    check_cloze(
        &[cloze(&[1], &[link("https://a.example/::}}", &[t("x")])])],
        "{{c1::<a href=\"https://a.example/:&#58;}&#125;\">x</a>}}",
    );
    check_cloze(&[cloze(&[1], &[cloze(&[2], &[t("x")]), t("}y")])], "{{c1::{{c2::x}}&#125;y}}");
}

#[test]
fn math_is_one_line_and_safe_in_deletions() {
    check_line(&[math("a<b\n  &c % why\n+d")], "\\(a&lt;b &amp;c +d\\)");
    check_line(&[Inline::Math { tex: "x".into(), display: true }], "\\[x\\]");
    check_line(&[math("  ")], "");
    check(&[Block::Math { tex: "\\sum_{i}\n x".into() }], "\\[\\sum_{i} x\\]");
    check_line(&[math("\\frac{a}{{b}}")], "\\(\\frac{a}{ {b}}\\)");
    check_cloze(&[cloze(&[1], &[math("\\frac{a}{{b}}::c")])], "{{c1::\\(\\frac{a}{ {b} }: :c\\)}}");
}

#[test]
fn lists_are_bare_when_tight() {
    check(
        &[bullets(&[
            item(&[Block::text("a")]),
            item(&[Block::text("b"), bullets(&[item(&[Block::text("c")])])]),
        ])],
        "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>",
    );
    let loose = Block::List { start: Some(3), tight: false, items: vec![item(&[Block::text("a")])] };
    check(&[loose], "<ol start=\"3\"><li><p>a</p></li></ol>");
    let first = Block::List { start: Some(1), tight: true, items: vec![item(&[Block::text("a")])] };
    check(&[first], "<ol><li>a</li></ol>");
    check(&[bullets(&[task(true, "a"), task(false, "b")])], "<ul><li>☑ a</li><li>☐ b</li></ul>");
}

#[test]
fn tables_keep_their_alignment() {
    check(
        &[table(&[Alignment::None, Alignment::Right], &[&["a", "b"], &["1", "2"]])],
        "<table><thead><tr><th>a</th><th style=\"text-align:right\">b</th></tr></thead>\
         <tbody><tr><td>1</td><td style=\"text-align:right\">2</td></tr></tbody></table>",
    );
    let headless =
        Table { alignments: vec![Alignment::Center], header: vec![vec![]], rows: vec![vec![vec![t("1")]]] };
    let headless = Block::Table(Box::new(headless));
    check(&[headless], "<table><tbody><tr><td style=\"text-align:center\">1</td></tr></tbody></table>");
}

#[test]
fn quotes_alerts_and_definitions_have_their_elements() {
    check(&[Block::Quote { alert: None, content: vec![Block::text("a")] }], "<blockquote>a</blockquote>");
    check(
        &[Block::Quote { alert: Some(Alert::Tip), content: vec![Block::text("a")] }],
        "<div class=\"alert alert-tip\"><p class=\"alert-title\">Tip</p><p>a</p></div>",
    );
    let definition = Definition { term: vec![t("a")], definitions: vec![vec![Block::text("b")]] };
    check(&[Block::DefinitionList { items: vec![definition] }], "<dl><dt>a</dt><dd>b</dd></dl>");
}

#[test]
fn footnotes_are_numbered_by_their_references_and_stand_at_the_end() {
    let note =
        |label: &str, content: &[Inline]| Block::Footnote { label: label.into(), content: vec![p(content)] };
    let reference = |label: &str| Inline::FootnoteReference { label: label.into() };
    check(
        &[
            p(&[t("a"), reference("x"), t("b"), reference("y"), reference("x")]),
            note("z", &[t("Z")]),
            note("y", &[t("Y")]),
            note("x", &[t("X"), reference("w")]),
            note("w", &[t("W")]),
        ],
        "<p>a<sup class=\"footnote\">1</sup>b<sup class=\"footnote\">2</sup><sup class=\"footnote\">1</sup></p>\
         <ol class=\"footnotes\"><li>X<sup class=\"footnote\">3</sup></li><li>Y</li><li>W</li><li>Z</li></ol>",
    );
    check_line(&[t("a"), reference("n<")], "a<sup class=\"footnote\">n&lt;</sup>");
}

#[test]
fn media_play_or_say_what_is_missing() {
    check_line(&[file(0, MediaKind::Image, "")], "<img src=\"map-1f.png\">");
    check_line(&[file(1, MediaKind::Audio, "hello")], "[sound:a-2e.mp3]");
    check_line(&[file(7, MediaKind::Image, "a map")], "<span class=\"missing-media\">a map</span>");
    check_line(
        &[medium(MediaRef::Missing("x<y.png".into()), MediaKind::Image, "")],
        "<span class=\"missing-media\">[x&lt;y.png]</span>",
    );
    check_line(
        &[medium(MediaRef::Address("https://a.example/b.png".into()), MediaKind::Image, "b")],
        "<img src=\"https://a.example/b.png\" alt=\"b\">",
    );
    check_line(
        &[medium(MediaRef::Address("https://a.example/b.mp3".into()), MediaKind::Audio, "")],
        "<a href=\"https://a.example/b.mp3\">https://a.example/b.mp3</a>",
    );
    check_line(
        &[medium(MediaRef::Address("javascript:x".into()), MediaKind::Image, "")],
        "<span class=\"missing-media\">[javascript:x]</span>",
    );
    let sized = Inline::Media(Box::new(Embed {
        media: MediaRef::File(deckc::model::MediaId(0)),
        kind: MediaKind::Image,
        alt: "m".into(),
        title: Some("T".into()),
        width: Some(300),
    }));
    check_line(&[sized], "<img src=\"map-1f.png\" alt=\"m\" title=\"T\" width=\"300\">");
}

#[test]
fn text_that_looks_like_a_sound_or_latex_in_code_does_nothing() {
    check_line(
        &[t("[sound:--script=x.lua] [anki:play:q:0] [a]")],
        "&#91;sound:--script=x.lua] &#91;anki:play:q:0] [a]",
    );
    check_line(&[code("[latex]x[/latex] [$]y[/$]")], "<code>&#91;latex]x[/latex] &#91;$]y[/$]</code>");
    check_line(&[t("[latex]x[/latex]")], "[latex]x[/latex]");
    check_line(&[math("[sound:x] [a]")], "\\([ sound:x] [a]\\)");
}

#[test]
fn links_with_a_dangerous_address_are_text() {
    check_line(&[link("JaVaScRiPt:alert(1)", &[t("x")])], "x");
    check_line(&[link("java&#10;script:alert(1)", &[t("x")])], "x");
    check_line(&[link("notes.md", &[em(&[t("x")])])], "<em>x</em>");
}

#[test]
fn raw_html_is_kept() {
    check(
        &[Block::Html { html: "<div onclick=\"x\">\n a\u{1}</div>".into() }],
        "<div onclick=\"x\">\n a</div>",
    );
    check_cloze(&[html("<b>{{c1::a::b}}</b>")], "<b>{{c1::a::b}}</b>");
}

#[test]
fn deep_nesting_does_not_overflow() {
    let mut block = Block::text("x");
    for _ in 0..100 {
        block = Block::Quote { alert: None, content: vec![block] };
    }
    let html = field(&[block], &[], FieldKind::Plain);
    assert_eq!(html, format!("{}x{}", "<blockquote>".repeat(100), "</blockquote>".repeat(100)));
}

#[test]
fn tens_of_thousands_of_footnotes_take_no_longer_each() {
    let count = 50_000;
    let references: Vec<Inline> =
        (0..count).map(|n| Inline::FootnoteReference { label: (count - n).to_string() }).collect();
    let mut blocks = vec![p(&references)];
    let footnote =
        |n: usize| Block::Footnote { label: (n + 1).to_string().into(), content: vec![Block::text("x")] };
    blocks.extend((0..count).map(footnote));
    let html = field(&blocks, &[], FieldKind::Plain);
    assert!(html.ends_with("<li>x</li></ol>"));
    assert!(html.contains(&format!("<sup class=\"footnote\">{count}</sup></p>")));
}
