//! What holds for every text: no rule panics, and what Anki made of a text once it leaves alone.

use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::cards::CardRules;
use super::cloze;
use super::deck_name::DeckName;
use super::note_types::shared;
use super::{checksum, media_name, tag, template, text};
use crate::model::BuiltIn;

/// Texts made of the pieces that the rules look for, and of anything else.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        any::<char>().prop_map(String::from),
        proptest::sample::select(vec![
            "{{c1::",
            "{{c2::",
            "}}",
            "{{#Front}}",
            "{{/Front}}",
            "{{Front}}",
            "<!--",
            "-->",
            "<",
            ">",
            "<img ",
            "src=",
            "\"",
            "'",
            "<style>",
            "</style>",
            "&amp;",
            "&#x",
            ";",
            "::",
            ":",
            " ",
            ".",
            "..",
            "con",
            "_",
            "-",
            "\u{a0}",
            "\u{301}",
            "\u{1f}",
            "/",
            "\\",
        ])
        .prop_map(String::from),
    ];
    proptest::collection::vec(pieces, 0..150).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_makes_a_rule_panic(text in texts()) {
        let _ = checksum::sort_text(&text);
        let _ = template::parse(&text);
        for builtin in BuiltIn::ALL {
            let note_type = shared(builtin);
            let rules = CardRules::new(&note_type).expect("built-in templates are sound");
            let fields = vec![text.as_str(); note_type.fields.len()];
            let ords = rules.ords(&fields, &[]);
            prop_assert!(ords.windows(2).all(|pair| pair[0] < pair[1]));
        }
        let _ = cloze::numbers(&text);
    }

    #[test]
    fn what_is_normal_stays(text in texts()) {
        let field = text::field(&text).into_owned();
        let again = text::field(&field);
        prop_assert_eq!(again.as_ref(), &field);
        if let Some(normal) = tag::normalize(&text) {
            prop_assert_eq!(tag::normalize(&normal), Some(normal.clone()));
            prop_assert!(!normal.contains(' '));
        }
        if let Ok(normal) = DeckName::new(&text) {
            prop_assert_eq!(DeckName::new(normal.as_str()), Ok(normal));
        }
        let normal = media_name::normalize(&text);
        prop_assert_eq!(media_name::normalize(&normal), normal.clone());
        prop_assert!(normal.len() <= media_name::MAX_BYTES);
    }

    #[test]
    fn names_by_content_are_plain_and_safe(name in texts(), content in any::<[u8; 8]>()) {
        let name = media_name::for_content(&name, &media_name::content_hash(&content));
        prop_assert_eq!(media_name::normalize(&name), name.clone());
        prop_assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.'));
        prop_assert!(name.as_bytes()[0].is_ascii_alphanumeric() && !name.starts_with("latex-"));
        prop_assert!(name.len() <= media_name::MAX_BYTES);
    }
}
