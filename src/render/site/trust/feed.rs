//! Subprocessors for programs: notices of changes as an Atom feed (RFC 4287), and the list as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{SUBPROCESSORS, Trust};
use crate::base::word::phrase;
use crate::link::manual::Manual;
use crate::link::report::Notice;
use crate::read::register::{Row, SUPPLIERS};
use crate::read::value::Value;
use crate::render::escape;
use crate::render::site::Site;

/// The feed.
pub(crate) const ATOM: &str = "subprocessors.atom";

/// The list.
pub(crate) const JSON: &str = "subprocessors.json";

/// A name that stays the same wherever the site is served and whenever it is built: a UUID of what it names (RFC 9562, 5.8).
fn uuid(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\n").as_bytes());
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().fold(String::new(), |mut hex, byte| {
        _ = write!(hex, "{byte:02x}");
        hex
    });
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// A day as an instant: its first.
fn instant(date: Date) -> String {
    format!("{date}T00:00:00Z")
}

struct Xml(String);

impl Xml {
    fn element(&mut self, name: &str, attributes: &str, text: &str) {
        _ = write!(self.0, "<{name}{attributes}>");
        escape::text(text, &mut self.0);
        _ = writeln!(self.0, "</{name}>");
    }

    fn link(&mut self, relation: &str, kind: &str, address: &str) {
        let mut href = String::new();
        escape::attribute(address, &mut href);
        _ = writeln!(self.0, "<link rel=\"{relation}\" type=\"{kind}\" href=\"{href}\"/>");
    }
}

/// The feed of notices. Every identifier and date in it comes from the data.
pub(super) fn atom(site: &Site<'_>, trust: &Trust<'_>) -> String {
    let project = &site.manual.view.project;
    let organisation = project.organisation_name();
    let notices = &trust.subprocessors.notices;
    let mut xml = Xml("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".into());
    let mut language = String::new();
    escape::attribute(&project.language.tag, &mut language);
    _ = writeln!(xml.0, "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{language}\">");
    xml.element("title", "", &site.language().phrase(&phrase!("Subprocessors of {organisation}", organisation = organisation)));
    xml.element("id", "", &uuid(&["annexa", organisation, "subprocessors"]));
    // A feed without a notice is as old as the manual.
    xml.element("updated", "", &instant(notices.iter().map(|notice| notice.date).max().unwrap_or(site.manual.today)));
    xml.0.push_str("<author>");
    xml.element("name", "", organisation);
    xml.0.push_str("</author>\n");
    if let Some(base) = &trust.pages_url {
        xml.link("self", "application/atom+xml", &format!("{base}/{ATOM}"));
        xml.link("alternate", "text/html", &format!("{base}/{SUBPROCESSORS}"));
    }
    let mut numbers = BTreeMap::new();
    for notice in notices {
        // Two changes of one supplier on one day are two entries.
        let number: &mut usize = numbers.entry((notice.row.id.as_str(), notice.kind, notice.date)).or_insert(0);
        *number += 1;
        entry(site, trust, notice, *number, &mut xml);
    }
    xml.0.push_str("</feed>\n");
    xml.0
}

fn entry(site: &Site<'_>, trust: &Trust<'_>, notice: &Notice<'_>, number: usize, xml: &mut Xml) {
    let row = notice.row;
    let organisation = site.manual.view.project.organisation_name();
    let name = row.fields.text("name").map_or(row.id.as_str(), |name| name);
    let what = site.language().phrase(&notice.what);
    xml.0.push_str("<entry>\n");
    let title = if notice.kind == "changed" { format!("{name}: {what}") } else { format!("{name} {what}") };
    xml.element("title", "", &title);
    let date = notice.date.to_string();
    let number = number.to_string();
    xml.element("id", "", &uuid(&["annexa", organisation, "subprocessors", row.id.as_str(), notice.kind, &date, &number]));
    xml.element("updated", "", &instant(notice.date));
    if let Some(base) = &trust.pages_url {
        xml.link("alternate", "text/html", &format!("{base}/{SUBPROCESSORS}#{}", row.id));
    }
    let facts = ["purpose", "data", "country", "transfer"].into_iter().filter_map(|key| {
        let label = SUPPLIERS.schema.field(key)?.label;
        Some(format!("{}: {}", site.say(label), row.fields.text(key)?))
    });
    let content: Vec<String> = [format!("{title}.")].into_iter().chain(facts).collect();
    xml.element("content", " type=\"text\"", &content.join("\n"));
    xml.0.push_str("</entry>\n");
}

#[derive(Serialize)]
struct List<'a> {
    organisation: &'a str,
    service: Option<&'a str>,
    /// The day of which this holds.
    as_of: String,
    /// How many days before it begins a new one is announced.
    notice_days: Option<i64>,
    subprocessors: Vec<Subprocessor<'a>>,
}

#[derive(Serialize)]
struct Subprocessor<'a> {
    id: &'a str,
    name: Option<&'a str>,
    purpose: Option<&'a str>,
    data: Option<&'a str>,
    country: Option<&'a str>,
    transfer: Option<&'a str>,
    certificates: Vec<&'a str>,
    announced: Option<String>,
    since: Option<String>,
    until: Option<String>,
    changes: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    date: Option<String>,
    change: Option<&'a str>,
}

/// The list of subprocessors, those announced and those that ended among them; their dates tell which is which.
pub(super) fn json(manual: &Manual, trust: &Trust<'_>) -> String {
    let project = &manual.view.project;
    let all = &trust.subprocessors;
    let mut rows: Vec<&Row> = all.coming.iter().chain(&all.current).chain(&all.former).copied().collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    let list = List {
        organisation: project.organisation_name(),
        service: project.organisation.text("service").map(AsRef::as_ref),
        as_of: manual.today.to_string(),
        notice_days: trust.settings.notice_days,
        subprocessors: rows.into_iter().map(subprocessor).collect(),
    };
    // Texts and lists of them alone: there is nothing in it that could not be written.
    let mut text = serde_json::to_string_pretty(&list).unwrap_or_default();
    text.push('\n');
    text
}

fn subprocessor(row: &Row) -> Subprocessor<'_> {
    let text = |key: &str| row.fields.text(key).map(|text| text.as_ref());
    let date = |key: &str| row.fields.date(key).map(|date| date.to_string());
    Subprocessor {
        id: row.id.as_str(),
        name: text("name"),
        purpose: text("purpose"),
        data: text("data"),
        country: text("country"),
        transfer: text("transfer"),
        certificates: row
            .fields
            .list("certificates")
            .iter()
            .filter_map(|item| if let Value::Text(text) = &item.value { Some(text.as_ref()) } else { None })
            .collect(),
        announced: date("announced"),
        since: date("since"),
        until: date("until"),
        changes: row
            .fields
            .list("changes")
            .iter()
            .filter_map(|item| if let Value::Record(record) = &item.value { Some(record) } else { None })
            .map(|record| Change {
                date: record.date("date").map(|date| date.to_string()),
                change: record.text("change").map(|text| text.as_ref()),
            })
            .collect(),
    }
}
