//! How the columns of a table share a page, from what they hold. Lengths are in characters of the table's type, which is near enough: the
//! alternative, to let Typst measure every cell, sets each of them twice.

use std::cell::LazyCell;

use super::lines::{self, pieces};
use crate::read::theme::Page;

/// Characters of the table's type to a millimetre.
const TO_MILLIMETRE: f64 = 0.65;
/// The margin column and its gutter, as `style.typ` has them, in millimetres.
const HANG: f64 = 42.0;

/// Lines of a table to a millimetre.
const LINES_TO_MILLIMETRE: f64 = 0.284;
/// Lines of a page that are not a row's: the head of its table, with heads of several lines, and that of a group.
const FOR_HEADS: f64 = 7.0;

/// What a place for a table holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Characters of a line.
    pub(super) width: f64,
    /// Lines of a row that surely fit a page.
    pub(super) lines: f64,
}

/// What the places for a table hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measures {
    /// The text's own measure.
    pub(super) text: Room,
    /// From the margin column to the right edge.
    pub(super) wide: Room,
    /// A page on its side.
    pub(super) landscape: Room,
}

impl Measures {
    /// Those of a page.
    pub(super) fn of(page: Page) -> Self {
        let (width, height) = page.size();
        let millimetres = |margins: i64| f64::from(i32::try_from(margins).unwrap_or(0));
        let lines = |height: f64| (height * LINES_TO_MILLIMETRE - FOR_HEADS).max(0.0);
        let wide = width - millimetres(page.left + page.right);
        let upright = lines(height - millimetres(page.top + page.bottom));
        // On its side a page has the left margin at both ends, and less above and below, as `back.typ` sets it.
        let less = |edge: i64, part: f64, least: f64| (part * millimetres(edge)).max(millimetres(edge).min(least));
        let across = height - millimetres(2 * page.left);
        let flipped = lines(width - less(page.top, 0.85, 24.5) - less(page.bottom, 0.76, 19.0));
        let room = |millimetres: f64, lines: f64| Room { width: millimetres * TO_MILLIMETRE, lines };
        Measures { text: room(wide - HANG, upright), wide: room(wide, upright), landscape: room(across, flipped) }
    }
}

/// Space between two columns.
const GAP: f64 = 2.6;
/// Words longer than this are broken, by hyphens or [`breakable`]: the first of these for which enough is left to share.
const LONGEST_WORDS: [f64; 3] = [17.0, 14.0, 12.0];
/// The part of the width that the longest words may take.
const FOR_WORDS: f64 = 0.78;
/// The same where the first column has what it should have.
const FOR_FIRST: f64 = 0.88;
/// The same for identifiers, dates and states, which have no hyphens.
const LONGEST_IDENTIFIER: f64 = 18.0;
/// The least that a column needs.
const LEAST: f64 = 2.0;
/// Rows that are looked at to share the width.
const SAMPLE: usize = 200;
/// The bit of width that is given at a time.
const STEP: f64 = 1.0;
/// Estimated lines up to which a table is kept whole on a page.
const TOGETHER: f64 = 17.0;
/// Lines of a row, on average, from which columns of small type are towers of words, and lists of heads and values read better.
const TOWERS: f64 = 12.0;
/// How much smaller the small size of tables is.
const SMALL: f64 = 0.86;

/// How a table is set.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plan {
    /// The form.
    pub(super) form: Form,
    /// Whether it is wider than the text's measure.
    pub(super) wide: bool,
    /// Whether it is set in the smaller size.
    pub(super) small: bool,
    /// For each column that is narrower than one of its words, the letters from which words are hyphenated; else 0.
    pub(super) hyphenate: Vec<usize>,
    /// Whether the whole of it stays on one page.
    pub(super) together: bool,
    /// For each row, whether it stays on one page.
    pub(super) whole: Vec<bool>,
    /// Estimated lines of a row, on average; 0 where it is none of columns.
    pub(super) tall: f64,
    /// Estimated lines of the first two rows, which a page that begins the table should hold.
    pub(super) first: f64,
}

/// The form of a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    /// Every column as wide as its longest cell.
    Natural,
    /// Shares of the width.
    Shares(Vec<f64>),
    /// Too many columns for any page, or for what they hold: each row becomes a list of heads and values.
    Stacked,
}

/// Plans a table from its cells' texts, the head first; a line feed in a cell begins a line. `measures` are the widths to choose from, narrow first;
/// `leading` is what the first column should have, as far as it is filled.
pub(super) fn plan(head: &[String], rows: &[Vec<String>], measures: &[Room], leading: f64) -> Plan {
    let count = head.len().max(1);
    let gaps = GAP * count as f64;
    let widest = measures.last().map_or(0.0, |room| room.width);
    let cells: Vec<Vec<Cell>> = rows.iter().map(|row| row.iter().map(|cell| Cell::of(cell)).collect()).collect();
    let words: Vec<Words> = (0..count).map(|index| Words::of(index, head, rows)).collect();
    let columns_with = |longest: f64| -> Vec<Column> {
        (0..)
            .zip(&words)
            .map(|(index, words)| Column {
                longest: words.longest(),
                least: words.least(longest) + 0.6,
                most: most(index, head, &cells, words.least(longest)) + 0.6,
            })
            .collect()
    };
    let sum = |columns: &[Column]| columns.iter().map(|column| column.least).sum::<f64>();
    let [.., shortest] = LONGEST_WORDS;
    let roomy = LONGEST_WORDS.iter().map(|longest| columns_with(*longest)).find(|columns| sum(columns) <= FOR_WORDS * (widest - gaps));
    let mut columns = roomy.unwrap_or_else(|| columns_with(shortest));
    let taken = sum(&columns);
    if let Some(first) = columns.first_mut() {
        let wanted = leading.min(first.most).max(first.least);
        // Not where the others would pay for it.
        if taken - first.least + wanted <= FOR_FIRST * (widest - gaps) {
            first.least = wanted;
        }
    }
    let least = sum(&columns);
    let most: f64 = columns.iter().map(|column| column.most).sum();
    let (scale, small) = if least + gaps <= widest { (1.0, false) } else { (SMALL, true) };
    if least + gaps > widest / scale {
        return stacked(count, rows.len());
    }
    // The narrowest width in which the table is not much longer than in the widest.
    let (columns, cells) = (&columns, &cells);
    let shared: Vec<_> = measures
        .iter()
        .map(|room| room.width / scale - gaps)
        .map(|room| LazyCell::new(move || shares(columns, head, rows, cells, room)))
        .collect();
    let height = |shares: &[f64]| -> f64 { cells.iter().map(|row| lines(row, shares)).sum() };
    let in_widest = LazyCell::new(|| shared.last().map_or(0.0, |shares| height(shares)));
    let fits = |(index, room): &(usize, &Room)| {
        let room = room.width / scale;
        least + gaps <= room && (most + gaps <= room || height(&shared[*index]) <= 1.25 * *in_widest + 2.0)
    };
    let index = measures.iter().enumerate().find(fits).map_or(measures.len().saturating_sub(1), |(index, _)| index);
    let Room { width, lines: of_page } = measures.get(index).copied().unwrap_or(Room { width: widest, lines: 0.0 });
    let room = width / scale - gaps;
    let wide = index > 0;
    let whole = |shares: &[f64]| -> Vec<bool> { rows.iter().map(|row| lines::of_row(row, shares) as f64 <= of_page / scale).collect() };
    if most <= room * 0.86 {
        let shares = vec![f64::MAX; count];
        let together = height_of(cells, &shares) <= TOGETHER;
        let (hyphenate, whole) = (vec![0; count], whole(&shares));
        let tall = height(&shares) / rows.len().max(1) as f64;
        return Plan { form: Form::Natural, wide, small, hyphenate, together, whole, tall, first: first(cells, &shares) };
    }
    let shares = shared.get(index).map_or_else(Vec::new, |shares| shares.to_vec());
    let tall = height(&shares) / rows.len().max(1) as f64;
    if small && tall > TOWERS {
        return stacked(count, rows.len());
    }
    let whole = whole(&shares);
    let together = height_of(cells, &shares) <= TOGETHER;
    // Words that fit are left whole: hyphens would come for nothing. Some letters are wider than others.
    let letters = |share: f64| (share * 0.85).floor().max(5.0) as usize;
    let hyphenate = columns.iter().zip(&shares).map(|(column, share)| if column.longest > *share { letters(*share) } else { 0 }).collect();
    Plan {
        form: Form::Shares(shares.iter().map(|share| ((share + GAP) * 100.0).round() / 100.0).collect()),
        wide,
        small,
        hyphenate,
        together,
        whole,
        tall,
        first: first(cells, &shares),
    }
}

/// A table as lists of heads and values.
fn stacked(columns: usize, rows: usize) -> Plan {
    let (hyphenate, whole) = (vec![0; columns], vec![false; rows]);
    Plan { form: Form::Stacked, wide: false, small: false, hyphenate, together: false, whole, tall: 0.0, first: 0.0 }
}

/// Estimated lines of the first two rows.
fn first(rows: &[Vec<Cell>], shares: &[f64]) -> f64 {
    height_of(rows.get(..2).unwrap_or(rows), shares)
}

/// Estimated lines of rows, with the space between them.
fn height_of(rows: &[Vec<Cell>], shares: &[f64]) -> f64 {
    rows.iter().map(|row| lines(row, shares) + 0.7).sum()
}

/// A cell by the lengths of the lines that are begun in it.
struct Cell(Vec<f64>);

impl Cell {
    fn of(text: &str) -> Self {
        Cell(text.split('\n').map(length).collect())
    }
}

/// The longest words of a column.
struct Words {
    /// Of those that may be broken.
    broken: f64,
    /// Of those that stay in one piece.
    whole: f64,
}

impl Words {
    fn of(index: usize, head: &[String], rows: &[Vec<String>]) -> Self {
        let mut longest = Words { broken: 0.0, whole: 0.0 };
        for word in rows.iter().filter_map(|row| row.get(index)).chain(head.get(index)).flat_map(|text| pieces(text)) {
            let of_its_kind = if is_in_one(word) { &mut longest.whole } else { &mut longest.broken };
            *of_its_kind = of_its_kind.max(length(word));
        }
        longest
    }

    /// The longest of all.
    fn longest(&self) -> f64 {
        self.broken.max(self.whole).max(LEAST)
    }

    /// As much of it as has to stay in one piece, where words are broken after so many letters.
    fn least(&self, most_of_word: f64) -> f64 {
        self.broken.min(most_of_word).max(self.whole.min(LONGEST_IDENTIFIER)).max(LEAST)
    }
}

struct Column {
    /// The longest word.
    longest: f64,
    /// The longest word, or as much of it as has to stay in one piece.
    least: f64,
    /// The longest cell.
    most: f64,
}

/// The longest line of a column's cells, no less than its `least`.
fn most(index: usize, head: &[String], cells: &[Vec<Cell>], least: f64) -> f64 {
    let head = head.get(index).map(|cell| Cell::of(cell));
    cells.iter().filter_map(|row| row.get(index)).chain(&head).flat_map(|cell| &cell.0).copied().fold(least, f64::max)
}

/// Shares `room` among columns: each its longest word, and what is left where the text is; then as the lines break.
fn shares(columns: &[Column], head: &[String], rows: &[Vec<String>], cells: &[Vec<Cell>], room: f64) -> Vec<f64> {
    let mut widths = by_length(columns, cells, room);
    let least: Vec<f64> = columns.iter().map(|column| column.least).collect();
    lines::share(&least, head, rows, &mut widths);
    widths
}

/// Shares `room` as if text ran like water: what is left of it, bit by bit, to the column that makes the most rows long.
fn by_length(columns: &[Column], rows: &[Vec<Cell>], room: f64) -> Vec<f64> {
    let mut widths: Vec<f64> = columns.iter().map(|column| column.least).collect();
    // A sample is enough to see where the text is.
    let every = rows.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<&[Cell]> = rows.iter().step_by(every).map(Vec::as_slice).collect();
    let tall = |cell: &Cell, width: f64| cell.0.iter().map(|length| (length / width).max(1.0)).sum::<f64>();
    let mut left = room - widths.iter().sum::<f64>();
    while left > 0.5 {
        let mut gains = vec![0.0; columns.len()];
        for row in &sample {
            // What a bit more width saves in the cell that is longest now.
            let cells = row.iter().zip(&widths).enumerate().map(|(index, (cell, width))| (index, cell, tall(cell, *width)));
            let tallest = cells.max_by(|a, b| a.2.total_cmp(&b.2));
            if let Some((index, cell, lines)) = tallest.filter(|(_, _, lines)| *lines > 1.0) {
                gains[index] += lines - tall(cell, widths[index] + STEP);
            }
        }
        let open = |index: &usize| widths[*index] + 0.01 < columns[*index].most;
        let best = (0..columns.len()).filter(open).max_by(|a, b| gains[*a].total_cmp(&gains[*b]));
        let Some(best) = best else { break };
        let more = STEP.min(left).min(columns[best].most - widths[best]);
        widths[best] += more;
        left -= more;
    }
    widths
}

/// Lines that a row takes, as an estimate.
fn lines(row: &[Cell], shares: &[f64]) -> f64 {
    let of_cell = |cell: &Cell, share: f64| cell.0.iter().map(|length| (length * 1.08 / share.max(1.0)).ceil().max(1.0)).sum();
    row.iter().zip(shares).map(|(cell, share)| of_cell(cell, *share)).fold(1.0, f64::max)
}

/// Length in average characters: capitals and figures (all of one width) are wider than small letters, and those of East Asia are twice as wide.
pub(super) fn length(text: &str) -> f64 {
    let width = |c: char| match c {
        c if c.is_ascii_digit() => 1.16,
        c if c.is_uppercase() => 1.25,
        '\u{2e80}'.. => 2.0,
        _ => 1.0,
    };
    text.chars().map(width).sum()
}

/// What stands for the mark before a state: as wide as it, and in one piece with the word after it.
pub(super) const MARK: &str = "●●";

/// Whether a word is never broken by a hyphen: identifiers, dates and states.
fn is_in_one(word: &str) -> bool {
    word.starts_with(MARK) || word.contains(|c: char| c.is_ascii_digit())
}

/// Adds places to break at in words that are too long and have none, so that a long key or path cannot run out of its column. Other words are left as
/// they are: who searches or copies from the PDF gets those places too.
pub(super) fn breakable(text: &str, longest: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '\u{200b}' | '\u{ad}')) {
        let mut left = piece.trim_end().chars().count();
        if left <= longest {
            out.push_str(piece);
            continue;
        }
        let mut run = 0usize;
        let mut letters = piece.chars().peekable();
        let is_mark = |c: char| matches!(c, '/' | '.' | '_' | ':' | '@' | '=' | '&' | ',' | ';' | '?' | '\\');
        while let Some(c) = letters.next() {
            out.push(c);
            run += 1;
            left = left.saturating_sub(1);
            let good = is_mark(c) && !letters.peek().is_some_and(|next| is_mark(*next));
            if left > 0 && (run >= longest || (good && run * 2 > longest)) {
                out.push('\u{200b}');
                run = 0;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURE: Room = Room { width: 80.0, lines: 40.0 };
    const WIDE: Room = Room { width: 109.0, lines: 40.0 };

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn only_words_that_are_too_long_get_places_to_break_at() {
        assert_eq!(
            breakable("production, security@example.com and a-hyphened-word", 20),
            "production, security@example.com and a-hyphened-word"
        );
        assert_eq!(breakable("https://example.com/a", 12), "https://\u{200b}example.\u{200b}com/a");
        assert_eq!(breakable(&"x".repeat(9), 4), "xxxx\u{200b}xxxx\u{200b}x");
        assert_eq!(breakable("four four\n", 4), "four four\n");
    }

    #[test]
    fn a_small_table_keeps_its_natural_width() {
        let plan = plan(&row(&["Class", "Kept for"]), &[row(&["public", "1 year"])], &[MEASURE, WIDE], 0.0);
        assert_eq!((plan.form, plan.wide, plan.small), (Form::Natural, false, false));
    }

    #[test]
    fn long_text_gets_the_room_and_short_words_keep_theirs() {
        let long = "A long sentence that says what has to be done by whom and when. ".repeat(3);
        let plan = plan(&row(&["Id", "Duty"]), &[row(&["RSK-001", &long])], &[MEASURE, WIDE], 0.0);
        let Form::Shares(shares) = plan.form else { panic!("{:?}", plan.form) };
        assert!(shares[0] < 13.0 && shares[1] > 60.0, "{shares:?}");
    }

    #[test]
    fn many_columns_of_text_take_the_wide_page() {
        let text = "Several words in each of the cells of this table";
        let plan = plan(&row(&["A", "B", "C", "D", "E"]), &vec![row(&[text; 5]); 9], &[MEASURE, WIDE], 0.0);
        assert!(plan.wide);
    }

    #[test]
    fn a_state_stays_in_one_piece_and_only_columns_with_longer_words_are_hyphenated() {
        let long = "incomprehensibilities and more of them in a long cell that wraps".to_owned();
        let cells: Vec<String> = std::iter::once(format!("{MARK}Implemented")).chain(std::iter::repeat_n(long, 7)).collect();
        let plan = plan(&vec![String::new(); 8], &vec![cells; 9], &[MEASURE, WIDE], 0.0);
        let Form::Shares(shares) = plan.form else { panic!("{:?}", plan.form) };
        assert!(shares[0] > 14.0 && plan.hyphenate[0] == 0 && plan.hyphenate[1] > 0, "{shares:?} {:?}", plan.hyphenate);
    }

    #[test]
    fn a_line_feed_begins_a_line() {
        let cell = "POL-001 1 Purpose\nPOL-002 3 Rules\nPOL-003 4 Exceptions".to_owned();
        let plan = plan(&row(&["A", "B"]), &[vec!["x".into(), cell]], &[MEASURE, WIDE], 0.0);
        assert_eq!((plan.form, plan.first), (Form::Natural, 3.7));
    }

    #[test]
    fn columns_that_would_be_towers_of_words_are_stacked() {
        let text = "Words that go on and say what happened, why, and what was done about it, by whom and until when. ".repeat(3);
        let cells: Vec<String> = (0..11).map(|index| if index % 2 == 0 { text.clone() } else { "2026-10-05".to_owned() }).collect();
        assert_eq!(plan(&vec!["Head".to_owned(); 11], &vec![cells; 4], &[WIDE], 0.0).form, Form::Stacked);
    }

    #[test]
    fn a_hundred_columns_are_stacked() {
        let many = vec!["word".to_owned(); 100];
        assert_eq!(plan(&many, std::slice::from_ref(&many), &[MEASURE, WIDE], 0.0).form, Form::Stacked);
    }

    #[test]
    fn a_row_that_may_be_longer_than_a_page_can_be_torn() {
        let plan = plan(&row(&["A", "B"]), &[row(&["x", &"word ".repeat(2000)]), row(&["y", &"word ".repeat(30)])], &[MEASURE], 0.0);
        assert_eq!(plan.whole, [false, true]);
    }

    #[test]
    fn no_cells_are_no_trouble() {
        plan(&[], &[], &[MEASURE, WIDE], 0.0);
        plan(&row(&[""]), &[row(&[""]), vec![]], &[MEASURE], 0.0);
    }

    #[test]
    fn long_words_can_be_broken_and_short_ones_are_left_alone() {
        assert_eq!(breakable("short words", 20), "short words");
        assert_eq!(breakable("abcdefghij", 4), "abcd\u{200b}efgh\u{200b}ij");
        assert_eq!(breakable("/var/lib/app/data", 12), "/var/lib/\u{200b}app/data");
    }
}
