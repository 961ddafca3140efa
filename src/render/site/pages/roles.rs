//! Roles, with what each owns.

use serde::Serialize;
use tera::Value;

use super::table::downloads;
use super::{Draft, with_html};
use crate::base::id::ItemId;
use crate::base::word::word;
use crate::read::register::{Register, Row};
use crate::render::export;
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::values::{Page, safe};

#[derive(Serialize)]
struct Role<'a> {
    id: &'a str,
    title: &'a str,
    deputy: Option<Value>,
    duties: Option<Value>,
    documents: Vec<Value>,
    /// How many statements it owns.
    controls: usize,
    /// Registers in which it owns rows, with how many.
    rows: Vec<Owned>,
}

#[derive(Serialize)]
struct Owned {
    title: String,
    href: String,
    count: usize,
}

fn owned(site: &Site<'_>, id: &ItemId) -> Vec<Owned> {
    let owns = |row: &&Row| row.fields.item("owner") == Some(id);
    let registers = site.manual.view.registers.iter().map(|register| Owned {
        title: site.say(register.kind.title),
        href: address::register(register.kind.name),
        count: register.rows.iter().filter(owns).count(),
    });
    registers.filter(|owned| owned.count > 0).collect()
}

/// The page of the roles register.
pub(crate) fn page(site: &Site<'_>, register: &Register) -> Draft {
    let view = &site.manual.view;
    let path = address::register("roles");
    let roles: Vec<Role<'_>> = with_html(site, &path, None, |html| {
        let roles = register.rows.iter().map(|row| Role {
            id: row.id.as_str(),
            title: register.kind.heading(row),
            deputy: site.directory.role(row.fields.item("deputy")),
            duties: row.fields.prose("duties").map(|body| safe(&html.prose(body, row.id.as_str()))),
            documents: view
                .documents
                .iter()
                .filter(|document| document.owner.as_ref() == Some(&row.id))
                .filter_map(|document| site.directory.item(&document.id))
                .collect(),
            controls: view.statements.iter().filter(|statement| statement.fields.item("owner") == Some(&row.id)).count(),
            rows: owned(site, &row.id),
        });
        roles.collect()
    });
    let page = Page {
        kind: "roles",
        part: "roles",
        title: site.say(word!("Roles")),
        description: Some(site.say(super::register::about("roles"))),
        path,
    };
    let files = downloads(site, &[], &[&export::name::register("roles")]);
    Draft::new("roles.html", page).with("roles", &roles).with("downloads", &files)
}
