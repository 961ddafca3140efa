//! `trust` of annexa.yaml: the site that customers and the public get in place of the manual's.
//!
//! All of it is published to every audience of the site, but for what says `for` whom it is. What a row of a register can say stands in the
//! register, where its mark decides who sees it: here is only which rows the first page shows.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::address;
use super::schema::{Field, Kind, Schema, unknown_value};
use super::value::{Classification, Record, Value};
use crate::base::finding::{Finding, Span, Spanned};
use crate::base::id::Reference;
use crate::base::rule;
use crate::base::word::{Word, phrase, word};

static LOGO: Schema = Schema {
    name: Word::name("`logo`"),
    fields: &[
        Field::new("file", "File", Kind::Text).about("A file of the project.").required(),
        Field::new("dark", "File on a dark ground", Kind::Text).about("The file for dark grounds."),
        Field::new("alt", "Alternative text", Kind::Text).about("Words for those who do not see it."),
    ],
};

static OFFICER: Schema = Schema {
    name: Word::name("`dpo`"),
    fields: &[
        Field::new("name", "Name", Kind::Text).required(),
        Field::new("mail", "Mail", Kind::Mail),
        Field::new("phone", "Telephone", Kind::Text),
        Field::new("address", "Address", Kind::Text),
    ],
};

static REQUEST: Schema = Schema {
    name: word!("an item of `on_request`"),
    fields: &[
        Field::new("title", "Title", Kind::Text).about("What is given on request and is no document of the manual.").required(),
        Field::new("for", "For", Kind::Classification).about("Who is told of it.").required(),
        Field::new("nda", "Under a non-disclosure agreement", Kind::Flag)
            .about("Whether it is given under a non-disclosure agreement only."),
    ],
};

/// The fields of RFC 9116, 2.5.
static SECURITY_TXT: Schema = Schema {
    name: Word::name("`security_txt`"),
    fields: &[
        Field::new("expires", "Expires", Kind::Date).about("When the file is stale: within a year.").required(),
        Field::new("contact", "Contact", Kind::List(&Kind::Contact)).about("Where to report a weakness, the preferred first."),
        Field::new("policy", "Policy", Kind::Url).about("The policy on reports."),
        Field::new("encryption", "Encryption", Kind::Url).about("A key to encrypt reports with."),
        Field::new("acknowledgments", "Acknowledgments", Kind::Url).about("Where reporters are thanked."),
        Field::new("hiring", "Hiring", Kind::Url).about("Open positions."),
        Field::new("languages", "Preferred languages", Kind::List(&Kind::Language)).about("Languages that reports may be in."),
    ],
};

/// The keys of `trust`.
pub(super) static SCHEMA: Schema = Schema {
    name: Word::name("`trust`"),
    fields: &[
        Field::new("audiences", "Audiences", Kind::List(&Kind::Classification))
            .about("Classifications that get this site; never the highest.")
            .required(),
        Field::new("title", "Title", Kind::Text).about("The title of the site."),
        Field::new("lead", "Lead", Kind::Text).about("The sentence below the title."),
        Field::new("base_url", "Base URL", Kind::Texts).about("Where each audience's site is served, by classification."),
        Field::new("logo", "Logo", Kind::Record(&LOGO)).about("The logo; the theme's unless said."),
        Field::new("preview", "Image for previews of links", Kind::Text).about("The image that previews of links show."),
        Field::new("answers", "Answers on the first page", Kind::List(&Kind::Reference))
            .about("Questions that the first page answers in full."),
        Field::new("penetration_test", "Last penetration test", Kind::Reference).about("The row of evidence of the last penetration test."),
        Field::new("status_page", "Status page", Kind::Url).about("Where availability is shown."),
        Field::new("notice_days", "Notice of a new subprocessor in days", Kind::Integer(0, 365))
            .about("How many days before it begins a new subprocessor is announced."),
        Field::new("requests", "Requests", Kind::Contact).about("Where to ask for documents."),
        Field::new("dpo", "Data protection officer", Kind::Record(&OFFICER)).about("The data protection officer."),
        Field::new("on_request", "On request", Kind::List(&Kind::Record(&REQUEST)))
            .about("What is given on request besides documents of the manual."),
        Field::new("security_txt", "security.txt", Kind::Record(&SECURITY_TXT)).about("The fields of security.txt (RFC 9116)."),
    ],
};

/// What annexa.yaml says of the trust site.
#[derive(Clone, Debug)]
pub struct Trust {
    /// Who gets it; never those who see everything.
    pub audiences: Vec<Classification>,
    /// Its title.
    pub title: Option<Arc<str>>,
    /// The sentence below the title.
    pub lead: Option<Arc<str>>,
    /// Where each audience's site is served, without a slash at the end.
    pub base_urls: BTreeMap<Classification, Spanned<Arc<str>>>,
    /// The logo: a file of the project.
    pub logo: Option<Spanned<Arc<str>>>,
    /// The logo on a dark ground.
    pub logo_dark: Option<Spanned<Arc<str>>>,
    /// Words for those who do not see the logo.
    pub logo_alt: Option<Arc<str>>,
    /// The image that previews of links show: a file of the project.
    pub preview: Option<Spanned<Arc<str>>>,
    /// Rows of the register of questions whose answers the first page gives in full: where data lies, how it is deleted.
    pub answers: Vec<Spanned<Reference>>,
    /// The row of evidence of the last penetration test.
    pub penetration_test: Option<Spanned<Reference>>,
    /// Where the availability of the service is shown.
    pub status_page: Option<Arc<str>>,
    /// How many days before it begins a new subprocessor is announced.
    pub notice_days: Option<i64>,
    /// Where to ask for documents; a mailbox or an address on the web.
    pub requests: Option<Arc<str>>,
    /// The data protection officer.
    pub dpo: Option<Officer>,
    /// What is given on request and is no document of the manual.
    pub on_request: Vec<Request>,
    /// What `security.txt` says (RFC 9116).
    pub security_txt: Option<SecurityTxt>,
    /// Where it stands.
    pub span: Span,
}

/// The data protection officer (GDPR, Articles 13(1)(b) and 37(7)).
#[derive(Clone, Debug)]
pub struct Officer {
    /// A name or function.
    pub name: Arc<str>,
    /// A mailbox.
    pub mail: Option<Arc<str>>,
    /// A telephone number.
    pub phone: Option<Arc<str>>,
    /// A postal address.
    pub address: Option<Arc<str>>,
}

/// Something that is named and given on request.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its title.
    pub title: Arc<str>,
    /// The lowest audience to which it is named.
    pub classification: Classification,
    /// Whether it is given under a non-disclosure agreement only.
    pub nda: bool,
}

/// The fields of `security.txt` (RFC 9116, 2.5), but for `Canonical`, which follows from the base URL.
#[derive(Clone, Debug)]
pub struct SecurityTxt {
    /// The day from which the file is not to be trusted.
    pub expires: Spanned<Date>,
    /// Where to report, in order of preference: mailboxes and addresses on the web. Where there is none, the organisation's security contact.
    pub contact: Vec<Arc<str>>,
    /// The policy on reports of vulnerabilities.
    pub policy: Option<Arc<str>>,
    /// A key.
    pub encryption: Option<Arc<str>>,
    /// Where those who reported are thanked.
    pub acknowledgments: Option<Arc<str>>,
    /// Open positions.
    pub hiring: Option<Arc<str>>,
    /// Codes of languages.
    pub languages: Vec<Arc<str>>,
}

/// Makes the settings of what was decoded. Audiences that see everything, and base URLs of no audience, are findings.
pub(super) fn read(record: &Record, classifications: &[Arc<str>], findings: &mut Vec<Finding>) -> Trust {
    let audiences = audiences(record, classifications, findings);
    let nested = |key: &str| match record.get(key) {
        Some(Value::Record(nested)) => Some(nested),
        _ => None,
    };
    let logo = nested("logo");
    let path = |record: Option<&Record>, key: &str| {
        record.and_then(|record| Some(Spanned { value: record.text(key)?.clone(), span: record.span_of(key) }))
    };
    Trust {
        base_urls: base_urls(record, &audiences, classifications, findings),
        audiences,
        title: record.text("title").cloned(),
        lead: record.text("lead").cloned(),
        logo: path(logo, "file"),
        logo_dark: path(logo, "dark"),
        logo_alt: logo.and_then(|logo| logo.text("alt").cloned()),
        preview: path(Some(record), "preview"),
        answers: record.references("answers"),
        penetration_test: record.references("penetration_test").into_iter().next(),
        status_page: record.text("status_page").cloned(),
        notice_days: record.integer("notice_days"),
        requests: record.text("requests").cloned(),
        dpo: nested("dpo").and_then(|dpo| {
            let text = |key: &str| dpo.text(key).cloned();
            Some(Officer { name: text("name")?, mail: text("mail"), phone: text("phone"), address: text("address") })
        }),
        on_request: record.list("on_request").iter().filter_map(|item| request(&item.value)).collect(),
        security_txt: nested("security_txt").and_then(security_txt),
        span: record.span,
    }
}

fn audiences(record: &Record, classifications: &[Arc<str>], findings: &mut Vec<Finding>) -> Vec<Classification> {
    let highest = Classification::highest(classifications);
    let mut audiences = Vec::new();
    for item in record.list("audiences") {
        let Value::Classification(audience) = item.value else { continue };
        if audience == highest {
            findings.push(
                Finding::new(&rule::INVALID_VALUE, item.span, phrase!("those who see everything get the manual, not the trust site"))
                    .help(phrase!("name classifications below the highest, as in `audiences: [public, customer]`")),
            );
        } else {
            audiences.push(audience);
        }
    }
    audiences
}

fn base_urls(
    record: &Record,
    audiences: &[Classification],
    classifications: &[Arc<str>],
    findings: &mut Vec<Finding>,
) -> BTreeMap<Classification, Spanned<Arc<str>>> {
    let mut urls = BTreeMap::new();
    let Some(Value::Texts(texts)) = record.get("base_url") else { return urls };
    let name = |audience: &Classification| classifications.get(usize::from(audience.0)).map_or("", AsRef::as_ref);
    for (key, url) in texts {
        let Some(audience) = audiences.iter().find(|audience| name(audience) == key.as_ref()) else {
            let known: Vec<&str> = audiences.iter().map(name).collect();
            findings.push(unknown_value(key, url.span, word!("an audience of `base_url`"), &known));
            continue;
        };
        if address::is_web(&url.value) && !url.value.contains(['?', '#']) {
            urls.insert(*audience, Spanned { value: url.value.trim_end_matches('/').into(), span: url.span });
        } else {
            findings.push(
                Finding::new(&rule::INVALID_VALUE, url.span, phrase!("`{key}` cannot be `{value}`", key = "base_url", value = url.value))
                    .help(phrase!("write where the site is served, as in https://trust.example.com")),
            );
        }
    }
    urls
}

fn request(value: &Value) -> Option<Request> {
    let Value::Record(record) = value else { return None };
    Some(Request {
        title: record.text("title")?.clone(),
        classification: record.classification("for")?,
        nda: record.flag("nda").unwrap_or(false),
    })
}

fn security_txt(record: &Record) -> Option<SecurityTxt> {
    let texts = |key: &str| {
        let text = |item: &Spanned<Value>| if let Value::Text(text) = &item.value { Some(text.clone()) } else { None };
        record.list(key).iter().filter_map(text).collect()
    };
    let text = |key: &str| record.text(key).cloned();
    Some(SecurityTxt {
        expires: Spanned { value: record.date("expires")?, span: record.span_of("expires") },
        contact: texts("contact"),
        policy: text("policy"),
        encryption: text("encryption"),
        acknowledgments: text("acknowledgments"),
        hiring: text("hiring"),
        languages: texts("languages"),
    })
}
