//! `annexa catalog search WORDS`: controls by identifier, title, group and text, the best first.
//!
//! Each word must be found somewhere in a control. A word counts most as the identifier, then in the title, the group, the text; a word that is
//! one or two slips from one of the title's counts less than the word itself.

use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::{Common, Opened, open, print};
use crate::base::id::{EditionId, canonical_control};
use crate::cli::paper::{Paper, Style, padded};
use crate::cli::voice::Voice;
use crate::cli::{CouldNotRun, Ended};
use crate::read::framework::{Catalogue, Control};
use crate::read::tree::{Body, InlineKind};

#[derive(Args)]
pub(in crate::cli) struct Arguments {
    /// Words to look for, as in `access rights` or `A.5.18`
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// Only in this framework or edition, as in `ccm` or `iso27001@2022`
    #[arg(long, value_name = "EDITION", value_parser = super::show::edition)]
    within: Option<EditionId>,
    /// How many to show at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: usize,
    #[command(flatten)]
    common: Common,
}

/// A control that was found.
struct Found<'a> {
    catalogue: &'a Arc<Catalogue>,
    control: &'a Control,
    score: u32,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let opened = open(&arguments.common, voice)?;
    let words: Vec<String> = arguments.words.iter().flat_map(|words| words.split_whitespace()).map(str::to_lowercase).collect();
    let found = search(&opened, &words, arguments.within.as_ref())?;
    let total = found.len();
    let shown = &found[..total.min(arguments.most)];
    print(&arguments.common, voice, || json(&opened, shown, total), |paper| human(&opened, shown, total, paper))
}

fn search<'a>(opened: &'a Opened, words: &[String], within: Option<&EditionId>) -> Result<Vec<Found<'a>>, CouldNotRun> {
    let catalogues = &opened.manual.view.catalogues;
    if let Some(name) = within {
        catalogues.find(name).map_err(|unknown| CouldNotRun(format!("{}; {}", unknown.message, unknown.help.unwrap_or_default())))?;
    }
    // `--within ccm` means every edition of it, whatever other names it goes by.
    let framework = within.and_then(|name| catalogues.find(name).ok()).map(|catalogue| catalogue.id.framework.clone());
    let edition = within.and_then(|name| name.edition.clone());
    let wanted = |catalogue: &&Arc<Catalogue>| {
        framework.as_ref().is_none_or(|name| *name == catalogue.id.framework) && (edition.is_none() || edition == catalogue.id.edition)
    };
    let mut found: Vec<Found<'_>> = Vec::new();
    for catalogue in catalogues.all().filter(wanted) {
        for control in &catalogue.controls {
            if let Some(score) = score(catalogue, control, words) {
                found.push(Found { catalogue, control, score });
            }
        }
    }
    // Of equals those in use come first, then those in force; the order of editions and of their controls stays.
    found.sort_by_key(|found| {
        let rank = (!catalogues.is_in_use(&found.catalogue.id), found.catalogue.status != "current", found.control.withdrawn);
        (std::cmp::Reverse(found.score), rank)
    });
    Ok(found)
}

/// How well a control fits all words; nothing where one of them is not in it.
fn score(catalogue: &Catalogue, control: &Control, words: &[String]) -> Option<u32> {
    let id = control.id.control.to_lowercase();
    let full = control.id.to_string().to_lowercase();
    let title = control.title.to_lowercase();
    let group = control.group.as_ref().and_then(|id| catalogue.groups.iter().find(|group| group.id == *id));
    let group = group.map(|group| group.title.to_lowercase()).unwrap_or_default();
    let mut text: Option<String> = None;
    let (mut total, mut by_id) = (0, false);
    for word in words {
        let canonical = canonical_control(word).to_lowercase();
        let rest = Some(canonical.as_str()).filter(|word| word.chars().any(|c| c.is_ascii_digit())).and_then(|word| id.strip_prefix(word));
        by_id |= rest.is_some() || *word == full;
        let of_word = if *word == full || rest == Some("") {
            1000
        } else if let Some(rest) = rest {
            // `AC-2(1)` is a part of AC-2; `AC-20` only looks like one.
            if rest.starts_with(|c: char| c.is_alphanumeric()) { 400 } else { 500 }
        } else if split(&title).any(|known| known == word) {
            100
        } else if split(&title).any(|known| word.len() > 2 && known.starts_with(word.as_str())) {
            80
        } else if split(&title).any(|known| near(word, known)) {
            50
        } else if split(&group).any(|known| known == word) {
            30
        } else if split(&group).any(|known| near(word, known)) {
            15
        } else if split(text.get_or_insert_with(|| texts(control))).any(|known| known == word) {
            10
        } else {
            return None;
        };
        total += of_word;
    }
    // A title of these words alone fits better than a long one that holds them among others; identifiers stay in their order.
    let brevity = if by_id { 0 } else { 100 / (u32::try_from(split(&title).count()).unwrap_or(99) + 1) };
    Some(total * 100 / u32::try_from(words.len().max(1)).unwrap_or(1) + brevity)
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty())
}

/// Whether a word is a slip of the pen from another: one slip from four letters on, two from eight on.
fn near(word: &str, known: &str) -> bool {
    let length = word.chars().count();
    let slips = if length >= 8 { 2 } else { usize::from(length >= 4) };
    slips > 0 && length.abs_diff(known.chars().count()) <= slips && strsim::damerau_levenshtein(word, known) <= slips
}

fn texts(control: &Control) -> String {
    let mut out = String::new();
    let mut add = |body: &Body| {
        body.each_inline(&mut |inline| {
            if let InlineKind::Text(words) = &inline.kind {
                out.push_str(&words.to_lowercase());
                out.push(' ');
            }
        });
    };
    control.text.iter().chain(&control.guidance_text).for_each(|body| add(body));
    out
}

fn json(opened: &Opened, found: &[Found<'_>], total: usize) -> serde_json::Value {
    let one = |found: &Found<'_>| {
        json!({
            "control": found.control.id.to_string(),
            "title": found.control.title.as_ref(),
            "framework": found.catalogue.title.as_ref(),
            "in_use": opened.manual.view.catalogues.is_in_use(&found.catalogue.id),
            "withdrawn": found.control.withdrawn,
        })
    };
    json!({ "total": total, "controls": found.iter().map(one).collect::<Vec<_>>() })
}

fn human(opened: &Opened, found: &[Found<'_>], total: usize, paper: &mut Paper) {
    if found.is_empty() {
        paper.wrapped(0, Style::Plain, "No control has all of these words. Try fewer, or a part of an identifier.");
        return;
    }
    let width = found.iter().map(|found| found.control.id.to_string().chars().count()).max().unwrap_or(0).clamp(8, 30) + 2;
    for found in found {
        let used = opened.manual.view.catalogues.is_in_use(&found.catalogue.id);
        let withdrawn = if found.control.withdrawn { "  (withdrawn)" } else { "" };
        let id = padded(&found.control.id.to_string(), width);
        paper.line(
            0,
            &[(if used { Style::Bold } else { Style::Plain }, &id), (Style::Plain, &found.control.title), (Style::Dim, withdrawn)],
        );
    }
    if total > found.len() {
        paper.space();
        paper.wrapped(0, Style::Dim, &format!("{} more; `--most N` shows more, another word fewer.", total - found.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_forgiven_in_words_that_are_long_enough() {
        assert!(
            near("acess", "access")
                && near("acces", "access")
                && near("cryptografy", "cryptography")
                && near("vulnerabilty", "vulnerability")
        );
        assert!(!near("log", "fog") && !near("data", "gates") && !near("audit", "admin"));
    }
}
