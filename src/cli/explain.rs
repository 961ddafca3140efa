//! `annexa explain CODE`: the page of a rule.

use clap::Args;

use super::voice::Voice;
use super::{CouldNotRun, Ended, load};
use crate::base::rule;

#[derive(Args)]
pub(super) struct Arguments {
    /// A finding's code, as in `unresolved-reference`; without one, all codes are listed
    code: Option<String>,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let Some(code) = &arguments.code else {
        let width = rule::ALL.iter().map(|rule| rule.code.len()).max().unwrap_or(0);
        for rule in rule::ALL {
            voice.say(&format!("{:width$}  {:7}  {}\n", rule.code, rule.severity.name(), rule.summary))?;
        }
        return Ok(Ended::Well);
    };
    let Some(rule) = rule::find(code) else {
        return Err(CouldNotRun(load::unknown_code(code)));
    };
    voice.say(rule.page)?;
    Ok(Ended::Well)
}
