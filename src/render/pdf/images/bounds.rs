//! What an image may ask of those who draw it: an SVG with its numbers, filters and pictures, a JPEG with its colours and its end.

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};
use roxmltree::{Document, Node, ParsingOptions};

use crate::base::word::{Phrase, phrase};

/// As those read it who draw it: with or without its padding.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// Largest number of an SVG: one scaled by another is then still a whole number that readers of PDF can hold (64 bits).
const MOST: f64 = 1e9;
/// Largest side of a filter's region, and largest blur: a filter is drawn pixel by pixel.
const MOST_OF_FILTER: f64 = 10_000.0;
const MOST_BLUR: f64 = 200.0;
/// Attributes and properties whose numbers are lengths.
const LENGTHS: &[&str] = &[
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "fx",
    "fy",
    "fr",
    "dx",
    "dy",
    "d",
    "points",
    "width",
    "height",
    "viewBox",
    "textLength",
    "markerWidth",
    "markerHeight",
    "transform",
    "gradientTransform",
    "patternTransform",
    "stroke-width",
    "stroke-dasharray",
    "stroke-dashoffset",
    "font-size",
    "letter-spacing",
    "word-spacing",
    "baseline-shift",
];

/// Refuses an SVG that no page can hold, or that would take minutes or gigabytes to draw. `image` looks at the pictures within it. What is no XML is left to the
/// reader of SVG, which says where.
pub(super) fn svg(text: &str, image: &mut dyn FnMut(&[u8]) -> Result<(), Phrase>) -> Result<(), Phrase> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let Ok(document) = Document::parse_with_options(text, options) else { return Ok(()) };
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        if matches!(name, "feTurbulence" | "feConvolveMatrix") {
            return Err(phrase!("its SVG has the filter `{name}`, which takes too long to draw; save it as PNG", name = name));
        }
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            match key {
                "style" => declarations(name, value)?,
                "href" => within(value, image)?,
                key => number(name, key, value)?,
            }
        }
        if name == "style" {
            declarations(name, node.text().unwrap_or_default())?;
        }
    }
    Ok(())
}

/// Looks at each `property: value` of a style sheet.
fn declarations(element: &str, text: &str) -> Result<(), Phrase> {
    let pairs = text.split([';', '{', '}']).filter_map(|declaration| declaration.split_once(':'));
    pairs.into_iter().try_for_each(|(key, value)| number(element, key.trim(), value))
}

fn number(element: &str, key: &str, value: &str) -> Result<(), Phrase> {
    let largest = |text: &str| numbers(text).fold(0.0, f64::max);
    let is_filter = element == "filter" || element.starts_with("fe");
    let by_function = |name: &str| value.split(name).skip(1).any(|rest| largest(rest.split(')').next().unwrap_or_default()) > MOST_BLUR);
    let too_large = match key {
        "stdDeviation" | "radius" if is_filter => largest(value) > MOST_BLUR,
        "x" | "y" | "width" | "height" | "dx" | "dy" if is_filter => largest(value) > MOST_OF_FILTER,
        "filter" => by_function("blur(") || by_function("drop-shadow("),
        key => LENGTHS.contains(&key) && largest(value) > MOST,
    };
    if too_large {
        let value: String = value.trim().chars().take(40).collect();
        return Err(phrase!("its SVG has `{key}=\"{value}\"`, which is more than a page can hold", key = key, value = value));
    }
    Ok(())
}

/// The numbers of a text without their signs, as SVG writes them one after the other (SVG 1.1, 4.2): `10-5.5e3.5` has three. Colours (`#1e40af`) are none.
fn numbers(text: &str) -> impl Iterator<Item = f64> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let begins = |at: usize| {
            let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
            is_digit(at) || bytes.get(at) == Some(&b'.') && is_digit(at + 1)
        };
        while at < bytes.len() && !begins(at) {
            let is_name = bytes[at] == b'#';
            at += 1;
            while is_name && bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
                at += 1;
            }
        }
        let start = at;
        let digits = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        at = digits(at);
        if bytes.get(at) == Some(&b'.') {
            at = digits(at + 1);
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            let sign = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            if digits(sign) > sign {
                at = digits(sign);
            }
        }
        (start < at).then(|| text.get(start..at).and_then(|number| number.parse().ok()).unwrap_or(f64::INFINITY))
    })
}

/// An image that an SVG holds as a `data:` address (RFC 2397).
fn within(address: &str, image: &mut dyn FnMut(&[u8]) -> Result<(), Phrase>) -> Result<(), Phrase> {
    let Some((kind, data)) = address.trim().strip_prefix("data:").and_then(|rest| rest.split_once(',')) else { return Ok(()) };
    let plain: String = data.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let bytes = Some(plain).filter(|_| kind.trim_end().ends_with(";base64")).and_then(|plain| BASE64.decode(plain).ok());
    let bytes = bytes.ok_or_else(|| phrase!("its SVG holds a picture that is not in base64; save it with its pictures embedded"))?;
    image(&bytes).map_err(|why| phrase!("its SVG holds a picture that cannot be set: {why}", why = why))
}

/// Refuses a JPEG with four colours, for which a PDF/A needs a profile, and one whose end is missing, of which readers would show a part and say nothing (ISO/IEC
/// 10918-1, Annex B).
pub(super) fn jpeg(bytes: &[u8]) -> Result<(), Phrase> {
    let cut = || phrase!("it is a JPEG whose end is missing; save or copy it again");
    let mut at = 2;
    while let Some(0xff) = bytes.get(at) {
        let marker = *bytes.get(at + 1).ok_or_else(cut)?;
        match marker {
            0xff => at += 1,
            0x01 | 0xd0..=0xd9 => at += 2,
            0xda => {
                let has_end = bytes[at..].windows(2).any(|two| two == [0xff, 0xd9]);
                return if has_end { Ok(()) } else { Err(cut()) };
            }
            _ => {
                let length = bytes.get(at + 2..at + 4).map(|two| usize::from(u16::from_be_bytes([two[0], two[1]]))).ok_or_else(cut)?;
                let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
                if is_frame && bytes.get(at + 9) == Some(&4) {
                    return Err(phrase!("it is a JPEG in CMYK, for which this PDF has no profile; save it in RGB"));
                }
                at += 2 + length.max(2);
            }
        }
    }
    Err(cut())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_svg(body: &str) -> Result<(), String> {
        let text = format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{body}</svg>");
        svg(&text, &mut |_| Ok(())).map_err(|why| why.to_string())
    }

    #[test]
    fn numbers_stand_one_after_the_other() {
        assert_eq!(numbers("M10-5.5e3.5,1E+2").collect::<Vec<_>>(), [10.0, 5.5e3, 0.5, 1e2]);
        assert_eq!(numbers("none").count(), 0);
        assert_eq!(numbers("fill:#1e40af .60000000001 1.5.25").collect::<Vec<_>>(), [0.600_000_000_01, 1.5, 0.25]);
        assert_eq!(numbers("9e999").collect::<Vec<_>>(), [f64::INFINITY]);
    }

    #[test]
    fn what_no_page_can_hold_is_refused() {
        for body in [
            "<rect width='1e30' height='1'/>",
            "<path d='M0 0 L1e20 5'/>",
            "<g transform='scale(1e20)'/>",
            "<text style='font-size:1e20px'>a</text>",
            "<filter id='a' width='100000' height='9'/>",
            "<filter id='a'><feGaussianBlur stdDeviation='1e6'/></filter>",
            "<filter id='a'><feTurbulence numOctaves='100000'/></filter>",
            "<rect filter='blur(90000px)'/>",
            "<style>.a { filter: blur(90000px) }</style>",
            "<style>.a{fill:red;stroke-width:1e30}</style>",
        ] {
            assert!(of_svg(body).is_err(), "{body}");
        }
        for body in [
            "<rect id='a1e30' width='9e3' height='120%'/>",
            "<g style='fill:#1e40af;stroke:url(#a1e30)' transform='matrix(.70710678118 0 0 1 0 0)'/>",
            "<filter id='a' x='-10%'><feGaussianBlur stdDeviation='3'/></filter>",
        ] {
            assert_eq!(of_svg(body), Ok(()), "{body}");
        }
    }

    #[test]
    fn pictures_within_are_looked_at() {
        let text = "<svg xmlns='http://www.w3.org/2000/svg'><image href='data:image/png;base64,aGVs\nbG8='/></svg>";
        let mut seen = Vec::new();
        assert!(
            svg(text, &mut |bytes| {
                seen.push(bytes.to_vec());
                Err(phrase!("no"))
            })
            .is_err()
        );
        assert_eq!(seen, [b"hello"]);
        assert!(of_svg("<image href='data:image/svg+xml,%3Csvg/%3E'/>").is_err());
    }

    #[test]
    fn a_jpeg_has_its_end_and_three_colours() {
        let frame = |colours: u8| [0xff, 0xd8, 0xff, 0xc0, 0, 8, 8, 0, 1, 0, 1, colours];
        let scan = [0xff, 0xda, 0, 2, 7, 7];
        let whole = |colours| [frame(colours).as_slice(), &scan, &[0xff, 0xd9]].concat();
        assert_eq!(jpeg(&whole(3)), Ok(()));
        assert!(jpeg(&whole(4)).unwrap_err().to_string().contains("CMYK"));
        assert!(jpeg(&[frame(3).as_slice(), &scan].concat()).unwrap_err().to_string().contains("end"));
        assert!(jpeg(&frame(3)[..7]).is_err());
    }
}
