//! The built site holds together: every link leads somewhere, nothing is inline, nothing comes from elsewhere, and no page grows with the manual.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::html::{self, Tag};
use common::{Project, ROLES, SETTINGS, document, files};

/// The text files of an output by path.
fn site(project: &Project) -> BTreeMap<String, Vec<u8>> {
    files(&project.build(&[]))
}

fn pages(site: &BTreeMap<String, Vec<u8>>) -> impl Iterator<Item = (&str, &str)> {
    site.iter().filter(|(path, _)| path.ends_with(".html")).map(|(path, bytes)| (path.as_str(), std::str::from_utf8(bytes).unwrap()))
}

/// Where a link of a page leads: a path in the output and a fragment.
fn resolve<'a>(page: &str, link: &'a str) -> (String, Option<&'a str>) {
    let (path, fragment) = link.split_once('#').map_or((link, None), |(path, fragment)| (path, Some(fragment)));
    let path = path.split('?').next().unwrap();
    if path.is_empty() {
        return (page.to_owned(), fragment);
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{page}: {link} climbs out of the site"),
            "." => {}
            part => parts.push(part),
        }
    }
    (html::percent_decoded(&parts.join("/")), fragment)
}

fn is_elsewhere(link: &str) -> bool {
    ["https:", "http:", "mailto:"].iter().any(|scheme| link.starts_with(scheme))
}

#[test]
fn the_repositorys_own_manual_holds_together() {
    let project = Project::of_the_repository();
    let site = site(&project);
    let tags: BTreeMap<&str, Vec<Tag>> = pages(&site).map(|(path, text)| (path, html::tags(text))).collect();
    let ids: BTreeMap<&str, BTreeSet<String>> =
        tags.iter().map(|(path, tags)| (*path, tags.iter().filter_map(|tag| tag.get("id")).collect())).collect();
    let mut wrong = Vec::new();
    let mut followed = 0;
    for (page, tags) in &tags {
        let mut seen = BTreeSet::new();
        for tag in tags {
            if let Some(id) = tag.get("id")
                && !seen.insert(id.clone())
            {
                wrong.push(format!("{page}: two elements have the id `{id}`"));
            }
            for key in ["href", "src", "action", "srcset", "poster", "data"] {
                let Some(link) = tag.get(key) else { continue };
                if is_elsewhere(&link) {
                    if tag.name != "a" && tag.get("rel").as_deref() != Some("canonical") {
                        wrong.push(format!("{page}: <{} {key}={link}> asks another host", tag.name));
                    }
                    continue;
                }
                followed += 1;
                let (path, fragment) = resolve(page, &link);
                if !site.contains_key(&path) {
                    wrong.push(format!("{page}: `{link}` leads to nothing"));
                } else if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
                    let fragment = html::percent_decoded(fragment);
                    if !ids.get(path.as_str()).is_some_and(|ids| ids.contains(&fragment)) {
                        wrong.push(format!("{page}: {path} has no `#{fragment}`"));
                    }
                }
            }
            for key in ["aria-labelledby", "aria-describedby", "aria-controls", "for", "headers"] {
                for id in tag.get(key).unwrap_or_default().split_whitespace() {
                    if !ids[page].contains(id) {
                        wrong.push(format!("{page}: {key} names `{id}`, which the page does not have"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert!(tags.len() > 400 && followed > 10_000, "{} pages, {followed} links", tags.len());
}

#[test]
fn nothing_is_inline_so_that_a_strict_content_security_policy_holds() {
    let site = site(&Project::of_the_repository());
    let mut wrong = Vec::new();
    for (page, text) in pages(&site) {
        for tag in html::tags(text) {
            if tag.attributes.keys().any(|key| key.starts_with("on") || key == "style") {
                wrong.push(format!("{page}: {tag:?}"));
            }
            let script = tag.name == "script" && tag.get("src").is_none();
            if script || matches!(tag.name.as_str(), "style" | "base" | "iframe" | "object" | "embed") {
                wrong.push(format!("{page}: <{}>", tag.name));
            }
            if ["href", "src", "action"]
                .iter()
                .filter_map(|key| tag.get(key))
                .any(|link| ["javascript:", "data:"].iter().any(|scheme| link.trim().starts_with(scheme)))
            {
                wrong.push(format!("{page}: {tag:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn style_sheets_and_scripts_ask_no_other_host_and_name_files_that_exist() {
    let site = site(&Project::of_the_repository());
    for (path, bytes) in site.iter().filter(|(path, _)| path.ends_with(".css") || path.ends_with(".js")) {
        let text = std::str::from_utf8(bytes).unwrap();
        // The parts of the index hold what authors wrote.
        let is_index = path.starts_with("assets/search/") && text.starts_with("annexaSearch.take(");
        if !is_index {
            for scheme in ["http://", "https://", "\"//", "'//", "url(//"] {
                let found = text.match_indices(scheme).map(|(at, _)| &text[at..(at + 60).min(text.len())]);
                let found: Vec<_> = found.filter(|near| !near.starts_with("http://www.w3.org/")).collect();
                assert!(found.is_empty(), "{path}: {found:?}");
            }
            assert!(!text.contains("fetch(") && !text.contains("XMLHttpRequest") && !text.contains("import "), "{path} works from file://");
        }
        if path.ends_with(".css") {
            for after in text.split("url(").skip(1) {
                let link = after.split(')').next().unwrap().trim_matches(['"', '\'']);
                if !link.starts_with("data:") && !link.starts_with('#') {
                    assert!(site.contains_key(&resolve(path, link).0), "{path}: url({link}) leads to nothing");
                }
            }
        }
    }
}

#[test]
fn every_tag_of_every_page_is_closed_by_its_own() {
    let site = site(&Project::of_the_repository());
    for (page, text) in pages(&site) {
        if let Err(wrong) = html::well_formed(text) {
            panic!("{page}: {wrong}");
        }
    }
}

#[test]
fn every_entry_of_the_search_leads_to_a_page() {
    let site = site(&Project::of_the_repository());
    let parts = site.iter().filter(|(path, _)| path.strip_prefix("assets/search/p").is_some_and(|name| name.starts_with(char::is_numeric)));
    let mut entries = 0;
    for (name, bytes) in parts {
        // take("digest","name",[[id, title, address, part, [[heading, anchor, step], ...]], ...]);
        let script = std::str::from_utf8(bytes).unwrap();
        let list = script.trim().strip_prefix("annexaSearch.take(").and_then(|rest| rest.strip_suffix(");")).unwrap();
        let part: serde_json::Value = serde_json::from_str(&format!("[{list}]")).unwrap();
        for entry in part[2].as_array().unwrap() {
            entries += 1;
            let (path, fragment) = resolve("index.html", entry[2].as_str().unwrap());
            let page = site.get(&path).unwrap_or_else(|| panic!("{name}: {entry} leads to nothing"));
            let ids: BTreeSet<String> = html::tags(std::str::from_utf8(page).unwrap()).iter().filter_map(|tag| tag.get("id")).collect();
            let anchors = entry[4].as_array().unwrap().iter().map(|heading| heading[1].as_str().unwrap().to_owned());
            for anchor in anchors.chain(fragment.map(str::to_owned)) {
                assert!(ids.contains(&anchor), "{path} has no `#{anchor}`");
            }
        }
    }
    assert!(entries > 400, "{entries}");
}

/// A project of so many documents, each of which refers to the next.
fn of_size(documents: usize) -> Project {
    let project = Project::new(&[("annexa.yaml", SETTINGS), ("content/registers/roles.yaml", ROLES)]);
    for number in 1..=documents {
        let next = number % documents + 1;
        let text = document(&format!("POL-{number:03}"), &format!("See [[POL-{next:03}]].")).replace("satisfies: [gdpr:32]\n", "");
        project.write(&format!("content/policies/pol-{number:03}.md"), text);
    }
    project
}

#[test]
fn a_page_does_not_grow_with_the_number_of_documents() {
    let (small, large) = (site(&of_size(20)), site(&of_size(200)));
    for (page, text) in
        pages(&small).filter(|(path, _)| path.starts_with("controls/") || path.starts_with("registers/") || *path == "search.html")
    {
        assert!(large[page].len().abs_diff(text.len()) < 80, "{page}: {} and {} bytes", text.len(), large[page].len());
    }
    for page in ["documents/pol-005.html", "documents/pol-019.html"] {
        assert!(large[page].len().abs_diff(small[page].len()) < 10, "{page}: {} and {} bytes", small[page].len(), large[page].len());
    }
}
