//! Sets the policies and procedures of this repository, repeated to 45 documents, by printpdf's HTML mode and by `annexa build`, each in a
//! process of its own, and prints time, pages and peak memory.
//!
//!     cargo run --release -- compare ANNEXA [DIR]
//!
//! `html OUT` and `project DIR` are the two halves. What to look for in the files is in docs/decisions/0001-typst-for-pdf.md.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use printpdf::{GeneratePdfOptions, PdfConformance, PdfDocument, PdfSaveOptions};
use pulldown_cmark::{Options, Parser};

type Done = Result<(), Box<dyn Error>>;

const DOCUMENTS: usize = 45;

fn main() -> Done {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["html", out] => html(Path::new(out)),
        ["project", folder] => project(Path::new(folder)),
        ["compare", annexa] => compare(annexa, &PathBuf::from("target/compare")),
        ["compare", annexa, folder] => compare(annexa, Path::new(folder)),
        _ => Err("compare ANNEXA [DIR] | html OUT | project DIR".into()),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The repository's policies and procedures: path below content/, and text.
fn documents() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut found = Vec::new();
    for folder in ["policies", "sops"] {
        let mut paths = fs::read_dir(root().join("content").join(folder))?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
        paths.sort();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "md")) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            found.push((format!("{folder}/{name}"), fs::read_to_string(path)?));
        }
    }
    Ok(found)
}

/// All of them again and again, each repetition with ids of its own: `POL-004` is `POL-104` the first time over.
fn repeated() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let documents = documents()?;
    let repeat = |index: usize| {
        let (path, text) = &documents[index % documents.len()];
        let turn = index / documents.len();
        if turn == 0 {
            return (path.clone(), text.clone());
        }
        let text = text.replacen("\nid: POL-0", &format!("\nid: POL-{turn}"), 1).replacen("\nid: SOP-0", &format!("\nid: SOP-{turn}"), 1);
        (path.replace(".md", &format!("-{turn}.md")), text)
    };
    Ok((0..DOCUMENTS).map(repeat).collect())
}

/// The repository as a project of 45 policies and procedures and nothing else, so that both sides set the same.
fn project(folder: &Path) -> Done {
    for (path, text) in repeated()? {
        let path = folder.join("content").join(path);
        fs::create_dir_all(path.parent().ok_or("a folder")?)?;
        fs::write(path, text)?;
    }
    fs::copy(root().join("annexa.yaml"), folder.join("annexa.yaml"))?;
    // What the documents refer to.
    for part in ["manual", "registers", "controls"] {
        fs::create_dir_all(folder.join("content").join(part))?;
        for entry in fs::read_dir(root().join("content").join(part))? {
            let entry = entry?;
            fs::copy(entry.path(), folder.join("content").join(part).join(entry.file_name()))?;
        }
    }
    Ok(())
}

fn html(out: &Path) -> Done {
    let mut page = String::from(
        "<html><head><title>Information security manual</title><style>\
         body { font-family: sans-serif; font-size: 10pt; line-height: 1.35; }\
         h1 { font-size: 20pt; page-break-before: always; } h2 { font-size: 14pt; } h3 { font-size: 11pt; }\
         table { border-collapse: collapse; width: 100%; } thead { display: table-header-group; }\
         th, td { border: 1px solid #888; padding: 3pt; text-align: left; } code, pre { font-family: monospace; }\
         </style></head><body>",
    );
    for (_, text) in repeated()? {
        let mut parts = text.splitn(3, "---\n");
        let (front, body) = (parts.nth(1).unwrap_or_default(), parts.next().unwrap_or_default());
        let value = |key: &str| front.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().trim_matches('"').to_owned();
        let (id, title) = (value("id: "), value("title: "));
        page.push_str(&format!("<h1 id=\"{}\">{id} {title}</h1>\n", id.to_lowercase()));
        pulldown_cmark::html::push_html(&mut page, Parser::new_ext(&linked(body), Options::all() - Options::ENABLE_WIKILINKS));
    }
    page.push_str("</body></html>");
    let options = GeneratePdfOptions {
        margin_top: Some(20.0),
        margin_right: Some(20.0),
        margin_bottom: Some(20.0),
        margin_left: Some(20.0),
        show_page_numbers: Some(true),
        header_text: Some("Information security manual, confidential".into()),
        ..GeneratePdfOptions::default()
    };
    let mut warnings = Vec::new();
    let mut document = PdfDocument::from_html(&page, &BTreeMap::new(), &BTreeMap::new(), &options, &mut warnings)?;
    document.metadata.info.document_title = "Information security manual".into();
    document.metadata.info.conformance = PdfConformance::A3_2012_PDF_1_7;
    let bytes = document.save(&PdfSaveOptions::default(), &mut warnings);
    fs::write(out, bytes)?;
    println!("{} warnings", warnings.len());
    Ok(())
}

/// `[[POL-004#leavers|words]]` as a Markdown link.
fn linked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        out.push_str(before);
        let Some((reference, after)) = after.split_once("]]") else {
            rest = after;
            continue;
        };
        let (target, words) = reference.split_once('|').unwrap_or((reference, reference));
        let target = target.trim_end_matches('\\').split('#').next().unwrap_or_default();
        out.push_str(&format!("[{words}](#{})", target.to_lowercase()));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn compare(annexa: &str, folder: &Path) -> Done {
    fs::create_dir_all(folder)?;
    let folder = folder.canonicalize()?;
    let (sources, dist, by_printpdf) = (folder.join("project"), folder.join("dist"), folder.join("printpdf.pdf"));
    if sources.exists() {
        fs::remove_dir_all(&sources)?;
    }
    project(&sources)?;
    let own = std::env::current_exe()?;
    let text = |path: &Path| path.display().to_string();
    println!("| renderer | s | pages | MiB | kB |\n| --- | ---: | ---: | ---: | ---: |");
    let html = [text(&own), "html".into(), text(&by_printpdf)];
    measure("printpdf, HTML mode", &html, &by_printpdf)?;
    let build = [annexa.to_owned(), "build".into(), text(&sources), "--today".into(), "2026-11-02".into(), "--out".into(), text(&dist)];
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    measure("annexa build, site and PDF by Typst", &build, &dist.join("manual.pdf"))
}

fn measure(name: &str, command: &[String], pdf: &Path) -> Done {
    let report = std::env::temp_dir().join("annexa-peak-memory");
    let begun = Instant::now();
    let output = Command::new("/usr/bin/time").arg("--output").arg(&report).args(["--format", "%M"]).args(command).output()?;
    let took = begun.elapsed().as_secs_f64();
    if !output.status.success() {
        return Err(format!("{name} failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let kib: f64 = fs::read_to_string(&report)?.trim().parse()?;
    let information = Command::new("pdfinfo").arg(pdf).output()?;
    let information = String::from_utf8_lossy(&information.stdout).into_owned();
    let pages = information.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap_or("?").trim();
    println!("| {name} | {took:.1} | {pages} | {:.0} | {} |", kib / 1024.0, fs::metadata(pdf)?.len() / 1000);
    Ok(())
}
