//! The keys of a catalogue.

use crate::read::schema::{Field, Kind, Schema};

/// The kinds of controls; the first is the default.
pub(super) const KINDS: &[&str] = &["control", "clause", "enhancement", "article", "provision", "criterion"];

static GROUP: Schema = Schema {
    name: "a group of a catalogue",
    fields: &[
        Field::new("id", "Id", Kind::Text).required(),
        Field::new("title", "Title", Kind::Text).required(),
        Field::new("parent", "Parent", Kind::Text),
    ],
};

static CONTROL: Schema = Schema {
    name: "a control of a catalogue",
    fields: &[
        Field::new("id", "Id", Kind::Text).required(),
        Field::new("title", "Title", Kind::Text).required(),
        Field::new("group", "Group", Kind::Text),
        Field::new("kind", "Kind", Kind::Word(KINDS)),
        Field::new("parent", "Parent", Kind::Text),
        Field::new("withdrawn", "Withdrawn", Kind::Flag),
        Field::new("into", "Into", Kind::List(&Kind::Text)),
        Field::new("unconfirmed", "Unconfirmed", Kind::Text),
        Field::new("alias_of", "Alias of", Kind::List(&Kind::Control)),
        Field::new("guidance", "Guidance", Kind::Word(&["cloud"])),
        Field::new("guidance_for", "Guidance for", Kind::List(&Kind::Word(&["customer", "provider"]))),
        Field::new("new", "New", Kind::Flag),
        Field::new("label_ours", "Label of ours", Kind::Flag),
        Field::new("baselines", "Baselines", Kind::List(&Kind::Text)),
        Field::new("text", "Text", Kind::Prose),
        Field::new("guidance_text", "Guidance", Kind::Prose),
    ],
};

static HINT: Schema = Schema {
    name: "a hint of a catalogue",
    fields: &[
        Field::new("id", "Id", Kind::Text).required(),
        Field::new("use", "Use", Kind::Text).required(),
        Field::new("because", "Because", Kind::Text),
    ],
};

pub(super) static CATALOGUE: Schema = Schema {
    name: "a catalogue",
    fields: &[
        Field::new("format", "Format", Kind::Integer(1, 1)).required(),
        Field::new("framework", "Framework", Kind::Text).required(),
        Field::new("edition", "Edition", Kind::Text),
        Field::new("title", "Title", Kind::Text).required(),
        Field::new("full_title", "Full title", Kind::Text),
        Field::new("publisher", "Publisher", Kind::Text),
        Field::new("published", "Published", Kind::Text),
        Field::new("status", "Status", Kind::Word(&["current", "superseded", "withdrawn"])),
        Field::new("superseded_by", "Superseded by", Kind::Edition),
        Field::new("source", "Source", Kind::Text),
        Field::new("notice", "Notice", Kind::Text),
        Field::new("unconfirmed", "Unconfirmed", Kind::Text),
        Field::new("aliases", "Aliases", Kind::List(&Kind::Text)),
        Field::new("classification", "Classification", Kind::Classification),
        Field::new("groups", "Groups", Kind::List(&Kind::Record(&GROUP))),
        Field::new("controls", "Controls", Kind::List(&Kind::Record(&CONTROL))).required(),
        Field::new("hints", "Hints", Kind::List(&Kind::Record(&HINT))),
    ],
};
