//! Cuts a text of the starter manual down to what holds for everybody.
//!
//! A clause is what ends with a full stop, a question mark or a semicolon. It goes where it tells a date, a fact of the made-up company, or names
//! something that is left out; of a bracket, the parts that do. What is left out but named in the author's own words leaves its words. A table row
//! goes with what its first cell says. Names of the made-up company become insertions of `annexa.yaml`.

use std::collections::BTreeMap;

use super::marks::{block_len, bracket_len, cells, clauses, find_bracket, heading, heading_id, is_fence, marker, references, split};

/// What a cell says of which nothing is left.
const OPEN_CELL: &str = "To be decided.";

/// What stands in place of a name of the made-up company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// `{{ key }}` in Markdown; the text itself where nothing is inserted.
    Insert(String, String),
    /// Words.
    Words(String),
    /// Nothing: the clause goes.
    Cut,
}

/// What a text is cut by.
pub(super) struct Knife<'a> {
    /// Whether what a reference names is in the new project.
    pub(super) stays: &'a dyn Fn(&str) -> bool,
    /// Names of the made-up company, the longest first.
    pub(super) names: &'a [(String, Name)],
    /// Words that only a fact of the made-up company holds.
    pub(super) facts: &'a [String],
}

impl Knife<'_> {
    /// A text without markup, in which nothing is inserted.
    pub(super) fn plain(&self, text: &str) -> Option<String> {
        self.cut(text).map(|text| self.named(&text, false))
    }

    /// Markdown, from heading level 2 on: a document's text, or a field of a row. `drops` says which sections go, by their ids.
    pub(super) fn markdown(&self, text: &str, drops: &dyn Fn(&str) -> bool) -> String {
        let mut out = Output::default();
        let lines: Vec<&str> = text.lines().collect();
        let mut at = 0;
        // The level of the heading whose section is left out.
        let mut dropping: Option<usize> = None;
        while let Some(line) = lines.get(at) {
            if let Some((level, heading)) = heading(line) {
                dropping = dropping.filter(|dropped| level > *dropped);
                if dropping.is_none() && heading_id(heading).is_some_and(drops) {
                    dropping = Some(level);
                }
                if dropping.is_none() {
                    out.heading(level, &self.heading(line));
                }
                at += 1;
                continue;
            }
            let end = at + block_len(&lines[at..]);
            if dropping.is_none() {
                self.block(&lines[at..end], &mut out);
            }
            at = end;
        }
        without_lost_notes(&out.finish())
    }

    fn block(&self, lines: &[&str], out: &mut Output) {
        let Some(first) = lines.first() else { return };
        if first.trim().is_empty() {
            out.blank();
        } else if is_fence(first) {
            for line in lines {
                out.line(self.named(line, false));
            }
        } else if first.trim_start().starts_with('|') {
            self.table(lines, out);
        } else {
            let (marker, rest) = marker(first);
            let text = std::iter::once(rest).chain(lines[1..].iter().map(|line| line.trim_start_matches(['>', ' ']))).collect::<Vec<_>>();
            let text = self.cut(&text.join(" ")).map(|text| self.named(&text, true));
            out.item(marker, text);
        }
    }

    fn table(&self, lines: &[&str], out: &mut Output) {
        // A table in an item is indented, and goes with it.
        let indent = lines.first().map_or(0, |line| line.len() - line.trim_start().len());
        if out.is_below_dropped(indent) {
            return;
        }
        let margin = " ".repeat(indent);
        let cut = |line: &str| {
            let cells = cells(line);
            let kept: Vec<Option<String>> = cells.iter().map(|cell| self.cut(cell).map(|text| self.named(&text, true))).collect();
            let said = |at: usize| cells.get(at).is_some_and(|cell| !cell.is_empty());
            let subject = !said(0) || kept.first().is_some_and(Option::is_some);
            // A row of which nothing but its subject is left says nothing.
            let rest = (1..cells.len()).all(|at| !said(at)) || kept.iter().skip(1).any(Option::is_some);
            // What is left out is named as open, so that no cell that said something is empty.
            let open =
                |(at, text): (usize, Option<String>)| text.unwrap_or_else(|| if said(at) { OPEN_CELL.to_owned() } else { String::new() });
            (subject && rest).then(|| format!("{margin}| {} |", kept.into_iter().enumerate().map(open).collect::<Vec<_>>().join(" | ")))
        };
        let (head, rows) = lines.split_at(lines.len().min(2));
        let rows: Vec<String> = rows.iter().filter_map(|line| cut(line)).collect();
        if rows.is_empty() {
            return;
        }
        for (at, line) in head.iter().enumerate() {
            let head = || cells(line).iter().map(|cell| self.named(cell, true)).collect::<Vec<_>>().join(" | ");
            out.line(if at == 0 { format!("{margin}| {} |", head()) } else { (*line).to_owned() });
        }
        rows.into_iter().for_each(|row| out.line(row));
    }

    /// A heading, without the claims that lead nowhere.
    fn heading(&self, line: &str) -> String {
        let Some((words, attributes)) = line.strip_suffix('}').and_then(|line| line.rsplit_once('{')) else {
            return self.named(line, true);
        };
        let kept: Vec<String> = attributes
            .split_whitespace()
            .filter_map(|attribute| match attribute.split_once('=') {
                Some(("satisfies", claims)) => {
                    let claims: Vec<&str> = claims.trim_matches('"').split(',').filter(|claim| (self.stays)(claim)).collect();
                    (!claims.is_empty()).then(|| format!("satisfies={}", claims.join(",")))
                }
                _ => Some(attribute.to_owned()),
            })
            .collect();
        let words = self.named(words.trim_end(), true);
        if kept.is_empty() { words } else { format!("{words} {{{}}}", kept.join(" ")) }
    }

    /// What remains of a paragraph, an item or a cell; nothing where nothing does.
    fn cut(&self, text: &str) -> Option<String> {
        let text = self.labels(&self.tails(&self.brackets(text)));
        let clauses = clauses(&text);
        let kept: Vec<bool> = clauses.iter().map(|clause| !self.is_history(clause.text)).collect();
        let mut out = String::new();
        let mut capital = false;
        for (at, clause) in clauses.iter().enumerate().filter(|(at, _)| kept[*at]) {
            let words = clause.text.trim_start();
            // What begins a sentence now that its beginning is gone.
            out.push_str(&if capital { capitalised(words) } else { words.to_owned() });
            let gap = &clauses[at + 1..];
            let gone = gap.iter().zip(&kept[at + 1..]).take_while(|(_, kept)| !**kept).map(|(clause, _)| clause);
            let stop = gone.clone().map(|clause| clause.end).find(|end| !end.is_empty() && *end != ";");
            let last = kept[at + 1..].iter().all(|kept| !kept);
            let end = match (clause.end, stop) {
                (";", Some(stop)) => stop.trim_start_matches(['*', '_']),
                (";", None) if last && !gap.is_empty() => "",
                (end, _) => end,
            };
            out.push_str(end);
            out.push(' ');
            capital = end != ";";
        }
        if kept.first() == Some(&false) {
            out = capitalised(&out);
        }
        let mut out = out.trim_end().to_owned();
        for mark in ["**", "`"] {
            if out.matches(mark).count() % 2 == 1 {
                out = out.replace(mark, "");
            }
        }
        (!out.trim().is_empty()).then_some(out)
    }

    /// Takes from each bracket the parts that are history; the bracket goes where nothing is left.
    fn brackets(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(open) = find_bracket(rest) {
            let Some(len) = bracket_len(&rest[open..]) else { break };
            let inner = &rest[open + 1..open + len - 1];
            let parts = split(inner, &[", ", "; "]);
            let kept: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !self.is_gone(part)).collect();
            let before = &rest[..open];
            if kept.len() == parts.len() {
                out.push_str(&rest[..open + len]);
            } else if kept.is_empty() {
                out.push_str(before.trim_end());
                let next = rest[open + len..].chars().next();
                if out.is_empty() || next.is_some_and(|c| c.is_alphanumeric()) {
                    out.push(' ');
                }
            } else {
                out.push_str(before);
                out.push('(');
                out.push_str(&kept.join(", "));
                out.push(')');
            }
            rest = &rest[open + len..];
        }
        out.push_str(rest);
        out
    }

    /// Takes bare references to what is left out from the end of a list: `the evidence folder, [[EVD-002]]`.
    fn tails(&self, text: &str) -> String {
        let mut out = String::new();
        let mut at = 0;
        for reference in references(text) {
            let before = text[..reference.start].strip_suffix(", ").map_or(reference.start, str::len);
            let ends = matches!(text[reference.end..].chars().next(), None | Some(',' | ';' | '.'));
            let lost = reference.label.is_none() && !(self.stays)(reference.target);
            if lost && ends && before < reference.start && before >= at {
                out.push_str(&text[at..before]);
                at = reference.end;
            }
        }
        out.push_str(&text[at..]);
        out
    }

    /// Whether a part of a bracket goes: history, or a reference to what is left out, in whatever words.
    fn is_gone(&self, part: &str) -> bool {
        self.is_history(part) || references(part).iter().any(|reference| !(self.stays)(reference.target))
    }

    /// Gives references to what is left out back to the words that name them.
    fn labels(&self, text: &str) -> String {
        let mut out = String::new();
        let mut at = 0;
        for reference in references(text) {
            if let Some(label) = reference.label.filter(|_| !(self.stays)(reference.target)) {
                out.push_str(&text[at..reference.start]);
                out.push_str(label);
                at = reference.end;
            }
        }
        out.push_str(&text[at..]);
        out
    }

    fn is_history(&self, clause: &str) -> bool {
        let fact = |words: &String| clause.contains(words.as_str());
        let cut = |(words, name): &(String, Name)| *name == Name::Cut && clause.contains(words.as_str());
        tells_a_date(clause)
            || self.facts.iter().any(fact)
            || self.names.iter().any(cut)
            || references(clause).iter().any(|reference| !(self.stays)(reference.target))
    }

    fn named(&self, text: &str, inserts: bool) -> String {
        let mut out = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let found = self.names.iter().find_map(|(words, name)| Some((rest.strip_prefix(words.as_str())?, name)));
            if let Some((after, name)) = found {
                match name {
                    Name::Insert(key, _) if inserts => out.push_str(&format!("{{{{ {key} }}}}")),
                    Name::Insert(_, words) | Name::Words(words) => out.push_str(words),
                    Name::Cut => {}
                }
                rest = after;
            } else if let Some(c) = rest.chars().next() {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        out
    }
}

/// What is written so far, and what an item that was left out takes with it.
#[derive(Default)]
struct Output {
    text: String,
    /// The indentation of an item that was left out: deeper ones go with it.
    dropped: Option<usize>,
    /// For each indentation, the number of the last item of a list.
    numbers: BTreeMap<usize, usize>,
    /// The level of the last heading while nothing stands under it, and whether something did in the source.
    open: Option<(usize, bool)>,
}

impl Output {
    fn heading(&mut self, level: usize, line: &str) {
        self.close(level);
        self.numbers.clear();
        self.dropped = None;
        self.blank();
        self.text.push_str(line);
        self.text.push('\n');
        self.open = Some((level, false));
    }

    /// A section of which nothing is left says so, unless a deeper one follows.
    fn close(&mut self, next: usize) {
        if let Some((level, true)) = self.open
            && next <= level
        {
            self.blank();
            self.text.push_str("To be written by the owner.\n");
        }
        self.open = None;
    }

    fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn line(&mut self, line: String) {
        self.open = None;
        self.text.push_str(&line);
        self.text.push('\n');
    }

    fn is_below_dropped(&self, indent: usize) -> bool {
        self.dropped.is_some_and(|dropped| indent > dropped)
    }

    fn item(&mut self, marker: &str, text: Option<String>) {
        let indent = marker.len() - marker.trim_start().len();
        if self.is_below_dropped(indent) {
            return;
        }
        self.dropped = None;
        let Some(text) = text else {
            if let Some((_, held)) = &mut self.open {
                *held = true;
            }
            // The term of a definition goes with it.
            if marker == ": " {
                let before = self.text.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
                self.text.truncate(before);
            }
            self.dropped = Some(indent);
            return;
        };
        let mut marker = marker.replace("[x]", "[ ]");
        if marker.trim().is_empty() && indent == 0 {
            self.numbers.clear();
        }
        if let Some(number) = marker.trim().strip_suffix('.').and_then(|number| number.parse::<usize>().ok()) {
            self.numbers.retain(|deep, _| *deep <= indent);
            let number = self.numbers.get(&indent).map_or(number.min(1), |last| last + 1);
            self.numbers.insert(indent, number);
            marker = format!("{}{number}. ", " ".repeat(indent));
        }
        self.line(format!("{marker}{text}"));
    }

    fn finish(mut self) -> String {
        self.close(0);
        format!("{}\n", self.text.trim_end())
    }
}

/// The text without marks of footnotes that are gone, and without footnotes whose marks are.
fn without_lost_notes(text: &str) -> String {
    let name = |line: &str| line.strip_prefix("[^")?.split_once("]: ").map(|(name, _)| name.to_owned());
    let written: Vec<String> = text.lines().filter_map(name).collect();
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("[^") {
        let Some(len) = rest[at..].find(']') else { break };
        let mark = &rest[at..=at + len];
        let stays = written.iter().any(|name| mark == format!("[^{name}]"));
        out.push_str(&rest[..at]);
        out.push_str(if stays { mark } else { "" });
        rest = &rest[at + len + 1..];
    }
    out.push_str(rest);
    let used = |name: &String| out.matches(&format!("[^{name}]")).count() > 1;
    let lost: Vec<&String> = written.iter().filter(|name| !used(name)).collect();
    out.lines().filter(|line| !name(line).is_some_and(|name| lost.contains(&&name))).map(|line| format!("{line}\n")).collect()
}

/// A text with other words in the place of some, the first of the list that fits at each place. What stands in double square brackets before a
/// bar, and in braces, is no word: `[[POL-005#tenant-separation|words]]`. Whole references can be replaced: `[[SUP-003]]`.
pub(super) fn replaced(text: &str, words: &[(String, String)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let named = ["[[", "{"].iter().find(|mark| rest.starts_with(**mark)).and_then(|_| rest.find(['|', '\\', ']', '}']));
        let (kept, after) = if let Some((word, other)) = words.iter().find(|(word, _)| rest.starts_with(word.as_str())) {
            (other.clone(), &rest[word.len()..])
        } else if let Some(len) = named {
            (rest[..len].to_owned(), &rest[len..])
        } else {
            (c.to_string(), &rest[c.len_utf8()..])
        };
        out.push_str(&kept);
        rest = after;
    }
    out
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// Whether a text tells a date or a year of the made-up company's time. The year of a standard or a law is none.
pub(super) fn tells_a_date(text: &str) -> bool {
    text.match_indices("20").any(|(at, _)| {
        let year = text.get(at..at + 4).and_then(|year| year.parse::<u16>().ok());
        let before = text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || ":/@.".contains(c));
        let after = text[at..].chars().nth(4).is_some_and(|c| c.is_alphanumeric() || c == '/');
        let edition = ["edition of ", "editions of ", "edition (", "(EU) "].iter().any(|words| text[..at].ends_with(words));
        year.is_some_and(|year| (2019..2040).contains(&year)) && !before && !after && !edition
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text without evidence, RSK-002, and what only the made-up company can say.
    fn cut(text: &str) -> String {
        let names = [("Tarnwick".to_owned(), Name::Insert("org.name".into(), "Blue".into())), ("Brightmoor".to_owned(), Name::Cut)];
        let stays = |reference: &str| !reference.starts_with("EVD") && reference != "RSK-002" && reference != "ccm:IAM-01";
        let knife = Knife { stays: &stays, names: &names, facts: &["120 people".to_owned()] };
        knife.markdown(text, &|section| section == "gone").trim().to_owned()
    }

    #[test]
    fn a_sentence_goes_with_its_date_and_the_others_stay() {
        assert_eq!(cut("It holds. In 2026 all five held. Then it is read."), "It holds. Then it is read.");
        assert_eq!(cut("First, on 2026-10-05, they met; the owner reports."), "The owner reports.");
        assert_eq!(cut("The owner reports; in 2026 twice."), "The owner reports.");
        assert_eq!(cut("We have 120 people. Each has a badge."), "Each has a badge.");
        assert_eq!(cut("Hosted at Brightmoor. It is backed up."), "It is backed up.");
        assert_eq!(cut("All of it was done in 2026."), "");
    }

    #[test]
    fn years_of_standards_and_laws_are_no_dates() {
        for text in [
            "ISO/IEC 27001:2022 asks.",
            "Regulation (EU) 2024/2690 says so.",
            "Statements for the edition of 2026 stand beside.",
            "Port 2026x.",
        ] {
            assert_eq!(cut(text), text);
        }
    }

    #[test]
    fn a_bracket_keeps_what_is_still_there() {
        assert_eq!(cut("It is tried ([[SOP-004]], [[EVD-002]])."), "It is tried ([[SOP-004]]).");
        assert_eq!(cut("It is tried ([[EVD-002|test, of keys]]) each quarter."), "It is tried each quarter.");
        assert_eq!(cut("It is tried (owners, 2026-10-05)."), "It is tried (owners).");
        assert_eq!(cut("A [link](https://www.example.com/2026) and `f(2026)`"), "", "a year is a year wherever it stands");
    }

    #[test]
    fn what_is_left_out_keeps_the_authors_words() {
        assert_eq!(
            cut("It lowers the risk of [[RSK-002|data elsewhere]] and [[RSK-003]]."),
            "It lowers the risk of data elsewhere and [[RSK-003]]."
        );
        assert_eq!(cut("See [[RSK-002]]. Then act."), "Then act.");
        assert_eq!(
            cut("| A | B |\n| --- | --- |\n| Reports | the folder, [[EVD-001]], [[EVD-002]] |"),
            "| A | B |\n| --- | --- |\n| Reports | the folder |"
        );
        assert_eq!(
            cut("The plan, [[EVD-001]] and [[POL-001]] show it. Then act."),
            "Then act.",
            "in the middle of a list it carries the sentence"
        );
    }

    #[test]
    fn rows_go_with_their_subject_and_other_cells_are_open() {
        let open = "| A | B | C |\n| --- | --- | --- |\n| a | b |  |\n| c | [[EVD-002]] | d |";
        assert_eq!(cut(open), "| A | B | C |\n| --- | --- | --- |\n| a | b |  |\n| c | To be decided. | d |");
        let table = "| A | B |\n| --- | --- |\n| [[EVD-001]] | x |\n| Tarnwick | 2026-10-05 |\n| c | [[RSK-002\\|words]] |";
        assert_eq!(cut(table), "| A | B |\n| --- | --- |\n| c | words |", "a row that says nothing but its subject goes too");
        assert_eq!(cut("| A |\n| --- |\n| 2026 |"), "");
    }

    #[test]
    fn items_go_with_those_below_and_are_counted_again() {
        assert_eq!(cut("1. One.\n2. In 2026.\n   - Below.\n3. Three.\n   - [x] Done."), "1. One.\n2. Three.\n   - [ ] Done.");
        assert_eq!(cut("Term\n: In 2026.\n\nOther\n: Stays."), "Other\n: Stays.");
        assert_eq!(cut("Text.[^a] More.[^b]\n\n[^a]: In 2026.\n\n[^b]: Stays."), "Text. More.[^b]\n\n[^b]: Stays.");
    }

    #[test]
    fn a_table_in_an_item_stays_a_table_and_goes_with_its_item() {
        let item =
            "1. One:\n   | A | B |\n   | --- | --- |\n   | a | b |\n2. In 2026:\n   | A | B |\n   | --- | --- |\n   | c | d |\n3. Three.";
        assert_eq!(cut(item), "1. One:\n   | A | B |\n   | --- | --- |\n   | a | b |\n2. Three.");
    }

    #[test]
    fn an_item_that_ends_with_a_semicolon_still_does() {
        assert_eq!(cut("- one;\n- two, in 2026;\n- three."), "- one;\n- three.");
        assert_eq!(cut("- one; in 2026 two."), "- one.");
    }

    #[test]
    fn other_words_stand_in_place_of_words_and_of_whole_references() {
        let words = [("[[SUP-003]]", "the mail service"), (" ([[SUP-003]])", ""), ("each tenant", "each system"), ("tenant", "system")];
        let words: Vec<(String, String)> = words.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect();
        let text = "Mail ([[SUP-003]]) of [[SUP-003]], {{ values.tenant }} and [[POL-013#tenant|each tenant]] {#tenant}: a tenant.";
        let other = "Mail of the mail service, {{ values.tenant }} and [[POL-013#tenant|each system]] {#tenant}: a system.";
        assert_eq!(replaced(text, &words), other);
    }

    #[test]
    fn headings_lose_claims_and_sections_go_whole() {
        let text = "## One {#one satisfies=ccm:IAM-01,iso27001:A.5.1}\n\nText.\n\n## Two {#gone}\n\nText.\n\n### Three {#three}\n\nText.\n\n## Four {#four satisfies=ccm:IAM-01}\n\nIn 2026.";
        let left = "## One {#one satisfies=iso27001:A.5.1}\n\nText.\n\n## Four {#four}\n\nTo be written by the owner.";
        assert_eq!(cut(text), left);
    }

    #[test]
    fn code_stays_as_it_is_but_for_names() {
        assert_eq!(cut("```yaml\nname: Tarnwick # 2026\n```"), "```yaml\nname: Blue # 2026\n```");
        assert_eq!(cut("Tarnwick's **own**."), "{{ org.name }}'s **own**.");
    }

    #[test]
    fn a_line_that_is_cut_anywhere_ends_in_no_panic() {
        let text = "- [ ] **Tärn**wick ([[SOP-004|a\\|b]], 2026; (x)) `c (` {{ values.a }}; é. “Ende.” ¿2026? [^n]: | a \\| b |";
        for (at, _) in text.char_indices() {
            cut(&text[at..]);
            cut(&text[..at]);
            cut(&format!("| {} |\n| --- |\n| {} |", &text[..at], &text[at..]));
        }
    }
}
