//! `annexa catalog show NAME`: a control with all that is known of it, or an edition with its groups.

mod control;
mod edition;
mod prose;
mod usage;

use clap::Args;

use super::{Common, Opened, open, print};
use crate::base::id::EditionId;
use crate::cli::voice::Voice;
use crate::cli::{CouldNotRun, Ended, names};
use crate::read::framework::{Catalogue, Control};

#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// A control, as in `iso27001:A.5.23`, or an edition, as in `ccm@4.1`
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    common: Common,
}

/// An edition's name as an argument.
pub(super) fn edition(text: &str) -> Result<EditionId, String> {
    EditionId::parse(text).ok_or_else(|| "write an edition, as in iso27001@2022".to_owned())
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let opened = open(&arguments.common, voice)?;
    match find(&opened, &arguments.name)? {
        Named::Control(found) => {
            let shown = control::gather(&opened, found);
            print(&arguments.common, voice, || serde_json::json!(shown), |paper| control::human(&shown, paper))
        }
        Named::Edition(found) => {
            let shown = edition::gather(&opened, found);
            print(&arguments.common, voice, || serde_json::json!(shown), |paper| edition::human(&shown, paper))
        }
    }
}

enum Named<'a> {
    Control(&'a Control),
    Edition(&'a Catalogue),
}

fn find<'a>(opened: &'a Opened, name: &str) -> Result<Named<'a>, CouldNotRun> {
    let catalogues = &opened.manual.view.catalogues;
    if let Some(control) = names::control(catalogues, name)? {
        return Ok(Named::Control(control));
    }
    let near = names::near_control(catalogues, name);
    match EditionId::parse(name).map(|id| catalogues.find(&id)) {
        Some(Ok(found)) => Ok(Named::Edition(found)),
        Some(Err(unknown)) if near.is_none() => Err(names::unknown(unknown)),
        _ => {
            let help =
                near.map_or_else(|| "write it as in iso27001:A.5.23 or iso27001@2022".to_owned(), |near| format!("did you mean `{near}`?"));
            Err(CouldNotRun(format!("`{name}` names no control and no edition; {help}")))
        }
    }
}
