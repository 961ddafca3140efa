//! Names on the command line: what they mean, and what to say where they mean nothing.

use super::CouldNotRun;
use crate::base::finding::nearest;
use crate::base::id::{ItemId, Reference, canonical_control};
use crate::link::manual::Manual;
use crate::link::view::Audience;
use crate::read::catalogues::{Catalogues, Unknown};
use crate::read::framework::{Catalogue, Control};
use crate::read::project::Project;
use crate::read::register::ROLES;
use crate::read::schema::list;

/// What to say after "there is no …": the nearest name that there is, else what to do.
pub(super) fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, otherwise: impl FnOnce() -> String) -> String {
    nearest(name, known).map_or_else(otherwise, |near| format!("did you mean `{near}`?"))
}

/// The identifier of a control that a name is near to, of the editions in use before others.
pub(super) fn near_control<'a>(catalogues: &'a Catalogues, name: &str) -> Option<&'a str> {
    let id = canonical_control(name);
    // A word without a number is near to the shortest of them all, and means none.
    let is_meant = id.chars().any(|c| c.is_ascii_digit());
    let used = || nearest(&id, catalogues.in_use().flat_map(|catalogue| catalogue.ids()));
    let any = || nearest(&id, catalogues.all().flat_map(|catalogue| catalogue.ids()));
    if is_meant { used().or_else(any) } else { None }
}

/// The control that a name means, with its framework or without; none where it names no control at all.
pub(super) fn control<'a>(catalogues: &'a Catalogues, name: &str) -> Result<Option<&'a Control>, CouldNotRun> {
    if let Some(Reference::Control { edition, control }) = Reference::parse(name) {
        return catalogues.control(&edition, &control).map(Some).map_err(unknown);
    }
    bare(catalogues, name)
}

/// Why a catalogue does not know a name.
pub(super) fn unknown(unknown: Unknown) -> CouldNotRun {
    CouldNotRun([Some(unknown.message), unknown.help].into_iter().flatten().map(|said| said.to_string()).collect::<Vec<_>>().join("; "))
}

/// The audience of a name; `more` are names that the command knows besides.
pub(super) fn audience(name: &str, project: &Project, more: &[&str]) -> Result<Audience, CouldNotRun> {
    Audience::named(name, project).ok_or_else(|| {
        let known = Audience::all(project);
        let known: Vec<&str> = known.iter().map(|audience| audience.name.as_ref()).chain(more.iter().copied()).collect();
        let help = did_you_mean(name, known.iter().copied(), || format!("there are {}", list(&known)));
        CouldNotRun(format!("there is no audience `{name}`; {help}"))
    })
}

/// The control of an identifier without its framework, in capitals or small letters, where only one edition in use, or of all, has it.
fn bare<'a>(catalogues: &'a Catalogues, name: &str) -> Result<Option<&'a Control>, CouldNotRun> {
    let id = canonical_control(name);
    let all: Vec<&Control> = catalogues.all().filter_map(|catalogue| named(catalogue, &id)).collect();
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

fn named<'a>(catalogue: &'a Catalogue, id: &str) -> Option<&'a Control> {
    catalogue.control(id).or_else(|| catalogue.controls.iter().find(|control| control.id.control.eq_ignore_ascii_case(id)))
}

/// The role of a name.
pub(super) fn role(name: &str, manual: &Manual) -> Result<ItemId, CouldNotRun> {
    let roles: Vec<&str> = manual.rows(ROLES.name).map(|row| row.id.as_str()).collect();
    match ItemId::parse(name).filter(|id| roles.contains(&id.as_str())) {
        Some(id) => Ok(id),
        None => {
            let help = did_you_mean(name, roles.iter().copied(), || format!("the register of roles has {}", list(&roles)));
            Err(CouldNotRun(format!("there is no role `{name}`; {help}")))
        }
    }
}

/// What to say of an identifier that no document has.
pub(super) fn no_document(id: &ItemId, manual: &Manual) -> CouldNotRun {
    if let Some((register, _)) = manual.row(id) {
        return CouldNotRun(format!("`{id}` is a row of the register `{}`; name a document, as in POL-004", register.kind.name));
    }
    let known = manual.view.documents.iter().map(|document| document.id.as_str());
    let help = did_you_mean(id.as_str(), known, || "name one by the `id:` at its head, as in POL-004".into());
    CouldNotRun(format!("there is no document `{id}`; {help}"))
}
