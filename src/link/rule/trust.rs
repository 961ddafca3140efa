//! What the trust site needs, and what it would show wrongly.

use jiff::ToSpan;

use super::lookup::Look;
use crate::base::finding::Finding;
use crate::base::id::{EditionId, Reference};
use crate::base::rule;
use crate::base::word::{Phrase, phrase, word};
use crate::link::manual::Manual;
use crate::link::report;
use crate::read::register::{CERTIFICATES, EVIDENCE, MEASURES, QUESTIONS, SUPPLIERS, is_outward};
use crate::read::value::Classification;

/// References of the settings: answers of the first page, and the penetration test.
pub(super) fn of_settings(manual: &Manual, findings: &mut Vec<Finding>) {
    let Some(trust) = &manual.view.project.trust else { return };
    let look = Look { manual, from: None };
    for answer in &trust.answers {
        look.of_prefix(&answer.value, &[QUESTIONS.prefix], word!("a row of questions"), answer.span, findings);
    }
    if let Some(test) = &trust.penetration_test {
        look.of_prefix(&test.value, &[EVIDENCE.prefix], word!("a row of evidence"), test.span, findings);
    }
}

/// trust-incomplete
pub(super) fn incomplete(manual: &Manual, findings: &mut Vec<Finding>) {
    let project = &manual.view.project;
    let Some(trust) = &project.trust else { return };
    let mut lacks = |span, message: Phrase, help: Phrase| findings.push(Finding::new(&rule::TRUST_INCOMPLETE, span, message).help(help));
    // Others than the public find their site by a link that they were given.
    let public = Classification(0);
    if trust.audiences.contains(&public) && !trust.base_urls.contains_key(&public) {
        let name = project.classification_name(public);
        let message =
            phrase!("the trust site for {name} has no base URL, and so no sitemap, no canonical links and no previews", name = name);
        lacks(trust.span, message, phrase!("write `base_url: {{name}: \"https://trust.example.com\"}` in `trust`, say", name = name));
    }
    if let Some(security) = &trust.security_txt {
        if security.contact.is_empty() && project.organisation.text("security_contact").is_none() {
            let message = phrase!("security.txt has nobody to write to, and is left out");
            lacks(security.expires.span, message, phrase!("write `security_contact:` in `org`, or `contact:` in `security_txt`"));
        }
        for url in trust.base_urls.values() {
            let path = url.value.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
            if path.is_some() {
                let message = phrase!(
                    "`{url}` lies below the root of its host, where security.txt and robots.txt are not looked for",
                    url = url.value
                );
                lacks(url.span, message, phrase!("serve the site at the root of a host, or copy the two files there"));
            }
        }
    }
    if let Some(test) = &trust.penetration_test
        && let Reference::Item { id, .. } = &test.value
        && let Some((register, row)) = manual.row(id)
    {
        let seen = trust.audiences.iter().any(|audience| row.classification <= *audience);
        if !seen || !is_outward("date", register.kind.schema, &row.fields) {
            let message = phrase!("no audience of the trust site sees the date of {id}", id = id);
            let help = phrase!(
                "write `classification: customer` and `outward: [title, date]` to the row, say: it opens no more than these fields"
            );
            lacks(test.span, message, help);
        }
    }
}

/// security-txt-expired (RFC 9116, 2.5.5)
pub(super) fn security_txt(manual: &Manual, findings: &mut Vec<Finding>) {
    let settings = manual.view.project.trust.as_ref().and_then(|trust| trust.security_txt.as_ref());
    let Some(expires) = settings.map(|settings| &settings.expires) else { return };
    let message = if expires.value <= manual.today {
        phrase!("security.txt expired on {date}", date = expires.value)
    } else if expires.value > manual.today.saturating_add(1.year()) {
        phrase!("security.txt expires on {date}, more than a year after today, {today}", date = expires.value, today = manual.today)
    } else {
        return;
    };
    findings.push(
        Finding::new(&rule::SECURITY_TXT_EXPIRED, expires.span, message)
            .help(phrase!("check that its contacts are read, then write a day within the year to come")),
    );
}

/// certificate-extends-nothing
pub(super) fn certificates(manual: &Manual, findings: &mut Vec<Finding>) {
    for row in manual.rows(CERTIFICATES.name) {
        let Some(standard) = row.fields.text("standard").filter(|standard| report::is_extension(standard)) else { continue };
        let extends = row.fields.references("extends");
        let base = extends.first().and_then(|reference| match &reference.value {
            Reference::Item { id, .. } => manual.row(id),
            Reference::Control { .. } => None,
        });
        let good = base.is_some_and(|(register, base)| {
            register.kind.name == CERTIFICATES.name && base.fields.text("standard").is_some_and(|standard| report::is_extensible(standard))
        });
        // What cannot be found is told of already.
        if good || (base.is_none() && row.fields.is_written("extends")) {
            continue;
        }
        let key = if base.is_some() { "extends" } else { "standard" };
        findings.push(
            Finding::new(
                &rule::CERTIFICATE_EXTENDS_NOTHING,
                row.fields.span_of(key),
                phrase!("{id} ({standard}) extends no certificate of ISO/IEC 27001", id = row.id, standard = standard),
            )
            .help(phrase!("write `extends:` with the row of the certificate of ISO/IEC 27001 that it is a part of")),
        );
    }
}

/// provision-without-measure (GDPR, Article 32)
pub(super) fn provisions(manual: &Manual, findings: &mut Vec<Finding>) {
    let Some(first) = manual.rows(MEASURES.name).next() else { return };
    let Some(catalogue) = EditionId::parse("gdpr").and_then(|id| manual.view.catalogues.find(&id).ok()) else { return };
    for id in report::PROVISIONS {
        let Some(provision) = catalogue.control(id) else { continue };
        if !manual.rows(MEASURES.name).any(|row| report::meets(manual, row, provision)) {
            findings.push(
                Finding::new(
                    &rule::PROVISION_WITHOUT_MEASURE,
                    first.span(),
                    phrase!("no measure is listed for `gdpr:{id}` ({title})", id = id, title = provision.title),
                )
                .help(phrase!("add a row to the register of measures, or `gdpr:{id}` to the `provisions` of one that meets it", id = id)),
            );
        }
    }
}

/// notice-too-short (GDPR, Article 28(2)); what the audience of the trust site does not see was promised to nobody.
pub(super) fn notices(manual: &Manual, findings: &mut Vec<Finding>) {
    let Some(trust) = &manual.view.project.trust else { return };
    let Some(days) = trust.notice_days else { return };
    let highest = trust.audiences.iter().max().copied().unwrap_or(Classification(0));
    for row in manual.rows(SUPPLIERS.name).filter(|row| row.classification <= highest && row.fields.flag("subprocessor") == Some(true)) {
        let (Some(announced), Some(since)) = (row.fields.date("announced"), row.fields.date("since")) else { continue };
        if since < announced.saturating_add(days.days()) {
            findings.push(
                Finding::new(
                    &rule::NOTICE_TOO_SHORT,
                    row.fields.span_of("announced"),
                    phrase!(
                        "{id} was announced on {announced} and begins on {since}, and {days} days of notice are promised",
                        id = row.id,
                        announced = announced,
                        since = since,
                        days = days
                    ),
                )
                .help(phrase!("let it begin later, or correct the dates"))
                .related(trust.span, phrase!("promised here")),
            );
        }
    }
}
