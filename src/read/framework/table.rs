//! The keys of a catalogue.

use crate::base::word::word;
use crate::read::schema::{Field, Kind, Schema};

/// The kinds of controls; the first is the default.
pub(super) const KINDS: &[&str] = &["control", "clause", "enhancement", "article", "provision", "criterion"];

static GROUP: Schema = Schema {
    name: word!("a group of a catalogue"),
    fields: &[
        Field::new("id", "Id", Kind::Text).about("As in the standard.").required(),
        Field::new("title", "Title", Kind::Text).required(),
        Field::new("parent", "Parent", Kind::Text).about("The group that it belongs to."),
    ],
};

static CONTROL: Schema = Schema {
    name: word!("a control of a catalogue"),
    fields: &[
        Field::new("id", "Id", Kind::Text).about("In the canonical spelling of the standard: `AC-2(1)`.").required(),
        Field::new("title", "Title", Kind::Text).required(),
        Field::new("group", "Group", Kind::Text).about("The group that it stands in."),
        Field::new("kind", "Kind", Kind::Word(KINDS)).about("What it is; a control unless said."),
        Field::new("parent", "Parent", Kind::Text).about("The control that it belongs to."),
        Field::new("withdrawn", "Withdrawn", Kind::Flag).about("Whether the publisher has withdrawn it."),
        Field::new("into", "Into", Kind::List(&Kind::Text)).about("The controls that took its place."),
        Field::new("unconfirmed", "Unconfirmed", Kind::Text).about("Why identifier or title are not sure, in a sentence."),
        Field::new("alias_of", "Alias of", Kind::List(&Kind::Control)).about("Controls of other editions that are the same."),
        Field::new("guidance", "Guidance", Kind::Word(&["cloud"])).about("`cloud` where there is guidance for cloud services on it."),
        Field::new("guidance_for", "Guidance for", Kind::List(&Kind::Word(&["customer", "provider"])))
            .about("Whom the guidance addresses."),
        Field::new("new", "New", Kind::Flag).about("Whether it is new in this edition."),
        Field::new("label_ours", "Label of ours", Kind::Flag)
            .about("Whether the title is a short label of ours, since the framework has a sentence there."),
        Field::new("baselines", "Baselines", Kind::List(&Kind::Text)).about("Selections of controls that it belongs to."),
        Field::new("text", "Text", Kind::Prose).about("The full text, where you hold a copy."),
        Field::new("guidance_text", "Guidance", Kind::Prose).about("The full guidance, where you hold a copy."),
    ],
};

static HINT: Schema = Schema {
    name: word!("a hint of a catalogue"),
    fields: &[
        Field::new("id", "Id", Kind::Text).about("A wrong identifier that is in circulation.").required(),
        Field::new("use", "Use", Kind::Text).about("The right one.").required(),
        Field::new("because", "Because", Kind::Text).about("Why."),
    ],
};

pub(in crate::read) static CATALOGUE: Schema = Schema {
    name: word!("a catalogue"),
    fields: &[
        Field::new("format", "Format", Kind::Integer(1, 1)).about("The version of the format: 1.").required(),
        Field::new("framework", "Framework", Kind::Text).about("Its name in references: lower case letters and digits.").required(),
        Field::new("edition", "Edition", Kind::Text).about("Left out where a framework has but one."),
        Field::new("title", "Title", Kind::Text).about("Short, as people say it.").required(),
        Field::new("full_title", "Full title", Kind::Text).about("As on the cover of the standard."),
        Field::new("publisher", "Publisher", Kind::Text).about("Who publishes it."),
        Field::new("published", "Published", Kind::Text).about("When it was published: a year, or a year and month."),
        Field::new("status", "Status", Kind::Word(&["current", "superseded", "withdrawn"])).about("Where the edition stands."),
        Field::new("superseded_by", "Superseded by", Kind::Edition).about("The edition that took its place."),
        Field::new("source", "Source", Kind::Text).about("Where identifiers and titles come from, and how sure they are."),
        Field::new("notice", "Notice", Kind::Text).about("A copyright or licence line to print where titles are shown."),
        Field::new("unconfirmed", "Unconfirmed", Kind::Text)
            .about("Why the edition is not sure; a name without an edition then does not mean it."),
        Field::new("aliases", "Aliases", Kind::List(&Kind::Text)).about("Other names of the framework."),
        Field::new("classification", "Classification", Kind::Classification)
            .about("Who may see the full texts; unmarked, only those who see everything."),
        Field::new("groups", "Groups", Kind::List(&Kind::Record(&GROUP))).about("Headings, in order."),
        Field::new("controls", "Controls", Kind::List(&Kind::Record(&CONTROL))).about("Controls, in the order of the standard.").required(),
        Field::new("hints", "Hints", Kind::List(&Kind::Record(&HINT))).about("Wrong identifiers in circulation."),
    ],
};
