//! Technical and organisational measures by the provisions of Article 32 of the GDPR, as an annex to a data-processing agreement.

use serde::Serialize;
use tera::Value;

use super::table::{Sheet, downloads, sheet};
use super::{Draft, with_html};
use crate::base::word::word;
use crate::link::report;
use crate::read::register::Register;
use crate::render::export;
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::cells::Cells;
use crate::render::site::values::{Page, value};

#[derive(Serialize)]
struct Group {
    anchor: String,
    /// The provision: none for measures that name none of Article 32.
    provision: Option<Value>,
    /// As lawyers cite it: `Article 32(1)(a)`.
    cited: String,
    title: String,
    table: Sheet,
}

/// The page.
pub(crate) fn page(site: &Site<'_>, register: &Register) -> Draft {
    let path = address::register(register.kind.name);
    let groups = with_html(site, &path, None, |html| {
        let cells = Cells { directory: &site.directory, html };
        let groups = report::measures(site.manual).into_iter().map(|group| {
            let table = sheet(site.manual, &cells, &group.table);
            match group.provision {
                Some(control) => Group {
                    anchor: format!("provision:{}", control.id.control),
                    provision: Some(site.directory.control(control)),
                    cited: format!("{} {}", site.say(word!("Article")), control.id.control),
                    title: control.title.to_string(),
                    table,
                },
                None => Group {
                    anchor: "provision:other".into(),
                    provision: None,
                    cited: String::new(),
                    title: site.say(word!("Further measures")),
                    table,
                },
            }
        });
        value(&groups.collect::<Vec<_>>())
    });
    let page = Page {
        kind: "measures",
        part: if site.trust.is_some() { "measures" } else { "registers" },
        title: site.say(register.kind.title),
        description: Some(site.say(word!("The security of processing under Article 32 of the GDPR, measure by measure."))),
        path,
    };
    let files = downloads(site, &[], &[&export::name::register(register.kind.name)]);
    Draft::new("measures.html", page).with("groups", &groups).with("downloads", &files)
}
