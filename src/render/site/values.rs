//! Values that several templates get. docs/templates.md describes them for those who write templates.

use jiff::civil::Date;
use serde::Serialize;
use tera::Value;

use crate::base::language::Language;
use crate::base::word::word;
use crate::link::state::Counts;
use crate::link::state::State;

/// Any value for a template. Values within are handed on as they are, so that a shared one is made once and text marked safe stays so.
pub(crate) fn value<T: Serialize + ?Sized>(from: &T) -> Value {
    // Only a map with keys that are no text cannot be serialised; there is none.
    Value::try_from_serializable(from).unwrap_or_else(|_| Value::none())
}

/// HTML that `html` made, which templates print as it is.
pub(crate) fn safe(html: &str) -> Value {
    Value::safe_string(html)
}

/// A date as it is printed: 2026-03-02.
pub(crate) fn date(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

/// Something with an identifier, a title and usually a page.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Named {
    /// Identifier; empty where words suffice, as for a role.
    pub(crate) id: String,
    /// Title.
    pub(crate) title: String,
    /// Address from the top of the site; none where there is no page.
    pub(crate) href: Option<String>,
}

/// What a page is.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Page {
    /// A word for class names: `document`.
    pub(crate) kind: &'static str,
    /// The entry of the navigation that it belongs to; may be empty.
    pub(crate) part: &'static str,
    /// Its path from the top of the site.
    pub(crate) path: String,
    /// Its title.
    pub(crate) title: String,
    /// A sentence on what it holds, for search engines and previews.
    pub(crate) description: Option<String>,
}

/// A state as shape, colour and word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Shown {
    /// Which shape and colour: a key of [`State`], or failed.
    pub(crate) key: &'static str,
    /// The word.
    pub(crate) word: String,
}

impl Shown {
    /// A state of a control.
    pub(crate) fn state(language: &Language, state: State) -> Self {
        Shown { key: state.key(), word: language.say(state.words()).to_owned() }
    }
}

/// A word of a fixed list as a state, where it is one.
pub(crate) fn shown(language: &Language, word: &str) -> Shown {
    let key = match word {
        "approved" | "done" | "met" | "pass" | "implemented" | "on-track" => "met",
        "review" | "in-progress" | "at-risk" | "partial" => "in-part",
        "draft" | "planned" => "planned",
        "fail" | "missed" => "failed",
        _ => "not-applicable",
    };
    let word = match word {
        "review" => language.say(word!("In review")).to_owned(),
        "pass" => language.say(word!("Passed")).to_owned(),
        "fail" => language.say(word!("Failed")).to_owned(),
        "info" => language.say(word!("For information")).to_owned(),
        _ => language.listed(word),
    };
    Shown { key, word }
}

/// How many controls are in each state, with a bar.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Coverage {
    total: usize,
    /// One figure a state, in the order of columns.
    counts: Vec<Counted>,
    bar: Vec<Bar>,
}

/// How many controls are in one state.
#[derive(Clone, Debug, Serialize)]
struct Counted {
    state: Shown,
    count: usize,
}

/// A part of a bar of a hundred units.
#[derive(Clone, Debug, Serialize)]
struct Bar {
    key: &'static str,
    word: String,
    count: usize,
    from: String,
    width: String,
}

impl Coverage {
    /// How many controls are in each state.
    pub(crate) fn of(language: &Language, counts: &Counts) -> Self {
        let total = counts.total();
        // Hundredths of a percent in whole numbers: the same bytes on every machine.
        let share = |count: usize| count * 10_000 / total.max(1);
        let figure = |share: usize| format!("{}.{:02}", share / 100, share % 100);
        let mut bar = Vec::new();
        let mut before = 0;
        for state in State::ALL {
            let count = counts.of(state);
            if count > 0 {
                let (from, to) = (share(before), share(before + count));
                let word = language.say(state.words()).to_lowercase();
                bar.push(Bar { key: state.key(), word, count, from: figure(from), width: figure(to - from) });
            }
            before += count;
        }
        let counted = State::ALL.iter().map(|state| Counted { state: Shown::state(language, *state), count: counts.of(*state) });
        Coverage { total, counts: counted.collect(), bar }
    }
}

/// A row of a table of coverage.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CoverageRow {
    /// Framework or group.
    #[serde(flatten)]
    pub(crate) of: Named,
    /// Anchor on the same page.
    pub(crate) anchor: Option<String>,
    /// A remark: superseded, say.
    pub(crate) note: Option<String>,
    /// The figures.
    pub(crate) coverage: Coverage,
}
