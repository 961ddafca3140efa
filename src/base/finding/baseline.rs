//! A baseline: findings that are known, by their fingerprints, so that only new ones fail. A file that is written by a command, sorted, so that what goes
//! from it is a line of a diff.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Finding, Place, Severity};
use crate::base::rule;
use crate::base::source::Sources;
use crate::base::word::{counted, phrase};

/// The version of the format.
const FORMAT: u32 = 1;
/// More that are gone than this are counted, not named.
const NAMED: usize = 20;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    findings: Vec<Known>,
}

/// A finding that is known. Only its fingerprint counts; the rest is for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    path: String,
    code: String,
    message: String,
    fingerprint: String,
}

/// The findings that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<String, Known>,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// What is wrong with the text, in words that follow the file's name.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|error| format!("is no baseline: {error}"))?;
        if file.format != FORMAT {
            return Err(format!("is a baseline of format {}, and this version of Annexa reads {FORMAT}", file.format));
        }
        Ok(Baseline { known: file.findings.into_iter().map(|known| (known.fingerprint.clone(), known)).collect() })
    }

    /// The errors and warnings among findings. Notes stop nothing, so that nobody need know of them.
    pub fn of(findings: &[Finding], fingerprints: &[String], sources: &Sources) -> Self {
        let stops = |(finding, _): &(&Finding, &String)| finding.severity != Severity::Note;
        let known = |(finding, fingerprint): (&Finding, &String)| Known {
            path: path(finding, sources).to_owned(),
            code: finding.rule.code.to_owned(),
            message: finding.message.to_string(),
            fingerprint: fingerprint.clone(),
        };
        Baseline { known: findings.iter().zip(fingerprints).filter(stops).map(known).map(|one| (one.fingerprint.clone(), one)).collect() }
    }

    /// How many are known.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Whether an error or warning is known.
    pub fn knows(&self, finding: &Finding, fingerprint: &str) -> bool {
        finding.severity != Severity::Note && self.known.contains_key(fingerprint)
    }

    /// baseline-outdated: that some of what is known is gone, if so. `file` is the baseline's own place.
    pub fn gone(&self, fingerprints: &[String], file: Place) -> Option<Finding> {
        let found: BTreeSet<&str> = fingerprints.iter().map(String::as_str).collect();
        let gone: BTreeSet<&Known> = self.known.values().filter(|known| !found.contains(known.fingerprint.as_str())).collect();
        if gone.is_empty() {
            return None;
        }
        let message = counted!("{n} finding of the baseline is gone", "{n} findings of the baseline are gone", gone.len());
        let mut finding = Finding::new(&rule::BASELINE_OUTDATED, file, message)
            .help(phrase!("write the baseline again with `--write-baseline`, so that they cannot come back unseen"));
        for known in gone.iter().take(NAMED) {
            finding =
                finding.help(phrase!("gone: {code} in {path}: {message}", code = known.code, path = known.path, message = known.message));
        }
        if gone.len() > NAMED {
            finding = finding.help(phrase!("and {n} more", n = gone.len() - NAMED));
        }
        Some(finding)
    }

    /// The text of the file.
    pub fn to_json(&self) -> String {
        let sorted: BTreeSet<&Known> = self.known.values().collect();
        let file = File { format: FORMAT, findings: sorted.into_iter().cloned().collect() };
        // Texts, numbers and lists always serialise.
        format!("{}\n", serde_json::to_string_pretty(&file).unwrap_or_default())
    }
}

/// The file of a finding, in the project; nothing for the project as a whole.
fn path<'a>(finding: &'a Finding, sources: &'a Sources) -> &'a str {
    match &finding.place {
        Place::Project => "",
        Place::File(path) => path,
        Place::Span(span) => &sources.file(span.file).path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_baseline_is_refused_with_the_reason() {
        for (text, reason) in [
            ("", "is no baseline: EOF"),
            ("[]", "is no baseline: invalid"),
            ("{\"format\": 1, \"findings\": [], \"more\": 1}", "is no baseline: unknown field `more`"),
            ("{\"format\": 2, \"findings\": []}", "is a baseline of format 2"),
        ] {
            let why = Baseline::read(text).unwrap_err();
            assert!(why.starts_with(reason), "{why}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let sources = Sources::from_texts(&[]);
        let findings = [
            Finding::new(&rule::EMPTY_FILE, Place::File("b.md".into()), "b \"\u{1b}"),
            Finding::new(&rule::EMPTY_FILE, Place::File("a.md".into()), "a"),
            Finding::new(&rule::CARRIAGE_RETURN, Place::File("a.md".into()), "only a note"),
        ];
        let baseline = Baseline::of(&findings, &["2".into(), "1".into(), "3".into()], &sources);
        assert_eq!(Baseline::read(&baseline.to_json()), Ok(baseline.clone()));
        assert!(baseline.to_json().find("a.md") < baseline.to_json().find("b.md"), "by path");
        assert_eq!(baseline.len(), 2);
        assert!(baseline.knows(&findings[0], "2") && !baseline.knows(&findings[0], "9") && !baseline.knows(&findings[2], "3"));
    }
}
