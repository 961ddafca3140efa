//! Pictures on the pages of a project: whom they are shown to, and what they hold.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::fs;

use common::{Project, ROLES, SETTINGS, assert_same, document, files};

/// Two risks, one of them not rated after treatment, whose rows carry `mark`.
fn risks(mark: &str) -> String {
    format!(
        "register: risks\nrows:\n\
         \x20 - {{id: RSK-001, title: A theft, scenario: It happens., owner: ciso, likelihood: 4, confidentiality: 1, integrity: 0, availability: 5, \
         decision: retain, residual_likelihood: 2, residual_impact: 3, accepted: 2026-01-01, accepted_by: ciso, {mark}}}\n\
         \x20 - {{id: RSK-002, title: A \"fire\" & <smoke>, scenario: It happens., owner: ciso, likelihood: 1, confidentiality: 0, integrity: 0, \
         availability: 2, decision: retain, {mark}}}\n"
    )
}

fn project(risks: &str) -> Project {
    Project::new(&[
        ("annexa.yaml", SETTINGS),
        ("content/registers/roles.yaml", ROLES),
        ("content/registers/risks.yaml", risks),
        ("content/policies/pol-001.md", &document("POL-001", "")),
    ])
}

fn page(project: &Project, arguments: &[&str], path: &str) -> String {
    fs::read_to_string(project.build(arguments).join(path)).unwrap()
}

fn row<'t>(page: &'t str, level: &str) -> &'t str {
    let (_, after) = page.split_once(&format!("<th scope=\"row\">{level} <")).unwrap();
    after.split("</tr>").next().unwrap()
}

#[test]
fn risks_stand_on_the_map_by_their_highest_impact_and_in_the_table_beside_it() {
    let page = page(&project(&risks("classification: confidential")), &[], "registers/risks.html");
    assert!(page.contains("<desc id=\"heat:before-text\">Risks by likelihood and impact: 1 critical, 0 high, 0 medium, 1 low.</desc>"));
    assert!(page.contains("<desc id=\"heat:after-text\">Risks by likelihood and impact: 0 critical, 0 high, 1 medium, 0 low.</desc>"));
    assert!(page.contains("<title>RSK-002 A &quot;fire&quot; &amp; &lt;smoke&gt;</title>"));
    assert!(
        row(&page, "Critical").contains("#RSK-001") && row(&page, "Low").contains("#RSK-002") && row(&page, "Medium").contains("#RSK-001")
    );
    let (_, unrated) = page.split_once("Not rated").unwrap();
    assert!(unrated.split("</tr>").next().unwrap().contains("#RSK-002"));
}

#[test]
fn levels_begin_where_the_project_says() {
    let project = project(&risks("classification: confidential"));
    project.write("annexa.yaml", format!("{SETTINGS}risk_levels: {{critical: 21, high: 3}}\n"));
    let ran = project.run("build", &["--no-pdf"]);
    assert!(ran.status == Some(1) && ran.codes().contains(&"error[invalid-value"), "{:?}\n{}", ran.codes(), ran.err);
    project.write("annexa.yaml", format!("{SETTINGS}risk_levels: {{critical: 21, medium: 2, high: 6}}\n"));
    let page = page(&project, &[], "registers/risks.html");
    assert!(page.contains("0 critical, 1 high, 1 medium, 0 low") && page.contains("21–25") && page.contains("6–20"), "{page}");
    let register = page.split_once("Residual level").unwrap().1;
    assert!(register.contains("20"), "the table says the product as before");
}

#[test]
fn who_may_not_see_all_the_figures_sees_no_map() {
    for mark in [
        "classification: internal",
        "classification: internal, outward: [likelihood]",
        "classification: internal, outward: [likelihood, confidentiality, integrity]",
        "classification: internal, outward: [confidentiality, integrity, availability]",
    ] {
        let page = page(&project(&risks(mark)), &["--audience", "internal"], "registers/risks.html");
        assert!(page.contains("RSK-001") && !page.contains("class=\"picture\""), "{mark}");
        assert!(!page.contains("Risk level</th>"), "the highest of some impacts is not the highest: {mark}");
    }
    let mark = "classification: internal, outward: [likelihood, confidentiality, integrity, availability]";
    let page = page(&project(&risks(mark)), &["--audience", "internal"], "registers/risks.html");
    assert!(page.contains("heat:before-title") && !page.contains("After treatment") && !page.contains("Not rated"));
}

#[test]
fn a_map_after_treatment_is_not_shown_in_part() {
    let mark =
        "classification: internal, outward: [likelihood, confidentiality, integrity, availability, residual_likelihood, residual_impact]";
    let page = page(&project(&risks(mark)), &["--audience", "internal"], "registers/risks.html");
    assert!(page.contains("heat:before-title") && !page.contains("heat:after-title") && !page.contains("Not rated"));
}

#[test]
fn editing_withheld_figures_changes_no_byte_of_a_lower_view() {
    let mark = "classification: internal, outward: [likelihood, confidentiality, integrity, availability]";
    let project = project(&risks(mark));
    let before = files(&project.build(&["--audience", "internal"]));
    let edited =
        risks(mark).replace("residual_impact: 3", "residual_impact: 1").replace("residual_likelihood: 2", "residual_likelihood: 5");
    project.write("content/registers/risks.yaml", edited);
    assert_same(&before, &files(&project.build(&["--audience", "internal"])));

    project.write("content/registers/risks.yaml", risks("classification: internal"));
    let before = files(&project.build(&["--audience", "internal"]));
    project.write("content/registers/risks.yaml", risks("classification: internal").replace("availability: 5", "availability: 2"));
    assert_same(&before, &files(&project.build(&["--audience", "internal"])));
}

/// The pictures of a page.
fn pictures(page: &str) -> Vec<&str> {
    let begins = page.match_indices("<svg xmlns").map(|(at, _)| &page[at..]);
    begins.map(|text| &text[..text.find("</svg>").unwrap() + "</svg>".len()]).collect()
}

#[test]
fn every_picture_of_the_manual_is_a_drawing_of_its_own_with_words_for_it() {
    let project = Project::of_the_repository();
    let dist = project.build(&[]);
    let mut count = 0;
    for (path, bytes) in files(&dist).iter().filter(|(path, _)| path.ends_with(".html")) {
        for svg in pictures(std::str::from_utf8(bytes).unwrap()) {
            count += 1;
            let parsed = roxmltree::Document::parse(svg).unwrap_or_else(|error| panic!("{path}: {error}"));
            let root = parsed.root_element();
            // What is within an image cannot be reached, so that one with links is a group.
            let has_links = parsed.descendants().any(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "a")));
            assert_eq!(root.attribute("role"), Some(if has_links { "group" } else { "img" }), "{path}");
            let words = |id: &str| {
                let node = parsed.descendants().find(|node| node.attribute("id") == Some(id));
                node.and_then(|node| node.text()).map_or(0, str::len)
            };
            assert!(["aria-labelledby", "aria-describedby"].iter().all(|key| words(root.attribute(*key).unwrap()) > 2), "{path}");
            for node in parsed.descendants().filter(roxmltree::Node::is_element) {
                assert!(!matches!(node.tag_name().name(), "script" | "style" | "image" | "use" | "foreignObject"), "{path}");
                assert!(node.attribute("style").is_none() && node.attribute("onload").is_none(), "{path}");
            }
        }
    }
    assert!(count > 60, "{count}");
}

#[test]
fn every_control_that_is_counted_has_one_tile() {
    let project = Project::of_the_repository();
    let dist = project.build(&[]);
    for (framework, controls) in [("nist80053@r5", 1014), ("ccm@4.1", 207)] {
        let page = fs::read_to_string(dist.join(format!("frameworks/{framework}.html"))).unwrap();
        let links: std::collections::BTreeSet<&str> =
            pictures(&page).iter().flat_map(|svg| svg.split("<a href=\"").skip(1)).map(|after| after.split('"').next().unwrap()).collect();
        assert_eq!(links.len(), controls, "{framework}");
        assert!(links.iter().all(|link| dist.join("frameworks").join(link).is_file()), "{framework}");
    }
}
