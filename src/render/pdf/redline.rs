//! A redline as a book: what changed between two states of a manual, with what came underlined and what went struck out.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use super::code::Shared;
use super::fonts::Fonts;
use super::literal::{array, dictionary, quoted};
use super::templates;
use super::whole::{self, File, Project};
use super::widths::breakable;
use crate::base::language::Language;
use crate::base::word::{Phrase, counted, phrase, word};
use crate::history::redline::{
    Amount, ControlChange, DocumentChange, Fate, FieldChange, Found, FrameworkChange, Mark, Piece, Redline, Run, State, Words, abridged,
};
use crate::link::manual::Manual;
use crate::link::state;

/// Longest runs of characters without a place to break, in text and in tables.
const IN_TEXT: usize = 40;
const IN_TABLE: usize = 18;
/// Lists within lists beyond this depth are set as paragraphs: Typst's show rules nest no deeper.
const DEEPEST: usize = 12;

/// Writes the project of a redline, in the look of a manual: the later one.
pub(super) fn write(manual: &Manual, fonts: &Fonts, redline: &Redline) -> Project {
    let mut shared = Shared::new(manual, fonts, BTreeSet::new());
    let mut files: Vec<File> =
        templates::all(&manual.view.sources).into_iter().map(|(path, text)| File { path, text, origins: Vec::new() }).collect();
    let title = phrase!("Changes from {before} to {after}", before = redline.before.phrase(), after = redline.after.phrase());
    let title = redline.language.phrase(&title);
    let name = format!("{title} \u{b7} {}", manual.view.project.title);
    let mut main = String::from("#import \"/templates/pdf/redline.typ\": *\n#let documents = ()\n");
    let mut writer = Writer { shared: &mut shared, language: &redline.language, depth: 0 };
    for (place, document) in redline.documents.iter().filter(|document| is_told(document)).enumerate() {
        let path = format!("/changes/{place}.typ");
        let text = writer.document(document);
        let _ = writeln!(main, "#import {}: it\n#documents.push(it)", quoted(&path));
        files.push(File { path, text, origins: Vec::new() });
    }
    let summary = writer.summary(redline, &title);
    let about = whole::about(&mut shared, &super::Book::Manual, &name, None);
    let _ = writeln!(main, "#redline({about}, {summary}, documents)");
    files.push(File { path: "/main.typ".into(), text: main, origins: Vec::new() });
    let images = shared.images.iter().map(|image| (image.path.clone(), image.bytes.clone())).collect();
    let mut findings = shared.findings;
    findings.extend(shared.glyphs.findings());
    Project { main: "/main.typ".into(), name, mark: None, names: HashMap::new(), files, data: images, findings, warnings: Vec::new() }
}

/// Whether more is told of a document than what became of it.
fn is_told(document: &DocumentChange) -> bool {
    document.fate == Fate::Changed && (!document.front.is_empty() || !document.body.is_empty() || document.sections_gone > 0)
}

struct Writer<'w, 'a> {
    shared: &'w mut Shared<'a>,
    language: &'w Language,
    /// How deep in lists.
    depth: usize,
}

impl Writer<'_, '_> {
    fn text(&mut self, text: &str, longest: usize) -> String {
        quoted(&breakable(&self.shared.glyphs.clean(text, None), longest))
    }

    fn phrase(&mut self, phrase: &Phrase) -> String {
        let said = self.language.phrase(phrase);
        self.text(&said, IN_TABLE)
    }

    fn gone(&mut self, count: usize) -> String {
        if count == 0 {
            return "none".into();
        }
        self.phrase(&counted!("{n} is no longer shown", "{n} are no longer shown", count))
    }

    fn summary(&mut self, redline: &Redline, title: &str) -> String {
        let mut state = |state: &State| {
            let said = self.language.phrase(&state.phrase());
            let of = if state.name.is_some() { format!("{said} ({})", state.date) } else { said };
            self.text(&of, IN_TABLE)
        };
        let (before, after) = (state(&redline.before), state(&redline.after));
        let documents: Vec<String> = redline.documents.iter().map(|document| self.listed(document)).collect();
        let frameworks: Vec<String> = redline.frameworks.iter().map(|framework| self.framework(framework)).collect();
        let lapsed = redline.lapsed.iter().map(|lapse| {
            let title = self.language.phrase(&lapse.title);
            let standing = self.phrase(&lapse.standing);
            array([self.text(&format!("{} {title}", lapse.what), IN_TABLE), standing])
        });
        let lapsed: Vec<String> = lapsed.collect();
        let mut found = |all: &[Found]| {
            let rows = all.iter().map(|found| {
                let (severity, message) = (self.language.say(found.severity.word()), self.language.phrase(&found.message));
                let what = format!("{severity} {} ({})", message.replace('`', ""), found.code);
                array([self.text(&found.place(), IN_TABLE), self.text(&what, IN_TEXT)])
            });
            array(rows.collect::<Vec<_>>())
        };
        let (new, gone) = (found(&redline.findings.new), found(&redline.findings.gone));
        let tables = redline.tables.iter().map(|table| {
            let rows = table.rows.iter().map(|row| {
                let fields: Vec<String> = row.fields.iter().map(|field| self.field(field)).collect();
                dictionary([
                    ("fate", self.phrase(&row.fate.words().into())),
                    ("id", self.text(&row.id, IN_TABLE)),
                    ("title", self.text(&row.title, IN_TEXT)),
                    ("fields", array(fields)),
                ])
            });
            let rows: Vec<String> = rows.collect();
            let title = self.phrase(&table.title.into());
            dictionary([("title", title), ("rows", array(rows)), ("gone", self.gone(table.gone))])
        });
        let tables: Vec<String> = tables.collect();
        dictionary([
            ("title", self.text(title, IN_TEXT)),
            ("before", before),
            ("after", after),
            ("empty", redline.is_empty().to_string()),
            ("documents", array(documents)),
            ("gone", self.gone(redline.gone)),
            ("frameworks", array(frameworks)),
            ("lapsed", array(lapsed)),
            ("findings-new", new),
            ("findings-gone", gone),
            ("tables", array(tables)),
        ])
    }

    /// A document in the list of them: its name, and what became of it.
    fn listed(&mut self, document: &DocumentChange) -> String {
        let words = |count: usize| counted!("{n} word", "{n} words", count);
        let Amount { inserted, deleted } = document.amount;
        let fate = document.fate.words();
        let how = match document.fate {
            Fate::Added => phrase!("{fate}: {how}", fate = fate, how = words(inserted)),
            Fate::Withdrawn => phrase!("{fate}: {how}", fate = fate, how = words(deleted)),
            Fate::Changed => phrase!("{fate}: {how}", fate = fate, how = document.phrase()),
            Fate::Layout => fate.into(),
        };
        let name = self.text(&format!("{} {}", document.id, document.title), IN_TABLE);
        array([name, self.phrase(&how)])
    }

    fn framework(&mut self, framework: &FrameworkChange) -> String {
        let met = |counts: &state::Counts| counts.of(state::State::Met) + counts.of(state::State::MetThrough);
        let mut summary = self.language.phrase(&counted!("{n} control affected", "{n} controls affected", framework.controls.len()));
        for (count, said) in [(framework.gained().count(), true), (framework.lost().count(), false)] {
            let words = if said { phrase!("{n} met better", n = count) } else { phrase!("{n} met less", n = count) };
            if count > 0 {
                let _ = write!(summary, ", {}", self.language.phrase(&words));
            }
        }
        if let (Some(before), Some(after)) = &framework.counts
            && before != after
        {
            let words = phrase!(
                "{n} of {all} met, before {m} of {total}",
                n = met(after),
                all = after.total(),
                m = met(before),
                total = before.total()
            );
            let _ = write!(summary, " ({})", self.language.phrase(&words));
        }
        let controls: Vec<String> = framework.controls.iter().map(|control| self.control(control)).collect();
        dictionary([
            ("title", self.text(&framework.title, IN_TEXT)),
            ("summary", self.text(&summary, IN_TEXT)),
            ("controls", array(controls)),
        ])
    }

    fn control(&mut self, control: &ControlChange) -> String {
        let (before, after) = control.states;
        let same = word!("as before");
        let after = if before == after { self.phrase(&same.into()) } else { format!("state(\"{}\")", after.key()) };
        let statement = control.statement.then(|| self.language.say(word!("its statement")).to_owned());
        let why: Vec<String> = statement.into_iter().chain(control.documents.iter().map(ToString::to_string)).collect();
        array([
            self.text(&format!("{} {}", control.id.control, control.title), IN_TABLE),
            format!("state(\"{}\")", before.key()),
            after,
            self.text(&why.join(", "), IN_TABLE),
        ])
    }

    fn field(&mut self, field: &FieldChange) -> String {
        let label = self.phrase(&field.label.into());
        let before: Vec<&Run> = field.words.earlier().collect();
        let after: Vec<&Run> = field.words.later().collect();
        array([label, self.runs(before.into_iter(), IN_TABLE), self.runs(after.into_iter(), IN_TABLE)])
    }

    fn document(&mut self, document: &DocumentChange) -> String {
        let mut out = String::from("#import \"/templates/pdf/redline.typ\": *\n");
        let amount = self.language.phrase(&document.phrase());
        let summary = match &document.versions {
            (Some(before), Some(after)) if before != after => {
                let versions = self.language.phrase(&phrase!("{before} to {after}", before = before.as_ref(), after = after.as_ref()));
                format!("{} {versions}: {amount}", self.language.say(word!("Version")))
            }
            _ => amount,
        };
        let gone = if document.sections_gone > 0 {
            self.phrase(&counted!("{n} section is no longer shown", "{n} sections are no longer shown", document.sections_gone))
        } else {
            "none".into()
        };
        let fields: Vec<String> = document.front.iter().map(|field| self.field(field)).collect();
        let mut body = String::from("{\n");
        self.pieces(&abridged(&document.body), &mut body);
        body.push('}');
        let it = dictionary([
            ("id", self.text(document.id.as_str(), IN_TEXT)),
            ("title", self.text(&document.title, IN_TEXT)),
            ("summary", self.text(&summary, IN_TEXT)),
            ("gone", gone),
            ("fields", array(fields)),
            ("body", body),
        ]);
        let _ = writeln!(out, "#let it = {it}");
        out
    }

    fn words(&mut self, words: &Words, longest: usize) -> String {
        self.runs(words.runs.iter(), longest)
    }

    fn runs<'r>(&mut self, runs: impl Iterator<Item = &'r Run>, longest: usize) -> String {
        let mut out = String::from("{ []; ");
        let mut last = Mark::Same;
        for run in runs {
            // What is deleted and what takes its place are two words.
            if last != Mark::Same && run.mark != Mark::Same {
                out.push_str("\" \"; ");
            }
            last = run.mark;
            let text = self.text(&run.text, longest);
            let _ = match run.mark {
                Mark::Same => write!(out, "{text}; "),
                Mark::Inserted => write!(out, "ins({text}); "),
                Mark::Deleted => write!(out, "del({text}); "),
            };
        }
        out.push('}');
        out
    }

    /// Pieces, a call a line.
    fn pieces(&mut self, pieces: &[Piece], out: &mut String) {
        for piece in pieces {
            match piece {
                Piece::Heading { words, moved, .. } => {
                    let mark = if *moved { "; moved" } else { "" };
                    let _ = writeln!(out, "head({{ {}{mark} }})", self.words(words, IN_TEXT));
                }
                Piece::Paragraph(words) | Piece::Code(words) => {
                    let _ = writeln!(out, "paragraph({})", self.words(words, IN_TEXT));
                }
                Piece::List { items, .. } | Piece::Notes(items) if self.depth >= DEEPEST => {
                    items.iter().for_each(|item| self.pieces(item, out));
                }
                Piece::List { start, items } => {
                    let call = start.map_or_else(|| "bullets(true".to_owned(), |start| format!("numbers({start}, true"));
                    self.items(&call, items, out);
                }
                Piece::Notes(notes) => self.items("bullets(true", notes, out),
                Piece::Quote(inner) => self.wrapped("quotation(", inner, out),
                Piece::Alert(word, inner) => self.wrapped(&format!("alert(\"{word}\", "), inner, out),
                Piece::Table { head, rows } => {
                    let changed: Vec<&Vec<Words>> = rows.iter().filter(|row| row.iter().any(Words::is_changed)).collect();
                    let titles: Vec<String> = head.iter().map(|cell| self.words(cell, IN_TABLE)).collect();
                    let cells = changed.iter().map(|row| array(row.iter().map(|cell| self.words(cell, IN_TABLE)).collect::<Vec<_>>()));
                    let cells: Vec<String> = cells.collect();
                    let _ = writeln!(out, "grid-of({}, {})", array(titles), array(cells));
                    let left = rows.len() - changed.len();
                    if left > 0 {
                        let words = self.phrase(&counted!("{n} row without a change", "{n} rows without a change", left));
                        let _ = writeln!(out, "left-out({words})");
                    }
                }
                Piece::Definitions(definitions) => {
                    for (term, details) in definitions {
                        let _ = writeln!(out, "paragraph(strength({}))", self.words(term, IN_TEXT));
                        self.pieces(details, out);
                    }
                }
                Piece::Unchanged(count) => {
                    let words = self.phrase(&counted!("{n} block without a change", "{n} blocks without a change", *count));
                    let _ = writeln!(out, "left-out({words})");
                }
            }
        }
    }

    fn items(&mut self, call: &str, items: &[Vec<Piece>], out: &mut String) {
        self.depth += 1;
        out.push_str(call);
        for item in items {
            out.push_str(", (none, {\n");
            match item.as_slice() {
                [Piece::Paragraph(words), rest @ ..] => {
                    let _ = writeln!(out, "{}", self.words(words, IN_TEXT));
                    self.pieces(rest, out);
                }
                pieces => self.pieces(pieces, out),
            }
            out.push_str("})");
        }
        out.push_str(")\n");
        self.depth -= 1;
    }

    fn wrapped(&mut self, call: &str, pieces: &[Piece], out: &mut String) {
        out.push_str(call);
        out.push_str("{\n");
        self.pieces(pieces, out);
        out.push_str("})\n");
    }
}
