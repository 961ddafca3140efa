//! Words inserted and deleted in one text: a paragraph, a cell, a value.

use imara_diff::{Algorithm, Diff, InternedInput};

use super::guard::Guard;

/// Whether words stand in both texts, or in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// In both.
    Same,
    /// In the later one alone.
    Inserted,
    /// In the earlier one alone.
    Deleted,
}

/// Words with the same mark, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where they stand.
    pub mark: Mark,
    /// The words, with the space between them and before what follows.
    pub text: String,
}

/// A text of before and after in one: without what is inserted it is the earlier one, without what is deleted the later one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// In the order of reading; what is deleted stands before what takes its place.
    pub runs: Vec<Run>,
    /// Words that came and words that went.
    pub amount: Amount,
}

/// How many words came and went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Words that came.
    pub inserted: usize,
    /// Words that went.
    pub deleted: usize,
}

impl Amount {
    /// Adds another one.
    pub fn add(&mut self, other: Amount) {
        self.inserted += other.inserted;
        self.deleted += other.deleted;
    }
}

/// What stands for words that are not told, since the later view withholds what they say.
pub const UNTOLD: &str = "\u{2026}";

/// A word, or a mark that is no word: where a link leads, say, which is shown where it differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    /// What stands before it: nothing, a space or a line feed.
    before: &'static str,
    is_word: bool,
}

/// The tokens of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(pub(super) Vec<Token>);

impl Text {
    /// The words of a text. A text without spaces between its words is parted at each of its characters.
    pub(super) fn of(text: &str) -> Self {
        let mut all = Text::default();
        all.say(text);
        all
    }

    /// The lines of a text, each as one token.
    pub(super) fn lines(text: &str) -> Self {
        Text(text.lines().map(|line| Token { text: line.to_owned(), before: "\n", is_word: true }).collect())
    }

    /// Adds words. Those at its beginning go on with the last word where no space parts them.
    pub(super) fn say(&mut self, text: &str) {
        let mut before = "";
        let mut goes_on = self.0.last().is_some_and(|last| last.is_word && !last.text.ends_with(is_alone));
        if self.0.last().is_some_and(|last| !last.is_word) {
            before = if text.starts_with(char::is_whitespace) { " " } else { "" };
        }
        for c in text.chars() {
            if c.is_whitespace() {
                before = if c == '\n' {
                    "\n"
                } else if before.is_empty() {
                    " "
                } else {
                    before
                };
                goes_on = false;
            } else if goes_on && before.is_empty() && !is_alone(c) {
                if let Some(last) = self.0.last_mut() {
                    last.text.push(c);
                }
            } else {
                self.0.push(Token { text: c.to_string(), before, is_word: true });
                before = "";
                goes_on = !is_alone(c);
            }
        }
        if !before.is_empty() && self.0.last().is_some_and(|last| last.is_word) {
            // The space that ends these words stands before the next ones.
            self.0.push(Token { text: String::new(), before, is_word: false });
        }
    }

    /// Adds a mark, in parentheses, that is shown only where it is inserted or deleted.
    pub(super) fn mark(&mut self, text: &str) {
        self.0.push(Token { text: format!("({text})"), before: " ", is_word: false });
    }

    /// Takes away the spaces that stand for nothing, at the end and between.
    pub(super) fn finish(mut self) -> Self {
        let mut tokens: Vec<Token> = Vec::with_capacity(self.0.len());
        let mut space = "";
        for mut token in self.0.drain(..) {
            if token.text.is_empty() {
                space = token.before;
                continue;
            }
            if token.before.is_empty() {
                token.before = space;
            }
            space = "";
            tokens.push(token);
        }
        Text(tokens)
    }

    /// The words alone, with a space between them.
    pub(super) fn plain(&self) -> String {
        self.0.iter().filter(|token| token.is_word).map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// All of it, marks too, as a key by which equal texts are found.
    pub(super) fn key(&self) -> String {
        self.0.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// Characters of scripts that write no spaces between words.
fn is_alone(c: char) -> bool {
    matches!(u32::from(c), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

/// So few words in common between changes tell a reader nothing, and make what changed hard to read.
const FEW: usize = 2;

/// The difference of two texts. The guard says which words that went may be told.
pub(super) fn compare(before: &Text, after: &Text, guard: &Guard) -> Words {
    let mut input = InternedInput::default();
    input.update_before(before.0.iter().map(|token| token.text.as_str()));
    input.update_after(after.0.iter().map(|token| token.text.as_str()));
    let diff = Diff::compute(Algorithm::Histogram, &input);
    // Stretches in turn: what both have, then what went and what came.
    let mut same: Vec<(usize, usize)> = Vec::new();
    let mut changed: Vec<(std::ops::Range<usize>, std::ops::Range<usize>)> = Vec::new();
    let mut end = 0;
    for hunk in diff.hunks() {
        let (old, new) = (hunk.before.start as usize..hunk.before.end as usize, hunk.after.start as usize..hunk.after.end as usize);
        let between = new.start - end;
        end = new.end;
        let size = |(old, new): &(std::ops::Range<usize>, std::ops::Range<usize>)| old.len() + new.len();
        match changed.last_mut() {
            Some(last) if between <= FEW && size(last) > FEW && old.len() + new.len() > FEW => {
                last.0.end = old.end;
                last.1.end = new.end;
            }
            _ => {
                same.push((new.start - between, new.start));
                changed.push((old, new));
            }
        }
    }
    same.push((end, after.0.len()));
    let mut words = Words::default();
    for (place, (from, to)) in same.into_iter().enumerate() {
        after.0[from..to].iter().for_each(|token| words.push(Mark::Same, token));
        let Some((old, new)) = changed.get(place) else { continue };
        let old = &before.0[old.clone()];
        if guard.may_tell(old.iter().map(|token| token.text.as_str())) {
            old.iter().for_each(|token| words.push(Mark::Deleted, token));
        } else {
            words.push(Mark::Deleted, &Token { text: UNTOLD.into(), before: old.first().map_or("", |token| token.before), is_word: false });
        }
        after.0[new.clone()].iter().for_each(|token| words.push(Mark::Inserted, token));
        words.amount.deleted += old.iter().filter(|token| token.is_word).count();
        words.amount.inserted += after.0[new.clone()].iter().filter(|token| token.is_word).count();
    }
    words
}

impl Words {
    fn push(&mut self, mark: Mark, token: &Token) {
        if mark == Mark::Same && !token.is_word {
            return;
        }
        match self.runs.last_mut() {
            None => {}
            Some(last) if last.mark == mark || last.mark == Mark::Same => last.text.push_str(token.before),
            Some(_) if token.before.is_empty() => {}
            Some(_) => self.runs.push(Run { mark: Mark::Same, text: token.before.to_owned() }),
        }
        match self.runs.last_mut() {
            Some(last) if last.mark == mark => last.text.push_str(&token.text),
            _ => self.runs.push(Run { mark, text: token.text.clone() }),
        }
    }

    /// Whether anything differs.
    pub fn is_changed(&self) -> bool {
        self.runs.iter().any(|run| run.mark != Mark::Same)
    }

    /// Whether there is nothing in either text.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The runs of the earlier text.
    pub fn earlier(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(|run| run.mark != Mark::Inserted)
    }

    /// The runs of the later text.
    pub fn later(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(|run| run.mark != Mark::Deleted)
    }
}
