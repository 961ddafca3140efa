//! Leaks as findings: at the place in the sources that must not be published, with the place in the output.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::secret::{Origin, place};
use crate::base::finding::{Finding, Place, plain};
use crate::base::rule;
use crate::base::source::{FileId, Sources};
use crate::base::word::{Phrase, phrase};

/// How much is shown around a leak, in characters to each side.
const AROUND: usize = 40;
/// The most findings of one output.
const MOST: usize = 50;

/// Something that an output should not have.
pub(super) enum Leak {
    /// Words.
    Said {
        /// Where they stand in the sources.
        origin: Origin,
        /// How many.
        words: usize,
        /// As the output says them.
        said: String,
        /// The file of the output.
        path: String,
        /// With what stands around them.
        around: String,
    },
    /// A whole file.
    File {
        /// Of the sources.
        file: FileId,
        /// The file of the output that is it, or holds it.
        path: String,
    },
    /// A file that cannot be looked into.
    Closed {
        /// The file of the output.
        path: String,
        /// Why.
        why: Phrase,
    },
}

/// What leaks of one line of the sources.
#[derive(Clone)]
struct Line {
    words: usize,
    said: String,
    path: String,
    around: String,
    origin: Origin,
    files: BTreeSet<String>,
}

/// One finding a line of the sources: what leaks a paragraph leaks each of its words, on page after page.
pub(super) fn findings(leaks: Vec<Leak>, audience: &str, sources: &Sources) -> Vec<Finding> {
    // By file and line of the sources: what says most of it, and every file that says something.
    let mut lines: BTreeMap<(FileId, usize), Line> = BTreeMap::new();
    let mut findings = Vec::new();
    for leak in leaks {
        match leak {
            Leak::Said { origin, words, said, path, around } => {
                let (file, range) = origin;
                let text = sources.file(file).text();
                let line = range.and_then(|(start, _)| text.get(..start as usize)).map_or(0, |before| before.matches('\n').count() + 1);
                let said = Line { words, said, path: path.clone(), around, origin, files: BTreeSet::new() };
                let known = lines.entry((file, line)).or_insert_with(|| said.clone());
                if (said.words, said.said.len()) > (known.words, known.said.len()) {
                    *known = Line { files: std::mem::take(&mut known.files), ..said };
                }
                known.files.insert(path);
            }
            Leak::File { file, path } => {
                let source = sources.file(file).path.clone();
                let message = phrase!(
                    "`{source}` is withheld from {audience}, and `{path}` holds it",
                    source = source,
                    audience = audience,
                    path = path
                );
                findings.push(explained(Finding::new(&rule::WITHHELD_PUBLISHED, Place::File(source), message), audience));
            }
            Leak::Closed { path, why } => {
                let message = phrase!("`{path}` cannot be looked into: {why}", path = path, why = why);
                let help = phrase!("publish it as a file that can be read without a password, or leave it out");
                findings.push(Finding::new(&rule::OUTPUT_UNREADABLE, Place::Project, message).help(help));
            }
        }
    }
    let rest = lines.len().saturating_sub(MOST);
    for Line { said, path, around, origin, files, .. } in lines.into_values().take(MOST) {
        let words = plain(&said);
        let message = match files.len().saturating_sub(1) {
            0 => phrase!("`{words}` is withheld from {audience}, and stands in `{path}`", words = words, audience = audience, path = path),
            1 => phrase!(
                "`{words}` is withheld from {audience}, and stands in `{path}` and in 1 more file",
                words = words,
                audience = audience,
                path = path
            ),
            n => phrase!(
                "`{words}` is withheld from {audience}, and stands in `{path}` and in {n} more files",
                words = words,
                audience = audience,
                path = path,
                n = n
            ),
        };
        let finding = Finding::new(&rule::WITHHELD_PUBLISHED, place(origin, sources), message).label(phrase!("withheld here"));
        findings.push(explained(finding.help(phrase!("there it stands as: {words}", words = around)), audience));
    }
    if rest > 0 {
        let message = phrase!("{n} more lines of what is withheld from {audience} stand in its output", n = rest, audience = audience);
        findings.push(Finding::new(&rule::WITHHELD_PUBLISHED, Place::Project, message));
    }
    findings
}

fn explained(finding: Finding, audience: &str) -> Finding {
    finding.help(phrase!(
        "look for what prints it: a template or a theme of the project, or else a fault of Annexa, which please report; if {audience} may \
         see it, mark what it stands in, or list it under `proof: {allow: [...]}` in annexa.yaml",
        audience = audience
    ))
}

/// A range of a text with a little of what stands around it, on one line.
pub(super) fn around(text: &str, range: &Range<usize>) -> String {
    let before: Vec<char> = text[..range.start].chars().rev().take(AROUND).collect();
    let after: String = text[range.end..].chars().take(AROUND).collect();
    let joined = format!("{}{}{after}", before.into_iter().rev().collect::<String>(), &text[range.clone()]);
    let words: Vec<&str> = joined.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    format!("\u{2026} {} \u{2026}", plain(&words.join(" ")))
}
