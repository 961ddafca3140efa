//! A small project through the whole way, and what a person sees of it.

use std::collections::{BTreeMap, BTreeSet};
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
    assert!(
        finding.message.to_string().contains("templates/site/control.html") && finding.message.to_string().contains("line 2"),
        "{}",
        finding.message
    );
    assert!(matches!(finding.place, Place::Span(span) if span.start >= 4));
}

#[test]
fn a_template_that_names_what_nobody_has_says_where_and_what() {
    for (wrong, message) in [
        ("{{ page.title | shout }}", "line 2: Unknown filter `shout`"),
        ("{{ <shapes key=\"x\" /> }}", "line 2: Unknown component `shapes`"),
        ("{{ page.titel }}", "line 2: Field `titel` is not defined. Available fields: "),
        ("{{ pgae }}", "line 2: Variable `pgae` is not defined. Available variables: "),
    ] {
        let findings = failed(&[("templates/site/404.html", &format!("<p>\n{wrong}</p>\n"))]);
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert!(
            finding.message.to_string().contains("templates/site/404.html") && finding.message.to_string().contains(message),
            "{}",
            finding.message
        );
        assert!(matches!(finding.place, Place::Span(span) if span.start >= 4), "{finding:?}");
    }
}

#[test]
fn every_template_that_cannot_be_parsed_is_a_finding() {
    let findings = failed(&[("templates/site/a.html", "{% if %}"), ("templates/site/b.html", "{{ \u{e4}\u{f6} }} {{ (")]);
    assert_eq!(findings.len(), 2, "{findings:?}");
    let unknown = failed(&[("templates/site/a.html", "{% extends \"nowhere.html\" %}")]);
    assert!(unknown[0].message.to_string().contains("nowhere.html"), "{unknown:?}");
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
    assert!(site["assets/theme.css"].starts_with("a{}\n"), "its own sheet comes first");
    assert!(site["assets/theme.css"].contains("--accent: light-dark(#0b5d66, "), "and what annexa.yaml says last");
    assert!(site.contains_key("assets/logo/x.svg") && site.contains_key("assets/site.css"));
}

#[test]
fn the_colours_faces_and_logo_of_a_theme_reach_the_site() {
    let project = PROJECT.replace("site: {accent: \"#0b5d66\"}\n", "theme: own\n");
    let theme = "format: 1\ncolours: {accent: \"#8a1c3b\", ground: \"#fffdf5\"}\ndark: {ground: \"#101010\"}\n\
                 faces: {text: ['Own\" }', Inter]}\nlogo: {file: mark.svg, dark: mark-dark.svg, alt: Tarnwick}\n";
    let files = [
        ("annexa.yaml", project.as_str()),
        ("themes/own/theme.yaml", theme),
        ("themes/own/mark.svg", "<svg width=\"96\" height=\"24\"/>"),
        ("themes/own/mark-dark.svg", "<svg/>"),
    ];
    let site = built(&files, "public");
    let sheet = &site["assets/theme.css"];
    for line in [
        "--accent: light-dark(#8a1c3b, ",
        "--paper: light-dark(#fffdf5, #101010);",
        "--ink: light-dark(#1b1d1f, #e4e4e1);",
        "--text-face: \"Own\\\" }\", \"Inter\", \"Inter stand-in\", ",
    ] {
        assert!(sheet.contains(line), "{line} in {sheet}");
    }
    assert!(!sheet.contains("--accent: light-dark(#8a1c3b, #6cb8c2)"), "an accent for the dark is made from the one that is said");
    let page = &site["documents/sop-001.html"];
    assert!(page.contains("<img class=\"logo\" src=\"../assets/mark.svg\" alt=\"Tarnwick\" width=\"96\" height=\"24\">"), "{page}");
    assert!(page.contains("src=\"../assets/mark-dark.svg\" alt=\"\">"), "{page}");
}

#[test]
fn every_accent_is_readable_in_both_schemes() {
    use crate::base::colour::{NEEDED, contrast, parse};
    for accent in ["#0b5d66", "#ffff00", "#000000", "#ffffff", "#ff0000", "#808080", "#00ff88", "#1a1aff"] {
        let project = PROJECT.replace("#0b5d66", accent);
        let site = built(&[("annexa.yaml", &project)], "auditor");
        let colours = |name: &str| {
            let (_, rest) = site["assets/theme.css"].split_once(&format!("--{name}: light-dark(")).unwrap();
            let (light, rest) = rest.split_once(", ").unwrap();
            [parse(light).unwrap(), parse(&rest[..7]).unwrap()]
        };
        for (accent, ground) in colours("accent").into_iter().zip(colours("sheet")) {
            assert!(contrast(accent, ground) >= NEEDED, "{accent:?} on {ground:?}");
        }
    }
}

#[test]
fn another_built_in_theme_keeps_what_it_does_not_replace() {
    let (usual, slate) = (built(&[], "public"), built(&[("annexa.yaml", &format!("{PROJECT}theme: slate\n"))], "public"));
    let paths = |site: &BTreeMap<String, String>| site.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&usual), paths(&slate));
    // Which faces are fetched ahead follows from the settings.
    let (serif, sans) = (
        "inter-latin-400-normal.woff2 inter-latin-600-normal.woff2 literata-",
        "inter-latin-400-normal.woff2 inter-latin-600-normal.woff2\"",
    );
    assert!(
        usual["index.html"].contains(&format!("data-faces=\"{serif}")) && slate["index.html"].contains(&format!("data-faces=\"{sans}"))
    );
    let less_faces = |text: &str| {
        let rest = text.split_once(" data-faces=\"").and_then(|(before, rest)| Some((before, rest.split_once('"')?.1)));
        rest.map_or_else(|| text.to_owned(), |(before, after)| format!("{before}{after}"))
    };
    let other = usual.iter().filter(|(path, text)| less_faces(&slate[*path]) != less_faces(text)).map(|(path, _)| path);
    assert_eq!(other.collect::<Vec<_>>(), ["assets/theme.css"]);
    let own = [("annexa.yaml", format!("{PROJECT}theme: slate\n")), ("themes/slate/theme.css", "b{}".to_owned())];
    let own: Vec<(&str, &str)> = own.iter().map(|(path, text)| (*path, text.as_str())).collect();
    assert!(built(&own, "public")["assets/theme.css"].starts_with("b{}\n"), "a project's file takes the place of the built-in one");
}

#[test]
fn those_who_see_everything_are_led_to_the_line_of_the_source_and_nobody_else() {
    let project = PROJECT.replace("site: {", "site: {source_url: \"https://git.example/isms/blob/main/{path}#L{line}\", ");
    let risks = "register: risks\nrows:\n  - {id: RSK-001, title: Loss, owner: ciso, likelihood: 1, confidentiality: 1, integrity: 1, availability: 1, classification: public}\n";
    let statements = "framework: iso27001@2022\nstatements:\n  A.5.1: {applicable: true, status: implemented, reasons: [RSK-001], classification: public}\n";
    let odd = POLICY.replace("POL-001", "POL-002");
    let files = [
        ("annexa.yaml", project.as_str()),
        ("content/registers/r.yaml", risks),
        ("content/controls/s.yaml", statements),
        ("content/#1 {line}.md", odd.as_str()),
    ];
    let site = built(&files, "auditor");
    for (page, link) in [
        ("documents/pol-001.html", "https://git.example/isms/blob/main/content/pol.md#L1\""),
        ("documents/pol-001.html", "https://git.example/isms/blob/main/content/pol.md#L14\" aria-label=\"Source of this section\""),
        ("documents/pol-002.html", "https://git.example/isms/blob/main/content/%231%20%7Bline%7D.md#L1\""),
        ("registers/risks.html", "https://git.example/isms/blob/main/content/registers/r.yaml#L3\""),
        ("controls/iso27001@2022/a.5.1.html", "https://git.example/isms/blob/main/content/controls/s.yaml#L3\""),
    ] {
        assert!(site[page].contains(link), "{link} in {}", site[page]);
    }
    for audience in ["public", "customer", "internal"] {
        assert!(built(&files, audience).values().all(|text| !text.contains("git.example")), "{audience}");
    }
}

#[test]
fn what_refers_to_a_document_is_gathered_by_what_it_is() {
    let risks = "register: risks\nrows:\n  - {id: RSK-001, title: Loss, scenario: \"See [[POL-001]].\", owner: ciso, likelihood: 1, confidentiality: 1, integrity: 1, availability: 1}\n";
    let evidence = "register: evidence\nrows:\n  - {id: EVD-001, title: Review, source: tracker, controls: [iso27001:A.5.1], note: \"For [[POL-001]].\", date: 2026-01-01, result: pass, owner: ciso}\n";
    let statements = "framework: iso27001@2022\nstatements:\n  A.5.1: {applicable: true, status: implemented, reasons: [RSK-001], documents: [POL-001]}\n";
    let files = [("content/registers/r.yaml", risks), ("content/registers/e.yaml", evidence), ("content/controls/s.yaml", statements)];
    let page = &built(&files, "auditor")["documents/pol-001.html"];
    let (_, list) = page.split_once("<dl class=\"referrers\">").unwrap();
    let (list, _) = list.split_once("</dl>").unwrap();
    let groups: Vec<&str> = list.split("<dt>").skip(1).map(|group| group.split("</dt>").next().unwrap()).collect();
    assert_eq!(groups, ["Required by", "Risks treated", "Evidence", "Mentioned in"], "{list}");
    let sections = PROCEDURE.replace("1. Ask, as [[POL-001]] says.\n", "See [[POL-001]].\n\n## A later one {#a}\n\nSee [[POL-001]].\n");
    let page = &built(&[("content/sop.md", &sections)], "auditor")["documents/pol-001.html"];
    assert!(page.find("#steps\"").unwrap() < page.find("sop-001.html#a\"").unwrap(), "sections in their own order: {page}");
    for (group, id) in list.split("<dt>").skip(1).zip(["iso27001:A.5.1", "RSK-001", "EVD-001", "SOP-001"]) {
        assert!(group.contains(id), "{id} in {group}");
    }
}

#[test]
fn a_title_in_another_language_says_so_wherever_it_stands() {
    let german = PROCEDURE.replace("status: draft", "status: draft\nlanguage: de").replace("title: Leaving", "title: Austritt");
    let site = built(&[("content/sop.md", &german)], "auditor");
    assert!(site["documents.html"].contains("<span lang=\"de\">Austritt</span>"));
    assert!(!site["documents.html"].contains("<span lang=\"en\">"), "the manual's own language is not said again");
    let page = &site["documents/sop-001.html"];
    for part in ["<html lang=\"en\"", "<h1 lang=\"de\"", "<div class=\"text\" lang=\"de\"", "<ol lang=\"de\""] {
        assert!(page.contains(part), "{part} in {page}");
    }
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

/// docs/templates.md lists the values of each template; `templates.html` of versioned sites get theirs elsewhere and are not among these.
#[test]
fn the_values_that_each_template_gets_are_those_that_are_documented() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let (sources, _) = Sources::from_folder(root, &Default::default()).unwrap();
    let parsed = read::parse(Arc::new(sources.with_files(read::built_in())), &mut Vec::new()).unwrap();
    let mut given: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for audience in Audience::all(&parsed.project) {
        let manual = link::manual::link(view(&parsed, audience), jiff::civil::date(2026, 6, 1));
        let options = Options { exports: true, files: [("soa.csv".to_owned(), 1)].into(), ..Options::default() };
        for (template, names) in Pages::new(&manual, &options).unwrap().names() {
            given.entry(template).or_default().extend(names);
        }
    }
    let page = Sources::from_folder(
        &root.join("docs"),
        &crate::base::source::Scope {
            selections: vec![crate::base::source::Selection { files: "templates.md".into(), except: Vec::new() }],
            ..Default::default()
        },
    );
    let (docs, _) = page.unwrap();
    let text = docs.file(docs.find("templates.md").unwrap()).text();
    let quoted = |cell: &str| -> BTreeSet<String> {
        let mut depth = 0;
        let mut names = BTreeSet::new();
        for (index, piece) in cell.split('`').enumerate() {
            if index % 2 == 0 {
                depth += piece.matches('(').count();
                depth -= piece.matches(')').count();
            } else if depth == 0 {
                names.insert(piece.to_owned());
            }
        }
        names
    };
    let rows = text.lines().filter(|line| line.starts_with("| `")).filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
        Some((quoted(cells.first()?), quoted(cells.get(2)?.trim_end_matches('|'))))
    });
    let documented: Vec<(BTreeSet<String>, BTreeSet<String>)> =
        rows.filter(|(templates, _)| templates.iter().all(|name| name.ends_with(".html"))).collect();
    assert!(given.len() > 20, "{given:?}");
    let mut wrong = Vec::new();
    for (template, names) in given {
        // Which every page gets.
        let names: BTreeSet<String> = names.into_iter().filter(|name| *name != "root").map(str::to_owned).collect();
        let told = documented.iter().find(|(templates, _)| templates.contains(template)).map(|(_, told)| told);
        if told != Some(&names) {
            wrong.push(format!("`{template}` gets {names:?}, and docs/templates.md says {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
