//! How long the built-in catalogues take to read: our tree from granit-parser's events, beside serde_yaml's `Value`, in turn.
//! `cargo bench --bench yaml`; the figures stand in docs/decisions/0002-yaml-by-events.md.
#![allow(clippy::disallowed_methods)] // a benchmark reads the clock

use std::time::Instant;

use annexa::base::source::{FileId, SourceFile};
use annexa::base::yaml;

const ROUNDS: usize = 21;

fn main() {
    let files = annexa::read::built_in();
    let texts: Vec<&str> = files.iter().filter(|file| file.path.ends_with(".yaml")).map(SourceFile::text).collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(timed(|| texts.iter().filter(|text| yaml::parse(text, FileId(0), 0, &mut Vec::new()).is_some()).count()));
        theirs.push(timed(|| texts.iter().filter(|text| serde_yaml::from_str::<serde_yaml::Value>(text).is_ok()).count()));
    }
    println!("{} catalogues, {} kB; median of {ROUNDS} rounds", texts.len(), bytes / 1000);
    for (name, mut times) in [("tree from events", ours), ("serde_yaml Value", theirs)] {
        times.sort_by(f64::total_cmp);
        let median = times[ROUNDS / 2];
        println!("{name}: {median:.1} ms, {:.0} MB/s", bytes as f64 / median / 1000.0);
    }
}

/// Milliseconds that something takes.
fn timed(work: impl FnOnce() -> usize) -> f64 {
    let begun = Instant::now();
    std::hint::black_box(work());
    begun.elapsed().as_secs_f64() * 1000.0
}
