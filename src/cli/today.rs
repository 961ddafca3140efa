//! The one place where the clock is read.
#![allow(clippy::disallowed_methods)] // law 1: cli reads the clock and the environment

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::CouldNotRun;

/// Where that date comes from, for people.
pub(super) fn origin(given: Option<Date>) -> &'static str {
    match (given, std::env::var_os("SOURCE_DATE_EPOCH")) {
        (Some(_), _) => "--today",
        (None, Some(_)) => "SOURCE_DATE_EPOCH",
        (None, None) => "the clock",
    }
}

/// The date that counts as today: as given, else SOURCE_DATE_EPOCH (seconds since 1970, in UTC; reproducible-builds.org), else the clock's.
pub(super) fn today(given: Option<Date>) -> Result<Date, CouldNotRun> {
    if let Some(date) = given {
        return Ok(date);
    }
    let Ok(epoch) = std::env::var("SOURCE_DATE_EPOCH") else {
        return Ok(TimeZone::system().to_datetime(Timestamp::now()).date());
    };
    let timestamp = epoch.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    timestamp
        .map(|timestamp| TimeZone::UTC.to_datetime(timestamp).date())
        .ok_or_else(|| CouldNotRun(format!("SOURCE_DATE_EPOCH is `{epoch}`, and should be a number of seconds since 1970")))
}
