//! Foreign formats into our own: an OSCAL catalogue or profile, the spreadsheet of the Cloud Controls Matrix, plain CSV; and a `folder` of policies.
//!
//! Bytes go in, the texts of files for `frameworks/` come out, or findings with a cell, a line or a path in JSON; the disk is the caller's. What is
//! made is read back here as any source would be, so that an import never leaves a project that cannot be read.

mod csv;
mod draft;
pub mod folder;
mod mapping;
mod matrix;
mod oscal;
mod prose;
mod report;
mod spreadsheet;
mod table;
#[cfg(test)]
mod tests;
mod write;

use std::sync::Arc;

use super::catalogues::Catalogues;
use super::{crosswalk, framework};
use crate::base::finding::Finding;
use crate::base::id::EditionId;
use crate::base::rule;
use crate::base::source::FileId;
use crate::base::word::{phrase, word};
use draft::{ANOTHER_FILE, Draft};
use report::Report;

/// The largest file that is imported, in bytes.
pub const LARGEST: u64 = 32 << 20;

/// What is to be imported, and as what.
pub struct Request<'a> {
    /// The file's path as its owner named it.
    pub file: Arc<str>,
    /// The edition to import as, where it is named.
    pub edition: Option<EditionId>,
    /// Who may see the texts: a classification of the project.
    pub classification: Option<&'a str>,
    /// The title, where it is named.
    pub title: Option<&'a str>,
    /// The name of the baseline that a profile makes, where it is named.
    pub baseline: Option<&'a str>,
    /// The sheet of the controls, where it is named.
    pub sheet: Option<&'a str>,
    /// Whether mapping columns become crosswalks.
    pub mappings: bool,
    /// The catalogues of the project.
    pub catalogues: &'a Catalogues,
    /// The project's classifications, the lowest first.
    pub classifications: &'a [Arc<str>],
}

/// What an import makes.
pub struct Imported {
    /// The edition that it is of.
    pub edition: EditionId,
    /// The format that was read, in words.
    pub kind: &'static str,
    /// Files to write, by their paths in the project; the first is what was asked for.
    pub files: Vec<(String, String)>,
    /// What is in them, a line each.
    pub said: Vec<String>,
}

impl Request<'_> {
    /// The file's name without its folders.
    fn file_name(&self) -> &str {
        self.file.rsplit(['/', '\\']).next().unwrap_or(&self.file)
    }

    /// The edition that was named, else the one that the file seems to be of.
    fn edition_or(&self, recognised: impl FnOnce() -> Option<EditionId>, report: &mut Report<'_>) -> Option<EditionId> {
        let edition = self.edition.clone().or_else(recognised);
        if edition.is_none() {
            let help = phrase!(
                "name it with `--as`, as in `--as nist80053@r5`; a framework of your own has a name in lower case, as in `--as brightmoor@3`"
            );
            report.file(&rule::UNKNOWN_FRAMEWORK, phrase!("the file does not say which edition of which framework it is"), help);
        }
        // `--as ccm` means the edition that is in use, and `--as csa-ccm@4.1` another name's.
        edition.map(|edition| self.catalogues.find(&edition).map_or(edition, |known| known.id.clone()))
    }
}

/// Reads a file. Nothing comes of one that has an error, and `findings` say what it is.
pub fn import(bytes: &[u8], request: &Request<'_>, findings: &mut Vec<Finding>) -> Option<Imported> {
    let mut report = Report::new(&request.file, findings);
    let imported = dispatch(bytes, request, &mut report);
    let imported = imported.filter(|_| !report.has_errors())?;
    check_read_back(&imported, request, &mut report);
    (!report.has_errors()).then_some(imported)
}

/// What a file is follows from how it begins, whatever its name ends in.
fn dispatch(bytes: &[u8], request: &Request<'_>, report: &mut Report<'_>) -> Option<Imported> {
    if bytes.starts_with(b"PK\x03\x04") {
        let tables = spreadsheet::tables(bytes, report)?;
        return matrix::import(&tables, "spreadsheet", request, report);
    }
    let help = word!("save it as XLSX without a password, or as CSV in UTF-8");
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        report.file(&rule::IMPORT_UNREADABLE, phrase!("this is a spreadsheet in an old format, or one with a password"), help);
        return None;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}'),
        Err(error) => {
            let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
            report.at(&rule::NOT_UTF8, phrase!("line {line}", line = line), phrase!("the file is not valid UTF-8"), help);
            return None;
        }
    };
    match text.trim_start().chars().next() {
        None => {
            report.file(&rule::EMPTY_FILE, phrase!("the file is empty"), ANOTHER_FILE);
            None
        }
        Some('{') => oscal::read(text, request, report),
        Some('<') => {
            let help = phrase!("take the JSON of an OSCAL file; save a table as XLSX or CSV");
            report.file(&rule::IMPORT_UNREADABLE, phrase!("this is XML or HTML"), help);
            None
        }
        Some(_) => {
            let table = csv::table(text, report)?;
            matrix::import(&[table], "CSV", request, report)
        }
    }
}

impl Imported {
    /// The files of a catalogue, once it has been checked.
    fn of_catalogue(
        draft: Draft,
        edition: EditionId,
        kind: &'static str,
        request: &Request<'_>,
        report: &mut Report<'_>,
    ) -> Option<Imported> {
        draft.check(&edition, report);
        if report.has_errors() {
            return None;
        }
        let enhancements = draft.controls.iter().filter(|control| control.parent.is_some()).count();
        let withdrawn = draft.controls.iter().filter(|control| control.withdrawn).count();
        let texts = draft.controls.iter().filter(|control| control.text.is_some() || control.guidance.is_some()).count();
        let parts = if kind == "OSCAL catalogue" { "enhancement" } else { "part of another" };
        let mut said = vec![counted(draft.groups.len(), "group"), counted(draft.controls.len() - enhancements, "control")];
        said.extend((enhancements > 0).then(|| counted(enhancements, parts)));
        said.extend((withdrawn > 0).then(|| format!("{withdrawn} withdrawn")));
        said.push(format!("{texts} with a text"));
        let text = write::catalogue(&draft, &edition, request.classification);
        Some(Imported { kind, files: vec![(format!("frameworks/{edition}.yaml"), text)], said: vec![said.join(", ")], edition })
    }
}

/// How many there are of something.
fn counted(count: usize, of: &str) -> String {
    match (count, of) {
        (1, _) => format!("1 {of}"),
        (_, "part of another") => format!("{count} parts of others"),
        _ => format!("{count} {of}s"),
    }
}

/// Reads what was made as any source is read. A mistake here is one of ours, and still nothing broken is written.
fn check_read_back(imported: &Imported, request: &Request<'_>, report: &mut Report<'_>) {
    let mut found = Vec::new();
    for (path, text) in &imported.files {
        if path.starts_with("frameworks/crosswalks/") {
            _ = crosswalk::read(FileId(0), path, text, request.classifications, &mut found);
        } else if !path.starts_with(super::baseline::FOLDER) {
            _ = framework::read(FileId(0), path, text, request.classifications, &mut found);
        }
    }
    for finding in found {
        let why = phrase!("this is what `annexa check` would say of the file that was to be written");
        let mut told = report.of_file(finding.rule, finding.message).help(why);
        told.help.extend(finding.help);
        report.add(told);
    }
}
