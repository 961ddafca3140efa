//! Attacks by content: what a text, a value, an image, a name or a setting can hold to make a page or a build do something, and what becomes of each.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::sync::Arc;

use annexa::base::finding::{Finding, Severity};
use annexa::base::source::Sources;
use annexa::link::view::{Audience, view};
use annexa::link::{manual, rule};
use annexa::render::{Artifacts, export, site};
use annexa::{read, render};

use common::html::{Tag, tags};
use rayon::prelude::*;

/// What becomes of an attack.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// A finding of error level with this code: nothing is built.
    Refused(&'static str),
    /// The site is built, and says these words as words.
    Shown(&'static str),
    /// The site is built, and says nothing of it.
    LeftOut,
}
use Fate::{LeftOut, Refused, Shown};

/// Where an attack is put.
#[derive(Clone, Copy, Debug)]
enum Where {
    /// The text of a document.
    Text,
    /// A key of its front matter, by its line.
    Front(&'static str),
    /// A field of a supplier.
    Supplier(&'static str),
    /// Lines of annexa.yaml in place of others that begin alike.
    Settings(&'static str),
    /// An SVG that a document shows.
    Drawing,
    /// A theme's file.
    Theme,
    /// A file of its own, at this path.
    File(&'static str),
}
use Where::{Drawing, File, Front, Settings, Supplier, Text, Theme};

const ALERT: &str = "<script>alert(1)</script>";

#[rustfmt::skip]
const TABLE: &[(Where, &str, Fate)] = &[
    // script in Markdown
    (Text, "a <script>alert(1)</script> b", LeftOut),
    (Text, "<script>\nalert(1)\n</script>", LeftOut),
    (Text, "<img src=x onerror=alert(1)>", LeftOut),
    (Text, "<iframe src=\"https://evil.example\"></iframe>", LeftOut),
    (Text, "<a href=\"javascript:alert(1)\">x</a>", LeftOut),
    (Text, "<svg onload=alert(1)><circle/></svg>", LeftOut),
    (Text, "<style>body { background: url(https://evil.example) }</style>", LeftOut),
    (Text, "<base href=\"https://evil.example/\"> <meta http-equiv=refresh content=0> <form action=x> <object data=x>", LeftOut),
    (Text, "a <kbd onclick=\"alert(1)\">key</kbd> b", LeftOut),
    (Text, "a<br onmouseover=alert(1)>b", LeftOut),
    (Text, "<!--><script>alert(1)</script>-->", LeftOut),
    (Text, "<![CDATA[<script>alert(1)</script>]]>", LeftOut),
    (Text, "`<script>alert(1)</script>`", Shown("&lt;script&gt;alert(1)")),
    (Text, "```html\n<script>alert(1)</script>\n```", Shown("alert")),
    (Text, "```\"><script>alert(1)</script>\nx\n```", Shown("<code")),
    (Text, "&lt;script&gt;alert(1)&lt;/script&gt;", Shown("&lt;script&gt;alert(1)")),
    (Text, "\\<script>alert(1)\\</script>", Shown("&lt;script&gt;alert(1)")),
    (Text, "![\"><script>alert(1)</script>](../assets/a.svg)", Shown("alt=\"")),
    (Text, "[x](https://a.example/ \"\\\"><script>alert(1)</script>\")", Shown("https://a.example/")),
    (Text, "[x](https://a.example/\"onclick=\"alert)", Shown("https://a.example/%22onclick=%22alert")),
    (Text, "[x](https://a.example/%22onclick=%22alert)", Shown("https://a.example/%22onclick=%22alert")),
    (Text, "| a |\n| - |\n| \"><script>alert(1)</script> |", LeftOut),
    (Text, "x[^1]\n\n[^1]: <script>alert(1)</script> y", LeftOut),
    (Text, "> [!NOTE]\n> <script>alert(1)</script> y", LeftOut),
    (Text, "## A \"><script>alert(1)</script>", LeftOut),
    (Text, "## A {#\"onclick=alert(1)}", Refused("invalid-value")),
    (Text, "## A {onclick=alert(1)}", Refused("unknown-attribute")),
    (Text, "a \u{202e}nothing\u{202c} b", Refused("control-character")),
    // schemes
    (Text, "[x](javascript:alert(1))", Refused("unsafe-link")),
    (Text, "[x](JaVaScRiPt:alert(1))", Refused("unsafe-link")),
    (Text, "[x](java&#115;cript:alert(1))", Refused("unsafe-link")),
    (Text, "[x](&#106;avascript:alert(1))", Refused("unsafe-link")),
    (Text, "[x](\u{1}javascript:alert(1))", Refused("control-character")),
    (Text, "[x](vbscript:alert(1))", Refused("unsafe-link")),
    (Text, "[x](data:text/html;base64,PHNjcmlwdD4=)", Refused("unsafe-link")),
    (Text, "[x](file:///etc/passwd)", Refused("unsafe-link")),
    (Text, "[x](//evil.example/a)", Refused("unsafe-link")),
    (Text, "[x](\\\\\\\\evil.example\\\\a)", Refused("unsafe-link")),
    (Text, "<javascript:alert(1)>", Refused("unsafe-link")),
    (Text, "[x]\n\n[x]: javascript:alert(1)", Refused("unsafe-link")),
    (Text, "[[javascript:alert(1)]]", Refused("unknown-framework")),
    // things fetched from elsewhere
    (Text, "![a](https://evil.example/track.png)", Refused("image-missing")),
    (Text, "![a](//evil.example/track.png)", Refused("image-missing")),
    (Text, "![a](data:image/png;base64,AAAA)", Refused("unsafe-link")),
    // paths
    (Text, "![a](../../../../etc/passwd)", Refused("image-missing")),
    (Text, "![a](..%2f..%2f..%2f..%2fetc%2fpasswd)", Refused("image-missing")),
    (Text, "[a](../../../../etc/passwd)", Refused("unresolved-reference")),
    (Text, "[a](/etc/passwd)", Refused("unresolved-reference")),
    (Text, "[[POL-002/../../x]]", Refused("unresolved-reference")),
    (Front("id:"), "id: ../../POL-001", Refused("invalid-value")),
    (Front("id:"), "id: POL-001/../../x", Refused("invalid-value")),
    (Front("id:"), "id: \"POL-001\\\"><script>\"", Refused("invalid-value")),
    (Supplier("id"), "SUP-001/../../../x", Refused("invalid-value")),
    (File("content/policies/a\"><script>alert(1)<.md"), DOCUMENT, Shown("Another")),
    (File("content/policies/..%2f..%2fa.md"), DOCUMENT, Shown("Another")),
    // template syntax
    (Text, "{{ 7 * 7 }}", Refused("unknown-insertion")),
    (Text, "{{ __tera_context }}", Refused("unknown-insertion")),
    (Text, "{{ get_env(name=\"HOME\") }}", Refused("unknown-insertion")),
    (Text, "{% for a in [1] %}{% include \"base.html\" %}{% endfor %}", Shown("{% for a in [1] %}")),
    (Text, "{# a comment #}", Shown("{# a comment #}")),
    (Text, "#import \"/etc/passwd\": * and #eval(\"1+1\") and $x$", Shown("#import")),
    (Front("title:"), "title: \"{{ 7 * 7 }}\"", Shown("{{ 7 * 7 }}")),
    (Front("title:"), "title: \"{% raw %}\"", Shown("{% raw %}")),
    (Supplier("name"), "{{ 7 * 7 }}", Shown("{{ 7 * 7 }}")),
    // script in values
    (Front("title:"), "title: \"<script>alert(1)</script>\"", Shown("&lt;script&gt;alert(1)")),
    (Front("title:"), "title: \"</title><script>alert(1)</script>\"", Shown("&lt;script&gt;alert(1)")),
    (Front("title:"), "title: \"x\\\" onclick=\\\"alert(1)\"", Shown("x&quot; onclick=&quot;alert(1)")),
    (Front("retention:"), "retention: \"<img src=x onerror=alert(1)>\"", Shown("&lt;img src=x onerror=alert(1)&gt;")),
    (Front("version:"), "version: \"<script>alert(1)</script>\"", Shown("&lt;script&gt;alert(1)")),
    (Supplier("name"), "\"<script>alert(1)</script>\"", Shown("&lt;script&gt;alert(1)")),
    (Supplier("purpose"), "\"</td><script>alert(1)</script>\"", Shown("&lt;script&gt;alert(1)")),
    (Settings("title:"), "title: \"<script>alert(1)</script>\"", Shown("&lt;script&gt;alert(1)")),
    (Settings("org:"), "org: {name: \"<script>alert(1)</script>\"}", Shown("&lt;script&gt;alert(1)")),
    (Settings("values:"), "values: {x: \"<script>alert(1)</script>\"}", Shown("&lt;script&gt;alert(1)")),
    (Settings("values:"), "values: {x: \"[y](javascript:alert(1))\"}", Shown("javascript:alert(1)")),
    // settings
    (Settings("values:"), "site: {accent: \"red}</style><script>alert(1)</script>\"}\nvalues: {x: 1}", Refused("invalid-value")),
    (Settings("values:"), "site: {accent: \"#fff;background:url(x)\"}\nvalues: {x: 1}", Refused("invalid-value")),
    (Settings("values:"), "site: {base_url: \"javascript:alert(1)\"}\nvalues: {x: 1}", Refused("invalid-value")),
    (Settings("values:"), "site: {base_url: \"https://a.example/\\\"><script>\"}\nvalues: {x: 1}", Refused("invalid-value")),
    (Settings("values:"), "theme: ../../secret\nvalues: {x: 1}", Refused("unknown-value")),
    (Settings("values:"), "language: \"en\\\"><script>\"\nvalues: {x: 1}", Refused("unknown-value")),
    (Settings("values:"), "classifications: [public, \"../x\", internal]\nvalues: {x: 1}", Refused("invalid-value")),
    (Theme, "format: 1\ncolours: {accent: \"red;}body{x:url(https://evil.example)\"}\n", Refused("invalid-value")),
    (Theme, "format: 1\nlogo: {file: ../../../etc/passwd}\n", Refused("image-missing")),
    (Theme, "format: 1\nfaces: {text: \"x'; @import url(https://evil.example)\"}\n", LeftOut),
    // drawings
    (Drawing, "<script>alert(1)</script>", Refused("unsafe-link")),
    (Drawing, "<SCRIPT>alert(1)</SCRIPT>", Refused("unsafe-link")),
    (Drawing, "<g onload=\"alert(1)\"/>", Refused("unsafe-link")),
    (Drawing, "<g\nonload = \"alert(1)\"/>", Refused("unsafe-link")),
    (Drawing, "<a href=\"javascript:alert(1)\"><rect/></a>", Refused("unsafe-link")),
    (Drawing, "<a xlink:href=\"&#106;avascript:alert(1)\"><rect/></a>", Refused("unsafe-link")),
    (Drawing, "<a href=\"java\nscript:alert(1)\"><rect/></a>", Refused("unsafe-link")),
    (Drawing, "<svg:script>alert(1)</svg:script>", Refused("unsafe-link")),
    (Drawing, "<animate attributeName=\"href\" values=\"javascript:alert(1)\"/>", Refused("unsafe-link")),
    (Drawing, "<foreignObject><iframe src=\"https://evil.example\"/></foreignObject>", Refused("unsafe-link")),
    (Drawing, "<image href=\"https://evil.example/a.png\"/>", Refused("unsafe-link")),
    (Drawing, "<use href=\"https://evil.example/a.svg#x\"/>", Refused("unsafe-link")),
    (Drawing, "<style>@import url(https://evil.example/a.css);</style>", Refused("unsafe-link")),
    (Drawing, "<rect style=\"fill: url(https://evil.example/a.svg#x)\"/>", Refused("unsafe-link")),
];

const DOCUMENT: &str = "---\nid: POL-002\ntitle: Another\ntype: policy\nversion: \"1\"\nstatus: draft\nclassification: public\nowner: ciso\napprover: ciso\n---\n\nAnother.\n";

/// The site of a project with an attack in it, or the codes of its errors.
fn built(place: Where, attack: &str) -> Result<Artifacts, Vec<&'static str>> {
    let mut settings = String::from("format: 1\ntitle: Manual\norg: {name: Example}\nframeworks: [gdpr]\nvalues: {x: 1}\n");
    let mut document = String::from(
        "---\nid: POL-001\ntitle: Policy\ntype: policy\nversion: \"1\"\nstatus: draft\nclassification: public\nowner: ciso\napprover: ciso\nretention: 1 year\n---\n\nx {{ values.x }} ![a](../assets/a.svg)\n\n",
    );
    let mut row = String::from("    id: SUP-001\n    name: Cloud\n    purpose: Hosting\n    country: Ireland\n");
    let mut drawing = String::new();
    let mut more: Vec<(String, String)> = Vec::new();
    let line = |text: &mut String, begins: &str, new: &str| {
        let old = text.lines().find(|line| line.trim_start().starts_with(begins)).unwrap().to_owned();
        *text = text.replacen(&old, new, 1);
    };
    match place {
        Text => document.push_str(&format!("{attack}\n")),
        Front(begins) => line(&mut document, begins, attack),
        Supplier(key) => line(
            &mut row,
            &format!("{key}:"),
            &format!("    {key}: {}", if attack.starts_with('{') { format!("\"{attack}\"") } else { attack.into() }),
        ),
        Settings(begins) => line(&mut settings, begins, attack),
        Drawing => drawing.push_str(attack),
        Theme => {
            settings.push_str("theme: own\n");
            more.push(("themes/own/theme.yaml".into(), attack.into()));
        }
        File(path) => more.push((path.into(), attack.into())),
    }
    let suppliers = format!(
        "register: suppliers\nrows:\n  -\n{row}    kind: iaas\n    personal_data: false\n    owner: ciso\n    classification: public\n"
    );
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"9\" height=\"9\">{drawing}</svg>"
    );
    let mut texts = vec![
        ("annexa.yaml", settings.as_str()),
        ("content/policies/pol-001.md", document.as_str()),
        ("content/registers/suppliers.yaml", suppliers.as_str()),
        ("content/registers/roles.yaml", "register: roles\nrows:\n  - {id: ciso, title: Officer, classification: public}\n"),
        ("content/assets/a.svg", svg.as_str()),
    ];
    texts.extend(more.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let sources = Arc::new(Sources::from_texts(&texts).with_files(read::built_in()));
    let mut findings: Vec<Finding> = Vec::new();
    let codes = |findings: &[Finding]| {
        findings.iter().filter(|finding| finding.severity == Severity::Error).map(|finding| finding.rule.code).collect::<Vec<_>>()
    };
    let Some(parsed) = read::parse(sources, &mut findings) else { return Err(codes(&findings)) };
    let link = |audience| manual::link(view(&parsed, audience), jiff::civil::date(2026, 6, 1));
    rule::check(&link(Audience::highest(&parsed.project)), &mut findings);
    if !codes(&findings).is_empty() {
        return Err(codes(&findings));
    }
    let manual = link(Audience::named("public", &parsed.project).unwrap());
    let options = site::Options { exports: true, ..site::Options::default() };
    let all = site::render(&manual, &options).unwrap().into_iter().chain(export::render(&manual).unwrap());
    Artifacts::new(all.collect()).map_err(|findings| codes(&findings))
}

/// Whatever a page holds that would make a browser do something.
fn active(tag: &Tag, own: &[String]) -> Option<String> {
    let said = || format!("<{} {:?}>", tag.name, tag.attributes);
    let handler = tag.attributes.keys().any(|key| key.starts_with("on") || key == "style" || key == "srcdoc" || key == "formaction");
    let scheme = ["href", "src", "action", "data", "poster"].iter().filter_map(|key| tag.get(key)).any(|address| {
        let scheme = address.trim().split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        let foreign = tag.name != "a" && address.contains("//");
        foreign
            || scheme.is_some_and(|scheme| {
                scheme.chars().all(|c| c.is_ascii_alphanumeric()) && !["https", "http", "mailto"].contains(&scheme.as_str())
            })
    });
    let script = tag.name == "script" && !tag.get("src").is_some_and(|src| own.iter().any(|known| src.ends_with(known)));
    let element = ["iframe", "object", "embed", "base", "applet", "frame"].contains(&tag.name.as_str());
    let refresh = tag.get("http-equiv").is_some_and(|value| value.eq_ignore_ascii_case("refresh"));
    (handler || scheme || script || element || refresh).then(said)
}

#[test]
fn every_attack_is_refused_or_does_nothing() {
    let own: Vec<String> = ["scheme.js", "search.js", "search/find.js", "search/results.js", "site.js", "table.js"]
        .map(|name| format!("assets/{name}"))
        .into();
    let wrong: Vec<String> = TABLE
        .par_iter()
        .flat_map_iter(|(place, attack, fate)| {
            let mut wrong = Vec::new();
            let outcome = built(*place, attack);
            let what = format!("{place:?} {attack:?} should be {fate:?}");
            match (fate, outcome) {
                (Refused(code), Err(codes)) if codes.contains(code) => {}
                (Refused(_), Err(codes)) => wrong.push(format!("{what}, and is refused by {codes:?}")),
                (Refused(_), Ok(_)) => wrong.push(format!("{what}, and is built")),
                (_, Err(codes)) => wrong.push(format!("{what}, and is refused by {codes:?}")),
                (_, Ok(artifacts)) => {
                    let pages: Vec<(&str, &str)> = artifacts
                        .iter()
                        .filter(|file| file.path.ends_with(".html"))
                        .map(|file| (file.path.as_str(), std::str::from_utf8(&file.bytes).unwrap()))
                        .collect();
                    for (path, page) in &pages {
                        common::html::well_formed(page).unwrap_or_else(|error| panic!("{what}: {path}: {error}"));
                        wrong.extend(tags(page).iter().filter_map(|tag| active(tag, &own)).map(|tag| format!("{what}: {path} has {tag}")));
                        if page.contains(ALERT) {
                            wrong.push(format!("{what}: {path} has a script"));
                        }
                    }
                    if let Shown(words) = fate
                        && !pages.iter().any(|(_, page)| page.contains(words))
                    {
                        wrong.push(format!("{what}, and is nowhere"));
                    }
                    let fixed = render::fixed_files();
                    for file in artifacts.iter().filter(|file| file.path.ends_with(".css") && !fixed.contains(&file.bytes.as_slice())) {
                        // What stands in a string of CSS is the name of a face, and nothing is fetched for it.
                        let css: String = String::from_utf8_lossy(&file.bytes).split('"').step_by(2).collect();
                        if css.contains("evil.example") || css.contains("</style") {
                            wrong.push(format!("{what}: {} has it", file.path));
                        }
                    }
                }
            }
            wrong
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), TABLE.len(), wrong.join("\n"));
}
