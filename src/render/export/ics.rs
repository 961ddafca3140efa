//! What falls due, as a calendar that other programs subscribe to (RFC 5545): an event of a whole day for each duty.

use crate::base::digest::sha256;
use crate::base::word::phrase;
use crate::link::manual::Manual;
use crate::link::report::Due;

/// The path of the calendar in an output.
pub const PATH: &str = "calendar.ics";

/// Most bytes of a line, without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// Writes duties. The same duty has the same UID in every calendar of the project, so that a date that moves moves the event.
pub fn write(manual: &Manual, due: &[Due]) -> String {
    let project = &manual.view.project;
    let language = &project.language;
    let mut out = String::new();
    let mut line = |name: &str, value: &str| fold(&mut out, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Annexa//Annexa//EN");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    line("NAME", &text(&project.title));
    // The day that the manual is of, since no clock is read.
    let stamp = format!("{}T000000Z", manual.today.strftime("%Y%m%d"));
    for duty in due {
        let kind = duty.what.english();
        let name = sha256(format!("{}\n{}\n{kind}", project.organisation_name(), duty.about).as_bytes());
        let owner = duty.owner.as_ref().map(|role| manual.row(role).map_or(role.as_str(), |(register, row)| register.kind.heading(row)));
        line("BEGIN", "VEVENT");
        line("UID", &format!("{}@annexa", &name[..32]));
        line("DTSTAMP", &stamp);
        line("DTSTART;VALUE=DATE", &duty.date.strftime("%Y%m%d").to_string());
        line(
            "SUMMARY",
            &text(&language.phrase(&phrase!("{kind}: {what}", kind = duty.what, what = format!("{} {}", duty.about, duty.title)))),
        );
        if let Some(owner) = owner {
            line("DESCRIPTION", &text(&language.phrase(&phrase!("Owner: {owner}", owner = owner))));
        }
        line("TRANSP", "TRANSPARENT");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    out
}

/// A value of the type TEXT (RFC 5545, 3.3.11).
fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Adds a content line, folded: what is longer goes on in a line that begins with a space. No character is cut in two.
fn fold(out: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut out = String::new();
        fold(&mut out, &"ü".repeat(100));
        assert!(out.lines().all(|line| line.len() <= LINE), "{out}");
        assert_eq!(out.replace("\r\n ", ""), format!("{}\r\n", "ü".repeat(100)));
    }

    #[test]
    fn what_has_a_meaning_in_a_calendar_is_escaped() {
        assert_eq!(text("a,b;c\\d\ne\u{7}"), "a\\,b\\;c\\\\d\\ne");
    }
}
