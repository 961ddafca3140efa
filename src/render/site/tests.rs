//! A small project through the whole way, and what a person sees of it.

use std::sync::Arc;

use super::*;
use crate::base::finding::Place;
use crate::base::source::Sources;
use crate::link::view::{Audience, view};
use crate::{link, read};

const HOSTILE: &str = "<script>alert(1)</script>\\\"'&";

const PROJECT: &str = "\
format: 1
title: Manual
org: {name: Tarnwick Systems GmbH}
frameworks: [iso27001@2022, gdpr]
site: {accent: \"#0b5d66\"}
";

const POLICY: &str = "\
---
id: POL-001
title: Access
type: policy
version: \"1.0\"
status: approved
classification: internal
abstract: {for: customer, text: \"Who may reach what.\"}
approved: 2026-01-01
satisfies: [iso27001:A.5.15]
history:
  - {version: \"1.0\", date: 2026-01-01, change: \"First\"}
---
## Leavers {#leavers satisfies=iso27001:A.5.18}

Rights end, see [[SOP-001]] and [[POL-001#leavers]]. The word is **Kingfisher**.
";

const PROCEDURE: &str = "\
---
id: SOP-001
title: Leaving
type: sop
status: draft
classification: public
---
## Steps {#steps}

1. Ask, as [[POL-001]] says.
";

fn manual_of(files: &[(&str, &str)], audience: &str) -> Manual {
    let all: Vec<(&str, &str)> = [("annexa.yaml", PROJECT), ("content/pol.md", POLICY), ("content/sop.md", PROCEDURE)]
        .into_iter()
        .filter(|(path, _)| !files.iter().any(|(other, _)| other == path))
        .chain(files.iter().copied())
        .collect();
    let mut findings = Vec::new();
    let sources = Arc::new(Sources::from_texts(&all).with_files(read::built_in()));
    let parsed = read::parse(sources, &mut findings).unwrap();
    let audience = Audience::named(audience, &parsed.project).unwrap();
    link::manual::link(view(&parsed, audience), "2026-06-01".parse().unwrap())
}

fn built(files: &[(&str, &str)], audience: &str) -> BTreeMap<String, String> {
    let artifacts = render(&manual_of(files, audience), &Options::default()).unwrap();
    artifacts.into_iter().map(|artifact| (artifact.path, String::from_utf8_lossy(&artifact.bytes).into_owned())).collect()
}

fn failed(files: &[(&str, &str)]) -> Vec<Finding> {
    render(&manual_of(files, "auditor"), &Options::default()).unwrap_err()
}

#[test]
fn every_kind_of_page_is_there() {
    let site = built(&[], "auditor");
    for path in [
        "index.html",
        "documents.html",
        "documents/pol-001.html",
        "controls/iso27001@2022/a.5.18.html",
        "controls/gdpr/32-1--b-.html",
        "frameworks/iso27001@2022.html",
        "soa.html",
        "registers.html",
        "search.html",
        "404.html",
        "assets/site.css",
        "assets/theme.css",
        "assets/search/top.js",
        "assets/fonts/OFL-literata.txt",
    ] {
        assert!(site.contains_key(path), "{path}");
    }
}

#[test]
fn a_control_leads_to_the_section_that_claims_it_and_the_section_to_the_control() {
    let site = built(&[], "auditor");
    assert!(site["controls/iso27001@2022/a.5.18.html"].contains("href=\"../../documents/pol-001.html#leavers\""));
    assert!(site["documents/pol-001.html"].contains("href=\"../controls/iso27001@2022/a.5.18.html\""));
    assert!(site["documents/pol-001.html"].contains("<a href=\"#leavers\">Leavers</a>"));
}

#[test]
fn nothing_that_an_author_wrote_becomes_markup() {
    let project = format!(
        "format: 1\ntitle: \"{HOSTILE}\"\nversion: \"{HOSTILE}\"\nscope: \"{HOSTILE}\"\norg: {{name: \"{HOSTILE}\", short_name: \"{HOSTILE}\", security_contact: \"{HOSTILE}\"}}\n\
         classifications: [public, \"{HOSTILE}\"]\nframeworks: [iso27001@2022]\n"
    );
    let policy = format!(
        "---\nid: POL-001\ntitle: \"{HOSTILE}\"\ntype: policy\nversion: \"{HOSTILE}\"\nstatus: draft\nretention: \"{HOSTILE}\"\n\
         distribution: [\"{HOSTILE}\"]\nabstract: {{for: public, text: \"{HOSTILE}\"}}\n\
         history: [{{version: \"{HOSTILE}\", date: 2026-01-01, change: \"{HOSTILE}\"}}]\n---\n## A `<script>` {{#a}}\n\n`<script>` &lt;script&gt;\n"
    );
    let register = format!(
        "register: suppliers\nrows:\n  - {{id: SUP-001, name: \"{HOSTILE}\", purpose: \"{HOSTILE}\", kind: saas, personal_data: true, \
         country: \"{HOSTILE}\", owner: ciso}}\n"
    );
    let files = [("annexa.yaml", project.as_str()), ("content/pol.md", policy.as_str()), ("content/registers/s.yaml", register.as_str())];
    for audience in ["auditor", "public"] {
        for (path, text) in built(&files, audience).iter().filter(|(path, _)| path.ends_with(".html")) {
            for tag in text.match_indices("<script").map(|(at, _)| &text[at..]) {
                assert!(tag.starts_with("<script src=\""), "{path}: {}", &tag[..60]);
            }
            assert!(!text.contains(" style=") && !text.contains(" onload="), "{path}");
        }
    }
}

#[test]
fn what_is_withheld_leaves_its_abstract_and_nothing_else() {
    let site = built(&[], "customer");
    for (path, text) in &site {
        assert!(!text.contains("Kingfisher") && !text.contains("leavers\""), "{path}");
    }
    assert!(site["documents/pol-001.html"].contains("Who may reach what."));
    assert!(site["documents/sop-001.html"].contains("<a href=\"../documents/pol-001.html\">Access</a>"));
    let public = built(&[], "public");
    assert!(!public.contains_key("documents/pol-001.html"));
    assert!(public["documents/sop-001.html"].contains("<span class=\"withheld\">an internal document</span>"));
}

#[test]
fn editing_withheld_text_changes_no_byte_for_those_who_may_not_see_it() {
    let edited = POLICY.replace("Kingfisher", "Albatross").replace("Leavers", "Goers").replace("2026-01-01", "2026-02-02");
    assert_eq!(built(&[], "public"), built(&[("content/pol.md", &edited)], "public"));
    assert_eq!(built(&[], "customer"), built(&[("content/pol.md", &edited)], "customer"));
}

#[test]
fn two_renderings_are_the_same() {
    let manual = manual_of(&[], "auditor");
    assert_eq!(render(&manual, &Options::default()).unwrap(), render(&manual, &Options::default()).unwrap());
}

#[test]
fn a_template_of_the_project_takes_the_place_of_the_built_in_one() {
    let site = built(&[("templates/site/404.html", "Gone from {{ site.org.name }}: {{ \"<\" }}")], "auditor");
    assert_eq!(site["404.html"], "Gone from Tarnwick Systems GmbH: &lt;");
}

#[test]
fn a_template_can_extend_what_it_overrides() {
    let own = "{% extends \"annexa/document.html\" %}{% block footer %}<p>Ours: {{ document.id }}</p>{% endblock footer %}";
    let site = built(&[("templates/site/document.html", own)], "auditor");
    let page = &site["documents/pol-001.html"];
    assert!(page.contains("<p>Ours: POL-001</p>") && page.contains("<dt>Status</dt>"), "{page}");
}

#[test]
fn an_overridden_base_and_component_reach_every_built_in_page() {
    let base = "{% extends \"annexa/base.html\" %}{% block masthead %}<b>Brand</b>{% endblock masthead %}";
    let parts = "{% component date(value, due = false) %}on {{ value }}{% endcomponent date %}";
    let site = built(&[("templates/site/base.html", base), ("templates/site/mine.html", parts)], "auditor");
    assert!(site["soa.html"].contains("<b>Brand</b>"));
    assert!(site["documents/pol-001.html"].contains("<dd>on 2026-01-01</dd>"));
}

#[test]
fn a_template_that_fails_is_one_finding_at_its_line() {
    let findings = failed(&[("templates/site/control.html", "<p>\n{{ control.nonsense }}\n")]);
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(finding.rule.code, "template-error");
    assert!(finding.message.contains("templates/site/control.html") && finding.message.contains("line 2"), "{}", finding.message);
    assert!(matches!(finding.place, Place::Span(span) if span.start >= 4));
}

#[test]
fn every_template_that_cannot_be_parsed_is_a_finding() {
    let findings = failed(&[("templates/site/a.html", "{% if %}"), ("templates/site/b.html", "{{ \u{e4}\u{f6} }} {{ (")]);
    assert_eq!(findings.len(), 2, "{findings:?}");
    let unknown = failed(&[("templates/site/a.html", "{% extends \"nowhere.html\" %}")]);
    assert!(unknown[0].message.contains("nowhere.html"), "{unknown:?}");
}

#[test]
fn a_theme_of_the_project_replaces_and_adds_files() {
    let project = format!("{PROJECT}theme: own\n");
    let files = [
        ("annexa.yaml", project.as_str()),
        ("themes/own/theme.css", "a{}"),
        ("themes/own/logo/x.svg", "<svg/>"),
        ("themes/own/theme.yaml", "format: 1\n"),
    ];
    let site = built(&files, "auditor");
    assert!(!site.contains_key("assets/theme.yaml"), "its settings are nobody else's business");
    assert_eq!(site["assets/theme.css"], "a{}");
    assert!(site.contains_key("assets/logo/x.svg") && site.contains_key("assets/site.css"));
}

#[test]
fn pages_do_not_grow_with_the_number_of_documents() {
    let more: Vec<(String, String)> = (100..160)
        .map(|n| (format!("content/more/{n}.md"), PROCEDURE.replace("SOP-001", &format!("SOP-{n}")).replace("[[POL-001]]", "nobody")))
        .collect();
    let more: Vec<(&str, &str)> = more.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (few, many) = (built(&[], "auditor"), built(&more, "auditor"));
    for path in ["documents/pol-001.html", "controls/iso27001@2022/a.5.18.html", "soa.html", "search.html"] {
        assert!(many[path].len() < few[path].len() + 200, "{path}");
    }
}

#[test]
fn a_lower_view_does_not_say_that_nothing_decides_what_it_may_not_see() {
    let page = "controls/iso27001@2022/a.5.1.html";
    assert!(built(&[], "auditor")[page].contains("No statement decides this control"));
    let public = built(&[], "public");
    assert!(!public[page].contains("No statement decides"));
    assert!(public[page].contains("No document published here says") && public["soa.html"].contains("Not published here"));
}
