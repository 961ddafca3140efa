//! What a pack holds besides an output: how to verify it without Annexa, for people, and the digests of all files, for `sha256sum`.

use std::fmt::Write;

use super::{Artifact, Artifacts, address};
use crate::base::digest::sha256;
use crate::base::finding::Finding;
use crate::base::language::Language;
use crate::base::word::{Word, phrase, word};
use crate::history::redline::Redline;
use crate::link::manual::Manual;

/// The digests of all files but the manifest, as sha256sum(1) writes them.
pub const SUMS: &str = "SHA256SUMS";
/// How to verify, as plain text and as a page.
const TEXT: &str = "VERIFY.txt";
const PAGE: &str = "verify.html";

/// A step of verifying: what it shows, and what to type.
struct Step {
    says: Word,
    types: &'static [&'static str],
}

fn steps() -> [Step; 4] {
    [
        Step {
            says: word!(
                "SHA256SUMS lists every file but the manifest and its signature. After this command, each line ends in OK (on a Mac: shasum -a 256 -c):"
            ),
            types: &["sha256sum -c SHA256SUMS"],
        },
        Step {
            says: word!(
                "The manifest lists the same digests, and that of SHA256SUMS. What the first command prints stands in the line that the second prints:"
            ),
            types: &["sha256sum SHA256SUMS", "grep SHA256SUMS manifest.json"],
        },
        Step {
            says: word!(
                "Where manifest.json.sig lies beside the manifest, it is signed. Write the publisher's public key, which you have got in another way than with this pack, to a file allowed_signers beside this folder, in a line like the first; the second says whether it has signed:"
            ),
            types: &[
                "publisher namespaces=\"annexa-manifest\" ssh-ed25519 AAAA...",
                "ssh-keygen -Y verify -f ../allowed_signers -I publisher -n annexa-manifest -s manifest.json.sig < manifest.json",
            ],
        },
        Step {
            says: word!(
                "With Annexa, all of that is one command; with the sources at hand it makes the files again and compares their bytes:"
            ),
            types: &["annexa verify . --allowed-signers ../allowed_signers --project SOURCES"],
        },
    ]
}

/// The files of a pack: those of the output, what else belongs to the handover, and how to verify all of them.
///
/// # Errors
/// Paths that clash, and a book of changes that cannot be set.
pub fn pack(manual: &Manual, output: Artifacts, since: Option<&Redline>, with_pdf: bool) -> Result<Artifacts, Vec<Finding>> {
    let mut files: Vec<Artifact> = output.iter().cloned().collect();
    files.extend(more(manual, since, with_pdf)?);
    let language = &manual.view.project.language;
    let changes = changes(manual, since, &files);
    files.push(Artifact { path: TEXT.to_owned(), bytes: text(manual, language, changes.as_ref()).into_bytes() });
    files.push(Artifact { path: PAGE.to_owned(), bytes: page(manual, language, changes.as_ref()).into_bytes() });
    // Checked before they are listed; the list itself cannot clash with a path of an output, which are in small letters.
    let files = Artifacts::new(files)?;
    let sums: String = files.iter().map(|file| format!("{}  {}\n", sha256(&file.bytes), file.path)).collect();
    let sums = Artifact { path: SUMS.to_owned(), bytes: sums.into_bytes() };
    Artifacts::new(files.iter().cloned().chain([sums]).collect())
}

/// Where the book of what changed since an earlier release lies.
fn changes_book(since: &str) -> String {
    format!("changes-since-{}.pdf", address::slug(since))
}

/// Further files of a handover that no build makes: what changed since an earlier release as a book, where PDFs are set. Its pages are among those of the site.
///
/// # Errors
/// What cannot be set.
#[cfg(feature = "pdf")]
fn more(manual: &Manual, since: Option<&Redline>, with_pdf: bool) -> Result<Vec<Artifact>, Vec<Finding>> {
    let Some(redline) = since.filter(|_| with_pdf) else { return Ok(Vec::new()) };
    let path = changes_book(redline.before.name.as_deref().unwrap_or_default());
    Ok(vec![Artifact { path, bytes: super::pdf::redline(manual, redline)? }])
}

/// Without the PDF there is nothing to add.
#[cfg(not(feature = "pdf"))]
fn more(_: &Manual, _: Option<&Redline>, _: bool) -> Result<Vec<Artifact>, Vec<Finding>> {
    Ok(Vec::new())
}

/// What a pack says of the changes that it holds: words, and the paths of the files.
fn changes(manual: &Manual, since: Option<&Redline>, files: &[Artifact]) -> Option<Listed> {
    let name = since?.before.name.as_deref()?;
    let says = phrase!("What changed since {release} is told by these files, which are listed like all others:", release = name);
    let paths = [address::changes(name), changes_book(name)].into_iter().filter(|path| files.iter().any(|file| file.path == *path));
    Some((manual.view.project.language.phrase(&says), paths.collect()))
}

const TITLE: Word = word!("How to verify this pack");

/// Words, and the paths of the files that they speak of.
type Listed = (String, Vec<String>);

fn text(manual: &Manual, language: &Language, changes: Option<&Listed>) -> String {
    let title = format!("{} \u{b7} {}", manual.view.project.title, language.say(TITLE));
    let mut out = format!("{title}\n{}\n", "=".repeat(title.chars().count()));
    for (number, step) in steps().iter().enumerate() {
        let _ = write!(out, "\n{}\n", folded(&format!("{}. {}", number + 1, language.say(step.says))));
        step.types.iter().for_each(|line| _ = writeln!(out, "    {line}"));
    }
    if let Some((says, paths)) = changes {
        // The lines of a step stand behind its number; these have none.
        let _ = write!(out, "\n{}\n", folded(says).replace("\n   ", "\n"));
        paths.iter().for_each(|path| _ = writeln!(out, "    {path}"));
    }
    out
}

/// Words in lines of 80 columns.
fn folded(words: &str) -> String {
    let (mut out, mut column) = (String::new(), 0);
    for word in words.split(' ') {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > 80 {
            out.push_str("\n   ");
            column = 3;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
    out.push('\n');
    out
}

fn page(manual: &Manual, language: &Language, changes: Option<&Listed>) -> String {
    let safe = |text: &str| html_escape::encode_safe(text).into_owned();
    let (title, of) = (safe(language.say(TITLE)), safe(&manual.view.project.title));
    let mut steps_out = String::new();
    for step in steps() {
        let lines: Vec<String> = step.types.iter().map(|line| safe(line)).collect();
        let _ = write!(steps_out, "<li><p>{}</p>\n<pre><code>{}</code></pre></li>\n", safe(language.say(step.says)), lines.join("\n"));
    }
    let mut changes_out = String::new();
    if let Some((says, paths)) = changes {
        let _ = write!(changes_out, "<p>{}</p>\n<ul>\n", safe(says));
        paths.iter().for_each(|path| _ = writeln!(changes_out, "<li><a href=\"{0}\">{0}</a></li>", safe(path)));
        changes_out.push_str("</ul>\n");
    }
    format!(
        "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} · {of}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <p>{of}</p>\n<h1>{title}</h1>\n<ol>\n{steps_out}</ol>\n{changes_out}</main>\n</body>\n</html>\n",
        safe(&language.tag),
        language.direction(),
    )
}

/// The page stands for itself: it says how to check the others, whose looks are among what is checked.
const STYLE: &str = "body { font: 1rem/1.55 system-ui, sans-serif; margin: 0; padding: 2rem 1.25rem; }
main { max-width: 44rem; margin: 0 auto; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 2rem; }
main > p:first-child { margin: 0 0 .25rem; opacity: .75; }
ol, ul { padding-inline-start: 1.5rem; }
ol > li { margin-block-end: 1.5rem; }
pre { overflow-x: auto; padding: .75rem 1rem; border: 1px solid; border-radius: .3rem; font: .875rem/1.6 ui-monospace, monospace; direction: ltr; }
";
