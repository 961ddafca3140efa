//! A redline for people at a terminal. What is inserted stands in `{+ +}`, what is deleted in `[- -]`, so that colours only help.

use std::fmt::Write;

use crate::base::finding::plain;
use crate::history::redline::{
    Amount, DocumentChange, Fate, FieldChange, Found, FrameworkChange, Mark, Piece, Redline, Run, Words, abridged,
};
use crate::link::state::{Counts, State};

/// Prints it in lines of at most so many columns.
pub(super) fn print(redline: &Redline, colour: bool, columns: usize, summary: bool) -> String {
    let mut printer = Printer { out: String::new(), colour, columns: columns.clamp(40, 100) };
    printer.summary(redline);
    if !summary {
        redline.documents.iter().for_each(|document| printer.document(redline, document));
        printer.tables(redline);
    }
    printer.out
}

struct Printer {
    out: String,
    colour: bool,
    columns: usize,
}

/// A piece of a line, with the mark that it carries.
struct Word<'a> {
    mark: Mark,
    text: &'a str,
    /// Whether it begins or ends what is marked.
    opens: bool,
    closes: bool,
    /// Whether no space stands before it.
    glued: bool,
}

impl Printer {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.out.push('\n');
        let text = one_line(text);
        self.line(&if self.colour { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text });
    }

    fn summary(&mut self, redline: &Redline) {
        let name = |state: &crate::history::redline::State| match &state.name {
            Some(name) => format!("{name} of {}", state.date),
            None if std::ptr::eq(state, &redline.before) => format!("the sources of {}", state.date),
            None => format!("the sources as they stand on {}", state.date),
        };
        let title = format!("From {} to {}, for {}", name(&redline.before), name(&redline.after), redline.audience);
        self.line(&if self.colour { format!("\u{1b}[1m{title}\u{1b}[0m") } else { title });
        if redline.is_empty() {
            self.line("Nothing differs.");
            return;
        }
        if !redline.documents.is_empty() || redline.gone > 0 {
            self.heading("Documents");
            let id = redline.documents.iter().map(|document| document.id.as_str().len()).max().unwrap_or(0);
            for document in &redline.documents {
                let versions = versions(document);
                let Amount { inserted, deleted } = document.amount;
                let how = match document.fate {
                    Fate::Changed => format!(": {}", document.phrase()),
                    Fate::Added | Fate::Withdrawn if inserted + deleted == 1 => ": 1 word".to_owned(),
                    Fate::Added | Fate::Withdrawn => format!(": {} words", inserted + deleted),
                    Fate::Layout => String::new(),
                };
                let fate = match document.fate {
                    Fate::Layout => "layout only",
                    fate => fate.key(),
                };
                self.line(&format!("  {fate:11}  {:id$}  {}{versions}{how}", document.id.as_str(), one_line(&document.title)));
            }
            if redline.gone > 0 {
                self.line(&format!("  {} no longer shown", redline.gone));
            }
        }
        if !redline.tables.is_empty() {
            self.heading("Statements and registers");
            let width = redline.tables.iter().map(|table| table.title.english().chars().count()).max().unwrap_or(0);
            for table in &redline.tables {
                self.line(&format!("  {:width$}  {}", table.title.english(), table.phrase()));
            }
        }
        if !redline.frameworks.is_empty() {
            self.heading("Frameworks");
            redline.frameworks.iter().for_each(|framework| self.framework(framework));
        }
        if !redline.lapsed.is_empty() {
            self.heading("Approvals that lapsed");
            for lapse in &redline.lapsed {
                self.line(&format!("  {}  {}: {}", lapse.what, one_line(&lapse.title.to_string()), one_line(&lapse.standing.to_string())));
            }
        }
        for (title, findings) in [("New findings", &redline.findings.new), ("Findings that are gone", &redline.findings.gone)] {
            if !findings.is_empty() {
                self.heading(title);
                findings.iter().for_each(|found| self.found(found));
            }
        }
    }

    fn found(&mut self, found: &Found) {
        let place = found.place();
        let place = if place.is_empty() { place } else { format!("{}: ", one_line(&place)) };
        self.line(&format!("  {:7}  {place}{} ({})", found.severity.word(), one_line(&found.message.to_string()), found.code));
    }

    fn framework(&mut self, framework: &FrameworkChange) {
        let affected = framework.controls.len();
        let (gained, lost) = (framework.gained().count(), framework.lost().count());
        let controls = if affected == 1 { "control" } else { "controls" };
        let mut line = format!("  {} ({}): {affected} {controls} affected", one_line(&framework.title), framework.id);
        if gained > 0 {
            let _ = write!(line, ", {gained} met better");
        }
        if lost > 0 {
            let _ = write!(line, ", {lost} met less");
        }
        self.line(&line);
        let met = |counts: &Option<Counts>| {
            counts.as_ref().map_or_else(
                || "not used".to_owned(),
                |counts| format!("{} of {}", counts.of(State::Met) + counts.of(State::MetThrough), counts.total()),
            )
        };
        if framework.counts.0 != framework.counts.1 {
            self.line(&format!("    met: {}, before {}", met(&framework.counts.1), met(&framework.counts.0)));
        }
        const NAMED: usize = 12;
        for control in framework.controls.iter().take(NAMED) {
            let (before, after) = control.states;
            let state =
                if before == after { String::new() } else { format!("{} to {}", before.words(), after.words().english().to_lowercase()) };
            let statement = if control.statement { "its statement".to_owned() } else { String::new() };
            let documents = control.documents.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let why: Vec<String> = [state, statement, documents].into_iter().filter(|part| !part.is_empty()).collect();
            self.line(&format!("    {}  {}: {}", control.id.control, one_line(&control.title), why.join("; ")));
        }
        if affected > NAMED {
            self.line(&format!("    and {} more", affected - NAMED));
        }
    }

    fn document(&mut self, redline: &Redline, document: &DocumentChange) {
        // What is wholly new or gone is read where it stands.
        if document.fate != Fate::Changed || document.front.is_empty() && document.body.is_empty() && document.sections_gone == 0 {
            return;
        }
        self.heading(&format!("{} {}{}, {}", document.id, document.title, versions(document), lower(document.fate.words().english())));
        for field in &document.front {
            self.field(redline, field, 2);
        }
        if document.sections_gone > 0 {
            let sections = if document.sections_gone == 1 { "section is" } else { "sections are" };
            self.line(&format!("  {} {sections} no longer shown", document.sections_gone));
        }
        self.pieces(&abridged(&document.body), 2);
    }

    fn field(&mut self, redline: &Redline, field: &FieldChange, indent: usize) {
        let label = format!("{}: ", redline.language.say(field.label));
        self.words(&field.words, indent, &label);
    }

    fn tables(&mut self, redline: &Redline) {
        for table in &redline.tables {
            self.heading(redline.language.say(table.title));
            for row in &table.rows {
                self.line(&format!("  {} {}, {}", one_line(&row.id), one_line(&row.title), lower(row.fate.words().english())));
                row.fields.iter().for_each(|field| self.field(redline, field, 4));
            }
            if table.gone > 0 {
                self.line(&format!("  {} no longer shown", table.gone));
            }
        }
    }

    fn pieces(&mut self, pieces: &[Piece], indent: usize) {
        for piece in pieces {
            match piece {
                Piece::Heading { level, words, moved } => {
                    let mark = if *moved { "(moved here) " } else { "" };
                    self.words(words, indent, &format!("{} {mark}", "#".repeat(usize::from(*level))));
                }
                Piece::Paragraph(words) => self.words(words, indent, ""),
                Piece::List { start, items } => {
                    for (index, item) in items.iter().enumerate() {
                        let lead = match start {
                            Some(start) => format!("{}. ", start.saturating_add(u64::try_from(index).unwrap_or(u64::MAX))),
                            None => "- ".to_owned(),
                        };
                        self.item(item, indent, &lead);
                    }
                }
                Piece::Notes(notes) => notes.iter().for_each(|note| self.item(note, indent, "[note] ")),
                Piece::Quote(inner) => self.item(inner, indent, "> "),
                Piece::Alert(word, inner) => self.item(inner, indent, &format!("> {word}: ")),
                Piece::Code(words) => {
                    for run in &words.runs {
                        let lead = match run.mark {
                            Mark::Same => "  ",
                            Mark::Inserted => "+ ",
                            Mark::Deleted => "- ",
                        };
                        for line in run.text.lines().filter(|line| !line.is_empty()) {
                            let line = format!("{}{lead}{}", " ".repeat(indent), plain(line));
                            let line = self.coloured(run.mark, &line);
                            self.line(&line);
                        }
                    }
                }
                Piece::Table { head, rows } => {
                    for cells in std::iter::once(head).chain(rows) {
                        if std::ptr::eq(cells, head) || cells.iter().any(Words::is_changed) {
                            self.row(cells, indent);
                        }
                    }
                }
                Piece::Definitions(definitions) => {
                    for (term, details) in definitions {
                        self.words(term, indent, "");
                        self.pieces(details, indent + 2);
                    }
                }
                Piece::Unchanged(_) => self.line(&format!("{}\u{22ef}", " ".repeat(indent))),
            }
        }
    }

    /// Pieces, the first of them behind a lead.
    fn item(&mut self, pieces: &[Piece], indent: usize, lead: &str) {
        let deeper = indent + lead.chars().count();
        match pieces.split_first() {
            Some((Piece::Paragraph(words), rest)) => {
                self.words(words, indent, lead);
                self.pieces(rest, deeper);
            }
            _ => {
                self.line(&format!("{}{lead}", " ".repeat(indent)));
                self.pieces(pieces, deeper);
            }
        }
    }

    fn row(&mut self, cells: &[Words], indent: usize) {
        let mut runs = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            runs.extend(parts(cell));
            if index + 1 < cells.len() {
                runs.push(Word { mark: Mark::Same, text: "|", opens: false, closes: false, glued: false });
            }
        }
        self.fold(&runs, indent, "| ");
    }

    fn words(&mut self, words: &Words, indent: usize, lead: &str) {
        self.fold(&parts(words), indent, lead);
    }

    /// Words over as many lines as they need, the first one behind a lead.
    fn fold(&mut self, words: &[Word<'_>], indent: usize, lead: &str) {
        let lead = one_line(lead);
        let deeper = indent + if lead.chars().count() <= 8 { lead.chars().count() } else { 2 };
        let mut line = format!("{}{lead}", " ".repeat(indent));
        let mut width = line.chars().count();
        let mut is_first = true;
        for word in words {
            let (open, close) = match word.mark {
                Mark::Same => ("", ""),
                Mark::Inserted => ("{+", "+}"),
                Mark::Deleted => ("[-", "-]"),
            };
            let text = format!("{}{}{}", if word.opens { open } else { "" }, one_line(word.text), if word.closes { close } else { "" });
            let columns = text.chars().count();
            if !is_first && !word.glued && width + 1 + columns > self.columns {
                self.line(&line);
                line = " ".repeat(deeper);
                width = deeper;
                is_first = true;
            }
            if !is_first && !word.glued {
                line.push(' ');
                width += 1;
            }
            line.push_str(&self.coloured(word.mark, &text));
            width += columns;
            is_first = false;
        }
        self.line(&line);
    }

    fn coloured(&self, mark: Mark, text: &str) -> String {
        match mark {
            Mark::Inserted if self.colour => format!("\u{1b}[4;32m{text}\u{1b}[0m"),
            Mark::Deleted if self.colour => format!("\u{1b}[9;31m{text}\u{1b}[0m"),
            _ => text.to_owned(),
        }
    }
}

/// The words of a text, each with its mark.
fn parts(words: &Words) -> Vec<Word<'_>> {
    let mut parts: Vec<Word<'_>> = Vec::new();
    let mut before: Option<&Run> = None;
    for run in &words.runs {
        let from = parts.len();
        parts.extend(run.text.split_whitespace().map(|text| Word { mark: run.mark, text, opens: false, closes: false, glued: false }));
        if let Some(first) = parts.get_mut(from) {
            first.opens = true;
            // What is deleted and what takes its place are two words.
            first.glued = before.is_some_and(|before| {
                let is_one_word = before.mark == Mark::Same || run.mark == Mark::Same;
                is_one_word && !before.text.ends_with(char::is_whitespace) && !run.text.starts_with(char::is_whitespace)
            });
        }
        before = Some(run);
        if parts.len() > from
            && let Some(last) = parts.last_mut()
        {
            last.closes = true;
        }
    }
    parts
}

fn versions(document: &DocumentChange) -> String {
    match &document.versions {
        (Some(before), Some(after)) if before != after => format!(" ({before} to {after})"),
        (_, Some(version)) | (Some(version), None) => format!(" ({version})"),
        (None, None) => String::new(),
    }
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}

fn one_line(text: &str) -> String {
    plain(text).replace(['\n', '\t'], " ")
}
