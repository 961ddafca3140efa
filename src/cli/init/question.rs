//! Questions on a terminal.

use std::io::{BufRead, IsTerminal};

use super::super::CouldNotRun;
use super::super::voice::Voice;

/// Who answers: a person at a terminal, or nobody, and then what is usual holds.
pub(super) struct Asking {
    terminal: bool,
    voice: Voice,
}

impl Asking {
    pub(super) fn new(voice: Voice) -> Self {
        Asking { terminal: std::io::stdin().is_terminal(), voice }
    }

    /// A name or a few words: as given, else asked for, else as usual.
    pub(super) fn text(&mut self, given: Option<&str>, question: &str, otherwise: &str) -> Result<String, CouldNotRun> {
        self.checked(given, question, otherwise, |answer| {
            let text = super::one_line(answer);
            if text.is_empty() { Err(CouldNotRun(format!("{question}: say at least a word"))) } else { Ok(text) }
        })
    }

    /// The same, read as a value. At a terminal an answer that cannot be read is asked for again.
    pub(super) fn checked<T>(
        &mut self,
        given: Option<&str>,
        question: &str,
        otherwise: &str,
        read: impl Fn(&str) -> Result<T, CouldNotRun>,
    ) -> Result<T, CouldNotRun> {
        if let Some(given) = given {
            return read(given);
        }
        if !self.terminal {
            return read(otherwise);
        }
        loop {
            self.voice.say_error(&format!("{question} [{otherwise}]: "));
            match read(self.answer()?.as_deref().unwrap_or(otherwise)) {
                Ok(value) => return Ok(value),
                Err(CouldNotRun(why)) => self.voice.say_error(&format!("  {why}\n")),
            }
        }
    }

    /// A line; nothing where it is empty. The end of input is no answer.
    fn answer(&self) -> Result<Option<String>, CouldNotRun> {
        let mut line = Vec::new();
        // As bytes: a terminal may send what is no UTF-8, and that is no reason to stop.
        if std::io::stdin().lock().read_until(b'\n', &mut line)? == 0 {
            self.voice.say_error("\n");
            return Err("the answers ended early; nothing was written".into());
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        Ok((!line.is_empty()).then(|| line.to_owned()))
    }
}
