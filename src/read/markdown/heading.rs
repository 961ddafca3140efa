//! Levels and ids of headings.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::link::composed;
use super::report::{Report, excerpt};
use crate::base::finding::Span;
use crate::base::rule;
use crate::base::word::phrase;
use crate::read::tree::{Block, BlockKind, Inline, own_words};

/// The longest id that is made from words, in characters.
const LONGEST: usize = 80;

/// What has been seen of a text's headings.
#[derive(Debug, Default)]
pub(super) struct Headings {
    level: Option<u8>,
    /// The levels, as written, of the headings that stand above where the text has come to.
    above: Vec<u8>,
    /// Where the written ids stand, by the index of the heading's block.
    written: BTreeMap<usize, Range<usize>>,
}

impl Headings {
    /// The level that a heading gets: a text has none of level 1 and skips none.
    pub(super) fn level(&mut self, level: u8, range: Range<usize>, report: &mut Report<'_>) -> u8 {
        if level == 1 {
            let finding = report.at(&rule::HEADING_LEVEL, range, phrase!("a heading of level 1 stands in the text"));
            report.add(finding.help(phrase!("the title in the front matter is the document's level 1; begin with `##`")));
        } else {
            let allowed = self.level.map_or(2, |before| before + 1);
            if level > allowed {
                let message = match self.level {
                    Some(before) => phrase!("a heading of level {level} follows one of level {before}", level = level, before = before),
                    None => phrase!("the first heading is of level {level}", level = level),
                };
                let help = phrase!("write `{id}`", id = "#".repeat(allowed.into()));
                report.add(report.at(&rule::HEADING_SKIPPED, range, message).help(help));
            }
        }
        let level = level.max(2);
        self.level = Some(level);
        level
    }

    /// The level of a heading by how deep it stands below others, whatever levels were written.
    pub(super) fn depth(&mut self, written: u8) -> u8 {
        self.above.retain(|above| *above < written);
        self.above.push(written);
        u8::try_from(self.above.len() + 1).unwrap_or(u8::MAX)
    }

    /// Notes where the id of a heading is written.
    pub(super) fn wrote(&mut self, block: usize, range: Range<usize>) {
        self.written.insert(block, range);
    }

    /// Gives every heading its id: those as written first, then those made from words.
    ///
    /// Sections are named from the most open to the most restricted, so that no id of an open one says anything of a heading that its reader may
    /// not see.
    pub(super) fn name(&self, blocks: &mut [Block], classifications: &[Arc<str>], report: &mut Report<'_>) {
        let mut taken: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for indices in by_restriction(blocks, classifications).values() {
            let mut unnamed = Vec::new();
            for index in indices {
                let BlockKind::Heading(heading) = &blocks[*index].kind else { continue };
                let Some(range) = self.written.get(index) else {
                    unnamed.push(*index);
                    continue;
                };
                if let Some(first) = taken.get(&heading.id) {
                    let message = phrase!("two headings have the id `{id}`", id = excerpt(&heading.id));
                    let finding =
                        report.at(&rule::DUPLICATE_HEADING_ID, range.clone(), message).related(*first, phrase!("the first stands here"));
                    report.add(finding.help(phrase!("give each an id of its own")));
                    unnamed.push(*index);
                } else {
                    taken.insert(heading.id.clone(), report.span(range.clone()));
                }
            }
            unnamed.sort_unstable();
            for index in unnamed {
                let block = &mut blocks[index];
                let BlockKind::Heading(heading) = &mut block.kind else { continue };
                let words = from_words(&heading.content);
                let count = counts.entry(words.clone()).or_default();
                heading.id = loop {
                    *count += 1;
                    let id: Arc<str> = if *count == 1 { words.as_str().into() } else { format!("{words}-{count}").into() };
                    if !taken.contains_key(&id) {
                        break id;
                    }
                };
                taken.insert(heading.id.clone(), block.span);
            }
        }
    }
}

/// The headings among blocks, in groups of those that the same readers see, the most open group first. A mark reaches to the next heading of the same
/// or a higher level; one that is no classification withholds from all but the highest.
fn by_restriction(blocks: &[Block], classifications: &[Arc<str>]) -> BTreeMap<usize, Vec<usize>> {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut marks: Vec<(u8, usize)> = Vec::new();
    for (index, block) in blocks.iter().enumerate() {
        let BlockKind::Heading(heading) = &block.kind else { continue };
        marks.retain(|(level, _)| *level < heading.level);
        let rank = |mark: &str| classifications.iter().position(|known| known.as_ref() == mark).map_or(usize::MAX, |place| place + 1);
        marks.extend(heading.classification.as_ref().map(|mark| (heading.level, rank(&mark.value))));
        let rank = marks.iter().map(|(_, rank)| *rank).max().unwrap_or(0);
        groups.entry(rank).or_default().push(index);
    }
    groups
}

/// An id from the words of a heading: lower case, letters and digits of any script, one hyphen for all between. A bare reference gives nothing to it, since
/// not everybody who sees the heading may see what it names.
fn from_words(content: &[Inline]) -> String {
    let words = own_words(content);
    let mut id = String::with_capacity(words.len());
    let mut length = 0;
    for c in composed(&words).chars().flat_map(char::to_lowercase) {
        if length >= LONGEST {
            break;
        }
        if c.is_alphanumeric() {
            id.push(c);
            length += 1;
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
            length += 1;
        }
    }
    id.truncate(id.trim_end_matches('-').len());
    if id.is_empty() { "section".to_owned() } else { id }
}
