//! Patterns of names, as for tags and for whom a key signs, and of paths.

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

/// Whether a path fits a pattern: part by part as [`fits`] has it, and `**` as a part stands for any number of parts, or none.
pub fn fits_path(pattern: &str, path: &str) -> bool {
    let parts: Vec<&str> = pattern.split('/').collect();
    reached(&parts, path)[parts.len()]
}

/// Whether something below a folder can fit a pattern, so that it is worth looking into.
pub fn leads(pattern: &str, folder: &str) -> bool {
    let parts: Vec<&str> = pattern.split('/').collect();
    reached(&parts, folder)[..parts.len()].contains(&true)
}

/// How many parts of a pattern can stand for a whole path: each number that is true. One pass over all at once, so that no pattern takes long.
fn reached(pattern: &[&str], path: &str) -> Vec<bool> {
    // `**` may stand for nothing.
    let skip = |reached: &mut Vec<bool>| {
        for (at, part) in pattern.iter().enumerate() {
            reached[at + 1] |= reached[at] && *part == "**";
        }
    };
    let mut reached = vec![false; pattern.len() + 1];
    reached[0] = true;
    skip(&mut reached);
    for name in path.split('/') {
        let mut next = vec![false; pattern.len() + 1];
        for (at, part) in pattern.iter().enumerate().filter(|(at, _)| reached[*at]) {
            if *part == "**" {
                next[at] = true;
            } else if fits(part, name) {
                next[at + 1] = true;
            }
        }
        skip(&mut next);
        reached = next;
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_within_a_part_of_a_path_and_two_stand_for_any_parts() {
        let fitting = [
            ("*.md", "a.md"),
            ("policies/*.md", "policies/a b.md"),
            ("**/*.md", "a.md"),
            ("**/*.md", "x/y/a.md"),
            ("policies/**", "policies/x/y.png"),
            ("a/**/b/*.md", "a/b/c.md"),
            ("a/**/b/*.md", "a/x/b/y/b/c.md"),
        ];
        for (pattern, path) in fitting {
            assert!(fits_path(pattern, path), "{pattern} {path}");
            for (at, _) in path.match_indices('/') {
                assert!(leads(pattern, &path[..at]), "{pattern} {}", &path[..at]);
            }
        }
        for (pattern, path) in [("*.md", "x/a.md"), ("policies/*.md", "policies/x/a.md"), ("a/**/b/*.md", "a/c.md")] {
            assert!(!fits_path(pattern, path), "{pattern} {path}");
        }
        for (pattern, folder) in [("*.md", "x"), ("policies/*.md", "policies/x"), ("policies/**", "images"), ("a/*/b/*.md", "a/x/c")] {
            assert!(!leads(pattern, folder), "{pattern} {folder}");
        }
        assert!(!fits_path(&format!("{}x", "**/".repeat(500)), &format!("{}y", "a/".repeat(500))), "in no time");
    }

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
