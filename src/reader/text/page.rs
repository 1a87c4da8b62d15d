//! A text file as lines, and what a line looks like.

use std::ops::Range;

use crate::source::{SourceFile, Spanned, lines};

/// Is a line of a page, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// The text, trimmed and without an id behind it; empty on a blank line.
    pub(super) range: Range<usize>,
    /// How far it is indented, in columns.
    pub(super) indent: usize,
}

/// Is a line of a page.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its text.
    pub(super) text: Stretch,
    /// The line from its first to its last visible byte, id and all.
    pub(super) whole: Range<usize>,
    /// The id in an `<!-- id: x -->` at its end.
    pub(super) id: Option<Spanned<String>>,
}

/// Is a file as lines.
pub(super) struct Page<'a> {
    /// The file.
    pub(super) file: &'a SourceFile,
    /// Its lines.
    pub(super) lines: Vec<Line>,
}

impl<'a> Page<'a> {
    /// Splits the text of `file` from byte `body` on.
    pub(super) fn new(file: &'a SourceFile, body: usize) -> Self {
        let body = if file.text.is_char_boundary(body) { body.max(file.start()) } else { file.start() };
        let lines = lines(&file.text, body).map(|range| Line::new(file, range)).collect();
        Self { file, lines }
    }

    /// Returns the text of a line.
    pub(super) fn text(&self, line: usize) -> &'a str {
        &self.file.text[self.lines[line].text.range.clone()]
    }

    /// Returns the text of a stretch.
    pub(super) fn of(&self, stretch: &Stretch) -> &'a str {
        &self.file.text[stretch.range.clone()]
    }

    /// Returns whether nothing can be seen on the line.
    pub(super) fn is_blank(&self, line: usize) -> bool {
        self.lines[line].whole.is_empty()
    }

    /// Returns whether the line holds an id and nothing else.
    pub(super) fn is_directive(&self, line: usize) -> bool {
        self.lines[line].id.is_some() && self.lines[line].text.range.is_empty()
    }

    /// Returns the line's text as a stretch.
    pub(super) fn stretch(&self, line: usize) -> Stretch {
        self.lines[line].text.clone()
    }

    /// Returns the stretches of some lines, without blank ones at either end and without lines that only hold an id.
    pub(super) fn side(&self, lines: Range<usize>) -> Vec<Stretch> {
        let mut side: Vec<Stretch> =
            lines.filter(|line| !self.is_directive(*line)).map(|line| self.stretch(line)).collect();
        trim(&mut side);
        side
    }

    /// Returns the bytes of some lines, without blank ones at either end.
    pub(super) fn bytes(&self, lines: Range<usize>) -> Range<usize> {
        let mut seen = self.lines[lines].iter().filter(|line| !line.whole.is_empty());
        let first = seen.next().map_or(0..0, |line| line.whole.clone());
        let end = seen.next_back().map_or(first.end, |line| line.whole.end);
        first.start..end
    }

    /// Returns the runs of lines without a blank one between them.
    pub(super) fn blocks(&self, lines: Range<usize>) -> Vec<Range<usize>> {
        let mut blocks: Vec<Range<usize>> = Vec::new();
        for line in lines.filter(|line| !self.is_blank(*line)) {
            match blocks.last_mut() {
                Some(block) if block.end == line => block.end += 1,
                Some(_) | None => blocks.push(line..line + 1),
            }
        }
        blocks
    }
}

impl Line {
    fn new(file: &SourceFile, range: Range<usize>) -> Self {
        let whole = trimmed(&file.text, range.clone());
        let indent = file.text[range.start..whole.start].chars().fold(0, |column, c| match c {
            '\t' => column / 4 * 4 + 4,
            _ => column + 1,
        });
        let text = file.text[whole.clone()].strip_suffix("-->").and_then(|text| {
            let open = text.rfind("<!--")?;
            let inner = &text[open + 4..];
            let id = inner.trim().strip_prefix("id:")?.trim();
            if id.is_empty() {
                return None;
            }
            let start = whole.start + open + 4 + inner.find(id)?;
            let id = Spanned::new(id.to_owned(), file.span(start..start + id.len()));
            Some((trimmed(&file.text, whole.start..whole.start + open), id))
        });
        match text {
            Some((range, id)) => Self { text: Stretch { range, indent }, whole, id: Some(id) },
            None => Self { text: Stretch { range: whole.clone(), indent }, whole, id: None },
        }
    }
}

/// Removes blank stretches at either end.
pub(super) fn trim(side: &mut Vec<Stretch>) {
    while side.last().is_some_and(|stretch| stretch.range.is_empty()) {
        side.pop();
    }
    let blank = side.iter().take_while(|stretch| stretch.range.is_empty()).count();
    side.drain(..blank);
}

/// Returns the range without white space at either end.
pub(super) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = &text[range.clone()];
    let start = range.start + (inside.len() - inside.trim_start().len());
    start..start + inside.trim().len()
}

/// Returns the length of the list marker that `text` begins with, its spaces included, and the number of an ordered one.
pub(super) fn marker(text: &str) -> Option<(usize, Option<u64>)> {
    let first = text.chars().next()?;
    let (length, number) = match first {
        '-' | '*' => (1, None),
        '•' | '◦' | '▪' | '‣' | '●' => (first.len_utf8(), None),
        '0'..='9' => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            if digits > 9 || !matches!(text.as_bytes().get(digits), Some(b'.' | b')')) {
                return None;
            }
            (digits + 1, text[..digits].parse().ok())
        }
        _ => return None,
    };
    let rest = &text[length..];
    let content = rest.trim_start();
    let spaced = content.len() < rest.len() || !first.is_ascii();
    (spaced && !content.is_empty()).then(|| (text.len() - content.len(), number))
}

/// Returns whether the line is a heading as Markdown writes them (`# Title`), and its text.
pub(super) fn heading(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches('#');
    let level = text.len() - rest.len();
    let title = rest.trim().trim_end_matches('#').trim_end();
    ((1..=6).contains(&level) && rest.starts_with([' ', '\t']) && !title.is_empty()).then_some(title)
}

/// Returns whether the line is nothing but a rule, such as `---`, `***` or `* * *`.
pub(super) fn is_rule(text: &str) -> bool {
    let mut seen = text.chars().filter(|c| *c != ' ');
    let Some(first) = seen.next() else { return false };
    "-*=_~".contains(first) && seen.clone().all(|c| c == first) && seen.count() >= 2
}

/// Returns whether the line is what Quizlet's pages say above their cards: `Terms in this set (8)`.
pub(super) fn is_quizlet_count(text: &str) -> bool {
    const WORDS: [&str; 8] = [
        "terms in this set",
        "begriffe in diesem set",
        "termes de cet ensemble",
        "términos en este conjunto",
        "términos de este conjunto",
        "termini in questo set",
        "termos neste conjunto",
        "termen in deze set",
    ];
    let counted = text.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    counted.is_some_and(|(words, count)| {
        !count.is_empty()
            && count.bytes().all(|byte| byte.is_ascii_digit())
            && WORDS.contains(&words.trim().to_lowercase().as_str())
    })
}

/// Returns whether the line ends as a sentence or a phrase does that goes no further.
pub(super) fn is_finished(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', ')', ']', '”', '’', '»', '*', '_'])
        .ends_with(['.', '?', '!', ':', ';', '…', '。', '？', '！', '：', '؟', '۔', '।'])
}

/// Returns whether `next` goes on with the sentence that `line` leaves unfinished: nothing ends it, and the next line
/// begins in lower case; or it breaks off at a word that needs another one.
pub(super) fn goes_on(line: &str, next: &str) -> bool {
    const LEADING: [&str; 26] = [
        "a", "an", "the", "of", "to", "and", "or", "with", "for", "in", "on", "by", "at", "from", "is",
        "are", "was", "were", "be", "as", "into", "their", "its", "your", "our", "that",
    ];
    if is_finished(line) || marker(next).is_some() {
        return false;
    }
    let last = line.rsplit(char::is_whitespace).next().unwrap_or(line);
    next.starts_with(char::is_lowercase) || (last.len() < line.len() && LEADING.contains(&last))
}

/// Returns the number of characters.
pub(super) fn length(text: &str) -> usize {
    text.chars().count()
}
