//! `annexa catalog list`: the editions that are known.

use clap::Args;
use serde_json::json;

use super::{Common, Opened, open, print};
use crate::cli::paper::{Paper, Style, padded};
use crate::cli::voice::Voice;
use crate::cli::{CouldNotRun, Ended};
use crate::read::framework::Catalogue;

#[derive(Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(arguments: &Arguments, voice: Voice) -> Result<Ended, CouldNotRun> {
    let opened = open(&arguments.common, voice)?;
    print(&arguments.common, voice, || json(&opened), |paper| human(&opened, paper))
}

/// How many controls an edition has that are not withdrawn.
pub(super) fn current(catalogue: &Catalogue) -> usize {
    catalogue.controls.iter().filter(|control| !control.withdrawn).count()
}

fn json(opened: &Opened) -> serde_json::Value {
    let catalogues = &opened.manual.view.catalogues;
    let all = catalogues.all().map(|catalogue| {
        json!({
            "edition": catalogue.id.to_string(),
            "title": catalogue.title.as_ref(),
            "full_title": catalogue.full_title.as_deref(),
            "publisher": catalogue.publisher.as_deref(),
            "published": catalogue.published.as_deref(),
            "status": catalogue.status,
            "superseded_by": catalogue.superseded_by.as_ref().map(ToString::to_string),
            "controls": current(catalogue),
            "withdrawn": catalogue.controls.len() - current(catalogue),
            "in_use": catalogues.is_in_use(&catalogue.id),
            "has_texts": catalogue.has_texts(),
        })
    });
    json!({ "catalogues": all.collect::<Vec<_>>() })
}

fn human(opened: &Opened, paper: &mut Paper) {
    let catalogues = &opened.manual.view.catalogues;
    let width = catalogues.all().map(|catalogue| catalogue.id.to_string().chars().count()).max().unwrap_or(0).clamp(7, 24) + 2;
    let rest = paper.width().saturating_sub(width);
    let title = rest.saturating_sub(12 + 10 + 8);
    let head = format!("{}{}{}{:>8}", padded("edition", width), padded("title", title), padded("status", 12), "controls");
    paper.line(0, &[(Style::Dim, &head), (Style::Dim, if opened.in_project { "  in use" } else { "" })]);
    for catalogue in catalogues.all() {
        let used = catalogues.is_in_use(&catalogue.id);
        let note = if used { "  yes" } else { "" };
        let controls = format!("{:>8}", current(catalogue));
        let pieces = [
            (if used { Style::Bold } else { Style::Plain }, padded(&catalogue.id.to_string(), width)),
            (Style::Plain, padded(&catalogue.title, title)),
            (if catalogue.status == "current" { Style::Plain } else { Style::Dim }, padded(catalogue.status, 12)),
            (Style::Plain, controls),
            (Style::Plain, note.to_owned()),
        ];
        paper.line(0, &pieces.iter().map(|(style, words)| (*style, words.as_str())).collect::<Vec<_>>());
    }
    let texts: Vec<String> = catalogues.all().filter(|catalogue| catalogue.has_texts()).map(|catalogue| catalogue.id.to_string()).collect();
    if !texts.is_empty() {
        paper.space();
        paper.wrapped(0, Style::Dim, &format!("With full texts: {}.", texts.join(", ")));
    }
}
