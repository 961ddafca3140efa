//! The templates of a site: built in under `annexa/NAME`, overridden by a project's own under NAME.

use tera::{Context, ErrorKind, Filter, Kwargs, State, Tera, Value};

use super::builtin;
use crate::base::finding::{Finding, Place, Span};
use crate::base::language::Language;
use crate::base::rule;
use crate::base::source::Sources;
use crate::base::word::{filled, phrase};
use crate::render::escape::text;

/// The folder of a project's own templates.
const FOLDER: &str = "templates/site/";

/// Prefix under which an override reaches what it overrides.
const BUILT_IN: &str = "annexa/";

/// `{{ "Contents" | say }}`: English words in the manual's language, with values at their places: `{{ "{n} of {all}" | say(n=1, all=2) }}`.
///
/// What comes out is safe, since it is escaped here: but for values that are safe already, as the links that a component makes.
struct Say(Language);

impl Filter<&str, Result<Value, tera::Error>> for Say {
    fn call(&self, words: &str, values: Kwargs, _: &State<'_>) -> Result<Value, tera::Error> {
        let mut said = String::new();
        text(self.0.say(words), &mut said);
        // A place has small letters alone, so that escaping leaves it as it is.
        let at = |name: &str| {
            let value = values.get::<Value>(name).ok()??;
            let mut shown = String::new();
            match value.is_safe() {
                true => shown.push_str(&value.to_string()),
                false => text(&value.to_string(), &mut shown),
            }
            Some(shown)
        };
        Ok(Value::safe_string(&filled(&said, &at)))
    }
}

/// Templates, ready to render.
pub(crate) struct Templates<'a> {
    tera: Tera,
    sources: &'a Sources,
}

impl<'a> Templates<'a> {
    /// Reads the built-in templates and the project's own. Every template that cannot be parsed is a finding.
    pub(crate) fn read(sources: &'a Sources, language: &Language, globals: Context) -> Result<Self, Vec<Finding>> {
        let mut templates = Templates { tera: Tera::new(), sources };
        templates.tera.register_filter("say", Say(language.clone()));
        // Everything is escaped, whatever a template's name ends in.
        templates.tera.autoescape_on(vec![""]);
        let ready = templates.tera.set_fallback_prefixes([BUILT_IN]).and_then(|()| {
            templates.tera.add_raw_templates(builtin::TEMPLATES.iter().map(|(name, text)| (format!("{BUILT_IN}{name}"), *text)))
        });
        ready.map_err(|error| vec![templates.finding(&error)])?;

        let own = sources.iter().filter_map(|(_, file)| Some((file.path.strip_prefix(FOLDER)?, file.text())));
        let mut own: Vec<(&str, &str)> = own.filter(|(name, _)| name.ends_with(".html") && !name.starts_with(BUILT_IN)).collect();
        let mut findings = Vec::new();
        // One that cannot be parsed hides those after it: it is taken out, and the rest tried again.
        while let Err(error) = templates.tera.add_raw_templates(own.iter().copied()) {
            findings.push(templates.finding(&error));
            let ErrorKind::SyntaxError(report) = error.kind() else { break };
            let before = own.len();
            own.retain(|(name, _)| *name != report.filename());
            if own.len() == before {
                break;
            }
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        *templates.tera.global_context() = globals;
        Ok(templates)
    }

    /// Renders a page.
    pub(crate) fn render(&self, name: &str, context: &Context) -> Result<String, Box<Finding>> {
        self.tera.render(name, context).map_err(|error| Box::new(self.finding(&error)))
    }

    /// An error as a finding that names template and line, at its place where the template is the project's own.
    fn finding(&self, error: &tera::Error) -> Finding {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                self.at(report.filename(), report.span().start_line, Some(&report.span().range), report.message())
            }
            _ => {
                let said = error.to_string();
                // Of a component or filter that nobody has, only the words say where: `error: Unknown filter`, and below it `--> soa.html:1:4`.
                let placed = said.split_once("--> ").and_then(|(message, rest)| {
                    let mut place = rest.lines().next()?.trim().rsplitn(3, ':').skip(1);
                    let line = place.next()?.parse().ok()?;
                    Some(self.at(place.next()?, line, None, message.trim().trim_start_matches("error: ")))
                });
                let whole = || {
                    Finding::new(
                        &rule::TEMPLATE_ERROR,
                        Place::Project,
                        phrase!("the templates cannot be used: {error}", error = said.trim()),
                    )
                };
                placed.unwrap_or_else(whole)
            }
        }
    }

    /// What is wrong in a line of a template, at `range` in it or from the beginning of the line.
    fn at(&self, name: &str, line: usize, range: Option<&std::ops::Range<usize>>, message: &str) -> Finding {
        let own = self.sources.find(&format!("{FOLDER}{name}"));
        let place = own.map_or(Place::Project, |file| {
            let text = self.sources.file(file).text();
            let start = || text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
            let range = range.cloned().unwrap_or_else(|| start()..start());
            Place::Span(Span::new(file, within(&range, text)))
        });
        let shown = if own.is_some() { format!("{FOLDER}{name}") } else { name.to_owned() };
        Finding::new(
            &rule::TEMPLATE_ERROR,
            place,
            phrase!("the template `{path}` fails in line {line}: {error}", path = shown, line = line, error = message),
        )
        .help(phrase!("docs/templates.md lists the values that each template gets"))
    }
}

/// The range, kept within the text and on the bounds of characters.
fn within(range: &std::ops::Range<usize>, text: &str) -> std::ops::Range<usize> {
    let bound = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = bound(range.start);
    start..bound(range.end).max(start)
}
