//! Images are there, and are what their names say.

use crate::base::finding::{Finding, Span, did_you_mean, nearest};
use crate::base::rule;
use crate::base::word::{Word, phrase, word};
use crate::link::manual::Manual;
use crate::read::tree::InlineKind;

/// image-missing
pub(super) fn images(manual: &Manual, findings: &mut Vec<Finding>) {
    for document in &manual.view.documents {
        document.body.each_inline(&mut |inline| {
            // Of a path that cannot be used the parser has said why.
            if let InlineKind::Image { path, .. } = &inline.kind
                && !path.is_empty()
            {
                check(manual, path, inline.span, findings);
            }
        });
    }
    for path in manual.view.project.theme.logo.iter().flat_map(|logo| std::iter::once(&logo.path).chain(&logo.dark)) {
        check(manual, &path.value, path.span, findings);
    }
    if let Some(trust) = &manual.view.project.trust {
        for picture in [&trust.logo, &trust.logo_dark, &trust.preview].into_iter().flatten() {
            check(manual, &picture.value, picture.span, findings);
        }
    }
}

fn check(manual: &Manual, path: &str, span: Span, findings: &mut Vec<Finding>) {
    let sources = &manual.view.sources;
    let Some(file) = sources.find(path) else {
        let known = sources.iter().map(|(_, file)| file.path.as_ref()).filter(|path| is_image(path));
        let help = nearest(path, known).map(did_you_mean);
        findings.push(Finding::new(&rule::IMAGE_MISSING, span, phrase!("there is no file `{path}`", path = path)).help_if(help));
        return;
    };
    if let Some(what) = active_content(path, sources.file(file).bytes()) {
        findings.push(
            Finding::new(&rule::UNSAFE_LINK, span, phrase!("`{path}` holds {what}, which is not published", path = path, what = what))
                .help(phrase!("export the picture without scripts and links to other files")),
        );
    }
    if !looks_like_image(path, sources.file(file).bytes()) {
        findings.push(
            Finding::new(&rule::IMAGE_MISSING, span, phrase!("`{path}` is not an image that can be shown", path = path))
                .help(phrase!("use a PNG, JPEG, GIF, WebP or SVG file whose content is what its name says")),
        );
    }
}

/// What an SVG holds besides a picture: a script, an event handler, or something fetched from elsewhere.
fn active_content(path: &str, bytes: &[u8]) -> Option<Word> {
    if !path.to_ascii_lowercase().ends_with(".svg") {
        return None;
    }
    let text = String::from_utf8_lossy(bytes);
    // Character references stand for what they mean, also in the value of an attribute.
    let text = html_escape::decode_html_entities(&text).to_ascii_lowercase();
    let handler = || {
        text.match_indices("on").filter(|(at, _)| text[..*at].ends_with(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\''))).any(
            |(at, _)| {
                let name = text[at + 2..].split('=').next().map(str::trim_end);
                name.is_some_and(|name| name.chars().all(|c| c.is_ascii_lowercase()) && (3..=20).contains(&name.len()))
            },
        )
    };
    // Browsers read an address without the line ends and tabs in it (URL Standard, 4.4).
    let scripted = || text.replace(['\n', '\r', '\t'], "").contains("javascript:");
    let fetched = || {
        ["href=\"http", "href='http", "href=\"//", "href='//", "url(http", "<foreignobject", "<!entity"]
            .iter()
            .any(|found| text.contains(found))
    };
    match () {
        () if text.contains("<script") || text.contains(":script") || scripted() => Some(word!("a script")),
        () if handler() => Some(word!("an event handler")),
        () if fetched() => Some(word!("something fetched from elsewhere")),
        () => None,
    }
}

fn is_image(path: &str) -> bool {
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "svg")
}

/// Whether a file begins as its name's ending says. (PNG: ISO/IEC 15948, 5.2; JPEG: ITU-T T.81, B.2.1; GIF89a; RFC 9649 for WebP.)
fn looks_like_image(path: &str, bytes: &[u8]) -> bool {
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "jpg" | "jpeg" => bytes.starts_with(b"\xff\xd8\xff"),
        "gif" => bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a"),
        "webp" => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
        "svg" => std::str::from_utf8(bytes).is_ok_and(|text| text.contains("<svg")),
        _ => false,
    }
}
