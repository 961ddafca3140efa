//! As few sets as cover everything that some set holds: for the shortest list of work.

/// How many choices are tried before the best found so far is taken: a fixed effort, so that the result is the same everywhere.
const MOST_CHOICES: usize = 2_000;

/// Sets, by their places, that together hold everything below `size` that any of them holds; as few as can be found. Greedy first, then by trying
/// the alternatives for whatever has the fewest. Of equally good ones the first is taken.
pub(super) fn smallest(size: usize, sets: &[Vec<usize>]) -> Vec<usize> {
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); size];
    for (set, items) in sets.iter().enumerate() {
        for item in items {
            holders[*item].push(set);
        }
    }
    let greedy = greedy(size, sets, &holders);
    let mut search = Search { sets, holders: &holders, best: greedy, left: MOST_CHOICES };
    search.go(&mut Vec::new(), &mut vec![0; size]);
    search.best
}

fn greedy(size: usize, sets: &[Vec<usize>], holders: &[Vec<usize>]) -> Vec<usize> {
    let mut open: Vec<bool> = (0..size).map(|item| !holders[item].is_empty()).collect();
    let mut chosen = Vec::new();
    loop {
        let gain = |set: &usize| sets[*set].iter().filter(|item| open[**item]).count();
        // The first of those that gain most: max_by_key would take the last.
        let best = (0..sets.len()).rev().max_by_key(gain).filter(|set| gain(set) > 0);
        let Some(best) = best else { return chosen };
        chosen.push(best);
        sets[best].iter().for_each(|item| open[*item] = false);
    }
}

struct Search<'a> {
    sets: &'a [Vec<usize>],
    holders: &'a [Vec<usize>],
    best: Vec<usize>,
    left: usize,
}

impl Search<'_> {
    fn go(&mut self, chosen: &mut Vec<usize>, covered: &mut Vec<usize>) {
        // The open item with the fewest alternatives: whatever is chosen, one of these must be.
        let open = (0..covered.len()).filter(|item| covered[*item] == 0 && !self.holders[*item].is_empty());
        let Some(item) = open.min_by_key(|item| self.holders[*item].len()) else {
            if chosen.len() < self.best.len() {
                self.best.clone_from(chosen);
            }
            return;
        };
        if chosen.len() + 1 >= self.best.len() {
            return;
        }
        let holders = self.holders;
        for set in &holders[item] {
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            chosen.push(*set);
            self.sets[*set].iter().for_each(|item| covered[*item] += 1);
            self.go(chosen, covered);
            self.sets[*set].iter().for_each(|item| covered[*item] -= 1);
            chosen.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fewer_sets_than_greed_would_take() {
        // Greed takes the set of four first and needs three; two suffice.
        let sets = [vec![0, 1, 2], vec![3, 4, 5], vec![1, 2, 3, 4]];
        assert_eq!(smallest(6, &sets), [0, 1]);
    }

    #[test]
    fn what_no_set_holds_is_left_out_and_nothing_needs_nothing() {
        assert_eq!(smallest(3, &[vec![1]]), [0]);
        assert!(smallest(3, &[]).is_empty() && smallest(0, &[]).is_empty());
    }

    proptest! {
        #[test]
        fn it_covers_all_and_no_smaller_choice_does(sets in prop::collection::vec(prop::collection::btree_set(0usize..8, 1..5), 1..8)) {
            let sets: Vec<Vec<usize>> = sets.into_iter().map(|set| set.into_iter().collect()).collect();
            let covers = |chosen: &[usize]| (0..8).all(|item| {
                let holds = |set: &Vec<usize>| set.contains(&item);
                !sets.iter().any(holds) || chosen.iter().any(|set| holds(&sets[*set]))
            });
            let found = smallest(8, &sets);
            prop_assert!(covers(&found));
            for mask in 0u32..1 << sets.len() {
                let chosen: Vec<usize> = (0..sets.len()).filter(|set| mask >> set & 1 == 1).collect();
                prop_assert!(chosen.len() >= found.len() || !covers(&chosen));
            }
        }
    }
}
