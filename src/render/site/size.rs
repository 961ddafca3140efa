//! How large a browser shows an image: said in the page, so that nothing moves when the image comes.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{ImageDecoder, ImageReader};
use serde::Serialize;

use crate::base::source::Sources;

/// The largest length that a page says, in pixels: what claims more is not believed.
const MOST: f64 = 100_000.0;
/// How wide an image is taken to be that has a shape and no size of its own: browsers show it as wide as its place, and none of ours is wider.
const WIDE: f64 = 1200.0;

/// Width and height in pixels of CSS, as the attributes of an `img` say them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Size {
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Size {
    /// The size of the file at a path of the project. None where there is no such file, or nobody can tell before it is drawn.
    pub(crate) fn of(sources: &Sources, path: &str) -> Option<Self> {
        let file = sources.file(sources.find(path)?);
        if path.to_ascii_lowercase().ends_with(".svg") { of_svg(&String::from_utf8_lossy(file.bytes())) } else { of_pixels(file.bytes()) }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 1 and MOST
    fn rounded(width: f64, height: f64) -> Option<Self> {
        let length = |value: f64| (value > 0.0 && value <= MOST).then(|| value.round().max(1.0) as u32);
        Some(Size { width: length(width)?, height: length(height)? })
    }
}

/// The size of pixels, turned as a camera has noted that they are to be held (Exif, orientation).
fn of_pixels(bytes: &[u8]) -> Option<Size> {
    let mut decoder = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let turned = matches!(
        decoder.orientation().unwrap_or(Orientation::NoTransforms),
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    );
    let (width, height) = if turned { (height, width) } else { (width, height) };
    Size::rounded(width.into(), height.into())
}

/// The size that an SVG's outermost element gives it: by its lengths, or by the shape of its view box (SVG 2, 8.2; CSS Images 3, 5.3).
fn of_svg(text: &str) -> Option<Size> {
    let tag = outermost(text)?;
    let (mut width, mut height, mut shape) = (None, None, None);
    for (name, value) in attributes(tag) {
        match name {
            "width" => width = length(value),
            "height" => height = length(value),
            "viewBox" => shape = view_box(value),
            // A style wins over the attributes.
            "style" if value.contains("width") || value.contains("height") => return None,
            _ => {}
        }
    }
    let (width, height) = match (width, height, shape) {
        (Some(width), Some(height), _) => (width, height),
        (Some(width), None, Some((across, down))) => (width, width * down / across),
        (None, Some(height), Some((across, down))) => (height * across / down, height),
        (None, None, Some((across, down))) => (WIDE, WIDE * down / across),
        _ => return None,
    };
    Size::rounded(width, height)
}

/// What stands in the tag of an SVG's first element, besides its name.
fn outermost(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = &rest[rest.find('<')? + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
        } else if !rest.starts_with(['!', '?']) {
            let tag = rest.split_once('>')?.0;
            let (name, attributes) = tag.split_once(char::is_whitespace)?;
            return (name.rsplit(':').next() == Some("svg")).then_some(attributes);
        }
    }
}

/// The attributes of a tag, as written.
fn attributes(mut tag: &str) -> impl Iterator<Item = (&str, &str)> {
    std::iter::from_fn(move || {
        let (name, rest) = tag.split_once('=')?;
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, rest) = rest[1..].split_once(quote)?;
        tag = rest;
        Some((name.trim(), value))
    })
}

/// A length in pixels (CSS Values 4, 6.2). None for one that depends on where it stands.
fn length(value: &str) -> Option<f64> {
    let value = value.trim();
    let end = value.find(|c: char| c.is_ascii_alphabetic() || c == '%').unwrap_or(value.len());
    let unit = match value[end..].to_ascii_lowercase().as_str() {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "mm" => 96.0 / 25.4,
        "cm" => 96.0 / 2.54,
        "in" => 96.0,
        _ => return None,
    };
    value[..end].parse().ok().map(|number: f64| number * unit)
}

/// Width and height of a view box that has an area.
fn view_box(value: &str) -> Option<(f64, f64)> {
    let mut numbers = value.split(|c: char| c.is_whitespace() || c == ',').filter(|piece| !piece.is_empty()).map(str::parse::<f64>);
    let (across, down) = (numbers.nth(2)?.ok()?, numbers.next()?.ok()?);
    (across > 0.0 && down > 0.0).then_some((across, down))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{Size, of_pixels, of_svg};

    #[test]
    fn an_svg_is_as_large_as_browsers_show_it() {
        for (attributes, size) in [
            ("width=\"132\" height='28' viewBox=\"0 0 9 9\"", Some((132, 28))),
            ("width=\"1in\" height=\"25.4mm\"", Some((96, 96))),
            ("width = \"72pt\" height=\"6pc\"", Some((96, 96))),
            ("width=\"0.2\" height=\"10.6\"", Some((1, 11))),
            ("height=\"120\" viewBox=\"0 0 100 60\"", Some((200, 120))),
            ("width=\"50px\" viewBox=\"0,0,100,60\"", Some((50, 30))),
            // A shape without a size is as wide as its place.
            ("viewBox=\"0 0 100 60\"", Some((1200, 720))),
            ("width=\"100%\" viewBox=\"-5 -5 100 60\"", Some((1200, 720))),
            // Nobody can tell.
            ("width=\"100%\"", None),
            ("width=\"10em\" height=\"2em\"", None),
            ("style=\"width:24px;height:24px\" viewBox=\"0 0 24 24\"", None),
            ("width=\"5\" height=\"0\"", None),
            ("width=\"-5\" height=\"5\"", None),
            ("width=\"NaN\" height=\"inf\"", None),
            ("width=\"1e30\" height=\"5\"", None),
            ("viewBox=\"0 0 0 60\"", None),
            ("viewBox=\"0 0 100\"", None),
            ("width=5 height=5", None),
            ("width=\"5", None),
            ("", None),
        ] {
            let svg =
                format!("<?xml version=\"1.0\"?>\n<!DOCTYPE svg>\n<!-- <svg width=\"1\" height=\"1\"> -->\n<svg {attributes}><g/></svg>");
            assert_eq!(of_svg(&svg), size.map(|(width, height)| Size { width, height }), "{attributes}");
        }
        assert_eq!(of_svg("<s:svg width=\"3\"\n height=\"4\"/>"), Some(Size { width: 3, height: 4 }));
        for broken in ["", "<", "<!--", "<svg", "<svg>", "<html width=\"3\" height=\"4\">", "<svg \u{e4}=\"\u{20ac}\">"] {
            assert_eq!(of_svg(broken), None, "{broken}");
        }
    }

    #[test]
    fn pixels_are_counted_and_what_is_no_image_has_no_size() {
        for format in [image::ImageFormat::Png, image::ImageFormat::Jpeg, image::ImageFormat::Gif, image::ImageFormat::WebP] {
            let mut file = Cursor::new(Vec::new());
            image::DynamicImage::new_rgb8(7, 3).write_to(&mut file, format).expect("written to memory");
            let bytes = file.into_inner();
            assert_eq!(of_pixels(&bytes), Some(Size { width: 7, height: 3 }), "{format:?}");
            assert_eq!(of_pixels(&bytes[..8]), None, "{format:?}, cut off");
        }
        assert_eq!(of_pixels(b"not an image"), None);
    }

    #[test]
    fn a_photograph_that_was_turned_stands_upright() {
        let mut file = Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(7, 3).write_to(&mut file, image::ImageFormat::Jpeg).expect("written to memory");
        // Behind the mark of the start: an Exif segment whose one entry says that the camera was held upright (CIPA DC-008, orientation 6).
        let exif = b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let mut bytes = file.into_inner();
        bytes.splice(2..2, exif.iter().copied());
        assert_eq!(of_pixels(&bytes), Some(Size { width: 3, height: 7 }));
    }
}
