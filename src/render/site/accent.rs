//! The accent colour in a light and a dark shade that can both be read.

use crate::base::colour::{NEEDED, contrast, parse};

/// The sheets of the two schemes in `site.css` against which the accent reads worst.
const LIGHT_SHEET: [u8; 3] = [0xf3, 0xf3, 0xef];
const DARK_SHEET: [u8; 3] = [0x1d, 0x21, 0x24];

/// `theme.css` for an accent of the form `#rrggbb`; empty rules where there is none, so that the stylesheet's own holds.
pub(crate) fn stylesheet(accent: Option<&str>) -> String {
    let head = "/* Made from annexa.yaml. */\n";
    match accent.and_then(parse) {
        Some(colour) => {
            let light = readable(colour, LIGHT_SHEET, [0; 3]);
            let dark = readable(colour, DARK_SHEET, [255; 3]);
            format!("{head}:root {{ --accent: light-dark({}, {}); }}\n", hex(light), hex(dark))
        }
        None => head.to_owned(),
    }
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// The colour, moved towards `end` in the smallest of fifty steps that makes it readable on `sheet`.
fn readable(colour: [u8; 3], sheet: [u8; 3], end: [u8; 3]) -> [u8; 3] {
    let mixed = |step: u16| {
        let mut mixed = colour;
        for (value, end) in mixed.iter_mut().zip(end) {
            let sum = u16::from(*value) * (50 - step) + u16::from(end) * step;
            *value = u8::try_from(sum / 50).unwrap_or(u8::MAX);
        }
        mixed
    };
    (0..50).map(mixed).find(|colour| contrast(*colour, sheet) >= NEEDED).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accent_is_readable_in_both_schemes() {
        for accent in ["#0b5d66", "#ffff00", "#000000", "#ffffff", "#ff0000", "#808080", "#00ff88", "#1a1aff"] {
            let colour = parse(accent).unwrap();
            assert!(contrast(readable(colour, LIGHT_SHEET, [0; 3]), LIGHT_SHEET) >= NEEDED, "{accent}");
            assert!(contrast(readable(colour, DARK_SHEET, [255; 3]), DARK_SHEET) >= NEEDED, "{accent}");
        }
    }

    #[test]
    fn a_readable_accent_stays_as_it_is() {
        assert!(stylesheet(Some("#0b5d66")).contains("light-dark(#0b5d66, "));
    }

    #[test]
    fn what_is_no_colour_changes_nothing() {
        for accent in ["red", "#fff", "#zzzzzz", "#\u{e4}\u{e4}\u{e4}", "}"] {
            assert_eq!(stylesheet(Some(accent)), stylesheet(None), "{accent}");
        }
    }
}
