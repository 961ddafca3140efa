//! Foreign front matter: what its keys mean, and what of it has to be said again because it is written in a way of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::control::Control;
use super::{Read, Request, Said, words};
use crate::base::source::FileId;
use crate::base::yaml::{self, Kind, Node};
use crate::read::adopt::IGNORE;
use crate::read::document::{self, SCHEMA};
use crate::read::markdown::Values;
use crate::read::schema::{self, Context};
use crate::read::value::Value;

/// What is proposed of one document.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) id: Option<String>,
    /// Whether the file itself says the id, so that it need not be said again.
    pub(super) has_id: bool,
    pub(super) title: String,
    pub(super) kind: Option<&'static str>,
    pub(super) front: Vec<(&'static str, Said)>,
    /// Whether it says that it is approved, and not when.
    pub(super) undated: bool,
}

/// The front matter of a text as a tree, as far as there is one.
pub(super) fn parsed(text: &str) -> Option<Node> {
    let (front, _) = document::split(FileId(0), text, &mut Vec::new())?;
    yaml::parse(&text[front.clone()], FileId(0), front.start, &mut Vec::new())
}

/// Keys and values of a file's front matter, as far as it can be read.
fn entries(file: &Read<'_>) -> Vec<(String, Node)> {
    match parsed(file.text) {
        Some(Node { kind: Kind::Mapping(entries), .. }) => entries.into_iter().map(|(key, value)| (key.text.to_string(), value)).collect(),
        _ => Vec::new(),
    }
}

/// Whether a value can be read as it stands as that of a key of ours.
fn fits(ours: &str, value: &Node, request: &Request<'_>) -> bool {
    let context = Context { file: FileId(0), path: "", classifications: request.classifications, values: &Values::default() };
    let Some(field) = SCHEMA.field(ours) else { return false };
    let mut findings = Vec::new();
    let read = schema::value_of(value, field.key, field.kind, &context, &mut findings);
    read.is_some()
        && findings.is_empty()
        && !(ours == "id" && matches!(&read, Some(Value::Reference(crate::base::id::Reference::Item { id, .. })) if id.is_role()))
}

/// What each key of the files means. One means a key of ours where some file writes it as we do; else it is ignored, and what it says is said again beside the
/// file, in our way.
pub(super) fn keys(read: &[Read<'_>], request: &Request<'_>) -> BTreeMap<String, &'static str> {
    let mut known: BTreeMap<String, BTreeSet<bool>> = BTreeMap::new();
    for file in read {
        for (key, value) in entries(file) {
            // Names of people are written like names of roles, and lead nowhere until there is such a role: these are always said again.
            let fits = words::field(&key).is_some_and(|ours| !matches!(ours, "owner" | "approver") && fits(ours, &value, request));
            known.entry(key).or_default().insert(fits);
        }
    }
    let mut keys: BTreeMap<String, &'static str> = BTreeMap::new();
    for (key, fit) in known {
        let ours = words::field(&key).filter(|_| fit.contains(&true)).and_then(|ours| SCHEMA.field(ours)).map(|field| field.key);
        if ours != Some(key.as_str()) {
            keys.insert(key, ours.unwrap_or(IGNORE));
        }
    }
    keys
}

/// What a file says of itself, as far as it has to be said again.
pub(super) fn fields(
    file: &Read<'_>,
    keys: &BTreeMap<String, &'static str>,
    request: &Request<'_>,
    roles: &mut BTreeMap<String, String>,
) -> Fields {
    let entries = entries(file);
    let control = Control::of(&file.body);
    let text = |node: &Node| if let Kind::Scalar { text, .. } = &node.kind { Some(text.to_string()) } else { None };
    // What reading finds in the file by itself, and what the file says in some way.
    let mut own: BTreeSet<&'static str> = BTreeSet::new();
    let mut said: BTreeMap<&'static str, String> = BTreeMap::new();
    for (key, value) in &entries {
        let Some(ours) = words::field(key) else { continue };
        let is_read = match keys.get(key.as_str()) {
            Some(means) => *means == ours,
            None => key == ours,
        };
        if is_read && !matches!(ours, "owner" | "approver") && fits(ours, value, request) {
            own.insert(ours);
        }
        if let Some(text) = text(value) {
            said.entry(ours).or_insert(text);
        }
    }
    for (key, text) in &control.said {
        said.entry(key).or_insert_with(|| text.clone());
    }

    let mut fields = Fields { has_id: own.contains("id"), ..Fields::default() };
    let heading = file.first_heading();
    let value = |key: &str| said.get(key).and_then(|text| words::value(key, text, request.classifications));
    fields.id =
        value("id").or_else(|| words::id(heading.as_deref()?)).or_else(|| words::id(&file.path.rsplit('/').next()?.replace(' ', "-")));
    fields.title = match said.get("title").filter(|_| own.contains("title")) {
        Some(title) => title.clone(),
        // The first heading is the title in the reader's eyes, whatever a table says.
        None => {
            let first = heading.filter(|heading| words::is_title(heading, &file.path));
            let title = file.heading.clone().or(first).map(|title| words::without_id(&title).to_owned());
            title.filter(|title| !title.is_empty()).or_else(|| value("title")).unwrap_or_else(|| words::title_of_name(&file.path))
        }
    };
    fields.kind = value("type").and_then(|kind| words::kind(&kind));

    let mut front: Vec<(&'static str, Said)> = Vec::new();
    let mut put = |key: &'static str, value: Option<String>| {
        if let Some(value) = value.filter(|_| !own.contains(key)) {
            front.push((key, Said::One(value)));
        }
    };
    put("id", fields.id.clone());
    put("title", Some(fields.title.clone()));
    let history: Vec<_> = control.history.iter().filter_map(|row| version(row, request)).collect();
    // Of a table of versions the latest counts, wherever it stands in it.
    let latest = history.iter().max_by(|a, b| a.1.cmp(&b.1)).map(|(version, _, _)| version.clone());
    put("version", value("version").or(latest));
    let approved = value("approved");
    let is_dated = approved.is_some() || own.contains("approved");
    let status = value("status");
    fields.undated = status.as_deref() == Some("approved") && !is_dated;
    if own.contains("status") && fields.undated {
        front.push(("status", Said::One("draft".to_owned())));
    } else if !own.contains("status")
        && let Some(status) = status.filter(|_| !fields.undated)
    {
        front.push(("status", Said::One(status)));
    }
    let mut put = |key: &'static str, value: Option<String>| {
        if let Some(value) = value.filter(|_| !own.contains(key)) {
            front.push((key, Said::One(value)));
        }
    };
    put("classification", value("classification"));
    for key in ["owner", "approver"] {
        if let Some((id, name)) = said.get(key).and_then(|text| words::role(text)) {
            let longer = roles.get(&id).is_none_or(|known| known.len() < name.len());
            if longer {
                roles.insert(id.clone(), name);
            }
            put(key, Some(id));
        }
    }
    put("approved", approved);
    for key in ["effective", "reviewed", "review_every", "retention", "language"] {
        put(key, value(key));
    }
    if let Some(comply) = request.comply {
        let (claims, versions) = comply.front(&entries, request);
        if !claims.is_empty() {
            front.push(("satisfies", Said::List(claims)));
        }
        if !versions.is_empty() {
            front.push(("history", Said::History(versions)));
        }
    } else if !history.is_empty() && !own.contains("history") {
        front.push(("history", Said::History(history)));
    }
    fields.front = front;
    fields
}

/// A row of a table of versions, in our way.
pub(super) fn version((version, date, change): &(String, String, String), request: &Request<'_>) -> Option<(String, String, String)> {
    let version = words::value("version", version, request.classifications)?;
    Some((version, words::date(date)?.to_string(), change.split_whitespace().collect::<Vec<_>>().join(" ")))
}
