//! The list of what programs say by themselves.

use super::word::pieces;
use super::*;
use crate::link::view::{Audience, view};
use crate::link::{manual, rule};
use crate::read;
use crate::render::{Artifact, export, fixed_files, site};

/// A project of few words, with every kind of thing.
fn built() -> (Arc<Sources>, Vec<Artifact>) {
    let registers: Vec<(String, String)> = crate::read::register::KINDS
        .iter()
        .filter(|kind| !kind.prefix.is_empty() && kind.name != "distribution")
        .map(|kind| {
            let mut row = format!("  - id: {}-001\n", kind.prefix);
            for field in kind.schema.fields.iter().filter(|field| !["id", "classification", "outward"].contains(&field.key)) {
                row.push_str(&format!("    {}: {}\n", field.key, value(field.kind)));
            }
            (format!("content/registers/{}.yaml", kind.name), format!("register: {}\nrows:\n{row}", kind.name))
        })
        .collect();
    let mut texts: Vec<(&str, &str)> = registers.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    texts.extend([
        ("annexa.yaml", "format: 1\ntitle: Zz\norg: {name: Zz}\nframeworks: [iso27001@2022, gdpr]\n"),
        ("content/registers/roles.yaml", "register: roles\nrows:\n  - {id: zz, title: Zz}\n"),
        ("content/policies/zz.md", DOCUMENT),
        ("content/assets/zz.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>"),
        ("content/controls/zz.yaml", STATEMENTS),
    ]);
    let sources = Arc::new(Sources::from_texts(&texts).with_files(read::built_in()));
    let mut findings = Vec::new();
    let parsed = read::parse(sources.clone(), &mut findings).unwrap();
    let manual = manual::link(view(&parsed, Audience::highest(&parsed.project)), jiff::civil::date(2026, 6, 1));
    rule::check(&manual, &mut findings);
    let options = site::Options { exports: true, ..Default::default() };
    let mut artifacts = site::render(&manual, &options).unwrap();
    artifacts.extend(export::render(&manual).unwrap());
    #[cfg(feature = "pdf")]
    artifacts.push(Artifact {
        path: "zz.pdf".into(),
        bytes: crate::render::pdf::render(&manual, &crate::render::pdf::Book::Manual, None).unwrap(),
    });
    (sources, artifacts)
}

fn value(kind: crate::read::schema::Kind) -> String {
    use crate::read::schema::Kind;
    match kind {
        Kind::Date => "2026-03-02".into(),
        Kind::Period => "12 months".into(),
        Kind::Integer(low, _) => low.to_string(),
        Kind::Flag => "true".into(),
        Kind::Reference | Kind::Control | Kind::Criterion => "iso27001:A.5.1".into(),
        Kind::Role => "zz".into(),
        Kind::Word(words) => words[0].into(),
        Kind::Classification => "internal".into(),
        Kind::List(item) => format!("[{}]", value(*item)),
        Kind::Record(schema) => {
            format!(
                "{{{}}}",
                schema.fields.iter().map(|field| format!("{}: {}", field.key, value(field.kind))).collect::<Vec<_>>().join(", ")
            )
        }
        _ => "Zz".into(),
    }
}

const STATEMENTS: &str = "framework: iso27001@2022
statements:
  A.5.1: {applicable: true, reasons: [RSK-001, contract], status: implemented, implementation: Zz, owner: zz, documents: [POL-001#zz], evidence: [EVD-001],
    responsibility: [{role: provider, counterparty: customers, ownership: shared, ours: Zz, theirs: Zz}, {role: customer, counterparty: SUP-001, ownership: theirs, theirs: Zz}]}
  A.5.2: {applicable: false, justification: Zz}
  A.5.3: {applicable: true, reasons: [business], status: planned, implementation: Zz}
  A.5.4: {applicable: true, reasons: [best-practice], status: partial, implementation: Zz}
";

const DOCUMENT: &str = "---
id: POL-001
title: Zz
type: policy
version: \"1\"
status: approved
owner: zz
approver: zz
approved: 2026-01-01
reviewed: 2026-01-01
review_every: 3 months
satisfies: [iso27001:A.5.1, gdpr:32]
history: [{version: \"1\", date: 2026-01-01, author: zz, change: Zz}]
---

Zz [[RSK-001]], [[POL-001|zz]], [[iso27001:A.5.1]], **zz** *zz* ~~zz~~ `zz` <kbd>zz</kbd> [zz](https://zz.zz).[^1]

## Zz {#zz satisfies=iso27001:A.5.2}

> [!NOTE]
> Zz

> zz

- [ ] zz
- [x] zz

1. zz

| zz | zz |
| :-: | --: |
| zz | 1 |

![zz](../assets/zz.svg)

```rust
fn zz() -> u8 { 1 } // zz
```

```yaml
zz: \"zz\"
```

zz
: zz

[^1]: Zz
";

/// Texts with their gaps alone: what runs into each other without them is no word that anything says.
struct Apart<'s>(&'s mut dyn FnMut(&str));

impl output::Listener for Apart<'_> {
    fn text(&mut self, text: &str) {
        (self.0)(text);
    }

    fn joined(&mut self, _: &str) {}
}

/// Whatever an output says that stands neither in sources nor in templates is said by a program, and must be known: a withheld word that is the same would
/// be taken for a leak. Renderers that learn a new word of their own, a class of an element say, add it to `machine.txt`.
#[test]
fn what_programs_say_by_themselves_is_listed() {
    let (sources, artifacts) = built();
    let mut known = Set::default();
    let fixed = fixed_files();
    let templates = fixed.iter().filter_map(|bytes| std::str::from_utf8(bytes).ok());
    let texts = sources.iter().flat_map(|(_, file)| [file.path.as_ref(), file.text()]).chain(templates).chain([MACHINE]);
    texts.for_each(|text| pieces(text, |piece| _ = known.insert(piece.hash)));
    let mut unknown: BTreeMap<String, String> = BTreeMap::new();
    // Schemas are for those alone from whom nothing is withheld.
    for artifact in artifacts.iter().filter(|artifact| !artifact.path.starts_with("schemas/")) {
        let mut said = |text: &str| {
            pieces(text, |piece| {
                let word = &text[piece.range()];
                let telling =
                    piece.letters && !piece.digits && (piece.chars >= 4 || piece.chars == 3 && piece.capitals) && piece.chars < 40;
                if telling && !known.contains(&piece.hash) {
                    unknown.entry(word.to_lowercase()).or_insert_with(|| format!("{}: {text:.60}", artifact.path));
                }
            });
        };
        said(&artifact.path);
        if fixed.contains(&artifact.bytes.as_slice()) {
            continue;
        }
        output::passages(&artifact.path, &artifact.bytes, &mut Apart(&mut said)).unwrap();
    }
    let words: Vec<&str> = unknown.keys().map(String::as_str).collect();
    assert!(unknown.is_empty(), "not in machine.txt: {unknown:?}\n\n{}", words.join(" "));
}
