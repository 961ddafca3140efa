//! The smallest project that checks without a finding: a chapter, a policy, a procedure, two roles, and a statement for each control.

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::base::id::EditionId;
use crate::link::report;
use crate::read::catalogues::Catalogues;
use crate::read::framework::Catalogue;

/// The files that are written as they are, but for `{{today}}`.
const FILES: &[(&str, &str)] = &[
    ("content/manual/01-scope.md", include_str!("../../../templates/init/content/manual/01-scope.md")),
    (
        "content/policies/pol-001-information-security.md",
        include_str!("../../../templates/init/content/policies/pol-001-information-security.md"),
    ),
    ("content/sops/sop-001-documents.md", include_str!("../../../templates/init/content/sops/sop-001-documents.md")),
    ("content/registers/roles.yaml", include_str!("../../../templates/init/content/registers/roles.yaml")),
];

/// The edition whose clauses and controls [`FILES`] claim to meet.
const CLAIMED: &str = "iso27001@2022";

/// Documents and roles.
pub(super) fn files(catalogues: &Catalogues, today: Date) -> Vec<(String, String)> {
    let framework = EditionId::parse(CLAIMED).map(|id| EditionId { edition: None, ..id });
    // An author's `iso27001:A.5.1` means the first edition listed of that framework.
    let claims = framework
        .is_some_and(|id| catalogues.find(&id).is_ok_and(|found| found.id.to_string() == CLAIMED && catalogues.is_in_use(&found.id)));
    let text = |text: &str| {
        let text = text.replace("{{today}}", &today.to_string());
        if claims { text } else { without_claims(&text) }
    };
    FILES.iter().map(|(path, template)| ((*path).into(), text(template))).collect()
}

/// A file's text without what it claims of [`CLAIMED`], for a project that does not use it.
fn without_claims(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("satisfies:"));
    let heading = |line: &str| match line.split_once(" satisfies=") {
        Some((before, _)) => format!("{before}}}\n"),
        None => format!("{line}\n"),
    };
    lines.map(heading).collect()
}

/// A statement for each control that the Statement of Applicability must decide: planned, with its title beside it.
pub(super) fn statements(catalogue: &Catalogue) -> Option<String> {
    let mut text = format!(
        "# Decide each control: applicable or not and why, how it is implemented here, by whom.\nframework: {}\nstatements:\n",
        catalogue.id
    );
    let mut any = false;
    for control in catalogue.controls.iter().filter(|control| report::is_soa_control(control)) {
        any = true;
        write!(
            text,
            "  {}: # {}\n    applicable: true\n    reasons: [best-practice]\n    status: planned\n    implementation: To be decided by the owner.\n    owner: ciso\n",
            control.id.control, control.title
        )
        .ok()?;
    }
    any.then_some(text)
}
