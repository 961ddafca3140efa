//! What is left of a framework in the terminal, as JSON and as CSV.

use serde_json::{Value, json};

use crate::base::id::ControlId;
use crate::cli::paper::{Paper, Style, padded};
use crate::link::manual::Manual;
use crate::link::report::{Action, Gap, Reached, Task, remains};
use crate::link::state::State;
use crate::link::usage::Claim;
use crate::render::export::csv;

/// For people: the figures, the work, and the controls that remain, or all.
pub(super) fn human(gap: &Gap<'_>, manual: &Manual, all: bool, colour: bool, width: usize) -> String {
    let mut paper = Paper::new(colour, width);
    paper.line(0, &[(Style::Bold, gap.catalogue.title.as_ref()), (Style::Plain, &format!(": {} controls", gap.controls.len()))]);
    let counts: Vec<String> =
        State::ALL.iter().map(|state| (state, gap.counts.of(*state))).filter(|(_, count)| *count > 0).map(in_words).collect();
    paper.wrapped(2, Style::Plain, &counts.join(", "));
    let left = gap.remaining().count();
    if gap.tasks.is_empty() {
        paper.space();
        paper.wrapped(0, Style::Plain, "Nothing remains.");
    } else {
        paper.heading(&format!("{left} remain; {} would close what is open", pieces(gap.tasks.len())));
        for (number, task) in gap.tasks.iter().enumerate() {
            let label = format!("{}.", number + 1);
            let controls: Vec<&str> = task.controls.iter().map(|id| id.control.as_ref()).collect();
            paper.labelled(0, &label, 5, Style::Plain, &format!("{} ({})", what(gap, manual, task), controls.len()));
            paper.wrapped(5, Style::Dim, &controls.join(" "));
        }
        let pointed_to = gap.counts.of(State::PointedTo);
        if pointed_to > 0 {
            paper.space();
            let words = format!(
                "Only pointed to, of these: {pointed_to}. A crosswalk names such a control beside something that is met or planned, and states no relation. Confirm \
                 the pair in frameworks/crosswalk.yaml where one meets the other, and it counts."
            );
            paper.wrapped(0, Style::Plain, &words);
        }
    }
    if all || left > 0 {
        paper.heading(if all { "All controls" } else { "Controls that remain" });
        let listed: Vec<&Reached<'_>> = gap.controls.iter().filter(|reached| all || remains(reached.state)).collect();
        let longest = listed.iter().map(|reached| reached.control.id.control.chars().count()).max().unwrap_or_default().min(24) + 2;
        for reached in listed {
            let control = reached.control;
            let (id, state) = (padded(&control.id.control, longest), padded(reached.state.words().english(), 16));
            paper.line(0, &[(Style::Bold, &id), (Style::Plain, &state), (Style::Plain, &control.title)]);
            let carriers = carriers(reached);
            if !carriers.is_empty() {
                paper.wrapped(longest, Style::Dim, &carriers);
            }
        }
    }
    paper.finish()
}

fn in_words((state, count): (&State, usize)) -> String {
    format!("{count} {}", state.words().english().to_lowercase())
}

fn pieces(count: usize) -> String {
    if count == 1 { "one piece of work".into() } else { format!("{count} pieces of work") }
}

/// A task as a sentence.
fn what(gap: &Gap<'_>, manual: &Manual, task: &Task<'_>) -> String {
    let document = |id| manual.document(id).map(|document| format!("{id} {}", document.title)).unwrap_or_default();
    match &task.action {
        Action::Approve(id) => format!("Approve {}", document(id)),
        Action::Extend(id) => format!("Extend {}", document(id)),
        Action::Implement(id) => {
            let title = manual.control(id).map_or("", |control| control.title.as_ref());
            format!("Carry out the statement on {id} {title}")
        }
        Action::Renew(id) => {
            let name = manual.row(id).and_then(|(_, row)| row.fields.text("name")).map_or("", AsRef::as_ref);
            format!("Ask {id} {name} for a valid certificate: what is inherited from it is shown by none")
        }
        Action::Write(group) => {
            let title = gap.catalogue.groups.iter().find(|known| known.id.as_ref() == *group).map_or("", |group| group.title.as_ref());
            format!("Write about {group} {title}")
        }
    }
}

/// What a task is about, as an identifier.
fn target(task: &Task<'_>) -> String {
    match &task.action {
        Action::Approve(id) | Action::Extend(id) | Action::Renew(id) => id.to_string(),
        Action::Implement(id) => id.to_string(),
        Action::Write(group) => (*group).to_owned(),
    }
}

/// Who claims a control, and what carries it.
fn carriers(reached: &Reached<'_>) -> String {
    /// The rest is on the control's page, and in the other formats.
    const LISTED: usize = 4;
    let claims = reached.claims.iter().map(|claim| place(claim));
    let through = reached.through.iter().map(|(other, state)| format!("{} ({})", other.control, state.words().english().to_lowercase()));
    let all: Vec<String> = claims.chain(inherited(reached)).chain(through).collect();
    let more = all.len().saturating_sub(LISTED);
    let listed = all.into_iter().take(LISTED).chain((more > 0).then(|| format!("and {more} more")));
    listed.collect::<Vec<_>>().join(", ")
}

/// From whom a control is inherited.
fn inherited<'a>(reached: &'a Reached<'_>) -> impl Iterator<Item = String> + 'a {
    let words = |certified: bool| if certified { "inherited" } else { "inherited, without a valid certificate" };
    reached.inherited.iter().map(move |(row, certified)| format!("{} ({})", row.id, words(*certified)))
}

fn place(claim: &Claim) -> String {
    claim.section.as_ref().map_or_else(|| claim.document.to_string(), |section| format!("{}#{section}", claim.document))
}

/// One object: counts, tasks, and every control with its state and what carries it.
pub(super) fn json(gap: &Gap<'_>, manual: &Manual) -> String {
    let counts: serde_json::Map<String, Value> =
        State::ALL.iter().map(|state| (state.key().to_owned(), gap.counts.of(*state).into())).collect();
    let ids = |ids: &[&ControlId]| ids.iter().map(|id| id.control.to_string()).collect::<Vec<_>>();
    let tasks: Vec<Value> = gap
        .tasks
        .iter()
        .map(|task| json!({"action": task.action.word(), "what": target(task), "words": what(gap, manual, task), "controls": ids(&task.controls)}))
        .collect();
    let controls: Vec<Value> = gap.controls.iter().map(control).collect();
    let whole = json!({
        "format": 1,
        "framework": gap.catalogue.id.to_string(),
        "title": gap.catalogue.title.as_ref(),
        "today": manual.today.to_string(),
        "counts": counts,
        "remaining": gap.remaining().count(),
        "tasks": tasks,
        "controls": controls,
    });
    format!("{whole:#}\n")
}

fn control(reached: &Reached<'_>) -> Value {
    let through = reached.through.iter().map(|(other, state)| {
        json!({
            "control": other.control.to_string(),
            "relationship": other.relationship.word(),
            "basis": other.basis.as_ref(),
            "confirmed": other.decided.is_some(),
            "state": state.key(),
        })
    });
    json!({
        "id": reached.control.id.control.as_ref(),
        "title": reached.control.title.as_ref(),
        "state": reached.state.key(),
        "claims": reached.claims.iter().map(|claim| place(claim)).collect::<Vec<_>>(),
        "through": through.collect::<Vec<_>>(),
        "inherited": reached.inherited.iter().map(|(row, certified)| json!({"from": row.id.to_string(), "certified": certified})).collect::<Vec<_>>(),
    })
}

/// A line a control, after a line of heads (RFC 4180).
pub(super) fn table(gap: &Gap<'_>) -> String {
    let mut out = csv::record(&["control", "title", "state", "claims", "inherited", "through", "task"]);
    for reached in &gap.controls {
        let id = &reached.control.id;
        let claims = reached.claims.iter().map(|claim| place(claim)).collect::<Vec<_>>().join(" ");
        let through =
            reached.through.iter().map(|(other, _)| format!("{} ({}, {})", other.control, other.relationship.word(), other.basis));
        let through = through.collect::<Vec<_>>().join("; ");
        let inherited = inherited(reached).collect::<Vec<_>>().join("; ");
        let task = gap.tasks.iter().find(|task| task.controls.contains(&id)).map(|task| format!("{} {}", task.action.word(), target(task)));
        let task = task.unwrap_or_default();
        out.push_str(&csv::record(&[&id.control, &reached.control.title, reached.state.key(), &claims, &inherited, &through, &task]));
    }
    out
}
