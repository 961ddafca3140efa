//! A page a framework with what is left of it: work that would close it, and every control that remains.

use serde::Serialize;
use tera::Value;

use super::Draft;
use super::framework::named;
use crate::base::id::ItemId;
use crate::base::word::phrase;
use crate::link::report::{self, Action, Gap, Task};
use crate::link::state::State;
use crate::read::framework::{Catalogue, Control};
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::values::{Coverage, Named, Page, Shown, value};

#[derive(Serialize)]
struct Work {
    /// approve, implement, extend or write.
    action: &'static str,
    what: Value,
    controls: Vec<Value>,
}

#[derive(Serialize)]
struct Remaining {
    control: Value,
    state: Shown,
    documents: Vec<Value>,
    through: Vec<Carrier>,
    inherited: Vec<Inherited>,
}

/// A supplier that carries a control out for us.
#[derive(Serialize)]
struct Inherited {
    link: Option<Value>,
    certified: bool,
}

/// A counterpart that carries a control some way.
#[derive(Serialize)]
struct Carrier {
    link: Value,
    state: Shown,
}

/// A control of the framework that the page is about, so that its identifier alone names it.
fn of_this(control: &Control) -> Value {
    let (id, title) = (control.id.control.to_string(), control.title.to_string());
    value(&Named { id, title, href: Some(address::control(&control.id)) })
}

/// More counterparts than these are counted, not listed; the control's page has all.
const LISTED: usize = 6;

fn work(site: &Site<'_>, gap: &Gap<'_>, task: &Task<'_>) -> Work {
    let what = match &task.action {
        Action::Approve(id) | Action::Extend(id) | Action::Renew(id) => site.directory.item(id),
        Action::Implement(id) => site.manual.control(id).map(|control| site.directory.control(control)),
        Action::Write(group) => gap.catalogue.groups.iter().find(|known| known.id.as_ref() == *group).map(|group| {
            let href = Some(format!("{}#{}", address::framework(&gap.catalogue.id), super::framework::anchor(&group.id)));
            value(&Named { id: group.id.to_string(), title: group.title.to_string(), href })
        }),
    };
    let controls = task.controls.iter().filter_map(|id| site.manual.control(id)).map(of_this);
    Work { action: task.action.word(), what: what.unwrap_or_else(|| value(&named(gap.catalogue))), controls: controls.collect() }
}

fn remaining(site: &Site<'_>, reached: &report::Reached<'_>) -> Remaining {
    let mut documents: Vec<&ItemId> = reached.claims.iter().map(|claim| &claim.document).collect();
    documents.sort();
    documents.dedup();
    let carriers = reached.through.iter().filter_map(|(other, state)| Some((site.manual.control(&other.control)?, *state)));
    Remaining {
        control: of_this(reached.control),
        state: Shown::state(site.language(), reached.state),
        inherited: reached
            .inherited
            .iter()
            .map(|(row, certified)| Inherited { link: site.directory.item(&row.id), certified: *certified })
            .collect(),
        documents: documents.into_iter().filter_map(|id| site.directory.item(id)).collect(),
        through: carriers
            .map(|(control, state)| Carrier { link: site.directory.control(control), state: Shown::state(site.language(), state) })
            .take(LISTED)
            .collect(),
    }
}

/// The page. It is for those who see everything: what a lower view does not show is no gap.
pub(crate) fn page(site: &Site<'_>, catalogue: &Catalogue) -> Draft {
    let gap = report::gap(site.manual, catalogue, None);
    let page = Page {
        kind: "gap",
        part: "frameworks",
        title: site.language().phrase(&phrase!("What remains of {framework}", framework = &catalogue.title)),
        description: Some(
            site.language()
                .phrase(&phrase!("{framework}: what is neither met nor excluded, and what would close it.", framework = &catalogue.title)),
        ),
        path: address::gap(&catalogue.id),
    };
    let left: Vec<Remaining> = gap.remaining().map(|reached| remaining(site, reached)).collect();
    let tasks: Vec<Work> = gap.tasks.iter().map(|task| work(site, &gap, task)).collect();
    Draft::new("gap.html", page)
        .with("framework", &named(catalogue))
        .with("coverage", &Coverage::of(site.language(), &gap.counts))
        .with("tasks", &tasks)
        .with("pointed_to", &gap.counts.of(State::PointedTo))
        .with("remaining", &left)
}
