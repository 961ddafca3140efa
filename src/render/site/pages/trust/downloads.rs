//! Files to download, each with its kind and size.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::Draft;
use crate::base::id::ItemId;
use crate::base::word::word;
use crate::read::register;
use crate::render::address::MANUAL_PDF;
use crate::render::export::name;
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::trust::{ATOM, DOWNLOADS, JSON, Trust, feed_sizes};
use crate::render::site::values::Page;

#[derive(Serialize)]
struct Offered {
    title: String,
    files: Vec<Offer>,
}

#[derive(Serialize)]
struct Offer {
    kind: &'static str,
    href: String,
    /// As people read it: `412 kB`.
    size: String,
}

/// The page: files of one matter in one row, by title.
pub(crate) fn page(site: &Site<'_>, trust: &Trust<'_>) -> Draft {
    let mut rows: BTreeMap<(usize, String), Vec<Offer>> = BTreeMap::new();
    for (path, size) in &site.options.files {
        let Some((stem, kind)) = kind(path) else { continue };
        let Some((order, title)) = title(site, stem) else { continue };
        let offer = Offer { kind, href: address::encoded(path), size: in_words(*size) };
        rows.entry((order, title)).or_default().push(offer);
    }
    if trust.has_subprocessors() {
        let offer = |kind, path: &str, size| Offer { kind, href: path.into(), size: in_words(size) };
        let sizes = feed_sizes(site, trust);
        let title = site.say(word!("Subprocessors and notices of changes"));
        rows.entry((1, title)).or_default().extend([offer("JSON", JSON, sizes[0]), offer("Atom", ATOM, sizes[1])]);
    }
    let offered = rows.into_iter().map(|((_, title), mut files)| {
        files.sort_by_key(|file| ["PDF", "XLSX", "CSV"].iter().position(|kind| *kind == file.kind).unwrap_or(3));
        Offered { title, files }
    });
    let page = Page {
        kind: "downloads",
        part: "downloads",
        title: site.say(word!("Downloads")),
        description: Some(site.say(word!("What this site says, as files for paper, spreadsheets and programs."))),
        path: DOWNLOADS.into(),
    };
    Draft::new("trust/downloads.html", page).with("offered", &offered.collect::<Vec<_>>())
}

/// The path without its ending, and the kind of file; none for what is no download.
fn kind(path: &str) -> Option<(&str, &'static str)> {
    let (stem, ending) = path.rsplit_once('.')?;
    let kind = match ending {
        "pdf" => "PDF",
        "xlsx" => "XLSX",
        "csv" => "CSV",
        _ => return None,
    };
    (!path.starts_with("files/")).then_some((stem, kind))
}

/// What a file is about, and where in the list it stands.
fn title(site: &Site<'_>, stem: &str) -> Option<(usize, String)> {
    let manual = site.manual;
    match stem {
        _ if format!("{stem}.pdf") == MANUAL_PDF => return Some((0, site.say(word!("All that this site publishes")))),
        name::SOA => return Some((1, site.say(word!("Statement of Applicability")))),
        name::RESPONSIBILITIES => return Some((1, site.say(word!("Responsibilities in the cloud")))),
        name::CUSTOMERS => return Some((1, site.say(word!("Responsibilities of our customers")))),
        name::INHERITANCE => return Some((1, site.say(word!("Inherited controls")))),
        _ => {}
    }
    let (folder, file) = stem.split_once('/')?;
    match folder {
        "registers" => Some((3, site.say(register::KINDS.iter().find(|kind| kind.name == file)?.title))),
        "documents" => {
            let document =
                manual.view.documents.iter().find(|document| address::pdf(&address::document(&document.id)) == format!("{stem}.pdf"))?;
            let id: &ItemId = &document.id;
            Some((2, format!("{id} {}", document.title)))
        }
        "frameworks" => {
            let mut catalogues = manual.view.catalogues.in_use();
            let found = catalogues.find(|catalogue| address::pdf(&address::framework(&catalogue.id)) == format!("{stem}.pdf"))?;
            Some((1, found.title.to_string()))
        }
        _ => None,
    }
}

/// A size in the largest unit of which there is one, by thousands: `412 kB`, `1.2 MB`.
fn in_words(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => {
            let tenths = bytes.div_ceil(100_000);
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_the_unit_that_people_read() {
        assert_eq!(
            [0, 999, 1_000, 1_001, 999_001, 1_000_000, 1_234_567].map(in_words),
            ["0 B", "999 B", "1 kB", "2 kB", "1000 kB", "1.0 MB", "1.3 MB"]
        );
    }
}
