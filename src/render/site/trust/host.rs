//! Files that a server of static files, a search engine or somebody with a report looks for.

use std::fmt::Write as _;

use super::{ATOM, JSON, Trust, text};
use crate::link::manual::Manual;
use crate::render::site::address;
use crate::render::site::releases::{LATEST, NEXT};
use crate::render::{Artifact, escape};

/// Where `security.txt` lies (RFC 9116, 3).
const SECURITY_TXT: &str = ".well-known/security.txt";

/// Pages that nobody should be led to.
const UNLISTED: [&str; 2] = ["404.html", "search.html"];

/// Where the pages of a site lie, as seen from where hosts look for files.
pub(crate) enum Pages<'a> {
    /// Beside them: the paths of all pages.
    Here(&'a [&'a str]),
    /// In folders of releases: the paths of the pages of the latest, and whether the sources as they stand are shown too.
    Latest(&'a [&'a str], bool),
    /// Nothing is released yet.
    Unreleased,
}

impl Pages<'_> {
    /// The folder of pages, with its slash.
    fn folder(&self) -> String {
        match self {
            Pages::Here(_) => String::new(),
            Pages::Latest(..) => format!("{LATEST}/"),
            Pages::Unreleased => format!("{NEXT}/"),
        }
    }
}

/// All of them.
pub(crate) fn files(manual: &Manual, trust: &Trust<'_>, pages: &Pages<'_>) -> Vec<Artifact> {
    let mut files = vec![text("robots.txt", robots(manual, trust, pages)), text("_headers", headers(trust, manual, pages))];
    files.extend(security_txt(manual, trust).map(|found| text(SECURITY_TXT, found)));
    files.extend(sitemap(manual, trust, pages).map(|found| text("sitemap.xml", found)));
    files
}

/// `security.txt` (RFC 9116); none where the settings ask for none, or name nobody to write to.
pub(super) fn security_txt(manual: &Manual, trust: &Trust<'_>) -> Option<String> {
    let settings = trust.settings.security_txt.as_ref()?;
    let of_organisation = manual.view.project.organisation.text("security_contact");
    let contacts: Vec<&str> = if settings.contact.is_empty() {
        of_organisation.map(|contact| contact.as_ref()).into_iter().collect()
    } else {
        settings.contact.iter().map(AsRef::as_ref).collect()
    };
    if contacts.is_empty() {
        return None;
    }
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        // What is written here are addresses, dates and codes that were checked: none of them has a line end.
        _ = writeln!(text, "{name}: {value}");
    };
    for contact in contacts {
        line("Contact", &super::Contact::of(contact).href);
    }
    line("Expires", &format!("{}T00:00:00Z", settings.expires.value));
    let optional = [
        ("Encryption", &settings.encryption),
        ("Acknowledgments", &settings.acknowledgments),
        ("Policy", &settings.policy),
        ("Hiring", &settings.hiring),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            line(name, value);
        }
    }
    if !settings.languages.is_empty() {
        line("Preferred-Languages", &settings.languages.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", "));
    }
    if let Some(base) = trust.base_url {
        line("Canonical", &format!("{base}/{SECURITY_TXT}"));
    }
    Some(text)
}

/// `robots.txt` (RFC 9309): what is public may be found, but for the answers to searches, of which there is no end; of the rest no page should be, nor of
/// what is not released. Of earlier releases each page
/// names that of the latest as canonical, which has to be read to be known.
fn robots(manual: &Manual, trust: &Trust<'_>, pages: &Pages<'_>) -> String {
    let disallowed = match pages {
        _ if !manual.view.is_public() => "/",
        Pages::Unreleased => "/",
        Pages::Here(_) => "/search.html?",
        Pages::Latest(_, false) => "/*/search.html?",
        Pages::Latest(_, true) => "/*/search.html?\nDisallow: /next/",
    };
    let sitemap = trust.base_url.filter(|_| disallowed != "/").map(|base| format!("\nSitemap: {base}/sitemap.xml\n")).unwrap_or_default();
    format!("User-agent: *\nDisallow: {disallowed}\n{sitemap}")
}

/// `sitemap.xml` (sitemaps.org, 0.9) of the pages that there are; none without a base URL, and none for a site that is not public.
fn sitemap(manual: &Manual, trust: &Trust<'_>, pages: &Pages<'_>) -> Option<String> {
    let base = trust.base_url.filter(|_| manual.view.is_public())?;
    let folder = pages.folder();
    let (Pages::Here(pages) | Pages::Latest(pages, _)) = pages else { return None };
    let mut pages: Vec<&str> = pages.iter().copied().filter(|page| !UNLISTED.contains(page)).collect();
    pages.sort_unstable();
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n".to_owned();
    for page in pages {
        xml.push_str("<url><loc>");
        // The first page goes by the address that people write.
        let path = if page == "index.html" { String::new() } else { address::encoded(page) };
        escape::text(&format!("{base}/{folder}{path}"), &mut xml);
        xml.push_str("</loc></url>\n");
    }
    xml.push_str("</urlset>\n");
    Some(xml)
}

/// What the pages may load and do (W3C Content Security Policy Level 3): nothing that does not lie beside them.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; \
                                 frame-ancestors 'none'";

/// `_headers`, as Netlify and Cloudflare Pages read it; other servers are told the same in their own words. docs/trust.md weighs each.
fn headers(trust: &Trust<'_>, manual: &Manual, pages: &Pages<'_>) -> String {
    let mut text = format!(
        "/*\n  \
         Content-Security-Policy: {POLICY}\n  \
         X-Content-Type-Options: nosniff\n  \
         Referrer-Policy: same-origin\n  \
         Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()\n  \
         Cross-Origin-Opener-Policy: same-origin\n  \
         Cross-Origin-Resource-Policy: same-origin\n",
    );
    // A year, for this host alone: what other hosts of the domain serve is not ours to decide.
    if trust.base_url.is_some_and(|base| base.starts_with("https://")) {
        text.push_str("  Strict-Transport-Security: max-age=31536000\n");
    }
    if !manual.view.is_public() {
        text.push_str("  X-Robots-Tag: noindex\n  Cache-Control: private\n");
    }
    _ = write!(text, "/{SECURITY_TXT}\n  Content-Type: text/plain; charset=utf-8\n");
    if trust.has_subprocessors() {
        let folder = pages.folder();
        _ = write!(text, "/{folder}{ATOM}\n  Content-Type: application/atom+xml; charset=utf-8\n");
        _ = write!(text, "/{folder}{JSON}\n  Content-Type: application/json\n");
    }
    text
}
