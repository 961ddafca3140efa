//! A table of the controls of NIST SP 800-53 by printpdf's drawing API, beside the same table by Annexa's PDF renderer.
//! `cargo bench --bench drawing`; the figures stand in docs/decisions/0001-typst-for-pdf.md.
//!
//! The drawing API knows text at a place and lines: what this file does by hand (columns, where a line breaks, heads on each page,
//! page numbers) is what a layout engine is for.
#![allow(clippy::disallowed_methods)] // a benchmark reads the clock and writes projects

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use annexa::base::source::Sources;
use printpdf::{BuiltinFont, Line, LinePoint, Mm, Op, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Pt, TextItem};

const GNU_TIME: &str = "/usr/bin/time";
const HEAD: [&str; 3] = ["Control", "Title", "Group"];
/// Left edges of the columns and the page's right margin, in millimetres.
const EDGES: [f32; 4] = [20.0, 45.0, 150.0, 190.0];
const LINE: f32 = 4.6;
const SIZE: f32 = 10.0;

type Row = [String; 3];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [mode, out] = arguments.as_slice()
        && mode == "--draw"
    {
        std::fs::write(out, draw(&rows()))?;
        return Ok(());
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-drawing");
    let (project, drawn, dist) = (folder.join("project"), folder.join("drawn.pdf"), folder.join("dist"));
    std::fs::create_dir_all(project.join("content/records"))?;
    std::fs::write(project.join("annexa.yaml"), SETTINGS)?;
    std::fs::write(project.join("content/records/rec-001.md"), document(&rows()))?;
    if dist.exists() {
        std::fs::remove_dir_all(&dist)?;
    }
    println!("| table of {} rows | s | MiB | kB |\n| --- | ---: | ---: | ---: |", rows().len());
    let own = std::env::current_exe()?;
    measure("printpdf, drawing API", Command::new(GNU_TIME).args(TIME).arg(own).arg("--draw").arg(&drawn), &drawn)?;
    let build = ["build", "--today", "2026-11-02", "--out"];
    let pdf = dist.join("manual.pdf");
    measure(
        "annexa build",
        Command::new(GNU_TIME).args(TIME).arg(env!("CARGO_BIN_EXE_annexa")).args(build).arg(&dist).arg(&project),
        &pdf,
    )?;
    println!("\n{}\n{}", drawn.display(), pdf.display());
    Ok(())
}

/// GNU time prints the peak memory in KiB as the last line of standard error.
const TIME: [&str; 2] = ["--format", "%M"];

fn measure(name: &str, command: &mut Command, pdf: &Path) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let output = command.output()?;
    let took = begun.elapsed().as_secs_f64();
    let errors = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{name} failed: {errors}").into());
    }
    let kib: f64 = errors.trim().lines().last().unwrap_or_default().parse()?;
    println!("| {name} | {took:.2} | {:.0} | {} |", kib / 1024.0, std::fs::metadata(pdf)?.len() / 1000);
    Ok(())
}

fn rows() -> Vec<Row> {
    let sources = Sources::default().with_files(annexa::read::built_in());
    let catalogues = annexa::read::built_in_catalogues(&sources, &mut Vec::new());
    let controls =
        catalogues.all().filter(|catalogue| catalogue.id.framework.as_ref() == "nist80053").flat_map(|catalogue| &catalogue.controls);
    controls
        .map(|control| [control.id.control.to_string(), control.title.to_string(), control.group.as_deref().unwrap_or_default().to_owned()])
        .collect()
}

/// The table by hand: words are put on lines by their number of letters, for the API does not say how wide they are.
fn draw(rows: &[Row]) -> Vec<u8> {
    let mut pages: Vec<Vec<Op>> = Vec::new();
    let mut y = 0.0;
    for row in rows {
        let cells: Vec<Vec<String>> = row.iter().zip(EDGES.windows(2)).map(|(cell, edges)| wrapped(cell, edges[1] - edges[0])).collect();
        let height = LINE * cells.iter().map(Vec::len).max().unwrap_or(1) as f32;
        if pages.is_empty() || y - height < 20.0 {
            let mut page = Vec::new();
            let number = format!("Page {}", pages.len() + 1);
            text(&mut page, BuiltinFont::Helvetica, 105.0, 12.0, &number);
            HEAD.iter().zip(EDGES).for_each(|(head, x)| text(&mut page, BuiltinFont::HelveticaBold, x, 277.0, head));
            rule(&mut page, 275.0);
            pages.push(page);
            y = 271.0;
        }
        let Some(page) = pages.last_mut() else { continue };
        for (lines, x) in cells.iter().zip(EDGES) {
            lines.iter().zip(0u8..).for_each(|(line, index)| text(page, BuiltinFont::Helvetica, x, y - LINE * f32::from(index), line));
        }
        y -= height;
        rule(page, y + LINE - 1.2);
    }
    let mut document = PdfDocument::new("Controls");
    let pages = pages.into_iter().map(|ops| PdfPage::new(Mm(210.0), Mm(297.0), ops)).collect();
    document.with_pages(pages).save(&PdfSaveOptions::default(), &mut Vec::new())
}

fn wrapped(text: &str, width: f32) -> Vec<String> {
    // Helvetica's letters are about half as wide as they are high; a point is 0.3528 mm.
    let most = (width / (SIZE * 0.3528 * 0.5)) as usize;
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + word.len() < most => line.extend([" ", word]),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn text(page: &mut Vec<Op>, font: BuiltinFont, x: f32, y: f32, words: &str) {
    page.extend([
        Op::StartTextSection,
        Op::SetFont { font: PdfFontHandle::Builtin(font), size: Pt(SIZE) },
        Op::SetTextCursor { pos: Point::new(Mm(x), Mm(y)) },
        Op::ShowText { items: vec![TextItem::Text(words.to_owned())] },
        Op::EndTextSection,
    ]);
}

fn rule(page: &mut Vec<Op>, y: f32) {
    let point = |x| LinePoint { p: Point::new(Mm(x), Mm(y)), bezier: false };
    page.push(Op::DrawLine { line: Line { points: vec![point(EDGES[0]), point(EDGES[3])], is_closed: false } });
}

const SETTINGS: &str = "format: 1\ntitle: Controls\norg: {name: Tarnwick Systems GmbH}\nframeworks: [nist80053@r5]\n";

fn document(rows: &[Row]) -> String {
    let mut text = String::from(
        "---\nid: REC-001\ntitle: Controls\ntype: record\nstatus: draft\n---\n\n## Table\n\n| Control | Title | Group |\n| --- | --- | --- |\n",
    );
    text.extend(rows.iter().map(|row| format!("| {} |\n", row.join(" | "))));
    text
}
