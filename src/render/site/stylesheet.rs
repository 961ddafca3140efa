//! `theme.css`: the theme's own sheet, and after it what its settings say, colours that can be read in both schemes.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::base::colour::{NEEDED, contrast, parse};
use crate::read::theme::Theme;

/// The colours of the theme's settings and the variables of `site.css` that they are. What is left is mixed from these there.
const VARIABLES: &[(&str, &str)] =
    &[("accent", "accent"), ("ink", "ink"), ("soft", "soft"), ("tint", "sheet"), ("rule", "rule"), ("ground", "paper")];

/// The faces of the settings, as variables, and what stands in for letters that a face lacks.
const FACES: &[(&str, &str, &str)] = &[
    ("text", "text-face", "Georgia, \"Times New Roman\", serif"),
    ("tables", "table-face", "\"Helvetica Neue\", Arial, sans-serif"),
    ("code", "code-face", "Consolas, Menlo, monospace"),
];

/// Families for which `fonts.css` has a stand-in of the same measures.
const STOOD_IN_FOR: &[&str] = &["Literata", "Inter"];

/// `theme.css`: `own` as it is, and what the settings say. They come last, so that an accent of annexa.yaml holds in any theme.
pub(crate) fn stylesheet(theme: &Theme, own: &[u8]) -> Vec<u8> {
    let mut settings = "\n/* Colours and faces: theme.yaml and annexa.yaml. */\n:root {\n".to_owned();
    for (key, variable) in VARIABLES {
        let Some(light) = theme.colours.get(key) else { continue };
        let dark = theme.dark.get(key).unwrap_or(light);
        let (light, dark) = match *key {
            "accent" => (readable(light, ground(theme, false), [0; 3]), readable(dark, ground(theme, true), [255; 3])),
            _ => (light.to_string(), dark.to_string()),
        };
        _ = writeln!(settings, "  --{variable}: light-dark({light}, {dark});");
    }
    for (key, variable, others) in FACES {
        let families = || theme.faces.get(key).into_iter().flatten().map(|family| family.name.as_ref());
        let stand_ins = families().filter(|family| STOOD_IN_FOR.contains(family)).map(|family| quoted(&format!("{family} stand-in")));
        let named: Vec<String> = families().map(quoted).chain(stand_ins).collect();
        _ = writeln!(settings, "  --{variable}: {}, {others};", named.join(", "));
    }
    settings.push_str("}\n");
    [own, settings.as_bytes()].concat()
}

/// The files of `fonts.css` that every page of a theme needs before its text can be set for good: regular and semibold, for text and tables.
pub(crate) fn faces(theme: &Theme) -> BTreeSet<String> {
    let families = ["text", "tables"].into_iter().filter_map(|key| theme.faces.get(key)?.first());
    let built_in = families.map(|family| family.name.as_ref()).filter(|family| STOOD_IN_FOR.contains(family));
    built_in.flat_map(|family| [400, 600].map(|weight| format!("{}-latin-{weight}-normal.woff2", family.to_lowercase()))).collect()
}

/// A family as a string of CSS, which no name can end (CSS Syntax 3, 4.3.5).
fn quoted(name: &str) -> String {
    let mut out = String::from("\"");
    for c in name.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What text stands on in a scheme, where it reads worst: the ground of code.
fn ground(theme: &Theme, is_dark: bool) -> [u8; 3] {
    let colours = if is_dark { &theme.dark } else { &theme.colours };
    colours.get("tint").and_then(|colour| parse(colour)).unwrap_or(if is_dark { [0; 3] } else { [255; 3] })
}

/// The colour, moved towards `end` in the smallest of fifty steps that makes it readable on `ground`.
fn readable(colour: &str, ground: [u8; 3], end: [u8; 3]) -> String {
    let colour = parse(colour).unwrap_or(end);
    let mixed = |step: u16| {
        let mut mixed = colour;
        for (value, end) in mixed.iter_mut().zip(end) {
            let sum = u16::from(*value) * (50 - step) + u16::from(end) * step;
            *value = u8::try_from(sum / 50).unwrap_or(u8::MAX);
        }
        mixed
    };
    let [r, g, b] = (0..50).map(mixed).find(|colour| contrast(*colour, ground) >= NEEDED).unwrap_or(end);
    format!("#{r:02x}{g:02x}{b:02x}")
}
