//! Front matter: YAML between `---` or TOML between `+++`, at the very top of a Markdown or text file.
//!
//! deckc reads a few keys of it and leaves the rest to other tools.

#[cfg(test)]
mod tests;
mod values;

use std::ops::Range;

use self::values::{Entry, Invalid, Value};
use super::{Settings, Tables, markdown};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::BuiltIn;
use crate::source::{SourceFile, Span, Spanned, lines};

/// The size that front matter may have, in bytes.
const MAX_SIZE: usize = 64 * 1024;

/// Holds what the front matter of a file says. Each value has its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontMatter {
    /// From the opening line to the closing one.
    pub span: Span,
    /// The offset where the body begins.
    pub body: usize,
    /// `deck`: the deck of the file's cards.
    pub deck: Option<Spanned<String>>,
    /// `description`: what Anki shows under the name of the file's deck.
    pub description: Option<Spanned<String>>,
    /// `tags`: for every card of the file, without `#`.
    pub tags: Option<Vec<Spanned<String>>>,
    /// `type`: the note type where a card says none. A value that is no note type is left to other tools.
    pub note_type: Option<Spanned<BuiltIn>>,
    /// `dialect`: the name as written.
    pub dialect: Option<Spanned<String>>,
    /// `card-level`: the level of headings that are cards, 1 to 6.
    pub card_level: Option<Spanned<u8>>,
    /// `table`: `cards` or `content`.
    pub tables: Option<Spanned<Tables>>,
    /// `source`: what the `Source` field of every card says.
    pub source: Option<Spanned<String>>,
}

impl FrontMatter {
    /// Puts what the front matter says over `settings`; tags add up.
    pub fn apply(&self, settings: &mut Settings) {
        settings.body = self.body;
        if let Some(deck) = &self.deck {
            settings.deck = Some(deck.value.clone());
        }
        if let Some(description) = &self.description {
            settings.description = Some(description.clone());
        }
        if let Some(tags) = &self.tags {
            settings.tags.extend(tags.iter().map(|tag| tag.value.clone()));
        }
        if let Some(note_type) = &self.note_type {
            settings.note_type = Some(note_type.value);
        }
        if let Some(level) = &self.card_level {
            settings.card_level = level.value;
        }
        if let Some(tables) = &self.tables {
            settings.tables = tables.value;
        }
        if let Some(source) = &self.source {
            settings.source = Some(source.value.clone());
        }
    }
}

const KEYS: [&str; 8] = ["deck", "description", "tags", "type", "dialect", "card-level", "table", "source"];

/// Keys of other tools that lie close to one of ours.
const FOREIGN: [&str; 12] = [
    "tag", "tabs", "tables", "sources", "types", "typed", "resource", "desk", "dock", "stable", "cable",
    "sourced",
];

/// Returns whether files of this kind may begin with front matter.
fn is_read_in(file: &SourceFile) -> bool {
    matches!(file.extension().as_str(), "" | "md" | "markdown" | "txt" | "text")
}

/// Returns where the body of `file` begins: behind its front matter, if it has one, and behind a byte order mark.
pub(super) fn body(file: &SourceFile) -> usize {
    find(file).map_or(file.start(), |found| found.body)
}

/// Returns the front matter of `file`, if it has one. Where it cannot be read that is reported, and the body below it is
/// still known.
#[must_use]
pub fn read(file: &SourceFile, diagnostics: &mut Diagnostics) -> Option<FrontMatter> {
    let found = find(file)?;
    let mut result = FrontMatter {
        span: file.span(file.start()..found.end),
        body: found.body,
        deck: None,
        description: None,
        tags: None,
        note_type: None,
        dialect: None,
        card_level: None,
        tables: None,
        source: None,
    };
    if !found.closed {
        let fence = found.syntax.fence();
        let diagnostic = Diagnostic::at(
            Code::FrontMatterUnclosed,
            file.span(found.opener.clone()),
            format!("front matter is never closed by a line `{fence}`"),
        );
        diagnostics
            .push(diagnostic.help(format!("write `{fence}` on a line of its own behind the last key")));
        return Some(result);
    }
    let base = found.content.start;
    let text = &file.text[found.content.clone()];
    let reader = Reader { file, base, end: found.content.end, diagnostics };
    if text.len() > MAX_SIZE {
        let message = format!("front matter of {} bytes; the limit is {MAX_SIZE}", text.len());
        reader.invalid(&Invalid { message, at: 0 });
        return Some(result);
    }
    // A bare CR ends a line here too; the copy has the same offsets.
    let feeds = bare_returns(text);
    let text = feeds.as_deref().unwrap_or(text);
    let entries = match found.syntax {
        Syntax::Yaml => values::yaml(text),
        Syntax::Toml => values::toml(text),
    };
    match entries {
        Ok(entries) => reader.entries(entries, &mut result),
        Err(invalid) => reader.invalid(&invalid),
    }
    Some(result)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Yaml,
    Toml,
}

impl Syntax {
    fn fence(self) -> &'static str {
        match self {
            Syntax::Yaml => "---",
            Syntax::Toml => "+++",
        }
    }

    fn closes(self, line: &str) -> bool {
        match self {
            Syntax::Yaml => matches!(line.trim_end(), "---" | "..."),
            Syntax::Toml => line.trim_end() == "+++",
        }
    }
}

/// Says where front matter stands.
struct Found {
    syntax: Syntax,
    opener: Range<usize>,
    content: Range<usize>,
    closed: bool,
    end: usize,
    body: usize,
}

/// Finds front matter: an opening line, a key below it, and a closing line. A first line `---` over prose or over cards is a
/// thematic break.
fn find(file: &SourceFile) -> Option<Found> {
    if !is_read_in(file) {
        return None;
    }
    let text = file.text.as_str();
    let mut all = lines(text, file.start()).peekable();
    let opener = all.next()?;
    let syntax = match text[opener.clone()].trim_end() {
        "---" => Syntax::Yaml,
        "+++" => Syntax::Toml,
        _ => return None,
    };
    let begin = all.peek().map_or(text.len(), |line| line.start);
    let mut keyed = false;
    let mut broken = None;
    while let Some(line) = all.next() {
        let source = &text[line.clone()];
        if syntax.closes(source) {
            let body = all.peek().map_or(text.len(), |next| next.start);
            return Some(Found {
                syntax,
                opener,
                content: begin..line.start,
                closed: true,
                end: line.end,
                body,
            });
        }
        let trimmed = source.trim();
        let card = is_label(source);
        if !keyed && !trimmed.is_empty() && !trimmed.starts_with('#') {
            if card || !looks_like_key(trimmed, syntax) {
                return None;
            }
            keyed = true;
        }
        if keyed && broken.is_none() && (trimmed.is_empty() || source.starts_with('#') || card) {
            broken = Some(line.start);
        }
        // Cards inside would be taken for keys and lost.
        if card {
            break;
        }
    }
    if !keyed {
        return None;
    }
    let body = broken.unwrap_or(text.len());
    let end = text[..body].trim_end().len();
    Some(Found { syntax, opener, content: begin..body, closed: false, end, body })
}

fn is_label(line: &str) -> bool {
    ["Q:", "QA:", "A:", "C:"].iter().any(|label| {
        line.strip_prefix(label).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    })
}

fn looks_like_key(line: &str, syntax: Syntax) -> bool {
    let name = match syntax {
        Syntax::Yaml => match line.split_once(':') {
            Some((name, rest)) if rest.is_empty() || rest.starts_with([' ', '\t']) => name,
            _ => return false,
        },
        Syntax::Toml if line.starts_with('[') => return true,
        Syntax::Toml => match line.split_once('=') {
            Some((name, _)) => name,
            None => return false,
        },
    };
    let name = name.trim().trim_matches(['"', '\'']);
    let words = name.split_whitespace().count();
    (1..=3).contains(&words) && !name.contains(['*', '`', '{', '[', '(', '.', '?', '|'])
}

/// Returns `text` with each bare CR as LF, where it has one; offsets stay the same.
pub(super) fn bare_returns(text: &str) -> Option<String> {
    if !text.contains('\r') {
        return None;
    }
    let bytes = text.as_bytes();
    let bare = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    if !(0..bytes.len()).any(bare) {
        return None;
    }
    Some(text.char_indices().map(|(at, c)| if c == '\r' && bare(at) { '\n' } else { c }).collect())
}

/// Reads the values of one file's front matter.
struct Reader<'a> {
    file: &'a SourceFile,
    base: usize,
    end: usize,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn span(&self, range: &Range<usize>) -> Span {
        self.file.span(self.base + range.start..self.base + range.end)
    }

    fn invalid(self, invalid: &Invalid) {
        let start = self.base + invalid.at;
        let rest = &self.file.text[start..];
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let message = format!("front matter cannot be read: {}", invalid.message);
        let diagnostic =
            Diagnostic::at(Code::FrontMatterInvalid, self.file.span(start..start + length), message);
        self.diagnostics.push(diagnostic.help("mend the line; the cards below were read without it"));
    }

    fn entries(mut self, entries: Vec<Entry>, to: &mut FrontMatter) {
        for entry in entries {
            let span = self.span(&entry.range);
            match entry.key.as_str() {
                "deck" => to.deck = self.text(entry.value, span, "deck"),
                "description" => to.description = self.text(entry.value, span, "description"),
                "source" => to.source = self.text(entry.value, span, "source"),
                "dialect" => to.dialect = self.text(entry.value, span, "dialect"),
                "tags" => to.tags = self.tags(entry.value, span),
                "type" => to.note_type = self.note_type(&entry.value, span),
                "card-level" => to.card_level = self.level(&entry.value, span),
                "table" => to.tables = self.tables(&entry.value, span),
                key => {
                    let place = self.span(&entry.key_range);
                    self.near_miss(key, place);
                }
            }
        }
    }

    fn wrong(&mut self, span: Span, message: String, help: &str) {
        self.diagnostics.push(Diagnostic::at(Code::FrontMatterInvalid, span, message).help(help));
    }

    fn text(&mut self, value: Value, span: Span, key: &str) -> Option<Spanned<String>> {
        match value {
            Value::Text(text) if !text.trim().is_empty() => Some(Spanned::new(text.trim().to_owned(), span)),
            Value::Text(_) | Value::Null => None,
            // Other tools keep lists of sources there, and descriptions in several languages.
            Value::List(_) | Value::Other if matches!(key, "source" | "description") => None,
            Value::List(_) | Value::Other => {
                self.wrong(span, format!("`{key}` is not a text"), &format!("write `{key}: name`"));
                None
            }
        }
    }

    fn tags(&mut self, value: Value, span: Span) -> Option<Vec<Spanned<String>>> {
        let tags = match value {
            Value::Text(text) => markdown::tags(&text),
            Value::List(list) => {
                list.iter().map(|tag| tag.trim().trim_start_matches('#').to_owned()).collect()
            }
            Value::Null => return None,
            Value::Other => {
                self.wrong(span, "`tags` is no list of tags".into(), "write `tags: [one, two]`");
                return None;
            }
        };
        let tags = tags.into_iter().filter(|tag| !tag.is_empty());
        Some(tags.map(|tag| self.tag(tag, span)).collect())
    }

    /// Returns a tag with its place: where its text stands in the value or in the lines of a list below.
    fn tag(&self, tag: String, value: Span) -> Spanned<String> {
        let start = value.range().start;
        let place = self.file.text[start..self.end].find(tag.as_str()).map(|at| start + at);
        let span = place.map_or(value, |place| self.file.span(place..place + tag.len()));
        Spanned::new(tag, span)
    }

    fn tables(&mut self, value: &Value, span: Span) -> Option<Spanned<Tables>> {
        let Value::Text(word) = value else {
            if *value != Value::Null {
                self.wrong(span, "`table` is no word".into(), "write `cards` or `content`");
            }
            return None;
        };
        let tables = match word.trim() {
            "cards" => Tables::Cards,
            "content" => Tables::Content,
            other => {
                self.wrong(span, format!("`table` cannot be `{other}`"), "write `cards` or `content`");
                return None;
            }
        };
        Some(Spanned::new(tables, span))
    }

    fn note_type(&mut self, value: &Value, span: Span) -> Option<Spanned<BuiltIn>> {
        let Value::Text(name) = value else { return None };
        if let Some(note_type) = BuiltIn::parse(name) {
            return Some(Spanned::new(note_type, span));
        }
        // Other tools have a `type` of their own, such as `note`: only what is almost one of ours is worth a word.
        let lower = name.to_lowercase();
        let near = BuiltIn::ALL
            .iter()
            .any(|known| strsim::damerau_levenshtein(known.key(), &lower) <= known.key().len() / 4);
        if near {
            self.diagnostics.push(markdown::unknown_type(name, span));
        }
        None
    }

    fn level(&mut self, value: &Value, span: Span) -> Option<Spanned<u8>> {
        let level = if let Value::Text(text) = value { text.trim().parse::<u8>().ok() } else { None };
        let level = level.filter(|level| (1..=6).contains(level));
        if level.is_none() {
            self.wrong(span, "`card-level` is no heading level".into(), "write a number from 1 to 6");
        }
        level.map(|level| Spanned::new(level, span))
    }

    fn near_miss(&mut self, key: &str, place: Span) {
        let lower = key.trim().to_lowercase().replace(['_', ' '], "-");
        if key.len() > 20 || FOREIGN.contains(&lower.as_str()) {
            return;
        }
        let close = KEYS.iter().find(|known| {
            lower == **known
                || lower.replace('-', "") == known.replace('-', "")
                || (known.len() > 3 && strsim::damerau_levenshtein(known, &lower) == 1)
        });
        if let Some(close) = close {
            let message = format!("front matter key `{key}` is almost `{close}`");
            let help = format!("write `{close}` if it is meant for deckc");
            self.diagnostics.push(Diagnostic::at(Code::FrontMatterKey, place, message).help(help));
        }
    }
}
