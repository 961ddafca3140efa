//! The text of the web and of the paper is the same: each document's words, taken from its page and from its PDF, whole and in order.
//!
//! The words of the PDF come from its structure, as a reader by ear gets them: `pdfinfo -struct-text` leaves running heads and other artifacts out. Where
//! the two rightly differ, they do so by rules that are written down here, and nowhere else:
//!
//! - marks of lists are drawn by the browser, and stand in the PDF;
//! - the page of a place (`p. 41`, after a word joiner) and the number of the section that a reference names stand on paper only;
//! - a footnote is read where it is referred to in the PDF, and at the end on the web;
//! - claims of a section name each control with its title on the web, and with its framework, once, on paper;
//! - the names of a reference's framework;
//! - figures have numbers on paper (`Figure 1`).
#![cfg(feature = "pdf")]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::path::Path;
use std::process::Command;

use common::Project;
use common::html::unescaped;

/// What a document says, without spaces: a change of face or of line cuts words apart.
#[derive(Debug, Default)]
struct Said {
    text: Vec<Piece>,
    notes: Vec<Vec<Piece>>,
}

#[derive(Debug, PartialEq)]
enum Piece {
    Words(String),
    /// A reference to a footnote.
    Mark(usize),
    /// Controls that a section meets: their identifiers.
    Claims(Vec<String>),
    /// A reference to an identifier: the framework may stand before it, and the number of a section after it.
    Reference(String),
    /// The end of a link, after which paper tells the page.
    End,
    /// A reference to a section of the same document, which paper names with the document's identifier.
    Section,
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{ad}' | '☐' | '☑')).collect()
}

// The page -----------------------------------------------------------------------------------------------------------------------------------

/// What the page of a document says in its text.
fn of_the_page(html: &str) -> Said {
    let start = html.find("<div class=\"text\"").unwrap();
    let text = &html[start..html[start..].find("<div class=\"after\">").unwrap() + start];
    let mut said = Said::default();
    let mut notes = text;
    if let Some(at) = text.find("<section class=\"footnotes\"") {
        said.text = pieces(&text[..at]);
        notes = &text[at..];
        while let Some(at) = notes.find("<li id=") {
            let end = notes[at..].find("</li>").map_or(notes.len(), |end| at + end);
            // A list within a note would end it early: none of the manuals here has one.
            said.notes.push(pieces(&notes[at..end]));
            notes = &notes[end..];
        }
    } else {
        said.text = pieces(notes);
    }
    said
}

/// The words of a piece of HTML, and what stands among them.
fn pieces(html: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let at = rest.find('<').unwrap_or(rest.len());
        push(&mut out, &squeezed(&unescaped(&rest[..at])));
        rest = &rest[at..];
        let inner = |open: &str, close: &str| {
            rest.starts_with(open).then(|| rest.find(close).map_or((rest, ""), |end| (&rest[..end], &rest[end + close.len()..])))
        };
        if let Some((claims, after)) = inner("<aside class=\"claims\"", "</aside>") {
            let ids = claims.split("<span class=\"id\">").skip(1).map(|id| unescaped(&id[..id.find('<').unwrap()]));
            out.push(Piece::Claims(ids.map(|id| id.split_once(':').map_or(id.clone(), |(_, id)| id.to_owned())).collect()));
            rest = after;
        } else if let Some((_, after)) = inner("<a class=\"anchor\"", "</a>") {
            rest = after;
        } else if let Some((mark, after)) = inner("<sup class=\"footnote-mark\"", "</sup>") {
            let number: String = mark.rsplit("\">").next().unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
            out.push(Piece::Mark(number.parse().unwrap()));
            rest = after;
        } else if let Some((_, after)) = inner("<a class=\"back\"", "</a>") {
            rest = after;
        } else if let Some((id, after)) = inner("<span class=\"id\">", "</span>") {
            out.push(Piece::Reference(squeezed(&unescaped(&id["<span class=\"id\">".len()..]))));
            rest = after;
        } else if let Some(id) = rest.strip_prefix("<a class=\"id\"") {
            let (tag, after) = id.split_once('>').unwrap();
            let (id, after) = after.split_once("</a>").unwrap();
            assert!(tag.contains("href"));
            out.extend([Piece::Reference(squeezed(&unescaped(id))), Piece::End]);
            rest = after;
        } else if rest.starts_with("<a href=\"#") {
            out.push(Piece::Section);
            rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
        } else {
            if rest.starts_with("</a>") {
                out.push(Piece::End);
            }
            rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
    }
    out
}

fn push(out: &mut Vec<Piece>, words: &str) {
    match out.last_mut() {
        _ if words.is_empty() => {}
        Some(Piece::Words(before)) => before.push_str(words),
        _ => out.push(Piece::Words(words.to_owned())),
    }
}

// The PDF ------------------------------------------------------------------------------------------------------------------------------------

/// A line of `pdfinfo -struct-text`: how deep, and what.
fn lines(path: &Path) -> Option<Vec<(usize, String)>> {
    let Ok(output) = Command::new("pdfinfo").arg("-struct-text").arg(path).output() else {
        eprintln!("skipped: pdfinfo (poppler-utils) is not installed");
        return None;
    };
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(|line| (line.len() - line.trim_start().len(), line.trim_start().to_owned())).collect())
}

/// What the PDF says after the opening of a document and before its list of changes.
fn of_the_pdf(lines: &[(usize, String)], first: &str) -> (String, Vec<String>) {
    let mut text = String::new();
    let mut notes = Vec::new();
    // Elements around the line at hand, by their depth.
    let mut within: Vec<(usize, &str)> = Vec::new();
    let mut begun = first.is_empty();
    for (depth, line) in lines {
        within.retain(|(around, _)| around < depth);
        let Some(words) = line.strip_prefix('"') else {
            let name = line.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            if name == "Note" {
                notes.push(String::new());
            }
            within.push((*depth, name));
            continue;
        };
        let words = squeezed(&words.strip_suffix('"').unwrap_or(words).replace("\\\"", "\"").replace("\\\\", "\\"));
        let inside = |name: &str| within.iter().any(|(_, around)| *around == name);
        // The mark of an item, and the number before a note.
        let is_mark = |around: &[(usize, &str)]| matches!(around, [(_, "LI"), (_, "Lbl")] | [(_, "Note"), (_, "Lbl")]);
        if within.windows(2).any(is_mark) && (inside("Note") || within.last().is_some_and(|(_, name)| *name == "Lbl")) {
            continue;
        }
        match notes.last_mut() {
            Some(note) if inside("Note") => note.push_str(&words),
            _ => text.push_str(&words),
        }
    }
    if let Some(at) = text.find(first) {
        begun = true;
        text.drain(..at);
    }
    assert!(begun, "{first} is in {text}");
    (text, notes)
}

// Side by side -------------------------------------------------------------------------------------------------------------------------------

/// What may stand between the controls of a claim on paper.
const FRAMEWORKS: &[&str] = &[
    "CSACCM4.1",
    "NISTSP800-53Rev.5",
    "NISTCSF2.0",
    "GDPR",
    "ISO/IEC27001:2022",
    "ISO/IEC27017:2015",
    "ISO/IEC27017:2026",
    "Meets",
    ",",
    ";",
];

/// Reads the PDF along the page; says where they part.
fn compare(own: &str, page: &[Piece], mut pdf: &str) -> Result<(), String> {
    let mut read = String::new();
    for (place, piece) in page.iter().enumerate() {
        match piece {
            Piece::Words(words) => {
                for c in words.chars() {
                    // A word broken at the end of a line.
                    let joined = |rest: &&str| read.ends_with(char::is_alphabetic) && c.is_alphabetic() && rest.starts_with(c);
                    pdf = pdf.strip_prefix(['-', '\u{2010}']).filter(joined).unwrap_or(pdf);
                    pdf = without_figure(pdf, c);
                    let Some(after) = pdf.strip_prefix(c) else {
                        let near: String = read.chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
                        return Err(format!("after `{near}`: the page says `{c}` of `{words:.80}`, the PDF `{pdf:.80}`"));
                    };
                    pdf = after;
                    read.push(c);
                }
            }
            Piece::Mark(number) => {
                let mark = number.to_string();
                pdf = pdf.strip_prefix(mark.as_str()).ok_or_else(|| format!("note {number} is referred to at `{pdf:.60}`"))?;
            }
            Piece::Claims(ids) => {
                // Paper gathers them by framework, wherever the author wrote each; the longest first, since one may begin as another.
                let mut left: Vec<String> = ids.iter().map(|id| squeezed(id)).collect();
                left.sort_by_key(|id| std::cmp::Reverse(id.len()));
                while !left.is_empty() {
                    pdf = without_framework(pdf);
                    let next = left.iter().position(|id| pdf.starts_with(id.as_str()));
                    let next = next.ok_or_else(|| format!("the claims {left:?} of {ids:?} are missing at `{pdf:.60}`"))?;
                    pdf = &pdf[left.remove(next).len()..];
                }
            }
            Piece::End => pdf = without_page(pdf, page.get(place + 1)),
            Piece::Reference(id) => {
                // A control of Annex A needs no framework on paper, and those of others go by its title.
                let id = match id.split_once(':') {
                    Some((_, id)) => {
                        pdf = without_framework(pdf);
                        id
                    }
                    None => id,
                };
                pdf = pdf.strip_prefix(id).ok_or_else(|| format!("a reference to {id} stands at `{pdf:.60}`"))?;
                read.push_str(id);
            }
            Piece::Section => {
                if let Some(after) = pdf.strip_prefix(own) {
                    pdf = after;
                }
            }
        }
        // The number of a section, before its title; unless it is the title that begins with it.
        if let (Piece::Reference(_) | Piece::Section, Some(Piece::Words(title))) = (piece, page.get(place + 1))
            && !title.chars().next().is_some_and(|c| pdf.starts_with(c))
        {
            pdf = pdf.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        }
    }
    // What comes after the text of a document.
    if pdf.is_empty() || pdf.starts_with("Changes") { Ok(()) } else { Err(format!("the PDF goes on: `{pdf:.100}`")) }
}

/// Without the number of a figure, before its caption, unless the page says so too.
fn without_figure(pdf: &str, next: char) -> &str {
    let digits = |rest: &str| rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match pdf.strip_prefix("Figure") {
        Some(rest) if !pdf.starts_with(next) && digits(rest) > 0 => &rest[digits(rest)..],
        _ => pdf,
    }
}

/// Without what may stand before the identifier of a control.
fn without_framework(mut pdf: &str) -> &str {
    while let Some(name) = FRAMEWORKS.iter().find(|name| pdf.starts_with(**name)) {
        pdf = &pdf[name.len()..];
    }
    pdf
}

/// Without the page of a place, as it stands after a link: `p.` and a number, which may be followed by another.
fn without_page<'p>(pdf: &'p str, next: Option<&Piece>) -> &'p str {
    let Some(mark) = pdf.strip_prefix("p.") else { return pdf };
    let digits = mark.find(|c: char| !c.is_ascii_digit()).unwrap_or(mark.len());
    let goes_on = |rest: &str| match next {
        Some(Piece::Words(words)) => rest.chars().zip(words.chars()).take(4).all(|(a, b)| a == b),
        _ => !rest.starts_with(|c: char| c.is_ascii_digit()),
    };
    (1..=digits).rev().map(|digits| &mark[digits..]).find(|rest| goes_on(rest)).unwrap_or(pdf)
}

#[track_caller]
fn assert_same_words(project: &Project) {
    let dist = project.build(&[]);
    let mut different = Vec::new();
    let mut documents: Vec<_> = std::fs::read_dir(dist.join("documents")).unwrap().map(|entry| entry.unwrap().path()).collect();
    documents.sort();
    assert!(!documents.is_empty());
    for document in documents {
        let id = document.file_stem().unwrap().to_str().unwrap().to_uppercase();
        let page = of_the_page(&std::fs::read_to_string(&document).unwrap());
        let pdf = project.beside("document.pdf");
        let ran = project.run("pdf", &[&id, "--out", pdf.to_str().unwrap()]);
        assert_eq!(ran.status, Some(0), "{id}: {}", ran.err);
        let Some(lines) = lines(&pdf) else { return };
        let first = match page.text.first() {
            Some(Piece::Words(words)) => words.chars().take(40).collect::<String>(),
            _ => String::new(),
        };
        let (text, notes) = of_the_pdf(&lines, &first);
        if let Err(why) = compare(&id, &page.text, &text) {
            different.push(format!("{id}: {why}"));
        }
        assert_eq!(page.notes.len(), notes.len(), "{id}: notes");
        for (one, other) in page.notes.iter().zip(&notes) {
            if let Err(why) = compare(&id, one, other) {
                different.push(format!("{id}, a note: {why}"));
            }
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn each_document_of_the_repositorys_manual_says_the_same_on_the_web_and_on_paper() {
    assert_same_words(&Project::of_the_repository());
}

#[test]
fn each_document_of_the_small_manual_says_the_same_on_the_web_and_on_paper() {
    assert_same_words(&Project::fixture("small"));
}
