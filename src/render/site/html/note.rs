//! Footnotes, and the marks that lead to them and back.

use std::fmt::Write;

use super::{Writer, attribute, fragment};
use crate::base::word::{phrase, word};

impl Writer<'_> {
    pub(super) fn footnotes(&mut self) {
        let notes = &self.body.footnotes;
        if notes.is_empty() {
            return;
        }
        self.out.push_str("<section class=\"footnotes\" aria-label=\"");
        self.labelled(word!("Footnotes"));
        self.out.push_str("\"><ol>");
        for (index, note) in notes.iter().enumerate() {
            let number = index + 1;
            self.out.push_str("<li id=\"note:");
            attribute(self.scope, &mut self.out);
            _ = write!(self.out, "{number}\">");
            self.item(&note.blocks, true);
            for mark in 1..=self.marks.get(index).copied().unwrap_or_default() {
                self.out.push_str(" <a class=\"back\" href=\"#");
                self.mark_id(index, mark);
                self.out.push_str("\" aria-label=\"");
                self.labelled(word!("Back to the text"));
                self.out.push_str("\">\u{2191}</a>");
            }
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</ol></section>");
    }

    pub(super) fn footnote_mark(&mut self, index: usize) {
        let Some(count) = self.marks.get_mut(index) else { return };
        let number = index + 1;
        if self.in_link {
            _ = write!(self.out, "<sup class=\"footnote-mark\">{number}</sup>");
            return;
        }
        *count += 1;
        let mark = *count;
        self.out.push_str("<sup class=\"footnote-mark\"><a id=\"");
        self.mark_id(index, mark);
        self.out.push_str("\" href=\"#note:");
        attribute(&fragment(self.scope), &mut self.out);
        _ = write!(self.out, "{number}\" aria-label=\"");
        attribute(&self.page.language.phrase(&phrase!("Footnote {n}", n = number)), &mut self.out);
        _ = write!(self.out, "\">{number}</a></sup>");
    }

    pub(super) fn mark_id(&mut self, index: usize, mark: u32) {
        self.out.push_str("mark:");
        attribute(self.scope, &mut self.out);
        _ = write!(self.out, "{}", index + 1);
        if mark > 1 {
            _ = write!(self.out, ":{mark}");
        }
    }
}
