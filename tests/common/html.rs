//! Enough of an HTML reader to look a page over: tags with attributes, and whether they nest. It reads what Annexa writes, not what browsers forgive.

use std::collections::BTreeMap;

/// A start tag.
#[derive(Debug)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// Its attributes, character references resolved.
    pub attributes: BTreeMap<String, String>,
}

impl Tag {
    /// An attribute's value.
    pub fn get(&self, key: &str) -> Option<String> {
        self.attributes.get(key).cloned()
    }
}

/// Elements without an end tag, and what drawings close at once.
const VOID: &[&str] = &["meta", "link", "br", "hr", "img", "input", "col", "wbr", "source"];

enum Piece {
    Start(Tag, bool),
    End(String),
}

/// Every start tag of a page, in order.
pub fn tags(text: &str) -> Vec<Tag> {
    let pieces = pieces(text).unwrap();
    pieces.into_iter().filter_map(|piece| if let Piece::Start(tag, _) = piece { Some(tag) } else { None }).collect()
}

/// Whether every element is closed by its own end tag, and what is wrong if not.
pub fn well_formed(text: &str) -> Result<(), String> {
    let mut open: Vec<String> = Vec::new();
    for piece in pieces(text)? {
        match piece {
            Piece::Start(tag, closed) => {
                if !closed && !VOID.contains(&tag.name.as_str()) {
                    if tag.name != "p" || open.last().is_none_or(|last| last != "p") {
                        open.push(tag.name);
                    } else {
                        return Err("a paragraph within a paragraph".into());
                    }
                }
            }
            Piece::End(name) => match open.pop() {
                Some(last) if last == name => {}
                last => return Err(format!("</{name}> closes {last:?}")),
            },
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} are left open")) }
}

fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix("!--") {
            rest = after.split_once("-->").ok_or("an open comment")?.1;
        } else if let Some(after) = rest.strip_prefix('!') {
            rest = after.split_once('>').ok_or("an open declaration")?.1;
        } else if let Some(after) = rest.strip_prefix('/') {
            let (name, after) = after.split_once('>').ok_or("an open end tag")?;
            pieces.push(Piece::End(name.trim().to_owned()));
            rest = after;
        } else {
            let (tag, closed, after) =
                start(rest).ok_or_else(|| format!("a broken tag: <{}", rest.chars().take(60).collect::<String>()))?;
            rest = after;
            if matches!(tag.name.as_str(), "script" | "style") {
                rest = &rest[rest.find("</").ok_or("an open script")?..];
            }
            pieces.push(Piece::Start(tag, closed));
        }
    }
    Ok(pieces)
}

fn start(text: &str) -> Option<(Tag, bool, &str)> {
    let end = text.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
    let (name, mut rest) = text.split_at(end);
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return None;
    }
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return Some((Tag { name: name.into(), attributes }, true, after));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Some((Tag { name: name.into(), attributes }, false, after));
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))?;
        let key = &rest[..end];
        rest = &rest[end..];
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (inner, after) = after[1..].split_once(quote)?;
            (value, rest) = (inner, after);
        }
        if key.is_empty() || attributes.insert(key.to_ascii_lowercase(), unescaped(value)).is_some() {
            return None;
        }
    }
}

/// A text with the character references resolved that a renderer writes.
pub fn unescaped(text: &str) -> String {
    let named =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&#x2F;", "/"), ("&amp;", "&")];
    named.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// A link with its percent signs resolved.
pub fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = (*first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(hex.unwrap_or(*first));
        rest = if hex.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap()
}
