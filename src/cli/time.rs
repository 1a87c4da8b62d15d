//! The time of a build: the one place that reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::ledger::LATEST;

/// Returns `SOURCE_DATE_EPOCH`, where it is set, else the clock; both in s since 1970.
///
/// # Errors
/// Says what is wrong with `SOURCE_DATE_EPOCH`.
pub(super) fn now() -> Result<i64, String> {
    match std::env::var_os("SOURCE_DATE_EPOCH") {
        Some(value) => parse(&value.to_string_lossy(), clock()),
        None => Ok(clock()),
    }
}

#[expect(clippy::disallowed_methods, reason = "time enters here and nowhere else")]
fn clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(since).unwrap_or(LATEST).min(LATEST)
}

/// A clock before this (2026-09-21) is wrong, and says nothing about what lies in the future.
const EARLIEST: i64 = 1_790_000_000;
/// How far the clocks of two machines may lie apart, in s.
const A_DAY: i64 = 86_400;

/// Reads `SOURCE_DATE_EPOCH`. A time to come is refused: note ids are made of it, and Anki's Check Database finds fault with those of the
/// future; until it has come no edit would be newer.
fn parse(value: &str, clock: i64) -> Result<i64, String> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = if digits { value.parse::<i64>().ok() } else { None };
    let seconds = seconds.filter(|seconds| *seconds <= LATEST).ok_or_else(|| {
        format!("SOURCE_DATE_EPOCH is `{value}`, not a number of seconds since 1970; set one such as `1700000000`, or none")
    })?;
    if clock >= EARLIEST && seconds > clock + A_DAY {
        return Err(format!(
            "SOURCE_DATE_EPOCH is `{value}`, which lies in the future; set the time of the last change, as in \
             `SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)`, or none"
        ));
    }
    Ok(seconds)
}

#[cfg(test)]
mod tests {
    use super::{A_DAY, EARLIEST, parse};

    #[test]
    fn nonsense_is_refused() {
        assert_eq!(parse("0", EARLIEST), Ok(0));
        for value in ["", "abc", "-1", "+1", "1.5", " 1", "99999999999999999999", "1e9"] {
            assert!(parse(value, EARLIEST).is_err(), "{value}");
        }
    }

    #[test]
    fn the_future_is_refused_where_the_clock_can_tell() {
        let tomorrow = EARLIEST + A_DAY;
        assert_eq!(parse(&tomorrow.to_string(), EARLIEST), Ok(tomorrow));
        assert!(parse(&(tomorrow + 1).to_string(), EARLIEST).is_err());
        assert_eq!(parse("10000000000", 0), Ok(10_000_000_000));
    }
}
