//! Fixed words: every one that a template, a script or a report says is in each language file, and none besides.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // tests read the sources of the templates

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use annexa::base::language::sentence;
use annexa::base::yaml;
use annexa::read::register::KINDS;
use annexa::read::schema::{Kind, Schema};
use annexa::read::{document, register, statement};
use walkdir::WalkDir;

use common::Project;
use common::browser::{browser, open};
use common::html::unescaped;

/// Every text literal that follows one of these marks, or that is followed by `after`.
fn literals(text: &str, marks: &[&str], words: &mut BTreeSet<String>) {
    for mark in marks {
        for (at, _) in text.match_indices(mark) {
            let before = text[..at].chars().next_back();
            if before.is_none_or(|c| !c.is_alphanumeric() && c != '_') {
                words.extend(literal(text[at + mark.len()..].trim_start()).map(|(words, _)| words));
            }
        }
    }
}

/// A literal in double quotes at the beginning of a text, and what follows it.
fn literal(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix('"')?;
    let mut out = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, &rest[at + 1..])),
            '\\' => match chars.next()?.1 {
                '\n' => {
                    let skipped = rest[at + 2..].find(|c: char| !c.is_whitespace())?;
                    (0..skipped).for_each(|_| _ = chars.next());
                }
                c => out.push(c),
            },
            c => out.push(c),
        }
    }
    None
}

fn files(folder: &str, end: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = WalkDir::new(root).sort_by_file_name().into_iter().filter_map(Result::ok);
    files
        .filter(|entry| entry.path().to_string_lossy().ends_with(end))
        .map(|entry| std::fs::read_to_string(entry.path()).unwrap())
        .collect()
}

/// The words of fixed lists, and with `labels` what stands over the columns.
fn of_schema(schema: &Schema, labels: bool, words: &mut BTreeSet<String>) {
    fn of_kind(kind: Kind, labels: bool, words: &mut BTreeSet<String>) {
        match kind {
            Kind::Word(list) => words.extend(list.iter().map(|word| sentence(word))),
            Kind::List(kind) => of_kind(*kind, labels, words),
            Kind::Record(schema) => of_schema(schema, labels, words),
            _ => {}
        }
    }
    for field in schema.fields.iter().filter(|field| !matches!(field.key, "classification" | "outward")) {
        if labels {
            words.insert(field.label.key().to_owned());
        }
        of_kind(field.kind, labels, words);
    }
}

/// What stands beside the fields of a schema.
fn labels(schema: &Schema, words: &mut BTreeSet<String>) {
    for field in schema.fields.iter().filter(|field| field.key != "id") {
        words.insert(field.label.key().to_owned());
        if let Kind::Record(schema) = field.kind {
            labels(schema, words);
        }
    }
}

/// Everything that is said.
fn said() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for text in files("src", ".rs") {
        let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let product: String = product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        literals(&product, &["word!(", "phrase!("], &mut words);
        for (at, mark) in product.match_indices("counted!(") {
            let Some((one, rest)) = literal(product[at + mark.len()..].trim_start()) else { continue };
            words.insert(one);
            words.extend(literal(rest.trim_start_matches(',').trim_start()).map(|(many, _)| many));
        }
    }
    for text in files("templates/pdf", ".typ") {
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        literals(&code, &["say("], &mut words);
    }
    for text in files("themes/default", ".js") {
        literals(&text, &["say("], &mut words);
    }
    for text in files("templates/site", ".html") {
        for (at, _) in text.match_indices("| say") {
            let before = text[..at].trim_end();
            let Some(before) = before.strip_suffix('"') else { continue };
            words.extend(before.rsplit_once('"').map(|(_, words)| words.to_owned()));
        }
    }
    for kind in KINDS {
        words.insert(kind.title.key().to_owned());
        of_schema(kind.schema, true, &mut words);
    }
    of_schema(&statement::SCHEMA, true, &mut words);
    // What changed in front matter is told by the labels of its keys.
    labels(&document::SCHEMA, &mut words);
    words.extend(document::STATUSES.iter().map(|status| sentence(status)).filter(|status| status != "Review"));
    words.extend(["Public", "Customer", "Internal", "Confidential", "Auditor"].map(|name| format!("{name}|classification")));
    // Kinds of controls, and callouts.
    words.extend(["Note", "Tip", "Important", "Warning", "Caution"].map(str::to_owned));
    words.extend(["Control", "Clause", "Enhancement", "Article", "Provision", "Criterion"].map(str::to_owned));
    assert!(register::KINDS.len() > 10);
    words
}

#[test]
fn every_word_that_is_said_is_translated_and_no_other() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("languages/de.yaml")).unwrap();
    let mut findings = Vec::new();
    let node = yaml::parse(&text, annexa::base::source::FileId(0), 0, &mut findings).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    let yaml::Kind::Mapping(entries) = &node.kind else { panic!("a mapping") };
    let file: BTreeSet<String> = entries.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key.text.to_string()).collect();
    let said = said();
    let missing: Vec<&String> = said.difference(&file).collect();
    let unused: Vec<&String> = file.difference(&said).collect();
    assert!(missing.is_empty() && unused.is_empty(), "not translated: {missing:#?}\nnothing says: {unused:#?}");
}

/// The English words that German says differently, each as the texts around its places for values.
fn english() -> Vec<Vec<String>> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("languages/de.yaml")).unwrap();
    let node = yaml::parse(&text, annexa::base::source::FileId(0), 0, &mut Vec::new()).unwrap();
    let yaml::Kind::Mapping(entries) = &node.kind else { panic!("a mapping") };
    let differs = entries.iter().filter_map(|(key, value)| {
        let key = key.text.split('|').next().unwrap();
        let yaml::Kind::Scalar { text, .. } = &value.kind else { return None };
        (text.as_ref() != key).then(|| key.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest).to_owned()).collect())
    });
    let telling = |parts: &Vec<String>| parts.iter().any(|part| part.chars().filter(|c| c.is_alphabetic()).count() > 3);
    differs.filter(telling).collect()
}

/// Whether a text is what a word says, with anything in its places for values.
fn says(text: &str, parts: &[String]) -> bool {
    let [first, rest @ ..] = parts else { return false };
    let Some(mut text) = text.strip_prefix(first.as_str()) else { return false };
    let Some((last, between)) = rest.split_last() else { return text.is_empty() };
    for part in between {
        let Some((_, after)) = text.split_once(part.as_str()) else { return false };
        text = after;
    }
    !text.is_empty() && text.ends_with(last.as_str())
}

/// What a page says to its readers: texts between tags, and what attributes hold for eyes, ears and scripts.
fn texts(page: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for part in page.split('<').skip(1) {
        let Some((tag, text)) = part.split_once('>') else { continue };
        let attributes = tag.split('"').collect::<Vec<_>>();
        let spoken = attributes.chunks(2).filter(|pair| {
            let name = pair[0].trim().trim_end_matches('=');
            ["title", "aria-label", "placeholder", "alt", "content"].contains(&name) || name.starts_with("data-")
        });
        texts.extend(spoken.filter_map(|pair| pair.get(1)).map(|value| unescaped(value)));
        texts.push(unescaped(text.trim()));
    }
    texts
}

/// English words of Annexa's own on a page of a German manual, except those that its sources hold.
fn untranslated(page: &str, english: &[Vec<String>], sources: &str) -> Vec<String> {
    let is_of_sources =
        |text: &String| sources.contains(text.as_str()) || text.split_once(' ').is_some_and(|(_, rest)| sources.contains(rest));
    texts(page).into_iter().filter(|text| english.iter().any(|word| says(text, word)) && !is_of_sources(text)).collect()
}

#[test]
fn every_page_of_a_german_manual_is_german_also_in_what_its_scripts_say() {
    let project = Project::fixture("small");
    let settings = fs::read_to_string(project.path("annexa.yaml")).unwrap();
    let trust = "trust: {audiences: [public], base_url: {public: \"https://trust.example.com\"}, security_txt: {expires: 2026-12-01, contact: [s@example.com]}}\n";
    project.write("annexa.yaml", format!("{settings}language: de\n{trust}"));
    let certificate = "{id: CRT-001, standard: ISO/IEC 27001, number: \"17\", body: Body, scope: All, issued: 2020-01-01, valid_until: 2023-01-01, classification: public}";
    project.write("content/registers/certificates.yaml", format!("register: certificates\nrows:\n  - {certificate}\n"));
    let supplier = "{id: SUP-001, name: Host, purpose: Hosting, kind: iaas, personal_data: true, agreement: 2025-12-01, subprocessor: true, country: Ireland, owner: ciso, classification: public, since: 2026-01-01}";
    project.write("content/registers/suppliers.yaml", format!("register: suppliers\nrows:\n  - {supplier}\n"));
    let sources: String =
        common::files(&project.path("content")).values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    // The titles of catalogues stay as they are published.
    let sources = format!("{settings}{sources}{}", files("catalogues", ".yaml").concat());
    let dist = project.build(&["--audience", "all"]);
    let english = english();
    assert!(english.len() > 300 && english.iter().any(|word| says("As of 2026-06-01", word)), "{}", english.len());
    let mut wrong = BTreeSet::new();
    for audience in ["public", "auditor"] {
        for (path, bytes) in common::files(&dist.join(audience)).into_iter().filter(|(path, _)| path.ends_with(".html")) {
            let found = untranslated(&String::from_utf8(bytes).unwrap(), &english, &sources);
            wrong.extend(found.into_iter().map(|text| format!("{audience}/{path}: {text}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");

    let Some(browser) = browser() else { return };
    let dist = dist.canonicalize().unwrap();
    let opened = |path: &str, query: &str| {
        let opened = open(browser, &dist.join(path), query);
        assert_eq!(opened.console, [""; 0], "{path}{query}");
        let found = untranslated(&opened.dom, &english, &sources);
        assert!(found.is_empty(), "{path}{query}: {found:?}");
        opened.dom
    };
    assert!(opened("auditor/search.html", "?q=leavers").contains("für „leavers“"));
    assert!(opened("auditor/search.html", "?q=qqqqqqqq").contains("für „qqqqqqqq“"));
    opened("auditor/registers/risks.html", "");
    assert!(opened("public/certificates.html", "").contains("abgelaufen"));
    // What is said where nothing of the index can be loaded stands in the page.
    fs::remove_dir_all(dist.join("auditor/assets/search")).unwrap();
    fs::create_dir_all(dist.join("auditor/assets/search")).unwrap();
    for script in ["find.js", "results.js"] {
        fs::copy(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default/search").join(script),
            dist.join("auditor/assets/search").join(script),
        )
        .unwrap();
    }
    let lost = open(browser, &dist.join("auditor/search.html"), "?q=leavers").dom;
    assert!(untranslated(&lost, &english, &sources).is_empty() && lost.matches("Der Index der Suche").count() > 1, "{lost}");
}
