//! An output as one zip (APPNOTE.TXT 6.3), the same bytes for the same output: sorted, all of one day, without marks of a machine or a user.

use std::io::{Cursor, Write};

use super::manifest::{Manifest, SIGNATURE_PATH};
use crate::render::{Artifacts, MANIFEST_PATH};

/// Packs an output with its manifest, and the signature if it has one, in one folder of the zip.
///
/// # Errors
/// What a zip cannot hold, in words.
pub fn pack(folder: &str, artifacts: &Artifacts, manifest: &Manifest) -> Result<Vec<u8>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("the zip could not be made: {error}");
    let json = manifest.to_json();
    let mut files: Vec<(&str, &[u8])> = artifacts.iter().map(|file| (file.path.as_str(), file.bytes.as_slice())).collect();
    files.push((MANIFEST_PATH, json.as_bytes()));
    files.extend(manifest.signature.iter().map(|signature| (SIGNATURE_PATH, signature.as_bytes())));
    files.sort_unstable();
    // A zip knows days from 1980 to 2107.
    let day = manifest.today.and_then(|today| {
        let (year, month, day) = (u16::try_from(today.year()).ok()?, u8::try_from(today.month()).ok()?, u8::try_from(today.day()).ok()?);
        zip::DateTime::from_date_and_time(year, month, day, 0, 0, 0).ok()
    });
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(day.unwrap_or_default())
        .unix_permissions(0o644);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(format!("{folder}/{path}"), options).map_err(|error| failed(&error))?;
        zip.write_all(bytes).map_err(|error| failed(&error))?;
    }
    zip.finish().map(Cursor::into_inner).map_err(|error| failed(&error))
}
