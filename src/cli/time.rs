//! The time of a build: the one place that reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::ledger::LATEST;

/// Returns `SOURCE_DATE_EPOCH`, where it is set, else the clock; both in s since 1970.
///
/// # Errors
/// Says what is wrong with `SOURCE_DATE_EPOCH`.
pub(super) fn now() -> Result<i64, String> {
    match std::env::var_os("SOURCE_DATE_EPOCH") {
        Some(value) => parse(&value.to_string_lossy()),
        None => Ok(clock()),
    }
}

#[expect(clippy::disallowed_methods, reason = "time enters here and nowhere else")]
fn clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(since).unwrap_or(LATEST).min(LATEST)
}

fn parse(value: &str) -> Result<i64, String> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = if digits { value.parse::<i64>().ok() } else { None };
    seconds.filter(|seconds| *seconds <= LATEST).ok_or_else(|| {
        format!("SOURCE_DATE_EPOCH is `{value}`, not a number of seconds since 1970; set one such as `1700000000`, or none")
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn nonsense_is_refused() {
        assert_eq!(parse("0"), Ok(0));
        assert_eq!(parse("10000000000"), Ok(10_000_000_000));
        for value in ["", "abc", "-1", "+1", "1.5", " 1", "99999999999999999999", "1e9"] {
            assert!(parse(value).is_err(), "{value}");
        }
    }
}
