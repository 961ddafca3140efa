//! A book as a project of Typst files: one a document and a table, so that only what changed is set again, and one that puts them together.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

use super::book::{Book, Document, Goal, Row};
use super::code::{Shared, Writer};
use super::diagnose::Origin;
use super::fonts::Fonts;
use super::glyphs::Glyphs;
use super::images::Images;
use super::literal::{array, dictionary, quoted};
use super::templates;
use crate::base::finding::{Finding, Place};
use crate::base::rule;
use crate::base::source::Sources;

/// Most documents and tables of one book: Typst has room for 65,535 paths in the life of a process.
const MOST_FILES: usize = 20_000;

/// A generated or given text file.
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) origins: Vec<(Range<usize>, Origin)>,
}

/// All that Typst will see.
pub(super) struct Project {
    pub(super) main: String,
    pub(super) files: Vec<File>,
    pub(super) images: Vec<(String, Arc<[u8]>)>,
    pub(super) findings: Vec<Finding>,
}

/// Writes the project of a book.
pub(super) fn write(book: &Book<'_>, sources: &Sources, fonts: &Fonts) -> Project {
    let mut shared = Shared {
        links: book.links,
        glyphs: Glyphs::new(fonts, sources),
        images: Images::default(),
        findings: Vec::new(),
        places: places(book),
        defined: BTreeSet::new(),
    };
    let mut files: Vec<File> =
        templates::all(sources).into_iter().map(|(path, text, _)| File { path, text, origins: Vec::new() }).collect();
    if book.documents.len() + book.grids.len() > MOST_FILES {
        let message = format!("a PDF of more than {MOST_FILES} documents and registers cannot be made");
        shared.findings.push(Finding::new(&rule::PDF_FAILED, Place::Project, message));
        return Project { main: String::new(), files, images: Vec::new(), findings: shared.findings };
    }

    let mut main = String::from("#import \"/templates/pdf/manual.typ\": manual\n#let documents = ()\n#let grids = ()\n");
    for (number, document) in book.documents.iter().enumerate() {
        let path = format!("/documents/{}.typ", file_name(&document.id, number));
        let _ = writeln!(main, "#import {}: info, body\n#documents.push((..info, body: body))", quoted(&path));
        files.push(self::document(&mut shared, document, path));
    }
    for (number, grid) in book.grids.iter().enumerate() {
        let path = format!("/tables/{}.typ", file_name(&grid.name, number));
        let _ = writeln!(main, "#import {}: info, body, landscape\n#grids.push((..info, body: body, landscape: landscape))", quoted(&path));
        let mut writer = Writer::new(&mut shared, "");
        writer.out.push_str("#import \"/templates/pdf/blocks.typ\": *\n#import \"/templates/pdf/tables.typ\": *\n");
        let place = writer.define(&grid.name);
        let text = |writer: &mut Writer<'_, '_>, text: &str| quoted(&writer.shared.glyphs.clean(text, None));
        let info = dictionary([
            ("place", place),
            ("part", text(&mut writer, &grid.part)),
            ("title", text(&mut writer, &grid.title)),
            ("lead", text(&mut writer, &grid.lead)),
        ]);
        let _ = writeln!(writer.out, "#let info = {info}");
        writer.grid(grid);
        files.push(File { path, text: writer.out, origins: writer.origins });
    }
    let index = index(&mut shared, book);
    let whole = whole(&mut shared, book);
    let _ = writeln!(main, "#let index = {index}\n#manual({whole}, documents, grids, index)");
    files.push(File { path: "/main.typ".into(), text: main, origins: Vec::new() });

    let images = shared.images.iter().map(|image| (image.path.clone(), image.bytes.clone())).collect();
    let mut findings = shared.findings;
    findings.extend(shared.glyphs.findings());
    Project { main: "/main.typ".into(), files, images, findings }
}

/// Every place that the book will define.
fn places(book: &Book<'_>) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    for document in &book.documents {
        places.insert(document.id.clone());
        places.extend(document.body.headings().map(|heading| format!("{}#{}", document.id, heading.id)));
    }
    for grid in &book.grids {
        places.insert(grid.name.clone());
        places.extend(grid.rows.iter().filter_map(|row| match row {
            Row::Cells { place, .. } => place.clone(),
            Row::Group(_) => None,
        }));
    }
    places
}

/// A name for a virtual file: the identifier, which stays the same from build to build, and nothing that a path could stumble over.
fn file_name(id: &str, number: usize) -> String {
    let good = !id.is_empty() && id.len() < 100 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if good { id.to_owned() } else { format!("number-{number}") }
}

fn document(shared: &mut Shared<'_>, document: &Document<'_>, path: String) -> File {
    let mut writer = Writer::new(shared, &document.id);
    writer.out.push_str("#import \"/templates/pdf/blocks.typ\": *\n#import \"/templates/pdf/tables.typ\": *\n");
    let place = writer.define(&document.id);
    let span = Some(document.span);
    let text = |writer: &mut Writer<'_, '_>, text: &str| quoted(&writer.shared.glyphs.clean(text, span));
    let mut info = vec![("place", place)];
    for (key, value) in [
        ("id", &document.id),
        ("title", &document.title),
        ("kind", &document.kind),
        ("part", &document.part),
        ("version", &document.version),
        ("status", &document.status),
        ("classification", &document.classification),
        ("owner", &document.owner),
        ("approver", &document.approver),
        ("approved", &document.approved),
        ("next-review", &document.next_review),
    ] {
        info.push((key, text(&mut writer, value)));
    }
    let fields = document.fields.iter().map(|field| array([text(&mut writer, &field.label), text(&mut writer, &field.value)])).collect::<Vec<_>>();
    info.push(("fields", array(fields)));
    let history = document.history.iter().map(|change| {
        let cells = [&change.version, &change.date, &change.author, &change.change];
        array(cells.map(|cell| text(&mut writer, cell)))
    });
    let history = history.collect::<Vec<_>>();
    info.push(("history", array(history)));
    let start = writer.out.len();
    writer.resolved(&document.claims);
    let claims = writer.out.split_off(start);
    info.push(("claims", claims));
    writer.at(document.span, false, |writer| {
        let _ = writeln!(writer.out, "#let info = {}", dictionary(info));
    });
    writer.out.push_str("#let body = ");
    writer.body(document.body);
    writer.out.push('\n');
    File { path, text: writer.out, origins: writer.origins }
}

fn index(shared: &mut Shared<'_>, book: &Book<'_>) -> String {
    let mut writer = Writer::new(shared, "");
    writer.out.push('(');
    for (framework, entries) in &book.index {
        writer.out.push_str("(title: ");
        writer.words(framework, None);
        writer.out.push_str(", entries: (");
        for entry in entries {
            writer.out.push_str("\n(control: ");
            writer.resolved(std::slice::from_ref(&entry.control));
            writer.out.push_str(".first(), title: ");
            writer.words(&entry.title, None);
            writer.out.push_str(", places: ");
            // Only what the book holds has a page.
            let shown: Vec<_> = entry.places.iter().filter(|place| !matches!(place.goal, Goal::Nowhere)).cloned().collect();
            writer.resolved(&shown);
            writer.out.push_str("), ");
        }
        writer.out.push_str(")), ");
    }
    writer.out.push(')');
    writer.out
}

fn whole(shared: &mut Shared<'_>, book: &Book<'_>) -> String {
    let mut text = |text: &str| quoted(&shared.glyphs.clean(text, None));
    let facts = book.facts.iter().map(|(label, value)| array([text(label), text(value)])).collect::<Vec<_>>();
    dictionary([
        ("title", text(&book.title)),
        ("version", text(&book.version)),
        ("organisation", text(&book.organisation)),
        ("scope", text(&book.scope)),
        ("classification", text(&book.classification)),
        ("date", quoted(&book.today.to_string())),
        ("facts", array(facts)),
    ])
}
