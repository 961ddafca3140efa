//! What a finished file says, read from its bytes alone: nothing is known here of how it was made.
//!
//! A file is what its first bytes say; its name only decides between kinds of text. What holds files of its own (a zip, a PDF with attachments, a data
//! address) is opened, within limits.

mod markup;
mod package;
mod pdf;
mod picture;
pub(super) mod pixels;
mod script;
mod search;

use crate::base::word::{Phrase, phrase};
pub(super) use markup::percent_decoded;
pub(super) use picture::is_picture;
use pixels::Size;

/// How deep files may lie in files.
const DEEPEST: usize = 4;
/// How much may be unpacked from one file, in bytes: a limit on bombs.
const MOST_UNPACKED: u64 = 512 << 20;
/// In what is not understood, shorter words are chance.
const SHORTEST_IN_BYTES: usize = 8;

/// Why a file cannot be looked into, in words.
pub(super) type Closed = Phrase;

/// What is done with what a file says: a text that is read as one, without markup; and a file that lies in it.
pub(super) trait Listener {
    /// A text.
    fn text(&mut self, text: &str);
    /// A text that was given with gaps before, without them: words that a renderer broke are whole here, and others run into each other.
    fn joined(&mut self, text: &str) {
        self.text(text);
    }
    /// A picture of this size; what it shows, where somebody asks: its digest as [`pixels`] makes it, once for each way to hold it.
    fn picture(&mut self, _size: Size, _shown: &dyn Fn() -> Vec<(Size, String)>) {}
    /// A whole file that lies in the one that is read; false where it need not be looked into.
    fn file(&mut self, _bytes: &[u8]) -> bool {
        true
    }
}

impl<F: FnMut(&str)> Listener for F {
    fn text(&mut self, text: &str) {
        self(text);
    }
}

/// Gives every text of a file.
pub(super) fn passages(path: &str, bytes: &[u8], listener: &mut dyn Listener) -> Result<(), Closed> {
    let mut budget = MOST_UNPACKED;
    look(path, bytes, 0, &mut budget, listener)
}

/// Gives every text of markup, entities resolved: what stands between tags, in attributes, comments and scripts.
pub(super) fn markup(text: &str, each: &mut dyn FnMut(&str)) {
    let mut listener = |text: &str| each(text);
    // A comment in Markdown holds no files.
    markup::read(text, &mut |said| {
        if let markup::Said::Text(text) = said {
            listener(text)
        }
    });
}

fn look(path: &str, bytes: &[u8], depth: usize, budget: &mut u64, listener: &mut dyn Listener) -> Result<(), Closed> {
    if depth > DEEPEST {
        return Err(phrase!("files lie more than {n} deep in one another", n = DEEPEST));
    }
    if depth > 0 && !listener.file(bytes) {
        return Ok(());
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return package::zip(bytes, depth, budget, listener);
    }
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return package::gzip(path, bytes, depth, budget, listener);
    }
    // Readers accept a PDF that begins a little later (ISO 32000-1, annex H, 3.4.1).
    if bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-") {
        return pdf::read(bytes, depth, budget, listener);
    }
    if is_picture(bytes) {
        if let Some(size) = pixels::size(bytes) {
            listener.picture(size, &|| pixels::of_file(bytes));
        }
        return picture::read(bytes, budget, listener);
    }
    match as_text(bytes) {
        Some(text) => read_text(path, &text, depth, budget, listener),
        None => {
            strings(bytes, SHORTEST_IN_BYTES, listener);
            Ok(())
        }
    }
}

fn read_text(path: &str, text: &str, depth: usize, budget: &mut u64, listener: &mut dyn Listener) -> Result<(), Closed> {
    let extension = path.rsplit('/').next().unwrap_or_default().rsplit_once('.').map_or("", |(_, extension)| extension);
    let mut inner: Vec<Vec<u8>> = Vec::new();
    match extension.to_ascii_lowercase().as_str() {
        "js" if search::read(path, text, &mut |text| listener.text(text)) => {}
        "js" | "mjs" | "json" | "jsonld" | "webmanifest" | "css" | "map" => script::read(text, &mut |text| listener.text(text)),
        "csv" | "tsv" => table(text, listener),
        "md" | "txt" | "typ" => listener.text(text),
        _ if text.trim_start().starts_with('<') => markup::read(text, &mut |said| match said {
            markup::Said::Text(text) => listener.text(text),
            markup::Said::Script(text) => script::read(text, &mut |text| listener.text(text)),
            markup::Said::File(bytes) => inner.push(bytes),
        }),
        _ => listener.text(text),
    }
    inner.iter().try_for_each(|bytes| look("", bytes, depth + 1, budget, listener))
}

/// Cells of a table, each on its own.
fn table(text: &str, listener: &mut dyn Listener) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    for record in reader.records() {
        match record {
            Ok(record) => record.iter().for_each(|cell| listener.text(cell)),
            Err(_) => return listener.text(text),
        }
    }
}

/// UTF-8, or UTF-16 that says so.
fn as_text(bytes: &[u8]) -> Option<std::borrow::Cow<'_, str>> {
    let wide = |from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| from([pair[0], pair[1]])).collect();
        Some(String::from_utf16_lossy(&units).into())
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0')).map(Into::into),
    }
}

/// Texts in bytes that are not understood, in UTF-8 and in UTF-16 of either order.
fn strings(bytes: &[u8], shortest: usize, listener: &mut dyn Listener) {
    let mut give = |text: &str| {
        let mut run = String::new();
        for part in text.split(|c: char| c.is_control() || c == '\u{fffd}') {
            if part.chars().filter(|c| c.is_alphanumeric()).count() >= shortest {
                for word in part.split_whitespace().filter(|word| word.chars().count() >= shortest - shortest / 4) {
                    run.push_str(word);
                    run.push(' ');
                }
                listener.text(&run);
                run.clear();
            }
        }
    };
    give(&String::from_utf8_lossy(bytes));
    for from in [0, 1] {
        let units: Vec<u16> = bytes[from.min(bytes.len())..].chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        // Chance makes characters of all scripts, and hardly ever a row of Latin ones.
        let latin = |unit: &u16| if *unit < 0x250 { *unit } else { 0 };
        give(&String::from_utf16_lossy(&units.iter().map(latin).collect::<Vec<_>>()));
    }
}

/// Base64 (RFC 4648), in either alphabet, white space within it skipped.
fn base64(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => Some(c - b'A'),
        b'a'..=b'z' => Some(c - b'a' + 26),
        b'0'..=b'9' => Some(c - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    let (mut bytes, mut bits, mut held) = (Vec::with_capacity(text.len() / 4 * 3), 0u32, 0);
    for value in text.bytes().filter_map(digit) {
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}
