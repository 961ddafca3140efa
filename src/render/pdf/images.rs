//! Images as they may enter a book: of a kind that can be set, of a bounded size, and complete in themselves.

mod bounds;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use typst::diag::LoadedWithin;
use typst::foundations::Bytes;
use typst::loading::{LoadSource, Loaded};
use typst::syntax::{Span, Spanned};
use typst::visualize::{ExchangeFormat, Image as Drawn, RasterImage, SvgImage};

use crate::base::word::{Phrase, phrase};

/// Most bytes of one image: beyond it a page takes minutes to print, and the file is no longer sent by mail.
const MOST_BYTES: usize = 24 << 20;
/// Most pixels of one image: 40 million need 160 MB while they are decoded.
const MOST_PIXELS: usize = 40_000_000;
/// Deepest nesting of an SVG: its reader recurses.
const DEEPEST: usize = 200;

/// Points of an inch.
const POINTS: f64 = 72.0;

/// Width and height, in points.
type Size = (f64, f64);

/// The images of a book, by path.
#[derive(Default)]
pub(super) struct Images {
    known: BTreeMap<Arc<str>, Result<Image, Phrase>>,
}

/// An image that can be set.
#[derive(Clone)]
pub(super) struct Image {
    /// Path of its virtual file.
    pub(super) path: String,
    /// Typst's word for its format.
    pub(super) format: &'static str,
    /// Its own width and height, in points; none for an SVG whose size follows from what it shows.
    pub(super) natural: Option<Size>,
    /// Its bytes.
    pub(super) bytes: Arc<[u8]>,
}

impl Images {
    /// The image at a path, or what is wrong with it.
    pub(super) fn get(&mut self, path: &Arc<str>, load: impl FnOnce() -> Option<Arc<[u8]>>) -> Result<Image, Phrase> {
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        let missing = || phrase!("the file does not exist, or is not part of what this audience may see");
        let image = load().ok_or_else(missing).and_then(|bytes| {
            let (format, natural) = format(&bytes)?;
            // The path is a number, since a file's own name may hold what a virtual path may not.
            Ok(Image { path: format!("/images/{}.{format}", self.known.len()), format, natural, bytes })
        });
        self.known.insert(path.clone(), image.clone());
        image
    }

    /// Those that can be set.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Image> {
        self.known.values().flatten()
    }
}

impl Image {
    /// The text of an SVG, with its numbered characters as they will be shown: it can hold what no font has.
    pub(super) fn text(&self) -> Option<String> {
        let text = std::str::from_utf8(&self.bytes).ok().filter(|_| self.format == "svg")?;
        let mut out = text.to_owned();
        for (at, _) in text.match_indices("&#") {
            let number = text[at + 2..].split(';').next().unwrap_or_default();
            let code = number.strip_prefix(['x', 'X']).map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
            out.extend(code.and_then(char::from_u32));
        }
        Some(out)
    }
}

/// The format of an image that can be set, and its own width and height in points, where it states them.
fn format(bytes: &[u8]) -> Result<(&'static str, Option<Size>), Phrase> {
    counted(bytes, &mut 0)
}

/// The same of one among the pictures of an SVG, which may have so many pixels together.
fn counted(bytes: &[u8], pixels: &mut usize) -> Result<(&'static str, Option<Size>), Phrase> {
    if bytes.len() > MOST_BYTES {
        let (n, most) = (bytes.len() >> 20, MOST_BYTES >> 20);
        return Err(phrase!("it has {n} MiB, and an image of the PDF may have {most}", n = n, most = most));
    }
    let kind = imagesize::image_type(bytes).ok();
    let format = match kind {
        Some(imagesize::ImageType::Png) => "png",
        Some(imagesize::ImageType::Jpeg) => "jpg",
        Some(imagesize::ImageType::Gif) => "gif",
        Some(imagesize::ImageType::Webp) => "webp",
        Some(_) => return Err(phrase!("it is an image of a kind that a PDF cannot hold; use PNG, JPEG, GIF, WebP or SVG")),
        None => return svg(bytes, pixels).map(|(natural, states_size)| ("svg", Some(natural).filter(|_| states_size))),
    };
    let broken = |_| phrase!("it begins like a {format} file and is broken", format = format.to_uppercase());
    let size = imagesize::blob_size(bytes).map_err(broken)?;
    if size.width == 0 || size.height == 0 {
        return Err(phrase!("it has no pixels"));
    }
    if size.width.saturating_mul(size.height) > MOST_PIXELS {
        return Err(phrase!(
            "it has {width} by {height} pixels, and an image of the PDF may have 40 million in all",
            width = size.width,
            height = size.height
        ));
    }
    *pixels += size.width * size.height;
    if *pixels > MOST_PIXELS {
        return Err(phrase!("its pictures have more than 40 million pixels together"));
    }
    if format == "jpg" {
        bounds::jpeg(bytes)?;
    }
    Ok((format, Some(decode(bytes, format)?)))
}

/// Decodes an image as the layout will, which remembers the result: a broken one is found here, where its place in the text is known. Gives its own width
/// and height in points.
fn decode(bytes: &[u8], format: &str) -> Result<Size, Phrase> {
    let data = Bytes::new(bytes.to_vec());
    let raster = |format: ExchangeFormat| {
        let image = RasterImage::plain(data.clone(), format).map_err(|why| Phrase::text(why.to_string()))?;
        let points = |pixels: u32| f64::from(pixels) * POINTS / image.dpi().unwrap_or(Drawn::DEFAULT_DPI);
        Ok((points(image.width()), points(image.height())))
    };
    let vector = || {
        let image = SvgImage::new(data.clone()).map_err(|why| {
            let loaded = Loaded::new(Spanned::new(LoadSource::Bytes, Span::detached()), data.clone());
            Phrase::text(why.within(&loaded).message.as_str())
        })?;
        let points = |pixels: f64| pixels * POINTS / Drawn::USVG_DEFAULT_DPI;
        Ok((points(image.width()), points(image.height())))
    };
    let decoded = catch_unwind(AssertUnwindSafe(|| match format {
        "png" => raster(ExchangeFormat::Png),
        "jpg" => raster(ExchangeFormat::Jpg),
        "gif" => raster(ExchangeFormat::Gif),
        "webp" => raster(ExchangeFormat::Webp),
        _ => vector(),
    }));
    decoded.unwrap_or_else(|_| Err(phrase!("its decoder gave up")))
}

/// Width and height of an SVG that can be read in bounded time and space, and whether it states them. References to other files are refused where the image is
/// set.
fn svg(bytes: &[u8], pixels: &mut usize) -> Result<(Size, bool), Phrase> {
    let no_image = || phrase!("it is not an image that a PDF can hold; use PNG, JPEG, GIF, WebP or SVG");
    let text = std::str::from_utf8(bytes).map_err(|_| no_image())?;
    if !text.contains("<svg") && !text.contains(":svg") {
        return Err(no_image());
    }
    if text.contains("<!ENTITY") {
        return Err(phrase!("its SVG declares entities; save it as plain SVG"));
    }
    let mut depth = 0usize;
    for (at, _) in text.match_indices('<') {
        let rest = &text.as_bytes()[at + 1..];
        match rest.first() {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'!' | b'?') => {}
            _ => {
                let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(rest.len());
                if end == 0 || rest.get(end - 1) != Some(&b'/') {
                    depth += 1;
                }
            }
        }
        if depth > DEEPEST {
            return Err(phrase!("its SVG nests more than {n} levels", n = DEEPEST));
        }
    }
    for (at, _) in text.match_indices("href") {
        let value = text[at + 4..].trim_start().strip_prefix('=').map(str::trim_start);
        let Some(address) = value.and_then(|value| value.strip_prefix(['"', '\''])) else { continue };
        let address = address.split(['"', '\'']).next().unwrap_or_default();
        if !address.is_empty() && !address.starts_with('#') && !address.starts_with("data:") {
            let address: String = address.chars().take(60).collect();
            return Err(phrase!("its SVG refers to `{address}`; save it with all that it shows in one file", address = address));
        }
    }
    bounds::svg(text, &mut |bytes| counted(bytes, pixels).map(drop))?;
    Ok((decode(bytes, "svg")?, states_size(text)))
}

/// Whether the root of an SVG says how large it is; else what it shows does, and with it the fonts that are at hand.
fn states_size(text: &str) -> bool {
    let roots = [text.find("<svg"), text.find(":svg")];
    let Some(start) = roots.into_iter().flatten().min() else { return false };
    let root = text[start..].split('>').next().unwrap_or_default();
    let value = |name: &str| {
        let (_, rest) = root.split_once(&format!(" {name}="))?;
        rest.strip_prefix(['"', '\''])?.split(['"', '\'']).next()
    };
    let is_stated = |name: &str| value(name).is_some_and(|value| !value.contains('%') && !value.trim().is_empty());
    value("viewBox").is_some() || is_stated("width") && is_stated("height")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_image_is_refused_with_a_reason() {
        assert!(format(b"").is_err());
        assert!(format(b"hello").unwrap_err().to_string().contains("not an image"));
        assert!(format(b"\x89PNG\r\n\x1a\n").is_err());
        assert!(
            format(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0garbage").unwrap_err().to_string().contains("decode")
        );
        assert!(format(&[0x1f, 0x8b, 8, 0, 0]).is_err(), "a compressed SVG could grow without bound");
        assert!(format(&vec![0; MOST_BYTES + 1]).unwrap_err().to_string().contains("MiB"));
    }

    #[test]
    fn a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend(60_000u32.to_be_bytes());
        png.extend(60_000u32.to_be_bytes());
        png.extend([8, 6, 0, 0, 0]);
        assert!(format(&png).unwrap_err().to_string().contains("60000 by 60000"));
    }

    #[test]
    fn an_svg_is_bounded() {
        assert_eq!(format(b"<svg xmlns='http://www.w3.org/2000/svg' width='12' height='8'/>"), Ok(("svg", Some((9.0, 6.0)))));
        assert_eq!(
            format(b"<svg xmlns='http://www.w3.org/2000/svg' width='100%' height='8'><rect width='9' height='9'/></svg>"),
            Ok(("svg", None))
        );
        assert!(
            format(b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://example.com/a.png'/></svg>")
                .unwrap_err()
                .to_string()
                .contains("example.com")
        );
        assert!(format(b"<svg><rect></svg>").unwrap_err().to_string().contains("SVG"));
        assert!(format("<svg>".repeat(5000).as_bytes()).unwrap_err().to_string().contains("levels"));
        assert!(format(b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>").unwrap_err().to_string().contains("entities"));
    }
}
