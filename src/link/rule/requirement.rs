//! What the clauses of ISO/IEC 27001 ask of the manual as a whole.

use crate::base::finding::{Finding, Place};
use crate::base::rule;
use crate::base::word::phrase;
use crate::link::climate;
use crate::link::manual::Manual;
use crate::link::report::readiness::{MANDATORY, Standing, kept, requirements};
use crate::read::schema::listed;

/// mandatory-document-missing: one finding for all clauses, at the edition in annexa.yaml. A manual of which nothing is in force yet has only begun:
/// what it lacks is what `annexa gap --stage 1` lists.
pub(super) fn mandatory_documents(manual: &Manual, findings: &mut Vec<Finding>) {
    let view = &manual.view;
    let Some(edition) = requirements(manual) else { return };
    let approved = view.documents.iter().any(|document| document.status == "approved");
    let operated = view.statements.iter().any(|statement| matches!(statement.status(), Some("partial" | "implemented")));
    // What could not be read may be what is missed.
    if !(approved || operated) || !view.unread.paths.is_empty() {
        return;
    }
    let missing: Vec<&str> =
        MANDATORY.iter().filter(|asked| kept(manual, edition, asked).standing() == Standing::Missing).map(|asked| asked.clause).collect();
    if missing.is_empty() {
        return;
    }
    let line = view.project.frameworks.iter().find(|listed| view.catalogues.find(&listed.value).is_ok_and(|found| found.id == edition.id));
    let (names, title) = (listed(&missing), &edition.title);
    let message = if missing.len() == 1 {
        phrase!("there is nothing yet of what clause {names} of {title} asks to be documented", names = names, title = title)
    } else {
        phrase!("there is nothing yet of what clauses {names} of {title} ask to be documented", names = names, title = title)
    };
    findings.push(Finding::new(&rule::MANDATORY_DOCUMENT_MISSING, line.map_or(Place::Project, |line| line.span.into()), message).help(
        phrase!(
            "`annexa gap --stage 1` says what each clause asks for, and what counts as it; a document or section claims one with \
             `satisfies=iso27001:4.3`"
        ),
    ));
}

/// climate-not-addressed (ISO/IEC 27001:2022/Amd 1:2024, 4.1): one finding, where the context is claimed first.
pub(super) fn climate(manual: &Manual, findings: &mut Vec<Finding>) {
    let Some(control) = requirements(manual).and_then(|edition| edition.control("4.1")) else { return };
    let in_use = |id| manual.document(id).filter(|document| document.status != "retired");
    let claims = || manual.claims(control).into_iter().filter_map(|claim| Some((claim, in_use(&claim.document)?)));
    let Some((first, _)) = claims().next() else { return };
    let of =
        |claim: &crate::link::usage::Claim| crate::base::id::Reference::Item { id: claim.document.clone(), section: claim.section.clone() };
    if claims().any(|(claim, document)| climate::is_named(document, &[of(claim)])) {
        return;
    }
    findings.push(
        Finding::new(
            &rule::CLIMATE_NOT_ADDRESSED,
            first.span,
            phrase!("the context does not say whether climate change is a relevant issue"),
        )
        .help(phrase!("say in a sentence whether it is, and why; \"not relevant\" with a reason is an answer too")),
    );
}
