//! Our YAML tree against serde_yaml, which reads YAML by another parser (libyaml's): the same shape and the same texts, for every YAML file of
//! this repository and for generated documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on fails
#![allow(clippy::disallowed_methods)] // a test reads the repository's files

use annexa::base::source::FileId;
use annexa::base::yaml::{self, Kind, Node};
use proptest::prelude::*;
use serde_yaml::Value;

/// Our tree; nothing where it has findings.
fn ours(text: &str) -> Option<Node> {
    let mut findings = Vec::new();
    let node = yaml::parse(text, FileId(0), 0, &mut findings);
    if findings.is_empty() { node } else { None }
}

/// What is different between two trees, with the way to it.
fn difference(ours: &Node, theirs: &Value, way: &str) -> Option<String> {
    match (&ours.kind, theirs) {
        (Kind::Sequence(items), Value::Sequence(others)) if items.len() == others.len() => {
            items.iter().zip(others).enumerate().find_map(|(index, (item, other))| difference(item, other, &format!("{way}[{index}]")))
        }
        (Kind::Mapping(entries), Value::Mapping(others)) if entries.len() == others.len() => {
            // Both keep the order of the file.
            entries.iter().zip(others).find_map(|((key, value), (other_key, other))| {
                if !is_text_of(&key.text, other_key) {
                    return Some(format!("{way}: the key {:?} is {other_key:?}", key.text));
                }
                difference(value, other, &format!("{way}.{}", key.text))
            })
        }
        (Kind::Scalar { text, plain, .. }, scalar) => {
            let typed = !matches!(scalar, Value::String(_));
            let same = is_text_of(text, scalar) && (*plain || !typed);
            (!same).then(|| format!("{way}: {text:?} (plain: {plain}) is {scalar:?}"))
        }
        (kind, other) => Some(format!("{way}: {kind:?} is {other:?}")),
    }
}

/// Whether a scalar as written is what serde_yaml has typed: YAML 1.2's core schema (10.3.2), as serde_yaml resolves it.
fn is_text_of(text: &str, scalar: &Value) -> bool {
    match scalar {
        Value::String(string) => string == text,
        Value::Null => matches!(text, "" | "~" | "null" | "Null" | "NULL"),
        Value::Bool(true) => matches!(text, "true" | "True" | "TRUE"),
        Value::Bool(false) => matches!(text, "false" | "False" | "FALSE"),
        Value::Number(number) => is_number(text, number),
        _ => false,
    }
}

fn is_number(text: &str, number: &serde_yaml::Number) -> bool {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let radix = |prefix: &str, radix: u32| digits.strip_prefix(prefix).and_then(|digits| i128::from_str_radix(digits, radix).ok());
    let integer = radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2)).or_else(|| digits.parse().ok());
    let value = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    if let (Some(integer), Some(value)) = (integer, value) {
        return integer * sign == value;
    }
    let float = match digits.to_ascii_lowercase().as_str() {
        ".inf" if sign < 0 => f64::NEG_INFINITY,
        ".inf" => f64::INFINITY,
        ".nan" => f64::NAN,
        _ => text.parse().unwrap_or(0.0),
    };
    number.as_f64().is_some_and(|value| value == float || (value.is_nan() && float.is_nan()))
}

fn assert_same(text: &str, name: &str) {
    let theirs: Value = serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{name}: serde_yaml refuses it: {error}\n{text}"));
    let ours = ours(text).unwrap_or_else(|| panic!("{name}: we refuse it\n{text}"));
    if let Some(difference) = difference(&ours, &theirs, "") {
        panic!("{name}: {difference}\n{text}");
    }
}

#[test]
fn every_yaml_file_of_the_repository_reads_the_same() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = 0;
    for folder in ["content", "catalogues", "annexa.yaml"] {
        for entry in walkdir::WalkDir::new(root.join(folder)).sort_by_file_name() {
            let entry = entry.unwrap();
            let name = entry.path().strip_prefix(root).unwrap().display().to_string();
            if !entry.file_type().is_file() {
                continue;
            }
            let text = || std::fs::read_to_string(entry.path()).unwrap();
            if name.ends_with(".yaml") {
                assert_same(&text(), &name);
                files += 1;
            } else if name.ends_with(".md")
                && let Some((front, _)) = text().strip_prefix("---\n").and_then(|text| text.split_once("\n---\n"))
            {
                assert_same(&format!("{front}\n"), &name);
                files += 1;
            }
        }
    }
    assert!(files > 40, "{files} files are fewer than the repository has");
}

/// A document and how it is written.
#[derive(Clone, Debug)]
enum Yaml {
    Plain(String),
    Single(String),
    Double(String),
    Literal(Vec<String>),
    Folded(Vec<String>),
    Flow(Vec<Yaml>),
    Block(Vec<Yaml>),
    FlowMapping(Vec<(String, Yaml)>),
    Mapping(Vec<(String, Yaml)>),
}

impl Yaml {
    /// Writes what stands after `-` or `key:`, with its line feed; lines of its own are indented by `indent`.
    fn write(&self, indent: usize, out: &mut String) {
        let space = " ".repeat(indent);
        match self {
            Yaml::Literal(lines) | Yaml::Folded(lines) => {
                out.push_str(if matches!(self, Yaml::Literal(_)) { " |\n" } else { " >-\n" });
                lines.iter().for_each(|line| out.push_str(&format!("{space}{line}\n")));
            }
            Yaml::Block(items) if !items.is_empty() => {
                out.push('\n');
                for item in items {
                    out.push_str(&format!("{space}-"));
                    item.write(indent + 2, out);
                }
            }
            Yaml::Mapping(entries) if !entries.is_empty() => {
                out.push('\n');
                for (key, value) in entries {
                    out.push_str(&format!("{space}{key}:"));
                    value.write(indent + 2, out);
                }
            }
            other => out.push_str(&format!(" {}\n", other.flow())),
        }
    }

    /// Within a line.
    fn flow(&self) -> String {
        let entry = |(key, value): &(String, Yaml)| format!("{key}: {}", value.flow());
        match self {
            Yaml::Plain(text) => text.clone(),
            Yaml::Single(text) => format!("'{}'", text.replace('\'', "''")),
            // JSON's escapes are YAML's (YAML 1.2.2, 5.7).
            Yaml::Double(text) => serde_json::Value::from(text.as_str()).to_string(),
            Yaml::Literal(lines) | Yaml::Folded(lines) => Yaml::Double(lines.join("\n")).flow(),
            Yaml::Flow(items) | Yaml::Block(items) => format!("[{}]", items.iter().map(Yaml::flow).collect::<Vec<_>>().join(", ")),
            Yaml::FlowMapping(entries) | Yaml::Mapping(entries) => {
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// Plain scalars that a reader could give a type, or take for something else.
#[rustfmt::skip]
const TYPED: &[&str] = &[
    "5.10", "1.0", "0", "-7", "+12", "0x1F", "0o17", "0b11", "1e3", ".5", "-.inf", ".nan", "true", "False", "null", "~", "yes", "no", "on", "off", "y", "2026-03-02",
    "12:30", "1_000", "007", "010", "1.2.3", "POL-004", "A.5.1", "iso27001:A.5.18", "gdpr:32(1)(b)", "18446744073709551615", "-9223372036854775808",
];

fn scalar() -> impl Strategy<Value = Yaml> {
    let words = "[a-zA-Z][a-zA-Z0-9_./§é-]{0,12}( [a-zA-Z0-9(][a-zA-Z0-9)é:;#-]{0,6}[a-z0-9)]){0,3}";
    let lines = || prop::collection::vec("[a-zA-Z#\\[{&*][ -~é]{0,20}", 1..4);
    prop_oneof![
        words.prop_map(Yaml::Plain),
        prop::sample::select(TYPED).prop_map(|text| Yaml::Plain(text.to_owned())),
        "[ -~éßあ🎉]{0,20}".prop_map(Yaml::Single),
        "[ -~éßあ🎉\n\t]{0,20}".prop_map(Yaml::Double),
        lines().prop_map(Yaml::Literal),
        lines().prop_map(Yaml::Folded),
    ]
}

fn document() -> impl Strategy<Value = Yaml> {
    let entries = |inner| {
        let entries = prop::collection::btree_map("k[a-zA-Z0-9_.-]{1,8}", inner, 0..5);
        entries.prop_map(|entries| entries.into_iter().collect::<Vec<_>>())
    };
    scalar().prop_recursive(4, 48, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Yaml::Flow),
            prop::collection::vec(inner.clone(), 0..5).prop_map(Yaml::Block),
            entries(inner.clone().boxed()).prop_map(Yaml::FlowMapping),
            entries(inner.boxed()).prop_map(Yaml::Mapping),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn generated_documents_read_the_same(document in document()) {
        let mut text = String::from("root:");
        document.write(2, &mut text);
        assert_same(&text, "generated");
    }

    /// The two do not accept the same texts; what both accept, they read alike. Block scalars are left to the test above: where the end of the
    /// text or a comment cuts one off, parsers differ.
    #[test]
    fn what_both_accept_is_the_same(
        text in "([a-c]: |- |[a-c1.] ?|\n|\n  |\n    |\"|'|\\[|\\]|, |\\{|\\}|#| #|&x |\\*x|null|true|0x1|: ){1,24}",
    ) {
        if let (Ok(theirs), Some(ours)) = (serde_yaml::from_str::<Value>(&text), ours(&text)) {
            prop_assert!(difference(&ours, &theirs, "").is_none(), "{:?} in {text:?}", difference(&ours, &theirs, ""));
        }
    }
}
