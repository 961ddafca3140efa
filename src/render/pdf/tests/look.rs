//! What a theme decides of the look, and the values that templates get for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use typst::syntax::{SyntaxKind, SyntaxNode, ast};

use super::super::fonts::Fonts;
use super::super::{Book, whole};
use super::{SETTINGS, Small, everything, flat, images, laid_out, words};
use crate::base::source::{Scope, Selection, Sources};
use crate::link::manual;
use crate::link::view::{self, Audience};
use crate::read;

const HOUSE: &str = "format: 1\ncolours: {accent: \"#8a1c3b\"}\nfaces: {titles: [Inter, Literata]}\nlogo: {file: logo.svg, alt: The house}\n\
                     page: {paper: us-letter, left: 25}\ncover: {ground: band, logo: bottom-right, shows: [title, address], statement: Not controlled on paper.}\n";

fn house(theme: &str) -> Small {
    let mut small = everything();
    small.text("annexa.yaml", &format!("{SETTINGS}theme: house\n")).text("themes/house/theme.yaml", theme);
    small
        .text("themes/house/logo.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='10'><rect width='9' height='9'/></svg>");
    small
}

#[test]
fn a_theme_decides_cover_paper_and_colours() {
    let small = house(HOUSE);
    small.render().expect("a PDF of both standards");
    let manual = small.manual();
    let pages = laid_out(&manual).expect("pages");
    let cover = &pages.pages()[0].frame;
    assert_eq!((cover.width().to_pt(), cover.height().to_pt()), (612.0, 792.0));
    assert_eq!(images(cover), 1);
    let words = flat(&words(cover));
    assert!(words.contains("Security manual") && words.contains("Not controlled on paper."), "{words}");
    assert!(!words.contains("All of it.") && !words.contains("Date"), "{words}");
}

#[test]
fn faces_and_logos_that_are_not_there_are_found_in_the_theme() {
    let small = house("format: 1\nfaces: {text: Litterata}\nlogo: {file: broken.png}\n");
    let mut with_broken = small.clone();
    with_broken.bytes("themes/house/broken.png", b"not an image");
    let found = with_broken.found();
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("unknown-value at themes/house/theme.yaml:2: no font has the family `Litterata`"), "{found:#?}");
    assert!(found[1].starts_with("image-missing at themes/house/theme.yaml:3: the logo"), "{found:#?}");
    assert!(small.found()[1].contains("does not exist"), "{:#?}", small.found());
}

/// The keys of the dictionaries in code that is written for Typst, by what they stand at: a key, a definition, or a call.
fn given(node: &SyntaxNode, name: &str, known: &mut BTreeMap<String, BTreeSet<String>>) {
    for child in node.children() {
        let called = |call: ast::FuncCall<'_>| {
            typst::syntax::ast::AstNode::to_untyped(call.callee()).full_text().split('.').next().map(str::to_owned)
        };
        let defined = |binding: ast::LetBinding<'_>| binding.kind().bindings().first().map(|name| name.as_str().to_owned());
        let own = match child.cast::<ast::Named>() {
            Some(named) if node.kind() == SyntaxKind::Dict => {
                known.entry(name.to_owned()).or_default().insert(named.name().as_str().to_owned());
                Some(named.name().as_str().to_owned())
            }
            _ => child.cast().and_then(defined).or_else(|| child.cast().and_then(called)),
        };
        given(child, own.as_deref().unwrap_or(name), known);
    }
}

/// docs/templates-pdf.md lists the values that the templates get.
#[test]
fn the_values_that_the_templates_get_are_those_that_are_documented() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let (sources, _) = Sources::from_folder(root, &Scope::default()).expect("the starter manual");
    let parsed = read::parse(Arc::new(sources.with_files(read::built_in())), &mut Vec::new()).expect("a project");
    let manual = manual::link(view::view(&parsed, Audience::highest(&parsed.project)), "2026-11-23".parse().expect("a date"));
    let fonts = Fonts::with(&manual.view.sources);
    let mut known = BTreeMap::new();
    let frameworks = manual.view.catalogues.in_use().map(|catalogue| Book::Framework(catalogue.id.clone()));
    for book in frameworks.chain([Book::Manual, Book::Applicability]) {
        for file in whole::write(&manual, &fonts, &book, None).files {
            let of_documents = file.path.starts_with("/documents/");
            if file.path.starts_with("/templates/") || file.path.starts_with("/annexa/") {
                continue;
            }
            let mut of_file = BTreeMap::new();
            given(&typst::syntax::parse(&file.text), "whole", &mut of_file);
            for (name, keys) in of_file {
                let name = match name.as_str() {
                    "info" if of_documents => "documents",
                    "info" => "registers",
                    "sections" if !of_documents => "reference",
                    "control" | "claims" | "refer" | "links" | "references" => "reference",
                    "manual" => "whole",
                    other => other,
                };
                known.entry(name.to_owned()).or_insert_with(BTreeSet::new).extend(keys);
            }
        }
    }
    let docs = root.join("docs");
    let selection = Selection { files: "templates-pdf.md".into(), except: Vec::new() };
    let (docs, _) = Sources::from_folder(&docs, &Scope { selections: vec![selection], ..Scope::default() }).expect("docs");
    let page = docs.file(docs.find("templates-pdf.md").expect("the page")).text();
    let mut told: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut about = "";
    for line in page.lines() {
        if let Some((_, rest)) = line.split_once("**") {
            about = match rest.split("**").next().unwrap_or_default() {
                "What meets a control" => "met",
                "index" => "entries",
                other => other,
            };
        }
        if let Some(cell) = line.strip_prefix("| `").and_then(|row| row.split(" | ").next()) {
            told.entry(about).or_default().extend(cell.split('`').step_by(2).map(str::to_owned));
        }
    }
    for value in ["whole", "about", "documents", "sheets", "registers", "entries", "pages", "attached", "met", "reference"] {
        assert_eq!(known.get(value), told.get(value), "what docs/templates-pdf.md says of `{value}`, right, and what templates get, left");
    }
    // The rest stands in sentences. Counts are by state.
    let code = page.split('`').skip(1).step_by(2).flat_map(|code| code.split(|c: char| !c.is_ascii_lowercase() && c != '-' && c != '_'));
    let said: BTreeSet<&str> = code.collect();
    let unsaid: Vec<(&String, &String)> = known
        .iter()
        .filter(|(name, _)| *name != "counts")
        .flat_map(|(name, keys)| keys.iter().map(move |key| (name, key)))
        .filter(|(_, key)| !said.contains(key.as_str()))
        .collect();
    assert!(unsaid.is_empty(), "{unsaid:?}");
}
