use super::*;
use crate::base::finding::{Span, Spanned};
use crate::base::source::FileId;
use crate::read::tree::{Alert, Definition, Footnote, Item};
use crate::read::tree::{Align, Table};

const HOSTILE: &str = "<script>alert(\"1\")</script>&'";
const ESCAPED: &str = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;";

/// Every reference leads to one page; the image is where it lies; `SUP-001` is withheld.
struct Fixture;

impl Resolve for Fixture {
    fn source(&self, _: Span) -> Option<String> {
        None
    }

    fn link(&self, target: &Target) -> Link {
        match target {
            Target::Reference(reference) if reference.to_string() == "SUP-001" => {
                Link { words: "an internal document".into(), ..Link::default() }
            }
            Target::Reference(reference) => {
                Link { href: Some(format!("../x.html#{HOSTILE}")), id: reference.to_string(), words: String::new(), title: HOSTILE.into() }
            }
            _ => Link { href: Some("../p.html".into()), id: "POL-001".into(), words: "Scope".into(), title: String::new() },
        }
    }
    fn claim(&self, reference: &Reference) -> Option<Link> {
        Some(Link { href: Some("c.html".into()), id: reference.to_string(), words: String::new(), title: HOSTILE.into() })
    }
    fn image(&self, path: &str) -> Option<(String, Option<Size>)> {
        let size = path.ends_with(".png").then_some(Size { width: 7, height: 3 });
        (!path.contains("missing")).then(|| (format!("../assets/{path}"), size))
    }
}

fn at() -> Span {
    Span::new(FileId(0), 0..0)
}
fn inline(kind: InlineKind) -> Inline {
    Inline { kind, span: at() }
}
fn words(text: &str) -> Vec<Inline> {
    vec![inline(InlineKind::Text(text.into()))]
}
fn block(kind: BlockKind) -> Block {
    Block { kind, span: at() }
}
fn paragraph(text: &str) -> Block {
    block(BlockKind::Paragraph(words(text)))
}
fn heading(level: u8, id: &str, content: Vec<Inline>) -> Block {
    block(BlockKind::Heading(Heading { level, id: id.into(), content, claims: Vec::new(), classification: None }))
}
fn reference(text: &str) -> Target {
    Target::Reference(Reference::parse(text).unwrap())
}
fn link(target: Target, content: Vec<Inline>) -> Inline {
    inline(InlineKind::Link { target, content })
}
fn document(blocks: Vec<Block>) -> String {
    with_notes(blocks, Vec::new())
}
fn with_notes(blocks: Vec<Block>, footnotes: Vec<Footnote>) -> String {
    let code = Highlighter;
    let body = Body::new(blocks, footnotes);
    let section = |(index, heading): (usize, &Heading)| Section {
        id: heading.id.clone(),
        number: (index + 1).to_string(),
        level: heading.level,
        title: crate::read::tree::plain(&heading.content),
    };
    let sections: Vec<Section> = body.headings().enumerate().map(section).collect();
    Html { resolve: &Fixture, code: &code, language: &Language::default() }.document(&body, &sections)
}
fn line(content: Vec<Inline>) -> String {
    let html = document(vec![block(BlockKind::Paragraph(content))]);
    html.trim_end().strip_prefix("<p>").unwrap().strip_suffix("</p>").unwrap().to_owned()
}

#[test]
fn text_is_escaped_in_every_inline() {
    for (kind, name) in [
        (InlineKind::Emphasis as fn(Vec<Inline>) -> InlineKind, "em"),
        (InlineKind::Strong, "strong"),
        (InlineKind::Strike, "del"),
        (InlineKind::Sub, "sub"),
        (InlineKind::Sup, "sup"),
        (InlineKind::Kbd, "kbd"),
    ] {
        assert_eq!(line(vec![inline(kind(words(HOSTILE)))]), format!("<{name}>{ESCAPED}</{name}>"));
    }
    assert_eq!(line(words(HOSTILE)), ESCAPED);
    assert_eq!(line(vec![inline(InlineKind::Code(HOSTILE.into()))]), format!("<code>{ESCAPED}</code>"));
    assert_eq!(line(vec![inline(InlineKind::SoftBreak), inline(InlineKind::HardBreak)]), "\n<br>");
}

#[test]
fn links_are_escaped_in_address_title_and_words() {
    let html = line(vec![link(reference("POL-004"), words(HOSTILE))]);
    assert_eq!(html, format!("<a href=\"../x.html#{ESCAPED}\" title=\"{ESCAPED}\">{ESCAPED}</a>"));
    let url = line(vec![link(Target::Url("https://x.example/?a=\"&b=<".into()), words("x"))]);
    assert_eq!(url, "<a href=\"https://x.example/?a=&quot;&amp;b=&lt;\" rel=\"external noreferrer\">x</a>");
}

#[test]
fn an_address_that_runs_code_is_no_link() {
    for url in ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:x", "vbscript:x", "//x.example", ""] {
        let html = line(vec![link(Target::Url(url.into()), words("x"))]);
        assert_eq!(html, "<span class=\"withheld\">x</span>", "{url}");
    }
    assert!(line(vec![link(Target::Url("HTTPS://x.example".into()), words("x"))]).starts_with("<a href="));
}

#[test]
fn a_bare_reference_is_an_identifier() {
    let html = line(vec![link(reference("RSK-012"), Vec::new())]);
    assert!(html.starts_with("<a class=\"id\" href=\"") && html.ends_with(">RSK-012</a>"), "{html}");
    let html = line(vec![link(Target::Path { path: "content/x.md".into(), section: None }, Vec::new())]);
    assert_eq!(html, "<a href=\"../p.html\"><span class=\"id\">POL-001</span> Scope</a>");
}

#[test]
fn what_is_withheld_is_words_without_an_address() {
    assert_eq!(line(vec![link(reference("SUP-001"), Vec::new())]), "<span class=\"withheld\">an internal document</span>");
    assert_eq!(line(vec![link(reference("SUP-001"), words("our host"))]), "<span class=\"withheld\">our host</span>");
}

#[test]
fn links_do_not_nest() {
    let inner = link(reference("POL-001"), Vec::new());
    let html = line(vec![link(Target::Url("https://x.example".into()), vec![inner, inline(InlineKind::Footnote(0))])]);
    assert_eq!(html.matches("<a ").count(), 1, "{html}");
    assert!(html.contains("<span class=\"id\">POL-001</span>"), "{html}");
}

#[test]
fn images_are_escaped_and_a_missing_one_leaves_its_words() {
    let image = |path: &str, title: &str| inline(InlineKind::Image { path: path.into(), alt: HOSTILE.into(), title: title.into() });
    let both = line(vec![image("a.svg", HOSTILE), image("missing.png", "")]);
    assert_eq!(both, format!("<img src=\"../assets/a.svg\" alt=\"{ESCAPED}\" title=\"{ESCAPED}\" loading=\"lazy\"><em>{ESCAPED}</em>"));
    assert_eq!(
        line(vec![image("a.png", "")]),
        format!("<img src=\"../assets/a.png\" alt=\"{ESCAPED}\" width=\"7\" height=\"3\" loading=\"lazy\">")
    );
    let figure = document(vec![block(BlockKind::Paragraph(vec![image("a.svg", HOSTILE)]))]);
    assert!(figure.starts_with("<figure><img ") && figure.contains(&format!("<figcaption>{ESCAPED}</figcaption>")), "{figure}");
}

#[test]
fn headings_carry_number_id_anchor_and_claims() {
    let claim = Spanned { value: Reference::parse("iso27001:A.5.18").unwrap(), span: at() };
    let kind = BlockKind::Heading(Heading {
        level: 2,
        id: "zug\u{e4}nge".into(),
        content: words(HOSTILE),
        claims: vec![claim],
        classification: None,
    });
    let html = document(vec![block(kind)]);
    assert!(
        html.starts_with(&format!(
            "<h2 id=\"zug\u{e4}nge\"><span class=\"number\">1</span> {ESCAPED} <a class=\"anchor\" href=\"#zug%C3%A4nge\""
        )),
        "{html}"
    );
    assert!(
        html.contains(&format!("<a class=\"named\" href=\"c.html\"><span class=\"id\">iso27001:A.5.18</span> {ESCAPED}</a>")),
        "{html}"
    );
    assert!(!html.contains("<script"), "{html}");
}

#[test]
fn a_hostile_heading_id_stays_in_its_attribute() {
    let html = document(vec![heading(9, HOSTILE, words("x"))]);
    assert!(html.starts_with(&format!("<h6 id=\"{ESCAPED}\">")), "{html}");
    assert!(!html.contains("<script"), "{html}");
}

#[test]
fn footnotes_lead_there_and_back_from_each_mark() {
    let note = Footnote { label: HOSTILE.into(), blocks: vec![paragraph(HOSTILE)], span: at() };
    let mark = || inline(InlineKind::Footnote(0));
    let html = with_notes(vec![block(BlockKind::Paragraph(vec![mark(), mark(), inline(InlineKind::Footnote(7))]))], vec![note]);
    assert!(html.contains("<a id=\"mark:1\" href=\"#note:1\"") && html.contains("<a id=\"mark:1:2\" href=\"#note:1\""), "{html}");
    assert!(html.contains(&format!("<li id=\"note:1\">{ESCAPED} <a class=\"back\" href=\"#mark:1\"")), "{html}");
    assert!(html.contains("href=\"#mark:1:2\""), "{html}");
}

#[test]
fn prose_has_no_ids_of_headings_and_its_own_of_footnotes() {
    let note = Footnote { label: "a".into(), blocks: vec![paragraph("note")], span: at() };
    let blocks = vec![heading(2, "x", words("Title")), block(BlockKind::Paragraph(vec![inline(InlineKind::Footnote(0))]))];
    let code = Highlighter;
    let html = Html { resolve: &Fixture, code: &code, language: &Language::default() }.prose(&Body::new(blocks, vec![note]), "RSK-001");
    assert!(html.starts_with("<p><strong>Title</strong></p>"), "{html}");
    assert!(html.contains("id=\"mark:RSK-001:1\" href=\"#note:RSK-001:1\"") && html.contains("<li id=\"note:RSK-001:1\">"), "{html}");
}

#[test]
fn tables_have_scope_and_alignment() {
    let table = Table {
        align: vec![Align::None, Align::Right, Align::Center],
        head: vec![words(HOSTILE), words("Days"), Vec::new()],
        rows: vec![vec![words("a"), words(HOSTILE), Vec::new()]],
    };
    let html = document(vec![heading(2, "x", words("A \"b\"")), block(BlockKind::Table(table))]);
    assert!(html.contains("data-scroll=\"Table in A &quot;b&quot;\""), "{html}");
    assert!(
        html.contains(&format!(
            "<th scope=\"col\">{ESCAPED}</th><th scope=\"col\" class=\"align-right\">Days</th><td class=\"align-center\"></td>"
        )),
        "{html}"
    );
    assert!(html.contains(&format!("<th scope=\"row\">a</th><td class=\"align-right\">{ESCAPED}</td>")), "{html}");
}

#[test]
fn a_table_without_words_in_its_head_has_none() {
    let table = Table { align: vec![Align::None], head: vec![Vec::new()], rows: vec![vec![words("a")]] };
    assert!(!document(vec![block(BlockKind::Table(table))]).contains("thead"));
}

#[test]
fn lists_keep_start_ticks_and_looseness() {
    let item = |checked, text: &str| Item { checked, blocks: vec![paragraph(text)], span: at() };
    let list = |start, tight, items| document(vec![block(BlockKind::List { start, tight, items })]);
    assert_eq!(list(Some(1), true, vec![item(None, HOSTILE)]), format!("<ol><li>{ESCAPED}</li></ol>\n"));
    assert_eq!(list(Some(4), false, vec![item(None, "a")]), "<ol start=\"4\" class=\"loose\"><li><p>a</p></li></ol>\n");
    let tasks = list(None, true, vec![item(Some(true), "a"), item(Some(false), "b")]);
    assert!(tasks.contains("aria-label=\"done\"") && tasks.contains("aria-label=\"to do\""), "{tasks}");
}

#[test]
fn quotes_alerts_definitions_and_rules() {
    assert_eq!(document(vec![block(BlockKind::Quote(vec![paragraph("a")]))]), "<blockquote><p>a</p>\n</blockquote>\n");
    let alert = document(vec![block(BlockKind::Alert(Alert::Warning, vec![paragraph(HOSTILE)]))]);
    assert_eq!(
        alert,
        format!("<div class=\"alert warning\" role=\"note\"><p class=\"alert-word\">Warning</p>\n<p>{ESCAPED}</p>\n</div>\n")
    );
    let definition = Definition { term: words(HOSTILE), details: vec![vec![paragraph("a")], vec![paragraph("b")]] };
    let html = document(vec![block(BlockKind::Definitions(vec![definition])), block(BlockKind::Rule)]);
    assert_eq!(html, format!("<dl><dt>{ESCAPED}</dt><dd>a</dd><dd>b</dd></dl>\n<hr>\n"));
}

#[test]
fn code_is_escaped_with_and_without_a_language() {
    let code = |language: &str, text: &str| document(vec![block(BlockKind::Code { language: language.into(), text: text.into() })]);
    assert_eq!(code("", HOSTILE), format!("<pre data-scroll=\"Code\"><code>{ESCAPED}</code></pre>\n"));
    assert_eq!(code("nosuchlanguage\"><script>", HOSTILE), code("", HOSTILE));
    for language in ["yaml", "rust", "html", "js", "sh", "json", "sql", "python"] {
        let html = code(language, "a: \"</code><script>x</script>\" # <b>\n");
        assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
        assert!(html.contains("<span class=\"z-"), "{html}");
    }
}

#[test]
fn links_within_the_document_keep_odd_ids() {
    let to_it = || block(BlockKind::Paragraph(vec![link(Target::Section("a b\"".into()), words("x"))]));
    let html = document(vec![heading(2, "a b\"", words("A")), to_it()]);
    assert!(html.contains("<a href=\"#a%20b%22\">x</a>"), "{html}");
    assert_eq!(document(vec![to_it()]).trim_end(), "<p><span class=\"withheld\">x</span></p>", "a section that is not there");
}

#[test]
fn a_heading_within_a_quotation_begins_no_section() {
    let html = document(vec![block(BlockKind::Quote(vec![heading(2, "q", words("Q"))])), heading(2, "a", words("A"))]);
    assert!(html.contains("<p id=\"q\"><strong>Q</strong></p>") && html.contains("<h2 id=\"a\"><span class=\"number\">1</span>"), "{html}");
}
