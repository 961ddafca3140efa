//! What changed: a redline as a page of a release's site, or as one that stands by itself.

use std::fmt::Write;

use serde::Serialize;
use tera::Value;

use super::Draft;
use crate::base::id::ItemId;
use crate::base::language::Language;
use crate::base::word::{Phrase, counted, phrase, word};
use crate::history::redline::{
    ControlChange, DocumentChange, Fate, FieldChange, Found, FrameworkChange, Mark, Piece, Redline, Run, State, TableChange, Words,
    abridged,
};
use crate::link::manual::Manual;
use crate::link::release;
use crate::link::state::{self, Counts};
use crate::render::escape::{attribute, text};
use crate::render::site::values::{Page, Shown, safe, value};
use crate::render::site::{Site, address};

/// So many bytes of texts and rows are shown as they are; of more, the reader opens what he wants, and no browser lays out the rest.
const UNFOLDED: usize = 60_000;

/// About how many bytes a row has.
const ROW: usize = 1_000;

/// The path of the page of a release, by the release before it: so it tells by its name what it is compared with.
pub(crate) fn path(redline: &Redline) -> String {
    address::changes(redline.before.name.as_deref().unwrap_or("sources"))
}

#[derive(Serialize)]
struct Changes {
    before: String,
    after: String,
    before_date: String,
    after_date: String,
    empty: bool,
    /// Whether it is so long that each part of it is opened by who wants to read it.
    folded: bool,
    documents: Vec<Document>,
    /// How many a lower view has no more, in words.
    gone: Option<String>,
    frameworks: Vec<Framework>,
    tables: Vec<Table>,
    lapsed: Vec<Lapse>,
    /// What the check says now and did not before, and the other way round.
    findings_new: Vec<FoundShown>,
    findings_gone: Vec<FoundShown>,
}

#[derive(Serialize)]
struct FoundShown {
    severity: String,
    place: String,
    message: String,
    code: &'static str,
}

#[derive(Serialize)]
struct Document {
    id: String,
    title: String,
    href: Option<String>,
    fate: &'static str,
    fate_words: String,
    version: Option<String>,
    /// By how much.
    amount: String,
    /// Whether more is told of it below.
    told: bool,
    sections_gone: Option<String>,
    front: Vec<Field>,
    text: Option<Value>,
}

#[derive(Serialize)]
struct Field {
    label: String,
    before: Value,
    after: Value,
}

#[derive(Serialize)]
struct Framework {
    id: String,
    title: String,
    affected: String,
    gained: usize,
    lost: usize,
    /// How many controls were met and are, where that changed.
    met: Option<String>,
    controls: Vec<Control>,
}

#[derive(Serialize)]
struct Control {
    id: String,
    title: String,
    href: Option<String>,
    before: Shown,
    after: Shown,
    same: bool,
    statement: bool,
    documents: Vec<String>,
}

#[derive(Serialize)]
struct Table {
    name: &'static str,
    title: String,
    amount: String,
    gone: Option<String>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    title: String,
    fate: &'static str,
    fate_words: String,
    /// What differs, of a row that was there before and still is.
    fields: Vec<Field>,
    /// All that it says, of one that came or went.
    said: Vec<Said>,
}

#[derive(Serialize)]
struct Said {
    label: String,
    words: Value,
}

#[derive(Serialize)]
struct Lapse {
    what: String,
    title: String,
    standing: String,
}

/// The page in a release's own site.
pub(crate) fn page(site: &Site<'_>, redline: &Redline) -> Draft {
    let page = page_of(redline, path(redline));
    Draft::new("changes.html", page).with("changes", &Told { redline, manual: Some(site.manual) }.all())
}

/// A page that stands by itself, with a style of its own.
pub(crate) fn alone(redline: &Redline, style: &str) -> Draft {
    let page = page_of(redline, "changes.html".into());
    Draft::new("redline.html", page).with("changes", &Told { redline, manual: None }.all()).with("style", &safe(style))
}

fn page_of(redline: &Redline, path: String) -> Page {
    let title = phrase!("Changes from {before} to {after}", before = redline.before.phrase(), after = redline.after.phrase());
    let description = word!("What changed: documents, statements and registers, controls, approvals.");
    Page {
        kind: "changes",
        part: "",
        title: redline.language.phrase(&title),
        description: Some(redline.language.say(description).to_owned()),
        path,
    }
}

fn found(found: &Found, language: &Language) -> FoundShown {
    FoundShown {
        severity: language.say(found.severity.word()).to_owned(),
        place: found.place(),
        message: language.phrase(&found.message).replace('`', ""),
        code: found.code,
    }
}

struct Told<'a> {
    redline: &'a Redline,
    /// Whose pages can be linked.
    manual: Option<&'a Manual>,
}

impl Told<'_> {
    fn language(&self) -> &Language {
        &self.redline.language
    }

    fn phrase(&self, phrase: &Phrase) -> String {
        self.language().phrase(phrase)
    }

    fn all(&self) -> Changes {
        let redline = self.redline;
        let state = |state: &State| self.phrase(&state.phrase());
        let documents: Vec<Document> = redline.documents.iter().map(|document| self.document(document)).collect();
        let tables: Vec<Table> = redline.tables.iter().map(|table| self.table(table)).collect();
        let texts = documents.iter().filter_map(|document| document.text.as_ref()?.as_str());
        let long: usize = texts.map(str::len).sum::<usize>() + tables.iter().map(|table| table.rows.len() * ROW).sum::<usize>();
        Changes {
            before: state(&redline.before),
            after: state(&redline.after),
            before_date: redline.before.date.to_string(),
            after_date: redline.after.date.to_string(),
            empty: redline.is_empty(),
            folded: long > UNFOLDED,
            documents,
            gone: self.gone(redline.gone),
            frameworks: redline.frameworks.iter().map(|framework| self.framework(framework)).collect(),
            tables,
            lapsed: redline
                .lapsed
                .iter()
                .map(|lapse| Lapse { what: lapse.what.clone(), title: self.phrase(&lapse.title), standing: self.phrase(&lapse.standing) })
                .collect(),
            findings_new: redline.findings.new.iter().map(|one| found(one, self.language())).collect(),
            findings_gone: redline.findings.gone.iter().map(|one| found(one, self.language())).collect(),
        }
    }

    fn gone(&self, count: usize) -> Option<String> {
        (count > 0).then(|| self.phrase(&counted!("{n} is no longer shown", "{n} are no longer shown", count)))
    }

    fn href(&self, id: &ItemId) -> Option<String> {
        self.manual?.document(id).map(|document| address::document(&document.id))
    }

    fn document(&self, document: &DocumentChange) -> Document {
        let is_changed = document.fate == Fate::Changed;
        let version = match &document.versions {
            (Some(before), Some(after)) if before != after => {
                Some(self.phrase(&phrase!("{before} to {after}", before = before.as_ref(), after = after.as_ref())))
            }
            (_, Some(version)) | (Some(version), None) => Some(version.to_string()),
            (None, None) => None,
        };
        let sections_gone = (document.sections_gone > 0)
            .then(|| self.phrase(&counted!("{n} section is no longer shown", "{n} sections are no longer shown", document.sections_gone)));
        let words = |count: usize| counted!("{n} word", "{n} words", count);
        let amount = match document.fate {
            Fate::Changed => document.phrase(),
            Fate::Added => words(document.amount.inserted),
            Fate::Withdrawn => words(document.amount.deleted),
            Fate::Layout => Phrase::default(),
        };
        let text = (is_changed && !document.body.is_empty()).then(|| {
            let mut writer = Writer { out: String::new(), language: self.language() };
            writer.pieces(&abridged(&document.body));
            safe(&writer.out)
        });
        Document {
            id: document.id.to_string(),
            title: document.title.to_string(),
            href: self.href(&document.id),
            fate: document.fate.key(),
            fate_words: self.language().say(document.fate.words()).to_owned(),
            version,
            amount: self.phrase(&amount),
            told: is_changed && (text.is_some() || !document.front.is_empty() || sections_gone.is_some()),
            sections_gone,
            front: if is_changed { document.front.iter().map(|field| self.field(field)).collect() } else { Vec::new() },
            text,
        }
    }

    fn field(&self, field: &FieldChange) -> Field {
        let side = |runs: Vec<&Run>| {
            let mut writer = Writer { out: String::new(), language: self.language() };
            writer.runs(runs.into_iter());
            safe(&writer.out)
        };
        Field {
            label: self.language().say(field.label).to_owned(),
            before: side(field.words.earlier().collect()),
            after: side(field.words.later().collect()),
        }
    }

    /// What a row says that came or went as a whole: its words need no marks.
    fn said(&self, field: &FieldChange) -> Said {
        let mut words = String::new();
        field.words.runs.iter().for_each(|run| text(&run.text, &mut words));
        Said { label: self.language().say(field.label).to_owned(), words: safe(&words) }
    }

    fn table(&self, table: &TableChange) -> Table {
        Table {
            name: table.name,
            title: self.language().say(table.title).to_owned(),
            amount: self.phrase(&table.phrase()),
            gone: self.gone(table.gone),
            rows: table
                .rows
                .iter()
                .map(|row| Row {
                    id: row.id.clone(),
                    title: row.title.clone(),
                    fate: row.fate.key(),
                    fate_words: self.language().say(row.fate.words()).to_owned(),
                    fields: if row.fate == Fate::Changed { row.fields.iter().map(|field| self.field(field)).collect() } else { Vec::new() },
                    said: if row.fate == Fate::Changed { Vec::new() } else { row.fields.iter().map(|field| self.said(field)).collect() },
                })
                .collect(),
        }
    }

    fn framework(&self, framework: &FrameworkChange) -> Framework {
        let met = |counts: &Counts| counts.of(state::State::Met) + counts.of(state::State::MetThrough);
        let met = match &framework.counts {
            (Some(before), Some(after)) if before != after => Some(phrase!(
                "{n} of {all} met, before {m} of {total}",
                n = met(after),
                all = after.total(),
                m = met(before),
                total = before.total()
            )),
            (None, Some(after)) => Some(phrase!("newly used: {n} of {all} met", n = met(after), all = after.total())),
            (Some(_), None) => Some(word!("no longer used").into()),
            _ => None,
        };
        Framework {
            id: framework.id.to_string(),
            title: framework.title.to_string(),
            affected: self.phrase(&counted!("{n} control affected", "{n} controls affected", framework.controls.len())),
            gained: framework.gained().count(),
            lost: framework.lost().count(),
            met: met.map(|met| self.phrase(&met)),
            controls: framework.controls.iter().map(|control| self.control(control)).collect(),
        }
    }

    fn control(&self, control: &ControlChange) -> Control {
        let shown = |state| Shown::state(self.language(), state);
        let has_page = self.manual.is_some_and(|manual| manual.view.catalogues.is_in_use(&control.id.edition));
        Control {
            id: control.id.control.to_string(),
            title: control.title.to_string(),
            href: has_page.then(|| address::control(&control.id)),
            before: shown(control.states.0),
            after: shown(control.states.1),
            same: control.states.0 == control.states.1,
            statement: control.statement,
            documents: control.documents.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Writes words with their marks: elements that say what they are, and words for those who do not see how they are set.
struct Writer<'a> {
    out: String,
    language: &'a Language,
}

impl Writer<'_> {
    fn words(&mut self, words: &Words) {
        self.runs(words.runs.iter());
    }

    fn runs<'r>(&mut self, runs: impl Iterator<Item = &'r Run>) {
        let mut last = Mark::Same;
        for run in runs {
            // What is deleted and what takes its place are two words.
            if last != Mark::Same && run.mark != Mark::Same {
                self.out.push(' ');
            }
            last = run.mark;
            let (element, said) = match run.mark {
                Mark::Same => {
                    text(&run.text, &mut self.out);
                    continue;
                }
                Mark::Inserted => ("ins", word!("inserted:")),
                Mark::Deleted => ("del", word!("deleted:")),
            };
            let _ = write!(self.out, "<{element}><span class=\"hidden\">");
            text(self.language.say(said), &mut self.out);
            self.out.push_str(" </span>");
            text(&run.text, &mut self.out);
            let _ = write!(self.out, "</{element}>");
        }
    }

    fn element(&mut self, name: &str, words: &Words) {
        let _ = write!(self.out, "<{name}>");
        self.words(words);
        let _ = write!(self.out, "</{}>", name.split(' ').next().unwrap_or_default());
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                // Below the heading of the document all are alike: a redline leaves out what would stand between them.
                Piece::Heading { level, words, moved } => {
                    let _ = write!(self.out, "<h3 class=\"level-{level}\">");
                    self.words(words);
                    if *moved {
                        self.out.push_str(" <span class=\"moved\">");
                        text(self.language.say(word!("moved here")), &mut self.out);
                        self.out.push_str("</span>");
                    }
                    self.out.push_str("</h3>\n");
                }
                Piece::Paragraph(words) => {
                    self.element("p", words);
                    self.out.push('\n');
                }
                Piece::List { start, items } => {
                    let element = if start.is_some() { "ol" } else { "ul" };
                    match start.filter(|start| *start != 1) {
                        Some(start) => _ = write!(self.out, "<ol start=\"{start}\">"),
                        None => _ = write!(self.out, "<{element}>"),
                    }
                    self.items(items);
                    let _ = writeln!(self.out, "</{element}>");
                }
                Piece::Notes(notes) => {
                    self.out.push_str("<ul class=\"notes\">");
                    self.items(notes);
                    self.out.push_str("</ul>\n");
                }
                Piece::Quote(inner) => self.wrapped("blockquote", inner),
                Piece::Alert(word, inner) => {
                    let _ = write!(self.out, "<div class=\"alert {word}\" role=\"note\"><p class=\"alert-word\">");
                    text(&self.language.listed(word), &mut self.out);
                    self.out.push_str("</p>\n");
                    self.pieces(inner);
                    self.out.push_str("</div>\n");
                }
                Piece::Code(words) => {
                    self.out.push_str("<pre><code>");
                    self.words(words);
                    self.out.push_str("</code></pre>\n");
                }
                Piece::Table { head, rows } => {
                    self.out.push_str("<div class=\"scroll\" data-scroll=\"");
                    attribute(self.language.say(word!("Changes")), &mut self.out);
                    self.out.push_str("\"><table><thead><tr>");
                    for cell in head {
                        self.element(if cell.is_empty() { "td" } else { "th scope=\"col\"" }, cell);
                    }
                    self.out.push_str("</tr></thead><tbody>");
                    let mut left_out = 0;
                    for row in rows {
                        if !row.iter().any(Words::is_changed) {
                            left_out += 1;
                            continue;
                        }
                        self.out.push_str("<tr>");
                        row.iter().for_each(|cell| self.element("td", cell));
                        self.out.push_str("</tr>");
                    }
                    self.out.push_str("</tbody></table></div>\n");
                    if left_out > 0 {
                        self.left_out(&counted!("{n} row without a change", "{n} rows without a change", left_out));
                    }
                }
                Piece::Definitions(definitions) => {
                    self.out.push_str("<dl>");
                    for (term, details) in definitions {
                        self.element("dt", term);
                        self.wrapped("dd", details);
                    }
                    self.out.push_str("</dl>\n");
                }
                Piece::Unchanged(count) => {
                    self.left_out(&counted!("{n} block without a change", "{n} blocks without a change", *count));
                }
            }
        }
    }

    fn left_out(&mut self, words: &Phrase) {
        self.out.push_str("<p class=\"left-out\">");
        text(&self.language.phrase(words), &mut self.out);
        self.out.push_str("</p>\n");
    }

    fn items(&mut self, items: &[Vec<Piece>]) {
        for item in items {
            self.out.push_str("<li>");
            match item.as_slice() {
                [Piece::Paragraph(words), rest @ ..] => {
                    self.words(words);
                    self.pieces(rest);
                }
                pieces => self.pieces(pieces),
            }
            self.out.push_str("</li>");
        }
    }

    fn wrapped(&mut self, element: &str, pieces: &[Piece]) {
        let _ = write!(self.out, "<{element}>");
        self.pieces(pieces);
        let _ = writeln!(self.out, "</{element}>");
    }
}

/// A release in which a document changed, on its page.
#[derive(Serialize)]
pub(crate) struct Past {
    release: String,
    date: String,
    words: String,
    /// The redline, from the top of the site.
    href: String,
}

/// The releases in which a document changed, the newest first; none where the output holds no other releases.
pub(crate) fn past(site: &Site<'_>, id: &ItemId) -> Vec<Value> {
    let Some(history) = &site.options.history else { return Vec::new() };
    let own = site.options.release.as_ref().and_then(|standing| standing.name.as_deref());
    let of = history.of(id).iter().rev().map(|change| {
        let folder = if own == Some(&*change.release) { String::new() } else { format!("../{}/", release::folder(&change.release)) };
        let page = address::encoded(&format!("{folder}{}", address::changes(&change.since)));
        value(&Past {
            release: change.release.clone(),
            date: change.date.clone(),
            words: site.language().say(change.fate().words()).to_owned(),
            href: format!("{page}#{}", address::fragment(id.as_str())),
        })
    });
    of.collect()
}
