//! HTTP/1.1 for browsers on this machine (RFC 9110, RFC 9112): GET and HEAD, one answer a connection, and bounds on all that a client can make us hold or wait for.
//!
//! A page of the web can make a browser ask us: so a name that is not this machine's own (DNS rebinding), and a request that another site makes, are refused.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// Longest head of a request, in bytes.
const HEAD: usize = 16 << 10;
/// Most fields in it.
const FIELDS: usize = 64;
/// How long a client may take for its head.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// How long it may take to read an answer.
const ANSWER_TIME: Duration = Duration::from_secs(30);
/// What is written at once.
const CHUNK: usize = 64 << 10;

/// A request that is answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// Whether only the head of the answer is asked for.
    pub(super) is_head: bool,
    /// The parts of the path, decoded: none is empty but the last, none climbs.
    pub(super) path: Vec<String>,
}

/// What is answered.
pub(super) struct Response {
    /// Status code and reason.
    pub(super) status: &'static str,
    /// The type of the body.
    pub(super) media_type: &'static str,
    /// Further fields, each a line.
    pub(super) fields: Vec<String>,
    /// The body.
    pub(super) body: Vec<u8>,
}

impl Response {
    /// A body of a type.
    pub(super) fn new(status: &'static str, media_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Response { status, media_type, fields: Vec::new(), body: body.into() }
    }

    /// Words for whoever asked.
    pub(super) fn text(status: &'static str, words: &str) -> Self {
        Response::new(status, "text/plain; charset=utf-8", format!("{words}\n"))
    }

    /// Leads elsewhere on this server.
    pub(super) fn see(address: &str) -> Self {
        let mut response = Response::text("302 Found", address);
        response.fields.push(format!("Location: {address}"));
        response
    }
}

/// Reads a request.
///
/// # Errors
/// What to answer in place of what was asked for; nothing where nobody is there to read it.
pub(super) fn read(stream: &mut TcpStream, hosts: &[String]) -> Result<Request, Option<Response>> {
    let begun = Instant::now();
    let mut head = Vec::with_capacity(1024);
    let mut chunk = [0; 2048];
    loop {
        let left = HEAD_TIME.checked_sub(begun.elapsed()).filter(|left| !left.is_zero());
        let Some(left) = left else { return Err(Some(Response::text("408 Request Timeout", "The request did not come to an end."))) };
        stream.set_read_timeout(Some(left)).map_err(|_| None)?;
        let count = match stream.read(&mut chunk) {
            Ok(0) => return Err(None),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // A connection that a browser made to have it ready is no mistake of anybody's.
            Err(_) if head.is_empty() => return Err(None),
            Err(_) => return Err(Some(Response::text("408 Request Timeout", "The request did not come to an end."))),
        };
        head.extend_from_slice(&chunk[..count]);
        if let Some(request) = parse(&head, hosts) {
            return request.map_err(Some);
        }
        if head.len() > HEAD {
            return Err(Some(Response::text("431 Request Header Fields Too Large", "The head of the request is too long.")));
        }
    }
}

/// The request of a head, once all of it is there.
fn parse(head: &[u8], hosts: &[String]) -> Option<Result<Request, Response>> {
    let bad = |words: &str| Some(Err(Response::text("400 Bad Request", words)));
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut parsed = httparse::Request::new(&mut fields);
    match parsed.parse(head) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return None,
        Err(httparse::Error::TooManyHeaders) => {
            return Some(Err(Response::text("431 Request Header Fields Too Large", "The request has too many header fields.")));
        }
        Err(_) => return bad("This is no request of HTTP/1.1."),
    }
    let values = |name: &str| -> Vec<&[u8]> {
        parsed.headers.iter().filter(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value).collect()
    };
    let is_ours = |host: &[u8]| hosts.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(host));
    match values("host").as_slice() {
        [host] if is_ours(host) => {}
        [_] => {
            let words = format!("This server goes by the name http://{}/ and no other.", hosts.first().map_or("", String::as_str));
            return Some(Err(Response::text("421 Misdirected Request", &words)));
        }
        _ => return bad("A request names one host."),
    }
    // Fetch Metadata (W3C): a browser says who asks. Whoever follows a link from another site may come; what another site embeds may not.
    let site = values("sec-fetch-site");
    let is_navigation = values("sec-fetch-mode") == [b"navigate"] && values("sec-fetch-dest") == [b"document"];
    if site.iter().any(|site| matches!(*site, b"cross-site" | b"same-site")) && !is_navigation {
        return Some(Err(Response::text("403 Forbidden", "Another site asks for this.")));
    }
    let is_head = match parsed.method {
        Some("GET") => false,
        Some("HEAD") => true,
        _ => {
            let mut refused = Response::text("405 Method Not Allowed", "Pages can be read, and nothing else.");
            refused.fields.push("Allow: GET, HEAD".to_owned());
            return Some(Err(refused));
        }
    };
    match parsed.path.and_then(path) {
        Some(path) => Some(Ok(Request { is_head, path })),
        None => bad("This is no address of a page."),
    }
}

/// The parts of a path, decoded. A path that climbs, hides something, or means a file by other signs than its own is none.
fn path(target: &str) -> Option<Vec<String>> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let parts: Vec<String> = path.split('/').map(decoded).collect::<Option<_>>()?;
    let (_, folders) = parts.split_last()?;
    (!folders.iter().any(String::is_empty)).then_some(parts)
}

fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let digit = |at: usize| char::from(digits[at]).to_digit(16);
        bytes.push(u8::try_from(digit(0)? * 16 + digit(1)?).ok()?);
        rest = after;
    }
    let part = String::from_utf8(bytes).ok()?;
    let climbs = matches!(part.as_str(), "." | "..");
    let hides = part.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'));
    (!climbs && !hides).then_some(part)
}

/// Writes an answer and ends the connection. A client that went away is no error, one that does not read is left.
pub(super) fn answer(stream: &mut TcpStream, response: &Response, is_head: bool) {
    let begun = Instant::now();
    let mut head = head(response.status, response.media_type, &response.fields);
    head.push_str(&format!("Content-Length: {}\r\n\r\n", response.body.len()));
    let body = if is_head { &[][..] } else { &response.body[..] };
    for chunk in std::iter::once(head.as_bytes()).chain(body.chunks(CHUNK)) {
        let Some(left) = ANSWER_TIME.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) else { return };
        if stream.set_write_timeout(Some(left)).and_then(|()| stream.write_all(chunk)).is_err() {
            return;
        }
    }
    stream.shutdown(Shutdown::Write).ok();
}

/// The head of an answer, but for its length and its end.
pub(super) fn head(status: &str, media_type: &str, fields: &[String]) -> String {
    let mut head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
         Referrer-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n"
    );
    for field in fields {
        head.push_str(field);
        head.push_str("\r\n");
    }
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(head: &str) -> Option<Result<Request, &'static str>> {
        let hosts = ["127.0.0.1:4000".to_owned(), "localhost:4000".to_owned()];
        parse(head.as_bytes(), &hosts).map(|parsed| parsed.map_err(|response| response.status))
    }

    fn get(target: &str) -> Option<Vec<String>> {
        asked(&format!("GET {target} HTTP/1.1\r\nHost: localhost:4000\r\n\r\n"))?.ok().map(|request| request.path)
    }

    #[test]
    fn a_path_is_decoded_part_by_part() {
        assert_eq!(get("/"), Some(vec![String::new()]));
        assert_eq!(get("/public/files/%C3%9Cber%20uns.svg?x=1"), Some(vec!["public".into(), "files".into(), "Über uns.svg".into()]));
        assert_eq!(get("/public/"), Some(vec!["public".into(), String::new()]));
        assert_eq!(get("/a+b"), Some(vec!["a+b".into()]), "a plus sign is one");
    }

    #[test]
    fn paths_that_climb_hide_or_mean_something_else_are_refused() {
        for target in [
            "/../annexa.yaml",
            "/public/../../etc/passwd",
            "/public/..",
            "/public/.",
            "/public/%2e%2e/annexa.yaml",
            "/public/%2E%2e",
            "/public/..%2fannexa.yaml",
            "/public/%2fetc/passwd",
            "/public/..%5cannexa.yaml",
            "/public/a\\b",
            "/public/a%00.html",
            "/public/a%0d%0aX: y",
            "//etc/passwd",
            "/public//etc/passwd",
            "/public/%zz",
            "/public/%4",
            "/public/%ff",
            "/public/%c0%ae%c0%ae/annexa.yaml",
            "http://localhost:4000/",
            "http://evil.example/",
            "*",
            "annexa.yaml",
        ] {
            assert_eq!(get(target), None, "{target}");
        }
    }

    #[test]
    fn only_the_names_of_this_machine_are_answered() {
        let status = |fields: &str| asked(&format!("GET / HTTP/1.1\r\n{fields}\r\n")).map(|asked| asked.err());
        assert_eq!(status("Host: 127.0.0.1:4000\r\n"), Some(None));
        assert_eq!(status("Host: LOCALHOST:4000\r\n"), Some(None));
        for host in [
            "evil.example",
            "evil.example:4000",
            "localhost",
            "localhost:4001",
            "localhost:4000.evil.example",
            "",
            "127.0.0.1:4000@evil.example",
        ] {
            assert_eq!(status(&format!("Host: {host}\r\n")), Some(Some("421 Misdirected Request")), "{host}");
        }
        assert_eq!(status(""), Some(Some("400 Bad Request")));
        assert_eq!(status("Host: localhost:4000\r\nHost: localhost:4000\r\n"), Some(Some("400 Bad Request")));
    }

    #[test]
    fn what_another_site_embeds_is_refused_and_a_link_from_there_may_be_followed() {
        let status = |fields: &str| asked(&format!("GET / HTTP/1.1\r\nHost: localhost:4000\r\n{fields}\r\n")).map(|asked| asked.err());
        let embedded = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n";
        assert_eq!(status(embedded), Some(Some("403 Forbidden")));
        assert_eq!(status("Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\n"), Some(Some("403 Forbidden")));
        let framed = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n";
        assert_eq!(status(framed), Some(Some("403 Forbidden")));
        let followed = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
        assert_eq!(status(followed), Some(None));
        assert_eq!(status("Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n"), Some(None));
    }

    #[test]
    fn only_reading_is_allowed() {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"] {
            let status = asked(&format!("{method} / HTTP/1.1\r\nHost: localhost:4000\r\n\r\n")).map(|asked| asked.err());
            assert_eq!(status, Some(Some("405 Method Not Allowed")), "{method}");
        }
        let head = asked("HEAD / HTTP/1.1\r\nHost: localhost:4000\r\n\r\n");
        assert_eq!(head, Some(Ok(Request { is_head: true, path: vec![String::new()] })));
    }

    #[test]
    fn a_head_is_bounded() {
        assert_eq!(asked("GET / HTTP/1.1\r\nHost: localhost:4000\r\n"), None, "more is to come");
        let many = "X: y\r\n".repeat(FIELDS);
        let status = asked(&format!("GET / HTTP/1.1\r\nHost: localhost:4000\r\n{many}\r\n")).map(|asked| asked.err());
        assert_eq!(status, Some(Some("431 Request Header Fields Too Large")));
        assert_eq!(asked("\u{16}\u{3}\u{1}").map(|asked| asked.err()), Some(Some("400 Bad Request")), "TLS is no HTTP");
    }
}
