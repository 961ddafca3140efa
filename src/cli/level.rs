//! At what level findings count in this run: `--deny` and `--allow`.

use super::CouldNotRun;
use super::load::{ProjectArguments, unknown_code};
use crate::base::finding::{Finding, Severity};
use crate::base::rule::{self, Rule};

/// What `--deny` and `--allow` name: rules, and whether all warnings are denied.
pub(super) struct Levels {
    warnings: bool,
    denied: Vec<&'static str>,
    allowed: Vec<&'static str>,
}

impl Levels {
    /// Reads the two.
    ///
    /// # Errors
    /// A rule that there is not, that cannot be allowed, or that is both denied and allowed.
    pub(super) fn of(arguments: &ProjectArguments) -> Result<Self, CouldNotRun> {
        let mut levels = Levels { warnings: false, denied: Vec::new(), allowed: Vec::new() };
        for name in names(&arguments.deny) {
            match name {
                "warnings" => levels.warnings = true,
                "warning" => return Err(CouldNotRun("there is no rule `warning`; did you mean `warnings`, which are all of them?".into())),
                name => levels.denied.push(named(name)?.code),
            }
        }
        for name in names(&arguments.allow) {
            if name == "warnings" {
                return Err(CouldNotRun("all warnings cannot be allowed at once; they stop nothing unless they are denied".into()));
            }
            let rule = named(name)?;
            if rule.severity == Severity::Error {
                return Err(CouldNotRun(format!(
                    "`{name}` cannot be allowed: {}; `annexa explain {name}` says what to do",
                    rule::WRONG_OUTPUT
                )));
            }
            if levels.denied.contains(&rule.code) {
                return Err(CouldNotRun(format!("`{name}` cannot be denied and allowed at once; leave out one of the two")));
            }
            levels.allowed.push(rule.code);
        }
        Ok(levels)
    }

    /// Sets the level of findings. An exception stands before both, since it names the place and the reason; a rule that is allowed stands before all
    /// warnings that are denied, since it is named.
    pub(super) fn apply(&self, findings: &mut [Finding]) {
        for finding in findings.iter_mut().filter(|finding| finding.excepted.is_none()) {
            let code = finding.rule.code;
            if self.allowed.contains(&code) {
                finding.severity = Severity::Note;
            } else if self.denied.contains(&code) || self.warnings && finding.severity == Severity::Warning {
                finding.severity = Severity::Error;
            }
        }
    }
}

/// Names, several of which may be given at once, with commas.
fn names(given: &[String]) -> impl Iterator<Item = &str> {
    given.iter().flat_map(|names| names.split(',')).map(str::trim)
}

fn named(name: &str) -> Result<&'static Rule, CouldNotRun> {
    rule::find(name).ok_or_else(|| CouldNotRun(unknown_code(name)))
}
