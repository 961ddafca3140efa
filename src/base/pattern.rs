//! Patterns of names, as for tags and for whom a key signs.

/// Whether a name fits a pattern, in which `*` stands for any characters and `?` for one.
pub fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    // Where the last star stood, and how far it has reached: the usual walk without recursion, so that no pattern takes long.
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, reached)) => {
                    star = Some((at, reached + 1));
                    p = at + 1;
                    n = reached + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_stars_and_question_marks() {
        for (pattern, name) in [("v*", "v1.0"), ("*", ""), ("isms-*.?", "isms-2.1"), ("a*b*c", "aXbYbc"), ("v1", "v1")] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("v*", "w1"), ("v?", "v"), ("a*b", "ac"), ("", "v"), ("v1", "v10")] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
        assert!(!fits(&"*a".repeat(200), &"b".repeat(5000)), "in no time");
    }
}
