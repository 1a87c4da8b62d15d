//! Inline content: math, media, links, raw HTML, and how deep it may nest.

use super::show::check;

#[track_caller]
fn answer(text: &str, expected: &str) {
    check(
        &format!("Q: q\nA: {text}"),
        &format!("basic Default 1-{}\n Front: q\n Back: {expected}\n", 1 + text.lines().count()),
    );
}

#[test]
fn dollars_follow_pandocs_rule() {
    answer("$5 and $6, $x_1$, $y $, a$b$c, $1$2", "$5 and $6, $x_1$, $y $, a$b$c, $1$2");
    answer("it is $a$", "it is $a$");
    answer("$$\n\\frac{a}{b}\n$$", "math(\\frac{a}{b})");
    answer("so $$a$$ is", "so $$a$$ is");
}

#[test]
fn brackets_behind_backslashes_are_math() {
    answer("\\(a_1 * b * c\\) and \\[x\\]", "$a_1 * b * c$ and $$x$$");
    answer("*it \\(y* z\\)* k", "*it $y* z$** k");
    answer("\\[\n\\frac{a}{b} \\\\\nc\n\\]", "math(\\frac{a}{b} \\\\⏎c)");
    answer("[$]x^2[/$] [$$]y[/$$]", "$x^2$ $$y$$");
    answer("`\\(code\\)` \\(open", "`\\(code\\)` (open");
    answer("\\\\(no\\\\)", "\\(no\\)");
}

#[test]
fn images_sounds_and_videos_are_media() {
    answer(
        "![a *b*](<x y.png> \"t\") ![[i.png|300]] ![[d/a.mp3]]",
        "<Image x y.png alt=a b title=t> <Image i.png width=300> <Audio d/a.mp3>",
    );
    answer("[sound:a_b.mp3][sound:v.mp4] [sound:]", "<Audio a_b.mp3><Video v.mp4> [sound:]");
    answer(
        "<img src=\"a b.png\" alt='x' width=20> <audio src=b.mp3></audio> <video src='v.mp4' controls></video>",
        "<Image a b.png alt=x width=20> <Audio b.mp3> <Video v.mp4>",
    );
    answer("\n<div>\n<img src=\"a.png\">\n</div>", "{<div>}<Image a.png>{</div>}");
}

#[test]
fn wiki_links_are_their_text() {
    answer("[[Page]] [[a/b|text *x*]] ![[n.png|the alt]]", "Page text *x* <Image n.png alt=the alt>");
}

#[test]
fn links_breaks_and_raw_html_are_kept() {
    answer(
        "[a](b::c \"t\") <https://x.y> <m@x.y> a<br>b\\\nc <b>d</b>",
        "[a](b::c \"t\") [https://x.y](https://x.y) [m@x.y](mailto:m@x.y) a↵b↵c {<b>}d{</b>}",
    );
    answer("~~a~~ **b** *c* &amp; \\*d\\*", "~~a~~ **b** *c* & *d*");
    answer(
        "> [!WARNING]\n> b\n\n- [x] c\n- [ ] d\n\n1. e\n\n2. f",
        "Warning>(b) ¶ -[[x] c; [ ] d] ¶ 1.loose[e; f]",
    );
}

#[test]
fn nesting_over_a_hundred_levels_is_flattened_and_reported() {
    for text in
        ["> ".repeat(5000) + "x", "- ".repeat(5000) + "x", "*a _b ".repeat(5000) + "x" + &"_ *".repeat(5000)]
    {
        let found = super::show::show(
            &crate::reader::Settings::default(),
            &format!("Q: q\nA:\n{text}"),
            super::show::Sources::Hidden,
        );
        assert!(found.contains("\nD020 3:"), "{}", &found[found.len() - 200..]);
        assert_eq!(found.matches("D020").count(), 1);
    }
}
