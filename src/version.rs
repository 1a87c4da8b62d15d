//! What a release is called, and where its packages say it.

use time::UtcDateTime;

/// What stands before the version in the description of a deck.
const MARK: &str = "Version ";

/// Says how versions are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// The day of the build in UTC: `2026.11.22`; a second release of that day is `2026.11.22.2`.
    #[default]
    Date,
    /// One more than the last: `1`, `2`, …
    Counter,
    /// A number that the author raises.
    Number(u64),
}

/// Says that a version cannot be given a second time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("version {version} was released before")]
pub struct Released {
    /// The version.
    pub version: String,
}

/// Returns the version that follows `last`. `now` is the build's time in s since 1970.
///
/// # Errors
/// When the author's number is not above the last one.
pub fn next(scheme: Scheme, last: Option<&str>, now: i64) -> Result<String, Released> {
    match scheme {
        Scheme::Date => Ok(next_date(&date(now), last)),
        Scheme::Counter => {
            let last = last.and_then(|last| last.parse::<u64>().ok());
            Ok(last.map_or(1, |last| last.saturating_add(1)).to_string())
        }
        Scheme::Number(number) => match last.and_then(|last| last.parse::<u64>().ok()) {
            Some(last) if last >= number => Err(Released { version: number.to_string() }),
            Some(_) | None => Ok(number.to_string()),
        },
    }
}

fn next_date(today: &str, last: Option<&str>) -> String {
    let rest = last.and_then(|last| last.strip_prefix(today));
    match rest {
        None => today.to_owned(),
        Some(rest) => {
            let number = rest.strip_prefix('.').and_then(|number| number.parse::<u64>().ok()).unwrap_or(1);
            format!("{today}.{}", number.saturating_add(1))
        }
    }
}

/// Returns the day of a time in s since 1970, in UTC, as `2026.11.22`.
#[must_use]
pub fn date(seconds: i64) -> String {
    let day = UtcDateTime::from_unix_timestamp(seconds).unwrap_or(UtcDateTime::UNIX_EPOCH).date();
    format!("{:04}.{:02}.{:02}", day.year(), u8::from(day.month()), day.day())
}

/// Returns the line that says the version.
#[must_use]
pub fn line(version: &str) -> String {
    format!("{MARK}{version}")
}

/// Parts a description from the line that says its version, where its last line does.
#[must_use]
pub fn split(description: &str) -> (&str, Option<&str>) {
    let (text, last) = description.rsplit_once('\n').unwrap_or(("", description));
    let version = last.strip_prefix(MARK).filter(|version| {
        !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    });
    match version {
        Some(version) => (text.trim_end(), Some(version)),
        None => (description, None),
    }
}

#[cfg(test)]
mod tests {
    use super::{Released, Scheme, date, line, next, split};

    /// 2026-11-22 10:00 UTC.
    const NOW: i64 = 1_795_341_600;

    #[test]
    fn a_day_is_a_version_and_its_second_release_has_a_number() {
        let next = |last| next(Scheme::Date, last, NOW).expect("dates never clash");
        assert_eq!(next(None), "2026.11.22");
        assert_eq!(next(Some("2026.11.21")), "2026.11.22");
        assert_eq!(next(Some("2026.11.22")), "2026.11.22.2");
        assert_eq!(next(Some("2026.11.22.2")), "2026.11.22.3");
        assert_eq!(next(Some("17")), "2026.11.22");
    }

    #[test]
    fn a_counter_counts_and_begins_anew_after_what_is_no_number() {
        let next = |last| next(Scheme::Counter, last, NOW);
        assert_eq!(next(None), Ok("1".into()));
        assert_eq!(next(Some("41")), Ok("42".into()));
        assert_eq!(next(Some("2026.11.22")), Ok("1".into()));
    }

    #[test]
    fn a_number_must_be_raised() {
        let next = |last| next(Scheme::Number(5), last, NOW);
        assert_eq!(next(Some("4")), Ok("5".into()));
        assert_eq!(next(Some("5")), Err(Released { version: "5".into() }));
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(date(0), "1970.01.01");
        assert_eq!(date(951_782_400), "2000.02.29");
        assert_eq!(date(NOW), "2026.11.22");
    }

    #[test]
    fn a_description_gives_its_version_back() {
        let described = format!("About\n\n{}", line("2026.11.22.2"));
        assert_eq!(split(&described), ("About", Some("2026.11.22.2")));
        assert_eq!(split(&line("7")), ("", Some("7")));
        assert_eq!(split("Version control"), ("Version control", None));
        assert_eq!(split("Version 2\nand more"), ("Version 2\nand more", None));
    }
}
