//! One document of a generated manual, of about 8 kB: what its identifier is, and its text.

use crate::catalogue::Controls;
use crate::random::Random;
use crate::register::Size;
use crate::words::{capital, cell, clause, role, sentence, title};

/// Prefix, type and folder; the first of every twenty documents is a chapter, the next two are policies, and so on.
const KINDS: [(&str, &str, &str, usize); 6] = [
    ("MAN", "manual", "manual", 1),
    ("POL", "policy", "policies", 3),
    ("SOP", "sop", "sops", 13),
    ("PLN", "plan", "plans", 15),
    ("GDL", "guideline", "guidelines", 18),
    ("REC", "record", "records", 20),
];

/// Headings that every document has, so that others can refer to them.
const SECTIONS: [(&str, &str); 8] = [
    ("purpose", "Purpose"),
    ("scope", "Scope"),
    ("roles", "Roles"),
    ("steps", "Steps"),
    ("checks", "Checks"),
    ("limits", "Limits and times"),
    ("records", "Records"),
    ("exceptions", "Exceptions"),
];

/// Names that `{{ values.NAME }}` inserts.
pub(crate) const VALUES: [(&str, u32); 5] = [
    ("access_removal_hours", 24),
    ("breach_notice_hours", 72),
    ("backup_interval_hours", 4),
    ("record_retention_years", 5),
    ("review_months", 12),
];

/// Code with a number in each, so that no two blocks need be the same.
const CODE: [(&str, &str); 5] = [
    ("yaml", "backup:\n  schedule: \"0 */4 * * *\"\n  keep: NUMBER\n  targets: [ledger, documents]\n  encrypt: true\n"),
    ("bash", "set -eu\nfor host in $(cat hosts.txt); do\n  ssh \"$host\" 'last -n NUMBER' | tee -a \"logins-$(date +%F).txt\"\ndone\n"),
    (
        "sql",
        "SELECT account, last_seen\nFROM accounts\nWHERE disabled = FALSE AND last_seen < CURRENT_DATE - NUMBER\nORDER BY last_seen;\n",
    ),
    ("json", "{\n  \"rule\": \"deny-all\",\n  \"source\": \"0.0.0.0/0\",\n  \"ports\": [22, NUMBER],\n  \"log\": true\n}\n"),
    (
        "python",
        "def overdue(rows, today):\n    \"\"\"Rows whose review has passed.\"\"\"\n    return [row for row in rows if row.due < today][:NUMBER]\n",
    ),
];

/// The identifier of a document by its place among all.
pub(crate) fn id(index: usize) -> String {
    format!("{}-{:03}", kind(index).0, index + 1)
}

/// The path of a document.
pub(crate) fn path(index: usize) -> String {
    let (prefix, _, folder, _) = kind(index);
    format!("content/{folder}/{}-{:03}.md", prefix.to_lowercase(), index + 1)
}

fn kind(index: usize) -> (&'static str, &'static str, &'static str, usize) {
    *KINDS.iter().find(|kind| index % 20 < kind.3).unwrap_or(&KINDS[2])
}

/// The text of a document with its front matter.
pub(crate) fn text(index: usize, size: &Size, controls: &Controls) -> String {
    let mut writer = Writer { random: Random::new(0x0001_0000 + index as u64), size, controls, out: String::new(), notes: 0 };
    writer.front_matter(index);
    for section in SECTIONS {
        writer.section(section);
    }
    writer.footnotes();
    writer.out
}

struct Writer<'a> {
    random: Random,
    size: &'a Size,
    controls: &'a Controls,
    out: String,
    notes: usize,
}

impl Writer<'_> {
    /// Leaves one line empty.
    fn gap(&mut self) {
        if !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn claims(&mut self, count: usize, between: &str) -> String {
        let mut names: Vec<&str> = (0..count).map(|_| self.controls.any(&mut self.random)).collect();
        names.sort_unstable();
        names.dedup();
        names.join(between)
    }

    fn front_matter(&mut self, index: usize) {
        let month = 1 + self.random.below(9);
        let day = 1 + self.random.below(20);
        let (owner, approver) = (role(&mut self.random), role(&mut self.random));
        let title = title(&mut self.random);
        let satisfies = self.claims(4, ", ");
        let kind = kind(index).1;
        let text = format!(
            "---\nid: {}\ntitle: \"{title} ({})\"\ntype: {kind}\nversion: \"1.{}\"\nstatus: approved\nclassification: internal\nowner: {owner}\n\
             approver: {approver}\napproved: 2026-{month:02}-{day:02}\neffective: 2026-{month:02}-{:02}\nreviewed: 2026-{month:02}-{day:02}\n\
             review_every: 24 months\nretention: 5 years after withdrawal\ndistribution: [all staff]\nsatisfies: [{satisfies}]\nlanguage: en\nhistory:\n\
             \x20 - {{version: \"1.0\", date: 2025-{month:02}-{day:02}, author: {owner}, change: \"First version\"}}\n",
            id(index),
            index + 1,
            index % 4,
            day + 7,
        );
        self.out.push_str(&text);
        if !index.is_multiple_of(4) {
            let row =
                format!("  - {{version: \"1.{}\", date: 2026-{month:02}-{day:02}, author: {owner}, change: \"Yearly review\"}}", index % 4);
            self.line(&row);
        }
        self.line("---");
    }

    fn section(&mut self, (id, heading): (&str, &str)) {
        let claims = if self.random.chance(75) { format!(" satisfies={}", self.claims(2, ",")) } else { String::new() };
        self.line(&format!("\n## {heading} {{#{id}{claims}}}\n"));
        self.paragraph();
        match id {
            "scope" => self.definitions(),
            "roles" => self.role_table(),
            "steps" => {
                self.steps();
                let heading = title(&mut self.random);
                self.line(&format!("\n### {heading} {{#{id}-detail}}\n"));
                self.paragraph();
                if self.random.chance(50) {
                    self.code();
                }
            }
            "checks" => self.tasks(),
            "limits" => {
                self.table();
                self.alert();
            }
            "records" => self.table(),
            _ => self.list(),
        }
        if self.random.chance(25) {
            self.paragraph();
        }
    }

    fn paragraph(&mut self) {
        let mut text = Vec::new();
        for _ in 0..2 + self.random.below(2) {
            let mut sentence = sentence(&mut self.random);
            match self.random.below(10) {
                0..=2 => {
                    let reference = self.reference("|");
                    sentence.push_str(&format!(" See {reference}."));
                }
                3 => sentence.push_str(&format!(
                    " This is done within {{{{ values.{} }}}} of the usual unit.",
                    VALUES[self.random.below(VALUES.len())].0
                )),
                4 => {
                    self.notes += 1;
                    sentence.push_str(&format!("[^n{}]", self.notes));
                }
                5 => sentence.push_str(&format!(" **{}** comes first, *{}* after it.", cell(&mut self.random), cell(&mut self.random))),
                6 => sentence.push_str(&format!(" The setting is `max_age = {}`.", self.random.below(400))),
                _ => {}
            }
            text.push(sentence);
        }
        let text = text.join(" ");
        self.gap();
        self.line(&text);
        self.gap();
    }

    /// A reference to a document, a section, a control, a row or a role; `pipe` is what stands between a target and the author's words.
    fn reference(&mut self, pipe: &str) -> String {
        let document = id(self.random.below(self.size.documents));
        match self.random.below(10) {
            0..=2 => format!("[[{document}]]"),
            3..=4 => format!("[[{document}#{}]]", SECTIONS[self.random.below(SECTIONS.len())].0),
            5 => format!("[[{document}{pipe}{}]]", cell(&mut self.random)),
            6..=7 => format!("[[{}]]", self.controls.any(&mut self.random)),
            8 => self.size.row(&mut self.random),
            _ => format!("[[{}]]", role(&mut self.random)),
        }
    }

    fn list(&mut self) {
        for _ in 0..2 + self.random.below(3) {
            let text = sentence(&mut self.random);
            self.line(&format!("- {text}"));
            if self.random.chance(20) {
                let (one, two) = (clause(&mut self.random), clause(&mut self.random));
                self.line(&format!("  - {one}\n  - {two}"));
            }
        }
    }

    fn steps(&mut self) {
        for step in 1..=4 + self.random.below(3) {
            let (text, reference) = (sentence(&mut self.random), self.reference("|"));
            self.line(&format!("{step}. **{}.** {text} ({reference})", capital(cell(&mut Random::new(step as u64)))));
        }
    }

    fn tasks(&mut self) {
        for _ in 0..4 {
            let text = clause(&mut self.random);
            let mark = if self.random.chance(30) { "x" } else { " " };
            self.line(&format!("- [{mark}] {text}"));
        }
    }

    fn definitions(&mut self) {
        for _ in 0..3 {
            let (term, text) = (title(&mut self.random), sentence(&mut self.random));
            self.line(&format!("\n{term}\n: {text}"));
        }
    }

    fn role_table(&mut self) {
        let roles: Vec<&str> = (0..4).map(|_| role(&mut self.random)).collect();
        self.line(&format!(
            "\n| Step | [[{}]] | [[{}]] | [[{}]] | [[{}]] |\n| --- | :-: | :-: | :-: | :-: |",
            roles[0], roles[1], roles[2], roles[3]
        ));
        for _ in 0..5 {
            let step = capital(cell(&mut self.random));
            let mut mark = || self.random.pick(&["A", "R", "C", "I", "A, R", ""]);
            let row = format!("| {step} | {} | {} | {} | {} |", mark(), mark(), mark(), mark());
            self.line(&row);
        }
    }

    fn table(&mut self) {
        self.line("\n| What | Who | Where | Days |\n| --- | --- | --- | ---: |");
        for _ in 0..3 + self.random.below(4) {
            let what = capital(cell(&mut self.random));
            let (who, place, days) = (role(&mut self.random), self.reference("\\|"), self.random.below(400));
            self.line(&format!("| {what} | [[{who}]] | {place} | {days} |"));
        }
        self.line("");
    }

    fn alert(&mut self) {
        let kind = self.random.pick(&["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"]);
        let text = sentence(&mut self.random);
        self.line(&format!("\n> [!{kind}]\n> {text}\n"));
    }

    fn code(&mut self) {
        let (language, code) = CODE[self.random.below(CODE.len())];
        let code = code.replace("NUMBER", &self.random.below(100_000).to_string());
        self.line(&format!("\n```{language}\n{code}```\n"));
    }

    fn footnotes(&mut self) {
        for note in 1..=self.notes {
            let text = sentence(&mut self.random);
            self.line(&format!("\n[^n{note}]: {text}"));
        }
    }
}
