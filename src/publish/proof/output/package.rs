//! Files that hold files: zips, workbooks and documents of offices among them, and what gzip made.

use std::io::{Cursor, Read};

use super::{Closed, Listener, look};
use crate::base::word::phrase;

/// The most files that one may hold.
const MOST_FILES: usize = 20_000;

/// A zip (APPNOTE 6.3): the names of its files, their comments, and each of them.
pub(super) fn zip(bytes: &[u8], depth: usize, budget: &mut u64, listener: &mut dyn Listener) -> Result<(), Closed> {
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| phrase!("the zip cannot be read: {error}", error = error.to_string()))?;
    if archive.len() > MOST_FILES {
        return Err(phrase!("the zip holds more than {n} files", n = MOST_FILES));
    }
    listener.text(&String::from_utf8_lossy(archive.comment()));
    for index in 0..archive.len() {
        let unreadable = |error: zip::result::ZipError| phrase!("a file in the zip cannot be read: {error}", error = error.to_string());
        let file = archive.by_index(index).map_err(unreadable)?;
        // A name that is no text is at least its bytes.
        let name = String::from_utf8_lossy(file.name_raw()).into_owned();
        listener.text(&name);
        listener.text(file.comment());
        if file.is_dir() {
            continue;
        }
        let inner = unpacked(file, budget)?;
        look(&name, &inner, depth + 1, budget, listener)?;
    }
    Ok(())
}

/// A file packed by gzip (RFC 1952). Its own name may stand in it.
pub(super) fn gzip(path: &str, bytes: &[u8], depth: usize, budget: &mut u64, listener: &mut dyn Listener) -> Result<(), Closed> {
    let decoder = flate2::read::MultiGzDecoder::new(bytes);
    for part in [decoder.header().and_then(flate2::GzHeader::filename), decoder.header().and_then(flate2::GzHeader::comment)] {
        part.into_iter().for_each(|part| listener.text(&String::from_utf8_lossy(part)));
    }
    let inner = unpacked(decoder, budget)?;
    let name = path.strip_suffix(".gz").or(path.strip_suffix('z')).unwrap_or(path);
    look(name, &inner, depth + 1, budget, listener)
}

/// All that a reader gives, within what is left to unpack.
pub(super) fn unpacked(reader: impl Read, budget: &mut u64) -> Result<Vec<u8>, Closed> {
    let mut bytes = Vec::new();
    let failed = |error: std::io::Error| phrase!("a packed file cannot be unpacked: {error}", error = error.to_string());
    reader.take(*budget + 1).read_to_end(&mut bytes).map_err(failed)?;
    let size = bytes.len() as u64;
    *budget = budget.checked_sub(size).ok_or_else(|| phrase!("more lies in it than can be unpacked"))?;
    Ok(bytes)
}
