//! A document as Typst code: what its opening says of it, its text, its changes.

use std::fmt::Write;

use jiff::civil::Date;

use super::code::{LONGEST_TITLE, Shared, Writer};
use super::literal::{array, dictionary, quoted};
use super::reference::{self, Resolved};
use super::whole::{File, IMPORTS, role_title};
use super::widths::breakable;
use crate::base::id::ItemId;
use crate::base::language::direction;
use crate::base::word::Phrase;
use crate::link::manual::Manual;
use crate::read::document::Document;

/// Most characters of what a document says of itself in a line of its opening.
const LONGEST_FIELD: usize = 2_000;
/// Longest run of characters without a place to break: what fits into half a line of the opening.
pub(super) const LONGEST_WORD: usize = 40;

/// The virtual path of a document's file: its identifier, which stays the same from build to build.
pub(super) fn path(document: &Document) -> String {
    format!("/documents/{}.typ", document.id)
}

/// The file of a document: what its opening says, and its text.
pub(super) fn file<'a>(shared: &mut Shared<'a>, document: &'a Document) -> File {
    let manual = shared.manual;
    let words = &manual.view.project.language;
    let mut writer = Writer::new(shared, Some(document));
    writer.out.push_str(IMPORTS);
    let place = writer.define(document.id.as_str());
    let text = |writer: &mut Writer<'_, '_>, text: &str, key: &str| {
        let (most, place) = (if key == "title" { LONGEST_TITLE } else { LONGEST_FIELD }, document.place(key));
        let text = writer.bounded(text, most, place, Phrase::text(format!("`{key}`")));
        quoted(&breakable(&writer.shared.glyphs.clean(text, Some(place)), LONGEST_WORD))
    };
    let role = |role: &Option<ItemId>| role.as_ref().map_or_else(String::new, |id| role_title(manual, id));
    let date = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    let mut info = vec![("place", place)];
    for (key, source, value) in [
        ("id", "id", document.id.to_string()),
        ("title", "title", document.title.to_string()),
        ("type", "type", document.kind.to_owned()),
        ("version", "version", document.version.as_deref().unwrap_or_default().to_owned()),
        ("status", "status", document.status.to_owned()),
        ("classification", "classification", words.classification(manual.view.project.classification_name(document.classification))),
        ("owner", "owner", role(&document.owner)),
        ("approver", "approver", role(&document.approver)),
        ("approved", "approved", date(document.approved)),
        ("approval", "approved", standing(manual, document)),
        ("effective", "effective", date(document.effective)),
        ("reviewed", "reviewed", date(document.reviewed)),
        ("review-every", "review_every", document.review_every.map_or_else(String::new, |period| words.phrase(&period.phrase()))),
        ("next-review", "review_every", date(document.next_review())),
        ("retention", "retention", document.retention.as_deref().unwrap_or_default().to_owned()),
        ("distribution", "distribution", document.distribution.iter().map(|name| named(manual, name)).collect::<Vec<_>>().join(", ")),
        ("language", "language", document.language.to_string()),
        ("direction", "language", direction(&document.language).to_owned()),
    ] {
        info.push((key, text(&mut writer, &value, source)));
    }
    let history = document.history.iter().map(|version| {
        let start = writer.out.len();
        match version.change.as_deref() {
            Some(change) => writer.short(&change.blocks, change),
            None => writer.out.push_str("none"),
        }
        let change = writer.out.split_off(start);
        // Ranges within what was cut out would point at other code.
        writer.origins.retain(|(range, _)| range.end <= start);
        array([
            text(&mut writer, &version.version, "history"),
            quoted(&version.date.to_string()),
            text(&mut writer, &role(&version.author), "history"),
            change,
        ])
    });
    let history = history.collect::<Vec<_>>();
    info.push(("history", array(history)));
    let claims: Vec<Resolved> = document.satisfies.iter().map(|claim| reference::resolve_reference(manual, &claim.value)).collect();
    let start = writer.out.len();
    writer.resolved(&claims);
    info.push(("claims", writer.out.split_off(start)));
    let sections = manual.sections(&document.id).iter().filter(|section| section.level == 2).filter_map(|section| {
        let place = format!("{}#{}", document.id, section.id);
        let title = writer.shared.glyphs.clean(&section.title, None);
        let known = writer.shared.places.contains(&place);
        known.then(|| dictionary([("number", quoted(&section.number)), ("title", quoted(&title)), ("place", quoted(&place))]))
    });
    let sections = array(sections.collect::<Vec<_>>());
    info.push(("sections", sections));
    writer.at(document.place("id"), false, |writer| {
        let _ = writeln!(writer.out, "#let info = {}", dictionary(info));
    });
    writer.out.push_str("#let body = ");
    writer.body(&document.body);
    writer.out.push('\n');
    File { path: path(document), text: writer.out, origins: writer.origins }
}

/// Whether a document stands as it was approved; nothing where no approvals are kept.
fn standing(manual: &Manual, document: &Document) -> String {
    let standing = manual.approvals.as_ref().and_then(|standings| standings.documents.get(&document.id));
    standing.map_or_else(String::new, |standing| manual.view.project.language.phrase(&standing.phrase(manual)))
}

/// The title of a role that is called by its name; other words as they are.
pub(super) fn named(manual: &Manual, name: &str) -> String {
    ItemId::parse(name).filter(|id| manual.row(id).is_some()).map_or_else(|| name.to_owned(), |id| role_title(manual, &id))
}
