//! `annexa catalog show NAME`: a control with all that is known of it, or an edition with its groups.

mod control;
mod edition;
mod prose;
mod usage;

use clap::Args;

use super::{Common, Opened, open, print};
use crate::base::id::{EditionId, Reference, canonical_control};
use crate::cli::{CouldNotRun, Ended};
use crate::read::catalogues::{Catalogues, Unknown};
use crate::read::framework::{Catalogue, Control};
use crate::read::schema::list;

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

pub(super) fn run(arguments: &Arguments) -> Result<Ended, CouldNotRun> {
    let opened = open(&arguments.common)?;
    match find(&opened, &arguments.name)? {
        Named::Control(found) => {
            let shown = control::gather(&opened, found);
            print(&arguments.common, || serde_json::json!(shown), |paper| control::human(&shown, paper));
        }
        Named::Edition(found) => {
            let shown = edition::gather(&opened, found);
            print(&arguments.common, || serde_json::json!(shown), |paper| edition::human(&shown, paper));
        }
    }
    Ok(Ended::Well)
}

enum Named<'a> {
    Control(&'a Control),
    Edition(&'a Catalogue),
}

fn find<'a>(opened: &'a Opened, name: &str) -> Result<Named<'a>, CouldNotRun> {
    let catalogues = &opened.manual.view.catalogues;
    let failed = |unknown: Unknown| CouldNotRun([Some(unknown.message), unknown.help].into_iter().flatten().collect::<Vec<_>>().join("; "));
    if let Some(Reference::Control { edition, control }) = Reference::parse(name) {
        return catalogues.control(&edition, &control).map(Named::Control).map_err(failed);
    }
    if let Some(control) = bare(catalogues, name)? {
        return Ok(Named::Control(control));
    }
    match EditionId::parse(name) {
        Some(id) => catalogues.find(&id).map(|found| Named::Edition(found)).map_err(failed),
        None => Err(CouldNotRun(format!("`{name}` names no control and no edition; write it as in iso27001:A.5.23 or iso27001@2022"))),
    }
}

/// The control of an identifier without its framework, where only one edition in use, or of all, has it.
fn bare<'a>(catalogues: &'a Catalogues, name: &str) -> Result<Option<&'a Control>, CouldNotRun> {
    let id = canonical_control(name);
    let all: Vec<&Control> = catalogues.all().filter_map(|catalogue| catalogue.control(&id)).collect();
    let used: Vec<&Control> = all.iter().copied().filter(|control| catalogues.is_in_use(&control.id.edition)).collect();
    match (used.as_slice(), all.as_slice()) {
        ([only], _) | ([], [only]) => Ok(Some(only)),
        ([], []) => Ok(None),
        _ => {
            let names: Vec<String> = all.iter().map(|control| control.id.to_string()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            Err(CouldNotRun(format!("several editions have `{id}`; write one of {}", list(&names))))
        }
    }
}
