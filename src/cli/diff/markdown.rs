//! A redline in short, for a comment on a pull request: what it touches, not its words.

use crate::history::redline::{Fate, Found, FrameworkChange, Redline};
use crate::link::state;

/// So many of a kind are named, the others counted: a comment is read at a glance.
const NAMED: usize = 20;
/// So many characters of a line are shown.
const LINE: usize = 400;
/// What GitHub takes for a comment, in characters, less what says that something is left out.
const COMMENT: usize = 65_536 - 200;

/// In the Markdown of GitHub and GitLab.
pub(super) fn print(redline: &Redline) -> String {
    let name = match &redline.before.name {
        Some(name) => format!("`{}`", cut(name).replace('`', "'")),
        None => format!("the sources of {}", redline.before.date),
    };
    let mut out = format!("### Changes since {name}\n\n");
    if redline.is_empty() {
        out.push_str("Nothing differs.\n");
        return out;
    }
    let documents = redline.documents.iter().map(|document| {
        let how = match document.fate {
            Fate::Changed => document.phrase().to_string(),
            Fate::Layout => "only its layout changed".to_owned(),
            fate => fate.key().to_owned(),
        };
        format!("- **{}** {}: {how}", document.id, escaped(&document.title))
    });
    list(&mut out, "Documents", documents.collect());
    let tables = redline.tables.iter().map(|table| {
        const ROWS: usize = 8;
        let mut rows: Vec<String> = table.rows.iter().map(|row| escaped(row.id.split(' ').next().unwrap_or_default())).collect();
        // A control has a row for each side that is responsible.
        rows.dedup();
        let more = if rows.len() > ROWS { ", \u{2026}" } else { "" };
        rows.truncate(ROWS);
        let named = if rows.is_empty() { String::new() } else { format!(" ({}{more})", rows.join(", ")) };
        format!("- {}: {}{named}", table.title.english(), table.phrase())
    });
    list(&mut out, "Statements and registers", tables.collect());
    list(&mut out, "Controls", redline.frameworks.iter().map(framework).collect());
    let lapsed = redline
        .lapsed
        .iter()
        .map(|lapse| format!("- **{}** {}: {}", lapse.what, escaped(&lapse.title.to_string()), escaped(&lapse.standing.to_string())));
    list(&mut out, "Approvals that lapsed", lapsed.collect());
    list(&mut out, "New findings", redline.findings.new.iter().map(found).collect());
    list(&mut out, "Findings that are gone", redline.findings.gone.iter().map(found).collect());
    bounded(out)
}

fn found(found: &Found) -> String {
    let place = found.place();
    let place = if place.is_empty() { place } else { format!("{}: ", escaped(&place)) };
    format!("- {} {place}{} ({})", found.severity.word(), message(&found.message.to_string()), found.code)
}

/// What a rule says, with its names in backticks as code.
fn message(text: &str) -> String {
    let text = cut(text);
    if text.matches('`').count() % 2 == 1 {
        return escaped(&text);
    }
    let part = |(place, part): (usize, &str)| match place % 2 {
        0 => escaped(part),
        _ if part.trim().is_empty() || part.contains(char::is_control) => escaped(&format!("`{part}`")),
        _ => format!("`{part}`"),
    };
    text.split('`').enumerate().map(part).collect()
}

/// As much as a comment may have, in whole lines.
fn bounded(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(COMMENT) {
        let end = text.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |end| end + 1);
        text.truncate(end);
        text.push_str("\nThe rest is left out, since a comment has no more room: `annexa diff` shows it.\n");
    }
    text
}

/// The beginning of what is too long for a line of a comment.
fn cut(text: &str) -> String {
    match text.char_indices().nth(LINE) {
        Some((at, _)) => format!("{}\u{2026}", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn framework(framework: &FrameworkChange) -> String {
    let some = |controls: &mut dyn Iterator<Item = &str>| {
        let all: Vec<String> = controls.map(escaped).collect();
        let more = if all.len() > NAMED { format!(", and {} more", all.len() - NAMED) } else { String::new() };
        format!("{}{more}", all.into_iter().take(NAMED).collect::<Vec<_>>().join(", "))
    };
    let mut line = format!("- {}: ", escaped(&framework.title));
    line.push_str(&some(&mut framework.controls.iter().map(|control| control.id.control.as_ref())));
    let gained: Vec<&str> = framework.gained().map(|control| control.id.control.as_ref()).collect();
    let lost: Vec<&str> = framework.lost().map(|control| control.id.control.as_ref()).collect();
    for (words, controls) in [("met better", gained), ("met less", lost)] {
        if !controls.is_empty() {
            line.push_str(&format!("; {words}: {}", some(&mut controls.into_iter())));
        }
    }
    if let (Some(before), Some(after)) = &framework.counts
        && before != after
    {
        let met = |counts: &state::Counts| counts.of(state::State::Met) + counts.of(state::State::MetThrough);
        line.push_str(&format!(" ({} of {} met, before {})", met(after), after.total(), met(before)));
    }
    line
}

fn list(out: &mut String, title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("**{title}**\n\n"));
    lines.iter().take(NAMED).for_each(|line| out.push_str(&format!("{line}\n")));
    if lines.len() > NAMED {
        out.push_str(&format!("- and {} more\n", lines.len() - NAMED));
    }
    out.push('\n');
}

/// Somebody's words as words: nothing of them is markup, a mention or a link.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in cut(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            '@' => out.push_str("&#64;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
