//! The one place that prints diagnostics: for people, as JSON lines, as GitHub annotations, as a SARIF document.

mod excerpt;
mod machine;
pub mod sarif;

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Severity, Strictness};
use crate::source::{Position, SourceMap, Span};
use excerpt::Excerpt;
use sarif::Log;

/// Says how diagnostics are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MessageFormat {
    /// As rustc does, with an excerpt.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
    /// GitHub workflow commands, which become annotations.
    Github,
    /// One SARIF document for the whole run.
    Sarif,
}

/// Says whether the human format is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Never,
    /// With terminal codes.
    Always,
}

/// Prints diagnostics.
#[derive(Clone, Debug)]
pub struct Reporter {
    /// How.
    pub format: MessageFormat,
    /// With or without colour.
    pub colour: Colour,
    /// Whether warnings count as errors.
    pub strictness: Strictness,
    /// What stands before the sources' paths, so that they lead from the current folder; empty or ending in `/`.
    pub prefix: String,
    /// Where findings gather whose format is one document.
    pub log: Log,
}

impl Reporter {
    /// Prints one diagnostic, or adds it to the log whose document is printed when the run ends.
    ///
    /// # Errors
    /// When the stream cannot be written.
    pub fn print(&self, diagnostic: &Diagnostic, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
        match self.format {
            MessageFormat::Human => self.human(diagnostic, sources, out),
            MessageFormat::Json => machine::json(self, diagnostic, sources, out),
            MessageFormat::Github => machine::github(self, diagnostic, sources, out),
            MessageFormat::Sarif => {
                self.log.add(self, diagnostic, sources);
                Ok(())
            }
        }
    }

    /// Returns how bad it is in this run.
    #[must_use]
    pub fn severity(&self, diagnostic: &Diagnostic) -> Severity {
        match (diagnostic.severity(), self.strictness) {
            (Severity::Warning, Strictness::Strict) | (Severity::Error, _) => Severity::Error,
            (Severity::Warning, Strictness::Normal) => Severity::Warning,
            (Severity::Note, Strictness::Normal | Strictness::Strict) => Severity::Note,
        }
    }

    /// Returns the path of a source as people can open it.
    fn shown(&self, sources: &SourceMap, span: Span) -> String {
        visible_line(&format!("{}{}", self.prefix, sources.file(span.file).path))
    }

    fn human(&self, diagnostic: &Diagnostic, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
        let level = match self.severity(diagnostic) {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let message = visible_line(&diagnostic.message);
        let mut group = Group::with_title(level.primary_title(&message).id(diagnostic.code.id()));
        let excerpts: Vec<(String, Excerpt<'_>)> = diagnostic
            .span
            .map(|span| (span, None))
            .into_iter()
            .chain(diagnostic.labels.iter().map(|label| (label.span, Some(label.message.as_str()))))
            .map(|(span, label)| (self.shown(sources, span), Excerpt::new(sources, span, label)))
            .collect();
        let merged = excerpt::merge(&excerpts);
        for snippet in &merged {
            let mut shown = Snippet::source(snippet.text.as_str()).line_start(snippet.line);
            if snippet.cut {
                // The renderer counts columns from the start of what it is given.
                let Position { line, column } = snippet.position;
                group = group.element(Origin::path(snippet.path).line(line).char_column(column));
            } else {
                shown = shown.path(snippet.path);
            }
            for (index, (range, label)) in snippet.marks.iter().enumerate() {
                let kind = if index == 0 && snippet.primary {
                    AnnotationKind::Primary
                } else {
                    AnnotationKind::Context
                };
                let mark = kind.span(range.clone());
                shown = shown.annotation(match label {
                    Some(label) => mark.label(visible_line(label)),
                    None => mark,
                });
            }
            group = group.element(shown);
        }
        let place = diagnostic.place.as_ref().map(|(path, line)| (visible_line(path), *line));
        if let Some((path, line)) = &place {
            let origin = Origin::path(path.as_str());
            group = group.element(match line {
                Some(line) => origin.line(*line),
                None => origin,
            });
        }
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(visible(help)));
        }
        let renderer = match self.colour {
            Colour::Never => Renderer::plain(),
            Colour::Always => Renderer::styled(),
        };
        let rendered = renderer.render(&[group]);
        let cut = merged.iter().any(|snippet| snippet.cut);
        for (number, line) in rendered.lines().enumerate() {
            // Without an excerpt the renderer leaves no room for line numbers; rustc leaves room for one digit.
            let margin = if merged.is_empty() && number > 0 { " " } else { "" };
            // An excerpt that begins inside a line has its place above it; the renderer adds an arrow to nowhere.
            if !(cut && is_arrow_to_nowhere(line)) {
                writeln!(out, "{margin}{line}")?;
            }
        }
        writeln!(out)
    }
}

/// Returns whether a rendered line holds `:::` and nothing else but spaces and terminal codes.
fn is_arrow_to_nowhere(line: &str) -> bool {
    let mut plain = String::new();
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            // A colour code ends at its letter.
            let _ = rest.find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain.trim() == ":::"
}

/// Returns the text as [`visible`] does, line ends written out too: for names and for what must stay one line.
#[must_use]
pub fn visible_line(text: &str) -> String {
    visible(text).replace('\n', "\\n")
}

/// Returns the text with control and bidirectional characters written out, so that nothing a source or a file name holds can
/// steer a terminal.
#[must_use]
pub fn visible(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' | '\u{feff}')
    };
    if !text.contains(steers) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if steers(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::sarif::Log;
    use super::{Colour, MessageFormat, Reporter};
    use crate::diagnostic::{Code, Diagnostic, Strictness};
    use crate::source::{SourceMap, Span};

    fn printed(format: MessageFormat, make: impl Fn(&dyn Fn(&str) -> Span) -> Diagnostic) -> String {
        let mut sources = SourceMap::default();
        let text = "# Capitals\n\nCapital is {{c1::Oslo\r\nQ: \u{1b}[31m?\n";
        let file = sources.add("geo.md".into(), text.into());
        let span = |part: &str| {
            let start = text.find(part).expect("is in the text");
            Span::new(file, start..start + part.len())
        };
        let reporter = Reporter {
            format,
            colour: Colour::Never,
            strictness: Strictness::Normal,
            prefix: "notes/".into(),
            log: Log::default(),
        };
        let mut out = Vec::new();
        reporter.print(&make(&span), &sources, &mut out).expect("writes to memory");
        String::from_utf8(out).expect("is UTF-8")
    }

    #[test]
    fn people_see_file_line_column_excerpt_and_help() {
        let shown = printed(MessageFormat::Human, |span| {
            Diagnostic::at(Code::UnclosedCloze, span("{{c1::Oslo"), "cloze deletion is never closed")
                .help("close it with `}}`")
        });
        assert_eq!(
            shown,
            "warning[D001]: cloze deletion is never closed\n --> notes/geo.md:3:12\n  |\n3 | Capital is {{c1::Oslo\n  |            ^^^^^^^^^^\n  |\n  = help: close it with `}}`\n\n"
        );
    }

    #[test]
    fn a_place_without_an_excerpt_stands_where_rustc_puts_it() {
        let shown = printed(MessageFormat::Human, |_| {
            Diagnostic::in_file(Code::LedgerInvalid, "deckc.lock", Some(7), "no ledger line")
                .help("delete it")
        });
        assert_eq!(shown, "error[D405]: no ledger line\n --> deckc.lock:7\n  = help: delete it\n\n");
    }

    #[test]
    fn escapes_in_a_source_never_reach_the_terminal() {
        let shown = printed(MessageFormat::Human, |span| {
            Diagnostic::at(Code::ControlCharacter, span("Q: "), "a \u{1b}[0m in it")
        });
        assert!(!shown.contains('\u{1b}'), "{shown}");
    }

    #[test]
    fn github_gets_one_command_with_escapes() {
        let shown = printed(MessageFormat::Github, |span| {
            Diagnostic::at(Code::UnclosedCloze, span("{{c1"), "50% closed").help("close: it")
        });
        assert_eq!(
            shown,
            "::warning file=notes/geo.md,line=3,endLine=3,col=12,endColumn=16,title=D001::50%25 closed%0Ahelp: close: it\n"
        );
    }

    #[test]
    fn json_is_one_object_a_line() {
        let shown = printed(MessageFormat::Json, |span| {
            Diagnostic::at(Code::UnclosedCloze, span("{{c1"), "never closed")
        });
        assert_eq!(
            shown,
            "{\"severity\":\"warning\",\"code\":\"D001\",\"message\":\"never closed\",\"file\":\"notes/geo.md\",\"line\":3,\"column\":12,\"end_line\":3,\"end_column\":16,\"labels\":[],\"help\":null}\n"
        );
    }
}
