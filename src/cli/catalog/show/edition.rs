//! An edition in short: what it is, its groups, how far it is in use.

use serde::Serialize;

use crate::cli::catalog::Opened;
use crate::cli::catalog::list::current;
use crate::cli::paper::{Paper, Style, padded};
use crate::link::report;
use crate::link::state::State;
use crate::read::framework::Catalogue;

/// An edition with its groups.
#[derive(Serialize)]
pub(super) struct Shown {
    edition: String,
    title: String,
    full_title: Option<String>,
    publisher: Option<String>,
    published: Option<String>,
    status: &'static str,
    superseded_by: Option<String>,
    source: Option<String>,
    notice: Option<String>,
    names: Vec<String>,
    in_use: bool,
    controls: usize,
    withdrawn: usize,
    texts: usize,
    baselines: Vec<Baseline>,
    groups: Vec<Group>,
    crosswalks: Vec<Walk>,
    /// How many controls are in each state, in a project that uses the edition.
    states: Option<Vec<Count>>,
}

#[derive(Serialize)]
struct Baseline {
    name: String,
    controls: usize,
}

#[derive(Serialize)]
struct Group {
    id: String,
    title: String,
    parent: Option<String>,
    controls: usize,
    /// How many groups it stands within.
    #[serde(skip)]
    depth: usize,
}

#[derive(Serialize)]
struct Walk {
    source: String,
    target: String,
    basis: String,
    pairs: usize,
}

#[derive(Serialize)]
struct Count {
    state: &'static str,
    #[serde(skip)]
    words: &'static str,
    controls: usize,
}

/// Gathers it.
pub(super) fn gather(opened: &Opened, catalogue: &Catalogue) -> Shown {
    let view = &opened.manual.view;
    let in_use = view.catalogues.is_in_use(&catalogue.id);
    let text = |text: &Option<std::sync::Arc<str>>| text.as_ref().map(ToString::to_string);
    let in_force = || catalogue.controls.iter().filter(|control| !control.withdrawn);
    let mut baselines: Vec<Baseline> = Vec::new();
    for name in in_force().flat_map(|control| &control.baselines) {
        match baselines.iter_mut().find(|known| known.name == name.as_ref()) {
            Some(known) => known.controls += 1,
            None => baselines.push(Baseline { name: name.to_string(), controls: 1 }),
        }
    }
    let depth = |id: &str| {
        let parent = |id: &str| catalogue.groups.iter().find(|group| group.id.as_ref() == id).and_then(|group| group.parent.as_deref());
        std::iter::successors(parent(id), |id| parent(id)).take(4).count()
    };
    let groups = catalogue.groups.iter().map(|group| Group {
        id: group.id.to_string(),
        title: group.title.to_string(),
        parent: text(&group.parent),
        controls: in_force().filter(|control| control.group.as_ref() == Some(&group.id)).count(),
        depth: depth(&group.id),
    });
    let walks = view.crosswalks.iter().filter(|walk| walk.source == catalogue.id || walk.target == catalogue.id);
    let counts = || report::coverage(&opened.manual, catalogue).counts;
    Shown {
        edition: catalogue.id.to_string(),
        title: catalogue.title.to_string(),
        full_title: text(&catalogue.full_title),
        publisher: text(&catalogue.publisher),
        published: text(&catalogue.published),
        status: catalogue.status,
        superseded_by: catalogue.superseded_by.as_ref().map(ToString::to_string),
        source: text(&catalogue.source),
        notice: text(&catalogue.notice),
        names: catalogue.aliases.iter().map(ToString::to_string).collect(),
        in_use,
        controls: current(catalogue),
        withdrawn: catalogue.controls.len() - current(catalogue),
        texts: catalogue.controls.iter().filter(|control| control.text.is_some() || control.guidance_text.is_some()).count(),
        baselines,
        groups: groups.collect(),
        crosswalks: walks
            .map(|walk| Walk {
                source: walk.source.to_string(),
                target: walk.target.to_string(),
                basis: walk.basis.to_string(),
                pairs: walk.pairs.len(),
            })
            .collect(),
        states: in_use.then(|| {
            let counts = counts();
            let count = |state: &State| Count { state: state.key(), words: state.words().english(), controls: counts.of(*state) };
            State::ALL.iter().map(count).filter(|count| count.controls > 0).collect()
        }),
    }
}

const LABELS: usize = 13;

/// Prints it.
pub(super) fn human(shown: &Shown, paper: &mut Paper) {
    paper.labelled(0, "", 0, Style::Bold, &format!("{} {}", shown.edition, shown.title));
    if let Some(title) = &shown.full_title {
        paper.wrapped(0, Style::Plain, title);
    }
    paper.space();
    let mut label = |name: &str, words: Option<&str>| {
        if let Some(words) = words {
            paper.labelled(0, name, LABELS, Style::Plain, words);
        }
    };
    let published = [shown.publisher.as_deref(), shown.published.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    label("Published", Some(published.as_str()).filter(|words| !words.is_empty()));
    let status = match &shown.superseded_by {
        Some(by) => format!("{}, replaced by {by}", shown.status),
        None => shown.status.to_owned(),
    };
    label("Status", Some(&format!("{status}{}", if shown.in_use { "; in use" } else { "" })));
    let withdrawn = if shown.withdrawn == 0 { String::new() } else { format!(", and {} withdrawn", shown.withdrawn) };
    let texts = if shown.texts == 0 { String::new() } else { format!("; {} with full text", shown.texts) };
    label("Controls", Some(&format!("{}{withdrawn}{texts}", shown.controls)));
    let baselines: Vec<String> = shown.baselines.iter().map(|baseline| format!("{} {}", baseline.name, baseline.controls)).collect();
    label("Baselines", Some(baselines.join(", ").as_str()).filter(|words| !words.is_empty()));
    if let Some(states) = &shown.states {
        let states: Vec<String> = states.iter().map(|count| format!("{} {}", count.controls, count.words.to_lowercase())).collect();
        label("Coverage", Some(&states.join(", ")));
    }
    label("Other names", Some(shown.names.join(", ").as_str()).filter(|words| !words.is_empty()));
    label("Source", shown.source.as_deref());
    label("Notice", shown.notice.as_deref());
    groups(shown, paper);
    crosswalks(shown, paper);
}

fn groups(shown: &Shown, paper: &mut Paper) {
    if shown.groups.is_empty() {
        return;
    }
    paper.heading("Groups");
    let width = shown.groups.iter().map(|group| group.id.chars().count() + 2 * group.depth).max().unwrap_or(0).clamp(2, 24) + 2;
    let title = paper.width().saturating_sub(2 + width + 6);
    for group in &shown.groups {
        let id = padded(&format!("{}{}", "  ".repeat(group.depth), group.id), width);
        let count = if group.controls == 0 { String::new() } else { format!("{:>6}", group.controls) };
        paper.line(2, &[(Style::Bold, &id), (Style::Plain, &padded(&group.title, title)), (Style::Plain, &count)]);
    }
}

fn crosswalks(shown: &Shown, paper: &mut Paper) {
    if shown.crosswalks.is_empty() {
        return;
    }
    paper.heading("Crosswalks");
    for walk in &shown.crosswalks {
        let names = padded(&format!("{} to {}", walk.source, walk.target), 36);
        paper.line(2, &[(Style::Plain, &names), (Style::Plain, &format!("{:>5} pairs  ", walk.pairs)), (Style::Dim, &walk.basis)]);
    }
}
