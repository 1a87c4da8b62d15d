//! All diagnostic codes, in one table.
//!
//! D0xx cards, D1xx files and text, D2xx front matter, configuration and tables, D3xx media, D4xx identity, D5xx names and
//! content for Anki, D6xx formats out. A released code never changes its meaning. Each has a page under `docs/explain`,
//! which `deckc explain` prints, and a case under `tests/cases`.

use super::Severity;

macro_rules! codes {
    ($($id:ident $severity:ident $name:ident $title:literal)*) => {
        /// Names a kind of finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// All codes, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// Returns the code as people quote it, such as `D001`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Code::$name => stringify!($id),)* }
            }

            /// Returns how bad a finding of this kind is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            /// Returns the kind in a few words.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }

            /// Returns the page that `deckc explain` prints, in Markdown.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self { $(Code::$name => include_str!(concat!("../../docs/explain/", stringify!($id), ".md")),)* }
            }
        }
    };
}

codes! {
    D001 Warning UnclosedCloze "cloze deletion is never closed"
    D002 Warning QuestionWithoutAnswer "`Q:` without `A:`"
    D003 Warning AnswerWithoutQuestion "`A:` without `Q:`"
    D004 Warning NearMissLabel "text that looks almost like a label"
    D005 Warning UnclosedFence "code fence is never closed"
    D006 Warning ClozeNumber "cloze number that Anki makes no card for"
    D007 Warning InertCloze "cloze marker where none is read"
    D008 Warning EmptySide "card with an empty side"
    D009 Warning UncertainBoundary "uncertain card boundary in pasted text"
    D010 Warning ClozeWithoutDeletion "cloze note without a deletion"
    D011 Error UnknownNoteType "unknown note type"
    D012 Error UnknownField "field that the note type does not have"
    D013 Error DuplicateField "field given twice"
    D014 Warning UnknownDirective "unknown directive or attribute"
    D016 Warning TableShape "table row of another length than its header"
    D017 Warning MixedText "plain text with more than one habit"
    D018 Error CardWithoutFront "card without its first field"
    D020 Warning NestedTooDeep "nesting deeper than 100 levels"
    D021 Warning InvisibleCharacter "invisible character before a label"
    D022 Warning BidiControl "bidirectional control character"
    D023 Warning ControlCharacter "control character in a card"
    D024 Warning FieldTooLarge "very large field"
    D025 Error FieldOverLimit "field over the size limit"
    D026 Warning QuestionIsSection "heading that asks something and is a section"
    D027 Note ForeignMark "mark of another tool that is shown as text"
    D101 Error NotUtf8 "file is not valid UTF-8"
    D102 Note Utf16 "file in another encoding than UTF-8"
    D103 Error NulByte "NUL character in a source"
    D104 Error ConflictMarkers "merge-conflict markers in a source"
    D105 Error FileTooLarge "source file over the size limit"
    D106 Error Unreadable "source file cannot be read"
    D107 Warning FileName "file name is not UTF-8"
    D108 Warning DanglingLink "symbolic link that is not followed"
    D109 Warning NothingFound "no cards found"
    D110 Error UnknownDialect "unknown dialect"
    D111 Warning DialectGuessed "table without a header row"
    D201 Error FrontMatterUnclosed "front matter is never closed"
    D202 Error FrontMatterInvalid "front matter cannot be read"
    D203 Warning FrontMatterKey "front matter key that is almost one of deckc's"
    D204 Error ConfigInvalid "configuration cannot be read"
    D205 Error ConfigKey "unknown configuration key"
    D206 Error CsvRow "malformed row"
    D207 Warning CsvColumns "row of another length than the header"
    D208 Warning CsvHeader "header line that is not understood"
    D301 Warning MediaMissing "media file is missing"
    D302 Error MediaOutside "media path leads outside the project"
    D303 Warning MediaRemote "remote media is not fetched"
    D304 Error MediaScheme "media address of a refused kind"
    D305 Error MediaNotRegular "media path is not a regular file"
    D306 Error MediaTooLarge "media file over the size limit"
    D307 Warning MediaCase "media name differs in upper and lower case"
    D308 Warning MediaKind "media file is not what its name says"
    D309 Warning MediaEmpty "media file is empty"
    D310 Warning MediaScript "SVG file with script or outside references"
    D311 Note MediaUnused "media file that no card uses"
    D312 Error MediaChanged "media file changed while it was read"
    D401 Error DuplicateId "the same id on two notes"
    D402 Warning EqualPrompts "two notes with the same question"
    D403 Warning AmbiguousEdit "edited note that cannot be told apart"
    D404 Error LedgerConflict "merge-conflict markers in the ledger"
    D405 Error LedgerInvalid "ledger cannot be read"
    D406 Error LedgerOutdated "ledger would change under `--locked`"
    D407 Warning LedgerLost "ledger is missing"
    D408 Warning NoteTypeChanged "note type of an existing note changed"
    D409 Note DeckChanged "deck of existing cards changed"
    D410 Note NoteEdited "edited note recognised"
    D411 Note ClozeRenumbered "cloze number kept for its history"
    D412 Error InvalidId "id that cannot be used"
    D413 Error BaselineInvalid "package that cannot be a baseline"
    D414 Warning LedgerRivals "one guid on two lines of the ledger"
    D415 Error BaselineNewer "last release newer than this build"
    D416 Error BaselineDamaged "last release that is not whole"
    D417 Error BaselineForeign "last release of another project"
    D501 Warning DeckName "deck name changed for Anki"
    D502 Note TagName "tag changed for Anki"
    D503 Error DeckDepth "deck nested too deep for Anki"
    D504 Warning ActiveHtml "script or active content in a card"
    D505 Warning Latex "LaTeX that Anki would run"
    D506 Warning ClozeDepth "cloze deletions nested deeper than every Anki reads"
    D507 Warning DeckDescription "two descriptions of one deck"
    D601 Note Loss "content that a format cannot carry"
    D602 Error OutputName "output name that is refused"
    D603 Error OutputClash "two outputs with the same name"
    D604 Error UnknownFormat "unknown format"
    D605 Error ReleaseUnsafe "release that Anki would refuse in part"
    D606 Error ReleaseVersion "version that was released before"
    D607 Error ReleaseEmpty "release without notes"
    D608 Error ReleaseShrunk "release without most notes of the last one"
    D610 Error PluginFailed "external backend failed"
    D611 Error PluginAnswer "external backend answered something else"
    D612 Error PluginTimeout "external backend took too long"
    D613 Warning PluginWarning "warning of an external backend"
}

impl Code {
    /// Returns the code that people quote as `id`, whatever its case.
    #[must_use]
    pub fn parse(id: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.id().eq_ignore_ascii_case(id))
    }
}
