//! `themes/NAME/theme.yaml`: colours, faces, logo, page and cover, in the user's hands without a template. The file of the theme `default` says every
//! key; that of another built-in theme is laid over it key by key, then the project's own, then `site.accent` and `pdf.paper` of annexa.yaml.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::markdown::Values;
use super::schema::{self, Context, Field, Kind, Schema};
use super::value::{Record, Value};
use crate::base::colour::{self, NEEDED};
use crate::base::finding::{Finding, Span, Spanned};
use crate::base::rule;
use crate::base::source::{FileId, Sources};
use crate::base::word::{Phrase, Word, phrase};
use crate::base::yaml;

/// The theme of a project that names none, which says what others leave out.
pub const USUAL: &str = "default";

/// The file's name in the theme's folder.
pub const FILE: &str = "theme.yaml";

/// The built-in themes by name, with their settings.
pub static BUILT_IN: &[(&str, &str)] =
    &[(USUAL, include_str!("../../themes/default/theme.yaml")), ("slate", include_str!("../../themes/slate/theme.yaml"))];

/// Sizes of paper.
pub const PAPERS: &[&str] = &["a4", "us-letter"];

/// What a cover can show.
const SHOWN: &[&str] = &["organisation", "address", "title", "scope", "version", "date", "classification", "audience", "frameworks"];

static COLOURS: Schema = Schema {
    name: Word::name("`colours`"),
    fields: &[
        Field::new("accent", "Accent", Kind::Colour).about("Links and marks."),
        Field::new("ink", "Ink", Kind::Colour).about("Text."),
        Field::new("soft", "Soft", Kind::Colour).about("Text that steps back."),
        Field::new("tint", "Tint", Kind::Colour).about("The ground of heads and boxes."),
        Field::new("rule", "Rule", Kind::Colour).about("Lines."),
        Field::new("ground", "Ground", Kind::Colour).about("The ground on which pages stand."),
    ],
};

static FACES: Schema = Schema {
    name: Word::name("`faces`"),
    fields: &[
        Field::new("text", "Text", Kind::List(&Kind::Text)).about("Families for running text, the preferred first."),
        Field::new("titles", "Titles", Kind::List(&Kind::Text)).about("Families for titles."),
        Field::new("tables", "Tables", Kind::List(&Kind::Text)).about("Families for tables and small text."),
        Field::new("code", "Code", Kind::List(&Kind::Text)).about("Families for code."),
    ],
};

static LOGO: Schema = Schema {
    name: Word::name("`logo`"),
    fields: &[
        Field::new("file", "File", Kind::Text).about("A file of the project.").required(),
        Field::new("dark", "File for dark grounds", Kind::Text).about("The file for dark grounds."),
        Field::new("alt", "Alternative text", Kind::Text).about("Words for those who do not see it."),
        Field::new("height", "Height in millimetres", Kind::Integer(4, 80)).about("Its height on the cover, in millimetres."),
    ],
};

static PAGE: Schema = Schema {
    name: Word::name("`page`"),
    fields: &[
        Field::new("paper", "Paper", Kind::Word(PAPERS)).about("The size of paper."),
        // Head and foot stand within these, and between them a text and its margin column.
        Field::new("top", "Top margin in millimetres", Kind::Integer(22, 60)),
        Field::new("bottom", "Bottom margin in millimetres", Kind::Integer(18, 60)),
        Field::new("left", "Left margin in millimetres", Kind::Integer(12, 40)),
        Field::new("right", "Right margin in millimetres", Kind::Integer(12, 40)),
    ],
};

static COVER: Schema = Schema {
    name: Word::name("`cover`"),
    fields: &[
        Field::new("ground", "Ground", Kind::Word(&["plain", "band"])).about("Whether the cover has a band of colour."),
        Field::new("logo", "Place of the logo", Kind::Word(&["top-left", "top-right", "bottom-left", "bottom-right"]))
            .about("Where the logo stands."),
        Field::new("shows", "What it shows", Kind::List(&Kind::Word(SHOWN))).about("What the cover shows, in order."),
        Field::new("statement", "Statement", Kind::Text).about("A sentence at the foot of the cover."),
    ],
};

pub(super) static SCHEMA: Schema = Schema {
    name: Word::name("theme.yaml"),
    fields: &[
        Field::new("format", "Format", Kind::Integer(0, i64::MAX)).about("The version of the format: 1.").required(),
        Field::new("colours", "Colours", Kind::Record(&COLOURS)).about("Colours of site and paper."),
        Field::new("dark", "Colours in the dark", Kind::Record(&COLOURS)).about("Colours of the site's dark scheme."),
        Field::new("faces", "Faces", Kind::Record(&FACES)).about("Families of fonts."),
        Field::new("logo", "Logo", Kind::Record(&LOGO)).about("The organisation's logo."),
        Field::new("page", "Page", Kind::Record(&PAGE)).about("The page of the PDF."),
        Field::new("cover", "Cover", Kind::Record(&COVER)).about("The cover of the PDF."),
    ],
};

/// A theme: the usual one with what the named one says otherwise.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Its name, which is that of its folder.
    pub name: Arc<str>,
    /// Colours as `#rrggbb`, by the keys of the file: accent, ink, soft, tint, rule, and ground, on which the site's pages stand.
    pub colours: BTreeMap<&'static str, Arc<str>>,
    /// The same in the site's dark scheme; without an accent where only a light one is said.
    pub dark: BTreeMap<&'static str, Arc<str>>,
    /// Families of fonts in order, by the keys of the file: text, titles, tables, code.
    pub faces: BTreeMap<&'static str, Vec<Family>>,
    /// The organisation's logo.
    pub logo: Option<Logo>,
    /// The page of the PDF.
    pub page: Page,
    /// The cover of the PDF.
    pub cover: Cover,
}

/// A family of fonts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// Its name.
    pub name: Arc<str>,
    /// Where the project names it; none for those of a built-in theme.
    pub span: Option<Span>,
}

/// A logo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Its path in the project.
    pub path: Spanned<Arc<str>>,
    /// The path of the one for dark grounds.
    pub dark: Option<Spanned<Arc<str>>>,
    /// Words for those who do not see it.
    pub alt: Option<Arc<str>>,
    /// Its height on the cover, in millimetres.
    pub height: i64,
}

/// A page of the PDF. Margins are in millimetres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// One of [`PAPERS`].
    pub paper: &'static str,
    /// From the upper edge to the text.
    pub top: i64,
    /// From the text to the lower edge.
    pub bottom: i64,
    /// From the left edge to the margin column.
    pub left: i64,
    /// From the text to the right edge.
    pub right: i64,
}

impl Page {
    /// Width and height in millimetres.
    pub fn size(self) -> (f64, f64) {
        if self.paper == "us-letter" { (215.9, 279.4) } else { (210.0, 297.0) }
    }
}

/// What the cover of the PDF is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// `plain` or `band`.
    pub ground: &'static str,
    /// The corner in which the logo stands.
    pub logo: &'static str,
    /// What it shows, of [`SHOWN`].
    pub shows: Vec<&'static str>,
    /// A line at its foot.
    pub statement: Option<Arc<str>>,
}

/// What annexa.yaml says of the look, which wins.
#[derive(Clone, Debug, Default)]
pub(super) struct Wins {
    /// `site.accent`.
    pub(super) accent: Option<Spanned<Arc<str>>>,
    /// `pdf.paper`.
    pub(super) paper: Option<&'static str>,
}

/// Reads the theme of a name. Whether its logo can be shown and its faces are there, those say who have files and fonts at hand.
pub(super) fn read(name: &Arc<str>, sources: &Sources, wins: Wins, findings: &mut Vec<Finding>) -> Theme {
    let path = format!("themes/{name}/{FILE}");
    let file = sources.find(&path).map(|file| (file, sources.file(file).text())).filter(|(_, text)| !text.trim().is_empty());
    let own = file.and_then(|(file, text)| decode(file, &path, text, findings));
    let built_in = |name: &str| BUILT_IN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    let decoded = |text: Option<&str>| decode(FileId(0), FILE, text?, &mut Vec::new());
    let named = decoded(built_in(name).filter(|_| name.as_ref() != USUAL));
    let layers = Layers { own, built_in: [named, decoded(built_in(USUAL))] };
    let word = |section: &str, key: &str| match layers.get(section, key) {
        Some((Value::Word(word), _)) => *word,
        _ => "",
    };
    let number = |section: &str, key: &str, usual: i64| match layers.get(section, key) {
        Some((Value::Integer(number), _)) => *number,
        _ => usual,
    };
    let text = |section: &str, key: &str| match layers.get(section, key) {
        Some((Value::Text(text), span)) => Some((text.clone(), span)),
        _ => None,
    };
    let mut light = Scheme::default();
    let mut dark = Scheme::default();
    for (section, scheme) in [("colours", &mut light), ("dark", &mut dark)] {
        for field in COLOURS.fields {
            let Some((colour, span)) = text(section, field.key) else { continue };
            scheme.colours.insert(field.key, colour);
            scheme.said.extend(span.map(|span| (field.key, span)));
        }
    }
    // An accent for the dark scheme is made from the one that is said last.
    if wins.accent.is_some() || layers.depth("colours", "accent") < layers.depth("dark", "accent") {
        dark.colours.remove("accent");
        dark.said.remove("accent");
    }
    if let Some(accent) = wins.accent {
        light.colours.insert("accent", accent.value);
        light.said.insert("accent", accent.span);
    }
    light.check(&[("accent", None), ("ink", None), ("soft", None), ("ink", Some("tint"))], Way::Darker, findings);
    if light.said.contains_key("ground") {
        light.check(&[("accent", Some("ground")), ("ink", Some("ground")), ("soft", Some("ground"))], Way::Darker, findings);
    }
    dark.check(&[("accent", Some("ground")), ("ink", Some("ground")), ("soft", Some("ground"))], Way::Lighter, findings);
    let families = |key: &'static str| match layers.get("faces", key) {
        Some((Value::List(items), span)) => items.iter().filter_map(|item| family(item, span.is_some())).collect(),
        _ => Vec::new(),
    };
    let logo = text("logo", "file").and_then(|(file, span)| {
        let path = |file: &str, span| Spanned { value: format!("themes/{name}/{file}").into(), span };
        let dark = text("logo", "dark").and_then(|(file, span)| Some(path(&file, span?)));
        let alt = text("logo", "alt").map(|(alt, _)| alt);
        Some(Logo { path: path(&file, span?), dark, alt, height: number("logo", "height", 14) })
    });
    Theme {
        name: name.clone(),
        colours: light.colours,
        dark: dark.colours,
        faces: FACES.fields.iter().map(|field| (field.key, families(field.key))).collect(),
        logo,
        page: Page {
            paper: wins.paper.unwrap_or_else(|| word("page", "paper")),
            top: number("page", "top", 29),
            bottom: number("page", "bottom", 25),
            left: number("page", "left", 20),
            right: number("page", "right", 22),
        },
        cover: Cover {
            ground: word("cover", "ground"),
            logo: word("cover", "logo"),
            shows: match layers.get("cover", "shows") {
                Some((Value::List(items), _)) => items.iter().filter_map(|item| shown(&item.value)).collect(),
                _ => Vec::new(),
            },
            statement: text("cover", "statement").map(|(statement, _)| statement),
        },
    }
}

/// A theme's file, where it is of a format that is read here.
fn decode(file: FileId, path: &str, text: &str, findings: &mut Vec<Finding>) -> Option<Record> {
    let node = yaml::parse(text, file, 0, findings)?;
    let context = Context { file, path, classifications: &[], values: &Values::default() };
    let record = schema::decode(&node, &SCHEMA, &context, findings)?;
    if let Some(format) = record.integer("format").filter(|format| *format != 1) {
        let message = phrase!("this version of Annexa reads themes of format 1, not {format}", format = format);
        findings.push(Finding::new(&rule::UNSUPPORTED_FORMAT, record.span_of("format"), message).help(phrase!("write `format: 1`")));
        return None;
    }
    Some(record)
}

fn family(item: &Spanned<Value>, own: bool) -> Option<Family> {
    match &item.value {
        Value::Text(name) => Some(Family { name: name.clone(), span: own.then_some(item.span) }),
        _ => None,
    }
}

fn shown(value: &Value) -> Option<&'static str> {
    match value {
        Value::Word(word) => Some(word),
        _ => None,
    }
}

/// The colours of one scheme, and where the project says them.
#[derive(Default)]
struct Scheme {
    colours: BTreeMap<&'static str, Arc<str>>,
    said: BTreeMap<&'static str, Span>,
}

impl Scheme {
    /// Text that the project colours can be read on what it stands on: on white where no ground is named. `way` is where to go with text that cannot.
    fn check(&self, pairs: &[(&'static str, Option<&'static str>)], way: Way, findings: &mut Vec<Finding>) {
        let of = |key: &str| self.colours.get(key).and_then(|colour| colour::parse(colour));
        for (text, ground) in pairs {
            let Some(span) = self.said.get(ground.unwrap_or(text)).or_else(|| self.said.get(text)) else { continue };
            let (Some(colour), Some(under)) = (of(text), ground.map_or(Some([255; 3]), of)) else { continue };
            let contrast = colour::contrast(colour, under);
            if contrast < NEEDED {
                let on = ground.map_or_else(|| phrase!("white"), |ground| Phrase::text(format!("`{ground}`")));
                let contrast = format!("{contrast:.1}");
                let message =
                    phrase!("`{text}` on {ground} has a contrast of {contrast} to 1", text = text, ground = on, contrast = contrast);
                let help = match way {
                    Way::Darker => phrase!(
                        "text needs {needed} to 1 at the least: take a darker colour, or for `tint` and `ground` a lighter one",
                        needed = NEEDED
                    ),
                    Way::Lighter => phrase!(
                        "text needs {needed} to 1 at the least: take a lighter colour, or for `tint` and `ground` a darker one",
                        needed = NEEDED
                    ),
                };
                findings.push(Finding::new(&rule::LOW_CONTRAST, *span, message).help(help));
            }
        }
    }
}

/// Where to go with a text that cannot be read.
#[derive(Clone, Copy)]
enum Way {
    Darker,
    Lighter,
}

/// The built-in files under the project's, the nearest first.
struct Layers {
    own: Option<Record>,
    built_in: [Option<Record>; 2],
}

impl Layers {
    fn all(&self) -> impl Iterator<Item = Option<&Record>> {
        std::iter::once(self.own.as_ref()).chain(self.built_in.iter().map(Option::as_ref))
    }

    /// The value of a key in a section, and where the project says it.
    fn get(&self, section: &str, key: &str) -> Option<(&Value, Option<Span>)> {
        let mut said = self.all().enumerate().filter_map(|(depth, layer)| Some((depth, in_section(layer, section)?)));
        said.find_map(|(depth, record)| Some((record.get(key)?, (depth == 0).then(|| record.span_of(key)))))
    }

    /// How far below the project's own file a key is said.
    fn depth(&self, section: &str, key: &str) -> usize {
        let is_said = |layer| in_section(layer, section).is_some_and(|record| record.get(key).is_some());
        self.all().take_while(|layer| !is_said(*layer)).count()
    }
}

fn in_section<'r>(record: Option<&'r Record>, section: &str) -> Option<&'r Record> {
    match record?.get(section)? {
        Value::Record(section) => Some(section),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::{Content, SourceFile};

    static DEFAULT: &str = BUILT_IN[0].1;

    fn sources(text: &str) -> Sources {
        Sources::new(vec![SourceFile { path: "themes/house/theme.yaml".into(), content: Content::Text(text.into()) }])
    }

    fn house(text: &str) -> (Theme, Vec<String>) {
        let mut findings = Vec::new();
        let theme = read(&"house".into(), &sources(text), Wins::default(), &mut findings);
        (theme, findings.iter().map(|finding| format!("{}: {}", finding.rule.code, finding.message)).collect())
    }

    #[test]
    fn the_built_in_theme_says_every_key_and_breaks_no_rule() {
        let mut findings = Vec::new();
        let record = decode(FileId(0), FILE, DEFAULT, &mut findings).expect("a theme");
        assert!(findings.is_empty(), "{findings:?}");
        for (section, schema) in [("colours", &COLOURS), ("dark", &COLOURS), ("faces", &FACES), ("page", &PAGE), ("cover", &COVER)] {
            let written = in_section(Some(&record), section).expect(section);
            let silent: Vec<_> = schema.fields.iter().map(|field| field.key).filter(|key| !written.is_written(key)).collect();
            assert!(silent.is_empty() || silent == ["statement"], "{section}: {silent:?}");
        }
        for key in ["logo:", "file:", "alt:", "height:", "statement:"] {
            assert!(DEFAULT.contains(key), "{key}");
        }
        let (theme, _) = house("");
        assert!(theme.colours.len() == COLOURS.fields.len() && theme.faces.values().all(|families| !families.is_empty()));
        let (_, findings) = house(DEFAULT);
        assert!(findings.is_empty(), "{findings:?}");
    }

    #[test]
    fn a_theme_is_laid_over_the_built_in_one_key_by_key() {
        let (theme, findings) = house("format: 1\ncolours: {accent: \"#123456\"}\npage: {paper: us-letter}\nlogo: {file: logo.svg}\n");
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(theme.colours["accent"].as_ref(), "#123456");
        assert_eq!(theme.colours["ink"].as_ref(), "#1b1d1f");
        assert_eq!((theme.page.paper, theme.page.top), ("us-letter", 29));
        let logo = theme.logo.expect("a logo");
        assert_eq!((logo.path.value.as_ref(), logo.height), ("themes/house/logo.svg", 14));
    }

    #[test]
    fn every_built_in_theme_breaks_no_rule_and_says_what_the_usual_one_says() {
        for (name, text) in BUILT_IN {
            let (theme, findings) = house(text);
            assert!(findings.is_empty(), "{name}: {findings:?}");
            let theme_of_name = read(&(*name).into(), &Sources::default(), Wins::default(), &mut Vec::new());
            assert_eq!((theme.colours, theme.dark), (theme_of_name.colours, theme_of_name.dark), "{name}");
        }
    }

    #[test]
    fn an_accent_for_the_dark_is_only_what_goes_with_the_one_for_the_light() {
        assert!(house("").0.dark.contains_key("accent"));
        assert!(!house("format: 1\ncolours: {accent: \"#123456\"}").0.dark.contains_key("accent"));
        let both = house("format: 1\ncolours: {accent: \"#123456\"}\ndark: {accent: \"#abcdef\"}").0;
        assert_eq!(both.dark["accent"].as_ref(), "#abcdef");
        assert_eq!(house("format: 1\ndark: {ink: \"#333333\"}").1, ["low-contrast: `ink` on `ground` has a contrast of 1.4 to 1"]);
    }

    #[test]
    fn settings_of_the_project_win() {
        let span = Span::new(FileId(0), 0..1);
        let wins = Wins { accent: Some(Spanned { value: "#654321".into(), span }), paper: Some("us-letter") };
        let theme = read(&"house".into(), &sources("format: 1\ncolours: {accent: \"#123456\"}"), wins, &mut Vec::new());
        assert_eq!((theme.colours["accent"].as_ref(), theme.page.paper), ("#654321", "us-letter"));
    }

    #[test]
    fn what_a_theme_cannot_say_is_found() {
        let (_, findings) = house(
            "format: 1\ncolors: {}\ncolours: {accent: teal, ink: \"#fff\"}\npage: {left: 3, paper: a5}\ncover: {shows: [titel], ground: stripes}\nlogo: {height: 9}\n",
        );
        assert_eq!(
            findings,
            [
                "unknown-key: theme.yaml has no key `colors`",
                "invalid-value: `accent` cannot be `teal`",
                "invalid-value: `ink` cannot be `#fff`",
                "invalid-value: `left` cannot be `3`",
                "unknown-value: `paper` cannot be `a5`",
                "unknown-value: `shows` cannot be `titel`",
                "unknown-value: `ground` cannot be `stripes`",
                "missing-key: `logo` lacks the required key `file`",
            ]
        );
        assert_eq!(house("format: 2").1, ["unsupported-format: this version of Annexa reads themes of format 1, not 2"]);
    }

    #[test]
    fn text_that_is_hard_to_read_is_found() {
        let (_, findings) = house("format: 1\ncolours: {accent: \"#ffcc00\", soft: \"#9a9a9a\", tint: \"#555555\"}");
        assert_eq!(findings.len(), 3, "{findings:?}");
        assert!(findings.iter().all(|finding| finding.starts_with("low-contrast: ")), "{findings:?}");
        assert!(findings[2].contains("`ink` on `tint`"), "{findings:?}");
    }
}
