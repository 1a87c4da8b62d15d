//! What each language is made of. A new language is one more row.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Class;

/// Says how a language is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scanner {
    /// Word by word.
    Words,
    /// Tags and attributes.
    Xml,
    /// Lines that come and go.
    Diff,
    /// Headings.
    Markdown,
}

/// Says what the key of a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// There are none.
    None,
    /// A string before a colon.
    Strings,
    /// A word at the beginning of a line, before a colon or an equals sign.
    Lines,
}

/// Is a kind of string.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quotes {
    /// What opens and closes it.
    pub mark: &'static str,
    /// Whether a backslash takes away the meaning of what follows.
    pub escapes: bool,
    /// Whether it may run over lines.
    pub lines: bool,
    /// Whether it holds one letter, so that the mark alone means something else.
    pub letter: bool,
}

/// Is a language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Language {
    /// What authors write behind a fence, separated by spaces.
    names: &'static str,
    pub scanner: Scanner,
    /// What opens a comment up to the end of the line, separated by spaces.
    pub line_comments: &'static str,
    pub block_comment: Option<(&'static str, &'static str)>,
    /// The longest mark first.
    pub quotes: &'static [Quotes],
    keywords: &'static str,
    types: &'static str,
    constants: &'static str,
    /// Characters before a name that make it something of its own.
    pub sigils: &'static [(u8, Class)],
    /// What may stand in a name beside letters, digits and `_`.
    pub letters: &'static str,
    pub keys: Keys,
    /// Whether capitals make a name a type or a constant.
    pub capitals: bool,
    case: Case,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Matters,
    Ignored,
}

/// Returns the language of that name.
pub(super) fn find(name: &str) -> Option<&'static Language> {
    static NAMES: LazyLock<HashMap<&'static str, &'static Language>> = LazyLock::new(|| {
        let rows =
            LANGUAGES.iter().flat_map(|row| row.names.split_ascii_whitespace().map(move |name| (name, row)));
        rows.collect()
    });
    NAMES.get(name.to_ascii_lowercase().as_str()).copied()
}

impl Language {
    /// Returns what one of the language's own words is.
    pub(super) fn class(&self, word: &str) -> Option<Class> {
        type Words = HashMap<&'static str, Class>;
        static WORDS: LazyLock<HashMap<&'static str, Words>> = LazyLock::new(|| {
            let words = |row: &Language| -> Words {
                let lists = [
                    (row.types, Class::Type),
                    (row.constants, Class::Constant),
                    (row.keywords, Class::Keyword),
                ];
                lists
                    .iter()
                    .flat_map(|(list, class)| list.split_ascii_whitespace().map(|word| (word, *class)))
                    .collect()
            };
            LANGUAGES.iter().map(|row| (row.names, words(row))).collect()
        });
        let words = WORDS.get(self.names)?;
        match self.case {
            Case::Matters => words.get(word).copied(),
            Case::Ignored => words.get(word.to_ascii_lowercase().as_str()).copied(),
        }
    }
}

const fn quotes(mark: &'static str) -> Quotes {
    Quotes { mark, escapes: true, lines: false, letter: false }
}

const fn long(mark: &'static str) -> Quotes {
    Quotes { mark, escapes: true, lines: true, letter: false }
}

const LETTER: Quotes = Quotes { mark: "'", escapes: true, lines: false, letter: true };
const DOUBLED: Quotes = Quotes { mark: "'", escapes: false, lines: true, letter: false };

/// Braces, `//`, `/* */` and both quotes; most languages differ from it in words only.
const C: Language = Language {
    names: "",
    scanner: Scanner::Words,
    line_comments: "//",
    block_comment: Some(("/*", "*/")),
    quotes: &[quotes("\""), quotes("'")],
    keywords: "",
    types: "",
    constants: "true false null",
    sigils: &[(b'@', Class::Keyword)],
    letters: "",
    keys: Keys::None,
    capitals: true,
    case: Case::Matters,
};

/// `#` and both quotes.
const HASH: Language =
    Language { line_comments: "#", block_comment: None, sigils: &[], capitals: false, ..C };

const C_TYPES: &str = "bool char double float int int8_t int16_t int32_t int64_t long ptrdiff_t short signed size_t ssize_t uint8_t \
    uint16_t uint32_t uint64_t unsigned void wchar_t";
const C_CONSTANTS: &str = "true false NULL nullptr YES NO nil self this";

static LANGUAGES: &[Language] = &[
    Language {
        names: "c h cpp c++ cc hpp cxx m mm objc objective-c objectivec arduino",
        sigils: &[(b'#', Class::Keyword), (b'@', Class::Keyword)],
        keywords: "alignas alignof asm auto break case catch class concept const consteval constexpr constinit const_cast continue \
            co_await co_return co_yield decltype default delete do dynamic_cast else enum explicit export extern final for friend goto if \
            inline mutable namespace new noexcept operator override private protected public register reinterpret_cast requires restrict \
            return sizeof static static_assert static_cast struct switch template throw try typedef typename union using virtual volatile while",
        types: C_TYPES,
        constants: C_CONSTANTS,
        ..C
    },
    Language {
        names: "cs csharp c#",
        keywords: "abstract as async await base break case catch checked class const continue default delegate do else enum event explicit \
            extern finally fixed for foreach get goto if implicit in interface internal is lock namespace new operator out override params \
            private protected public readonly record ref return sealed set sizeof stackalloc static struct switch throw try typeof unchecked \
            unsafe using var virtual volatile when where while with yield",
        types: "bool byte char decimal double dynamic float int long object sbyte short string uint ulong ushort void",
        constants: "true false null this value",
        ..C
    },
    Language {
        names: "java jsp groovy",
        quotes: &[long("\"\"\""), quotes("\""), quotes("'")],
        keywords: "abstract assert break case catch class continue def default do else enum extends final finally for if implements import \
            instanceof interface native new package permits private protected public record return sealed static strictfp super switch \
            synchronized throw throws transient try var volatile while yield",
        types: "boolean byte char double float int long short void",
        constants: "true false null this",
        ..C
    },
    Language {
        names: "kotlin kt kts scala sbt",
        quotes: &[long("\"\"\""), quotes("\""), LETTER],
        keywords: "abstract as break by case catch class companion const constructor continue data def do else enum extends final finally \
            for forSome fun given if implicit import in init inline interface internal is lateinit lazy match new object open operator \
            out override package private protected public return sealed super suspend tailrec then throw trait try type typealias using val var \
            vararg when where while with yield",
        constants: "true false null this it",
        ..C
    },
    Language {
        names: "swift dart",
        quotes: &[long("\"\"\""), quotes("\""), quotes("'")],
        keywords: "actor any as associatedtype async await break case catch class continue default defer deinit do else enum extension extends \
            fallthrough fileprivate final for func get guard if implements import in indirect init inout internal is late lazy let mixin \
            mutating open operator override private protocol public repeat required rethrows return set some static struct subscript super \
            switch throw throws try typealias var weak where while with yield",
        types: "bool double dynamic int num void",
        constants: "true false nil null self Self this",
        ..C
    },
    Language {
        names: "js javascript jsx mjs cjs ts typescript tsx as actionscript",
        quotes: &[long("`"), quotes("\""), quotes("'")],
        letters: "$",
        keywords: "abstract as async await break case catch class const continue debugger declare default delete do else enum export \
            extends finally for from function get if implements import in infer instanceof interface is keyof let module namespace new of \
            override package private protected public readonly return satisfies set static super switch throw try type typeof var void while \
            with yield",
        types: "any bigint boolean never number object string symbol unknown",
        constants: "true false null undefined NaN Infinity this",
        ..C
    },
    Language {
        names: "json jsonc json5",
        quotes: &[quotes("\""), quotes("'")],
        keys: Keys::Strings,
        capitals: false,
        ..C
    },
    Language {
        names: "go golang",
        quotes: &[long("`"), quotes("\""), quotes("'")],
        keywords: "break case chan const continue default defer else fallthrough for func go goto if import interface map package range \
            return select struct switch type var",
        types: "any bool byte complex128 complex64 error float32 float64 int int16 int32 int64 int8 rune string uint uint16 uint32 uint64 \
            uint8 uintptr",
        constants: "true false nil iota",
        ..C
    },
    Language {
        names: "rust rs zig",
        quotes: &[long("\""), LETTER],
        keywords: "as async await become break comptime const continue crate defer do dyn else enum errdefer extern fn for if impl in let loop \
            match mod move mut orelse pub ref return static struct super switch test trait try type union unsafe use var where while",
        types: "bool char f32 f64 i128 i16 i32 i64 i8 isize str u128 u16 u32 u64 u8 usize void",
        constants: "true false null self Self undefined",
        ..C
    },
    Language {
        names: "d",
        quotes: &[long("`"), long("\""), LETTER],
        keywords: "abstract alias align asm assert auto body break case cast catch class const continue debug default delegate delete \
            deprecated do else enum export extern final finally for foreach foreach_reverse function goto if immutable import in inout \
            interface invariant is lazy mixin module new nothrow out override package private protected public pure ref return scope \
            shared static struct super switch synchronized template throw try typeof union unittest version while with",
        types: "bool byte char dchar double float int long real short string ubyte uint ulong ushort void wchar",
        constants: "true false null this",
        ..C
    },
    Language {
        names: "php",
        line_comments: "// #",
        sigils: &[(b'$', Class::Variable)],
        keywords: "abstract and array as break callable case catch class clone const continue declare default do echo else elseif empty \
            enum extends final finally fn for foreach function global goto if implements include include_once instanceof insteadof \
            interface isset list match namespace new or print private protected public readonly require require_once return static \
            switch throw trait try unset use var while xor yield",
        types: "bool float int iterable mixed never object string void",
        constants: "true false null TRUE FALSE NULL self parent",
        ..C
    },
    Language {
        names: "css scss less",
        line_comments: "",
        sigils: &[
            (b'@', Class::Keyword),
            (b'#', Class::Number),
            (b'.', Class::Type),
            (b'$', Class::Variable),
        ],
        letters: "-",
        keywords: "important",
        constants: "auto none inherit initial unset",
        keys: Keys::Lines,
        capitals: false,
        ..C
    },
    Language {
        names: "dot graphviz gv",
        keywords: "digraph edge graph node strict subgraph",
        capitals: false,
        ..C
    },
    Language {
        names: "py python python3 pycon",
        sigils: &[(b'@', Class::Keyword)],
        quotes: &[long("\"\"\""), long("'''"), quotes("\""), quotes("'")],
        keywords: "and as assert async await break case class continue def del elif else except finally for from global if import in is \
            lambda match nonlocal not or pass raise return try while with yield",
        types: "bool bytes dict float frozenset int list object set str tuple type",
        constants: "True False None self cls",
        capitals: true,
        ..HASH
    },
    Language {
        names: "rb ruby elixir ex crystal",
        sigils: &[(b'@', Class::Variable), (b'$', Class::Variable)],
        letters: "?!",
        quotes: &[long("\"\"\""), long("\""), quotes("'"), quotes("`")],
        keywords: "alias and begin break case class cond def defined? defimpl defmacro defmodule defp defprotocol defstruct do else elsif end \
            ensure extend fn for if import in include module next not or raise redo require rescue retry return super then undef unless \
            until use when while with yield",
        constants: "true false nil self",
        capitals: true,
        ..HASH
    },
    Language {
        names: "sh bash shell zsh fish ksh console shellsession dockerfile docker",
        sigils: &[(b'$', Class::Variable)],
        letters: "-",
        quotes: &[long("\""), DOUBLED],
        keywords: "alias break case continue declare do done elif else end esac eval exec exit export fi for function if in local readonly \
            return select set shift source then trap unset until while ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM LABEL RUN USER VOLUME \
            WORKDIR",
        types: "awk cat cd chmod chown cp curl cut docker echo find git grep head kubectl ls mkdir mv printf read rm sed sort sudo tail \
            tar test touch uniq wc xargs",
        constants: "true false",
        ..HASH
    },
    Language {
        names: "pl perl",
        sigils: &[(b'$', Class::Variable), (b'@', Class::Variable), (b'%', Class::Variable)],
        keywords: "and cmp die do else elsif eq foreach for ge gt if last le local lt my ne next no not or our package print redo require \
            return sub undef unless until use wantarray while xor",
        ..HASH
    },
    Language {
        names: "r",
        letters: ".",
        keywords: "break else for function if in library next repeat require return while",
        constants: "TRUE FALSE NULL NA NaN Inf T F",
        ..HASH
    },
    Language {
        names: "julia jl",
        quotes: &[long("\"\"\""), quotes("\""), LETTER],
        sigils: &[(b'@', Class::Keyword)],
        keywords: "abstract baremodule begin break catch const continue do else elseif end export finally for function global if import in \
            let local macro module mutable primitive quote return struct try type using where while",
        constants: "true false nothing missing",
        capitals: true,
        ..HASH
    },
    Language {
        names: "yaml yml",
        letters: "-./",
        sigils: &[(b'&', Class::Variable), (b'*', Class::Variable)],
        constants: "true false null yes no on off True False",
        keys: Keys::Lines,
        ..HASH
    },
    Language {
        names: "toml ini properties conf cfg env",
        line_comments: "# ;",
        letters: "-.",
        quotes: &[long("\"\"\""), quotes("\""), quotes("'")],
        constants: "true false yes no on off",
        keys: Keys::Lines,
        ..HASH
    },
    Language {
        names: "make makefile cmake",
        letters: "-.",
        sigils: &[(b'$', Class::Variable)],
        keywords: "define else endef endif export if ifdef ifeq ifndef ifneq include override unexport vpath",
        keys: Keys::Lines,
        ..HASH
    },
    Language {
        names: "tcl",
        sigils: &[(b'$', Class::Variable)],
        quotes: &[long("\"")],
        keywords: "break catch continue else elseif expr for foreach global if incr lappend namespace package proc puts return set switch \
            unset upvar variable while",
        ..HASH
    },
    Language {
        names: "powershell ps1 pwsh",
        block_comment: Some(("<#", "#>")),
        letters: "-",
        sigils: &[(b'$', Class::Variable)],
        keywords: "begin break catch class continue do else elseif end exit filter finally for foreach function if in param process return \
            switch throw trap try until using while",
        case: Case::Ignored,
        ..HASH
    },
    Language {
        names: "bat batch cmd",
        line_comments: ":: rem REM",
        quotes: &[quotes("\"")],
        sigils: &[(b'%', Class::Variable)],
        keywords: "call cd copy defined del do echo else endlocal equ errorlevel exist exit for geq goto gtr if in leq lss move neq not off \
            on pause set setlocal shift start type",
        case: Case::Ignored,
        ..HASH
    },
    Language {
        names: "sql mysql postgres postgresql psql plsql sqlite tsql",
        line_comments: "--",
        quotes: &[DOUBLED, long("\""), quotes("`")],
        keywords: "add all alter analyze and any as asc begin between by cascade case check collate column commit constraint create cross \
            cursor database declare default delete desc distinct drop else end escape except exists explain fetch for foreign from full \
            function grant group having if in index inner insert intersect into is join key left like limit materialized natural not of \
            offset on or order outer over partition primary procedure recursive references returning returns revoke right rollback row rows \
            select set table temporary then to transaction trigger truncate union unique update using values view when where window with",
        types: "bigint binary blob boolean bytea char character clob date decimal double float int integer interval json jsonb numeric real \
            serial smallint text time timestamp timestamptz tinyint uuid varchar",
        constants: "true false null current_date current_timestamp",
        case: Case::Ignored,
        capitals: false,
        sigils: &[],
        ..C
    },
    Language {
        names: "lua",
        line_comments: "--",
        block_comment: Some(("--[[", "]]")),
        keywords: "and break do else elseif end for function goto if in local not or repeat return then until while",
        constants: "true false nil self",
        sigils: &[],
        ..C
    },
    Language {
        names: "hs haskell elm",
        line_comments: "--",
        block_comment: Some(("{-", "-}")),
        quotes: &[quotes("\""), LETTER],
        letters: "'",
        keywords: "as case class data default deriving do else family forall foreign hiding if import in infix infixl infixr instance let \
            module newtype of qualified then type where",
        constants: "True False otherwise",
        sigils: &[],
        ..C
    },
    Language {
        names: "ml ocaml fsharp f# fs sml",
        line_comments: "",
        block_comment: Some(("(*", "*)")),
        quotes: &[quotes("\""), LETTER],
        letters: "'",
        keywords: "and as assert begin class constraint do done downto else end exception external for fun function functor if in include \
            inherit initializer lazy let match member method module mutable new object of open or private rec sig struct then to try type val \
            virtual when while with yield",
        types: "bool char float int list option string unit",
        constants: "true false",
        sigils: &[],
        ..C
    },
    Language {
        names: "lisp elisp emacs-lisp scheme scm clj clojure racket",
        line_comments: ";",
        block_comment: Some(("#|", "|#")),
        quotes: &[long("\"")],
        letters: "-*+/?!<>=",
        keywords: "and begin case cond def define defmacro defn defparameter defstruct defun defvar do fn if lambda let let* letrec loop ns or \
            progn quote recur require set! setf setq unless when",
        constants: "nil t true false",
        sigils: &[(b':', Class::Constant)],
        capitals: false,
        ..C
    },
    Language {
        names: "erl erlang prolog",
        line_comments: "%",
        block_comment: None,
        keywords: "after and andalso band begin bor case catch div end fun if is not of or orelse receive rem try when xor",
        constants: "true false ok error undefined",
        sigils: &[(b'?', Class::Constant)],
        ..C
    },
    Language {
        names: "matlab octave",
        line_comments: "% #",
        block_comment: Some(("%{", "%}")),
        // A prime transposes.
        quotes: &[quotes("\""), LETTER],
        keywords: "break case catch classdef continue else elseif end for function global if methods otherwise parfor persistent properties \
            return switch try while",
        constants: "true false pi Inf NaN",
        sigils: &[],
        capitals: false,
        ..C
    },
    Language {
        names: "pas pascal delphi",
        block_comment: Some(("{", "}")),
        quotes: &[DOUBLED],
        keywords: "and array as asm begin case class const constructor destructor div do downto else end except exports file finally for \
            function goto if implementation in inherited interface is mod not object of or out packed procedure program property raise record \
            repeat set shl shr then to try type unit until uses var while with xor",
        types: "boolean byte cardinal char double extended int64 integer longint real single string word",
        constants: "true false nil self",
        case: Case::Ignored,
        sigils: &[],
        ..C
    },
    Language {
        names: "tex latex bib bibtex",
        line_comments: "%",
        block_comment: None,
        quotes: &[],
        sigils: &[(b'\\', Class::Keyword), (b'@', Class::Keyword)],
        constants: "",
        keys: Keys::Lines,
        capitals: false,
        ..C
    },
    Language {
        names: "applescript",
        line_comments: "-- #",
        block_comment: Some(("(*", "*)")),
        quotes: &[quotes("\"")],
        keywords: "and as by considering contains copy do else end equals error every exit from global if ignoring in into is local my not of \
            on or property repeat return set tell the then times to try until while with",
        constants: "true false me missing",
        sigils: &[],
        capitals: false,
        ..C
    },
    Language { names: "xml html htm xhtml svg xsd xslt vue svelte", scanner: Scanner::Xml, ..C },
    Language { names: "diff patch", scanner: Scanner::Diff, ..C },
    Language { names: "md markdown", scanner: Scanner::Markdown, ..C },
];

#[cfg(test)]
mod tests {
    use super::LANGUAGES;

    #[test]
    fn no_name_stands_twice() {
        let mut names: Vec<&str> =
            LANGUAGES.iter().flat_map(|row| row.names.split_ascii_whitespace()).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
