//! Certificates: what a reviewer compares with the paper, one after the other.

use serde::Serialize;

use super::table::downloads;
use super::{Draft, with_html};
use crate::link::report;
use crate::read::register::Register;
use crate::render::export;
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::cells::{Cells, Field};
use crate::render::site::values::Page;

#[derive(Serialize)]
struct Certificate {
    id: String,
    title: String,
    facts: Vec<Field>,
}

/// The page.
pub(crate) fn page(site: &Site<'_>, register: &Register) -> Draft {
    let name = register.kind.name;
    let path = address::register(name);
    let table = report::certificates(site.manual);
    let certificates = with_html(site, &path, None, |html| {
        let cells = Cells { directory: &site.directory, html };
        let certificate = |row: &report::TableRow| {
            let fields = table.columns.iter().zip(&row.cells).map(|(column, cell)| cells.field(column, cell, &row.id, true));
            let mut fields: Vec<Field> = fields.filter(|field| !field.is_empty()).collect();
            let named = fields.first().is_some_and(|field| field.is_of("standard"));
            let title = if named { fields.remove(0).into_text() } else { row.id.clone() };
            Certificate { id: row.id.clone(), title, facts: fields }
        };
        table.rows.iter().map(certificate).collect::<Vec<_>>()
    });
    let page = Page {
        kind: "certificates",
        part: if site.trust.is_some() { "certificates" } else { "registers" },
        title: site.say(register.kind.title),
        description: Some(site.say(super::register::about(name))),
        path,
    };
    let files = downloads(site, &[], &[&export::name::register(name)]);
    Draft::new("certificates.html", page).with("certificates", &certificates).with("downloads", &files)
}
