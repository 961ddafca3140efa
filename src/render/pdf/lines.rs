//! Where the lines of a table's cells break, and how its columns share their width by that. Words do not run like water: a narrow column of a few words
//! ("15 minutes") may be worth more than its share of the letters, and a bit more of it may save a line in every row.

use super::widths::length;

/// Rows whose lines are looked at, and words of a line.
const SAMPLE: usize = 40;
const MOST_WORDS: usize = 400;
/// What is moved from column to column at a time, in characters, and how often at most.
const STEPS: [f64; 3] = [1.0, 3.0, 6.0];
const MOST_MOVES: usize = 40;
/// What a line of a cell costs that makes its row no longer.
const FOR_EACH: f64 = 0.04;
/// By how much words may be wider than their letters' average.
const SLACK: f64 = 1.04;

/// What lines break between: a no-break space holds words together.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() && c != '\u{a0}').filter(|piece| !piece.is_empty())
}

/// Lines that a row of cells takes in columns of these widths.
pub(super) fn of_row(row: &[String], widths: &[f64]) -> usize {
    row.iter().zip(widths).map(|(cell, width)| Cell::with(cell, usize::MAX).lines(*width)).max().unwrap_or(1)
}

/// Moves width from column to column, down to the `least` of each, as long as the table gets shorter by it, or its cells do.
pub(super) fn share(least: &[f64], head: &[String], rows: &[Vec<String>], widths: &mut [f64]) {
    let every = rows.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<&[String]> = std::iter::once(head).chain(rows.iter().step_by(every).map(Vec::as_slice)).collect();
    let columns: Vec<Vec<Cell>> =
        (0..widths.len()).map(|column| sample.iter().map(|row| Cell::of(row.get(column).map_or("", String::as_str))).collect()).collect();
    let at = |column: usize, width: f64| -> Vec<usize> { columns[column].iter().map(|cell| cell.lines(width)).collect() };
    let mut now: Vec<Vec<usize>> = widths.iter().enumerate().map(|(column, width)| at(column, *width)).collect();
    let mut lowest = cost(now.iter().map(Vec::as_slice));
    for _ in 0..MOST_MOVES {
        let Some(best) = best_move(least, widths, &now, lowest, &at) else { break };
        lowest = best.cost;
        for (column, step) in [(best.from, -best.step), (best.to, best.step)] {
            widths[column] += step;
            now[column] = at(column, widths[column]);
        }
    }
}

/// Width that goes from a column to another, and what the table then costs.
struct Move {
    from: usize,
    to: usize,
    step: f64,
    cost: f64,
}

/// The move that saves most, the first of several; none where none saves anything.
fn best_move(least: &[f64], widths: &[f64], now: &[Vec<usize>], lowest: f64, at: &impl Fn(usize, f64) -> Vec<usize>) -> Option<Move> {
    let mut best: Option<Move> = None;
    for step in STEPS {
        let wider: Vec<Vec<usize>> = widths.iter().enumerate().map(|(column, width)| at(column, width + step)).collect();
        for (from, width) in widths.iter().enumerate().filter(|(from, width)| **width - step + 0.01 >= least[*from]) {
            let narrower = at(from, width - step);
            for to in (0..widths.len()).filter(|to| *to != from) {
                let lines = |column: usize| match column {
                    column if column == from => narrower.as_slice(),
                    column if column == to => wider[column].as_slice(),
                    column => now[column].as_slice(),
                };
                let cost = cost((0..widths.len()).map(lines));
                if cost + 1e-9 < best.as_ref().map_or(lowest, |best| best.cost) {
                    best = Some(Move { from, to, step, cost });
                }
            }
        }
    }
    best
}

/// What a table costs whose cells have these lines, by columns: its height, and with little weight the lines of all its cells.
fn cost<'l>(columns: impl Iterator<Item = &'l [usize]>) -> f64 {
    let (mut tallest, mut all): (Vec<usize>, usize) = (Vec::new(), 0);
    for column in columns {
        tallest.resize(column.len(), 0);
        for (most, lines) in tallest.iter_mut().zip(column) {
            *most = (*most).max(*lines);
            all += lines;
        }
    }
    tallest.iter().sum::<usize>() as f64 + FOR_EACH * all as f64
}

/// Lengths of a cell's words, by the lines that are begun in it.
struct Cell(Vec<Vec<f64>>);

impl Cell {
    fn of(text: &str) -> Self {
        Cell::with(text, MOST_WORDS)
    }

    fn with(text: &str, most_words: usize) -> Self {
        Cell(text.split('\n').map(|line| pieces(line).take(most_words).map(length).collect()).collect())
    }

    /// How many lines it takes at a width.
    fn lines(&self, width: f64) -> usize {
        let width = (width / SLACK).max(1.0);
        let broken = |words: &Vec<f64>| {
            let (mut lines, mut used) = (1usize, 0.0);
            for word in words {
                if used > 0.0 && used + 1.0 + word <= width {
                    used += 1.0 + word;
                    continue;
                }
                lines += usize::from(used > 0.0);
                // A word that is longer than the line is broken.
                let full = ((word / width).ceil() - 1.0).max(0.0);
                lines += full as usize;
                used = word - full * width;
            }
            lines
        };
        self.0.iter().map(broken).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn a_narrow_column_of_a_few_words_gets_them_in_a_line() {
        let long = "customer data of several tenants exposed; production encrypted or down; emergency account used by a stranger";
        let rows = vec![row(&["critical", long, "15 minutes"]), row(&["low", "blocked attack", "1 working day"])];
        let mut widths = [9.0, 50.0, 8.0];
        share(&[9.0, 10.0, 8.0], &row(&["Level", "Examples", "Lead takes over within"]), &rows, &mut widths);
        assert!(widths[2] >= 14.0, "{widths:?}");
        assert!((widths.iter().sum::<f64>() - 67.0).abs() < 1e-6 && widths[0] >= 9.0 && widths[1] >= 10.0, "{widths:?}");
    }

    #[test]
    fn a_no_break_space_holds_words_together() {
        assert_eq!(pieces("see GDPR\u{a0}32(1)(b), \n 33").collect::<Vec<_>>(), ["see", "GDPR\u{a0}32(1)(b),", "33"]);
    }

    #[test]
    fn a_word_longer_than_the_line_is_counted_broken() {
        assert_eq!(Cell::of(&"x".repeat(30)).lines(10.0), 4);
        assert_eq!(Cell::of("").lines(10.0), 1);
        assert_eq!(Cell::of("a\nb c").lines(0.0), 3);
    }
}
