//! How much processor time linking and coverage take, in this process: from a view to a manual, and the coverage of every framework in use.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use annexa::base::source::{Scope, Sources};
use annexa::link::report;
use annexa::link::view::{Audience, view};
use annexa::link::{counterpart, manual};
use annexa::read;

use crate::measure::median;
use crate::project::TODAY;

/// Twelve editions: every framework that comes with Annexa, two editions of one.
const FRAMEWORKS: &str = "frameworks: [iso27001@2022, iso27017@2015, iso27017@2026, ccm@4.1, ccm@4.0, nist80053@r5, csf@2.0, gdpr, iso27018@2019, soc2@2017, iso27001@2013, iso27002@2022]";

/// Prints a row of figures for the project in a folder. The code that is measured runs on one thread, so that wall time is processor time.
pub(crate) fn measure(folder: &Path, documents: usize, runs: usize) -> Result<(), Box<dyn Error>> {
    let settings = folder.join("annexa.yaml");
    let text = std::fs::read_to_string(&settings)?;
    let lines: Vec<&str> = text.lines().map(|line| if line.starts_with("frameworks:") { FRAMEWORKS } else { line }).collect();
    std::fs::write(&settings, lines.join("\n") + "\n")?;
    let (sources, mut findings) = Sources::from_folder(folder, &Scope::default())?;
    let parsed = read::parse(Arc::new(sources.with_files(read::built_in())), &mut findings).ok_or("the project cannot be read")?;
    if let Some(finding) = findings.first() {
        return Err(finding.message.to_string().into());
    }
    let pairs: usize = parsed.crosswalks.iter().map(|crosswalk| crosswalk.pairs.len()).sum();
    let today = TODAY.parse()?;
    let mut stages: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut controls = 0;
    for _ in 0..runs.max(1) {
        let mut time = |name: &'static str, begun: Instant| stages.entry(name).or_default().push(begun.elapsed().as_secs_f64() * 1000.0);
        let seen = view(&parsed, Audience::highest(&parsed.project));
        let begun = Instant::now();
        std::hint::black_box(counterpart::collect(&seen));
        time("of which counterparts", begun);
        let begun = Instant::now();
        let linked = manual::link(seen, today);
        time("link", begun);
        let begun = Instant::now();
        controls = linked.view.catalogues.in_use().map(|catalogue| report::coverage(&linked, catalogue).counts.total()).sum();
        time("coverage", begun);
    }
    let all: f64 = ["link", "coverage"].iter().map(|name| median(stages.get(name).cloned().unwrap_or_default())).sum();
    let stages: Vec<String> = stages.into_iter().map(|(name, times)| format!("{name} {:.1}", median(times))).collect();
    println!("| {documents} | {controls} | {pairs} | {all:.1} | {} |", stages.join(", "));
    Ok(())
}
