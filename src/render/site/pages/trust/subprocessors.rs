//! Subprocessors, those to come first, and every notice of a change.

use serde::Serialize;

use super::super::{Draft, with_html};
use crate::base::word::{Word, word};
use crate::link::report;
use crate::read::register::Row;
use crate::render::site::Site;
use crate::render::site::cells::Cells;
use crate::render::site::pages::table::{Sheet, sheet};
use crate::render::site::trust::{ATOM, JSON, SUBPROCESSORS, Trust};
use crate::render::site::values::Page;

#[derive(Serialize)]
struct Group {
    key: &'static str,
    title: String,
    table: Sheet,
}

#[derive(Serialize)]
struct Told {
    date: String,
    id: String,
    name: String,
    what: String,
    /// Whether the words are the author's, and no predicate of the name.
    changed: bool,
}

/// When those at work were announced stands among the changes, which leaves room for the rest.
fn table(key: &str, title: Word, rows: &[&Row]) -> report::Table {
    let table = report::subprocessor_table(title, rows);
    if key == "coming" { table } else { table.without("announced") }
}

/// The page.
pub(crate) fn page(site: &Site<'_>, trust: &Trust<'_>) -> Draft {
    let all = &trust.subprocessors;
    let groups = with_html(site, SUBPROCESSORS, None, |html| {
        let cells = Cells { directory: &site.directory, html };
        let named = [
            ("coming", word!("Announced subprocessors"), &all.coming),
            ("current", word!("Current subprocessors"), &all.current),
            ("former", word!("Former subprocessors"), &all.former),
        ];
        let groups = named.into_iter().filter(|(.., rows)| !rows.is_empty()).map(|(key, title, rows)| Group {
            key,
            title: site.say(title),
            table: sheet(site.manual, &cells, &table(key, title, rows)),
        });
        groups.collect::<Vec<_>>()
    });
    let told = all.notices.iter().map(|notice| Told {
        date: notice.date.to_string(),
        id: notice.row.id.to_string(),
        name: notice.row.fields.text("name").map_or_else(|| notice.row.id.to_string(), ToString::to_string),
        what: site.language().phrase(&notice.what),
        changed: notice.kind == "changed",
    });
    let page = Page {
        kind: "subprocessors",
        part: "subprocessors",
        title: site.say(word!("Subprocessors")),
        description: Some(site.say(word!("Who processes customers' data for us, which data, where, and on what basis."))),
        path: SUBPROCESSORS.into(),
    };
    Draft::new("trust/subprocessors.html", page)
        .with("groups", &groups)
        .with("notices", &told.collect::<Vec<_>>())
        .with("notice_days", &trust.settings.notice_days)
        .with("feed", ATOM)
        .with("list", JSON)
}
