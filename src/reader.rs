//! Readers: from one source file in some dialect to draft notes.
//!
//! One dialect per file, named or detected, never a silent union. Readers know nothing of backends, files on disk, or each
//! other.

pub mod csv;
pub mod front_matter;
mod gather;
mod id;
mod label;
pub mod markdown;
pub mod plain_cloze;
#[cfg(test)]
mod testing;
pub mod text;
mod without_deletion;

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{BuiltIn, DeckDescription, Draft, Region, RegionKind};
use crate::source::{SourceFile, Span, Spanned};

/// Reads a dialect.
pub trait Reader: Sync {
    /// Returns the dialect's name, as `dialect:` and `deckc.toml` write it.
    fn name(&self) -> &'static str;

    /// Returns what the dialect is, in a few words.
    fn summary(&self) -> &'static str;

    /// Returns why the file is probably of this dialect, and how sure that is; nothing where it is not.
    fn detect(&self, file: &SourceFile) -> Option<Detected>;

    /// Reads the file. Total: whatever is wrong becomes a diagnostic, and every non-blank line lies in a region of the
    /// result.
    fn read(&self, file: &SourceFile, settings: &Settings, diagnostics: &mut Diagnostics) -> Draft;
}

/// Says how sure a reader is of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// 0 to 100; the highest wins.
    pub score: u8,
    /// Why, in a few words, for `deckc check -v`.
    pub reason: String,
}

/// Holds what configuration says about a file: `deckc.toml`, then the file's front matter over it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The deck that configuration or front matter names.
    pub deck: Option<String>,
    /// The deck where nothing names one: made from the file's path.
    pub path_deck: String,
    /// What the front matter says about the file's deck.
    pub description: Option<Spanned<String>>,
    /// Tags for every note.
    pub tags: Vec<String>,
    /// The note type where a card says none.
    pub note_type: Option<BuiltIn>,
    /// The level of headings that are cards, 1 to 6.
    pub card_level: u8,
    /// Whether pipe tables are cards without a `<!-- cards -->` above them.
    pub tables: Tables,
    /// What the `Source` field of every note says.
    pub source: Option<String>,
    /// The offset where the body begins, behind front matter and byte order mark.
    pub body: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            deck: None,
            path_deck: "Default".into(),
            description: None,
            tags: Vec::new(),
            note_type: None,
            card_level: 2,
            tables: Tables::Content,
            source: None,
            body: 0,
        }
    }
}

impl Settings {
    /// Returns the deck of a file that has this title: what configuration says is stronger, the path is weaker.
    fn file_deck(&self, title: Option<String>) -> String {
        self.deck.clone().or(title).unwrap_or_else(|| self.path_deck.clone())
    }

    /// Returns what the front matter says about that deck.
    fn describe(&self, title: Option<String>) -> Vec<DeckDescription> {
        let describe =
            |text: &Spanned<String>| DeckDescription { deck: self.file_deck(title), text: text.clone() };
        self.description.as_ref().map(describe).into_iter().collect()
    }
}

/// Says what a pipe table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// Content, unless `<!-- cards -->` stands above it.
    Content,
    /// One note a row.
    Cards,
}

/// All readers. A new dialect is one file and one line here.
pub const READERS: &[&dyn Reader] = &[&markdown::Markdown, &text::Text, &csv::Csv, &csv::Tsv, &csv::AnkiText];

/// Is what was read from one file.
#[derive(Debug)]
pub struct Read {
    /// The notes and what became of the text.
    pub draft: Draft,
    /// The dialect.
    pub dialect: &'static str,
    /// Why this one.
    pub reason: String,
}

/// Reads a file in the dialect that its front matter names, else `deckc.toml`, else the one that its marks show.
///
/// `deck_path` is the path that makes the deck where nothing names one.
pub fn read(file: &SourceFile, config: &Config, deck_path: &str, diagnostics: &mut Diagnostics) -> Read {
    let mut settings = config.settings(&file.path, deck_path);
    settings.body = file.start();
    let mut named = config
        .dialect(&file.path)
        .map(|name| (name.to_owned(), "named by the configuration or `--dialect`", None));
    let mut head: Option<Span> = None;
    let mut file_tags = Vec::new();
    if let Some(front) = front_matter::read(file, diagnostics) {
        head = Some(front.span);
        if let Some(dialect) = &front.dialect {
            named = Some((dialect.value.clone(), "named in the front matter", Some(dialect.span)));
        }
        front.apply(&mut settings);
        file_tags = front.tags.unwrap_or_default();
    }
    let (reader, reason) = choose(file, named, diagnostics);
    let mut draft = reader.read(file, &settings, diagnostics);
    without_deletion::leave_out(&mut draft, diagnostics);
    draft.file_tags = file_tags;
    let covered = |span: Span| draft.regions.first().is_some_and(|first| first.span.start <= span.start);
    if let Some(span) = head.filter(|span| !covered(*span)) {
        draft.regions.insert(0, Region { span, kind: RegionKind::Metadata });
    }
    Read { draft, dialect: reader.name(), reason }
}

fn choose(
    file: &SourceFile,
    named: Option<(String, &'static str, Option<Span>)>,
    diagnostics: &mut Diagnostics,
) -> (&'static dyn Reader, String) {
    if let Some((name, by, span)) = named {
        if let Some(reader) = READERS.iter().find(|reader| reader.name() == name) {
            return (*reader, by.to_owned());
        }
        let names = READERS.iter().map(|reader| reader.name());
        let message = format!("unknown dialect `{name}`, {by}");
        let help = match crate::suggest::nearest(&name, names) {
            Some(near) => format!("did you mean `{near}`? `deckc dialects` lists all"),
            None => "`deckc dialects` lists all".to_owned(),
        };
        let at = span.unwrap_or_else(|| file.span(file.start()..file.start()));
        diagnostics.push(Diagnostic::at(Code::UnknownDialect, at, message).help(help));
    }
    let mut best: Option<(&dyn Reader, Detected)> = None;
    for reader in READERS {
        if let Some(detected) = reader.detect(file)
            && best.as_ref().is_none_or(|(_, most)| detected.score > most.score)
        {
            best = Some((*reader, detected));
        }
    }
    match best {
        Some((reader, detected)) => (reader, detected.reason),
        None => (&text::Text, "no marks of another dialect".to_owned()),
    }
}
