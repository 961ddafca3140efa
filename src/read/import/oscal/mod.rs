//! OSCAL as JSON (pages.nist.gov/OSCAL): a catalogue into ours, a profile into a baseline.

mod catalogue;
mod json;
mod params;
mod profile;

use serde_json::Value;

use super::report::Report;
use super::{Imported, Request};
use crate::base::rule;
use crate::base::word::phrase;
use json::At;

/// Reads a file of JSON; what it is follows from its one key.
pub(super) fn read(text: &str, request: &Request<'_>, report: &mut Report<'_>) -> Option<Imported> {
    let value = parse(text, report)?;
    if let Some(root) = value.get("catalog") {
        return catalogue::import(&At::new(root, "catalog"), request, report);
    }
    if let Some(root) = value.get("profile") {
        return profile::import(&At::new(root, "profile"), request, report);
    }
    let keys: Vec<&str> = value.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).take(3).collect();
    let message = match keys.as_slice() {
        [] => phrase!("this JSON is no OSCAL file"),
        keys => {
            phrase!("this JSON holds {names}, and neither an OSCAL `catalog` nor a `profile`", names = format!("`{}`", keys.join("`, `")))
        }
    };
    let help = phrase!("import a catalogue or a profile; resolve other OSCAL files with NIST's tools first");
    report.file(&rule::IMPORT_UNREADABLE, message, help);
    None
}

/// JSON, less deep than serde_json's own limit of 128 levels.
fn parse(text: &str, report: &mut Report<'_>) -> Option<Value> {
    match serde_json::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let place = phrase!("line {line}, column {column}", line = error.line(), column = error.column());
            let message = phrase!("this is not valid JSON: {error}", error = words(&error));
            report.at(&rule::IMPORT_UNREADABLE, place, message, phrase!("take the file from its publisher again"));
            None
        }
    }
}

/// What serde_json says, less the place that it adds.
fn words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(words, _)| words).to_owned()
}
