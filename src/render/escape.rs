//! Escaping for the two positions in which HTML takes text.

/// Appends text between tags.
pub(crate) fn text(from: &str, to: &mut String) {
    escape(from, to);
}

/// Appends the value of an attribute in double quotes.
pub(crate) fn attribute(from: &str, to: &mut String) {
    escape(from, to);
}

/// All five signs in both positions: one table is easier to trust than two, and a quote costs little.
fn escape(from: &str, to: &mut String) {
    let mut start = 0;
    for (index, byte) in from.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        to.push_str(&from[start..index]);
        to.push_str(entity);
        start = index + 1;
    }
    to.push_str(&from[start..]);
}
