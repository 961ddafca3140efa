//! Approvals: recorded, signed, bound to what was approved; reviews without change; what falls due.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::fs;
use std::process::{Command, Stdio};

use common::{Project, Ran, assert_same, document, files};
use serde_json::Value;
use ssh_key::private::{Ed25519Keypair, PrivateKey};

const SETTINGS: &str = "format: 1\ntitle: Manual\nversion: \"1.0\"\norg: {name: Example Ltd}\nframeworks: [gdpr]\n";

/// Roles that customers see as well, so that a lower view has names for them.
const ROLES: &str = "register: roles\nrows:\n  - {id: ciso, title: Information security officer, classification: public}\n  - {id: ceo, title: Managing director, classification: public}\n  - {id: cto, title: Technical director, classification: public}\n";

const POLICY: &str = "content/policies/pol-001.md";

/// A policy that counts as approved, with a section that customers do not see.
fn policy() -> String {
    let head = "status: approved\napproved: 2026-03-02 # by mail\nreview_every: 12 months\nhistory:\n  - {version: \"1.0\", date: 2026-03-01, author: ciso}";
    document("POL-001", "Access ends within 24 hours.\n\n## Leavers\n\nKeys are given back.\n\n## Inside {classification=confidential}\n\nThe safe is in the cellar.")
        .replace("status: draft", head)
        .replace("classification: internal\nowner", "classification: public\nowner")
}

fn project() -> Project {
    Project::new(&[("annexa.yaml", SETTINGS), ("content/registers/roles.yaml", ROLES), (POLICY, &policy())])
}

/// The key of a role, the same in every run.
fn key(seed: u8) -> PrivateKey {
    PrivateKey::from(Ed25519Keypair::from_seed(&[seed; 32]))
}

/// A project whose ceo, of key 1, and ciso, of key 2, are listed as signers; the keys lie beside it.
fn with_signers() -> Project {
    let project = project();
    let mut list = String::from("# who signs for which role\n");
    for (seed, role) in [(1, "ceo"), (2, "ciso")] {
        list.push_str(&format!("{role} namespaces=\"annexa-approval\" {}\n", key(seed).public_key().to_openssh().unwrap()));
        fs::write(project.beside(role), key(seed).to_openssh(ssh_key::LineEnding::LF).unwrap()).unwrap();
    }
    project.write("records/allowed_signers", list);
    project
}

fn approve(project: &Project, what: &[&str], role: &str) -> Ran {
    let key = project.beside(role);
    let key = key.to_str().unwrap();
    project.run("approve", &[what, &["--as", role, "--key", key]].concat())
}

#[track_caller]
fn approved(project: &Project, what: &[&str], role: &str) -> String {
    let ran = approve(project, what, role);
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    ran.out
}

fn state(project: &Project, what: &str) -> Value {
    let ran = project.run("approvals", &["--format", "json"]);
    let all: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err));
    all["approvals"].as_array().unwrap().iter().find(|one| one["what"] == what).cloned().unwrap_or(Value::Null)
}

const RECORD: &str = "records/approvals/pol-001-2026-06-01-ceo.yaml";

#[test]
fn an_approval_is_recorded_signed_and_checked() {
    let project = with_signers();
    assert_eq!(project.run("check", &[]).codes(), [""; 0], "where nothing is recorded, nothing is missing");
    let said = approved(&project, &["POL-001"], "ceo");
    assert!(said.starts_with(&format!("POL-001 1.0 is approved by `ceo`: {RECORD}\n")), "{said}");
    assert_eq!(project.run("check", &[]).codes(), [""; 0]);
    let text = fs::read_to_string(project.path(POLICY)).unwrap();
    assert!(text.contains("status: approved\napproved: 2026-06-01 # by mail\n"), "{text}");
    let state = state(&project, "POL-001");
    assert_eq!((&state["state"], &state["approver"], &state["signed"]), (&"as-it-stands".into(), &"ceo".into(), &true.into()));
    let again = approved(&project, &["POL-001"], "ceo");
    assert_eq!(again, "POL-001 is approved by `ceo` as it stands already.\n");
    assert_eq!(fs::read_dir(project.path("records/approvals")).unwrap().count(), 2, "a record and its signature");
}

/// What an auditor does without Annexa: the text by sha256sum, the record by ssh-keygen.
#[cfg(unix)]
#[test]
fn ssh_keygen_verifies_what_annexa_signs_and_annexa_what_ssh_keygen_signs() {
    if Command::new("ssh-keygen").arg("-?").stderr(Stdio::null()).status().is_err() {
        return;
    }
    let project = with_signers();
    approved(&project, &["POL-001"], "ceo");
    let verify = |role: &str| {
        Command::new("ssh-keygen")
            .current_dir(project.root())
            .args(["-Y", "verify", "-f", "records/allowed_signers", "-I", role, "-n", "annexa-approval", "-s"])
            .arg(format!("{RECORD}.sig"))
            .stdin(fs::File::open(project.path(RECORD)).unwrap())
            .output()
            .unwrap()
    };
    let ran = verify("ceo");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(!verify("ciso").status.success());
    let kept = files(&project.path("records/approved"));
    let (name, text) = kept.first_key_value().unwrap();
    let digest = annexa::base::digest::sha256(text);
    assert!(name.starts_with("pol-001@1.0-") && fs::read_to_string(project.path(RECORD)).unwrap().contains(&format!("sha256: {digest}\n")));

    // An approval that was recorded without a key can be signed by hand.
    for file in [RECORD.to_owned(), format!("{RECORD}.sig")] {
        fs::remove_file(project.path(&file)).unwrap();
    }
    assert_eq!(project.run("approve", &["POL-001", "--as", "ceo", "--unsigned"]).status, Some(0));
    assert_eq!(project.run("check", &[]).codes(), ["warning[approval-missing", "warning[approval-unsigned"]);
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(project.beside("ceo"), fs::Permissions::from_mode(0o600)).unwrap();
    let signed = Command::new("ssh-keygen")
        .args(["-q", "-Y", "sign", "-n", "annexa-approval", "-f"])
        .arg(project.beside("ceo"))
        .arg(project.path(RECORD))
        .output();
    assert!(signed.unwrap().status.success());
    assert_eq!(project.run("check", &[]).codes(), [""; 0]);
}

#[test]
fn layout_and_dates_keep_an_approval_and_a_changed_word_does_not() {
    let project = with_signers();
    approved(&project, &["POL-001"], "ceo");
    project.edit(POLICY, "Access ends within 24 hours.", "Access ends\n*within* 24 hours.");
    project.edit(POLICY, "review_every: 12 months", "review_every: 6 months\nreviewed: 2026-05-01");
    assert_eq!(state(&project, "POL-001")["state"], "as-it-stands");

    project.edit(POLICY, "Keys are given back.", "Keys and badges are given back.");
    let ran = project.run("check", &[]);
    assert_eq!(ran.codes(), ["warning[changed-since-approval"]);
    let words = "POL-001 has changed since it was approved by Managing director on 2026-06-01: 2 words inserted (Leavers)";
    assert!(ran.out.contains(words), "{}", ran.out);
    let list = project.run("approvals", &[]).out;
    assert!(list.contains("POL-001  changed since   ceo on 2026-06-01  Title of POL-001 1.0\n"), "{list}");
    let site = project.build(&[]);
    let page = fs::read_to_string(site.join("documents/pol-001.html")).unwrap();
    assert!(page.contains(
        "<dt>Approval</dt><dd>Changed since it was approved by Managing director on 2026-06-01: 2 words inserted (Leavers)</dd>"
    ));

    let ran =
        project.run("approve", &["POL-001", "--as", "ceo", "--key", project.beside("ceo").to_str().unwrap(), "--today", "2026-06-02"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert_eq!(state(&project, "POL-001")["state"], "changed", "on the day before, it was not approved yet");
    assert!(project.run("approvals", &["--today", "2026-06-02"]).out.contains("POL-001  as it stands"));
}

#[test]
fn what_was_tampered_with_does_not_count() {
    let project = with_signers();
    approved(&project, &["POL-001"], "ceo");
    let record = fs::read_to_string(project.path(RECORD)).unwrap();
    let codes = |project: &Project| project.run("check", &[]).codes().into_iter().map(str::to_owned).collect::<Vec<_>>();

    project.write(RECORD, record.replace("date: 2026-06-01", "date: 2026-01-01"));
    assert_eq!(codes(&project), ["warning[approval-missing", "error[signature-invalid"]);
    project.write(RECORD, record.replace('\n', "\r\n"));
    assert_eq!(codes(&project), ["note[carriage-return"], "line ends are not what was signed");
    project.write(RECORD, &record);

    let signature = fs::read(project.path(&format!("{RECORD}.sig"))).unwrap();
    project.write(&format!("{RECORD}.sig"), b"no signature");
    assert_eq!(codes(&project), ["warning[approval-missing", "error[signature-invalid"]);
    let other = annexa::history::approval::signature::sign(&key(2), "annexa-approval", record.as_bytes()).unwrap();
    project.write(&format!("{RECORD}.sig"), other);
    assert_eq!(codes(&project), ["warning[approval-missing", "warning[signer-unknown"], "the ciso's key is not the ceo's");
    fs::remove_file(project.path(&format!("{RECORD}.sig"))).unwrap();
    assert_eq!(codes(&project), ["warning[approval-missing", "warning[approval-unsigned"]);
    project.write(&format!("{RECORD}.sig"), &signature);

    let signers = fs::read_to_string(project.path("records/allowed_signers")).unwrap();
    project.write("records/allowed_signers", signers.replace("ceo namespaces", "ceo valid-before=\"20260101\",namespaces"));
    assert_eq!(codes(&project), ["warning[approval-missing", "warning[signer-unknown"]);
    project.write("records/allowed_signers", "ceo ssh-ed25519 rubbish\n");
    assert_eq!(codes(&project), ["warning[approval-missing", "warning[signer-unknown", "warning[signer-unknown"]);
    project.write("records/allowed_signers", &signers);
    assert_eq!(codes(&project), [""; 0]);

    // A text that was approved and is gone is missed only where something has changed.
    fs::remove_dir_all(project.path("records/approved")).unwrap();
    assert_eq!(codes(&project), [""; 0]);
    project.edit(POLICY, "Keys", "All keys");
    let ran = project.run("check", &[]);
    assert!(ran.out.contains("no longer in records/approved"), "{}", ran.out);
}

#[test]
fn who_may_not_approve_is_refused_and_what_they_recorded_does_not_count() {
    let project = with_signers();
    let refused = |what: &str, role: &str, why: &str| {
        let ran = approve(&project, &[what], role);
        assert_eq!(ran.status, Some(2), "{}{}", ran.out, ran.err);
        assert!(ran.err.contains(why), "{}", ran.err);
    };
    refused("POL-001", "ciso", "`ciso` may not approve POL-001; it is for `ceo`");
    refused("POL-002", "ceo", "there is no document `POL-002`; did you mean `POL-001`?");
    refused("POL-001", "cisoo", "did you mean `ciso`?");
    refused("treatments", "ceo", "`ceo` owns no risk");
    refused("soa", "ceo", "nothing says who may approve");
    refused("everything", "ceo", "cannot be approved");
    assert!(!project.path("records/approvals").exists());

    project.write("annexa.yaml", format!("{SETTINGS}approvals: {{by: {{policy: [ciso]}}}}\n"));
    refused("POL-001", "ciso", "`ciso` is the author of this version of POL-001");
    project.edit(POLICY, "author: ciso", "author: cto");
    approved(&project, &["POL-001"], "ciso");
    assert_eq!(project.run("check", &[]).codes(), [""; 0]);
    project.edit(POLICY, "author: cto", "author: ciso");
    assert_eq!(project.run("check", &[]).codes(), ["warning[approval-missing", "warning[approver-is-author"]);
    project.write("annexa.yaml", SETTINGS);
    assert_eq!(project.run("check", &[]).codes(), ["warning[approval-missing", "warning[approver-not-allowed"]);
}

#[test]
fn a_key_that_is_not_listed_signs_nothing() {
    let project = project();
    fs::write(project.beside("ceo"), key(1).to_openssh(ssh_key::LineEnding::LF).unwrap()).unwrap();
    let line = format!("ceo namespaces=\"annexa-approval\" {}", key(1).public_key().to_openssh().unwrap());
    let ran = approve(&project, &["POL-001"], "ceo");
    assert!(ran.status == Some(2) && ran.err.contains(&line), "the line to add is told: {}", ran.err);
    project.write("records/allowed_signers", "ciso ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB+hwRT2P1r+kKutJ5qZ06QavXiAzv90fI87XQCCAkpV\n");
    let ran = approve(&project, &["POL-001"], "ceo");
    assert!(ran.status == Some(2) && ran.err.contains("is listed for no role"), "{}", ran.err);
    project.write("records/allowed_signers", format!("{line}\n"));
    approved(&project, &["POL-001"], "ceo");
}

#[test]
fn without_signers_an_approval_counts_unsigned() {
    let project = project();
    let ran = project.run("approve", &["POL-001", "--as", "ceo", "--unsigned", "--record-only"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert_eq!(fs::read_to_string(project.path(POLICY)).unwrap(), policy());
    assert_eq!(project.run("check", &[]).codes(), [""; 0]);
    assert!(project.run("approvals", &[]).out.contains("not signed"));
}

#[test]
fn a_project_can_ask_for_approvals_before_the_first() {
    let project = project();
    project.write("annexa.yaml", format!("{SETTINGS}approvals: {{required: true}}\n"));
    assert_eq!(project.run("check", &[]).codes(), ["warning[approval-missing"]);
    project.write("annexa.yaml", SETTINGS);
    assert!(project.run("approvals", &[]).out.starts_with("No approval is recorded."));
}

/// The law of views: a changed word in a section that customers do not see leaves their site as it is, byte for byte, though the whole is no longer what was approved.
#[test]
fn what_is_withheld_shows_in_no_approval_of_a_lower_view() {
    let project = with_signers();
    approved(&project, &["POL-001"], "ceo");
    let before = files(&project.build(&["--audience", "customer"]));
    let page = String::from_utf8(before["documents/pol-001.html"].clone()).unwrap();
    assert!(page.contains("<dd>As it stands, by Managing director on 2026-06-01</dd>"), "{page}");
    project.edit(POLICY, "in the cellar", "on the roof");
    assert_eq!(state(&project, "POL-001")["state"], "changed");
    assert_same(&before, &files(&project.build(&["--audience", "customer"])));
    project.edit(POLICY, "Keys are", "Keys and badges are");
    let after = files(&project.build(&["--audience", "customer"]));
    let page = String::from_utf8(after["documents/pol-001.html"].clone()).unwrap();
    assert!(page.contains("2 words inserted (Leavers)"), "{page}");
}

#[test]
fn the_statement_of_applicability_the_treatment_plan_and_a_release_are_approved_alike() {
    let project = with_signers();
    project.write(
        "annexa.yaml",
        format!("{SETTINGS}soa: {{version: \"1.0\", owner: ciso, approver: ceo, approved: 2026-01-01}}\n")
            .replace("[gdpr]", "[gdpr, iso27001@2022]"),
    );
    let statement = "{applicable: true, reasons: [business], status: planned, implementation: By hand., owner: ciso}";
    project.write("content/controls/iso27001.yaml", format!("framework: iso27001@2022\nstatements:\n  A.5.1: {statement}\n"));
    let risk = "scenario: It burns., likelihood: 2, confidentiality: 1, integrity: 1, availability: 5, decision: modify";
    project.write(
        "content/registers/risks.yaml",
        format!("register: risks\nrows:\n  - {{id: RSK-001, title: Fire, owner: ceo, {risk}, treatments: [TRT-001]}}\n  - {{id: RSK-002, title: Flood, owner: ciso, {risk}}}\n"),
    );
    project.write(
        "content/registers/treatments.yaml",
        "register: treatments\nrows:\n  - {id: TRT-001, title: Alarm, risks: [RSK-001], owner: cto, status: planned, due: 2026-12-01}\n",
    );
    // Every other control lacks its statement, which is an error of the Statement of Applicability.
    let ran = approve(&project, &["soa"], "ceo");
    assert!(ran.status == Some(1) && ran.err.contains("Nothing was approved"), "{}{}", ran.out, ran.err);
    let all: String = (1..=37)
        .map(|n| format!("  A.5.{n}: {statement}\n"))
        .chain((1..=8).map(|n| format!("  A.6.{n}: {statement}\n")))
        .chain((1..=14).map(|n| format!("  A.7.{n}: {statement}\n")))
        .chain((1..=34).map(|n| format!("  A.8.{n}: {statement}\n")))
        .collect();
    project.write("content/controls/iso27001.yaml", format!("framework: iso27001@2022\nstatements:\n{all}"));

    approved(&project, &["soa", "treatments"], "ceo");
    assert!(fs::read_to_string(project.path("annexa.yaml")).unwrap().contains("approved: 2026-06-01}"));
    approved(&project, &["release"], "ceo");
    for what in ["soa", "treatments", "release"] {
        assert_eq!(state(&project, what)["state"], "as-it-stands", "{what}");
    }
    let list = project.run("approvals", &[]).out;
    assert!(list.contains("treatments  never approved  Risk treatment plan, risks of ciso"), "{list}");
    // How far a treatment has come is no change of the plan; its date is.
    project.edit("content/registers/treatments.yaml", "status: planned", "status: in-progress");
    assert_eq!(state(&project, "treatments")["state"], "as-it-stands");
    assert_eq!(state(&project, "release")["change"]["places"], serde_json::json!(["content/registers/treatments.yaml"]));
    project.edit("content/registers/treatments.yaml", "2026-12-01", "2027-12-01");
    assert_eq!(state(&project, "treatments")["change"], serde_json::json!({"inserted": 1, "deleted": 1, "places": ["RSK-001"]}));
    project.edit(
        "content/controls/iso27001.yaml",
        "  A.5.2: {applicable: true, reasons: [business], status: planned",
        "  A.5.2: {applicable: true, reasons: [business], status: partial",
    );
    assert_eq!(state(&project, "soa")["change"]["places"], serde_json::json!(["iso27001@2022:A.5.2"]));
    let codes = project.run("check", &[]);
    let changed = codes.codes().into_iter().filter(|code| *code == "warning[changed-since-approval").count();
    assert_eq!(changed, 2, "{}", codes.out);
    assert!(codes.out.contains("annexa approve treatments --as ciso"), "the other owner of risks has approved nothing: {}", codes.out);
    let site = project.build(&[]);
    let plan = fs::read_to_string(site.join("registers/treatments.html")).unwrap();
    assert!(
        plan.contains("Risks of Managing director: Changed since")
            && plan.contains("Risks of Information security officer: Never approved")
    );
    let page = fs::read_to_string(site.join("soa.html")).unwrap();
    assert!(page.contains("<dd>Changed since it was approved by Managing director on 2026-06-01"), "{page}");
}

#[test]
fn a_review_without_change_counts_as_reviewed_and_leaves_the_approval() {
    let project = with_signers();
    approved(&project, &["POL-001"], "ceo");
    let before = fs::read_to_string(project.path(POLICY)).unwrap();
    project.write("records/reviews.yaml", "# kept by hand\nregister: reviews\nrows: # none yet\n");
    let ran = project.run("review", &["POL-001", "--as", "ciso", "--today", "2027-05-20"]);
    assert_eq!(
        ran.out, "POL-001 was reviewed on 2027-05-20 by `ciso` without change, next on 2028-05-20: RVW-001 in records/reviews.yaml\n",
        "{}",
        ran.err
    );
    assert_eq!(fs::read_to_string(project.path(POLICY)).unwrap(), before);
    assert!(
        fs::read_to_string(project.path("records/reviews.yaml"))
            .unwrap()
            .starts_with("# kept by hand\nregister: reviews\nrows: # none yet\n  - id: RVW-001\n")
    );
    assert_eq!(project.run("check", &["--today", "2028-05-01"]).codes(), [""; 0], "not overdue");
    assert_eq!(project.run("check", &["--today", "2028-06-01"]).codes(), ["warning[review-overdue"]);
    assert!(project.run("approvals", &["--today", "2028-05-01"]).out.contains("as it stands"));
    let page = fs::read_to_string(project.build(&["--today", "2028-05-01"]).join("documents/pol-001.html")).unwrap();
    assert!(page.contains("2027-05-20") && page.contains("2028-05-20"));
    // A review of an earlier day changes nothing, and one before a later one is refused.
    let ran = project.run("review", &["POL-001", "--as", "ciso", "--today", "2027-01-01"]);
    assert!(ran.status == Some(2) && ran.err.contains("was reviewed on 2027-05-20"), "{}", ran.err);
    let ran = project.run("review", &["ciso", "--as", "ciso"]);
    assert!(ran.status == Some(2) && ran.err.contains("not reviewed one by one"), "{}", ran.err);
}

#[test]
fn what_falls_due_is_listed_and_made_a_calendar() {
    let project = project();
    project.write(
        "content/registers/audits.yaml",
        "register: audits\nrows:\n  - {id: AUD-001, title: \"Internal audit; all, clauses\", kind: internal, scope: All., auditor: Us, planned: 2026-07-15}\n  - {id: AUD-002, title: Later, kind: internal, scope: All., auditor: Us, planned: 2026-12-01}\n  - {id: AUD-003, title: Missed, kind: internal, scope: All., auditor: Us, planned: 2026-05-01}\n",
    );
    let ran = project.run("due", &["--within", "60d"]);
    assert_eq!(
        ran.out,
        "2026-05-01  overdue  Audit  AUD-003    Missed\n2026-07-15           Audit  AUD-001    Internal audit; all, clauses\n\n1 overdue on 2026-06-01, 1 due until 2026-07-31\n",
        "{}",
        ran.err
    );
    assert!(project.run("due", &["--within", "1y"]).out.contains("2027-03-02           Document review  POL-001  ciso  Title of POL-001"));
    assert!(project.run("due", &["--within", "1y", "--owner", "ciso"]).out.ends_with("0 overdue on 2026-06-01, 1 due until 2027-06-01\n"));
    let ics = project.run("due", &["--within", "60d", "--format", "ics"]).out;
    assert!(ics.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && ics.ends_with("END:VCALENDAR\r\n"), "{ics}");
    assert!(ics.contains("DTSTART;VALUE=DATE:20260715\r\nSUMMARY:Audit: AUD-001 Internal audit\\; all\\, clauses\r\n"), "{ics}");
    assert_eq!(ics, project.run("due", &["--within", "60d", "--format", "ics"]).out);
    let site = project.build(&[]);
    assert!(fs::read_to_string(site.join("calendar.ics")).unwrap().contains("AUD-002"));
    assert!(fs::read_to_string(site.join("calendar.html")).unwrap().contains("href=\"calendar.ics\""));
    for bad in ["", "d", "60", "60x", "-1d", "99999d"] {
        assert_eq!(project.run("due", &["--within", bad]).status, Some(2), "{bad}");
    }
}

#[test]
fn records_that_are_broken_are_told_and_never_stop_the_others() {
    let project = with_signers();
    approved(&project, &["POL-001"], "ceo");
    for (name, text, code) in [
        ("a.yaml", "approval: [", "error[yaml-syntax"),
        ("b.yaml", "approval: nobody\napprover: ceo\ndate: 2026-01-01\nformat: x\nsha256: 00\n", "error[invalid-value"),
        ("c.yaml", "approval: POL-001\napprover: ceo\ndate: 2026-01-01\nformat: annexa-document-1\nsha256: 00\n", "error[invalid-value"),
        ("d.yaml", "approval: POL-001\n", "error[missing-key"),
        (
            "e.yaml",
            "approval: POL-001\napprover: ceo\ndate: 2026-01-01\nformat: annexa-document-9\nsha256: 00\n",
            "error[unsupported-format",
        ),
    ] {
        project.write(&format!("records/approvals/{name}"), text);
        assert_eq!(project.run("check", &[]).codes(), [code], "{name}");
        fs::remove_file(project.path(&format!("records/approvals/{name}"))).unwrap();
    }
}

/// A register that somebody keeps with other line ends and comments is added to as it is.
#[test]
fn a_review_keeps_what_is_there() {
    let project = project();
    let before =
        "register: reviews\r\nrows:\r\n  - {id: RVW-007, item: POL-001, date: 2026-05-01, reviewer: ciso, result: no-change} # by mail\r\n";
    project.write("records/reviews.yaml", before);
    let ran = project.run("review", &["POL-001", "gdpr:32", "--as", "ciso"]);
    assert!(ran.status == Some(2) && ran.err.contains("no statement decides"), "{}{}", ran.out, ran.err);
    assert_eq!(fs::read_to_string(project.path("records/reviews.yaml")).unwrap(), before, "all or nothing");
    assert_eq!(project.run("review", &["POL-001", "--as", "ciso"]).status, Some(0));
    let after = fs::read_to_string(project.path("records/reviews.yaml")).unwrap();
    assert!(after.starts_with(before) && after.contains("  - id: RVW-008\r\n    item: POL-001\r\n    date: 2026-06-01\r\n"), "{after:?}");
}

/// What others wrote is never in the way of an approval, and a second one of a day gets a name of its own.
#[test]
fn approvals_never_replace_one_another() {
    let project = with_signers();
    approved(&project, &["POL-001"], "ceo");
    let first = fs::read(project.path(RECORD)).unwrap();
    project.edit(POLICY, "24 hours", "8 hours");
    let said = approved(&project, &["POL-001"], "ceo");
    assert!(said.contains("records/approvals/pol-001-2026-06-01-ceo-2.yaml"), "{said}");
    assert_eq!(fs::read(project.path(RECORD)).unwrap(), first);
    assert_eq!(state(&project, "POL-001")["state"], "as-it-stands", "of one day, the later one counts");
    assert_eq!(files(&project.path("records/approved")).len(), 2);
    // Back to the first text: what was approved last is something else.
    project.edit(POLICY, "8 hours", "24 hours");
    assert_eq!(state(&project, "POL-001")["state"], "changed");
}

/// A key that only ssh-agent holds signs, if it is listed for the role; `ssh-keygen` takes the signature for one of its own.
#[cfg(unix)]
#[test]
fn a_key_that_an_agent_holds_signs() {
    use std::os::unix::fs::PermissionsExt;
    let there = |program: &str| Command::new(program).arg("-?").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !["ssh-agent", "ssh-add", "ssh-keygen"].into_iter().all(there) {
        return;
    }
    let project = with_signers();
    let socket = project.beside("agent");
    let mut agent = Command::new("ssh-agent").arg("-D").arg("-a").arg(&socket).stdout(Stdio::null()).spawn().unwrap();
    for _ in 0..200 {
        if socket.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    for role in ["ciso", "ceo"] {
        fs::set_permissions(project.beside(role), fs::Permissions::from_mode(0o600)).unwrap();
        // The socket is there a moment before the agent listens.
        let added = (0..100).any(|_| {
            let added = Command::new("ssh-add").arg("-q").arg(project.beside(role)).env("SSH_AUTH_SOCK", &socket).status().unwrap();
            std::thread::sleep(std::time::Duration::from_millis(if added.success() { 0 } else { 50 }));
            added.success()
        });
        assert!(added);
        fs::remove_file(project.beside(role)).unwrap();
    }
    let approve = |arguments: &[&str]| -> Ran {
        let mut command = common::annexa(project.root());
        command.args(["approve", "POL-001", "--as", "ceo", "--today", common::TODAY]).args(arguments).env("SSH_AUTH_SOCK", &socket);
        command.output().unwrap().into()
    };
    let ran = approve(&[]);
    agent.kill().unwrap();
    agent.wait().unwrap();
    assert_eq!(ran.status, Some(0), "of two keys, that of the role signs: {}", ran.err);
    assert_eq!(project.run("check", &[]).codes(), [""; 0]);
    let verified = Command::new("ssh-keygen")
        .current_dir(project.root())
        .args(["-Y", "verify", "-f", "records/allowed_signers", "-I", "ceo", "-n", "annexa-approval", "-s"])
        .arg(format!("{RECORD}.sig"))
        .stdin(fs::File::open(project.path(RECORD)).unwrap())
        .output()
        .unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

/// A key whose line has ended meanwhile: what it signed before stays valid, for Annexa and for `ssh-keygen` on the day of the approval.
#[cfg(unix)]
#[test]
fn ssh_keygen_verifies_on_the_day_of_the_approval() {
    if Command::new("ssh-keygen").arg("-?").stderr(Stdio::null()).status().is_err() {
        return;
    }
    let project = with_signers();
    approved(&project, &["POL-001"], "ceo");
    let signers = fs::read_to_string(project.path("records/allowed_signers")).unwrap();
    project.write("records/allowed_signers", signers.replace("ceo namespaces", "ceo valid-before=\"20260701\",namespaces"));
    assert_eq!(project.run("check", &[]).codes(), [""; 0]);
    let verify = |options: &[&str]| {
        let mut command = Command::new("ssh-keygen");
        command.current_dir(project.root()).args(["-Y", "verify", "-f", "records/allowed_signers", "-I", "ceo", "-n", "annexa-approval"]);
        command.args(options).arg("-s").arg(format!("{RECORD}.sig")).stdin(fs::File::open(project.path(RECORD)).unwrap());
        command.output().unwrap().status.success()
    };
    assert!(verify(&["-O", "verify-time=20260601"]));
    assert!(!verify(&["-O", "verify-time=20260801"]));
}

/// Every kind of duty falls due: what the manual asks to be reviewed, treated, audited, trained, renewed.
#[test]
fn duties_of_every_kind_fall_due() {
    let project = Project::of_the_repository();
    let ran = project.run("due", &["--within", "5y"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    for kind in [
        "Document review",
        "Statement review",
        "Risk review",
        "Treatment due",
        "Supplier review",
        "Training",
        "Audit",
        "Certificate expires",
        "Management review",
        "Corrective action due",
        "Evidence renewed",
        "Objective due",
    ] {
        assert!(ran.out.contains(kind), "{kind}");
    }
    let days: Vec<&str> = ran.out.lines().filter_map(|line| line.get(..10)).take_while(|day| day.starts_with("20")).collect();
    assert!(days.is_sorted(), "the earliest comes first");
}
