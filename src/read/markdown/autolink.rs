//! Addresses that stand bare in words, which GFM (0.29, 6.9) makes links of: `https://example.com`, `www.example.com`, `security@example.com`.

use std::ops::Range;

/// Whether words can hold an address: most hold none, and need no second look.
pub(super) fn may_hold(text: &str) -> bool {
    text.contains('@') || text.contains("://") || text.contains("www.")
}

/// Each address with where it leads, in order.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((range, address)) = next(text, from) {
        from = range.end;
        found.push((range, address));
    }
    found
}

/// The first address that begins at or after `from`.
fn next(text: &str, from: usize) -> Option<(Range<usize>, String)> {
    const BEGINNINGS: [&str; 3] = ["http://", "https://", "www."];
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            b'h' | b'H' | b'w' | b'W' if may_begin(text, from, at) => {
                let rest = &text[at..];
                let begins = |word: &&&str| rest.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
                let Some(beginning) = BEGINNINGS.iter().find(begins) else { continue };
                let host = if beginning.starts_with('w') { 0 } else { beginning.len() };
                if let Some(length) = address(&rest[host..]) {
                    let end = at + host + length;
                    let scheme = if host == 0 { "http://" } else { "" };
                    return Some((at..end, format!("{scheme}{}", &text[at..end])));
                }
            }
            b'@' => {
                if let Some(range) = mailbox(text, from, at) {
                    let address = format!("mailto:{}", &text[range.clone()]);
                    return Some((range, address));
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether an address may begin here: at the beginning, after white space, or after a mark that encloses words.
fn may_begin(text: &str, from: usize, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    at >= from && before.is_none_or(|c| c.is_whitespace() || matches!(c, '*' | '_' | '~' | '('))
}

/// The length of an address that begins with its host; none where that is none.
fn address(text: &str) -> Option<usize> {
    // No name of a host is longer (RFC 1035, 2.3.4), and what is read again from each of many beginnings has to be short.
    let part_of_host = |(_, c): &(usize, char)| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let host = text.char_indices().take(253).take_while(part_of_host).last().map_or(0, |(at, c)| at + c.len_utf8());
    let host = text[..host].trim_end_matches('.');
    let mut parts = host.rsplit('.');
    let last = [parts.next()?, parts.next()?];
    if last.iter().any(|part| part.is_empty() || part.contains('_')) || parts.any(str::is_empty) {
        return None;
    }
    let end = text.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(text.len());
    Some(trimmed(&text[..end]).len().max(host.len()))
}

/// An address without the punctuation of the sentence that it stands in.
fn trimmed(mut address: &str) -> &str {
    let open = address.matches('(').count();
    let mut close = address.matches(')').count();
    while let Some(last) = address.chars().next_back() {
        match last {
            '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | '"' | '”' | '’' | '»' | '…' => {}
            ')' if close > open => close -= 1,
            _ => break,
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address
}

/// The mailbox around the `@` at `at`.
fn mailbox(text: &str, from: usize, at: usize) -> Option<Range<usize>> {
    let is_local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    let start = text[from..at].rfind(|c: char| !is_local(c)).map_or(from, |before| {
        let length = text[from + before..].chars().next().map_or(1, char::len_utf8);
        from + before + length
    });
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let host = &text[at + 1..];
    let host = host[..host.find(|c: char| !is_host(c)).unwrap_or(host.len())].trim_end_matches('.');
    let good = host.contains('.') && host.split('.').all(|part| !part.is_empty()) && !host.ends_with(['-', '_']);
    // A second `@` right behind makes neither of them a mailbox.
    let another = text[at + 1 + host.len()..].starts_with('@');
    (start < at && good && !another).then(|| start..at + 1 + host.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        find(text).into_iter().map(|(range, address)| format!("{} -> {address}", &text[range])).collect()
    }

    #[test]
    fn addresses_are_found_without_the_punctuation_around_them() {
        assert_eq!(found("Write to security@tarnwick.example."), ["security@tarnwick.example -> mailto:security@tarnwick.example"]);
        assert_eq!(found("(see https://a.example/b_(c)?d=e,f)."), ["https://a.example/b_(c)?d=e,f -> https://a.example/b_(c)?d=e,f"]);
        assert_eq!(
            found("www.example.com/x, HTTPS://B.example"),
            ["www.example.com/x -> http://www.example.com/x", "HTTPS://B.example -> HTTPS://B.example"]
        );
        assert_eq!(
            found("a.b-c+d@e-f.example; g@h.example"),
            ["a.b-c+d@e-f.example -> mailto:a.b-c+d@e-f.example", "g@h.example -> mailto:g@h.example"]
        );
    }

    #[test]
    fn what_only_looks_like_an_address_is_none() {
        for text in [
            "iso27001@2022",
            "@all",
            "a@b",
            "a@b.",
            "a@b..c",
            "a@b.c-",
            "a@@b.c",
            "http://",
            "https://localhost",
            "www.",
            "www..com",
            "xhttps://a.example",
            "https://a_b.example_x",
            "ftp://a.example",
            "javascript://a.example",
            "://a.example",
            "ü@b.example",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn text_of_any_kind_is_read_in_one_pass_of_bounded_work() {
        for text in [
            "@".repeat(100_000),
            "a@b.c".repeat(20_000),
            "www.".repeat(50_000),
            "_www.".repeat(200_000),
            "https://a.b(((".repeat(10_000),
            "é@ü.ä ".repeat(9_000),
        ] {
            find(&text);
        }
    }
}
