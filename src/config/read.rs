//! From `deckc.toml` as it is written to what it means.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::time::Duration;

use serde_json::Value;
use toml::Spanned;

use super::fault::{Fault, Wrong};
use super::written::{Backend, Defaults, File, FileRule};
use super::{Config, Glob, Rule};
use crate::backend::{
    Choice, Column, ContainerChoice, CsvOptions, External, Feature, Limits, Options, QuizletOptions,
    UnknownColumn,
};
use crate::diagnostic::Code;
use crate::model::BuiltIn;
use crate::reader::Tables;
use crate::version::Scheme;

/// Reads a configuration.
pub(super) fn read(text: &str, path: &str) -> Result<Config, Box<Fault>> {
    let toml = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file = toml::from_str(toml).map_err(|error| Wrong::not_understood(&error));
    file.and_then(meaning).map_err(|wrong| Box::new(wrong.fault(text, text.len() - toml.len(), path)))
}

fn meaning(file: File) -> Result<Config, Wrong> {
    let File {
        id,
        name,
        formats,
        out,
        style,
        defaults,
        files,
        apkg,
        csv,
        quizlet,
        json,
        anki_text,
        backend,
        release,
    } = file;
    if let Some(id) = &id
        && (id.get_ref().trim().is_empty() || id.get_ref().contains(char::is_whitespace))
    {
        return Err(Wrong::value(id.span(), "`id` is empty or holds white space".into()));
    }
    if let Some(name) = &name
        && name.get_ref().trim().is_empty()
    {
        return Err(Wrong::value(name.span(), "`name` is empty".into()));
    }
    let mut rules = vec![rule(defaults)?];
    for FileRule { glob, deck, tags, r#type, dialect, card_level, table, source } in files {
        let pattern = Glob::new(glob.get_ref()).map_err(|reason| {
            Wrong::value(glob.span(), format!("`{}` is no glob: {reason}", glob.get_ref()))
        })?;
        let rule = rule(Defaults { deck, tags, r#type, dialect, card_level, table, source })?;
        rules.push(Rule { glob: Some(pattern), ..rule });
    }
    let options = Options {
        container: container(apkg.container)?,
        spans: choice(json.spans),
        csv: CsvOptions {
            columns: csv.columns.iter().map(column).collect::<Result<_, _>>()?,
            html: choice(csv.html),
            bom: choice(csv.bom),
            crlf: choice(csv.crlf),
            guard_formulas: choice(csv.guard_formulas),
        },
        quizlet: QuizletOptions {
            term_separator: quizlet.term_separator,
            row_separator: quizlet.row_separator,
            max_rows: max_rows(quizlet.max_rows)?,
        },
        anki_text_note_types: note_types(anki_text.note_types)?,
    };
    let backends = backend.into_iter().map(|(name, backend)| Ok((name, external(backend)?)));
    Ok(Config {
        id: id.map(Spanned::into_inner),
        name: name.map(Spanned::into_inner),
        formats,
        out,
        style,
        rules,
        options,
        backends: backends.collect::<Result<_, _>>()?,
        versions: versions(release.version)?,
    })
}

fn rule(defaults: Defaults) -> Result<Rule, Wrong> {
    let Defaults { deck, tags, r#type, dialect, card_level, table, source } = defaults;
    let card_level = match card_level {
        Some(level) => {
            Some(u8::try_from(*level.get_ref()).ok().filter(|level| (1..=6).contains(level)).ok_or_else(
                || Wrong::value(level.span(), format!("`card-level` is {}, not 1 to 6", level.get_ref())),
            )?)
        }
        None => None,
    };
    let tables = match table {
        Some(table) => Some(match table.get_ref().as_str() {
            "cards" => Tables::Cards,
            "content" => Tables::Content,
            other => {
                let message = format!("`table` is `{other}`, neither `cards` nor `content`");
                return Err(Wrong::value(table.span(), message));
            }
        }),
        None => None,
    };
    let note_type = r#type.map(|name| built_in(&name)).transpose()?;
    Ok(Rule { glob: None, deck, tags, note_type, dialect, card_level, tables, source })
}

fn built_in(name: &Spanned<String>) -> Result<BuiltIn, Wrong> {
    BuiltIn::parse(name.get_ref()).ok_or_else(|| {
        let known = BuiltIn::ALL.map(BuiltIn::key).join("`, `");
        Wrong::value(name.span(), format!("`{}` is no note type; there are `{known}`", name.get_ref()))
    })
}

fn versions(version: Option<Spanned<toml::Value>>) -> Result<Scheme, Wrong> {
    let Some(version) = version else { return Ok(Scheme::default()) };
    let number = |number: &i64| u64::try_from(*number).ok().filter(|number| *number > 0);
    match version.get_ref() {
        toml::Value::String(name) if name == "date" => Ok(Scheme::Date),
        toml::Value::String(name) if name == "counter" => Ok(Scheme::Counter),
        toml::Value::Integer(value) if number(value).is_some() => Ok(Scheme::Number(value.unsigned_abs())),
        other => {
            let message = format!("`version` is {other}, not \"date\", \"counter\" or a number from 1");
            Err(Wrong::value(version.span(), message))
        }
    }
}

fn container(name: Option<Spanned<String>>) -> Result<ContainerChoice, Wrong> {
    let Some(name) = name else { return Ok(ContainerChoice::default()) };
    match name.get_ref().as_str() {
        "legacy" => Ok(ContainerChoice::Legacy),
        "latest" => Ok(ContainerChoice::Latest),
        other => Err(Wrong::value(name.span(), format!("`{other}` is neither `legacy` nor `latest`"))),
    }
}

fn column(name: &Spanned<String>) -> Result<Column, Wrong> {
    name.get_ref().parse().map_err(|unknown: UnknownColumn| Wrong {
        code: Code::ConfigKey,
        place: Some(name.span()),
        message: format!("unknown column `{}`", name.get_ref().trim()),
        help: Some(unknown.help()),
    })
}

fn max_rows(rows: Option<Spanned<i64>>) -> Result<NonZeroUsize, Wrong> {
    let Some(rows) = rows else { return Ok(QuizletOptions::default().max_rows) };
    let count = usize::try_from(*rows.get_ref()).ok().and_then(NonZeroUsize::new);
    count
        .ok_or_else(|| Wrong::value(rows.span(), format!("`max-rows` is {}, not at least 1", rows.get_ref())))
}

fn note_types(names: BTreeMap<Spanned<String>, String>) -> Result<BTreeMap<BuiltIn, String>, Wrong> {
    names.into_iter().map(|(key, name)| Ok((built_in(&key)?, name))).collect()
}

fn external(backend: Backend) -> Result<External, Wrong> {
    let Backend { command, timeout, carries, options } = backend;
    if let Some(command) = &command
        && command.get_ref().first().is_none_or(String::is_empty)
    {
        return Err(Wrong::value(command.span(), "`command` names no program".into()));
    }
    let longest = Limits::LONGEST.as_secs();
    let timeout = match timeout {
        Some(timeout) => {
            let seconds =
                u64::try_from(*timeout.get_ref()).ok().filter(|seconds| (1..=longest).contains(seconds));
            Some(Duration::from_secs(seconds.ok_or_else(|| {
                let message = format!("`timeout` is {} s, not 1 to {longest}", timeout.get_ref());
                Wrong::value(timeout.span(), message)
            })?))
        }
        None => None,
    };
    let feature = |name: Spanned<String>| {
        Feature::parse(name.get_ref()).ok_or_else(|| {
            let known = Feature::ALL.map(Feature::key).join("`, `");
            Wrong::value(name.span(), format!("`{}` is no feature; there are `{known}`", name.get_ref()))
        })
    };
    let carries =
        carries.map(|names| names.into_iter().map(feature).collect::<Result<_, _>>()).transpose()?;
    let options = options.into_iter().map(|(key, value)| (key, json(value))).collect();
    Ok(External { command: command.map(Spanned::into_inner), timeout, carries, options })
}

/// Returns a setting as JSON has it: dates, and numbers that JSON does not know, as text.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => serde_json::Number::from_f64(number)
            .map_or_else(|| Value::String(number.to_string()), Value::Number),
        toml::Value::Boolean(on) => Value::Bool(on),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(list) => Value::Array(list.into_iter().map(json).collect()),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect())
        }
    }
}

fn choice(on: bool) -> Choice {
    if on { Choice::On } else { Choice::Off }
}
