//! Templates: what they say is open to everybody, their comments to nobody.

use super::{Passage, Reader, Weight, places};

impl Reader<'_> {
    /// Parts a template of the site (Tera) or of the PDF (Typst).
    pub(super) fn template(&mut self, text: &str) {
        let typst = self.path.ends_with(".typ");
        let mut at = 0;
        let mut open = String::with_capacity(text.len());
        while let Some((start, end)) = comment(text, at, typst) {
            open.push_str(&text[at..start]);
            open.push(' ');
            self.heaps.withheld.push(Passage::new(self.file, text[start..end].to_owned(), places::at(start), Weight::Text));
            at = end;
        }
        open.push_str(&text[at..]);
        self.heaps.open.push(Passage::new(self.file, open, places::at(0), Weight::Text));
    }
}

/// The next comment from an offset on.
fn comment(text: &str, from: usize, typst: bool) -> Option<(usize, usize)> {
    let forms: &[(&str, &str)] = if typst { &[("//", "\n"), ("/*", "*/")] } else { &[("{#", "#}")] };
    let opened = |open: &str| {
        let found = text[from..].match_indices(open).map(|(at, _)| from + at);
        // `https://` begins no comment.
        found.into_iter().find(|at| !(typst && text[..*at].ends_with(':')))
    };
    let (start, close) = forms.iter().filter_map(|(open, close)| Some((opened(open)?, *close))).min()?;
    let end = text[start + 2..].find(close).map_or(text.len(), |at| start + 2 + at + close.len());
    Some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_found_in_both_kinds_of_templates() {
        let all = |text: &str, typst| {
            let (mut at, mut all) = (0, Vec::new());
            while let Some((start, end)) = comment(text, at, typst) {
                all.push(text[start..end].to_owned());
                at = end;
            }
            all
        };
        assert_eq!(all("a {# b #} c {# d", false), ["{# b #}", "{# d"]);
        assert_eq!(all("a // b\n\"https://x\" /* c */ d", true), ["// b\n", "/* c */"]);
    }
}
