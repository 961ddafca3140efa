//! What every page gets as `site`.

use std::collections::BTreeSet;

use serde::Serialize;
use tera::Context;

use super::files;
use super::pages;
use super::releases::Standing;
use super::size::Size;
use super::stylesheet;
use super::values::{Shown, value};
use super::{Site, address, trust};
use crate::base::word::word;
use crate::link::state::State;

#[derive(Serialize)]
struct Entry {
    key: &'static str,
    title: String,
    href: String,
}

#[derive(Serialize)]
struct Organisation<'a> {
    name: &'a str,
    short_name: &'a str,
    service: Option<&'a str>,
    address: Option<&'a str>,
    website: Option<&'a str>,
    security_contact: Option<&'a str>,
    privacy_contact: Option<&'a str>,
}

/// The logo of the theme: addresses from the top of the site.
#[derive(Serialize)]
struct Logo<'a> {
    href: String,
    /// None where it is not known before the logo is drawn.
    size: Option<Size>,
    /// For dark grounds, where there is one.
    dark: Option<String>,
    dark_size: Option<Size>,
    alt: &'a str,
}

#[derive(Serialize)]
struct Globals<'a> {
    title: String,
    version: Option<&'a str>,
    language: &'a str,
    /// `rtl` or `ltr`.
    direction: &'static str,
    classification: String,
    audience: &'a str,
    /// Whether this audience sees everything.
    whole: bool,
    scope: Option<&'a str>,
    org: Organisation<'a>,
    logo: Option<Logo<'a>>,
    base_url: Option<&'a str>,
    /// Files of faces that every page needs.
    faces: BTreeSet<String>,
    today: String,
    annexa: &'static str,
    pdf: Option<&'a str>,
    nav: Vec<Entry>,
    release: Option<&'a Standing>,
    /// What changed since the release before, where that has a page.
    changes: Option<Changes>,
    /// What the trust site adds, where this is one.
    trust: Option<trust::Shared>,
    /// Every state of a control with what it means.
    states: Vec<Meaning>,
}

#[derive(Serialize)]
struct Changes {
    since: String,
    href: String,
}

#[derive(Serialize)]
struct Meaning {
    #[serde(flatten)]
    state: Shown,
    meaning: String,
}

/// The context that all pages share. `some` are the paths of pages that not every manual has.
pub(crate) fn globals(site: &Site<'_>, some: &[&str]) -> Context {
    let view = &site.manual.view;
    let project = &view.project;
    let org = |key: &str| project.organisation.text(key).map(AsRef::as_ref);
    let has_roles = view.registers.iter().any(|register| register.kind.name == "roles");
    let has = |path| some.contains(&path);
    let own = [
        (has(pages::soa::PATH), "soa", word!("Statement of Applicability"), pages::soa::PATH),
        (has(pages::responsibility::PATH), "responsibilities", word!("Responsibilities"), pages::responsibility::PATH),
        (true, "documents", word!("Documents"), "documents.html"),
        (!project.frameworks.is_empty(), "frameworks", word!("Frameworks"), "frameworks.html"),
        (true, "registers", word!("Registers"), "registers.html"),
        (has_roles, "roles", word!("Roles"), "roles.html"),
        (has(pages::calendar::PATH), "calendar", word!("Calendar"), pages::calendar::PATH),
        (has(pages::readiness::PATH), "readiness", word!("Readiness"), pages::readiness::PATH),
    ];
    let own = own.into_iter().filter(|entry| entry.0).map(|(_, key, title, href)| (key, title, href.to_owned()));
    let nav = site.trust.as_ref().map_or_else(|| own.collect(), |trust| trust::navigation(site, trust));
    let whole = view.is_whole();
    // A reader who does not see everything is not told that there is nothing.
    let meaning =
        |state: State| if state == State::Open && !whole { word!("nothing published here speaks of it") } else { state.meaning() };
    let globals = Globals {
        title: site.trust.as_ref().map_or_else(|| project.title.to_string(), |trust| trust.title(site)),
        version: project.version.as_deref(),
        language: &project.language.tag,
        direction: project.language.direction(),
        // What the whole is marked as holds for the whole; a lower view is marked as what its audience may see.
        classification: project.language.classification(project.classification_name(project.classification.min(view.audience.up_to))),
        audience: &view.audience.name,
        whole,
        scope: project.scope.as_deref(),
        org: Organisation {
            name: project.organisation_name(),
            short_name: org("short_name").unwrap_or_else(|| project.organisation_name()),
            service: org("service"),
            address: org("address"),
            website: org("website"),
            security_contact: org("security_contact"),
            privacy_contact: org("privacy_contact"),
        },
        logo: project.theme.logo.as_ref().map(|logo| Logo {
            href: files::of_theme(&project.theme, &logo.path.value),
            size: Size::of(&view.sources, &logo.path.value),
            dark: logo.dark.as_ref().map(|dark| files::of_theme(&project.theme, &dark.value)),
            dark_size: logo.dark.as_ref().and_then(|dark| Size::of(&view.sources, &dark.value)),
            alt: logo.alt.as_deref().unwrap_or_else(|| project.organisation_name()),
        }),
        base_url: site.base_url(),
        faces: stylesheet::faces(&project.theme),
        today: site.manual.today.to_string(),
        annexa: env!("CARGO_PKG_VERSION"),
        pdf: site.options.pdfs.get(address::MANUAL_PDF).map(String::as_str),
        release: site.options.release.as_ref(),
        changes: site
            .options
            .changes
            .as_ref()
            .map(|redline| Changes { since: project.language.phrase(&redline.before.phrase()), href: pages::changes::path(redline) }),
        nav: nav.into_iter().map(|(key, title, href)| Entry { key, title: site.say(title), href }).collect(),
        trust: site.trust.as_ref().map(|trust| trust::shared(site, trust)),
        states: State::ALL
            .iter()
            .map(|state| Meaning { state: Shown::state(site.language(), *state), meaning: site.say(meaning(*state)) })
            .collect(),
    };
    let mut context = Context::new();
    context.insert_value("site", value(&globals));
    context
}
