//! What falls due, by month.

use jiff::civil::Date;
use serde::Serialize;
use tera::Value;

use super::Draft;
use super::table::Download;
use crate::base::word::{Word, phrase, word};
use crate::link::report::Due;
use crate::render::export::ics;
use crate::render::site::Site;
use crate::render::site::values::{Named, Page, value};

/// The path of the page.
pub(crate) const PATH: &str = "calendar.html";

#[derive(Serialize)]
struct Month {
    key: String,
    title: String,
    entries: Vec<Value>,
}

#[derive(Serialize)]
struct Entry {
    due: String,
    overdue: bool,
    kind: String,
    what: Value,
    owner: Option<Value>,
}

/// An entry of the calendar.
pub(crate) fn entry(site: &Site<'_>, due: &Due) -> Value {
    let what = site.directory.reference(&due.about);
    let what = what.unwrap_or_else(|| value(&Named { title: due.title.to_string(), ..Named::default() }));
    let owner = site.directory.role(due.owner.as_ref());
    value(&Entry { due: due.date.to_string(), overdue: due.overdue, kind: site.say(due.what), what, owner })
}

fn month(date: Date) -> Word {
    match date.month() {
        1 => word!("January"),
        2 => word!("February"),
        3 => word!("March"),
        4 => word!("April"),
        5 => word!("May"),
        6 => word!("June"),
        7 => word!("July"),
        8 => word!("August"),
        9 => word!("September"),
        10 => word!("October"),
        11 => word!("November"),
        _ => word!("December"),
    }
}

/// The page; none where nothing is due at any time.
pub(crate) fn page(site: &Site<'_>) -> Option<Draft> {
    let mut months: Vec<Month> = Vec::new();
    for due in &site.due {
        let key = due.date.strftime("%Y-%m").to_string();
        if months.last().is_none_or(|month| month.key != key) {
            months.push(Month {
                key,
                title: site.language().phrase(&phrase!(
                    "{month} {year}",
                    month = month(due.date),
                    year = due.date.strftime("%Y").to_string()
                )),
                entries: Vec::new(),
            });
        }
        if let Some(month) = months.last_mut() {
            month.entries.push(entry(site, due));
        }
    }
    let ics = || Download { title: site.say(word!("Calendar (ICS)")), href: ics::PATH.to_owned() };
    let downloads: Vec<Download> = site.options.exports.then(ics).into_iter().collect();
    let page = Page {
        kind: "calendar",
        part: "calendar",
        title: site.say(word!("Review calendar")),
        description: Some(site.say(word!("What falls due, by date. A browser marks what has passed since the manual was made."))),
        path: PATH.into(),
    };
    (!months.is_empty()).then(|| Draft::new("calendar.html", page).with("months", &months).with("downloads", &downloads))
}
