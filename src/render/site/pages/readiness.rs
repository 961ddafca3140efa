//! Readiness for certification: a checklist for each stage.

use serde::Serialize;
use tera::Value;

use super::Draft;
use crate::base::id::ControlId;
use crate::base::word::{phrase, word};
use crate::link::report::readiness::Item;
use crate::link::report::{self, Readiness, Stage, Standing};
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::values::{Named, Page, Shown};

/// The path of the page.
pub(crate) const PATH: &str = "readiness.html";

/// More places than these are counted, not listed: of what is there a few are enough, of what needs work they are what one comes for.
const LISTED_THERE: usize = 4;
const LISTED: usize = 12;

#[derive(Serialize)]
struct Checklist {
    key: String,
    title: String,
    about: String,
    counts: Vec<Count>,
    items: Vec<Line>,
}

#[derive(Serialize)]
struct Count {
    state: Shown,
    count: usize,
}

#[derive(Serialize)]
struct Line {
    asked: Named,
    state: Shown,
    found: Vec<Value>,
    more: usize,
    note: Vec<Part>,
    todo: Vec<Part>,
}

/// Words of a sentence, or something that is written in a file.
#[derive(Serialize)]
struct Part {
    text: String,
    code: bool,
}

fn parts(sentence: &str) -> Vec<Part> {
    let parts = sentence.split('`').enumerate().map(|(place, text)| Part { text: text.to_owned(), code: place % 2 == 1 });
    parts.filter(|part| !part.text.is_empty()).collect()
}

fn shown(site: &Site<'_>, standing: Standing) -> Shown {
    let key = match standing {
        Standing::There => "met",
        Standing::Draft => "in-part",
        Standing::Due => "planned",
        Standing::Missing => "open",
    };
    Shown { key, word: site.say(standing.words()) }
}

fn line(site: &Site<'_>, readiness: &Readiness, item: &Item) -> Line {
    let clause = ControlId { edition: readiness.edition.clone(), control: item.clause.into() };
    // An edition of the project's own may lack a clause.
    let href = site.manual.control(&clause).map(|control| address::control(&control.id));
    let found: Vec<Value> = item.found.iter().filter_map(|reference| site.directory.reference(reference)).collect();
    let listed = if item.standing == Standing::There { LISTED_THERE } else { LISTED };
    Line {
        asked: Named { id: item.cited(), title: site.say(item.asked), href },
        state: shown(site, item.standing),
        more: found.len().saturating_sub(listed),
        found: found.into_iter().take(listed).collect(),
        note: parts(&site.language().phrase(&item.note)),
        todo: parts(&site.language().phrase(&item.todo)),
    }
}

/// Whether there is a page: for those who see everything, where ISO/IEC 27001 is in use.
pub(crate) fn is_there(site: &Site<'_>) -> bool {
    report::is_readiness_told(site.manual)
}

/// The page; none where no edition of ISO/IEC 27001 asks, or where the audience does not see everything.
pub(crate) fn page(site: &Site<'_>) -> Option<Draft> {
    let readiness = report::readiness(site.manual)?;
    let checklist = |stage: Stage| {
        Checklist {
        key: format!("stage-{}", stage.number()),
        title: site.say(stage.title()),
        about: site.say(match stage {
            Stage::One => {
                word!("What the certification body reads before it comes: whether each document that the standard asks for is there and approved.")
            }
            Stage::Two => word!("What the certification body samples when it is there: whether the system is run as the documents say."),
        }),
        counts: Standing::ALL.map(|standing| Count { state: shown(site, standing), count: readiness.count(stage, standing) }).into(),
        items: readiness.of(stage).map(|item| line(site, &readiness, item)).collect(),
    }
    };
    let stages = Stage::ALL.map(checklist);
    let framework = readiness.title.to_string();
    let about = phrase!(
        "What a certification audit to {framework} asks for, and how it stands on {date}.",
        framework = framework.as_str(),
        date = site.manual.today
    );
    let page = Page {
        kind: "readiness",
        part: "readiness",
        title: site.say(word!("Readiness")),
        description: Some(site.language().phrase(&about)),
        path: PATH.into(),
    };
    Some(Draft::new("readiness.html", page).with("framework", &framework).with("stages", &stages))
}
