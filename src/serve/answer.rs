//! What an address means, and what is answered.
//!
//! `/NAME/PATH` is a file of the output for an audience; what only the preview has lies below `/.annexa/`, which no audience can be called.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Shared;
use super::edition::Edition;
use super::http::{self, Request, Response};
use crate::base::finding::terminal;
use crate::link::view::Audience;
use crate::render::site;

/// The folder of what only the preview has.
const OWN: &str = ".annexa";
const SCRIPT: &str = include_str!("../../templates/serve/preview.js");
const SHEET: &str = include_str!("../../templates/serve/preview.css");

const HTML: &str = "text/html; charset=utf-8";
const OK: &str = "200 OK";

/// Most pages that wait for news at a time.
const LISTENERS: usize = 32;
/// How often one that waits is asked whether it is still there.
const PULSE: Duration = Duration::from_secs(10);
/// How long a page may take to read its news.
const NEWS_TIME: Duration = Duration::from_secs(5);

/// Answers what a connection asks.
pub(super) fn connection(shared: &Arc<Shared>, stream: &mut TcpStream) {
    match http::read(stream, &shared.hosts) {
        Ok(request) if request.path == [OWN, "events"] && !request.is_head => events(shared, stream),
        Ok(request) => http::answer(stream, &response(shared, &request), request.is_head),
        Err(Some(refusal)) => http::answer(stream, &refusal, false),
        Err(None) => {}
    }
}

fn response(shared: &Shared, request: &Request) -> Response {
    let path: Vec<&str> = request.path.iter().map(String::as_str).collect();
    let edition = shared.state().edition.clone();
    match (path.as_slice(), &edition) {
        ([OWN, "preview.js"], _) => Response::new(OK, "text/javascript; charset=utf-8", SCRIPT),
        ([OWN, "preview.css"], _) => Response::new(OK, "text/css; charset=utf-8", SHEET),
        (["favicon.ico"], _) => Response::text("404 Not Found", "There is none."),
        (_, None) => page(
            "503 Service Unavailable",
            "The project cannot be read.",
            &wrong(shared),
            &Shown { edition: 0, audience: "", page: "", pdf: None },
        ),
        ([""], Some(edition)) => Response::see(&format!("/{}/", encoded(first(shared, edition)))),
        #[cfg(feature = "pdf")]
        ([OWN, "pdf", audience, path @ ..], Some(edition)) => match named(edition, audience) {
            Some(audience) => pdf(shared, edition, &audience, &path.join("/")),
            None => gone(edition, audience, ""),
        },
        ([audience], Some(edition)) if named(edition, audience).is_some() => Response::see(&format!("/{}/", encoded(audience))),
        ([audience, path @ ..], Some(edition)) => match named(edition, audience) {
            Some(audience) => file(shared, edition, &audience, &path.join("/")),
            None => gone(edition, audience, ""),
        },
        ([], Some(edition)) => gone(edition, "", ""),
    }
}

/// The audience that `/` leads to.
fn first(shared: &Shared, edition: &Edition) -> String {
    let asked = shared.settings.audience.as_deref().and_then(|name| named(edition, name));
    asked.unwrap_or_else(|| Audience::highest(&edition.base.parsed.project)).name.to_string()
}

fn named(edition: &Edition, name: &str) -> Option<Audience> {
    Audience::named(name, &edition.base.parsed.project)
}

/// A file of an audience's output; where it cannot be made, as it was when it could.
fn file(shared: &Shared, edition: &Arc<Edition>, audience: &Audience, path: &str) -> Response {
    let path = if path.is_empty() { "index.html" } else { path };
    let made = edition.file(audience, path).or_else(|findings| {
        shared.fault(edition, &findings);
        let before = shared.state().before.clone();
        before.map_or(Err(findings), |before| before.file(audience, path))
    });
    shared.answered(edition);
    match made {
        Ok(Some(bytes)) if path.ends_with(".html") => {
            let shown = Shown { edition: edition.number, audience: &audience.name, page: path, pdf: pdf_of(edition, audience, path) };
            let mut response = Response::new(OK, HTML, bytes);
            response.body.extend(shown.script().into_bytes());
            restricted(response)
        }
        Ok(Some(bytes)) => restricted(Response::new(OK, media_type(path), bytes)),
        Ok(None) => gone(edition, &audience.name, path),
        Err(findings) => {
            let words = terminal::render(&findings, edition.base.sources(), edition.base.language(), terminal::Options::default());
            let shown = Shown { edition: edition.number, audience: &audience.name, page: path, pdf: None };
            page("500 Internal Server Error", "This page cannot be made.", &words, &shown)
        }
    }
}

/// What is said where there is no page.
fn gone(edition: &Edition, audience: &str, path: &str) -> Response {
    let words = if path.is_empty() {
        format!("There is no audience {audience}.")
    } else {
        format!("There is no {path} for the audience {audience}.")
    };
    page("404 Not Found", &words, "", &Shown { edition: edition.number, audience, page: path, pdf: None })
}

/// What is wrong with the sources, as the terminal has it.
fn wrong(shared: &Shared) -> String {
    shared.state().findings.shown()
}

/// A page of ours, where there is none of the manual.
fn page(status: &'static str, title: &str, words: &str, shown: &Shown<'_>) -> Response {
    let escape = html_escape::encode_safe::<str>;
    let words = if words.is_empty() { String::new() } else { format!("<pre>{}</pre>\n", escape(words)) };
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<link rel=\"stylesheet\" href=\"/{OWN}/preview.css\">\n</head>\n\
         <body class=\"annexa-preview\">\n<main>\n<h1>{title}</h1>\n{words}<p><a href=\"/\">To the first page</a></p>\n</main>\n</body>\n</html>{}",
        shown.script(),
        title = escape(title),
    );
    restricted(Response::new(status, HTML, html))
}

/// What the script of a page has to know.
struct Shown<'a> {
    edition: u64,
    audience: &'a str,
    page: &'a str,
    pdf: Option<Pdf>,
}

/// The PDF of what a page is about.
struct Pdf {
    /// Where it is set.
    address: String,
    /// What its places begin with: of a document, `POL-004` and a number sign before each section.
    document: Option<String>,
}

impl Shown<'_> {
    /// The script, at the end of a page, whatever its template wrote.
    fn script(&self) -> String {
        let escape = html_escape::encode_safe::<str>;
        let mut pdf = String::new();
        if let Some(Pdf { address, document }) = &self.pdf {
            pdf.push_str(&format!(" data-pdf=\"{}\"", escape(address)));
            if let Some(document) = document {
                pdf.push_str(&format!(" data-document=\"{}\"", escape(document)));
            }
        }
        format!(
            "\n<script src=\"/{OWN}/preview.js\" defer data-edition=\"{}\" data-audience=\"{}\" data-page=\"{}\"{pdf}></script>\n",
            self.edition,
            escape(self.audience),
            escape(self.page),
        )
    }
}

/// Under the policy of the built site; the one thing more is that a page may hear from where it came.
fn restricted(mut response: Response) -> Response {
    response.fields.push(format!("Content-Security-Policy: {}; connect-src 'self'", site::POLICY));
    response
}

fn encoded(part: impl AsRef<str>) -> String {
    site::encoded(part.as_ref()).replace('/', "%2F")
}

#[cfg(feature = "pdf")]
fn pdf_of(edition: &Edition, audience: &Audience, page: &str) -> Option<Pdf> {
    use crate::render::pdf::Book;
    let path = if page == "index.html" { "manual.pdf".to_owned() } else { site::beside(page) };
    let document = match Book::at(&path, &edition.base.manual(audience))? {
        Book::Document(id) => Some(id.to_string()),
        _ => None,
    };
    Some(Pdf { address: format!("/{OWN}/pdf/{}/{}", encoded(&audience.name), site::encoded(&path)), document })
}

#[cfg(not(feature = "pdf"))]
fn pdf_of(_: &Edition, _: &Audience, _: &str) -> Option<Pdf> {
    None
}

/// Sets a PDF.
#[cfg(feature = "pdf")]
fn pdf(shared: &Shared, edition: &Edition, audience: &Audience, path: &str) -> Response {
    let manual = edition.base.stated(audience);
    let Some(book) = crate::render::pdf::Book::at(path, &manual) else { return gone(edition, &audience.name, path) };
    match super::locked(&shared.typesetter).set(&manual, &book, None) {
        Ok(bytes) => Response::new(OK, "application/pdf", bytes),
        Err(findings) => {
            let words = terminal::render(&findings, edition.base.sources(), edition.base.language(), terminal::Options::default());
            let shown = Shown { edition: edition.number, audience: &audience.name, page: path, pdf: None };
            page("500 Internal Server Error", "This PDF cannot be set.", &words, &shown)
        }
    }
}

/// Tells a page what is new, as long as it listens (HTML Standard, Server-sent events).
fn events(shared: &Shared, stream: &mut TcpStream) {
    let own = shared.listeners.fetch_add(1, Ordering::SeqCst);
    // The newest are those that somebody looks at: a page that was closed is known only once it does not answer.
    let is_heard = || !shared.is_stopped() && shared.listeners.load(Ordering::SeqCst) - own <= LISTENERS;
    shared.changed.notify_all();
    stream.set_write_timeout(Some(NEWS_TIME)).ok();
    let mut news = format!("{}\r\nretry: 1000\n\n", http::head(OK, "text/event-stream", &[]));
    let mut told = None;
    while is_heard() {
        let state = shared.state();
        if told != Some(state.version) {
            told = Some(state.version);
            news.push_str(&format!("data: {}\n\n", state.told.to_json()));
        }
        drop(state);
        if stream.write_all(news.as_bytes()).is_err() {
            break;
        }
        let waits = |state: &mut super::State| told == Some(state.version) && is_heard();
        let (state, waited) = match shared.changed.wait_timeout_while(shared.state(), PULSE, waits) {
            Ok(waited) => waited,
            Err(_) => break,
        };
        drop(state);
        // A comment, which fails where nobody reads any more.
        news = if waited.timed_out() { ":\n\n".to_owned() } else { String::new() };
    }
    stream.shutdown(Shutdown::Write).ok();
}

/// The type of a file by its name.
fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase().as_str() {
        "html" => HTML,
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" | "sha256" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "xml" => "application/xml",
        "atom" => "application/atom+xml; charset=utf-8",
        "pdf" => "application/pdf",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}
