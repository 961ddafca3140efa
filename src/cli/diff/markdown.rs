//! A redline in short, for a comment on a pull request: what it touches, not its words.

use crate::history::redline::{Fate, FrameworkChange, Redline, State};
use crate::link::state;

/// So many of a kind are named, the others counted: a comment is read at a glance.
const NAMED: usize = 20;

/// In the Markdown of GitHub and GitLab.
pub(super) fn print(redline: &Redline) -> String {
    let name = |state: &State| match &state.name {
        Some(name) => format!("`{}`", name.replace('`', "'")),
        None => "the sources as they stand".to_owned(),
    };
    let mut out = format!("### Changes since {}\n\n", name(&redline.before));
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
        let rows: Vec<String> = table.rows.iter().take(ROWS).map(|row| escaped(row.id.split(' ').next().unwrap_or_default())).collect();
        let more = if table.rows.len() > ROWS { ", \u{2026}" } else { "" };
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
    out
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
    for c in text.chars() {
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
