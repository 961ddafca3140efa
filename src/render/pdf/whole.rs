//! A book as a project of Typst files: one a document and a table, so that only what changed is set again, and one that puts them together.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use super::attachment::{self, Attachment};
use super::book::{Book, Copy, Parts};
use super::code::{Shared, TableAt};
use super::diagnose::Origin;
use super::document::{self, LONGEST_WORD};
use super::fonts::Fonts;
use super::glyphs;
use super::index;
use super::literal::{array, dictionary, quoted};
use super::pictures;
use super::reference::control_place;
use super::register;
use super::sheet;
use super::templates;
use super::widths::breakable;
use crate::base::finding::{Finding, Place, Severity, Span, Spanned};
use crate::base::id::ItemId;
use crate::base::rule;
use crate::base::word::{phrase, word};
use crate::link::manual::Manual;
use crate::link::report;
use crate::read::framework::Catalogue;
use crate::read::value::Value;
use crate::read::{adopt, tree};
use crate::render::mark::Mark;

/// Most documents of one PDF: Typst has room for 65,535 paths in the life of a process.
const MOST_DOCUMENTS: usize = 20_000;

/// What every generated file begins with.
pub(super) const IMPORTS: &str = "#import \"/templates/pdf/blocks.typ\": *\n#import \"/templates/pdf/tables.typ\": *\n";

/// A generated or given text file.
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) origins: Vec<(Range<usize>, Origin)>,
}

/// All that Typst will see.
pub(super) struct Project {
    pub(super) main: String,
    /// The title of the PDF.
    pub(super) name: String,
    /// What the PDF says it was made from.
    pub(super) mark: Option<Mark>,
    /// What links call a place that no heading names and whose identifier says too little.
    pub(super) names: HashMap<String, String>,
    pub(super) files: Vec<File>,
    /// Images and attached files, by their virtual paths.
    pub(super) data: Vec<(String, Arc<[u8]>)>,
    pub(super) findings: Vec<Finding>,
    /// What is said of it all the same, and stops nothing.
    pub(super) warnings: Vec<Finding>,
}

/// Writes the project of a book.
pub(super) fn write(manual: &Manual, fonts: &Fonts, book: &Book, copy: Option<&Copy>) -> Project {
    let parts = Parts::of(manual, book);
    let mut shared = Shared::new(manual, fonts, places(&parts));
    let mut files: Vec<File> =
        templates::all(&manual.view.sources).into_iter().map(|(path, text)| File { path, text, origins: Vec::new() }).collect();
    if parts.documents.len() > MOST_DOCUMENTS {
        let message = phrase!("a PDF of more than {n} documents cannot be made", n = MOST_DOCUMENTS);
        shared.findings.push(Finding::new(&rule::PDF_FAILED, Place::Project, message));
        return Project {
            main: String::new(),
            name: String::new(),
            mark: None,
            names: HashMap::new(),
            files,
            data: Vec::new(),
            findings: shared.findings,
            warnings: Vec::new(),
        };
    }

    let mut main =
        String::from("#import \"/templates/pdf/manual.typ\": manual\n#let documents = ()\n#let registers = ()\n#let attached = ()\n");
    for document in &parts.documents {
        let _ = writeln!(main, "#import {}: info, body\n#documents.push((..info, body: body))", quoted(&document::path(document)));
        files.push(document::file(&mut shared, document));
    }
    // Sheets come before the tables, so that links to a control lead to its sheet.
    files.push(sheet::file(&mut shared, &parts));
    let (soa, others): (Vec<_>, Vec<_>) = parts.registers.iter().partition(|register| register.part == "soa");
    let mut tables: Vec<File> = soa.into_iter().map(|register| register::file(&mut shared, register)).collect();
    tables.extend(pictures::coverage_files(&mut shared, &parts.coverage));
    tables.extend(others.into_iter().map(|register| register::file(&mut shared, register)));
    for file in &tables {
        let path = quoted(&file.path);
        let _ = writeln!(main, "#import {path}: info, body, landscape\n#registers.push((..info, body: body, landscape: landscape))");
    }
    files.extend(tables);
    files.push(index::file(&mut shared, &parts));
    main.push_str("#import \"/sheets.typ\": sheets\n#import \"/index.typ\": index, pages\n");
    let sources = attachment::of_sources(manual);
    let attached: Vec<&Attachment> = parts.registers.iter().flat_map(|register| &register.attached).chain(&sources).collect();
    for file in &attached {
        let description = quoted(&shared.glyphs.clean(&file.description, None::<Span>));
        let path = quoted(&attached_path(file));
        let _ = writeln!(main, "#attached.push((path: {path}, kind: \"{}\", description: {description}))", file.kind);
    }
    let name = name(manual, book);
    let about = about(&mut shared, book, &name, copy);
    let _ = writeln!(main, "#manual({about}, documents, sheets, registers, index, pages, attached)");
    files.push(File { path: "/main.typ".into(), text: main, origins: Vec::new() });

    let names = names(&shared);
    let images = shared.images.iter().map(|image| (image.path.clone(), image.bytes.clone()));
    let data = images.chain(attached.into_iter().map(|file| (attached_path(file), file.bytes.as_slice().into()))).collect();
    let mut findings = shared.findings;
    findings.extend(shared.glyphs.findings());
    adopt::soften_links(&manual.view.project, &manual.view.sources, &mut findings);
    let (findings, warnings) = findings.into_iter().partition(|finding| finding.severity == Severity::Error);
    Project { main: "/main.typ".into(), name, mark: mark(manual, book, copy), names, files, data, findings, warnings }
}

/// Roles by their titles, and tables by the sections that they stand in.
fn names(shared: &Shared<'_>) -> HashMap<String, String> {
    let language = &shared.manual.view.project.language;
    let roles = shared.manual.rows("roles").map(|row| (row.id.to_string(), role_title(shared.manual, &row.id)));
    let tables = shared.tables.iter().map(|TableAt { document, section: (number, title), place }| {
        let section = format!("{number} {title}");
        let name = phrase!("{document}, table in {section}", document = document.as_str(), section = section.trim());
        (place.clone(), language.phrase(&name))
    });
    roles.chain(tables).collect()
}

/// The virtual path of an attached file. Readers show it as the file's name.
fn attached_path(file: &Attachment) -> String {
    format!("/{}", file.name)
}

/// Every place that the PDF will define.
fn places(parts: &Parts<'_>) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    for document in &parts.documents {
        places.insert(document.id.to_string());
        let shown = document.body.headings().filter(|heading| glyphs::shows(&tree::plain(&heading.content)));
        places.extend(shown.map(|heading| format!("{}#{}", document.id, heading.id)));
    }
    places.extend(parts.registers.iter().flat_map(register::places));
    places.extend(parts.sheets.iter().map(|sheet| control_place(&sheet.control.id)));
    places.extend(parts.index.iter().flat_map(|(_, controls)| controls).map(|control| control_place(&control.id)));
    places
}

/// The title of a role; its name where the view has no such row.
pub(super) fn role_title(manual: &Manual, id: &ItemId) -> String {
    manual.row(id).map_or_else(|| id.to_string(), |(register, row)| register.kind.heading(row).to_owned())
}

/// The title of a PDF as readers show it: what it is about, and of which manual.
fn name(manual: &Manual, book: &Book) -> String {
    let title = &manual.view.project.title;
    let subject = book.subject(manual);
    match book {
        Book::Manual => title.to_string(),
        Book::Document(_) => subject,
        Book::Applicability => format!("{} · {title}", manual.view.project.language.say(word!("Statement of Applicability"))),
        Book::Framework(_) | Book::Controls(_) => format!("{subject} · {title}"),
    }
}

/// What the PDF says it was made from, where that is known.
fn mark(manual: &Manual, book: &Book, copy: Option<&Copy>) -> Option<Mark> {
    let origin = manual.origin.as_ref()?;
    Some(Mark {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        audience: manual.view.audience.name.to_string(),
        today: manual.today,
        book: book.word(),
        copy: copy.is_some(),
        view: origin.view.to_string(),
        sources: origin.sources.as_ref().map(|sources| sources.sha256.to_string()),
    })
}

/// What the templates get to know of the whole.
pub(super) fn about(shared: &mut Shared<'_>, book: &Book, name: &str, copy: Option<&Copy>) -> String {
    let manual = shared.manual;
    let project = &manual.view.project;
    // What no font has is looked for in the whole of annexa.yaml.
    let file = project.file;
    let place = Some(Span::new(file, 0..manual.view.sources.file(file).text().len()));
    let itself = itself(shared, book, place);
    let recipient = copy.map_or_else(String::new, |copy| quoted(&shared.glyphs.clean(&copy.recipient, None::<Span>)));
    let mut text = |text: &str| quoted(&breakable(&shared.glyphs.clean(text, place), LONGEST_WORD));
    let organisation = ["name", "short_name", "service", "address", "website", "security_contact", "privacy_contact"].map(|key| {
        let value = text(project.organisation.text(key).map_or("", |value| value));
        // An address leads somewhere only as it is.
        (key, if matches!(key, "website" | "security_contact" | "privacy_contact") { value.replace('\u{200b}', "") } else { value })
    });
    // The Statement of Applicability is of those that it decides.
    let decides = |catalogue: &&Arc<Catalogue>| {
        *book != Book::Applicability || report::soa_controls(manual).any(|control| control.id.edition == catalogue.id)
    };
    let frameworks = manual.view.catalogues.in_use().filter(decides).map(|catalogue| text(&catalogue.title)).collect::<Vec<_>>();
    let copy = copy.map_or_else(
        || "none".to_owned(),
        |copy| {
            let number = copy.id.as_str().trim_start_matches(|c: char| !c.is_ascii_digit()).trim_start_matches('0');
            dictionary([
                ("id", quoted(copy.id.as_str())),
                ("number", quoted(number)),
                ("recipient", recipient.clone()),
                ("date", quoted(&copy.date.to_string())),
            ])
        },
    );
    // Nothing in a view is marked higher than what its audience may see, so neither is the whole.
    let marked = project.classification.min(manual.view.audience.up_to);
    let statement = text(project.theme.cover.statement.as_deref().unwrap_or_default());
    let logo = logo(shared);
    let figures = array(shared.figures.iter().map(|figure| {
        dictionary([
            ("id", quoted(&figure.document)),
            ("number", figure.number.to_string()),
            ("caption", quoted(&figure.caption)),
            ("place", quoted(&figure.place)),
        ])
    }));
    // By document: each with its tables, named by the sections that they stand in.
    let tables = array(shared.tables.chunk_by(|one, next| one.document == next.document).map(|tables| {
        let title =
            tables.first().and_then(|table| manual.document(&ItemId::parse(&table.document)?)).map_or("", |document| &document.title);
        let table = |table: &TableAt| {
            dictionary([("number", quoted(&table.section.0)), ("title", quoted(&table.section.1)), ("place", quoted(&table.place))])
        };
        let id = tables.first().map_or("", |table| &table.document);
        dictionary([("id", quoted(id)), ("title", quoted(title)), ("tables", array(tables.iter().map(table)))])
    }));
    let name = quoted(&shared.glyphs.clean(name, place));
    let mut text = |text: &str| quoted(&breakable(&shared.glyphs.clean(text, place), LONGEST_WORD));
    dictionary([
        ("kind", quoted(book.kind())),
        ("name", name),
        ("subject", text(&book.subject(manual))),
        ("title", text(&project.title)),
        ("version", text(version(manual, book))),
        ("about", itself),
        ("scope", text(project.scope.as_deref().unwrap_or_default())),
        ("classification", text(&project.language.classification(project.classification_name(marked)))),
        ("audience", text(&project.language.classification(&manual.view.audience.name))),
        ("date", quoted(&manual.today.to_string())),
        ("frameworks", array(frameworks)),
        ("organisation", dictionary(organisation)),
        ("statement", statement),
        ("logo", logo),
        ("figures", figures),
        ("tables", tables),
        ("copy", copy),
        ("view", quoted(manual.origin.as_ref().map_or("", |origin| &origin.view))),
        ("sources", quoted(manual.origin.as_ref().and_then(|origin| origin.sources.as_ref()).map_or("", |sources| &sources.sha256))),
    ])
}

/// The version that a book carries: the manual's, or that of the Statement of Applicability, which is approved by itself.
fn version<'m>(manual: &'m Manual, book: &Book) -> &'m str {
    let project = &manual.view.project;
    let of_soa = project.soa.as_ref().filter(|_| *book == Book::Applicability).and_then(|soa| soa.text("version"));
    of_soa.or(project.version.as_ref()).map_or("", AsRef::as_ref)
}

/// What the whole says of itself as documented information (ISO/IEC 27001:2022, 7.5), as a dictionary: the manual, or the Statement of Applicability.
fn itself(shared: &mut Shared<'_>, book: &Book, place: Option<Span>) -> String {
    let manual = shared.manual;
    let mut text = |text: &str| quoted(&breakable(&shared.glyphs.clean(text, place), LONGEST_WORD));
    let role = |id: Option<&ItemId>| id.map_or_else(String::new, |id| role_title(manual, id));
    let date = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    if *book == Book::Applicability {
        // Version and date stand with those of every book.
        let says = register::approval(manual).into_iter().filter(|(key, _)| !matches!(*key, "version" | "date"));
        return dictionary(says.map(|(key, value)| (key, text(&value))));
    }
    let Some(about) = &manual.view.project.manual else { return dictionary([]) };
    let said = |key: &str| about.text(key).map_or("", |value| value);
    let next = about.period("review_every").and_then(|period| Some(period.after(about.date("reviewed").or(about.date("approved"))?)));
    let named = |item: &Spanned<Value>| match &item.value {
        Value::Text(name) => Some(document::named(manual, name)),
        _ => None,
    };
    let distribution: Vec<String> = about.list("distribution").iter().filter_map(named).collect();
    let history = about.records("history").map(|row| {
        let said = |key: &str| row.text(key).map_or("", |value| value);
        array([text(said("version")), text(&date(row.date("date"))), text(&role(row.item("author"))), text(said("change"))])
    });
    let history = array(history.collect::<Vec<_>>());
    dictionary([
        ("id", text(said("id"))),
        ("status", quoted(about.word("status").unwrap_or("approved"))),
        ("owner", text(&role(about.item("owner")))),
        ("approver", text(&role(about.item("approver")))),
        ("approved", text(&date(about.date("approved")))),
        ("reviewed", text(&date(about.date("reviewed")))),
        ("next-review", text(&date(next))),
        ("retention", text(said("retention"))),
        ("distribution", text(&distribution.join(", "))),
        ("history", history),
    ])
}

/// The theme's logo as a dictionary; `none` where there is none.
fn logo(shared: &mut Shared<'_>) -> String {
    let manual = shared.manual;
    let project = &manual.view.project;
    let Some(logo) = &project.theme.logo else { return "none".into() };
    let sources = &manual.view.sources;
    match shared.images.get(&logo.path.value, || sources.find(&logo.path.value).map(|id| sources.file(id).bytes().into())) {
        Ok(image) => {
            if let Some(text) = image.text() {
                shared.glyphs.clean(&text, Some(logo.path.span));
            }
            let alt = logo.alt.as_deref().filter(|alt| !alt.trim().is_empty()).unwrap_or(project.organisation_name());
            let alt = shared.glyphs.clean(alt, None::<Span>);
            let height = format!("{}mm", logo.height);
            dictionary([("path", quoted(&image.path)), ("format", quoted(image.format)), ("alt", quoted(&alt)), ("height", height)])
        }
        Err(why) => {
            let message = phrase!("the logo `{path}` cannot be set: {why}", path = logo.path.value, why = why);
            shared.findings.push(Finding::new(&rule::IMAGE_MISSING, logo.path.span, message));
            "none".into()
        }
    }
}
