//! How people write what Annexa knows by one name.

use std::sync::Arc;

use super::words;

fn said(key: &str, text: &str) -> Option<String> {
    let classifications: Vec<Arc<str>> = ["public", "customer", "internal", "confidential"].map(Arc::from).to_vec();
    words::value(key, text, &classifications)
}

#[test]
fn a_date_is_read_where_one_day_alone_can_be_meant() {
    for text in ["2021-03-04", "2021/03/04", "4.3.2021", "4 March 2021", "4th Mar 2021", "March 4, 2021", "2021-03-04T09:00:00Z"] {
        assert_eq!(said("approved", text).as_deref(), Some("2021-03-04"), "{text}");
    }
    assert_eq!(said("approved", "25/03/2021"), said("approved", "03/25/2021"));
    for text in ["03/04/2021", "soon", "", "2021", "31.2.2021", "4 Match 2021", "1/2", "99999-01-01"] {
        assert_eq!(said("approved", text), None, "{text}");
    }
}

#[test]
fn a_mark_means_the_more_restricted_where_it_could_mean_two() {
    for (text, mark) in [
        ("Public", Some("public")),
        ("Internal use only", Some("internal")),
        ("RESTRICTED", Some("confidential")),
        ("Internal / Confidential", Some("confidential")),
        ("Not public", None),
        ("Green", None),
    ] {
        assert_eq!(said("classification", text).as_deref(), mark, "{text}");
    }
}

#[test]
fn an_identifier_is_told_from_versions_years_and_standards() {
    for (text, id) in [
        ("POL-004: Access", Some("POL-004")),
        ("ISMS-POL-003", Some("POL-003")),
        ("sop_12 - Backup", Some("SOP-12")),
        ("ISO-27001 policy", None),
        ("rev-3", None),
        ("Report DR-2024", None),
        ("Access control", None),
    ] {
        assert_eq!(words::id(text).as_deref(), id, "{text}");
    }
}

#[test]
fn roles_have_ids_of_their_names_or_of_what_stands_in_brackets() {
    let id = |text: &str| words::role(text).map(|(id, _)| id);
    assert_eq!(id("Chief Information Security Officer (CISO)").as_deref(), Some("ciso"));
    assert_eq!(id("IT Operations / Platform team").as_deref(), Some("it-operations"));
    assert_eq!((id("TBD"), id("<name>"), id("")), (None, None, None));
}

#[test]
fn the_last_word_says_what_a_document_is() {
    for (text, kind) in [
        ("Incident response plan", Some("plan")),
        ("backup-procedure.md", Some("sop")),
        ("Standard for passwords", Some("guideline")),
        ("Passwords", None),
    ] {
        assert_eq!(words::kind(text), kind, "{text}");
    }
}
