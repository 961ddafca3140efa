//! Questions that customers and auditors ask, with the answers, by topic.

use serde::Serialize;
use tera::Value;

use super::table::downloads;
use super::{Draft, with_html};
use crate::base::finding::Spanned;
use crate::base::id::Reference;
use crate::base::word::word;
use crate::link::index::Destination;
use crate::read::register::{QUESTIONS, Register, Row};
use crate::read::value::Value as Read;
use crate::render::export;
use crate::render::site::Site;
use crate::render::site::address;
use crate::render::site::html::Html;
use crate::render::site::values::{Page, date, safe, value};

#[derive(Serialize)]
struct Topic {
    anchor: String,
    title: String,
    answers: Vec<Answer>,
}

/// A question with its answer.
#[derive(Serialize)]
pub(crate) struct Answer {
    id: String,
    /// From the top of the site.
    href: String,
    question: String,
    /// Yes, no, partly or not applicable.
    short: Option<String>,
    answer: Option<Value>,
    controls: Vec<Value>,
    sources: Vec<Value>,
    wordings: Vec<String>,
    owner: Option<Value>,
    reviewed: Option<String>,
}

/// An answer as a value. What is withheld is not among its sources.
pub(crate) fn answer(site: &Site<'_>, html: &Html<'_>, row: &Row) -> Answer {
    let text = |key: &str| row.fields.text(key).map_or_else(String::new, ToString::to_string);
    let links = |key: &str| {
        let seen = |reference: &Spanned<Reference>| {
            let withheld = matches!(site.manual.resolve_reference(&reference.value), Destination::Withheld);
            if withheld { None } else { site.directory.reference(&reference.value) }
        };
        row.fields.references(key).iter().filter_map(seen).collect()
    };
    let wordings = row.fields.list("wordings").iter();
    let wording = |item: &Spanned<Read>| if let Read::Text(text) = &item.value { Some(text.to_string()) } else { None };
    Answer {
        id: row.id.to_string(),
        href: address::row(QUESTIONS.name, &row.id),
        question: text("question"),
        short: row.fields.word("short").map(|word| site.language().listed(word)),
        answer: row.fields.prose("answer").map(|answer| safe(&html.prose(answer, &format!("{}:answer", row.id)))),
        controls: links("controls"),
        sources: links("sources"),
        wordings: wordings.filter_map(wording).collect(),
        owner: site.directory.role(row.fields.item("owner")),
        reviewed: date(row.fields.date("reviewed")),
    }
}

/// The page. Topics stand in the order in which they first come up.
pub(crate) fn page(site: &Site<'_>, register: &Register) -> Draft {
    let path = address::register(register.kind.name);
    let topics = with_html(site, &path, None, |html| {
        let mut topics: Vec<Topic> = Vec::new();
        for row in &register.rows {
            let title = row.fields.text("topic").map_or_else(String::new, ToString::to_string);
            let answer = answer(site, html, row);
            match topics.iter_mut().find(|topic| topic.title == title) {
                Some(topic) => topic.answers.push(answer),
                None => topics.push(Topic { anchor: format!("topic:{}", topics.len() + 1), title, answers: vec![answer] }),
            }
        }
        value(&topics)
    });
    let page = Page {
        kind: "answers",
        part: if site.trust.is_some() { "answers" } else { "registers" },
        title: site.say(word!("Questions and answers")),
        description: Some(site.say(super::register::about(register.kind.name))),
        path,
    };
    let files = downloads(site, &[], &[&export::name::register(register.kind.name)]);
    Draft::new("answers.html", page).with("topics", &topics).with("downloads", &files)
}
