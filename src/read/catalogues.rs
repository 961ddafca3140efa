//! All catalogues together: which editions are in use, what a name means, and what a wrong one was probably meant to be.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::framework::{Catalogue, Control, Group, Hint};
use super::schema;
use super::value::Classification;
use crate::base::finding::{did_you_mean, nearest};
use crate::base::id::{ControlId, EditionId, canonical_control};
use crate::base::rule;
use crate::base::word::{Phrase, phrase};

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
    pub message: Phrase,
    /// What to do.
    pub help: Option<Phrase>,
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
                message: phrase!("there is no framework `{id}`", id = name.framework),
                help: Some(match nearest(&name.framework, names) {
                    Some(near) => did_you_mean(near),
                    None => {
                        let mut known: Vec<&str> = self.editions.keys().map(|id| id.framework.as_ref()).collect();
                        known.dedup();
                        phrase!("the frameworks are {names}", names = schema::listed(&known))
                    }
                }),
            });
        };
        if name.edition.is_some() {
            let id = EditionId { framework: framework.clone(), edition: name.edition.clone() };
            return self.editions.get(&id).ok_or_else(|| {
                let known: Vec<String> = self.editions.keys().filter(|id| id.framework == *framework).map(EditionId::to_string).collect();
                let names = schema::listed(&known.iter().map(String::as_str).collect::<Vec<_>>());
                Unknown {
                    rule: &rule::UNKNOWN_FRAMEWORK,
                    message: phrase!("there is no edition `{id}`", id = id),
                    help: Some(phrase!("the editions are {names}", names = names)),
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
            message: phrase!("there is no framework `{id}`", id = framework),
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
            message: phrase!("{catalogue} has no control `{control}`", catalogue = catalogue.title, control = control),
            help: self.hint(catalogue, &control),
        })
    }

    /// What a wrong identifier was probably meant to be.
    fn hint(&self, catalogue: &Catalogue, control: &str) -> Option<Phrase> {
        if let Some(Hint { right, because }) = catalogue.hint(control) {
            let write = match catalogue.control(right) {
                Some(control) => written(control),
                None => phrase!("write `{id}`", id = right),
            };
            return Some(match because {
                Some(why) => phrase!("{what}: {why}", what = write, why = why),
                None => write,
            });
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
            let now = now.into_iter().map(Phrase::text).reduce(|all, part| phrase!("{all} and {part}", all = all, part = part));
            return Some(match now {
                None => phrase!(
                    "`{control}` ({title}) is of {edition}; write `{id}` to name that edition",
                    control = control,
                    title = found.title,
                    edition = other.title,
                    id = found.id
                ),
                Some(now) => phrase!(
                    "`{control}` is {edition} numbering ({title}), now {now}",
                    control = control,
                    edition = edition,
                    title = found.title,
                    now = now
                ),
            });
        }
        if let Some(found) = catalogue.control(&format!("A.{control}")) {
            return Some(written(found));
        }
        let padded = control.replace("-0", "-");
        if let Some(found) = catalogue.control(&padded).or_else(|| catalogue.control(&control.to_uppercase())) {
            return Some(written(found));
        }
        let near = nearest(control, catalogue.ids())?;
        let title = catalogue.control(near).map(|c| c.title.as_ref()).unwrap_or_default();
        Some(phrase!("the nearest identifier is `{near}` ({title})", near = near, title = title))
    }
}

fn written(control: &Control) -> Phrase {
    phrase!("write `{id}` ({title})", id = control.id.control, title = control.title)
}
