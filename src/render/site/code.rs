//! Highlighting of code as class names, coloured by the theme.

use std::sync::LazyLock;

use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use syntect::util::LinesWithEndings;

use crate::render::escape::text;

/// Code beyond this many bytes is set plain: its colours would cost more than they tell.
const LIMIT: usize = 64 << 10;

/// The definitions of languages: constants that are unpacked once, when the first code with a language comes, and never change. A preview, which makes a site anew
/// after each edit, would spend a third of its time on them.
static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(SyntaxSet::load_defaults_newlines);

/// Highlights code.
#[derive(Default)]
pub(crate) struct Highlighter;

impl Highlighter {
    /// Appends code as HTML; plain where the language is not known.
    pub(crate) fn highlight(&self, language: &str, code: &str, out: &mut String) {
        if language.is_empty() || code.len() > LIMIT || !Self::classed(language, code, out) {
            text(code, out);
        }
    }

    fn classed(language: &str, code: &str, out: &mut String) -> bool {
        let syntaxes: &SyntaxSet = &SYNTAXES;
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
