//! Runs a command and says how long it took and how much memory it held at most.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// GNU time, which knows the peak memory of what it ran.
const GNU_TIME: &str = "/usr/bin/time";

/// One run of the command.
pub(crate) struct Run {
    /// Wall time in milliseconds.
    pub(crate) wall: f64,
    /// Peak resident memory in MiB; none without GNU time.
    pub(crate) memory: Option<f64>,
    /// Stages of a build in milliseconds, as `--timings` prints them.
    pub(crate) stages: BTreeMap<String, f64>,
}

/// Builds a project into a folder that does not exist yet.
pub(crate) fn build(project: &Path, out: &Path, today: &str) -> Result<Run, Box<dyn Error>> {
    if out.exists() {
        std::fs::remove_dir_all(out)?;
    }
    let (mut run, said) = timed(project, |command| {
        command.arg("build").arg(project).args(["--no-pdf", "--timings", "--today", today, "--out"]).arg(out);
    })?;
    run.stages = serde_json::from_slice(&said)?;
    Ok(run)
}

/// Sets the PDF manual of a project.
#[cfg(feature = "pdf")]
pub(crate) fn pdf(project: &Path, out: &Path, today: &str) -> Result<Run, Box<dyn Error>> {
    let (run, _) = timed(project, |command| {
        command.args(["pdf", "--today", today, "--project"]).arg(project).arg("--out").arg(out);
    })?;
    Ok(run)
}

/// A run of the command with arguments, and what it printed.
fn timed(project: &Path, arguments: impl FnOnce(&mut Command)) -> Result<(Run, Vec<u8>), Box<dyn Error>> {
    let report = project.with_extension("peak-memory");
    let annexa = env!("CARGO_BIN_EXE_annexa");
    let mut command = if Path::new(GNU_TIME).exists() {
        let mut command = Command::new(GNU_TIME);
        command.arg("--output").arg(&report).args(["--format", "%M", annexa]);
        command
    } else {
        Command::new(annexa)
    };
    arguments(&mut command);
    let begun = Instant::now();
    let output = command.output()?;
    let wall = begun.elapsed().as_secs_f64() * 1000.0;
    if !output.status.success() {
        return Err(format!("annexa failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let memory = std::fs::read_to_string(&report).ok().and_then(|text| text.trim().parse::<f64>().ok()).map(|kib| kib / 1024.0);
    Ok((Run { wall, memory, stages: BTreeMap::new() }, output.stdout))
}

/// The number of files in a folder and their bytes.
pub(crate) fn weigh(folder: &Path) -> std::io::Result<(usize, u64)> {
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    let (mut files, mut bytes) = (0, 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                files += 1;
                bytes += entry.metadata()?.len();
            }
        }
    }
    Ok((files, bytes))
}

/// The one in the middle; of an even number, the higher of the two there.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}
