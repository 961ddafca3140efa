//! A project's own file of an edition that is built in, as an import writes one: laid over the built-in catalogue, control by control.
//!
//! The file is what its owner holds a licence for, so its titles and texts count. What the built-in catalogue knows besides stays: how the
//! controls hang together, what they are other names of, cloud guidance, withdrawals, hints.

use std::sync::Arc;

use super::{Catalogue, Control};
use crate::base::finding::{Finding, Place, Severity};
use crate::base::rule;
use crate::base::word::{Phrase, phrase};
use crate::read::schema::listed;

/// How many identifiers a finding names before it only counts them.
const NAMED: usize = 8;

impl Catalogue {
    /// Takes over what a project's file of the same edition, at `path`, says. Controls that only one of the two has are findings; those of the
    /// built-in catalogue stay without a text, those of the file are added where they stand in it.
    pub fn overlay(&mut self, own: Catalogue, path: &Arc<str>, findings: &mut Vec<Finding>) {
        self.classification = own.classification;
        self.notice = own.notice.or(self.notice.take());
        self.source = match (own.source, self.source.take()) {
            (Some(own), Some(known)) => Some(format!("Titles and texts: {own} All else: {known}").into()),
            (own, known) => own.or(known),
        };
        self.aliases.extend(own.aliases.into_iter().filter(|name| !self.aliases.contains(name)).collect::<Vec<_>>());
        self.groups
            .extend(own.groups.into_iter().filter(|group| !self.groups.iter().any(|known| known.id == group.id)).collect::<Vec<_>>());
        self.hints.extend(own.hints);

        let lacking = self.controls.iter().filter(|control| !control.withdrawn && !own.by_id.contains_key(&control.id.control));
        let lacking: Vec<&str> = lacking.map(|control| control.id.control.as_ref()).collect();
        if !lacking.is_empty() {
            let names = named(&lacking);
            let message = match lacking.len() {
                1 => phrase!("the built-in catalogue of `{id}` has a control that this file lacks: {names}", id = self.id, names = names),
                n => phrase!(
                    "the built-in catalogue of `{id}` has {n} controls that this file lacks: {names}",
                    id = self.id,
                    n = n,
                    names = names
                ),
            };
            findings.push(Finding::new(&rule::CATALOGUE_DIFFERS, Place::File(path.clone()), message).severity(Severity::Note).help(
                phrase!(
                    "they stay in the catalogue, with the built-in title and without a text; add them to the file if it should be whole"
                ),
            ));
        }
        let mut after: Option<usize> = None;
        for control in own.controls {
            match self.by_id.get(&control.id.control).copied() {
                Some(index) => {
                    self.controls[index].take_over(control);
                    after = Some(index);
                }
                None => {
                    findings.push(
                        Finding::new(
                            &rule::CATALOGUE_DIFFERS,
                            control.span,
                            phrase!(
                                "the built-in catalogue of `{id}` has no control `{control}`",
                                id = self.id,
                                control = control.id.control
                            ),
                        )
                        .label(phrase!("added to it"))
                        .help(phrase!("correct the identifier, or give the file an edition of its own if it is another edition")),
                    );
                    let at = after.map_or(0, |index| index + 1);
                    self.controls.insert(at, control);
                    self.index();
                    after = Some(at);
                }
            }
        }
    }

    /// Indexes the controls anew.
    fn index(&mut self) {
        self.by_id = self.controls.iter().enumerate().map(|(index, control)| (control.id.control.clone(), index)).collect();
    }
}

impl Control {
    /// Takes over what a project's file says of the same control.
    fn take_over(&mut self, own: Control) {
        self.label_ours = own.label_ours || self.label_ours && own.title == self.title;
        self.title = own.title;
        self.withdrawn |= own.withdrawn;
        self.into.extend(own.into.into_iter().filter(|id| !self.into.contains(id)).collect::<Vec<_>>());
        self.unconfirmed = own.unconfirmed.or(self.unconfirmed.take());
        self.baselines.extend(own.baselines.into_iter().filter(|name| !self.baselines.contains(name)).collect::<Vec<_>>());
        (self.text, self.guidance_text, self.span) = (own.text, own.guidance_text, own.span);
    }
}

fn named(ids: &[&str]) -> Phrase {
    match ids.len().checked_sub(NAMED).filter(|more| *more > 0) {
        Some(more) => {
            let names: Vec<String> = ids[..NAMED].iter().map(|id| format!("`{id}`")).collect();
            phrase!("{names} and {n} more", names = names.join(", "), n = more)
        }
        None => listed(ids),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::finding::Finding;
    use crate::base::source::{FileId, Sources};
    use crate::read::framework::{Catalogue, built_in, read};

    fn laid(edition: &str, own: &str) -> (Catalogue, Vec<Finding>) {
        let mut findings = Vec::new();
        let sources = Sources::new(built_in());
        let text = sources.find(&format!("annexa/catalogues/{edition}.yaml")).map(|id| sources.file(id).text()).unwrap();
        let mut catalogue = read(FileId(0), "built-in.yaml", text, &[], &mut findings).unwrap();
        let own = read(FileId(1), "own.yaml", own, &["public".into(), "internal".into()], &mut findings).unwrap();
        catalogue.overlay(own, &"frameworks/own.yaml".into(), &mut findings);
        (catalogue, findings)
    }

    #[test]
    fn titles_and_texts_are_the_files_and_all_else_stays() {
        let own = "{format: 1, framework: iso27017, edition: \"2015\", title: Own copy, notice: Licensed to us., classification: internal, controls: [
            {id: \"6.1.1\", title: Roles, text: What it asks for.}]}";
        let (catalogue, findings) = laid("iso27017@2015", own);
        let control = catalogue.control("6.1.1").unwrap();
        assert_eq!((control.title.as_ref(), control.text.is_some()), ("Roles", true));
        assert!(control.cloud_guidance && control.group.is_some() && !control.alias_of.is_empty() && control.unconfirmed.is_some());
        assert_eq!((catalogue.title.as_ref(), catalogue.notice.as_deref()), ("ISO/IEC 27017:2015", Some("Licensed to us.")));
        assert_eq!(catalogue.classification.0, 1);
        assert!(catalogue.control("CLD.6.3.1").unwrap().text.is_none() && catalogue.hint("CLD.15.1.3").is_some());
        let messages: Vec<String> = findings.iter().map(|finding| finding.message.to_string()).collect();
        let lacks = "the built-in catalogue of `iso27017@2015` has 43 controls that this file lacks: `5.1.1`, `6.1.3`, `7.2.2`, `8.1.1`, `8.2.2`, `9.1.2`, `9.2.1`, `9.2.2` and 35 more";
        assert_eq!(messages, [lacks]);
        assert_eq!(findings[0].severity.name(), "note");
    }

    #[test]
    fn controls_that_only_the_file_has_are_added_in_its_order_and_told() {
        let own = "{format: 1, framework: nist80053, edition: r5, title: Own, groups: [{id: ZZ, title: Ours}], controls: [
            {id: AC-2, title: Account Management}, {id: AC-2(99), title: Ours, group: ZZ}, {id: ZZ-1, title: Ours too}, {id: AC-3, title: Access Enforcement}]}";
        let (catalogue, findings) = laid("nist80053@r5", own);
        let place = |id: &str| catalogue.controls.iter().position(|control| control.id.control.as_ref() == id).unwrap();
        assert_eq!([place("AC-2(99)") - place("AC-2"), place("ZZ-1") - place("AC-2")], [1, 2]);
        assert!(catalogue.ids().all(|id| catalogue.control(id).unwrap().id.control.as_ref() == id), "the index is right");
        assert!(catalogue.groups.iter().any(|group| group.id.as_ref() == "ZZ"));
        let extra: Vec<String> = findings.iter().filter(|f| f.severity.name() == "warning").map(|f| f.message.to_string()).collect();
        assert_eq!(extra.len(), 2);
        assert_eq!(extra[0], "the built-in catalogue of `nist80053@r5` has no control `AC-2(99)`");
    }

    #[test]
    fn a_label_of_ours_gives_way_to_a_title() {
        let own = "{format: 1, framework: csf, edition: \"2.0\", title: Own, controls: [{id: GV.OC-01, title: The full sentence.}]}";
        let (catalogue, _) = laid("csf@2.0", own);
        assert!(!catalogue.control("GV.OC-01").unwrap().label_ours && catalogue.control("GV.OC-02").unwrap().label_ours);
    }
}
