//! For every control: who claims, decides and shows it.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::counterpart::Counterpart;
use super::index::Index;
use crate::base::finding::Span;
use crate::base::id::{ControlId, EditionId, ItemId, Reference};
use crate::read::crosswalk::Relationship;

/// What the manual says about one control.
#[derive(Clone, Debug, Default)]
pub struct ControlUse {
    /// The statement that decides it: an index into the view's statements.
    pub statement: Option<usize>,
    /// The documents and sections that claim to meet it, in the manual's order.
    pub claims: Vec<Claim>,
    /// The evidence that shows it, named by the statement or naming the control.
    pub evidence: Vec<ItemId>,
}

/// A document's or section's claim to meet a control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The document.
    pub document: ItemId,
    /// Its section; none where the front matter claims.
    pub section: Option<Arc<str>>,
    /// The control that the claim names, where that is another name of this one.
    pub through: Option<ControlId>,
    /// Whether the statement of the control names the document, and not the document the control.
    pub by_statement: bool,
    /// Where it is claimed.
    pub span: Span,
}

/// Gathers claims, statements and evidence by control. What names an alias counts for the controls that it stands for.
pub fn collect(index: &Index) -> HashMap<ControlId, ControlUse> {
    let mut uses: HashMap<ControlId, ControlUse> = HashMap::new();
    let mut claim = |reference: &Reference, document: &ItemId, section: Option<&Arc<str>>, span: Span| {
        let Some(control) = index.control_named(reference) else { return };
        let through = (!control.alias_of.is_empty()).then(|| control.id.clone());
        for id in index.canonical(control) {
            let claims = &mut uses.entry(id.clone()).or_default().claims;
            // Claims come document by document, so that only the last ones can be of the same.
            let mut of_document = claims.iter().rev().take_while(|known| known.document == *document);
            if !of_document.any(|known| known.section.as_ref() == section) {
                let section = section.cloned();
                claims.push(Claim { document: document.clone(), section, through: through.clone(), by_statement: false, span });
            }
        }
    };
    for document in &index.view.documents {
        for reference in &document.satisfies {
            claim(&reference.value, &document.id, None, reference.span);
        }
        for heading in document.body.headings() {
            for reference in &heading.claims {
                claim(&reference.value, &document.id, Some(&heading.id), reference.span);
            }
        }
    }
    for (position, statement) in index.view.statements.iter().enumerate() {
        let found = uses.entry(statement.control.clone()).or_default();
        found.statement.get_or_insert(position);
        for reference in statement.documents() {
            let Reference::Item { id, section } = reference.value else { continue };
            let Some(document) = index.document(&id) else { continue };
            if !found.claims.iter().any(|known| known.document == document.id && known.section == section) {
                found.claims.push(Claim { document: id, section, through: None, by_statement: true, span: reference.span });
            }
        }
        let evidence = statement.fields.references("evidence").into_iter();
        found.evidence.extend(evidence.filter_map(|reference| match reference.value {
            Reference::Item { id, .. } => index.row(&id).map(|_| id),
            Reference::Control { .. } => None,
        }));
    }
    for row in index.view.registers.iter().filter(|register| register.kind.name == "evidence").flat_map(|register| &register.rows) {
        for reference in row.fields.references("controls") {
            for id in index.control_named(&reference.value).map(|control| index.canonical(control)).unwrap_or_default() {
                uses.entry(id.clone()).or_default().evidence.push(row.id.clone());
            }
        }
    }
    uses
}

/// Where two editions of a framework are in use, as they are while a manual moves from one to the other: what is decided, claimed and shown of a
/// control holds for its equal in the other edition as well, as long as that has no statement of its own. Gives what those controls have then.
pub fn shared_between_editions(
    index: &Index,
    uses: &HashMap<ControlId, ControlUse>,
    counterparts: &HashMap<ControlId, Vec<Counterpart>>,
) -> Vec<(ControlId, ControlUse)> {
    let in_use: Vec<&EditionId> = index.view.catalogues.in_use().map(|catalogue| &catalogue.id).collect();
    let has_other = |id: &EditionId| in_use.iter().any(|other| other.framework == id.framework && *other != id);
    let mut shared: Vec<(ControlId, ControlUse)> = Vec::new();
    for catalogue in index.view.catalogues.in_use().filter(|catalogue| has_other(&catalogue.id)) {
        for control in catalogue.controls.iter().filter(|control| control.alias_of.is_empty() && !control.withdrawn) {
            let own = uses.get(&control.id);
            if own.is_some_and(|own| own.statement.is_some()) {
                continue;
            }
            let is_equal = |other: &&Counterpart| {
                let edition = &other.control.edition;
                other.relationship == Relationship::Equal && edition.framework == catalogue.id.framework && in_use.contains(&edition)
            };
            let mut equals = counterparts.get(&control.id).into_iter().flatten().filter(is_equal);
            let decided =
                equals.find_map(|other| Some((&other.control, uses.get(&other.control)?)).filter(|(_, found)| found.statement.is_some()));
            let Some((other, found)) = decided else { continue };
            let mut all = own.cloned().unwrap_or_default();
            all.statement = found.statement;
            for claim in &found.claims {
                if !all.claims.iter().any(|known| known.document == claim.document && known.section == claim.section) {
                    all.claims.push(Claim { through: Some(other.clone()), ..claim.clone() });
                }
            }
            all.evidence.extend(found.evidence.iter().cloned());
            shared.push((control.id.clone(), all));
        }
    }
    shared
}
