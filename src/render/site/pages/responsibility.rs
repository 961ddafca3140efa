//! Who does what in the cloud: every relationship, what customers have to do, and what is inherited.

use serde::Serialize;
use tera::Value;

use super::table::{Sheet, downloads, sheet};
use super::{Draft, with_html};
use crate::base::finding::Spanned;
use crate::base::word::{Word, word};
use crate::link::report::{self, Matrix, Share};
use crate::read::register::Row;
use crate::read::value::Value as Read;
use crate::render::export::name;
use crate::render::site::Site;
use crate::render::site::cells::Cells;
use crate::render::site::values::{self, Page, date};

/// The path of the page on all relationships.
pub(crate) const PATH: &str = "responsibilities.html";
/// The path of the page on what customers have to do.
pub(crate) const CUSTOMERS: &str = "customer-responsibilities.html";
const INHERITANCE: &str = "inheritance.html";

#[derive(Serialize)]
struct Related {
    anchor: String,
    title: String,
    role: String,
    supplier: Option<Supplier>,
    /// How many controls are not spoken of.
    gaps: usize,
    table: Sheet,
}

#[derive(Serialize)]
struct Supplier {
    link: Option<Value>,
    kind: Option<String>,
    certificates: Vec<String>,
    valid_until: Option<String>,
}

/// What there is to say of responsibilities.
struct Said<'m> {
    matrix: Matrix<'m>,
    customers: report::Table,
    inherited: report::Table,
    /// Whether the matrix says anything.
    in_matrix: bool,
}

impl<'m> Said<'m> {
    fn of(site: &Site<'m>) -> Self {
        let matrix = report::matrix(site.manual);
        let in_matrix = matrix.rows.iter().flat_map(|row| &row.shares).any(|share| !matches!(share, Share::Nothing));
        Said { customers: matrix.for_customers(), inherited: report::inheritance(site.manual), matrix, in_matrix }
    }

    /// The pages besides the first, where they have something to say.
    fn others(&self) -> [Option<&'static str>; 2] {
        [(!self.customers.rows.is_empty()).then_some(CUSTOMERS), (!self.inherited.rows.is_empty()).then_some(INHERITANCE)]
    }
}

/// The paths of the pages; none where nothing is said of responsibilities.
pub(crate) fn paths(site: &Site<'_>) -> Vec<&'static str> {
    let said = Said::of(site);
    if !said.in_matrix && said.inherited.rows.is_empty() {
        return Vec::new();
    }
    std::iter::once(PATH).chain(said.others().into_iter().flatten()).collect()
}

/// The page at one of [`paths`].
pub(crate) fn page_at(site: &Site<'_>, path: &str) -> Draft {
    let manual = site.manual;
    let said = Said::of(site);
    let table = |rows: &report::Table| {
        with_html(site, path, None, |html| values::value(&sheet(manual, &Cells { directory: &site.directory, html }, rows)))
    };
    match path {
        CUSTOMERS => {
            let title = word!("Responsibilities of our customers");
            let page = page(site, CUSTOMERS, title, word!("What you do as our customer, and what we do for you."));
            let files = downloads(site, &[name::CUSTOMERS], &[name::CUSTOMERS]);
            Draft::new("customer-responsibilities.html", page).with("table", &table(&said.customers)).with("downloads", &files)
        }
        INHERITANCE => {
            let title = word!("Inherited controls");
            let page = page(site, INHERITANCE, title, word!("Controls that a supplier carries out for us, with what shows it."));
            let files = downloads(site, &[], &[name::INHERITANCE]);
            Draft::new("inheritance.html", page).with("table", &table(&said.inherited)).with("downloads", &files)
        }
        _ => all(site, &said.matrix, said.in_matrix, said.others()),
    }
}

fn page(site: &Site<'_>, path: &str, title: Word, description: Word) -> Page {
    Page {
        kind: "responsibilities",
        part: "responsibilities",
        title: site.say(title),
        description: Some(site.say(description)),
        path: path.into(),
    }
}

/// The page on all relationships: at a glance, then one after the other.
fn all(site: &Site<'_>, matrix: &Matrix<'_>, says_something: bool, others: [Option<&str>; 2]) -> Draft {
    let manual = site.manual;
    let overview = matrix.overview();
    let tables: Vec<report::Table> = (0..matrix.relationships.len()).map(|place| matrix.of_relationship(place)).collect();
    let (overview, relationships) = with_html(site, PATH, None, |html| {
        let cells = Cells { directory: &site.directory, html };
        let related = tables.iter().enumerate().filter(|(_, table)| !table.rows.is_empty()).map(|(place, table)| {
            let relationship = &matrix.relationships[place];
            Related {
                anchor: format!("relationship:{}", place + 1),
                title: site.language().phrase(&relationship.title()),
                role: site.language().listed(relationship.role),
                supplier: relationship.supplier().map(|row| supplier(site, row)),
                gaps: matrix.gaps(place),
                table: sheet(manual, &cells, table),
            }
        });
        let overview = says_something.then(|| sheet(manual, &cells, &overview));
        (values::value(&overview), values::value(&related.collect::<Vec<_>>()))
    });
    let page =
        page(site, PATH, word!("Responsibilities in the cloud"), word!("Who does what for each control, in each cloud relationship."));
    Draft::new("responsibilities.html", page)
        .with("overview", &overview)
        .with("relationships", &relationships)
        .with("customers", &others[0])
        .with("inheritance", &others[1])
        .with("downloads", &downloads(site, &[name::RESPONSIBILITIES], &[name::RESPONSIBILITIES]))
}

fn supplier(site: &Site<'_>, row: &Row) -> Supplier {
    let texts = row.fields.list("certificates").iter();
    let text = |item: &Spanned<Read>| match &item.value {
        Read::Text(text) => Some(text.to_string()),
        _ => None,
    };
    Supplier {
        link: site.directory.item(&row.id),
        kind: row.fields.word("kind").map(|word| site.language().listed(word)),
        certificates: texts.filter_map(text).collect(),
        valid_until: date(row.fields.date("certificates_expire")),
    }
}
