//! What a reader finds: the search of a built site, asked in a browser. Where no Chromium is installed, these say so and pass.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::path::Path;

use common::browser::{browser, open};
use common::{Project, ROLES, SETTINGS, files};

/// Asks several things at once, by a page beside the site's own: for each, what the results show, best first.
fn ask(browser: &str, dist: &Path, queries: &[&str]) -> Vec<Vec<String>> {
    let script = "addEventListener('load', async function () {\n\
        const search = window.annexaSearch, all = [];\n\
        for (const query of QUERIES) {\n\
          const result = await search.find(query), shown = await search.shown(result.top, result.found.slice(0, 10)), lines = [];\n\
          for (const one of shown) {\n\
            const excerpt = (await search.excerpt(one, result.terms, 160)).map(piece => piece[1] ? '[' + piece[0] + ']' : piece[0]).join('');\n\
            lines.push([one.href.slice(one.href.lastIndexOf('/dist/') + 6), one.kind.key, one.where, excerpt].join(' | '));\n\
          }\n\
          all.push(lines);\n\
        }\n\
        const out = document.createElement('pre'); out.id = 'asked'; out.textContent = encodeURIComponent(JSON.stringify(all));\n\
        document.body.append(out);\n\
      });\n";
    std::fs::write(dist.join("ask.js"), script.replace("QUERIES", &serde_json::to_string(queries).unwrap())).unwrap();
    let page = "<!doctype html><html lang=en><meta charset=utf-8><title>ask</title><body><script src=assets/search/find.js></script><script src=ask.js></script>";
    std::fs::write(dist.join("ask.html"), page).unwrap();
    let opened = open(browser, &dist.join("ask.html"), "");
    assert_eq!(opened.console, [""; 0]);
    let (_, asked) = opened.dom.split_once("id=\"asked\">").unwrap_or_else(|| panic!("nothing came of it: {}", opened.dom));
    serde_json::from_slice(&decoded(asked.split('<').next().unwrap())).unwrap()
}

fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    bytes
}

/// Asks, and holds the first result against what it should begin with.
fn assert_first(dist: &Path, expected: &[(&str, &str)]) {
    let Some(browser) = browser() else { return };
    let queries: Vec<&str> = expected.iter().map(|(query, _)| *query).collect();
    let wrong: Vec<String> = ask(browser, dist, &queries)
        .iter()
        .zip(expected)
        .filter(|(found, (_, first))| found.first().is_none_or(|found| !found.starts_with(first)))
        .map(|(found, (query, first))| format!("`{query}` should find {first} first, and finds:\n{}", found.join("\n")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn identifiers_come_first_however_they_are_written() {
    let dist = Project::of_the_repository().into_built();
    assert_first(
        &dist.1,
        &[
            ("POL-004", "documents/pol-004.html |"),
            ("pol 004", "documents/pol-004.html |"),
            ("pol4", "documents/pol-004.html |"),
            ("A.5.23", "controls/iso27001@2022/a.5.23.html |"),
            ("a523", "controls/iso27001@2022/a.5.23.html |"),
            ("iso27001:A.5.23", "controls/iso27001@2022/a.5.23.html |"),
            ("CLD.9.5.1", "controls/iso27017@2015/cld.9.5.1.html |"),
            ("ac-6(9)", "controls/nist80053@r5/ac-6-9-.html |"),
            ("Art. 32(1)(b)", "controls/gdpr/32-1--b-.html |"),
            ("32(1)(b)", "controls/gdpr/32-1--b-.html |"),
            ("RSK-012", "registers/risks.html#RSK-012 | risks |"),
        ],
    );
}

#[test]
fn words_lead_to_the_section_and_slips_are_forgiven() {
    let dist = Project::of_the_repository().into_built();
    assert_first(
        &dist.1,
        &[
            ("leavers", "documents/sop-001.html#leavers |"),
            ("restore test", "documents/sop-004.html#restore-test |"),
            ("acess control policy", "documents/pol-004.html |"),
            ("ransomwear", "registers/risks.html#RSK-003 |"),
            ("statement of applicability", "soa.html | overviews |"),
            ("data protection officer", "roles.html#dpo | roles |"),
        ],
    );
}

const POLICY: &str = "---\nid: POL-001\ntitle: Zutritt\ntype: policy\nstatus: draft\nclassification: public\n\
    abstract: {for: public, text: \"Wer hinein darf, siehe [[POL-009]].\"}\n---\n\
    ## Prüfung {#pruefung}\n\nDie Zugriffskontrolle und das Übermaß an Rechten, siehe [[POL-009]].\n\n\
    ## Straße {#strasse}\n\nDer Satz steht vor der Anmerkung[^a]. Der Wert ist `max_age = 40`.\n\n[^a]: Kolibri fliegen rückwärts.\n\n\
    ## Liste {#liste}\n\n| Schlüssel | Wert |\n| --- | --- |\n| Ablauf | <b>fett</b> \\<script\\>alert(1)\\</script\\> |\n";
const SECRET: &str = "---\nid: POL-009\ntitle: Kingfisher\ntype: policy\nstatus: draft\nclassification: internal\n---\nAlbatross.\n";

fn german() -> Project {
    let settings = SETTINGS.replace("title: Manual", "title: Handbuch\nlanguage: de");
    Project::new(&[
        ("annexa.yaml", settings.as_str()),
        ("content/registers/roles.yaml", ROLES),
        ("content/pol-001.md", POLICY),
        ("content/pol-009.md", SECRET),
    ])
}

#[test]
fn german_words_are_found_without_their_marks_and_within_compounds() {
    let project = german();
    let dist = project.build(&[]).canonicalize().unwrap();
    let found = "documents/pol-001.html#";
    assert_first(
        &dist,
        &[
            ("Prüfung", "documents/pol-001.html#pruefung | documents | 1 Prüfung"),
            ("prufung", found),
            ("pruefung", found),
            ("ÜBERMASS", "documents/pol-001.html#pruefung"),
            ("strasse", "documents/pol-001.html#strasse"),
            ("Zugriff", "documents/pol-001.html#pruefung | documents | 1 Prüfung | Die [Zugriffskontrolle] und"),
            ("kontrolle", "documents/pol-001.html#pruefung | documents | 1 Prüfung | Die [Zugriffskontrolle] und"),
            ("Zugrifskontrolle", "documents/pol-001.html#pruefung"),
            ("Kolibri", "documents/pol-001.html#strasse"),
            ("max_age", "documents/pol-001.html#strasse"),
            ("Ablauf", "documents/pol-001.html#liste"),
        ],
    );
}

#[test]
fn neither_index_nor_descriptions_hold_what_an_audience_may_not_see() {
    let project = german();
    project.build(&["--audience", "all"]);
    let site = |audience: &str| -> String {
        // The descriptions of pages are made of the same words. A word of the index may lack its first letters, which it shares with the one before.
        let files = files(&project.path(&format!("dist/{audience}")));
        files.values().map(|bytes| String::from_utf8_lossy(bytes).to_lowercase()).collect()
    };
    for withheld in ["ngfisher", "batross", "fgnik", "pol009", "pol-009"] {
        assert!(!site("public").contains(withheld), "{withheld}");
    }
    for seen in ["ngfisher", "batross", "fgnik", "pol-009"] {
        assert!(site("auditor").contains(seen), "{seen}");
    }
}

#[test]
fn the_page_of_results_counts_by_kind_and_narrows_to_one() {
    let Some(browser) = browser() else { return };
    let (_project, dist) = Project::of_the_repository().into_built();
    let all = open(browser, &dist.join("search.html"), "?q=backup");
    assert_eq!(all.console, [""; 0]);
    assert!(all.dom.contains("results for “backup”") && all.dom.contains("<mark>"), "{}", all.dom);
    assert!(all.dom.contains("href=\"?q=backup&amp;kind=iso27001%402022\""), "{}", all.dom);
    let one = open(browser, &dist.join("search.html"), "?q=backup&kind=risks");
    let (_, results) = one.dom.split_once("class=\"results\"").unwrap();
    assert!(results.contains("registers/risks.html#RSK-012") && !results.contains("documents/"), "{results}");
    let unknown = open(browser, &dist.join("search.html"), "?q=backup&kind=%3Cscript%3E");
    assert!(unknown.dom.contains("results for “backup”") && unknown.console.is_empty());
    let nothing = open(browser, &dist.join("search.html"), "?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3Ezzqq");
    assert!(!nothing.dom.contains("<img src=x") && nothing.console.is_empty(), "{}", nothing.dom);
}

#[test]
fn a_part_of_another_build_is_refused_and_says_so() {
    let Some(browser) = browser() else { return };
    let (_project, dist) = Project::of_the_repository().into_built();
    let part = dist.join("assets/search/t0.js");
    for path in std::fs::read_dir(dist.join("assets/search")).unwrap().map(|entry| entry.unwrap().path()) {
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('t') && name != "top.js") {
            std::fs::write(path, "annexaSearch.take(\"0000000000\",\"t0\",[\"Aa\",\"A\"]);").unwrap();
        }
    }
    assert!(part.exists());
    let opened = open(browser, &dist.join("search.html"), "?q=access");
    assert!(opened.dom.contains("could not be loaded"), "{}", opened.dom);
}

#[test]
fn hostile_and_endless_queries_end() {
    let (_project, dist) = Project::of_the_repository().into_built();
    let Some(browser) = browser() else { return };
    let endless = "access ".repeat(3000);
    let long = "a".repeat(100_000);
    let found = ask(
        browser,
        &dist,
        &[&endless, &long, "", "...", "\u{0}\u{ffff}", "[.*(", "__proto__", "constructor toString", "\u{1f600}", "a", "1"],
    );
    assert!(!found[0].is_empty() && found[2].is_empty() && found[3].is_empty(), "{found:?}");
}
