//! The trust site: the same site over the view of a lower audience, with a first page, a navigation and further pages of its own, and the files that
//! make it ready to be served anywhere.

mod feed;
mod host;

use serde::Serialize;

use super::releases::LATEST;
use super::size::Size;
use super::{Site, address, files};
use crate::base::word::{Word, word};
use crate::link::manual::Manual;
use crate::link::report::{self, Subprocessors};
use crate::link::state::State;
use crate::read::register::{CERTIFICATES, MEASURES, QUESTIONS};
use crate::read::trust::Trust as Settings;
use crate::render::Artifact;

pub(crate) use feed::{ATOM, JSON};
pub(crate) use host::{POLICY, Pages, files as of_host};

/// The page of subprocessors.
pub(crate) const SUBPROCESSORS: &str = "subprocessors.html";

/// The page of files to download.
pub(crate) const DOWNLOADS: &str = "downloads.html";

/// Where the first page tells whom to ask.
const CONTACT: &str = "index.html#contact";

/// What the trust site of a view is made of.
pub(crate) struct Trust<'m> {
    /// What annexa.yaml says.
    pub(crate) settings: &'m Settings,
    /// The subprocessors of the view.
    pub(crate) subprocessors: Subprocessors<'m>,
    /// Where the site is served, without a slash at the end.
    pub(crate) base_url: Option<&'m str>,
    /// Where its pages are found, without a slash at the end: of several releases, the latest.
    pub(crate) pages_url: Option<String>,
    /// How many duties the customers' matrix has.
    pub(crate) duties: usize,
}

impl<'m> Trust<'m> {
    /// Of a view that gets the trust site; `is_release` says whether it lies beside those of other releases.
    pub(crate) fn of(manual: &'m Manual, is_release: bool) -> Option<Self> {
        let settings = manual.view.trust()?;
        let base_url = settings.base_urls.get(&manual.view.audience.up_to).map(|url| url.value.as_ref());
        Some(Trust {
            settings,
            subprocessors: report::subprocessors(manual),
            base_url,
            pages_url: base_url.map(|base| if is_release { format!("{base}/{LATEST}") } else { base.to_owned() }),
            duties: report::matrix(manual).for_customers().rows.len(),
        })
    }

    /// Whether there is a subprocessor to speak of.
    pub(crate) fn has_subprocessors(&self) -> bool {
        let all = &self.subprocessors;
        !(all.coming.is_empty() && all.current.is_empty() && all.former.is_empty())
    }

    /// The title of the site.
    pub(crate) fn title(&self, site: &Site<'_>) -> String {
        self.settings.title.as_ref().map_or_else(|| site.say(word!("Security and data protection")), ToString::to_string)
    }
}

/// Whether what a view shows says anything of a framework.
pub(crate) fn speaks_of(coverage: &report::Coverage<'_>) -> bool {
    coverage.counts.total() > coverage.counts.of(State::Open) + coverage.counts.of(State::PointedTo)
}

/// The navigation: what there is, in the order in which reviewers ask for it.
pub(crate) fn navigation(site: &Site<'_>, trust: &Trust<'_>) -> Vec<(&'static str, Word, String)> {
    let view = &site.manual.view;
    let has = |register: &str| view.registers.iter().any(|known| known.kind.name == register);
    let documents = !(view.documents.is_empty() && view.abstracts.is_empty() && view.on_request.is_empty());
    let entries = [
        (has(CERTIFICATES.name), "certificates", word!("Certificates"), address::register(CERTIFICATES.name)),
        (has(MEASURES.name), "measures", word!("Measures"), address::register(MEASURES.name)),
        (trust.has_subprocessors(), "subprocessors", word!("Subprocessors"), SUBPROCESSORS.to_owned()),
        (trust.duties > 0, "responsibilities", word!("Responsibilities"), super::pages::responsibility::CUSTOMERS.to_owned()),
        (documents, "documents", word!("Policies"), "documents.html".to_owned()),
        (has(QUESTIONS.name), "answers", word!("Answers"), address::register(QUESTIONS.name)),
        (site.coverage.iter().any(speaks_of), "frameworks", word!("Frameworks"), "frameworks.html".to_owned()),
        (!site.options.files.is_empty(), "downloads", word!("Downloads"), DOWNLOADS.to_owned()),
        (true, "contact", word!("Contact"), CONTACT.to_owned()),
    ];
    entries.into_iter().filter(|entry| entry.0).map(|(_, key, title, href)| (key, title, href)).collect()
}

/// What every page of the site gets as `site.trust`.
#[derive(Serialize)]
pub(crate) struct Shared {
    logo: Option<Logo>,
    /// The absolute address of the image for previews of links.
    preview: Option<String>,
    /// Whether the output holds the feed of subprocessors.
    feed: bool,
    /// Whether everybody may find the site.
    public: bool,
    security_txt: bool,
    requests: Option<Contact>,
    security: Option<Contact>,
}

#[derive(Serialize)]
struct Logo {
    href: String,
    /// None where it is not known before the logo is drawn.
    size: Option<Size>,
    /// The one for a dark ground.
    dark: Option<String>,
    dark_size: Option<Size>,
    alt: String,
}

/// A mailbox or an address on the web.
#[derive(Serialize)]
pub(crate) struct Contact {
    href: String,
    text: String,
}

impl Contact {
    /// A mailbox where there is an `@`, as the settings have checked; else an address on the web.
    pub(crate) fn of(address: &str) -> Self {
        let web = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
        match web {
            Some(text) => Contact { href: address.to_owned(), text: text.trim_end_matches('/').to_owned() },
            None => Contact { href: format!("mailto:{address}"), text: address.to_owned() },
        }
    }
}

/// What every page gets.
pub(crate) fn shared(site: &Site<'_>, trust: &Trust<'_>) -> Shared {
    let project = &site.manual.view.project;
    let settings = trust.settings;
    let alt = || project.organisation.text("short_name").map_or(project.organisation_name(), |name| name).to_owned();
    let file = |path: &str| address::encoded(&address::file(path));
    let size = |path: &str| Size::of(&site.manual.view.sources, path);
    let own = settings.logo.as_ref().map(|logo| Logo {
        href: file(&logo.value),
        size: size(&logo.value),
        dark: settings.logo_dark.as_ref().map(|dark| file(&dark.value)),
        dark_size: settings.logo_dark.as_ref().and_then(|dark| size(&dark.value)),
        alt: settings.logo_alt.as_ref().map_or_else(alt, ToString::to_string),
    });
    // The theme's logo lies among the theme's files already.
    let themes = || {
        let logo = project.theme.logo.as_ref()?;
        let of_theme = |path: &str| files::of_theme(&project.theme, path);
        let alt = logo.alt.as_ref().map_or_else(alt, ToString::to_string);
        Some(Logo {
            href: of_theme(&logo.path.value),
            size: size(&logo.path.value),
            dark: logo.dark.as_ref().map(|dark| of_theme(&dark.value)),
            dark_size: logo.dark.as_ref().and_then(|dark| size(&dark.value)),
            alt,
        })
    };
    let security = project.organisation.text("security_contact");
    let preview = settings.preview.as_ref().zip(trust.pages_url.as_ref()).map(|(path, base)| format!("{base}/{}", file(&path.value)));
    Shared {
        logo: own.or_else(themes),
        preview,
        feed: trust.has_subprocessors(),
        public: site.manual.view.is_public(),
        security_txt: host::security_txt(site.manual, trust).is_some(),
        requests: settings.requests.as_ref().or(security).map(|address| Contact::of(address)),
        security: security.map(|address| Contact::of(address)),
    }
}

/// Files besides pages: the feed and the list of subprocessors, and what hosts and those who report look for, unless the site lies beside those of other
/// releases: they look at the top. `pages` are the paths of all pages.
pub(crate) fn files(site: &Site<'_>, trust: &Trust<'_>, pages: &[&str]) -> Vec<Artifact> {
    let mut files = Vec::new();
    if site.options.release.is_none() {
        files = host::files(site.manual, trust, &Pages::Here(pages));
    }
    if trust.has_subprocessors() {
        files.push(text(ATOM, feed::atom(site, trust)));
        files.push(text(JSON, feed::json(site.manual, trust)));
    }
    files
}

fn text(path: &str, text: String) -> Artifact {
    Artifact { path: path.to_owned(), bytes: text.into_bytes() }
}

/// How large the list and the feed of subprocessors are, in bytes.
pub(crate) fn feed_sizes(site: &Site<'_>, trust: &Trust<'_>) -> [usize; 2] {
    [feed::json(site.manual, trust).len(), feed::atom(site, trust).len()]
}

/// The pictures that the settings name, by their paths in the project.
pub(crate) fn pictures(manual: &Manual) -> impl Iterator<Item = &str> {
    let named = manual.view.trust().map(|trust| [&trust.logo, &trust.logo_dark, &trust.preview]);
    named.into_iter().flatten().flatten().map(|path| path.value.as_ref())
}
