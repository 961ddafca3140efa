//! Relative links, resolved to paths in the project.

use std::borrow::Cow;

/// The path in the project that `link` names when it stands in the file `from`; none if it climbs out of the project.
/// A leading slash means the top of the project, as on Git hosts.
pub(super) fn resolve(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = if link.starts_with('/') { Vec::new() } else { from.split('/').collect() };
    if !link.starts_with('/') {
        parts.pop();
    }
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `%20` and its like decoded; as it is where that gives no UTF-8.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).filter(|_| byte == b'%').and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.filter(|pair| pair.bytes().all(|b| b.is_ascii_hexdigit())).and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(decoded) => {
                out.push(decoded);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_resolved_from_the_folder_of_the_file() {
        let from = "content/policies/pol-004.md";
        let to = |link: &str| resolve(from, link);
        assert_eq!(to("../sops/sop-001.md").as_deref(), Some("content/sops/sop-001.md"));
        assert_eq!(to("./pol-005.md").as_deref(), Some("content/policies/pol-005.md"));
        assert_eq!(to("pol-005.md").as_deref(), Some("content/policies/pol-005.md"));
        assert_eq!(to("/README.md").as_deref(), Some("README.md"));
        assert_eq!(to("a//b/").as_deref(), Some("content/policies/a/b"));
        assert_eq!(to("../../../x.md"), None);
        assert_eq!(to("/../x.md"), None);
        assert_eq!(resolve("annexa.yaml", "a.md").as_deref(), Some("a.md"));
    }

    #[test]
    fn percent_signs_are_decoded_where_they_mean_something() {
        assert_eq!(decode("a%20b%C3%BC"), "a bü");
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%+1%zz%é"), "%+1%zz%é");
        assert_eq!(decode("%ff"), "%ff");
    }
}
