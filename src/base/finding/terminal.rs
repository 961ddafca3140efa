//! Findings for people at a terminal, as rustc shows its own: the source line, underlined, with help below.
//!
//! Everything that came from the sources passes [`plain`] first: a manual cannot make a terminal do anything.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::report;
use super::window::{self, Window, plain};
use super::{Counts, Finding, LineIndex, Place, Severity, Span};
use crate::base::language::Language;
use crate::base::source::Sources;
use crate::base::word::{Phrase, counted, phrase, word};

/// How to show findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// With ANSI colours.
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Nothing but errors.
    pub errors_only: bool,
}

impl Default for Options {
    /// Without colours, 140 columns: for a pipe or a log.
    fn default() -> Self {
        Options { colour: false, width: 140, errors_only: false }
    }
}

/// A message longer than this is cut, in characters.
const LONG_MESSAGE: usize = 2000;
/// More related places than this are counted, not shown.
const MANY_RELATED: usize = 8;

/// Shows findings in the order given, and how many there are. Where only errors are wanted and there is none, nothing is shown.
pub fn render(findings: &[Finding], sources: &Sources, language: &Language, options: Options) -> String {
    if options.errors_only {
        let errors: Vec<Finding> = findings.iter().filter(|finding| finding.severity == Severity::Error).cloned().collect();
        return if errors.is_empty() {
            String::new()
        } else {
            render(&errors, sources, language, Options { errors_only: false, ..options })
        };
    }
    let renderer = if options.colour { Renderer::styled() } else { Renderer::plain() };
    let mut terminal = Terminal { renderer: renderer.term_width(options.width.max(40)), sources, language, lines: LineIndex::new(sources) };
    let mut out = String::new();
    for (finding, others) in gathered(findings) {
        terminal.show(finding, &others, &mut out);
        out.push_str("\n\n");
    }
    out.push_str(&language.phrase(&Counts::of(findings).phrase()));
    out.push('\n');
    out
}

/// What two findings have in common that say the same: rule, severity, message, help, and the exception that lets them pass.
type Said = (&'static str, Severity, String, Vec<String>, Option<String>);

/// Findings that say the same of several places, shown once at the first: a row that is missing is missed wherever it is named.
fn gathered(findings: &[Finding]) -> Vec<(&Finding, Vec<Span>)> {
    let mut gathered: Vec<(&Finding, Vec<Span>)> = Vec::new();
    let mut known: BTreeMap<Said, usize> = BTreeMap::new();
    for finding in findings {
        let Place::Span(span) = finding.place else {
            gathered.push((finding, Vec::new()));
            continue;
        };
        let help = finding.help.iter().map(Phrase::to_string).collect();
        let excepted = finding.excepted.as_ref().map(Phrase::to_string);
        let key = (finding.rule.code, finding.severity, finding.message.to_string(), help, excepted);
        match known.get(&key).filter(|_| finding.related.is_empty()) {
            Some(first) => gathered[*first].1.push(span),
            None => {
                known.insert(key, gathered.len());
                gathered.push((finding, Vec::new()));
            }
        }
    }
    gathered
}

struct Terminal<'a> {
    renderer: Renderer,
    sources: &'a Sources,
    language: &'a Language,
    lines: LineIndex<'a>,
}

/// A place of a finding, ready to be shown.
struct Mark {
    span: Span,
    range: Range<usize>,
    label: String,
}

impl Terminal<'_> {
    fn show(&mut self, finding: &Finding, others: &[Span], out: &mut String) {
        let message = cut(&plain(&self.language.phrase(&finding.message)));
        let title_lines = message.split('\n').count();
        let title = self.level(finding.severity).primary_title(message).id(finding.rule.code);
        let mut notes = Vec::new();
        let mut header = None;
        let mut group = Group::with_title(title);
        match &finding.place {
            Place::Project => {}
            Place::File(path) => group = group.element(Origin::path(plain(path).into_owned())),
            Place::Span(span) => {
                let main = self.mark(*span, &finding.label);
                let (near, far) = self.related(finding, &main);
                let (snippet, window) = self.snippet(&main, &near, AnnotationKind::Primary);
                header = window.cut.then(|| self.header(&main, &window));
                group = group.element(snippet);
                for mark in far {
                    let (snippet, window) = self.snippet(&mark, &[], AnnotationKind::Context);
                    if window.cut {
                        notes.push(format!("{}: {}", self.place(mark.span), mark.label));
                    } else {
                        group = group.element(snippet);
                    }
                }
            }
        }
        if !matches!(finding.place, Place::Span(_)) {
            let related = finding.related.iter().take(MANY_RELATED);
            notes.extend(related.map(|(span, words)| format!("{}: {}", self.place(*span), self.one_line(words))));
        }
        if finding.related.len() > MANY_RELATED {
            let more = counted!("and {n} more place", "and {n} more places", finding.related.len() - MANY_RELATED);
            notes.push(self.language.phrase(&more));
        }
        if !others.is_empty() {
            let named: Vec<String> = others.iter().take(MANY_RELATED).map(|span| self.place(*span)).collect();
            let more = others.len().saturating_sub(MANY_RELATED);
            let more = (more > 0).then(|| counted!("and {n} more place", "and {n} more places", more));
            let same = phrase!("the same at {places}", places = named.join(", "));
            let all = more.map_or(same.clone(), |more| phrase!("{all} {part}", all = same, part = more));
            notes.push(self.language.phrase(&all));
        }
        notes.extend(finding.excepted.iter().map(|words| self.one_line(&report::passes_by(words))));
        group = group.elements(notes.into_iter().map(|note| self.level(Severity::Note).message(note)));
        group = group.elements(finding.help.iter().map(|help| {
            let name = self.language.say(word!("help")).to_owned();
            Level::HELP.with_name(name).message(cut(&plain(&self.language.phrase(help))))
        }));

        let shown = self.renderer.render(&[group]);
        match header {
            // annotate-snippets counts the column in the text that it was given, here a piece of a long line.
            Some((wrong, right)) => {
                let at = shown.match_indices('\n').nth(title_lines - 1).map_or(0, |(at, _)| at);
                out.push_str(&shown[..at]);
                out.push_str(&shown[at..].replacen(&wrong, &right, 1));
            }
            None => out.push_str(&shown),
        }
    }

    fn mark(&mut self, span: Span, label: &Phrase) -> Mark {
        let (text, lines) = self.lines.lines(span.file);
        let (range, goes_on) = window::marked(text, lines, span.range());
        let label = match goes_on {
            Some(last) if label.is_empty() => self.one_line(&phrase!("(on to line {n})", n = last)),
            Some(last) => self.one_line(&phrase!("{what} (on to line {n})", what = label, n = last)),
            None => self.one_line(label),
        };
        Mark { span, range, label }
    }

    /// The related places that fit into the snippet of the finding's own, and the others.
    fn related(&mut self, finding: &Finding, main: &Mark) -> (Vec<Mark>, Vec<Mark>) {
        let marks: Vec<Mark> = finding.related.iter().take(MANY_RELATED).map(|(span, words)| self.mark(*span, words)).collect();
        let (text, lines) = self.lines.lines(main.span.file);
        let near = |mark: &Mark| {
            let ends = [main.range.start, main.range.end, mark.range.start, mark.range.end];
            let of_lines = ends.map(|end| lines.line(end));
            let apart = of_lines.iter().max().unwrap_or(&0) - of_lines.iter().min().unwrap_or(&0);
            apart < window::MANY_LINES && ends.iter().all(|end| !window::is_long(text, lines, *end))
        };
        marks.into_iter().partition(|mark| mark.span.file == main.span.file && near(mark))
    }

    fn snippet(
        &mut self,
        main: &Mark,
        near: &[Mark],
        kind: AnnotationKind,
    ) -> (Snippet<'static, annotate_snippets::Annotation<'static>>, Window) {
        let (text, lines) = self.lines.lines(main.span.file);
        let ranges: Vec<_> = std::iter::once(main).chain(near).map(|mark| mark.range.clone()).collect();
        let window = window::open(text, lines, &ranges);
        let labels = std::iter::once(main).chain(near).map(|mark| (!mark.label.is_empty()).then(|| mark.label.clone()));
        let kinds = std::iter::once(kind).chain(std::iter::repeat(AnnotationKind::Context));
        let annotations = window.ranges.iter().zip(kinds).zip(labels).map(|((range, kind), label)| kind.span(range.clone()).label(label));
        let path = plain(&self.sources.file(main.span.file).path).into_owned();
        let snippet = Snippet::source(window.text.clone()).line_start(window.line).path(path).annotations(annotations);
        (snippet, window)
    }

    /// The place that annotate-snippets would print for a window, and the true one.
    fn header(&mut self, main: &Mark, window: &Window) -> (String, String) {
        let path = plain(&self.sources.file(main.span.file).path).into_owned();
        let before = window.ranges.first().map_or("", |range| &window.text[..range.start]);
        let (line, column) =
            (window.line + before.matches('\n').count(), before.rsplit('\n').next().unwrap_or_default().chars().count() + 1);
        (format!("{path}:{line}:{column}"), self.place(main.span))
    }

    fn level(&self, severity: Severity) -> Level<'static> {
        let level = match severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        level.with_name(self.language.say(severity.word()).to_owned())
    }

    fn one_line(&self, words: &Phrase) -> String {
        cut(&plain(&self.language.phrase(words))).replace(['\n', '\t'], " ")
    }

    fn place(&mut self, span: Span) -> String {
        let at = self.lines.position(span.file, span.start as usize);
        format!("{}:{}:{}", plain(&self.sources.file(span.file).path), at.line, at.column)
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONG_MESSAGE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
