//! How long `annexa build` takes for manuals of 100, 1,000 and 10,000 documents: `cargo bench --bench manual`. See `benches/README.md`.
#![allow(clippy::disallowed_methods)] // a benchmark reads the clock and writes projects

mod catalogue;
mod document;
mod linking;
mod measure;
#[cfg(feature = "pdf")]
mod paper;
mod preview;
mod project;
mod random;
mod register;
mod words;

use std::error::Error;
use std::path::{Path, PathBuf};

use measure::median;

// As in the command: what is timed in this process is what happens there.
#[cfg(unix)]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const USAGE: &str = "\
cargo bench --bench manual -- [--documents N,N] [--runs N] [--keep DIR] [--generate DIR] [--linking] [--serve] [--pdf]

  --documents N,N  sizes of the manuals (default: 100,1000,10000)
  --runs N         builds of each, of which the median is told (default: 5)
  --keep DIR       leave projects and outputs in DIR/N
  --generate DIR   write a project of the first size into DIR and stop
  --linking        time linking and coverage alone, with twelve frameworks in use and every crosswalk
  --serve          time the preview: from a saved file to its page (default size: 1000)
  --pdf            time the PDF manual alone (default sizes: 24,182), and how long it takes again after an edit
";

struct Arguments {
    documents: Vec<usize>,
    runs: usize,
    keep: Option<PathBuf>,
    generate: Option<PathBuf>,
    linking: bool,
    serve: bool,
    pdf: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Some(arguments) = arguments()? else {
        print!("{USAGE}");
        return Ok(());
    };
    if let Some(folder) = &arguments.generate {
        let documents = arguments.documents.first().copied().unwrap_or(1000);
        let bytes = project::write(folder, documents)?;
        println!("{documents} documents, {:.1} MB of sources in {}", bytes as f64 / 1e6, folder.display());
        return Ok(());
    }
    if arguments.linking {
        println!("| documents | controls | pairs | link and coverage ms | stages ms |\n| ---: | ---: | ---: | ---: | --- |");
        for documents in &arguments.documents {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-linking-{documents}"));
            project::write(&folder, *documents)?;
            linking::measure(&folder, *documents, arguments.runs)?;
            std::fs::remove_dir_all(&folder)?;
        }
        return Ok(());
    }
    if arguments.serve {
        println!(
            "| documents | start ms | told ms | loaded ms | slowest ms | where the time goes, in ms |\n| ---: | ---: | ---: | ---: | ---: | --- |"
        );
        for documents in &arguments.documents {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-serve-{documents}"));
            preview::measure(&folder, *documents, arguments.runs)?;
            std::fs::remove_dir_all(&folder)?;
        }
        return Ok(());
    }
    if arguments.pdf {
        return paper(&arguments);
    }
    println!(
        "| documents | sources MB | wall ms | stages ms | peak MiB | files | output MB |\n| ---: | ---: | ---: | --- | ---: | ---: | ---: |"
    );
    for documents in &arguments.documents {
        let folder = match &arguments.keep {
            Some(folder) => folder.join(documents.to_string()),
            None => Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-manual-{documents}")),
        };
        measure_one(&folder, *documents, arguments.runs)?;
        if arguments.keep.is_none() {
            std::fs::remove_dir_all(&folder)?;
        }
    }
    Ok(())
}

#[cfg(feature = "pdf")]
fn paper(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    println!(
        "| documents | pages | cold s | pages a second | peak MiB | after an edit s | fastest s | of which read and link s | peak of the process MiB |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for documents in &arguments.documents {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-pdf-{documents}"));
        paper::measure(&folder, *documents, arguments.runs)?;
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

#[cfg(not(feature = "pdf"))]
fn paper(_: &Arguments) -> Result<(), Box<dyn Error>> {
    Err("this build has no PDF: leave out --no-default-features".into())
}

fn measure_one(folder: &Path, documents: usize, runs: usize) -> Result<(), Box<dyn Error>> {
    let (sources, out) = (folder.join("project"), folder.join("dist"));
    if sources.exists() {
        std::fs::remove_dir_all(&sources)?;
    }
    let bytes = project::write(&sources, documents)?;
    let runs = (0..runs.max(1)).map(|_| measure::build(&sources, &out, project::TODAY)).collect::<Result<Vec<_>, _>>()?;
    let (files, output) = measure::weigh(&out)?;
    let names = runs.first().map(|run| run.stages.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let stage = |name: &String| median(runs.iter().filter_map(|run| run.stages.get(name).copied()).collect());
    let stages: Vec<String> = names.iter().map(|name| format!("{name} {:.0}", stage(name))).collect();
    let peaks: Vec<f64> = runs.iter().filter_map(|run| run.memory).collect();
    let peak = if peaks.is_empty() { "needs GNU time".to_owned() } else { format!("{:.0}", median(peaks)) };
    println!(
        "| {documents} | {:.1} | {:.0} | {} | {peak} | {files} | {:.1} |",
        bytes as f64 / 1e6,
        median(runs.iter().map(|run| run.wall).collect()),
        stages.join(", "),
        output as f64 / 1e6,
    );
    Ok(())
}

/// Reads the command line; nothing where it asks for help.
fn arguments() -> Result<Option<Arguments>, Box<dyn Error>> {
    let mut arguments = Arguments { documents: Vec::new(), runs: 5, keep: None, generate: None, linking: false, serve: false, pdf: false };
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        let mut value = || given.next().ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            // Cargo adds it.
            "--bench" => {}
            "--documents" => arguments.documents = value()?.split(',').map(str::parse).collect::<Result<_, _>>()?,
            "--runs" => arguments.runs = value()?.parse()?,
            "--keep" => arguments.keep = Some(value()?.into()),
            "--linking" => arguments.linking = true,
            "--serve" => arguments.serve = true,
            "--pdf" => arguments.pdf = true,
            "--generate" => arguments.generate = Some(value()?.into()),
            "--help" | "-h" => return Ok(None),
            other => return Err(format!("there is no option {other}\n\n{USAGE}").into()),
        }
    }
    if arguments.documents.is_empty() {
        arguments.documents = match () {
            () if arguments.pdf => vec![24, 182],
            () if arguments.serve => vec![1000],
            () => vec![100, 1000, 10_000],
        };
    }
    if arguments.documents.contains(&0) {
        return Err("a manual has at least one document".into());
    }
    Ok(Some(arguments))
}
