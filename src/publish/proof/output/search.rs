//! The index of a site's search: words in order, each told by the letters that it shares with the one before, and lists of numbers.

use serde_json::Value;

/// Where a site keeps it.
const FOLDER: &str = "assets/search/";
/// Digits of shared letters (RFC 4648, base 64).
const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Gives every text of a part; false where the file is none, and must be read as any other script.
pub(super) fn read(path: &str, text: &str, each: &mut dyn FnMut(&str)) -> bool {
    let Some((kind, value)) = part(path, text) else { return false };
    match (kind, &value) {
        ('i' | 'n' | 't' | 'f' | 'b', Value::Array(parts)) => {
            let [Value::String(words), Value::String(lists)] = parts.as_slice() else { return false };
            if !lists.chars().all(|c| DIGITS.contains(c) || matches!(c, ' ' | ',' | '!')) {
                return false;
            }
            spelled(words, kind == 'b', each)
        }
        ('x', _) => {
            strings(&value, &mut |text| blocks(text, each));
            true
        }
        ('p', _) => {
            strings(&value, each);
            true
        }
        ('t', Value::Object(top)) => {
            for (key, value) in top {
                match key.as_str() {
                    "starts" | "pages" => {}
                    "backward" => strings(value, &mut |word| each(&word.chars().rev().collect::<String>())),
                    _ => strings(value, each),
                }
            }
            true
        }
        _ => false,
    }
}

/// Gives the blocks of a text, and the cells of its tables: they stand side by side, as in a page, and what runs over their bounds is nobody's sentence. A line
/// of code or of an address, which ends in the middle of one, runs on.
fn blocks(text: &str, each: &mut dyn FnMut(&str)) {
    let mut from = 0;
    for (at, _) in text.match_indices('\n') {
        let (before, after) = (&text[from..at], text[at + 1..].split('\n').next().unwrap_or_default());
        let figures = after.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_item = figures.len() < after.len() && figures.starts_with(". ");
        let is_row = |line: &str| line.contains(" | ");
        let last = before.rsplit('\n').next().unwrap_or_default();
        if is_item || is_row(last) || is_row(after) || last.ends_with(['.', '!', '?', ':']) {
            before.split(['|', '\u{2022}']).for_each(&mut *each);
            from = at + 1;
        }
    }
    text[from..].split(['|', '\u{2022}']).for_each(each);
}

/// The kind of a part, and what it hands over.
fn part(path: &str, text: &str) -> Option<(char, Value)> {
    let name = path.strip_prefix(FOLDER).or_else(|| path.split_once(&format!("/{FOLDER}")).map(|(_, name)| name))?.strip_suffix(".js")?;
    let kind = name.chars().next()?;
    if name != "top" && !(name.len() > 1 && name[kind.len_utf8()..].chars().all(|c| c.is_ascii_digit())) {
        return None;
    }
    let (call, rest) = text.trim_end().strip_suffix(';').unwrap_or(text.trim_end()).split_once('(')?;
    if !call.trim_start().trim_start_matches("window.").starts_with("annexaSearch.take") {
        return None;
    }
    let arguments: Value = serde_json::from_str(&format!("[{}]", rest.strip_suffix(')')?)).ok()?;
    match arguments.as_array()?.as_slice() {
        [Value::String(_), Value::String(said), value] if said == name => Some((kind, value.clone())),
        _ => None,
    }
}

fn spelled(words: &str, reversed: bool, each: &mut dyn FnMut(&str)) -> bool {
    let mut last: Vec<char> = Vec::new();
    for word in words.split(' ') {
        let mut letters = word.chars();
        let Some(shared) = letters.next().and_then(|digit| DIGITS.find(digit)) else { return false };
        last.truncate(shared);
        last.extend(letters);
        let whole: String = if reversed { last.iter().rev().collect() } else { last.iter().collect() };
        each(&whole);
    }
    true
}

fn strings(value: &Value, each: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, each)),
        Value::Object(entries) => entries.iter().for_each(|(key, value)| {
            each(key);
            strings(value, each);
        }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str, text: &str) -> Option<Vec<String>> {
        let mut said = Vec::new();
        read(path, text, &mut |text| said.push(text.to_owned())).then_some(said)
    }

    #[test]
    fn words_are_told_by_what_they_share() {
        let said_of = |path: &str, words: &str| {
            let name = path.rsplit('/').next().unwrap().trim_end_matches(".js");
            said(path, &format!("annexaSearch.take(\"0\",\"{name}\",[\"{words}\",\"AB !x\"]);\n"))
        };
        assert_eq!(said_of("assets/search/t0.js", "Aaudit Fs Bccess").unwrap(), ["audit", "audits", "access"]);
        assert_eq!(said_of("v1/assets/search/b3.js", "Atidua").unwrap(), ["audit"]);
    }

    /// Items "… of its own." and "2. The service …" are no sentence "of its own the service", which may be withheld somewhere else.
    #[test]
    fn a_run_of_words_ends_where_a_block_does() {
        let said_of = |text: &str| {
            let value = serde_json::json!([text]);
            said("assets/search/x0.js", &format!("annexaSearch.take(\"0\",\"x0\",{value});\n")).unwrap()
        };
        assert_eq!(said_of("1. A key of its own\n2. The service"), ["1. A key of its own", "2. The service"]);
        assert_eq!(said_of("One ends.\nAnother begins\nand goes on"), ["One ends.", "Another begins\nand goes on"]);
        assert_eq!(said_of("head | of\na | table\nwords"), ["head ", " of", "a ", " table", "words"]);
        assert_eq!(said_of("grep -r\nsecret sauce"), ["grep -r\nsecret sauce"]);
    }

    #[test]
    fn what_is_no_part_is_read_as_any_script() {
        assert_eq!(said("assets/search/find.js", "annexaSearch.take(\"0\",\"find\",[])"), None);
        assert_eq!(said("assets/search/t0.js", "annexaSearch.take(\"0\",\"t0\",[\"Aa\",\"a secret\u{e9}\"]);"), None);
        assert_eq!(said("assets/other/t0.js", "annexaSearch.take(\"0\",\"t0\",[\"Aa\",\"A\"]);"), None);
    }
}
