//! The trust site: what a customer's reviewer finds, what hosts and programs find, and what nobody finds.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use common::html::{tags, well_formed};
use common::{Project, files};

const SETTINGS: &str = "format: 1
title: Inner manual
org: {name: Example Ltd, service: Example Cloud, security_contact: security@a.example, privacy_contact: privacy@a.example}
frameworks: [gdpr]
site: {base_url: https://isms.internal.example}
trust:
  audiences: [public, customer]
  title: Trust in Example
  lead: What reviewers ask.
  base_url: {public: https://trust.a.example/}
  logo: {file: content/assets/logo.svg, alt: Example}
  answers: [QST-001]
  penetration_test: EVD-001
  status_page: https://status.a.example
  notice_days: 30
  requests: trust@a.example
  dpo: {name: Officer of Example, phone: +49 40 1}
  on_request:
    - {title: Letter of the testers, for: public, nda: true}
    - {title: Contract for customers, for: customer}
  security_txt: {expires: 2026-12-31, policy: https://a.example/policy, languages: [en, de]}
";

const SUPPLIERS: &str = "register: suppliers
rows:
  - {id: SUP-001, name: Host & Sons, purpose: Hosting, kind: professional, data: Cases, personal_data: true, subprocessor: true, country: Ireland, transfer: None, announced: 2023-04-01, since: 2023-06-01, agreement: 2023-05-01, owner: ciso, classification: public, changes: [{date: 2025-02-03, change: A second site}]}
  - {id: SUP-002, name: Scanner, purpose: Scanning, kind: professional, personal_data: true, subprocessor: true, country: Germany, announced: 2026-05-20, since: 2026-07-01, agreement: 2026-05-01, owner: ciso, classification: public}
  - {id: SUP-003, name: Printer, purpose: Printing, kind: professional, personal_data: true, subprocessor: true, country: Denmark, since: 2021-01-01, until: 2024-12-31, agreement: 2021-01-01, owner: ciso, classification: public}
  - {id: SUP-004, name: Cleaner, purpose: Cleaning, kind: facility, personal_data: false, country: Germany, owner: ciso, classification: public}
  - {id: SUP-005, name: Hidden helper, purpose: Secret, kind: professional, personal_data: true, subprocessor: true, country: Spain, since: 2022-01-01, agreement: 2022-01-01, owner: ciso}
";

const REGISTERS: &[(&str, &str)] = &[
    (
        "content/registers/certificates.yaml",
        "register: certificates
rows:
  - {id: CRT-002, standard: ISO/IEC 27018:2019, number: C-17-P, body: Body BV, scope: Personal data, issued: 2025-01-01, valid_until: 2027-12-31, extends: CRT-001, classification: public}
  - {id: CRT-001, standard: ISO/IEC 27001:2022, number: C-17, body: Body BV, accreditation: Council 9, scope: All of it, sites: Hamburg, soa_version: \"1.3\", issued: 2025-01-01, valid_until: 2027-12-31, classification: public}
",
    ),
    (
        "content/registers/measures.yaml",
        "register: measures
rows:
  - {id: TOM-001, title: Instructions, description: People act on them., objective: Nothing else is done., provisions: [\"gdpr:32(4)\", \"gdpr:32(2)\"], owner: ciso, reviewed: 2026-03-01, classification: public}
  - {id: TOM-002, title: Encryption, description: All of it., objective: Nobody reads it., provisions: [\"gdpr:32(1)(a)\", \"gdpr:32(1)(b)\", \"gdpr:32(1)(c)\", \"gdpr:32(1)(d)\"], owner: ceo, reviewed: 2026-02-01, classification: public}
  - {id: TOM-003, title: A secret measure, description: Hush., objective: Silence., provisions: [\"gdpr:32(1)(a)\"], owner: ciso, reviewed: 2020-01-01}
",
    ),
    (
        "content/registers/questions.yaml",
        "register: questions
rows:
  - {id: QST-001, topic: Data, question: Where does data lie?, answer: In **Ireland**., sources: [SUP-001, POL-002], outward: [sources], owner: ciso, reviewed: 2026-01-15, classification: public}
  - {id: QST-002, topic: People, question: Are they trained?, short: \"yes\", answer: Each year., owner: ciso, wordings: [Awareness], classification: customer}
",
    ),
    (
        "content/registers/evidence.yaml",
        "register: evidence
rows:
  - {id: EVD-001, title: Test by a firm, source: Safe, controls: [\"gdpr:32(1)(d)\"], date: 2026-02-14, result: pass, classification: customer, outward: [date]}
",
    ),
    ("content/registers/suppliers.yaml", SUPPLIERS),
    (
        "content/registers/roles.yaml",
        "register: roles\nrows:\n  - {id: ciso, title: Head of Security, classification: public}\n  - {id: ceo, title: Managing director}\n",
    ),
    ("content/assets/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"10\"><title>Example</title></svg>"),
];

fn policy(id: &str, title: &str, more: &str) -> String {
    format!(
        "---\nid: {id}\ntitle: {title}\ntype: policy\nversion: \"1.0\"\nstatus: draft\nowner: ciso\napprover: ceo\nreviewed: 2026-04-01\nsatisfies: [gdpr:32]\n{more}---\n\nText of {id}.\n"
    )
}

fn project() -> Project {
    let project = Project::new(&[
        ("annexa.yaml", SETTINGS),
        ("content/policies/pol-001.md", &policy("POL-001", "Open policy", "classification: public\n")),
        (
            "content/policies/pol-002.md",
            &policy("POL-002", "Told policy", "classification: internal\nabstract: {for: customer, text: What it says.}\n"),
        ),
        ("content/policies/pol-103.md", &policy("POL-103", "Named plan", "classification: internal\non_request: customer\nnda: true\n")),
        ("content/policies/pol-104.md", &policy("POL-104", "Hidden plan", "classification: internal\n")),
    ]);
    REGISTERS.iter().for_each(|(path, text)| project.write(path, text));
    project
}

/// Builds for an audience; the output's folder.
fn built(project: &Project, audience: &str, more: &[&str]) -> std::path::PathBuf {
    project.build(&[&["--audience", audience], more].concat())
}

fn read(dist: &Path, path: &str) -> String {
    fs::read_to_string(dist.join(path)).unwrap_or_else(|_| panic!("there is no {path}"))
}

/// The words of a page without its tags, white space made one.
fn words(html: &str) -> String {
    let main = html.split("<main").nth(1).unwrap_or(html);
    let mut text = String::new();
    for part in main.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
        text.push(' ');
    }
    common::html::unescaped(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn the_first_page_answers_what_reviewers_ask_first() {
    let project = project();
    let page = words(&read(&built(&project, "public", &[]), "index.html"));
    for said in [
        "Trust in Example",
        "What reviewers ask.",
        "ISO/IEC 27001:2022, valid until 2027-12-31 ISO/IEC 27018:2019, valid until 2027-12-31",
        "Measures under Article 32 of the GDPR: 2, each reviewed since 2026-02-01",
        "1 in use: Ireland 1 announced Last notice of a change: 2026-05-20",
        "In full: 1, each reviewed since 2026-04-01",
        "On request: 1",
        "Answers with their sources: 1",
        "status.a.example",
        "Where does data lie? In Ireland . Last reviewed 2026-01-15",
        "Officer of Example +49 40 1 privacy@a.example",
        "trust@a.example",
    ] {
        assert!(page.contains(said), "`{said}` in {page}");
    }
    // What customers may see besides, the public does not.
    assert!(!page.contains("penetration test") && !page.contains("2026-02-14"), "{page}");
    let page = words(&read(&built(&project, "customer", &[]), "index.html"));
    for said in ["Last penetration test 2026-02-14", "In full: 1, each reviewed since 2026-04-01 As abstracts: 1 On request: 3"] {
        assert!(page.contains(said), "`{said}` in {page}");
    }
}

#[test]
fn the_navigation_names_what_there_is() {
    let project = project();
    let nav = |dist: &Path| {
        let home = read(dist, "index.html");
        let nav = home.split("<nav class=\"kinds\"").nth(1).unwrap().split("</nav>").next().unwrap().to_owned();
        words(&nav)
    };
    assert!(
        nav(&built(&project, "public", &[])).ends_with("Certificates Measures Subprocessors Policies Answers Frameworks Downloads Contact")
    );
    fs::remove_file(project.path("content/registers/measures.yaml")).unwrap();
    fs::remove_file(project.path("content/registers/certificates.yaml")).unwrap();
    project.write("content/registers/suppliers.yaml", SUPPLIERS.replace("subprocessor: true", "subprocessor: false"));
    assert!(nav(&built(&project, "public", &[])).ends_with("Policies Answers Frameworks Downloads Contact"));
    let dist = built(&project, "public", &[]);
    assert!(!dist.join("subprocessors.html").exists() && !dist.join("subprocessors.atom").exists());
}

#[test]
fn a_certificate_says_all_that_is_on_the_paper_and_which_it_extends() {
    let project = project();
    let dist = built(&project, "public", &[]);
    let html = read(&dist, "certificates.html");
    let page = words(&html);
    for said in [
        "As this page was made, on 2026-06-01.",
        "ISO/IEC 27001:2022 Number C-17 Certification body Body BV Accreditation Council 9 Issued 2025-01-01 Valid until 2027-12-31 SoA version 1.3 Sites Hamburg Scope All of it",
        "ISO/IEC 27018:2019 Number C-17-P Extends ISO/IEC 27001:2022, C-17",
    ] {
        assert!(page.contains(said), "`{said}` in {page}");
    }
    let dates: Vec<_> = tags(&html).into_iter().filter_map(|tag| Some((tag.get("datetime")?, tag.get("data-due")?))).collect();
    assert_eq!(dates, vec![("2027-12-31".to_owned(), "expired".to_owned()); 2], "the script marks what has expired");
}

#[test]
fn measures_stand_under_each_provision_in_the_order_of_the_law() {
    let project = project();
    let dist = built(&project, "public", &[]);
    let page = words(&read(&dist, "measures.html"));
    let table = "Measure What is done Objective Owner Last reviewed";
    let encryption = "TOM-002 Encryption All of it. Nobody reads it. ceo 2026-02-01";
    let instructions = "TOM-001 Instructions People act on them. Nothing else is done. Head of Security 2026-03-01";
    let mut rest = page.as_str();
    for said in [
        "Article 32(1)(a) Pseudonymisation and encryption",
        table,
        encryption,
        "Article 32(1)(b)",
        encryption,
        "Article 32(1)(c)",
        encryption,
        "Article 32(1)(d)",
        encryption,
        "Article 32(2)",
        instructions,
        "Article 32(4)",
        instructions,
    ] {
        let at = rest.find(said).unwrap_or_else(|| panic!("`{said}` next in {rest}"));
        rest = &rest[at + said.len()..];
    }
    assert!(!page.contains("secret measure"));
}

#[test]
fn subprocessors_are_told_apart_by_their_dates() {
    let project = project();
    let dist = built(&project, "public", &[]);
    let page = words(&read(&dist, "subprocessors.html"));
    for said in [
        "announced here 30 days before it begins",
        "Announced subprocessors Subprocessor Purpose Country Announced Since Scanner Scanning Germany 2026-05-20 2026-07-01",
        "Current subprocessors Subprocessor Purpose Data Country Transfer mechanism Since Host & Sons Hosting Cases Ireland None 2023-06-01",
        "Former subprocessors Subprocessor Purpose Country Since Until Printer Printing Denmark 2021-01-01 2024-12-31",
        "2026-05-20 Scanner is a subprocessor from 2026-07-01 2025-02-03 Host & Sons A second site 2024-12-31 Printer is a subprocessor until 2024-12-31",
    ] {
        assert!(page.contains(said), "`{said}` in {page}");
    }
    assert!(!page.contains("Cleaner") && !page.contains("Hidden helper"), "{page}");
}

/// The entries of the feed: identifier, day, title.
fn feed(dist: &Path) -> Vec<(String, String, String)> {
    let text = read(dist, "subprocessors.atom");
    let feed = roxmltree::Document::parse(&text).unwrap();
    let atom = "http://www.w3.org/2005/Atom";
    let child = |node: roxmltree::Node<'_, '_>, name: &str| {
        node.children().find(|child| child.has_tag_name((atom, name))).map(|child| child.text().unwrap_or_default().to_owned())
    };
    let root = feed.root_element();
    assert!(root.has_tag_name((atom, "feed")));
    for name in ["id", "title", "updated"] {
        assert!(child(root, name).is_some(), "a feed has `{name}` (RFC 4287, 4.1.1)");
    }
    let entries = root.children().filter(|child| child.has_tag_name((atom, "entry")));
    let entries: Vec<_> = entries
        .map(|entry| ["id", "updated", "title"].map(|name| child(entry, name).unwrap()))
        .map(|[id, updated, title]| (id, updated, title))
        .collect();
    assert_eq!(child(root, "updated").unwrap(), entries[0].1, "the feed is as new as its newest entry");
    entries
}

#[test]
fn the_feed_is_atom_whose_identifiers_and_dates_come_from_the_data() {
    let project = project();
    let entries = feed(&built(&project, "public", &[]));
    let told: Vec<_> = entries.iter().map(|(_, updated, title)| format!("{} {title}", &updated[..10])).collect();
    assert_eq!(
        told,
        [
            "2026-05-20 Scanner is a subprocessor from 2026-07-01",
            "2025-02-03 Host & Sons: A second site",
            "2024-12-31 Printer is a subprocessor until 2024-12-31",
            "2023-04-01 Host & Sons is a subprocessor from 2023-06-01",
            "2021-01-01 Printer is a subprocessor from 2021-01-01",
        ]
    );
    assert!(entries.iter().all(|(id, updated, _)| id.starts_with("urn:uuid:") && updated.ends_with("T00:00:00Z")), "{entries:?}");
    assert_eq!(entries.iter().map(|(id, ..)| id).collect::<BTreeSet<_>>().len(), entries.len(), "each entry has an identifier of its own");
    // A reader that has seen an entry knows it again on another day, at another address, with other entries around it.
    project.edit("annexa.yaml", "https://trust.a.example/", "https://elsewhere.example");
    project.edit("content/registers/suppliers.yaml", "A second site}", "A second site}, {date: 2025-02-03, change: And a third}");
    let later = feed(&built(&project, "public", &["--today", "2026-08-01"]));
    assert_eq!(later.len(), entries.len() + 1);
    assert!(entries.iter().all(|entry| later.contains(entry)), "{later:?}");
    // What was told of no audience is in none of them, and what was announced later is not told before.
    let before = feed(&built(&project, "public", &["--today", "2026-05-19"]));
    assert!(before.iter().all(|(.., title)| !title.contains("Scanner") && !title.contains("Hidden")), "{before:?}");
}

#[test]
fn the_list_of_subprocessors_is_json() {
    let project = project();
    let dist = built(&project, "public", &[]);
    let list: serde_json::Value = serde_json::from_str(&read(&dist, "subprocessors.json")).unwrap();
    assert_eq!(
        (list["organisation"].as_str(), list["as_of"].as_str(), list["notice_days"].as_i64()),
        (Some("Example Ltd"), Some("2026-06-01"), Some(30))
    );
    let rows = list["subprocessors"].as_array().unwrap();
    let short: Vec<_> =
        rows.iter().map(|row| (row["id"].as_str().unwrap(), row["since"].as_str().unwrap(), row["until"].as_str())).collect();
    assert_eq!(short, [("SUP-001", "2023-06-01", None), ("SUP-002", "2026-07-01", None), ("SUP-003", "2021-01-01", Some("2024-12-31"))]);
    assert_eq!(rows[0]["changes"][0]["change"].as_str(), Some("A second site"));
    assert!(rows[0].get("agreement").is_none() && rows[0].get("owner").is_none(), "{}", rows[0]);
}

#[test]
fn security_txt_is_made_of_the_settings_alone() {
    let project = project();
    let text = read(&built(&project, "public", &[]), ".well-known/security.txt");
    assert_eq!(
        text,
        "Contact: mailto:security@a.example\nExpires: 2026-12-31T00:00:00Z\nPolicy: https://a.example/policy\nPreferred-Languages: en, de\nCanonical: https://trust.a.example/.well-known/security.txt\n"
    );
    assert_eq!(
        read(&built(&project, "public", &["--today", "2026-11-01"]), ".well-known/security.txt"),
        text,
        "the day of the build changes nothing"
    );
    project.edit("annexa.yaml", "policy: https://a.example/policy", "contact: [https://a.example/report, cert@a.example]");
    let text = read(&built(&project, "public", &[]), ".well-known/security.txt");
    assert!(text.starts_with("Contact: https://a.example/report\nContact: mailto:cert@a.example\nExpires: "), "{text}");
}

#[test]
fn the_sitemap_lists_every_page_that_exists_and_no_other() {
    let project = project();
    let dist = built(&project, "public", &[]);
    let text = read(&dist, "sitemap.xml");
    let sitemap = roxmltree::Document::parse(&text).unwrap();
    let listed: BTreeSet<String> =
        sitemap.descendants().filter(|node| node.tag_name().name() == "loc").map(|node| node.text().unwrap().to_owned()).collect();
    let pages: BTreeSet<String> = files(&dist)
        .into_keys()
        .filter(|path| path.ends_with(".html") && path != "404.html" && path != "search.html")
        .map(|path| format!("https://trust.a.example/{}", if path == "index.html" { "" } else { &path }))
        .collect();
    assert_eq!(listed, pages);
    assert!(read(&dist, "robots.txt").contains("Sitemap: https://trust.a.example/sitemap.xml"));
    let dist = built(&project, "customer", &[]);
    assert!(!dist.join("sitemap.xml").exists(), "what is not public has no sitemap");
    assert_eq!(read(&dist, "robots.txt"), "User-agent: *\nDisallow: /\n");
    assert!(read(&dist, "_headers").contains("X-Robots-Tag: noindex"));
    assert!(read(&dist, "certificates.html").contains("<meta name=\"robots\" content=\"noindex\">"));
}

#[test]
fn pages_say_where_they_are_served_and_what_previews_show() {
    let project = project();
    let dist = built(&project, "public", &[]);
    let metas = |page: &str| -> BTreeMap<String, String> {
        tags(&read(&dist, page)).into_iter().filter_map(|tag| Some((tag.get("property")?, tag.get("content")?))).collect()
    };
    let home = metas("index.html");
    assert_eq!(
        (home["og:title"].as_str(), home["og:url"].as_str(), home["og:description"].as_str()),
        ("Trust in Example", "https://trust.a.example/", "What reviewers ask.")
    );
    assert_eq!(metas("measures.html")["og:url"], "https://trust.a.example/measures.html");
    let canonical = tags(&read(&dist, "measures.html")).into_iter().find(|tag| tag.get("rel").as_deref() == Some("canonical"));
    assert_eq!(canonical.unwrap().get("href").unwrap(), "https://trust.a.example/measures.html");
    // Where the manual itself is served stays inside, for the public and for customers, whose site has no address of its own.
    for audience in ["public", "customer"] {
        for (path, bytes) in files(&built(&project, audience, &[])) {
            assert!(!common::words_of(&path, &bytes).contains("isms.internal.example"), "{path} for {audience}");
        }
    }
}

#[test]
fn nothing_is_loaded_from_elsewhere_or_written_within_a_page() {
    let project = project();
    let dist = built(&project, "customer", &[]);
    let headers = read(&dist, "_headers");
    for part in [
        "/*\n",
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: same-origin",
        "/.well-known/security.txt\n",
    ] {
        assert!(headers.contains(part), "`{part}` in {headers}");
    }
    assert!(!headers.contains("unsafe"), "{headers}");
    for (path, bytes) in files(&dist).into_iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = String::from_utf8(bytes).unwrap();
        well_formed(&html).unwrap_or_else(|error| panic!("{path}: {error}"));
        for tag in tags(&html) {
            assert!(tag.attributes.keys().all(|key| key != "style" && !key.starts_with("on")), "{path}: {tag:?}");
            assert!(tag.name != "script" || tag.get("src").is_some(), "{path}: {tag:?}");
            let loads = matches!(tag.name.as_str(), "script" | "img" | "iframe" | "form")
                || tag.get("rel").is_some_and(|rel| rel == "stylesheet" || rel == "icon");
            let from = tag.get("src").or_else(|| tag.get("href")).or_else(|| tag.get("action")).unwrap_or_default();
            assert!(!loads || !from.contains("//"), "{path}: {tag:?}");
            let place = [tag.get("width"), tag.get("height")];
            assert!(tag.name != "img" || place == ["40", "10"].map(|length| Some(length.to_owned())), "{path}: {tag:?} keeps no place");
        }
    }
}

#[test]
fn what_is_given_on_request_is_named_by_its_title_alone() {
    let project = project();
    let dist = built(&project, "customer", &[]);
    let page = read(&dist, "documents.html");
    let said = words(&page);
    assert!(
        said.contains("Contract for customers on request Letter of the testers under a non-disclosure agreement Named plan under a non-disclosure agreement"),
        "{said}"
    );
    assert!(said.contains("POL-002 Told policy What it says."), "{said}");
    let all: String = files(&dist).iter().map(|(path, bytes)| format!("{path}\n{}\n", common::words_of(path, bytes))).collect();
    for hidden in ["POL-103", "pol-103", "POL-104", "Hidden plan", "Text of POL-002"] {
        assert!(!all.contains(hidden), "{hidden}");
    }
    let public = words(&read(&built(&project, "public", &[]), "documents.html"));
    assert!(
        public.contains("Letter of the testers") && !public.contains("Named plan") && !public.contains("Contract for customers"),
        "{public}"
    );
}

#[test]
fn answers_name_only_sources_that_the_reader_may_see() {
    let project = project();
    let public = words(&read(&built(&project, "public", &[]), "answers.html"));
    assert!(public.contains("Sources SUP-001 Host & Sons Last reviewed 2026-01-15"), "{public}");
    assert!(!public.contains("Told policy") && !public.contains("trained"), "{public}");
    let customer = words(&read(&built(&project, "customer", &[]), "answers.html"));
    assert!(
        customer.contains("SUP-001 Host & Sons POL-002 Told policy") && customer.contains("Are they trained? Yes Each year."),
        "{customer}"
    );
    assert!(!customer.contains("Awareness"), "{customer}");
}

#[test]
fn downloads_are_listed_with_kind_and_size() {
    let project = project();
    let dist = built(&project, "public", &[]);
    let html = read(&dist, "downloads.html");
    let page = words(&html);
    assert!(page.contains("Certificates CSV ") && page.contains("Subprocessors and notices of changes JSON "), "{page}");
    let links: Vec<String> =
        tags(&html).into_iter().filter(|tag| tag.attributes.contains_key("download")).filter_map(|tag| tag.get("href")).collect();
    assert!(links.len() >= 6, "{links:?}");
    for link in &links {
        let size = fs::metadata(dist.join(link)).unwrap_or_else(|_| panic!("{link} is there")).len();
        let said = if size < 1000 { format!("{size} B") } else { format!("{} kB", size.div_ceil(1000)) };
        assert!(page.contains(&said), "{link}: {said} in {page}");
    }
    let offered: BTreeSet<&str> = links.iter().map(String::as_str).collect();
    let tables: BTreeSet<String> = files(&dist).into_keys().filter(|path| path.ends_with(".csv") || path.ends_with(".xlsx")).collect();
    assert!(tables.iter().all(|path| offered.contains(path.as_str())), "{tables:?} in {offered:?}");
}

#[test]
fn other_audiences_keep_the_manual() {
    let project = project();
    let dist = project.build(&["--audience", "all"]);
    for (audience, is_trust) in [("public", true), ("customer", true), ("internal", false), ("auditor", false)] {
        let of = |path: &str| dist.join(audience).join(path);
        assert_eq!(of("_headers").exists(), is_trust, "{audience}");
        let home = fs::read_to_string(of("index.html")).unwrap();
        assert_eq!(home.contains("Trust in Example"), is_trust, "{audience}");
        assert_eq!(home.contains("Inner manual"), !is_trust, "{audience}");
        assert!(of("certificates.html").exists() && of("measures.html").exists() && of("answers.html").exists(), "{audience}");
    }
    // Without the setting there is no trust site.
    let settings = SETTINGS.split("trust:").next().unwrap();
    project.write("annexa.yaml", settings);
    let dist = built(&project, "public", &["--force"]);
    assert!(!dist.join("_headers").exists() && read(&dist, "index.html").contains("Inner manual"));
}

#[test]
fn a_project_can_lay_out_its_own_first_page() {
    let project = project();
    let own = "{% extends \"annexa/trust/index.html\" %}{% block main %}<p>Ours: {{ certificates | length }} of {{ site.org.name }}</p>{% endblock main %}";
    project.write("templates/site/trust/index.html", own);
    assert!(read(&built(&project, "public", &[]), "index.html").contains("<p>Ours: 2 of Example Ltd</p>"));
}

#[test]
fn the_site_speaks_the_manuals_language() {
    let project = project();
    project.edit("annexa.yaml", "title: Inner manual\n", "title: Inner manual\nlanguage: de\n");
    let dist = built(&project, "public", &[]);
    let page = words(&read(&dist, "index.html"));
    assert!(page.contains("Unterauftragsverarbeiter 1 im Einsatz: Ireland 1 angekündigt"), "{page}");
    assert!(feed(&dist)[0].2 == "Scanner ist Unterauftragsverarbeiter ab 2026-07-01", "{:?}", feed(&dist));
}

#[test]
fn hostile_words_stay_words() {
    let project = project();
    let hostile = "</title><script>alert(1)</script> & \\\"q' {{ 7*7 }}";
    project.edit("annexa.yaml", "title: Trust in Example", &format!("title: \"{hostile}\""));
    project.edit("annexa.yaml", "alt: Example}", &format!("alt: \"{hostile}\"}}"));
    project.edit("annexa.yaml", "title: Letter of the testers", &format!("title: \"{hostile}\""));
    project.edit("annexa.yaml", "name: Officer of Example", &format!("name: \"{hostile}\""));
    project.edit("content/registers/suppliers.yaml", "name: Host & Sons", &format!("name: \"{hostile}\""));
    project.edit("content/registers/certificates.yaml", "sites: Hamburg", &format!("sites: \"{hostile}\""));
    let dist = built(&project, "public", &[]);
    for (path, bytes) in files(&dist).into_iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = String::from_utf8(bytes).unwrap();
        assert!(!html.contains("<script>"), "{path}");
        well_formed(&html).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    assert!(feed(&dist).iter().any(|(.., title)| title.contains("<script>alert(1)</script> & \"q'")), "{:?}", feed(&dist));
    serde_json::from_str::<serde_json::Value>(&read(&dist, "subprocessors.json")).unwrap();
}

#[test]
fn a_project_that_says_hardly_anything_has_a_trust_site_too() {
    let project = Project::new(&[(
        "annexa.yaml",
        "format: 1\ntitle: M\norg: {name: Example Ltd}\nframeworks: [gdpr]\ntrust: {audiences: [public]}\n",
    )]);
    let dist = built(&project, "public", &[]);
    let home = words(&read(&dist, "index.html"));
    assert!(home.contains("Security and data protection") && home.ends_with("As of 2026-06-01"), "{home}");
    assert!(!read(&dist, "_headers").contains("Strict-Transport-Security"), "nobody has said that it is served by https");
    assert_eq!(read(&dist, "robots.txt"), "User-agent: *\nDisallow: /search.html?\n");
}

/// What `annexa check` says of the project: codes, and what was printed.
fn checked(project: &Project, today: &str) -> (Vec<String>, String) {
    let ran = project.run("check", &["--today", today]);
    (ran.codes().into_iter().map(str::to_owned).collect(), ran.out)
}

#[test]
fn the_fixture_itself_lacks_nothing_of_the_trust_site() {
    let (codes, out) = checked(&project(), "2026-06-01");
    let ours = [
        "trust-incomplete",
        "security-txt-expired",
        "certificate-extends-nothing",
        "provision-without-measure",
        "notice-too-short",
        "invalid-value",
    ];
    assert!(!codes.iter().any(|code| ours.iter().any(|rule| code.contains(rule))), "{out}");
}

#[test]
fn wrong_settings_are_found_with_their_place() {
    let project = project();
    project.edit("annexa.yaml", "audiences: [public, customer]", "audiences: [public, customer, confidential]");
    project.edit("annexa.yaml", "{public: https://trust.a.example/}", "{public: trust.a.example, internal: https://x.example}");
    project.edit("annexa.yaml", "status_page: https://status.a.example", "status_page: \"javascript:alert(1)\"");
    project.edit("annexa.yaml", "requests: trust@a.example", "requests: ask us");
    project.edit("annexa.yaml", "phone: +49 40 1", "mail: officer");
    project.edit("annexa.yaml", "logo: {file: content/assets/logo.svg", "logo: {file: content/assets/lego.svg");
    project.edit("annexa.yaml", "answers: [QST-001]", "answers: [POL-001]");
    project.edit("annexa.yaml", "penetration_test: EVD-001", "penetration_test: EVD-009");
    let (_, out) = checked(&project, "2026-06-01");
    for said in [
        "those who see everything get the manual, not the trust site",
        "`base_url` cannot be `trust.a.example`",
        "`an audience of `base_url`` cannot be `internal`",
        "`status_page` cannot be `javascript:alert(1)`",
        "`requests` cannot be `ask us`",
        "`mail` cannot be `officer`",
        "did you mean `content/assets/logo.svg`?",
        "`POL-001` is not a row of questions",
        "there is no document or row `EVD-009`",
    ] {
        assert!(out.contains(said), "`{said}` in {out}");
    }
}

#[test]
fn what_the_site_lacks_is_told() {
    let project = project();
    project.edit("annexa.yaml", "  base_url: {public: https://trust.a.example/}\n", "");
    project.edit("annexa.yaml", "security_contact: security@a.example, ", "");
    project.edit("content/registers/evidence.yaml", ", outward: [date]", "");
    let (codes, out) = checked(&project, "2026-06-01");
    assert_eq!(codes.iter().filter(|code| code.contains("trust-incomplete")).count(), 3, "{out}");
    for said in ["has no base URL", "has nobody to write to", "sees the date of EVD-001"] {
        assert!(out.contains(said), "`{said}` in {out}");
    }
    let dist = built(&project, "public", &[]);
    assert!(!dist.join(".well-known/security.txt").exists() && !dist.join("sitemap.xml").exists());
    assert!(!read(&dist, "index.html").contains("security.txt"));
}

#[test]
fn security_txt_is_watched() {
    let project = project();
    let says = |today: &str| checked(&project, today).0.iter().any(|code| code.contains("security-txt-expired"));
    assert_eq!(["2025-12-30", "2025-12-31", "2026-12-30", "2026-12-31"].map(says), [true, false, false, true]);
}

#[test]
fn certificates_measures_and_notices_are_watched() {
    let project = project();
    project.edit("content/registers/certificates.yaml", ", extends: CRT-001", "");
    project.edit("content/registers/measures.yaml", ", \"gdpr:32(2)\"]", "]");
    project.edit(
        "content/registers/suppliers.yaml",
        "announced: 2026-05-20, since: 2026-07-01",
        "announced: 2026-06-02, since: 2026-07-01",
    );
    let (codes, out) = checked(&project, "2026-06-02");
    let count = |rule: &str| codes.iter().filter(|code| code.contains(rule)).count();
    assert_eq!(["certificate-extends-nothing", "provision-without-measure", "notice-too-short"].map(count), [1, 1, 1], "{out}");
    for said in ["CRT-002 (ISO/IEC 27018:2019)", "`gdpr:32(2)`", "SUP-002 was announced on 2026-06-02 and begins on 2026-07-01"] {
        assert!(out.contains(said), "`{said}` in {out}");
    }
}

#[test]
fn the_repositorys_own_trust_site_has_what_reviewers_ask() {
    let project = Project::of_the_repository();
    for audience in ["public", "customer"] {
        let dist = built(&project, audience, &["--today", "2026-11-28"]);
        let home = words(&read(&dist, "index.html"));
        for said in ["ISO/IEC 27001:2022", "Last penetration test 2026-05-07", "Where does our data lie?", "1 announced"] {
            assert!(home.contains(said), "`{said}` for {audience}: {home}");
        }
        let pages = ["certificates.html", "measures.html", "subprocessors.html", "answers.html", "documents.html", "downloads.html"];
        assert!(pages.iter().all(|page| dist.join(page).exists()), "{audience}");
        // A Statement in which this audience sees no decision is not shown.
        assert_eq!(dist.join("soa.html").exists(), audience == "customer");
        assert!(!dist.join("calendar.html").exists() && !dist.join("calendar.ics").exists(), "what falls due inside stays inside");
    }
}
