//! The first page of the trust site: a reviewer's usual questions with the answers in a line each, and where the rest stands.

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use tera::Value;

use super::super::{Draft, answers, framework, with_html};
use crate::base::id::{ItemId, Reference};
use crate::link::report;
use crate::read::register::{MEASURES, QUESTIONS, Row};
use crate::render::site::Site;
use crate::render::site::trust::{Contact, Trust};
use crate::render::site::values::{Page, date};

#[derive(Serialize)]
struct Certified {
    standard: String,
    valid_until: Option<String>,
}

#[derive(Serialize)]
struct Engaged {
    count: usize,
    coming: usize,
    countries: Vec<String>,
    notice_days: Option<i64>,
    /// The last notice.
    changed: Option<String>,
}

#[derive(Serialize)]
struct Reviewed {
    count: usize,
    /// The day of the oldest of their last reviews, where each has one.
    since: Option<String>,
}

#[derive(Serialize)]
struct Documents {
    whole: usize,
    abstracts: usize,
    on_request: usize,
    /// The day of the oldest of the last reviews of whole documents, where each has one.
    since: Option<String>,
}

#[derive(Serialize)]
struct Test {
    date: Option<String>,
    link: Option<Value>,
}

#[derive(Serialize)]
struct Officer<'a> {
    name: &'a str,
    mail: Option<Contact>,
    phone: Option<&'a str>,
    address: Option<&'a str>,
}

/// The page.
pub(crate) fn page(site: &Site<'_>, trust: &Trust<'_>) -> Draft {
    let manual = site.manual;
    let view = &manual.view;
    let settings = trust.settings;
    let path = "index.html".to_owned();
    let certificates = report::certificates_in_short(manual).into_iter();
    let certificates: Vec<Certified> =
        certificates.map(|(standard, until)| Certified { standard: standard.to_string(), valid_until: date(until) }).collect();
    let highlights = with_html(site, &path, None, |html| {
        let row = |item: &ItemId| manual.row(item).filter(|(register, _)| register.kind.name == QUESTIONS.name).map(|(_, row)| row);
        let named = settings.answers.iter().filter_map(|found| match &found.value {
            Reference::Item { id, .. } => row(id),
            Reference::Control { .. } => None,
        });
        named.map(|row| answers::answer(site, html, row)).collect::<Vec<_>>()
    });
    let organisation = |key: &str| view.project.organisation.text(key);
    let dpo = settings.dpo.as_ref().map(|dpo| Officer {
        name: &dpo.name,
        mail: dpo.mail.as_ref().or(organisation("privacy_contact")).map(|mail| Contact::of(mail)),
        phone: dpo.phone.as_deref(),
        address: dpo.address.as_deref(),
    });
    let title = trust.title(site);
    let lead = settings.lead.as_ref().or(view.project.scope.as_ref()).map(ToString::to_string);
    let page = Page { kind: "trust", part: "home", title, description: lead.clone(), path };
    Draft::new("trust/index.html", page)
        .with("lead", &lead)
        .with("certificates", &certificates)
        .with("subprocessors", &trust.has_subprocessors().then(|| engaged(trust)))
        .with("measures", &measures(manual.rows(MEASURES.name)))
        .with("duties", &trust.duties)
        .with("documents", &documents(site))
        .with("questions", &manual.rows(QUESTIONS.name).count())
        .with("penetration_test", &test(site, trust))
        .with("status_page", &settings.status_page.as_ref().map(|url| Contact::of(url)))
        .with("frameworks", &framework::rows(site))
        .with("answers", &highlights)
        .with("dpo", &dpo)
}

fn engaged(trust: &Trust<'_>) -> Engaged {
    let all = &trust.subprocessors;
    let mut countries: Vec<String> = all.current.iter().filter_map(|row| row.fields.text("country")).map(ToString::to_string).collect();
    countries.sort();
    countries.dedup();
    Engaged {
        count: all.current.len(),
        coming: all.coming.len(),
        countries,
        notice_days: trust.settings.notice_days,
        changed: date(all.notices.first().map(|notice| notice.date)),
    }
}

fn measures<'a>(rows: impl Iterator<Item = &'a Row>) -> Option<Reviewed> {
    let dates: Vec<Option<Date>> = rows.map(|row| row.fields.date("reviewed")).collect();
    (!dates.is_empty()).then(|| Reviewed { count: dates.len(), since: date(oldest(&dates)) })
}

/// The oldest of some dates, where none is missing.
fn oldest(dates: &[Option<Date>]) -> Option<Date> {
    dates.iter().copied().collect::<Option<Vec<Date>>>()?.into_iter().min()
}

fn documents(site: &Site<'_>) -> Option<Documents> {
    let view = &site.manual.view;
    let reviewed: Vec<Option<Date>> =
        view.documents.iter().map(Arc::as_ref).map(|document| document.reviewed.or(document.approved)).collect();
    let documents = Documents {
        whole: view.documents.len(),
        abstracts: view.abstracts.len(),
        on_request: view.on_request.len(),
        since: date(oldest(&reviewed)),
    };
    (documents.whole + documents.abstracts + documents.on_request > 0).then_some(documents)
}

/// The last penetration test, where the view shows its day.
fn test(site: &Site<'_>, trust: &Trust<'_>) -> Option<Test> {
    let Reference::Item { id, .. } = &trust.settings.penetration_test.as_ref()?.value else { return None };
    let (_, row) = site.manual.row(id)?;
    let day = row.fields.date("date")?;
    Some(Test { date: date(Some(day)), link: site.directory.item(id) })
}
