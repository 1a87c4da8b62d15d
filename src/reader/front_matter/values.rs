//! YAML and TOML to keys with simple values and their places.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use toml::de::{DeTable, DeValue};

/// The levels of nesting that YAML may have.
const MAX_DEPTH: usize = 32;

/// Is a key at the top level, with its value. Ranges are of the parsed text.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_range: Range<usize>,
    pub(super) value: Value,
    pub(super) range: Range<usize>,
}

/// Is a value, as far as deckc reads values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Text, or a number or a truth value as text.
    Text(String),
    /// A list of such texts.
    List(Vec<String>),
    Null,
    /// A map, or a list that holds one.
    Other,
}

/// Says why a text cannot be read, and where.
#[derive(Debug)]
pub(super) struct Invalid {
    pub(super) message: String,
    pub(super) at: usize,
}

/// Returns what the YAML reader says in words of the author: without the line, which counts from the front matter's own top,
/// and without the reader's settings.
fn plain(message: &str) -> String {
    let said = message.rsplit_once(" at line ").map_or(message, |(said, _)| said);
    if said.starts_with("budget breached: Aliases") {
        return "aliases (`*name`) are not read".to_owned();
    }
    if said.starts_with("budget breached: Depth") {
        return format!("it nests deeper than {MAX_DEPTH} levels");
    }
    match said.strip_prefix("duplicate mapping key: ") {
        Some(rest) => format!("the key `{}` stands twice", rest.split(',').next().unwrap_or(rest)),
        None => said.to_owned(),
    }
}

/// Reads YAML. Aliases are refused: a few lines of them can stand for gigabytes.
pub(super) fn yaml(text: &str) -> Result<Vec<Entry>, Invalid> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Vec::new());
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_depth: MAX_DEPTH, max_aliases: 0, max_documents: 1 },
        with_snippet: false,
    };
    let Map(pairs) = serde_saphyr::from_str_with_options::<Map>(text, options).map_err(|error| {
        let at = error.location().map_or(0, |location| offset(text, location)).min(text.len());
        Invalid { message: plain(&first_line(&error.to_string())), at }
    })?;
    Ok(pairs
        .into_iter()
        .map(|(key, value)| {
            let start = offset(text, key.referenced);
            let begin = offset(text, value.referenced).max(start);
            let key_range = start..(start + key.value.len()).min(text.len());
            let range = begin..value_end(text, begin, &value.value.0);
            Entry { key: key.value, key_range, value: value.value.0, range }
        })
        .collect())
}

fn offset(text: &str, location: serde_saphyr::Location) -> usize {
    let bytes = location.span().byte_offset().and_then(|at| usize::try_from(at).ok());
    let mut at = bytes.unwrap_or(0).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Returns where a value that begins at `start` ends: at its own end where it is one word, else at the end of the line.
fn value_end(text: &str, start: usize, value: &Value) -> usize {
    let line = text[start..].find(['\n', '\r']).map_or(text.len(), |n| start + n);
    match value {
        Value::Text(word) if text[start..line].starts_with(word.as_str()) => start + word.len(),
        Value::Text(_) | Value::List(_) | Value::Null | Value::Other => {
            start + text[start..line].trim_end().len()
        }
    }
}

fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or("").trim();
    let line = line.strip_prefix("error: ").unwrap_or(line);
    line.trim_end_matches('.').to_owned()
}

/// Is the map of a YAML document; an empty document is an empty one.
struct Map(Vec<(serde_saphyr::Spanned<String>, serde_saphyr::Spanned<Node>)>);

impl<'de> Deserialize<'de> for Map {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Map;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("keys with values, such as `deck: Biology`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Map, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Map(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

struct Node(Value);

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Node;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a value")
            }

            fn visit_str<E>(self, text: &str) -> Result<Node, E> {
                Ok(Node(Value::Text(text.to_owned())))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
                Ok(Node(Value::Text(value.to_string())))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
                Ok(Node(Value::Text(value.to_string())))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
                Ok(Node(Value::Text(value.to_string())))
            }

            fn visit_i128<E>(self, value: i128) -> Result<Node, E> {
                Ok(Node(Value::Text(value.to_string())))
            }

            fn visit_u128<E>(self, value: u128) -> Result<Node, E> {
                Ok(Node(Value::Text(value.to_string())))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
                Ok(Node(Value::Text(value.to_string())))
            }

            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node(Value::Null))
            }

            fn visit_none<E>(self) -> Result<Node, E> {
                Ok(Node(Value::Null))
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
                Node::deserialize(deserializer)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
                let mut texts = Vec::new();
                let mut simple = true;
                while let Some(Node(value)) = seq.next_element()? {
                    match value {
                        Value::Text(text) => texts.push(text),
                        Value::Null => {}
                        Value::List(_) | Value::Other => simple = false,
                    }
                }
                Ok(Node(if simple { Value::List(texts) } else { Value::Other }))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Node(Value::Other))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// Reads TOML.
pub(super) fn toml(text: &str) -> Result<Vec<Entry>, Invalid> {
    let table = DeTable::parse(text).map_err(|error| Invalid {
        message: first_line(error.message()),
        at: error.span().map_or(0, |span| span.start).min(text.len()),
    })?;
    let mut entries: Vec<Entry> = table
        .into_inner()
        .into_iter()
        .map(|(key, value)| Entry {
            key_range: key.span(),
            range: value.span(),
            key: key.into_inner().into_owned(),
            value: toml_value(value.get_ref()),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_range.start);
    Ok(entries)
}

fn toml_value(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => Value::Text(number.to_string()),
        DeValue::Float(number) => Value::Text(number.to_string()),
        DeValue::Boolean(value) => Value::Text(value.to_string()),
        DeValue::Datetime(value) => Value::Text(value.to_string()),
        DeValue::Table(_) => Value::Other,
        DeValue::Array(items) => {
            let mut texts = Vec::new();
            for item in items {
                match toml_value(item.get_ref()) {
                    Value::Text(text) => texts.push(text),
                    Value::List(_) | Value::Null | Value::Other => return Value::Other,
                }
            }
            Value::List(texts)
        }
    }
}
