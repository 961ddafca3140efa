//! Progress on a terminal, and how long each stage took.
#![allow(clippy::disallowed_methods)] // law 1: cli reads the clock and the environment

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::voice::Voice;

/// The stages that have run, and a line on the terminal for the one that is running.
pub(super) struct Progress {
    voice: Voice,
    bar: Option<ProgressBar>,
    stages: Vec<(&'static str, Duration)>,
}

impl Progress {
    /// Shows nothing; times all the same. For work on the side, of which nobody is told.
    pub(super) fn silent() -> Self {
        Progress::new(Voice::Quiet)
    }

    /// Shows no line, for what is done before one could be read.
    pub(super) fn new(voice: Voice) -> Self {
        Progress { voice, bar: None, stages: Vec::new() }
    }

    /// Shows the stage on a terminal; nothing when piped or in CI, nor where each stage gets a line of its own.
    pub(super) fn on_terminal(voice: Voice) -> Self {
        let shown = voice == Voice::Usual && std::io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        let bar = shown.then(|| {
            let bar = ProgressBar::new_spinner();
            bar.set_style(ProgressStyle::with_template("{spinner} {msg} {elapsed}").unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Progress { bar, ..Progress::new(voice) }
    }

    /// How much is said.
    pub(super) fn voice(&self) -> Voice {
        self.voice
    }

    /// Runs a stage.
    pub(super) fn stage<T>(&mut self, name: &'static str, work: impl FnOnce() -> T) -> T {
        if let Some(bar) = &self.bar {
            bar.set_message(name);
        }
        let begun = Instant::now();
        let done = work();
        self.took(name, begun.elapsed());
        done
    }

    /// Records a stage that ran beside others.
    pub(super) fn took(&mut self, name: &'static str, time: Duration) {
        self.voice.detail("stage", format_args!("{name}, {}", in_words(time)));
        match self.stages.iter_mut().find(|(known, _)| *known == name) {
            Some((_, total)) => *total += time,
            None => self.stages.push((name, time)),
        }
    }

    /// Clears the line.
    pub(super) fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    /// The stages in order with their times.
    pub(super) fn stages(&self) -> &[(&'static str, Duration)] {
        &self.stages
    }
}

/// Runs a piece of work and says how long it took.
pub(super) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = work();
    (done, begun.elapsed())
}

/// A time for people: `8 ms`, `1.4 s`.
pub(super) fn in_words(time: Duration) -> String {
    if time < Duration::from_millis(1000) { format!("{} ms", time.as_millis()) } else { format!("{:.1} s", time.as_secs_f64()) }
}
