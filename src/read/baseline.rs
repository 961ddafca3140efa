//! Baselines of a project, as an imported OSCAL profile gives one: which controls of an edition it selects. What the catalogue itself says of
//! a baseline of the same name gives way.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::framework::Catalogue;
use super::markdown::Values;
use super::schema::{self, Context, Field, Kind, Schema};
use super::value::Value;
use crate::base::finding::{Finding, nearest};
use crate::base::rule;
use crate::base::source::{FileId, SourceFile};
use crate::base::word::{phrase, word};
use crate::base::yaml;

/// Where they lie in a project.
pub(super) const FOLDER: &str = "frameworks/baselines/";

pub(super) static SCHEMA: Schema = Schema {
    name: word!("a baseline"),
    fields: &[
        Field::new("format", "Format", Kind::Integer(1, 1)).about("The version of the format: 1.").required(),
        Field::new("of", "Of", Kind::Edition).about("The edition that it selects from.").required(),
        Field::new("baseline", "Baseline", Kind::Text).about("The name of the selection, as in `moderate`.").required(),
        Field::new("title", "Title", Kind::Text),
        Field::new("source", "Source", Kind::Text).about("Where the selection comes from."),
        Field::new("controls", "Controls", Kind::List(&Kind::Text)).about("Identifiers of the controls that it selects.").required(),
    ],
};

/// Reads one file and marks the controls that it selects.
pub(super) fn lay(id: FileId, file: &SourceFile, catalogues: &mut [Catalogue], findings: &mut Vec<Finding>) {
    if file.text().trim().is_empty() {
        // The sources have said so already.
        return;
    }
    let values = Values::default();
    let context = Context { file: id, path: &file.path, classifications: &[], values: &values };
    let node = yaml::parse(file.text(), id, 0, findings);
    let Some(record) = node.and_then(|node| schema::decode(&node, &SCHEMA, &context, findings)) else { return };
    let (Some(Value::Edition(edition)), Some(name)) = (record.get("of"), record.text("baseline")) else { return };
    let Some(catalogue) = catalogues.iter_mut().find(|catalogue| catalogue.id == *edition) else {
        findings.push(
            Finding::new(&rule::UNKNOWN_FRAMEWORK, record.span_of("of"), phrase!("there is no edition `{id}`", id = edition))
                .help(phrase!("name an edition in full, as in `nist80053@r5`; `annexa catalog list` shows all")),
        );
        return;
    };
    let mut selected: BTreeSet<Arc<str>> = BTreeSet::new();
    for item in record.list("controls") {
        let Value::Text(control) = &item.value else { continue };
        if catalogue.control(control).is_none() {
            let near = nearest(control, catalogue.ids()).map(|near| phrase!("the nearest identifier is `{near}`", near = near));
            let message = phrase!("{catalogue} has no control `{control}`", catalogue = catalogue.title, control = control);
            findings.push(Finding::new(&rule::UNKNOWN_CONTROL, item.span, message).help_if(near));
        }
        selected.insert(control.clone());
    }
    for control in &mut catalogue.controls {
        let chosen = selected.contains(&control.id.control);
        control.baselines.retain(|known| known != name || chosen);
        if chosen && !control.baselines.contains(name) {
            control.baselines.push(name.clone());
        }
    }
}
