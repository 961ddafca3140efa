//! What images of pixels say besides their picture: PNG, JPEG, GIF, WebP and TIFF.

use super::{Closed, Listener, package, strings};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Whether these are the bytes of an image of pixels.
pub(in super::super) fn is_picture(bytes: &[u8]) -> bool {
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let tiff = bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*");
    bytes.starts_with(PNG) || bytes.starts_with(&[0xff, 0xd8, 0xff]) || bytes.starts_with(b"GIF8") || webp || tiff
}

/// Metadata: text chunks, comments, Exif, XMP, IPTC, and whatever stands behind the end of the image.
pub(super) fn read(bytes: &[u8], budget: &mut u64, listener: &mut dyn Listener) -> Result<(), Closed> {
    if bytes.starts_with(PNG) {
        png(bytes, budget, listener)
    } else if bytes.starts_with(&[0xff, 0xd8]) {
        jpeg(bytes, listener);
        Ok(())
    } else if bytes.starts_with(b"RIFF") {
        webp(bytes, listener);
        Ok(())
    } else {
        strings(bytes, 6, listener);
        Ok(())
    }
}

/// Chunks of a PNG (ISO/IEC 15948, 11.3.4): tEXt, zTXt, iTXt and eXIf say something.
fn png(bytes: &[u8], budget: &mut u64, listener: &mut dyn Listener) -> Result<(), Closed> {
    let mut rest = &bytes[PNG.len()..];
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let Some(data) = after.get(..length) else { break };
        rest = after.get(length + 4..).unwrap_or_default();
        match &head[4..] {
            b"tEXt" | b"eXIf" | b"tIME" | b"sPLT" | b"iCCP" => strings(data, 3, listener),
            b"zTXt" | b"iTXt" => {
                strings(data, 3, listener);
                // The packed text stands behind the last zero byte before it, where there is one.
                for (at, _) in data.iter().enumerate().filter(|(_, byte)| **byte == 0x78) {
                    if let Ok(text) = package::unpacked(flate2::read::ZlibDecoder::new(&data[at..]), budget) {
                        listener.text(&String::from_utf8_lossy(&text));
                        break;
                    }
                }
            }
            b"IDAT" | b"IHDR" | b"PLTE" | b"fdAT" => {}
            b"IEND" => break,
            _ => strings(data, 6, listener),
        }
    }
    strings(rest, 6, listener);
    Ok(())
}

/// Segments of a JPEG (ISO/IEC 10918-1, B.1): applications' and comments say something.
fn jpeg(bytes: &[u8], listener: &mut dyn Listener) {
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let data = rest.get(4..(2 + length).max(4)).unwrap_or_default();
        match marker {
            0xff => {
                rest = &rest[1..];
                continue;
            }
            0xe0..=0xef | 0xfe => strings(data, 3, listener),
            0xda => break,
            _ => {}
        }
        rest = rest.get(2 + length.max(2)..).unwrap_or_default();
    }
    // Behind the end of the image.
    if let Some(end) = rest.windows(2).rposition(|window| window == [0xff, 0xd9]) {
        strings(&rest[end + 2..], 6, listener);
    }
}

/// Chunks of a WebP (RFC 9649, 2.3): EXIF and XMP say something.
fn webp(bytes: &[u8], listener: &mut dyn Listener) {
    let mut rest = bytes.get(12..).unwrap_or_default();
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let data = &after[..length.min(after.len())];
        match &head[..4] {
            b"EXIF" | b"XMP " => strings(data, 3, listener),
            b"VP8 " | b"VP8L" | b"VP8X" | b"ALPH" | b"ANIM" | b"ANMF" => {}
            _ => strings(data, 6, listener),
        }
        rest = after.get(length + length % 2..).unwrap_or_default();
    }
}
