//! Which paths can be used in a project and in its output, on every system.

use unicode_normalization::UnicodeNormalization;

use crate::base::word::{Word, word};

/// Why a relative path with forward slashes cannot be used, if it cannot: words that follow the path.
pub fn unusable(path: &str) -> Option<Word> {
    if path.is_empty() {
        Some(word!("is empty"))
    } else if path.chars().any(is_hidden_control) {
        Some(word!("holds a control character or a bidirectional override"))
    } else if path.contains('\\') {
        Some(word!("holds a backslash"))
    } else if path.starts_with('/') {
        Some(word!("is absolute"))
    } else if path.split('/').any(|part| part == "..") {
        Some(word!("climbs out of its folder"))
    } else if path.split('/').any(|part| part.is_empty() || part == ".") {
        Some(word!("has an empty part"))
    } else {
        None
    }
}

/// A character that a reader does not see and that changes what they see: control characters, line and paragraph separators, and the marks,
/// embeddings, overrides and isolates of bidirectional text.
pub fn is_hidden_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// In Unicode NFC.
pub fn normal(path: &str) -> String {
    path.nfc().collect()
}

/// The same for all paths that some system takes for one: NFC, in lower case.
pub fn folded(path: &str) -> String {
    // Letter by letter: the lower case of a whole word depends on where in it a Greek sigma stands.
    path.nfc().flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_climb_hide_or_confuse_are_refused() {
        for path in ["", "/etc/passwd", "a/../b", "..", "./a", "a//b", "a/", "a\\b", "a\nb", "a\u{202e}b", "a\u{9b}b", "a\0"] {
            assert!(unusable(path).is_some(), "{path:?}");
        }
        for path in ["a", "a b/c.md", "..a/b..", "Übersicht.md", ".hidden", "日本/語.md"] {
            assert_eq!(unusable(path), None, "{path:?}");
        }
    }

    #[test]
    fn case_and_unicode_form_fold_away() {
        assert_eq!(folded("Über.md"), folded("u\u{308}ber.MD"));
        assert_eq!(folded("ΟΔΟΣ"), folded("οδοσ"));
        assert_ne!(folded("a-b"), folded("a_b"));
    }
}
