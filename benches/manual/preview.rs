//! How long it takes from a saved file to its page, loaded anew: by `annexa::serve`, asked over a socket as a browser asks; and where that time goes.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use annexa::base::finding::terminal;
use annexa::base::source::{FolderMemory, Scope, Sources};
use annexa::history::approval::Ledger;
use annexa::link::view::{Audience, view};
use annexa::link::{manual, rule};
use annexa::read::{self, Memory};
use annexa::render::site;
use annexa::serve::{Server, Settings};

use crate::document;
use crate::measure::median;
use crate::project::{self, TODAY};

/// Prints a row of figures for a manual of so many documents.
pub(crate) fn measure(folder: &Path, documents: usize, runs: usize) -> Result<(), Box<dyn Error>> {
    project::write(folder, documents)?;
    // A manual that somebody works on has lain there for a while: what was just written is read again by whoever reads it.
    std::thread::sleep(Duration::from_secs(3));
    // The one in the middle, and one that many others name would be no worse: a page is made from all of the manual in any case.
    let edited = folder.join(document::path(documents / 2));
    let before = std::fs::read_to_string(&edited)?;
    let id = before.lines().find_map(|line| line.strip_prefix("id: ")).ok_or("the document has no id")?.to_lowercase();
    let page = format!("documents/{id}.html");
    let edit = |run: usize| before.replacen("\n\n## Scope", &format!("\n\nEdited for the {run}. time.\n\n## Scope"), 1);

    let today = TODAY.parse()?;
    let settings = Settings {
        root: folder.to_owned(),
        port: 0,
        audience: None,
        today: Box::new(move || today),
        terminal: terminal::Options::default(),
        say: Box::new(|_| ()),
    };
    let begun = Instant::now();
    let server = Server::start(settings)?;
    let started = begun.elapsed().as_secs_f64() * 1000.0;
    let address = server.address();
    let mut news = BufReader::new(ask(address, "/.annexa/events")?);
    get(address, &page)?;
    let mut told = Vec::new();
    let mut loaded = Vec::new();
    for run in 0..=runs.max(1) {
        wait(&mut news, "\"checked\":true")?;
        let begun = Instant::now();
        std::fs::write(&edited, edit(run))?;
        wait(&mut news, "\"checked\":false")?;
        let told_after = begun.elapsed();
        let text = get(address, &page)?;
        let loaded_after = begun.elapsed();
        if !text.contains(&format!("Edited for the {run}. time.")) {
            return Err("the page is not the one that was saved".into());
        }
        // The first one reads what no other has to: the definitions of languages for code.
        if run > 0 {
            told.push(told_after.as_secs_f64() * 1000.0);
            loaded.push(loaded_after.as_secs_f64() * 1000.0);
        }
    }
    drop(server);
    let worst = loaded.iter().copied().fold(0.0, f64::max);
    let stages = stages(folder, &edited, &edit, &page, runs)?;
    println!("| {documents} | {started:.0} | {:.0} | {:.0} | {worst:.0} | {stages} |", median(told), median(loaded));
    Ok(())
}

fn ask(address: SocketAddr, target: &str) -> Result<TcpStream, Box<dyn Error>> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {address}\r\n\r\n")?;
    Ok(stream)
}

fn get(address: SocketAddr, page: &str) -> Result<String, Box<dyn Error>> {
    let mut answer = String::new();
    ask(address, &format!("/auditor/{page}"))?.read_to_string(&mut answer)?;
    if answer.starts_with("HTTP/1.1 200 OK") { Ok(answer) } else { Err(answer.lines().next().unwrap_or_default().into()) }
}

fn wait(news: &mut BufReader<TcpStream>, words: &str) -> Result<(), Box<dyn Error>> {
    let mut line = String::new();
    while !line.contains(words) {
        line.clear();
        if news.read_line(&mut line)? == 0 {
            return Err("the preview has ended".into());
        }
    }
    Ok(())
}

/// Where the time goes, one stage after the other: wall time, and in brackets processor time.
fn stages(folder: &Path, edited: &Path, edit: &dyn Fn(usize) -> String, page: &str, runs: usize) -> Result<String, Box<dyn Error>> {
    let (mut read_before, mut memory) = (FolderMemory::default(), Memory::default());
    let built_in = read::built_in();
    let mut stages: BTreeMap<&str, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for run in 0..=runs.max(1) {
        std::fs::write(edited, edit(run + 1000))?;
        let mut begun = (Instant::now(), processor());
        let mut took = |name: &'static str| {
            if run > 0 {
                let (wall, spent) = stages.entry(name).or_default();
                wall.push(begun.0.elapsed().as_secs_f64() * 1000.0);
                spent.push(processor() - begun.1);
            }
            begun = (Instant::now(), processor());
        };
        let (sources, mut findings) = Sources::from_folder_again(folder, &Scope::default(), &mut read_before)?;
        let sources = Arc::new(sources.with_files(built_in.clone()));
        took("1 read");
        let parsed = read::parse_again(sources, &mut memory, &mut findings).ok_or("the project cannot be read")?;
        took("2 parse");
        let mut manual = manual::link(view(&parsed, Audience::highest(&parsed.project)), TODAY.parse()?);
        took("3 link");
        manual.approvals = Ledger::new(&parsed).standings(&manual);
        took("4 approvals");
        let options = site::Options { exports: true, ..site::Options::default() };
        let pages = site::Pages::new(&manual, &options).map_err(|findings| format!("{findings:?}"))?;
        took("5 what pages share");
        pages.file(page).ok_or("there is no such page")?.map_err(|finding| finding.message.to_string())?;
        took("6 the page");
        rule::check(&manual, &mut findings);
        took("rules, after it");
    }
    let stages = stages.into_iter().map(|(name, (wall, spent))| format!("{name} {:.1} ({:.1})", median(wall), median(spent)));
    Ok(stages.collect::<Vec<_>>().join(", "))
}

/// Processor time of all threads of this process, in milliseconds, where the system says it: the first figure of `schedstat` is nanoseconds (proc_pid_schedstat(5)).
fn processor() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let spent = tasks.filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    });
    spent.sum::<f64>() / 1e6
}
