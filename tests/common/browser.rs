//! A browser, to see what a page becomes once its scripts have run.

use std::path::Path;
use std::process::{Command, Stdio};

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// What a browser made of a page: its tree once the scripts have run, and what stands in the console.
pub struct Opened {
    pub dom: String,
    pub console: Vec<String>,
}

/// A browser that is installed.
pub fn browser() -> Option<&'static str> {
    let runs = |name: &&&str| {
        Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let found = NAMES.iter().find(runs);
    if found.is_none() {
        eprintln!("skipped: none of {NAMES:?} is installed");
    }
    found.copied()
}

/// Opens a page from the disk, without a network.
pub fn open(browser: &str, page: &Path, query: &str) -> Opened {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--enable-logging=stderr", "--v=0"])
        .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=4000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}{query}", page.display()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let console = String::from_utf8_lossy(&output.stderr).lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect();
    Opened { dom: String::from_utf8(output.stdout).unwrap(), console }
}
