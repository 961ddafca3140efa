//! Highlighting of code as class names, coloured by the theme.

use std::sync::OnceLock;

use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

use crate::render::escape::text;

/// Code beyond this many bytes is set plain: its colours would cost more than they tell.
const LIMIT: usize = 64 << 10;

/// Highlights code. The definitions of languages are read once, when the first code with a language comes.
#[derive(Default)]
pub(crate) struct Highlighter {
    syntaxes: OnceLock<SyntaxSet>,
}

impl Highlighter {
    /// Appends code as HTML; plain where the language is not known.
    pub(crate) fn highlight(&self, language: &str, code: &str, out: &mut String) {
        if language.is_empty() || code.len() > LIMIT || !self.classed(language, code, out) {
            text(code, out);
        }
    }

    fn classed(&self, language: &str, code: &str, out: &mut String) -> bool {
        let syntaxes = self.syntaxes.get_or_init(SyntaxSet::load_defaults_newlines);
        let Some(syntax) = syntaxes.find_syntax_by_token(language).filter(|syntax| syntax.name != "Plain Text") else { return false };
        let style = ClassStyle::SpacedPrefixed { prefix: "z-" };
        let mut generator = ClassedHTMLGenerator::new_with_class_style(syntax, syntaxes, style);
        for line in LinesWithEndings::from(code) {
            if generator.parse_html_for_line_which_includes_newline(line).is_err() {
                return false;
            }
        }
        out.push_str(&generator.finalize());
        true
    }
}
