//! What can be found: every page that readers look for, with its places, each with a text of its own.

use rayon::prelude::*;

use super::word::{forms, tail};
use crate::base::word::{Word, word};
use crate::link::report;
use crate::read::document::Document;
use crate::read::framework::{Catalogue, Control};
use crate::read::register::Register;
use crate::read::tree::{Block, BlockKind, InlineKind};
use crate::render::export::plain::Said;
use crate::render::site::directory::{name, named_row};
use crate::render::site::{Site, address, pages, values};

/// The most of one place's text that is kept to be shown and found, in bytes: more is a table that nobody reads through for an excerpt.
const LONGEST: usize = 60_000;

/// Headings over the kinds.
pub(super) const GROUPS: [Word; 4] = [word!("Documents"), word!("Controls"), word!("Registers"), word!("Overviews")];

/// One kind of pages, by which results can be narrowed.
pub(super) struct Kind {
    /// Its name in addresses.
    pub(super) key: String,
    /// Its title.
    pub(super) title: String,
    /// A place in [`GROUPS`].
    pub(super) group: usize,
    /// Its pages.
    pub(super) pages: Vec<Page>,
}

/// A document, a control, a row of a register, or an overview.
#[derive(Default)]
pub(super) struct Page {
    /// Its identifier; may be empty.
    pub(super) id: String,
    /// The identifier in every form that people may write.
    pub(super) ids: Vec<String>,
    /// What they may write for short.
    pub(super) tails: Vec<String>,
    /// Its title.
    pub(super) title: String,
    /// Its address from the top of the site.
    pub(super) href: String,
    /// Its places in order; the first is its beginning, before any heading.
    pub(super) places: Vec<Place>,
}

/// The beginning of a page, or a section of it.
#[derive(Default)]
pub(super) struct Place {
    /// Number and title of the section.
    pub(super) title: String,
    /// Its anchor, encoded.
    pub(super) anchor: String,
    /// What it says.
    pub(super) text: String,
}

/// Everything that can be found, by kinds.
pub(super) fn kinds(site: &Site<'_>, overviews: Vec<values::Page>) -> Vec<Kind> {
    let view = &site.manual.view;
    let said = Said { manual: site.manual, language: site.language() };
    let mut documents: Vec<Page> = view.documents.par_iter().map(|document| self::document(said, document)).collect();
    documents.extend(view.abstracts.iter().map(|published| Page {
        places: vec![Place { text: said.text(&published.text.blocks), ..Place::default() }],
        ..identified(published.id.as_str(), &published.title, address::document(&published.id))
    }));
    let mut kinds = vec![Kind { key: "documents".into(), title: site.say(GROUPS[0]), group: 0, pages: documents }];
    for catalogue in view.catalogues.in_use() {
        let controls = catalogue.controls.par_iter().filter(|control| !control.withdrawn);
        let controls = controls.map(|control| self::control(site, said, catalogue, control)).collect();
        kinds.push(Kind { key: catalogue.id.to_string(), title: catalogue.title.to_string(), group: 1, pages: controls });
    }
    for register in &view.registers {
        kinds.push(Kind {
            key: register.kind.name.to_owned(),
            title: site.say(register.kind.title),
            group: 2,
            pages: rows(site, said, register),
        });
    }
    let page = |title: String, text: String, href: String| Page {
        title,
        href,
        places: vec![Place { text, ..Place::default() }],
        ..Page::default()
    };
    let mut others: Vec<Page> =
        overviews.into_iter().map(|found| page(found.title, found.description.unwrap_or_default(), found.path)).collect();
    others.extend(view.catalogues.in_use().map(|catalogue| {
        let said = [&catalogue.full_title, &catalogue.publisher].into_iter().flatten().map(AsRef::as_ref).collect::<Vec<&str>>();
        page(catalogue.title.to_string(), said.join(", "), address::framework(&catalogue.id))
    }));
    others.extend(view.registers.iter().map(|register| {
        let name = register.kind.name;
        page(site.say(register.kind.title), site.say(pages::register::about(name)), address::register(name))
    }));
    kinds.push(Kind { key: "overviews".into(), title: site.say(GROUPS[3]), group: 3, pages: others });
    kinds.retain(|kind| !kind.pages.is_empty());
    kinds
}

fn identified(id: &str, title: &str, href: String) -> Page {
    Page { id: id.to_owned(), ids: forms(id), tails: tail(id).into_iter().collect(), title: title.to_owned(), href, places: Vec::new() }
}

/// A document: its beginning with its abstract, and its sections, each with the footnotes that it is the first to refer to.
fn document(said: Said<'_>, document: &Document) -> Page {
    let mut places = vec![Place::default()];
    let mut sections = said.manual.sections(&document.id).iter();
    let blocks = &document.body.blocks;
    let mut noted = vec![false; document.body.footnotes.len()];
    let mut end = |place: &mut Place, blocks: &[Block]| {
        let mut parts = vec![std::mem::take(&mut place.text), said.text(blocks)];
        let mut notes = Vec::new();
        blocks.iter().for_each(|block| {
            block.each_inline(&mut |inline| {
                if let InlineKind::Footnote(index) = inline.kind {
                    notes.push(index);
                }
            });
        });
        for index in notes {
            if noted.get(index) == Some(&false) {
                noted[index] = true;
                parts.push(said.text(&document.body.footnotes[index].blocks));
            }
        }
        parts.retain(|part| !part.is_empty());
        place.text = kept(parts.join("\n"));
    };
    if let Some(summary) = &document.summary {
        places[0].text = said.text(&summary.text.blocks);
    }
    let mut from = 0;
    for (at, block) in blocks.iter().enumerate() {
        let BlockKind::Heading(heading) = &block.kind else { continue };
        if let Some(place) = places.last_mut() {
            end(place, &blocks[from..at]);
        }
        from = at + 1;
        let number = sections.next().map_or("", |section| section.number.as_str());
        let title = said.line(&heading.content);
        places.push(Place {
            title: if number.is_empty() { title } else { format!("{number} {title}") },
            anchor: address::fragment(&heading.id),
            text: String::new(),
        });
    }
    if let Some(place) = places.last_mut() {
        end(place, &blocks[from..]);
    }
    Page { places, ..identified(document.id.as_str(), &document.title, address::document(&document.id)) }
}

/// A control: what it asks for, and what is decided and done about it.
fn control(site: &Site<'_>, said: Said<'_>, catalogue: &Catalogue, control: &Control) -> Page {
    let language = site.language();
    let id = &control.id.control;
    let mut parts = Vec::new();
    let statement = site.manual.statement(control);
    if let Some(statement) = statement {
        let bodies = ["implementation", "justification"].into_iter().filter_map(|key| statement.fields.prose(key));
        parts.extend(bodies.map(|body| said.text(&body.blocks)));
        let duties = statement.responsibilities().into_iter().flat_map(|part| [part.ours, part.theirs]).flatten();
        parts.extend(duties.map(|body| said.text(&body.blocks)));
    }
    parts.extend([&control.text, &control.guidance_text].into_iter().flatten().map(|body| said.text(&body.blocks)));
    let group = control.group.as_ref().and_then(|id| catalogue.groups.iter().find(|group| group.id == *id));
    parts.extend(group.map(|group| format!("{} {}.", group.id, group.title)));
    // "Art. 32(1)(b)" is how lawyers write what others call gdpr:32(1)(b).
    let is_article = matches!(control.kind, "article" | "provision");
    let article = if is_article { format!(", Art. {id}") } else { String::new() };
    parts.push(format!("{} ({}), {}{article}", catalogue.title, control.id.edition, language.listed(control.kind)));
    parts.retain(|part| !part.is_empty());
    let title = language.phrase(&report::titled(control));
    let mut page = identified(id, &title, address::control(&control.id));
    page.id = name(site.manual, control);
    if is_article {
        page.ids.extend(forms(&format!("Art.{id}")));
    }
    page.places.push(Place { text: kept(parts.join("\n")), ..Place::default() });
    page
}

/// The rows of a register, with what its page says of each.
fn rows(site: &Site<'_>, said: Said<'_>, register: &Register) -> Vec<Page> {
    let table = report::register(site.manual, register);
    let rows = table.rows.iter().zip(&register.rows).map(|(line, row)| {
        let cells = table.columns.iter().zip(&line.cells).skip(1).filter(|(column, _)| column.key != register.kind.heading);
        let parts = cells.filter_map(|(column, cell)| {
            let words = said.plain(cell).text();
            (!words.is_empty()).then(|| format!("{}: {words}", site.language().phrase(&column.label)))
        });
        let text = kept(parts.collect::<Vec<_>>().join("\n"));
        let named = named_row(register, row);
        let mut page = identified(row.id.as_str(), &named.title, address::row(register.kind.name, &row.id));
        page.id = named.id;
        page.places.push(Place { text, ..Place::default() });
        page
    });
    rows.collect()
}

/// A text without white space that says nothing, no longer than what is kept.
fn kept(text: String) -> String {
    // Lines stay apart: the proof reads no sentence from one block into the next.
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let mut text = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
    }
    text
}
