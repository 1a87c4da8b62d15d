//! What changed in a field, word by word.

use std::borrow::Cow;

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A change of more words than this is shown as a whole: comparing takes quadratic time at worst.
const MOST_WORDS: usize = 8_000;
/// Fields of more bytes than this together are compared as a whole.
const MOST_BYTES: usize = 1 << 20;
/// How many characters of a changed text are shown.
const SHOWN: usize = 600;
/// How many characters of unchanged text are shown on each side of a change.
const AROUND: usize = 40;
/// How many pairs of words are compared at most in all fields of a difference; after that changes are shown as a whole.
const MOST_PAIRS: usize = 2_000_000_000;
/// The longest tag, in bytes; what goes on beyond is text.
const LONGEST_TAG: usize = 4_096;
/// The longest entity, in bytes.
const LONGEST_ENTITY: usize = 12;

/// Is a stretch of text that is the same on both sides, or another on each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hunk {
    /// The old text.
    pub old: String,
    /// The new text.
    pub new: String,
}

impl Hunk {
    /// Returns whether both sides are the same.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.old == self.new
    }
}

/// Is how much work a difference may still be.
#[derive(Debug)]
pub(super) struct Effort {
    pairs: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Effort { pairs: MOST_PAIRS }
    }
}

impl Effort {
    /// Takes the work for a change of so many words, if there is so much left.
    fn take(&mut self, words: usize) -> bool {
        let left = self.pairs.checked_sub(words * words).filter(|_| words <= MOST_WORDS);
        self.pairs = left.unwrap_or(self.pairs);
        left.is_some()
    }
}

/// Returns changed text, cut where it is long.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
    }
}

/// Returns the text of a field of HTML; where a block begins or ends stands a space.
pub(super) fn text(html: &str) -> String {
    shown(&words(html))
}

/// Compares two fields of HTML.
pub(super) fn hunks(old: &str, new: &str, effort: &mut Effort) -> Vec<Hunk> {
    if old.len() + new.len() > MOST_BYTES {
        return vec![Hunk { old: old.to_owned(), new: new.to_owned() }];
    }
    let (old, new) = (words(old), words(new));
    let shorter = old.len().min(new.len());
    let front = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let back = old.iter().rev().zip(new.iter().rev()).take(shorter - front);
    let back = back.take_while(|(old, new)| old == new).count();
    let (end, new_end) = (old.len() - back, new.len() - back);
    let mut hunks: Vec<Hunk> = Vec::new();
    if !effort.take(old.len() + new.len() - 2 * (front + back)) {
        same(&mut hunks, &old[..front]);
        change(&mut hunks, &old[front..end], &new[front..new_end]);
        same(&mut hunks, &old[end..]);
        return hunks;
    }
    for operation in capture_diff_slices(Algorithm::Myers, &old, &new) {
        match operation {
            DiffOp::Equal { old_index, len, .. } => same(&mut hunks, &old[old_index..old_index + len]),
            DiffOp::Delete { old_index, old_len, .. } => {
                change(&mut hunks, &old[old_index..old_index + old_len], &[]);
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                change(&mut hunks, &[], &new[new_index..new_index + new_len]);
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                change(
                    &mut hunks,
                    &old[old_index..old_index + old_len],
                    &new[new_index..new_index + new_len],
                );
            }
        }
    }
    hunks.retain(|hunk| !(hunk.old.is_empty() && hunk.new.is_empty()));
    hunks
}

/// Returns the unchanged text at `index` with its middle left out, or the end that is far from any change.
pub(super) fn around(hunks: &[Hunk], index: usize) -> String {
    let text = &hunks[index].old;
    let count = text.chars().count();
    let head = if index > 0 { AROUND } else { 0 };
    let tail = if index + 1 < hunks.len() { AROUND } else { 0 };
    if count <= head + tail + 1 {
        return text.clone();
    }
    let first: String = text.chars().take(head).collect();
    let last: String = text.chars().skip(count - tail).collect();
    format!("{first}…{last}")
}

fn same(hunks: &mut Vec<Hunk>, words: &[&str]) {
    let text = shown(words);
    // A space between two changed words belongs to the change, or every word is one of its own.
    let joins = words.iter().all(|word| word.trim().is_empty());
    match hunks.last_mut() {
        Some(last) if joins && !last.is_same() => {
            last.old.push_str(&text);
            last.new.push_str(&text);
        }
        _ => hunks.push(Hunk { old: text.clone(), new: text }),
    }
}

fn change(hunks: &mut Vec<Hunk>, old: &[&str], new: &[&str]) {
    let (old, new) = (changed(old), changed(new));
    match hunks.last_mut() {
        Some(last) if !last.is_same() => {
            last.old.push_str(&old);
            last.new.push_str(&new);
        }
        _ => hunks.push(Hunk { old, new }),
    }
}

/// Divides HTML into tags, words, spaces and single other characters.
fn words(html: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = html;
    // No tag is closed before this many bytes are left.
    let mut open = usize::MAX;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '<' if rest.len() > open => 1,
            '<' => match closed(rest, b'>', LONGEST_TAG) {
                1 => {
                    open = rest.len().saturating_sub(LONGEST_TAG);
                    1
                }
                length => length,
            },
            '&' => closed(rest, b';', LONGEST_ENTITY),
            c if c.is_whitespace() => run(rest, char::is_whitespace),
            c if c.is_alphanumeric() => run(rest, char::is_alphanumeric),
            c => c.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        words.push(word);
        rest = after;
    }
    words
}

/// Returns the length of what ends with `end` within `most` bytes; 1 where nothing does.
fn closed(text: &str, end: u8, most: usize) -> usize {
    text.bytes().take(most).position(|byte| byte == end).map_or(1, |end| end + 1)
}

fn run(text: &str, of: fn(char) -> bool) -> usize {
    text.find(|c| !of(c)).unwrap_or(text.len())
}

/// Returns words that did not change as text: of tags only the line breaks are left.
fn shown(words: &[&str]) -> String {
    words.iter().map(|word| if is_tag(word) { space(word).to_owned() } else { decoded(word) }).collect()
}

/// Returns words that changed as text, with their tags: a tag may be all that changed.
fn changed(words: &[&str]) -> String {
    words.iter().map(|word| if is_tag(word) { (*word).to_owned() } else { decoded(word) }).collect()
}

fn is_tag(word: &str) -> bool {
    word.starts_with('<') && word.len() > 1
}

/// What a tag stands for in running text.
fn space(tag: &str) -> &'static str {
    let name = tag.trim_start_matches(['<', '/']);
    let breaks =
        ["br", "p", "div", "li", "tr", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "td", "th"];
    let name = &name[..run(name, char::is_alphanumeric)];
    if breaks.iter().any(|known| name.eq_ignore_ascii_case(known)) { " " } else { "" }
}

fn decoded(word: &str) -> String {
    htmlescape::decode_html(word).unwrap_or_else(|_| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Effort, MOST_BYTES, MOST_WORDS, hunks};

    fn check(old: &str, new: &str, expected: &str) {
        let shown: String = hunks(old, new, &mut Effort::default())
            .iter()
            .map(
                |hunk| {
                    if hunk.is_same() { hunk.old.clone() } else { format!("[{}|{}]", hunk.old, hunk.new) }
                },
            )
            .collect();
        assert_eq!(shown, expected, "{old} → {new}");
    }

    #[test]
    fn one_word_changes_alone() {
        check("Oslo is a town.", "Oslo is a city.", "Oslo is a [town|city].");
    }

    #[test]
    fn words_that_change_side_by_side_are_one_change() {
        check("a red house", "a blue tree", "a [red house|blue tree]");
    }

    #[test]
    fn tags_are_shown_only_where_they_differ() {
        check("<p>a <b>b</b></p>", "<p>a <i>b</i></p>", " a [<b>|<i>]b[</b>|</i>] ");
    }

    #[test]
    fn entities_are_read() {
        check("a &lt; b", "a &gt; b", "a [<|>] b");
    }

    #[test]
    fn an_open_bracket_and_a_lone_ampersand_are_text() {
        check("a < b & c", "a < b & d", "a < b & [c|d]");
    }

    #[test]
    fn what_is_added_to_nothing_is_new() {
        check("", "x", "[|x]");
    }

    #[test]
    fn too_large_a_change_is_shown_as_a_whole() {
        let many = |word: &str| format!("same {} end", format!("{word} ").repeat(MOST_WORDS));
        let found = hunks(&many("a"), &many("b"), &mut Effort::default());
        assert_eq!(found.len(), 3);
        let mut spent = Effort { pairs: 0 };
        assert_eq!(hunks("a b c d e", "a x c y e", &mut spent).len(), 3);
    }

    #[test]
    fn brackets_that_are_never_closed_cost_little() {
        let old = "<".repeat(MOST_BYTES / 2 - 1);
        assert_eq!(hunks(&old, &format!("{old}x"), &mut Effort::default()).len(), 2);
    }
}
