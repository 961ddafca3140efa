//! Duties in words that nobody can check: "regularly", "as needed".
//!
//! A word is not vague in itself. "Attackers regularly try" says how things are; "access is reviewed regularly" says what has to be done and leaves
//! open how often. So only sentences that lay down something are looked at, and neither quotations, code, headings nor definitions.

mod sentence;
mod words;

use crate::base::finding::Finding;
use crate::base::rule;
use crate::base::word::{Phrase, phrase};
use crate::link::manual::Manual;
use crate::read::document::Document;
use crate::read::register::ROLES;
use crate::read::tree::{Block, BlockKind, Inline};
use sentence::Text;
use words::{Lack, Words};

/// vague-duty, in policies that are approved
pub(super) fn vague_duties(manual: &Manual, findings: &mut Vec<Finding>) {
    let titles: Vec<String> = manual.rows(ROLES.name).filter_map(|row| row.fields.text("title")).map(ToString::to_string).collect();
    for document in manual.view.documents.iter().filter(|document| document.kind == "policy" && document.status == "approved") {
        let Some(words) = Words::of(&document.language) else { continue };
        let mut check = Check { manual, document, words, titles: &titles, findings };
        check.blocks(&document.body.blocks, false);
        for note in &document.body.footnotes {
            check.blocks(&note.blocks, false);
        }
    }
}

struct Check<'a> {
    manual: &'a Manual,
    document: &'a Document,
    words: &'static Words,
    titles: &'a [String],
    findings: &'a mut Vec<Finding>,
}

impl Check<'_> {
    /// Blocks in order. A paragraph that ends in a colon and lays down a duty lays it down for the list that follows.
    fn blocks(&mut self, blocks: &[Block], inherited: bool) {
        let mut led = inherited;
        for block in blocks {
            match &block.kind {
                BlockKind::Paragraph(content) => led = self.text(content, inherited),
                BlockKind::List { items, .. } => items.iter().for_each(|item| self.blocks(&item.blocks, led || inherited)),
                BlockKind::Alert(_, blocks) => self.blocks(blocks, false),
                BlockKind::Table(table) => table.rows.iter().flatten().for_each(|cell| {
                    self.text(cell, false);
                }),
                BlockKind::Heading(_) | BlockKind::Quote(_) | BlockKind::Code { .. } | BlockKind::Definitions(_) | BlockKind::Rule => {}
            }
        }
    }

    /// One text; says whether it ends in a colon and a duty.
    fn text(&mut self, content: &[Inline], inherited: bool) -> bool {
        /// Nobody needs to be told more of one text at once.
        const MOST: usize = 40;
        let mut told = 0;
        let text = Text::new(content);
        let mut leads = false;
        for sentence in text.sentences() {
            let duty = inherited || self.words.is_duty(&sentence);
            let rule = duty || self.words.is_rule(&sentence, self.titles);
            leads = rule && sentence.text.trim_end().ends_with(':');
            for (range, vague) in self.words.vague(&sentence) {
                let laid_down = if vague.only_in_duties { duty } else { rule };
                if !laid_down || text.is_quoted(&range) || told == MOST {
                    continue;
                }
                told += 1;
                let said = text.words(&range);
                let span = text.place(&range, &self.manual.view.sources).unwrap_or_else(|| self.document.place("id"));
                self.findings.push(
                    Finding::new(&rule::VAGUE_DUTY, span, phrase!("`{words}` leaves open {lack}", words = said, lack = vague.lack.words()))
                        .help(help(vague.lack)),
                );
            }
        }
        leads
    }
}

fn help(lack: Lack) -> Phrase {
    match lack {
        Lack::Often => phrase!("write the interval, as in \"every 12 months\", or the event"),
        Lack::When => {
            phrase!("write the time limit or the event, as in \"within two working days\" or \"after each incident\"")
        }
        Lack::Much => phrase!("write what is meant: a figure, a list, or where it is laid down"),
    }
}
