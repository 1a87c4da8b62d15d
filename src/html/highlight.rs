//! Static syntax highlighting: classes, no script.
//!
//! Only scopes that a style can mean something by become `<span>`s; `source`, `meta` and `punctuation` would double the size
//! of a field for nothing. Classes are the scope's parts, each with `hl-` in front, without the language at the end.
//!
//! Grammars are read when the first block in a known language is met, never otherwise. They are slow (about 0.06 ms a line),
//! so what was highlighted is kept for blocks that come again: in another format, another note, another build of `watch`.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use syntect::parsing::{BasicScopeStackOp, ParseState, Scope, ScopeStack, SyntaxSet};

use super::escape::{Buffer, Place};

/// Blocks above this many bytes are written plain: what a learner reads on a card is never so long.
const MAX_BYTES: usize = 64 * 1024;

/// Blocks with a line above this many bytes are written plain: grammars may take quadratic time on a line.
const MAX_LINE: usize = 2_000;

/// Blocks with more tokens than this go on plain, so that hostile code cannot make a field huge.
const MAX_TOKENS: usize = 20_000;

/// How many bytes of code and HTML are kept. Whether a block was kept does not show in the output.
const CACHE_BYTES: usize = 16 << 20;

static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// What authors write behind a fence, and the file extension of the grammar that fits; sorted.
const LANGUAGES: [(&str, &str); 96] = [
    ("actionscript", "as"),
    ("applescript", "applescript"),
    ("bash", "sh"),
    ("bat", "bat"),
    ("batch", "bat"),
    ("bib", "bib"),
    ("bibtex", "bib"),
    ("c", "c"),
    ("c#", "cs"),
    ("c++", "cpp"),
    ("cc", "cpp"),
    ("clj", "clj"),
    ("clojure", "clj"),
    ("cmd", "bat"),
    ("cpp", "cpp"),
    ("cs", "cs"),
    ("csharp", "cs"),
    ("css", "css"),
    ("d", "d"),
    ("diff", "diff"),
    ("dot", "dot"),
    ("elisp", "lisp"),
    ("emacs-lisp", "lisp"),
    ("erl", "erl"),
    ("erlang", "erl"),
    ("fish", "sh"),
    ("go", "go"),
    ("golang", "go"),
    ("graphviz", "dot"),
    ("groovy", "groovy"),
    ("h", "c"),
    ("haskell", "hs"),
    ("hpp", "cpp"),
    ("hs", "hs"),
    ("htm", "html"),
    ("html", "html"),
    ("java", "java"),
    ("javascript", "js"),
    ("js", "js"),
    ("json", "json"),
    ("jsonc", "json"),
    ("jsp", "jsp"),
    ("jsx", "js"),
    ("latex", "tex"),
    ("lisp", "lisp"),
    ("lua", "lua"),
    ("make", "make"),
    ("makefile", "make"),
    ("markdown", "md"),
    ("matlab", "matlab"),
    ("md", "md"),
    ("mjs", "js"),
    ("ml", "ml"),
    ("mm", "mm"),
    ("objc", "m"),
    ("objective-c", "m"),
    ("objectivec", "m"),
    ("ocaml", "ml"),
    ("pas", "pas"),
    ("pascal", "pas"),
    ("patch", "diff"),
    ("perl", "pl"),
    ("php", "php"),
    ("pl", "pl"),
    ("properties", "properties"),
    ("py", "py"),
    ("python", "py"),
    ("python3", "py"),
    ("r", "r"),
    ("rb", "rb"),
    ("regex", "re"),
    ("rs", "rs"),
    ("rst", "rst"),
    ("ruby", "rb"),
    ("rust", "rs"),
    ("sbt", "scala"),
    ("scala", "scala"),
    ("scheme", "lisp"),
    ("scm", "lisp"),
    ("sh", "sh"),
    ("shell", "sh"),
    ("sql", "sql"),
    ("svg", "xml"),
    ("tcl", "tcl"),
    ("tex", "tex"),
    ("textile", "textile"),
    ("ts", "js"),
    ("tsx", "js"),
    ("typescript", "js"),
    ("xhtml", "html"),
    ("xml", "xml"),
    ("xsd", "xml"),
    ("xslt", "xml"),
    ("yaml", "yaml"),
    ("yml", "yaml"),
    ("zsh", "sh"),
];

/// Writes code, highlighted where its language is known and its size is sane.
pub(super) fn code(out: &mut Buffer, language: Option<&str>, text: &str) {
    let known = language.and_then(|language| {
        let language = language.to_ascii_lowercase();
        LANGUAGES.binary_search_by_key(&language.as_str(), |(name, _)| name).ok()
    });
    match known {
        Some(place) if text.len() <= MAX_BYTES && text.lines().all(|line| line.len() <= MAX_LINE) => {
            cached(out, LANGUAGES[place].1, text);
        }
        _ => out.text(text, Place::Code),
    }
}

/// Holds HTML by file extension and code, and how many bytes that is.
#[derive(Default)]
struct Cache {
    html: HashMap<(&'static str, Box<str>), Box<str>>,
    bytes: usize,
}

fn cached(out: &mut Buffer, extension: &'static str, text: &str) {
    static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(Mutex::default);
    // A thread that panicked while it held the lock has inserted a whole entry or none.
    let lock = || CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (extension, Box::from(text));
    if let Some(html) = lock().html.get(&key) {
        return out.markup(html);
    }
    let mut block = Buffer::with_capacity(text.len() * 4);
    highlighted(&mut block, extension, text);
    let html = block.finish();
    out.markup(&html);
    let mut cache = lock();
    let size = text.len() + html.len();
    if cache.bytes + size <= CACHE_BYTES {
        cache.bytes += size;
        cache.html.insert(key, html.into());
    }
}

fn highlighted(out: &mut Buffer, extension: &str, text: &str) {
    let Some(grammar) = GRAMMARS.find_syntax_by_extension(extension) else {
        return out.text(text, Place::Code);
    };
    let mut spans = Spans { out, stack: ScopeStack::new(), open: Vec::new(), shown: Vec::new() };
    let mut state = ParseState::new(grammar);
    let mut tokens = 0;
    let mut line = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.find('\n').map_or(rest.len(), |at| at + 1));
        // The grammars want the line end that the last line lacks.
        line.clear();
        line.push_str(piece);
        if !piece.ends_with('\n') {
            line.push('\n');
        }
        let Ok(operations) = state.parse_line(&line, &GRAMMARS) else {
            break;
        };
        tokens += operations.len();
        if tokens > MAX_TOKENS {
            break;
        }
        let mut at = 0;
        for (place, operation) in operations {
            // The line end that was added lies behind the piece.
            let place = place.min(piece.len());
            spans.text(&piece[at..place]);
            at = place;
            let Spans { stack, open, .. } = &mut spans;
            let applied = stack.apply_with_hook(&operation, |change, _| match change {
                BasicScopeStackOp::Push(scope) => open.push(Span { scope, shown: is_shown(scope) }),
                BasicScopeStackOp::Pop => {
                    open.pop();
                }
            });
            if applied.is_err() {
                break;
            }
        }
        spans.text(&piece[at..]);
        rest = after;
    }
    spans.close_all();
    spans.out.text(rest, Place::Code);
}

/// Writes text in the spans of the scopes that hold it, opened as late and closed as early as there is text.
struct Spans<'a> {
    out: &'a mut Buffer,
    stack: ScopeStack,
    /// The scopes that hold what comes next.
    open: Vec<Span>,
    /// Those that were written and not closed.
    shown: Vec<Scope>,
}

#[derive(Clone, Copy)]
struct Span {
    scope: Scope,
    shown: bool,
}

impl Spans<'_> {
    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        // Line ends and indentation need no colour.
        let wanted = self.open.iter().filter(|span| span.shown).map(|span| span.scope);
        let common = wanted.clone().zip(&self.shown).take_while(|(wanted, shown)| wanted == *shown).count();
        for _ in common..self.shown.len() {
            self.out.markup("</span>");
        }
        self.shown.truncate(common);
        for scope in wanted.skip(common) {
            self.shown.push(scope);
            open(self.out, scope);
        }
        self.out.text(text, Place::Code);
    }

    fn close_all(&mut self) {
        for _ in self.shown.drain(..) {
            self.out.markup("</span>");
        }
    }
}

fn open(out: &mut Buffer, scope: Scope) {
    let name = scope.build_string();
    out.markup("<span class=\"");
    let parts: Vec<&str> = name.split('.').collect();
    // The last part is the language, which the block says already.
    let kept = parts.len().saturating_sub(1).max(1);
    for (place, part) in parts[..kept].iter().enumerate() {
        out.markup(if place == 0 { "hl-" } else { " hl-" });
        out.markup(part);
    }
    out.markup("\">");
}

/// Returns whether a style can mean something by the scope.
fn is_shown(scope: Scope) -> bool {
    static SHOWN: LazyLock<Vec<Scope>> = LazyLock::new(|| {
        let names = [
            "comment", "constant", "entity", "invalid", "keyword", "markup", "storage", "string", "support",
            "variable",
        ];
        names.iter().filter_map(|name| Scope::new(name).ok()).collect()
    });
    SHOWN.iter().any(|shown| shown.is_prefix_of(scope))
}

#[cfg(test)]
mod tests {
    use super::{Buffer, GRAMMARS, LANGUAGES, MAX_BYTES, MAX_LINE};

    fn highlight(language: &str, text: &str) -> String {
        let mut out = Buffer::with_capacity(0);
        super::code(&mut out, Some(language), text);
        out.finish()
    }

    #[test]
    fn every_language_has_a_grammar_and_the_list_is_sorted() {
        assert!(LANGUAGES.is_sorted());
        for (name, extension) in LANGUAGES {
            assert!(GRAMMARS.find_syntax_by_extension(extension).is_some(), "{name}");
        }
    }

    #[test]
    fn words_get_classes_and_the_rest_is_escaped() {
        assert_eq!(
            highlight("Rust", "let a = \"<b>\"; // {{c1::x}}\nf(1)"),
            "<span class=\"hl-storage hl-type\">let</span> a <span class=\"hl-keyword hl-operator\">=</span> \
             <span class=\"hl-string hl-quoted hl-double\">\"&lt;b&gt;\"</span>; \
             <span class=\"hl-comment hl-line hl-double-slash\">// {&#123;c1::x}}\n</span>\
             <span class=\"hl-support hl-function\">f</span>(\
             <span class=\"hl-constant hl-numeric hl-integer hl-decimal\">1</span>)"
        );
    }

    #[test]
    fn unknown_languages_and_huge_blocks_are_plain() {
        assert_eq!(highlight("klingon", "let a < 1"), "let a &lt; 1");
        let long = format!("let a = \"{}\"", "x".repeat(MAX_LINE));
        assert_eq!(highlight("rust", &long), long);
        let big = "let a = 1;\n".repeat(MAX_BYTES / 11 + 1);
        assert_eq!(highlight("rust", &big), big);
    }

    #[test]
    fn nothing_of_the_code_is_lost() {
        for (name, _) in LANGUAGES {
            let code =
                "\n/* a\n  b */ \"c\\n\" 'd' # e\n<f g=\"h\">i</f> -- j\n%k \\l{m} $n @o [p]: 1.5e3\n\n\tq\n";
            let html = highlight(name, code);
            let mut text = String::new();
            let mut rest = html.as_str();
            while let Some(at) = rest.find('<') {
                text.push_str(&rest[..at]);
                rest = &rest[rest[at..].find('>').expect("a tag ends") + at + 1..];
            }
            text.push_str(rest);
            let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            assert_eq!(text, code, "{name}");
        }
    }
}
