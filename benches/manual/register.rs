//! Registers and control statements of a generated manual, in proportion to its documents.

use std::fmt::Write as _;

use crate::catalogue::Controls;
use crate::document;
use crate::random::Random;
use crate::words::{ROLES, capital, cell, role, sentence, title};

/// How much a manual holds.
pub(crate) struct Size {
    /// Documents.
    pub(crate) documents: usize,
    suppliers: usize,
    risks: usize,
    assets: usize,
    legal: usize,
    evidence: usize,
    incidents: usize,
}

impl Size {
    /// The sizes of the registers that go with so many documents.
    pub(crate) fn of(documents: usize) -> Self {
        Size {
            documents,
            suppliers: 10 + documents / 50,
            risks: 20 + documents / 20,
            assets: 20 + documents / 20,
            legal: 10 + documents / 100,
            evidence: 100 + documents / 4,
            incidents: 2 + documents / 50,
        }
    }

    /// A reference to a row.
    pub(crate) fn row(&self, random: &mut Random) -> String {
        let (prefix, rows) =
            [("SUP", self.suppliers), ("RSK", self.risks), ("AST", self.assets), ("LEG", self.legal), ("EVD", self.evidence)]
                [random.below(5)];
        format!("[[{}]]", any(random, prefix, rows))
    }
}

fn id(prefix: &str, index: usize) -> String {
    format!("{prefix}-{:03}", index + 1)
}

fn any(random: &mut Random, prefix: &str, rows: usize) -> String {
    id(prefix, random.below(rows))
}

/// Every register's file: path and text.
pub(crate) fn registers(size: &Size, controls: &Controls) -> Vec<(String, String)> {
    let mut random = Random::new(7);
    let file = |name: &str, rows: String| (format!("content/registers/{name}.yaml"), format!("register: {name}\nrows:\n{rows}"));
    vec![
        file("roles", roles(&mut random)),
        file("suppliers", rows(size.suppliers, &mut random, supplier)),
        file("risks", rows(size.risks, &mut random, |index, random| risk(index, random, size))),
        file("treatments", rows(size.risks, &mut random, |index, random| treatment(index, random, controls))),
        file("assets", rows(size.assets, &mut random, |index, random| asset(index, random, size))),
        file("legal", rows(size.legal, &mut random, |index, random| legal(index, random, size))),
        file("evidence", rows(size.evidence, &mut random, |index, random| evidence(index, random, controls))),
        file("incidents", rows(size.incidents, &mut random, incident)),
    ]
}

fn rows(count: usize, random: &mut Random, mut row: impl FnMut(usize, &mut Random) -> String) -> String {
    (0..count).map(|index| row(index, random)).collect()
}

fn roles(random: &mut Random) -> String {
    let row = |(id, title): &(&str, &str)| {
        format!(
            "  - id: {id}\n    title: {title}\n    classification: internal\n    duties: >-\n      {} Tells the [[ciso]].\n",
            sentence(random)
        )
    };
    ROLES.iter().map(row).collect()
}

fn supplier(index: usize, random: &mut Random) -> String {
    format!(
        "  - id: {}\n    name: {} {}\n    classification: public\n    purpose: \"{}\"\n    kind: {}\n    personal_data: true\n    subprocessor: true\n    \
         country: Germany\n    since: 2022-03-01\n    agreement: 2022-02-20\n    certificates: [\"ISO/IEC 27001:2022\"]\n    owner: {}\n    criticality: medium\n",
        id("SUP", index),
        capital(random.pick(&["northwind", "alder", "harbour", "linden", "granite", "meridian"])),
        random.pick(&["Cloud", "Mail", "Storage", "Desk", "Metrics", "Payroll"]),
        capital(cell(random)),
        random.pick(&["iaas", "paas", "saas", "professional"]),
        role(random),
    )
}

fn risk(index: usize, random: &mut Random, size: &Size) -> String {
    format!(
        "  - id: {}\n    classification: internal\n    title: {}\n    scenario: >-\n      {} {}\n    assets: [{}, {}]\n    owner: {}\n    likelihood: {}\n    \
         confidentiality: {}\n    integrity: {}\n    availability: {}\n    decision: modify\n    treatments: [{}]\n    residual_likelihood: 1\n    \
         residual_impact: 2\n    accepted: 2026-09-01\n    accepted_by: ceo\n    reviewed: 2026-08-20\n    review_every: 12 months\n",
        id("RSK", index),
        title(random),
        sentence(random),
        sentence(random),
        any(random, "AST", size.assets),
        any(random, "AST", size.assets),
        role(random),
        1 + random.below(5),
        random.below(6),
        random.below(6),
        random.below(6),
        id("TRT", index),
    )
}

fn treatment(index: usize, random: &mut Random, controls: &Controls) -> String {
    format!(
        "  - id: {}\n    classification: internal\n    title: {}\n    risks: [{}]\n    controls: [\"{}\"]\n    owner: {}\n    status: in-progress\n    due: 2027-06-30\n    note: >-\n      {}\n",
        id("TRT", index),
        title(random),
        id("RSK", index),
        controls.any(random),
        role(random),
        sentence(random),
    )
}

fn asset(index: usize, random: &mut Random, size: &Size) -> String {
    format!(
        "  - id: {}\n    classification: internal\n    name: {}\n    kind: {}\n    owner: {}\n    handling: internal\n    location: Frankfurt\n    supplier: {}\n",
        id("AST", index),
        title(random),
        random.pick(&["information", "software", "hardware", "service", "site"]),
        role(random),
        any(random, "SUP", size.suppliers),
    )
}

fn legal(index: usize, random: &mut Random, size: &Size) -> String {
    format!(
        "  - id: {}\n    classification: internal\n    title: {}\n    jurisdiction: European Union\n    summary: >-\n      {}\n    owner: legal-counsel\n    addressed_by: [{}]\n",
        id("LEG", index),
        title(random),
        sentence(random),
        document::id(random.below(size.documents)),
    )
}

fn evidence(index: usize, random: &mut Random, controls: &Controls) -> String {
    format!(
        "  - id: {}\n    classification: internal\n    title: {}\n    source: Evidence folder\n    controls: [\"{}\"]\n    date: 2026-09-{:02}\n    result: pass\n    owner: {}\n    note: >-\n      {}\n",
        id("EVD", index),
        title(random),
        controls.any(random),
        1 + random.below(28),
        role(random),
        sentence(random),
    )
}

fn incident(index: usize, random: &mut Random) -> String {
    format!(
        "  - id: {}\n    classification: internal\n    title: {}\n    date: 2026-05-{:02}\n    severity: {}\n    summary: >-\n      {}\n    personal_data: false\n    closed: 2026-06-30\n",
        id("INC", index),
        title(random),
        1 + random.below(28),
        random.pick(&["low", "medium", "high"]),
        sentence(random),
    )
}

/// A file of statements for each edition of the Statement of Applicability.
pub(crate) fn statements(size: &Size, controls: &Controls) -> Vec<(String, String)> {
    let mut random = Random::new(11);
    let mut files: Vec<(String, String)> = Vec::new();
    for (edition, control) in &controls.decided {
        let path = format!("content/controls/{}.yaml", edition.replace('@', "-"));
        if files.last().is_none_or(|(known, _)| *known != path) {
            files.push((path, format!("framework: {edition}\nstatements:\n")));
        }
        let Some((_, text)) = files.last_mut() else { continue };
        let (one, two) = (document::id(random.below(size.documents)), document::id(random.below(size.documents)));
        // Writing to a String cannot fail.
        _ = write!(
            text,
            "  {control}:\n    applicable: true\n    reasons: [{}, {}, contract]\n    status: implemented\n    implementation: >-\n      {} See [[{one}#steps]].\n    owner: {}\n    \
             reviewed: 2026-09-01\n    review_every: 12 months\n    classification: customer\n    responsibility:\n      \
             - {{role: provider, counterparty: customers, ownership: shared, ours: \"{}\", theirs: \"{}\"}}\n      \
             - {{role: customer, counterparty: {}, ownership: shared, ours: \"{}\", theirs: \"{}\"}}\n    documents: [{one}, \"{two}#checks\"]\n    evidence: [{}]\n",
            any(&mut random, "RSK", size.risks),
            any(&mut random, "LEG", size.legal),
            sentence(&mut random),
            role(&mut random),
            sentence(&mut random),
            sentence(&mut random),
            any(&mut random, "SUP", size.suppliers),
            sentence(&mut random),
            sentence(&mut random),
            any(&mut random, "EVD", size.evidence),
        );
    }
    files
}
