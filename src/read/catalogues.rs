//! All catalogues together: which editions are in use, what a name means, and what a wrong one was probably meant to be.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::framework::{Catalogue, Control, Group, Hint};
use super::schema;
use super::value::Classification;
use crate::base::finding::nearest;
use crate::base::id::{ControlId, EditionId, canonical_control};
use crate::base::rule;

/// All editions that are known, those in use and the others.
#[derive(Clone, Debug, Default)]
pub struct Catalogues {
    editions: BTreeMap<EditionId, Arc<Catalogue>>,
    /// Framework names and their aliases -> the framework's name.
    frameworks: BTreeMap<Arc<str>, Arc<str>>,
    /// The editions that annexa.yaml lists, in its order.
    in_use: Vec<EditionId>,
    /// Where controls of an older edition went, by published correspondence: for hints.
    successors: BTreeMap<ControlId, Vec<ControlId>>,
}

/// Why a control was not found, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// unknown-framework or unknown-control.
    pub rule: &'static rule::Rule,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Catalogues {
    /// Takes catalogues, none of them in use yet, and where controls of older editions went.
    pub fn new(catalogues: Vec<Catalogue>, successors: BTreeMap<ControlId, Vec<ControlId>>) -> Self {
        let mut frameworks = BTreeMap::new();
        for catalogue in &catalogues {
            for name in catalogue.aliases.iter().chain([&catalogue.id.framework]) {
                frameworks.insert(name.clone(), catalogue.id.framework.clone());
            }
        }
        let editions = catalogues.into_iter().map(|catalogue| (catalogue.id.clone(), Arc::new(catalogue))).collect();
        Catalogues { editions, frameworks, in_use: Vec::new(), successors }
    }

    /// Adds an edition to those in use.
    pub fn put_in_use(&mut self, name: &EditionId) -> Result<(), Unknown> {
        let id = self.find(name)?.id.clone();
        if !self.in_use.contains(&id) {
            self.in_use.push(id);
        }
        Ok(())
    }

    /// The catalogues in use, in the order of annexa.yaml.
    pub fn in_use(&self) -> impl Iterator<Item = &Arc<Catalogue>> {
        self.in_use.iter().filter_map(|id| self.editions.get(id))
    }

    /// Whether annexa.yaml lists an edition.
    pub fn is_in_use(&self, id: &EditionId) -> bool {
        self.in_use.contains(id)
    }

    /// Every catalogue, sorted by edition.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Catalogue>> {
        self.editions.values()
    }

    /// The catalogue of an edition's full name.
    pub fn edition(&self, id: &EditionId) -> Option<&Arc<Catalogue>> {
        self.editions.get(id)
    }

    /// The same less the full texts whose classification is not `seen`; nothing where there are none to leave out.
    pub fn less_texts(&self, seen: impl Fn(Classification) -> bool) -> Option<Catalogues> {
        let withheld = |catalogue: &Catalogue| catalogue.has_texts() && !seen(catalogue.classification);
        self.editions.values().any(|catalogue| withheld(catalogue)).then(|| {
            let open =
                |catalogue: &Arc<Catalogue>| if withheld(catalogue) { Arc::new(catalogue.without_texts()) } else { catalogue.clone() };
            Catalogues { editions: self.editions.iter().map(|(id, catalogue)| (id.clone(), open(catalogue))).collect(), ..self.clone() }
        })
    }

    /// The catalogue that a name means: of an edition as named, else the first listed of that framework, else its only or newest one.
    pub fn find(&self, name: &EditionId) -> Result<&Arc<Catalogue>, Unknown> {
        let Some(framework) = self.frameworks.get(&name.framework) else {
            let names = self.frameworks.keys().map(AsRef::as_ref);
            return Err(Unknown {
                rule: &rule::UNKNOWN_FRAMEWORK,
                message: format!("there is no framework `{}`", name.framework),
                help: Some(match nearest(&name.framework, names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        let mut known: Vec<&str> = self.editions.keys().map(|id| id.framework.as_ref()).collect();
                        known.dedup();
                        format!("the frameworks are {}", schema::list(&known))
                    }
                }),
            });
        };
        if name.edition.is_some() {
            let id = EditionId { framework: framework.clone(), edition: name.edition.clone() };
            return self.editions.get(&id).ok_or_else(|| {
                let known: Vec<String> = self.editions.keys().filter(|id| id.framework == *framework).map(EditionId::to_string).collect();
                Unknown {
                    rule: &rule::UNKNOWN_FRAMEWORK,
                    message: format!("there is no edition `{id}`"),
                    help: Some(format!("the editions are {}", schema::list(&known.iter().map(String::as_str).collect::<Vec<_>>()))),
                }
            });
        }
        let listed = self.in_use.iter().find(|id| id.framework == *framework).and_then(|id| self.editions.get(id));
        let of_framework = || self.editions.values().rev().filter(|catalogue| catalogue.id.framework == *framework);
        // An edition that is known from secondary sources alone is meant by nobody who does not name it.
        let newest = || of_framework().find(|catalogue| catalogue.status == "current" && catalogue.unconfirmed.is_none());
        let any = || of_framework().find(|catalogue| catalogue.unconfirmed.is_none()).or_else(|| of_framework().next());
        listed.or_else(newest).or_else(any).ok_or_else(|| Unknown {
            rule: &rule::UNKNOWN_FRAMEWORK,
            message: format!("there is no framework `{framework}`"),
            help: None,
        })
    }

    /// The group of an identifier, in the edition that a name means.
    pub fn group(&self, edition: &EditionId, id: &str) -> Option<&Group> {
        self.find(edition).ok()?.groups.iter().find(|group| group.id.as_ref() == id)
    }

    /// The control that a reference names, in the edition it names or the first listed one.
    pub fn control(&self, edition: &EditionId, control: &str) -> Result<&Control, Unknown> {
        let catalogue = self.find(edition)?;
        let control = canonical_control(control);
        if let Some(found) = catalogue.control(&control) {
            return Ok(found);
        }
        Err(Unknown {
            rule: &rule::UNKNOWN_CONTROL,
            message: format!("{} has no control `{control}`", catalogue.title),
            help: self.hint(catalogue, &control),
        })
    }

    /// What a wrong identifier was probably meant to be.
    fn hint(&self, catalogue: &Catalogue, control: &str) -> Option<String> {
        if let Some(Hint { right, because }) = catalogue.hint(control) {
            let title = catalogue.control(right).map(|c| format!(" ({})", c.title)).unwrap_or_default();
            let because = because.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            return Some(format!("write `{right}`{title}{because}"));
        }
        // Numbering of another edition, with where the control went.
        for other in self.editions.values().filter(|other| other.id.framework == catalogue.id.framework && other.id != catalogue.id) {
            let Some(found) = other.control(control) else { continue };
            let now: Vec<String> = self
                .successors
                .get(&found.id)
                .into_iter()
                .flatten()
                .filter(|id| id.edition == catalogue.id)
                .map(|id| format!("`{}`", id.control))
                .collect();
            let edition = other.id.edition.as_deref().unwrap_or_default();
            return Some(match now.as_slice() {
                [] => format!("`{control}` ({}) is of {}; write `{}` to name that edition", found.title, other.title, found.id),
                now => format!("`{control}` is {edition} numbering ({}), now {}", found.title, now.join(" and ")),
            });
        }
        if let Some(found) = catalogue.control(&format!("A.{control}")) {
            return Some(format!("write `{}` ({})", found.id.control, found.title));
        }
        let padded = control.replace("-0", "-");
        if let Some(found) = catalogue.control(&padded).or_else(|| catalogue.control(&control.to_uppercase())) {
            return Some(format!("write `{}` ({})", found.id.control, found.title));
        }
        let near = nearest(control, catalogue.ids())?;
        let title = catalogue.control(near).map(|c| c.title.as_ref()).unwrap_or_default();
        Some(format!("the nearest identifier is `{near}` ({title})"))
    }
}
