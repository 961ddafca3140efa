//! Which parts of two sequences belong together: sections of a text, blocks, items of a list, rows of a table.

use std::collections::HashMap;

use imara_diff::{Algorithm, Diff, InternedInput};

/// A part of either sequence, or of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The two that belong together, by their places.
    Both(usize, usize),
    /// One that is gone.
    Before(usize),
    /// One that is new.
    After(usize),
}

/// A part, for the comparison: what kind it is of, so that only like is paired with like, and its words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Part {
    pub(super) kind: &'static str,
    pub(super) key: String,
}

/// How alike two parts have to be to be one that was changed: the share of words that both have. What exceeds it is the weight of a pair, so that one good pair
/// wins over two poor ones.
const ALIKE: f64 = 0.45;
/// Where more pairs than these would have to be weighed, parts are paired in their order.
const MOST_WEIGHED: usize = 10_000;

/// Aligns two sequences, in the order of both.
pub(super) fn align(before: &[Part], after: &[Part]) -> Vec<Place> {
    let mut input = InternedInput::default();
    input.update_before(before.iter().map(|part| (part.kind, part.key.as_str())));
    input.update_after(after.iter().map(|part| (part.kind, part.key.as_str())));
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let mut places = Vec::new();
    let (mut old, mut new) = (0, 0);
    for hunk in diff.hunks() {
        while new < hunk.after.start as usize {
            places.push(Place::Both(old, new));
            (old, new) = (old + 1, new + 1);
        }
        weigh(before, after, old..hunk.before.end as usize, new..hunk.after.end as usize, &mut places);
        (old, new) = (hunk.before.end as usize, hunk.after.end as usize);
    }
    while new < after.len() {
        places.push(Place::Both(old, new));
        (old, new) = (old + 1, new + 1);
    }
    places
}

/// Pairs what differs: the pairs, in the order of both, that are most alike in all.
fn weigh(before: &[Part], after: &[Part], old: std::ops::Range<usize>, new: std::ops::Range<usize>, places: &mut Vec<Place>) {
    let (rows, columns) = (old.len(), new.len());
    if rows * columns > MOST_WEIGHED {
        let pairs = rows.min(columns);
        for at in 0..rows.max(columns) {
            let (from, to) = (old.start + at, new.start + at);
            if at < pairs && likeness(&before[from], &after[to]) >= ALIKE {
                places.push(Place::Both(from, to));
                continue;
            }
            places.extend((at < rows).then_some(Place::Before(from)));
            places.extend((at < columns).then_some(Place::After(to)));
        }
        return;
    }
    let mut gained = vec![vec![0.0f64; columns + 1]; rows + 1];
    let mut like = vec![vec![0.0f64; columns]; rows];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            let likeness = likeness(&before[old.start + row], &after[new.start + column]);
            like[row][column] = likeness;
            let paired = if likeness >= ALIKE { likeness - ALIKE + gained[row + 1][column + 1] } else { 0.0 };
            gained[row][column] = paired.max(gained[row + 1][column]).max(gained[row][column + 1]);
        }
    }
    let (mut row, mut column) = (0, 0);
    while row < rows || column < columns {
        if row < rows
            && column < columns
            && like[row][column] >= ALIKE
            && gained[row][column] <= like[row][column] - ALIKE + gained[row + 1][column + 1]
        {
            places.push(Place::Both(old.start + row, new.start + column));
            (row, column) = (row + 1, column + 1);
        } else if row < rows && (column == columns || gained[row + 1][column] >= gained[row][column + 1]) {
            places.push(Place::Before(old.start + row));
            row += 1;
        } else {
            places.push(Place::After(new.start + column));
            column += 1;
        }
    }
}

/// How much of their words two parts have in common, from 0 to 1; 0 for parts of different kinds.
pub(super) fn likeness(before: &Part, after: &Part) -> f64 {
    if before.kind != after.kind {
        return 0.0;
    }
    let mut words: HashMap<&str, i64> = HashMap::new();
    before.key.split(' ').for_each(|word| *words.entry(word).or_default() += 1);
    let (mut common, mut all) = (0i32, i32::try_from(words.values().sum::<i64>()).unwrap_or(i32::MAX));
    for word in after.key.split(' ') {
        all = all.saturating_add(1);
        if let Some(left) = words.get_mut(word).filter(|left| **left > 0) {
            *left -= 1;
            common += 1;
        }
    }
    if all == 0 { 1.0 } else { 2.0 * f64::from(common) / f64::from(all) }
}

/// The pairs that keep their order, as many as can be: of pairs in the order of `after`, the longest rising run of places in `before`. The others moved.
pub(super) fn in_order(pairs: &[(usize, usize)]) -> Vec<bool> {
    // For each length, the pair with the least place that ends such a run; and for each pair, the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, (before, _)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].0 < *before);
        previous.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut kept = vec![false; pairs.len()];
    let mut at = ends.last().copied();
    while let Some(index) = at {
        kept[index] = true;
        at = previous[index];
    }
    kept
}
