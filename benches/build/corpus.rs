//! The corpus: notes as people write them, the same on every machine.
//!
//! A file has front matter, a title, and sections of 5 to 20 notes of one form: heading cards, `Q:`/`A:`, clozes or definition lists.
//! Every third note is rich: math, code, a list or several deletions. No code block, formula or sentence is a copy of another, so
//! that no cache makes the figures better than a real deck would.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

/// Into how many files the notes are divided.
pub const FILES: usize = 200;

/// Writes `notes` notes below `folder` and returns how many bytes that are.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path, notes: usize) -> io::Result<usize> {
    let mut size = 0;
    for file in 0..FILES {
        let text = one_file(file, notes / FILES + usize::from(file < notes % FILES));
        let folder = folder.join(format!("topic-{:02}", file % 20));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("chapter-{file:03}.md")), &text)?;
        size += text.len();
    }
    Ok(size)
}

fn one_file(file: usize, notes: usize) -> String {
    let mut writer = Writer { random: Random::new(file as u64), text: String::with_capacity(notes * 400) };
    let title = writer.words(2, 4);
    let _ = write!(
        writer.text,
        "---\ndeck: Bench::Topic {:02}::{title}\ntags: [bench, t{}]\n---\n\n# {title}\n\n",
        file % 20,
        file % 7
    );
    writer.sentences(2);
    writer.text.push_str("\n\n");
    let mut left = notes;
    while left > 0 {
        let count = left.min(5 + writer.random.below(16));
        left -= count;
        writer.section(count);
    }
    writer.text
}

/// Writes one file.
struct Writer {
    random: Random,
    text: String,
}

impl Writer {
    fn section(&mut self, notes: usize) {
        let form = self.random.below(100);
        let name = self.words(2, 5);
        if form < 30 {
            let _ = write!(self.text, "# {name}\n\n");
        } else {
            let tag = ["", " {.exam}", " {.chapter .exam}"][self.random.below(3)];
            let _ = write!(self.text, "## {name}{tag}\n\n");
        }
        for _ in 0..notes {
            match form {
                0..30 => {
                    let question = self.words(5, 12);
                    let _ = write!(self.text, "## {question}?\n\n");
                    self.answer();
                }
                30..65 => {
                    let question = self.words(5, 14);
                    let _ = write!(self.text, "Q: {question}?\n\nA: ");
                    self.answer();
                    if self.random.below(20) == 0 {
                        self.text.push_str("Hint: ");
                        self.sentences(1);
                        self.text.push_str("\n\n");
                    }
                }
                65..85 => self.cloze(),
                _ => self.definition(),
            }
        }
    }

    /// Writes one to four sentences, and for every third note something more.
    fn answer(&mut self) {
        let sentences = 1 + self.random.below(4);
        self.sentences(sentences);
        self.text.push_str("\n\n");
        if self.random.below(3) > 0 {
            return;
        }
        match self.random.below(3) {
            0 => {
                let (a, b, n) = (self.word(), self.word(), self.random.below(97));
                let _ = write!(
                    self.text,
                    "For $\\text{{{a}}}_{n} < {b}^2$ it follows that\n\n$$\n\\sum_{{i=1}}^{{{n}}} \\frac{{x_i}}{{{b}}} = \\int_0^{n} f(x)\\,dx\n$$\n\n"
                );
            }
            1 => self.code(),
            _ => {
                for _ in 0..2 + self.random.below(4) {
                    let (strong, words) = (self.word(), self.words(3, 9));
                    let _ = writeln!(self.text, "- **{strong}** {words}");
                }
                self.text.push('\n');
            }
        }
    }

    fn cloze(&mut self) {
        let deletions = if self.random.below(3) == 0 { 2 + self.random.below(3) } else { 1 };
        let start = self.words(3, 7);
        self.text.push_str(&start);
        for number in 1..=deletions {
            let (hidden, more) = (self.words(1, 3), self.words(2, 7));
            let hint = if self.random.below(8) == 0 { "::a hint" } else { "" };
            let _ = write!(self.text, " {{{{c{number}::{hidden}{hint}}}}} {more}");
        }
        self.text.push_str(".\n\n");
    }

    fn definition(&mut self) {
        let (term, definition) = (self.words(2, 4), self.words(6, 20));
        let more = if self.random.below(3) == 0 {
            let (a, b) = (self.word(), self.word());
            format!(", with ${a}_{{{b}}}$ and `{b}.{a}()`")
        } else {
            String::new()
        };
        let _ = write!(self.text, "{term}\n: {definition}{more}.\n\n");
    }

    /// Writes a block of four to eight lines in one of eight languages.
    #[expect(clippy::many_single_char_names, reason = "they stand in short templates of code")]
    fn code(&mut self) {
        let (a, b, c, d) = (self.word(), self.word(), self.word(), self.word());
        let (n, m) = (self.random.below(1000), self.random.below(1000));
        let (language, code) = match self.random.below(8) {
            0 => (
                "rust",
                format!(
                    "fn {a}({b}: &str) -> Option<usize> {{\n    // The {c} is {d}.\n    let {c} = {b}.find(\"{d}\")?;\n    Some({c} * {n} + {m})\n}}"
                ),
            ),
            1 => (
                "python",
                format!(
                    "def {a}({b}, {c}={n}):\n    \"\"\"Return the {d}.\"\"\"\n    for i in range({c}):\n        if {b}[i] == '{d}':\n            return i + {m}\n    return None"
                ),
            ),
            2 => (
                "bash",
                format!(
                    "#!/bin/bash\nfor {a} in *.{b}; do\n  grep -n \"{c}\" \"${a}\" | head -{n} # {d}\ndone\nexit {m}"
                ),
            ),
            3 => (
                "sql",
                format!(
                    "SELECT {a}, COUNT(*) AS {b}\nFROM {c} JOIN {d} ON {c}.id = {d}.{a}\nWHERE {b} > {n} AND {a} <> 'x{m}'\nGROUP BY {a};"
                ),
            ),
            4 => (
                "javascript",
                format!(
                    "const {a} = async ({b}) => {{\n  const {c} = await fetch(`/{d}/${{{b}}}`);\n  if ({c}.status !== {n}) throw new Error('{d}');\n  return {c}.json(); // {m}\n}};"
                ),
            ),
            5 => (
                "json",
                format!(
                    "{{\n  \"{a}\": [{n}, {m}],\n  \"{b}\": {{ \"{c}\": \"{d}\", \"on\": true }},\n  \"none\": null\n}}"
                ),
            ),
            6 => (
                "c",
                format!(
                    "#include <stdio.h>\nstatic int {a}(const char *{b}, int {c}) {{\n    /* {d} */\n    while (*{b}++ && {c} < {n}) {c} += {m};\n    return printf(\"%d\\n\", {c});\n}}"
                ),
            ),
            _ => (
                "yaml",
                format!("{a}:\n  {b}: {n}\n  {c}: \"{d}\"\n  items:\n    - name: {d}\n      port: {m}"),
            ),
        };
        let _ = write!(self.text, "```{language}\n{code}\n```\n\n");
    }

    /// Writes sentences, with a strong word, a code word or a link here and there.
    fn sentences(&mut self, count: usize) {
        for sentence in 0..count {
            if sentence > 0 {
                // Sentences stand on lines of their own now and then, as editors wrap them.
                self.text.push(if self.random.below(3) == 0 { '\n' } else { ' ' });
            }
            let start = self.words(4, 10);
            self.text.push_str(&start);
            let special = self.word();
            let link = self.random.below(4) == 0;
            let special = match self.random.below(12) {
                0 => format!(" **{special}**"),
                1 => format!(" `{special}`"),
                2 => format!(" *{special}*"),
                3 if link => format!(" [{special}](https://example.org/{special})"),
                _ => String::new(),
            };
            self.text.push_str(&special);
            let end = self.words(2, 8);
            let _ = write!(self.text, ", {end}.");
        }
    }

    /// Returns words, the first with a capital, so that none begins with a label or a list's mark.
    fn words(&mut self, least: usize, most: usize) -> String {
        let mut text = String::new();
        for index in 0..least + self.random.below(most - least + 1) {
            let word = self.word();
            if index == 0 {
                text.push_str(&word[..1].to_uppercase());
                text.push_str(&word[1..]);
            } else {
                text.push(' ');
                text.push_str(&word);
            }
        }
        text
    }

    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 24] = [
            "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va",
            "we", "xi", "yo", "zu", "en", "ar", "ol", "is",
        ];
        // Of 8,000 words some are far more frequent, as in real text.
        let rank = self.random.below(8000) * self.random.below(8000) / 8000;
        let mut rest = rank.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8;
        let mut word = String::new();
        for _ in 0..2 + rank % 3 {
            word.push_str(SYLLABLES[rest % SYLLABLES.len()]);
            rest /= SYLLABLES.len();
        }
        word
    }
}

/// The numbers of Marsaglia's xorshift: the same words on every machine.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Random((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The low bits of xorshift are the weak ones.
        usize::try_from((self.0 >> 16) % limit as u64).expect("it is below a usize")
    }
}
