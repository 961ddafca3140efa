//! How long the PDF manual takes: by `annexa pdf` as a process of its own, and again in a process that goes on, after an edit of one document.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use annexa::base::source::{FolderMemory, Scope, SourceFile, Sources};
use annexa::link::manual::{self, Manual};
use annexa::link::view::{Audience, view};
use annexa::read::{self, Memory};
use annexa::render::pdf::{Book, Typesetter};

use crate::document;
use crate::measure::{self, median};
use crate::project::{self, TODAY};

/// Prints a row of figures for a manual of so many documents.
pub(crate) fn measure(folder: &Path, documents: usize, runs: usize) -> Result<(), Box<dyn Error>> {
    let (sources, out) = (folder.join("project"), folder.join("manual.pdf"));
    project::write(&sources, documents)?;
    let cold = (0..runs.max(1)).map(|_| measure::pdf(&sources, &out, TODAY)).collect::<Result<Vec<_>, _>>()?;
    let pages = pages(&std::fs::read(&out)?);
    let wall = median(cold.iter().map(|run| run.wall).collect()) / 1000.0;
    let peaks: Vec<f64> = cold.iter().filter_map(|run| run.memory).collect();
    let peak = if peaks.is_empty() { "needs GNU time".to_owned() } else { format!("{:.0}", median(peaks)) };

    let mut reader = Reader::default();
    let mut typesetter = Typesetter::new();
    set(&mut typesetter, &reader.read(&sources)?)?;
    // The one in the middle: what comes after it stands behind what has changed.
    let edited = sources.join(document::path(documents / 2));
    let before = std::fs::read_to_string(&edited)?;
    let mut again = Vec::new();
    for run in 0..runs.max(1) {
        // Nobody edits while the last file is still being put away.
        std::thread::sleep(Duration::from_millis(500));
        std::fs::write(&edited, edit(&before, run))?;
        let begun = Instant::now();
        let manual = reader.read(&sources)?;
        let linked = begun.elapsed().as_secs_f64();
        set(&mut typesetter, &manual)?;
        again.push((begun.elapsed().as_secs_f64(), linked));
    }
    let fastest = again.iter().map(|(all, _)| *all).fold(f64::INFINITY, f64::min);
    let all = median(again.iter().map(|(all, _)| *all).collect());
    let linked = median(again.iter().map(|(_, linked)| *linked).collect());
    let held = held().map_or_else(|| "?".to_owned(), |held| format!("{held:.0}"));
    println!(
        "| {documents} | {pages} | {wall:.2} | {:.0} | {peak} | {all:.2} | {fastest:.2} | {linked:.2} | {held} |",
        pages as f64 / wall
    );
    Ok(())
}

/// The text with a few words more in its first paragraph.
fn edit(text: &str, run: usize) -> String {
    text.replacen("\n\n## Scope", &format!("\n\nEdited for the {run}. time.\n\n## Scope"), 1)
}

/// What a process that goes on remembers of the sources, as the preview does.
#[derive(Default)]
struct Reader {
    folder: FolderMemory,
    memory: Memory,
    built_in: Vec<SourceFile>,
}

impl Reader {
    fn read(&mut self, folder: &Path) -> Result<Manual, Box<dyn Error>> {
        if self.built_in.is_empty() {
            self.built_in = read::built_in();
        }
        let (sources, mut findings) = Sources::from_folder_again(folder, &Scope::default(), &mut self.folder)?;
        let sources = Arc::new(sources.with_files(self.built_in.clone()));
        let parsed = read::parse_again(sources, &mut self.memory, &mut findings).ok_or("the project cannot be read")?;
        Ok(manual::link(view(&parsed, Audience::highest(&parsed.project)), TODAY.parse()?))
    }
}

fn set(typesetter: &mut Typesetter, manual: &Manual) -> Result<Vec<u8>, Box<dyn Error>> {
    typesetter.set(manual, &Book::Manual, None).map_err(|findings| {
        let messages: Vec<String> = findings.iter().map(|finding| finding.message.to_string()).collect();
        messages.join("\n").into()
    })
}

/// The number of pages: the largest count that a node of the page tree names (ISO 32000-1, 7.7.3.2).
fn pages(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    let counts = text.split("/Count ").skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
    let of_pages = text.contains("/Type /Pages") || text.contains("/Type/Pages");
    if of_pages { counts.filter_map(|count| count?.parse().ok()).max().unwrap_or_default() } else { 0 }
}

/// Most memory that this process held, in MiB, where the system says so.
fn held() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok().map(|kib| kib / 1024.0)
}
