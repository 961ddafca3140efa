//! Words that site and exports print alike.

/// A word in kebab case as it stands in a table: `best-practice` is "Best practice".
pub(crate) fn sentence(word: &str) -> String {
    if matches!(word, "iaas" | "paas" | "saas") {
        return format!("{}aaS", word[..1].to_ascii_uppercase());
    }
    let mut words = word.replace('-', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}
